//! Groups of linked entities, with the lines of all of them.

use super::link::{LinkValue, MOST_IN_GROUP};
use super::observe::Observations;
use crate::entity::resolve::{NO_PARTY, Resolution};

/// Entities that are linked, straight or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `G-` and the digits of the first of its clusters by id.
    pub id: String,
    /// Its members, the one with most red lines first, then yellow, then lines.
    pub members: Vec<GroupMember>,
    /// Lines that name a member, each once.
    pub n_lines: u64,
    /// Those whose lane is yellow.
    pub n_yellow: u64,
    /// Those whose lane is red.
    pub n_red: u64,
}

/// A member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// The cluster.
    pub cluster: u32,
    /// Lines that name it.
    pub n_lines: u64,
    /// Those whose lane is yellow.
    pub n_yellow: u64,
    /// Those whose lane is red.
    pub n_red: u64,
}

/// Which clusters are linked.
#[derive(Debug)]
pub(super) struct Joined {
    parent: Vec<u32>,
    size: Vec<usize>,
}

impl Joined {
    pub(super) fn new(n_clusters: usize) -> Self {
        Self {
            parent: (0..).take(n_clusters).collect(),
            size: vec![1; n_clusters],
        }
    }

    fn root(&self, mut cluster: u32) -> u32 {
        while self.parent[cluster as usize] != cluster {
            cluster = self.parent[cluster as usize];
        }
        cluster
    }

    /// Links all that share a value, unless the group would be too large.
    pub(super) fn unite(&mut self, value: &LinkValue) -> bool {
        let mut roots: Vec<u32> = value
            .ties
            .iter()
            .map(|tie| self.root(tie.cluster))
            .collect();
        roots.sort_unstable();
        roots.dedup();
        let size: usize = roots.iter().map(|root| self.size[*root as usize]).sum();
        if size > MOST_IN_GROUP {
            return false;
        }
        let Some(largest) = roots
            .iter()
            .copied()
            .max_by_key(|root| (self.size[*root as usize], std::cmp::Reverse(*root)))
        else {
            return true;
        };
        for root in roots {
            self.parent[root as usize] = largest;
        }
        self.size[largest as usize] = size;
        true
    }
}

/// The groups of two and more, and the group of each cluster.
pub(super) fn groups(
    joined: &Joined,
    found: &Resolution,
    seen: &Observations,
) -> (Vec<Group>, Vec<Option<u32>>) {
    let n_clusters = found.clusters.len();
    let mut group_of_root: Vec<Option<u32>> = vec![None; n_clusters];
    let mut group_of: Vec<Option<u32>> = vec![None; n_clusters];
    let mut groups: Vec<Group> = Vec::new();
    for cluster in (0..).take(n_clusters) {
        let root = joined.root(cluster) as usize;
        if joined.size[root] < 2 {
            continue;
        }
        let group = *group_of_root[root].get_or_insert_with(|| {
            groups.push(Group {
                id: String::new(),
                members: Vec::new(),
                n_lines: 0,
                n_yellow: 0,
                n_red: 0,
            });
            u32::try_from(groups.len() - 1).expect("fewer than 4 billion")
        });
        group_of[cluster as usize] = Some(group);
        groups[group as usize].members.push(GroupMember {
            cluster,
            n_lines: 0,
            n_yellow: 0,
            n_red: 0,
        });
    }
    count(&mut groups, &group_of, found, seen);
    for group in &mut groups {
        let id = |member: &GroupMember| &found.clusters[member.cluster as usize].id;
        group.members.sort_by(|left, right| {
            let key = |member: &GroupMember| (member.n_red, member.n_yellow, member.n_lines);
            key(right)
                .cmp(&key(left))
                .then_with(|| id(left).cmp(id(right)))
        });
        let first = group
            .members
            .iter()
            .map(id)
            .min()
            .expect("a group has members");
        group.id = first.replacen('C', "G", 1);
    }
    let mut order: Vec<u32> = (0..).take(groups.len()).collect();
    order.sort_by(|left, right| {
        let [left, right] = [left, right].map(|position| &groups[*position as usize]);
        let key = |group: &Group| (group.n_red, group.n_yellow, group.n_lines);
        key(right)
            .cmp(&key(left))
            .then_with(|| left.id.cmp(&right.id))
    });
    let mut place_of = vec![0; groups.len()];
    for (place, position) in (0..).zip(&order) {
        place_of[*position as usize] = place;
    }
    group_of
        .iter_mut()
        .flatten()
        .for_each(|group| *group = place_of[*group as usize]);
    let sorted = order
        .iter()
        .map(|position| groups[*position as usize].clone())
        .collect();
    (sorted, group_of)
}

/// Counts the lines of members and groups, each line once.
fn count(groups: &mut [Group], group_of: &[Option<u32>], found: &Resolution, seen: &Observations) {
    let mut place_in_group = vec![0_usize; group_of.len()];
    for group in groups.iter() {
        for (place, member) in group.members.iter().enumerate() {
            place_in_group[member.cluster as usize] = place;
        }
    }
    for sighting in &seen.sightings {
        let parties = sighting
            .parties
            .into_iter()
            .filter(|party| *party != NO_PARTY);
        let mut clusters: Vec<u32> = parties
            .map(|party| found.cluster_of[party as usize])
            .collect();
        clusters.sort_unstable();
        clusters.dedup();
        let mut of_line: Vec<u32> = Vec::new();
        for cluster in clusters {
            let Some(group) = group_of[cluster as usize] else {
                continue;
            };
            let member = &mut groups[group as usize].members[place_in_group[cluster as usize]];
            member.n_lines += sighting.n_lines;
            member.n_yellow += sighting.n_yellow;
            member.n_red += sighting.n_red;
            of_line.push(group);
        }
        of_line.sort_unstable();
        of_line.dedup();
        for group in of_line {
            let group = &mut groups[group as usize];
            group.n_lines += sighting.n_lines;
            group.n_yellow += sighting.n_yellow;
            group.n_red += sighting.n_red;
        }
    }
}
