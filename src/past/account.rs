//! The account of a past run.

use crate::error::{Error, ErrorKind};
use serde_json::Value;
use std::path::Path;

/// Reads run.json of an output.
///
/// # Errors
/// When it is not there, or is no account.
#[expect(
    clippy::disallowed_methods,
    reason = "the account of a run is read here"
)]
pub fn account(run: &Path) -> Result<Value, Error> {
    let path = run.join("run.json");
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let message = "no run.json is there, so it is not the output of a run; `ch24 score INPUT --out DIR` makes one";
            Error::at(ErrorKind::Usage, run, message)
        }
        _ => Error::io(&path, &error),
    })?;
    serde_json::from_str(&text).map_err(|error| Error::at(ErrorKind::Input, &path, error))
}
