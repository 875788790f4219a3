//! `clusters`, `merges`, `refused`, `mid_checks`, `party_lines`: what `ch24 resolve` found.

use super::columns::{count_column, list_column, text_column, write_rows};
use super::masks::Masks;
use super::table::Format;
use crate::entity::resolve::{
    Comparison, Identifier, IdentifierKind, PartyRole, Resolution, check_mid, reasons,
};
use crate::error::Error;
use crate::normalize::source_ref;
use crate::parties::{NO_PARTY, PartiesRead, RowParties};
use arrow::array::{ArrayRef, BooleanArray, Float64Array};
use std::path::Path;
use std::sync::Arc;

fn score_column<'a>(comparisons: impl Iterator<Item = &'a Comparison>) -> ArrayRef {
    let bits = comparisons.map(|comparison| f64::from(comparison.score) / 10.0);
    Arc::new(Float64Array::from_iter_values(bits))
}

/// A number as it may be written.
pub(super) fn shown(identifier: &Identifier, masks: &Masks) -> String {
    let value = masks.shown(&identifier.value);
    format!("{}:{value}", identifier.kind.as_str())
}

/// Writes everything that resolving found, into a directory that is being filled.
///
/// # Errors
/// When a file cannot be written.
pub fn write_resolution(
    file: impl Fn(&str) -> std::path::PathBuf,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
) -> Result<(), Error> {
    let path = |name: &str| file(&format!("{name}.{}", format.ending()));
    write_clusters(&path("clusters"), format, read, found)?;
    write_pairs(&path("merges"), format, read, found)?;
    write_refused(&path("refused"), format, read, found)?;
    write_mid_checks(&path("mid_checks"), format, read, found)
}

fn write_clusters(
    path: &Path,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
) -> Result<(), Error> {
    let members: Vec<(usize, u32)> = found
        .clusters
        .iter()
        .enumerate()
        .flat_map(|(cluster, of)| of.members.iter().map(move |member| (cluster, *member)))
        .collect();
    write_rows(path, format, &members, |rows| {
        let cluster = || rows.iter().map(|(cluster, _)| &found.clusters[*cluster]);
        let party = || {
            rows.iter()
                .map(|(_, member)| &read.parties[*member as usize])
        };
        let is_center = rows
            .iter()
            .map(|(cluster, member)| Some(found.clusters[*cluster].center == *member));
        vec![
            (
                "cluster_id",
                text_column(cluster().map(|cluster| cluster.id.as_str())),
            ),
            (
                "role",
                text_column(party().map(|party| party.role.as_str())),
            ),
            (
                "entity_key",
                text_column(party().map(|party| read.masks.shown(&party.entity_key))),
            ),
            (
                "name",
                text_column(party().map(|party| party.name.as_str())),
            ),
            (
                "address",
                text_column(party().map(|party| party.address.as_str())),
            ),
            (
                "country",
                text_column(party().map(|party| party.country.as_str())),
            ),
            (
                "identifiers",
                list_column(party().map(|party| {
                    let identifiers = party.identifiers.iter();
                    identifiers
                        .map(|identifier| shown(identifier, &read.masks))
                        .collect()
                })),
            ),
            ("n_lines", count_column(party().map(|party| party.n_lines))),
            (
                "cluster_parties",
                count_column(cluster().map(|cluster| cluster.members.len() as u64)),
            ),
            (
                "cluster_lines",
                count_column(cluster().map(|cluster| cluster.n_lines)),
            ),
            ("is_center", Arc::new(is_center.collect::<BooleanArray>())),
            (
                "party_id",
                text_column(
                    rows.iter()
                        .map(|(_, member)| found.party_ids[*member as usize].as_str()),
                ),
            ),
        ]
    })
}

/// The two parties of a pair, by id and name.
fn sides(
    read: &PartiesRead,
    found: &Resolution,
    pairs: &[(u32, u32)],
) -> Vec<(&'static str, ArrayRef)> {
    let id = |party: &u32| found.party_ids[*party as usize].clone();
    let name = |party: &u32| read.parties[*party as usize].name.clone();
    let address = |party: &u32| read.parties[*party as usize].address.clone();
    vec![
        (
            "left_id",
            text_column(pairs.iter().map(|(left, _)| id(left))),
        ),
        (
            "left_name",
            text_column(pairs.iter().map(|(left, _)| name(left))),
        ),
        (
            "left_address",
            text_column(pairs.iter().map(|(left, _)| address(left))),
        ),
        (
            "right_id",
            text_column(pairs.iter().map(|(_, right)| id(right))),
        ),
        (
            "right_name",
            text_column(pairs.iter().map(|(_, right)| name(right))),
        ),
        (
            "right_address",
            text_column(pairs.iter().map(|(_, right)| address(right))),
        ),
    ]
}

fn write_pairs(
    path: &Path,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
) -> Result<(), Error> {
    write_rows(path, format, &found.merges, |rows| {
        let cluster = |party: u32| &found.clusters[found.cluster_of[party as usize] as usize].id;
        let pairs: Vec<(u32, u32)> = rows.iter().map(|merge| (merge.left, merge.right)).collect();
        let why = rows.iter().map(|merge| {
            let decided = merge.is_decided.then(|| "decided by a person".to_owned());
            decided
                .into_iter()
                .chain(reasons(&merge.comparison))
                .collect()
        });
        let mut columns = vec![(
            "cluster_id",
            text_column(rows.iter().map(|merge| cluster(merge.left))),
        )];
        columns.extend(sides(read, found, &pairs));
        columns.push((
            "score",
            score_column(rows.iter().map(|merge| &merge.comparison)),
        ));
        columns.push(("reasons", list_column(why)));
        columns
    })
}

fn write_refused(
    path: &Path,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
) -> Result<(), Error> {
    write_rows(path, format, &found.refused, |rows| {
        let pairs: Vec<(u32, u32)> = rows.iter().map(|pair| (pair.left, pair.right)).collect();
        let mut columns = vec![(
            "cause",
            text_column(rows.iter().map(|pair| pair.cause.as_str())),
        )];
        columns.extend(sides(read, found, &pairs));
        columns.push((
            "score",
            score_column(rows.iter().map(|pair| &pair.comparison)),
        ));
        columns.push((
            "reasons",
            list_column(rows.iter().map(|pair| reasons(&pair.comparison))),
        ));
        columns
    })
}

/// Manufacturers' codes against the names and addresses that they claim; only those where something can be told.
fn write_mid_checks(
    path: &Path,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
) -> Result<(), Error> {
    let mut checked: Vec<_> = read
        .parties
        .iter()
        .zip(&found.party_ids)
        .filter(|(party, _)| !party.name.is_empty() || !party.address.is_empty())
        .flat_map(|(party, id)| {
            let mids = party
                .identifiers
                .iter()
                .filter(|identifier| identifier.kind == IdentifierKind::Mid);
            mids.map(move |mid| (party, id, mid))
        })
        .map(|(party, id, mid)| {
            let check = check_mid(&mid.value, &party.name, &party.address, &party.country);
            (party, id, mid, check)
        })
        .collect();
    checked.sort_by_key(|(party, id, _, check)| {
        (
            !check.has_difference(),
            std::cmp::Reverse(party.n_lines),
            *id,
        )
    });
    write_rows(path, format, &checked, |rows| {
        let part = |part: fn(&crate::entity::resolve::MidCheck) -> &'static str| {
            text_column(rows.iter().map(|(_, _, _, check)| part(check)))
        };
        vec![
            (
                "mid",
                text_column(rows.iter().map(|(_, _, mid, _)| mid.value.as_str())),
            ),
            (
                "name",
                text_column(rows.iter().map(|(party, ..)| party.name.as_str())),
            ),
            (
                "address",
                text_column(rows.iter().map(|(party, ..)| party.address.as_str())),
            ),
            ("country_part", part(|check| check.country.as_str())),
            ("name_part", part(|check| check.name.as_str())),
            ("number_part", part(|check| check.number.as_str())),
            ("city_part", part(|check| check.city.as_str())),
            (
                "n_lines",
                count_column(rows.iter().map(|(party, ..)| party.n_lines)),
            ),
            (
                "party_id",
                text_column(rows.iter().map(|(_, id, ..)| id.as_str())),
            ),
        ]
    })
}

/// A row and its parties: the input, the row in it, the parties.
pub type KeptRow = (u32, u64, RowParties);

/// Writes the cluster of each party of each line, in input order.
///
/// # Errors
/// When the file cannot be written.
pub fn write_party_lines(
    path: &Path,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
    rows: &[KeptRow],
) -> Result<(), Error> {
    write_rows(path, format, rows, |rows| {
        let named: Vec<(&KeptRow, PartyRole, u32)> = rows
            .iter()
            .flat_map(|row| {
                let parties = PartyRole::ALL.into_iter().zip(row.2);
                parties
                    .filter(|(_, party)| *party != NO_PARTY)
                    .map(move |(role, party)| (row, role, party))
            })
            .collect();
        let label = |row: &KeptRow| &read.labels[row.0 as usize];
        let cluster = |party: u32| &found.clusters[found.cluster_of[party as usize] as usize].id;
        vec![
            (
                "record_id",
                text_column(named.iter().map(|(row, ..)| label(row).record_id(row.1))),
            ),
            (
                "source_ref",
                text_column(
                    named
                        .iter()
                        .map(|(row, ..)| source_ref(&label(row).label, row.1)),
                ),
            ),
            (
                "role",
                text_column(named.iter().map(|(_, role, _)| role.as_str())),
            ),
            (
                "cluster_id",
                text_column(named.iter().map(|(.., party)| cluster(*party))),
            ),
            (
                "party_id",
                text_column(
                    named
                        .iter()
                        .map(|(.., party)| found.party_ids[*party as usize].as_str()),
                ),
            ),
        ]
    })
}
