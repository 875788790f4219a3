//! The rows of a batch that select, with what was found of them.

use super::verdict::Judged;
use crate::batch::Batch;

/// The rows of a batch that select.
#[derive(Clone, Debug)]
pub struct Selecting {
    /// The rows.
    pub batch: Batch,
    /// Their verdicts.
    pub judged: Judged,
    /// The themes in whose scope each is, as bits.
    pub scopes: Vec<u8>,
    /// Whether each makes a candidate for verification.
    pub is_cva: Vec<bool>,
}

impl Selecting {
    /// Takes some rows of a batch.
    pub fn new(
        batch: &Batch,
        judged: &Judged,
        scopes: &[u8],
        is_cva: &[bool],
        rows: &[usize],
    ) -> Self {
        let verdicts = rows.iter().map(|row| judged.verdict_of_row[*row]);
        Self {
            batch: batch.take_rows(rows),
            judged: Judged {
                verdict_of_row: verdicts.collect(),
                verdicts: judged.verdicts.clone(),
            },
            scopes: rows.iter().map(|row| scopes[*row]).collect(),
            is_cva: rows.iter().map(|row| is_cva[*row]).collect(),
        }
    }
}
