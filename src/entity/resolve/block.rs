//! Which parties are compared: those that share a key. Comparing all with all would take years.
//!
//! Each pass gives every party some keys; parties with one key are a block. A small block is compared all with all, a large
//! one in a window along its order by name and address: so no block is left out, and none costs more than a bound. What a
//! pass finds is kept, its keys are not, so that memory holds the keys of one pass at a time.

use super::compare::{Cause, Comparison, MERGE_SCORE, compare};
use super::prepared::{Prepared, PreparedParty};
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::hash::{BuildHasher, Hash};

/// Two parties that look like one, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) score: i32,
    /// Merged, for all that these two say.
    pub(super) merges: bool,
}

/// Parties of a block that is compared all with all.
const SMALL_BLOCK: usize = 48;
/// Neighbors that each party of a large block is compared with.
const WINDOW: usize = 12;
/// A word that more parties have makes no block by itself.
const RARE_WORD: u32 = 40;

type Keys = fn(&Prepared, &PreparedParty, &mut Vec<u64>);

/// The passes, in order.
const PASSES: &[Keys] = &[
    identifiers,
    whole_name,
    word_pairs,
    rare_words,
    halves,
    places,
];

/// Every pair that looks like one, once, in order.
pub(super) fn pairs(all: &Prepared) -> Vec<Pair> {
    let mut found: Vec<Pair> = Vec::new();
    for keys in PASSES {
        found.extend(pairs_of_pass(all, *keys));
    }
    found.par_sort_unstable();
    found.dedup();
    found
}

fn pairs_of_pass(all: &Prepared, keys: Keys) -> Vec<Pair> {
    let mut keyed: Vec<(u64, u32)> = all
        .parties
        .par_iter()
        .enumerate()
        .flat_map_iter(|(position, party)| {
            let mut of_party = Vec::new();
            keys(all, party, &mut of_party);
            of_party.sort_unstable();
            of_party.dedup();
            let position = u32::try_from(position).expect("fewer than 4 billion parties");
            of_party.into_iter().map(move |key| (key, position))
        })
        .collect();
    keyed.par_sort_unstable();
    let blocks: Vec<&[(u64, u32)]> = keyed
        .chunk_by(|left, right| left.0 == right.0)
        .filter(|block| block.len() > 1)
        .collect();
    blocks
        .into_par_iter()
        .flat_map_iter(|block| pairs_of_block(all, block))
        .collect()
}

fn pairs_of_block(all: &Prepared, block: &[(u64, u32)]) -> Vec<Pair> {
    let mut members: Vec<u32> = block.iter().map(|(_, position)| *position).collect();
    let width = if members.len() > SMALL_BLOCK {
        let key = |position: &u32| {
            let party = &all.parties[*position as usize];
            (
                &party.sorted_name,
                &party.address,
                &party.numbers,
                *position,
            )
        };
        members.sort_unstable_by(|left, right| key(left).cmp(&key(right)));
        WINDOW
    } else {
        members.len()
    };
    let mut found = Vec::new();
    for (place, first) in members.iter().enumerate() {
        for second in members.iter().skip(place + 1).take(width) {
            let (left, right) = (*first.min(second), *first.max(second));
            let comparison = compare(
                all,
                &all.parties[left as usize],
                &all.parties[right as usize],
            );
            if is_kept(&comparison) {
                found.push(Pair {
                    left,
                    right,
                    score: comparison.score,
                    merges: comparison.merges(),
                });
            }
        }
    }
    found
}

/// Pairs that are merged, those that would be but for a cause, and those with one number and nothing else in common.
fn is_kept(comparison: &Comparison) -> bool {
    let would_merge = || comparison.score - comparison.identifier_evidence.min(0) >= MERGE_SCORE;
    comparison.merges()
        || comparison.cause == Some(Cause::SameNumberOtherName)
        || (comparison.cause.is_some() && would_merge())
}

fn key(pass: u8, part: impl Hash) -> u64 {
    FixedState::default().hash_one((pass, part))
}

fn identifiers(_: &Prepared, party: &PreparedParty, keys: &mut Vec<u64>) {
    keys.extend(
        party
            .identifiers
            .iter()
            .map(|identifier| key(0, identifier)),
    );
}

/// The words of the name, in any order.
fn whole_name(_: &Prepared, party: &PreparedParty, keys: &mut Vec<u64>) {
    if !party.sorted_name.is_empty() {
        keys.push(key(1, &party.sorted_name));
    }
}

/// The words of the name, the rarest first.
fn by_rarity(all: &Prepared, party: &PreparedParty) -> Vec<u32> {
    let mut words = party.sorted_name.to_vec();
    words.dedup();
    words.sort_by_key(|word| (all.names.count(*word), *word));
    words
}

/// Each two of the three rarest words: one of three may be wrong.
fn word_pairs(all: &Prepared, party: &PreparedParty, keys: &mut Vec<u64>) {
    if party.is_vessel {
        return;
    }
    let words = by_rarity(all, party);
    let rarest = &words[..words.len().min(4)];
    for (place, first) in rarest.iter().enumerate() {
        for second in &rarest[place + 1..] {
            keys.push(key(2, (first.min(second), first.max(second))));
        }
    }
}

/// Words that few have.
fn rare_words(all: &Prepared, party: &PreparedParty, keys: &mut Vec<u64>) {
    if party.is_vessel {
        return;
    }
    let rare = by_rarity(all, party);
    let rare = rare
        .iter()
        .filter(|word| all.names.count(**word) <= RARE_WORD)
        .take(3);
    keys.extend(rare.map(|word| key(3, word)));
}

/// The first and the last half of the name: one mistake leaves one of them whole. A mistake may change the length by one, so
/// both lengths of a half are keys.
fn halves(_: &Prepared, party: &PreparedParty, keys: &mut Vec<u64>) {
    let letters = party.joined.as_bytes();
    if party.is_vessel || letters.len() < 8 {
        return;
    }
    for length in [letters.len() / 2, (letters.len() - 1) / 2] {
        keys.push(key(4, (true, &letters[..length])));
        keys.push(key(4, (false, &letters[letters.len() - length..])));
    }
}

/// The whole address; and its rarest word with each number.
fn places(all: &Prepared, party: &PreparedParty, keys: &mut Vec<u64>) {
    if !party.has_address() {
        return;
    }
    keys.push(key(5, (0, party.place)));
    let rarest = party
        .address
        .iter()
        .min_by_key(|word| (all.places.count(**word), **word));
    for number in &party.numbers {
        keys.extend(rarest.map(|word| key(5, (*number, *word))));
    }
}
