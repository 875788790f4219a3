//! Cells of any text in any field: a row comes out, whatever it holds.
#![no_main]

use ch24::schema::FIELDS;
use ch24_fuzz::{file, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|cells: Vec<(u8, &str)>| {
    // A row of a few columns, by number of field.
    let mut cells = cells;
    cells.sort_by_key(|(field, _)| *field);
    cells.dedup_by_key(|(field, _)| *field);
    cells.retain(|(field, _)| usize::from(*field) < FIELDS.len());
    if cells.is_empty() {
        return;
    }
    let names: Vec<_> = cells.iter().map(|(field, _)| FIELDS[usize::from(*field)].name).collect();
    let quoted: Vec<_> = cells.iter().map(|(_, cell)| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    let text = format!("{}\n{}\n", names.join(","), quoted.join(","));
    let path = file("cells.csv", text.as_bytes());
    if let Some(given) = read(&path, 16) {
        assert!(given.rows.len() <= 1, "at most one row came in");
    }
});
