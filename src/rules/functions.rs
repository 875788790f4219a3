//! The functions of the condition language: a closed set.

use super::condition::ast::{Node, NodeKind};
use super::expression::{Expression, ListId};
use super::resolve::Resolver;
use crate::diagnostic::Diagnostic;
use crate::schema::ValueType;
use std::sync::Arc;

/// A function: its name, how it is called, what it gives.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// What it gives.
    pub meaning: &'static str,
    least: usize,
    most: usize,
}

/// Every function, sorted by name.
pub const FUNCTIONS: &[Function] = &[
    function("abs", "abs(x)", "absolute value", 1, 1),
    function(
        "coalesce",
        "coalesce(a, b, ...)",
        "the first that is not NULL",
        1,
        usize::MAX,
    ),
    function(
        "contains_any",
        "contains_any(text, 'list')",
        "the folded text holds a phrase of the list",
        2,
        2,
    ),
    function(
        "days_between",
        "days_between(a, b)",
        "days from a to b",
        2,
        2,
    ),
    function(
        "greatest",
        "greatest(a, b, ...)",
        "the greatest that is not NULL",
        1,
        usize::MAX,
    ),
    function(
        "has_item",
        "has_item(list, 'x')",
        "a list field holds x",
        2,
        2,
    ),
    function(
        "in_list",
        "in_list(x, 'list' [, date])",
        "x is a key of the list, in force on the date",
        2,
        3,
    ),
    function(
        "least",
        "least(a, b, ...)",
        "the least that is not NULL",
        1,
        usize::MAX,
    ),
    function("length", "length(text)", "number of code points", 1, 1),
    function(
        "lookup",
        "lookup('list', x, 'column' [, date])",
        "the value of the longest key in force",
        3,
        4,
    ),
    function("lower", "lower(text)", "lower case", 1, 1),
    function("month", "month(date)", "month, 1 to 12", 1, 1),
    function(
        "starts_with",
        "starts_with(text, 'p')",
        "the text starts with p",
        2,
        2,
    ),
    function("upper", "upper(text)", "upper case", 1, 1),
    function("year", "year(date)", "year", 1, 1),
];

const fn function(
    name: &'static str,
    usage: &'static str,
    meaning: &'static str,
    least: usize,
    most: usize,
) -> Function {
    Function {
        name,
        usage,
        meaning,
        least,
        most,
    }
}

impl Resolver<'_, '_> {
    pub(super) fn call(
        &mut self,
        node: &Node,
        name: &str,
        arguments: &[Node],
        over: Option<&(String, usize, usize)>,
    ) -> Option<Expression> {
        if over.is_some() || super::aggregate::FUNCTIONS.contains(&name) {
            let title = format!("`{name} ... over` stands only in derived.yaml, as a whole entry");
            return self.fail(
                "wrong-arguments",
                node,
                title,
                "name it in derived.yaml and use the name here",
            );
        }
        let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
            let end = node.start + name.len();
            let diagnostic = Diagnostic::error(
                "unknown-function",
                (self.locate)(node.start, end),
                format!("unknown function `{name}`"),
            )
            .help_similar(name, FUNCTIONS.iter().map(|function| function.name));
            self.diagnostics.push(diagnostic);
            return None;
        };
        if arguments.len() < function.least || arguments.len() > function.most {
            let title = format!("`{name}` is called with {} arguments", arguments.len());
            return self.fail(
                "wrong-arguments",
                node,
                title,
                &format!("write `{}`", function.usage),
            );
        }
        self.apply(function, arguments)
    }

    fn apply(&mut self, function: &Function, arguments: &[Node]) -> Option<Expression> {
        use ValueType::{Date, List, Number, Text};
        let all: Vec<&Node> = arguments.iter().collect();
        let first = &arguments[0];
        Some(match function.name {
            "abs" => Expression::Abs(Box::new(self.of_type(first, Number)?)),
            "length" => Expression::Length(Box::new(self.of_type(first, Text)?)),
            "lower" => Expression::Lower(Box::new(self.of_type(first, Text)?)),
            "upper" => Expression::Upper(Box::new(self.of_type(first, Text)?)),
            "month" => Expression::Month(Box::new(self.of_type(first, Date)?)),
            "year" => Expression::Year(Box::new(self.of_type(first, Date)?)),
            "coalesce" => Expression::Coalesce(self.same_type(&all)?),
            "least" => Expression::Least(self.comparable(&all)?),
            "greatest" => Expression::Greatest(self.comparable(&all)?),
            "days_between" => {
                let (from, to) = (self.of_type(first, Date), self.of_type(&arguments[1], Date));
                Expression::DaysBetween(Box::new(from?), Box::new(to?))
            }
            "starts_with" => {
                let (text, prefix) = (self.of_type(first, Text), self.literal(&arguments[1]));
                Expression::StartsWith(Box::new(text?), prefix?)
            }
            "has_item" => {
                let (list, item) = (self.of_type(first, List), self.literal(&arguments[1]));
                Expression::HasItem(Box::new(list?), item?)
            }
            "contains_any" => {
                let (text, list) = (self.of_type(first, Text), self.list(&arguments[1]));
                Expression::ContainsAny(Box::new(text?), list?)
            }
            "in_list" => {
                let (key, list) = (self.of_type(first, Text), self.list(&arguments[1]));
                let date = self.date(arguments.get(2));
                Expression::InList(Box::new(key?), list?, date?)
            }
            _ => return self.lookup(arguments),
        })
    }

    fn comparable(&mut self, nodes: &[&Node]) -> Option<Vec<Expression>> {
        let parts = self.same_type(nodes)?;
        match parts.first().map(Expression::value_type) {
            Some(ValueType::List | ValueType::Boolean) => {
                let title = "only numbers, dates and texts have an order".to_owned();
                self.fail("type-mismatch", nodes[0], title, "")
            }
            _ => Some(parts),
        }
    }

    fn lookup(&mut self, arguments: &[Node]) -> Option<Expression> {
        let list = self.list(&arguments[0]);
        let key = self.of_type(&arguments[1], ValueType::Text);
        let date = self.date(arguments.get(3));
        let name = self.literal(&arguments[2])?;
        let list = list?;
        let Some(column) = self.scope.lists.get(list).column(&name) else {
            let known = self.scope.lists.get(list);
            let title = format!("list `{}` declares no column `{name}`", known.name);
            let diagnostic = Diagnostic::error("unknown-column", self.span(&arguments[2]), title)
                .help_similar(&name, known.columns.iter().map(|(name, _)| name.as_str()));
            self.diagnostics.push(diagnostic);
            return None;
        };
        Some(Expression::Lookup(Box::new(key?), list, column, date?))
    }

    /// An optional date argument: none, or its expression; no value at all where it is wrong.
    #[expect(
        clippy::option_option,
        reason = "wrong, left out and given are three things"
    )]
    fn date(&mut self, node: Option<&Node>) -> Option<Option<Box<Expression>>> {
        match node {
            None => Some(None),
            Some(node) => self
                .of_type(node, ValueType::Date)
                .map(|date| Some(Box::new(date))),
        }
    }

    fn literal(&mut self, node: &Node) -> Option<Arc<str>> {
        match &node.kind {
            NodeKind::Text(text) => Some(text.as_str().into()),
            _ => {
                let title = "a text between single quotes should stand here".to_owned();
                self.fail("wrong-arguments", node, title, "")
            }
        }
    }

    fn list(&mut self, node: &Node) -> Option<ListId> {
        let name = self.literal(node)?;
        let found = self.scope.lists.find(&name);
        if found.is_none() {
            let diagnostic = Diagnostic::error(
                "unknown-list",
                self.span(node),
                format!("there is no list `{name}`"),
            )
            .label(format!("no lists/{name}.csv with lists/{name}.yaml"))
            .help_similar(
                &name,
                self.scope.lists.iter().map(|list| list.name.as_str()),
            );
            self.diagnostics.push(diagnostic);
        }
        found
    }
}
