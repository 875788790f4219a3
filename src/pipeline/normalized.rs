//! Where normalized rows may go.

use crate::error::{Error, ErrorKind};
use crate::job::Job;
use crate::write::NewFile;
use std::path::{Component, Path, PathBuf};

/// The file of `--write-normalized`, which appears whole; none where none is asked for.
///
/// # Errors
/// When it is an input or the mapping, whatever may be replaced; when it lies in the output; when it exists and may not be
/// replaced.
pub(super) fn normalized_file(job: &Job) -> Result<Option<NewFile>, Error> {
    let Some(path) = &job.write_normalized else {
        return Ok(None);
    };
    let refuse = |message: &str| Err(Error::at(ErrorKind::OutputExists, path, message));
    let place = resolved(path);
    let inputs = job
        .reading
        .inputs
        .iter()
        .filter_map(|input| input.path.as_ref());
    if inputs.chain(&job.map).any(|read| resolved(read) == place) {
        return refuse("this file is read by the run; choose another --write-normalized");
    }
    if place.starts_with(resolved(&job.out)) {
        return refuse(
            "this lies in the output, which the run replaces; choose another --write-normalized",
        );
    }
    NewFile::create(path, job.force).map(Some)
}

/// A path without links and dots, also where its last parts do not exist yet.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let Some((parent, last)) = path.parent().zip(path.components().next_back()) else {
        return path;
    };
    let mut whole = resolved(parent);
    match last {
        Component::ParentDir => {
            whole.pop();
        }
        last => whole.push(last),
    }
    whole
}
