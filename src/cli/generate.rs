//! `ch24 generate`.

use super::args::GenerateArgs;
use super::exit::Exit;
use super::print;
use crate::error::{Error, ErrorKind};
use crate::generate::{Options, write};
use std::path::{Path, PathBuf};

/// Makes a synthetic manifest; the file, and that of the labels, appears whole or not at all.
pub(super) fn run(args: &GenerateArgs) -> Result<Exit, Error> {
    let options = Options {
        rows: args.rows,
        seed: args.seed,
        labels: args.labels,
    };
    let temporary = temporary(&args.out)?;
    let result = write(&options, &temporary)
        .map_err(|error| Error::at(ErrorKind::Io, &args.out, error))
        .and_then(|()| put_in_place(&temporary, &args.out, args.labels));
    if result.is_err() {
        // What is left is of no use; where it cannot be removed, nothing more can be done.
        std::fs::remove_file(&temporary).ok();
        std::fs::remove_file(labels(&temporary)).ok();
    }
    result?;
    print::message(&format!("{} rows in {}\n", args.rows, args.out.display()));
    Ok(Exit::Done)
}

/// A name beside the file, with the same ending, by which the format is told.
fn temporary(out: &Path) -> Result<PathBuf, Error> {
    let name = out
        .file_name()
        .ok_or_else(|| Error::at(ErrorKind::Usage, out, "this is not the name of a file"))?;
    Ok(out.with_file_name(format!(
        ".{}.{}",
        std::process::id(),
        name.to_string_lossy()
    )))
}

fn labels(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".labels.csv");
    PathBuf::from(name)
}

#[expect(clippy::disallowed_methods, reason = "the file is put in its place")]
fn put_in_place(temporary: &Path, out: &Path, has_labels: bool) -> Result<(), Error> {
    if has_labels {
        std::fs::rename(labels(temporary), labels(out)).map_err(|error| Error::io(out, &error))?;
    }
    std::fs::rename(temporary, out).map_err(|error| Error::io(out, &error))
}
