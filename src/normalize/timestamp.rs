//! Reads times of receipt as milliseconds since 1970-01-01.

use super::date::{parse_exact, take_digits};
use crate::issue::{IssueKind, Normal};

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 24 * 60 * MS_PER_MINUTE;

/// Reads `YYYY-MM-DD`, then optionally a time and its offset, as an instant.
///
/// The time is `HH:MM`, `HH:MM:SS` or with fractions (cut to milliseconds), after a `T` or a space;
/// the offset `Z`, `±HH`, `±HHMM` or `±HH:MM`; without one the time is UTC. A date alone is its
/// first moment, so that two filings of one day without times count as simultaneous.
///
/// # Units
/// Milliseconds since 1970-01-01T00:00Z.
///
/// # Missing values
/// As [`super::date::date`].
///
/// # Source
/// `received_at`, the receipt of a filing; ISO 8601-1, RFC 3339.
pub fn timestamp(text: &str) -> Normal<i64> {
    let text = text.trim();
    if text.is_empty() {
        return Normal::null();
    }
    let instant = parse_exact("%Y-%m-%d", text).and_then(|(days, rest)| {
        let midnight = i64::from(days) * MS_PER_DAY;
        if rest.is_empty() {
            Some(midnight)
        } else {
            Some(midnight + time_of_day(rest)?)
        }
    });
    match instant {
        Some(ms) => Normal::value(ms),
        None => Normal::null_with(IssueKind::NotADate),
    }
}

/// Reads a time and its offset, as milliseconds to add to midnight UTC.
fn time_of_day(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix(['T', 't', ' '])?.trim_start();
    let hour = take_digits(&mut rest, 2, 2).filter(|hour| *hour < 24)?;
    rest = rest.strip_prefix(':')?;
    let minute = take_digits(&mut rest, 2, 2).filter(|minute| *minute < 60)?;
    let mut ms = i64::from(hour * 60 + minute) * MS_PER_MINUTE;
    if let Some(after) = rest.strip_prefix(':') {
        rest = after;
        // A leap second, 60, falls into the next minute.
        ms += i64::from(take_digits(&mut rest, 2, 2).filter(|second| *second <= 60)?) * 1000;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            rest = after;
            ms += take_fraction(&mut rest)?;
        }
    }
    Some(ms - i64::from(offset_minutes(rest.trim_start())?) * MS_PER_MINUTE)
}

/// Takes a decimal fraction of a second, as whole milliseconds.
fn take_fraction(rest: &mut &str) -> Option<i64> {
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at_checked(n_digits)?;
    if digits.is_empty() {
        return None;
    }
    *rest = after;
    format!("{digits:0<3}").get(..3)?.parse().ok()
}

fn offset_minutes(text: &str) -> Option<i32> {
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let mut rest = text.strip_prefix(['+', '-'])?;
    let hours = take_digits(&mut rest, 2, 2).filter(|hours| *hours < 24)?;
    rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = if rest.is_empty() {
        0
    } else {
        take_digits(&mut rest, 2, 2)?
    };
    (rest.is_empty() && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_carry_time_and_offset() {
        let cases = [
            ("1970-01-01", Some(0)),
            ("1970-01-01T00:01", Some(60_000)),
            ("1970-01-01 00:00:01.5", Some(1500)),
            ("1970-01-01T00:00:00.123456Z", Some(123)),
            ("1970-01-01T00:00:00-06:00", Some(21_600_000)),
            ("1970-01-01T00:00:00+0530", Some(-19_800_000)),
            ("1970-01-01T00:00 +01", Some(-3_600_000)),
            ("1970-01-01T23:59:60Z", Some(86_400_000)),
            ("1970-01-01T24:00", None),
            ("1970-01-01T12", None),
            ("1970-01-01T12:00:00.", None),
            ("1970-01-01T12:00 EST", None),
            ("1970-01-01T12:00+é", None),
        ];
        for (text, ms) in cases {
            let issue = if ms.is_none() {
                Some(IssueKind::NotADate)
            } else {
                None
            };
            let expected = Normal { value: ms, issue };
            assert_eq!(timestamp(text), expected, "{text}");
        }
        assert_eq!(timestamp(""), Normal::null());
    }
}
