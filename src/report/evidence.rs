//! Why a shipment was picked: each rule that hit it, and what would settle the question.

use super::html::Html;
use super::table::badge;
use super::words::{count, cut, filed, short, theme};
use crate::rules::vocabulary::{Floor, Severity};
use crate::rules::{Rule, RuleTexts, SCORED_THEMES};
use crate::select::Shipment;
use crate::write::Finished;

/// Bytes of a page from which on evidence names rules and no more: packs may hold texts of any length.
const MAX_BYTES: usize = 3 << 20;
/// Rules that are named then.
const MAX_NAMED: usize = 50;
/// Characters of a text of a rule.
const MAX_TEXT: usize = 4000;

/// Writes the evidence of a shipment.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, shipment: &Shipment) {
    html.element_with("div", &[("class", "evidence")], |html| {
        html.leaf_of("p", "note", account(run, shipment));
        let mut hits: Vec<&Rule> = run
            .shipments
            .hit_sets
            .get(shipment.hits)
            .iter()
            .map(|hit| run.rules.rule(*hit))
            .collect();
        // The strongest first, as in the reason; what speaks for the shipment last.
        hits.sort_by_key(|rule| (rule.mitigates, std::cmp::Reverse((rule.floor, rule.points))));
        for (position, hit) in hits.iter().enumerate() {
            if html.len() > MAX_BYTES {
                rest(html, &hits[position..]);
                return;
            }
            rule(html, hit);
        }
    });
}

/// The rules that a full page has no room to explain.
fn rest(html: &mut Html, hits: &[&Rule]) {
    let named = hits.iter().take(MAX_NAMED);
    let ids: Vec<String> = named.map(|rule| short(&rule.id)).collect();
    let text = format!(
        "{}. This page is full: `ch24 explain` has the rest.",
        ids.join(", ")
    );
    html.note(&text);
}

/// Scores, size and worst line of a shipment, in one line.
fn account(run: &Finished<'_>, shipment: &Shipment) -> String {
    let scored = SCORED_THEMES
        .iter()
        .zip(shipment.theme_scores)
        .filter(|(_, score)| *score > 0);
    let scores: Vec<_> = scored
        .map(|(scored, score)| format!("{} {score}", theme(*scored)))
        .collect();
    let scores = if scores.is_empty() {
        "Score 0".to_owned()
    } else {
        format!("Score by theme: {}", scores.join(", "))
    };
    let lines = count(u64::from(shipment.n_lines), "line");
    let (input, line) = shipment.deciding();
    match run.labels.get(input) {
        Some(label) => {
            let place = filed(run.masks, &label.label);
            format!(
                "{scores}. {lines}; the worst is {place}#{line}, record {}.",
                label.record_id(line)
            )
        }
        None => format!("{scores}. {lines}."),
    }
}

fn rule(html: &mut Html, rule: &Rule) {
    html.element_with("article", &[("class", "rule")], |html| {
        html.element("h3", |html| {
            html.leaf_of("span", "id", short(&rule.id));
            html.text(" ");
            html.text(short(&rule.title));
        });
        html.element_with("p", &[("class", "marks")], |html| {
            severity(html, rule.severity);
            html.text(points(rule));
            if let Some(floor) = rule.floor.filter(|_| !rule.mitigates) {
                html.text(match floor {
                    Floor::Examine => " · examination whatever the score",
                    Floor::Review => " · review whatever the score",
                });
            }
        });
        html.element("dl", |html| texts(html, &rule.texts));
    });
}

/// A severity as a badge.
pub(super) fn severity(html: &mut Html, severity: Severity) {
    let color = match severity {
        Severity::Critical => "red",
        Severity::High => "yellow",
        Severity::Medium | Severity::Low => "plain",
    };
    badge(html, color, severity);
}

fn points(rule: &Rule) -> String {
    if rule.mitigates {
        return format!(
            "−{} (speaks for the shipment)",
            count(u64::from(rule.points.unsigned_abs()), "point")
        );
    }
    count(u64::from(rule.points.unsigned_abs()), "point")
}

fn texts(html: &mut Html, texts: &RuleTexts) {
    line(html, "Why", texts.why.as_deref());
    line(html, "Would clear it", texts.clears.as_deref());
    line(html, "Examine", joined(&texts.examine).as_deref());
    line(html, "Question", texts.question.as_deref());
    line(
        html,
        "Documents to verify",
        joined(&texts.verify).as_deref(),
    );
    line(html, "Legal basis", joined(&texts.legal_basis).as_deref());
    line(html, "Refer to", joined(&texts.refer_to).as_deref());
    line(
        html,
        "Lawful goods it also hits",
        joined(&texts.false_positives).as_deref(),
    );
}

fn line(html: &mut Html, name: &'static str, text: Option<&str>) {
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        html.leaf("dt", name);
        html.leaf("dd", cut(text, MAX_TEXT));
    }
}

/// Items in one line; none for no items.
pub(super) fn joined(items: &[String]) -> Option<String> {
    (!items.is_empty()).then(|| items.join("; "))
}
