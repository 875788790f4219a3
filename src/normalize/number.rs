//! Reads decimal numbers, amounts of money and counts.
//!
//! Every value equals what Rust's own parser makes of the text once separators, currency signs and
//! parentheses are gone, so that no number changes between reader and comparison.

use std::borrow::Cow;

use crate::issue::{IssueKind, Normal};

/// The largest whole number up to which binary64 holds every whole number: 2^53.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// Reads a decimal number: sign, digits, point, exponent; commas only as thousands separators.
///
/// Commas must part groups of three before the point, and the first group must not begin with
/// zero: `12,345.6` is read; `12,5`, `0,125` and `1.234,5` are not, since there the comma is a
/// decimal comma.
///
/// # Missing values
/// Empty text is null. Text that is no number, and numbers that are infinite or NaN, are null with
/// an issue.
pub fn number(text: &str) -> Normal<f64> {
    from_result(decimal(text))
}

/// Reads a weight or quantity, which should not be below zero; such a number is kept.
///
/// # Units
/// As reported; [`super::quantity`] converts.
///
/// # Missing values
/// As [`number`].
///
/// # Source
/// AE 40\[42-51\], AE 50\[36-47\], PG04\[57-68\], PG29\[8-19\].
pub fn quantity(text: &str) -> Normal<f64> {
    flag_negative(number(text))
}

/// Reads an amount of US dollars: a number with `$`, `US$` or `USD` before it or `USD` after it.
///
/// An amount in parentheses is below zero, as in accounting; amounts below zero are kept with an
/// issue. Other currency signs are not dollars, so they make the text unreadable.
///
/// # Units
/// US dollars.
///
/// # Missing values
/// As [`number`].
///
/// # Source
/// CBP 7501 block 35, AE 50\[25-34\], PG25\[57-68\].
pub fn money(text: &str) -> Normal<f64> {
    let text = text.trim();
    if text.is_empty() {
        return Normal::null();
    }
    let inner = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let amount = inner.unwrap_or(text).trim();
    let (sign, unsigned) = match amount.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, amount),
    };
    let digits = strip_dollars(unsigned.trim());
    let is_signed_twice = digits.starts_with(['-', '+']) && (sign < 0.0 || inner.is_some());
    if is_signed_twice || (inner.is_some() && sign < 0.0) {
        return Normal::null_with(IssueKind::NotANumber);
    }
    let sign = if inner.is_some() { -1.0 } else { sign };
    let amount = match decimal(digits) {
        Ok(Some(amount)) => Normal::value(sign * amount),
        Ok(None) => Normal::null_with(IssueKind::NotANumber),
        Err(issue) => Normal::null_with(issue),
    };
    flag_negative(amount)
}

/// Reads a count: a whole number, not below zero. `12.0` is the count 12.
///
/// # Missing values
/// As [`number`]; a number that is not whole, below zero, or above 2^53 is null with an issue.
///
/// # Source
/// Entry line numbers, cartons and other counts: AE 40\[5-7\], PG17\[66-70\].
pub fn integer(text: &str) -> Normal<f64> {
    only_whole(number(text))
}

/// Whether a number can be a count.
pub(super) fn is_whole(number: f64) -> bool {
    (0.0..=MAX_WHOLE).contains(&number) && number.fract() == 0.0
}

/// Looks at a number as [`integer`] does at text.
pub(super) fn only_whole(normal: Normal<f64>) -> Normal<f64> {
    match normal.value {
        Some(value) if value.fract() != 0.0 || value < 0.0 => {
            Normal::null_with(IssueKind::NotAWholeNumber)
        }
        Some(value) if value > MAX_WHOLE => Normal::null_with(IssueKind::TooManyDigits),
        _ => normal,
    }
}

fn from_result(result: Result<Option<f64>, IssueKind>) -> Normal<f64> {
    match result {
        Ok(Some(value)) => Normal::value(value),
        Ok(None) => Normal::null(),
        Err(issue) => Normal::null_with(issue),
    }
}

/// Keeps a number below zero, with an issue.
pub(super) fn flag_negative(normal: Normal<f64>) -> Normal<f64> {
    match normal.value {
        Some(value) if value < 0.0 => Normal::kept(value, IssueKind::NegativeNumber),
        _ => normal,
    }
}

fn strip_dollars(text: &str) -> &str {
    let text = text.strip_suffix("USD").unwrap_or(text);
    let signs = ["US$", "USD", "$"];
    signs
        .iter()
        .find_map(|sign| text.strip_prefix(sign))
        .unwrap_or(text)
        .trim()
}

/// Reads the number itself; `Ok(None)` where there is no text.
fn decimal(text: &str) -> Result<Option<f64>, IssueKind> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // Rust's parser also takes the words for infinity and NaN; only they and plain decimals with
    // an exponent get that far, and the words are told apart by their letters.
    let has_only = |letters: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || letters.bytes().any(|one| one == byte))
    };
    if !has_only("+-.,eE") {
        let is_word = text.parse::<f64>().is_ok();
        return Err(if is_word {
            IssueKind::NotFinite
        } else {
            IssueKind::NotANumber
        });
    }
    let plain = without_groups(text).ok_or(IssueKind::NotANumber)?;
    let value: f64 = plain.parse().map_err(|_| IssueKind::NotANumber)?;
    if value.is_finite() {
        Ok(Some(value))
    } else {
        Err(IssueKind::NotFinite)
    }
}

/// Drops thousands separators; `None` where a comma stands anywhere else.
fn without_groups(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(',') {
        return Some(Cow::Borrowed(text));
    }
    let whole_end = text.find(['.', 'e', 'E']).unwrap_or(text.len());
    let (whole, rest) = text.split_at_checked(whole_end)?;
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next()?;
    let is_first_well_formed = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let are_others_well_formed = groups.all(|group| group.len() == 3);
    let is_well_formed = is_first_well_formed && are_others_well_formed && !rest.contains(',');
    is_well_formed.then(|| Cow::Owned(text.replace(',', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_equal_what_rust_reads() {
        let cases = [
            ("12", "12"),
            (" 12.50 ", "12.50"),
            ("12,345.6", "12345.6"),
            ("1,234,567", "1234567"),
            ("-1,234e2", "-1234e2"),
            ("+.5", ".5"),
            ("5.", "5"),
            ("2e+05", "200000"),
            ("0.1", "0.1"),
            ("1e-400", "0"),
            ("9007199254740993", "9007199254740993"),
            ("000000010000", "10000"),
        ];
        for (text, plain) in cases {
            assert_eq!(
                number(text),
                Normal::value(plain.parse().unwrap()),
                "{text}"
            );
        }
        assert_eq!(number(" "), Normal::null());
    }

    #[test]
    fn unreadable_text_becomes_null() {
        for text in [
            "12,5",
            "0,125",
            "1.234,5",
            "12,34,567",
            ",123",
            "1,,234",
            "--5",
            "e",
            "1e",
            "0x10",
            "1_0",
            "12 345",
            "5-",
            "٣",
            "é",
            "\u{0}",
            "12kg",
            "1,234-",
            "+-1,234",
            "1,-23",
        ] {
            assert_eq!(
                number(text),
                Normal::null_with(IssueKind::NotANumber),
                "{text:?}"
            );
        }
        for text in ["NaN", "-inf", "Infinity", "1e400", "-1e999", "nan"] {
            assert_eq!(
                number(text),
                Normal::null_with(IssueKind::NotFinite),
                "{text}"
            );
        }
    }

    #[test]
    fn quantities_below_zero_are_kept() {
        assert_eq!(
            quantity("-3"),
            Normal::kept(-3.0, IssueKind::NegativeNumber)
        );
        assert_eq!(quantity("0"), Normal::value(0.0));
    }

    #[test]
    fn money_loses_its_dollar_signs() {
        for (text, amount) in [
            ("$1,234.50", 1234.5),
            ("$ 20", 20.0),
            ("US$20", 20.0),
            ("USD 20", 20.0),
            ("20 USD", 20.0),
            ("20", 20.0),
        ] {
            assert_eq!(money(text), Normal::value(amount), "{text}");
        }
        for (text, amount) in [
            ("(1,234.50)", -1234.5),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("( $5 )", -5.0),
        ] {
            assert_eq!(
                money(text),
                Normal::kept(amount, IssueKind::NegativeNumber),
                "{text}"
            );
        }
        for text in [
            "€20", "MXN 20", "$", "()", "(-5)", "-$-5", "(", "20 pesos", "($-5)",
        ] {
            assert_eq!(
                money(text),
                Normal::null_with(IssueKind::NotANumber),
                "{text}"
            );
        }
        assert_eq!(money(""), Normal::null());
        assert_eq!(money("$inf"), Normal::null_with(IssueKind::NotFinite));
    }

    #[test]
    fn counts_are_whole_and_not_below_zero() {
        for (text, count) in [("12", 12.0), ("12.0", 12.0), ("1,000", 1000.0), ("0", 0.0)] {
            assert_eq!(integer(text), Normal::value(count), "{text}");
        }
        for text in ["1.5", "-1", "1e-3"] {
            assert_eq!(
                integer(text),
                Normal::null_with(IssueKind::NotAWholeNumber),
                "{text}"
            );
        }
        assert_eq!(integer("1e17"), Normal::null_with(IssueKind::TooManyDigits));
        assert_eq!(integer("x"), Normal::null_with(IssueKind::NotANumber));
    }
}
