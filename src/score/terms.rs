//! A condition as alternatives: terms, each a set of two-valued questions to single columns.
//!
//! NOT moves to the leaves, which is exact in three-valued logic: `NOT x` is true just where `x` is false. A leaf asks
//! *is true* or *is false* of a sub-expression, and answers yes or no. What reads one column stays whole, so that it is
//! evaluated once per distinct value. What reads several columns is a column of truths of its own.

use crate::batch::TRUE;
use crate::rules::expression::Expression;
use crate::schema::{FieldId, ValueType};

/// Most alternatives of one condition; beyond, its largest OR is computed as a column.
pub const MAX_TERMS: usize = 16;

/// A question: whether an expression is true, or false, on a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked about.
    pub expression: Expression,
    /// [`TRUE`] or [`crate::batch::FALSE`].
    pub wants: u8,
    /// The column that answers, none where a column of truths must be computed.
    pub column: Option<FieldId>,
}

/// Questions that must all be answered with yes.
pub type Term = Vec<Question>;

/// The alternatives of a condition: it is true where at least one term holds. No term: never.
pub fn terms(condition: &Expression) -> Vec<Term> {
    let mut tree = tree(condition, true);
    while tree.count() > MAX_TERMS {
        let largest = tree.largest_or().expect("only an OR makes alternatives");
        *largest = Tree::Leaf(computed(largest.to_expression()));
    }
    tree.alternatives()
}

#[derive(Clone, Debug)]
enum Tree {
    Leaf(Question),
    And(Vec<Self>),
    Or(Vec<Self>),
}

fn computed(expression: Expression) -> Question {
    Question {
        expression,
        wants: TRUE,
        column: None,
    }
}

fn tree(expression: &Expression, wants: bool) -> Tree {
    let columns = expression.columns();
    match (expression, columns.as_slice()) {
        // No question at all for what always holds; no alternative for what never does.
        (Expression::Boolean(value), _) if *value == wants => Tree::And(Vec::new()),
        (Expression::Boolean(_), _) => Tree::Or(Vec::new()),
        (Expression::Not(inner), _) => tree(inner, !wants),
        // De Morgan: an AND is false where one part is false.
        (Expression::And(parts), [_, _, ..]) => branch(parts, wants, wants),
        (Expression::Or(parts), [_, _, ..]) => branch(parts, wants, !wants),
        (_, [column]) if is_answered_by(expression, *column) => Tree::Leaf(Question {
            expression: expression.clone(),
            wants: u8::from(wants),
            column: Some(*column),
        }),
        (Expression::And(parts), [_]) => branch(parts, wants, wants),
        (Expression::Or(parts), [_]) => branch(parts, wants, !wants),
        _ => Tree::Leaf(Question {
            expression: expression.clone(),
            wants: u8::from(wants),
            column: None,
        }),
    }
}

/// Makes an AND or OR of parts; parts over one column become one leaf.
fn branch(parts: &[Expression], wants: bool, is_and: bool) -> Tree {
    let join = |parts: Vec<Expression>| match (is_and == wants, parts.len()) {
        (_, 1) => parts.into_iter().next().expect("one part"),
        (true, _) => Expression::And(parts),
        (false, _) => Expression::Or(parts),
    };
    let mut groups: Vec<(Option<FieldId>, Vec<Expression>)> = Vec::new();
    for part in parts {
        let column = match part.columns().as_slice() {
            [column] if is_answered_by(part, *column) => Some(*column),
            _ => None,
        };
        match groups
            .iter_mut()
            .find(|(known, _)| column.is_some() && *known == column)
        {
            Some((_, group)) => group.push(part.clone()),
            None => groups.push((column, vec![part.clone()])),
        }
    }
    let branches: Vec<_> = groups
        .into_iter()
        .map(|(column, group)| match column {
            None => tree(&join(group), wants),
            Some(_) => Tree::Leaf(Question {
                expression: join(group),
                wants: u8::from(wants),
                column,
            }),
        })
        .collect();
    match (branches.len(), is_and) {
        (1, _) => branches.into_iter().next().expect("one branch"),
        (_, true) => Tree::And(branches),
        (_, false) => Tree::Or(branches),
    }
}

/// Whether the codes of a column are enough to answer: always for text, dates and Booleans, whose distinct values
/// stand for themselves; for numbers only where the column is compared with constants.
pub(super) fn is_answered_by(expression: &Expression, column: FieldId) -> bool {
    let mut answers = true;
    visit_column_uses(expression, column, &mut |value_type, is_bare| {
        answers &= value_type != ValueType::Number || is_bare;
    });
    answers
}

/// Calls `visit` for each use of a column with its type, and whether it is directly compared with constants.
fn visit_column_uses(
    expression: &Expression,
    column: FieldId,
    visit: &mut dyn FnMut(ValueType, bool),
) {
    let is_column =
        |side: &Expression| matches!(side, Expression::Column(field, _) if *field == column);
    match expression {
        Expression::Column(_, value_type) => visit(*value_type, false),
        Expression::Compare(_, left, right)
            if (is_column(left) && matches!(**right, Expression::Number(_)))
                || (is_column(right) && matches!(**left, Expression::Number(_))) =>
        {
            visit(ValueType::Number, true);
        }
        Expression::OneOf(value, _) | Expression::IsNull(value) if is_column(value) => {
            visit(value.value_type(), true);
        }
        _ => expression.for_each_operand(|operand| visit_column_uses(operand, column, visit)),
    }
}

impl Tree {
    /// How many terms it makes; stops counting far beyond the limit.
    fn count(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::And(parts) => parts
                .iter()
                .fold(1, |count, part| count.saturating_mul(part.count())),
            Self::Or(parts) => parts
                .iter()
                .fold(0, |count, part| count.saturating_add(part.count())),
        }
    }

    /// The OR that makes the most terms; of two the outer.
    fn largest_or(&mut self) -> Option<&mut Self> {
        let mut best: Option<(usize, Vec<usize>)> = None;
        self.find_largest_or(&mut Vec::new(), &mut best);
        let mut place = self;
        for step in best?.1 {
            place = match place {
                Self::And(parts) | Self::Or(parts) => &mut parts[step],
                Self::Leaf(_) => return None,
            };
        }
        Some(place)
    }

    fn find_largest_or(&self, path: &mut Vec<usize>, best: &mut Option<(usize, Vec<usize>)>) {
        if let Self::Or(_) = self
            && best.as_ref().is_none_or(|(count, _)| self.count() > *count)
        {
            *best = Some((self.count(), path.clone()));
        }
        if let Self::And(parts) | Self::Or(parts) = self {
            for (step, part) in parts.iter().enumerate() {
                path.push(step);
                part.find_largest_or(path, best);
                path.pop();
            }
        }
    }

    /// An expression that is true just where the tree holds.
    fn to_expression(&self) -> Expression {
        match self {
            Self::Leaf(question) if question.wants == TRUE => question.expression.clone(),
            Self::Leaf(question) => Expression::Not(Box::new(question.expression.clone())),
            Self::And(parts) => Expression::And(parts.iter().map(Self::to_expression).collect()),
            Self::Or(parts) => Expression::Or(parts.iter().map(Self::to_expression).collect()),
        }
    }

    fn alternatives(&self) -> Vec<Term> {
        match self {
            Self::Leaf(question) => vec![vec![question.clone()]],
            Self::Or(parts) => parts.iter().flat_map(Self::alternatives).collect(),
            Self::And(parts) => {
                parts
                    .iter()
                    .fold(vec![Vec::new()], |mut terms: Vec<Term>, part| {
                        let alternatives = part.alternatives();
                        if let [only] = alternatives.as_slice() {
                            // Most parts have one: a term that grows in place keeps a long AND linear.
                            terms
                                .iter_mut()
                                .for_each(|term| term.extend_from_slice(only));
                            return terms;
                        }
                        terms
                            .iter()
                            .flat_map(|term| {
                                alternatives
                                    .iter()
                                    .map(move |more| [term.as_slice(), more.as_slice()].concat())
                            })
                            .collect()
                    })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::condition::ast::Comparison;

    fn column(number: u16) -> Expression {
        Expression::Compare(
            Comparison::Equal,
            Box::new(Expression::Column(FieldId(number), ValueType::Text)),
            Box::new(Expression::Text("x".into())),
        )
    }

    #[test]
    fn one_column_is_one_question() {
        let condition = Expression::And(vec![
            column(1),
            column(2),
            Expression::Not(Box::new(column(1))),
        ]);
        let terms = terms(&condition);
        assert_eq!(terms.len(), 1);
        assert_eq!(terms[0].len(), 2);
    }

    #[test]
    fn not_asks_for_false() {
        let condition = Expression::Not(Box::new(Expression::Or(vec![column(1), column(2)])));
        let terms = terms(&condition);
        assert_eq!(terms.len(), 1);
        assert!(terms[0].iter().all(|question| question.wants == 0));
    }

    #[test]
    fn alternatives_do_not_explode() {
        let pairs = (0..200)
            .map(|pair| Expression::Or(vec![column(2 * pair), column(2 * pair + 1)]))
            .collect();
        let terms = terms(&Expression::And(pairs));
        assert!(!terms.is_empty() && terms.len() <= MAX_TERMS);
    }

    #[test]
    fn a_wide_or_becomes_one_column() {
        let terms = terms(&Expression::Or((0..100).map(column).collect()));
        assert_eq!(terms.len(), 1);
        assert_eq!(terms[0][0].column, None);
    }
}
