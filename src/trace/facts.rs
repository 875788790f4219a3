//! What a leaf of a condition rests on: the values that it read, the list rows that it found.

use super::Tracer;
use crate::batch::NULL_DATE;
use crate::normalize::date::{format_date, parse_date};
use crate::normalize::text::fold;
use crate::rules::condition::ast::{Node, NodeKind};
use crate::rules::expression::{Expression, ListId};
use crate::rules::lists::{ListCell, ListRow};
use crate::rules::resolve::Meaning;
use crate::schema::FieldId;

/// A name and its value on the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Field, derived name, history feature or param.
    pub name: String,
    /// Its value; none for NULL.
    pub value: Option<String>,
}

/// What a list says about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFact {
    /// The list.
    pub list: String,
    /// The day that the list speaks for.
    pub as_of: String,
    /// What was looked up; none for NULL.
    pub key: Option<String>,
    /// The day it was looked up for, where one is given.
    pub date: Option<String>,
    /// The row that answers; none where the list has none in force.
    pub hit: Option<ListHit>,
    /// The most specific row that is not in force on the day, where none is.
    pub out_of_force: Option<ListHit>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListHit {
    /// Its key.
    pub key: String,
    /// First day in force; none where open.
    pub valid_from: Option<String>,
    /// Last day in force; none where open.
    pub valid_to: Option<String>,
    /// Its other columns that hold something.
    pub cells: Vec<(String, String)>,
}

impl Tracer<'_> {
    /// The names in a node and what they stand for, fields behind derived names and the support of history features
    /// included, each once.
    pub(super) fn readings(
        &self,
        node: &Node,
        param: &dyn Fn(&str) -> Option<f64>,
    ) -> Vec<Reading> {
        let mut readings = Vec::new();
        self.read_names(node, param, &mut readings);
        readings
    }

    fn read_names(
        &self,
        node: &Node,
        param: &dyn Fn(&str) -> Option<f64>,
        readings: &mut Vec<Reading>,
    ) {
        match &node.kind {
            NodeKind::Name(name) => self.read_name(name, readings),
            NodeKind::Param(name) => push(
                readings,
                &format!(":{name}"),
                param(name).map(|value| value.to_string()),
            ),
            _ => {}
        }
        node.for_each_child(&mut |child| self.read_names(child, param, readings));
    }

    fn read_name(&self, name: &str, readings: &mut Vec<Reading>) {
        match self.rules.meaning(name) {
            Some(Meaning::Column(column, value_type)) => {
                let value = self
                    .evaluator
                    .shown(&Expression::Column(column, value_type), self.row);
                push(readings, name, value);
                let feature = self.rules.feature_of(column);
                if let Some(support) = feature.and_then(|feature| feature.support)
                    && let Some((name, value_type)) = self.rules.feature_column(support)
                {
                    let support = Expression::Column(support, value_type);
                    push(readings, &name, self.evaluator.shown(&support, self.row));
                }
            }
            Some(Meaning::Derived(expression)) => {
                push(readings, name, self.evaluator.shown(&expression, self.row));
                let fields = expression
                    .columns()
                    .into_iter()
                    .filter(|column| column.0 < FieldId::FIRST_EXTRA);
                for field in fields {
                    self.read_name(field.name(), readings);
                }
            }
            Some(Meaning::Forbidden(_) | Meaning::Broken) | None => {}
        }
    }

    /// What the lists of an expression say, in the order in which they stand.
    pub(super) fn list_facts(&self, expression: &Expression) -> Vec<ListFact> {
        let mut facts = Vec::new();
        self.collect_facts(expression, &mut facts);
        facts
    }

    fn collect_facts(&self, expression: &Expression, facts: &mut Vec<ListFact>) {
        let fact = match expression {
            Expression::InList(key, list, date) | Expression::Lookup(key, list, _, date) => {
                Some(self.list_fact(*list, key, date.as_deref()))
            }
            Expression::ContainsAny(text, list) => Some(self.phrase_fact(*list, text)),
            _ => None,
        };
        facts.extend(fact.filter(|fact| !facts.contains(fact)));
        expression.for_each_operand(|operand| self.collect_facts(operand, facts));
    }

    fn list_fact(&self, list: ListId, key: &Expression, date: Option<&Expression>) -> ListFact {
        let list = self.rules.lists.get(list);
        let key = self.evaluator.shown(key, self.row);
        let date = date.map(|date| self.evaluator.shown(date, self.row));
        let day = date.as_ref().and_then(|date| parse_date(date.as_deref()?));
        let rows = key
            .as_deref()
            .map_or_else(Vec::new, |key| self.rules.lists.rows(list, key));
        let is_in_force = |row: &&ListRow| match (&date, day) {
            (None, _) => true,
            (Some(_), Some(day)) => row.is_in_force(day),
            (Some(_), None) => false,
        };
        let columns = &list.columns;
        let found = rows.iter().copied().find(is_in_force);
        ListFact {
            list: list.name.clone(),
            as_of: list.as_of.clone(),
            key,
            date: date.flatten(),
            hit: found.map(|row| hit(row, columns)),
            out_of_force: match found {
                Some(_) => None,
                None => rows.first().map(|row| hit(row, columns)),
            },
        }
    }

    fn phrase_fact(&self, list: ListId, text: &Expression) -> ListFact {
        let list = self.rules.lists.get(list);
        let text = self.evaluator.shown(text, self.row);
        let folded = text.as_deref().map(fold);
        let found = list.rows.iter().find(|row| {
            let phrase = fold(&row.key);
            !phrase.trim().is_empty() && folded.as_ref().is_some_and(|text| text.contains(&phrase))
        });
        ListFact {
            list: list.name.clone(),
            as_of: list.as_of.clone(),
            key: text,
            date: None,
            hit: found.map(|row| hit(row, &list.columns)),
            out_of_force: None,
        }
    }
}

fn push(readings: &mut Vec<Reading>, name: &str, value: Option<String>) {
    if !readings.iter().any(|reading| reading.name == name) {
        readings.push(Reading {
            name: name.to_owned(),
            value,
        });
    }
}

fn hit(row: &ListRow, columns: &[(String, crate::schema::ValueType)]) -> ListHit {
    let cells = columns
        .iter()
        .zip(&row.cells)
        .filter_map(|((name, _), cell)| {
            let value = match cell {
                ListCell::Text(text) => text.as_deref()?.to_owned(),
                ListCell::Number(number) if number.is_nan() => return None,
                ListCell::Number(number) => number.to_string(),
                ListCell::Date(NULL_DATE) => return None,
                ListCell::Date(day) => format_date(*day),
            };
            Some((name.clone(), value))
        });
    ListHit {
        key: row.key.to_string(),
        // An open start is one day after the NULL of dates.
        valid_from: (row.valid_from > NULL_DATE + 1).then(|| format_date(row.valid_from)),
        valid_to: (row.valid_to < i32::MAX).then(|| format_date(row.valid_to)),
        cells: cells.collect(),
    }
}
