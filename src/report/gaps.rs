//! What could not be judged: rows, rules, fields.

use super::feeds::feeds;
use super::html::Html;
use super::table::{Align, Columns, cell, head_id, number, row, wide_table};
use super::words::{capped, count, short, thousands};
use crate::rules::vocabulary::Status;
use crate::schema::{FIELDS, Field};
use crate::summary::{RuleSummary, Summary};

/// Fields that are shown.
const MAX_FIELDS: usize = 15;
/// Rules that are named beside a field.
const MAX_WAITING: usize = 6;
/// Rules that are named with what they lack.
const MAX_OPEN: usize = 500;

const MISSING: Columns = &[
    ("Field", Align::Left),
    ("What it says", Align::Left),
    ("Feed that carries it", Align::Left),
    ("Enables alone", Align::Right),
    ("Needed by", Align::Right),
    ("Rules that wait", Align::Left),
];
const RULES: Columns = &[
    ("Rule", Align::Left),
    ("Title", Align::Left),
    ("Lines not judged", Align::Right),
    ("Why", Align::Left),
];
/// Writes what is missing.
pub(super) fn write(html: &mut Html, summary: &Summary) {
    html.element("ul", |html| {
        let text = format!(
            "{} could not be read and was judged by nobody. The file issues.csv, beside this page, names each.",
            count(summary.n_set_aside, "row")
        );
        html.leaf("li", if summary.n_set_aside == 0 { "Every row could be read.".to_owned() } else { text });
        let text = format!(
            "{} could not be read as filed, or {} changed in form: issues.csv says which, how often, and what was done.",
            count(summary.n_cell_issues, "cell"),
            if summary.n_cell_issues == 1 { "was" } else { "were" }
        );
        html.leaf("li", if summary.n_cell_issues == 0 { "No cell was changed.".to_owned() } else { text });
        html.leaf("li", not_judged(summary));
    });
    fields(html, summary);
    rules(html, summary);
}

fn open(summary: &Summary) -> impl Iterator<Item = &RuleSummary> {
    summary
        .rules
        .iter()
        .filter(|rule| rule.status == Status::Active && rule.not_evaluable > 0)
}

/// Active rules that could be evaluated on no line, and active rules; none where a line could be judged by each.
pub(super) fn silent_rules(summary: &Summary) -> Option<(u64, u64)> {
    let never = open(summary)
        .filter(|rule| rule.not_evaluable == summary.n_lines)
        .count();
    let active = summary
        .rules
        .iter()
        .filter(|rule| rule.status == Status::Active)
        .count();
    (never > 0).then_some((never as u64, active as u64))
}

fn not_judged(summary: &Summary) -> String {
    let open = open(summary).count() as u64;
    if open == 0 {
        return "Every active rule could be evaluated on every line.".to_owned();
    }
    let never = silent_rules(summary).map_or(0, |(never, _)| never);
    let active = summary.rules.iter();
    let active = active.filter(|rule| rule.status == Status::Active).count();
    let some = if open > never {
        format!(", {} not on some", thousands(open - never))
    } else {
        String::new()
    };
    format!(
        "Of {}, {} could not be evaluated on any line{some}. Where a field is absent, or the filing is of another stage, a rule neither hits nor clears.",
        count(active as u64, "active rule"),
        thousands(never)
    )
}

fn fields(html: &mut Html, summary: &Summary) {
    if summary.missing_fields.is_empty() {
        return;
    }
    let total = summary.missing_fields.len();
    let more = if total > MAX_FIELDS {
        format!(": the first {MAX_FIELDS} of {total}")
    } else {
        String::new()
    };
    html.note("A file that has such a field under another name needs only a mapping (`--map`) to say so. Otherwise the feed named here carries it: joined to the manifest, it lets the rules that wait for it be judged.");
    let caption = format!("Absent fields that would enable most rules{more}");
    wide_table(html, &caption, MISSING, |html| {
        for missing in summary.missing_fields.iter().take(MAX_FIELDS) {
            let field = FIELDS.iter().find(|field| field.name == missing.field);
            let meaning = field.map(|field| field.meaning);
            row(html, |html| {
                head_id(html, missing.field);
                cell(html, meaning.filter(|meaning| !meaning.is_empty()));
                html.element("td", |html| feed(html, field));
                number(html, missing.alone_enables as u64);
                number(html, missing.needed_by as u64);
                cell(html, Some(waiting(summary, missing.field)));
            });
        }
    });
}

/// What carries a field, and where in it the field stands.
fn feed(html: &mut Html, field: Option<&Field>) {
    let Some(field) = field else {
        html.text("–");
        return;
    };
    html.text(feeds(field));
    if !field.source.is_empty() {
        html.leaf_of("span", "under", field.source);
    }
}

/// The first active rules that lack a field on some line.
fn waiting(summary: &Summary, field: &str) -> String {
    let rules = open(summary).filter(|rule| rule.absent_fields.contains(&field));
    let ids: Vec<&str> = rules.map(|rule| rule.id.as_str()).collect();
    let first = ids[..ids.len().min(MAX_WAITING)].join(", ");
    match ids.len().saturating_sub(MAX_WAITING) {
        0 => first,
        more => format!("{first} and {} more", thousands(more as u64)),
    }
}

fn rules(html: &mut Html, summary: &Summary) {
    let total = open(summary).count();
    if total == 0 {
        return;
    }
    html.element("details", |html| {
        html.leaf(
            "summary",
            format!(
                "{} that could not be evaluated on every line, and why",
                count(total as u64, "rule")
            ),
        );
        let caption = capped("Rules not evaluable", total, MAX_OPEN);
        wide_table(html, &caption, RULES, |html| {
            for rule in open(summary).take(MAX_OPEN) {
                row(html, |html| {
                    head_id(html, &rule.id);
                    cell(html, Some(short(&rule.title)));
                    number(html, rule.not_evaluable);
                    why(html, rule);
                });
            }
        });
    });
}

fn why(html: &mut Html, rule: &RuleSummary) {
    html.element("td", |html| {
        if rule.absent_fields.is_empty() {
            html.text("Not for filings of this stage");
            return;
        }
        html.text("Absent: ");
        for (position, field) in rule.absent_fields.iter().enumerate() {
            html.text(if position > 0 { ", " } else { "" });
            html.leaf("code", field);
        }
    });
}
