//! `groups`, `links`, `hubs`, `paths`: what `ch24 network` found.

use super::columns::{count_column, list_column, text_column, write_rows};
use super::table::Format;
use crate::entity::network::{Group, GroupMember, LinkKind, LinkValue, Network, Place, Step, Tie};
use crate::entity::resolve::Resolution;
use crate::error::Error;
use crate::normalize::{MASK_PREFIX, source_ref};
use crate::parties::PartiesRead;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes groups, links, hubs and paths, into a directory that is being filled.
///
/// # Errors
/// When a file cannot be written.
pub fn write_network(
    file: impl Fn(&str) -> std::path::PathBuf,
    format: Format,
    read: &PartiesRead,
    found: &Resolution,
    network: &Network,
) -> Result<(), Error> {
    let path = |name: &str| file(&format!("{name}.{}", format.ending()));
    let writer = Writer::new(read, found, network);
    writer.groups(&path("groups"), format)?;
    writer.links(&path("links"), format)?;
    writer.hubs(&path("hubs"), format)?;
    writer.paths(&path("paths"), format)
}

/// Names of entities and values, for the tables.
pub(super) struct Writer<'a> {
    read: &'a PartiesRead,
    found: &'a Resolution,
    network: &'a Network,
    /// Clusters by id.
    by_id: BTreeMap<&'a str, u32>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(read: &'a PartiesRead, found: &'a Resolution, network: &'a Network) -> Self {
        let ids = found.clusters.iter().map(|cluster| cluster.id.as_str());
        Self {
            read,
            found,
            network,
            by_id: ids.zip(0..).collect(),
        }
    }
}

impl Writer<'_> {
    pub(super) fn id(&self, cluster: u32) -> &str {
        &self.found.clusters[cluster as usize].id
    }

    /// How the center of a cluster is named, else its number.
    pub(super) fn name(&self, cluster: u32) -> String {
        let center = &self.read.parties[self.found.clusters[cluster as usize].center as usize];
        match center.name.is_empty() {
            true => self.read.masks.shown(&center.entity_key).into_owned(),
            false => center.name.clone(),
        }
    }

    fn line(&self, place: Place) -> String {
        source_ref(&self.read.labels[place.0 as usize].label, place.1)
    }

    /// A value as people read it: the name of a vessel or consignee with its cluster; what stands for a masked number, never
    /// its hash.
    pub(super) fn value(&self, kind: LinkKind, value: &str) -> String {
        if matches!(kind, LinkKind::Vessel | LinkKind::Consignee)
            && let Some(cluster) = self.by_id.get(value)
        {
            return format!("{} ({value})", self.name(*cluster));
        }
        match value.split_once(':') {
            Some((kind, number)) if number.starts_with(MASK_PREFIX) => {
                format!("{kind}:{}", self.read.masks.shown(number))
            }
            _ => value.to_owned(),
        }
    }

    fn groups(&self, path: &Path, format: Format) -> Result<(), Error> {
        let members: Vec<(&Group, &GroupMember)> = self
            .network
            .groups
            .iter()
            .flat_map(|group| group.members.iter().map(move |member| (group, member)))
            .collect();
        write_rows(path, format, &members, |rows| {
            let group =
                |part: fn(&Group) -> u64| count_column(rows.iter().map(|(group, _)| part(group)));
            let member = |part: fn(&GroupMember) -> u64| {
                count_column(rows.iter().map(|(_, member)| part(member)))
            };
            let roles = |cluster: u32| {
                let of = self.found.clusters[cluster as usize].members.iter();
                let mut roles: Vec<_> = of
                    .map(|party| self.read.parties[*party as usize].role)
                    .collect();
                roles.sort_unstable();
                roles.dedup();
                roles
                    .into_iter()
                    .map(|role| role.as_str().to_owned())
                    .collect()
            };
            vec![
                (
                    "group_id",
                    text_column(rows.iter().map(|(group, _)| group.id.as_str())),
                ),
                (
                    "cluster_id",
                    text_column(rows.iter().map(|(_, member)| self.id(member.cluster))),
                ),
                (
                    "name",
                    text_column(rows.iter().map(|(_, member)| self.name(member.cluster))),
                ),
                (
                    "roles",
                    list_column(rows.iter().map(|(_, member)| roles(member.cluster))),
                ),
                ("n_lines", member(|member| member.n_lines)),
                ("n_yellow", member(|member| member.n_yellow)),
                ("n_red", member(|member| member.n_red)),
                ("group_entities", group(|group| group.members.len() as u64)),
                ("group_lines", group(|group| group.n_lines)),
                ("group_yellow", group(|group| group.n_yellow)),
                ("group_red", group(|group| group.n_red)),
            ]
        })
    }

    fn links(&self, path: &Path, format: Format) -> Result<(), Error> {
        let ties: Vec<(&LinkValue, &Tie)> = self
            .network
            .values
            .iter()
            .flat_map(|value| value.ties.iter().map(move |tie| (value, tie)))
            .collect();
        write_rows(path, format, &ties, |rows| {
            let group = |cluster: u32| {
                let group = self.network.group_of[cluster as usize];
                group.map_or("", |group| self.network.groups[group as usize].id.as_str())
            };
            vec![
                (
                    "group_id",
                    text_column(rows.iter().map(|(_, tie)| group(tie.cluster))),
                ),
                (
                    "kind",
                    text_column(rows.iter().map(|(value, _)| value.kind.as_str())),
                ),
                (
                    "value",
                    text_column(
                        rows.iter()
                            .map(|(value, _)| self.value(value.kind, &value.value)),
                    ),
                ),
                (
                    "cluster_id",
                    text_column(rows.iter().map(|(_, tie)| self.id(tie.cluster))),
                ),
                (
                    "name",
                    text_column(rows.iter().map(|(_, tie)| self.name(tie.cluster))),
                ),
                (
                    "n_lines",
                    count_column(rows.iter().map(|(_, tie)| tie.n_lines)),
                ),
                (
                    "first_line",
                    text_column(rows.iter().map(|(_, tie)| self.line(tie.first))),
                ),
                (
                    "entities",
                    count_column(rows.iter().map(|(value, _)| value.ties.len() as u64)),
                ),
            ]
        })
    }

    fn hubs(&self, path: &Path, format: Format) -> Result<(), Error> {
        write_rows(path, format, &self.network.hubs, |rows| {
            vec![
                (
                    "kind",
                    text_column(rows.iter().map(|hub| hub.kind.as_str())),
                ),
                (
                    "value",
                    text_column(rows.iter().map(|hub| self.value(hub.kind, &hub.value))),
                ),
                (
                    "cause",
                    text_column(rows.iter().map(|hub| hub.cause.as_str())),
                ),
                (
                    "entities",
                    count_column(rows.iter().map(|hub| hub.n_entities as u64)),
                ),
                ("n_lines", count_column(rows.iter().map(|hub| hub.n_lines))),
            ]
        })
    }

    /// For each group the way from its first member, who has most lines at risk, to each other.
    fn paths(&self, path: &Path, format: Format) -> Result<(), Error> {
        let mut steps: Vec<(&Group, u32, usize, Step)> = Vec::new();
        for group in &self.network.groups {
            let ways = self.network.ways(group.members[0].cluster);
            for member in &group.members[1..] {
                let way = ways.to(member.cluster).unwrap_or_default();
                steps.extend(
                    way.into_iter()
                        .enumerate()
                        .map(|(place, step)| (group, member.cluster, place + 1, step)),
                );
            }
        }
        write_rows(path, format, &steps, |rows| {
            let of = |step: &Step| &self.network.values[step.value as usize];
            vec![
                (
                    "group_id",
                    text_column(rows.iter().map(|(group, ..)| group.id.as_str())),
                ),
                (
                    "from_id",
                    text_column(
                        rows.iter()
                            .map(|(group, ..)| self.id(group.members[0].cluster)),
                    ),
                ),
                (
                    "to_id",
                    text_column(rows.iter().map(|(_, to, ..)| self.id(*to))),
                ),
                (
                    "step",
                    count_column(rows.iter().map(|(_, _, place, _)| *place as u64)),
                ),
                (
                    "left_name",
                    text_column(rows.iter().map(|(.., step)| self.name(step.from.cluster))),
                ),
                (
                    "kind",
                    text_column(rows.iter().map(|(.., step)| of(step).kind.as_str())),
                ),
                (
                    "value",
                    text_column(
                        rows.iter()
                            .map(|(.., step)| self.value(of(step).kind, &of(step).value)),
                    ),
                ),
                (
                    "right_name",
                    text_column(rows.iter().map(|(.., step)| self.name(step.to.cluster))),
                ),
                (
                    "left_line",
                    text_column(rows.iter().map(|(.., step)| self.line(step.from.first))),
                ),
                (
                    "right_line",
                    text_column(rows.iter().map(|(.., step)| self.line(step.to.first))),
                ),
            ]
        })
    }
}

/// The way between two clusters in words, one step per line.
pub fn path_text(
    read: &PartiesRead,
    found: &Resolution,
    network: &Network,
    steps: &[Step],
) -> String {
    let writer = Writer::new(read, found, network);
    let line = |step: &Step| {
        let value = &network.values[step.value as usize];
        format!(
            "{} - {} {} - {}   ({}, {})\n",
            writer.name(step.from.cluster),
            value.kind.as_str(),
            writer.value(value.kind, &value.value),
            writer.name(step.to.cluster),
            writer.line(step.from.first),
            writer.line(step.to.first),
        )
    };
    steps.iter().map(line).collect()
}
