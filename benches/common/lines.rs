//! Generated lines: as files, as raw batches, normalized, scored.

use super::{BATCH_ROWS, SEED};
use ch24::aggregates::Aggregates;
use ch24::batch::{Batch, FieldSet};
use ch24::generate::{Options, generate};
use ch24::normalize::{ALWAYS, Identities, normalize, with_sources};
use ch24::read::raw::RawBatch;
use ch24::read::{Input, Mapping, Reader, Reading, find_inputs};
use ch24::rules::RuleSet;
use ch24::schema::field;
use ch24::score::{Program, Scores, score};
use ch24::select::{Judged, SHIPMENT_FIELDS, cva_candidates, judge};
use ch24::write::{Format, LINE_FIELDS, LineLabel, TableWriter};
use std::path::{Path, PathBuf};

/// What is generated.
pub fn options(n_rows: u64) -> Options {
    Options {
        rows: n_rows,
        seed: SEED,
        labels: false,
    }
}

/// Writes generated rows as `ch24 generate` does, Parquet or CSV by the ending.
pub fn write_generated(n_rows: u64, path: &Path) {
    ch24::generate::write(&options(n_rows), path).expect("generated rows are written");
}

/// Writes generated rows in a format that `ch24 generate` does not write.
pub fn write_table(n_rows: u64, path: &Path, format: Format) {
    let mut writer =
        TableWriter::create(path, ch24::generate::schema(false), format).expect("a file is made");
    generate(&options(n_rows), |rows| writer.write(rows)).expect("generated rows are written");
    writer.finish().expect("the file is closed");
}

/// The fields that a run under these rules asks for, with lines as output, and shipments or not.
pub fn wanted(rules: &RuleSet, has_shipments: bool) -> FieldSet {
    let fields = rules.fields();
    let fields = fields.iter().chain(ALWAYS.iter().copied());
    let of_shipments = SHIPMENT_FIELDS.iter().filter(|_| has_shipments);
    let written = LINE_FIELDS.iter().chain(of_shipments).copied();
    let masked = [field::IMPORTER_OF_RECORD_NUMBER, field::CONSIGNEE_NUMBER];
    with_sources(fields.chain(written).chain(masked).collect())
}

/// How one file is read.
pub fn reading(path: &Path, wanted: FieldSet) -> Reading {
    let inputs = find_inputs(&[path.display().to_string()]).expect("the file is there");
    Reading {
        inputs,
        mapping: Mapping::default(),
        wanted,
        batch_rows: BATCH_ROWS,
    }
}

/// Reads everything.
pub fn read_all(reading: &Reading) -> Vec<RawBatch> {
    let mut reader = Reader::new(reading);
    let mut batches = Vec::new();
    while let Some(chunk) = reader.next_chunk().expect("the file can be read") {
        batches.extend(
            chunk
                .batches()
                .map(|batch| batch.expect("the rows can be read")),
        );
    }
    batches
}

/// Rows of batches; none may have been set aside.
pub fn count_rows(batches: &[RawBatch]) -> u64 {
    assert!(
        batches.iter().all(|batch| batch.set_aside.is_empty()),
        "a row was set aside"
    );
    batches.iter().map(|batch| batch.rows.len() as u64).sum()
}

/// One batch of generated lines, as it is read from Parquet.
pub fn raw_batch(wanted: FieldSet, n_rows: usize) -> RawBatch {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path: PathBuf = directory.path().join("lines.parquet");
    write_generated(n_rows as u64, &path);
    let mut batches = read_all(&reading(&path, wanted));
    assert_eq!(batches.len(), 1, "the rows are one batch");
    batches.remove(0)
}

/// The name of the generated lines.
pub fn label() -> LineLabel {
    let label = "lines.parquet".to_owned();
    let record_prefix = Input {
        label: label.clone(),
        ..Input::standard_input()
    }
    .record_prefix();
    LineLabel {
        label,
        record_prefix,
    }
}

/// One batch of generated lines, normalized and scored.
#[derive(Debug)]
pub struct Lines {
    /// The rules.
    pub rules: RuleSet,
    /// The rules, compiled.
    pub program: Program,
    /// The lines, with their aggregates.
    pub batch: Batch,
    /// The rules that hit them.
    pub scores: Scores,
    /// Their verdicts.
    pub judged: Judged,
    /// Whether they are candidates for verification.
    pub is_cva: Vec<bool>,
}

impl Lines {
    /// Normalizes and scores the lines under these rules.
    pub fn new(rules: RuleSet) -> Self {
        Self::with_rows(rules, BATCH_ROWS)
    }

    /// The same for fewer rows than a batch has at most.
    pub fn with_rows(rules: RuleSet, n_rows: usize) -> Self {
        let program = Program::new(&rules);
        let wanted = wanted(&rules, true);
        let mut batch = normalize(
            raw_batch(wanted, n_rows),
            &wanted,
            &label().label,
            &Identities::FirstRow,
        );
        let mut aggregates = Aggregates::new(&rules);
        aggregates.add(&rules, &program.tables, &batch);
        aggregates.fill(&rules, &program.tables, &mut batch);
        let scores = score(&program, &rules, &batch);
        assert!(
            !scores.hits.is_empty(),
            "some rule hits some generated line"
        );
        let judged = judge(&rules, &scores);
        let is_cva = cva_candidates(&batch, &judged);
        Self {
            rules,
            program,
            batch,
            scores,
            judged,
            is_cva,
        }
    }
}
