//! As-of features: `history.yaml`.

use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources};
use crate::rules::vocabulary::{CountUnit, FeatureKind, FeatureType, Theme};

use super::fields::{Field, Fields, Spanned};
use super::reader::Reader;
use super::rule::condition;
use super::text::Text;
use super::values;

const KEYS: &[&str] = &[
    "meaning",
    "kind",
    "type",
    "key",
    "of",
    "where",
    "unit",
    "window_days",
    "skip_days",
    "min_support",
    "theme",
    "mature_days",
    "prior_strength",
];

/// The features as they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryFile {
    /// In file order.
    pub features: Vec<FeatureFile>,
    /// The file.
    pub file: FileId,
}

/// One feature as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureFile {
    /// What rules call it.
    pub name: Text,
    /// What it says, for people.
    pub meaning: Text,
    /// What it gives.
    pub kind: Spanned<FeatureKind>,
    /// The type of an external feature.
    pub value_type: Option<Spanned<FeatureType>>,
    /// Expressions over the fields of a row; rows with equal values belong together.
    pub key: Vec<Text>,
    /// The value that is summed, counted or ranked.
    pub of: Option<Text>,
    /// Which earlier rows count; none: all.
    pub filter: Option<Text>,
    /// What is counted; default line.
    pub unit: CountUnit,
    /// How many days it looks back; none: all.
    pub window_days: Option<u32>,
    /// How many of the latest days it leaves out; default 0.
    pub skip_days: u32,
    /// The least number of earlier rows for a value; default 1.
    pub min_support: u32,
    /// The theme whose outcomes count; none: all.
    pub theme: Option<Theme>,
    /// How old an outcome must be; default 0.
    pub mature_days: u32,
    /// The weight of the prior, in rows; none: from the data.
    pub prior_strength: Option<f64>,
}

/// Reads `history.yaml`, a mapping from name to feature; entries that cannot be read are reported and left out.
pub fn history(
    sources: &Sources,
    file: FileId,
    diagnostics: &mut Diagnostics,
) -> Option<HistoryFile> {
    let (mut reader, root) = Reader::open(sources, file, diagnostics, "history features");
    let node = root?;
    let entries = reader.entries(Field {
        name: "history.yaml".to_owned(),
        place: node.span,
        node,
    })?;
    let features = entries
        .into_iter()
        .filter_map(|(name, field)| feature(&mut reader, name, field))
        .collect();
    Some(HistoryFile { features, file })
}

fn feature(reader: &mut Reader<'_>, name: Text, field: Field) -> Option<FeatureFile> {
    let mut fields = reader.fields(field.node, "a feature", KEYS)?;
    let meaning = reader.need(&mut fields, "meaning");
    let meaning = values::text(reader, meaning);
    let kind = reader.need(&mut fields, "kind");
    let kind = values::word(reader, kind);
    let value_type = values::word(reader, fields.take("type"));
    let key = values::items(reader, fields.take("key")).unwrap_or_default();
    let key = key
        .into_iter()
        .filter_map(|item| condition(reader, Some(item)))
        .collect();
    let of = condition(reader, fields.take("of"));
    let filter = condition(reader, fields.take("where"));
    let unit = values::word(reader, fields.take("unit"));
    let theme: Option<Spanned<Theme>> = values::word(reader, fields.take("theme"));
    let prior_strength = fields
        .take("prior_strength")
        .and_then(|field| values::number(reader, field));
    let feature = FeatureFile {
        name,
        meaning: meaning?,
        kind: kind?,
        value_type,
        key,
        of,
        filter,
        unit: unit.map_or(CountUnit::Line, |unit| unit.value),
        window_days: days(reader, &mut fields, "window_days", 1),
        skip_days: days(reader, &mut fields, "skip_days", 0).unwrap_or(0),
        min_support: days(reader, &mut fields, "min_support", 1).unwrap_or(1),
        theme: theme.map(|theme| theme.value),
        mature_days: days(reader, &mut fields, "mature_days", 0).unwrap_or(0),
        prior_strength: prior_strength.map(|number| number.value),
    };
    check(reader, &feature);
    Some(feature)
}

/// Reads a whole number that is at least `least`.
fn days(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    key: &'static str,
    least: i64,
) -> Option<u32> {
    let field = fields.take(key);
    values::whole(reader, field, least..=36_500, "bad-value").map(|found| found.value)
}

/// Reports keys that the kind needs or cannot take.
fn check(reader: &mut Reader<'_>, feature: &FeatureFile) {
    let kind = feature.kind.value;
    let mut want = |is_wanted: bool, is_there: bool, key: &str| {
        let (code, title) = match (is_wanted, is_there) {
            (true, false) => (
                "missing-key",
                format!("a feature of kind `{kind}` needs `{key}`"),
            ),
            (false, true) => (
                "bad-value",
                format!("a feature of kind `{kind}` takes no `{key}`"),
            ),
            _ => return,
        };
        reader.push(Diagnostic::error(code, feature.kind.span, title));
    };
    let is_external = kind == FeatureKind::External;
    want(!is_external, !feature.key.is_empty(), "key");
    want(is_external, feature.value_type.is_some(), "type");
    if kind != FeatureKind::Spike {
        want(kind.takes_value(), feature.of.is_some(), "of");
    }
    if is_external {
        want(false, feature.filter.is_some(), "where");
        want(false, feature.window_days.is_some(), "window_days");
    }
    if kind != FeatureKind::OutcomeRate {
        want(false, feature.theme.is_some(), "theme");
        want(false, feature.prior_strength.is_some(), "prior_strength");
    }
}
