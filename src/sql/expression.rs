//! An expression of a condition -> SQL.

use super::dialect::{Dialect, finite};
use super::plan::{Key, Plan, Value};
use crate::rules::aggregate::{AggregateFunction, Unit};
use crate::rules::condition::ast::Operator;
use crate::rules::expression::{ConstantValues, Constants, Expression, Pattern, Piece};
use crate::schema::FieldId;

/// Writes expressions, either over rows joined with tables or over rows on which every shared value has a name.
#[derive(Clone, Copy)]
pub(super) struct Writer<'p, 'a> {
    plan: &'p Plan<'a>,
    over_names: bool,
}

impl<'p, 'a> Writer<'p, 'a> {
    /// Over rows joined with the tables that the expression needs; derived names are written out.
    pub(super) fn over_tables(plan: &'p Plan<'a>) -> Self {
        Self {
            plan,
            over_names: false,
        }
    }

    /// Over rows that hold look-ups, aggregates and derived names as columns.
    pub(super) fn over_names(plan: &'p Plan<'a>) -> Self {
        Self {
            plan,
            over_names: true,
        }
    }

    /// The expression; its own derived name, if it has one, stands for it.
    pub(super) fn sql(&self, expression: &Expression) -> String {
        if self.over_names
            && let Some(named) = self.plan.name_of(expression)
        {
            return self.dialect().name(named.name);
        }
        self.meaning(expression)
    }

    /// What the expression means, even where it has a derived name.
    pub(super) fn meaning(&self, expression: &Expression) -> String {
        let dialect = self.dialect();
        if let Some(value) = self.plan.value_of(expression) {
            return self.value(expression, value);
        }
        match expression {
            Expression::Null(value_type) => dialect.null(*value_type),
            Expression::Boolean(true) => "TRUE".to_owned(),
            Expression::Boolean(false) => "FALSE".to_owned(),
            Expression::Number(number) => dialect.number(*number),
            Expression::Text(text) => dialect.text(text),
            Expression::Date(day) => dialect.date(*day),
            Expression::Column(field, value_type) => match field.field() {
                Some(field) => dialect.name(field.name),
                None => match self.plan.rules.feature_column(*field) {
                    Some((name, _)) => dialect.name(&name),
                    None => dialect.null(*value_type),
                },
            },
            Expression::Not(inner) => self.not(inner),
            Expression::And(parts) => self.join(parts, " AND "),
            Expression::Or(parts) => self.join(parts, " OR "),
            Expression::Compare(comparison, left, right) => {
                format!(
                    "{} {} {}",
                    self.operand(left),
                    comparison.as_str(),
                    self.operand(right)
                )
            }
            Expression::OneOf(value, constants) => self.one_of(value, constants, "IN"),
            Expression::Like(text, pattern) => self.like(text, pattern, "LIKE"),
            Expression::IsNull(value) => format!("{} IS NULL", self.operand(value)),
            Expression::Arithmetic(operator, left, right) => {
                let (left, right) = (self.operand(left), self.operand(right));
                finite(&match operator {
                    Operator::Divide => {
                        format!("{left} / nullif({right}, {})", dialect.number(0.0))
                    }
                    operator => format!("{left} {} {right}", operator.as_str()),
                })
            }
            Expression::Negate(inner) => format!("(- {})", self.operand(inner)),
            Expression::Concat(left, right) => {
                // Joined from left to right, so only the right side needs parentheses.
                let left = match &**left {
                    Expression::Concat(..) => self.sql(left),
                    left => self.operand(left),
                };
                format!("{left} || {}", self.operand(right))
            }
            Expression::Coalesce(parts) => self.call("coalesce", parts),
            Expression::Least(parts) => self.call("least", parts),
            Expression::Greatest(parts) => self.call("greatest", parts),
            Expression::Abs(inner) => self.call("abs", std::slice::from_ref(&**inner)),
            Expression::Length(inner) => format!("CAST(length({}) AS DOUBLE)", self.sql(inner)),
            Expression::Lower(inner) => self.call("lower", std::slice::from_ref(&**inner)),
            Expression::Upper(inner) => self.call("upper", std::slice::from_ref(&**inner)),
            Expression::StartsWith(text, prefix) => dialect.starts_with(&self.sql(text), prefix),
            Expression::HasItem(list, item) => dialect.has_item(&self.sql(list), item),
            Expression::DaysBetween(from, to) => {
                dialect.days_between(&self.sql(from), &self.sql(to))
            }
            Expression::Month(date) => format!("CAST(month({}) AS DOUBLE)", self.sql(date)),
            Expression::Year(date) => format!("CAST(year({}) AS DOUBLE)", self.sql(date)),
            Expression::ContainsAny(..) | Expression::InList(..) | Expression::Lookup(..) => {
                unreachable!("the plan holds every look-up and search")
            }
        }
    }

    fn dialect(&self) -> Dialect {
        self.plan.dialect
    }

    /// An expression as an operand: between parentheses unless it is one word or one call.
    fn operand(&self, expression: &Expression) -> String {
        let sql = self.sql(expression);
        let is_compound = matches!(
            expression,
            Expression::And(_)
                | Expression::Or(_)
                | Expression::Not(_)
                | Expression::Compare(..)
                | Expression::OneOf(..)
                | Expression::Like(..)
                | Expression::IsNull(_)
                | Expression::Concat(..)
        );
        let is_name = self.over_names && self.plan.name_of(expression).is_some();
        if is_compound && !is_name {
            format!("({sql})")
        } else {
            sql
        }
    }

    fn join(&self, parts: &[Expression], word: &str) -> String {
        let parts: Vec<_> = parts
            .iter()
            .map(|part| self.operand_of_logic(part))
            .collect();
        match (parts.is_empty(), word) {
            (true, " AND ") => "TRUE".to_owned(),
            (true, _) => "FALSE".to_owned(),
            (false, word) => parts.join(word),
        }
    }

    /// An operand of AND or OR: comparisons go without parentheses.
    pub(super) fn operand_of_logic(&self, expression: &Expression) -> String {
        let is_branch = matches!(expression, Expression::And(_) | Expression::Or(_));
        if is_branch {
            self.operand(expression)
        } else {
            self.sql(expression)
        }
    }

    fn not(&self, inner: &Expression) -> String {
        if self.over_names && self.plan.name_of(inner).is_some() {
            return format!("NOT {}", self.sql(inner));
        }
        match inner {
            Expression::IsNull(value) => format!("{} IS NOT NULL", self.operand(value)),
            Expression::OneOf(value, constants) => self.one_of(value, constants, "NOT IN"),
            Expression::Like(text, pattern) => self.like(text, pattern, "NOT LIKE"),
            inner => format!("NOT {}", self.operand(inner)),
        }
    }

    fn call(&self, function: &str, parts: &[Expression]) -> String {
        let parts: Vec<_> = parts.iter().map(|part| self.sql(part)).collect();
        match (parts.as_slice(), function) {
            // Spark wants two at least.
            ([only], "least" | "greatest") => only.clone(),
            _ => format!("{function}({})", parts.join(", ")),
        }
    }

    fn one_of(&self, value: &Expression, constants: &Constants, word: &str) -> String {
        let dialect = self.dialect();
        let mut items: Vec<String> = match &constants.values {
            ConstantValues::Texts(texts) => texts.iter().map(|text| dialect.text(text)).collect(),
            ConstantValues::Numbers(numbers) => numbers
                .iter()
                .map(|number| dialect.number(*number))
                .collect(),
            ConstantValues::Dates(dates) => dates.iter().map(|day| dialect.date(*day)).collect(),
        };
        if constants.has_null || items.is_empty() {
            items.push(dialect.null(value.value_type()));
        }
        format!("{} {word} ({})", self.operand(value), items.join(", "))
    }

    fn like(&self, text: &Expression, pattern: &Pattern, word: &str) -> String {
        let pattern = match pattern {
            Pattern::Exact(text) => text.to_string(),
            Pattern::Prefix(text) => format!("{text}%"),
            Pattern::Suffix(text) => format!("%{text}"),
            Pattern::Contains(text) => format!("%{text}%"),
            Pattern::General(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Character(character) => *character,
                    Piece::One => '_',
                    Piece::Any => '%',
                })
                .collect(),
        };
        format!(
            "{} {word} {}",
            self.operand(text),
            self.dialect().text(&pattern)
        )
    }

    /// A column of a table; an aggregate on a row without the key is that of the row alone.
    fn value(&self, expression: &Expression, value: &Value<'_>) -> String {
        let name = self.dialect().name(&value.name);
        if self.over_names {
            return name;
        }
        let table = &self.plan.tables[value.table];
        let column = format!("{}.{name}", self.dialect().name(&table.name));
        let (Key::Unit(unit, _), Expression::Column(field, _)) = (table.key, expression) else {
            return column;
        };
        let position = usize::from(field.0 - FieldId::FIRST_EXTRA);
        let aggregate = &self.plan.rules.aggregates[position];
        let argument = self.operand(&aggregate.argument);
        let alone = match aggregate.function {
            AggregateFunction::Count | AggregateFunction::Distinct => {
                let (none, one) = (self.dialect().number(0.0), self.dialect().number(1.0));
                format!("CASE WHEN {argument} IS NULL THEN {none} ELSE {one} END")
            }
            _ => argument,
        };
        let key = unit_key(self.dialect(), unit);
        format!("CASE WHEN {key} IS NULL THEN {alone} ELSE {column} END")
    }
}

/// The first key of a unit that is not NULL.
pub(super) fn unit_key(dialect: Dialect, unit: Unit) -> String {
    let keys: Vec<_> = unit
        .keys()
        .iter()
        .map(|key| dialect.name(key.name()))
        .collect();
    match keys.as_slice() {
        [only] => only.clone(),
        keys => format!("coalesce({})", keys.join(", ")),
    }
}
