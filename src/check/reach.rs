//! Conditions that can never be true, or are always.

use crate::batch::{Batch, Column, FALSE, NULL_DATE, TRUE, TextColumn, UNKNOWN};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::rules::RuleSet;
use crate::rules::expression::{ConstantValues, Expression, Pattern};
use crate::rules::yaml::RuleFile;
use crate::schema::{FieldId, ValueType};
use crate::score::evaluate::{Evaluator, Tables};
use crate::score::{Question, terms};

/// Reports rules that no row can make true, and rules that every row makes true.
pub(super) fn check_reach(rules: &RuleSet, files: &[RuleFile], diagnostics: &mut Diagnostics) {
    let tables = Tables::new(rules.lists.clone(), Vec::new());
    for rule in &rules.rules {
        let Some(file) = files.iter().find(|file| file.id.value == rule.id) else {
            continue;
        };
        let terms = terms(&rule.condition);
        if terms.iter().any(Vec::is_empty) {
            let title = format!("rule `{}` hits every row", rule.id);
            diagnostics.push(Diagnostic::warning("always-true", file.when.span, title));
        }
        let impossible: Vec<_> = terms
            .iter()
            .filter_map(|term| impossible(term, &tables))
            .collect();
        if terms.len() == impossible.len() {
            let title = format!("rule `{}` can never hit", rule.id);
            let mut diagnostic = Diagnostic::warning("never-true", file.when.span, title);
            if let Some(field) = impossible.first() {
                diagnostic = diagnostic.help(format!(
                    "no value of `{}` satisfies what is asked of it",
                    field.name()
                ));
            }
            diagnostics.push(diagnostic);
        }
    }
}

/// A column of which no value answers all questions of a term with yes; none if there is none, or none can be told.
fn impossible(term: &[Question], tables: &Tables) -> Option<FieldId> {
    let mut columns: Vec<FieldId> = term.iter().filter_map(|question| question.column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.into_iter().find(|column| {
        let questions: Vec<_> = term
            .iter()
            .filter(|question| question.column == Some(*column))
            .collect();
        let Some(samples) = samples(*column, &questions) else {
            return false;
        };
        let evaluator = Evaluator::new(&samples, tables);
        let truths: Vec<_> = questions
            .iter()
            .map(|question| evaluator.truths(&question.expression))
            .collect();
        !(0..samples.n_rows).any(|row| {
            questions
                .iter()
                .zip(&truths)
                .all(|(question, truths)| truths[row] == question.wants)
        })
    })
}

/// A text that no condition names.
const OTHER: &str = "\u{10fffd}";

/// Values that stand for all values of a column, as far as the questions can tell them apart; none where they look
/// into values in ways that no sample can stand for.
fn samples(column: FieldId, questions: &[&Question]) -> Option<Batch> {
    let mut found = Samples::default();
    for question in questions {
        found.collect(&question.expression)?;
    }
    let column_values = match found.value_type? {
        ValueType::Text => {
            // The next text after each, so that there is one between any two.
            let after: Vec<_> = found.texts.iter().map(|text| format!("{text}\0")).collect();
            found.texts.extend(after);
            found.texts.extend([String::new(), OTHER.to_owned()]);
            let texts =
                std::iter::once(None).chain(found.texts.iter().map(|text| Some(text.as_str())));
            Column::Text(texts.collect::<TextColumn>())
        }
        ValueType::Number => {
            let mut numbers: Vec<f64> = found
                .numbers
                .iter()
                .flat_map(|number| [number.next_down(), *number, number.next_up()])
                .collect();
            numbers.extend([0.0, f64::NAN]);
            Column::Number(numbers)
        }
        ValueType::Date => {
            let mut days: Vec<i32> = found
                .days
                .iter()
                .flat_map(|day| [day - 1, *day, day + 1])
                .collect();
            days.extend([0, NULL_DATE]);
            Column::Date(days)
        }
        ValueType::Boolean => Column::Boolean(vec![FALSE, TRUE, UNKNOWN]),
        ValueType::List => return None,
    };
    let n_rows = match &column_values {
        Column::Text(texts) => texts.codes.len(),
        Column::Number(numbers) => numbers.len(),
        Column::Date(days) => days.len(),
        Column::Boolean(truths) => truths.len(),
    };
    let mut batch = Batch::with_rows(n_rows);
    batch.set(column, column_values);
    Some(batch)
}

#[derive(Default)]
struct Samples {
    value_type: Option<ValueType>,
    texts: Vec<String>,
    numbers: Vec<f64>,
    days: Vec<i32>,
}

impl Samples {
    /// Takes the constants of an expression; none where it does more than compare.
    fn collect(&mut self, expression: &Expression) -> Option<()> {
        match expression {
            Expression::Column(_, value_type) => self.value_type = Some(*value_type),
            Expression::Text(text) => self.texts.push(text.to_string()),
            Expression::Number(number) => self.numbers.push(*number),
            Expression::Date(day) => self.days.push(*day),
            Expression::OneOf(value, constants) => {
                match &constants.values {
                    ConstantValues::Texts(texts) => {
                        self.texts.extend(texts.iter().map(ToString::to_string));
                    }
                    ConstantValues::Numbers(numbers) => self.numbers.extend(numbers),
                    ConstantValues::Dates(days) => self.days.extend(days),
                }
                self.collect(value)?;
            }
            Expression::Like(value, pattern) => {
                match &**pattern {
                    Pattern::Exact(text) => self.texts.push(text.to_string()),
                    Pattern::Prefix(text) => self
                        .texts
                        .extend([text.to_string(), format!("{text}{OTHER}")]),
                    _ => return None,
                }
                self.collect(value)?;
            }
            Expression::StartsWith(value, text) => {
                self.texts
                    .extend([text.to_string(), format!("{text}{OTHER}")]);
                self.collect(value)?;
            }
            Expression::Boolean(_) | Expression::Null(_) => {}
            Expression::Not(_)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::Compare(..)
            | Expression::IsNull(_) => {
                let mut fits = Some(());
                expression
                    .for_each_operand(|operand| fits = fits.and_then(|()| self.collect(operand)));
                fits?;
            }
            _ => return None,
        }
        Some(())
    }
}
