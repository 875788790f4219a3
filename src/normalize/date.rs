//! Reads dates as days since 1970-01-01.
//!
//! The calendar is the proleptic Gregorian one; years 1800 to 2200 are dates, all else is a slip of
//! the pen.

use crate::batch::NULL_DATE;
use crate::issue::{IssueKind, Normal};
use std::ops::RangeInclusive;

/// English month names as `%b` reads them, January first.
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

/// Reads `YYYY-MM-DD` (a time after it is dropped) or `YYYYMMDD`.
///
/// # Units
/// Days since 1970-01-01.
///
/// # Missing values
/// Empty text is null; text of another form, a day that does not exist and a year outside 1800 to
/// 2200 are null with an issue.
///
/// # Source
/// ISO 8601-1 calendar dates; other forms come through [`parse_with`], named by a mapping.
pub fn date(text: &str) -> Normal<i32> {
    let text = text.trim();
    if text.is_empty() {
        return Normal::null();
    }
    let format = if text.len() == 8 {
        "%Y%m%d"
    } else {
        "%Y-%m-%d"
    };
    match parse_exact(format, text) {
        Some((days, rest)) if is_time_or_nothing(rest) => Normal::value(days),
        _ => Normal::null_with(IssueKind::NotADate),
    }
}

/// The years of dates, and their days: all else is a slip of the pen.
const YEARS: RangeInclusive<i32> = 1800..=2200;
const DAYS: RangeInclusive<i32> = -62_091..=84_370;

/// Whether a day of a typed source is a date or NULL.
pub(super) fn is_date(day: i32) -> bool {
    day == NULL_DATE || DAYS.contains(&day)
}

/// Writes a day as `YYYY-MM-DD`.
///
/// # Units
/// `days`: days since 1970-01-01; any value.
pub fn format_date(days: i32) -> String {
    // Hinnant's civil_from_days: years begin in March, so that the leap day comes last.
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Tells whether [`parse_with`] can read a format: known letters after `%`, and a year.
pub fn is_date_format(format: &str) -> bool {
    let mut letters = format.chars();
    let mut has_year = false;
    while let Some(letter) = letters.next() {
        if letter == '%' {
            match letters.next() {
                Some('Y' | 'y') => has_year = true,
                Some('m' | 'd' | 'b' | '%') => {}
                _ => return false,
            }
        }
    }
    has_year
}

/// Reads a date in the form a mapping names, as days since 1970-01-01.
///
/// `%Y` four digits; `%y` two (00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999); `%m` and `%d`
/// one or two; `%b` three letters of an English month; `%%` a percent sign; all else stands for
/// itself. Without month or day the first is meant: `%Y` alone is 1 January. A time after a space
/// or `T` is dropped.
///
/// # Missing values
/// `None` where text and format differ, the format has no year, or the day does not exist.
///
/// # Source
/// The window of `%y` is that of POSIX `strptime`.
pub fn parse_with(format: &str, text: &str) -> Option<i32> {
    let (days, rest) = parse_exact(format, text.trim())?;
    is_time_or_nothing(rest).then_some(days)
}

/// Reads a date at the start of text; gives the day and what follows.
pub(crate) fn parse_exact<'a>(format: &str, text: &'a str) -> Option<(i32, &'a str)> {
    let (mut year, mut month, mut day) = (None, 1, 1);
    let mut rest = text;
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            rest = rest.strip_prefix(letter)?;
            continue;
        }
        match letters.next()? {
            'Y' => year = Some(take_digits(&mut rest, 4, 4)?),
            'y' => {
                let short = take_digits(&mut rest, 2, 2)?;
                year = Some(if short <= 68 {
                    2000 + short
                } else {
                    1900 + short
                });
            }
            'm' => month = take_digits(&mut rest, 1, 2)?,
            'd' => day = take_digits(&mut rest, 1, 2)?,
            'b' => month = take_month(&mut rest)?,
            '%' => rest = rest.strip_prefix('%')?,
            _ => return None,
        }
    }
    Some((days_from_civil(year?, month, day)?, rest))
}

/// Takes as many digits as there are, up to `most`; `None` where there are fewer than `least`.
pub(crate) fn take_digits(rest: &mut &str, least: usize, most: usize) -> Option<i32> {
    let n_digits = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if n_digits < least {
        return None;
    }
    let (digits, after) = rest.split_at_checked(n_digits)?;
    *rest = after;
    digits.parse().ok()
}

fn take_month(rest: &mut &str) -> Option<i32> {
    let (name, after) = rest.split_at_checked(3)?;
    let (_, month) = MONTHS
        .iter()
        .zip(1..)
        .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    *rest = after;
    Some(month)
}

fn is_time_or_nothing(rest: &str) -> bool {
    rest.is_empty()
        || rest.strip_prefix(['T', 't', ' ']).is_some_and(|time| {
            time.trim_start()
                .starts_with(|letter: char| letter.is_ascii_digit())
        })
}

/// The exact form `YYYY-MM-DD`, as rules and lists write it; `None` for any other text.
pub fn parse_date(text: &str) -> Option<i32> {
    parse_exact("%Y-%m-%d", text)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(days, _)| days)
}

/// Year, month and day of a number of days since 1970-01-01.
///
/// # Source
/// The inverse of the count of days, by eras of 400 years (Hinnant, *chrono-compatible low-level date algorithms*).
pub fn civil(days: i32) -> (i32, u32, u32) {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |number: i64| u32::try_from(number).expect("a month or a day");
    (
        i32::try_from(year).expect("a year of an i32 of days"),
        small(month),
        small(day),
    )
}

/// Counts the days from 1970-01-01; `None` where the day does not exist or is out of range.
fn days_from_civil(year: i32, month: i32, day: i32) -> Option<i32> {
    if !YEARS.contains(&year) || !(1..=days_in_month(year, month)?).contains(&day) {
        return None;
    }
    let march_year = if month <= 2 { year - 1 } else { year };
    let march_month = (month + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let leap_days = march_year / 4 - march_year / 100 + march_year / 400;
    Some(march_year * 365 + leap_days + day_of_year - 719_468)
}

fn days_in_month(year: i32, month: i32) -> Option<i32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_become_days() {
        let cases = [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("20240229", 19_782),
            ("2024-02-29T23:59:59Z", 19_782),
            ("2024-02-29 12:00:00 AM", 19_782),
            ("1800-01-01", -62_091),
            ("2200-12-31", 84_370),
        ];
        for (text, days) in cases {
            assert_eq!(date(text), Normal::value(days), "{text}");
        }
        assert_eq!(date(" "), Normal::null());
    }

    #[test]
    fn what_is_no_date_becomes_null() {
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-1-5",
            "01/05/2024",
            "1799-12-31",
            "2201-01-01",
            "2024-02-29x",
            "2024-02-29T",
            "2024-02-29 noon",
            "202402",
            "2024-02-3é",
            "é",
            "\u{0}",
            "99999999",
            "2024-0229",
            "-2024-01-01",
            "00000000",
        ] {
            assert_eq!(
                date(text),
                Normal::null_with(IssueKind::NotADate),
                "{text:?}"
            );
        }
    }

    #[test]
    fn every_day_in_range_comes_back_as_written() {
        for days in -62_091..=84_370 {
            assert_eq!(date(&format_date(days)), Normal::value(days));
        }
        for days in [i32::MIN, i32::MAX] {
            assert!(!format_date(days).is_empty());
        }
    }

    #[test]
    fn parts_of_every_day_in_range() {
        for days in (-62_091..=84_370).step_by(17) {
            let (year, month, day) = civil(days);
            assert_eq!(
                parse_date(&format!("{year:04}-{month:02}-{day:02}")),
                Some(days)
            );
        }
    }

    #[test]
    fn formats_of_mappings() {
        let cases = [
            ("%m/%d/%Y", "2/29/2024", Some(19_782)),
            ("%m/%d/%Y", "02/29/2024 12:00:00 AM", Some(19_782)),
            ("%m%d%y", "022924", Some(19_782)),
            ("%m%d%Y", "02292024", Some(19_782)),
            ("%d-%b-%Y", "29-feb-2024", Some(19_782)),
            ("%d %b %y", "01 JAN 69", Some(-365)),
            ("%y%m%d", "680101", Some(35_794)),
            ("%Y", "1970", Some(0)),
            ("%Y-%m", "1970-02", Some(31)),
            ("100%% %Y", "100% 1970", Some(0)),
            ("%m/%d", "2/29", None),
            ("%Y-%q", "1970-1", None),
            ("%Y%", "1970", None),
            ("%d/%m/%Y", "2/29/2024", None),
            ("%b", "fév", None),
            ("%Y", "1970x", None),
            ("%Y", "", None),
        ];
        for (format, text, days) in cases {
            assert_eq!(parse_with(format, text), days, "{format} {text}");
        }
    }

    #[test]
    fn a_format_needs_a_year_and_known_letters() {
        for (format, is_known) in [
            ("%Y", true),
            ("%m%d%y", true),
            ("%d %b", false),
            ("%H %Y", false),
            ("%Y%", false),
        ] {
            assert_eq!(is_date_format(format), is_known, "{format}");
        }
    }
}
