//! A rule set compiled for the core: every term a bit, every column a table from code to the bits it leaves.

use super::classes::Memory;
use super::evaluate::{Evaluator, Tables};
use super::searches::Searches;
use super::terms::{Question, is_answered_by, terms};
use super::values::{VALUE, sole_value};
use crate::batch::{Batch, Column, FALSE, TRUE, UNKNOWN};
use crate::rules::expression::{ConstantValues, Expression, ListId};
use crate::rules::feature::Feature;
use crate::rules::{RuleId, RuleSet};
use crate::schema::{FieldId, ValueType};

/// A compiled rule set: immutable, shared by every thread.
#[derive(Debug)]
pub struct Program {
    /// Lists and phrases.
    pub tables: Tables,
    /// What each term belongs to, in ascending order.
    pub targets: Vec<Target>,
    /// Words of a bit set over all terms.
    pub words: usize,
    /// The columns that are asked.
    pub columns: Vec<AskedColumn>,
}

/// What a term makes true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A rule.
    Rule(RuleId),
    /// The scope of a theme, by its position among the scored themes.
    Scope(u8),
}

/// A column and what is asked of it.
#[derive(Debug)]
pub struct AskedColumn {
    /// Where its values come from.
    pub source: Source,
    /// The different expressions asked about, over this column alone.
    pub atoms: Vec<Expression>,
    /// What each term asks.
    pub tests: Vec<Test>,
    /// What atoms over text search for.
    pub searches: Searches,
    /// What texts were found to leave.
    pub memory: Memory,
}

/// Where the values of a column come from.
#[derive(Debug)]
pub enum Source {
    /// Text: one code per distinct value.
    Text(Value),
    /// Days: one code per distinct value.
    Date(Value),
    /// Numbers: n cuts make 2n + 1 intervals, which are the codes, and one for NULL; the masks are known beforehand.
    Number(Value, Vec<f64>, Vec<u64>),
    /// An expression that is true, false or unknown, with the masks of false, true and unknown.
    Truths(Expression, Vec<u64>),
}

/// A column of the batch, or a value that is made of several.
#[derive(Debug)]
pub struct Value {
    /// How it is computed.
    pub expression: Expression,
    /// What the atoms call it.
    pub name: FieldId,
}

/// What a term asks of a column: an atom, and the truth that it must have.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// The term.
    pub term: usize,
    /// The atom of the column.
    pub atom: usize,
    /// [`TRUE`] or [`FALSE`].
    pub wants: u8,
}

impl Program {
    /// Compiles a rule set.
    pub fn new(rules: &RuleSet) -> Self {
        let tables = Tables::new(rules.lists.clone(), phrase_lists(rules));
        let mut builder = Builder {
            targets: Vec::new(),
            columns: Vec::new(),
        };
        for id in rules.ids() {
            builder.add(Target::Rule(id), &rules.rule(id).condition);
        }
        for (scope, position) in rules.policy.scopes.iter().zip(0..) {
            builder.add(
                Target::Scope(position),
                scope.as_ref().unwrap_or(&Expression::Boolean(true)),
            );
        }
        builder.finish(tables)
    }

    /// The bits that a truth of each atom leaves, for a code whose atoms have these truths.
    pub fn mask(&self, column: &AskedColumn, truth: impl Fn(usize) -> u8) -> Vec<u64> {
        mask(self.words, &column.tests, truth)
    }
}

fn mask(words: usize, tests: &[Test], truth: impl Fn(usize) -> u8) -> Vec<u64> {
    let mut mask = vec![u64::MAX; words];
    for test in tests {
        if truth(test.atom) != test.wants {
            mask[test.term / 64] &= !(1 << (test.term % 64));
        }
    }
    mask
}

struct Builder {
    targets: Vec<Target>,
    columns: Vec<(Key, Vec<Expression>, Vec<Test>)>,
}

/// What makes two questions go to the same column.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    /// A column, or a value made of several, under a name.
    Value(Expression, FieldId),
    /// What is computed whole, as a column of truths.
    Truths(Expression),
}

/// The column that a question goes to, and what it asks there.
fn column_of(question: Question) -> (Key, Expression) {
    if let Some(column) = question.column {
        let value_type = type_of(&question.expression, column);
        let key = Key::Value(Expression::Column(column, value_type), column);
        return (key, question.expression);
    }
    match sole_value(&question.expression) {
        Some((value, asked)) if is_answered_by(&asked, VALUE) => (Key::Value(value, VALUE), asked),
        _ => (
            Key::Truths(question.expression.clone()),
            question.expression,
        ),
    }
}

impl Builder {
    fn add(&mut self, target: Target, condition: &Expression) {
        for term in terms(condition) {
            let number = self.targets.len();
            self.targets.push(target);
            for question in term {
                self.ask(number, question);
            }
        }
    }

    fn ask(&mut self, term: usize, question: Question) {
        let wants = question.wants;
        let (key, expression) = column_of(question);
        let column = self
            .columns
            .iter()
            .position(|(known, _, _)| *known == key)
            .unwrap_or_else(|| {
                self.columns.push((key, Vec::new(), Vec::new()));
                self.columns.len() - 1
            });
        let (_, atoms, tests) = &mut self.columns[column];
        let atom = atoms
            .iter()
            .position(|known| *known == expression)
            .unwrap_or_else(|| {
                atoms.push(expression);
                atoms.len() - 1
            });
        tests.push(Test { term, atom, wants });
    }

    fn finish(self, tables: Tables) -> Program {
        let words = self.targets.len().div_ceil(64).max(1);
        let columns = self
            .columns
            .into_iter()
            .map(|(key, atoms, tests)| {
                let source = match key {
                    Key::Value(expression, name) => {
                        of_value(Value { expression, name }, &atoms, &tests, words, &tables)
                    }
                    Key::Truths(expression) => {
                        let masks = [FALSE, TRUE, UNKNOWN]
                            .map(|truth| mask(words, &tests, |_| truth))
                            .concat();
                        Source::Truths(expression, masks)
                    }
                };
                let searches = match &source {
                    Source::Text(value) => Searches::new(value.name, &atoms),
                    _ => Searches::default(),
                };
                AskedColumn {
                    source,
                    atoms,
                    tests,
                    searches,
                    memory: Memory::default(),
                }
            })
            .collect();
        Program {
            tables,
            targets: self.targets,
            words,
            columns,
        }
    }
}

/// How a value is coded.
fn of_value(
    value: Value,
    atoms: &[Expression],
    tests: &[Test],
    words: usize,
    tables: &Tables,
) -> Source {
    match value.expression.value_type() {
        ValueType::Text | ValueType::List => Source::Text(value),
        ValueType::Date => Source::Date(value),
        ValueType::Number => {
            let cuts = cuts(atoms);
            let masks = number_masks(value.name, &cuts, atoms, tests, words, tables);
            Source::Number(value, cuts, masks)
        }
        ValueType::Boolean => {
            let mut batch = Batch::with_rows(3);
            batch.set(value.name, Column::Boolean(vec![FALSE, TRUE, UNKNOWN]));
            Source::Truths(value.expression, masks(&batch, atoms, tests, words, tables))
        }
    }
}

/// The masks of each row of a small batch, one after the other.
fn masks(
    batch: &Batch,
    atoms: &[Expression],
    tests: &[Test],
    words: usize,
    tables: &Tables,
) -> Vec<u64> {
    let evaluator = Evaluator::new(batch, tables);
    let truths: Vec<_> = atoms.iter().map(|atom| evaluator.truths(atom)).collect();
    (0..batch.n_rows)
        .flat_map(|row| mask(words, tests, |atom| truths[atom][row]))
        .collect()
}

/// Masks of the 2n + 1 intervals between n cuts, and of NULL, each found from one number that stands for it.
fn number_masks(
    field: FieldId,
    cuts: &[f64],
    atoms: &[Expression],
    tests: &[Test],
    words: usize,
    tables: &Tables,
) -> Vec<u64> {
    let mut samples = Vec::with_capacity(2 * cuts.len() + 2);
    for (position, cut) in cuts.iter().enumerate() {
        let before = if position == 0 {
            f64::NEG_INFINITY
        } else {
            cuts[position - 1]
        };
        samples.push(between(before, *cut));
        samples.push(*cut);
    }
    samples.push(between(
        cuts.last().copied().unwrap_or(f64::NEG_INFINITY),
        f64::INFINITY,
    ));
    samples.push(f64::NAN);
    let mut batch = Batch::with_rows(samples.len());
    batch.set(field, Column::Number(samples));
    masks(&batch, atoms, tests, words, tables)
}

/// A number between two others; where none fits between them, no value ever has that code and any will do.
fn between(low: f64, high: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => low / 2.0 + high / 2.0,
        (false, true) => high.next_down(),
        (true, false) => low.next_up(),
        (false, false) => 0.0,
    }
}

/// The interval of a number among cuts: an odd code is a cut itself. NULL has the last code.
pub fn interval(cuts: &[f64], number: f64) -> u32 {
    if number.is_nan() {
        return u32::try_from(2 * cuts.len() + 1).unwrap_or(u32::MAX);
    }
    // A cut that equals the number counts once, each one below it twice.
    match cuts.len() {
        // Counting without a branch beats searching.
        0..=FEW_CUTS => {
            let sides = cuts
                .iter()
                .map(|cut| u32::from(*cut < number) + u32::from(*cut <= number));
            sides.sum()
        }
        _ => {
            let below = cuts.partition_point(|cut| *cut < number);
            let code = 2 * below + usize::from(cuts.get(below) == Some(&number));
            u32::try_from(code).unwrap_or(u32::MAX)
        }
    }
}

/// Cuts that are counted one by one.
const FEW_CUTS: usize = 24;

/// The constants that numbers are compared with, sorted, each once.
fn cuts(atoms: &[Expression]) -> Vec<f64> {
    let mut cuts = Vec::new();
    atoms.iter().for_each(|atom| collect_cuts(atom, &mut cuts));
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    cuts
}

fn collect_cuts(expression: &Expression, cuts: &mut Vec<f64>) {
    match expression {
        // Zero and minus zero are equal, and must be one cut.
        Expression::Number(number) => cuts.push(number + 0.0),
        Expression::OneOf(_, constants) => {
            if let ConstantValues::Numbers(numbers) = &constants.values {
                cuts.extend(numbers.iter().map(|number| number + 0.0));
            }
        }
        _ => expression.for_each_operand(|operand| collect_cuts(operand, cuts)),
    }
}

fn type_of(expression: &Expression, column: FieldId) -> ValueType {
    fn find(expression: &Expression, column: FieldId, found: &mut Option<ValueType>) {
        match expression {
            Expression::Column(field, value_type) if *field == column => *found = Some(*value_type),
            _ => expression.for_each_operand(|operand| find(operand, column, found)),
        }
    }
    let mut found = None;
    find(expression, column, &mut found);
    found.expect("the question reads the column")
}

/// Lists whose keys are phrases of some rule.
fn phrase_lists(rules: &RuleSet) -> Vec<ListId> {
    fn collect(expression: &Expression, lists: &mut Vec<ListId>) {
        if let Expression::ContainsAny(_, list) = expression {
            lists.push(*list);
        }
        expression.for_each_operand(|operand| collect(operand, lists));
    }
    let mut lists = Vec::new();
    let conditions = rules.rules.iter().map(|rule| &rule.condition);
    let scopes = rules.policy.scopes.iter().flatten();
    let aggregates = rules.aggregates.iter().map(|aggregate| &aggregate.argument);
    let features = rules.features.iter().flat_map(Feature::expressions);
    conditions
        .chain(scopes)
        .chain(aggregates)
        .chain(features)
        .for_each(|expression| collect(expression, &mut lists));
    lists
}
