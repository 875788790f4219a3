//! Red shipments with their evidence, and the first yellow ones.

use super::evidence;
use super::html::Html;
use super::table::{Align, Columns, badge, cell, date, grouped_table, right, row};
use super::words::{count, cut, dollars, filed, thousands};
use crate::past::Mark;
use crate::rules::RuleSet;
use crate::select::{Lane, SelectedShipment, Shipment};
use crate::summary::Summary;
use crate::write::{Finished, mark, reason};

/// Red shipments that are shown: more than an analyst reads in a day, and a page that still opens at once.
pub(super) const MAX_RED: usize = 200;
/// Characters of a reason.
const MAX_REASON: usize = 1000;
/// Yellow shipments that are shown.
pub(super) const MAX_YELLOW: usize = 100;

const RED: Columns = &[
    ("Shipment", Align::Left),
    ("Port", Align::Left),
    ("Arrival", Align::Left),
    ("Importer", Align::Left),
    ("Shipper", Align::Left),
    ("Goods", Align::Left),
    ("Value\u{a0}(USD)", Align::Right),
    ("Action", Align::Left),
    ("Queue", Align::Left),
];
const YELLOW: Columns = &[
    ("Shipment", Align::Left),
    ("Port", Align::Left),
    ("Arrival", Align::Left),
    ("Importer", Align::Left),
    ("Goods", Align::Left),
    ("Value\u{a0}(USD)", Align::Right),
    ("Action", Align::Left),
    ("Queue", Align::Left),
];
/// Columns of the red table, for cells as wide as it.
const RED_WIDTH: &str = "9";
/// The same of the yellow table.
const YELLOW_WIDTH: &str = "8";

/// Writes the red shipments, and every other one that is mandatory without a place.
pub(super) fn write_red(html: &mut Html, run: &Finished<'_>, summary: &Summary) {
    let is_shown =
        |selected: &&SelectedShipment| selected.lane == Lane::Red || selected.is_unmet_mandatory;
    let total = run.selection.shipments.iter().filter(is_shown).count();
    let [_, _, n_red] = summary.shipments_by_lane;
    if total == 0 {
        html.leaf("p", "No red shipments.");
        return;
    }
    html.note("Worst first. Open a reason to see the evidence: each rule that hit, what would clear it, and what to examine; what is open prints open. `ch24 explain` with the record named there shows the values that were compared.");
    let others = (total as u64).saturating_sub(n_red);
    let others = if others > 0 {
        format!(" and {} mandatory without capacity", thousands(others))
    } else {
        String::new()
    };
    let caption = format!(
        "{}{others}, worst first{}",
        count(n_red, "red shipment"),
        shown(total, MAX_RED)
    );
    grouped_table(html, &caption, RED, |html| {
        for selected in run
            .selection
            .shipments
            .iter()
            .filter(is_shown)
            .take(MAX_RED)
        {
            red(html, run, selected);
        }
    });
    more(html, total, MAX_RED);
}

fn red(html: &mut Html, run: &Finished<'_>, selected: &SelectedShipment) {
    let shipment = &run.shipments.all[selected.id.0 as usize];
    let party = |code: u32| {
        run.shipments
            .texts
            .get(code)
            .map(|text| filed(run.masks, text))
    };
    group(html, |html| {
        row(html, |html| {
            key(html, run, shipment);
            cell(html, party(shipment.port));
            date(html, shipment.day);
            cell(html, party(shipment.importer));
            cell(html, party(shipment.shipper));
            goods(html, run, shipment);
            right(html, value(shipment));
            action(html, run.rules, selected.lane, shipment);
            cell(html, queue(run.rules, selected));
        });
        row(html, |html| {
            html.element_with("td", &[("colspan", RED_WIDTH)], |html| {
                folded(html, run, selected, shipment);
            });
        });
    });
}

/// The reason, which opens to the evidence.
fn folded(html: &mut Html, run: &Finished<'_>, selected: &SelectedShipment, shipment: &Shipment) {
    html.element("details", |html| {
        html.element("summary", |html| {
            marks(html, run, selected, shipment);
            html.text(why(run, selected, shipment));
        });
        evidence::write(html, run, shipment);
    });
}

/// Writes the first yellow shipments.
pub(super) fn write_yellow(html: &mut Html, run: &Finished<'_>, summary: &Summary) {
    // Those that are mandatory without a place stand above, with their evidence.
    let is_shown = |selected: &&SelectedShipment| {
        selected.lane == Lane::Yellow && !selected.is_unmet_mandatory
    };
    let total = run.selection.shipments.iter().filter(is_shown).count();
    let [_, n_yellow, _] = summary.shipments_by_lane;
    if total == 0 {
        html.leaf(
            "p",
            if n_yellow == 0 {
                "No yellow shipments."
            } else {
                "All of them stand above."
            },
        );
        return;
    }
    let caption = format!(
        "{}, worst first{}",
        count(total as u64, "yellow shipment"),
        shown(total, MAX_YELLOW)
    );
    grouped_table(html, &caption, YELLOW, |html| {
        for selected in run
            .selection
            .shipments
            .iter()
            .filter(is_shown)
            .take(MAX_YELLOW)
        {
            yellow(html, run, selected);
        }
    });
    more(html, total, MAX_YELLOW);
}

fn yellow(html: &mut Html, run: &Finished<'_>, selected: &SelectedShipment) {
    let shipment = &run.shipments.all[selected.id.0 as usize];
    let party = |code: u32| {
        run.shipments
            .texts
            .get(code)
            .map(|text| filed(run.masks, text))
    };
    group(html, |html| {
        row(html, |html| {
            key(html, run, shipment);
            cell(html, party(shipment.port));
            date(html, shipment.day);
            cell(html, party(shipment.importer));
            goods(html, run, shipment);
            right(html, value(shipment));
            action(html, run.rules, selected.lane, shipment);
            cell(html, queue(run.rules, selected));
        });
        row(html, |html| {
            html.element_with(
                "td",
                &[("colspan", YELLOW_WIDTH), ("class", "why")],
                |html| {
                    html.element("div", |html| {
                        marks(html, run, selected, shipment);
                        html.text(why(run, selected, shipment));
                    });
                },
            );
        });
    });
}

/// The rows of one shipment.
fn group(html: &mut Html, rows: impl FnOnce(&mut Html)) {
    html.element_with("tbody", &[("class", "shipment")], rows);
}

fn key(html: &mut Html, run: &Finished<'_>, shipment: &Shipment) {
    html.element_with("th", &[("scope", "rowgroup"), ("class", "key")], |html| {
        html.text(filed(run.masks, run.shipments.key(shipment)));
    });
}

fn goods(html: &mut Html, run: &Finished<'_>, shipment: &Shipment) {
    cell(
        html,
        run.shipments
            .goods(shipment)
            .map(|goods| filed(run.masks, goods)),
    );
}

fn value(shipment: &Shipment) -> Option<String> {
    shipment.is_valued.then(|| dollars(shipment.value_cents))
}

fn why(run: &Finished<'_>, selected: &SelectedShipment, shipment: &Shipment) -> String {
    let reason = reason(run.rules, run.shipments, selected, shipment);
    cut(&reason.unwrap_or_default(), MAX_REASON)
}

fn marks(html: &mut Html, run: &Finished<'_>, selected: &SelectedShipment, shipment: &Shipment) {
    match mark(run, selected, shipment) {
        Some(Mark::New) => badge(html, "plain", "New"),
        Some(Mark::Escalated) => badge(html, "yellow", "Escalated"),
        _ => {}
    }
    if selected.is_unmet_mandatory {
        badge(html, "unmet", "Mandatory, no capacity");
    }
    if shipment.is_cva_candidate {
        badge(html, "verify", "Verify with Mexico");
    }
}

/// What the policy says to do with a lane at the stage of a shipment.
fn action(html: &mut Html, rules: &RuleSet, lane: Lane, shipment: &Shipment) {
    let actions = rules.policy.file.actions.get(&shipment.stage);
    let action = actions.and_then(|actions| match lane {
        Lane::Red => actions.red.as_deref(),
        Lane::Yellow => actions.yellow.as_deref(),
        Lane::Green => None,
    });
    match action {
        Some(action) => html.leaf_of("td", "action", action),
        None => html.leaf_of("td", "none", "–"),
    }
}

fn queue(rules: &RuleSet, selected: &SelectedShipment) -> Option<String> {
    let (name, _) = rules.policy.file.queues.get(usize::from(selected.queue?))?;
    Some(name.clone())
}

fn shown(total: usize, most: usize) -> String {
    if total > most {
        format!(": the first {most} of {}", thousands(total as u64))
    } else {
        String::new()
    }
}

fn more(html: &mut Html, total: usize, most: usize) {
    if total > most {
        let text = format!(
            "{} more in the table of shipments, in the same order.",
            thousands((total - most) as u64)
        );
        html.leaf_of("p", "note", text);
    }
}
