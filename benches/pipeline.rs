//! Whole runs, Parquet in, Parquet out: under the shipped pack, and under 300 rules beside decoding alone.

mod common;

use ch24::batch::FieldSet;
use ch24::job::{BadRows, Job, Outputs};
use ch24::normalize::Identities;
use ch24::pipeline::run;
use ch24::rules::PackSource;
use ch24::summary::Summary;
use ch24::write::Format;
use common::lines::{count_rows, read_all, reading, wanted, write_generated};
use common::packs::{Pack, shipped};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a run writes besides issues.csv and run.json; entities and the report need the feature `tables`.
const OUTPUTS: [(&str, bool); 2] = [("lines-shipments", false), ("all-outputs", true)];

fn job(input: &Path, out: &Path, threads: usize, is_all: bool) -> Job {
    Job {
        reading: reading(input, FieldSet::default()),
        history: None,
        since: None,
        rules: shipped(),
        pack: PackSource::Shipped,
        map: None,
        out: out.to_owned(),
        force: true,
        format: Format::Parquet,
        flagged_only: false,
        outputs: Outputs {
            lines: true,
            shipments: true,
            entities: is_all,
            report: is_all,
            referrals: is_all,
        },
        as_of: None,
        threads: Some(threads),
        max_bad_rows: BadRows::default(),
        salt: None,
        identities: Identities::FirstRow,
        reconcile: ch24::reconcile::Reconcile::default(),
        write_normalized: None,
        options: serde_json::Value::Null,
    }
}

fn runs(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "pipeline");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let outputs = OUTPUTS
        .into_iter()
        .filter(|(_, is_all)| !is_all || cfg!(feature = "tables"));
    let sizes = common::RUN_ROWS.into_iter();
    for (n_rows, (outputs, is_all)) in
        sizes.flat_map(|n_rows| outputs.clone().map(move |outputs| (n_rows, outputs)))
    {
        let input = directory.path().join(format!("{n_rows}.parquet"));
        write_generated(n_rows, &input);
        let name = format!("{outputs}-{}k", n_rows / 1_000);
        let mut results = BTreeSet::new();
        for threads in [1, 2] {
            let job = job(&input, &directory.path().join("out"), threads, is_all);
            group.throughput(Throughput::Elements(n_rows));
            group.bench_function(
                BenchmarkId::new(&name, format!("threads-{threads}")),
                |bencher| {
                    bencher.iter(|| assert_runs(&job, n_rows));
                    let summary = assert_runs(&job, n_rows);
                    results.insert(
                        serde_json::to_string(&summary)
                            .expect("a summary has only plain keys and values"),
                    );
                },
            );
        }
        assert!(
            results.len() <= 1,
            "the number of threads changes the result"
        );
    }
}

fn assert_runs(job: &Job, n_rows: u64) -> Summary {
    let progress = AtomicU64::new(0);
    let summary = run(job, &progress).expect("the run ends well");
    assert_eq!(summary.n_lines, n_rows);
    assert_eq!(progress.load(Ordering::Relaxed), n_rows);
    summary
}

/// Flagged lines under 300 rules, and nothing but decoding the columns that they need, on one thread each.
fn beside_decoding(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "pipeline");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let n_rows = *common::RUN_ROWS.last().expect("a size");
    let input = directory.path().join("rows.parquet");
    write_generated(n_rows, &input);
    let pack = Pack::generated(300);
    let job = Job {
        rules: pack.rules(),
        pack: pack.source(),
        flagged_only: true,
        outputs: Outputs {
            lines: true,
            shipments: false,
            entities: false,
            report: false,
            referrals: false,
        },
        ..job(&input, &directory.path().join("out"), 1, false)
    };
    group.throughput(Throughput::Elements(n_rows));
    group.bench_function(BenchmarkId::new("300-rules", "flagged"), |bencher| {
        bencher.iter(|| assert_runs(&job, n_rows));
    });
    let reading = reading(&input, wanted(&job.rules, false));
    group.bench_function(BenchmarkId::new("300-rules", "decoding-alone"), |bencher| {
        bencher.iter(|| assert_eq!(count_rows(&read_all(&reading)), n_rows));
    });
}

criterion_group! { name = benches; config = common::criterion(); targets = runs, beside_decoding }
criterion_main!(benches);
