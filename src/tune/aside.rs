//! What tuning keeps beside evidence: hits of rules that are tried as bits, one a line, and shipments that are named.
//!
//! The bits keep the sets of hits few however many variants are tried, and no what-if reads the data again.

use super::evidence::PARTIES;
use crate::error::{Error, ErrorKind};
use crate::intern::Texts;
use crate::rules::RuleId;
use crate::select::key_hash;
use foldhash::fast::FixedState;
use hashbrown::HashSet;
use std::path::Path;

/// What is kept.
#[derive(Clone, Debug, Default)]
pub struct Aside {
    /// Shipment and line set of each line, in input order.
    pub lines: Vec<(u32, u32)>,
    /// The rules that are in no set of hits, ascending.
    pub apart: Vec<RuleId>,
    /// The lines that each of them hits.
    pub bits: Vec<Bits>,
    /// Positions of the shipments that were named, ascending.
    pub named: Vec<u32>,
    /// Who stands on the lines of shipments, in the order of [`PARTIES`]; nobody where that is not asked for.
    pub parties: [Parties; PARTIES.len()],
}

/// The parties of a role.
#[derive(Clone, Debug, Default)]
pub struct Parties {
    /// Their names or numbers, by code.
    pub names: Texts,
    /// Each shipment with each party on a line of it, ascending.
    pub seen: Vec<(u32, u32)>,
}

/// Lines, as bits.
#[derive(Clone, Debug, Default)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// Adds a line.
    pub fn set(&mut self, line: usize) {
        if self.0.len() <= line / 64 {
            self.0.resize(line / 64 + 1, 0);
        }
        self.0[line / 64] |= 1 << (line % 64);
    }

    /// Whether a line is among them.
    pub fn get(&self, line: usize) -> bool {
        let word = self.0.get(line / 64).copied().unwrap_or(0);
        word >> (line % 64) & 1 == 1
    }

    /// The lines, ascending.
    pub fn lines(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(position, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(position * 64 + bit)
            })
        })
    }
}

impl Aside {
    /// The lines that a rule kept apart hits; none for any other rule.
    pub fn bits_of(&self, rule: RuleId) -> Option<&Bits> {
        let position = self.apart.binary_search(&rule).ok()?;
        self.bits.get(position)
    }
}

/// Line ids and shipment keys, by their hashes.
#[derive(Clone, Debug, Default)]
pub struct Names(HashSet<u64, FixedState>);

impl Names {
    /// Reads a file with one name a line; blank lines count for nothing.
    ///
    /// # Errors
    /// When the file cannot be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "a small file of names, read whole"
    )]
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::at(ErrorKind::Input, path, "this file is not UTF-8 text"))?;
        Ok(text.lines().collect())
    }

    /// Whether a name is among them.
    pub fn has(&self, name: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&key_hash(name))
    }
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        let names = names.into_iter().map(str::trim);
        let named = names.filter(|name| !name.is_empty());
        Self(named.map(key_hash).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_give_back_the_lines_that_were_set() {
        let mut bits = Bits::default();
        let lines = [0, 1, 63, 64, 200, 1_000_000];
        lines.iter().for_each(|line| bits.set(*line));
        assert_eq!(bits.lines().collect::<Vec<_>>(), lines);
        assert!(bits.get(200) && !bits.get(201) && !bits.get(9_999_999));
    }
}
