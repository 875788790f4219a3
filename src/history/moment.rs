//! When a filing came, so that only what came before a line counts for it.
//!
//! A moment is a number of half milliseconds since 1970-01-01T00:00Z. A filing with a time stands at an even number. One
//! with a date alone stands at the last, odd number of its day: later days see it, no filing of its own day does.

use crate::batch::NULL_DATE;

/// Half milliseconds since 1970-01-01T00:00Z.
pub type Moment = i64;

/// The moment of a filing of which no day is known: it has no history and is in none.
pub const UNDATED: Moment = i64::MIN;
/// Later than any filing.
pub const NEVER: Moment = i64::MAX;

const MS_PER_DAY: i64 = 86_400_000;
const PER_DAY: Moment = 2 * MS_PER_DAY;
/// Days that are taken for days: some 2.7 million years either way.
const DAYS: std::ops::RangeInclusive<i64> = -1_000_000_000..=1_000_000_000;

/// The moment of a filing: when it was received, else its day.
///
/// # Units
/// `received` in milliseconds since 1970 or NaN; midnight sharp is a date without a time. `day` in days since 1970.
///
/// # Missing values
/// [`UNDATED`] where neither is known.
pub fn of_filing(received: f64, day: i32) -> Moment {
    #[expect(clippy::cast_possible_truncation, reason = "checked by days")]
    let ms = received as i64;
    let received_day = ms.div_euclid(MS_PER_DAY);
    if received.is_nan() || !DAYS.contains(&received_day) {
        return match day {
            NULL_DATE => UNDATED,
            day => end_of(day),
        };
    }
    match ms.rem_euclid(MS_PER_DAY) {
        0 => ms * 2 + PER_DAY - 1,
        _ => ms * 2,
    }
}

/// The last moment of a day.
pub fn end_of(day: i32) -> Moment {
    start_of(day) + PER_DAY - 1
}

/// The first moment of a day.
pub fn start_of(day: i32) -> Moment {
    i64::from(day) * PER_DAY
}

/// The day of a moment.
pub fn day_of(moment: Moment) -> i32 {
    i32::try_from(moment.div_euclid(PER_DAY)).expect("moments are made of days that fit")
}

/// The moment before which another filing must have come to count for this one.
pub fn asked_at(moment: Moment) -> Moment {
    match moment.rem_euclid(PER_DAY) == PER_DAY - 1 {
        true => moment - (PER_DAY - 1),
        false => moment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filing_counts_for_later_ones_only() {
        let noon = |day: i32| f64::from(day) * 86_400_000.0 + 43_200_000.0;
        let (dated, at_noon) = (of_filing(f64::NAN, 10), of_filing(noon(10), NULL_DATE));
        let counts = |earlier: Moment, later: Moment| earlier < asked_at(later);
        assert!(!counts(dated, dated) && !counts(at_noon, at_noon));
        assert!(!counts(dated, at_noon) && !counts(at_noon, dated));
        assert!(counts(at_noon, at_noon + 2));
        let next_day = of_filing(f64::NAN, 11);
        assert!(counts(dated, next_day) && counts(at_noon, next_day));
        assert!(counts(dated, of_filing(noon(11) - 43_199_999.0, 0)));
        // Midnight sharp is a day without a time.
        assert_eq!(of_filing(noon(10) - 43_200_000.0, 3), dated);
        assert_eq!(of_filing(f64::NAN, NULL_DATE), UNDATED);
        assert_eq!(
            (day_of(dated), day_of(at_noon), day_of(end_of(-1))),
            (10, 10, -1)
        );
    }
}
