//! Mistakes in text that a person wrote: rules, lists, policy, mappings.
//!
//! What comes in: a finding with its place. What goes out: a sorted list, rendered with carets or as JSON. This module
//! never decides what is wrong; the module that reads a text does. Read `codes/` for every code there is.

mod codes;
mod render;
mod sources;

pub use codes::{Code, code, codes};
pub use sources::{FileId, Sources, Span};

use serde::Serialize;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// The text can be used, but looks wrong.
    Warning,
}

/// One mistake, with its place and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of one of [`codes()`].
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// One phrase, lower case, backticks around the author's own words.
    pub title: String,
    /// The smallest text that is wrong.
    pub span: Span,
    /// What is said under the caret; may be empty.
    pub label: String,
    /// Another place that matters, such as the first of two declarations.
    pub secondary: Option<(Span, String)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Makes an error.
    pub fn error(code: &'static str, span: Span, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, title.into())
    }

    /// Makes a warning.
    pub fn warning(code: &'static str, span: Span, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, title.into())
    }

    fn new(code: &'static str, severity: Severity, span: Span, title: String) -> Self {
        Self {
            code,
            severity,
            title,
            span,
            label: String::new(),
            secondary: None,
            help: None,
        }
    }

    /// Says something under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary = Some((span, label.into()));
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers the known name that is nearest to `wrong`, if one is near.
    #[must_use]
    pub fn help_similar<'a>(self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(wrong, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// Finds the known name nearest to a wrong one, or none if all are far.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.cmp(left.1)))
        .map(|(_, name)| name)
}

/// The mistakes found in a set of texts.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// True when at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Sorts by file and place, and drops exact repeats.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|found| {
            (
                found.span.file,
                found.span.start,
                found.span.end,
                found.code,
            )
        });
        self.list.dedup();
    }

    /// The mistakes, in the order of [`Diagnostics::sort`] once sorted.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Shows the first 50 with carets, as rustc does, and says how many more there are.
    pub fn render(&self, sources: &Sources, color: bool) -> String {
        render::render(self, sources, color)
    }

    /// Gives all of them as one JSON object, with places as file, line and column.
    pub fn to_json(&self, sources: &Sources) -> serde_json::Value {
        render::to_json(self, sources)
    }

    /// Counts them in words: `2 errors, 1 warning`.
    pub fn summary_line(&self) -> String {
        render::summary_line(self)
    }
}
