//! Columns made for one condition: true, false or NULL on as many rows as asked for.

use crate::common::packs::{N_PHRASES, N_PREFIXES, N_TAXA, phrase, prefix, taxon};
use crate::common::{BATCH_ROWS, draws, word};
use ch24::batch::{Batch, Column, NULL_DATE, Presence, PresenceClass, TextColumn};
use ch24::rules::vocabulary::Stage;
use ch24::schema::{FIELDS, FieldId, field};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Columns and the fields that they are of.
type Columns = Vec<(FieldId, Column)>;

/// A kind of condition.
pub struct Kind {
    /// Its name in the id.
    pub name: &'static str,
    /// The condition.
    pub when: fn() -> String,
    /// Makes the columns that the condition reads.
    columns: fn(&[Fate], &mut ChaCha8Rng) -> Columns,
}

/// What a condition shall be on a row.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    True,
    False,
    Null,
}

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "equality",
        when: || "country_of_origin = 'MX'".to_owned(),
        columns: |fates, draws| {
            let other = |draws: &mut ChaCha8Rng| word(draws.random_range(0..200));
            vec![(
                field::COUNTRY_OF_ORIGIN,
                texts(fates, draws, |_| "MX".to_owned(), other),
            )]
        },
    },
    Kind {
        name: "in-1000",
        when: || {
            let codes: Vec<_> = (0..1_000)
                .map(|number| format!("'{}'", code(number)))
                .collect();
            format!("hts_number IN ({})", codes.join(", "))
        },
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| code(draws.random_range(0..1_000));
            let other = |draws: &mut ChaCha8Rng| code(draws.random_range(1_000..5_000));
            vec![(field::HTS_NUMBER, texts(fates, draws, one, other))]
        },
    },
    Kind {
        name: "like-prefix",
        when: || "hts_number LIKE '4407%'".to_owned(),
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| format!("4407{:06}", draws.random_range(0..1_000));
            let other = |draws: &mut ChaCha8Rng| code(draws.random_range(0..5_000));
            vec![(field::HTS_NUMBER, texts(fates, draws, one, other))]
        },
    },
    Kind {
        name: "like-contains",
        when: || "goods_description LIKE '%ROSEWOOD%'".to_owned(),
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| {
                format!("{} ROSEWOOD {}", words(draws, 4), words(draws, 3))
            };
            vec![(
                field::GOODS_DESCRIPTION,
                texts(fates, draws, one, |draws| words(draws, 8)),
            )]
        },
    },
    Kind {
        name: "range",
        when: || "entered_value_usd BETWEEN 100 AND 5000".to_owned(),
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| draws.random_range(100.0..=5_000.0);
            let other = |draws: &mut ChaCha8Rng| draws.random_range(5_001.0..1e6);
            vec![(field::ENTERED_VALUE_USD, numbers(fates, draws, one, other))]
        },
    },
    Kind {
        name: "in-list-prefix",
        when: || "in_list(hts_number, 'prefixes')".to_owned(),
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| {
                format!(
                    "{}{:06}",
                    prefix(draws.random_range(0..N_PREFIXES)),
                    draws.random_range(0..10)
                )
            };
            let other = |draws: &mut ChaCha8Rng| code(draws.random_range(0..5_000));
            vec![(field::HTS_NUMBER, texts(fates, draws, one, other))]
        },
    },
    Kind {
        name: "in-list-dated",
        when: || "in_list(taxon, 'taxa', legal_date)".to_owned(),
        columns: |fates, draws| {
            let listed = |draws: &mut ChaCha8Rng| taxon(draws.random_range(0..N_TAXA));
            // Half of the others are in the list, and not in force on the day.
            let other = |draws: &mut ChaCha8Rng| taxon(draws.random_range(0..2 * N_TAXA));
            let names = texts(fates, draws, listed, other);
            let day = |fate: &Fate| match fate {
                Fate::Null => NULL_DATE,
                Fate::True => draws.random_range(19_800..20_400),
                Fate::False => draws.random_range(19_000..19_700),
            };
            vec![
                (field::TAXON, names),
                (
                    field::LEGAL_DATE,
                    Column::Date(fates.iter().map(day).collect()),
                ),
            ]
        },
    },
    Kind {
        name: "contains-any",
        when: || "contains_any(goods_description, 'phrases')".to_owned(),
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| {
                let phrase = phrase(draws.random_range(0..N_PHRASES)).to_uppercase();
                format!("{} {phrase} {}", words(draws, 3), words(draws, 3))
            };
            vec![(
                field::GOODS_DESCRIPTION,
                texts(fates, draws, one, |draws| words(draws, 8)),
            )]
        },
    },
    Kind {
        name: "arithmetic",
        when: || "entered_value_usd / net_weight_kg < 2".to_owned(),
        columns: |fates, draws| {
            let one = |draws: &mut ChaCha8Rng| draws.random_range(1.0..1_000.0);
            let other = |draws: &mut ChaCha8Rng| draws.random_range(3_000.0..1e6);
            let values = numbers(fates, draws, one, other);
            let weights = (0..fates.len())
                .map(|_| draws.random_range(1_000.0..1_500.0))
                .collect();
            vec![
                (field::ENTERED_VALUE_USD, values),
                (field::NET_WEIGHT_KG, Column::Number(weights)),
            ]
        },
    },
];

/// A batch of descriptions, so many of them distinct, and the hits of two rules that ask for number 7 of them.
pub fn distinct(n_distinct: usize) -> (Batch, usize) {
    let number_of_row = |row: usize| row % n_distinct;
    let texts: Vec<String> = (0..BATCH_ROWS)
        .map(|row| format!("babaca {}", number_of_row(row)))
        .collect();
    let is_hit = |row: &usize| number_of_row(*row) == 7;
    let begins = |row: &usize| number_of_row(*row).to_string().starts_with('7');
    let n_hits = (0..BATCH_ROWS).filter(is_hit).count() + (0..BATCH_ROWS).filter(begins).count();
    let texts: TextColumn = texts.iter().map(|text| Some(text.as_str())).collect();
    let column = (field::GOODS_DESCRIPTION, Column::Text(texts));
    (batch_of(vec![column]), n_hits)
}

impl Kind {
    /// A batch, and the number of its rows on which the condition is true.
    ///
    /// Shares are rows in a thousand: of the rows with a value those where it is true, and of all rows those without a
    /// value.
    pub fn batch(&self, selectivity: usize, missing: usize) -> (Batch, usize) {
        let n_null = BATCH_ROWS * missing / 1_000;
        let n_true = (BATCH_ROWS - n_null) * selectivity / 1_000;
        let mut fates = vec![Fate::False; BATCH_ROWS];
        fates[..n_null].fill(Fate::Null);
        fates[n_null..n_null + n_true].fill(Fate::True);
        let mut draws = draws(n_true as u64);
        fates.shuffle(&mut draws);
        (batch_of((self.columns)(&fates, &mut draws)), n_true)
    }
}

/// A batch of these columns, all of which the source can carry.
fn batch_of(columns: Columns) -> Batch {
    let mut batch = Batch::with_rows(BATCH_ROWS);
    for (field, column) in columns {
        batch.set(field, column);
    }
    let fields = (0..FIELDS.len()).filter_map(|number| u16::try_from(number).ok().map(FieldId));
    let class = PresenceClass {
        stage: Stage::EntrySummary,
        fields: fields.collect(),
        has_history: false,
        has_feeds: false,
    };
    batch.presence = Presence {
        classes: vec![class],
        class_of_row: vec![0; BATCH_ROWS],
    };
    batch
}

fn texts(
    fates: &[Fate],
    draws: &mut ChaCha8Rng,
    one: impl Fn(&mut ChaCha8Rng) -> String,
    other: impl Fn(&mut ChaCha8Rng) -> String,
) -> Column {
    let text = |fate: &Fate| match fate {
        Fate::Null => None,
        Fate::True => Some(one(draws)),
        Fate::False => Some(other(draws)),
    };
    let texts: Vec<Option<String>> = fates.iter().map(text).collect();
    Column::Text(texts.iter().map(Option::as_deref).collect::<TextColumn>())
}

fn numbers(
    fates: &[Fate],
    draws: &mut ChaCha8Rng,
    one: impl Fn(&mut ChaCha8Rng) -> f64,
    other: impl Fn(&mut ChaCha8Rng) -> f64,
) -> Column {
    let number = |fate: &Fate| match fate {
        Fate::Null => f64::NAN,
        Fate::True => one(draws),
        Fate::False => other(draws),
    };
    Column::Number(fates.iter().map(number).collect())
}

/// A tariff number of chapters 50 to 54: in no list and no other condition.
fn code(number: usize) -> String {
    format!("{}{number:06}", 5_000 + number % 500)
}

/// Upper-case words of which no listed phrase is made.
fn words(draws: &mut ChaCha8Rng, n_words: usize) -> String {
    let words: Vec<_> = (0..n_words)
        .map(|_| word(draws.random_range(1_000..300_000)).to_uppercase())
        .collect();
    words.join(" ")
}
