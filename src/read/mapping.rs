//! How the columns of a source become fields.

use crate::batch::FieldSet;
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::error::Error;
use crate::normalize::date::is_date_format;
use crate::normalize::quantity::dimension;
use crate::rules::condition::{ast::Node, parse};
use crate::rules::vocabulary::{KnownAt, OutcomeBasis, OutcomeKind, OutcomeScope, Theme};
use crate::rules::yaml::{self, MappingFile, OutcomeMapping, Text};
use crate::schema::{FIELDS, FieldId, find};
use std::path::Path;

/// A mapping, checked as far as it can be without a source.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Fields with one value for all rows.
    pub constants: Vec<(FieldId, String)>,
    /// Words that mean null, in place of the usual ones.
    pub null_words: Option<Vec<String>>,
    /// Columns that are not named here match by field name and alias.
    pub auto: bool,
    /// Source columns and the fields that they fill.
    pub columns: Vec<MappedColumn>,
    /// Fields made of several source columns.
    pub joins: Vec<Join>,
    /// Fields that the source can carry although its stage or format would not say so.
    pub carries: FieldSet,
    /// How the outcome is told.
    pub outcome: Option<Outcome>,
    /// BLAKE3 of the file; empty for the mapping by names.
    pub hash: String,
}

/// What becomes of one source column.
#[derive(Clone, Debug)]
pub struct MappedColumn {
    /// The source column.
    pub column: String,
    /// The fields it fills.
    pub fields: Vec<FieldId>,
    /// How its text is read.
    pub reading: Reading,
    /// Written at inspection, so that it can be left out of a judgment.
    pub is_known_at_inspection: bool,
}

/// How the text of a source column is read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Source value and what it becomes; none: null.
    pub values: Vec<(String, Option<String>)>,
    /// Form of a date.
    pub format: Option<String>,
    /// Unit of a number, converted to that of the field.
    pub unit: Option<String>,
    /// Words that mean null here.
    pub null_words: Option<Vec<String>>,
}

/// A field made of several source columns.
#[derive(Clone, Debug)]
pub struct Join {
    /// The field.
    pub field: FieldId,
    /// The source columns.
    pub columns: Vec<String>,
    /// What stands between two values.
    pub separator: String,
}

/// How the outcome is told: conditions over source columns, which are all text.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// True means bad.
    pub bad: Option<(Node, Text)>,
    /// True means looked at and in order.
    pub ok: Option<(Node, Text)>,
    /// The source column with the day on which it became known.
    pub date: Option<String>,
    /// What it was found by.
    pub basis: Option<OutcomeBasis>,
    /// The theme it speaks of.
    pub theme: Option<Theme>,
    /// What was wrong.
    pub kind: Option<OutcomeKind>,
    /// What it speaks of: a line or its shipment.
    pub scope: Option<OutcomeScope>,
}

impl Default for Mapping {
    /// Columns match by field name and alias.
    fn default() -> Self {
        Self {
            constants: Vec::new(),
            null_words: None,
            auto: true,
            columns: Vec::new(),
            joins: Vec::new(),
            carries: FieldSet::default(),
            outcome: None,
            hash: String::new(),
        }
    }
}

impl Mapping {
    /// Fields that the mapping fills by name.
    pub fn filled(&self) -> impl Iterator<Item = FieldId> + '_ {
        let constants = self.constants.iter().map(|(field, _)| *field);
        let joins = self.joins.iter().map(|join| join.field);
        constants.chain(joins).chain(
            self.columns
                .iter()
                .flat_map(|column| column.fields.iter().copied()),
        )
    }
}

/// What reading a mapping gave.
#[derive(Debug)]
pub struct LoadedMapping {
    /// The mapping; none when a mistake is an error.
    pub mapping: Option<Mapping>,
    /// Every mistake, sorted.
    pub diagnostics: Diagnostics,
    /// The text that the mistakes point into.
    pub sources: Sources,
}

/// Reads a mapping file.
///
/// # Errors
/// When the file cannot be read. Mistakes in it are diagnostics.
#[expect(
    clippy::disallowed_methods,
    reason = "the mapping is a file that a person wrote; it enters here"
)]
pub fn load_mapping(path: &Path) -> Result<LoadedMapping, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, &error))?;
    let hash = blake3::hash(text.as_bytes()).to_hex().to_string();
    let mut sources = Sources::default();
    let file = sources.add(path.display().to_string(), text);
    let mut diagnostics = Diagnostics::default();
    let mapping = yaml::mapping(&sources, file, &mut diagnostics)
        .map(|file| check(&file, hash, &mut diagnostics));
    diagnostics.sort();
    Ok(LoadedMapping {
        mapping: mapping.filter(|_| !diagnostics.has_errors()),
        diagnostics,
        sources,
    })
}

fn check(file: &MappingFile, hash: String, diagnostics: &mut Diagnostics) -> Mapping {
    let mut checker = Checker {
        diagnostics,
        filled: Vec::new(),
    };
    let constants = file
        .constants
        .iter()
        .filter_map(|(field, value)| Some((checker.fill(field)?, value.value.clone())));
    let constants = constants.collect();
    let columns = file
        .columns
        .iter()
        .map(|column| MappedColumn {
            column: column.column.value.clone(),
            fields: std::iter::once(&column.field)
                .chain(&column.also)
                .filter_map(|field| checker.fill(field))
                .collect(),
            reading: Reading {
                values: column
                    .values
                    .iter()
                    .map(|(from, to)| (from.value.clone(), to.as_ref().map(|to| to.value.clone())))
                    .collect(),
                format: checker.format(column.format.as_ref()),
                unit: checker.unit(column.unit.as_ref()),
                null_words: words(column.null_words.as_deref()),
            },
            is_known_at_inspection: column.known_at == KnownAt::Inspection,
        })
        .collect();
    let joins = file.join.iter().filter_map(|join| {
        Some(Join {
            field: checker.fill(&join.field)?,
            columns: join
                .columns
                .iter()
                .map(|column| column.value.clone())
                .collect(),
            separator: join.separator.clone(),
        })
    });
    let joins = joins.collect();
    let carries = file
        .carries
        .iter()
        .filter_map(|field| checker.known(field))
        .collect();
    let outcome = file
        .outcome
        .as_ref()
        .map(|outcome| checker.outcome(outcome));
    Mapping {
        constants,
        null_words: words(file.null_words.as_deref()),
        auto: file.auto,
        columns,
        joins,
        carries,
        outcome,
        hash,
    }
}

fn words(texts: Option<&[Text]>) -> Option<Vec<String>> {
    texts.map(|texts| {
        texts
            .iter()
            .map(|text| text.value.trim().to_owned())
            .collect()
    })
}

struct Checker<'a> {
    diagnostics: &'a mut Diagnostics,
    filled: Vec<(FieldId, crate::diagnostic::Span)>,
}

impl Checker<'_> {
    fn known(&mut self, name: &Text) -> Option<FieldId> {
        let field = find(&name.value);
        if field.is_none() {
            let title = format!("there is no field `{}`", name.value);
            let diagnostic = Diagnostic::error("unknown-field", name.span, title)
                .help_similar(&name.value, FIELDS.iter().map(|field| field.name));
            self.diagnostics.push(diagnostic);
        }
        field
    }

    /// A field that the mapping fills, which it may do once.
    fn fill(&mut self, name: &Text) -> Option<FieldId> {
        let field = self.known(name)?;
        if let Some((_, first)) = self.filled.iter().find(|(known, _)| *known == field) {
            let title = format!("field `{}` is filled twice", name.value);
            let diagnostic = Diagnostic::error("two-columns-one-field", name.span, title)
                .also(*first, "first here");
            self.diagnostics.push(diagnostic);
            return None;
        }
        self.filled.push((field, name.span));
        Some(field)
    }

    fn format(&mut self, format: Option<&Text>) -> Option<String> {
        let format = format?;
        if !is_date_format(&format.value) {
            let title = format!("`{}` is not a form of date", format.value);
            let diagnostic = Diagnostic::error("bad-mapping", format.span, title)
                .help("write it with %Y, %m, %d, %y, %b, for example \"%m/%d/%Y\"");
            self.diagnostics.push(diagnostic);
            return None;
        }
        Some(format.value.clone())
    }

    fn unit(&mut self, unit: Option<&Text>) -> Option<String> {
        let unit = unit?;
        let code = crate::normalize::quantity::weight_unit(&unit.value)
            .value?
            .into_owned();
        if dimension(&code).is_none() {
            let title = format!("unit `{}` is not known", unit.value);
            self.diagnostics.push(
                Diagnostic::error("bad-mapping", unit.span, title)
                    .help("write for example `kg`, `lb` or `m3`"),
            );
            return None;
        }
        Some(code)
    }

    fn outcome(&mut self, file: &OutcomeMapping) -> Outcome {
        let mut condition = |text: Option<&Text>| {
            let text = text?;
            let node = parse(
                &text.value,
                &|start, end| text.span_of(start, end),
                self.diagnostics,
            )?;
            Some((node, text.clone()))
        };
        Outcome {
            bad: condition(file.bad.as_ref()),
            ok: condition(file.ok.as_ref()),
            date: file.date.as_ref().map(|column| column.value.clone()),
            basis: file.basis.as_ref().map(|basis| basis.value),
            theme: file.theme.as_ref().map(|theme| theme.value),
            kind: file.kind.as_ref().map(|kind| kind.value),
            scope: file.scope.as_ref().map(|scope| scope.value),
        }
    }
}
