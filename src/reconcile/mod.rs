//! Filings repeat: which rows stand, and which of them select.
//!
//! What comes in: the key columns of every row, before any row is scored. What goes out: a [`Standing`] per row. The same
//! goods arrive as manifest, ISF, release and summary, and each is amended. Of the versions of a filing at a stage the latest
//! stands; of the stages of a shipment the latest selects. Read `keys.rs` for what a filing is and when it came, then
//! `settle.rs`.

mod keys;
mod settle;
mod version;

pub use keys::{Keys, SHIPMENT_FIELDS, VERSION_FIELDS, keys_of};
pub use settle::{Filings, Standings};
pub use version::{Version, names_no_line, versions};

use crate::read::binding::{Binding, BoundField, From};
use crate::schema::field;

/// Whether repeated filings are reconciled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reconcile {
    /// Where a row has a `record_action`, or rows are of more than one stage.
    #[default]
    WhereFilingsRepeat,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The latest version of its filing at the latest stage of its shipment.
    #[default]
    Latest,
    /// The latest version, at an earlier stage: it is scored and selects nothing.
    Context,
    /// Replaced, removed, or itself a removal: it counts for nothing.
    Superseded,
}

impl Standing {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::Context => "context",
            Self::Superseded => "superseded",
        }
    }

    /// Every standing.
    pub const ALL: [Self; 3] = [Self::Latest, Self::Context, Self::Superseded];
}

/// Whether rows of a source can amend others, or say when they came.
pub fn could_have_versions(binding: &Binding) -> bool {
    VERSION_FIELDS.iter().any(|id| binding.has.contains(*id))
}

/// Whether filings could repeat in a source: it has actions, or stages that are not the same on every row.
pub fn could_repeat(binding: &Binding) -> bool {
    let tells_stage = |bound: &BoundField| {
        bound.field == field::EVIDENCE_STAGE && !matches!(bound.from, From::Constant(_))
    };
    binding.has.contains(field::RECORD_ACTION) || binding.fields.iter().any(tells_stage)
}
