//! Shipments by lane, by queue and by theme.

use super::html::Html;
use super::table::{Align, Columns, bar, head, number, right, row, table};
use super::words::{percent, theme};
use crate::select::Lane;
use crate::summary::Summary;

const LANES: Columns = &[
    ("Lane", Align::Left),
    ("Shipments", Align::Right),
    ("Share", Align::Right),
    ("", Align::Bar),
    ("Lines", Align::Right),
];
const QUEUES: Columns = &[
    ("Queue", Align::Left),
    ("Red", Align::Right),
    ("Yellow", Align::Right),
    ("", Align::Bar),
];
const THEMES: Columns = &[
    ("Theme", Align::Left),
    ("Red", Align::Right),
    ("Yellow", Align::Right),
    ("", Align::Bar),
    ("In scope", Align::Right),
];

/// Writes the three tables.
pub(super) fn write(html: &mut Html, summary: &Summary) {
    html.element_with("div", &[("class", "grid")], |html| {
        lanes(html, summary);
        queues(html, summary);
        themes(html, summary);
    });
    html.leaf_of(
        "p",
        "note",
        "A shipment takes the lane of its worst line. It counts in each theme in which a line of it has points, and in one queue.",
    );
}

fn lanes(html: &mut Html, summary: &Summary) {
    table(html, "Shipments by lane", LANES, |html| {
        for lane in Lane::ALL.into_iter().rev() {
            let shipments = summary.shipments_by_lane[lane as usize];
            row(html, |html| {
                head(html, word(lane));
                number(html, shipments);
                right(html, Some(percent(shipments, summary.n_shipments)));
                bar(html, &[(lane.as_str(), shipments)], summary.n_shipments);
                number(html, summary.lines_by_lane[lane as usize]);
            });
        }
    });
}

fn queues(html: &mut Html, summary: &Summary) {
    let most = summary
        .queues
        .iter()
        .map(|queue| queue.red + queue.yellow)
        .max()
        .unwrap_or(0);
    table(html, "Selected shipments by queue", QUEUES, |html| {
        for queue in &summary.queues {
            row(html, |html| {
                head(html, &queue.queue);
                number(html, queue.red);
                number(html, queue.yellow);
                bar(html, &[("red", queue.red), ("yellow", queue.yellow)], most);
            });
        }
    });
}

fn themes(html: &mut Html, summary: &Summary) {
    let most = summary
        .themes
        .iter()
        .map(|theme| theme.red + theme.yellow)
        .max()
        .unwrap_or(0);
    table(html, "Selected shipments by theme", THEMES, |html| {
        for counts in &summary.themes {
            row(html, |html| {
                head(html, theme(counts.theme));
                number(html, counts.red);
                number(html, counts.yellow);
                bar(
                    html,
                    &[("red", counts.red), ("yellow", counts.yellow)],
                    most,
                );
                number(html, counts.in_scope);
            });
        }
    });
}

fn word(lane: Lane) -> &'static str {
    match lane {
        Lane::Green => "Green",
        Lane::Yellow => "Yellow",
        Lane::Red => "Red",
    }
}
