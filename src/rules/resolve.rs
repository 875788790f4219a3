//! Tree of a condition -> typed expression: names, params, types and function arguments.

use super::condition::ast::{Comparison, Node, NodeKind};
use super::expression::{ConstantValues, Constants, Expression, Pattern};
use super::lists::Lists;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::schema::{FieldId, ValueType};
use std::sync::Arc;

/// What a name in a condition stands for.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A column.
    Column(FieldId, ValueType),
    /// A named expression, written out in its place.
    Derived(Arc<Expression>),
    /// Known, but not for rules; the text says why.
    Forbidden(&'static str),
    /// Known, but broken elsewhere, where it is reported.
    Broken,
}

/// Names, params and lists that a condition may use.
pub struct Scope<'a> {
    /// The meaning of a name.
    pub name: &'a dyn Fn(&str) -> Option<Meaning>,
    /// Every name, for suggestions.
    pub known_names: &'a dyn Fn() -> Vec<String>,
    /// The value of a param.
    pub param: &'a dyn Fn(&str) -> Option<f64>,
    /// The lists.
    pub lists: &'a Lists,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Scope").finish_non_exhaustive()
    }
}

/// Settles names and types; mistakes are pushed, and then there is no expression.
///
/// `wanted` is the type that the whole must have, if any.
pub fn resolve(
    node: &Node,
    wanted: Option<ValueType>,
    scope: &Scope<'_>,
    locate: &dyn Fn(usize, usize) -> Span,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let mut resolver = Resolver {
        scope,
        locate,
        diagnostics,
    };
    let expression = resolver.expression(node)?;
    match wanted {
        Some(wanted) => resolver.typed(node, expression, wanted),
        None => Some(expression),
    }
}

/// Carries what every step needs.
pub(super) struct Resolver<'a, 'b> {
    pub(super) scope: &'a Scope<'b>,
    pub(super) locate: &'a dyn Fn(usize, usize) -> Span,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Resolver<'_, '_> {
    pub(super) fn span(&self, node: &Node) -> Span {
        (self.locate)(node.start, node.end)
    }

    /// Pushes an error at a node; there is no expression then.
    pub(super) fn fail<T>(
        &mut self,
        code: &'static str,
        node: &Node,
        title: String,
        help: &str,
    ) -> Option<T> {
        let mut diagnostic = Diagnostic::error(code, self.span(node), title);
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.diagnostics.push(diagnostic);
        None
    }

    /// Accepts an expression of the wanted type, or a bare NULL.
    pub(super) fn typed(
        &mut self,
        node: &Node,
        expression: Expression,
        wanted: ValueType,
    ) -> Option<Expression> {
        if matches!(expression, Expression::Null(_)) {
            return Some(Expression::Null(wanted));
        }
        let found = expression.value_type();
        if found == wanted {
            return Some(expression);
        }
        let help = match (found, wanted) {
            (ValueType::List, _) | (_, ValueType::List) => "ask a list with has_item(list, 'x')",
            (ValueType::Text, ValueType::Date) => "write a date as DATE 'YYYY-MM-DD'",
            (ValueType::Text, ValueType::Number) => "write a number without quotes",
            (ValueType::Number, ValueType::Text) => "put text between single quotes",
            (_, ValueType::Boolean) => {
                "a condition compares, for example `x > 0` or `x IS NOT NULL`"
            }
            _ => "",
        };
        let title = format!(
            "this is {}, but {} should stand here",
            article(found),
            article(wanted)
        );
        self.fail("type-mismatch", node, title, help)
    }

    pub(super) fn of_type(&mut self, node: &Node, wanted: ValueType) -> Option<Expression> {
        let expression = self.expression(node)?;
        self.typed(node, expression, wanted)
    }

    /// Resolves several operands that must share a type; every one is looked at, whatever is wrong with others.
    pub(super) fn same_type(&mut self, nodes: &[&Node]) -> Option<Vec<Expression>> {
        let resolved: Vec<_> = nodes.iter().map(|node| self.expression(node)).collect();
        let resolved: Vec<_> = resolved.into_iter().collect::<Option<_>>()?;
        let wanted = resolved
            .iter()
            .find(|expression| !matches!(expression, Expression::Null(_)))
            .map_or(ValueType::Text, Expression::value_type);
        let typed: Vec<_> = nodes
            .iter()
            .zip(resolved)
            .map(|(node, expression)| self.typed(node, expression, wanted))
            .collect();
        typed.into_iter().collect()
    }

    pub(super) fn expression(&mut self, node: &Node) -> Option<Expression> {
        use NodeKind as N;
        Some(match &node.kind {
            N::Null => Expression::Null(ValueType::Text),
            N::Boolean(value) => Expression::Boolean(*value),
            N::Number(number) => Expression::Number(*number),
            N::Text(text) => Expression::Text(text.as_str().into()),
            N::Date(days) => Expression::Date(*days),
            N::Param(name) => return self.param(node, name),
            N::Name(name) => return self.name(node, name),
            N::Not(inner) => Expression::Not(Box::new(self.of_type(inner, ValueType::Boolean)?)),
            N::And(parts) => Expression::And(self.booleans(parts)?),
            N::Or(parts) => Expression::Or(self.booleans(parts)?),
            N::Compare(comparison, left, right) => return self.compare(*comparison, left, right),
            N::Arithmetic(operator, left, right) => {
                let (left, right) = (
                    self.of_type(left, ValueType::Number),
                    self.of_type(right, ValueType::Number),
                );
                Expression::Arithmetic(*operator, Box::new(left?), Box::new(right?))
            }
            N::Negate(inner) => {
                Expression::Negate(Box::new(self.of_type(inner, ValueType::Number)?))
            }
            N::Concat(left, right) => {
                let (left, right) = (
                    self.of_type(left, ValueType::Text),
                    self.of_type(right, ValueType::Text),
                );
                Expression::Concat(Box::new(left?), Box::new(right?))
            }
            N::In {
                value,
                items,
                negated,
            } => negate(*negated, self.one_of(value, items)?),
            N::Between {
                value,
                low,
                high,
                negated,
            } => {
                let mut parts = self.same_type(&[value, low, high])?.into_iter();
                let (Some(value), Some(low), Some(high)) =
                    (parts.next(), parts.next(), parts.next())
                else {
                    return None;
                };
                let above = Expression::Compare(
                    Comparison::GreaterOrEqual,
                    Box::new(value.clone()),
                    Box::new(low),
                );
                let below =
                    Expression::Compare(Comparison::LessOrEqual, Box::new(value), Box::new(high));
                negate(*negated, Expression::And(vec![above, below]))
            }
            N::Like {
                value,
                pattern,
                negated,
            } => negate(*negated, self.like(value, pattern)?),
            N::IsNull { value, negated } => negate(
                *negated,
                Expression::IsNull(Box::new(self.expression(value)?)),
            ),
            N::Call {
                name,
                arguments,
                over,
            } => return self.call(node, name, arguments, over.as_ref()),
        })
    }

    fn booleans(&mut self, parts: &[Node]) -> Option<Vec<Expression>> {
        let resolved: Vec<_> = parts
            .iter()
            .map(|part| self.of_type(part, ValueType::Boolean))
            .collect();
        resolved.into_iter().collect()
    }

    fn param(&mut self, node: &Node, name: &str) -> Option<Expression> {
        match (self.scope.param)(name) {
            Some(value) => Some(Expression::Number(value)),
            None => {
                let help = format!("add `{name}: NUMBER` under `params`");
                self.fail(
                    "unknown-param",
                    node,
                    format!("this rule has no param `{name}`"),
                    &help,
                )
            }
        }
    }

    fn name(&mut self, node: &Node, name: &str) -> Option<Expression> {
        match (self.scope.name)(name) {
            Some(Meaning::Column(field, value_type)) => Some(Expression::Column(field, value_type)),
            Some(Meaning::Derived(expression)) => Some((*expression).clone()),
            Some(Meaning::Broken) => None,
            Some(Meaning::Forbidden(why)) => self.fail(
                "outcome-field",
                node,
                format!("no rule may read `{name}`"),
                why,
            ),
            None if name.starts_with('"') => {
                let text = name.trim_matches('"');
                let help = format!("text stands between single quotes: '{text}'");
                self.fail(
                    "unknown-field",
                    node,
                    format!("there is no field {name}"),
                    &help,
                )
            }
            None => {
                let known = (self.scope.known_names)();
                let diagnostic = Diagnostic::error(
                    "unknown-field",
                    self.span(node),
                    format!("unknown field `{name}`"),
                )
                .label("no field or derived name")
                .help_similar(name, known.iter().map(String::as_str));
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn compare(&mut self, comparison: Comparison, left: &Node, right: &Node) -> Option<Expression> {
        for side in [left, right] {
            if matches!(side.kind, NodeKind::Null) {
                let diagnostic = Diagnostic::warning(
                    "never-true",
                    self.span(side),
                    "comparing with NULL is never true",
                )
                .help("write `IS NULL` or `IS NOT NULL`");
                self.diagnostics.push(diagnostic);
            }
        }
        let mut sides = self.same_type(&[left, right])?.into_iter();
        let (Some(first), Some(second)) = (sides.next(), sides.next()) else {
            return None;
        };
        if first.value_type() == ValueType::List {
            return self.fail(
                "type-mismatch",
                left,
                "a list cannot be compared".to_owned(),
                "ask a list with has_item(list, 'x')",
            );
        }
        self.check_codes(&first, &[right]);
        self.check_codes(&second, &[left]);
        Some(Expression::Compare(
            comparison,
            Box::new(first),
            Box::new(second),
        ))
    }

    fn like(&mut self, value: &Node, pattern: &Node) -> Option<Expression> {
        let resolved = self.of_type(value, ValueType::Text);
        let NodeKind::Text(text) = &pattern.kind else {
            let title = "the pattern of LIKE is a text between single quotes".to_owned();
            return self.fail(
                "bad-like-pattern",
                pattern,
                title,
                "write for example `LIKE '44%'`",
            );
        };
        if text.contains('\\') {
            let title = "a pattern has no escapes, and holds no backslash".to_owned();
            return self.fail(
                "bad-like-pattern",
                pattern,
                title,
                "use `_` for one character of any kind",
            );
        }
        Some(Expression::Like(
            Box::new(resolved?),
            Arc::new(Pattern::new(text)),
        ))
    }

    /// Constants become one set; anything else is written as equalities.
    fn one_of(&mut self, value: &Node, items: &[Node]) -> Option<Expression> {
        let mut nodes = vec![value];
        nodes.extend(items);
        let mut resolved = self.same_type(&nodes)?.into_iter();
        let value = resolved.next()?;
        if value.value_type() == ValueType::List {
            return self.fail(
                "type-mismatch",
                nodes[0],
                "a list cannot be looked up with IN".to_owned(),
                "ask a list with has_item(list, 'x')",
            );
        }
        self.check_codes(&value, &nodes[1..]);
        let items: Vec<_> = resolved.collect();
        match constants(&items) {
            Some(constants) => Some(Expression::OneOf(Box::new(value), Arc::new(constants))),
            None => Some(Expression::Or(
                items
                    .into_iter()
                    .map(|item| {
                        Expression::Compare(
                            Comparison::Equal,
                            Box::new(value.clone()),
                            Box::new(item),
                        )
                    })
                    .collect(),
            )),
        }
    }
}

fn negate(negated: bool, expression: Expression) -> Expression {
    if negated {
        Expression::Not(Box::new(expression))
    } else {
        expression
    }
}

fn constants(items: &[Expression]) -> Option<Constants> {
    let has_null = items.iter().any(|item| matches!(item, Expression::Null(_)));
    let values = items
        .iter()
        .filter(|item| !matches!(item, Expression::Null(_)));
    let value_type = items
        .iter()
        .find(|item| !matches!(item, Expression::Null(_)))
        .map(Expression::value_type);
    let values = match value_type {
        Some(ValueType::Number) => {
            let mut numbers = values
                .map(|item| {
                    if let Expression::Number(number) = item {
                        Some(*number)
                    } else {
                        None
                    }
                })
                .collect::<Option<Vec<_>>>()?;
            numbers.sort_by(f64::total_cmp);
            numbers.dedup();
            ConstantValues::Numbers(numbers)
        }
        Some(ValueType::Date) => {
            let mut dates = values
                .map(|item| {
                    if let Expression::Date(date) = item {
                        Some(*date)
                    } else {
                        None
                    }
                })
                .collect::<Option<Vec<_>>>()?;
            dates.sort_unstable();
            dates.dedup();
            ConstantValues::Dates(dates)
        }
        Some(ValueType::Text) | None => {
            let mut texts = values
                .map(|item| {
                    if let Expression::Text(text) = item {
                        Some(Box::from(&**text))
                    } else {
                        None
                    }
                })
                .collect::<Option<Vec<Box<str>>>>()?;
            texts.sort_unstable();
            texts.dedup();
            ConstantValues::Texts(texts)
        }
        Some(_) => return None,
    };
    Some(Constants { values, has_null })
}

/// A type's name with its article, for messages.
pub(super) fn article(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Text => "text",
        ValueType::Number => "a number",
        ValueType::Date => "a date",
        ValueType::Boolean => "true or false",
        ValueType::List => "a list",
    }
}
