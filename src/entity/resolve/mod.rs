//! Parties -> clusters: which names, addresses and numbers stand for one firm, person or vessel.
//!
//! ```text
//! parties -> prepare (normal forms) -> pairs (blocks, compared) -> cluster (united, or refused with a cause)
//! ```
//!
//! What comes in: parties as filings name them (`collect` reads them from batches), and what people decided before
//! ([`Overrides`]). What goes out: a [`Resolution`], the same for any order of the parties and any number of threads. Nothing
//! here says that a party is risky: a name serves identity only. Read `compare.rs` for what counts as evidence.

mod address;
mod align;
mod block;
mod business_words;
mod cluster;
mod collect;
mod compare;
mod compare_names;
mod compare_places;
mod compare_vessels;
mod legal_form;
mod listed;
mod mid;
mod name;
mod overrides;
mod party;
mod prepared;
mod reasons;
mod similarity;
mod vocabulary;

pub use address::{AddressParts, address_parts};
pub use collect::{NO_PARTY, PARTY_FIELDS, PartiesOfBatch, PartyCollector};
pub use compare::{
    AddressLevel, Cause, Comparison, IdentifierLevel, MERGE_SCORE, NEAR_SCORE, NameLevel,
};
pub use compare_places::HUB_NAMES;
pub use legal_form::LegalForm;
pub use listed::{Near, near, read_listed};
pub use mid::{MidAgreement, MidCheck, check_mid};
pub use name::{NameParts, name_parts};
pub use overrides::{Override, Overrides, read_overrides};
pub use party::{Identifier, IdentifierKind, Party, PartyRole};
pub use reasons::reasons;

use crate::error::{Error, ErrorKind};
use cluster::Clustering;
use overrides::Decisions;

/// Which parties are one, and why. Positions are those of the parties that were given.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// The id of each party: `P-` and 12 hex digits of BLAKE3 of its content. A masked number is left out of it.
    pub party_ids: Vec<String>,
    /// The cluster of each party, as a position in `clusters`.
    pub cluster_of: Vec<u32>,
    /// The clusters, those with most lines first.
    pub clusters: Vec<Cluster>,
    /// The merges that made them.
    pub merges: Vec<Merge>,
    /// The pairs that look alike and were not merged.
    pub refused: Vec<Refusal>,
    /// Lines of the file of decisions whose parties are not among those given.
    pub unused_overrides: Vec<u64>,
}

/// Parties that are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// `C-` and the digits of the id of its first member by content: it does not depend on files, rows or their order.
    pub id: String,
    /// Positions of its members, in the order of their content.
    pub members: Vec<u32>,
    /// The member that the others are close to.
    pub center: u32,
    /// Lines of all members.
    pub n_lines: u64,
}

/// Two parties that were made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// One party.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// Why.
    pub comparison: Comparison,
    /// A person decided so.
    pub is_decided: bool,
}

/// Two parties that look alike and stay two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// One party.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// What speaks for a merge.
    pub comparison: Comparison,
    /// What forbids it.
    pub cause: Cause,
}

/// Finds out which parties are one.
///
/// The result depends on the content of the parties and on the overrides only; parties of equal content are one.
///
/// # Missing values
/// A party without a name is compared by its numbers. Missing addresses, countries and numbers are no evidence.
///
/// # Errors
/// When the overrides say of one pair, straight or through others, that it is the same and that it is not.
pub fn resolve(parties: &[Party], overrides: &Overrides) -> Result<Resolution, Error> {
    let mut order: Vec<usize> = (0..parties.len()).collect();
    order.sort_by(|left, right| parties[*left].content().cmp(&parties[*right].content()));
    let sorted: Vec<&Party> = order.iter().map(|position| &parties[*position]).collect();
    let ids = party_ids(&sorted);
    let decisions = Decisions::find(overrides, &sorted, &ids);
    if !decisions.contradictory.is_empty() {
        let lines: Vec<String> = decisions.contradictory.iter().map(u64::to_string).collect();
        let message = format!(
            "the decisions contradict each other: what line {} parts is the same by other lines",
            lines.join(", ")
        );
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let prepared = prepared::prepare(&sorted);
    let pairs = block::pairs(&prepared);
    let n_lines: Vec<u64> = sorted.iter().map(|party| party.n_lines).collect();
    let clustering = cluster::cluster(&prepared, &n_lines, pairs, &decisions);
    Ok(finish(
        &order,
        ids,
        &prepared,
        &n_lines,
        &clustering,
        &decisions,
    ))
}

/// Puts what was found in terms of the parties that were given.
fn finish(
    order: &[usize],
    ids: Vec<String>,
    prepared: &prepared::Prepared,
    n_lines: &[u64],
    clustering: &Clustering,
    decisions: &Decisions,
) -> Resolution {
    let given = |sorted: u32| u32::try_from(order[sorted as usize]).expect("fewer than 4 billion");
    let compare = |left: u32, right: u32| {
        let parties = &prepared.parties;
        compare::compare(prepared, &parties[left as usize], &parties[right as usize])
    };
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); order.len()];
    for (sorted, cluster) in (0..).zip(&clustering.cluster_of) {
        members[*cluster as usize].push(sorted);
    }
    let mut clusters: Vec<Cluster> = members
        .into_iter()
        .enumerate()
        .filter(|(_, members)| !members.is_empty())
        .map(|(name, members)| Cluster {
            id: ids[members[0] as usize].replacen('P', "C", 1),
            center: given(clustering.center[name]),
            n_lines: members.iter().map(|member| n_lines[*member as usize]).sum(),
            members: members.into_iter().map(given).collect(),
        })
        .collect();
    clusters.sort_by(|left, right| (right.n_lines, &left.id).cmp(&(left.n_lines, &right.id)));
    let mut cluster_of = vec![0; order.len()];
    for (position, cluster) in (0..).zip(&clusters) {
        for member in &cluster.members {
            cluster_of[*member as usize] = position;
        }
    }
    let mut party_ids = vec![String::new(); order.len()];
    for (id, position) in ids.into_iter().zip(order) {
        party_ids[*position] = id;
    }
    let n_decided = clustering.merges.len().min(
        clustering
            .merges
            .iter()
            .take_while(|pair| decisions.same.contains(&(pair.left, pair.right)))
            .count(),
    );
    let merge = |(place, pair): (usize, &block::Pair)| Merge {
        left: given(pair.left),
        right: given(pair.right),
        comparison: compare(pair.left, pair.right),
        is_decided: place < n_decided,
    };
    let refusal = |(pair, cause): &(block::Pair, Cause)| Refusal {
        left: given(pair.left),
        right: given(pair.right),
        comparison: compare(pair.left, pair.right),
        cause: *cause,
    };
    Resolution {
        party_ids,
        cluster_of,
        clusters,
        merges: clustering.merges.iter().enumerate().map(merge).collect(),
        refused: clustering.refused.iter().map(refusal).collect(),
        unused_overrides: decisions.unused.clone(),
    }
}

/// The ids of parties in the order of their content; parties that differ by a masked number alone are numbered.
fn party_ids(sorted: &[&Party]) -> Vec<String> {
    let mut ids: Vec<String> = sorted.iter().map(|party| party_id(party)).collect();
    let mut seen = hashbrown::HashMap::<String, u32, foldhash::fast::FixedState>::default();
    for id in &mut ids {
        let n_before = seen.entry(id.clone()).or_default();
        *n_before += 1;
        if *n_before > 1 {
            *id = format!("{id}-{n_before}");
        }
    }
    ids
}

fn party_id(party: &Party) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0]);
    };
    add(party.role.as_str());
    add(&party.name);
    add(&party.address);
    add(&party.country);
    for identifier in &party.identifiers {
        if identifier.kind != IdentifierKind::MaskedNumber {
            add(identifier.kind.as_str());
            add(&identifier.value);
        }
    }
    let hash = hasher.finalize();
    format!("P-{}", &hash.to_hex()[..12])
}
