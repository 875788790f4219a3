//! The command line: what was typed -> what it means -> an exit code.
//!
//! Data goes to standard output, everything else to standard error. Read `args.rs` for what can be typed; each command
//! has a file of its own.

mod args;
mod backtest;
mod backtest_text;
mod decide;
#[cfg(feature = "tables")]
mod dossier;
#[cfg(feature = "tables")]
mod entities;
mod estimate;
mod estimate_text;
mod exit;
mod explain;
mod fields;
mod generate;
mod history;
mod labeled;
mod outcomes;
mod network;
mod party_run;
mod past_run;
mod print;
mod progress;
mod replay;
mod resolve;
mod rule_cost;
mod rules;
mod rules_check;
mod rules_data;
mod rules_diff;
mod rules_lists;
mod rules_sql;
mod rules_test;
mod score;
mod streams;
mod summary;
mod trace_text;
mod tune;
mod verify;

use crate::error::Error;
use args::{Args, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use rustix::fs::Mode;
use std::path::Path;
use std::process::ExitCode;

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        if !crate::read::is_guarded() {
            print::bug(panic);
        }
    }));
    // Nothing here panics on input; where it does after all, a line is said, nothing half-written is left, and the code is 2.
    std::panic::catch_unwind(run).unwrap_or_else(|_| Exit::CouldNotRun.into())
}

fn run() -> ExitCode {
    // What is written names firms and people: only its owner may read it, unless they decide otherwise afterwards.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, not failures; a closed pipe is the reader's choice.
            let is_failure = error.use_stderr();
            print::arguments(&error);
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
        Command::Decide(decide) => decide::run(decide),
        Command::Outcomes(outcomes) => outcomes::run(outcomes),
        Command::Estimate(estimate) => estimate::run(estimate),
        Command::Verify(verify) => verify::run(verify),
        Command::Replay(replay) => replay::run(replay),
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
            print::code(&String::from_utf8_lossy(&script)).map(|()| Exit::Done)
        }
        Command::Manual { out } => manual(out),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            print::failure(&failure);
            Exit::CouldNotRun.into()
        }
    }
}

/// Writes a page for the program and one for each command.
fn manual(out: &Path) -> Result<Exit, Error> {
    std::fs::create_dir_all(out).map_err(|error| Error::io(out, &error))?;
    clap_mangen::generate_to(Args::command(), out).map_err(|error| Error::io(out, &error))?;
    print::message(&format!("manual pages in {}\n", out.display()));
    Ok(Exit::Done)
}
