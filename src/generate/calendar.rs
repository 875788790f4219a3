//! Days since 1970-01-01, and the Mexican closed seasons.

use super::catalog::Species;

/// 2024-01-01, the first day of entry.
pub(super) const FIRST_DAY: i32 = 19_723;
/// 2026-09-30, the last day of entry.
pub(super) const LAST_DAY: i32 = 20_726;

/// Month and day of the month, both from 1.
pub(super) fn month_day(day: i32) -> (i32, i32) {
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let shifted = day + 719_468;
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    (month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// The calendar year.
pub(super) fn year(day: i32) -> i32 {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let (month, _) = month_day(day);
    era * 400 + year_of_era + i32::from(month <= 2)
}

/// Whether fishing this taxon in Mexico is closed on that day.
///
/// # Source
/// `DOMAIN.md` 3.6: windows read there, taken as yearly; grouper 1 Feb to 31 Mar.
pub(super) fn is_closed(species: &Species, day: i32) -> bool {
    let (month, day_of_month) = month_day(day);
    let key = 100 * month + day_of_month;
    match species.key {
        "shrimp_mx" => (320..=1001).contains(&key),
        "shrimp_gulf" => (501..=815).contains(&key),
        "abalone" => key >= 901 || key <= 131,
        "lobster_pan" | "conch_queen" => (501..=1031).contains(&key),
        "lobster_argus" => (301..=630).contains(&key),
        "shark_meat" | "shark_blue" => (501..=731).contains(&key),
        "octopus" => (101..=731).contains(&key),
        "grouper" => (201..=331).contains(&key),
        _ => false,
    }
}

/// The last open day on or before `day`.
pub(super) fn open_day(species: &Species, mut day: i32) -> i32 {
    while is_closed(species, day) {
        day -= 1;
    }
    day
}

/// How busy a sector's trade is in a month, relative to its busiest.
pub(super) fn season(sector: super::catalog::Sector, day: i32) -> f64 {
    use super::catalog::Sector as S;
    let (month, _) = month_day(day);
    match (sector, month) {
        (S::Seafood, 10..=12) => 1.0,
        (S::Seafood, 2 | 3) => 0.9,
        (S::Furniture, 7..=10) => 1.0,
        (S::Timber, 3..=8) => 1.0,
        (S::Plants, 1 | 2 | 5 | 11) => 1.0,
        (S::Leather, 8..=11) => 1.0,
        (S::Plants | S::Leather, _) => 0.6,
        (_, 1 | 2) => 0.65,
        _ => 0.8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_month() {
        assert_eq!(month_day(FIRST_DAY), (1, 1));
        assert_eq!(month_day(LAST_DAY), (9, 30));
        assert_eq!(month_day(19_782), (2, 29));
        assert_eq!(
            (year(FIRST_DAY), year(LAST_DAY), year(19_722)),
            (2024, 2026, 2023)
        );
    }
}
