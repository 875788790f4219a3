//! What a condition means: names resolved, types settled, constants in place.
//!
//! Derived names are written out, params are numbers, `BETWEEN` and lists of several values are spelled in simpler
//! forms. The scoring core and the naive interpreter of the tests both read this tree.

use super::condition::ast::{Comparison, Operator};
use crate::schema::{FieldId, ValueType};
use std::sync::Arc;

/// A typed expression. Every variant documents its value where an operand is NULL.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// NULL of a type.
    Null(ValueType),
    /// A truth value.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// A day.
    Date(i32),
    /// A field, or an extra column of the run.
    Column(FieldId, ValueType),
    /// Not; NULL stays NULL.
    Not(Box<Self>),
    /// And: false if any is false, else NULL if any is NULL.
    And(Vec<Self>),
    /// Or: true if any is true, else NULL if any is NULL.
    Or(Vec<Self>),
    /// Comparison of two values of one type; NULL if either is.
    Compare(Comparison, Box<Self>, Box<Self>),
    /// Whether the value is one of constants; NULL if the value is, or if it is not found and a constant is NULL.
    OneOf(Box<Self>, Arc<Constants>),
    /// Text against a pattern; NULL if the text is.
    Like(Box<Self>, Arc<Pattern>),
    /// Whether the value is NULL; never NULL itself.
    IsNull(Box<Self>),
    /// Arithmetic; NULL if either is, or if the result is not finite.
    Arithmetic(Operator, Box<Self>, Box<Self>),
    /// Minus.
    Negate(Box<Self>),
    /// Texts joined; NULL if either is.
    Concat(Box<Self>, Box<Self>),
    /// The first that is not NULL.
    Coalesce(Vec<Self>),
    /// The least that is not NULL.
    Least(Vec<Self>),
    /// The greatest that is not NULL.
    Greatest(Vec<Self>),
    /// Absolute value.
    Abs(Box<Self>),
    /// Number of code points.
    Length(Box<Self>),
    /// Lower case.
    Lower(Box<Self>),
    /// Upper case.
    Upper(Box<Self>),
    /// Whether a text starts with a prefix; NULL if the text is.
    StartsWith(Box<Self>, Arc<str>),
    /// Whether a list holds an item; NULL if the list is.
    HasItem(Box<Self>, Arc<str>),
    /// Whether the folded text holds a phrase of a list; NULL if the text is.
    ContainsAny(Box<Self>, ListId),
    /// Whether a key is in a list, in force on a date; NULL if either is.
    InList(Box<Self>, ListId, Option<Box<Self>>),
    /// A value of a list; NULL where the key is not found.
    Lookup(Box<Self>, ListId, ListColumn, Option<Box<Self>>),
    /// Days from the first to the second.
    DaysBetween(Box<Self>, Box<Self>),
    /// Month of a date, 1 to 12.
    Month(Box<Self>),
    /// Year of a date.
    Year(Box<Self>),
}

/// Which list of the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(pub u16);

/// A column of a list, and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListColumn {
    /// Position among the columns that the list declares.
    pub index: usize,
    /// Its type.
    pub value_type: ValueType,
}

/// The constants of an `IN` list.
#[derive(Clone, Debug, PartialEq)]
pub struct Constants {
    /// The values, sorted, each once.
    pub values: ConstantValues,
    /// True when one of them is NULL.
    pub has_null: bool,
}

/// The values of an `IN` list, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstantValues {
    /// Sorted by bytes.
    Texts(Vec<Box<str>>),
    /// Sorted.
    Numbers(Vec<f64>),
    /// Sorted.
    Dates(Vec<i32>),
}

/// A pattern of `LIKE`: `%` stands for any text, `_` for one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// No wildcard.
    Exact(Box<str>),
    /// `text%`.
    Prefix(Box<str>),
    /// `%text`.
    Suffix(Box<str>),
    /// `%text%`.
    Contains(Box<str>),
    /// Anything else.
    General(Box<[Piece]>),
}

/// A part of a general pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// This character.
    Character(char),
    /// Any one character.
    One,
    /// Any text.
    Any,
}

impl Expression {
    /// The type of the value.
    pub fn value_type(&self) -> ValueType {
        match self {
            Self::Null(value_type) | Self::Column(_, value_type) => *value_type,
            Self::Number(_)
            | Self::Arithmetic(..)
            | Self::Negate(_)
            | Self::Abs(_)
            | Self::Length(_)
            | Self::DaysBetween(..)
            | Self::Month(_)
            | Self::Year(_) => ValueType::Number,
            Self::Text(_) | Self::Concat(..) | Self::Lower(_) | Self::Upper(_) => ValueType::Text,
            Self::Date(_) => ValueType::Date,
            Self::Coalesce(parts) | Self::Least(parts) | Self::Greatest(parts) => {
                parts.first().map_or(ValueType::Text, Self::value_type)
            }
            Self::Lookup(_, _, column, _) => column.value_type,
            _ => ValueType::Boolean,
        }
    }

    /// Calls `visit` for each direct operand.
    pub fn for_each_operand<'a>(&'a self, mut visit: impl FnMut(&'a Self)) {
        match self {
            Self::Null(_)
            | Self::Boolean(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::Column(..) => {}
            Self::And(parts)
            | Self::Or(parts)
            | Self::Coalesce(parts)
            | Self::Least(parts)
            | Self::Greatest(parts) => parts.iter().for_each(visit),
            Self::Compare(_, left, right)
            | Self::Arithmetic(_, left, right)
            | Self::Concat(left, right)
            | Self::DaysBetween(left, right) => {
                visit(left);
                visit(right);
            }
            Self::InList(value, _, date) | Self::Lookup(value, _, _, date) => {
                visit(value);
                if let Some(date) = date {
                    visit(date);
                }
            }
            Self::Not(value)
            | Self::OneOf(value, _)
            | Self::Like(value, _)
            | Self::IsNull(value)
            | Self::Negate(value)
            | Self::Abs(value)
            | Self::Length(value)
            | Self::Lower(value)
            | Self::Upper(value)
            | Self::StartsWith(value, _)
            | Self::HasItem(value, _)
            | Self::ContainsAny(value, _)
            | Self::Month(value)
            | Self::Year(value) => visit(value),
        }
    }

    /// The columns that the expression reads, sorted, each once.
    pub fn columns(&self) -> Vec<FieldId> {
        let mut columns = Vec::new();
        self.collect_columns(&mut columns);
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Gives every column another number.
    pub fn rename_columns(&mut self, rename: &dyn Fn(FieldId) -> FieldId) {
        if let Self::Column(field, _) = self {
            *field = rename(*field);
        }
        self.for_each_operand_mut(&mut |operand| operand.rename_columns(rename));
    }

    /// Puts another expression in the place of each part that equals `part`.
    pub fn replace(&mut self, part: &Self, by: &Self) {
        match self == part {
            true => self.clone_from(by),
            false => self.for_each_operand_mut(&mut |operand| operand.replace(part, by)),
        }
    }

    fn for_each_operand_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        match self {
            Self::Null(_)
            | Self::Boolean(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::Column(..) => {}
            Self::And(parts)
            | Self::Or(parts)
            | Self::Coalesce(parts)
            | Self::Least(parts)
            | Self::Greatest(parts) => parts.iter_mut().for_each(visit),
            Self::Compare(_, left, right)
            | Self::Arithmetic(_, left, right)
            | Self::Concat(left, right)
            | Self::DaysBetween(left, right) => {
                visit(left);
                visit(right);
            }
            Self::InList(value, _, date) | Self::Lookup(value, _, _, date) => {
                visit(value);
                date.iter_mut().for_each(|date| visit(date));
            }
            Self::Not(value)
            | Self::OneOf(value, _)
            | Self::Like(value, _)
            | Self::IsNull(value)
            | Self::Negate(value)
            | Self::Abs(value)
            | Self::Length(value)
            | Self::Lower(value)
            | Self::Upper(value)
            | Self::StartsWith(value, _)
            | Self::HasItem(value, _)
            | Self::ContainsAny(value, _)
            | Self::Month(value)
            | Self::Year(value) => visit(value),
        }
    }

    fn collect_columns(&self, columns: &mut Vec<FieldId>) {
        if let Self::Column(field, _) = self {
            columns.push(*field);
        }
        self.for_each_operand(|operand| operand.collect_columns(columns));
    }
}

impl Pattern {
    /// Reads the pattern of a `LIKE`.
    pub fn new(text: &str) -> Self {
        let wild = |part: &str| part.contains(['%', '_']);
        if !wild(text) {
            return Self::Exact(text.into());
        }
        if let Some(prefix) = text.strip_suffix('%') {
            if !wild(prefix) {
                return Self::Prefix(prefix.into());
            }
            if let Some(inner) = prefix.strip_prefix('%')
                && !wild(inner)
            {
                return Self::Contains(inner.into());
            }
        }
        if let Some(suffix) = text.strip_prefix('%')
            && !wild(suffix)
        {
            return Self::Suffix(suffix.into());
        }
        Self::General(
            text.chars()
                .map(|c| match c {
                    '%' => Piece::Any,
                    '_' => Piece::One,
                    c => Piece::Character(c),
                })
                .collect(),
        )
    }

    /// Whether the whole text fits the pattern.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => text == &**exact,
            Self::Prefix(prefix) => text.starts_with(&**prefix),
            Self::Suffix(suffix) => text.ends_with(&**suffix),
            Self::Contains(inner) => {
                memchr::memmem::find(text.as_bytes(), inner.as_bytes()).is_some()
            }
            Self::General(pieces) => matches_pieces(pieces, text),
        }
    }
}

/// Greedy match with one point of return, linear in text times pieces.
fn matches_pieces(pieces: &[Piece], text: &str) -> bool {
    let (mut piece, mut rest) = (0, text.chars());
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let before = rest.clone();
        match (pieces.get(piece), rest.next()) {
            (Some(Piece::Any), _) => {
                piece += 1;
                rest = before;
                retry = Some((piece, rest.clone()));
            }
            (None, None) => return true,
            (Some(Piece::One), Some(_)) => piece += 1,
            (Some(Piece::Character(wanted)), Some(c)) if *wanted == c => piece += 1,
            _ => {
                // Let the last `%` stand for one character more.
                let Some((start, from)) = &mut retry else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                piece = *start;
                rest = from.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_sql() {
        for (pattern, text, expected) in [
            ("44%", "4407", true),
            ("44%", "344", false),
            ("%44", "3444", true),
            ("%MAW%", "FISH MAW DRIED", true),
            ("%MAW%", "MA W", false),
            ("", "", true),
            ("%", "", true),
            ("_", "é", true),
            ("_", "", false),
            ("a%b%c", "aXbYbZc", true),
            ("a%b%c", "aXbYbZ", false),
            ("%a_c%", "xxabcyy", true),
            ("%%a", "ba", true),
            ("_%_", "ab", true),
            ("_%_", "a", false),
        ] {
            assert_eq!(
                Pattern::new(pattern).matches(text),
                expected,
                "{text} LIKE {pattern}"
            );
        }
    }
}
