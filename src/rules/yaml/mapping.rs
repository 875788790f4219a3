//! How the columns of a source become fields: `lemis.map.yaml`.

use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources, Span};
use crate::rules::vocabulary::{KnownAt, OutcomeBasis, OutcomeKind, OutcomeScope, Theme};

use super::fields::{Field, Spanned};
use super::reader::Reader;
use super::rule::condition;
use super::text::Text;
use super::tree::Value;
use super::values;

const KEYS: &[&str] = &[
    "constants",
    "null_words",
    "auto",
    "columns",
    "join",
    "carries",
    "outcome",
];
const COLUMN_KEYS: &[&str] = &[
    "field",
    "also",
    "known_at",
    "values",
    "format",
    "unit",
    "null_words",
];
const JOIN_KEYS: &[&str] = &["columns", "separator"];
const OUTCOME_KEYS: &[&str] = &["bad", "ok", "date", "basis", "theme", "kind", "scope"];

/// A mapping as it is written. Field and column names are not checked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingFile {
    /// Field and the value that every row gets.
    pub constants: Vec<(Text, Text)>,
    /// The words that mean null in every column; none: the usual ones.
    pub null_words: Option<Vec<Text>>,
    /// True when columns that are not named here match by field name and alias; default false.
    pub auto: bool,
    /// What becomes of each source column, in file order.
    pub columns: Vec<ColumnMapping>,
    /// Fields made of several source columns.
    pub join: Vec<JoinMapping>,
    /// Fields that this source can carry although its stage or format would not say so.
    pub carries: Vec<Text>,
    /// How the outcome is told.
    pub outcome: Option<OutcomeMapping>,
    /// The file.
    pub file: FileId,
}

/// What becomes of one source column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMapping {
    /// The source column.
    pub column: Text,
    /// The field it fills.
    pub field: Text,
    /// Further fields with the same value.
    pub also: Vec<Text>,
    /// When the source writes it; default filing.
    pub known_at: KnownAt,
    /// Source word and what it becomes; none: null.
    pub values: Vec<(Text, Option<Text>)>,
    /// The form of a date.
    pub format: Option<Text>,
    /// The unit of a number.
    pub unit: Option<Text>,
    /// The words that mean null here, in place of those of the file.
    pub null_words: Option<Vec<Text>>,
}

/// A field made of several source columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinMapping {
    /// The field.
    pub field: Text,
    /// The source columns, at least one.
    pub columns: Vec<Text>,
    /// What stands between two values; default one space.
    pub separator: String,
}

/// How the outcome is told from source columns; at least one of `bad` and `ok` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeMapping {
    /// The place of the whole.
    pub span: Span,
    /// A condition over source columns: true means bad.
    pub bad: Option<Text>,
    /// A condition over source columns: true means looked at and in order.
    pub ok: Option<Text>,
    /// The source column with the day the outcome became known.
    pub date: Option<Text>,
    /// What it was found by.
    pub basis: Option<Spanned<OutcomeBasis>>,
    /// Never cross.
    pub theme: Option<Spanned<Theme>>,
    /// What was wrong.
    pub kind: Option<Spanned<OutcomeKind>>,
    /// What it covers.
    pub scope: Option<Spanned<OutcomeScope>>,
}

/// Reads a mapping; none when it is not one. Wrong entries are reported and left out.
pub fn mapping(
    sources: &Sources,
    file: FileId,
    diagnostics: &mut Diagnostics,
) -> Option<MappingFile> {
    let (mut reader, root) = Reader::open(sources, file, diagnostics, "a mapping");
    let reader = &mut reader;
    let mut fields = reader.fields(root?, "a mapping", KEYS)?;
    Some(MappingFile {
        constants: constants(reader, fields.take("constants")),
        null_words: null_words(reader, fields.take("null_words")),
        auto: values::boolean(reader, fields.take("auto")).is_some_and(|found| found.value),
        columns: each(reader, fields.take("columns"), column),
        join: each(reader, fields.take("join"), join),
        carries: values::texts(reader, fields.take("carries")),
        outcome: fields
            .take("outcome")
            .and_then(|field| outcome(reader, field)),
        file,
    })
}

/// Reads a mapping whose every value has the same form.
fn each<T>(
    reader: &mut Reader<'_>,
    field: Option<Field>,
    read: impl Fn(&mut Reader<'_>, Text, Field) -> Option<T>,
) -> Vec<T> {
    let entries = field
        .and_then(|field| reader.entries(field))
        .unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|(name, field)| read(reader, name, field))
        .collect()
}

fn constants(reader: &mut Reader<'_>, field: Option<Field>) -> Vec<(Text, Text)> {
    each(reader, field, |reader, name, field| {
        Some((name, values::text(reader, Some(field))?))
    })
}

fn null_words(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Vec<Text>> {
    let items = values::items(reader, field)?;
    Some(
        items
            .into_iter()
            .filter_map(|item| values::scalar(reader, Some(item)))
            .collect(),
    )
}

fn column(reader: &mut Reader<'_>, column: Text, field: Field) -> Option<ColumnMapping> {
    if let Value::Scalar(name, _) = &field.node.value {
        let title = format!(
            "column `{}` must say which field it fills in a mapping",
            column.value
        );
        let help = format!("write `{}: {{field: {}}}`", column.value, name.value);
        reader.push(Diagnostic::error("bad-value", name.span, title).help(help));
        return None;
    }
    let mut fields = reader.fields(field.node, "a column", COLUMN_KEYS)?;
    let needed = reader.need(&mut fields, "field");
    let field = values::text(reader, needed);
    let also = values::texts(reader, fields.take("also"));
    let known_at =
        values::word(reader, fields.take("known_at")).map_or(KnownAt::Filing, |found| found.value);
    let values = each(reader, fields.take("values"), |reader, word, field| {
        Some((word, values::cell(reader, field)?))
    });
    let format = values::text(reader, fields.take("format"));
    let unit = values::text(reader, fields.take("unit"));
    let null_words = null_words(reader, fields.take("null_words"));
    Some(ColumnMapping {
        column,
        field: field?,
        also,
        known_at,
        values,
        format,
        unit,
        null_words,
    })
}

fn join(reader: &mut Reader<'_>, field: Text, node: Field) -> Option<JoinMapping> {
    let mut fields = reader.fields(node.node, "a join", JOIN_KEYS)?;
    let needed = reader.need(&mut fields, "columns");
    let is_given = needed.is_some();
    let columns = values::texts(reader, needed);
    if is_given && columns.is_empty() {
        reader.push(Diagnostic::error(
            "bad-mapping",
            field.span,
            format!("`{}` joins no column", field.value),
        ));
    }
    let separator = values::scalar(reader, fields.take("separator"))
        .map_or_else(|| " ".to_owned(), |text| text.value);
    (!columns.is_empty()).then_some(JoinMapping {
        field,
        columns,
        separator,
    })
}

fn outcome(reader: &mut Reader<'_>, field: Field) -> Option<OutcomeMapping> {
    let place = field.place;
    let mut fields = reader.fields(field.node, "`outcome`", OUTCOME_KEYS)?;
    let has_condition = !fields.present(&["bad", "ok"]).is_empty();
    if !has_condition {
        let found = Diagnostic::error(
            "bad-mapping",
            place,
            "`outcome` says neither what is bad nor what is ok",
        );
        reader.push(found.help("add `bad: \"disposition IN ('S', 'R')\"`, over source columns"));
    }
    let theme = values::word::<Theme>(reader, fields.take("theme"));
    if let Some(theme) = theme.filter(|theme| theme.value == Theme::Cross) {
        let found = Diagnostic::error(
            "bad-value",
            theme.span,
            "an outcome cannot have the theme `cross`",
        );
        reader.push(found.help("write timber, wildlife or iuu, or leave it out"));
    }
    Some(OutcomeMapping {
        span: fields.span,
        bad: condition(reader, fields.take("bad")),
        ok: condition(reader, fields.take("ok")),
        date: values::text(reader, fields.take("date")),
        basis: values::word(reader, fields.take("basis")),
        theme,
        kind: values::word(reader, fields.take("kind")),
        scope: values::word(reader, fields.take("scope")),
    })
}
