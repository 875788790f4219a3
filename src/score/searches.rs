//! Texts that are searched for many pieces: one pass per text, however many rules search.
//!
//! An atom that asks only whether a text holds pieces (`LIKE '%x%'`, `contains_any`, `IS NULL`, and what AND, OR and NOT
//! make of them) depends on nothing but which pieces are found. So texts with the same pieces are one key, and such atoms
//! are evaluated once per key, on one text that stands for it.

use super::evaluate::Evaluator;
use super::pieces::Pieces;
use crate::batch::{NULL_CODE, Pool, TextColumn};
use crate::rules::expression::{Expression, Pattern};
use crate::schema::FieldId;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// What the atoms of a column search for.
#[derive(Debug, Default)]
pub struct Searches {
    /// Pieces of `LIKE '%piece%'`, in one automaton.
    pieces: Option<Pieces>,
    n_pieces: usize,
    /// An atom searches for phrases of a list.
    has_phrases: bool,
    /// For each atom: whether it depends on what is found alone.
    pub is_searched: Vec<bool>,
}

/// What was found in the texts of a pool.
pub(super) struct Keys {
    /// The key of each code: texts with the same pieces have the same key.
    pub(super) of_code: Vec<u32>,
    sets: KeyTable,
}

impl Keys {
    /// The bits of the pieces that were found in a text, after a word that tells NULL.
    pub(super) fn set_of(&self, code: u32) -> &[u64] {
        self.sets.set(self.of_code[code as usize])
    }
}

impl Searches {
    /// Looks at the atoms over one text column.
    pub(super) fn new(field: FieldId, atoms: &[Expression]) -> Self {
        let mut pieces = Vec::new();
        let mut has_phrases = false;
        let is_searched = atoms
            .iter()
            .map(|atom| is_searched(atom, field))
            .collect::<Vec<_>>();
        let searched = atoms.iter().zip(&is_searched);
        for (atom, _) in searched.filter(|(_, is_searched)| **is_searched) {
            collect(atom, &mut pieces, &mut has_phrases);
        }
        pieces.sort_unstable();
        pieces.dedup();
        let automaton = (!pieces.is_empty()).then(|| Pieces::new(&pieces));
        Self {
            pieces: automaton,
            n_pieces: pieces.len(),
            has_phrases,
            is_searched,
        }
    }

    /// Whether an atom searches at all.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_none() && !self.has_phrases
    }

    /// Finds the key of each text of a column in which every text stands once.
    pub(super) fn keys(&self, evaluator: &Evaluator<'_>, texts: &TextColumn) -> Keys {
        let phrases = self
            .has_phrases
            .then(|| evaluator.found_phrases(&texts.pool));
        let phrase_words = phrases.as_ref().map_or(0, |(words, _)| *words);
        let piece_words = self.n_pieces.div_ceil(64);
        let mut found = vec![0_u64; 1 + piece_words + phrase_words];
        let mut keys = KeyTable::new(found.len());
        let mut of_code = Vec::with_capacity(texts.pool.len());
        for code in 0..texts.pool.len() {
            let code = u32::try_from(code).expect("codes are u32");
            found.fill(0);
            // NULL is a key of its own.
            found[0] = u64::from(code == NULL_CODE);
            self.find_pieces(&texts.pool, code, &mut found[1..=piece_words]);
            if let Some((words, hits)) = &phrases {
                let start = code as usize * words;
                found[1 + piece_words..].copy_from_slice(&hits[start..start + words]);
            }
            of_code.push(keys.key(&found));
        }
        Keys {
            of_code,
            sets: keys,
        }
    }

    fn find_pieces(&self, pool: &Pool, code: u32, found: &mut [u64]) {
        if code == NULL_CODE {
            return;
        }
        if let Some(pieces) = &self.pieces {
            pieces.find(pool.get(code), |piece| {
                found[piece / 64] |= 1 << (piece % 64);
            });
        }
    }
}

/// Whether an expression depends on nothing but what is found in a column.
fn is_searched(expression: &Expression, field: FieldId) -> bool {
    let is_column =
        |value: &Expression| matches!(value, Expression::Column(column, _) if *column == field);
    match expression {
        Expression::Like(text, pattern) => {
            is_column(text) && matches!(**pattern, Pattern::Contains(_))
        }
        Expression::ContainsAny(text, _) => is_column(text),
        Expression::IsNull(value) => is_column(value),
        Expression::Boolean(_) => true,
        Expression::Not(inner) => is_searched(inner, field),
        Expression::And(parts) | Expression::Or(parts) => {
            parts.iter().all(|part| is_searched(part, field))
        }
        _ => false,
    }
}

fn collect<'a>(expression: &'a Expression, pieces: &mut Vec<&'a str>, has_phrases: &mut bool) {
    match expression {
        Expression::Like(_, pattern) => {
            if let Pattern::Contains(piece) = &**pattern {
                pieces.push(piece);
            }
        }
        Expression::ContainsAny(..) => *has_phrases = true,
        _ => {}
    }
    expression.for_each_operand(|operand| collect(operand, pieces, has_phrases));
}

/// Sets of what was found, numbered in the order in which they are met.
struct KeyTable {
    words: usize,
    sets: Vec<u64>,
    table: HashTable<u32>,
    last: Option<u32>,
}

impl KeyTable {
    fn new(words: usize) -> Self {
        Self {
            words,
            sets: Vec::new(),
            table: HashTable::new(),
            last: None,
        }
    }

    fn set(&self, key: u32) -> &[u64] {
        &self.sets[key as usize * self.words..][..self.words]
    }

    fn key(&mut self, found: &[u64]) -> u32 {
        let words = self.words;
        let sets = &self.sets;
        let set = |key: u32| &sets[key as usize * words..][..words];
        if let Some(last) = self.last.filter(|last| set(*last) == found) {
            return last;
        }
        let hasher = FixedState::default();
        let hash = hasher.hash_one(found);
        let known = self.table.find(hash, |key| set(*key) == found).copied();
        let key = known.unwrap_or_else(|| {
            let key = u32::try_from(self.sets.len() / words).expect("fewer keys than texts");
            self.sets.extend_from_slice(found);
            let sets = &self.sets;
            self.table.insert_unique(hash, key, |key| {
                hasher.hash_one(&sets[*key as usize * words..][..words])
            });
            key
        });
        self.last = Some(key);
        key
    }
}
