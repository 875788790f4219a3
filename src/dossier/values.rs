//! Values of a row, as text.

use crate::batch::{Batch, Column, FALSE, TRUE};
use crate::normalize::date::format_date;
use crate::schema::FieldId;
use serde::{Serialize, Serializer};

/// Fields and their values.
pub type Values = Vec<(&'static str, String)>;

/// The value of a cell as text; none for NULL.
pub(super) fn value(batch: &Batch, id: FieldId, row: usize) -> Option<String> {
    match batch.column(id)? {
        Column::Text(text) => text.get(row).map(str::to_owned),
        Column::Number(_) => batch.number_at(id, row).map(|number| number.to_string()),
        Column::Date(_) => batch.date_at(id, row).map(format_date),
        Column::Boolean(truths) => match truths[row] {
            TRUE => Some("true".to_owned()),
            FALSE => Some("false".to_owned()),
            _ => None,
        },
    }
}

/// Those of some fields that hold something, in the order given.
pub(super) fn values(batch: &Batch, ids: &[FieldId], row: usize) -> Values {
    let found = ids
        .iter()
        .filter_map(|id| Some((id.name(), value(batch, *id, row)?)));
    found.collect()
}

/// Writes fields and values as one object.
///
/// # Errors
/// When the serializer fails.
pub(crate) fn as_object<K: Serialize, V: Serialize, S: Serializer>(
    values: &[(K, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value)))
}
