//! What lines show: which parties stand on one line, with which contact, and in which lane.

use crate::batch::Batch;
use crate::entity::resolve::{NO_PARTY, PartyRole};
use crate::intern::Texts;
use crate::schema::{FieldId, field};
use crate::select::{Judged, Lane};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A line: the input, and the row in it.
pub type Place = (u32, u64);

/// Lines with the very same parties and contacts.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The parties in the order of [`PartyRole::ALL`].
    pub parties: [u32; PartyRole::ALL.len()],
    /// Their contacts, as a code of the texts.
    contacts: u32,
    /// The first line.
    pub first: Place,
    /// Lines.
    pub n_lines: u64,
    /// Lines whose lane is yellow, and red.
    pub n_yellow: u64,
    /// See [`Self::n_yellow`].
    pub n_red: u64,
    /// Lines with a bad outcome.
    pub n_bad: u64,
}

/// The fields that are read beside those of parties.
pub const ALSO: [FieldId; 2] = [field::CONTACT_HASH, field::OUTCOME];

/// What all lines show. Memory grows with different sets of parties, not with lines.
#[derive(Debug, Default)]
pub struct Observations {
    /// Each different set of parties, in the order of its first line.
    pub sightings: Vec<Sighting>,
    contacts: Texts,
    known: HashMap<([u32; PartyRole::ALL.len()], u32), u32, FixedState>,
}

impl Observations {
    /// Takes in the lines of a batch; batches come in input order.
    pub fn add(
        &mut self,
        batch: &Batch,
        of_row: &[[u32; PartyRole::ALL.len()]],
        judged: Option<&Judged>,
    ) {
        let file = u32::try_from(batch.file).expect("fewer than 4 billion files");
        for (row, parties) in of_row.iter().enumerate() {
            if parties.iter().all(|party| *party == NO_PARTY) {
                continue;
            }
            let contacts = batch
                .text_at(field::CONTACT_HASH, row)
                .map_or(0, |text| self.contacts.code(text));
            let all = &mut self.sightings;
            let position = *self.known.entry((*parties, contacts)).or_insert_with(|| {
                all.push(Sighting {
                    parties: *parties,
                    contacts,
                    first: (file, batch.rows[row]),
                    n_lines: 0,
                    n_yellow: 0,
                    n_red: 0,
                    n_bad: 0,
                });
                u32::try_from(all.len() - 1).expect("fewer than 4 billion")
            });
            let sighting = &mut all[position as usize];
            let lane = judged.map_or(Lane::Green, |judged| judged.of_row(row).lane);
            sighting.n_lines += 1;
            sighting.n_yellow += u64::from(lane == Lane::Yellow);
            sighting.n_red += u64::from(lane == Lane::Red);
            let is_bad = batch.text_at(field::OUTCOME, row) == Some("bad");
            sighting.n_bad += u64::from(is_bad);
        }
    }

    /// The contacts of lines: keyed hashes, never the value itself.
    pub fn contacts(&self, sighting: &Sighting) -> impl Iterator<Item = &str> {
        let text = self.contacts.get(sighting.contacts).unwrap_or("");
        text.split('|').filter(|contact| !contact.is_empty())
    }
}

impl Sighting {
    /// The party in a role.
    pub fn party(&self, role: PartyRole) -> Option<u32> {
        let place = PartyRole::ALL.iter().position(|known| *known == role)?;
        Some(self.parties[place]).filter(|party| *party != NO_PARTY)
    }
}
