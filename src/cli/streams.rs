//! Standard input and pipes in files, until a command is done that reads them more than once.

use crate::error::Error;
use crate::read::{Input, KeptStreams, keep_streams};

/// Puts files in the place of streams; they go when what this gives is dropped.
///
/// # Errors
/// When a stream cannot be read, or its file cannot be written.
pub(super) fn keep(inputs: &mut [Input]) -> Result<KeptStreams, Error> {
    let name = format!(".ch24-{}-stream", std::process::id());
    keep_streams(inputs, &std::env::temp_dir().join(name))
}
