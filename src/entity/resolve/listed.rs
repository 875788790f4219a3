//! Names of a list of one's own -> the parties that they may stand for.

use super::block::pairs;
use super::compare::{Comparison, compare};
use super::prepared::prepare;
use super::{Party, PartyRole};
use crate::error::{Error, ErrorKind};
use crate::hand_written::open;
use crate::normalize::party::{address, party_name};
use crate::normalize::said;
use std::path::Path;

/// A party that is close enough to a listed one to be merged with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// The party, by position.
    pub party: u32,
    /// The listed one, by position.
    pub listed: u32,
    /// Why.
    pub comparison: Comparison,
}

/// Compares parties with listed ones, as parties are compared with each other; in the order of parties, then of the list.
///
/// # Missing values
/// A listed name without an address or country is compared by its name alone: that takes a rare one, and of a natural person
/// the very same.
pub fn near(parties: &[Party], listed: &[Party]) -> Vec<Near> {
    if listed.is_empty() {
        return Vec::new();
    }
    let all: Vec<&Party> = parties.iter().chain(listed).collect();
    let prepared = prepare(&all);
    let first_listed = u32::try_from(parties.len()).expect("fewer than 4 billion parties");
    let found = pairs(&prepared)
        .into_iter()
        .filter(|pair| pair.merges && pair.left < first_listed && pair.right >= first_listed);
    let near = |(party, listed): (u32, u32)| Near {
        party,
        listed: listed - first_listed,
        comparison: compare(
            &prepared,
            &prepared.parties[party as usize],
            &prepared.parties[listed as usize],
        ),
    };
    let mut found: Vec<Near> = found.map(|pair| near((pair.left, pair.right))).collect();
    found.sort_unstable_by_key(|near| (near.party, near.listed));
    found
}

/// Reads a list: CSV with the column `name`, and `address` and `country` where they are known; others are notes.
///
/// # Errors
/// When it cannot be read, has no column `name`, or a row has none.
pub fn read_listed(path: &Path) -> Result<Vec<Party>, Error> {
    let wrong = |message: String| Error::at(ErrorKind::Input, path, message);
    let (mut reader, headers) = open(path)?;
    let places =
        ["name", "address", "country"].map(|name| headers.iter().position(|header| header == name));
    if places[0].is_none() {
        let first = headers.first().map_or("", String::as_str);
        return Err(wrong(format!(
            "there is no column `name` (the first is `{first}`); write name,address,country"
        )));
    }
    let mut listed = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let [name, place, country] =
            places.map(|place| place.and_then(|place| record.get(place)).unwrap_or(""));
        let name = party_name(&said(name)).value;
        listed.push(Party {
            role: PartyRole::Shipper,
            name: name.ok_or_else(|| wrong(format!("line {line}: there is no name")))?,
            address: address(place).value.unwrap_or_default(),
            country: country.to_owned(),
            identifiers: Vec::new(),
            entity_key: String::new(),
            n_lines: 0,
        });
    }
    Ok(listed)
}
