//! Rules that hit the same shipments: a heat map, and the pairs that share most.

use crate::report::html::Html;
use crate::report::plot::{figure, place, share, text};
use crate::report::table::{Align, Columns, head_id, right, row, table};
use crate::tune::{Backtest, Overlaps};

const PAIRS: Columns = &[
    ("Rule", Align::Left),
    ("Also hit by", Align::Left),
    ("Share of its shipments", Align::Right),
];
/// Pairs that are listed.
const MOST_PAIRS: usize = 12;
/// Width and height of a cell.
const CELL: f64 = 26.0;
/// Room for the ids of rules.
const MARGIN: f64 = 52.0;

/// Writes the map and the pairs.
pub(super) fn write(html: &mut Html, found: &Backtest) {
    let overlaps = &found.overlaps;
    if overlaps.rules.len() < 2 {
        html.leaf_of("p", "note", "Fewer than two rules hit a shipment.");
        return;
    }
    html.leaf_of("p", "note", "A rule whose shipments are nearly all hit by another adds weight to them and finds nothing new: see the column Only it of the rules.");
    html.element_with("div", &[("class", "grid")], |html| {
        map(html, overlaps);
        html.element("div", |html| pairs(html, overlaps));
    });
}

fn map(html: &mut Html, overlaps: &Overlaps) {
    let count = overlaps.rules.len();
    let size = MARGIN + CELL * count as f64 + 8.0;
    let title = format!(
        "The {count} rules that hit most shipments: how many percent of a row's are also the column's"
    );
    let about = "A square of numbers, one row and one column for each rule; the darker, the more. The strongest pairs stand in the table below.";
    figure(
        html,
        "overlap-plot",
        (&title, about),
        (size, size),
        |html| {
            for (row, id) in overlaps.rules.iter().enumerate() {
                let middle = MARGIN + CELL * (row as f64 + 0.5);
                text(html, "end small", (MARGIN - 5.0, middle + 4.0), id);
                upright(html, (middle + 4.0, MARGIN - 5.0), id);
                for (column, share) in overlaps.shares[row].iter().enumerate() {
                    cell(html, (row, column), *share);
                }
            }
        },
    );
}

fn cell(html: &mut Html, (row, column): (usize, usize), share: f64) {
    let (left, top) = (MARGIN + CELL * column as f64, MARGIN + CELL * row as f64);
    let (x, y, side) = (place(left), place(top), place(CELL - 1.0));
    let strength = format!("{share:.2}");
    let is_own = row == column;
    let frame = [
        ("class", if is_own { "own" } else { "cell" }),
        ("x", x.as_str()),
        ("y", y.as_str()),
        ("width", side.as_str()),
        ("height", side.as_str()),
    ];
    html.single("rect", &frame);
    if is_own || share <= 0.0 {
        return;
    }
    let filled: Vec<(&'static str, &str)> = std::iter::once(("class", "heat"))
        .chain(frame.into_iter().skip(1))
        .chain([("fill-opacity", strength.as_str())])
        .collect();
    html.single("rect", &filled);
    let percent = format!("{:.0}", 100.0 * share);
    if percent != "0" {
        let class = if share > 0.55 {
            "middle small on"
        } else {
            "middle small"
        };
        text(
            html,
            class,
            (left + (CELL - 1.0) / 2.0, top + CELL / 2.0 + 3.5),
            &percent,
        );
    }
}

/// Text that reads upwards.
fn upright(html: &mut Html, (x, y): (f64, f64), label: &str) {
    let turn = format!("translate({} {}) rotate(-90)", place(x), place(y));
    html.element_with(
        "text",
        &[("class", "start small"), ("transform", &turn)],
        |html| {
            html.text(label);
        },
    );
}

fn pairs(html: &mut Html, overlaps: &Overlaps) {
    let mut pairs: Vec<(f64, &str, &str)> = Vec::new();
    for (of, shares) in overlaps.rules.iter().zip(&overlaps.shares) {
        for (with, share) in overlaps.rules.iter().zip(shares) {
            if of != with && *share > 0.0 {
                pairs.push((*share, of, with));
            }
        }
    }
    pairs.sort_by(|left, right| {
        let names = (left.1, left.2).cmp(&(right.1, right.2));
        right.0.total_cmp(&left.0).then(names)
    });
    if pairs.is_empty() {
        return;
    }
    table(html, "Pairs that share most", PAIRS, |html| {
        for (part, of, with) in pairs.iter().take(MOST_PAIRS) {
            row(html, |html| {
                head_id(html, of);
                html.leaf("td", with);
                right(html, Some(share(*part)));
            });
        }
    });
}
