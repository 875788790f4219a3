//! A fixed piece of work for the core, whose instructions `benches/guard.py` counts: time is noisy, instructions are not.
//!
//! Without that script it checks its answer.

mod common;

use ch24::rules::RuleSet;
use ch24::score::{encode, match_rules};
use common::lines::Lines;
use common::packs::{Pack, shipped};

/// Rows: enough that their work outweighs that of a batch.
const N_ROWS: usize = 1 << 14;
/// Rules of the generated pack.
const N_RULES: usize = 300;

fn main() {
    count(Pack::generated(N_RULES).rules());
    count(shipped());
}

/// Encodes a batch of generated lines and finds the rules that hit. Making the lines did both once already, so that texts
/// are remembered, as they are in all batches of a run but the first.
fn count(rules: RuleSet) {
    let lines = Lines::with_rows(rules, N_ROWS);
    let encoded = encode(&lines.program, &lines.rules, &lines.batch);
    let scores = match_rules(&lines.program, &encoded);
    assert_eq!(scores.hits, lines.scores.hits, "scoring twice is the same");
    assert!(!scores.hits.is_empty());
}
