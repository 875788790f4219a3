//! Lanes by port of entry.

use super::html::Html;
use super::table::{Align, Columns, bar, cell, folding_table, head_id, number, right, row};
use super::tally::{Lanes, Tally};
use super::words::{dollars, filed, percent, thousands};
use crate::write::Finished;

/// Ports that are shown.
pub(super) const MAX_PORTS: usize = 25;
/// Rows of ports and corridors that are shown at once.
pub(super) const MAX_OPEN: usize = 10;

const PORTS: Columns = &[
    ("US port", Align::Left),
    ("Red", Align::Right),
    ("Yellow", Align::Right),
    ("", Align::Bar),
    ("Shipments", Align::Right),
    ("Selected", Align::Right),
    ("Timber", Align::Right),
    ("Wildlife", Align::Right),
    ("IUU fishing", Align::Right),
    ("Value selected (USD)", Align::Right),
];

/// Writes the table: the ports with most red shipments, and all others as one row.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, tally: &Tally) {
    if tally.ports.is_empty() {
        html.leaf("p", "No shipments.");
        return;
    }
    let (shown, others) = tally.ports.split_at(tally.ports.len().min(MAX_PORTS));
    let caption = match others.len() {
        0 => "Shipments by US port, most red first".to_owned(),
        _ => format!(
            "Shipments by US port, most red first: {MAX_PORTS} of {}",
            thousands(tally.ports.len() as u64)
        ),
    };
    let most = tally.ports.iter().map(|(_, lanes)| lanes.flagged()).max();
    let most = most.unwrap_or(0);
    let mut rows: Vec<(String, Lanes)> = shown
        .iter()
        .map(|(port, lanes)| {
            let name = run.shipments.texts.get(*port);
            let name = name.map_or("not filed".to_owned(), |name| filed(run.masks, name));
            (name, *lanes)
        })
        .collect();
    if !others.is_empty() {
        let mut sum = Lanes::default();
        others.iter().for_each(|(_, lanes)| sum.add(lanes));
        rows.push((format!("{} others", thousands(others.len() as u64)), sum));
    }
    let lengths = (MAX_OPEN, rows.len());
    folding_table(html, &caption, PORTS, lengths, |html, range| {
        for (name, lanes) in &rows[range] {
            of_port(html, name, lanes, most);
        }
    });
    html.leaf_of(
        "p",
        "note",
        "Selected: red and yellow. The columns of themes count selected shipments with points in the theme; one can count in several.",
    );
}

fn of_port(html: &mut Html, name: &str, lanes: &Lanes, most: u64) {
    row(html, |html| {
        head_id(html, name);
        number(html, lanes.red);
        number(html, lanes.yellow);
        bar(html, &[("red", lanes.red), ("yellow", lanes.yellow)], most);
        number(html, lanes.shipments);
        right(html, Some(percent(lanes.flagged(), lanes.shipments)));
        for count in lanes.by_theme {
            number(html, count);
        }
        value(html, lanes);
    });
}

/// The value of the selected shipments of a place; a dash where none is filed.
pub(super) fn value(html: &mut Html, lanes: &Lanes) {
    right(html, lanes.is_valued.then(|| dollars(lanes.value_cents)));
}

/// A text of the shipments; a dash where it is not filed.
pub(super) fn place(html: &mut Html, run: &Finished<'_>, code: u32) {
    let text = run.shipments.texts.get(code);
    cell(html, text.map(|text| filed(run.masks, text)));
}
