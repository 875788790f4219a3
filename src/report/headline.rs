//! The head of the page: what was read, what to do.

use super::PARTS;
use super::frame::contents;
use super::gaps::silent_rules;
use super::html::Html;
use super::words::{count, short, thousands};
use crate::past::Mark;
use crate::select::Lane;
use crate::summary::Summary;
use crate::write::Finished;

/// Inputs that are named, at most.
const MAX_INPUTS: usize = 5;
/// Digits of the hash that name a rule pack.
const HASH_DIGITS: usize = 12;

/// Writes the head.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, summary: &Summary) {
    html.element("header", |html| {
        html.element_with("p", &[("class", "program")], |html| {
            html.text("ch24 · USMCA Chapter 24 shipment targeting ");
            // It names firms and people.
            html.leaf_of("strong", "mark", "INTERNAL · NOT FOR RELEASE");
        });
        html.leaf("h1", title(summary));
        html.leaf_of(
            "p",
            "lead",
            "A red flag is a reason to look, never a finding.",
        );
        to_do(html, summary);
        was_read(html, run, summary);
        contents(html, &PARTS);
    });
}

fn title(summary: &Summary) -> String {
    let [_, yellow, red] = summary.shipments_by_lane;
    match (summary.n_lines, red + yellow) {
        (0, _) => "No lines: the input holds no rows".to_owned(),
        (_, 0) => format!(
            "Nothing to look at among {}",
            count(summary.n_shipments, "shipment")
        ),
        (_, flagged) => {
            format!(
                "{} of {} to look at",
                thousands(flagged),
                count(summary.n_shipments, "shipment")
            )
        }
    }
}

/// One tile for each thing that can be done.
fn to_do(html: &mut Html, summary: &Summary) {
    let [green, yellow, red] = summary.shipments_by_lane;
    html.element_with("ul", &[("class", "tiles")], |html| {
        if summary.unmet_mandatory > 0 {
            let text = "A rule demands these whatever the score, and their port has no capacity left. They stand first.";
            tile(html, "unmet", summary.unmet_mandatory, "Mandatory, no capacity", text);
        }
        tile(html, Lane::Red.as_str(), red, "Red: examine", "Several kinds of evidence, or a rule that asks for it.");
        tile(html, Lane::Yellow.as_str(), yellow, "Yellow: review documents", "Ask for the papers before anything else.");
        green_tile(html, summary, green);
        let entities = if summary.cva_entities == 1 { "entity" } else { "entities" };
        let about = format!(
            "Of any lane: documents of Mexico could settle the question. {} {entities} on them: each firm, person or vessel, once for each role (importer, shipper, maker and so on).",
            thousands(summary.cva_entities)
        );
        tile(html, "verify", summary.cva_shipments, "To verify with Mexico", &about);
    });
    let [to_yellow, to_green] = summary.capacity_overflow;
    if to_yellow + to_green > 0 {
        let text = format!(
            "Beyond the capacity of their port: {} red became yellow, {} yellow became green.",
            thousands(to_yellow),
            thousands(to_green)
        );
        html.leaf_of("p", "note", text);
    }
}

/// What is released was judged by the rules that could be evaluated only, so that stands beside it.
fn green_tile(html: &mut Html, summary: &Summary, green: u64) {
    html.element_with("li", &[("data-color", Lane::Green.as_str())], |html| {
        html.leaf("strong", thousands(green));
        html.leaf_of("span", "what", "Green: release");
        html.element_with("span", &[("class", "about")], |html| {
            html.text("What hit them, if anything, stays below the thresholds.");
            if let Some((silent, active)) = silent_rules(summary) {
                html.text(format!(
                    " {} of {} could judge no line here: see ",
                    thousands(silent),
                    count(active, "rule")
                ));
                html.element_with("a", &[("href", "#gaps")], |html| {
                    html.text("What could not be judged");
                });
                html.text(".");
            }
        });
    });
}

fn tile(html: &mut Html, color: &'static str, number: u64, what: &str, about: &str) {
    html.element_with("li", &[("data-color", color)], |html| {
        html.leaf("strong", thousands(number));
        html.leaf_of("span", "what", what);
        html.leaf_of("span", "about", about);
    });
}

fn was_read(html: &mut Html, run: &Finished<'_>, summary: &Summary) {
    html.element_with("dl", &[("class", "facts")], |html| {
        let read = format!(
            "{} in {}",
            count(summary.n_lines, "line"),
            count(summary.n_shipments, "shipment")
        );
        fact(html, "Read", &read);
        if summary.n_superseded + summary.n_context > 0 {
            let text = format!(
                "{} superseded by later filings and not judged; {} of an earlier stage, which select nothing",
                count(summary.n_superseded, "row"),
                count(summary.n_context, "line")
            );
            fact(html, "Filings that repeat", &text);
        }
        if let Some(since) = &summary.since {
            let marked = |mark| since.shipments.get(&mark).copied().unwrap_or(0);
            let text = format!(
                "{} new, {} escalated, {} no longer there",
                thousands(marked(Mark::New)),
                thousands(marked(Mark::Escalated)),
                thousands(since.gone)
            );
            fact(html, "Since the earlier run", &text);
        }
        fact(html, "From", &inputs(run));
        fact(
            html,
            "Judged as of",
            summary
                .as_of
                .as_deref()
                .unwrap_or("no date: no line has one"),
        );
        fact(html, "Rule pack", &pack(run));
        let not_read = format!(
            "{} set aside; {} not read or changed",
            count(summary.n_set_aside, "row"),
            count(summary.n_cell_issues, "cell")
        );
        fact(html, "Not read", &not_read);
    });
}

/// A fact of a list of facts.
pub(super) fn fact(html: &mut Html, name: &'static str, text: &str) {
    html.element("div", |html| {
        html.leaf("dt", name);
        html.leaf("dd", text);
    });
}

fn inputs(run: &Finished<'_>) -> String {
    let mut names: Vec<String> = run
        .labels
        .iter()
        .take(MAX_INPUTS)
        .map(|input| short(&shown(&input.label)))
        .collect();
    if run.labels.len() > MAX_INPUTS {
        names.push(format!("{} more", run.labels.len() - MAX_INPUTS));
    }
    if names.is_empty() {
        "no input".to_owned()
    } else {
        names.join(", ")
    }
}

/// An input as readers know it.
pub(super) fn shown(label: &str) -> String {
    if label == "-" {
        "standard input".to_owned()
    } else {
        label.to_owned()
    }
}

fn pack(run: &Finished<'_>) -> String {
    let active = run
        .rules
        .rules
        .iter()
        .filter(|rule| rule.is_active())
        .count();
    let drafts = run.rules.rules.len() - active;
    let hash = run.rules.hash.get(..HASH_DIGITS).unwrap_or(&run.rules.hash);
    let drafts = if drafts > 0 {
        format!(", {}", count(drafts as u64, "draft"))
    } else {
        String::new()
    };
    format!("{}{drafts} ({hash})", count(active as u64, "active rule"))
}
