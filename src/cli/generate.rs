//! `ch24 generate`.

use super::args::GenerateArgs;
use super::exit::Exit;
use super::print;
use crate::error::{Error, ErrorKind};
use crate::generate::{Options, write};
use crate::write::NewFile;
use std::path::{Path, PathBuf};

/// Makes a synthetic manifest; the file, and that of the labels, appears whole or not at all.
pub(super) fn run(args: &GenerateArgs) -> Result<Exit, Error> {
    let options = Options {
        rows: args.rows,
        seed: args.seed,
        labels: args.labels,
    };
    let file = NewFile::create(&args.out, args.force)?;
    let labels_file = (args.labels)
        .then(|| NewFile::beside(&labels(&args.out), labels(file.path()), args.force))
        .transpose()?;
    write(&options, file.path()).map_err(|error| Error::at(ErrorKind::Io, &args.out, error))?;
    if let Some(labels_file) = labels_file {
        labels_file.finish()?;
    }
    file.finish()?;
    print::message(&format!("{} rows in {}\n", args.rows, args.out.display()));
    Ok(Exit::Done)
}

/// Where the truth about planted lines of a file stands.
fn labels(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".labels.csv");
    PathBuf::from(name)
}
