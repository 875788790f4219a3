//! A mapping met with the header of one source: which columns to read, and what each becomes.

use super::mapping::{Mapping, Outcome, Reading};
use crate::batch::FieldSet;
use crate::diagnostic::{Diagnostics, Sources, Span};
use crate::normalize::Identities;
use crate::rules::condition::ast::Node;
use crate::rules::expression::Expression;
use crate::rules::lists::Lists;
use crate::rules::resolve::{Meaning, Scope, resolve};
use crate::rules::vocabulary::{OutcomeBasis, OutcomeKind, OutcomeScope, Theme};
use crate::rules::yaml::Text;
use crate::schema::{FieldId, ValueType, find_heading};
use foldhash::fast::FixedState;
use hashbrown::HashSet;

/// Which columns of a source are read, and what each becomes.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Positions of the columns to read, ascending.
    pub inputs: Vec<usize>,
    /// Fields and what they are made of.
    pub fields: Vec<BoundField>,
    /// How the outcome is told.
    pub outcome: Option<BoundOutcome>,
    /// Fields that the source has, whether they are read or not.
    pub has: FieldSet,
    /// Fields that it can carry at any stage and format.
    pub carries: FieldSet,
    /// Words that mean null, in place of the usual ones.
    pub null_words: Option<Vec<String>>,
    /// Columns that no field takes.
    pub unused: Vec<String>,
}

/// A field and what it is made of.
#[derive(Clone, Debug)]
pub struct BoundField {
    /// The field.
    pub field: FieldId,
    /// Where its text comes from.
    pub from: From,
    /// How it is read.
    pub reading: Reading,
}

/// Where the text of a field comes from; inputs by their position in [`Binding::inputs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// One column.
    Input(usize),
    /// Several columns, joined by a text; values that are null are left out.
    Join(Vec<usize>, String),
    /// The same for every row.
    Constant(String),
}

/// How the outcome is told; the n-th input is extra column n of the conditions.
#[derive(Clone, Debug)]
pub struct BoundOutcome {
    /// True means bad.
    pub bad: Option<Expression>,
    /// True means looked at and in order.
    pub ok: Option<Expression>,
    /// The input with the day, and how it is read.
    pub date: Option<(usize, Reading)>,
    /// Basis, theme, kind and scope.
    pub words: [Option<&'static str>; 4],
}

/// Meets a mapping with a header; only what the wanted fields need is read.
///
/// # Errors
/// A column that stands twice, two columns for one field, or no column that any field takes; the text names them.
pub fn bind(mapping: &Mapping, header: &[String], wanted: &FieldSet) -> Result<Binding, String> {
    let mut known: HashSet<&str, FixedState> = HashSet::default();
    let mut named = header.iter().filter(|name| !name.is_empty());
    if let Some(twice) = named.find(|name| !known.insert(name)) {
        let name = heading_shown(twice);
        return Err(format!("column `{name}` stands twice in the header"));
    }
    let mut binder = Binder {
        header,
        wanted,
        inputs: Vec::new(),
        fields: Vec::new(),
        has: FieldSet::default(),
        taken: vec![false; header.len()],
    };
    let mut n_known = 0;
    for column in &mapping.columns {
        if let Some(position) = binder.position(&column.column) {
            n_known += 1;
            binder.taken[position] = true;
            for field in &column.fields {
                binder.add(*field, From::Input(position), column.reading.clone());
            }
        }
    }
    for join in &mapping.joins {
        let positions: Vec<_> = join
            .columns
            .iter()
            .filter_map(|column| binder.position(column))
            .collect();
        if !positions.is_empty() {
            n_known += 1;
            positions
                .iter()
                .for_each(|position| binder.taken[*position] = true);
            binder.add(
                join.field,
                From::Join(positions, join.separator.clone()),
                Reading::default(),
            );
        }
    }
    if mapping.auto {
        n_known += binder.by_name()?;
    }
    if n_known == 0 {
        return Err(no_known_column(mapping, header));
    }
    for (field, value) in &mapping.constants {
        binder.add(*field, From::Constant(value.clone()), Reading::default());
    }
    let outcome = mapping
        .outcome
        .as_ref()
        .map(|outcome| binder.outcome(mapping, outcome))
        .transpose()?
        .flatten();
    Ok(binder.finish(mapping, outcome))
}

/// A heading as it may be shown: where a file has none, cells of its first row stand there.
fn heading_shown(name: &str) -> String {
    Identities::default().row_shown(name)
}

fn no_known_column(mapping: &Mapping, header: &[String]) -> String {
    let found = header
        .iter()
        .take(20)
        .map(|name| format!("`{}`", heading_shown(name)))
        .collect::<Vec<_>>()
        .join(", ");
    let expected = if mapping.columns.is_empty() {
        "names such as `hts_number`, `entry_number` or `goods_description` (`ch24 fields` lists all), or a mapping (--map)"
            .to_owned()
    } else {
        mapping
            .columns
            .iter()
            .take(20)
            .map(|column| format!("`{}`", column.column))
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!("no known column: found {found}; expected {expected}")
}

struct Binder<'a> {
    header: &'a [String],
    wanted: &'a FieldSet,
    inputs: Vec<usize>,
    fields: Vec<BoundField>,
    has: FieldSet,
    taken: Vec<bool>,
}

impl Binder<'_> {
    fn position(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|heading| heading == name)
    }

    fn add(&mut self, field: FieldId, from: From, reading: Reading) {
        self.has.insert(field);
        if !self.wanted.contains(field) {
            return;
        }
        match &from {
            From::Input(position) => self.inputs.push(*position),
            From::Join(positions, _) => self.inputs.extend(positions),
            From::Constant(_) => {}
        }
        self.fields.push(BoundField {
            field,
            from,
            reading,
        });
    }

    /// Takes columns by field name and alias; says how many.
    fn by_name(&mut self) -> Result<usize, String> {
        let mut sources: Vec<(FieldId, usize)> = Vec::new();
        for (position, heading) in self
            .header
            .iter()
            .enumerate()
            .filter(|(position, _)| !self.taken[*position])
        {
            let Some(field) = find_heading(heading) else {
                continue;
            };
            if let Some((_, first)) = sources.iter().find(|(known, _)| *known == field) {
                return Err(format!(
                    "columns `{}` and `{heading}` are both field `{}`",
                    self.header[*first],
                    field.name()
                ));
            }
            if self.has.contains(field) {
                continue;
            }
            sources.push((field, position));
        }
        for (field, position) in &sources {
            self.taken[*position] = true;
            self.add(*field, From::Input(*position), Reading::default());
        }
        Ok(sources.len())
    }

    /// Resolves the outcome; none where the source has no column that it needs.
    fn outcome(
        &mut self,
        mapping: &Mapping,
        outcome: &Outcome,
    ) -> Result<Option<BoundOutcome>, String> {
        let bad = self.condition(outcome.bad.as_ref())?;
        let ok = self.condition(outcome.ok.as_ref())?;
        if bad.is_none() && ok.is_none() {
            return Ok(None);
        }
        let date = outcome.date.as_ref().and_then(|column| {
            let position = self.position(column)?;
            let reading = mapping
                .columns
                .iter()
                .find(|mapped| mapped.column == *column);
            Some((
                position,
                reading
                    .map(|mapped| mapped.reading.clone())
                    .unwrap_or_default(),
            ))
        });
        self.inputs
            .extend(date.iter().map(|(position, _)| *position));
        for expression in bad.iter().chain(&ok) {
            self.inputs.extend(
                expression
                    .columns()
                    .iter()
                    .map(|column| usize::from(column.0 - FieldId::FIRST_EXTRA)),
            );
        }
        let words = [
            outcome.basis.map(OutcomeBasis::as_str),
            outcome.theme.map(Theme::as_str),
            outcome.kind.map(OutcomeKind::as_str),
            outcome.scope.map(OutcomeScope::as_str),
        ];
        Ok(Some(BoundOutcome {
            bad,
            ok,
            date,
            words,
        }))
    }

    /// A condition over source columns; none where one of them is not there.
    fn condition(&self, condition: Option<&(Node, Text)>) -> Result<Option<Expression>, String> {
        let Some((node, text)) = condition else {
            return Ok(None);
        };
        let is_missing = std::cell::Cell::new(false);
        let scope = Scope {
            name: &|name| {
                let bare = name
                    .strip_prefix('"')
                    .and_then(|name| name.strip_suffix('"'))
                    .unwrap_or(name);
                match self
                    .position(bare)
                    .and_then(|position| u16::try_from(position).ok())
                {
                    Some(position) => Some(Meaning::Column(
                        FieldId(FieldId::FIRST_EXTRA + position),
                        ValueType::Text,
                    )),
                    None => {
                        is_missing.set(true);
                        Some(Meaning::Broken)
                    }
                }
            },
            known_names: &|| self.header.to_vec(),
            param: &|_| None,
            lists: &Lists::default(),
        };
        let mut diagnostics = Diagnostics::default();
        let locate = |start, end| Span {
            start,
            end,
            ..text.span
        };
        let expression = resolve(
            node,
            Some(ValueType::Boolean),
            &scope,
            &locate,
            &mut diagnostics,
        );
        if is_missing.get() {
            return Ok(None);
        }
        if diagnostics.has_errors() {
            let mut sources = Sources::default();
            sources.add("outcome", text.value.clone());
            let titles: Vec<_> = diagnostics
                .iter()
                .map(|found| found.title.clone())
                .collect();
            return Err(format!(
                "the outcome condition `{}`: {}",
                text.value.trim(),
                titles.join("; ")
            ));
        }
        Ok(expression)
    }

    fn finish(mut self, mapping: &Mapping, mut outcome: Option<BoundOutcome>) -> Binding {
        self.inputs.sort_unstable();
        self.inputs.dedup();
        let inputs = &self.inputs;
        let place = |position: usize| {
            inputs
                .binary_search(&position)
                .expect("every position used was collected")
        };
        for bound in &mut self.fields {
            match &mut bound.from {
                From::Input(position) => *position = place(*position),
                From::Join(positions, _) => positions
                    .iter_mut()
                    .for_each(|position| *position = place(*position)),
                From::Constant(_) => {}
            }
        }
        if let Some(outcome) = &mut outcome {
            outcome.date = outcome
                .date
                .take()
                .map(|(position, reading)| (place(position), reading));
            for expression in outcome.bad.iter_mut().chain(&mut outcome.ok) {
                expression.rename_columns(&|column| {
                    let position = place(usize::from(column.0 - FieldId::FIRST_EXTRA));
                    FieldId(
                        FieldId::FIRST_EXTRA
                            + u16::try_from(position).expect("fewer inputs than columns"),
                    )
                });
            }
            for field in crate::schema::OUTCOME_FIELDS {
                self.has.insert(field);
            }
        }
        let unused = self
            .header
            .iter()
            .zip(&self.taken)
            .filter(|(_, taken)| !**taken)
            .map(|(name, _)| name.clone());
        Binding {
            unused: unused.collect(),
            fields: self.fields,
            outcome,
            has: self.has,
            // What a mapping fills by name, its source carries, whatever the stage or format would say.
            carries: mapping.carries.iter().chain(mapping.filled()).collect(),
            null_words: mapping.null_words.clone(),
            inputs: self.inputs,
        }
    }
}
