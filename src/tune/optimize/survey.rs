//! What stands in the columns from which conditions may be mined: values with their frequency, and quantiles.

use crate::batch::{Batch, Column, FieldSet, NULL_CODE};
use crate::error::Error;
use crate::normalize::{ALWAYS, Identities, with_sources};
use crate::rules::load_files;
use crate::rules::vocabulary::Family;
use crate::scan::{Scan, with_threads};
use crate::schema::{FieldId, field};
use crate::score::Program;
use crate::tune::evidence::Labeled;
use std::collections::BTreeMap;

/// Columns of codes that say what the goods are or how they were filed. No party, no name, no number of a document or vessel, no
/// port, no place and no country stands here: what was found there says more of where people looked.
const CODES: &[(FieldId, Family)] = &[
    (field::HTS_NUMBER, Family::Species),
    (field::PRODUCT_CLASS, Family::Species),
    (field::PRODUCT_FORM, Family::Species),
    (field::TAXON, Family::Species),
    (field::SCIENTIFIC_GENUS, Family::Species),
    (field::COMMON_NAME_GENERAL, Family::Species),
    (field::WILDLIFE_DESCRIPTION_CODE, Family::Species),
    (field::WILDLIFE_SOURCE_CODE, Family::Species),
    (field::WILDLIFE_PURPOSE_CODE, Family::Species),
    (field::DECLARED_CITES_APPENDIX, Family::Species),
    (field::SOURCE_TYPE_CODE, Family::Species),
    (field::METHOD_OF_HARVEST, Family::Species),
    (field::GEAR_CODE, Family::Species),
    (field::INTENDED_USE_CODE, Family::Document),
    (field::PGA_DISCLAIMER, Family::Document),
    (field::PPQ505_STATUS, Family::Document),
    (field::FWS3177_STATUS, Family::Document),
    (field::DS2031_STATUS, Family::Document),
    (field::NOAA370_STATUS, Family::Document),
    (field::COA_STATUS, Family::Document),
    (field::SIMP_STATUS, Family::Document),
    (field::QUANTITY_1_UOM, Family::Quantity),
    (field::MODE_OF_TRANSPORT, Family::Routing),
    (field::EQUIPMENT_TYPE, Family::Routing),
    (field::ENTRY_TYPE, Family::Routing),
    (field::SPI_CODE, Family::Routing),
];
/// Columns of numbers.
const NUMBERS: &[(FieldId, Family)] = &[
    (field::QUANTITY_1, Family::Quantity),
    (field::QUANTITY_2, Family::Quantity),
    (field::COMPONENT_QUANTITY, Family::Quantity),
    (field::GROSS_WEIGHT_KG, Family::Quantity),
    (field::NET_WEIGHT_KG, Family::Quantity),
    (field::VOLUME_M3, Family::Quantity),
    (field::PIECE_COUNT, Family::Quantity),
    (field::MANIFEST_QUANTITY, Family::Quantity),
    (field::WILDLIFE_CARTONS, Family::Quantity),
    (field::ENTERED_VALUE_USD, Family::Price),
    (field::PGA_LINE_VALUE_USD, Family::Price),
    (field::CHARGES_USD, Family::Price),
];
/// Countries, which are told together with goods only.
const COUNTRIES: &[FieldId] = &[
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_HARVEST,
    field::COUNTRY_OF_EXPORT,
];
/// Goods that are told together with a country.
const GOODS: &[FieldId] = &[
    field::HTS_NUMBER,
    field::WILDLIFE_DESCRIPTION_CODE,
    field::SCIENTIFIC_GENUS,
];
/// Digits of a tariff number that make a value here.
const HEADING: usize = 4;
/// Numbers kept of a column for its quantiles.
const KEPT: usize = 1 << 16;

/// What stands in the columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub(super) n_lines: u64,
    /// Lines by column and value; a tariff number by its first four digits.
    pub(super) codes: BTreeMap<(FieldId, String), u64>,
    /// Lines by country and goods: columns and values.
    pub(super) pairs: BTreeMap<(FieldId, String, FieldId, String), u64>,
    /// A sample of each column of numbers.
    pub(super) numbers: BTreeMap<FieldId, Sample>,
}

/// Numbers at even distances in the order of the input.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    every: u64,
    seen: u64,
    values: Vec<f64>,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            every: 1,
            seen: 0,
            values: Vec::new(),
        }
    }
}

impl Sample {
    fn add(&mut self, value: f64) {
        if self.seen.is_multiple_of(self.every) {
            self.values.push(value);
        }
        self.seen += 1;
        if self.values.len() == KEPT {
            let mut position = 0;
            self.values.retain(|_| {
                position += 1;
                position % 2 == 1
            });
            self.every *= 2;
        }
    }

    /// The value below which a share of the sample lies; none of an empty one.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a position"
        )]
        let position = (share * sorted.len() as f64) as usize;
        sorted
            .get(position.min(sorted.len().saturating_sub(1)))
            .copied()
    }
}

/// The family of a condition on a column.
pub(super) fn family(column: FieldId) -> Family {
    let mut all = CODES.iter().chain(NUMBERS);
    all.find(|(known, _)| *known == column)
        .map_or(Family::Routing, |(_, family)| *family)
}

/// Reads the columns once. What a mapping marks as known at inspection is left out.
///
/// # Errors
/// When an input cannot be read.
pub(super) fn survey(data: &Labeled<'_>) -> Result<Survey, Error> {
    let late: Vec<FieldId> = (data.reading.mapping.columns.iter())
        .filter(|column| column.is_known_at_inspection)
        .flat_map(|column| column.fields.iter().copied())
        .collect();
    let columns =
        (CODES.iter().chain(NUMBERS).map(|(column, _)| *column)).chain(COUNTRIES.iter().copied());
    let columns: FieldSet = columns.filter(|column| !late.contains(column)).collect();
    let no_rules = load_files(Vec::new())
        .rules
        .expect("an empty pack has no mistake");
    let program = Program::new(&no_rules);
    let wanted = with_sources(columns.iter().chain(ALWAYS.iter().copied()).collect());
    with_threads(data.threads, || {
        let scan = Scan::prepare(
            &no_rules,
            &program,
            &Identities::FirstRow,
            data.reading,
            wanted,
            None,
            data.reconcile,
        )?;
        let mut survey = Survey::default();
        scan.run(
            |batch, _| {
                let batch = scan.selecting(&batch).unwrap_or(batch);
                (counted(&batch, &columns), batch)
            },
            |(counts, batch)| {
                survey.add(counts, &batch, &columns);
                Ok(Vec::new())
            },
        )?;
        Ok(survey)
    })
}

/// Counts the texts of a batch; numbers are taken in order later.
fn counted(batch: &Batch, columns: &FieldSet) -> Survey {
    let mut survey = Survey::default();
    let told = |column: &FieldId| columns.contains(*column);
    for column in CODES.iter().map(|(column, _)| *column).filter(told) {
        let Some(texts) = batch.text(column) else {
            continue;
        };
        let mut by_code: BTreeMap<u32, u64> = BTreeMap::new();
        for code in texts.codes.iter().filter(|code| **code != NULL_CODE) {
            *by_code.entry(*code).or_default() += 1;
        }
        for (code, lines) in by_code {
            let value = value(column, texts.pool.get(code)).to_owned();
            *survey.codes.entry((column, value)).or_default() += lines;
        }
    }
    for country in COUNTRIES.iter().copied().filter(told) {
        for goods in GOODS.iter().copied().filter(told) {
            let Some((countries, texts)) = batch.text(country).zip(batch.text(goods)) else {
                continue;
            };
            let mut by_codes: BTreeMap<(u32, u32), u64> = BTreeMap::new();
            for codes in countries
                .codes
                .iter()
                .copied()
                .zip(texts.codes.iter().copied())
            {
                if codes.0 != NULL_CODE && codes.1 != NULL_CODE {
                    *by_codes.entry(codes).or_default() += 1;
                }
            }
            for ((place, what), lines) in by_codes {
                let what = value(goods, texts.pool.get(what)).to_owned();
                let key = (country, countries.pool.get(place).to_owned(), goods, what);
                *survey.pairs.entry(key).or_default() += lines;
            }
        }
    }
    survey
}

fn value(column: FieldId, text: &str) -> &str {
    match column {
        field::HTS_NUMBER => text.get(..HEADING).unwrap_or(text),
        _ => text,
    }
}

impl Survey {
    fn add(&mut self, counts: Self, batch: &Batch, columns: &FieldSet) {
        self.n_lines += batch.n_rows as u64;
        for (key, lines) in counts.codes {
            *self.codes.entry(key).or_default() += lines;
        }
        for (key, lines) in counts.pairs {
            *self.pairs.entry(key).or_default() += lines;
        }
        for (column, _) in NUMBERS
            .iter()
            .filter(|(column, _)| columns.contains(*column))
        {
            if let Some(Column::Number(numbers)) = batch.column(*column) {
                let sample = self.numbers.entry(*column).or_default();
                let known = numbers.iter().filter(|number| !number.is_nan());
                known.for_each(|number| sample.add(*number));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Kind, OUTCOME_FIELDS};

    #[test]
    fn nothing_is_mined_from_parties_places_documents_or_outcomes() {
        for (column, _) in CODES.iter().chain(NUMBERS) {
            let known = column.field().expect("a field");
            assert!(
                !matches!(
                    known.kind,
                    Kind::Party
                        | Kind::Importer
                        | Kind::Country
                        | Kind::CountryList
                        | Kind::Entry
                        | Kind::Bill
                        | Kind::Imo
                        | Kind::Date
                ),
                "{}",
                known.name
            );
            assert!(
                !known.is_outcome() && !OUTCOME_FIELDS.contains(column),
                "{}",
                known.name
            );
            let is_port = known.name.split('_').any(|word| word == "port");
            assert!(!is_port, "{}", known.name);
        }
    }

    #[test]
    fn a_sample_keeps_its_quantiles_however_long_the_column() {
        let mut sample = Sample::default();
        (0..1_000_000).for_each(|value| sample.add(f64::from(value)));
        let median = sample.quantile(0.5).expect("values");
        assert!((median - 500_000.0).abs() < 100.0, "{median}");
        assert!(sample.values.len() < KEPT);
    }
}
