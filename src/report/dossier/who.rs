//! Who the entity is: names over time, parties on the same lines, earlier inspections, rules that hit.

use super::labels::{label, word};
use crate::dossier::Internal;
use crate::dossier::internal::Inspected;
use crate::report::html::Html;
use crate::report::table::{Align, Columns, cell, head, number, row, table};
use crate::report::words::{count, thousands};

const IDENTITY: Columns = &[
    ("As filed", Align::Left),
    ("Value", Align::Left),
    ("First", Align::Left),
    ("Last", Align::Left),
    ("Lines", Align::Right),
];
const LINKED: Columns = &[
    ("Party", Align::Left),
    ("Role", Align::Left),
    ("Shipments to verify", Align::Right),
];
const OUTCOMES: Columns = &[
    ("Shipment", Align::Left),
    ("Line", Align::Left),
    ("Outcome", Align::Left),
    ("What", Align::Left),
];
const HITS: Columns = &[("Rule", Align::Left), ("Shipments", Align::Right)];

/// Parties that are shown per role.
const MAX_LINKED: usize = 12;

/// Writes the tables.
pub(super) fn write(html: &mut Html, dossier: &Internal) {
    table(
        html,
        "Names, addresses and codes over time",
        IDENTITY,
        |html| {
            for used in &dossier.identity {
                row(html, |html| {
                    head(html, label(used.field));
                    cell(html, Some(&used.value));
                    cell(html, used.first.as_deref());
                    cell(html, used.last.as_deref());
                    number(html, used.lines);
                });
            }
        },
    );
    if dossier.identity_left_out > 0 {
        let text = format!(
            "Not listed: {} with further values.",
            count(dossier.identity_left_out, "line")
        );
        html.leaf_of("p", "note", text);
    }
    linked(html, dossier);
    outcomes(html, dossier);
    let rules = dossier.rules.iter();
    let titles: std::collections::BTreeMap<&str, &str> = rules
        .map(|rule| (rule.id.as_str(), rule.title.as_str()))
        .collect();
    table(
        html,
        "Rules that hit its shipments, all of them",
        HITS,
        |html| {
            for (rule, shipments) in &dossier.entity.rule_shipments {
                row(html, |html| {
                    let title = titles.get(rule.as_str()).map_or("", |title| title);
                    head(html, format!("{rule} {title}"));
                    number(html, *shipments);
                });
            }
        },
    );
}

fn linked(html: &mut Html, dossier: &Internal) {
    if dossier.linked.is_empty() {
        return;
    }
    let note = "Parties on the same lines to verify. They share no points: a link is no evidence.";
    html.leaf_of("p", "note", note);
    let mut shown = 0;
    let mut last = ("", 0);
    table(html, "Linked parties", LINKED, |html| {
        for party in &dossier.linked {
            last = match last.0 == party.role {
                true => (last.0, last.1 + 1),
                false => (party.role, 1),
            };
            if last.1 > MAX_LINKED {
                continue;
            }
            shown += 1;
            row(html, |html| {
                html.element_with("th", &[("scope", "row")], |html| match &party.name {
                    Some(name) => {
                        html.text(name);
                        html.leaf_of("span", "under", &party.key);
                    }
                    None => html.text(&party.key),
                });
                cell(html, Some(word(party.role)));
                number(html, party.shipments as u64);
            });
        }
    });
    if shown < dossier.linked.len() {
        let text = format!(
            "{} more in the JSON edition.",
            thousands((dossier.linked.len() - shown) as u64)
        );
        html.leaf_of("p", "note", text);
    }
}

/// What the outcomes of a dossier are not: those of a history store, whose keys are hashes.
const OUTCOMES_OF_RUN: &str = "These are outcomes of its own lines in this run. What was found of earlier shipments and came in with a history store is not among them: features of the lines, such as importer_bad_rate, hold it.";

fn outcomes(html: &mut Html, dossier: &Internal) {
    let entity = &dossier.entity;
    html.leaf_of("p", "note", OUTCOMES_OF_RUN);
    if dossier.outcomes.is_empty() && entity.n_outcome_bad + entity.n_outcome_ok == 0 {
        html.leaf_of(
            "p",
            "note",
            "No outcome of an inspection is known for its lines in this run.",
        );
        return;
    }
    let caption = format!(
        "Inspections known in this run: {} found wrong, {} in order",
        count(u64::from(entity.n_outcome_bad), "shipment"),
        thousands(u64::from(entity.n_outcome_ok))
    );
    table(html, &caption, OUTCOMES, |html| {
        for outcome in &dossier.outcomes {
            row(html, |html| {
                head(html, &outcome.shipment_key);
                cell(html, Some(&outcome.line_id));
                cell(html, said(outcome, "outcome"));
                cell(html, Some(about(outcome)));
            });
        }
    });
}

/// What an outcome says under a name: words of closed sets in words, days as they are.
fn said(outcome: &Inspected, name: &str) -> Option<String> {
    let mut values = outcome.values.iter();
    let (_, value) = values.find(|(known, _)| *known == name)?;
    Some(match name {
        "outcome_date" => value.clone(),
        _ => word(value),
    })
}

/// Day, basis, theme and kind of an outcome, as far as they are known.
fn about(outcome: &Inspected) -> String {
    let names = [
        "outcome_date",
        "outcome_basis",
        "outcome_theme",
        "outcome_kind",
    ];
    let said = names.into_iter().filter_map(|name| said(outcome, name));
    said.collect::<Vec<_>>().join(", ")
}

/// What inspections found of a shipment, in a sentence; none where nobody looked.
pub(super) fn inspected(outcomes: &[Inspected]) -> Option<String> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for outcome in outcomes {
        let result = match said(outcome, "outcome").as_deref() {
            Some("ok") => "in order".to_owned(),
            Some("bad") => "found wrong".to_owned(),
            _ => continue,
        };
        let text = match about(outcome) {
            about if about.is_empty() => result,
            about => format!("{result} ({about})"),
        };
        match found.iter_mut().find(|(known, _)| *known == text) {
            Some((_, lines)) => lines.push(&outcome.line_id),
            None => found.push((text, vec![&outcome.line_id])),
        }
    }
    // What was found wrong comes first.
    found.sort();
    let found = found
        .iter()
        .map(|(text, lines)| format!("{text}, line {}", lines.join(", ")));
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| format!("Inspected before: {}.", found.join("; ")))
}
