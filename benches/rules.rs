//! Rule packs: files -> checked rules -> program.

mod common;

use ch24::diagnostic::{Diagnostics, Span};
use ch24::rules::condition::parse;
use ch24::rules::lists::Lists;
use ch24::rules::resolve::{Meaning, Scope, resolve};
use ch24::rules::{PackSource, RuleSet};
use ch24::schema::{ValueType, find};
use ch24::score::Program;
use common::packs::{Pack, conditions, rules_of, shipped};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

fn load(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "rules");
    let n_shipped = shipped().rules.len();
    group.throughput(Throughput::Elements(n_shipped as u64));
    group.bench_function("load/shipped", |bencher| {
        bencher.iter(|| {
            let rules = rules_of(&PackSource::Shipped);
            assert_eq!(rules.rules.len(), n_shipped);
            rules
        });
    });
    for n_rules in common::PACK_SIZES {
        let pack = Pack::generated(n_rules);
        group.throughput(Throughput::Elements(n_rules as u64));
        group.bench_function(BenchmarkId::new("load", n_rules), |bencher| {
            bencher.iter(|| {
                let rules = pack.rules();
                assert_eq!(rules.rules.len(), n_rules);
                rules
            });
        });
    }
}

/// Parses and resolves conditions alone: no YAML, no files.
fn parse_and_resolve(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "rules");
    let lists = Pack::generated(0).rules().lists;
    for n_rules in common::PACK_SIZES {
        let conditions = conditions(n_rules);
        group.throughput(Throughput::Elements(n_rules as u64));
        group.bench_function(BenchmarkId::new("parse-resolve", n_rules), |bencher| {
            bencher.iter(|| {
                for condition in &conditions {
                    assert!(is_resolved(black_box(condition), &lists));
                }
            });
        });
    }
}

fn is_resolved(condition: &str, lists: &Lists) -> bool {
    let mut diagnostics = Diagnostics::default();
    let locate = |start, end| Span {
        start,
        end,
        ..Span::default()
    };
    let scope = Scope {
        name: &|name| {
            let field = find(name)?;
            Some(Meaning::Column(field, field.field()?.value_type()))
        },
        known_names: &Vec::new,
        param: &|_| None,
        lists,
    };
    let node = parse(condition, &locate, &mut diagnostics);
    node.and_then(|node| {
        resolve(
            &node,
            Some(ValueType::Boolean),
            &scope,
            &locate,
            &mut diagnostics,
        )
    })
    .is_some()
}

fn compile(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "rules");
    let generated =
        common::PACK_SIZES.map(|n_rules| (n_rules.to_string(), Pack::generated(n_rules).rules()));
    let packs: Vec<(String, RuleSet)> = [("shipped".to_owned(), shipped())]
        .into_iter()
        .chain(generated)
        .collect();
    for (name, rules) in &packs {
        group.throughput(Throughput::Elements(rules.rules.len() as u64));
        group.bench_function(BenchmarkId::new("compile", name), |bencher| {
            bencher.iter(|| {
                let program = Program::new(black_box(rules));
                assert!(program.targets.len() >= rules.rules.len());
                program
            });
        });
    }
}

criterion_group! { name = benches; config = common::criterion(); targets = load, parse_and_resolve, compile }
criterion_main!(benches);
