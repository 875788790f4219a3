//! `run.json`: the account of a run, by which it can be repeated and checked.

use crate::error::{Error, ErrorKind};
use crate::input_hash::InputRecord;
use crate::job::Job;
use crate::normalize::Identities;
use crate::rules::PackSource;
use crate::summary::Summary;
use crate::timings::Timings;
use serde_json::{Value, json};
use std::path::Path;

/// Writes the account, beside the other files of the output, which are whole by now. Wall-clock times stand under `timings`
/// only.
///
/// # Errors
/// When the file cannot be written.
#[expect(clippy::disallowed_methods, reason = "run.json is written here")]
pub fn write_run_json(
    path: &Path,
    job: &Job,
    summary: &Summary,
    inputs: &[InputRecord],
    timings: &Timings,
) -> Result<(), Error> {
    let lists: Vec<Value> = job
        .rules
        .lists
        .iter()
        .map(|list| json!({"name": list.name, "as_of": list.as_of, "rows": list.rows.len(), "blake3": list.hash}))
        .collect();
    let mapping = &job.reading.mapping;
    let at_inspection: Vec<&str> = mapping
        .columns
        .iter()
        .filter(|column| column.is_known_at_inspection)
        .flat_map(|column| column.fields.iter().map(|field| field.name()))
        .collect();
    let account = json!({
        "program": "ch24",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": {
            "pack": job.pack.name(),
            "path": match &job.pack {
                PackSource::Shipped => None,
                PackSource::Directory(path) => std::path::absolute(path).ok(),
            },
            "blake3": job.rules.hash,
            "policy_version": job.rules.policy.file.version,
            "active": job.rules.rules.iter().filter(|rule| rule.is_active()).count(),
            "draft": job.rules.rules.iter().filter(|rule| !rule.is_active()).count(),
            "lists": lists,
        },
        "inputs": inputs,
        "mapping": {
            "path": job.map.as_ref().and_then(|path| std::path::absolute(path).ok()),
            "blake3": if mapping.hash.is_empty() { Value::Null } else { Value::from(mapping.hash.clone()) },
            "written_at_inspection": at_inspection,
        },
        "options": job.options,
        "identities": match job.identities {
            Identities::FirstRow => "masked",
            Identities::Keyed(_) => "keyed",
            Identities::Shown => "shown",
        },
        "salt_fingerprint": job.salt.as_ref().map(crate::select::Salt::fingerprint),
        "since": job.since.as_ref().map(|since| &since.account),
        "as_of": summary.as_of,
        "outputs": super::output_files(path.parent().unwrap_or(path))?,
        "summary": summary,
        "timings": timings.to_json(),
    });
    let text = serde_json::to_string_pretty(&account)
        .map_err(|error| Error::at(ErrorKind::Io, path, error))?;
    std::fs::write(path, text + "\n").map_err(|error| Error::io(path, &error))
}
