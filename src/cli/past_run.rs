//! A past run, as commands name it.

use super::args::PastArgs;
use super::score::id_key;
use crate::error::{Error, ErrorKind};
use crate::trace::run::{Moved, PastRun};
use std::path::Path;

/// Opens a run again, with what was moved since.
pub(super) fn past_run(run: &Path, args: &PastArgs) -> Result<PastRun, Error> {
    let moved = Moved {
        rules: args.rules.clone(),
        inputs: args.input.clone(),
        map: args.map.clone(),
        history: args.history.clone(),
        id_key: args.id_key.as_deref().map(id_key).transpose()?,
    };
    let past = PastRun::open(run, &moved, &std::env::temp_dir())?;
    if past.account["identities"] == "keyed" && moved.id_key.is_none() {
        let message = "this run masked importer numbers under a key: give it with --id-key FILE";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    Ok(past)
}
