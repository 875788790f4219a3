//! `ch24 verify`: whether any output of a run was altered.

use super::args::VerifyArgs;
use super::exit::Exit;
use super::print::{self, plain};
use crate::error::Error;
use crate::replay::{State, Verified, verify};
use std::fmt::Write;

/// Compares the files of an output with its account.
pub(super) fn run(args: &VerifyArgs) -> Result<Exit, Error> {
    let verified = verify(&args.run)?;
    let text = match args.json {
        true => {
            let text = serde_json::to_string_pretty(&verified);
            text.expect("states have only plain keys and values") + "\n"
        }
        false => text(&verified),
    };
    print::shown(&text, args.json)?;
    Ok(match verified.is_whole() {
        true => Exit::Done,
        false => Exit::CheckFailed,
    })
}

fn text(verified: &Verified) -> String {
    let mut text = String::new();
    for (file, state) in &verified.files {
        let told = match state {
            State::Same | State::Later => continue,
            State::Altered => "altered: its bytes are not those that the run wrote",
            State::Missing => "missing",
            State::Foreign => "not of the run",
        };
        line(&mut text, format_args!("{}  {told}", plain(file)));
    }
    let verdict = match verified.is_whole() {
        true => "Nothing was altered",
        false => "The output is not what the run wrote",
    };
    let same = verified.count(State::Same);
    line(
        &mut text,
        format_args!("{verdict}: {same} files are byte for byte those of run.json."),
    );
    let later = verified.count(State::Later);
    if later > 0 {
        line(
            &mut text,
            format_args!("{later} files below dossiers/ were written later and are not judged."),
        );
    }
    line(
        &mut text,
        format_args!(
            "run.json itself: BLAKE3 {}. Kept elsewhere, it tells whether the account was altered too.",
            verified.run_json
        ),
    );
    text
}

fn line(text: &mut String, written: std::fmt::Arguments<'_>) {
    writeln!(text, "{written}").expect("a string takes any text");
}
