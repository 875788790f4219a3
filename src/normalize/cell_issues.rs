//! What is wrong with the cells of a column, counted by text.

use crate::batch::{CellIssues, TextColumn};
use crate::issue::IssueKind;
use crate::schema::FieldId;

/// Longest text of an issue, in characters.
const MAX_ISSUE_TEXT: usize = 60;

/// Counts the rows of each text that has something wrong with it.
pub(super) fn count_issues(
    field: FieldId,
    text: &TextColumn,
    kinds: &[Option<IssueKind>],
    rows: &[u64],
) -> Vec<CellIssues> {
    let mut found: Vec<Option<CellIssues>> = vec![None; kinds.len()];
    for (code, row) in text.codes.iter().zip(rows) {
        let Some(kind) = kinds[*code as usize] else {
            continue;
        };
        let issue = found[*code as usize].get_or_insert_with(|| CellIssues {
            field,
            kind,
            value: match kind {
                IssueKind::MaskedIdentity => String::new(),
                _ => text.pool.get(*code).chars().take(MAX_ISSUE_TEXT).collect(),
            },
            count: 0,
            first_row: *row,
            last_row: *row,
        });
        issue.count += 1;
        issue.last_row = *row;
    }
    found.into_iter().flatten().collect()
}
