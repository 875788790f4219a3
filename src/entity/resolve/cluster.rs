//! Pairs that look alike -> clusters that do not grow by chains.
//!
//! The best pair comes first. Two clusters are united only when every member of the one that moves is near the center of the
//! other: so A is not B because C resembles both. What is refused is kept, with its cause.

use super::block::Pair;
use super::compare::IdentifierLevel;
use super::compare::{Cause, Comparison, NEAR_SCORE, compare, conflict};
use super::overrides::Decisions;
use super::party::IdentifierKind;
use super::prepared::Prepared;
use std::collections::BTreeSet;

/// Pairs of nearly equal score are equally good, in tenths of a bit.
const NEARLY: i32 = 10;

/// What became of the pairs.
#[derive(Debug, Default)]
pub(super) struct Clustering {
    /// The cluster of each party: the position of one of its members.
    pub(super) cluster_of: Vec<u32>,
    /// The center of the cluster that is named so.
    pub(super) center: Vec<u32>,
    /// Pairs that united two clusters, in the order in which they did.
    pub(super) merges: Vec<Pair>,
    /// Pairs that did not.
    pub(super) refused: Vec<(Pair, Cause)>,
}

struct Clusters<'a> {
    all: &'a Prepared,
    n_lines: &'a [u64],
    decisions: &'a Decisions,
    cluster_of: Vec<u32>,
    members: Vec<Vec<u32>>,
    center: Vec<u32>,
    numbers: Vec<Vec<(IdentifierKind, u32)>>,
}

/// Unites what belongs together. `n_lines` says how often each party is named.
pub(super) fn cluster(
    all: &Prepared,
    n_lines: &[u64],
    pairs: Vec<Pair>,
    decisions: &Decisions,
) -> Clustering {
    let positions = 0..u32::try_from(all.parties.len()).expect("fewer than 4 billion parties");
    let mut clusters = Clusters {
        all,
        n_lines,
        decisions,
        cluster_of: positions.clone().collect(),
        members: positions.clone().map(|position| vec![position]).collect(),
        center: positions.collect(),
        numbers: all
            .parties
            .iter()
            .map(|party| party.exclusive().collect())
            .collect(),
    };
    let mut merges = Vec::new();
    let mut refused = Vec::new();
    for (left, right) in &decisions.same {
        if clusters.cluster_of[*left as usize] != clusters.cluster_of[*right as usize] {
            let score = clusters.compare(*left, *right).score;
            clusters.unite(*left, *right);
            merges.push(Pair {
                left: *left,
                right: *right,
                score,
                merges: true,
            });
        }
    }
    let is_bare = |position: u32| all.parties[position as usize].is_bare();
    let mut plain = Vec::new();
    let mut half_bare = Vec::new();
    for pair in pairs {
        if !pair.merges {
            let cause = clusters.compare(pair.left, pair.right).cause;
            refused.extend(cause.map(|cause| (pair, cause)));
        } else if is_bare(pair.left) == is_bare(pair.right) {
            plain.push(pair);
        } else {
            half_bare.push(pair);
        }
    }
    plain.sort_unstable_by_key(|pair| (-pair.score, pair.left, pair.right));
    for pair in plain {
        clusters.settle(pair, &mut merges, &mut refused);
    }
    // A name or a number alone joins the one cluster that it fits, and none where it fits several.
    let bare_of = |pair: &Pair| match is_bare(pair.left) {
        true => (pair.left, pair.right),
        false => (pair.right, pair.left),
    };
    half_bare.sort_unstable_by_key(|pair| (bare_of(pair).0, -pair.score, bare_of(pair).1));
    for of_party in half_bare.chunk_by(|one, next| bare_of(one).0 == bare_of(next).0) {
        let n_best = of_party.partition_point(|pair| pair.score + NEARLY >= of_party[0].score);
        let fits: BTreeSet<u32> = of_party[..n_best]
            .iter()
            .map(|pair| clusters.cluster_of[bare_of(pair).1 as usize])
            .collect();
        for (place, pair) in of_party.iter().enumerate() {
            match fits.len() == 1 && place < n_best {
                true => clusters.settle(*pair, &mut merges, &mut refused),
                false => refused.push((*pair, Cause::Ambiguous)),
            }
        }
    }
    // What was united in the end by another pair was not refused.
    refused.retain(|(pair, _)| {
        clusters.cluster_of[pair.left as usize] != clusters.cluster_of[pair.right as usize]
    });
    refused.sort_unstable_by_key(|(pair, cause)| (-pair.score, pair.left, pair.right, *cause));
    Clustering {
        cluster_of: clusters.cluster_of,
        center: clusters.center,
        merges,
        refused,
    }
}

impl Clusters<'_> {
    fn compare(&self, left: u32, right: u32) -> Comparison {
        let parties = &self.all.parties;
        compare(self.all, &parties[left as usize], &parties[right as usize])
    }

    fn settle(&mut self, pair: Pair, merges: &mut Vec<Pair>, refused: &mut Vec<(Pair, Cause)>) {
        let [left, right] = [pair.left, pair.right].map(|party| self.cluster_of[party as usize]);
        if left == right {
            return;
        }
        match self.why_not(left, right) {
            Some(cause) => refused.push((pair, cause)),
            None => {
                self.unite(pair.left, pair.right);
                merges.push(pair);
            }
        }
    }

    /// Why two clusters cannot be one.
    fn why_not(&self, left: u32, right: u32) -> Option<Cause> {
        if self.is_decided_apart(left, right) {
            return Some(Cause::Decided);
        }
        for (kind, value) in &self.numbers[left as usize] {
            let others = self.numbers[right as usize]
                .iter()
                .filter(|(other, _)| other == kind);
            for (_, other) in others.filter(|(_, other)| other != value) {
                if matches!(
                    conflict(self.all, *kind, *value, *other),
                    IdentifierLevel::Conflict(_)
                ) {
                    return Some(Cause::TwoNumbersInCluster);
                }
            }
        }
        let is_near = |(stays, moves): (u32, u32)| {
            let center = self.center[stays as usize];
            self.members[moves as usize].iter().all(|member| {
                let comparison = self.compare(center, *member);
                comparison.cause.is_none() && comparison.score >= NEAR_SCORE
            })
        };
        let (stays, moves) = match self.weight(self.center[left as usize])
            < self.weight(self.center[right as usize])
        {
            true => (right, left),
            false => (left, right),
        };
        (!is_near((stays, moves)) && !is_near((moves, stays))).then_some(Cause::FarFromCenter)
    }

    fn is_decided_apart(&self, left: u32, right: u32) -> bool {
        let (small, large) =
            match self.members[left as usize].len() < self.members[right as usize].len() {
                true => (left, right),
                false => (right, left),
            };
        self.members[small as usize].iter().any(|member| {
            let apart = self.decisions.apart_from(*member);
            apart
                .iter()
                .any(|other| self.cluster_of[*other as usize] == large)
        })
    }

    /// What makes a center: more than a name is known of it, its name is the usual one, it says most of itself, it is named
    /// most, it comes first.
    fn weight(&self, position: u32) -> (bool, u32, usize, u64, std::cmp::Reverse<u32>) {
        let party = &self.all.parties[position as usize];
        let said = party.identifiers.len() + usize::from(party.has_address());
        (
            !party.is_bare(),
            self.all.n_namesakes[position as usize],
            said,
            self.n_lines[position as usize],
            std::cmp::Reverse(position),
        )
    }

    fn unite(&mut self, left: u32, right: u32) {
        let [left, right] = [left, right].map(|party| self.cluster_of[party as usize]);
        let (large, small) =
            match self.members[left as usize].len() < self.members[right as usize].len() {
                true => (right, left),
                false => (left, right),
            };
        let moved = std::mem::take(&mut self.members[small as usize]);
        for member in &moved {
            self.cluster_of[*member as usize] = large;
        }
        self.members[large as usize].extend(moved);
        let numbers = std::mem::take(&mut self.numbers[small as usize]);
        self.numbers[large as usize].extend(numbers);
        self.numbers[large as usize].sort_unstable();
        self.numbers[large as usize].dedup();
        let (one, other) = (self.center[large as usize], self.center[small as usize]);
        self.center[large as usize] = if self.weight(other) > self.weight(one) {
            other
        } else {
            one
        };
    }
}
