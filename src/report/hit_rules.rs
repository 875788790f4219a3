//! Rules by what they hit: active ones, and drafts apart.

use super::evidence::severity;
use super::html::Html;
use super::table::{Align, Columns, bar, cell, number, row, wide_table};
use super::words::{short, theme, thousands};
use crate::rules::vocabulary::Status;
use crate::rules::{Rule, RuleId};
use crate::summary::{RuleSummary, Summary};
use crate::write::Finished;

/// Rules that are shown at once; the others open.
const MAX_OPEN: usize = 25;
/// Rules that are shown at all, of either status.
const MAX_SHOWN: usize = 500;

const ACTIVE: Columns = &[
    ("Rule", Align::Left),
    ("Title", Align::Left),
    ("Theme", Align::Left),
    ("Severity", Align::Left),
    ("Shipments", Align::Right),
    ("", Align::Bar),
    ("Lines", Align::Right),
];
const DRAFT: Columns = &[
    ("Rule", Align::Left),
    ("Title", Align::Left),
    ("Theme", Align::Left),
    ("Severity", Align::Left),
    ("Lines", Align::Right),
];

/// Writes both tables.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, summary: &Summary) {
    let mut hit = hit(run, summary, Status::Active);
    let total = hit.len();
    hit.truncate(MAX_SHOWN);
    if hit.is_empty() {
        html.leaf("p", "No active rule hit a line.");
    } else {
        let most = hit.first().map_or(0, |(_, _, rule)| rule.shipments);
        let (open, folded) = hit.split_at(hit.len().min(MAX_OPEN));
        let caption = "Active rules, those that hit most shipments first";
        wide_table(html, caption, ACTIVE, |html| active(html, open, most));
        if !folded.is_empty() {
            html.element("details", |html| {
                html.leaf(
                    "summary",
                    format!("{} more rules that hit", thousands(folded.len() as u64)),
                );
                wide_table(html, "Further active rules", ACTIVE, |html| {
                    active(html, folded, most);
                });
            });
        }
    }
    left_out(html, total);
    let mut drafts = self::hit(run, summary, Status::Draft);
    let total = drafts.len();
    drafts.truncate(MAX_SHOWN);
    if !drafts.is_empty() {
        wide_table(html, "Draft rules: evaluated, not counted", DRAFT, |html| {
            for (id, rule, counts) in drafts {
                row(html, |html| {
                    about(html, id, rule);
                    number(html, counts.lines);
                });
            }
        });
    }
    left_out(html, total);
}

fn left_out(html: &mut Html, total: usize) {
    if total > MAX_SHOWN {
        let more = thousands((total - MAX_SHOWN) as u64);
        html.leaf_of(
            "p",
            "note",
            format!("{more} more rules that hit stand in run.json."),
        );
    }
}

/// Rules of a status that hit a line, those with the most shipments and lines first, then by id.
fn hit<'a>(
    run: &Finished<'a>,
    summary: &'a Summary,
    status: Status,
) -> Vec<(RuleId, &'a Rule, &'a RuleSummary)> {
    let rules = run.rules.ids().zip(&run.rules.rules).zip(&summary.rules);
    let mut hit: Vec<_> = rules
        .map(|((id, rule), counts)| (id, rule, counts))
        .filter(|(_, _, counts)| counts.status == status && counts.lines > 0)
        .collect();
    hit.sort_by_key(|(id, _, counts)| (std::cmp::Reverse((counts.shipments, counts.lines)), *id));
    hit
}

fn active(html: &mut Html, rules: &[(RuleId, &Rule, &RuleSummary)], most: u64) {
    for (id, rule, counts) in rules {
        row(html, |html| {
            about(html, *id, rule);
            number(html, counts.shipments);
            bar(html, &[("plain", counts.shipments)], most);
            number(html, counts.lines);
        });
    }
}

fn about(html: &mut Html, id: RuleId, rule: &Rule) {
    html.element_with(
        "th",
        &[("scope", "row"), ("class", "key"), ("id", &anchor(id))],
        |html| html.text(&rule.id),
    );
    cell(html, Some(short(&rule.title)));
    cell(html, Some(theme(rule.theme)));
    html.element("td", |html| severity(html, rule.severity));
}

/// The place of a rule on the page: by number, since its id is the text of an author.
pub(super) fn anchor(id: RuleId) -> String {
    format!("rule-{}", id.0)
}
