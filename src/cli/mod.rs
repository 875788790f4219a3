//! The command line: what was typed -> what it means -> an exit code.
//!
//! Data goes to standard output, everything else to standard error. Read `args.rs` for what can be typed; each command
//! has a file of its own.

mod args;
mod backtest;
mod backtest_text;
#[cfg(feature = "tables")]
mod dossier;
#[cfg(feature = "tables")]
mod entities;
mod exit;
mod explain;
mod fields;
mod generate;
mod history;
mod outcomes;
mod network;
mod party_run;
mod print;
mod progress;
mod resolve;
mod rules;
mod rules_check;
mod rules_data;
mod rules_diff;
mod rules_lists;
mod rules_sql;
mod rules_test;
mod score;
mod summary;
mod trace_text;
mod tune;

use args::{Args, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use std::process::ExitCode;

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, not failures; a closed pipe is the reader's choice.
            let is_failure = error.use_stderr();
            error.print().ok();
            return if is_failure {
                Exit::CouldNotRun.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    let result = match &args.command {
        Command::Score(score) => score::run(score),
        Command::Explain(explain) => explain::run(explain),
        #[cfg(feature = "tables")]
        Command::Entities(entities) => entities::run(entities),
        #[cfg(feature = "tables")]
        Command::Dossier(dossier) => dossier::run(dossier),
        Command::Outcomes(outcomes) => outcomes::run(outcomes),
        Command::Rules(rules) => rules::run(rules),
        Command::Backtest(backtest) => backtest::run(backtest),
        Command::Tune(tune) => tune::run(tune),
        Command::Resolve(resolve) => resolve::run(resolve),
        Command::Network(network) => network::run(network),
        Command::Fields(fields) => fields::run(fields),
        Command::History(history) => history::run(history),
        Command::Generate(generate) => generate::run(generate),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "ch24", &mut script);
            print::out(&String::from_utf8_lossy(&script)).map(|()| Exit::Done)
        }
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            print::failure(&failure);
            Exit::CouldNotRun.into()
        }
    }
}
