//! What an inspection found of a shipment.

use crate::batch::Batch;
use crate::rules::SCORED_THEMES;
use crate::schema::field;

/// What was found in a shipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// Nobody looked.
    #[default]
    Unknown,
    /// In order.
    Ok,
    /// Bad, in the themes whose bits are set; all of them where the outcome names none.
    Bad(u8),
}

impl Found {
    /// Several outcomes of one shipment: bad if any is.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Bad(left), Self::Bad(right)) => Self::Bad(left | right),
            (Self::Bad(themes), _) | (_, Self::Bad(themes)) => Self::Bad(themes),
            (Self::Ok, _) | (_, Self::Ok) => Self::Ok,
            _ => Self::Unknown,
        }
    }
}

/// The outcome of a row, as its source tells it.
pub fn found_in(batch: &Batch, row: usize) -> Found {
    match batch.text_at(field::OUTCOME, row) {
        Some("bad") => Found::Bad(themes_of(batch.text_at(field::OUTCOME_THEME, row))),
        Some("ok") => Found::Ok,
        _ => Found::Unknown,
    }
}

/// The bits of the themes that a bad outcome belongs to.
pub fn themes_of(theme: Option<&str>) -> u8 {
    let named = SCORED_THEMES
        .iter()
        .zip(0..)
        .find(|(known, _)| Some(known.as_str()) == theme);
    named.map_or((1 << SCORED_THEMES.len()) - 1, |(_, position)| {
        1 << position
    })
}
