//! What an inspection found, told from source columns by the conditions of a mapping. No rule sees it.

use super::date::{date, parse_with};
use crate::batch::{Batch, Column, NULL_DATE, Pool, TRUE};
use crate::read::raw::{RawBatch, RawColumn};
use crate::rules::lists::Lists;
use crate::schema::{FieldId, OUTCOME_FIELDS, field};
use crate::score::evaluate::{Evaluator, Tables};

/// Fills the outcome fields; rows that are neither bad nor in order have no outcome.
pub(super) fn read_outcome(raw: &RawBatch, batch: &mut Batch) {
    let Some(outcome) = &raw.binding.outcome else {
        return;
    };
    let n_rows = raw.rows.len();
    let mut source = Batch::with_rows(n_rows);
    for (column, number) in raw.columns.iter().zip(FieldId::FIRST_EXTRA..) {
        if let RawColumn::Text(text) = column {
            source.set(FieldId(number), Column::Text(text.clone()));
        }
    }
    let tables = Tables::new(Lists::default(), Vec::new());
    let evaluator = Evaluator::new(&source, &tables);
    let truths = |condition: &Option<_>| {
        condition
            .as_ref()
            .map(|condition| evaluator.truths(condition))
    };
    let (bad, ok) = (truths(&outcome.bad), truths(&outcome.ok));
    let holds = |truths: &Option<Vec<u8>>, row: usize| {
        truths.as_ref().is_some_and(|truths| truths[row] == TRUE)
    };
    let mut pool = Pool::default();
    let (bad_code, ok_code) = (pool.push("bad"), pool.push("ok"));
    let codes: Vec<u32> = (0..n_rows)
        .map(|row| match (holds(&bad, row), holds(&ok, row)) {
            (true, _) => bad_code,
            (false, true) => ok_code,
            (false, false) => 0,
        })
        .collect();
    let days = days(raw, &codes);
    for (id, word) in OUTCOME_FIELDS.iter().skip(2).zip(outcome.words) {
        if let Some(word) = word {
            let mut pool = Pool::default();
            let code = pool.push(word);
            let codes = codes
                .iter()
                .map(|outcome| if *outcome == 0 { 0 } else { code })
                .collect();
            batch.set(*id, super::columns::column_of(codes, pool));
        }
    }
    batch.set(field::OUTCOME, super::columns::column_of(codes, pool));
    batch.set(field::OUTCOME_DATE, Column::Date(days));
}

fn days(raw: &RawBatch, codes: &[u32]) -> Vec<i32> {
    let Some((input, reading)) = raw
        .binding
        .outcome
        .as_ref()
        .and_then(|outcome| outcome.date.as_ref())
    else {
        return vec![NULL_DATE; codes.len()];
    };
    let day = |text: &str| match &reading.format {
        Some(format) => parse_with(format, text),
        None => date(text).value,
    };
    let known = |row: usize| match &raw.columns[*input] {
        RawColumn::Text(column) => column.get(row).and_then(day).unwrap_or(NULL_DATE),
        RawColumn::Date(days) => days[row],
        RawColumn::Timestamp(moments) => super::columns::day_of(moments[row]),
        _ => NULL_DATE,
    };
    codes
        .iter()
        .enumerate()
        .map(|(row, code)| if *code == 0 { NULL_DATE } else { known(row) })
        .collect()
}
