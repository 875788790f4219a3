//! A pack against data: rules that never or always hit, rules that say the same, values that no row has.

use super::seen::{Asked, Seen, UnseenValue, UnusedList};
use crate::batch::{Batch, FieldSet};
use crate::error::Error;
use crate::history::Source;
use crate::normalize::{ALWAYS, Identities, with_sources};
use crate::read::Reading;
use crate::reconcile::{Reconcile, Standing};
use crate::rules::RuleSet;
use crate::scan::{Scan, with_threads};
use crate::score::{Program, Scores, score};
use crate::select::{cva_candidates, judge};
use crate::summary::{MissingField, Tally};
use serde::Serialize;
use std::path::Path;

/// What a pack does on data. Counts are lines; drafts are counted too.
#[derive(Clone, Debug, Serialize)]
pub struct DataFindings {
    /// Lines read.
    pub n_lines: u64,
    /// Each evaluated rule, by id.
    pub rules: Vec<RuleOnData>,
    /// Pairs of rules that hit the very same lines.
    pub same: Vec<Pair>,
    /// Pairs of rules where every line of the first is one of the second, and the second has more.
    pub contained: Vec<Pair>,
    /// Constants of conditions that no line holds, where the data has the field.
    pub unseen_values: Vec<UnseenValue>,
    /// Lists with keys that no line finds.
    pub lists: Vec<UnusedList>,
    /// Fields that would enable most rules if the data carried them.
    pub missing_fields: Vec<MissingField>,
}

/// A rule on the data.
#[derive(Clone, Debug, Serialize)]
pub struct RuleOnData {
    /// The rule.
    pub id: String,
    /// Lines that it hits.
    pub hits: u64,
    /// Lines on which it can be evaluated.
    pub evaluable: u64,
}

/// Two rules and the lines that both hit.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The first.
    pub first: String,
    /// The second.
    pub second: String,
    /// Lines that both hit.
    pub both: u64,
    /// Lines that the second hits.
    pub second_hits: u64,
}

/// Runs every rule of a pack over data, with its own earlier rows as history; superseded rows are left out, and columns of features go to files without
/// names in `spill`.
///
/// # Errors
/// When an input cannot be read.
pub fn check_data(
    rules: &RuleSet,
    reading: &Reading,
    reconcile: Reconcile,
    spill: &Path,
) -> Result<DataFindings, Error> {
    let program = Program::new(rules);
    let fields = rules.fields();
    let wanted: FieldSet = fields.iter().chain(ALWAYS.iter().copied()).collect();
    let wanted = with_sources(wanted);
    let asked = Asked::new(rules);
    let history = Source::new(None, &reading.inputs, spill)?;
    with_threads(None, || {
        let identities = Identities::FirstRow;
        let scan = Scan::prepare(
            rules,
            &program,
            &identities,
            reading,
            wanted,
            Some(&history),
            reconcile,
        )?;
        let mut counts = Counts::new(rules.rules.len());
        let mut seen = Seen::default();
        let work = |batch: Batch, _| {
            let batch = match scan.standing(&batch) {
                Some(standing) => batch.take_rows(&standing_rows(&standing)),
                None => batch,
            };
            let scores = score(&program, rules, &batch);
            let seen = asked.look(rules, &program, &batch);
            (batch, scores, seen)
        };
        scan.run(work, |(batch, scores, seen_here)| {
            counts.add(rules, &batch, &scores);
            seen.add(seen_here);
            Ok(Vec::new())
        })?;
        Ok(counts.finish(rules, &asked, &seen))
    })
}

/// The positions of the rows that were not superseded.
fn standing_rows(standing: &[Standing]) -> Vec<usize> {
    let rows = standing.iter().enumerate();
    let standing = rows.filter(|(_, standing)| **standing != Standing::Superseded);
    standing.map(|(row, _)| row).collect()
}

struct Counts {
    n_lines: u64,
    hits: Vec<u64>,
    evaluable: Vec<u64>,
    /// Lines that two rules both hit, row by row of a square.
    both: Vec<u64>,
    tally: Tally,
}

impl Counts {
    fn new(n_rules: usize) -> Self {
        Self {
            n_lines: 0,
            hits: vec![0; n_rules],
            evaluable: vec![0; n_rules],
            both: vec![0; n_rules * n_rules],
            tally: Tally::default(),
        }
    }

    fn add(&mut self, rules: &RuleSet, batch: &Batch, scores: &Scores) {
        self.n_lines += batch.n_rows as u64;
        let n_rules = self.hits.len();
        for row in 0..batch.n_rows {
            let hits = scores.hits_of(row);
            for first in hits {
                self.hits[first.index()] += 1;
                for second in hits {
                    self.both[first.index() * n_rules + second.index()] += 1;
                }
            }
        }
        let mut rows_of_class = vec![0_u64; batch.presence.classes.len()];
        for class in &batch.presence.class_of_row {
            rows_of_class[usize::from(*class)] += 1;
        }
        for (class, rows) in batch.presence.classes.iter().zip(rows_of_class) {
            for (rule, evaluable) in rules.rules.iter().zip(&mut self.evaluable) {
                *evaluable += u64::from(rule.is_evaluable(class)) * rows;
            }
        }
        let judged = judge(rules, scores);
        let is_cva = cva_candidates(batch, &judged);
        self.tally.add(rules, batch, &judged, &is_cva, None);
    }

    fn finish(self, rules: &RuleSet, asked: &Asked, seen: &Seen) -> DataFindings {
        let on_data = rules.ids().map(|id| RuleOnData {
            id: rules.rule(id).id.clone(),
            hits: self.hits[id.index()],
            evaluable: self.evaluable[id.index()],
        });
        let (mut same, mut contained) = (Vec::new(), Vec::new());
        for first in rules.ids() {
            let own = self.hits[first.index()];
            for second in rules.ids().filter(|second| *second != first && own > 0) {
                let both = self.both[first.index() * self.hits.len() + second.index()];
                let second_hits = self.hits[second.index()];
                let pair = || Pair {
                    first: rules.rule(first).id.clone(),
                    second: rules.rule(second).id.clone(),
                    both,
                    second_hits,
                };
                match both == own {
                    true if second_hits > own => contained.push(pair()),
                    true if second_hits == own && first < second => same.push(pair()),
                    _ => {}
                }
            }
        }
        DataFindings {
            n_lines: self.n_lines,
            rules: on_data.collect(),
            same,
            contained,
            unseen_values: asked.unseen_values(rules, seen),
            lists: seen.unused_lists(rules),
            missing_fields: self.tally.missing_fields(rules),
        }
    }
}
