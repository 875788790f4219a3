//! The core: one kind of condition at a time, and whole packs on generated lines.
//!
//! Each case is also judged row by row with the interpreter of the tests, on its first rows; that interpreter is the
//! baseline `naive` too.

mod common;

/// The dull interpreter of the tests.
#[expect(dead_code, reason = "only hits are asked for")]
#[path = "../tests/it/naive.rs"]
mod naive;

/// Columns in which a condition is true on a known share of rows.
#[path = "common/made.rs"]
mod made;

use ch24::batch::{Batch, Column};
use ch24::rules::RuleSet;
use ch24::schema::{FieldId, ValueType};
use ch24::score::{Program, score};
use common::lines::Lines;
use common::packs::{Pack, shipped};
use common::{BATCH_ROWS, MISSING, NAIVE_ROWS, SELECTIVITIES};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use std::cell::LazyCell;

/// One rule for each kind of condition.
fn kinds(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "score");
    for kind in made::KINDS {
        let compiled = LazyCell::new(|| {
            let rules = Pack::new(&[(kind.when)()]).rules();
            (Program::new(&rules), rules)
        });
        for selectivity in SELECTIVITIES {
            for missing in MISSING {
                let case = LazyCell::new(|| {
                    let (batch, n_hits) = kind.batch(selectivity, missing);
                    assert_agrees(&compiled.0, &compiled.1, &batch);
                    (batch, n_hits)
                });
                let variant = format!("hit-{selectivity}_null-{missing}");
                group.throughput(Throughput::Elements(BATCH_ROWS as u64));
                group.bench_function(BenchmarkId::new(kind.name, variant), |bencher| {
                    let ((program, rules), (batch, n_hits)) = (&*compiled, &*case);
                    bencher.iter(|| {
                        let scores = score(program, rules, batch);
                        assert_eq!(scores.hits.len(), *n_hits);
                        scores
                    });
                });
            }
        }
        let batch = LazyCell::new(|| kind.batch(50.0, 0.0).0);
        naive(&mut group, kind.name, || (&compiled.1, &batch));
    }
}

/// The shipped pack, and generated packs, on generated lines.
fn packs(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "score");
    let generated = common::SCORED_PACKS.map(|n_rules| (format!("pack-{n_rules}"), n_rules));
    for (name, n_rules) in [("pack-shipped".to_owned(), 0)]
        .into_iter()
        .chain(generated)
    {
        let lines = LazyCell::new(|| {
            let lines = Lines::new(if n_rules == 0 {
                shipped()
            } else {
                Pack::generated(n_rules).rules()
            });
            assert_agrees(&lines.program, &lines.rules, &lines.batch);
            lines
        });
        group.throughput(Throughput::Elements(BATCH_ROWS as u64));
        group.bench_function(BenchmarkId::new(&name, "generated"), |bencher| {
            let lines = &*lines;
            bencher.iter(|| {
                let scores = score(&lines.program, &lines.rules, &lines.batch);
                assert_eq!(scores.hits.len(), lines.scores.hits.len());
                scores
            });
        });
        naive(&mut group, &name, || (&lines.rules, &lines.batch));
    }
}

/// The baseline: the first rows of a batch, one after the other, value by value.
fn naive<'a>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    case: impl Fn() -> (&'a RuleSet, &'a Batch),
) {
    group.throughput(Throughput::Elements(NAIVE_ROWS as u64));
    group.bench_function(BenchmarkId::new(name, "naive"), |bencher| {
        let (rules, batch) = case();
        let rows: Vec<_> = (0..NAIVE_ROWS).map(|row| row_of(batch, row)).collect();
        bencher.iter(|| {
            let hits = |(row, values)| naive::hits(rules, values, class_of(batch, row)).len();
            let n_hits: usize = rows.iter().enumerate().map(hits).sum();
            assert!(n_hits <= NAIVE_ROWS * rules.rules.len());
            n_hits
        });
    });
}

fn assert_agrees(program: &Program, rules: &RuleSet, batch: &Batch) {
    let scores = score(program, rules, batch);
    for row in 0..NAIVE_ROWS {
        let expected = naive::hits(rules, &row_of(batch, row), class_of(batch, row));
        assert_eq!(scores.hits_of(row), expected, "row {row}");
    }
}

fn class_of(batch: &Batch, row: usize) -> &ch24::batch::PresenceClass {
    &batch.presence.classes[usize::from(batch.presence.class_of_row[row])]
}

/// The values of a row that are not NULL.
fn row_of(batch: &Batch, row: usize) -> naive::Row {
    let fields = (0..).zip(&batch.columns);
    let extras = (FieldId::FIRST_EXTRA..).zip(&batch.extras);
    let columns = fields
        .chain(extras)
        .filter_map(|(number, column)| Some((number, column.as_ref()?)));
    columns
        .filter_map(|(number, column)| {
            Some((number, value_of(batch, FieldId(number), column, row)?))
        })
        .collect()
}

fn value_of(batch: &Batch, field: FieldId, column: &Column, row: usize) -> Option<naive::Value> {
    let is_list = field
        .field()
        .is_some_and(|field| field.value_type() == ValueType::List);
    match column {
        Column::Text(_) if is_list => {
            let items = batch.text_at(field, row)?.split('|');
            Some(naive::Value::List(items.map(str::to_owned).collect()))
        }
        Column::Text(_) => Some(naive::Value::Text(batch.text_at(field, row)?.to_owned())),
        Column::Number(_) => batch.number_at(field, row).map(naive::Value::Number),
        Column::Date(_) => batch.date_at(field, row).map(naive::Value::Date),
        Column::Boolean(truths) => {
            let truth = truths[row];
            (truth != ch24::batch::UNKNOWN)
                .then_some(naive::Value::Boolean(truth == ch24::batch::TRUE))
        }
    }
}

criterion_group! { name = benches; config = common::criterion(); targets = kinds, packs }
criterion_main!(benches);
