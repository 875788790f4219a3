//! Parties made ready for comparing: words as numbers, each party once, in an order that only their content decides.

use super::address::{AddressParts, address_parts};
use super::legal_form::LegalForm;
use super::name::{NameParts, name_parts};
use super::party::{IdentifierKind, Party};
use super::vocabulary::Vocabulary;
use crate::intern::Texts;
use rayon::prelude::*;

/// A party, ready for comparing.
#[derive(Debug)]
pub(super) struct PreparedParty {
    /// Words of the name in order.
    pub(super) name: Box<[u32]>,
    /// Words of the name in ascending order.
    pub(super) sorted_name: Box<[u32]>,
    /// The name without spaces.
    pub(super) joined: Box<str>,
    pub(super) form: Option<LegalForm>,
    /// It can be a natural person, by name or number.
    pub(super) can_be_person: bool,
    pub(super) is_vessel: bool,
    /// Words of the address in ascending order.
    pub(super) address: Box<[u32]>,
    pub(super) numbers: Box<[u32]>,
    pub(super) unit: u32,
    pub(super) postal: u32,
    /// The whole address in normal form; 0 for none.
    pub(super) place: u32,
    pub(super) country: u32,
    /// Numbers of the party: kind and value, in ascending order.
    pub(super) identifiers: Box<[(IdentifierKind, u32)]>,
}

impl PreparedParty {
    pub(super) fn has_address(&self) -> bool {
        self.place != 0
    }

    /// Its address is one word: a state or a town.
    pub(super) fn is_at_town_alone(&self) -> bool {
        self.address.len() == 1 && self.numbers.is_empty() && self.postal == 0 && self.unit == 0
    }

    /// Nothing but a name is known, or nothing but a number.
    pub(super) fn is_bare(&self) -> bool {
        !self.has_address() && (self.identifiers.is_empty() || self.name.is_empty())
    }

    pub(super) fn exclusive(&self) -> impl Iterator<Item = (IdentifierKind, u32)> + '_ {
        self.identifiers
            .iter()
            .copied()
            .filter(|(kind, _)| kind.is_exclusive())
    }
}

/// Every party, ready for comparing.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) parties: Vec<PreparedParty>,
    pub(super) names: Vocabulary,
    pub(super) places: Vocabulary,
    /// Numbers, countries and whole addresses.
    pub(super) texts: Texts,
    /// Different names at each whole address.
    pub(super) names_at: Vec<u32>,
    /// For each party, how many have the very same words in their name.
    pub(super) n_namesakes: Vec<u32>,
}

/// Makes parties ready; they come in the order of their content.
pub(super) fn prepare(parties: &[&Party]) -> Prepared {
    let parts: Vec<(NameParts, AddressParts)> = parties
        .par_iter()
        .map(|party| (name_parts(&party.name), address_parts(&party.address)))
        .collect();
    let mut prepared = Prepared {
        parties: Vec::with_capacity(parties.len()),
        names: Vocabulary::default(),
        places: Vocabulary::default(),
        texts: Texts::default(),
        names_at: Vec::new(),
        n_namesakes: Vec::new(),
    };
    for (party, (name, address)) in parties.iter().zip(&parts) {
        let party = prepared.party(party, name, address);
        prepared.parties.push(party);
    }
    prepared.names.finish(parties.len());
    prepared.places.finish(parties.len());
    prepared.count_names();
    prepared.count_namesakes();
    prepared
}

impl Prepared {
    fn party(&mut self, party: &Party, name: &NameParts, address: &AddressParts) -> PreparedParty {
        let words = numbered(&mut self.names, &name.words);
        let mut sorted_name = words.clone();
        sorted_name.sort_unstable();
        let mut place_words = numbered(&mut self.places, &address.words);
        place_words.sort_unstable();
        place_words.dedup();
        let mut numbers = numbered(&mut self.places, &address.numbers);
        numbers.sort_unstable();
        let mut optional =
            |text: &Option<String>| text.as_ref().map_or(0, |text| self.places.add(text, true));
        let (unit, postal) = (optional(&address.unit), optional(&address.postal));
        let mut code = |text: &str| match text {
            "" => 0,
            text => self.texts.code(text),
        };
        let place = code(&address.normal_form());
        let country = code(&party.country);
        let mut identifiers: Vec<_> = party
            .identifiers
            .iter()
            .map(|identifier| (identifier.kind, code(&identifier.value)))
            .collect();
        identifiers.sort_unstable();
        PreparedParty {
            joined: name.words.concat().into(),
            name: words.into(),
            sorted_name: sorted_name.into(),
            form: name.form,
            can_be_person: !party.role.is_vessel()
                && (name.can_be_person
                    || party
                        .identifiers
                        .iter()
                        .any(super::Identifier::is_of_person)),
            is_vessel: party.role.is_vessel(),
            address: place_words.into(),
            numbers: numbers.into(),
            unit,
            postal,
            place,
            country,
            identifiers: identifiers.into(),
        }
    }

    /// Counts those with the same words: the usual way to write a name tells more of a firm than a slip.
    fn count_namesakes(&mut self) {
        let mut order: Vec<u32> = (0..).take(self.parties.len()).collect();
        let name = |position: &u32| &*self.parties[*position as usize].name;
        order.par_sort_unstable_by(|left, right| name(left).cmp(name(right)).then(left.cmp(right)));
        let mut counts = vec![0; self.parties.len()];
        for same in order.chunk_by(|left, right| name(left) == name(right)) {
            let n_same = u32::try_from(same.len()).expect("fewer than 4 billion parties");
            let named = same.iter().filter(|position| !name(position).is_empty());
            named.for_each(|position| counts[*position as usize] = n_same);
        }
        self.n_namesakes = counts;
    }

    /// Counts the different names at each address: an address of many is an agent's or an office tower's.
    fn count_names(&mut self) {
        let mut seen: Vec<(u32, &[u32])> = self
            .parties
            .iter()
            .filter(|party| party.has_address())
            .map(|party| (party.place, &*party.sorted_name))
            .collect();
        seen.par_sort_unstable();
        seen.dedup();
        let n_texts = seen.last().map_or(0, |(place, _)| *place as usize) + 1;
        let mut counts = vec![0_u32; n_texts];
        for (place, _) in seen {
            counts[place as usize] += 1;
        }
        self.names_at = counts;
    }
}

/// The words as numbers, each counted once for the party.
fn numbered(vocabulary: &mut Vocabulary, words: &[String]) -> Vec<u32> {
    let is_new = |place: usize| !words[..place].contains(&words[place]);
    (0..words.len())
        .map(|place| vocabulary.add(&words[place], is_new(place)))
        .collect()
}
