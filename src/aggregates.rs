//! The first pass: values over all rows of a line, entry or bill, before any row is scored.
//!
//! A document on any line of an entry counts for the entry, and lines of an entry may stand anywhere in the input. So the
//! columns that aggregates need are read once beforehand.
//!
//! Rows of a unit nearly always stand together, and a unit of one row needs no memory at all: its value is that of its
//! row. So only units of several rows are kept. Where a unit turns out to be scattered over the input, the pass is done
//! again with every unit kept.

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
    units: Vec<Units>,
    /// Position of the aggregate in the pack, and the states of its units.
    states: Vec<(usize, States)>,
}

/// The units of one kind.
#[derive(Debug)]
struct Units {
    unit: Unit,
    /// The number of each unit that is kept.
    known: HashMap<u64, u32, FixedState>,
    /// Keep every unit from its first row on.
    keeps_all: bool,
    /// The key of each run of rows; not filled where every unit is kept.
    runs: Vec<u64>,
    /// The run that the last row belongs to.
    run: Option<Run>,
}

/// Rows of one key that stand together.
#[derive(Debug)]
struct Run {
    key: u64,
    /// The number of its unit, once it has a second row.
    unit: Option<u32>,
    first: First,
}

/// Where the first row of a run stands.
#[derive(Debug)]
enum First {
    /// In this batch.
    Row(usize),
    /// In an earlier batch: its value for each aggregate of the pack over these units, by position.
    Carried(Vec<(usize, Values)>),
}

/// What a unit that gets its second row is given of its first.
struct Promotion {
    unit: u32,
    first: First,
}

impl Units {
    /// The unit of each row, where it is kept, and the units that are kept from now on.
    fn place(&mut self, keys: Vec<Option<u64>>) -> (Vec<Option<u32>>, Vec<Promotion>) {
        let mut promotions = Vec::new();
        let places = keys
            .into_iter()
            .enumerate()
            .map(|(row, key)| {
                let Some(key) = key else {
                    self.run = None;
                    return None;
                };
                let next = u32::try_from(self.known.len()).expect("fewer than 4 billion units");
                if self.keeps_all {
                    return Some(*self.known.entry(key).or_insert(next));
                }
                match &mut self.run {
                    Some(run) if run.key == key => {
                        if run.unit.is_none() {
                            let first = std::mem::replace(&mut run.first, First::Row(row));
                            promotions.push(Promotion { unit: next, first });
                            self.known.insert(key, next);
                            run.unit = Some(next);
                        }
                        run.unit
                    }
                    _ => {
                        self.runs.push(key);
                        self.run = Some(Run {
                            key,
                            unit: None,
                            first: First::Row(row),
                        });
                        None
                    }
                }
            })
            .collect();
        (places, promotions)
    }
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
#[derive(Debug)]
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
        Self::prepare(rules, false)
    }

    /// The same, for an input in which rows of a unit do not stand together: every unit is kept.
    pub fn for_scattered_units(rules: &RuleSet) -> Self {
        Self::prepare(rules, true)
    }

    fn prepare(rules: &RuleSet, keeps_all: bool) -> Self {
        let conditions = rules
            .rules
            .iter()
            .map(|rule| &rule.condition)
            .chain(rules.policy.scopes.iter().flatten());
        let mut used: Vec<usize> = conditions
            .flat_map(crate::rules::expression::Expression::columns)
            .filter_map(|column| column.0.checked_sub(FieldId::FIRST_EXTRA).map(usize::from))
            .filter(|position| *position < rules.aggregates.len())
            .collect();
        used.sort_unstable();
        used.dedup();
        let mut aggregates = Self::default();
        for position in used {
            let aggregate = &rules.aggregates[position];
            if !aggregates
                .units
                .iter()
                .any(|units| units.unit == aggregate.over)
            {
                let (known, runs) = (HashMap::default(), Vec::new());
                aggregates.units.push(Units {
                    unit: aggregate.over,
                    known,
                    keeps_all,
                    runs,
                    run: None,
                });
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
        self.states
            .iter()
            .flat_map(|(position, _)| rules.aggregates[*position].fields())
            .collect()
    }

    /// Takes in the rows of a batch; batches come in input order.
    pub fn add(&mut self, rules: &RuleSet, tables: &Tables, batch: &Batch) {
        let evaluator = Evaluator::new(batch, tables);
        for units in &mut self.units {
            let (places, promotions) = units.place(keys(units.unit, batch));
            let mut carried = Vec::new();
            for (position, states) in &mut self.states {
                let aggregate = &rules.aggregates[*position];
                if aggregate.over != units.unit {
                    continue;
                }
                let values = values(aggregate, &evaluator, batch.n_rows);
                for Promotion { unit, first } in &promotions {
                    match first {
                        First::Row(row) => states.add(aggregate.function, *unit, &values, *row),
                        First::Carried(carried) => {
                            if let Some((_, values)) =
                                carried.iter().find(|(known, _)| known == position)
                            {
                                states.add(aggregate.function, *unit, values, 0);
                            }
                        }
                    }
                }
                for (row, unit) in places.iter().enumerate() {
                    if let Some(unit) = unit {
                        states.add(aggregate.function, *unit, &values, row);
                    }
                }
                if let Some(Run {
                    unit: None,
                    first: First::Row(row),
                    ..
                }) = units.run
                {
                    carried.push((*position, values.row(row)));
                }
            }
            if let Some(run) = &mut units.run
                && run.unit.is_none()
                && matches!(run.first, First::Row(_))
            {
                run.first = First::Carried(carried);
            }
        }
    }

    /// Whether rows of a unit were found that do not stand together; the runs are forgotten.
    pub fn has_scattered_units(&mut self) -> bool {
        self.units.iter_mut().any(|units| {
            let mut runs = std::mem::take(&mut units.runs);
            let count = runs.len();
            runs.sort_unstable();
            runs.dedup();
            runs.len() < count
        })
    }

    /// Fills the extra columns of a batch. A row without the key is a unit of its own.
    pub fn fill(&self, rules: &RuleSet, tables: &Tables, batch: &mut Batch) {
        let mut columns = Vec::with_capacity(self.states.len());
        let evaluator = Evaluator::new(batch, tables);
        for units in &self.units {
            let places: Vec<Option<u32>> = keys(units.unit, batch)
                .into_iter()
                .map(|key| units.known.get(&key?).copied())
                .collect();
            let of_unit =
                |(position, _): &&(usize, States)| rules.aggregates[*position].over == units.unit;
            for (position, states) in self.states.iter().filter(of_unit) {
                let aggregate = &rules.aggregates[*position];
                let alone = values(aggregate, &evaluator, batch.n_rows);
                let column = states.column(aggregate, batch.n_rows, |row| match places[row] {
                    Some(unit) => Ok(unit as usize),
                    None => Err(&alone),
                });
                let extra = FieldId::FIRST_EXTRA
                    + u16::try_from(*position).expect("fewer than 60,000 aggregates");
                columns.push((FieldId(extra), column));
            }
        }
        for (field, column) in columns {
            batch.set(field, column);
        }
    }
}

/// The first 8 bytes of BLAKE3 of each row's key; 4 million keys share one with a chance below one in a million.
fn keys(unit: Unit, batch: &Batch) -> Vec<Option<u64>> {
    let mut keys = vec![None; batch.n_rows];
    for field in unit.keys() {
        let Some(column) = batch.text(*field) else {
            continue;
        };
        let hash = |text: &str| {
            let hash = blake3::hash(text.as_bytes());
            u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("a hash of 32 bytes"))
        };
        let hashes: Vec<Option<u64>> = std::iter::once(None)
            .chain(column.pool.iter().map(|text| Some(hash(text))))
            .collect();
        for (key, code) in keys.iter_mut().zip(&column.codes) {
            *key = key.or(hashes[*code as usize]);
        }
    }
    keys
}

fn values(aggregate: &Aggregate, evaluator: &Evaluator<'_>, n_rows: usize) -> Values {
    let argument = &aggregate.argument;
    match (aggregate.function, argument.value_type()) {
        (AggregateFunction::Count | AggregateFunction::Distinct, _) => {
            Values::Hashes(evaluator.hashes(argument))
        }
        (_, ValueType::Boolean) => Values::Truths(evaluator.truths(argument)),
        (_, ValueType::Date) => Values::Dates(evaluator.days(argument)),
        _ => {
            let numbers = evaluator.numbers(argument);
            Values::Numbers((0..n_rows).map(|row| numbers.at(row)).collect())
        }
    }
}

impl Values {
    /// The value of one row alone.
    fn row(&self, row: usize) -> Self {
        match self {
            Self::Truths(truths) => Self::Truths(vec![truths[row]]),
            Self::Numbers(numbers) => Self::Numbers(vec![numbers[row]]),
            Self::Dates(days) => Self::Dates(vec![days[row]]),
            Self::Hashes(hashes) => Self::Hashes(vec![hashes[row]]),
        }
    }
}

impl States {
    fn new(aggregate: &Aggregate) -> Self {
        match (aggregate.function, aggregate.value_type) {
            (AggregateFunction::Any | AggregateFunction::All, _) => Self::Truths(Vec::new()),
            (AggregateFunction::Count | AggregateFunction::Distinct, _) => {
                Self::Counts(Vec::new(), HashSet::default())
            }
            (_, ValueType::Date) => Self::Dates(Vec::new()),
            _ => Self::Numbers(Vec::new()),
        }
    }

    fn add(&mut self, function: AggregateFunction, unit: u32, values: &Values, row: usize) {
        let place = unit as usize;
        match (self, values) {
            (Self::Truths(states), Values::Truths(truths)) => {
                let state = slot(states, place, UNKNOWN);
                let decisive = if function == AggregateFunction::Any {
                    TRUE
                } else {
                    FALSE
                };
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
    fn column<'v>(
        &self,
        aggregate: &Aggregate,
        n_rows: usize,
        unit: impl Fn(usize) -> Result<usize, &'v Values>,
    ) -> Column {
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
                    Ok(unit)
                        if aggregate.function == AggregateFunction::Sum
                            && states[unit].is_infinite() =>
                    {
                        f64::NAN
                    }
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
