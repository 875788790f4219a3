//! What the benches share: seeds, sizes and times; packs; generated lines.
//!
//! Every number that decides what is measured stands here, once. Each bench checks its result, so that
//! `cargo bench -- --test` is a test too.

#![expect(dead_code, reason = "each bench uses a part")]

pub mod lines;
pub mod packs;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// The allocator of the program, so that figures are those of the program.
#[cfg(feature = "cli")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Seed of every draw and of every generated manifest.
pub const SEED: u64 = 24;
/// Rows of the files that `read` reads.
pub const FILE_ROWS: u64 = 20_000;
/// Rows of one batch: the most that a reader gives at once.
pub const BATCH_ROWS: usize = 1 << 16;
/// Rows of whole runs.
pub const RUN_ROWS: [u64; 2] = [10_000, 100_000];
/// Rules of the packs that are read and compiled.
pub const PACK_SIZES: [usize; 3] = [10, 100, 1_000];
/// Rules of the packs that score generated lines.
pub const SCORED_PACKS: [usize; 4] = [10, 100, 1_000, 300];
/// Of the rows with a value, those on which a condition is true: percent as the id says it, and rows in a thousand.
pub const SELECTIVITIES: [(&str, usize); 3] = [("0.1", 1), ("50", 500), ("99.9", 999)];
/// Of all rows, those without a value: percent as the id says it, and rows in a thousand.
pub const MISSING: [(&str, usize); 2] = [("0", 0), ("20", 200)];
/// Rows that are also judged one at a time, by the interpreter of the tests.
pub const NAIVE_ROWS: usize = 256;
/// Distinct texts of a column, from few to all.
pub const CARDINALITIES: [usize; 4] = [10, 1_000, 20_000, BATCH_ROWS];
/// Distinct texts of a column of low cardinality; one of high cardinality has a text of its own in each row.
pub const LOW_CARDINALITY: usize = 64;

/// Few samples in a short time: differences of a tenth show, differences of a hundredth do not.
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .nresamples(10_000)
}

/// The benches of a stage; every sample of a case has as many iterations as the others.
pub fn stage<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    group
}

/// Draws that depend on the seed and a number only.
pub fn draws(stream: u64) -> ChaCha8Rng {
    let mut draws = ChaCha8Rng::seed_from_u64(SEED);
    draws.set_stream(stream);
    draws
}

/// An invented word; different numbers below 343,000 give different words.
pub fn word(number: usize) -> String {
    const CONSONANTS: &[u8] = b"bcdfghjlmnprst";
    const VOWELS: &[u8] = b"aeiou";
    let syllables = CONSONANTS.len() * VOWELS.len();
    let mut word = String::with_capacity(6);
    for place in [syllables * syllables, syllables, 1] {
        let syllable = number / place % syllables;
        word.push(char::from(CONSONANTS[syllable / VOWELS.len()]));
        word.push(char::from(VOWELS[syllable % VOWELS.len()]));
    }
    word
}

/// A word that starts with a capital.
pub fn capital_word(number: usize) -> String {
    let word = word(number);
    let mut letters = word.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
