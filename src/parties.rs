//! Inputs -> the parties that they name, with what each line found where rules are run.
//!
//! Both `ch24 resolve` and `ch24 network` begin here. Parties come in the order in which they are first named; memory grows
//! with different parties, never with lines.

use crate::batch::{Batch, FieldSet};
use crate::entity::resolve::{PARTY_FIELDS, PartiesOfBatch, Party, PartyCollector, PartyRole};
use crate::error::Error;
use crate::history::Source;
use crate::normalize::{ALWAYS, Identities, with_sources};
use crate::read::Reading;
use crate::read::raw::SetAside;
use crate::reconcile::Reconcile;
use crate::rules::RuleSet;
use crate::scan::{Scan, labels, run_plain};
use crate::schema::FieldId;
use crate::score::{Program, score};
use crate::select::{Judged, NoticeKeys, judge_noticed};
use crate::write::{Issues, LineLabel, Masks};
use std::path::Path;

/// What the inputs name.
#[derive(Debug)]
pub struct PartiesRead {
    /// Each different party.
    pub parties: Vec<Party>,
    /// What could not be read.
    pub issues: Issues,
    /// What stands for numbers that can be Social Security numbers.
    pub masks: Masks,
    /// How the rows of each input are named.
    pub labels: Vec<LineLabel>,
    /// Rows of each input.
    pub rows_of_input: Vec<u64>,
}

/// The parties of each row in the order of [`PartyRole::ALL`], by position among all parties; [`NO_PARTY`] for none.
pub type RowParties = [u32; PartyRole::ALL.len()];

pub use crate::entity::resolve::NO_PARTY;

/// A batch with its parties.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The batch.
    pub batch: &'a Batch,
    /// The parties of each row.
    pub of_row: &'a [RowParties],
    /// What the rules say of each row, where they were run.
    pub judged: Option<&'a Judged>,
}

/// Reads the parties of inputs; `see` looks at each batch, in input order. With rules, each line is judged too, by its
/// earlier lines as well: that takes a directory for files without names.
///
/// # Errors
/// When an input cannot be read.
pub fn read_parties(
    reading: &Reading,
    identities: &Identities,
    rules: Option<(&RuleSet, &Path)>,
    also: &[FieldId],
    mut see: impl FnMut(&Seen<'_>) + Send,
) -> Result<PartiesRead, Error> {
    let fields = PARTY_FIELDS.iter().chain(ALWAYS).chain(also).copied();
    let wanted: FieldSet = match rules {
        Some((rules, _)) => fields.chain(rules.fields().iter()).collect(),
        None => fields.collect(),
    };
    let wanted = with_sources(wanted);
    let labels = labels(&reading.inputs);
    let mut collector = PartyCollector::default();
    let mut read = PartiesRead {
        parties: Vec::new(),
        issues: Issues::default(),
        masks: Masks::default(),
        rows_of_input: vec![0; labels.len()],
        labels,
    };
    let mut take = |taken: Taken| {
        let Taken {
            batch,
            set_aside,
            parties,
            judged,
        } = taken;
        read.issues.add(batch.file, &batch.issues, &set_aside);
        read.masks.add(&batch, &read.labels[batch.file]);
        read.rows_of_input[batch.file] += batch.n_rows as u64;
        let positions = collector.add(parties.parties);
        let global = |local: u32| match local {
            NO_PARTY => NO_PARTY,
            local => positions[local as usize],
        };
        let of_row: Vec<RowParties> = parties
            .of_row
            .into_iter()
            .map(|row| row.map(global))
            .collect();
        see(&Seen {
            batch: &batch,
            of_row: &of_row,
            judged: judged.as_ref(),
        });
        Ok(Vec::new())
    };
    match rules {
        None => {
            let reading = Reading {
                wanted,
                ..reading.clone()
            };
            let work = |batch, set_aside| Taken::new(batch, set_aside, None);
            run_plain(&reading, identities, work, &mut take)?;
        }
        Some((rules, spill)) => {
            let history = Source::new(None, &reading.inputs, spill)?;
            let program = Program::new(rules);
            let notices = NoticeKeys::new(rules, identities);
            let scan = Scan::prepare(
                rules,
                &program,
                identities,
                reading,
                wanted,
                Some(&history),
                Reconcile::Never,
            )?;
            let work = |batch: Batch, set_aside| {
                let scores = score(&program, rules, &batch);
                let judged = judge_noticed(rules, &scores, &notices.find(rules, &batch, &scores));
                Taken::new(batch, set_aside, Some(judged))
            };
            scan.run(work, &mut take)?;
        }
    }
    read.parties = collector.finish();
    Ok(read)
}

struct Taken {
    batch: Batch,
    set_aside: Vec<SetAside>,
    parties: PartiesOfBatch,
    judged: Option<Judged>,
}

impl Taken {
    fn new(batch: Batch, set_aside: Vec<SetAside>, judged: Option<Judged>) -> Self {
        Self {
            parties: PartiesOfBatch::read(&batch),
            batch,
            set_aside,
            judged,
        }
    }
}
