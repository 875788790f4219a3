//! Texts of a column, each distinct one held once.

use crate::batch::{NULL_CODE, Pool, TextColumn};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::sync::Arc;

/// Collects a text column value by value.
#[derive(Debug, Default)]
pub struct Interner {
    table: HashTable<u32>,
    pool: Pool,
    codes: Vec<u32>,
    hasher: FixedState,
}

impl Interner {
    /// Adds a value, or NULL.
    pub fn push(&mut self, text: Option<&str>) {
        let code = text.map_or(NULL_CODE, |text| self.code(text));
        self.codes.push(code);
    }

    fn code(&mut self, text: &str) -> u32 {
        // Neighbors often agree: lines of an entry share most of their columns.
        if let Some(last) = self.codes.last()
            && *last != NULL_CODE
            && self.pool.get(*last) == text
        {
            return *last;
        }
        let hash = self.hasher.hash_one(text);
        let pool = &mut self.pool;
        if let Some(code) = self.table.find(hash, |code| pool.get(*code) == text) {
            return *code;
        }
        let code = pool.push(text);
        let hasher = &self.hasher;
        self.table.insert_unique(hash, code, |code| hasher.hash_one(pool.get(*code)));
        code
    }

    /// The column.
    pub fn finish(self) -> TextColumn {
        TextColumn { codes: self.codes, pool: Arc::new(self.pool) }
    }
}

impl<'a> FromIterator<Option<&'a str>> for TextColumn {
    fn from_iter<T: IntoIterator<Item = Option<&'a str>>>(texts: T) -> Self {
        let mut interner = Interner::default();
        texts.into_iter().for_each(|text| interner.push(text));
        interner.finish()
    }
}
