//! `ch24 rules check`: every mistake of a pack, and what it does on data.

use super::exit::Exit;
use super::score::reading;
use super::{print, rules_data, streams};
use crate::check::check;
use crate::check::data::check_data;
use crate::diagnostic::Severity;
use crate::error::Error;
use crate::read::find_inputs;
use crate::reconcile::Reconcile;
use crate::rules::notices::{Notices, Term, TermState};
use crate::rules::{PackSource, load};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// What is checked, and how.
pub(super) struct Check<'a> {
    pub(super) pack: PackSource,
    pub(super) is_strict: bool,
    pub(super) is_json: bool,
    /// The day by which lists and reviews are out of date.
    pub(super) day: i32,
    pub(super) data: &'a [String],
    pub(super) map: Option<&'a Path>,
    pub(super) reconcile: Reconcile,
}

/// Checks a pack; findings on data never fail it, for they may lie in the data.
pub(super) fn run(asked: &Check<'_>) -> Result<Exit, Error> {
    let mut loaded = load(&asked.pack)?;
    check(&mut loaded, asked.is_strict, asked.day);
    let errors = loaded.diagnostics.count(Severity::Error);
    let warnings = loaded.diagnostics.count(Severity::Warning);
    let on_data = match &loaded.rules {
        Some(rules) if !asked.data.is_empty() => {
            let mut inputs = find_inputs(asked.data)?;
            let _kept = streams::keep(&mut inputs)?;
            let reading = reading(inputs, asked.map, false)?;
            Some(check_data(
                rules,
                &reading,
                asked.reconcile,
                &std::env::temp_dir(),
            )?)
        }
        _ => None,
    };
    if asked.is_json {
        let mistakes = loaded.diagnostics.to_json(&loaded.sources);
        let shown = match on_data {
            Some(on_data) => json!({ "mistakes": mistakes, "data": on_data }),
            None => mistakes,
        };
        print::json(&format!("{shown:#}\n"))?;
    } else {
        print::styled(&loaded.diagnostics.render(&loaded.sources, print::color()));
        let n_rules = loaded.files.len();
        let rules = if n_rules == 1 { "rule" } else { "rules" };
        let found = if loaded.diagnostics.is_empty() {
            "no mistakes".to_owned()
        } else {
            loaded.diagnostics.summary_line()
        };
        let on_data = on_data.map_or_else(String::new, |found| rules_data::text(&found));
        let notices = notices(&loaded.notices, asked.day);
        let counts = counts(&loaded.notices);
        print::out(&format!(
            "{n_rules} {rules}{counts}: {found}\n{notices}{on_data}"
        ))?;
    }
    Ok(if errors > 0 || (asked.is_strict && warnings > 0) {
        Exit::CheckFailed
    } else {
        Exit::Done
    })
}

fn counts(notices: &Notices) -> String {
    let mut text = String::new();
    for (count, one) in [
        (notices.lookouts.len(), "lookout"),
        (notices.suppressions.len(), "suppression"),
    ] {
        let ending = if count == 1 { "" } else { "s" };
        if count > 0 {
            write!(text, ", {count} {one}{ending}").expect("a string takes any text");
        }
    }
    text
}

/// Each lookout and suppression on a line, with its last day.
fn notices(notices: &Notices, day: i32) -> String {
    let until = |term: &Term| match term.state(day) {
        TermState::Expired => format!("over since {}", term.until()),
        TermState::ExpiresSoon => {
            format!("until {}, in {} days", term.until(), term.expires - day)
        }
        TermState::InForce => format!("until {}", term.until()),
    };
    let lookouts = notices.lookouts.iter().map(|lookout| {
        let (named, action, owner) = (lookout.named(), lookout.action, &lookout.owner);
        let (until, reason) = (until(&lookout.term), &lookout.reason);
        format!("  {named}: {action} {until} ({owner}): {reason}\n")
    });
    let suppressions = notices.suppressions.iter().map(|suppression| {
        let (named, approver) = (suppression.named(), &suppression.approver);
        let until = until(&suppression.term);
        format!("  {named}: {until} ({approver}) {}\n", suppression.reason)
    });
    lookouts
        .chain(suppressions)
        .map(|line| print::plain(line.trim_end()) + "\n")
        .collect()
}
