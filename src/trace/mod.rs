//! A rule and a row -> which part of the condition is true, false or unknown, and what it rests on.
//!
//! What comes in: a batch, a row of it, a rule. What goes out: the tree of the condition as written, each part with its
//! truth, the values that it read and the list rows that it found. Derived names that are conditions are written out.
//! Nothing is decided here: the truths are those of the scoring core's own evaluator.

mod distance;
mod facts;
pub mod run;

pub use facts::{ListFact, ListHit, Reading};

use crate::batch::{Batch, FieldSet, TRUE, UNKNOWN};
use crate::diagnostic::{Diagnostics, FileId, Span};
use crate::rules::condition::ast::{Node, NodeKind};
use crate::rules::condition::parse;
use crate::rules::expression::Expression;
use crate::rules::resolve::{Scope, resolve};
use crate::rules::vocabulary::Stage;
use crate::rules::{Rule, RuleSet};
use crate::schema::{FieldId, ValueType};
use crate::score::Program;
use crate::score::evaluate::Evaluator;

/// A part of a condition on one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// As written, on one line.
    pub text: String,
    /// [`TRUE`], [`crate::batch::FALSE`] or [`UNKNOWN`].
    pub truth: u8,
    /// How its parts make its truth.
    pub form: Form,
    /// Its parts, in order; none for a leaf.
    pub parts: Vec<Self>,
    /// What a leaf read.
    pub readings: Vec<Reading>,
    /// What a leaf found in lists.
    pub lists: Vec<ListFact>,
}

/// How the parts of a condition make its truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// True when all parts are.
    And,
    /// True when one part is.
    Or,
    /// True when the part is false.
    Not,
    /// True when the part is: a derived name written out.
    Name,
    /// It has no parts.
    Leaf,
}

/// Why a rule was not evaluated on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotEvaluable {
    /// It does not speak of the row's stage.
    Stage(Stage),
    /// It needs fields that the row's source does not carry, or history features that the run does not have.
    Absent(Vec<String>),
}

/// Traces rules on one row of a batch.
#[derive(Debug)]
pub struct Tracer<'a> {
    rules: &'a RuleSet,
    batch: &'a Batch,
    evaluator: Evaluator<'a>,
    row: usize,
}

impl<'a> Tracer<'a> {
    /// Prepares to trace a row; the aggregates of the batch are filled.
    pub fn new(rules: &'a RuleSet, program: &'a Program, batch: &'a Batch, row: usize) -> Self {
        let evaluator = Evaluator::new(batch, &program.tables);
        Self {
            rules,
            batch,
            evaluator,
            row,
        }
    }

    /// Why a rule cannot be evaluated on the row; none where it can.
    pub fn not_evaluable(&self, rule: &Rule) -> Option<NotEvaluable> {
        let class = usize::from(self.batch.presence.class_of_row[self.row]);
        let class = &self.batch.presence.classes[class];
        if rule.is_evaluable(class) {
            return None;
        }
        if !rule.has_stage(class.stage) {
            return Some(NotEvaluable::Stage(class.stage));
        }
        let mut absent = absent_names(&rule.fields, &class.fields);
        let columns = rule.condition.columns();
        for feature in &self.rules.features {
            let is_filled = match feature.is_external() {
                true => class.has_feeds,
                false => class.has_history,
            };
            let is_named = columns.contains(&feature.column)
                || feature.support.is_some_and(|id| columns.contains(&id));
            if is_named && !is_filled {
                absent.push(feature.name.clone());
            }
        }
        Some(NotEvaluable::Absent(absent))
    }

    /// The condition of a rule, part by part.
    pub fn trace(&self, rule: &Rule) -> Trace {
        let param = |name: &str| {
            let found = rule.params.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| *value)
        };
        self.text(&rule.when, &param)
    }

    /// A condition that is known to be free of mistakes.
    fn text(&self, text: &str, param: &dyn Fn(&str) -> Option<f64>) -> Trace {
        let node = parse(text, &nowhere, &mut Diagnostics::default())
            .expect("the condition was parsed when the pack was loaded");
        self.node(text, &node, param)
    }

    fn node(&self, text: &str, node: &Node, param: &dyn Fn(&str) -> Option<f64>) -> Trace {
        let parts = |nodes: &[Node]| {
            let traces = nodes.iter().map(|node| self.node(text, node, param));
            traces.collect::<Vec<_>>()
        };
        let (form, parts) = match &node.kind {
            NodeKind::And(nodes) => (Form::And, parts(nodes)),
            NodeKind::Or(nodes) => (Form::Or, parts(nodes)),
            NodeKind::Not(inner) => (Form::Not, vec![self.node(text, inner, param)]),
            NodeKind::Name(name) => match self.written_out(name) {
                Some(derived) => (Form::Name, vec![self.text(derived, &|_| None)]),
                None => (Form::Leaf, Vec::new()),
            },
            _ => (Form::Leaf, Vec::new()),
        };
        let written = text.get(node.start..node.end).unwrap_or("");
        let mut trace = Trace {
            text: written.split_whitespace().collect::<Vec<_>>().join(" "),
            truth: truth_of(form, &parts),
            form,
            parts,
            readings: Vec::new(),
            lists: Vec::new(),
        };
        if form == Form::Leaf {
            let expression = self.resolve(node, param);
            trace.truth = self.evaluator.truths(&expression)[self.row];
            trace.readings = self.readings(node, param);
            trace.lists = self.list_facts(&expression);
        }
        trace
    }

    /// The text of a derived name that is a condition of its own, not an aggregate.
    fn written_out(&self, name: &str) -> Option<&'a str> {
        let derived = self
            .rules
            .derived
            .iter()
            .find(|derived| derived.name == name)?;
        let is_condition = derived.expression.value_type() == ValueType::Boolean
            && !matches!(*derived.expression, Expression::Column(..));
        is_condition.then_some(derived.text.as_str())
    }

    fn resolve(&self, node: &Node, param: &dyn Fn(&str) -> Option<f64>) -> Expression {
        let scope = Scope {
            name: &|name| self.rules.meaning(name),
            known_names: &Vec::new,
            param,
            lists: &self.rules.lists,
        };
        resolve(node, None, &scope, &nowhere, &mut Diagnostics::default())
            .expect("the condition was resolved when the pack was loaded")
    }
}

/// Names of the fields that a rule needs and a source does not carry.
fn absent_names(needed: &FieldSet, carried: &FieldSet) -> Vec<String> {
    let absent = needed.iter().filter(|field| !carried.contains(*field));
    absent
        .map(|field| FieldId::name(field).to_owned())
        .collect()
}

fn truth_of(form: Form, parts: &[Trace]) -> u8 {
    let truths = parts.iter().map(|part| part.truth);
    match form {
        Form::And if parts.iter().any(|part| part.truth == crate::batch::FALSE) => {
            crate::batch::FALSE
        }
        Form::And => truths.max().unwrap_or(TRUE),
        Form::Or if parts.iter().any(|part| part.truth == TRUE) => TRUE,
        Form::Or => truths.max().unwrap_or(crate::batch::FALSE),
        Form::Not => truths
            .map(|truth| if truth == UNKNOWN { UNKNOWN } else { 1 - truth })
            .max()
            .unwrap_or(UNKNOWN),
        Form::Name | Form::Leaf => truths.max().unwrap_or(UNKNOWN),
    }
}

/// Mistakes were reported when the pack was loaded, so no place is needed.
fn nowhere(start: usize, end: usize) -> Span {
    Span {
        file: FileId::default(),
        start,
        end,
    }
}
