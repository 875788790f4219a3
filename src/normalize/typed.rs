//! Cells of typed sources that cannot stand as they are: they become NULL with an issue, as if they were text.

use super::cell_issues::count_issues;
use super::date::{format_date, is_date};
use crate::batch::{Batch, NULL_DATE, TextColumn};
use crate::issue::IssueKind;
use crate::schema::FieldId;

/// Days, those outside the years of a date as NULL.
pub(super) fn typed_days(
    field: FieldId,
    mut days: Vec<i32>,
    rows: &[u64],
    batch: &mut Batch,
) -> Vec<i32> {
    if days.iter().all(|day| is_date(*day)) {
        return days;
    }
    let wrong =
        (days.iter()).map(|day| (!is_date(*day)).then(|| (format_date(*day), IssueKind::NotADate)));
    note_typed(field, wrong, rows, batch);
    let wrong = days.iter_mut().filter(|day| !is_date(**day));
    wrong.for_each(|day| *day = NULL_DATE);
    days
}

/// Counts what is wrong with cells: the text and kind of each, nothing for a cell in order.
pub(super) fn note_typed(
    field: FieldId,
    wrong: impl Iterator<Item = Option<(String, IssueKind)>>,
    rows: &[u64],
    batch: &mut Batch,
) {
    let (texts, issues): (Vec<_>, Vec<_>) = wrong.map(Option::unzip).unzip();
    let texts: TextColumn = texts.iter().map(Option::as_deref).collect();
    let mut kinds = vec![None; texts.pool.len()];
    for (code, issue) in texts.codes.iter().zip(&issues) {
        kinds[*code as usize] = *issue;
    }
    let issues = count_issues(field, &texts, &kinds, rows);
    batch.issues.extend(issues);
}
