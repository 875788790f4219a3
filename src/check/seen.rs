//! Which constants of conditions and which keys of lists the rows of data have.

use crate::batch::{Batch, Column};
use crate::normalize::text::fold;
use crate::rules::RuleSet;
use crate::rules::condition::ast::Comparison;
use crate::rules::expression::{ConstantValues, Expression, ListId, Pattern};
use crate::schema::FieldId;
use crate::score::Program;
use crate::score::evaluate::Evaluator;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Keys of a list that are shown where it is reported.
const SHOWN_KEYS: usize = 5;

/// A constant of a condition that no line holds.
#[derive(Clone, Debug, Serialize)]
pub struct UnseenValue {
    /// The rule.
    pub rule: String,
    /// The field that is compared with it.
    pub field: &'static str,
    /// The constant, as a pattern where it is one.
    pub value: String,
}

/// A list and how many of its rows the data found.
#[derive(Clone, Debug, Serialize)]
pub struct UnusedList {
    /// The list.
    pub list: String,
    /// Its rows.
    pub rows: usize,
    /// Rows whose key some line found, in force or not.
    pub found: usize,
    /// The first keys that no line found.
    pub not_found: Vec<String>,
}

/// A text that a condition compares a field with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Constant {
    rule: usize,
    field: FieldId,
    text: String,
    is_prefix: bool,
}

/// What the conditions of a pack ask of texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    constants: BTreeSet<Constant>,
    /// Texts that are looked up in lists.
    look_ups: Vec<(ListId, Expression)>,
    /// Texts that are searched for the phrases of lists.
    phrases: Vec<(ListId, Expression)>,
}

/// What rows have.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Fields that the data has, and the constants seen in them.
    constants: BTreeSet<Constant>,
    fields: BTreeSet<FieldId>,
    /// Rows of lists that were found.
    rows: BTreeMap<ListId, BTreeSet<usize>>,
}

impl Seen {
    /// Adds what other rows have.
    pub(super) fn add(&mut self, other: Self) {
        self.constants.extend(other.constants);
        self.fields.extend(other.fields);
        for (list, rows) in other.rows {
            self.rows.entry(list).or_default().extend(rows);
        }
    }

    /// Lists that were asked, with the keys that no row found.
    pub(super) fn unused_lists(&self, rules: &RuleSet) -> Vec<UnusedList> {
        let unused = self.rows.iter().filter_map(|(id, found)| {
            let list = rules.lists.get(*id);
            let not_found = (0..list.rows.len())
                .filter(|position| !found.contains(position))
                .map(|position| list.rows[position].key.to_string());
            let not_found: Vec<String> = not_found.take(SHOWN_KEYS).collect();
            (!not_found.is_empty()).then(|| UnusedList {
                list: list.name.clone(),
                rows: list.rows.len(),
                found: found.len(),
                not_found,
            })
        });
        unused.collect()
    }
}

impl Asked {
    /// Collects what every condition asks.
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut asked = Self::default();
        for (position, rule) in rules.rules.iter().enumerate() {
            asked.collect(position, &rule.condition);
        }
        asked
    }

    fn collect(&mut self, rule: usize, expression: &Expression) {
        match expression {
            Expression::OneOf(value, constants) => {
                if let (Expression::Column(field, _), ConstantValues::Texts(texts)) =
                    (&**value, &constants.values)
                {
                    texts
                        .iter()
                        .for_each(|text| self.constant(rule, *field, text, false));
                }
            }
            Expression::Compare(Comparison::Equal | Comparison::NotEqual, left, right) => {
                if let (Expression::Column(field, _), Expression::Text(text))
                | (Expression::Text(text), Expression::Column(field, _)) = (&**left, &**right)
                {
                    self.constant(rule, *field, text, false);
                }
            }
            Expression::Like(value, pattern) => {
                if let (Expression::Column(field, _), Pattern::Prefix(text)) =
                    (&**value, &**pattern)
                {
                    self.constant(rule, *field, text, true);
                }
            }
            Expression::InList(key, list, _) | Expression::Lookup(key, list, ..) => {
                let look_up = (*list, Expression::clone(key));
                if !self.look_ups.contains(&look_up) {
                    self.look_ups.push(look_up);
                }
            }
            Expression::ContainsAny(text, list) => {
                let search = (*list, Expression::clone(text));
                if !self.phrases.contains(&search) {
                    self.phrases.push(search);
                }
            }
            _ => {}
        }
        expression.for_each_operand(|operand| self.collect(rule, operand));
    }

    fn constant(&mut self, rule: usize, field: FieldId, text: &str, is_prefix: bool) {
        if field.field().is_some() {
            self.constants.insert(Constant {
                rule,
                field,
                text: text.to_owned(),
                is_prefix,
            });
        }
    }

    /// Looks at the rows of a batch.
    pub(super) fn look(&self, rules: &RuleSet, program: &Program, batch: &Batch) -> Seen {
        let mut seen = Seen::default();
        let mut texts: BTreeMap<FieldId, BTreeSet<&str>> = BTreeMap::new();
        for constant in &self.constants {
            let Some(Column::Text(column)) = batch.column(constant.field) else {
                continue;
            };
            let texts = texts.entry(constant.field).or_insert_with(|| {
                let codes: BTreeSet<u32> = column
                    .codes
                    .iter()
                    .copied()
                    .filter(|code| *code > 0)
                    .collect();
                codes
                    .into_iter()
                    .map(|code| column.pool.get(code))
                    .collect()
            });
            if !texts.is_empty() {
                seen.fields.insert(constant.field);
            }
            let is_seen = match constant.is_prefix {
                false => texts.contains(constant.text.as_str()),
                true => texts
                    .range(constant.text.as_str()..)
                    .next()
                    .is_some_and(|text| text.starts_with(&constant.text)),
            };
            if is_seen {
                seen.constants.insert(constant.clone());
            }
        }
        let evaluator = Evaluator::new(batch, &program.tables);
        for (list, key) in &self.look_ups {
            let rows = seen.rows.entry(*list).or_default();
            let list = rules.lists.get(*list);
            for text in evaluator.distinct_texts(key) {
                for row in rules.lists.rows(list, &text) {
                    rows.extend(list.position(row));
                }
            }
        }
        for (list, text) in &self.phrases {
            let rows = seen.rows.entry(*list).or_default();
            let list = rules.lists.get(*list);
            let phrases: Vec<String> = list.rows.iter().map(|row| fold(&row.key)).collect();
            for text in evaluator.distinct_texts(text) {
                let folded = fold(&text);
                for (position, phrase) in phrases.iter().enumerate() {
                    if !rows.contains(&position)
                        && !phrase.trim().is_empty()
                        && folded.contains(phrase.as_str())
                    {
                        rows.insert(position);
                    }
                }
            }
        }
        seen
    }

    /// Constants that no row has, of fields that some row has.
    pub(super) fn unseen_values(&self, rules: &RuleSet, seen: &Seen) -> Vec<UnseenValue> {
        let unseen = self.constants.iter().filter(|constant| {
            seen.fields.contains(&constant.field) && !seen.constants.contains(*constant)
        });
        unseen
            .map(|constant| UnseenValue {
                rule: rules.rules[constant.rule].id.clone(),
                field: constant.field.name(),
                value: match constant.is_prefix {
                    true => format!("{}%", constant.text),
                    false => constant.text.clone(),
                },
            })
            .collect()
    }
}
