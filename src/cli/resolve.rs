//! `ch24 resolve`: parties of manifests -> clusters.

use super::args::ResolveArgs;
use super::exit::Exit;
use super::party_run::PartyRun;
use super::print;
use super::score::format;
use crate::entity::resolve::{Cause, Resolution, resolve};
use crate::error::Error;
use crate::parties::{PartiesRead, read_parties};
use crate::scan::with_threads;
use crate::summary::thousands;
use crate::write::{KeptRow, write_party_lines, write_resolution};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Resolves the parties of inputs and prints how many there are.
pub(super) fn run(args: &ResolveArgs) -> Result<Exit, Error> {
    let common = &args.parties;
    let counts = with_threads(common.run.threads, || {
        let mut run = PartyRun::start(common)?;
        let mut rows: Vec<KeptRow> = Vec::new();
        let read = read_parties(&run.reading, &run.identities, None, &[], |seen| {
            if args.lines {
                let file = u32::try_from(seen.batch.file).expect("fewer than 4 billion files");
                let of_row = seen.batch.rows.iter().zip(seen.of_row);
                rows.extend(of_row.map(|(row, parties)| (file, *row, *parties)));
            }
        })?;
        run.timings.lap("read");
        let found = resolve(&read.parties, &run.overrides)?;
        run.timings.lap("resolve");
        PartyRun::check(common, &read, &found)?;
        let format = format(common.run.format);
        write_resolution(|name| run.output.file(name), format, &read, &found)?;
        if args.lines {
            let path = run.output.file(&format!("party_lines.{}", format.ending()));
            write_party_lines(&path, format, &read, &found, &rows)?;
        }
        run.timings.lap("write");
        let counts = counts(&read, &found);
        run.finish(common, "resolve", &read, &counts, None)?;
        Ok(counts)
    })?;
    if common.run.json {
        print::json(&format!("{counts}\n"))?;
    } else if !common.run.quiet {
        print::out(&text(&counts, &common.out.display().to_string()))?;
    }
    Ok(Exit::Done)
}

/// What was found, in numbers.
pub(super) fn counts(read: &PartiesRead, found: &Resolution) -> Value {
    let mut refused: BTreeMap<Cause, u64> = BTreeMap::new();
    for refusal in &found.refused {
        *refused.entry(refusal.cause).or_default() += 1;
    }
    let refused: serde_json::Map<String, Value> = refused
        .into_iter()
        .map(|(cause, count)| (cause.as_str().to_owned(), Value::from(count)))
        .collect();
    json!({
        "lines": read.rows_of_input.iter().sum::<u64>(),
        "rows_set_aside": read.issues.n_set_aside(),
        "parties": read.parties.len(),
        "clusters": found.clusters.len(),
        "clusters_of_several": found.clusters.iter().filter(|cluster| cluster.members.len() > 1).count(),
        "merges": found.merges.len(),
        "refused": refused,
    })
}

fn text(counts: &Value, out: &str) -> String {
    let count = |name: &str| thousands(counts[name].as_u64().unwrap_or(0));
    let mut text = format!(
        "{} lines name {} parties, which stand for {} firms, persons and vessels; {} of them are named in several ways.\n",
        count("lines"),
        count("parties"),
        count("clusters"),
        count("clusters_of_several"),
    );
    let refused = counts["refused"].as_object();
    for (cause, count) in refused.into_iter().flatten() {
        let count = thousands(count.as_u64().unwrap_or(0));
        writeln!(
            text,
            "  not merged, {}: {count} pairs",
            cause.replace('_', " ")
        )
        .expect("a string takes any text");
    }
    writeln!(text, "Results in {out}. One name is no proof of one firm; `refused` and --same are for people to decide.")
        .expect("a string takes any text");
    text
}
