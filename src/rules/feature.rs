//! A history feature: what earlier lines say about a row, as of its date.

use super::expression::Expression;
use super::vocabulary::{CountUnit, FeatureKind, Theme};
use crate::schema::{FieldId, ValueType};

/// A feature of history.yaml, as columns that a run with history fills.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// What rules call it.
    pub name: String,
    /// What it says, for people.
    pub meaning: String,
    /// What it gives.
    pub kind: FeatureKind,
    /// Rows with equal values belong together, a row with a NULL has no value.
    pub key: Vec<Expression>,
    /// The value that is summed, counted or ranked.
    pub of: Option<Expression>,
    /// Which earlier rows count; none: all.
    pub filter: Option<Expression>,
    /// What is counted.
    pub unit: CountUnit,
    /// How many days it looks back; none: all.
    pub window_days: Option<u32>,
    /// How many of the latest days it leaves out.
    pub skip_days: u32,
    /// The least number of earlier rows for a value.
    pub min_support: u32,
    /// The theme whose outcomes count; none: all.
    pub theme: Option<Theme>,
    /// How old an outcome must be, in days.
    pub mature_days: u32,
    /// The weight of the prior, in rows; none: from the data.
    pub prior_strength: Option<f64>,
    /// Type of its values.
    pub value_type: ValueType,
    /// The column of its values.
    pub column: FieldId,
    /// The column of the number of rows that a value rests on.
    pub support: Option<FieldId>,
    /// Key, value and filter as written.
    pub written: Vec<String>,
}

impl Feature {
    /// Every field that is read to fill the columns.
    pub fn fields(&self) -> Vec<FieldId> {
        self.expressions().flat_map(Expression::columns).collect()
    }

    /// Everything that is computed from a row.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.key.iter().chain(&self.of).chain(&self.filter)
    }

    /// True when no earlier line can tell it: another feed would have to supply it.
    pub fn is_external(&self) -> bool {
        self.kind == FeatureKind::External
    }

    /// The name of its support column.
    pub fn support_name(&self) -> String {
        format!("{}_support", self.name)
    }
}
