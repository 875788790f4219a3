//! The core: for each row, AND the bit sets that its columns leave; the bits left are the terms that hold.
//!
//! This is packet classification by bit vectors (Lakshman and Stiliadis, SIGCOMM 1998): every column rules terms out,
//! few survive, and the cost of a row is columns times words, however the conditions look.

use super::encode::{Coded, Encoded, encode};
use super::program::{Program, Target};
use crate::batch::Batch;
use crate::rules::{RuleId, RuleSet};

/// Rows of one block: their bit sets stay in the first-level cache.
const BLOCK_ROWS: usize = 256;

/// What holds on each row of a batch.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Rules that hit, row after row, ascending within a row; drafts included.
    pub hits: Vec<RuleId>,
    /// Where the hits of each row end.
    pub ends: Vec<u32>,
    /// Bit n is set where the row is in the scope of scored theme n.
    pub scopes: Vec<u8>,
    /// Active rules that cannot be evaluated, per presence class of the batch.
    pub not_evaluable: Vec<u32>,
}

impl Scores {
    /// The rules that hit a row.
    pub fn hits_of(&self, row: usize) -> &[RuleId] {
        let start = if row == 0 {
            0
        } else {
            self.ends[row - 1] as usize
        };
        &self.hits[start..self.ends[row] as usize]
    }
}

/// Scores a batch.
///
/// # Shape
/// One entry per row in the order of the batch.
///
/// # Missing values
/// A rule hits only where its condition is true; unknown is no hit. A rule that is not evaluable on a row neither hits
/// nor clears.
pub fn score(program: &Program, rules: &RuleSet, batch: &Batch) -> Scores {
    match_rules(program, &encode(program, rules, batch))
}

/// Finds the rules that hit each row of an encoded batch.
pub fn match_rules(program: &Program, encoded: &Encoded) -> Scores {
    let mut scores = Scores {
        not_evaluable: encoded.not_evaluable.clone(),
        ends: Vec::with_capacity(encoded.n_rows),
        scopes: Vec::with_capacity(encoded.n_rows),
        hits: Vec::new(),
    };
    let words = program.words;
    let mut left = vec![0_u64; BLOCK_ROWS * words];
    let mut start = 0;
    while start < encoded.n_rows {
        let rows = BLOCK_ROWS.min(encoded.n_rows - start);
        let left = &mut left[..rows * words];
        left.fill(u64::MAX);
        for column in &encoded.columns {
            column.rule_out(start, words, left);
        }
        for row in left.chunks_exact(words) {
            collect(program, row, &mut scores);
        }
        start += rows;
    }
    scores
}

/// Turns the bits left of a row into hits and scopes.
fn collect(program: &Program, row: &[u64], scores: &mut Scores) {
    let mut scope = 0;
    let mut last = None;
    for (position, word) in row.iter().enumerate() {
        let mut bits = *word;
        while bits != 0 {
            let term = position * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            match program.targets.get(term) {
                // Terms stand in the order of their rules, so a rule that several terms make true comes in a run.
                Some(Target::Rule(rule)) if last != Some(*rule) => {
                    scores.hits.push(*rule);
                    last = Some(*rule);
                }
                Some(Target::Rule(_)) => {}
                Some(Target::Scope(theme)) => scope |= 1 << theme,
                None => break,
            }
        }
    }
    scores
        .ends
        .push(u32::try_from(scores.hits.len()).expect("a batch makes fewer than 4 billion hits"));
    scores.scopes.push(scope);
}

impl Coded {
    /// Rules out what the rows from `start` on do not leave.
    fn rule_out(&self, start: usize, words: usize, left: &mut [u64]) {
        match self.width {
            1 => self.rule_out_of::<1>(start, words, left),
            2 => self.rule_out_of::<2>(start, words, left),
            3 => self.rule_out_of::<3>(start, words, left),
            4 => self.rule_out_of::<4>(start, words, left),
            5 => self.rule_out_of::<5>(start, words, left),
            6 => self.rule_out_of::<6>(start, words, left),
            7 => self.rule_out_of::<7>(start, words, left),
            8 => self.rule_out_of::<8>(start, words, left),
            width => {
                for (row, class) in left.chunks_exact_mut(words).zip(&self.classes[start..]) {
                    let mask = &self.masks[*class as usize * width..][..width];
                    for (bits, allowed) in row[self.first_word..].iter_mut().zip(mask) {
                        *bits &= allowed;
                    }
                }
            }
        }
    }

    /// The same for a number of words that is known beforehand: a row takes a few wide instructions.
    fn rule_out_of<const WIDTH: usize>(&self, start: usize, words: usize, left: &mut [u64]) {
        let (masks, _) = self.masks.as_chunks::<WIDTH>();
        for (row, class) in left.chunks_exact_mut(words).zip(&self.classes[start..]) {
            let row = row[self.first_word..].first_chunk_mut::<WIDTH>();
            let row = row.expect("a column rules out within the words of a row");
            for (bits, allowed) in row.iter_mut().zip(&masks[*class as usize]) {
                *bits &= allowed;
            }
        }
    }
}
