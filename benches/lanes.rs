//! Hits -> verdicts -> shipments -> selection, on lines that the shipped pack has scored.

mod common;

use ch24::batch::{Batch, Column, TextColumn};
use ch24::diagnostic::Span;
use ch24::rules::RuleSet;
use ch24::rules::yaml::Capacity;
use ch24::schema::field;
use ch24::select::{Salt, Shipments, cva_candidates, judge, settle};
use common::BATCH_ROWS;
use common::lines::Lines;
use common::packs::shipped;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeSet;

fn verdicts(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "select");
    let lines = Lines::new(shipped());
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    group.bench_function("judge/generated", |bencher| {
        bencher.iter(|| {
            let judged = judge(&lines.rules, &lines.scores);
            assert_eq!(judged.verdicts.len(), lines.judged.verdicts.len());
            judged
        });
    });
    group.bench_function("cva-candidates/generated", |bencher| {
        bencher.iter(|| {
            let is_cva = cva_candidates(&lines.batch, &lines.judged);
            assert_eq!(is_cva, lines.is_cva);
            is_cva
        });
    });
}

/// The same lines in shipments of about three lines, of one line each, and with half of them in one shipment.
fn shapes(batch: &Batch) -> [(&'static str, Batch); 3] {
    let with_keys = |keys: TextColumn| {
        let mut batch = batch.clone();
        batch.set(field::SHIPMENT_KEY, Column::Text(keys));
        batch
    };
    let rows: Vec<String> = batch.rows.iter().map(|row| format!("R{row}")).collect();
    let alone = rows.iter().map(|row| Some(row.as_str())).collect();
    let key = |row: usize| {
        if row.is_multiple_of(2) {
            Some("HUGE")
        } else {
            batch.text_at(field::SHIPMENT_KEY, row)
        }
    };
    let skewed = (0..batch.n_rows).map(key).collect();
    [
        ("generated", batch.clone()),
        ("one-line-each", with_keys(alone)),
        ("half-in-one", with_keys(skewed)),
    ]
}

fn shipments(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "select");
    let lines = Lines::new(shipped());
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    for (shape, batch) in shapes(&lines.batch) {
        let keys: BTreeSet<_> = (0..batch.n_rows)
            .map(|row| batch.text_at(field::SHIPMENT_KEY, row))
            .collect();
        group.bench_function(BenchmarkId::new("shipments", shape), |bencher| {
            bencher.iter(|| {
                let mut shipments = Shipments::default();
                let visits =
                    shipments.add(&batch, &lines.judged, &lines.scores.scopes, &lines.is_cva);
                assert_eq!(visits.len(), BATCH_ROWS);
                assert_eq!(shipments.all.len(), keys.len());
                shipments
            });
        });
    }
}

/// Here an element is a shipment, not a row.
fn selection(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "select");
    let lines = Lines::new(shipped());
    let mut shipments = Shipments::default();
    shipments.add(
        &lines.batch,
        &lines.judged,
        &lines.scores.scopes,
        &lines.is_cva,
    );
    group.throughput(Throughput::Elements(shipments.all.len() as u64));
    let with = |change: &dyn Fn(&mut RuleSet)| {
        let mut rules = lines.rules.clone();
        change(&mut rules);
        rules
    };
    let ranked = with(&|rules| rules.policy.file.capacity.clear());
    let drawn = with(&|rules| rules.policy.file.random.share = 0.05);
    let capacity = with(&|rules| {
        let span = Span::default();
        rules.policy.file.capacity = vec![Capacity {
            span,
            port: None,
            queue: None,
            red: Some(0),
            yellow: Some(1),
        }];
    });
    let salt = Salt::new("bench");
    for (name, rules, salt) in [
        ("rank", &ranked, None),
        ("draw", &drawn, Some(&salt)),
        ("capacity", &capacity, None),
    ] {
        let once = settle(rules, &shipments, salt);
        assert_eq!(once.drawn > 0, name == "draw");
        assert_eq!(
            once.overflow[0] + once.unmet_mandatory > 0,
            name == "capacity"
        );
        group.bench_function(BenchmarkId::new("settle", name), |bencher| {
            bencher.iter(|| {
                let selection = settle(rules, &shipments, salt);
                assert_eq!(selection.shipments.len(), shipments.all.len());
                assert_eq!(selection.drawn, once.drawn);
                selection
            });
        });
    }
}

criterion_group! { name = benches; config = common::criterion(); targets = verdicts, shipments, selection }
criterion_main!(benches);
