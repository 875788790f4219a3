//! `ch24 generate`.

use super::args::GenerateArgs;
use super::exit::Exit;
use super::print;
use crate::error::{Error, ErrorKind};
use crate::generate::{Options, write};

/// Makes a synthetic manifest; the file appears whole or not at all.
pub(super) fn run(args: &GenerateArgs) -> Result<Exit, Error> {
    let options = Options {
        rows: args.rows,
        seed: args.seed,
        labels: args.labels,
    };
    write(&options, &args.out).map_err(|error| Error::at(ErrorKind::Io, &args.out, error))?;
    print::message(&format!("{} rows in {}\n", args.rows, args.out.display()));
    Ok(Exit::Done)
}
