//! Brings numbers of entries, bills, containers and vessels to one form.
//!
//! A number of the wrong shape or with a wrong check digit is evidence, so it is kept.

use crate::issue::{IssueKind, Normal};

/// Reads an entry number: 11 characters, upper case, hyphens and spaces dropped.
///
/// Filer code of three letters or digits, seven digits, check digit.
///
/// # Missing values
/// Empty text is null; another shape or a wrong check digit is kept with an issue.
///
/// # Source
/// CBP 7501 block 1; check digit: CATAIR Appendix E (`formats/FORMATS.md` B.7).
pub fn entry_number(text: &str) -> Normal<String> {
    let number = compact(text, &['-', ' ']);
    if number.is_empty() {
        return Normal::null();
    }
    let is_well_formed = number.len() == 11
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && number.bytes().skip(3).all(|byte| byte.is_ascii_digit());
    if !is_well_formed {
        return Normal::kept(number, IssueKind::BadCode);
    }
    let last = number.chars().last().and_then(|letter| letter.to_digit(10));
    check(last == Some(entry_check_digit(&number)), number)
}

/// Whether a text is an entry number in its form, with the right check digit.
pub(crate) fn is_entry_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_filer = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    bytes.len() == 11
        && bytes[..3].iter().all(is_filer)
        && bytes[3..].iter().all(u8::is_ascii_digit)
        && u32::from(bytes[10] - b'0') == entry_check_digit(text)
}

/// Whether a text is a bill, container or trailer number in its form, with the right check digit where it has one.
pub(crate) fn is_plain_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    !bytes.is_empty() && bytes.iter().all(is_plain)
}

/// Whether a text is the number of a container with the right check digit.
pub(crate) fn is_container_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11
        && bytes[..4].iter().all(u8::is_ascii_uppercase)
        && bytes[4..].iter().all(u8::is_ascii_digit)
        && u32::from(bytes[10] - b'0') == container_check_digit(text)
}

/// Reads a bill number: upper case, spaces dropped; the hyphen of an air waybill goes too.
///
/// # Missing values
/// Empty text is null. No shape is wrong.
///
/// # Source
/// CBP 7501 block 12, AE 23\[8-19\]; IATA air waybill number: 3 and 8 digits.
pub fn bill_number(text: &str) -> Normal<String> {
    let number = compact(text, &[' ']);
    if number.is_empty() {
        return Normal::null();
    }
    match number.split_once('-') {
        Some((airline, serial)) if is_digits(airline, 3) && is_digits(serial, 8) => {
            Normal::value(format!("{airline}{serial}"))
        }
        _ => Normal::value(number),
    }
}

/// Reads a container or trailer number: upper case, spaces, hyphens and slashes dropped.
///
/// Four letters, the last `U`, `J` or `Z`, are the mark of a container: six digits must follow, and
/// a seventh is checked. Other numbers can be trailers and are not judged.
///
/// # Missing values
/// Empty text is null; a bad container number is kept with an issue.
///
/// # Source
/// ISO 6346; SE17, PG27, BD 1C\[3-16\].
pub fn container_number(text: &str) -> Normal<String> {
    let number = compact(text, &['-', ' ', '/']);
    if number.is_empty() {
        return Normal::null();
    }
    let Some((owner, serial)) = number.split_at_checked(4) else {
        return Normal::value(number);
    };
    let is_container =
        owner.bytes().all(|byte| byte.is_ascii_uppercase()) && owner.ends_with(['U', 'J', 'Z']);
    if !is_container || is_digits(serial, 6) {
        Normal::value(number)
    } else if is_digits(serial, 7) {
        let last = number.chars().last().and_then(|letter| letter.to_digit(10));
        check(last == Some(container_check_digit(&number)), number)
    } else {
        Normal::kept(number, IssueKind::BadCode)
    }
}

/// Reads an IMO ship number: seven digits, the prefix `IMO` dropped.
///
/// # Missing values
/// Empty text is null; another shape or a wrong check digit is kept with an issue.
///
/// # Source
/// IMO Resolution A.1117(30); BD 1M\[51-57\], M10-04.
pub fn imo_number(text: &str) -> Normal<String> {
    let vessel = vessel_identifier(text);
    match vessel.value {
        Some(number) if !is_digits(&number, 7) => Normal::kept(number, IssueKind::BadCode),
        value => Normal {
            value,
            issue: vessel.issue,
        },
    }
}

/// Reads the identifier of a harvest vessel: an IMO number, or any other unique identifier.
///
/// Seven digits are an IMO number and are checked; anything else is kept in upper case, unjudged.
///
/// # Missing values
/// Empty text is null; a wrong check digit is kept with an issue.
///
/// # Source
/// SE63 `VESSEL IMO`; SIMP "unique vessel identifier, if available" (50 CFR 300.324).
pub fn vessel_identifier(text: &str) -> Normal<String> {
    let compact = compact(text, &[' ', '#', ':', '.']);
    let number = compact
        .strip_prefix("IMO")
        .unwrap_or(&compact)
        .trim_start_matches('-');
    if number.is_empty() {
        return Normal::null();
    }
    if !is_digits(number, 7) {
        return Normal::value(number.to_owned());
    }
    let digits = || number.chars().filter_map(|letter| letter.to_digit(10));
    let sum: u32 = digits()
        .zip((2..=7).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    check(digits().next_back() == Some(sum % 10), number.to_owned())
}

/// Upper-cases text without white space, controls and the characters named.
pub(crate) fn compact(text: &str, dropped: &[char]) -> String {
    text.chars()
        .filter(|letter| {
            !letter.is_whitespace() && !letter.is_control() && !dropped.contains(letter)
        })
        .flat_map(char::to_uppercase)
        .collect()
}

/// Tells whether text is so many ASCII digits and nothing else.
pub(crate) fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn check(is_right: bool, number: String) -> Normal<String> {
    if is_right {
        Normal::value(number)
    } else {
        Normal::kept(number, IssueKind::BadCheckDigit)
    }
}

/// Computes the last digit of an entry number from the ten characters before it.
fn entry_check_digit(number: &str) -> u32 {
    let values = number.bytes().take(10).map(|byte| match byte {
        b'A'..=b'I' => u32::from(byte - b'A') + 1,
        b'J'..=b'R' => u32::from(byte - b'J') + 1,
        b'S'..=b'Z' => u32::from(byte - b'S') + 2,
        _ => u32::from(byte.saturating_sub(b'0')),
    });
    // From the right every other digit doubles, the last one first: of ten, the odd positions.
    let sum: u32 = values
        .enumerate()
        .map(|(idx, value)| if idx % 2 == 1 { value * 2 } else { value })
        .map(|value| if value > 9 { value - 9 } else { value })
        .sum();
    (10 - sum % 10) % 10
}

/// Computes the last digit of a container number from the ten characters before it.
pub(crate) fn container_check_digit(number: &str) -> u32 {
    let sum: u32 = number
        .bytes()
        .take(10)
        .enumerate()
        .map(|(idx, byte)| container_value(byte) << idx)
        .sum();
    sum % 11 % 10
}

/// Letters count from 10 and skip the multiples of 11.
fn container_value(byte: u8) -> u32 {
    if byte.is_ascii_uppercase() {
        let position = u32::from(byte - b'A');
        10 + position + position.div_ceil(10)
    } else {
        u32::from(byte.saturating_sub(b'0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Reader = fn(&str) -> Normal<String>;

    fn assert_cases(read: Reader, cases: &[(&str, &str, Option<IssueKind>)]) {
        for (text, number, issue) in cases {
            let expected = Normal {
                value: Some((*number).to_owned()),
                issue: *issue,
            };
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read(" \u{0} "), Normal::null());
    }

    #[test]
    fn entry_numbers_are_checked() {
        let bad_code = Some(IssueKind::BadCode);
        assert_cases(
            entry_number,
            &[
                ("B76-0324527-8", "B7603245278", None),
                ("b76 0324527 8", "B7603245278", None),
                ("B7603245279", "B7603245279", Some(IssueKind::BadCheckDigit)),
                ("B76-0324527", "B760324527", bad_code),
                ("éB760324527", "ÉB760324527", bad_code),
                ("0123456789A", "0123456789A", bad_code),
            ],
        );
    }

    #[test]
    fn bill_numbers_lose_spaces() {
        assert_cases(
            bill_number,
            &[
                ("abcd 123", "ABCD123", None),
                ("020-12345675", "02012345675", None),
                ("HLC-12", "HLC-12", None),
            ],
        );
    }

    #[test]
    fn container_numbers_are_checked() {
        assert_cases(
            container_number,
            &[
                ("CSQU 305438-3", "CSQU3054383", None),
                ("csqu3054384", "CSQU3054384", Some(IssueKind::BadCheckDigit)),
                ("CSQU305438", "CSQU305438", None),
                ("CSQU30543", "CSQU30543", Some(IssueKind::BadCode)),
                ("TX 123-ABC", "TX123ABC", None),
                ("53", "53", None),
                ("ÉÉ", "ÉÉ", None),
            ],
        );
    }

    #[test]
    fn vessel_numbers_are_checked_where_they_are_imo_numbers() {
        let bad_check_digit = Some(IssueKind::BadCheckDigit);
        assert_cases(
            imo_number,
            &[
                ("IMO 9074729", "9074729", None),
                ("imo:9215907", "9215907", None),
                ("9074728", "9074728", bad_check_digit),
                ("1234567890", "1234567890", Some(IssueKind::BadCode)),
            ],
        );
        assert_cases(
            vessel_identifier,
            &[
                ("1234567890", "1234567890", None),
                ("mx-0042", "MX-0042", None),
                ("9074728", "9074728", bad_check_digit),
            ],
        );
    }
}
