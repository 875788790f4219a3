//! A dull interpreter of conditions: one row at a time, one value at a time, nothing precomputed.
//!
//! It shares the parsed [`Expression`] with the core and nothing else but `fold`, whose table is data. Where the two
//! disagree on a row, one of them is wrong.

use ch24::batch::PresenceClass;
use ch24::normalize::text::fold;
use ch24::rules::condition::ast::{Comparison, Operator};
use ch24::rules::expression::{
    ConstantValues, Constants, Expression, ListColumn, ListId, Pattern, Piece,
};
use ch24::rules::lists::{List, ListCell, ListRow, Lists};
use ch24::rules::vocabulary::{FeatureKind, MatchKind, Status};
use ch24::rules::{RuleId, RuleSet};
use ch24::schema::{FieldId, ValueType};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value of SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    Date(i32),
    List(Vec<String>),
}

/// A row: the values that are not NULL, by field number.
pub type Row = BTreeMap<u16, Value>;

/// Rules that hit a row, drafts included.
pub fn hits(rules: &RuleSet, row: &Row, class: &PresenceClass) -> Vec<RuleId> {
    let mut hits = Vec::new();
    for id in rules.ids() {
        let rule = rules.rule(id);
        let is_true = value(&rules.lists, row, &rule.condition) == Value::Boolean(true);
        if is_evaluable(rules, id, class) && is_true {
            hits.push(id);
        }
    }
    hits
}

/// Scored themes in whose scope a row is, as bits.
pub fn scopes(rules: &RuleSet, row: &Row) -> u8 {
    let mut bits = 0;
    for (theme, scope) in rules.policy.scopes.iter().enumerate() {
        let is_in = match scope {
            None => true,
            Some(scope) => value(&rules.lists, row, scope) == Value::Boolean(true),
        };
        if is_in {
            bits |= 1 << theme;
        }
    }
    bits
}

/// Active rules that cannot be evaluated on rows of a class.
pub fn count_not_evaluable(rules: &RuleSet, class: &PresenceClass) -> u32 {
    let mut count = 0;
    for id in rules.ids() {
        if rules.rule(id).status == Status::Active && !is_evaluable(rules, id, class) {
            count += 1;
        }
    }
    count
}

fn is_evaluable(rules: &RuleSet, id: RuleId, class: &PresenceClass) -> bool {
    let rule = rules.rule(id);
    let has_stage = rule.stages.is_empty() || rule.stages.contains(&class.stage);
    let mut fields = Vec::new();
    collect_fields(&rule.condition, rules, &mut fields);
    has_stage
        && fields.iter().all(|field| class.fields.contains(*field))
        && (class.has_history || !names_feature(&rule.condition, rules, false))
        && (class.has_feeds || !names_feature(&rule.condition, rules, true))
}

/// Whether an expression names a feature of earlier lines, or one of another feed.
fn names_feature(expression: &Expression, rules: &RuleSet, of_feed: bool) -> bool {
    if let Expression::Column(field, _) = expression {
        for feature in &rules.features {
            if feature.column == *field || feature.support == Some(*field) {
                return (feature.kind == FeatureKind::External) == of_feed;
            }
        }
        return false;
    }
    let mut found = false;
    expression.for_each_operand(|operand| found |= names_feature(operand, rules, of_feed));
    found
}

fn collect_fields(expression: &Expression, rules: &RuleSet, fields: &mut Vec<FieldId>) {
    if let Expression::Column(field, _) = expression {
        match field.0.checked_sub(FieldId::FIRST_EXTRA) {
            None => fields.push(*field),
            Some(extra) => {
                if let Some(aggregate) = rules.aggregates.get(extra as usize) {
                    collect_fields(&aggregate.argument, rules, fields);
                }
            }
        }
    }
    expression.for_each_operand(|operand| collect_fields(operand, rules, fields));
}

/// The value of an expression on a row.
pub fn value(lists: &Lists, row: &Row, expression: &Expression) -> Value {
    use Expression as E;
    let of = |operand: &Expression| value(lists, row, operand);
    match expression {
        E::Null(_) => Value::Null,
        E::Boolean(truth) => Value::Boolean(*truth),
        E::Number(number) => Value::Number(*number),
        E::Text(text) => Value::Text(text.to_string()),
        E::Date(day) => Value::Date(*day),
        E::Column(field, _) => row.get(&field.0).cloned().unwrap_or(Value::Null),
        E::Not(inner) => match of(inner) {
            Value::Boolean(truth) => Value::Boolean(!truth),
            other => other,
        },
        E::And(parts) => logic(parts.iter().map(of).collect(), false),
        E::Or(parts) => logic(parts.iter().map(of).collect(), true),
        E::Compare(comparison, left, right) => compare(*comparison, &of(left), &of(right)),
        E::OneOf(inner, constants) => one_of(&of(inner), constants),
        E::Like(text, pattern) => on_text(of(text), |text| {
            Value::Boolean(like(&pattern_text(pattern), text))
        }),
        E::IsNull(inner) => Value::Boolean(of(inner) == Value::Null),
        E::Arithmetic(operator, left, right) => arithmetic(*operator, &of(left), &of(right)),
        E::Negate(inner) => on_number(&of(inner), |number| 0.0 - number),
        E::Abs(inner) => on_number(
            &of(inner),
            |number| if number < 0.0 { 0.0 - number } else { number },
        ),
        E::Concat(left, right) => match (of(left), of(right)) {
            (Value::Text(left), Value::Text(right)) => Value::Text(left + &right),
            _ => Value::Null,
        },
        E::Coalesce(parts) => parts
            .iter()
            .map(of)
            .find(|part| *part != Value::Null)
            .unwrap_or(Value::Null),
        E::Least(parts) => extreme(parts.iter().map(of).collect(), Ordering::Less),
        E::Greatest(parts) => extreme(parts.iter().map(of).collect(), Ordering::Greater),
        E::Length(inner) => on_text(of(inner), |text| {
            Value::Number(f64::from(u32::try_from(text.chars().count()).unwrap()))
        }),
        E::Lower(inner) => on_text(of(inner), |text| Value::Text(text.to_lowercase())),
        E::Upper(inner) => on_text(of(inner), |text| Value::Text(text.to_uppercase())),
        E::StartsWith(inner, prefix) => on_text(of(inner), |text| {
            Value::Boolean(text.starts_with(&**prefix))
        }),
        E::HasItem(inner, item) => match of(inner) {
            Value::List(items) => Value::Boolean(items.iter().any(|held| *held == **item)),
            _ => Value::Null,
        },
        E::ContainsAny(inner, list) => on_text(of(inner), |text| {
            Value::Boolean(contains_any(lists.get(*list), text))
        }),
        E::InList(key, list, date) => {
            in_list(lists, *list, of(key), date.as_ref().map(|date| of(date)))
        }
        E::Lookup(key, list, column, date) => lookup(
            lists,
            *list,
            *column,
            of(key),
            date.as_ref().map(|date| of(date)),
        ),
        E::DaysBetween(from, to) => match (of(from), of(to)) {
            (Value::Date(from), Value::Date(to)) => {
                Value::Number((i64::from(to) - i64::from(from)) as f64)
            }
            _ => Value::Null,
        },
        E::Month(inner) => on_date(&of(inner), |(_, month)| month),
        E::Year(inner) => on_date(&of(inner), |(year, _)| year),
    }
}

/// OR where `deciding` is true, AND where it is false.
fn logic(parts: Vec<Value>, deciding: bool) -> Value {
    if parts.contains(&Value::Boolean(deciding)) {
        Value::Boolean(deciding)
    } else if parts.contains(&Value::Null) {
        Value::Null
    } else {
        Value::Boolean(!deciding)
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Null, _) | (_, Value::Null) => None,
        _ => panic!("{left:?} and {right:?} are of different types"),
    }
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> Value {
    let Some(order) = order(left, right) else {
        return Value::Null;
    };
    Value::Boolean(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    })
}

fn one_of(value: &Value, constants: &Constants) -> Value {
    let is_found = match (value, &constants.values) {
        (Value::Null, _) => return Value::Null,
        (Value::Text(text), ConstantValues::Texts(texts)) => {
            texts.iter().any(|known| **known == **text)
        }
        (Value::Number(number), ConstantValues::Numbers(numbers)) => {
            numbers.iter().any(|known| known == number)
        }
        (Value::Date(day), ConstantValues::Dates(days)) => days.iter().any(|known| known == day),
        // Every constant is NULL.
        _ => false,
    };
    match (is_found, constants.has_null) {
        (true, _) => Value::Boolean(true),
        (false, true) => Value::Null,
        (false, false) => Value::Boolean(false),
    }
}

fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
    let (Value::Number(left), Value::Number(right)) = (left, right) else {
        return Value::Null;
    };
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide if *right == 0.0 => return Value::Null,
        Operator::Divide => left / right,
    };
    if result.is_finite() {
        Value::Number(result)
    } else {
        Value::Null
    }
}

fn extreme(parts: Vec<Value>, wanted: Ordering) -> Value {
    let mut best = Value::Null;
    for part in parts {
        if part != Value::Null && (best == Value::Null || order(&part, &best) == Some(wanted)) {
            best = part;
        }
    }
    best
}

fn on_text(value: Value, f: impl FnOnce(&str) -> Value) -> Value {
    match value {
        Value::Text(text) => f(&text),
        _ => Value::Null,
    }
}

fn on_number(value: &Value, f: impl FnOnce(f64) -> f64) -> Value {
    match value {
        Value::Number(number) => Value::Number(f(*number)),
        _ => Value::Null,
    }
}

fn on_date(value: &Value, part: impl FnOnce((i32, i32)) -> i32) -> Value {
    match value {
        Value::Date(day) => Value::Number(f64::from(part(year_and_month(*day)))),
        _ => Value::Null,
    }
}

/// Counts years and months from 1970-01-01, one after the other.
fn year_and_month(day: i32) -> (i32, i32) {
    let is_leap = |year: i32| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days_of_year = |year| if is_leap(year) { 366 } else { 365 };
    let (mut year, mut left) = (1970, day);
    while left < 0 {
        year -= 1;
        left += days_of_year(year);
    }
    while left >= days_of_year(year) {
        left -= days_of_year(year);
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month)
}

fn pattern_text(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Exact(text) => text.to_string(),
        Pattern::Prefix(text) => format!("{text}%"),
        Pattern::Suffix(text) => format!("%{text}"),
        Pattern::Contains(text) => format!("%{text}%"),
        Pattern::General(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Character(c) => *c,
                Piece::One => '_',
                Piece::Any => '%',
            })
            .collect(),
    }
}

/// LIKE by its definition: `reached[n]` says whether the pattern so far fits the first n characters.
pub fn like(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for piece in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match piece {
                '%' => reached[..=at].contains(&true),
                '_' => at > 0 && reached[at - 1],
                c => at > 0 && reached[at - 1] && text[at - 1] == c,
            };
        }
        reached = next;
    }
    reached[text.len()]
}

fn contains_any(list: &List, text: &str) -> bool {
    let text = fold(text);
    list.rows
        .iter()
        .map(|row| fold(&row.key))
        .any(|phrase| phrase != " " && text.contains(&phrase))
}

/// What a value may stand under in a list, the longest first.
fn candidates(lists: &Lists, list: &List, value: &str) -> Vec<String> {
    let mut found = vec![value.to_owned()];
    match list.match_kind {
        MatchKind::Exact => {}
        MatchKind::Prefix => {
            let mut prefix = value.to_owned();
            while prefix.pop().is_some() {
                found.push(prefix.clone());
            }
        }
        MatchKind::Taxon => {
            let accepted = named(lists, "taxon_synonyms", "accepted", value);
            let genus = |name: &str| name.split(' ').next().unwrap().to_owned();
            let genera: Vec<String> = std::iter::once(genus(value))
                .chain(accepted.as_deref().map(genus))
                .collect();
            found.extend(accepted);
            found.extend(genera.clone());
            for genus in &genera {
                found.extend(named(lists, "taxon_family", "family", genus));
            }
        }
    }
    found
}

/// The text of the first row of a key in a list that the pack may not have.
fn named(lists: &Lists, list: &str, column: &str, key: &str) -> Option<String> {
    let list = lists.iter().find(|known| known.name == list)?;
    let column = list.column(column).unwrap();
    assert_eq!(column.value_type, ValueType::Text);
    let row = list.rows.iter().find(|row| *row.key == *key)?;
    match &row.cells[column.index] {
        ListCell::Text(text) => text.as_deref().map(str::to_owned),
        _ => None,
    }
}

/// Rows under which a value stands, in force on a day; NULL finds none.
fn find<'a>(lists: &'a Lists, list: ListId, key: &Value, date: Option<&Value>) -> Vec<&'a ListRow> {
    let Value::Text(key) = key else {
        return Vec::new();
    };
    let day = match date {
        None => None,
        Some(Value::Date(day)) => Some(*day),
        Some(_) => return Vec::new(),
    };
    let list = lists.get(list);
    let mut found = Vec::new();
    for candidate in candidates(lists, list, key) {
        for row in &list.rows {
            if *row.key == *candidate
                && day.is_none_or(|day| row.valid_from <= day && day <= row.valid_to)
            {
                found.push(row);
            }
        }
    }
    found
}

fn in_list(lists: &Lists, list: ListId, key: Value, date: Option<Value>) -> Value {
    if key == Value::Null || date == Some(Value::Null) {
        return Value::Null;
    }
    Value::Boolean(!find(lists, list, &key, date.as_ref()).is_empty())
}

fn lookup(
    lists: &Lists,
    list: ListId,
    column: ListColumn,
    key: Value,
    date: Option<Value>,
) -> Value {
    match find(lists, list, &key, date.as_ref())
        .first()
        .map(|row| &row.cells[column.index])
    {
        Some(ListCell::Text(Some(text))) => Value::Text(text.to_string()),
        Some(ListCell::Number(number)) if !number.is_nan() => Value::Number(*number),
        Some(ListCell::Date(day)) if *day != i32::MIN => Value::Date(*day),
        _ => Value::Null,
    }
}
