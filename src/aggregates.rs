//! The first pass: values over all rows of a line, entry or bill, before any row is scored.
//!
//! A document on any line of an entry counts for the entry, and lines of an entry may stand anywhere in the input. So the
//! columns that aggregates need are read once beforehand. Memory grows with units, by a few bytes per aggregate.

use crate::batch::{Batch, Column, FALSE, NULL_DATE, TRUE, UNKNOWN};
use crate::rules::RuleSet;
use crate::rules::aggregate::{Aggregate, AggregateFunction, Unit};
use crate::schema::{FieldId, ValueType};
use crate::score::evaluate::{Evaluator, Tables};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

/// Aggregates of a pack, filled from the whole input.
#[derive(Debug, Default)]
pub struct Aggregates {
    units: Vec<(Unit, HashMap<u64, u32, FixedState>)>,
    /// Position of the aggregate in the pack, and the states of its units.
    states: Vec<(usize, States)>,
}

/// A state per unit.
#[derive(Debug)]
enum States {
    /// [`FALSE`], [`TRUE`] or [`UNKNOWN`].
    Truths(Vec<u8>),
    /// Sums and extremes; NaN for none.
    Numbers(Vec<f64>),
    /// Extremes; [`NULL_DATE`] for none.
    Dates(Vec<i32>),
    /// Counts, and for `distinct` the values seen.
    Counts(Vec<u32>, HashSet<(u32, u64), FixedState>),
}

/// The values of an aggregate's argument on each row.
enum Values {
    Truths(Vec<u8>),
    Numbers(Vec<f64>),
    Dates(Vec<i32>),
    /// Whether there is a value, and a hash of it.
    Hashes(Vec<Option<u64>>),
}

impl Aggregates {
    /// Prepares the aggregates that a rule or scope reads; none needs a pass when this is empty.
    pub fn new(rules: &RuleSet) -> Self {
        let conditions = rules.rules.iter().map(|rule| &rule.condition).chain(rules.policy.scopes.iter().flatten());
        let mut used: Vec<usize> = conditions
            .flat_map(crate::rules::expression::Expression::columns)
            .filter_map(|column| column.0.checked_sub(FieldId::FIRST_EXTRA).map(usize::from))
            .collect();
        used.sort_unstable();
        used.dedup();
        let mut aggregates = Self::default();
        for position in used {
            let aggregate = &rules.aggregates[position];
            if !aggregates.units.iter().any(|(unit, _)| *unit == aggregate.over) {
                aggregates.units.push((aggregate.over, HashMap::default()));
            }
            aggregates.states.push((position, States::new(aggregate)));
        }
        aggregates
    }

    /// True when no rule reads an aggregate.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Fields that the pass reads.
    pub fn fields(&self, rules: &RuleSet) -> Vec<FieldId> {
        self.states.iter().flat_map(|(position, _)| rules.aggregates[*position].fields()).collect()
    }

    /// Takes in the rows of a batch; batches come in input order.
    pub fn add(&mut self, rules: &RuleSet, tables: &Tables, batch: &Batch) {
        let positions: Vec<(Unit, Vec<Option<u32>>)> = self
            .units
            .iter_mut()
            .map(|(unit, known)| {
                let keys = keys(*unit, batch);
                let position = |key: Option<u64>| {
                    let next = u32::try_from(known.len()).expect("fewer than 4 billion units");
                    key.map(|key| *known.entry(key).or_insert(next))
                };
                (*unit, keys.into_iter().map(position).collect())
            })
            .collect();
        for (position, states) in &mut self.states {
            let aggregate = &rules.aggregates[*position];
            let values = values(aggregate, tables, batch);
            let (_, units) = positions.iter().find(|(unit, _)| *unit == aggregate.over).expect("the unit was prepared");
            for (row, unit) in units.iter().enumerate() {
                if let Some(unit) = unit {
                    states.add(aggregate.function, *unit, &values, row);
                }
            }
        }
    }

    /// Fills the extra columns of a batch. A row without the key is a unit of its own.
    pub fn fill(&self, rules: &RuleSet, tables: &Tables, batch: &mut Batch) {
        for (position, states) in &self.states {
            let aggregate = &rules.aggregates[*position];
            let (_, known) =
                self.units.iter().find(|(unit, _)| *unit == aggregate.over).expect("the unit was prepared");
            let keys = keys(aggregate.over, batch);
            let alone = values(aggregate, tables, batch);
            let column = states.column(aggregate, batch.n_rows, |row| {
                match keys[row].and_then(|key| known.get(&key)) {
                    Some(unit) => Ok(*unit as usize),
                    None => Err(&alone),
                }
            });
            let extra = FieldId::FIRST_EXTRA + u16::try_from(*position).expect("fewer than 60,000 aggregates");
            batch.set(FieldId(extra), column);
        }
    }
}

/// The first 8 bytes of BLAKE3 of each row's key; 4 million keys share one with a chance below one in a million.
fn keys(unit: Unit, batch: &Batch) -> Vec<Option<u64>> {
    let mut keys = vec![None; batch.n_rows];
    for field in unit.keys() {
        let Some(column) = batch.text(*field) else { continue };
        let hash = |text: &str| {
            let hash = blake3::hash(text.as_bytes());
            u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("a hash of 32 bytes"))
        };
        let hashes: Vec<Option<u64>> = std::iter::once(None).chain(column.pool.iter().map(|text| Some(hash(text)))).collect();
        for (key, code) in keys.iter_mut().zip(&column.codes) {
            *key = key.or(hashes[*code as usize]);
        }
    }
    keys
}

fn values(aggregate: &Aggregate, tables: &Tables, batch: &Batch) -> Values {
    let evaluator = Evaluator::new(batch, tables);
    let argument = &aggregate.argument;
    match (aggregate.function, argument.value_type()) {
        (AggregateFunction::Count | AggregateFunction::Distinct, _) => Values::Hashes(evaluator.hashes(argument)),
        (_, ValueType::Boolean) => Values::Truths(evaluator.truths(argument)),
        (_, ValueType::Date) => Values::Dates(evaluator.days(argument)),
        _ => {
            let numbers = evaluator.numbers(argument);
            Values::Numbers((0..batch.n_rows).map(|row| numbers.at(row)).collect())
        }
    }
}

impl States {
    fn new(aggregate: &Aggregate) -> Self {
        match (aggregate.function, aggregate.value_type) {
            (AggregateFunction::Any | AggregateFunction::All, _) => Self::Truths(Vec::new()),
            (AggregateFunction::Count | AggregateFunction::Distinct, _) => Self::Counts(Vec::new(), HashSet::default()),
            (_, ValueType::Date) => Self::Dates(Vec::new()),
            _ => Self::Numbers(Vec::new()),
        }
    }

    fn add(&mut self, function: AggregateFunction, unit: u32, values: &Values, row: usize) {
        let place = unit as usize;
        match (self, values) {
            (Self::Truths(states), Values::Truths(truths)) => {
                let state = slot(states, place, UNKNOWN);
                let decisive = if function == AggregateFunction::Any { TRUE } else { FALSE };
                if *state == UNKNOWN || truths[row] == decisive {
                    *state = truths[row];
                }
            }
            (Self::Numbers(states), Values::Numbers(numbers)) => {
                let state = slot(states, place, f64::NAN);
                let number = numbers[row];
                *state = match function {
                    _ if number.is_nan() => *state,
                    _ if state.is_nan() => number,
                    AggregateFunction::Sum => *state + number,
                    AggregateFunction::Min => state.min(number),
                    _ => state.max(number),
                };
            }
            (Self::Dates(states), Values::Dates(days)) => {
                let state = slot(states, place, NULL_DATE);
                *state = match (days[row], *state) {
                    (NULL_DATE, state) => state,
                    (day, NULL_DATE) => day,
                    (day, state) if function == AggregateFunction::Min => day.min(state),
                    (day, state) => day.max(state),
                };
            }
            (Self::Counts(states, seen), Values::Hashes(hashes)) => {
                let state = slot(states, place, 0);
                if let Some(hash) = hashes[row]
                    && (function == AggregateFunction::Count || seen.insert((unit, hash)))
                {
                    *state += 1;
                }
            }
            _ => unreachable!("states and values follow from the same aggregate"),
        }
    }

    /// The column of a batch, from the state of each row's unit, or from its own value where it has no unit.
    fn column<'v>(&self, aggregate: &Aggregate, n_rows: usize, unit: impl Fn(usize) -> Result<usize, &'v Values>) -> Column {
        let rows = 0..n_rows;
        match self {
            Self::Truths(states) => Column::Boolean(
                rows.map(|row| match unit(row) {
                    Ok(unit) => states[unit],
                    Err(Values::Truths(alone)) => alone[row],
                    Err(_) => UNKNOWN,
                })
                .collect(),
            ),
            Self::Dates(states) => Column::Date(
                rows.map(|row| match unit(row) {
                    Ok(unit) => states[unit],
                    Err(Values::Dates(alone)) => alone[row],
                    Err(_) => NULL_DATE,
                })
                .collect(),
            ),
            Self::Numbers(states) => Column::Number(
                rows.map(|row| match unit(row) {
                    Ok(unit) if aggregate.function == AggregateFunction::Sum && states[unit].is_infinite() => f64::NAN,
                    Ok(unit) => states[unit],
                    Err(Values::Numbers(alone)) => alone[row],
                    Err(_) => f64::NAN,
                })
                .collect(),
            ),
            Self::Counts(states, _) => Column::Number(
                rows.map(|row| match unit(row) {
                    Ok(unit) => f64::from(states[unit]),
                    Err(Values::Hashes(alone)) => f64::from(u8::from(alone[row].is_some())),
                    Err(_) => f64::NAN,
                })
                .collect(),
            ),
        }
    }
}

fn slot<T: Clone>(states: &mut Vec<T>, place: usize, empty: T) -> &mut T {
    if states.len() <= place {
        states.resize(place + 1, empty);
    }
    &mut states[place]
}
