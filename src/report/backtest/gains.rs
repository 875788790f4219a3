//! What the first looks find: the curve of gains, and its table.

use crate::report::html::Html;
use crate::report::plot::{Frame, dot, figure, line, path, share, text};
use crate::report::table::{Align, Columns, head, right, row, table};
use crate::tune::{Backtest, Gain};

const GAINS: Columns = &[
    ("Looked at", Align::Left),
    ("Of all", Align::Right),
    ("Bad found", Align::Right),
    ("Of all bad", Align::Right),
    ("Bad among inspected", Align::Right),
    ("Lift", Align::Right),
    ("Next one", Align::Right),
];
const DAILY: Columns = &[
    ("Per port and day", Align::Left),
    ("Looked at", Align::Right),
    ("Bad found", Align::Right),
    ("Of all bad", Align::Right),
    ("Bad among inspected", Align::Right),
    ("Lift", Align::Right),
];

/// Writes the curve and the tables.
pub(super) fn write(html: &mut Html, found: &Backtest) {
    html.element_with("div", &[("class", "grid")], |html| {
        match found.curve.is_empty() {
            true => {
                let none = "No inspected shipment is bad, so there is nothing to find.";
                html.leaf_of("p", "note", none);
            }
            false => curve(html, found),
        }
        html.element("div", |html| tables(html, found));
    });
}

fn tables(html: &mut Html, found: &Backtest) {
    let all = found.all.shipments;
    table(html, "What a number of looks finds", GAINS, |html| {
        for gain in &found.gains {
            let is_capacity = (gain.capacity - found.capacity as f64).abs() < 0.5;
            row(html, |html| {
                let mark = if is_capacity { " (capacity)" } else { "" };
                head(html, format!("{}{mark}", whole(gain.capacity)));
                right(html, Some(share(gain.capacity / all.max(1.0))));
                found_by(html, gain);
                right(html, gain.next.map(share));
            });
        }
    });
    html.leaf_of("p", "note", "Next one: share bad among the inspected of the next hundredth of shipments, where one more look would go.");
    let looks = found.per_port_and_day.iter();
    if looks.clone().all(|gain| gain.counts.shipments <= 0.0) {
        let none =
            "No shipment has both a port and a day, so there is no table of looks by port and day.";
        html.leaf_of("p", "note", none);
        return;
    }
    table(
        html,
        "Where each port looks at so many a day",
        DAILY,
        |html| {
            for gain in looks {
                row(html, |html| {
                    head(html, whole(gain.capacity));
                    right(html, Some(whole(gain.counts.shipments)));
                    found_by(html, gain);
                });
            }
        },
    );
}

fn found_by(html: &mut Html, gain: &Gain) {
    right(html, Some(whole(gain.counts.bad)));
    right(html, gain.recall.map(share));
    right(html, super::interval(gain.precision));
    right(html, gain.lift.map(|lift| format!("{lift:.1}")));
}

/// A count that may be a part of shipments that rank alike.
fn whole(count: f64) -> String {
    match (count.round() - count).abs() < 1e-9 {
        true => super::whole(count),
        false => format!("{count:.1}"),
    }
}

fn curve(html: &mut Html, found: &Backtest) {
    let frame = Frame {
        width: 640.0,
        height: 400.0,
        left: 48.0,
        bottom: 48.0,
        across: 1.0,
        up: 1.0,
    };
    let capacity = (found.capacity as f64 / found.all.shipments.max(1.0)).min(1.0);
    let at_capacity = found
        .gains
        .iter()
        .find(|gain| (gain.capacity - found.capacity as f64).abs() < 0.5)
        .and_then(|gain| gain.recall);
    let title = "Share of all bad shipments found, by share of shipments looked at";
    let told = at_capacity.map_or_else(String::new, |recall| {
        format!(
            " At the capacity of {} shipments ({}), {} of the bad ones are found.",
            whole(found.capacity as f64),
            share(capacity),
            share(recall)
        )
    });
    let about = format!(
        "A curve from none to all; the diagonal is what looking at random finds.{told} The table below has the numbers."
    );
    figure(
        html,
        "gains-plot",
        (title, &about),
        (frame.width, frame.height),
        |html| {
            frame.shares_up(html, 5);
            frame.shares_across(html, 5);
            frame.name_across(html, "share of shipments looked at, worst first");
            line(
                html,
                "level",
                (frame.x(0.0), frame.y(0.0)),
                (frame.x(1.0), frame.y(1.0)),
            );
            text(
                html,
                "start muted",
                (frame.x(0.62), frame.y(0.57)),
                "at random",
            );
            let points = found.curve.iter();
            path(
                html,
                "curve",
                points.map(|point| (frame.x(point.looked_at), frame.y(point.found))),
            );
            if let Some(recall) = at_capacity {
                let (x, y) = (frame.x(capacity), frame.y(recall));
                line(html, "capacity", (x, frame.y(0.0)), (x, frame.y(1.0)));
                dot(html, "dot", (x, y), 4.5);
                let label = format!("capacity: {} found", share(recall));
                // Below the curve, on the side that has room.
                match capacity < 0.6 {
                    true => text(html, "start strong", (x + 9.0, y + 18.0), &label),
                    false => text(html, "end strong", (x - 9.0, y + 18.0), &label),
                }
            }
        },
    );
}
