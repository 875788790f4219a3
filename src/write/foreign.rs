//! What stands in an output and is not of this program.

use super::output::RUN_FILE;
use super::output_files::{OutputFile, output_names};
use crate::error::{Error, ErrorKind};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// Names that are told, at most.
const MAX_NAMED: usize = 3;

/// What run.json says of the program and its files.
#[derive(Deserialize)]
struct Account {
    program: String,
    #[serde(default)]
    outputs: Vec<OutputFile>,
}

/// Makes sure that a directory is an output of this program and holds nothing else: run.json, the files that it names,
/// and dossiers, which are written later.
///
/// # Errors
/// When there is no such run.json, when there is another file (the first are named), or the directory cannot be read.
#[expect(
    clippy::disallowed_methods,
    reason = "the account of an earlier output is read here"
)]
pub(super) fn check_own(directory: &Path) -> Result<(), Error> {
    let refuse = |why: &str| {
        let message = format!("the output holds {why}; it is left alone");
        Err(Error::at(ErrorKind::OutputExists, directory, message))
    };
    let Ok(text) = std::fs::read(directory.join(RUN_FILE)) else {
        return refuse("no run.json, so this program did not write it");
    };
    let account = match serde_json::from_slice::<Account>(&text) {
        Ok(account) if account.program == "ch24" => account,
        _ => return refuse("a run.json that this program did not write"),
    };
    let own: BTreeSet<String> = account.outputs.into_iter().map(|own| own.file).collect();
    let mut foreign = output_names(directory)?;
    foreign.retain(|name| name != RUN_FILE && !own.contains(name) && !is_dossier(name));
    foreign.sort();
    if foreign.is_empty() {
        return Ok(());
    }
    let named = foreign.iter().take(MAX_NAMED);
    let named: Vec<String> = named.map(|name| format!("`{name}`")).collect();
    let more = match foreign.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    refuse(&format!(
        "{}{more}, which this program did not write",
        named.join(", ")
    ))
}

/// Whether a file is one that `ch24 dossier` writes into an output: the index, or an edition by role and 12 hex digits.
fn is_dossier(name: &str) -> bool {
    let Some(name) = name.strip_prefix("dossiers/") else {
        return false;
    };
    // A process that died may have left the last part.
    let name = match name.split_once(".ch24-") {
        Some((name, process)) if process.parse::<u32>().is_ok() => name,
        _ => name,
    };
    let Some(id) = (name.strip_suffix(".json")).or_else(|| name.strip_suffix(".html")) else {
        return name == "index.csv";
    };
    let id = id.strip_suffix("-releasable").unwrap_or(id);
    id.rsplit_once('-').is_some_and(|(role, hash)| {
        let is_role = |c: char| c.is_ascii_lowercase() || c == '-' || c == '_';
        let is_hash = hash.len() == 12 && hash.bytes().all(|c| c.is_ascii_hexdigit());
        !role.is_empty() && role.chars().all(is_role) && is_hash
    })
}
