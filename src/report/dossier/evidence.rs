//! Shipments with their goods and parties, why rules hit them, and what the importer gave.

use super::labels::{label, word};
use super::who::inspected;
use crate::dossier::Internal;
use crate::dossier::Paper;
use crate::dossier::internal::{RuleText, Shipment};
use crate::dossier::line::{Fact, Hit, ListAnswer, NamedLine};
use crate::report::html::Html;
use crate::report::table::{Align, Columns, badge, cell, head, row, table};
use crate::report::words::count;
use crate::schema::field;

const GOODS: Columns = &[
    ("Line", Align::Left),
    ("HTS", Align::Left),
    ("Goods", Align::Left),
    ("Taxon", Align::Left),
    ("Quantity", Align::Right),
    ("Gross kg", Align::Right),
    ("Value USD", Align::Right),
    ("Origin, export, harvest", Align::Left),
];
const PAPERS: Columns = &[
    ("Given to US agencies", Align::Left),
    ("Status", Align::Left),
    ("Number or statement", Align::Left),
    ("Why it does not settle the question", Align::Left),
];

/// Writes every shipment.
pub(super) fn shipments(html: &mut Html, dossier: &Internal) {
    for shipment in &dossier.shipments {
        html.element_with("article", &[("class", "case")], |html| {
            one(html, dossier, shipment);
        });
    }
    if dossier.shipments_left_out > 0 {
        let text = format!(
            "Left out, since these rank higher: {}.",
            count(dossier.shipments_left_out, "shipment")
        );
        html.leaf_of("p", "note", text);
    }
}

fn one(html: &mut Html, dossier: &Internal, shipment: &Shipment) {
    html.element("h3", |html| {
        html.text(format!("Shipment {} ", shipment.shipment_key));
        let color = match shipment.lane {
            "red" => "red",
            "yellow" => "yellow",
            _ => "plain",
        };
        badge(html, color, shipment.lane);
    });
    let lines = &shipment.lines;
    let all: Vec<(&str, String)> = lines.first().map_or_else(Vec::new, |line| {
        let groups = [&line.filing, &line.mexico, &line.parties, &line.harvest];
        let values = groups.into_iter().flatten();
        values.map(|(name, value)| (*name, value.clone())).collect()
    });
    html.element_with("dl", &[("class", "pairs")], |html| {
        for (name, value) in &all {
            html.element("div", |html| {
                html.leaf("dt", label(name));
                html.leaf("dd", value);
            });
        }
    });
    if let Some(text) = inspected(&shipment.outcomes) {
        html.leaf_of("p", "inspected", text);
    }
    table(html, "Goods as declared", GOODS, |html| {
        for line in lines {
            row(html, |html| goods(html, line));
        }
    });
    for (rule, hits) in by_rule(lines) {
        if let Some(text) = dossier.rules.iter().find(|text| text.id == rule)
            && text.asks_mexico
        {
            why(html, text, &hits);
        }
    }
    others(html, dossier, lines);
    papers(html, lines);
}

fn goods(html: &mut Html, line: &NamedLine) {
    let value = |id| line.value(id);
    let joined = |ids: &[crate::schema::FieldId]| {
        let values: Vec<_> = ids.iter().map(|id| value(*id).unwrap_or("–")).collect();
        values.join(", ")
    };
    head(html, &line.line_id);
    cell(html, value(field::HTS_NUMBER));
    cell(
        html,
        value(field::GOODS_DESCRIPTION).or_else(|| value(field::COMMERCIAL_DESCRIPTION)),
    );
    html.element("td", |html| match value(field::TAXON) {
        Some(taxon) => html.leaf("i", taxon),
        None => html.text("–"),
    });
    let quantity = [field::QUANTITY_1, field::QUANTITY_1_UOM].map(value);
    let quantity: Vec<_> = quantity.into_iter().flatten().collect();
    html.leaf_of("td", "n", quantity.join(" "));
    html.leaf_of("td", "n", value(field::GROSS_WEIGHT_KG).unwrap_or("–"));
    html.leaf_of("td", "n", value(field::ENTERED_VALUE_USD).unwrap_or("–"));
    let countries = [
        field::COUNTRY_OF_ORIGIN,
        field::COUNTRY_OF_EXPORT,
        field::COUNTRY_OF_HARVEST,
    ];
    cell(html, Some(joined(&countries)));
}

/// The hits of all lines, by rule in order of id.
fn by_rule(lines: &[NamedLine]) -> std::collections::BTreeMap<&str, Vec<(&NamedLine, &Hit)>> {
    let mut rules: std::collections::BTreeMap<&str, Vec<(&NamedLine, &Hit)>> =
        std::collections::BTreeMap::new();
    for line in lines {
        for hit in &line.hits {
            rules.entry(&hit.rule).or_default().push((line, hit));
        }
    }
    rules
}

fn why(html: &mut Html, rule: &RuleText, hits: &[(&NamedLine, &Hit)]) {
    html.element_with("div", &[("class", "why-hit")], |html| {
        html.element("h4", |html| {
            html.leaf_of("span", "id", &rule.id);
            html.text(format!(" {}", rule.title));
        });
        // Lines that say the same stand together.
        let mut told: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
        for (line, hit) in hits {
            let facts = sentences(&hit.facts);
            match told.iter_mut().find(|(_, known)| *known == facts) {
                Some((lines, _)) => lines.push(&line.line_id),
                None => told.push((vec![&line.line_id], facts)),
            }
        }
        for (mut lines, facts) in told {
            lines.dedup();
            html.leaf_of("p", "on", format!("Line {}:", lines.join(", ")));
            html.element("ul", |html| {
                facts.iter().for_each(|fact| html.leaf("li", fact));
            });
        }
        html.leaf_of("p", "law", format!("Law: {}.", rule.legal_basis.join("; ")));
    });
}

/// The parts of a condition that are true, with what they rest on; nothing is told twice.
fn sentences(facts: &[Fact]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let mut sentences = Vec::new();
    for fact in facts {
        let values = fact.values.iter();
        let values = values.filter(|(name, _)| !name.starts_with(':'));
        let values = values.map(|(name, value)| match value {
            Some(value) => format!("{} = {value}", label(name)),
            None => format!("{} is missing", label(name)),
        });
        let lists = fact.lists.iter().map(answer);
        let mut fresh: Vec<String> = values.chain(lists).collect();
        let is_bare = fresh.is_empty();
        fresh.retain(|part| !told.contains(part));
        match (is_bare, fresh.is_empty()) {
            (true, _) => sentences.push(fact.condition.clone()),
            (false, true) => {}
            (false, false) => sentences.push(fresh.join("; ")),
        }
        told.extend(fresh);
    }
    sentences
}

fn answer(answer: &ListAnswer) -> String {
    let list = format!("List {} (as of {})", answer.list, answer.as_of);
    let Some(row) = &answer.row else {
        return match &answer.key {
            Some(key) => format!("{list}: no row for {key}"),
            None => format!("{list}: nothing to look up"),
        };
    };
    let force = match (&row.valid_from, &row.valid_to) {
        (Some(from), Some(to)) => format!(", in force {from} to {to}"),
        (Some(from), None) => format!(", in force since {from}"),
        (None, Some(to)) => format!(", in force until {to}"),
        (None, None) => String::new(),
    };
    let cells: Vec<String> = row
        .cells
        .iter()
        .map(|(name, value)| format!("{} {value}", word(name)))
        .collect();
    let cells = match cells.is_empty() {
        true => String::new(),
        false => format!(" ({})", cells.join(", ")),
    };
    format!("{list}: row {}{force}{cells}", row.key)
}

/// Hits that ask nothing of Mexico, in one line; the JSON has their evidence.
fn others(html: &mut Html, dossier: &Internal, lines: &[NamedLine]) {
    let by_rule = by_rule(lines);
    let named = |mitigates: bool| -> Vec<String> {
        let texts = dossier.rules.iter().filter(|text| {
            by_rule.contains_key(text.id.as_str())
                && !text.asks_mexico
                && text.mitigates == mitigates
        });
        texts
            .map(|text| format!("{} ({})", text.title, text.id))
            .collect()
    };
    for (start, titles) in [("Also hit", named(false)), ("Speaks for it", named(true))] {
        if !titles.is_empty() {
            html.leaf_of("p", "also", format!("{start}: {}.", titles.join("; ")));
        }
    }
}

fn papers(html: &mut Html, lines: &[NamedLine]) {
    let mut papers: Vec<&Paper> = lines.iter().flat_map(|line| &line.papers).collect();
    papers.sort();
    papers.dedup();
    if papers.is_empty() {
        html.leaf_of(
            "p",
            "also",
            "No document to a US agency is stated on these lines.",
        );
        return;
    }
    table(html, "What the importer gave", PAPERS, |html| {
        for paper in papers {
            row(html, |html| {
                head(html, paper.name);
                cell(html, paper.status.as_deref().map(word));
                let numbers: Vec<String> = paper
                    .numbers
                    .iter()
                    .map(|(name, value)| format!("{}: {value}", label(name)))
                    .collect();
                cell(html, (!numbers.is_empty()).then(|| numbers.join("; ")));
                cell(html, Some(&paper.leaves_open));
            });
        }
    });
}

/// Writes what each rule that asks says of itself.
pub(super) fn rules(html: &mut Html, dossier: &Internal) {
    for rule in dossier.rules.iter().filter(|rule| rule.asks_mexico) {
        html.element_with("article", &[("class", "rule")], |html| {
            html.element("h3", |html| {
                html.leaf_of("span", "id", &rule.id);
                html.text(format!(" {}", rule.title));
            });
            html.element("dl", |html| {
                let lines = [
                    ("Why it matters", rule.why.clone()),
                    ("Would clear it", rule.clears.clone()),
                    ("Legal basis", Some(rule.legal_basis.join("; "))),
                    (
                        "Lawful goods it also hits",
                        Some(rule.false_positives.join("; ")),
                    ),
                ];
                for (name, text) in lines {
                    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
                        html.leaf("dt", name);
                        html.leaf("dd", text.trim());
                    }
                }
            });
        });
    }
}
