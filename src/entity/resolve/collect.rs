//! Batches -> parties: each different one once, with the lines that name it.

use super::party::{Identifier, Party, PartyRole};
use crate::batch::{Batch, NULL_CODE};
use crate::entity::Role;
use crate::normalize::identity::is_container_number;
use crate::schema::{FieldId, field};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};
use std::borrow::Cow;
use std::hash::BuildHasher;

/// The fields that parties are read from.
pub const PARTY_FIELDS: &[FieldId] = &[
    field::IMPORTER_OF_RECORD_NUMBER,
    field::IMPORTER_NAME,
    field::IMPORTER_ADDRESS,
    field::CONSIGNEE_NUMBER,
    field::CONSIGNEE_NAME,
    field::CONSIGNEE_ADDRESS,
    field::CONSIGNEE_COUNTRY,
    field::SHIPPER_NAME,
    field::SHIPPER_ADDRESS,
    field::SHIPPER_CITY,
    field::SHIPPER_STATE,
    field::SHIPPER_COUNTRY,
    field::EXPORTER_RFC,
    field::MANUFACTURER_ID,
    field::MANUFACTURER_NAME,
    field::MANUFACTURER_ADDRESS,
    field::SELLER_NAME,
    field::SELLER_ADDRESS,
    field::BUYER_NAME,
    field::HARVEST_VESSEL_NAME,
    field::HARVEST_VESSEL_FLAG,
    field::HARVEST_VESSEL_IMO,
];

/// No party.
pub const NO_PARTY: u32 = u32::MAX;

/// Fields of one role, at most.
const MOST_FIELDS: usize = 6;

impl PartyRole {
    /// The fields that say something of the party, its name first.
    fn fields(self) -> &'static [FieldId] {
        match self {
            Self::Importer => &[
                field::IMPORTER_NAME,
                field::IMPORTER_ADDRESS,
                field::IMPORTER_OF_RECORD_NUMBER,
            ],
            Self::Consignee => &[
                field::CONSIGNEE_NAME,
                field::CONSIGNEE_ADDRESS,
                field::CONSIGNEE_COUNTRY,
                field::CONSIGNEE_NUMBER,
            ],
            Self::Shipper => &[
                field::SHIPPER_NAME,
                field::SHIPPER_ADDRESS,
                field::SHIPPER_CITY,
                field::SHIPPER_STATE,
                field::SHIPPER_COUNTRY,
                field::EXPORTER_RFC,
            ],
            Self::Manufacturer => &[
                field::MANUFACTURER_NAME,
                field::MANUFACTURER_ADDRESS,
                field::MANUFACTURER_ID,
            ],
            Self::Seller => &[field::SELLER_NAME, field::SELLER_ADDRESS],
            Self::Buyer => &[field::BUYER_NAME],
            Self::HarvestVessel => &[
                field::HARVEST_VESSEL_NAME,
                field::HARVEST_VESSEL_FLAG,
                field::HARVEST_VESSEL_IMO,
            ],
        }
    }

    /// The role in `entities`; buyers have none.
    fn entity_role(self) -> Option<Role> {
        match self {
            Self::Importer => Some(Role::Importer),
            Self::Consignee => Some(Role::Consignee),
            Self::Shipper => Some(Role::Shipper),
            Self::Manufacturer => Some(Role::Manufacturer),
            Self::Seller => Some(Role::Seller),
            Self::Buyer => None,
            Self::HarvestVessel => Some(Role::HarvestVessel),
        }
    }

    /// Reads the party of a row.
    fn read(self, batch: &Batch, row: usize) -> Option<Party> {
        let text = |id| batch.text_at(id, row).unwrap_or("");
        let name = text(self.fields()[0]);
        let (address, country, identifier) = match self {
            Self::Importer => (
                text(field::IMPORTER_ADDRESS).to_owned(),
                "",
                (
                    text(field::IMPORTER_OF_RECORD_NUMBER),
                    Identifier::importer as fn(&str) -> Identifier,
                ),
            ),
            Self::Consignee => (
                text(field::CONSIGNEE_ADDRESS).to_owned(),
                text(field::CONSIGNEE_COUNTRY),
                (text(field::CONSIGNEE_NUMBER), Identifier::importer as _),
            ),
            Self::Shipper => (
                joined(&[
                    text(field::SHIPPER_ADDRESS),
                    text(field::SHIPPER_CITY),
                    text(field::SHIPPER_STATE),
                ]),
                text(field::SHIPPER_COUNTRY),
                (text(field::EXPORTER_RFC), Identifier::rfc as _),
            ),
            Self::Manufacturer => (
                text(field::MANUFACTURER_ADDRESS).to_owned(),
                "",
                (text(field::MANUFACTURER_ID), Identifier::mid as _),
            ),
            Self::Seller => (
                text(field::SELLER_ADDRESS).to_owned(),
                "",
                ("", Identifier::rfc as _),
            ),
            Self::Buyer => (String::new(), "", ("", Identifier::rfc as _)),
            Self::HarvestVessel => (
                String::new(),
                text(field::HARVEST_VESSEL_FLAG),
                (text(field::HARVEST_VESSEL_IMO), Identifier::vessel as _),
            ),
        };
        let (number, read) = identifier;
        if (name.is_empty() && number.is_empty()) || is_to_order(name) {
            return None;
        }
        let key = self.entity_role().and_then(|role| role.key(batch, row));
        Some(Party {
            role: self,
            name: name.to_owned(),
            address,
            country: country.to_owned(),
            identifiers: (!number.is_empty())
                .then(|| read(number))
                .into_iter()
                .collect(),
            entity_key: key.map_or_else(|| name.to_owned(), Cow::into_owned),
            n_lines: 0,
        })
    }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

/// `TO ORDER` and the like stand where a party would, and name none; nor does a container number.
fn is_to_order(name: &str) -> bool {
    let folded = crate::normalize::text::fold(name);
    let starts = [
        " to order ",
        " to the order ",
        " order of ",
        " to bearer ",
        " a la orden ",
        " same as ",
        " unto order ",
        " the same as ",
        " as per ",
        " see attached ",
    ];
    let is_word = matches!(
        folded.as_str(),
        " order " | " orden " | " same " | " unknown " | " none " | " tba " | " tbd "
    );
    is_word || starts.iter().any(|start| folded.starts_with(start)) || is_container_number(name)
}

/// The parties of one batch.
#[derive(Debug, Default)]
pub struct PartiesOfBatch {
    /// Each different party, with its lines in the batch.
    pub parties: Vec<Party>,
    /// The party of each row and role, by position; rows one after the other.
    pub of_row: Vec<[u32; PartyRole::ALL.len()]>,
}

impl PartiesOfBatch {
    /// Reads the parties of a batch: once per different combination of the fields of a role.
    pub fn read(batch: &Batch) -> Self {
        let mut found = Self {
            parties: Vec::new(),
            of_row: vec![[NO_PARTY; PartyRole::ALL.len()]; batch.n_rows],
        };
        for (place, role) in PartyRole::ALL.into_iter().enumerate() {
            let mut known: HashMap<[u32; MOST_FIELDS], u32, FixedState> = HashMap::default();
            for row in 0..batch.n_rows {
                let mut codes = [NULL_CODE; MOST_FIELDS];
                for (slot, id) in codes.iter_mut().zip(role.fields()) {
                    *slot = batch
                        .text(*id)
                        .map_or(NULL_CODE, |column| column.codes[row]);
                }
                let position = *known
                    .entry(codes)
                    .or_insert_with(|| match role.read(batch, row) {
                        None => NO_PARTY,
                        Some(party) => {
                            found.parties.push(party);
                            u32::try_from(found.parties.len() - 1).expect("fewer than 4 billion")
                        }
                    });
                if position != NO_PARTY {
                    found.parties[position as usize].n_lines += 1;
                    found.of_row[row][place] = position;
                }
            }
        }
        found
    }
}

/// Collects the parties of batches, each different one once.
#[derive(Debug, Default)]
pub struct PartyCollector {
    parties: Vec<Party>,
    by_content: HashTable<u32>,
    hasher: FixedState,
}

impl PartyCollector {
    /// Takes in the parties of a batch; gives the position of each of them among all.
    pub fn add(&mut self, parties: Vec<Party>) -> Vec<u32> {
        parties
            .into_iter()
            .map(|party| self.add_one(party))
            .collect()
    }

    fn add_one(&mut self, party: Party) -> u32 {
        let (all, hasher) = (&mut self.parties, &self.hasher);
        let hash = hasher.hash_one(party.content());
        let is_it = |position: &u32| all[*position as usize].content() == party.content();
        if let Some(position) = self.by_content.find(hash, is_it) {
            all[*position as usize].n_lines += party.n_lines;
            return *position;
        }
        let position = u32::try_from(all.len()).expect("fewer than 4 billion parties");
        all.push(party);
        self.by_content.insert_unique(hash, position, |position| {
            hasher.hash_one(all[*position as usize].content())
        });
        position
    }

    /// The parties, in the order in which they came.
    pub fn finish(self) -> Vec<Party> {
        self.parties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_place_of_a_party_is_none() {
        for name in [
            "TO ORDER",
            "TO THE ORDER OF MUESTRA BANK",
            "TO ORDER OF SHIPPER",
            "A LA ORDEN",
            "SAME AS CONSIGNEE",
        ] {
            assert!(is_to_order(name), "{name}");
        }
        assert!(!is_to_order("ORDERLY SAMPLE FOODS"));
    }
}
