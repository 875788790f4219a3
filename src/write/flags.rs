//! `flags`: what links and lists ask of people.

use super::columns::{count_column, text_column, write_rows};
use super::network::Writer;
use super::table::Format;
use crate::entity::network::{Basis, Flag, Network, OfCluster};
use crate::entity::resolve::{Party, Resolution};
use crate::error::Error;
use crate::parties::PartiesRead;

/// Writes the red flags, into a directory that is being filled; with the list that they name.
///
/// # Errors
/// When the file cannot be written.
pub fn write_flags(
    file: impl Fn(&str) -> std::path::PathBuf,
    format: Format,
    (read, found, network): (&PartiesRead, &Resolution, &Network),
    (flags, listed): (&[Flag], &[Party]),
) -> Result<(), Error> {
    let writer = Writer::new(read, found, network);
    let path = file(&format!("flags.{}", format.ending()));
    let named = |flag: &Flag| match flag.basis {
        Basis::NearListed { party, .. } => read.parties[party as usize].name.clone(),
        _ => writer.name(flag.cluster),
    };
    let other_name = |flag: &Flag| match flag.basis {
        Basis::SharedWithViolator { other, .. } => writer.name(other),
        Basis::NearListed { listed: row, .. } => listed[row as usize].name.clone(),
        Basis::SellerOfSeveral { .. } => String::new(),
    };
    let other_id = |flag: &Flag| match flag.basis {
        Basis::SharedWithViolator { other, .. } => writer.id(other),
        _ => "",
    };
    let reason = |flag: &Flag| match flag.basis {
        Basis::SharedWithViolator { value, n_bad, .. } => {
            let shared = &network.values[value as usize];
            let (kind, value) = (shared.kind, writer.value(shared.kind, &shared.value));
            format!(
                "the same {} ({value}) as one with bad lines: {n_bad}",
                kind.as_str()
            )
        }
        Basis::NearListed { score, .. } => {
            format!(
                "one with the listed party by {}.{} bits",
                score / 10,
                score % 10
            )
        }
        Basis::SellerOfSeveral { n_importers, n_red } => {
            format!("seller to {n_importers} importers, of red lines: {n_red}")
        }
    };
    write_rows(&path, format, flags, |rows| {
        let lines =
            |part: fn(&OfCluster) -> u64| count_column(rows.iter().map(|flag| part(&flag.lines)));
        vec![
            (
                "rule",
                text_column(rows.iter().map(|flag| flag.basis.rule())),
            ),
            (
                "cluster_id",
                text_column(rows.iter().map(|flag| writer.id(flag.cluster))),
            ),
            ("name", text_column(rows.iter().map(named))),
            ("reason", text_column(rows.iter().map(reason))),
            ("other_id", text_column(rows.iter().map(other_id))),
            ("other_name", text_column(rows.iter().map(other_name))),
            (
                "question",
                text_column(rows.iter().map(|flag| flag.basis.question())),
            ),
            ("n_lines", lines(|lines| lines.n_lines)),
            ("n_yellow", lines(|lines| lines.n_yellow)),
            ("n_red", lines(|lines| lines.n_red)),
            ("n_bad", lines(|lines| lines.n_bad)),
        ]
    })
}
