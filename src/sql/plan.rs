//! What the conditions of a pack share, found before any text is written.
//!
//! Look-ups of one key on one day are columns of one table, so that rows meet it once; aggregates over one unit too. A
//! table stands after the tables that its keys read. Derived names stay names: what they mean is computed once per row.

use super::data::Data;
use super::dialect::Dialect;
use super::expression::Writer;
use crate::rules::RuleSet;
use crate::rules::aggregate::Unit;
use crate::rules::expression::{Expression, ListId};
use crate::schema::{FieldId, find};

/// The shared parts of a query.
pub(super) struct Plan<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) dialect: Dialect,
    pub(super) data: &'a Data,
    /// Tables that rows are joined with, each after those that its keys read.
    pub(super) tables: Vec<Table<'a>>,
    /// Their columns.
    pub(super) values: Vec<Value<'a>>,
    /// Derived names that a condition uses, each after those that it uses itself.
    pub(super) named: Vec<Named<'a>>,
    taken: Vec<String>,
}

/// A table with one row per key.
pub(super) struct Table<'a> {
    pub(super) name: String,
    pub(super) key: Key<'a>,
}

/// What a table is joined by.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Key<'a> {
    /// The key of look-ups, and the day when a row of a list must be in force.
    Listed(&'a Expression, Option<&'a Expression>),
    /// A text that is searched for phrases.
    Searched(&'a Expression),
    /// The rows that an aggregate runs over; a number tells apart those that cannot share a table.
    Unit(Unit, usize),
}

/// A column of a table.
pub(super) struct Value<'a> {
    /// A look-up or search, or the column of an aggregate.
    pub(super) expression: &'a Expression,
    pub(super) table: usize,
    pub(super) name: String,
}

/// A derived name.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) expression: &'a Expression,
    /// One more than that of any name that it uses.
    pub(super) level: usize,
}

impl<'a> Plan<'a> {
    /// Finds what the conditions share.
    pub(super) fn new(rules: &'a RuleSet, dialect: Dialect, data: &'a Data) -> Self {
        let mut plan = Self {
            rules,
            dialect,
            data,
            tables: Vec::new(),
            values: Vec::new(),
            named: Vec::new(),
            taken: Vec::new(),
        };
        let conditions = || rules.rules.iter().map(|rule| &rule.condition);
        conditions().for_each(|condition| plan.find_names(condition));
        conditions().for_each(|condition| plan.find_values(condition));
        plan
    }

    /// The derived name that an expression has.
    pub(super) fn name_of(&self, expression: &Expression) -> Option<&Named<'a>> {
        self.named
            .iter()
            .find(|named| named.expression == expression)
    }

    /// The column that holds an expression.
    pub(super) fn value_of(&self, expression: &Expression) -> Option<&Value<'a>> {
        self.values
            .iter()
            .find(|value| value.expression == expression)
    }

    /// The columns of a table.
    pub(super) fn values_of(&self, table: usize) -> impl Iterator<Item = &Value<'a>> {
        self.values.iter().filter(move |value| value.table == table)
    }

    /// The tables that rows must be joined with before an expression can be computed, in order.
    pub(super) fn tables_of(&self, expression: &Expression) -> Vec<usize> {
        let mut tables = Vec::new();
        self.collect_tables(expression, &mut tables);
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    fn collect_tables(&self, expression: &Expression, tables: &mut Vec<usize>) {
        if let Some(value) = self.value_of(expression) {
            tables.push(value.table);
            if let Some(argument) = self.argument(expression) {
                self.collect_tables(argument, tables);
            }
        }
        expression.for_each_operand(|operand| self.collect_tables(operand, tables));
    }

    /// The argument of an aggregate's column.
    pub(super) fn argument(&self, expression: &Expression) -> Option<&'a Expression> {
        let Expression::Column(column, _) = expression else {
            return None;
        };
        let position = column.0.checked_sub(FieldId::FIRST_EXTRA)?;
        let aggregate = self.rules.aggregates.get(usize::from(position))?;
        Some(&aggregate.argument)
    }

    /// Finds the derived names in an expression, inner ones first.
    fn find_names(&mut self, expression: &'a Expression) {
        expression.for_each_operand(|operand| self.find_names(operand));
        if self.name_of(expression).is_some() || is_trivial(expression) {
            return;
        }
        let is_free = |name: &str| {
            find(&name.to_lowercase()).is_none()
                && !self
                    .named
                    .iter()
                    .any(|named| named.name.eq_ignore_ascii_case(name))
        };
        let mut derived = self.rules.derived.iter();
        let found = derived.find(|known| *known.expression == *expression && is_free(&known.name));
        if let Some(found) = found {
            let level = self.level_of(&found.expression) + 1;
            self.named.push(Named {
                name: &found.name,
                expression: &found.expression,
                level,
            });
        }
    }

    fn level_of(&self, expression: &Expression) -> usize {
        let mut level = self.name_of(expression).map_or(0, |named| named.level);
        expression.for_each_operand(|operand| level = level.max(self.level_of(operand)));
        level
    }

    /// Finds look-ups, searches and aggregates, inner ones first.
    fn find_values(&mut self, expression: &'a Expression) {
        expression.for_each_operand(|operand| self.find_values(operand));
        if self.value_of(expression).is_some() {
            return;
        }
        let key = match expression {
            Expression::InList(key, _, day) | Expression::Lookup(key, _, _, day) => {
                Key::Listed(key, day.as_deref())
            }
            Expression::ContainsAny(text, _) => Key::Searched(text),
            Expression::Column(column, _) if column.0 >= FieldId::FIRST_EXTRA => {
                let Some(argument) = self.argument(expression) else {
                    return;
                };
                self.find_values(argument);
                let position = usize::from(column.0 - FieldId::FIRST_EXTRA);
                let unit = self.rules.aggregates[position].over;
                let is_plain = self.tables_of(argument).is_empty();
                Key::Unit(unit, if is_plain { 0 } else { position + 1 })
            }
            _ => return,
        };
        let known = self.tables.iter().position(|table| table.key == key);
        let table = known.unwrap_or_else(|| {
            let name = self.free_name(&self.table_name(key));
            self.tables.push(Table { name, key });
            self.tables.len() - 1
        });
        let name = self.value_name(expression);
        let name = self.free_name(&name);
        self.values.push(Value {
            expression,
            table,
            name,
        });
    }

    fn table_name(&self, key: Key<'_>) -> String {
        match key {
            Key::Listed(key, None) => format!("by_{}", self.slug(key)),
            Key::Listed(key, Some(day)) => {
                format!("by_{}_on_{}", self.slug(key), self.slug(day))
            }
            Key::Searched(text) => format!("in_{}", self.slug(text)),
            Key::Unit(unit, _) => format!("by_{}", unit_name(unit)),
        }
    }

    /// A column is called as the rule language calls its value; an aggregate has the name that the pack gives it.
    fn value_name(&self, expression: &Expression) -> String {
        let list = |list: ListId| &self.rules.lists.get(list).name;
        let said = |expression: &Expression| self.said(expression);
        let on = |day: &Option<Box<Expression>>| {
            day.as_ref()
                .map_or_else(String::new, |day| format!(", {}", said(day)))
        };
        let name = match expression {
            Expression::InList(key, id, day) => {
                format!("in_list({}, '{}'{})", said(key), list(*id), on(day))
            }
            Expression::Lookup(key, id, column, day) => {
                let column = &self.rules.lists.get(*id).columns[column.index].0;
                let key = said(key);
                format!("lookup('{}', {key}, '{column}'{})", list(*id), on(day))
            }
            Expression::ContainsAny(text, id) => {
                format!("contains_any({}, '{}')", said(text), list(*id))
            }
            _ => {
                let mut derived = self.rules.derived.iter();
                let named = derived.find(|known| *known.expression == *expression);
                named.map_or_else(|| "aggregate".to_owned(), |named| named.name.clone())
            }
        };
        if name.len() <= 120 {
            name
        } else {
            "a long look-up".to_owned()
        }
    }

    /// An expression in words close to those of the rule language.
    fn said(&self, expression: &Expression) -> String {
        let quote = if self.dialect == Dialect::DuckDb {
            '"'
        } else {
            '`'
        };
        Writer::over_names(self).sql(expression).replace(quote, "")
    }

    fn slug(&self, expression: &Expression) -> String {
        slug(&self.said(expression))
    }

    /// The name, or the name with a number where it is taken; names differ in more than case.
    pub(super) fn free_name(&mut self, wanted: &str) -> String {
        let is_taken = |name: &str| {
            let name = name.to_lowercase();
            self.taken.contains(&name) || find(&name).is_some()
        };
        let mut name = wanted.to_owned();
        let mut number = 2;
        while is_taken(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.taken.push(name.to_lowercase());
        name
    }
}

/// Columns and constants need no name; an aggregate is a column under its own name.
fn is_trivial(expression: &Expression) -> bool {
    let mut has_operand = false;
    expression.for_each_operand(|_| has_operand = true);
    !has_operand
}

/// The word for a unit.
pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Line => "line",
        Unit::Entry => "entry",
        Unit::Bill => "bill",
    }
}

/// Letters and digits of a text, with one underscore for anything between; at most 60 of them.
pub(super) fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_").chars().take(60).collect()
}
