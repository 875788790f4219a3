//! What people have decided: pairs that are the same, and pairs that are not.

use super::Party;
use crate::error::{Error, ErrorKind};
use crate::hand_written::open;
use crate::normalize::party::party_name;
use std::collections::BTreeMap;
use std::path::Path;

/// Decisions as a person wrote them.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// One per row.
    pub rows: Vec<Override>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// A party: its `party_id`, one of its numbers, or its name as normalized.
    pub left: String,
    /// The other.
    pub right: String,
    /// Same, or not same.
    pub is_same: bool,
    /// The line of the file, counted from 1.
    pub line: u64,
}

/// Decisions by position of the parties.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    pub(super) same: Vec<(u32, u32)>,
    apart: BTreeMap<u32, Vec<u32>>,
    /// Lines whose parties are not in the data.
    pub(super) unused: Vec<u64>,
    /// Lines of pairs that are decided both ways, straight or through others.
    pub(super) contradictory: Vec<u64>,
}

impl Decisions {
    /// The parties that are decided not to be this one.
    pub(super) fn apart_from(&self, position: u32) -> &[u32] {
        self.apart.get(&position).map_or(&[], Vec::as_slice)
    }

    /// Finds the parties of each decision. A name may name several; the decision holds for each.
    pub(super) fn find(overrides: &Overrides, parties: &[&Party], ids: &[String]) -> Self {
        let mut decisions = Self::default();
        if overrides.rows.is_empty() {
            return decisions;
        }
        let mut by_text: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (position, (party, id)) in (0..).zip(parties.iter().zip(ids)) {
            let numbers = party
                .identifiers
                .iter()
                .map(|identifier| identifier.value.as_str());
            for text in [id.as_str(), party.name.as_str()]
                .into_iter()
                .chain(numbers)
            {
                by_text.entry(text).or_default().push(position);
            }
        }
        let find = |text: &str| {
            let known = by_text.get(text.trim());
            let by_name = || {
                party_name(text)
                    .value
                    .and_then(|name| by_text.get(name.as_str()))
            };
            known.or_else(by_name).cloned().unwrap_or_default()
        };
        let mut apart = Vec::new();
        for row in &overrides.rows {
            let (left, right) = (find(&row.left), find(&row.right));
            if left.is_empty() || right.is_empty() {
                decisions.unused.push(row.line);
            } else if row.is_same {
                let all = [left, right].concat();
                decisions
                    .same
                    .extend(all.windows(2).map(|pair| (pair[0], pair[1])));
            } else {
                for one in &left {
                    apart.extend(right.iter().map(|other| (*one, *other, row.line)));
                }
            }
        }
        let group_of = decisions.groups(parties.len());
        for (left, right, line) in apart {
            if group_of(left) == group_of(right) {
                decisions.contradictory.push(line);
            }
            decisions.apart.entry(left).or_default().push(right);
            decisions.apart.entry(right).or_default().push(left);
        }
        decisions.contradictory.dedup();
        decisions
    }

    /// What is the same as what, through others too.
    fn groups(&self, n_parties: usize) -> impl Fn(u32) -> u32 + use<> {
        let mut parent: Vec<u32> = (0..).take(n_parties).collect();
        let root = |parent: &[u32], mut position: u32| {
            while parent[position as usize] != position {
                position = parent[position as usize];
            }
            position
        };
        for (left, right) in &self.same {
            let (left, right) = (root(&parent, *left), root(&parent, *right));
            parent[left.max(right) as usize] = left.min(right);
        }
        move |position| root(&parent, position)
    }
}

/// Reads a file of decisions: CSV with the columns `left`, `right` and `verdict` (`same` or `not_same`); others are notes.
///
/// # Errors
/// When it cannot be read, lacks a column, or a verdict is neither.
pub fn read_overrides(path: &Path) -> Result<Overrides, Error> {
    let wrong = |message: String| Error::at(ErrorKind::Input, path, message);
    let (mut reader, headers) = open(path)?;
    let place = |name: &str| {
        let found = headers.iter().position(|header| header == name);
        found.ok_or_else(|| {
            wrong(format!(
                "there is no column `{name}`; write left,right,verdict"
            ))
        })
    };
    let (left, right, verdict) = (place("left")?, place("right")?, place("verdict")?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or("").to_owned();
        let is_same = match cell(verdict).as_str() {
            "same" => true,
            "not_same" => false,
            other => {
                return Err(wrong(format!(
                    "line {line}: the verdict `{other}` is neither `same` nor `not_same`"
                )));
            }
        };
        if cell(left).is_empty() || cell(right).is_empty() {
            return Err(wrong(format!(
                "line {line}: `left` and `right` each name a party"
            )));
        }
        rows.push(Override {
            left: cell(left),
            right: cell(right),
            is_same,
            line,
        });
    }
    Ok(Overrides { rows })
}
