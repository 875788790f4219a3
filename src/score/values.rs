//! Values that are made of several columns, and asked like columns.
//!
//! `unit_value_usd < 5` reads two columns, but depends on nothing but their quotient. So the quotient is computed once per
//! row, for all rules, and its intervals are found as those of any number.

use crate::rules::expression::Expression;
use crate::schema::{FieldId, ValueType};

/// What atoms over one value call it, when it is no column.
pub(super) const VALUE: FieldId = FieldId(FieldId::FIRST_EXTRA);

/// The one value that an atom depends on, and the atom with [`VALUE`] in its place; none where it depends on several.
pub(super) fn sole_value(atom: &Expression) -> Option<(Expression, Expression)> {
    let mut found = None;
    if !depends_on_one(atom, &mut found) {
        return None;
    }
    let value = found?.clone();
    let mut asked = atom.clone();
    asked.replace(&value, &Expression::Column(VALUE, value.value_type()));
    Some((value, asked))
}

/// Collects the value nearest to the root on each way down; false where there are two.
fn depends_on_one<'a>(expression: &'a Expression, found: &mut Option<&'a Expression>) -> bool {
    if expression.columns().is_empty() {
        return true;
    }
    if expression.value_type() != ValueType::Boolean {
        return found
            .replace(expression)
            .is_none_or(|known| known == expression);
    }
    let mut is_leaf = true;
    let mut is_one = true;
    expression.for_each_operand(|operand| {
        is_leaf = false;
        is_one = is_one && depends_on_one(operand, found);
    });
    is_one && !is_leaf
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::condition::ast::{Comparison, Operator};

    fn quotient(left: u16, right: u16) -> Expression {
        let column = |id| Box::new(Expression::Column(FieldId(id), ValueType::Number));
        Expression::Arithmetic(Operator::Divide, column(left), column(right))
    }

    fn below(value: Expression, number: f64) -> Expression {
        Expression::Compare(
            Comparison::Less,
            Box::new(value),
            Box::new(Expression::Number(number)),
        )
    }

    #[test]
    fn an_atom_over_one_value_asks_for_it() {
        let atom = Expression::Or(vec![below(quotient(1, 2), 3.0), below(quotient(1, 2), 5.0)]);
        let (value, asked) = sole_value(&atom).expect("one value");
        assert_eq!(value, quotient(1, 2));
        let column = Expression::Column(VALUE, ValueType::Number);
        let expected = Expression::Or(vec![below(column.clone(), 3.0), below(column, 5.0)]);
        assert_eq!(asked, expected);
    }

    #[test]
    fn an_atom_over_two_values_stays_whole() {
        let two = Expression::Or(vec![below(quotient(1, 2), 3.0), below(quotient(2, 1), 5.0)]);
        assert_eq!(sole_value(&two), None);
        let truth = Expression::Column(FieldId(7), ValueType::Boolean);
        assert_eq!(
            sole_value(&Expression::Or(vec![truth, below(quotient(1, 2), 3.0)])),
            None
        );
    }
}
