//! The internal edition of a dossier: everything an officer needs to decide whether to ask, and what is left to fill in.

use super::collect::{Collected, Kept};
use super::documents::{Document, asked_of_line, document};
use super::identity::Used;
use super::line::NamedLine;
use super::ports::port_names;
use super::reference::reference;
use super::releasable::releasable;
use super::status::Event;
use super::values::{Values, as_object};
use super::withheld::Withheld;
use crate::past::Listed;
use crate::rules::{Rule, RuleSet};
use crate::trace::run::PastRun;
use crate::write::Masks;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The form of the JSON; it changes when a key changes its meaning or goes.
pub const FORM: &str = "ch24-dossier-1";

/// What the internal edition says.
pub const NOTICE: &str = "A red flag is a reason to look, never a finding.";

/// Law on the US side, and what of it was read.
///
/// # Source
/// 19 USC 4711-4717, as summarized in the notes on the domain, section 1.2.
pub const US_LAW: [(&str, &str); 4] = [
    (
        "19 USC 4713",
        "The Interagency Environment Committee for Monitoring and Enforcement may have particular shipments of Mexico verified under the agreement of 10 December 2019, on public comments or on its own motion.",
    ),
    (
        "19 USC 4713",
        "The Trade Representative asks Mexico for relevant information; the Committee reviews it and may have additional steps on the shipment asked for.",
    ),
    (
        "19 USC 4713",
        "Comments of the public are reviewed within 30 days of their submission.",
    ),
    (
        "19 USC 4711-4717",
        "The Trade Representative consults Congress and its advisory committee every quarter on comments, information and actions.",
    ),
];

/// The internal edition.
#[derive(Clone, Debug, Serialize)]
pub struct Internal {
    /// [`FORM`].
    pub form: &'static str,
    /// `internal`.
    pub edition: &'static str,
    /// The name of the dossier in files and in what is noted of it.
    pub id: String,
    /// The name of its releasable edition ([`reference()`]).
    pub reference: String,
    /// [`NOTICE`].
    pub notice: &'static str,
    /// By what it was made.
    pub run: Value,
    /// The entity, as the run listed it.
    pub entity: Listed,
    /// What it called itself over time.
    pub identity: Vec<Used>,
    /// Lines whose names and addresses were too many to list.
    pub identity_left_out: u64,
    /// Who stands on the same lines to verify. They share no points.
    pub linked: Vec<Linked>,
    /// What earlier inspections found.
    pub outcomes: Vec<Inspected>,
    /// Outcomes beyond those listed.
    pub outcomes_left_out: u64,
    /// The shipments to verify, the worst first.
    pub shipments: Vec<Shipment>,
    /// Shipments to verify beyond those listed.
    pub shipments_left_out: u64,
    /// What is asked.
    pub questions: Vec<Question>,
    /// Which documents of Mexico would answer it.
    pub documents_asked: Vec<Asked>,
    /// Names of the ports of entry, by code, as far as lists of the pack have them.
    pub us_ports: BTreeMap<String, String>,
    /// What the releasable edition does not show of the free text that it takes over.
    pub withheld: Withheld,
    /// The rules that hit, by id.
    pub rules: Vec<RuleText>,
    /// Law on the US side.
    pub us_law: Vec<Law>,
    /// What an officer fills in.
    pub to_fill: Value,
    /// What was noted of its verification, in order.
    pub status: Vec<Event>,
}

/// A party on the same lines.
#[derive(Clone, Debug, Serialize)]
pub struct Linked {
    /// Its role.
    pub role: &'static str,
    /// What tells it apart.
    pub key: String,
    /// How it is named.
    pub name: Option<String>,
    /// Shipments that both stand on.
    pub shipments: usize,
}

/// What an inspection found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspected {
    /// The shipment.
    pub shipment_key: String,
    /// The line.
    pub line_id: String,
    /// The outcome fields.
    #[serde(flatten, serialize_with = "as_object")]
    pub values: Values,
}

/// A shipment to verify.
#[derive(Clone, Debug, Serialize)]
pub struct Shipment {
    /// Its key.
    pub shipment_key: String,
    /// The worst lane of its lines listed here.
    pub lane: &'static str,
    /// The largest score of its lines listed here.
    pub score: u8,
    /// What earlier inspections found of it.
    pub outcomes: Vec<Inspected>,
    /// The lines to verify on which the entity stands.
    pub lines: Vec<NamedLine>,
}

/// A question.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The rules that ask it.
    pub rules: Vec<String>,
    /// The shipments that it is asked of.
    pub shipments: Vec<String>,
}

/// A document to ask for.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// What rules call it.
    pub code: String,
    /// What is known of it; none for a code that is not in the table.
    #[serde(flatten)]
    pub known: Option<Known>,
    /// The shipments that it is asked of.
    pub shipments: Vec<String>,
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Known {
    /// Its name in Mexico.
    pub name: &'static str,
    /// What it is.
    pub english: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// Where it is known from.
    pub basis: &'static str,
}

/// A law, and what it says.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Law {
    /// Where it stands.
    pub citation: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// What a rule says to people.
#[derive(Clone, Debug, Serialize)]
pub struct RuleText {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its theme.
    pub theme: &'static str,
    /// Its severity.
    pub severity: &'static str,
    /// Its points; subtracted where it speaks for the shipment.
    pub points: i32,
    /// It speaks for the shipment.
    pub mitigates: bool,
    /// It makes a line one to verify with Mexico.
    pub asks_mexico: bool,
    /// Its version.
    pub version: u32,
    /// Why it matters.
    pub why: Option<String>,
    /// What would clear it.
    pub clears: Option<String>,
    /// Law.
    pub legal_basis: Vec<String>,
    /// Lawful goods that it also hits.
    pub false_positives: Vec<String>,
    /// What to ask.
    pub question: Option<String>,
    /// Documents of Mexico that would settle it.
    pub verify: Vec<String>,
    /// Agencies that act on it.
    pub refer_to: Vec<String>,
}

/// The name of a dossier within the house: role, and 12 hex digits of BLAKE3 of role and key, the same in every run.
///
/// Importer numbers are few enough to be tried, so whoever has this name can find the number: it never leaves the house. What
/// leaves bears a [`reference()`].
pub fn dossier_id(entity: &Listed) -> String {
    let role = entity.role.as_str();
    let hash = blake3::hash(format!("{role}\u{0}{}", entity.key).as_bytes()).to_hex();
    format!("{role}-{}", hash.get(..12).unwrap_or(""))
}

/// Makes the internal edition of what was collected.
pub fn internal(
    past: &PastRun,
    collected: Collected,
    masks: &Masks,
    status: Vec<Event>,
) -> Internal {
    let mut shipments: Vec<(String, Kept)> = collected.shipments.into_iter().collect();
    // Stable: what ranks alike stays in the order of keys.
    shipments.sort_by_key(|(_, kept)| std::cmp::Reverse(kept.rank));
    let outcomes = collected.outcomes.into_iter().map(|outcome| Inspected {
        shipment_key: outcome.shipment_key,
        line_id: outcome.line_id,
        values: outcome.values,
    });
    let outcomes: Vec<Inspected> = outcomes.collect();
    let shipments: Vec<Shipment> = shipments
        .into_iter()
        .map(|kept| shipment(kept, &outcomes))
        .collect();
    let rules = rules_of(&past.rules, &shipments);
    let mut linked: Vec<_> = collected.links.into_iter().collect();
    linked.sort_by_key(|((role, _), link)| (*role, std::cmp::Reverse(link.shipments.len())));
    let linked = linked.into_iter().map(|((role, key), link)| Linked {
        role: role.as_str(),
        name: link
            .name
            .filter(|name| *name != key)
            .map(|name| masks.shown(&name).into_owned()),
        key: masks.shown(&key).into_owned(),
        shipments: link.shipments.len(),
    });
    let mut internal = Internal {
        form: FORM,
        edition: "internal",
        id: dossier_id(&collected.entity),
        reference: reference(past, &collected.entity),
        notice: NOTICE,
        run: run(past),
        identity: collected.identity.used(masks),
        identity_left_out: collected.identity.n_left_out(),
        linked: linked.collect(),
        outcomes,
        outcomes_left_out: collected.outcomes_left_out,
        questions: questions(&rules, &shipments),
        documents_asked: documents(&rules, &shipments),
        us_ports: port_names(&past.rules, &shipments),
        withheld: Withheld::default(),
        rules: rules.into_iter().map(text_of).collect(),
        shipments,
        shipments_left_out: collected.left_out.len() as u64,
        us_law: US_LAW
            .map(|(citation, says)| Law { citation, says })
            .to_vec(),
        to_fill: to_fill(),
        status,
        entity: collected.entity,
    };
    internal.withheld = releasable(&internal).withheld;
    internal
}

fn run(past: &PastRun) -> Value {
    let account = &past.account;
    let inputs = account["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    let inputs: Vec<Value> = inputs
        .iter()
        .map(|input| json!({"label": input["label"], "rows": input["rows"], "blake3": input["blake3"]}))
        .collect();
    json!({
        "version": account["version"],
        "rules": {"pack": account["rules"]["pack"], "blake3": account["rules"]["blake3"]},
        "as_of": account["as_of"],
        "inputs": inputs,
    })
}

/// Blanks: nothing here is known to the program.
fn to_fill() -> Value {
    let blank = json!({"checked": null, "by": null, "on": null, "note": null});
    json!({
        "conflicts_with_open_investigations": blank,
        "agency_concurrence": [
            {"agency": null, "concurs": null, "by": null, "on": null},
        ],
    })
}

fn shipment((key, kept): (String, Kept), outcomes: &[Inspected]) -> Shipment {
    let scores = kept.lines.iter().map(|line| line.score);
    let own = kept.lines.iter().filter(|line| !line.outcome.is_empty());
    let mut found: Vec<Inspected> = own
        .map(|line| Inspected {
            shipment_key: key.clone(),
            line_id: line.line_id.clone(),
            values: line.outcome.clone(),
        })
        .collect();
    let others = outcomes.iter().filter(|other| other.shipment_key == key);
    found.extend(others.cloned());
    let mut different: Vec<Inspected> = Vec::new();
    for outcome in found {
        if !different.contains(&outcome) {
            different.push(outcome);
        }
    }
    Shipment {
        outcomes: different,
        shipment_key: key,
        lane: kept.rank.0.as_str(),
        score: scores.max().unwrap_or(0),
        lines: kept.lines,
    }
}

fn rules_of<'a>(rules: &'a RuleSet, shipments: &[Shipment]) -> Vec<&'a Rule> {
    let lines = shipments.iter().flat_map(|shipment| &shipment.lines);
    let ids: BTreeSet<&str> = lines
        .flat_map(|line| &line.hits)
        .map(|hit| hit.rule.as_str())
        .collect();
    let of_shipments = rules
        .rules
        .iter()
        .filter(|rule| ids.contains(rule.id.as_str()));
    of_shipments.collect()
}

fn is_hit_by(shipment: &Shipment, rule: &Rule) -> bool {
    let mut hits = shipment.lines.iter().flat_map(|line| &line.hits);
    hits.any(|hit| hit.rule == rule.id)
}

/// The shipments that one of some rules hit, in their order.
fn hit_by(shipments: &[Shipment], rules: &[&Rule]) -> Vec<String> {
    let hit = shipments
        .iter()
        .filter(|shipment| rules.iter().any(|rule| is_hit_by(shipment, rule)));
    hit.map(|shipment| shipment.shipment_key.clone()).collect()
}

/// Each different question of the rules that ask Mexico, those of most shipments first.
fn questions(rules: &[&Rule], shipments: &[Shipment]) -> Vec<Question> {
    let mut asking: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.asks_mexico()) {
        let question = rule.texts.question.as_deref().unwrap_or(&rule.title);
        asking.entry(question.trim()).or_default().push(rule);
    }
    let mut questions: Vec<Question> = asking
        .into_iter()
        .map(|(question, rules)| Question {
            question: question.to_owned(),
            shipments: hit_by(shipments, &rules),
            rules: rules.iter().map(|rule| rule.id.clone()).collect(),
        })
        .collect();
    questions.sort_by_key(|question| std::cmp::Reverse(question.shipments.len()));
    questions
}

/// Each document that would settle a question, those of most shipments first.
fn documents(rules: &[&Rule], shipments: &[Shipment]) -> Vec<Asked> {
    let mut asked: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for shipment in shipments {
        let codes: BTreeSet<&str> = shipment
            .lines
            .iter()
            .flat_map(|line| asked_of_line(line, rules))
            .collect();
        for code in codes {
            let of_code = asked.entry(code).or_default();
            of_code.push(shipment.shipment_key.clone());
        }
    }
    let mut documents: Vec<Asked> = asked
        .into_iter()
        .map(|(code, shipments)| Asked {
            code: code.to_owned(),
            known: document(code).map(known),
            shipments,
        })
        .collect();
    documents.sort_by_key(|asked| std::cmp::Reverse(asked.shipments.len()));
    documents
}

fn known(document: &Document) -> Known {
    Known {
        name: document.name,
        english: document.english,
        shows: document.shows,
        basis: document.basis,
    }
}

fn text_of(rule: &Rule) -> RuleText {
    let texts = rule.texts.clone();
    RuleText {
        id: rule.id.clone(),
        title: rule.title.clone(),
        theme: rule.theme.as_str(),
        severity: rule.severity.as_str(),
        points: rule.points,
        mitigates: rule.mitigates,
        asks_mexico: rule.asks_mexico(),
        version: rule.version,
        why: texts.why,
        clears: texts.clears,
        legal_basis: texts.legal_basis,
        false_positives: texts.false_positives,
        question: texts.question,
        verify: texts.verify,
        refer_to: texts.refer_to,
    }
}
