//! Sets of rules, each different set held once.

use crate::rules::RuleId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::sync::Arc;

/// A set of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HitSetId(pub u32);

/// Sets of rules by number; number 0 is the empty set.
#[derive(Clone, Debug)]
pub struct HitSets {
    sets: Vec<Arc<[RuleId]>>,
    known: HashMap<Arc<[RuleId]>, HitSetId, FixedState>,
    unions: HashMap<(HitSetId, HitSetId), HitSetId, FixedState>,
}

impl Default for HitSets {
    fn default() -> Self {
        let mut sets = Self {
            sets: Vec::new(),
            known: HashMap::default(),
            unions: HashMap::default(),
        };
        sets.intern(&[]);
        sets
    }
}

impl HitSets {
    /// The number of a set that is sorted.
    pub fn intern(&mut self, set: &[RuleId]) -> HitSetId {
        if let Some(id) = self.known.get(set) {
            return *id;
        }
        let id = HitSetId(
            u32::try_from(self.sets.len()).expect("fewer than 4 billion different sets of hits"),
        );
        let set: Arc<[RuleId]> = set.into();
        self.sets.push(Arc::clone(&set));
        self.known.insert(set, id);
        id
    }

    /// The rules of a set, ascending.
    pub fn get(&self, id: HitSetId) -> &[RuleId] {
        &self.sets[id.0 as usize]
    }

    /// The union of two sets.
    pub fn union(&mut self, left: HitSetId, right: HitSetId) -> HitSetId {
        if left == right || right == HitSetId(0) {
            return left;
        }
        if left == HitSetId(0) {
            return right;
        }
        if let Some(id) = self.unions.get(&(left, right)) {
            return *id;
        }
        let mut both: Vec<_> = self
            .get(left)
            .iter()
            .chain(self.get(right))
            .copied()
            .collect();
        both.sort_unstable();
        both.dedup();
        let id = self.intern(&both);
        self.unions.insert((left, right), id);
        id
    }
}
