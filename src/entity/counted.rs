//! What is counted already of an entity in a shipment, wherever the rows of both stand.
//!
//! Rows of a shipment mostly name one entity of a role. Then what was counted of it is what was found of the shipment, and
//! nothing is kept but its number. Only where a shipment names several is the account of each kept.

use super::keys::NONE;
use super::roll_up::{Line, Outcome};
use crate::select::{Found, HitSets};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Rows of a shipment name several entities of a role, or some of them none.
const SEVERAL: u32 = NONE - 1;

/// What was counted of an entity on earlier rows of a shipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// What rules found.
    pub(super) found: Found,
    /// The worst outcome.
    pub(super) outcome: Outcome,
}

/// What is counted of the entities of a role.
#[derive(Debug, Default)]
pub(super) struct CountedOfRole {
    /// For each shipment the entity that all its rows name so far, [`NONE`] or [`SEVERAL`].
    only: Vec<u32>,
    /// By shipment and entity, where there are several.
    of_several: HashMap<(u32, u32), Counted, FixedState>,
}

impl CountedOfRole {
    /// Makes room for shipments that no row of the role has come to yet.
    pub(super) fn grow(&mut self, n_shipments: usize) {
        self.only.resize(n_shipments, NONE);
    }

    /// Comes to a row, in input order, whatever it names; gives what was counted of its entity in its shipment.
    pub(super) fn visit(&mut self, entity: u32, line: &Line<'_>) -> Option<Counted> {
        let shipment = line.visit.id.0;
        let only = &mut self.only[shipment as usize];
        if line.visit.is_first {
            *only = entity;
            return None;
        }
        if *only == entity {
            return Some(line.before());
        }
        if *only != SEVERAL {
            // All rows before this one named it.
            if *only != NONE {
                self.of_several.insert((shipment, *only), line.before());
            }
            *only = SEVERAL;
        }
        self.of_several.get(&(shipment, entity)).copied()
    }

    /// Notes that a row is counted of its entity.
    pub(super) fn note(
        &mut self,
        entity: u32,
        line: &Line<'_>,
        before: Counted,
        hit_sets: &mut HitSets,
    ) {
        let shipment = line.visit.id.0;
        if self.only[shipment as usize] == SEVERAL {
            let after = Counted {
                found: line.found().with(before.found, hit_sets),
                outcome: line.outcome.max(before.outcome),
            };
            self.of_several.insert((shipment, entity), after);
        }
    }
}
