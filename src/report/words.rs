//! Numbers, money and days as an American reader expects them.

use crate::batch::NULL_DATE;
use crate::normalize::date::format_date;
use crate::rules::vocabulary::Theme;
use crate::write::Masks;

/// Longest text of a filer that is shown, in characters: a name may have been filed with a megabyte.
const MAX_FILED: usize = 160;

/// What a filer wrote, as it may be shown: masked where it must be, and shortened where it is very long.
pub(super) fn filed(masks: &Masks, text: &str) -> String {
    short(&masks.shown(text))
}

/// A name or title, shortened where it is very long.
pub(super) fn short(text: &str) -> String {
    cut(text, MAX_FILED)
}

/// A text of so many characters at most.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
    }
}

pub(super) use crate::summary::thousands;

/// A count and its noun, which takes an `s` but for one.
pub(super) fn count(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", thousands(number))
}

/// The caption of a table that shows so many rows at most; all of them stand in run.json.
pub(super) fn capped(name: &str, total: usize, most: usize) -> String {
    match total.saturating_sub(most) {
        0 => name.to_owned(),
        more => format!("{name}: {} more in run.json", thousands(more as u64)),
    }
}

/// Cents as whole dollars, halves up.
pub(super) fn dollars(cents: i64) -> String {
    let whole = thousands(cents.unsigned_abs().saturating_add(50) / 100);
    if cents <= -50 {
        format!("−{whole}")
    } else {
        whole
    }
}

/// A day in ISO form; none for no day.
pub(super) fn day(day: i32) -> Option<String> {
    (day != NULL_DATE).then(|| format_date(day))
}

/// A share of a whole in percent with one decimal, from integers only.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (u128::from(part) * 2000 / u128::from(whole)).div_ceil(2);
    if tenths == 0 && part > 0 {
        return "<0.1%".to_owned();
    }
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A score in tenths, as entities are written.
pub(super) fn tenths(score: f64) -> String {
    format!("{:.1}", (score * 10.0).round() / 10.0)
}

/// The name of a theme.
pub(super) fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Timber => "Timber",
        Theme::Wildlife => "Wildlife",
        Theme::Iuu => "IUU fishing",
        Theme::Cross => "Any",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(count(1, "line"), "1 line");
        assert_eq!(count(1200, "line"), "1,200 lines");
        assert_eq!(dollars(123_450), "1,235");
        assert_eq!(dollars(-123_449), "−1,234");
        assert_eq!(dollars(-49), "0");
    }

    #[test]
    fn shares_round_halves_up() {
        assert_eq!(percent(1, 8), "12.5%");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(1, 100_000), "<0.1%");
        assert_eq!(percent(0, 5), "0.0%");
        assert_eq!(percent(5, 5), "100.0%");
        assert_eq!(percent(0, 0), "–");
    }

    #[test]
    fn long_names_are_shortened_between_characters() {
        let masks = Masks::default();
        assert_eq!(
            filed(&masks, &"é".repeat(1_000_000)),
            "é".repeat(MAX_FILED) + "…"
        );
        assert_eq!(filed(&masks, "E-#0123"), "E-");
        assert_eq!(filed(&masks, "Acme"), "Acme");
    }

    #[test]
    fn days_are_iso() {
        assert_eq!(day(0).as_deref(), Some("1970-01-01"));
        assert_eq!(day(NULL_DATE), None);
    }
}
