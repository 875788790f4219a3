//! What the program cannot know: blanks for an officer, and the history that officers noted.

use super::step;
use crate::dossier::Internal;
use crate::report::html::Html;
use crate::report::table::{Align, Columns, cell, head, row, table};

const CONFLICTS: Columns = &[
    ("Open investigation checked with", Align::Left),
    ("Conflict (yes, no)", Align::Left),
    ("By", Align::Left),
    ("Date", Align::Left),
];
const CONCURRENCE: Columns = &[
    ("Agency", Align::Left),
    ("Concurs (yes, no)", Align::Left),
    ("By", Align::Left),
    ("Date", Align::Left),
];
const STATUS: Columns = &[
    ("Date", Align::Left),
    ("Status", Align::Left),
    ("By", Align::Left),
    ("Note", Align::Left),
];

/// Blank rows of each table.
const BLANKS: usize = 3;

/// Writes the blanks.
pub(super) fn write(html: &mut Html) {
    let note = "Nothing here is known to the program. No request should leave before both tables are filled in.";
    html.leaf_of("p", "note", note);
    blank(html, "Conflicts with open investigations", CONFLICTS);
    blank(html, "Agency concurrence", CONCURRENCE);
}

fn blank(html: &mut Html, caption: &str, columns: Columns) {
    table(html, caption, columns, |html| {
        for _ in 0..BLANKS {
            html.element_with("tr", &[("class", "blank")], |html| {
                columns.iter().for_each(|_| html.leaf("td", "\u{a0}"));
            });
        }
    });
}

/// Writes what was noted.
pub(super) fn status(html: &mut Html, dossier: &Internal) {
    if dossier.status.is_empty() {
        html.leaf("p", "Nothing was noted yet.");
        return;
    }
    table(html, "Status history", STATUS, |html| {
        for event in &dossier.status {
            row(html, |html| {
                head(html, &event.on);
                cell(html, Some(step(&event.status)));
                cell(html, event.by.as_deref());
                cell(html, event.note.as_deref());
            });
        }
    });
}
