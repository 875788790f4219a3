//! Aggregates of derived.yaml: a value over all rows of a row's line, entry or bill.

use super::expression::Expression;
use crate::schema::{FieldId, ValueType, field};

/// Names of the aggregate functions.
pub const FUNCTIONS: &[&str] = &["any", "all", "count", "distinct", "sum", "min", "max"];

/// An aggregate, as a column that a first pass over the input fills.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// What is done with the values.
    pub function: AggregateFunction,
    /// The values.
    pub argument: Expression,
    /// The rows that belong together.
    pub over: Unit,
    /// Type of the result.
    pub value_type: ValueType,
}

/// What an aggregate does. Values that are NULL are skipped, as in SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateFunction {
    /// True if one is true, else false if one is false, else NULL.
    Any,
    /// False if one is false, else true if one is true, else NULL.
    All,
    /// How many there are.
    Count,
    /// How many different ones there are.
    Distinct,
    /// Their sum; NULL without any.
    Sum,
    /// The least; NULL without any.
    Min,
    /// The greatest; NULL without any.
    Max,
}

/// The rows that an aggregate runs over. A row without the key is a unit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Rows of one `line_id`.
    Line,
    /// Rows of one `entry_number`.
    Entry,
    /// Rows of one house bill, else of one master bill.
    Bill,
}

impl AggregateFunction {
    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::Any,
            "all" => Self::All,
            "count" => Self::Count,
            "distinct" => Self::Distinct,
            "sum" => Self::Sum,
            "min" => Self::Min,
            "max" => Self::Max,
            _ => return None,
        })
    }

    /// The type of the result for an argument, none where the function cannot take it.
    pub fn result(self, argument: ValueType) -> Option<ValueType> {
        match (self, argument) {
            (Self::Any | Self::All, ValueType::Boolean) => Some(ValueType::Boolean),
            (Self::Count | Self::Distinct, _) => Some(ValueType::Number),
            (Self::Sum, ValueType::Number) => Some(ValueType::Number),
            (Self::Min | Self::Max, ValueType::Number | ValueType::Date) => Some(argument),
            _ => None,
        }
    }
}

impl Unit {
    /// Reads the word after `over`.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "line" => Self::Line,
            "entry" => Self::Entry,
            "bill" => Self::Bill,
            _ => return None,
        })
    }

    /// The fields that tell the units apart; the first that is not NULL counts.
    pub fn keys(self) -> &'static [FieldId] {
        match self {
            Self::Line => &[field::LINE_ID],
            Self::Entry => &[field::ENTRY_NUMBER],
            Self::Bill => &[field::HOUSE_BILL_NUMBER, field::MASTER_BILL_NUMBER],
        }
    }
}

impl Aggregate {
    /// Every field that is read to fill the column.
    pub fn fields(&self) -> Vec<FieldId> {
        let mut fields = self.argument.columns();
        fields.extend(self.over.keys());
        fields
    }
}
