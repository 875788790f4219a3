//! What readers give: columns as the source holds them.

use super::binding::Binding;
use crate::batch::TextColumn;
use crate::issue::IssueKind;
use std::sync::Arc;

/// Rows of one input, in order, not yet normalized.
#[derive(Clone, Debug)]
pub struct RawBatch {
    /// Position of the input in reading order.
    pub file: usize,
    /// The row of each line in its file, counted from 1.
    pub rows: Vec<u64>,
    /// One column per input of the binding.
    pub columns: Vec<RawColumn>,
    /// How inputs become fields.
    pub binding: Arc<Binding>,
    /// Rows that could not be read.
    pub set_aside: Vec<SetAside>,
}

/// A column as the source holds it.
#[derive(Clone, Debug)]
pub enum RawColumn {
    /// Text; NULL where the source has no value at all.
    Text(TextColumn),
    /// Numbers; NaN where there is none.
    Number(Vec<f64>),
    /// Moments, in milliseconds since 1970-01-01; NaN where there is none.
    Timestamp(Vec<f64>),
    /// Days; [`crate::batch::NULL_DATE`] where there is none.
    Date(Vec<i32>),
    /// Truths; [`crate::batch::UNKNOWN`] where there is none.
    Boolean(Vec<u8>),
}

impl Default for RawColumn {
    fn default() -> Self {
        Self::Text(TextColumn::default())
    }
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its row in the file, counted from 1.
    pub row: u64,
    /// The physical line where it began, counted from 1; 0 where the format has no lines.
    pub line: u64,
    /// Why.
    pub kind: IssueKind,
    /// How it begins.
    pub text: String,
}
