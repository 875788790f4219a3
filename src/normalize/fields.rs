//! One source column -> one field, by the field's kind; each distinct text is read once.

use super::cell_issues::count_issues;
use super::columns::{as_text, day_of, repool, spread};
use super::date::is_date;
use super::mask::{Identities, holds_ssn};
use super::permit_cells::normalize_permits;
use super::typed::{note_typed, typed_days};
use super::{
    boolean, code, country, date, hts, identity, importer, list, null, number, party, quantity,
    text, timestamp,
};
use crate::batch::{Batch, Column, NULL_DATE, TextColumn, UNKNOWN};
use crate::issue::{IssueKind, Normal};
use crate::read::binding::{Binding, BoundField, From};
use crate::read::raw::{RawBatch, RawColumn};
use crate::rules::vocabulary::Stage;
use crate::schema::{FieldId, Kind, ValueType, field};
use std::borrow::Cow;
use std::sync::Arc;

/// Reads every bound field of a raw batch. Columns that nothing else reads move where they are in form.
pub(super) fn read_fields(raw: &mut RawBatch, identities: &Identities, batch: &mut Batch) {
    let binding = Arc::clone(&raw.binding);
    let mut left = uses(&binding, raw.columns.len());
    let historical = From::Constant(Stage::Historical.as_str().to_owned());
    let is_historical = binding
        .fields
        .iter()
        .any(|bound| bound.field == field::EVIDENCE_STAGE && bound.from == historical);
    for bound in &binding.fields {
        let Some(description) = bound.field.field() else {
            continue;
        };
        let reader = Reader {
            kind: description.kind,
            bound,
            null_words: bound
                .reading
                .null_words
                .as_ref()
                .or(binding.null_words.as_ref()),
            identities,
            is_historical,
        };
        let column = match (&bound.from, description.value_type()) {
            (From::Input(input), wanted) => {
                left[*input] -= 1;
                let column = match left[*input] {
                    0 => Cow::Owned(std::mem::take(&mut raw.columns[*input])),
                    _ => Cow::Borrowed(&raw.columns[*input]),
                };
                reader.column(column, wanted, &raw.rows, batch)
            }
            (From::Constant(value), wanted) => {
                let text = RawColumn::Text(TextColumn::constant(Some(value), raw.rows.len()));
                reader.column(Cow::Owned(text), wanted, &raw.rows, batch)
            }
            (From::Join(inputs, separator), wanted) => {
                let joined = RawColumn::Text(reader.join(raw, inputs, separator));
                reader.column(Cow::Owned(joined), wanted, &raw.rows, batch)
            }
        };
        batch.set(bound.field, column);
    }
}

/// How often each input is read. Those that are joined, and all where an outcome is told from them, are never moved.
fn uses(binding: &Binding, n_inputs: usize) -> Vec<usize> {
    let stays = usize::from(binding.outcome.is_some());
    let mut uses = vec![stays; n_inputs];
    for bound in &binding.fields {
        match &bound.from {
            From::Input(input) => uses[*input] += 1,
            From::Join(inputs, _) => inputs.iter().for_each(|input| uses[*input] += 1),
            From::Constant(_) => {}
        }
    }
    uses
}

/// A column in the type that its source has.
fn as_stored(raw: Cow<'_, RawColumn>) -> Column {
    match raw.into_owned() {
        RawColumn::Text(text) => Column::Text(text),
        RawColumn::Number(numbers) | RawColumn::Timestamp(numbers) => Column::Number(numbers),
        RawColumn::Date(days) => Column::Date(days),
        RawColumn::Boolean(truths) => Column::Boolean(truths),
    }
}

struct Reader<'a> {
    kind: Kind,
    bound: &'a BoundField,
    null_words: Option<&'a Vec<String>>,
    identities: &'a Identities,
    is_historical: bool,
}

impl Reader<'_> {
    fn column(
        &self,
        raw: Cow<'_, RawColumn>,
        wanted: ValueType,
        rows: &[u64],
        batch: &mut Batch,
    ) -> Column {
        match (&*raw, wanted) {
            (RawColumn::Number(numbers) | RawColumn::Timestamp(numbers), ValueType::Number)
                if self.bound.reading.values.is_empty() =>
            {
                let is_plain = numbers.iter().all(|number| self.is_plain(*number));
                match is_plain && self.bound.reading.unit.is_none() {
                    true => as_stored(raw),
                    false => Column::Number(self.typed_numbers(numbers, rows, batch)),
                }
            }
            (RawColumn::Timestamp(moments), ValueType::Date) => {
                let days = moments.iter().map(|at| day_of(*at)).collect();
                Column::Date(typed_days(self.bound.field, days, rows, batch))
            }
            (RawColumn::Date(days), ValueType::Date) => {
                match days.iter().all(|day| is_date(*day)) {
                    true => as_stored(raw),
                    false => Column::Date(typed_days(self.bound.field, days.clone(), rows, batch)),
                }
            }
            (RawColumn::Boolean(_), ValueType::Boolean) => as_stored(raw),
            (RawColumn::Text(text), ValueType::Text | ValueType::List)
                if self.is_all_in_form(text) =>
            {
                as_stored(raw)
            }
            _ => self.text_column(&as_text(&raw), wanted, rows, batch),
        }
    }

    /// Looks at numbers of a typed source as if they were text.
    fn typed_numbers(&self, numbers: &[f64], rows: &[u64], batch: &mut Batch) -> Vec<f64> {
        let normals: Vec<_> = numbers
            .iter()
            .map(|number| self.typed_number(*number))
            .collect();
        if normals.iter().any(|normal| normal.issue.is_some()) {
            let wrong = (numbers.iter().zip(&normals))
                .map(|(number, normal)| Some((number.to_string(), normal.issue?)));
            note_typed(self.bound.field, wrong, rows, batch);
        }
        normals
            .iter()
            .map(|normal| {
                normal
                    .value
                    .map_or(f64::NAN, |number| self.converted(number))
            })
            .collect()
    }

    /// Whether nothing is to be said of a number, NULL included.
    fn is_plain(&self, number: f64) -> bool {
        match self.kind {
            Kind::Integer => number.is_nan() || number::is_whole(number),
            Kind::Money | Kind::Mass | Kind::Volume => !(number < 0.0 || number.is_infinite()),
            _ => !number.is_infinite(),
        }
    }

    fn typed_number(&self, number: f64) -> Normal<f64> {
        if number.is_nan() {
            return Normal::null();
        }
        if number.is_infinite() {
            return Normal::null_with(IssueKind::NotFinite);
        }
        match self.kind {
            Kind::Integer => number::only_whole(Normal::value(number)),
            Kind::Money | Kind::Mass | Kind::Volume => number::flag_negative(Normal::value(number)),
            _ => Normal::value(number),
        }
    }

    /// A number in the unit of the field.
    fn converted(&self, number: f64) -> f64 {
        let Some(unit) = &self.bound.reading.unit else {
            return number;
        };
        let converted = match self.kind {
            Kind::Mass => quantity::to_kg(number, unit),
            Kind::Volume => quantity::to_m3(number, unit),
            _ => quantity::to_number(number, unit),
        };
        converted.unwrap_or(f64::NAN)
    }

    fn text_column(
        &self,
        text: &TextColumn,
        wanted: ValueType,
        rows: &[u64],
        batch: &mut Batch,
    ) -> Column {
        match wanted {
            ValueType::Number => {
                let values = self.each(text, f64::NAN, rows, batch, |text| {
                    self.number(text).map(|number| self.converted(number))
                });
                Column::Number(spread(text, &values))
            }
            ValueType::Date => {
                let values = self.each(text, NULL_DATE, rows, batch, |text| self.date(text));
                Column::Date(spread(text, &values))
            }
            ValueType::Boolean => {
                let values = self.each(text, UNKNOWN, rows, batch, |text| {
                    boolean::boolean(text).map(u8::from)
                });
                Column::Boolean(spread(text, &values))
            }
            ValueType::Text | ValueType::List => {
                let values = self.each(text, None, rows, batch, |text| {
                    match self.is_in_form(text) {
                        true => Normal::value(Some(Cow::Borrowed(text))),
                        false => self.text(text).map(|text| Some(Cow::Owned(text))),
                    }
                });
                Column::Text(repool(text, &values))
            }
        }
    }

    /// Whether nothing of a column has to be changed, as in most: then the texts stay where they are.
    fn is_all_in_form(&self, text: &TextColumn) -> bool {
        let stays = |text: &str| {
            trimmed(text).len() == text.len()
                && text.len() <= MAX_CELL
                && !self.is_null(text)
                && self.is_in_form(text)
        };
        self.bound.reading.values.is_empty() && text.pool.iter().all(stays)
    }

    /// Whether a text plainly has the form that its kind asks for.
    fn is_in_form(&self, text: &str) -> bool {
        let upper = |byte: u8| matches!(byte, b'!'..=b'`' | b'{'..=b'~');
        match self.kind {
            Kind::FreeText | Kind::Party => {
                // Without a way out of the loops they run over many bytes at a time.
                let bytes = text.as_bytes();
                let is_upper =
                    |all: bool, byte: &u8| all & matches!(*byte, b' '..=b'`' | b'{'..=b'~');
                let is_spaced = |any: u8, (left, right): (&u8, &u8)| {
                    any | (u8::from(*left == b' ') & u8::from(*right == b' '))
                };
                let next = bytes.get(1..).unwrap_or_default();
                bytes.iter().fold(true, is_upper)
                    && !holds_ssn(text)
                    && bytes.iter().zip(next).fold(0, is_spaced) == 0
                    && bytes.first() != Some(&b' ')
                    && bytes.last() != Some(&b' ')
            }
            Kind::Code => text.bytes().all(upper) && !self.is_personal(text),
            Kind::Entry => identity::is_entry_number(text),
            Kind::Importer => importer::is_employer_number(text),
            Kind::Bill => identity::is_plain_number(text),
            Kind::Container => identity::is_container_number(text),
            Kind::Hts => {
                matches!(text.len(), 4 | 6 | 8 | 10)
                    && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            _ => false,
        }
    }

    /// Reads each distinct text once, and counts the rows of those with an issue.
    fn each<'t, T: Clone>(
        &'t self,
        text: &'t TextColumn,
        null: T,
        rows: &[u64],
        batch: &mut Batch,
        read: impl Fn(&'t str) -> Normal<T>,
    ) -> Vec<T> {
        let mut values = vec![null.clone()];
        let mut kinds: Vec<Option<IssueKind>> = vec![None];
        for raw in text.pool.iter() {
            let cell = self.mapped(trimmed(raw));
            let normal = match cell {
                None => Normal::null(),
                Some(text) if text.len() > MAX_CELL => Normal::null_with(IssueKind::CellTooLong),
                Some(text) => read(text),
            };
            values.push(normal.value.unwrap_or_else(|| null.clone()));
            kinds.push(normal.issue);
        }
        if kinds.iter().any(Option::is_some) {
            batch
                .issues
                .extend(count_issues(self.bound.field, text, &kinds, rows));
        }
        values
    }

    /// The text after the mapping's value map; none where it means null.
    fn mapped<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        match self
            .bound
            .reading
            .values
            .iter()
            .find(|(from, _)| from == text)
        {
            Some((_, to)) => to.as_deref(),
            None if self.is_null(text) => None,
            None => Some(text),
        }
    }

    fn is_null(&self, text: &str) -> bool {
        if text.is_empty() {
            return true;
        }
        match (self.null_words, self.kind) {
            (Some(words), _) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            // Namibia is `NA`, and `unknown` is a status.
            (None, Kind::Country | Kind::CountryList) => {
                !text.eq_ignore_ascii_case("NA") && null::is_null_word(text)
            }
            (None, Kind::Status) => {
                !text.eq_ignore_ascii_case("unknown") && null::is_null_word(text)
            }
            (None, _) => null::is_null_word(text),
        }
    }

    fn number(&self, text: &str) -> Normal<f64> {
        match self.kind {
            Kind::Money => number::money(text),
            Kind::Integer => number::integer(text),
            Kind::Mass | Kind::Volume => number::quantity(text),
            Kind::Timestamp => timestamp::timestamp(text).map(|milliseconds| milliseconds as f64),
            _ => number::number(text),
        }
    }

    fn date(&self, text: &str) -> Normal<i32> {
        match &self.bound.reading.format {
            None => date::date(text),
            Some(format) => match date::parse_with(format, text) {
                Some(day) => Normal::value(day),
                None => Normal::null_with(IssueKind::NotADate),
            },
        }
    }

    /// Whether the cell of a maker's code, which begins with a country, holds a number that can be a person's instead.
    fn is_personal(&self, text: &str) -> bool {
        let is_asked = self.bound.field == field::MANUFACTURER_ID
            && !matches!(self.identities, Identities::Shown);
        is_asked
            && !text.bytes().any(|byte| byte.is_ascii_alphabetic())
            && importer::looks_like_ssn(text)
    }

    fn text(&self, raw: &str) -> Normal<String> {
        match self.kind {
            Kind::Code if self.is_personal(raw) => Normal::null_with(IssueKind::MaskedIdentity),
            Kind::Code => code::code(raw),
            Kind::Word => Normal::value(raw.to_lowercase()),
            Kind::FreeText => self.identities.free_text_read(text::free_text(raw)),
            Kind::Party => self.identities.free_text_read(party::party_name(raw)),
            // Records of past years are numbered by other systems, whose numbers have other shapes.
            Kind::Entry if self.is_historical => Normal {
                issue: None,
                ..identity::entry_number(raw)
            },
            Kind::Entry => identity::entry_number(raw),
            Kind::Bill => identity::bill_number(raw),
            Kind::Container => identity::container_number(raw),
            Kind::Imo if self.bound.field == field::HARVEST_VESSEL_IMO => {
                identity::vessel_identifier(raw)
            }
            Kind::Imo => identity::imo_number(raw),
            Kind::Importer => self.identities.read(raw),
            Kind::Hts => hts::hts(raw),
            Kind::Country => country::country(raw).map(|found| match found.subdivision {
                // The province is split off when the columns are filled.
                Some(subdivision) => format!("{}/{subdivision}", found.country),
                None => found.country.to_owned(),
            }),
            Kind::Unit if self.bound.field == field::WEIGHT_UNIT_REPORTED => {
                quantity::weight_unit(raw).map(Cow::into_owned)
            }
            Kind::Unit => quantity::unit(raw).map(Cow::into_owned),
            Kind::Status => code::status(raw).map(str::to_owned),
            Kind::Permits => normalize_permits(raw),
            Kind::TextList => self.identities.free_text_read(list::list(raw)),
            Kind::CodeList => list_of(raw, code::code),
            Kind::HtsList => list_of(raw, hts::hts),
            Kind::CountryList => list_of(raw, |item| {
                country::country(item).map(|found| found.country.to_owned())
            }),
            // Genus and species are read together when the columns are filled.
            _ => Normal::value(raw.to_owned()),
        }
    }

    fn join(&self, raw: &RawBatch, inputs: &[usize], separator: &str) -> TextColumn {
        let columns: Vec<_> = inputs
            .iter()
            .map(|input| as_text(&raw.columns[*input]))
            .collect();
        let joined: Vec<Option<String>> = (0..raw.rows.len())
            .map(|row| {
                let parts: Vec<_> = columns
                    .iter()
                    .filter_map(|column| {
                        column
                            .get(row)
                            .map(str::trim)
                            .filter(|text| !self.is_null(text))
                    })
                    .collect();
                (!parts.is_empty()).then(|| parts.join(separator))
            })
            .collect();
        joined.iter().map(Option::as_deref).collect()
    }
}

/// A text as a cell of a text field would hold it, with what is wrong with it; null where the cell would be.
pub fn in_form_of(field: FieldId, text: &str, identities: &Identities) -> Normal<String> {
    let Some(description) = field.field() else {
        return Normal::null();
    };
    let bound = BoundField {
        field,
        from: From::Input(0),
        reading: crate::read::mapping::Reading::default(),
    };
    let reader = Reader {
        kind: description.kind,
        bound: &bound,
        null_words: None,
        identities,
        is_historical: false,
    };
    match trimmed(text) {
        text if reader.is_null(text) => Normal::null(),
        text if reader.is_in_form(text) => Normal::value(text.to_owned()),
        text => reader.text(text),
    }
}

/// Reads each item of a list; the first issue stands for the list.
fn list_of(raw: &str, read: impl Fn(&str) -> Normal<String>) -> Normal<String> {
    let mut issue = None;
    let items: Vec<_> = list::items(raw)
        .filter_map(|item| {
            let normal = read(item);
            issue = issue.or(normal.issue);
            normal.value
        })
        .collect();
    Normal {
        value: (!items.is_empty()).then(|| items.join("|")),
        issue,
    }
}

/// Trims a text; most have nothing to trim.
fn trimmed(text: &str) -> &str {
    let is_solid = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    match is_solid(bytes.first()) && is_solid(bytes.last()) {
        true => text,
        false => text.trim(),
    }
}

/// Longest text of a cell, in bytes: a goods description has some hundreds. A longer one would be written once for each of its rows.
const MAX_CELL: usize = 1 << 15;
