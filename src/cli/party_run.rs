//! What `ch24 resolve` and `ch24 network` share: reading parties, the account of the run.

use super::args::PartyArgs;
use super::print;
use super::score::{bad_rows, identities, reading};
use crate::entity::resolve::{Overrides, Resolution, read_overrides};
use crate::error::{Error, ErrorKind};
use crate::input_hash::{Hashes, inputs};
use crate::normalize::Identities;
use crate::parties::PartiesRead;
use crate::read::{KeptStreams, Reading, find_inputs, keep_streams};
use crate::timings::Timings;
use crate::write::{Output, output_files, write_issues};
use serde_json::{Value, json};
use std::path::Path;

/// What was typed, with everything settled.
pub(super) struct PartyRun {
    pub(super) reading: Reading,
    pub(super) identities: Identities,
    pub(super) overrides: Overrides,
    pub(super) output: Output,
    hashes: Hashes,
    kept: KeptStreams,
    pub(super) timings: Timings,
}

impl PartyRun {
    pub(super) fn start(args: &PartyArgs) -> Result<Self, Error> {
        bad_rows(&args.run.max_bad_rows)?;
        let reading = reading(
            find_inputs(&args.run.inputs)?,
            args.run.map.as_deref(),
            args.run.quiet,
        )?;
        let overrides = match &args.same {
            Some(path) => read_overrides(path)?,
            None => Overrides::default(),
        };
        Ok(Self {
            identities: identities(args.run.id_key.as_deref(), args.run.show_ids)?,
            overrides,
            output: Output::create(&args.out, args.run.force)?,
            hashes: crate::input_hash::start(&reading.inputs),
            kept: KeptStreams::default(),
            timings: Timings::start(),
            reading,
        })
    }

    /// Standard input and pipes can be read once only: for two passes they are kept in the output until the end.
    pub(super) fn keep_streams(&mut self) -> Result<(), Error> {
        let path = self.output.file(".stream");
        self.kept = keep_streams(&mut self.reading.inputs, &path)?;
        Ok(())
    }

    /// Stops where too many rows could not be read, and says which decisions name nobody.
    pub(super) fn check(
        args: &PartyArgs,
        read: &PartiesRead,
        found: &Resolution,
    ) -> Result<(), Error> {
        let bad = read.issues.n_set_aside();
        let rows = read.rows_of_input.iter().sum::<u64>() + bad;
        let limit = bad_rows(&args.run.max_bad_rows)?.limit(rows);
        if bad > limit {
            let message = format!(
                "{bad} of {rows} rows cannot be read, more than the {limit} that are allowed (--max-bad-rows)"
            );
            return Err(Error::new(ErrorKind::TooManyBadRows, message));
        }
        if !found.unused_overrides.is_empty() && !args.run.quiet {
            let lines: Vec<String> = found.unused_overrides.iter().map(u64::to_string).collect();
            print::message(&format!(
                "ch24: decisions about parties that are not in the data: line {}\n",
                lines.join(", ")
            ));
        }
        Ok(())
    }

    /// Writes issues.csv and run.json, and puts the output in its place.
    #[expect(clippy::disallowed_methods, reason = "run.json is written here")]
    pub(super) fn finish(
        self,
        args: &PartyArgs,
        command: &str,
        read: &PartiesRead,
        counts: &Value,
        listed: Option<&Path>,
    ) -> Result<(), Error> {
        drop(self.kept);
        write_issues(&self.output.file("issues.csv"), &read.issues, &read.labels)?;
        let file = |path: Option<&Path>| -> Result<Value, Error> {
            let hash = path.map(crate::input_hash::hash_file).transpose()?;
            let path = path.and_then(|path| std::path::absolute(path).ok());
            Ok(json!({ "path": path, "blake3": hash }))
        };
        let account = json!({
            "program": "ch24",
            "version": env!("CARGO_PKG_VERSION"),
            "command": command,
            "inputs": inputs(&self.reading.inputs, &read.rows_of_input, self.hashes)?,
            "mapping": {
                "path": args.run.map.as_ref().and_then(|path| std::path::absolute(path).ok()),
                "blake3": Some(&self.reading.mapping.hash).filter(|hash| !hash.is_empty()),
            },
            "decisions": file(args.same.as_deref())?,
            "listed": file(listed)?,
            "identities": match self.identities {
                Identities::FirstRow => "masked",
                Identities::Keyed(_) => "keyed",
                Identities::Shown => "shown",
            },
            "counts": counts,
            "outputs": output_files(&self.output.file(""))?,
            "timings": self.timings.to_json(),
        });
        let path = self.output.file("run.json");
        let text = serde_json::to_string_pretty(&account).expect("plain keys and values");
        std::fs::write(&path, text + "\n").map_err(|error| Error::io(&path, &error))?;
        self.output.finish()
    }
}
