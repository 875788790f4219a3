//! Whether the files of an output are those that its run wrote.

use crate::error::{Error, ErrorKind};
use crate::past::account;
use crate::write::{OutputFile, output_files};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What stands in an output.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// Files that the run wrote or that stand there now, by path.
    pub files: BTreeMap<String, State>,
    /// BLAKE3 of run.json as it stands: who keeps it elsewhere can tell whether the account itself was altered.
    pub run_json: String,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Byte for byte what the run wrote.
    Same,
    /// Other bytes.
    Altered,
    /// Gone.
    Missing,
    /// Not of the run.
    Foreign,
    /// A dossier: written into the output later, by `ch24 dossier`.
    Later,
}

impl Verified {
    /// Nothing was altered, removed or added, dossiers aside.
    pub fn is_whole(&self) -> bool {
        let mut states = self.files.values();
        states.all(|state| matches!(state, State::Same | State::Later))
    }

    /// Files in a state.
    pub fn count(&self, wanted: State) -> usize {
        self.files
            .values()
            .filter(|state| **state == wanted)
            .count()
    }
}

/// Compares an output with what its run.json says of it.
///
/// # Errors
/// When there is no account of a run, when it names no files, or when a file cannot be read.
pub fn verify(directory: &Path) -> Result<Verified, Error> {
    let path = directory.join("run.json");
    let account = account(directory)?;
    let wrote = outputs(directory, &account)?;
    let now = output_files(directory)?;
    let mut files: BTreeMap<String, State> = BTreeMap::new();
    for file in now {
        let state = match file.file.starts_with("dossiers/") {
            true => State::Later,
            false => State::Foreign,
        };
        files.insert(file.file.clone(), state);
        if wrote.contains(&file) {
            files.insert(file.file, State::Same);
        }
    }
    for file in wrote {
        let state = files.entry(file.file).or_insert(State::Missing);
        if *state == State::Foreign {
            *state = State::Altered;
        }
    }
    Ok(Verified {
        files,
        run_json: crate::input_hash::hash_file(&path)?,
    })
}

/// The files that an account names.
pub(super) fn outputs(directory: &Path, account: &Value) -> Result<Vec<OutputFile>, Error> {
    serde_json::from_value(account["outputs"].clone()).map_err(|_| {
        let message = "run.json names no files with their hashes: it is of an earlier version, or was altered";
        Error::at(ErrorKind::Input, &directory.join("run.json"), message)
    })
}
