//! One rule: `timber/T-07-cites-timber-no-permit.yaml`.

use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources, Span};
use crate::rules::vocabulary::{Family, Floor, Level, Severity, Stage, Status, Theme};

use super::fields::{Field, Fields, Spanned};
use super::reader::Reader;
use super::text::Text;
use super::values;

/// The keys of a rule file, in the order of the documentation.
pub const KEYS: &[&str] = &[
    "id",
    "name",
    "title",
    "theme",
    "level",
    "family",
    "severity",
    "points",
    "floor",
    "status",
    "reason",
    "version",
    "owner",
    "review_by",
    "stages",
    "when",
    "params",
    "mitigates",
    "refer_to",
    "verify",
    "question",
    "examine",
    "legal_basis",
    "why",
    "clears",
    "false_positives",
    "sources",
    "examples",
];

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFile {
    /// Short and stable, used in every output.
    pub id: Text,
    /// Kebab; names the suspicious pattern.
    pub name: Text,
    /// One line for people.
    pub title: Text,
    /// What the rule is about.
    pub theme: Spanned<Theme>,
    /// The unit that a hit counts once for; default line.
    pub level: Level,
    /// What kind of evidence it is.
    pub family: Spanned<Family>,
    /// How bad it is if true.
    pub severity: Spanned<Severity>,
    /// 1 to 100.
    pub points: Spanned<i32>,
    /// The least that a hit leads to.
    pub floor: Option<Floor>,
    /// Default active.
    pub status: Status,
    /// Why it does not count, where it is a draft or was rejected.
    pub reason: Option<Text>,
    /// Default 1.
    pub version: u32,
    /// Who answers for the rule.
    pub owner: Option<Text>,
    /// The date of the next review, not checked here.
    pub review_by: Option<Text>,
    /// The stages where the rule applies; none: all.
    pub stages: Option<Vec<Spanned<Stage>>>,
    /// The condition, never blank.
    pub when: Text,
    /// Numbers that a tuner may move, in file order.
    pub params: Vec<(Text, Spanned<f64>)>,
    /// True when points are subtracted.
    pub mitigates: bool,
    /// Agencies.
    pub refer_to: Vec<Text>,
    /// Mexican documents that would settle it.
    pub verify: Vec<Text>,
    /// What to ask.
    pub question: Option<Text>,
    /// What to look at.
    pub examine: Vec<Text>,
    /// Citations.
    pub legal_basis: Vec<Text>,
    /// Why it matters.
    pub why: Option<Text>,
    /// What would clear a hit.
    pub clears: Option<Text>,
    /// Known innocent causes.
    pub false_positives: Vec<Text>,
    /// Where the rule comes from.
    pub sources: Vec<Text>,
    /// Rows that must hit and rows that must not.
    pub examples: Examples,
    /// The file.
    pub file: FileId,
    /// The keys that have a value, in the order of the documentation; for the strict check.
    pub present: Vec<&'static str>,
    /// True when an error was reported and some value is a stand-in (empty text, cross, price, low, 1 point): check
    /// the condition, but nothing that rests on the other values.
    pub is_broken: bool,
}

/// The tests that a rule carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// Rows on which the condition must be true.
    pub hit: Vec<ExampleRow>,
    /// Rows on which it must not be true.
    pub miss: Vec<ExampleRow>,
}

/// One row of field values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleRow {
    /// The row.
    pub span: Span,
    /// Field and value; a null is written `field: null` or `field:`.
    pub cells: Vec<(Text, Option<Text>)>,
}

/// Reads a rule file; none when there is no condition to check.
///
/// Each missing key, unknown key and wrong value is reported.
pub fn rule(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<RuleFile> {
    let (mut reader, root) = Reader::open(sources, file, diagnostics, "a rule");
    let mut fields = reader.fields(root?, "a rule", KEYS)?;
    let present = fields.present(KEYS);
    let rule = read(&mut reader, &mut fields, present);
    rule.map(|rule| RuleFile {
        is_broken: reader.has_errors(),
        ..rule
    })
}

fn read(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    present: Vec<&'static str>,
) -> Option<RuleFile> {
    let span = fields.span;
    let field = reader.need(fields, "id");
    let id = values::text(reader, field);
    let field = reader.need(fields, "name");
    let name = values::text(reader, field);
    let field = reader.need(fields, "title");
    let title = values::text(reader, field);
    let field = reader.need(fields, "theme");
    let theme = values::word(reader, field);
    let field = reader.need(fields, "family");
    let family = values::word::<Family>(reader, field);
    let field = reader.need(fields, "severity");
    let severity = values::word(reader, field);
    let field = reader.need(fields, "points");
    let points = values::whole(reader, field, 1..=100, "points-out-of-range");
    let field = reader.need(fields, "when");
    let when = condition(reader, field);
    let rule = RuleFile {
        id: id.unwrap_or_else(|| Text::missing(span)),
        name: name.unwrap_or_else(|| Text::missing(span)),
        title: title.unwrap_or_else(|| Text::missing(span)),
        theme: theme.unwrap_or_else(|| Spanned::new(Theme::Cross, span)),
        level: values::word(reader, fields.take("level")).map_or(Level::Line, |found| found.value),
        family: family.unwrap_or_else(|| Spanned::new(Family::Price, span)),
        severity: severity.unwrap_or_else(|| Spanned::new(Severity::Low, span)),
        points: points.unwrap_or_else(|| Spanned::new(1, span)),
        floor: values::word(reader, fields.take("floor")).map(|found| found.value),
        status: values::word(reader, fields.take("status"))
            .map_or(Status::Active, |found| found.value),
        reason: values::text(reader, fields.take("reason")),
        version: values::whole(reader, fields.take("version"), 1..=i64::MAX, "bad-value")
            .map_or(1, |found| found.value),
        owner: values::text(reader, fields.take("owner")),
        review_by: values::text(reader, fields.take("review_by")),
        stages: values::words(reader, fields.take("stages")),
        when: when.clone().unwrap_or_else(|| Text::missing(span)),
        params: params(reader, fields.take("params")),
        mitigates: mitigates(reader, fields.take("mitigates"), family),
        refer_to: values::texts(reader, fields.take("refer_to")),
        verify: values::texts(reader, fields.take("verify")),
        question: values::text(reader, fields.take("question")),
        examine: values::texts(reader, fields.take("examine")),
        legal_basis: values::texts(reader, fields.take("legal_basis")),
        why: values::text(reader, fields.take("why")),
        clears: values::text(reader, fields.take("clears")),
        false_positives: values::texts(reader, fields.take("false_positives")),
        sources: values::texts(reader, fields.take("sources")),
        examples: examples(reader, fields.take("examples")),
        file: reader.file,
        present,
        is_broken: false,
    };
    when.is_some().then_some(rule)
}

/// Reads a condition, whose emptiness has a code of its own.
pub(super) fn condition(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Text> {
    let field = field?;
    let name = field.name.clone();
    let text = values::scalar(reader, Some(field))?;
    if text.value.trim().is_empty() {
        if !reader.is_whole {
            return None;
        }
        let found = Diagnostic::error(
            "empty-condition",
            text.span,
            format!("{name} holds no condition"),
        );
        reader.push(found.help("indent the lines of the condition below `|`"));
        return None;
    }
    Some(text)
}

fn params(reader: &mut Reader<'_>, field: Option<Field>) -> Vec<(Text, Spanned<f64>)> {
    let entries = field
        .and_then(|field| reader.entries(field))
        .unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|(name, field)| Some((name, values::number(reader, field)?)))
        .collect()
}

fn mitigates(
    reader: &mut Reader<'_>,
    field: Option<Field>,
    family: Option<Spanned<Family>>,
) -> bool {
    let Some(mitigates) = values::boolean(reader, field) else {
        return false;
    };
    if let Some(family) = family.filter(|family| mitigates.value && !family.value.may_mitigate()) {
        let title = format!("a rule of family `{}` cannot mitigate", family.value);
        reader.push(
            Diagnostic::error("bad-value", mitigates.span, title)
                .also(family.span, "the family")
                .help(
                    "only price, quantity, routing, entity and history rules may subtract points",
                ),
        );
    }
    mitigates.value
}

fn examples(reader: &mut Reader<'_>, field: Option<Field>) -> Examples {
    let Some(mut fields) =
        field.and_then(|field| reader.fields(field.node, "`examples`", &["hit", "miss"]))
    else {
        return Examples::default();
    };
    Examples {
        hit: rows(reader, fields.take("hit")),
        miss: rows(reader, fields.take("miss")),
    }
}

fn rows(reader: &mut Reader<'_>, field: Option<Field>) -> Vec<ExampleRow> {
    let items = values::items(reader, field).unwrap_or_default();
    items
        .into_iter()
        .filter_map(|item| row(reader, item))
        .collect()
}

fn row(reader: &mut Reader<'_>, item: Field) -> Option<ExampleRow> {
    let span = item.node.span;
    let entries = reader.entries(item)?;
    let cells = entries
        .into_iter()
        .filter_map(|(name, field)| Some((name, values::cell(reader, field)?)))
        .collect();
    Some(ExampleRow { span, cells })
}
