//! `ch24 replay`: a past run once more, and whether the same bytes come out.

use super::args::ReplayArgs;
use super::exit::Exit;
use super::past_run::past_run;
use super::print::{self, plain};
use super::progress::Progress;
use super::score::{bad_rows, salt_path};
use crate::error::{Error, ErrorKind};
use crate::pipeline;
use crate::replay::{Again, Compared, compare, job};
use crate::rules::RuleSet;
use crate::select::Salt;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Repeats a run and compares.
pub(super) fn run(args: &ReplayArgs) -> Result<Exit, Error> {
    let past = past_run(&args.run, &args.past)?;
    let salt = match past.account["salt_fingerprint"].is_string() {
        true => Some(salt(args.salt_file.as_deref(), &past.rules)?),
        false => None,
    };
    let again = Scratch::new(args.out.as_deref());
    let job = job(
        past,
        Again {
            out: again.path.clone(),
            salt,
            bad_rows,
            threads: args.threads,
        },
    )?;
    let progress = Progress::start(args.json, &job.reading.inputs);
    let ran = pipeline::run(&job, progress.rows());
    drop(progress);
    ran?;
    let compared = compare(&args.run, &again.path)?;
    let text = match args.json {
        true => {
            let text = serde_json::to_string_pretty(&compared);
            text.expect("lists of names have only plain keys and values") + "\n"
        }
        false => text(&compared),
    };
    print::shown(&text, args.json)?;
    Ok(match compared.is_same() {
        true => Exit::Done,
        false => Exit::CheckFailed,
    })
}

/// The secret of the run; never a new one.
fn salt(typed: Option<&Path>, rules: &RuleSet) -> Result<Salt, Error> {
    let path = salt_path(typed, rules)?;
    if !path.is_file() {
        let message = "the run drew at random, and its salt is not here: name it with --salt-file";
        return Err(Error::at(ErrorKind::Usage, &path, message));
    }
    Salt::read_or_make(&path)
}

/// Where the repetition goes: a directory that is kept, or one that is removed at the end.
struct Scratch {
    path: PathBuf,
    is_kept: bool,
}

impl Scratch {
    fn new(kept: Option<&Path>) -> Self {
        let name = format!("ch24-replay-{}", std::process::id());
        Self {
            path: kept.map_or_else(|| std::env::temp_dir().join(name), Path::to_owned),
            is_kept: kept.is_some(),
        }
    }
}

impl Drop for Scratch {
    #[expect(
        clippy::disallowed_methods,
        reason = "a repetition that nobody keeps is removed"
    )]
    fn drop(&mut self) {
        if !self.is_kept {
            // A repetition that cannot be removed does no harm.
            std::fs::remove_dir_all(&self.path).ok();
        }
    }
}

fn text(compared: &Compared) -> String {
    let mut text = String::new();
    for (files, told) in [
        (&compared.differ, "other bytes"),
        (
            &compared.only_first,
            "written by the run, not by the repetition",
        ),
        (
            &compared.only_again,
            "written by the repetition, not by the run",
        ),
    ] {
        for file in files {
            line(&mut text, format_args!("{}  {told}", plain(file)));
        }
    }
    for part in &compared.account {
        line(
            &mut text,
            format_args!("run.json: `{}` differs", plain(part)),
        );
    }
    let verdict = match compared.is_same() {
        true => "The same came out again",
        false => "Something came out differently",
    };
    line(
        &mut text,
        format_args!(
            "{verdict}: {} files have the same bytes. `ch24 verify` tells whether the files of the run were altered since.",
            compared.same
        ),
    );
    text
}

fn line(text: &mut String, written: std::fmt::Arguments<'_>) {
    writeln!(text, "{written}").expect("a string takes any text");
}
