//! Results -> tables, on one thread.

mod common;

use ch24::batch::Batch;
use ch24::rules::RuleSet;
use ch24::schema::field;
use ch24::select::{Shipments, settle};
use ch24::write::{Finished, Format, Masks, lines, lines_writer, write_shipments};
use common::BATCH_ROWS;
use common::lines::{Lines, count_rows, label, read_all, reading};
use common::packs::shipped;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::path::Path;

const FORMATS: [Format; 4] = [Format::Parquet, Format::Csv, Format::Arrow, Format::Ndjson];

fn line_table(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "write");
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    let Lines {
        rules,
        batch,
        scores,
        judged,
        is_cva,
        ..
    } = Lines::new(shipped());
    let label = label();
    let n_flagged = (0..BATCH_ROWS)
        .filter(|row| judged.of_row(*row).lane != ch24::select::Lane::Green)
        .count();
    for (name, flagged_only, n_rows) in [("all", false, BATCH_ROWS), ("flagged", true, n_flagged)] {
        group.bench_function(BenchmarkId::new("lines", name), |bencher| {
            bencher.iter(|| {
                let rows = lines(
                    &rules,
                    &batch,
                    &scores,
                    &judged,
                    &is_cva,
                    None,
                    &label,
                    flagged_only,
                );
                assert_eq!(rows.num_rows(), n_rows);
                rows
            });
        });
    }
    let rows = lines(
        &rules, &batch, &scores, &judged, &is_cva, None, &label, false,
    );
    let directory = tempfile::tempdir().expect("a temporary directory");
    for format in FORMATS {
        let path = directory.path().join(format!("lines.{}", format.ending()));
        group.bench_function(
            BenchmarkId::new("lines-table", format.ending()),
            |bencher| {
                bencher.iter(|| {
                    on_one_thread(|| {
                        let mut writer =
                            lines_writer(&path, format, &rules).expect("a file is made");
                        writer
                            .write(rows.clone())
                            .and_then(|()| writer.finish())
                            .expect("the rows are written");
                    });
                });
                assert_holds(&path, BATCH_ROWS);
            },
        );
    }
}

/// Here an element is a shipment, not a row.
fn shipment_table(criterion: &mut Criterion) {
    let Lines {
        rules,
        batch,
        scores,
        judged,
        is_cva,
        ..
    } = Lines::new(shipped());
    let mut shipments = Shipments::default();
    shipments.add(&batch, &judged, &scores.scopes, &is_cva);
    let mut group = common::stage(criterion, "write");
    group.throughput(Throughput::Elements(shipments.all.len() as u64));
    let directory = tempfile::tempdir().expect("a temporary directory");
    for format in FORMATS {
        let path = directory
            .path()
            .join(format!("shipments.{}", format.ending()));
        group.bench_function(
            BenchmarkId::new("shipments-table", format.ending()),
            |bencher| {
                write_shipment_tables(bencher, &rules, &batch, &shipments, &path, format);
                assert_holds(&path, shipments.all.len());
            },
        );
    }
}

fn write_shipment_tables(
    bencher: &mut criterion::Bencher<'_>,
    rules: &RuleSet,
    batch: &Batch,
    shipments: &Shipments,
    path: &Path,
    format: Format,
) {
    let labels = [label()];
    let mut masks = Masks::default();
    masks.add(batch, &labels[0]);
    let selection = settle(rules, shipments, None);
    let finished = Finished {
        rules,
        shipments,
        selection: &selection,
        labels: &labels,
        since: None,
        masks: &masks,
    };
    bencher.iter(|| {
        on_one_thread(|| {
            let written = write_shipments(path, format, &finished, false);
            written.expect("the shipments are written");
        });
    });
}

/// Parquet is otherwise encoded by all threads, and figures would depend on how many are free.
fn on_one_thread(work: impl FnOnce() + Send) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread can be started");
    pool.install(work);
}

/// Reads a table back: every field that its columns name takes part, and so does every row.
fn assert_holds(path: &Path, n_rows: usize) {
    let wanted = [field::HTS_NUMBER, field::SHIPMENT_KEY]
        .into_iter()
        .collect();
    assert_eq!(count_rows(&read_all(&reading(path, wanted))), n_rows as u64);
}

criterion_group! { name = benches; config = common::criterion(); targets = line_table, shipment_table }
criterion_main!(benches);
