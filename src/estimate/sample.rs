//! Runs and outcomes -> how many shipments came into the sample in which way, and what was found in them.

use crate::error::{Error, ErrorKind};
use crate::intern::Texts;
use crate::past::{account, for_each_row, path_of};
use crate::rules::SCORED_THEMES;
use crate::select::{Lane, SelectedBy, key_hash};
use crate::tune::{Found, Labels};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How a shipment could come into the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// It is red: for certain.
    Red,
    /// It is yellow for another reason than the draw: for certain.
    Yellow,
    /// By the draw only.
    Draw,
    /// Not at all: it is not selected, and no draw reaches it.
    None,
}

/// Shipments that are alike in all that estimates ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alike {
    /// How they could come into the sample.
    pub way: Way,
    /// The bits of the probability of the draw; positive, so they sort as it does.
    pub probability: u64,
    /// The draw took them.
    pub is_drawn: bool,
    /// The active rules that hit them, in [`Sample::hits`].
    pub hits: u32,
    /// What was found.
    pub found: Found,
}

impl Alike {
    /// It came into the sample as was planned.
    pub fn is_sampled(&self) -> bool {
        match self.way {
            Way::Red | Way::Yellow => true,
            Way::Draw => self.is_drawn,
            Way::None => false,
        }
    }
}

/// A run that was read.
#[derive(Clone, Debug, Serialize)]
pub struct RunRead {
    /// Its directory.
    pub path: PathBuf,
    /// The day it judged by, ISO form.
    pub as_of: Option<String>,
    /// Its shipments.
    pub shipments: u64,
    /// Those that also stand in a later run, and count there.
    pub later: u64,
}

/// The shipments of some runs, each once.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// The runs, by day and then as they were named.
    pub runs: Vec<RunRead>,
    /// The shipments, as numbers of those that are alike.
    pub counts: Vec<(Alike, f64)>,
    /// Sets of rules, as `;`-joined ids.
    pub hits: Texts,
    /// Shipments in the scope of each theme, as the runs counted them.
    pub in_scope: [u64; 3],
    /// Shipments with an outcome that no run has.
    pub n_unknown_outcomes: u64,
    /// Labels by line whose shipment no run tells.
    pub n_unknown_lines: u64,
}

/// Reads runs and puts outcomes to their shipments.
///
/// # Errors
/// When a run is not there, has no shipments or not all of them, or a table cannot be read.
pub(super) fn read(directories: &[PathBuf], mut labels: Labels) -> Result<Sample, Error> {
    let mut runs = directories
        .iter()
        .map(|path| Ok((account(path)?, path)))
        .collect::<Result<Vec<_>, Error>>()?;
    // The order of names decides between runs of one day only.
    runs.sort_by(|left, right| left.0["as_of"].as_str().cmp(&right.0["as_of"].as_str()));
    let mut reader = Reader::default();
    for (account, path) in &runs {
        reader.add(path, account)?;
        if labels.n_without_shipment() > 0 {
            find_shipments(path, &mut labels)?;
        }
    }
    Ok(reader.finish(&labels))
}

#[derive(Default)]
struct Reader {
    sample: Sample,
    /// The last run of each shipment, and what it says.
    last: HashMap<u64, (usize, Alike), FixedState>,
    /// Shipments, in order of their first run.
    keys: Vec<String>,
}

const COLUMNS: [&str; 5] = [
    "shipment_key",
    "lane",
    "selected_by",
    "selection_probability",
    "hits",
];

impl Reader {
    fn add(&mut self, directory: &Path, account: &Value) -> Result<(), Error> {
        let usage = |message: &str| Err(Error::at(ErrorKind::Usage, directory, message));
        if account["options"]["keep"] == "flagged" {
            return usage(
                "this run wrote flagged shipments only, so who was not selected is not known: score again with --keep all",
            );
        }
        let Some(path) = path_of(directory, "shipments") else {
            return usage(
                "this run wrote no shipments: score again without --outputs, or name `shipments` in it",
            );
        };
        let position = self.sample.runs.len();
        let mut run = RunRead {
            path: directory.to_owned(),
            as_of: account["as_of"].as_str().map(str::to_owned),
            shipments: 0,
            later: 0,
        };
        let mut is_whole = true;
        for_each_row(&path, &COLUMNS, |row| {
            let [Some(key), Some(lane), Some(by), probability, hits] = &row[..] else {
                is_whole = false;
                return;
            };
            run.shipments += 1;
            let hits = match hits.as_deref() {
                None | Some("") => 0,
                Some(hits) => self.sample.hits.code(hits),
            };
            let shipment = alike(lane, by, probability.as_deref(), hits);
            let hash = key_hash(key);
            match self.last.get_mut(&hash) {
                Some(known) => {
                    match self.sample.runs.get_mut(known.0) {
                        Some(earlier) => earlier.later += 1,
                        None => run.later += 1,
                    }
                    *known = (position, shipment);
                }
                None => {
                    self.last.insert(hash, (position, shipment));
                    self.keys.push(key.clone());
                }
            }
        })?;
        if !is_whole {
            let message = "this is not a table of shipments of this version: score again";
            return Err(Error::at(ErrorKind::Input, &path, message));
        }
        self.sample.runs.push(run);
        for (theme, count) in SCORED_THEMES.iter().zip(&mut self.sample.in_scope) {
            let themes = account["summary"]["themes"].as_array();
            let of_theme = themes.into_iter().flatten();
            let mut of_theme = of_theme.filter(|of_theme| of_theme["theme"] == theme.as_str());
            let in_scope = of_theme
                .next()
                .and_then(|of_theme| of_theme["in_scope"].as_u64());
            *count += in_scope.unwrap_or(0);
        }
        Ok(())
    }

    fn finish(mut self, labels: &Labels) -> Sample {
        let outcomes = labels.of_shipments();
        let mut counts: BTreeMap<Alike, f64> = BTreeMap::new();
        let mut n_used = 0;
        for key in &self.keys {
            let (_, mut shipment) = self.last[&key_hash(key)];
            if let Some(found) = outcomes.get(key) {
                shipment.found = *found;
                n_used += 1;
            }
            *counts.entry(shipment).or_insert(0.0) += 1.0;
        }
        self.sample.n_unknown_outcomes = outcomes.len() as u64 - n_used;
        self.sample.n_unknown_lines = labels.n_without_shipment();
        self.sample.counts = counts.into_iter().collect();
        self.sample
    }
}

/// What a row of a table of shipments says.
fn alike(lane: &str, by: &str, probability: Option<&str>, hits: u32) -> Alike {
    let is_random = by == SelectedBy::Random.as_str();
    let is_selected = lane != Lane::Green.as_str() && !is_random;
    let probability = probability.and_then(|text| text.parse::<f64>().ok());
    // A probability that is not one is as none at all.
    let probability = probability.filter(|chance| *chance > 0.0 && *chance <= 1.0);
    let way = match (is_selected, lane == Lane::Red.as_str(), probability) {
        (true, true, _) => Way::Red,
        (true, false, _) => Way::Yellow,
        (false, _, Some(_)) => Way::Draw,
        (false, _, None) => Way::None,
    };
    let chance = match is_selected {
        true => 1.0,
        false => probability.unwrap_or(0.0),
    };
    Alike {
        way,
        probability: chance.to_bits(),
        is_drawn: is_random,
        hits,
        found: Found::Unknown,
    }
}

/// Finds the shipments of lines that labels name alone.
fn find_shipments(directory: &Path, labels: &mut Labels) -> Result<(), Error> {
    let Some(path) = path_of(directory, "lines") else {
        let message = "outcomes are by line, and this run wrote no lines to tell their shipments: give outcomes by shipment_key";
        return Err(Error::at(ErrorKind::Usage, directory, message));
    };
    for_each_row(&path, &["line_id", "shipment_key"], |row| {
        if let [Some(line), Some(shipment)] = &row[..]
            && labels.lacks_shipment(line)
        {
            labels.set_shipment(line, shipment);
        }
    })
}
