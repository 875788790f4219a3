//! Files of generated rows -> raw batches, on one thread.

mod common;

use ch24::batch::FieldSet;
use ch24::schema::field;
use ch24::write::Format;
use common::lines::{count_rows, read_all, reading, wanted, write_generated, write_table};
use common::packs::shipped;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The same rows in each format.
struct Files {
    directory: TempDir,
}

impl Files {
    fn write() -> Self {
        let files = Self {
            directory: tempfile::tempdir().expect("a temporary directory"),
        };
        write_generated(common::FILE_ROWS, &files.path("csv"));
        write_generated(common::FILE_ROWS, &files.path("parquet"));
        write_table(common::FILE_ROWS, &files.path("ndjson"), Format::Ndjson);
        write_table(common::FILE_ROWS, &files.path("arrow"), Format::Arrow);
        let mut text = File::open(files.path("csv")).expect("the file was written");
        let file = File::create(files.path("csv.gz")).expect("a file is made");
        let mut encoder = GzEncoder::new(file, Compression::default());
        std::io::copy(&mut text, &mut encoder).expect("the text is compressed");
        encoder.finish().expect("the file is closed");
        files
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.directory.path().join(format!("lines.{ending}"))
    }
}

fn read(criterion: &mut Criterion) {
    let files = Files::write();
    let rules = shipped();
    let cases: [(&str, FieldSet); 2] = [
        ("pack-fields", wanted(&rules, true)),
        ("one-field", [field::HTS_NUMBER].into_iter().collect()),
    ];
    let mut group = common::stage(criterion, "read");
    group.throughput(Throughput::Elements(common::FILE_ROWS));
    for ending in ["csv", "csv.gz", "ndjson", "parquet", "arrow"] {
        for (name, wanted) in cases {
            let path = files.path(ending);
            group.bench_function(BenchmarkId::new(ending, name), |bencher| {
                bencher.iter(|| assert_reads(&path, wanted));
            });
        }
    }
}

fn assert_reads(path: &Path, wanted: FieldSet) {
    let batches = read_all(&reading(path, wanted));
    assert_eq!(count_rows(&batches), common::FILE_ROWS);
}

criterion_group! { name = benches; config = common::criterion(); targets = read }
criterion_main!(benches);
