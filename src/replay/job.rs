//! The account of a run -> the job that repeats it.

use crate::error::{Error, ErrorKind};
use crate::job::{BadRows, Job, Outputs};
use crate::normalize::date::parse_date;
use crate::past::Since;
use crate::reconcile::Reconcile;
use crate::rules::PackSource;
use crate::select::Salt;
use crate::trace::run::PastRun;
use crate::write::Format;
use serde_json::Value;
use std::path::PathBuf;

/// What no account of a run holds.
#[derive(Debug)]
pub struct Again {
    /// Where the repetition goes.
    pub out: PathBuf,
    /// The secret of random draws, where the run drew.
    pub salt: Option<Salt>,
    /// How many bad rows stop a run, by the word of the account.
    pub bad_rows: fn(&str) -> Result<BadRows, Error>,
    /// Worker threads; none: one per core.
    pub threads: Option<usize>,
}

/// The job that repeats a run whose inputs and rules are still what they were.
///
/// # Errors
/// When the account lacks an option, or the salt is not that of the run.
pub fn job(past: PastRun, again: Again) -> Result<Job, Error> {
    let account = past.account.clone();
    let fingerprint = again.salt.as_ref().map(Salt::fingerprint);
    if account["salt_fingerprint"].as_str() != fingerprint.as_deref() {
        let message = "the salt is not that of the run, so other shipments would be drawn: name it with --salt-file";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let options = &account["options"];
    let lacks = |option: &str| {
        let message = format!(
            "run.json does not say which `{option}` the run had: it is of an earlier version, or was altered"
        );
        Error::new(ErrorKind::Input, message)
    };
    let word = |option: &str| options[option].as_str().ok_or_else(|| lacks(option));
    let format = word("format")?;
    let is_written = |output: &str| {
        let is_written = options["outputs"][output].as_bool();
        is_written.ok_or_else(|| lacks(output))
    };
    let as_of = match &options["as_of"] {
        Value::Null => None,
        day => Some(
            day.as_str()
                .and_then(parse_date)
                .ok_or_else(|| lacks("as_of"))?,
        ),
    };
    let since = match &account["since"] {
        Value::Null => None,
        since => {
            let since = serde_json::from_value(since.clone()).map_err(|_| lacks("since"))?;
            Some(Since::read_again(&since)?)
        }
    };
    let pack = &account["rules"]["path"];
    Ok(Job {
        pack: match pack.as_str() {
            Some(path) => PackSource::Directory(PathBuf::from(path)),
            None => PackSource::Shipped,
        },
        map: account["mapping"]["path"].as_str().map(PathBuf::from),
        out: again.out,
        force: false,
        format: Format::ALL
            .into_iter()
            .find(|known| known.ending() == format)
            .ok_or_else(|| lacks("format"))?,
        flagged_only: word("keep")? == "flagged",
        outputs: Outputs {
            lines: is_written("lines")?,
            shipments: is_written("shipments")?,
            entities: is_written("entities")?,
            report: is_written("report")?,
            referrals: is_written("referrals")?,
        },
        as_of,
        threads: again.threads,
        max_bad_rows: (again.bad_rows)(word("max_bad_rows")?)?,
        salt: again.salt,
        reconcile: match options["reconcile"].as_bool() {
            None => Reconcile::WhereFilingsRepeat,
            Some(true) => Reconcile::Always,
            Some(false) => Reconcile::Never,
        },
        write_normalized: None,
        options: options.clone(),
        history: past.history,
        since,
        identities: past.identities,
        reading: past.reading,
        rules: past.rules,
    })
}
