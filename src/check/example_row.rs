//! An example row -> a batch of one row, as a file with these columns would give it.

use crate::aggregates::Aggregates;
use crate::batch::{Batch, Column, FALSE, FieldSet, NULL_DATE, TRUE, TextColumn, UNKNOWN};
use crate::diagnostic::Diagnostic;
use crate::normalize::date::parse_date;
use crate::normalize::{Identities, normalize, with_sources};
use crate::read::Mapping;
use crate::read::binding::bind;
use crate::read::raw::{RawBatch, RawColumn};
use crate::rules::yaml::{ExampleRow, Text};
use crate::rules::{RuleId, RuleSet};
use crate::schema::{FIELDS, FieldId, ValueType, find};
use crate::score::Program;
use std::sync::Arc;

/// Makes a row that can carry every field that the rule names; what the example does not say is NULL.
///
/// # Errors
/// When the example names something that is neither a field nor a history feature, or a feature value is not of its
/// type.
pub fn example_batch(
    rules: &RuleSet,
    program: &Program,
    id: RuleId,
    row: &ExampleRow,
) -> Result<Batch, Box<Diagnostic>> {
    let mut cells: Vec<(&str, Option<&str>)> = Vec::new();
    let mut features: Vec<(FieldId, Column)> = Vec::new();
    for (name, value) in &row.cells {
        match feature_of(rules, &name.value) {
            Some((column, value_type)) => {
                features.push((column, feature_cell(value_type, name, value.as_ref())?));
            }
            None if find(&name.value).is_some() => {
                cells.push((&name.value, value.as_ref().map(|text| text.value.as_str())));
            }
            None => return Err(unknown_name(rules, name)),
        }
    }
    let rule = rules.rule(id);
    for field in rule.fields.iter().map(FieldId::name) {
        if !cells.iter().any(|(known, _)| *known == field) {
            cells.push((field, None));
        }
    }
    let mut batch = one_row(&cells);
    let mut aggregates = Aggregates::new(rules);
    aggregates.add(rules, &program.tables, &batch);
    aggregates.fill(rules, &program.tables, &mut batch);
    for (column, cell) in features {
        batch.set(column, cell);
    }
    for class in &mut batch.presence.classes {
        class.has_history = true;
        class.has_feeds = true;
    }
    Ok(batch)
}

/// Normalizes texts under the names of fields.
fn one_row(cells: &[(&str, Option<&str>)]) -> Batch {
    let header: Vec<String> = cells.iter().map(|(field, _)| (*field).to_owned()).collect();
    let wanted: FieldSet = cells.iter().filter_map(|(field, _)| find(field)).collect();
    let wanted = with_sources(wanted);
    let binding =
        bind(&Mapping::default(), &header, &wanted).expect("each column is a field, named once");
    let columns = binding
        .inputs
        .iter()
        .map(|input| RawColumn::Text(TextColumn::constant(cells[*input].1, 1)));
    let raw = RawBatch {
        file: 0,
        rows: vec![1],
        columns: columns.collect(),
        binding: Arc::new(binding),
        set_aside: Vec::new(),
    };
    normalize(raw, &wanted, "example", &Identities::FirstRow)
}

/// The column and type of a history feature, or of its support.
fn feature_of(rules: &RuleSet, name: &str) -> Option<(FieldId, ValueType)> {
    rules
        .features
        .iter()
        .find_map(|feature| match feature.support {
            _ if feature.name == name => Some((feature.column, feature.value_type)),
            Some(support) if feature.support_name() == name => Some((support, ValueType::Number)),
            _ => None,
        })
}

fn feature_cell(
    value_type: ValueType,
    name: &Text,
    value: Option<&Text>,
) -> Result<Column, Box<Diagnostic>> {
    let text = value.map(|value| value.value.trim());
    let wrong = || {
        let title = format!(
            "`{}` is not a {}",
            text.unwrap_or_default(),
            value_type.as_str()
        );
        let span = value.map_or(name.span, |value| value.span);
        Box::new(Diagnostic::warning("bad-value", span, title))
    };
    Ok(match value_type {
        ValueType::Text | ValueType::List => Column::Text(TextColumn::constant(text, 1)),
        ValueType::Number => {
            let number = text.map_or(Ok(f64::NAN), |text| text.parse().map_err(|_| wrong()));
            Column::Number(vec![number?])
        }
        ValueType::Date => {
            let day = text.map_or(Ok(NULL_DATE), |text| parse_date(text).ok_or_else(wrong));
            Column::Date(vec![day?])
        }
        ValueType::Boolean => Column::Boolean(vec![match text {
            None => UNKNOWN,
            Some("true") => TRUE,
            Some("false") => FALSE,
            Some(_) => return Err(wrong()),
        }]),
    })
}

fn unknown_name(rules: &RuleSet, name: &Text) -> Box<Diagnostic> {
    let title = format!("unknown field `{}`", name.value);
    let features = rules.features.iter().map(|feature| feature.name.as_str());
    let known = FIELDS.iter().map(|field| field.name).chain(features);
    Box::new(
        Diagnostic::warning("unknown-field", name.span, title).help_similar(&name.value, known),
    )
}
