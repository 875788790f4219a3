//! Seeded synthetic manifests: ordinary trade, honest mistakes, and planted schemes with labels.
//!
//! What comes in: a number of rows and a seed. What goes out: record batches in the canonical
//! schema, in order, or a Parquet or CSV file with the truth about planted lines beside it. Every
//! firm is invented; importer numbers start with 99, which no firm has. This module never reads the
//! clock or a file. Read `schemes.rs` for what is planted, `goods.csv` for what is traded.
//!
//! Each block of rows has its own stream of draws, seeded from the seed and the block's number, so
//! the result does not depend on the number of threads.

mod dice;
mod calendar;
mod catalog;
mod firms;
mod places;
mod entry;
mod line;
mod catch;
mod papers;
mod words;
mod schemes;
mod forge;
mod forge_fish;
mod forge_wood;
mod outcome;
mod columns;
mod write;

use std::ops::Range;

use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

pub use columns::schema;
pub use write::write;

use catalog::{Catalog, Sector, running_sum};
use dice::Dice;
use entry::{Entry, Population};
use line::{Line, Stuff};
use places::Care;
use schemes::Plan;

/// Rows of one block: what one stream of draws makes.
const BLOCK_ROWS: u64 = 65_536;
/// Share of entries that belong to a scheme; with 1.35 planted rows of about 3.2, 0.5 % of rows.
const PLANTED_ENTRIES: f64 = 0.012;
/// Blocks made at once never exceed this, however many threads there are.
const MOST_AT_ONCE: usize = 8;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Number of rows: declared lines times their species components.
    pub rows: u64,
    /// Seed; the same seed and number of rows give the same bytes.
    pub seed: u64,
    /// Whether to add the outcome columns.
    pub labels: bool,
}

/// Makes the rows block by block and hands each batch on, in order.
///
/// Memory is that of a few blocks, however many rows there are.
///
/// # Errors
/// The first error of `emit`, which also ends the run.
pub fn generate<E>(
    options: &Options,
    mut emit: impl FnMut(RecordBatch) -> Result<(), E>,
) -> Result<(), E> {
    let maker = Maker::new(options);
    let blocks = 0..options.rows.div_ceil(BLOCK_ROWS);
    in_order(
        blocks,
        |block_idx| maker.block(block_idx),
        |block| emit(block.rows),
    )
}

/// Runs `make` on several indices at a time and `emit` on the results in order.
fn in_order<T: Send, E>(
    indices: Range<u64>,
    make: impl Fn(u64) -> T + Sync,
    mut emit: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let at_once = rayon::current_num_threads().clamp(1, MOST_AT_ONCE) as u64;
    let mut start = indices.start;
    while start < indices.end {
        let window = start..indices.end.min(start + at_once);
        start = window.end;
        let made: Vec<T> = window.into_par_iter().map(&make).collect();
        made.into_iter().try_for_each(&mut emit)?;
    }
    Ok(())
}

/// One block: its rows, and the planted lines among them as CSV lines.
#[derive(Debug)]
struct Block {
    rows: RecordBatch,
    truth: String,
}

/// Everything that blocks share.
#[derive(Debug)]
struct Maker {
    catalog: Catalog,
    population: Population,
    plans: Vec<Plan>,
    /// Running sum of the plans' weights.
    plan_sums: Vec<f64>,
    options: Options,
}

impl Maker {
    fn new(options: &Options) -> Self {
        let plans = Plan::all();
        Self {
            catalog: Catalog::new(),
            plan_sums: running_sum(plans.iter().map(|plan| plan.weight)),
            plans,
            population: Population::of(options.rows, options.seed),
            options: *options,
        }
    }

    /// Makes one block; its last entry is cut where the block is full.
    fn block(&self, block_idx: u64) -> Block {
        let n_rows = BLOCK_ROWS.min(self.options.rows - block_idx * BLOCK_ROWS);
        let n_rows = usize::try_from(n_rows).expect("a block fits in memory");
        let mut dice = Dice::new(self.options.seed, block_idx);
        let mut table = columns::Table::with_capacity(n_rows, self.options.labels);
        let mut truth = String::new();
        let mut left = n_rows;
        let mut ordinal = block_idx * BLOCK_ROWS;
        while left > 0 {
            let (entry, lines) = self.entry(ordinal, &mut dice);
            ordinal += 1;
            for line in lines.iter().take(left) {
                table.push(&entry, line);
                write::note_truth(&mut truth, &entry, line);
            }
            left -= lines.len().min(left);
        }
        Block {
            rows: table.finish(),
            truth,
        }
    }

    fn entry(&self, ordinal: u64, dice: &mut Dice) -> (Entry, Vec<Line>) {
        if dice.chance(PLANTED_ENTRIES) {
            let (entry, mut lines) = schemes::plant(self, ordinal, dice);
            outcome::inspect(&entry, &mut lines, dice);
            return (entry, lines);
        }
        let first = self.catalog.any(dice);
        let stuff = Stuff::draw(first, &self.catalog, None, dice);
        let deal = self.population.deal(first.sector, stuff.origin, dice);
        let is_listed = stuff.species.is_some_and(|species| species.appendix > 0);
        let care = Care::of(first, is_listed);
        let agents = self.population.agents;
        let entry = Entry::new(ordinal, deal, first, care, agents, dice);
        let mut lines = vec![Line::new(1, &stuff, &entry, dice)];
        for number in 2..=n_lines(dice) {
            let is_akin = dice.chance(0.93);
            let sector = if is_akin {
                first.sector
            } else {
                self.catalog.any(dice).sector
            };
            // One in eight lines repeats the first line's goods, at other sizes and prices.
            let stuff = if is_akin && dice.chance(0.12) {
                stuff
            } else {
                Stuff::beside(&self.catalog, sector, &entry, dice)
            };
            let line = Line::new(number, &stuff, &entry, dice);
            self.add_components(&mut lines, &line, &stuff, dice);
        }
        outcome::inspect(&entry, &mut lines, dice);
        (entry, lines)
    }

    /// Adds a line, and its further species as rows of their own with the same amounts.
    fn add_components(
        &self,
        lines: &mut Vec<Line>,
        line: &Line,
        stuff: &Stuff<'_>,
        dice: &mut Dice,
    ) {
        lines.push(line.clone());
        let others = &stuff.goods.species;
        if others.len() < 2 || line.genus.is_none() || !dice.chance(0.12) {
            return;
        }
        for component in 2..=u16::from(dice.chance(0.25)) + 2 {
            let species = &self.catalog.species[dice.pick(others)];
            if species.genus.is_empty() || species.appendix > 0 {
                continue;
            }
            let mut next = line.clone();
            next.component = component;
            (next.genus, next.species) = (Some(species.genus), Some(species.epithet));
            let mut harvest = dice.weighted(&species.harvest);
            if stuff.goods.sector == Sector::Seafood {
                harvest = line::not_barred(harvest, species);
            }
            next.harvest = Some(harvest);
            (next.place, next.place_system) = places::harvest_place(species, harvest, dice).unzip();
            lines.push(next);
        }
    }
}

/// Lines of an entry: four in ten have one, a few have two dozen; about 3 on average.
fn n_lines(dice: &mut Dice) -> u32 {
    let most = if dice.chance(0.1) { 25 } else { 4 };
    u32::try_from(1 + dice.rank(most)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};

    use super::*;

    fn rows(n_rows: u64, n_threads: usize) -> Vec<RecordBatch> {
        let options = Options {
            rows: n_rows,
            seed: 5,
            labels: true,
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .build()
            .unwrap();
        let mut batches = Vec::new();
        let emit = |batch| {
            batches.push(batch);
            Ok::<(), ()>(())
        };
        pool.install(|| generate(&options, emit)).unwrap();
        batches
    }

    #[test]
    fn any_number_of_threads_gives_the_same_rows() {
        let n_rows = 2 * BLOCK_ROWS + 100;
        let once = rows(n_rows, 1);
        assert_eq!(once, rows(n_rows, 3));
        assert_eq!(
            once.iter()
                .map(|batch| batch.num_rows() as u64)
                .sum::<u64>(),
            n_rows
        );
    }

    #[test]
    fn lines_of_an_entry_are_adjacent_and_about_three() {
        let batch = &rows(20_000, 1)[0];
        let numbers = batch
            .column_by_name("entry_number")
            .unwrap()
            .as_string::<i32>();
        let mut seen = std::collections::BTreeSet::new();
        let mut last = "";
        for number in numbers.iter().flatten() {
            assert_eq!(number.len(), 11);
            assert!(number == last || seen.insert(number), "{number} comes back");
            last = number;
        }
        let mean = numbers.len() as f64 / seen.len() as f64;
        assert!((2.5..4.0).contains(&mean), "{mean} rows an entry");
    }

    #[test]
    fn planted_rows_are_about_half_a_percent_of_every_scheme() {
        let maker = Maker::new(&Options {
            rows: BLOCK_ROWS,
            seed: 1,
            labels: true,
        });
        let truth = maker.block(0).truth;
        let share = truth.lines().count() as f64 / BLOCK_ROWS as f64;
        assert!((0.003..0.008).contains(&share), "{share}");
        for plan in &maker.plans {
            assert!(
                truth.contains(plan.scheme.names().0),
                "{} is missing",
                plan.scheme.names().0
            );
        }
    }

    #[test]
    fn no_rows_give_no_batches() {
        assert!(rows(0, 1).is_empty());
    }
}
