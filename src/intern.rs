//! Texts of a column, each distinct one held once.

use crate::batch::{NULL_CODE, Pool, TextColumn};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::sync::Arc;

/// Distinct texts and the code of each; 0 is no text.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    table: HashTable<u32>,
    pool: Pool,
    hasher: FixedState,
}

impl Texts {
    /// The code of a text, the same for equal texts.
    pub fn code(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        let pool = &mut self.pool;
        if let Some(code) = self.table.find(hash, |code| pool.get(*code) == text) {
            return *code;
        }
        let code = pool.push(text);
        let hasher = &self.hasher;
        self.table
            .insert_unique(hash, code, |code| hasher.hash_one(pool.get(*code)));
        code
    }

    /// The text of a code; none for code 0.
    pub fn get(&self, code: u32) -> Option<&str> {
        (code != NULL_CODE).then(|| self.pool.get(code))
    }
}

/// Collects a text column value by value.
#[derive(Debug, Default)]
pub struct Interner {
    texts: Texts,
    codes: Vec<u32>,
}

impl Interner {
    /// Adds a value, or NULL.
    pub fn push(&mut self, text: Option<&str>) {
        // Neighbors often agree: lines of an entry share most of their columns.
        let last = self.codes.last().copied().unwrap_or(NULL_CODE);
        let code = match text {
            None => NULL_CODE,
            Some(text) if self.texts.get(last) == Some(text) => last,
            Some(text) => self.texts.code(text),
        };
        self.codes.push(code);
    }

    /// The column.
    pub fn finish(self) -> TextColumn {
        TextColumn {
            codes: self.codes,
            pool: Arc::new(self.texts.pool),
        }
    }
}

impl<'a> FromIterator<Option<&'a str>> for TextColumn {
    fn from_iter<T: IntoIterator<Item = Option<&'a str>>>(texts: T) -> Self {
        let mut interner = Interner::default();
        texts.into_iter().for_each(|text| interner.push(text));
        interner.finish()
    }
}
