//! The shortest way between two entities over what they share.

use super::link::{LinkValue, Tie};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One step: two entities and what both are seen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The value, by position in [`super::Network::values`].
    pub value: u32,
    /// The entity that the step leaves, and its first line with the value.
    pub from: Tie,
    /// The entity that it reaches.
    pub to: Tie,
}

/// The shortest ways from one entity to all that it is linked with.
#[derive(Debug)]
pub struct Ways {
    from: u32,
    /// The last step to each entity.
    last: BTreeMap<u32, Step>,
}

/// Searches breadth first; of equally short ways the one over the strongest kinds, then the first by value.
pub(super) fn ways(values: &[LinkValue], values_of: &[Vec<u32>], from: u32) -> Ways {
    let mut last: BTreeMap<u32, Step> = BTreeMap::new();
    let mut used: BTreeSet<u32> = BTreeSet::new();
    let mut open = VecDeque::from([from]);
    while let Some(cluster) = open.pop_front() {
        for position in &values_of[cluster as usize] {
            let ties = &values[*position as usize].ties;
            let own = ties.iter().find(|tie| tie.cluster == cluster);
            let Some(own) = own.filter(|_| used.insert(*position)) else {
                continue;
            };
            for tie in ties {
                if tie.cluster != from && !last.contains_key(&tie.cluster) {
                    let step = Step {
                        value: *position,
                        from: *own,
                        to: *tie,
                    };
                    last.insert(tie.cluster, step);
                    open.push_back(tie.cluster);
                }
            }
        }
    }
    Ways { from, last }
}

impl Ways {
    /// The way to an entity; none where there is no way, no step where it is the one they start from.
    pub fn to(&self, mut cluster: u32) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        while cluster != self.from {
            let step = *self.last.get(&cluster)?;
            steps.push(step);
            cluster = step.from.cluster;
        }
        steps.reverse();
        Some(steps)
    }
}
