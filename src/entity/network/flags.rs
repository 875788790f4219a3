//! What links and lists ask of people: red flags about entities that add no points.
//!
//! Linked parties inherit no points, a name proves nothing, and whether a seller is at its address no line tells. So these red flags of the entity family (E-04, E-08 and E-11) are questions here, beside the lines at risk, and no active rules.

use super::Network;
use super::link::LinkKind;
use super::observe::Observations;
use crate::entity::resolve::{Comparison, NO_PARTY, Near, PartyRole, Resolution};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A red flag about an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The entity.
    pub cluster: u32,
    /// What it is.
    pub basis: Basis,
    /// The lines that name the entity.
    pub lines: OfCluster,
}

/// What a red flag rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// E-04: it shares a number or a contact, by position among the values, with another on whose lines something was found
    /// bad, and on its own nothing was.
    SharedWithViolator {
        /// The value.
        value: u32,
        /// Of those with bad lines the one with most.
        other: u32,
        /// The bad lines of the other.
        n_bad: u64,
    },
    /// E-08: it may be a listed party.
    NearListed {
        /// The position in the list.
        listed: u32,
        /// The party of the entity that is nearest.
        party: u32,
        /// Evidence in tenths of a bit.
        score: i32,
    },
    /// E-11: a seller with red lines that serves a few importers. Whether it is at its address is to be looked up.
    SellerOfSeveral {
        /// The importers.
        n_importers: u64,
        /// The red lines on which it is the seller.
        n_red: u64,
    },
}

impl Basis {
    /// The red flag by its number.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::SharedWithViolator { .. } => "E-04",
            Self::NearListed { .. } => "E-08",
            Self::SellerOfSeveral { .. } => "E-11",
        }
    }

    /// What to find out.
    pub fn question(&self) -> &'static str {
        match self {
            Self::SharedWithViolator { .. } => "Who runs these firms?",
            Self::NearListed { .. } => "Is this the listed party? Compare address and number.",
            Self::SellerOfSeveral { .. } => {
                "Who sold these goods? Look the seller up at its address."
            }
        }
    }
}

/// The lines that name an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfCluster {
    /// All.
    pub n_lines: u64,
    /// Those whose lane is yellow.
    pub n_yellow: u64,
    /// Those whose lane is red.
    pub n_red: u64,
    /// Those with a bad outcome.
    pub n_bad: u64,
}

/// How the value of a maker's code begins.
const MAKER_CODE: &str = "mid:";
/// Importers that a seller serves, at most, to be asked about: more have a trading house.
const MOST_IMPORTERS: usize = 6;

/// Finds the red flags: by their number, then those with most red lines, yellow ones, lines.
///
/// # Missing values
/// Without outcomes in the data there is no E-04, without a list no E-08, without sellers no E-11.
pub fn flags(
    found: &Resolution,
    seen: &Observations,
    network: &Network,
    near: &[Near],
) -> Vec<Flag> {
    let lines = lines_of_clusters(found, seen);
    let mut all = shared_with_violators(network, &lines);
    all.extend(near_listed(found, near));
    all.extend(sellers_of_several(found, seen));
    let mut all: Vec<Flag> = (all.into_iter())
        .map(|(cluster, basis)| Flag {
            cluster,
            basis,
            lines: lines[cluster as usize],
        })
        .collect();
    all.sort_by_cached_key(|flag| {
        let lines = flag.lines;
        let risk = Reverse((lines.n_red, lines.n_yellow, lines.n_lines));
        let id = found.clusters[flag.cluster as usize].id.clone();
        (flag.basis.rule(), risk, id, flag.basis)
    });
    all
}

/// The clusters that a line names, each once.
fn clusters_of(found: &Resolution, parties: &[u32]) -> BTreeSet<u32> {
    let named = parties.iter().filter(|party| **party != NO_PARTY);
    named
        .map(|party| found.cluster_of[*party as usize])
        .collect()
}

fn lines_of_clusters(found: &Resolution, seen: &Observations) -> Vec<OfCluster> {
    let mut lines = vec![OfCluster::default(); found.clusters.len()];
    for sighting in &seen.sightings {
        for cluster in clusters_of(found, &sighting.parties) {
            let of = &mut lines[cluster as usize];
            of.n_lines += sighting.n_lines;
            of.n_yellow += sighting.n_yellow;
            of.n_red += sighting.n_red;
            of.n_bad += sighting.n_bad;
        }
    }
    lines
}

fn shared_with_violators(network: &Network, lines: &[OfCluster]) -> Vec<(u32, Basis)> {
    let mut flags = Vec::new();
    for (value, shared) in (0..).zip(&network.values) {
        // A maker's code is made of name and address: E-07 asks where it stands for several.
        let is_code = shared.value.starts_with(MAKER_CODE);
        if is_code || !matches!(shared.kind, LinkKind::Identifier | LinkKind::Contact) {
            continue;
        }
        let bad = |cluster: u32| lines[cluster as usize].n_bad;
        let clusters = shared.ties.iter().map(|tie| tie.cluster);
        let worst = clusters
            .clone()
            .max_by_key(|cluster| (bad(*cluster), Reverse(*cluster)));
        let Some(other) = worst.filter(|other| bad(*other) > 0) else {
            continue;
        };
        let basis = Basis::SharedWithViolator {
            value,
            other,
            n_bad: bad(other),
        };
        flags.extend(
            clusters
                .filter(|cluster| bad(*cluster) == 0)
                .map(|cluster| (cluster, basis)),
        );
    }
    flags
}

/// Each entity with each listed party that it may be, by the nearest of its ways of writing.
fn near_listed(found: &Resolution, near: &[Near]) -> Vec<(u32, Basis)> {
    let mut best: BTreeMap<(u32, u32), (i32, Reverse<u32>)> = BTreeMap::new();
    for Near {
        party,
        listed,
        comparison: Comparison { score, .. },
    } in near
    {
        let pair = (found.cluster_of[*party as usize], *listed);
        let this = (*score, Reverse(*party));
        let known = best.entry(pair).or_insert(this);
        *known = this.max(*known);
    }
    let flag = |((cluster, listed), (score, Reverse(party)))| {
        (
            cluster,
            Basis::NearListed {
                listed,
                party,
                score,
            },
        )
    };
    best.into_iter().map(flag).collect()
}

/// Sellers by what was sold in their name: what else they did is another matter.
fn sellers_of_several(found: &Resolution, seen: &Observations) -> Vec<(u32, Basis)> {
    let mut sales: BTreeMap<u32, (BTreeSet<u32>, u64)> = BTreeMap::new();
    for sighting in &seen.sightings {
        let cluster = |role| Some(found.cluster_of[sighting.party(role)? as usize]);
        let Some(seller) = cluster(PartyRole::Seller) else {
            continue;
        };
        let (importers, n_red) = sales.entry(seller).or_default();
        importers.extend(cluster(PartyRole::Importer));
        *n_red += sighting.n_red;
    }
    let several = sales.into_iter().filter(|(_, (importers, n_red))| {
        (2..=MOST_IMPORTERS).contains(&importers.len()) && *n_red > 0
    });
    let flag = |(seller, (importers, n_red)): (u32, (BTreeSet<u32>, u64))| {
        let n_importers = importers.len() as u64;
        (seller, Basis::SellerOfSeveral { n_importers, n_red })
    };
    several.map(flag).collect()
}
