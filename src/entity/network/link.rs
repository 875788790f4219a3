//! What entities share, and how many share it.

use super::observe::{Observations, Place};
use crate::entity::resolve::{
    IdentifierKind, NO_PARTY, Party, PartyRole, Resolution, address_parts, name_parts,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What links two entities, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The same number.
    Identifier,
    /// The same contact, as a keyed hash.
    Contact,
    /// The same street address.
    Address,
    /// Fish of the same vessel.
    Vessel,
    /// Goods for the same consignee.
    Consignee,
}

impl LinkKind {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Contact => "contact",
            Self::Address => "address",
            Self::Vessel => "vessel",
            Self::Consignee => "consignee",
        }
    }

    /// Entities that may share one value. Beyond it the value is a hub (an agent's address, a broker's telephone, a large
    /// buyer) and links nobody. The weaker the kind, the lower the cap.
    pub fn most_entities(self) -> usize {
        match self {
            Self::Identifier | Self::Contact => 8,
            Self::Address | Self::Vessel => 6,
            Self::Consignee => 4,
        }
    }
}

/// Entities that one group may have: a value that would make it larger links nobody.
pub const MOST_IN_GROUP: usize = 50;

/// Vessels, and consignees, that an entity may be seen with.
pub const MOST_VALUES: usize = 12;

/// An entity that is seen with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The cluster.
    pub cluster: u32,
    /// Lines on which both are seen.
    pub n_lines: u64,
    /// The first of them.
    pub first: Place,
}

/// A value, and the entities that are seen with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkValue {
    /// What it is.
    pub kind: LinkKind,
    /// The value as people read it: `employer_number:99-0000012`, an address in normal form, the id of a cluster.
    pub value: String,
    /// The entities, in ascending order of cluster.
    pub ties: Vec<Tie>,
}

/// Why a value links nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HubCause {
    /// More entities share it than the cap of its kind.
    TooMany,
    /// Its name says that it forwards, clears or finances goods of others.
    Agent,
    /// An entity that is seen with more than [`MOST_VALUES`] vessels or consignees: a large buyer or seller. By these it is linked
    /// with nobody.
    EntityWithMany,
    /// The group would be larger than [`MOST_IN_GROUP`].
    GroupTooLarge,
}

impl HubCause {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooMany => "too_many",
            Self::Agent => "agent",
            Self::EntityWithMany => "entity_with_many",
            Self::GroupTooLarge => "group_too_large",
        }
    }
}

/// A value that links nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// What it is.
    pub kind: LinkKind,
    /// The value.
    pub value: String,
    /// Entities that share it; for an entity with many, how many it is seen with.
    pub n_entities: usize,
    /// Their lines with it.
    pub n_lines: u64,
    /// Why.
    pub cause: HubCause,
}

impl LinkValue {
    pub(super) fn as_hub(&self, cause: HubCause) -> Hub {
        Hub {
            kind: self.kind,
            value: self.value.clone(),
            n_entities: self.ties.len(),
            n_lines: self.ties.iter().map(|tie| tie.n_lines).sum(),
            cause,
        }
    }
}

/// Words by which forwarders, customs brokers, carriers and banks are known.
const AGENT_WORDS: &[&str] = &[
    "aduana",
    "aduanal",
    "aduanales",
    "aduanero",
    "agente",
    "bank",
    "banco",
    "brokerage",
    "broker",
    "brokers",
    "cargo",
    "carrier",
    "courier",
    "customs",
    "expeditors",
    "express",
    "forwarder",
    "forwarders",
    "forwarding",
    "freight",
    "logistic",
    "logistica",
    "logistics",
    "nvocc",
    "shipping",
    "transport",
    "transportes",
];

/// Whether a name says that the party handles goods of others.
fn is_agent(name: &str) -> bool {
    let parts = name_parts(name);
    parts
        .words
        .iter()
        .any(|word| AGENT_WORDS.contains(&word.as_str()))
}

type Ties = BTreeMap<(LinkKind, String), BTreeMap<u32, Tie>>;

/// Every value that links entities, the strongest kinds and the values with fewest entities first; and the hubs.
pub(super) fn values(
    parties: &[Party],
    found: &Resolution,
    seen: &Observations,
) -> (Vec<LinkValue>, Vec<Hub>) {
    let mut ties = Ties::new();
    let cluster_of = |party: u32| found.cluster_of[party as usize];
    let own = own_values(parties);
    for sighting in &seen.sightings {
        let mut add = |kind: LinkKind, value: &str, party: u32| {
            let of_value = ties.entry((kind, value.to_owned())).or_default();
            let tie = of_value.entry(cluster_of(party)).or_insert(Tie {
                cluster: cluster_of(party),
                n_lines: 0,
                first: sighting.first,
            });
            tie.n_lines += sighting.n_lines;
            tie.first = tie.first.min(sighting.first);
        };
        for party in sighting
            .parties
            .into_iter()
            .filter(|party| *party != NO_PARTY)
        {
            for (kind, value) in &own[party as usize] {
                add(*kind, value, party);
            }
        }
        // A telephone on a filing is that of the importer, else of the consignee.
        let reached = sighting
            .party(PartyRole::Importer)
            .or(sighting.party(PartyRole::Consignee));
        for contact in seen.contacts(sighting) {
            reached
                .iter()
                .for_each(|party| add(LinkKind::Contact, contact, *party));
        }
        for (kind, role) in [
            (LinkKind::Vessel, PartyRole::HarvestVessel),
            (LinkKind::Consignee, PartyRole::Consignee),
        ] {
            let Some(shared) = sighting.party(role) else {
                continue;
            };
            let id = &found.clusters[cluster_of(shared) as usize].id;
            for role in [
                role,
                PartyRole::Importer,
                PartyRole::Shipper,
                PartyRole::Manufacturer,
                PartyRole::Seller,
            ] {
                sighting
                    .party(role)
                    .iter()
                    .for_each(|party| add(kind, id, *party));
            }
        }
    }
    settle(parties, found, ties)
}

/// The numbers and the street address of each party.
fn own_values(parties: &[Party]) -> Vec<Vec<(LinkKind, String)>> {
    let of_party = |party: &Party| {
        let numbers = party
            .identifiers
            .iter()
            .filter(|number| number.kind != IdentifierKind::Other);
        let mut own: Vec<_> = numbers
            .map(|number| {
                (
                    LinkKind::Identifier,
                    format!("{}:{}", number.kind.as_str(), number.value),
                )
            })
            .collect();
        let address = address_parts(&party.address);
        // A town or a street is no address.
        if !address.numbers.is_empty() && !address.words.is_empty() {
            own.push((LinkKind::Address, address.normal_form()));
        }
        own
    };
    parties.iter().map(of_party).collect()
}

fn settle(parties: &[Party], found: &Resolution, ties: Ties) -> (Vec<LinkValue>, Vec<Hub>) {
    let mut agents: Vec<&str> = found
        .clusters
        .iter()
        .filter(|cluster| is_agent(&parties[cluster.center as usize].name))
        .map(|cluster| cluster.id.as_str())
        .collect();
    agents.sort_unstable();
    let all = ties.into_iter().map(|((kind, value), ties)| LinkValue {
        kind,
        value,
        ties: ties.into_values().collect(),
    });
    let all: Vec<LinkValue> = all.filter(|value| value.ties.len() > 1).collect();
    let (large, mut hubs) = entities_with_many(found, &all);
    let mut values = Vec::new();
    for mut value in all {
        if value.kind == LinkKind::Consignee && agents.binary_search(&value.value.as_str()).is_ok()
        {
            hubs.push(value.as_hub(HubCause::Agent));
        } else if value.ties.len() > value.kind.most_entities() {
            hubs.push(value.as_hub(HubCause::TooMany));
        } else {
            value
                .ties
                .retain(|tie| !large.contains(&(value.kind, tie.cluster)));
            if value.ties.len() > 1 {
                values.push(value);
            }
        }
    }
    values.sort_by(|left, right| {
        (left.kind, left.ties.len(), &left.value).cmp(&(right.kind, right.ties.len(), &right.value))
    });
    (values, hubs)
}

/// Entities that are seen with many vessels or many consignees, by kind; each is a hub itself.
fn entities_with_many(
    found: &Resolution,
    all: &[LinkValue],
) -> (BTreeSet<(LinkKind, u32)>, Vec<Hub>) {
    let mut seen_with: BTreeMap<(LinkKind, u32), (usize, u64)> = BTreeMap::new();
    for value in all
        .iter()
        .filter(|value| matches!(value.kind, LinkKind::Vessel | LinkKind::Consignee))
    {
        for tie in &value.ties {
            let (n_values, n_lines) = seen_with.entry((value.kind, tie.cluster)).or_default();
            *n_values += 1;
            *n_lines += tie.n_lines;
        }
    }
    seen_with.retain(|_, (n_values, _)| *n_values > MOST_VALUES);
    let hub = |((kind, cluster), (n_values, n_lines)): (&(LinkKind, u32), &(usize, u64))| Hub {
        kind: *kind,
        value: found.clusters[*cluster as usize].id.clone(),
        n_entities: *n_values,
        n_lines: *n_lines,
        cause: HubCause::EntityWithMany,
    };
    let hubs = seen_with.iter().map(hub).collect();
    (seen_with.into_keys().collect(), hubs)
}
