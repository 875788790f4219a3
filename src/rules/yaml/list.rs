//! What a list is and where it comes from: `lists/NAME.yaml`.

use crate::diagnostic::{Diagnostics, FileId, Sources};
use crate::rules::vocabulary::{ColumnType, MatchKind};

use super::fields::Field;
use super::reader::Reader;
use super::text::Text;
use super::values;

const KEYS: &[&str] = &[
    "source",
    "as_of",
    "license",
    "key",
    "match",
    "columns",
    "max_age_days",
];

/// The description of a list as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// Where the list comes from.
    pub source: Text,
    /// The date it was taken, not checked here.
    pub as_of: Text,
    /// What may be done with it.
    pub license: Text,
    /// The CSV column that holds the keys.
    pub key: Text,
    /// How a value finds its key; default exact.
    pub match_kind: MatchKind,
    /// The types of the other CSV columns, in file order; a column not named is text.
    pub columns: Vec<(Text, ColumnType)>,
    /// After how many days the list is expired; none: never.
    pub max_age_days: Option<i64>,
    /// The file.
    pub file: FileId,
}

/// Reads the description of a list; none when a required key is missing or wrong.
pub fn list(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<ListFile> {
    let (mut reader, root) = Reader::open(sources, file, diagnostics, "the description of a list");
    let reader = &mut reader;
    let mut fields = reader.fields(root?, "a list", KEYS)?;
    let mut required = |key| {
        let field = reader.need(&mut fields, key);
        values::text(reader, field)
    };
    let (source, as_of, license, key) = (
        required("source"),
        required("as_of"),
        required("license"),
        required("key"),
    );
    let match_kind =
        values::word(reader, fields.take("match")).map_or(MatchKind::Exact, |found| found.value);
    let columns = columns(reader, fields.take("columns"));
    let max_age_days = values::whole(
        reader,
        fields.take("max_age_days"),
        1..=i64::MAX,
        "bad-value",
    )
    .map(|found| found.value);
    Some(ListFile {
        source: source?,
        as_of: as_of?,
        license: license?,
        key: key?,
        match_kind,
        columns,
        max_age_days,
        file,
    })
}

fn columns(reader: &mut Reader<'_>, field: Option<Field>) -> Vec<(Text, ColumnType)> {
    let entries = field
        .and_then(|field| reader.entries(field))
        .unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|(name, field)| Some((name, values::word(reader, Some(field))?.value)))
        .collect()
}
