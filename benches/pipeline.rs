//! Whole runs under the shipped pack: Parquet in, Parquet out.

mod common;

use ch24::batch::FieldSet;
use ch24::job::{BadRows, Job, Outputs};
use ch24::normalize::Identities;
use ch24::pipeline::run;
use ch24::rules::PackSource;
use ch24::summary::Summary;
use ch24::write::Format;
use common::lines::{reading, write_generated};
use common::packs::shipped;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a run writes besides issues.csv and run.json; entities and the report need the feature `tables`.
const OUTPUTS: [(&str, bool); 2] = [("lines-shipments", false), ("all-outputs", true)];

fn job(input: &Path, out: &Path, threads: usize, is_all: bool) -> Job {
    Job {
        reading: reading(input, FieldSet::default()),
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

criterion_group! { name = benches; config = common::criterion(); targets = runs }
criterion_main!(benches);
