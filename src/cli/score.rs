//! `ch24 score`: what was typed -> a job -> a run.

use super::args::{Keep, OutputName, ScoreArgs, TableFormat};
use super::exit::Exit;
use super::progress::Progress;
use super::rules::{pack, today};
use super::{print, summary};
use crate::check::notices::check_notices;
use crate::error::{Error, ErrorKind};
use crate::history::store::Store;
use crate::job::{BadRows, Job, Outputs};
use crate::normalize::Identities;
use crate::normalize::date::parse_date;
use crate::past::Since;
use crate::read::{BATCH_ROWS, Input, Mapping, Reading, find_inputs, load_mapping};
use crate::reconcile::Reconcile;
use crate::rules::{Loaded, PackSource, RuleSet, load};
use crate::select::Salt;
use crate::summary::repeated_inputs;
use crate::write::Format;
use crate::{batch::FieldSet, diagnostic::Severity, pipeline};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Scores manifests and prints the summary.
pub(super) fn run(args: &ScoreArgs) -> Result<Exit, Error> {
    let job = job(args)?;
    let progress = Progress::start(args.run.quiet || args.run.json, &job.reading.inputs);
    let result = pipeline::run(&job, progress.rows());
    drop(progress);
    let summary = result?;
    if args.run.json {
        let text =
            serde_json::to_string(&summary).expect("a summary has only plain keys and values");
        print::json(&format!("{text}\n"))?;
    } else if !args.run.quiet {
        print::out(&summary::text(&summary, &job))?;
    }
    Ok(Exit::Done)
}

fn job(args: &ScoreArgs) -> Result<Job, Error> {
    let pack = pack(args.rules.as_ref());
    let as_of = args.as_of.as_deref();
    let as_of = as_of.map(|text| day("--as-of", text)).transpose()?;
    let rules = rules_on(&pack, args.run.quiet, as_of)?;
    let salt = salt(args, &rules)?;
    let identities = identities(args.run.id_key.as_deref(), args.run.show_ids)?;
    let history = history(args.history.as_deref(), args.run.quiet, &rules, &identities)?;
    let outputs = args
        .outputs
        .as_ref()
        .map_or_else(Outputs::default, |named| Outputs {
            lines: named.contains(&OutputName::Lines),
            shipments: named.contains(&OutputName::Shipments),
            entities: named.contains(&OutputName::Entities),
            report: named.contains(&OutputName::Report),
            referrals: named.contains(&OutputName::Referrals),
        });
    Ok(Job {
        reading: reading(
            find_inputs(&args.run.inputs)?,
            args.run.map.as_deref(),
            args.run.quiet,
        )?,
        pack,
        map: args.run.map.clone(),
        out: args.out.clone(),
        force: args.run.force,
        format: format(args.run.format),
        flagged_only: args.keep == Keep::Flagged,
        outputs,
        as_of,
        threads: args.run.threads,
        max_bad_rows: bad_rows(&args.run.max_bad_rows)?,
        salt,
        identities,
        history,
        since: args.since.as_deref().map(Since::read).transpose()?,
        reconcile: reconcile(args.reconcile),
        write_normalized: args.write_normalized.clone(),
        options: json!({
            "as_of": args.as_of,
            "format": format(args.run.format).ending(),
            "keep": if args.keep == Keep::Flagged { "flagged" } else { "all" },
            "max_bad_rows": args.run.max_bad_rows,
            "reconcile": args.reconcile,
            "outputs": { "lines": outputs.lines, "shipments": outputs.shipments, "entities": outputs.entities, "report": outputs.report, "referrals": outputs.referrals },
        }),
        rules,
    })
}

/// Whether repeated filings are reconciled, as it was typed.
pub(super) fn reconcile(typed: Option<bool>) -> Reconcile {
    match typed {
        None => Reconcile::WhereFilingsRepeat,
        Some(true) => Reconcile::Always,
        Some(false) => Reconcile::Never,
    }
}

/// The format that was typed.
pub(super) fn format(typed: TableFormat) -> Format {
    match typed {
        TableFormat::Parquet => Format::Parquet,
        TableFormat::Csv => Format::Csv,
        TableFormat::Arrow => Format::Arrow,
        TableFormat::Ndjson => Format::Ndjson,
    }
}

/// Reads the rules; warnings never stop a run.
pub(super) fn rules(pack: &PackSource, is_quiet: bool) -> Result<RuleSet, Error> {
    not_empty(checked(load(pack)?, is_quiet)?, pack)
}

/// A directory that is not there when it should be, as one that was not mounted, must clear nothing.
fn not_empty(rules: RuleSet, pack: &PackSource) -> Result<RuleSet, Error> {
    if !rules.rules.is_empty() {
        return Ok(rules);
    }
    let message = "this pack holds no rule, so nothing could be found; is it the right directory?";
    Err(match pack {
        PackSource::Directory(path) => Error::at(ErrorKind::Usage, path, message),
        PackSource::Shipped => Error::new(ErrorKind::Usage, message),
    })
}

/// Reads the rules of a run, whose lookouts and suppressions must not last too long from today, or from the day that the
/// run judges by if that is later.
fn rules_on(pack: &PackSource, is_quiet: bool, as_of: Option<i32>) -> Result<RuleSet, Error> {
    let mut loaded = load(pack)?;
    check_notices(
        &mut loaded,
        as_of.map_or_else(today, |day| day.max(today())),
    );
    not_empty(checked(loaded, is_quiet)?, pack)
}

fn checked(loaded: Loaded, is_quiet: bool) -> Result<RuleSet, Error> {
    let errors = loaded.diagnostics.count(Severity::Error);
    if errors > 0 {
        print::styled(&loaded.diagnostics.render(&loaded.sources, print::color()));
    } else if !loaded.diagnostics.is_empty() && !is_quiet {
        let count = loaded.diagnostics.count(Severity::Warning);
        print::message(&format!(
            "ch24: {count} warnings in the rules; `ch24 rules check` shows them\n"
        ));
    }
    loaded.rules.filter(|_| errors == 0).ok_or_else(|| {
        let message = format!(
            "{} in the rule pack; no row was read",
            loaded.diagnostics.summary_line()
        );
        Error::new(ErrorKind::Mistakes, message)
    })
}

/// Inputs and how their columns become fields; which fields are wanted is settled later.
pub(super) fn reading(
    inputs: Vec<Input>,
    map: Option<&Path>,
    is_quiet: bool,
) -> Result<Reading, Error> {
    for repeated in repeated_inputs(&inputs).iter().filter(|_| !is_quiet) {
        print::message(&format!("ch24: {}\n", repeated.text()));
    }
    Ok(Reading {
        inputs,
        mapping: mapping(map, is_quiet)?,
        wanted: FieldSet::default(),
        batch_rows: BATCH_ROWS,
    })
}

fn mapping(path: Option<&Path>, is_quiet: bool) -> Result<Mapping, Error> {
    let Some(path) = path else {
        return Ok(Mapping::default());
    };
    let loaded = load_mapping(path)?;
    if !loaded.diagnostics.is_empty() && (loaded.mapping.is_none() || !is_quiet) {
        print::styled(&loaded.diagnostics.render(&loaded.sources, print::color()));
    }
    loaded.mapping.ok_or_else(|| {
        let message = format!(
            "{} in the mapping; no row was read",
            loaded.diagnostics.summary_line()
        );
        Error::new(ErrorKind::Mistakes, message)
    })
}

/// Opens the store of past lines; what it lacks is said.
pub(super) fn history(
    path: Option<&Path>,
    is_quiet: bool,
    rules: &RuleSet,
    identities: &Identities,
) -> Result<Option<Store>, Error> {
    let Some(path) = path else {
        return Ok(None);
    };
    let store = Store::open(path, rules, None)?;
    (store.manifest()).check_key(path, identities.fingerprint().as_deref())?;
    let stale = store.stale(rules);
    if !stale.is_empty() && !is_quiet {
        print::message(&format!(
            "ch24: the history store does not hold {} as the rules define {} now, so its lines do not count there: build it again\n",
            stale.join(", "),
            if stale.len() == 1 { "it" } else { "them" }
        ));
    }
    Ok(Some(store))
}

/// The secret of random draws: only where the policy draws.
fn salt(args: &ScoreArgs, rules: &RuleSet) -> Result<Option<Salt>, Error> {
    let random = &rules.policy.file.random;
    if random.share <= 0.0 && random.min_per_theme == 0 {
        return Ok(None);
    }
    let path = salt_path(args.salt_file.as_deref(), rules)?;
    if path.starts_with(&args.out) {
        return Err(Error::at(
            ErrorKind::Usage,
            &path,
            "the salt must not lie in the output",
        ));
    }
    Salt::read_or_make(&path).map(Some)
}

/// Where the secret of random draws is kept.
pub(super) fn salt_path(typed: Option<&Path>, rules: &RuleSet) -> Result<PathBuf, Error> {
    let of_policy = rules.policy.file.random.salt_file.as_ref();
    let of_policy = of_policy.map(|text| PathBuf::from(&text.value));
    let named = typed.map(Path::to_owned).or(of_policy);
    named.map_or_else(default_salt, Ok)
}

/// Where a salt is kept when nobody says where.
#[expect(
    clippy::disallowed_methods,
    reason = "the home of the user is found here"
)]
fn default_salt() -> Result<PathBuf, Error> {
    let state = std::env::var("XDG_STATE_HOME")
        .ok()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    let home = || {
        std::env::var("HOME")
            .ok()
            .map(|home| Path::new(&home).join(".local/state"))
    };
    state
        .or_else(home)
        .map(|state| state.join("ch24/salt"))
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "the policy draws at random: name a file for the salt with --salt-file",
            )
        })
}

pub(super) fn identities(key: Option<&Path>, show_ids: bool) -> Result<Identities, Error> {
    if show_ids {
        return Ok(Identities::Shown);
    }
    match key {
        None => Ok(Identities::FirstRow),
        Some(path) => id_key(path).map(Identities::Keyed),
    }
}

/// Reads the key of masked numbers.
#[expect(
    clippy::disallowed_methods,
    reason = "the key of masked numbers is read here"
)]
pub(super) fn id_key(path: &Path) -> Result<[u8; 32], Error> {
    let secret = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
    if secret.len() < 16 {
        return Err(Error::at(
            ErrorKind::Usage,
            path,
            "a key of fewer than 16 bytes protects nothing",
        ));
    }
    Ok(blake3::derive_key(
        "ch24 masked identity across runs",
        &secret,
    ))
}

/// Reads the day of an option.
pub(super) fn day(option: &str, text: &str) -> Result<i32, Error> {
    parse_date(text).ok_or_else(|| {
        let message = format!("{option} `{text}` is not a date; write YYYY-MM-DD");
        Error::new(ErrorKind::Usage, message)
    })
}

pub(super) fn bad_rows(text: &str) -> Result<BadRows, Error> {
    let wrong = || {
        Error::new(
            ErrorKind::Usage,
            format!("--max-bad-rows `{text}`: write a number, or a share such as 1%"),
        )
    };
    match text.strip_suffix('%') {
        Some(percent) => match percent.trim().parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(BadRows::Share(percent / 100.0)),
            _ => Err(wrong()),
        },
        None => text.parse().map(BadRows::Count).map_err(|_| wrong()),
    }
}
