//! A run and its repetition: which files and which parts of the account differ.

use super::verify::outputs;
use crate::error::Error;
use crate::past::account;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// How a repetition differs from its run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Files with the same bytes.
    pub same: usize,
    /// Files with other bytes.
    pub differ: Vec<String>,
    /// Files that only the run wrote.
    pub only_first: Vec<String>,
    /// Files that only the repetition wrote.
    pub only_again: Vec<String>,
    /// Parts of run.json that differ; times and places of files aside.
    pub account: Vec<String>,
}

impl Compared {
    /// Nothing differs.
    pub fn is_same(&self) -> bool {
        let lists = [
            &self.differ,
            &self.only_first,
            &self.only_again,
            &self.account,
        ];
        lists.iter().all(|list| list.is_empty())
    }
}

/// Compares two runs by what their accounts say of their files.
///
/// # Errors
/// When an account cannot be read.
pub fn compare(first: &Path, again: &Path) -> Result<Compared, Error> {
    let (mut old, mut new) = (account(first)?, account(again)?);
    let (wrote, writes) = (outputs(first, &old)?, outputs(again, &new)?);
    let mut compared = Compared::default();
    for file in &wrote {
        match writes.iter().find(|again| again.file == file.file) {
            None => compared.only_first.push(file.file.clone()),
            Some(again) if again == file => compared.same += 1,
            Some(_) => compared.differ.push(file.file.clone()),
        }
    }
    let is_new = |file: &&crate::write::OutputFile| !wrote.iter().any(|old| old.file == file.file);
    let new_files = writes.iter().filter(is_new);
    compared.only_again = new_files.map(|file| file.file.clone()).collect();
    for account in [&mut old, &mut new] {
        forget_places(account);
    }
    let parts = |account: &Value| account.as_object().cloned().unwrap_or_default();
    let (old, new) = (parts(&old), parts(&new));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let differ = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    compared.account = differ.cloned().collect();
    Ok(compared)
}

/// Takes out what may differ: times, and where files stand. The files themselves are compared apart.
fn forget_places(account: &mut Value) {
    if let Some(parts) = account.as_object_mut() {
        for part in ["timings", "outputs"] {
            parts.remove(part);
        }
    }
    for part in [
        "/rules/path",
        "/rules/pack",
        "/mapping/path",
        "/summary/history/store/path",
    ] {
        if let Some(path) = account.pointer_mut(part) {
            *path = Value::Null;
        }
    }
    for input in account["inputs"].as_array_mut().into_iter().flatten() {
        input["path"] = Value::Null;
        // Standard input has no hash; the same rows from a file have one.
        if input["label"] == "-" {
            input["blake3"] = Value::Null;
        }
    }
}
