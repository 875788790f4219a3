//! Clusters -> who is linked with whom, and by what.
//!
//! Two entities are linked by what both are seen with: an address, a number, a contact, a harvest vessel, a consignee. What
//! many share links nobody (`link.rs` has the caps). Links are context for people: no line, shipment or entity gains a point
//! by them. Read `link.rs`, then `group.rs`, `path.rs` and `flags.rs`.

mod flags;
mod group;
mod link;
mod observe;
mod path;

pub use flags::{Basis, Flag, OfCluster, flags};
pub use group::{Group, GroupMember};
pub use link::{Hub, HubCause, LinkKind, LinkValue, MOST_IN_GROUP, MOST_VALUES, Tie};
pub use observe::{ALSO, Observations, Place, Sighting};
pub use path::{Step, Ways};

use crate::entity::resolve::{Party, Resolution};

/// Links between the clusters of a resolution.
#[derive(Debug, Default)]
pub struct Network {
    /// What links entities, by kind and value; only what links two at least.
    pub values: Vec<LinkValue>,
    /// What too many share.
    pub hubs: Vec<Hub>,
    /// Groups of linked entities, those with most red lines first, then yellow, then lines.
    pub groups: Vec<Group>,
    /// The group of each cluster; none where it stands alone.
    pub group_of: Vec<Option<u32>>,
    /// The values that each cluster is tied to.
    values_of: Vec<Vec<u32>>,
}

/// Links clusters by what their lines share.
///
/// The result depends on the content of the lines only, not on their order.
pub fn network(parties: &[Party], found: &Resolution, seen: &Observations) -> Network {
    let (mut values, mut hubs) = link::values(parties, found, seen);
    let mut joined = group::Joined::new(found.clusters.len());
    values.retain(|value| {
        let is_joined = joined.unite(value);
        if !is_joined {
            hubs.push(value.as_hub(HubCause::GroupTooLarge));
        }
        is_joined
    });
    hubs.sort_by(|left, right| (left.kind, &left.value).cmp(&(right.kind, &right.value)));
    values.sort_by(|left, right| (left.kind, &left.value).cmp(&(right.kind, &right.value)));
    let mut values_of: Vec<Vec<u32>> = vec![Vec::new(); found.clusters.len()];
    for (position, value) in (0..).zip(&values) {
        for tie in &value.ties {
            values_of[tie.cluster as usize].push(position);
        }
    }
    let (groups, group_of) = group::groups(&joined, found, seen);
    Network {
        values,
        hubs,
        groups,
        group_of,
        values_of,
    }
}

impl Network {
    /// The shortest ways from a cluster to all that it is linked with, over what they share.
    pub fn ways(&self, from: u32) -> Ways {
        path::ways(&self.values, &self.values_of, from)
    }
}
