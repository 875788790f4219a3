//! The core: one kind of condition at a time, columns of few and many distinct texts, and whole packs on generated lines.
//!
//! Each case is also judged row by row with the interpreter of the tests, on its first rows; that interpreter is the
//! baseline `naive` too.

mod common;

/// The dull interpreter of the tests.
#[expect(
    dead_code,
    clippy::pedantic,
    clippy::unwrap_used,
    reason = "a module of the tests, of which only the hits are asked for"
)]
#[path = "../tests/it/naive.rs"]
mod naive;

/// Columns in which a condition is true on a known share of rows.
#[path = "common/made.rs"]
mod made;

use ch24::batch::{Batch, Column};
use ch24::rules::RuleSet;
use ch24::schema::{FieldId, ValueType};
use ch24::score::{Program, encode, match_rules, score};
use common::lines::Lines;
use common::packs::{Pack, shipped};
use common::{BATCH_ROWS, MISSING, NAIVE_ROWS, SELECTIVITIES};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use std::cell::LazyCell;

/// Rules, compiled, and lines to judge by them.
struct Case<'a> {
    rules: &'a RuleSet,
    program: &'a Program,
    batch: &'a Batch,
    n_hits: usize,
}

/// One rule for each kind of condition.
fn kinds(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "score");
    for kind in made::KINDS {
        let compiled = LazyCell::new(|| {
            let rules = Pack::new(&[(kind.when)()]).rules();
            (Program::new(&rules), rules)
        });
        let variants = SELECTIVITIES
            .iter()
            .flat_map(|hit| MISSING.iter().map(move |null| (hit, null)));
        for ((hit, selectivity), (null, missing)) in variants {
            let made = LazyCell::new(|| kind.batch(*selectivity, *missing));
            core(
                &mut group,
                BenchmarkId::new(kind.name, format!("hit-{hit}_null-{null}")),
                || {
                    let ((program, rules), (batch, n_hits)) = (&*compiled, &*made);
                    Case {
                        rules,
                        program,
                        batch,
                        n_hits: *n_hits,
                    }
                },
            );
        }
        let batch = LazyCell::new(|| kind.batch(500, 0).0);
        naive(&mut group, kind.name, || (&compiled.1, &batch));
    }
}

/// The shipped pack, and generated packs, on generated lines.
fn packs(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "score");
    let generated = common::SCORED_PACKS.map(|n_rules| (format!("pack-{n_rules}"), Some(n_rules)));
    for (name, n_rules) in [("pack-shipped".to_owned(), None)]
        .into_iter()
        .chain(generated)
    {
        let rules = || n_rules.map_or_else(shipped, |n_rules| Pack::generated(n_rules).rules());
        let lines = LazyCell::new(|| Lines::new(rules()));
        core(&mut group, BenchmarkId::new(&name, "generated"), || {
            let Lines {
                rules,
                program,
                batch,
                scores,
                ..
            } = &*lines;
            Case {
                rules,
                program,
                batch,
                n_hits: scores.hits.len(),
            }
        });
        naive(&mut group, &name, || (&lines.rules, &lines.batch));
    }
}

/// Equality and a piece of text, on a column of few or many distinct texts.
fn cardinality(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "score");
    let conditions = [
        "goods_description = 'babaca 7'",
        "goods_description LIKE '%aca 7%'",
    ];
    for n_distinct in common::CARDINALITIES {
        let made = LazyCell::new(|| {
            let rules = Pack::new(&conditions.map(str::to_owned)).rules();
            (Program::new(&rules), rules, made::distinct(n_distinct))
        });
        let name = format!("cardinality-{n_distinct}");
        core(&mut group, BenchmarkId::new(name, "two-rules"), || {
            let (program, rules, (batch, n_hits)) = &*made;
            Case {
                rules,
                program,
                batch,
                n_hits: *n_hits,
            }
        });
    }
}

/// The two halves of scoring: columns -> classes, and classes -> rules that hit, which is the loop over rows.
fn halves(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "core");
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    for n_rules in common::SCORED_PACKS {
        let lines = LazyCell::new(|| Lines::new(Pack::generated(n_rules).rules()));
        let name = format!("pack-{n_rules}");
        group.bench_function(BenchmarkId::new("encode", &name), |bencher| {
            let Lines {
                rules,
                program,
                batch,
                ..
            } = &*lines;
            bencher.iter(|| {
                let encoded = encode(program, rules, batch);
                assert_eq!(encoded.n_rows, BATCH_ROWS);
                encoded
            });
        });
        group.bench_function(BenchmarkId::new("match", &name), |bencher| {
            let Lines {
                rules,
                program,
                batch,
                scores,
                ..
            } = &*lines;
            let encoded = encode(program, rules, batch);
            bencher.iter(|| {
                let found = match_rules(program, &encoded);
                assert_eq!(found.hits.len(), scores.hits.len());
                found
            });
        });
    }
}

/// The compiled core. A case is made when its id is asked for, and not before.
fn core<'a>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    id: BenchmarkId,
    case: impl Fn() -> Case<'a>,
) {
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    group.bench_function(id, |bencher| {
        let Case {
            rules,
            program,
            batch,
            n_hits,
        } = case();
        assert_agrees(program, rules, batch);
        bencher.iter(|| {
            let scores = score(program, rules, batch);
            assert_eq!(scores.hits.len(), n_hits);
            scores
        });
    });
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

criterion_group! { name = benches; config = common::criterion(); targets = kinds, cardinality, packs, halves }
criterion_main!(benches);
