//! Lookouts and suppressions: what they did, and which end soon.

use super::frame::part;
use super::html::Html;
use super::table::{Align, Columns, cell, head_id, number, row, table};
use super::words::count;
use crate::rules::notices::{SOON_DAYS, TermState};
use crate::summary::{LookoutSummary, Summary, SuppressionSummary};

/// Rows of a table, at most.
const MAX_ROWS: usize = 200;

const LOOKOUTS: Columns = &[
    ("Lookout", Align::Left),
    ("Why", Align::Left),
    ("Asked by", Align::Left),
    ("Action", Align::Left),
    ("Last day", Align::Left),
    ("Shipments", Align::Right),
    ("Lines", Align::Right),
];
const SUPPRESSIONS: Columns = &[
    ("Rule", Align::Left),
    ("On", Align::Left),
    ("Why", Align::Left),
    ("Approved by", Align::Left),
    ("Last day", Align::Left),
    ("Shipments", Align::Right),
    ("Hits not counted", Align::Right),
];

/// Writes the part; nothing where the pack has neither.
pub(super) fn write(html: &mut Html, summary: &Summary) {
    if summary.lookouts.is_empty() && summary.suppressions.is_empty() {
        return;
    }
    let parts = [("notices", "Lookouts and suppressions")];
    part(html, &parts, "notices", |html| {
        html.leaf_of(
            "p",
            "note",
            "A lookout asks for a shipment whatever the rules say; it adds no points. A suppression leaves hits of one rule on one entity out of the count, never those of a floor, and never a random draw.",
        );
        html.leaf("p", ending(summary));
        lookouts(html, &summary.lookouts);
        suppressions(html, &summary.suppressions);
    });
}

/// How many end soon or are over.
fn ending(summary: &Summary) -> String {
    let lookouts = summary.lookouts.iter().map(|lookout| lookout.state);
    let states = lookouts.chain(summary.suppressions.iter().map(|found| found.state));
    let of = |wanted: TermState| {
        states
            .clone()
            .filter(|state| *state == Some(wanted))
            .count()
    };
    format!(
        "{} and {}: {} within {SOON_DAYS} days, {} over.",
        count(summary.lookouts.len() as u64, "lookout"),
        count(summary.suppressions.len() as u64, "suppression"),
        match of(TermState::ExpiresSoon) {
            1 => "1 ends".to_owned(),
            n => format!("{n} end"),
        },
        match of(TermState::Expired) {
            1 => "1 is".to_owned(),
            n => format!("{n} are"),
        },
    )
}

/// Whether a notice did something, or soon does nothing more.
fn is_shown(count: u64, state: Option<TermState>) -> bool {
    count > 0 || state == Some(TermState::ExpiresSoon)
}

fn lookouts(html: &mut Html, all: &[LookoutSummary]) {
    let is_shown = |lookout: &&LookoutSummary| is_shown(lookout.lines, lookout.state);
    if all.iter().all(|lookout| !is_shown(&lookout)) {
        return;
    }
    table(
        html,
        "Lookouts with lines, and those that end soon",
        LOOKOUTS,
        |html| {
            for lookout in all.iter().filter(is_shown).take(MAX_ROWS) {
                row(html, |html| {
                    head_id(html, &lookout.key);
                    cell(html, Some(&lookout.reason));
                    cell(html, Some(&lookout.owner));
                    cell(html, Some(lookout.action));
                    last_day(html, &lookout.expires, lookout.state);
                    number(html, lookout.shipments);
                    number(html, lookout.lines);
                });
            }
        },
    );
}

fn suppressions(html: &mut Html, all: &[SuppressionSummary]) {
    let is_shown = |found: &&SuppressionSummary| is_shown(found.hits, found.state);
    if all.iter().all(|found| !is_shown(&found)) {
        return;
    }
    table(
        html,
        "Suppressions with hits, and those that end soon",
        SUPPRESSIONS,
        |html| {
            for found in all.iter().filter(is_shown).take(MAX_ROWS) {
                row(html, |html| {
                    head_id(html, &found.rule);
                    cell(html, Some(found.on()));
                    cell(html, Some(&found.reason).filter(|text| !text.is_empty()));
                    cell(html, Some(&found.approver));
                    last_day(html, &found.expires, found.state);
                    number(html, found.shipments);
                    number(html, found.hits);
                });
            }
        },
    );
}

fn last_day(html: &mut Html, day: &str, state: Option<TermState>) {
    let text = match state {
        None | Some(TermState::InForce) => day.to_owned(),
        Some(state) => format!("{day}, {}", state.as_str()),
    };
    html.leaf_of("td", "date", text);
}
