//! Raw columns -> typed columns, one kind of field at a time, and all fields of generated lines.

mod common;

use ch24::batch::{Batch, FieldSet, TextColumn};
use ch24::normalize::date::format_date;
use ch24::normalize::{Identities, normalize};
use ch24::read::Mapping;
use ch24::read::binding::bind;
use ch24::read::raw::{RawBatch, RawColumn};
use ch24::schema::{FieldId, field};
use common::lines::{label, raw_batch, wanted};
use common::packs::shipped;
use common::{BATCH_ROWS, LOW_CARDINALITY, capital_word, word};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::Rng;
use std::sync::Arc;

/// The text of a cell by its number: different numbers give different texts.
type Cell = fn(usize) -> String;

/// A kind of field: the columns it is read from, and their cells.
struct Kind {
    name: &'static str,
    columns: &'static [(FieldId, Cell)],
}

/// The first column of a kind is the one whose result is checked.
const KINDS: &[Kind] = &[
    Kind {
        name: "hts",
        columns: &[(field::HTS_NUMBER, hts)],
    },
    Kind {
        name: "country",
        columns: &[(field::COUNTRY_OF_ORIGIN, country)],
    },
    Kind {
        name: "date",
        columns: &[(field::ENTRY_DATE, |n| {
            format_date(i32::try_from(n).unwrap_or(0) - 10_000)
        })],
    },
    Kind {
        name: "money",
        columns: &[(field::ENTERED_VALUE_USD, money)],
    },
    Kind {
        name: "taxon",
        columns: &[
            (field::SCIENTIFIC_GENUS, |n| word(n).to_uppercase()),
            (field::SCIENTIFIC_SPECIES, |n| word(n + 7)),
        ],
    },
    Kind {
        name: "party",
        columns: &[(field::IMPORTER_NAME, party)],
    },
    Kind {
        name: "free-text",
        columns: &[(field::GOODS_DESCRIPTION, goods)],
    },
];

fn hts(number: usize) -> String {
    format!(
        "44{:02}.{:02}.{:04}",
        number / 1_000_000 % 100,
        number / 10_000 % 100,
        number % 10_000
    )
}

/// Names and codes; there are few countries, so the blanks around them tell texts apart.
fn country(number: usize) -> String {
    const COUNTRIES: [&str; 8] = [
        "MX",
        "Mexico",
        "cn",
        "Viet Nam",
        "CAN",
        "Peru",
        "United States",
        "ID",
    ];
    let blanks = number / COUNTRIES.len();
    format!(
        "{}{}{}",
        " ".repeat(blanks / 100),
        COUNTRIES[number % COUNTRIES.len()],
        " ".repeat(blanks % 100)
    )
}

fn money(number: usize) -> String {
    format!(
        "${},{:03}.{:02}",
        1 + number / 1_000,
        number % 1_000,
        number % 100
    )
}

fn party(number: usize) -> String {
    format!(
        "{}  {} de M\u{e9}xico, S.A. de C.V.",
        capital_word(number),
        capital_word(number + 11)
    )
}

fn goods(number: usize) -> String {
    let words: Vec<_> = (0..8).map(|place| word(number + 17 * place)).collect();
    format!("{} 2\" x 4\"", words.join(" "))
}

/// A column of a number of distinct texts in random order.
fn column(cell: Cell, numbers: &[usize]) -> RawColumn {
    let texts: Vec<String> = numbers.iter().map(|number| cell(*number)).collect();
    RawColumn::Text(
        texts
            .iter()
            .map(|text| Some(text.as_str()))
            .collect::<TextColumn>(),
    )
}

fn raw(columns: &[(FieldId, Cell)], n_distinct: usize) -> RawBatch {
    let mut draws = common::draws(n_distinct as u64);
    let numbers: Vec<usize> = match n_distinct {
        BATCH_ROWS => (0..BATCH_ROWS).collect(),
        _ => (0..BATCH_ROWS)
            .map(|_| draws.random_range(0..n_distinct))
            .collect(),
    };
    let header: Vec<String> = columns
        .iter()
        .map(|(field, _)| field.name().to_owned())
        .collect();
    let fields: FieldSet = columns.iter().map(|(field, _)| *field).collect();
    let binding = bind(&Mapping::default(), &header, &fields).expect("the header names fields");
    RawBatch {
        file: 0,
        rows: (1..=BATCH_ROWS as u64).collect(),
        columns: columns
            .iter()
            .map(|(_, cell)| column(*cell, &numbers))
            .collect(),
        binding: Arc::new(binding),
        set_aside: Vec::new(),
    }
}

fn has_value_everywhere(batch: &Batch, field: FieldId) -> bool {
    (0..batch.n_rows).all(|row| {
        batch.text_at(field, row).is_some()
            || batch.number_at(field, row).is_some()
            || batch.date_at(field, row).is_some()
    })
}

fn kinds(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "normalize");
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    let label = label().label;
    for (cardinality, n_distinct) in [("low", LOW_CARDINALITY), ("high", BATCH_ROWS)] {
        for kind in KINDS {
            let raw = raw(kind.columns, n_distinct);
            let wanted: FieldSet = kind.columns.iter().map(|(field, _)| *field).collect();
            let read = |raw| normalize(raw, &wanted, &label, &Identities::FirstRow);
            let batch = read(raw.clone());
            assert!(
                has_value_everywhere(&batch, kind.columns[0].0),
                "{} reads each of its texts",
                kind.name
            );
            assert_eq!(batch.issues, [], "{}", kind.name);
            group.bench_function(BenchmarkId::new(kind.name, cardinality), |bencher| {
                bencher.iter_batched(|| raw.clone(), read, BatchSize::LargeInput);
            });
        }
    }
}

/// What every batch costs whatever its fields: keys, dates of law, what rows can carry.
fn keys(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "normalize");
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    let label = label().label;
    // One column is bound, so that the header is known, and it is not wanted.
    let mut raw = raw(&KINDS[0].columns[..1], LOW_CARDINALITY);
    let header = [KINDS[0].columns[0].0.name().to_owned()];
    raw.binding = Arc::new(
        bind(&Mapping::default(), &header, &FieldSet::default()).expect("the header names a field"),
    );
    raw.columns.clear();
    group.bench_function("nothing/keys-alone", |bencher| {
        let read = |raw| normalize(raw, &FieldSet::default(), &label, &Identities::FirstRow);
        bencher.iter_batched(
            || raw.clone(),
            |raw| assert_eq!(read(raw).n_rows, BATCH_ROWS),
            BatchSize::LargeInput,
        );
    });
}

fn generated(criterion: &mut Criterion) {
    let mut group = common::stage(criterion, "normalize");
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    let label = label().label;
    let wanted = wanted(&shipped(), true);
    let raw = raw_batch(wanted, BATCH_ROWS);
    group.bench_function("generated/pack-fields", |bencher| {
        let read = |raw| normalize(raw, &wanted, &label, &Identities::FirstRow);
        bencher.iter_batched(
            || raw.clone(),
            |raw| {
                let batch = read(raw);
                assert!(batch.text(field::TAXON).is_some());
                batch
            },
            BatchSize::LargeInput,
        );
    });
}

criterion_group! { name = benches; config = common::criterion(); targets = keys, kinds, generated }
criterion_main!(benches);
