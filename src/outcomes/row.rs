//! A row of a file of outcomes -> a label, or what is wrong with it.

use super::known::Known;
use super::source::SourceRow;
use crate::normalize::date::{date, format_date};
use serde_json::Value;

/// What an inspection found, in one form. Every text is empty where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// What it speaks of.
    pub key: LabelKey,
    /// The day it became known, ISO form.
    pub date: String,
    /// `bad` or `ok`.
    pub outcome: String,
    /// `document_review`, `exam`, `lab` or `audit`.
    pub basis: String,
    /// `timber`, `wildlife` or `iuu`.
    pub theme: String,
    /// `documentary`, `quantity`, `species`, `prohibited` or `other`.
    pub kind: String,
    /// `line` or `shipment`.
    pub scope: String,
    /// The referral that it came back under.
    pub referral_id: String,
}

/// What a label speaks of: a line, else a shipment.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabelKey {
    /// The shipment.
    pub shipment_key: String,
    /// The line.
    pub line_id: String,
}

/// What was wrong with a row of a file of outcomes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue {
    /// The file.
    pub file: String,
    /// The row, from 1.
    pub row: u64,
    /// What was wrong.
    pub kind: &'static str,
    /// The column; empty for the row as a whole.
    pub column: &'static str,
    /// What was done.
    pub done: &'static str,
    /// The cells of the row, as JSON.
    pub text: String,
}

const SET_ASIDE: &str = "the row is set aside";
const CLEARED: &str = "the value is left out";

/// The words of a column.
fn words(column: &str) -> &'static [&'static str] {
    match column {
        "outcome_basis" => &["document_review", "exam", "lab", "audit"],
        "outcome_theme" => &["timber", "wildlife", "iuu"],
        "outcome_kind" => &["documentary", "quantity", "species", "prohibited", "other"],
        "outcome_scope" => &["line", "shipment"],
        _ => &["bad", "ok"],
    }
}

/// The columns by which a row names what it speaks of.
pub(super) const KEYS: [&str; 3] = ["line_id", "shipment_key", "referral_id"];

/// What is said of a row that contradicts another one: neither is dropped.
pub(super) fn contradiction(row: &SourceRow, file: &str) -> Issue {
    Issue {
        file: file.to_owned(),
        row: row.number,
        kind: "contradicts",
        column: "outcome",
        done: "both are kept, and bad counts",
        text: Value::from(row.cells.clone()).to_string(),
    }
}

/// Reads a row; a row that does not fit gives no label, and every row gives all its issues.
pub(super) fn label(row: &SourceRow, file: &str, known: &Known) -> (Option<Label>, Vec<Issue>) {
    let mut issues = Vec::new();
    let mut issue = |kind, column, done| {
        issues.push(Issue {
            file: file.to_owned(),
            row: row.number,
            kind,
            column,
            done,
            text: Value::from(row.cells.clone()).to_string(),
        });
    };
    if row.is_broken {
        issue("unreadable-row", "", SET_ASIDE);
        return (None, issues);
    }
    let found = key(row, known);
    let outcome = word(row, "outcome");
    let day = row.text("outcome_date").and_then(|text| date(&text).value);
    match (&found, &outcome, &day) {
        (Err((kind, column)), _, _) => issue(kind, column, SET_ASIDE),
        (_, Err(()), _) => issue("not-an-outcome", "outcome", SET_ASIDE),
        (_, Ok(None), _) => issue("no-outcome", "outcome", SET_ASIDE),
        (_, _, None) => {
            let kind = match row.text("outcome_date") {
                Some(_) => "not-a-date",
                None => "no-date",
            };
            issue(kind, "outcome_date", SET_ASIDE);
        }
        (Ok(key), Ok(Some(_)), Some(day)) => {
            if let Some(kind) = known.out_of_time(key, *day) {
                issue(kind, "outcome_date", SET_ASIDE);
                return (None, issues);
            }
        }
    }
    let (Ok(key), Ok(Some(outcome)), Some(day)) = (found, outcome, day) else {
        return (None, issues);
    };
    let mut optional = |column| {
        word(row, column).unwrap_or_else(|()| {
            issue("unknown-word", column, CLEARED);
            None
        })
    };
    let [basis, theme, kind] = ["outcome_basis", "outcome_theme", "outcome_kind"]
        .map(|column| optional(column).unwrap_or_default());
    let stated = optional("outcome_scope");
    let fitting = match key.line_id.is_empty() {
        true => "shipment",
        false => "line",
    };
    if stated.as_deref() == Some("line") && fitting == "shipment" {
        issue("no-line", "outcome_scope", "it counts for the shipment");
    }
    let scope = match stated.as_deref() {
        Some("shipment") => "shipment",
        _ => fitting,
    };
    let label = Label {
        key,
        date: format_date(day),
        outcome,
        basis,
        theme,
        kind,
        scope: scope.to_owned(),
        referral_id: row.text("referral_id").unwrap_or_default(),
    };
    (Some(label), issues)
}

/// What a row speaks of; every key that it gives must be known to the run, where there is one.
fn key(row: &SourceRow, known: &Known) -> Result<LabelKey, (&'static str, &'static str)> {
    let [line, shipment, referral] = KEYS.map(|column| row.text(column));
    let mut key = LabelKey::default();
    if let Some(line) = &line {
        match known.shipment_of_line(line) {
            Ok(shipment) => shipment
                .unwrap_or_default()
                .clone_into(&mut key.shipment_key),
            Err(()) => return Err(("unknown-line", KEYS[0])),
        }
        key.line_id.clone_from(line);
    }
    if let Some(shipment) = shipment {
        if !known.has_shipment(&shipment) {
            return Err(("unknown-shipment", KEYS[1]));
        }
        put(&mut key, &shipment)?;
    }
    if let Some(referral) = referral {
        let shipment = known.shipment_of_referral(&referral);
        put(&mut key, shipment.ok_or(("unknown-referral", KEYS[2]))?)?;
    }
    match key == LabelKey::default() {
        true => Err(("no-key", "")),
        false => Ok(key),
    }
}

fn put(key: &mut LabelKey, shipment: &str) -> Result<(), (&'static str, &'static str)> {
    if !key.shipment_key.is_empty() && key.shipment_key != shipment {
        return Err(("keys-disagree", ""));
    }
    shipment.clone_into(&mut key.shipment_key);
    Ok(())
}

/// A word of a closed set; an error where the cell holds something else.
fn word(row: &SourceRow, column: &str) -> Result<Option<String>, ()> {
    let Some(text) = row.text(column) else {
        return Ok(None);
    };
    let text = text.to_lowercase().replace([' ', '-'], "_");
    match words(column).contains(&text.as_str()) {
        true => Ok(Some(text)),
        false => Err(()),
    }
}
