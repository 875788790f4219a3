//! The program: parses arguments, runs the command, exits with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ch24::cli::main()
}
