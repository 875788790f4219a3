//! derived.yaml -> named expressions and aggregates.

use super::aggregate::{Aggregate, AggregateFunction, FUNCTIONS, Unit};
use super::condition::ast::{Node, NodeKind};
use super::condition::parse;
use super::expression::Expression;
use super::lists::Lists;
use super::resolve::{Meaning, Scope, article, resolve};
use super::yaml::{DerivedFile, Text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::{FIELDS, FieldId, find};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most nodes of a derived expression when every name in it is written out.
const MAX_NODES: usize = 50_000;
/// Deepest expression when every name in it is written out; worker threads have the stack for it.
const MAX_DEPTH: usize = 2_000;
/// Longest chain of derived names.
const MAX_CHAIN: usize = 64;

/// The named expressions of a pack.
#[derive(Clone, Debug, Default)]
pub(super) struct Derived {
    /// By name; none where the entry is broken.
    pub(super) expressions: BTreeMap<String, Option<Arc<Expression>>>,
    /// In the order of first use.
    pub(super) aggregates: Vec<Aggregate>,
}

impl Derived {
    /// Resolves every entry, whatever their order; mistakes are pushed.
    pub(super) fn new(
        file: Option<&DerivedFile>,
        lists: &Lists,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut builder = Builder {
            entries: file.map_or(&[], |file| &file.entries),
            nodes: BTreeMap::new(),
            open: Vec::new(),
            derived: Self::default(),
            lists,
        };
        for (name, text) in builder.entries {
            let node = parse(
                &text.value,
                &|start, end| text.span_of(start, end),
                diagnostics,
            );
            builder.nodes.insert(name.value.as_str(), (text, node));
        }
        for (name, _) in builder.entries {
            builder.settle(&name.value, diagnostics);
        }
        builder.derived
    }

    /// What a name means in a rule: a derived name first, then a field.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        match self.expressions.get(name) {
            Some(Some(expression)) => Some(Meaning::Derived(Arc::clone(expression))),
            Some(None) => Some(Meaning::Broken),
            None => field_meaning(name),
        }
    }

    /// Every name that a rule may use.
    pub(super) fn known_names(&self) -> Vec<String> {
        let fields = FIELDS
            .iter()
            .filter(|field| !field.is_outcome())
            .map(|field| field.name.to_owned());
        fields.chain(self.expressions.keys().cloned()).collect()
    }
}

pub(super) fn field_meaning(name: &str) -> Option<Meaning> {
    let id = find(name)?;
    let field = id.field()?;
    if field.is_outcome() {
        return Some(Meaning::Forbidden(
            "outcomes are known only after the decision that the rule makes",
        ));
    }
    Some(Meaning::Column(id, field.value_type()))
}

struct Builder<'a> {
    entries: &'a [(Text, Text)],
    nodes: BTreeMap<&'a str, (&'a Text, Option<Node>)>,
    open: Vec<String>,
    derived: Derived,
    lists: &'a Lists,
}

impl Builder<'_> {
    /// Resolves one entry after those that it names.
    fn settle(&mut self, name: &str, diagnostics: &mut Diagnostics) {
        if self.derived.expressions.contains_key(name) {
            return;
        }
        let Some((text, node)) = self.nodes.get(name) else {
            return;
        };
        let (text, node) = (*text, node.clone());
        if self.open.iter().any(|open| open == name) {
            let circle = self
                .open
                .iter()
                .skip_while(|open| *open != name)
                .map(String::as_str);
            let circle: Vec<_> = circle.chain([name]).collect();
            let title = format!("`{name}` is defined by itself");
            diagnostics.push(
                Diagnostic::error("derived-cycle", text.span, title).label(circle.join(" -> ")),
            );
            self.derived.expressions.insert(name.to_owned(), None);
            return;
        }
        if self.open.len() >= MAX_CHAIN {
            let title =
                format!("`{name}` stands at the end of a chain of more than {MAX_CHAIN} names");
            diagnostics.push(Diagnostic::error("too-deep", text.span, title));
            self.derived.expressions.insert(name.to_owned(), None);
            return;
        }
        let Some(node) = node else {
            self.derived.expressions.insert(name.to_owned(), None);
            return;
        };
        self.open.push(name.to_owned());
        let mut names = Vec::new();
        collect_names(&node, &mut names);
        for named in &names {
            self.settle(named, diagnostics);
        }
        self.open.pop();
        let expression = self.resolve(&node, text, diagnostics);
        let fits = expression.filter(|expression| {
            let fits = is_walkable(expression);
            if !fits {
                let title = format!("`{name}` is too large when the names in it are written out");
                diagnostics.push(Diagnostic::error("too-long", text.span, title));
            }
            fits
        });
        // A circle through this entry was reported when it closed.
        self.derived
            .expressions
            .entry(name.to_owned())
            .or_insert(fits.map(Arc::new));
    }

    fn resolve(
        &mut self,
        node: &Node,
        text: &Text,
        diagnostics: &mut Diagnostics,
    ) -> Option<Expression> {
        if let NodeKind::Call {
            name,
            arguments,
            over,
        } = &node.kind
            && FUNCTIONS.contains(&name.as_str())
        {
            return self.aggregate(node, text, (name, arguments, over.as_ref()), diagnostics);
        }
        self.value(node, text, diagnostics)
    }

    fn value(&self, node: &Node, text: &Text, diagnostics: &mut Diagnostics) -> Option<Expression> {
        let scope = Scope {
            name: &|name| self.derived.meaning(name),
            known_names: &|| self.derived.known_names(),
            param: &|_| None,
            lists: self.lists,
        };
        resolve(
            node,
            None,
            &scope,
            &|start, end| text.span_of(start, end),
            diagnostics,
        )
    }

    fn aggregate(
        &mut self,
        node: &Node,
        text: &Text,
        (name, arguments, over): (&str, &[Node], Option<&(String, usize, usize)>),
        diagnostics: &mut Diagnostics,
    ) -> Option<Expression> {
        let function = AggregateFunction::parse(name)?;
        let usage = format!("write `{name}(x) over entry` (or line, or bill)");
        let wrong = |title: &str, span, diagnostics: &mut Diagnostics| {
            diagnostics.push(Diagnostic::error("wrong-arguments", span, title).help(usage.clone()));
        };
        let whole = text.span_of(node.start, node.end);
        let Some((unit, start, end)) = over else {
            wrong(
                "an aggregate names the rows that it runs over",
                whole,
                diagnostics,
            );
            return None;
        };
        let Some(unit) = Unit::parse(unit) else {
            wrong(
                "an aggregate runs over line, entry or bill",
                text.span_of(*start, *end),
                diagnostics,
            );
            return None;
        };
        let [argument] = arguments else {
            wrong("an aggregate has one argument", whole, diagnostics);
            return None;
        };
        let place = text.span_of(argument.start, argument.end);
        let argument = self.value(argument, text, diagnostics)?;
        if argument
            .columns()
            .iter()
            .any(|column| column.0 >= FieldId::FIRST_EXTRA)
        {
            wrong(
                "an aggregate cannot run over another aggregate",
                place,
                diagnostics,
            );
            return None;
        }
        let Some(value_type) = function.result(argument.value_type()) else {
            let title = format!("`{name}` cannot take {}", article(argument.value_type()));
            diagnostics.push(Diagnostic::error("type-mismatch", place, title));
            return None;
        };
        let aggregate = Aggregate {
            function,
            argument,
            over: unit,
            value_type,
        };
        let known = self
            .derived
            .aggregates
            .iter()
            .position(|known| *known == aggregate);
        let position = known.unwrap_or_else(|| {
            self.derived.aggregates.push(aggregate);
            self.derived.aggregates.len() - 1
        });
        let extra =
            FieldId::FIRST_EXTRA + u16::try_from(position).expect("fewer than 60,000 aggregates");
        Some(Expression::Column(FieldId(extra), value_type))
    }
}

fn collect_names(node: &Node, names: &mut Vec<String>) {
    if let NodeKind::Name(name) = &node.kind {
        names.push(name.clone());
    }
    node.for_each_child(&mut |child| collect_names(child, names));
}

/// Whether an expression is small and flat enough to be walked, every name in it written out.
pub(super) fn is_walkable(expression: &Expression) -> bool {
    let mut nodes = 0;
    measure(expression, 0, &mut nodes)
}

fn measure(expression: &Expression, depth: usize, nodes: &mut usize) -> bool {
    *nodes += 1;
    let mut fits = depth < MAX_DEPTH && *nodes <= MAX_NODES;
    if fits {
        expression.for_each_operand(|operand| fits = fits && measure(operand, depth + 1, nodes));
    }
    fits
}
