//! Columns of a batch that shipments are made of, with the run's code of each text found once.

use crate::batch::{Batch, Column, NULL_CODE, NULL_DATE, Pool, TextColumn};
use crate::intern::Texts;
use crate::schema::{FieldId, field};
use foldhash::fast::FixedState;

/// Longest text of goods that is kept, in characters.
const MAX_GOODS: usize = 32;

/// Columns of a batch, with the run's code of each text found once.
pub(super) struct Columns<'a> {
    batch: &'a Batch,
    ports: [Coded<'a>; 2],
    importers: [Coded<'a>; 2],
    shipper: Coded<'a>,
    goods: [Option<&'a TextColumn>; 3],
    countries: [Coded<'a>; 3],
    container: Option<&'a TextColumn>,
    container_hashes: Vec<u32>,
    values: Option<&'a Vec<f64>>,
}

struct Coded<'a> {
    column: Option<&'a TextColumn>,
    codes: Vec<u32>,
}

impl<'a> Coded<'a> {
    fn new(batch: &'a Batch, id: FieldId) -> Self {
        let column = batch.text(id);
        Self {
            column,
            codes: vec![NULL_CODE; column.map_or(0, |column| column.pool.len())],
        }
    }

    fn code(&mut self, row: usize, texts: &mut Texts) -> u32 {
        let Some(column) = self.column else {
            return NULL_CODE;
        };
        let code = column.codes[row];
        if code == NULL_CODE {
            return NULL_CODE;
        }
        let known = &mut self.codes[code as usize];
        if *known == NULL_CODE {
            *known = texts.code(column.pool.get(code));
        }
        *known
    }
}

fn first_of(columns: &mut [Coded<'_>], row: usize, texts: &mut Texts) -> u32 {
    columns
        .iter_mut()
        .map(|column| column.code(row, texts))
        .find(|code| *code != NULL_CODE)
        .unwrap_or(NULL_CODE)
}

impl<'a> Columns<'a> {
    pub(super) fn new(batch: &'a Batch) -> Self {
        let coded = |id| Coded::new(batch, id);
        let container = batch.text(field::EQUIPMENT_NUMBER);
        Self {
            batch,
            ports: [
                coded(field::US_PORT_OF_ENTRY),
                coded(field::US_PORT_OF_UNLADING),
            ],
            importers: [
                coded(field::IMPORTER_NAME),
                coded(field::IMPORTER_OF_RECORD_NUMBER),
            ],
            shipper: coded(field::SHIPPER_NAME),
            goods: [
                field::GOODS_DESCRIPTION,
                field::COMMERCIAL_DESCRIPTION,
                field::TAXON,
            ]
            .map(|id| batch.text(id)),
            countries: [
                coded(field::COUNTRY_OF_HARVEST),
                coded(field::COUNTRY_OF_ORIGIN),
                coded(field::COUNTRY_OF_EXPORT),
            ],
            container,
            container_hashes: container.map_or_else(Vec::new, |column| {
                column.pool.iter().map(short_hash).collect()
            }),
            values: match batch.column(field::ENTERED_VALUE_USD) {
                Some(Column::Number(values)) => Some(values),
                _ => None,
            },
        }
    }

    pub(super) fn goods(&self, row: usize, goods: &mut Pool) -> u32 {
        let text = self
            .goods
            .iter()
            .flatten()
            .find_map(|column| column.get(row));
        text.map_or(NULL_CODE, |text| match text.char_indices().nth(MAX_GOODS) {
            None => goods.push(text),
            Some((end, _)) => goods.push(text.get(..end).unwrap_or(text)),
        })
    }

    pub(super) fn places_and_parties(&mut self, row: usize, texts: &mut Texts) -> (u32, u32, u32) {
        (
            first_of(&mut self.ports, row, texts),
            first_of(&mut self.importers, row, texts),
            self.shipper.code(row, texts),
        )
    }

    pub(super) fn countries(&mut self, row: usize, texts: &mut Texts) -> [u32; 3] {
        self.countries
            .each_mut()
            .map(|column| column.code(row, texts))
    }

    pub(super) fn day(&self, row: usize) -> i32 {
        day_of_work(self.batch, row)
    }

    pub(super) fn cents(&self, row: usize) -> Option<i64> {
        let value = self.values?[row];
        let cents = (value * 100.0).round();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be within the range of exact integers"
        )]
        (cents.abs() < 9e15).then_some(cents as i64)
    }

    pub(super) fn container(&self, row: usize) -> Option<u32> {
        let code = self.container?.codes[row];
        (code != NULL_CODE).then(|| self.container_hashes[code as usize - 1])
    }
}

/// A hash to tell lines and containers of one shipment apart; never 0, which stands for none.
pub(super) fn short_hash(text: &str) -> u32 {
    use std::hash::BuildHasher;
    let hash = FixedState::default().hash_one(text) >> 32;
    u32::try_from(hash).expect("the upper half of 64 bits") | 1
}

/// The fields that say on which day a shipment is work for its port, the first that is known.
pub const DAY_FIELDS: [FieldId; 4] = [
    field::ACTUAL_ARRIVAL_DATE,
    field::ESTIMATED_ARRIVAL_DATE,
    field::DATE_OF_IMPORT,
    field::LEGAL_DATE,
];

/// The day on which a row is work for its port; [`NULL_DATE`] for none.
pub fn day_of_work(batch: &Batch, row: usize) -> i32 {
    let mut days = DAY_FIELDS.iter();
    let day = days.find_map(|id| batch.date_at(*id, row));
    day.unwrap_or(NULL_DATE)
}
