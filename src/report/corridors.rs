//! From where to which port: the corridors with most shipments to look at.

use super::html::Html;
use super::ports::{MAX_OPEN, place, value};
use super::table::{Align, Columns, bar, folding_table, number, right, row};
use super::tally::Tally;
use super::words::{count, filed, percent, thousands};
use crate::write::Finished;

/// Corridors that are shown.
pub(super) const MAX_CORRIDORS: usize = 24;

const CORRIDORS: Columns = &[
    ("Origin", Align::Left),
    ("Harvest", Align::Left),
    ("Export", Align::Left),
    ("US port", Align::Left),
    ("Selected", Align::Right),
    ("Red", Align::Right),
    ("Yellow", Align::Right),
    ("", Align::Bar),
    ("Of shipments", Align::Right),
    ("Share", Align::Right),
    ("Value selected (USD)", Align::Right),
];

/// Writes the table, and says how many corridors are left out.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, tally: &Tally) {
    let flagged = tally
        .corridors
        .iter()
        .filter(|(_, lanes)| lanes.flagged() > 0);
    let flagged: Vec<_> = flagged.collect();
    let Some((_, first)) = flagged.first() else {
        html.leaf(
            "p",
            "No shipment is selected, so there is no corridor to rank.",
        );
        return;
    };
    html.leaf_of(
        "p",
        "note",
        "Countries of origin, harvest and export as filed for the goods of a shipment's worst line, by ISO code; a dash where the filing names none. They say where goods come from, and nothing of anyone who stands on a shipment.",
    );
    let (shown, others) = flagged.split_at(flagged.len().min(MAX_CORRIDORS));
    let caption = match others.len() {
        0 => "Corridors with selected shipments, most first".to_owned(),
        _ => format!(
            "Corridors with selected shipments, most first: {MAX_CORRIDORS} of {}",
            thousands(flagged.len() as u64)
        ),
    };
    let most = first.flagged();
    let lengths = (MAX_OPEN, shown.len());
    folding_table(html, &caption, CORRIDORS, lengths, |html, range| {
        for ((route, port), lanes) in &shown[range] {
            let route = run.shipments.routes.get(*route);
            row(html, |html| {
                origin(html, run, route.origin);
                place(html, run, route.harvest);
                place(html, run, route.export);
                place(html, run, *port);
                number(html, lanes.flagged());
                number(html, lanes.red);
                number(html, lanes.yellow);
                bar(html, &[("red", lanes.red), ("yellow", lanes.yellow)], most);
                number(html, lanes.shipments);
                right(html, Some(percent(lanes.flagged(), lanes.shipments)));
                value(html, lanes);
            });
        }
    });
    let left_out: u64 = others.iter().map(|(_, lanes)| lanes.flagged()).sum();
    let quiet = tally.corridors.len() - flagged.len();
    let mut rest = Vec::new();
    if !others.is_empty() {
        rest.push(format!(
            "{} with {} to look at",
            count(others.len() as u64, "corridor"),
            count(left_out, "shipment")
        ));
    }
    if quiet > 0 {
        rest.push(format!("{} without any", count(quiet as u64, "corridor")));
    }
    if !rest.is_empty() {
        html.leaf_of("p", "note", format!("Left out: {}.", rest.join(", ")));
    }
}

fn origin(html: &mut Html, run: &Finished<'_>, code: u32) {
    let text = run.shipments.texts.get(code);
    let text = text.map_or("–".to_owned(), |text| filed(run.masks, text));
    super::table::head(html, text);
}
