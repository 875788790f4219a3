//! The keys of a row: its line and its shipment.

use super::columns::column_of;
use crate::batch::{Batch, Column, NULL_CODE, Pool, TextColumn};
use crate::intern::Interner;
use crate::schema::field;
use std::fmt::Write;

/// Fills `line_id`, `shipment_key` and `component_seq` where they are NULL.
///
/// A line is its entry number and line, else its place in the file. A shipment is its entry number, else its house bill,
/// else its master bill and container, else the key that the source gives, else its line. A row without a component number is component 1.
pub(super) fn add_keys(label: &str, batch: &mut Batch) {
    let lines = lines(label, batch);
    batch.set(field::LINE_ID, lines);
    let shipments = match batch.text(field::ENTRY_NUMBER) {
        Some(entries) if !entries.codes.contains(&NULL_CODE) => Column::Text(entries.clone()),
        entries => shipments(entries, batch),
    };
    batch.set(field::SHIPMENT_KEY, shipments);
    let known = |number: &f64| if number.is_nan() { 1.0 } else { *number };
    let components = match batch.column(field::COMPONENT_SEQ) {
        Some(Column::Number(numbers)) => numbers.iter().map(known).collect(),
        _ => vec![1.0; batch.n_rows],
    };
    batch.set(field::COMPONENT_SEQ, Column::Number(components));
}

/// The line of each row; neighbors of one line share a text.
fn lines(label: &str, batch: &Batch) -> Column {
    let (given, entries) = (batch.text(field::LINE_ID), batch.text(field::ENTRY_NUMBER));
    let numbers = batch.column(field::ENTRY_LINE_NUMBER);
    let mut codes = Vec::with_capacity(batch.n_rows);
    let mut pool = Pool::with_capacity(batch.n_rows, batch.n_rows * BYTES_OF_LINE);
    let mut line = String::new();
    let mut last = None;
    for row in 0..batch.n_rows {
        let code =
            |column: Option<&TextColumn>| column.map_or(NULL_CODE, |column| column.codes[row]);
        let number = match numbers {
            Some(Column::Number(numbers)) => numbers[row],
            _ => f64::NAN,
        };
        let of_row = (code(given), code(entries), number.to_bits());
        let is_named = of_row.0 != NULL_CODE || (of_row.1 != NULL_CODE && !number.is_nan());
        if is_named && last == Some(of_row) {
            codes.push(codes.last().copied().unwrap_or(NULL_CODE));
            continue;
        }
        last = Some(of_row);
        line.clear();
        let write = |line: &mut String| match (given, entries) {
            (Some(given), _) if of_row.0 != NULL_CODE => line.write_str(given.pool.get(of_row.0)),
            (_, Some(entries)) if is_named => {
                line.push_str(entries.pool.get(of_row.1));
                line.push('-');
                write_number(line, number)
            }
            _ => line.write_str(&source_ref(label, batch.rows[row])),
        };
        write(&mut line).expect("a string takes any text");
        codes.push(match line.is_empty() {
            true => NULL_CODE,
            false => pool.push(&line),
        });
    }
    column_of(codes, pool)
}

/// Writes a number as a person would; most are whole and small.
fn write_number(text: &mut String, number: f64) -> std::fmt::Result {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "compared with what it came from"
    )]
    let whole = number as u32;
    match f64::from(whole).to_bits() == number.to_bits() {
        true => text.write_str(itoa::Buffer::new().format(whole)),
        false => write!(text, "{number}"),
    }
}

/// Bytes of the name of a line, about.
const BYTES_OF_LINE: usize = 14;

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
