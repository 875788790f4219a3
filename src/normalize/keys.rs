//! The keys of a row: its line and its shipment.

use crate::batch::{Batch, Column, NULL_CODE, TextColumn};
use crate::intern::Interner;
use crate::schema::field;

/// Fills `line_id`, `shipment_key` and `component_seq` where they are NULL.
///
/// A line is its entry number and line, else its place in the file. A shipment is its entry number, else its house bill,
/// else its master bill and container, else the key that the source gives, else its line. A row without a component number is component 1.
pub(super) fn add_keys(label: &str, batch: &mut Batch) {
    let lines = column(batch.n_rows, |row| {
        if let Some(line) = batch.text_at(field::LINE_ID, row) {
            return line.to_owned();
        }
        match (
            batch.text_at(field::ENTRY_NUMBER, row),
            batch.number_at(field::ENTRY_LINE_NUMBER, row),
        ) {
            (Some(entry), Some(line)) => format!("{entry}-{line}"),
            _ => source_ref(label, batch.rows[row]),
        }
    });
    batch.set(field::LINE_ID, lines);
    let shipments = match batch.text(field::ENTRY_NUMBER) {
        Some(entries) if !entries.codes.contains(&NULL_CODE) => Column::Text(entries.clone()),
        entries => shipments(entries, batch),
    };
    batch.set(field::SHIPMENT_KEY, shipments);
    let components =
        (0..batch.n_rows).map(|row| batch.number_at(field::COMPONENT_SEQ, row).unwrap_or(1.0));
    let components = components.collect();
    batch.set(field::COMPONENT_SEQ, Column::Number(components));
}

fn shipments(entries: Option<&TextColumn>, batch: &Batch) -> Column {
    let text = |id, row| batch.text_at(id, row).map(str::to_owned);
    let given = batch
        .text(field::SHIPMENT_KEY)
        .cloned()
        .unwrap_or_else(|| TextColumn::constant(None, batch.n_rows));
    column(batch.n_rows, |row| {
        entries
            .and_then(|entries| entries.get(row).map(str::to_owned))
            .or_else(|| text(field::HOUSE_BILL_NUMBER, row))
            .or_else(|| {
                let bill = text(field::MASTER_BILL_NUMBER, row)?;
                Some(match text(field::EQUIPMENT_NUMBER, row) {
                    Some(container) => format!("{bill}/{container}"),
                    None => bill,
                })
            })
            .or_else(|| given.get(row).map(str::to_owned))
            .or_else(|| text(field::LINE_ID, row))
            .unwrap_or_default()
    })
}

/// The place of a row: the label of its file and its row.
pub fn source_ref(label: &str, row: u64) -> String {
    format!("{label}#{row}")
}

/// Makes a text column of texts that come row by row.
fn column(n_rows: usize, text: impl Fn(usize) -> String) -> Column {
    let mut column = Interner::default();
    (0..n_rows).for_each(|row| column.push(Some(&text(row))));
    Column::Text(column.finish())
}
