//! `ch24 network`: who is linked with whom, by what, and how many lines at risk a group has.

use super::args::NetworkArgs;
use super::exit::Exit;
use super::party_run::PartyRun;
use super::rules::pack;
use super::score::{format, rules};
use super::{print, resolve};
use crate::entity::network::{ALSO, Flag, Network, Observations, flags, network};
use crate::entity::resolve::{Resolution, near, read_listed};
use crate::error::{Error, ErrorKind};
use crate::normalize::party::party_name;
use crate::parties::{PartiesRead, read_parties};
use crate::scan::with_threads;
use crate::summary::thousands;
use crate::write::{path_text, write_flags, write_network, write_resolution};
use serde_json::Value;
use std::fmt::Write;

/// Groups that the summary names.
const SHOWN: usize = 8;

/// Links the parties of inputs and prints the groups with most lines at risk, or one path.
pub(super) fn run(args: &NetworkArgs) -> Result<Exit, Error> {
    let common = &args.parties;
    let rules = rules(&pack(args.rules.as_ref()), common.run.quiet)?;
    let listed = (args.listed.as_deref()).map_or(Ok(Vec::new()), read_listed)?;
    let (counts, text) = with_threads(common.run.threads, || {
        let mut run = PartyRun::start(common)?;
        run.keep_streams()?;
        let mut seen = Observations::default();
        let read = read_parties(
            &run.reading,
            &run.identities,
            Some((&rules, &std::env::temp_dir())),
            &ALSO,
            |batch| {
                seen.add(batch.batch, batch.of_row, batch.judged);
            },
        )?;
        run.timings.lap("read");
        let found = crate::entity::resolve::resolve(&read.parties, &run.overrides)?;
        run.timings.lap("resolve");
        PartyRun::check(common, &read, &found)?;
        let linked = network(&read.parties, &found, &seen);
        let flags = flags(&found, &seen, &linked, &near(&read.parties, &listed));
        run.timings.lap("link");
        let format = format(common.run.format);
        write_resolution(|name| run.output.file(name), format, &read, &found)?;
        write_network(|name| run.output.file(name), format, &read, &found, &linked)?;
        write_flags(
            |name| run.output.file(name),
            format,
            (&read, &found, &linked),
            (&flags, &listed),
        )?;
        run.timings.lap("write");
        let mut counts = resolve::counts(&read, &found);
        counts["links"] = linked.values.len().into();
        counts["hubs"] = linked.hubs.len().into();
        counts["flags"] = flags.len().into();
        counts["groups"] = linked.groups.len().into();
        counts["entities_in_groups"] = linked.group_of.iter().flatten().count().into();
        let text = match &args.between {
            Some(pair) => between(pair, &read, &found, &linked)?,
            None => summary(
                &counts,
                &read,
                &found,
                &linked,
                &flags,
                &common.out.display().to_string(),
            ),
        };
        run.finish(common, "network", &read, &counts, args.listed.as_deref())?;
        Ok((counts, text))
    })?;
    if common.run.json {
        print::json(&format!("{counts}\n"))?;
    } else if !common.run.quiet {
        print::out(&text)?;
    }
    Ok(Exit::Done)
}

fn between(
    pair: &[String],
    read: &PartiesRead,
    found: &Resolution,
    linked: &Network,
) -> Result<String, Error> {
    let clusters = pair
        .iter()
        .map(|text| find(text, read, found))
        .collect::<Result<Vec<u32>, Error>>()?;
    let [from, to] = clusters[..] else {
        return Err(Error::new(ErrorKind::Usage, "--between takes two parties"));
    };
    Ok(match linked.ways(from).to(to) {
        Some(steps) if steps.is_empty() => format!(
            "{} and {} are one: {}\n",
            pair[0], pair[1], found.clusters[from as usize].id
        ),
        Some(steps) => print::plain_lines(&path_text(read, found, linked, &steps)),
        None => format!(
            "no path between {} and {}; `hubs` lists what is shared by too many to link anybody\n",
            pair[0], pair[1]
        ),
    })
}

/// The cluster that a text names: by its id, that of a party, a number, a name.
fn find(text: &str, read: &PartiesRead, found: &Resolution) -> Result<u32, Error> {
    let name = party_name(text).value.unwrap_or_default();
    let mut clusters: Vec<u32> = (0..)
        .zip(&found.clusters)
        .filter(|(_, cluster)| cluster.id == text)
        .map(|(position, _)| position)
        .collect();
    let is_it = |(position, party): &(usize, &crate::entity::resolve::Party)| {
        found.party_ids[*position] == text
            || party.name == name
            || read.masks.shown(&party.entity_key) == text
            || party.identifiers.iter().any(|number| number.value == text)
    };
    let parties = read.parties.iter().enumerate().filter(is_it);
    clusters.extend(parties.map(|(position, _)| found.cluster_of[position]));
    clusters.sort_unstable();
    clusters.dedup();
    match clusters[..] {
        [cluster] => Ok(cluster),
        [] => Err(Error::new(
            ErrorKind::Usage,
            format!("no party is named `{text}`"),
        )),
        _ => {
            let ids: Vec<&str> = clusters
                .iter()
                .map(|cluster| found.clusters[*cluster as usize].id.as_str())
                .collect();
            let message = format!("`{text}` names several; write one of {}", ids.join(", "));
            Err(Error::new(ErrorKind::Usage, message))
        }
    }
}

fn summary(
    counts: &Value,
    read: &PartiesRead,
    found: &Resolution,
    linked: &Network,
    flags: &[Flag],
    out: &str,
) -> String {
    let count = |name: &str| thousands(counts[name].as_u64().unwrap_or(0));
    let mut text = format!(
        "{} lines, {} firms, persons and vessels; {} of them in {} groups, linked by {} values. {} hubs link nobody.\n\n",
        count("lines"),
        count("clusters"),
        count("entities_in_groups"),
        count("groups"),
        count("links"),
        count("hubs"),
    );
    text.push_str("Groups with most lines at risk   entities   lines   red  yellow\n");
    for group in linked.groups.iter().take(SHOWN) {
        let names = group.members.iter().take(3).map(|member| {
            let center = found.clusters[member.cluster as usize].center;
            let center = &read.parties[center as usize];
            match center.name.is_empty() {
                true => print::plain(&read.masks.shown(&center.entity_key)),
                false => print::plain(&center.name),
            }
        });
        writeln!(
            text,
            "  {:<30} {:>8} {:>7} {:>5} {:>7}\n    {}",
            group.id,
            group.members.len(),
            group.n_lines,
            group.n_red,
            group.n_yellow,
            names.collect::<Vec<_>>().join("; ")
        )
        .expect("a string takes any text");
    }
    let by_rule: Vec<String> = (flags
        .chunk_by(|left, right| left.basis.rule() == right.basis.rule()))
    .map(|flags| format!("{} {}", flags[0].basis.rule(), flags.len()))
    .collect();
    if !by_rule.is_empty() {
        writeln!(
            text,
            "\nRed flags to look into, in `flags`: {}",
            by_rule.join(", ")
        )
        .expect("a string takes any text");
    }
    writeln!(
        text,
        "\nResults in {out}. A link is context: it adds no points and proves nothing."
    )
    .expect("a string takes any text");
    text
}
