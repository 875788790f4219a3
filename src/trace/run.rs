//! A past run, opened again: its rules, and the rows of its inputs.

use crate::batch::{Batch, FieldSet};
use crate::error::{Error, ErrorKind};
use crate::history::Source;
use crate::history::store::{Store, StoreAccount};
use crate::input_hash::hash_file;
use crate::normalize::{ALWAYS, Identities, source_ref, with_sources};
use crate::past::account;
use crate::read::{BATCH_ROWS, Input, Mapping, Reading, find_inputs, load_mapping};
use crate::reconcile::{Reconcile, Standing};
use crate::rules::{PackSource, RuleSet, load};
use crate::scan::{Scan, with_threads};
use crate::schema::field;
use crate::score::Program;
use crate::select::NoticeKeys;
use crate::write::{LINE_FIELDS, LineLabel};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What stands elsewhere than at the time of the run.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// The rule pack.
    pub rules: Option<PathBuf>,
    /// The inputs, as typed.
    pub inputs: Vec<String>,
    /// The mapping.
    pub map: Option<PathBuf>,
    /// The store of past lines.
    pub history: Option<PathBuf>,
    /// The key of masked numbers, where the run had one: no account of a run holds it.
    pub id_key: Option<[u8; 32]>,
}

/// A past run whose rules and inputs are still what they were.
#[derive(Debug)]
pub struct PastRun {
    /// The rules of the run.
    pub rules: RuleSet,
    /// Its lookouts and suppressions, in the form of cells.
    pub notices: NoticeKeys,
    /// The store of past lines, with the segments of then.
    pub(crate) history: Option<Store>,
    stored_files: Vec<bool>,
    spill: PathBuf,
    /// What run.json says.
    pub account: Value,
    /// The inputs, under the labels of then.
    pub(crate) reading: Reading,
    /// What became of numbers that can be Social Security numbers.
    pub(crate) identities: Identities,
}

/// A row of the inputs, normalized, as a batch of one.
#[derive(Clone, Debug)]
pub struct Found {
    /// The row.
    pub batch: Batch,
    /// Whether it stands, and selects.
    pub standing: Standing,
    /// Its record id.
    pub record_id: String,
    /// The label of its file and its row.
    pub source_ref: String,
}

impl PastRun {
    /// Reads run.json and what it names.
    ///
    /// # Errors
    /// When there is no account of a run, or when rules, mapping or inputs are gone or are no longer what they were: an
    /// explanation of something else would be wrong.
    pub fn open(directory: &Path, moved: &Moved, spill: &Path) -> Result<Self, Error> {
        let account = account(directory)?;
        let rules = rules(&account, moved)?;
        let history = store(&account, moved, &rules)?;
        let reading = Reading {
            inputs: inputs(&account, moved)?,
            mapping: mapping(&account, moved)?,
            wanted: FieldSet::default(),
            batch_rows: BATCH_ROWS,
        };
        let identities = match (account["identities"].as_str(), moved.id_key) {
            (Some("shown"), _) => Identities::Shown,
            (Some("keyed"), Some(key)) => Identities::Keyed(key),
            _ => Identities::FirstRow,
        };
        let stored = account["summary"]["history"]["inputs_in_store"].as_array();
        let is_stored = |input: &Input| {
            let mut stored = stored.into_iter().flatten();
            stored.any(|label| label.as_str() == Some(&input.label))
        };
        Ok(Self {
            stored_files: reading.inputs.iter().map(is_stored).collect(),
            spill: spill.to_owned(),
            notices: NoticeKeys::new(&rules, &identities),
            rules,
            history,
            account,
            reading,
            identities,
        })
    }

    /// The rows with a record id, source reference or line id, in input order. Columns of features go to files without
    /// names in `spill`.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn find(&self, program: &Program, name: &str) -> Result<Vec<Found>, Error> {
        let fields = self.rules.fields();
        let fields = fields.iter().chain(ALWAYS.iter().copied());
        let wanted = with_sources(fields.chain(LINE_FIELDS.iter().copied()).collect());
        let mut found = Vec::new();
        let work = |label: &LineLabel, batch: Batch, standing: Option<Vec<Standing>>| {
            let rows = (0..batch.n_rows).filter(|row| {
                batch.text_at(field::LINE_ID, *row) == Some(name)
                    || is_place(name, &label.label, &label.record_prefix, batch.rows[*row])
            });
            let rows = rows.map(|row| Found {
                batch: batch.only_row(row),
                standing: standing
                    .as_ref()
                    .map_or(Standing::Latest, |standing| standing[row]),
                record_id: label.record_id(batch.rows[row]),
                source_ref: source_ref(&label.label, batch.rows[row]),
            });
            rows.collect::<Vec<_>>()
        };
        self.scan(program, wanted, work, |rows| found.extend(rows))?;
        Ok(found)
    }

    /// Reads the inputs again, as the rules see them: works on each batch in parallel, and takes the results in, in input
    /// order. Standings come with a batch where not all of its rows select.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn scan<T: Send>(
        &self,
        program: &Program,
        wanted: FieldSet,
        work: impl Fn(&LineLabel, Batch, Option<Vec<Standing>>) -> T + Sync,
        mut take: impl FnMut(T) + Send,
    ) -> Result<(), Error> {
        let history = Source {
            store: self.history.as_ref(),
            stored_files: self.stored_files.clone(),
            spill: &self.spill,
        };
        let reconcile = match self.account["summary"]["is_reconciled"].as_bool() {
            Some(true) => Reconcile::Always,
            _ => Reconcile::Never,
        };
        with_threads(None, || {
            let scan = Scan::prepare(
                &self.rules,
                program,
                &self.identities,
                &self.reading,
                wanted,
                Some(&history),
                reconcile,
            )?;
            let work = |batch: Batch, _| {
                let standing = scan.standing(&batch);
                work(&scan.labels()[batch.file], batch, standing)
            };
            scan.run(work, |worked| {
                take(worked);
                Ok(Vec::new())
            })
        })
    }
}

/// Whether a name is the record id or the source reference of a row.
fn is_place(name: &str, label: &str, record_prefix: &str, row: u64) -> bool {
    let number = |text: &str| text.parse::<u64>().ok();
    let of_label = name
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix('#'));
    let of_record = name
        .strip_prefix(record_prefix)
        .and_then(|rest| rest.strip_prefix('-'));
    of_label.or(of_record).and_then(number) == Some(row)
}

fn changed(what: &str, flag: &str) -> Error {
    let message = format!(
        "{what} changed since this run, so its lines cannot be explained: score again, or name what the run had with {flag}"
    );
    Error::new(ErrorKind::Usage, message)
}

fn rules(account: &Value, moved: &Moved) -> Result<RuleSet, Error> {
    let account = &account["rules"];
    let recorded = account["path"].as_str().map(PathBuf::from);
    let source = match moved.rules.clone().or(recorded) {
        Some(path) => PackSource::Directory(path),
        None => PackSource::Shipped,
    };
    let loaded = load(&source)?;
    match loaded.rules {
        Some(rules) if Some(rules.hash.as_str()) == account["blake3"].as_str() => Ok(rules),
        _ => Err(changed("the rules", "--rules DIR")),
    }
}

/// The store of a past run, with the segments that it had then.
fn store(account: &Value, moved: &Moved, rules: &RuleSet) -> Result<Option<Store>, Error> {
    let account = &account["summary"]["history"]["store"];
    let Ok(account) = serde_json::from_value::<StoreAccount>(account.clone()) else {
        return Ok(None);
    };
    let was_changed = || changed("the history store", "--history DIR");
    let path = moved
        .history
        .clone()
        .or(account.path.clone())
        .ok_or_else(was_changed)?;
    let store = Store::open(&path, rules, Some(account.segments))?;
    match store.account().blake3 == account.blake3 {
        true => Ok(Some(store)),
        false => Err(was_changed()),
    }
}

fn mapping(account: &Value, moved: &Moved) -> Result<Mapping, Error> {
    let account = &account["mapping"];
    let recorded = account["path"].as_str().map(PathBuf::from);
    let Some(path) = moved.map.clone().or(recorded) else {
        return Ok(Mapping::default());
    };
    match load_mapping(&path)?.mapping {
        Some(mapping) if Some(mapping.hash.as_str()) == account["blake3"].as_str() => Ok(mapping),
        _ => Err(changed("the mapping", "--map FILE")),
    }
}

fn inputs(account: &Value, moved: &Moved) -> Result<Vec<Input>, Error> {
    let recorded = account["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    let inputs = if moved.inputs.is_empty() {
        let input = |record: &Value| match record["path"].as_str() {
            Some(path) => Input::file(String::new(), PathBuf::from(path)),
            None => Input::standard_input(),
        };
        recorded.iter().map(input).collect()
    } else {
        find_inputs(&moved.inputs)?
    };
    if inputs.len() != recorded.len() {
        return Err(changed("the inputs", "--input INPUT"));
    }
    for (input, record) in inputs.iter().zip(recorded) {
        let Some(path) = &input.path else {
            let message = "this run read standard input or a pipe, which is gone: give the same rows as a file named by --input";
            return Err(Error::new(ErrorKind::Usage, message));
        };
        let was = record["blake3"].as_str();
        if was.is_some() && was != Some(hash_file(path)?.as_str()) {
            return Err(changed(&path.display().to_string(), "--input INPUT"));
        }
    }
    // The labels of the run stand, so that record ids are those of its outputs.
    let labeled = inputs
        .into_iter()
        .zip(recorded)
        .map(|(input, record)| Input {
            label: record["label"].as_str().unwrap_or("-").to_owned(),
            ..input
        });
    Ok(labeled.collect())
}
