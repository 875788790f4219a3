//! Rules and lists as things that are kept: complete, fair, in date.

use super::evidence::rests_on;
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, Span};
use crate::normalize::date::parse_date;
use crate::rules::vocabulary::Status;
use crate::rules::yaml::RuleFile;
use crate::rules::{Loaded, Rule, RuleSet};

/// Keys that a shipped rule must have, beside those that any rule must.
const STRICT_KEYS: &[&str] = &[
    "owner",
    "review_by",
    "version",
    "status",
    "legal_basis",
    "why",
    "clears",
    "false_positives",
    "sources",
    "examples",
];

/// Points above which a rule may not rest on a country or a name alone.
const MOST_CONTEXT_POINTS: i32 = 10;

/// Reports keys that are missing, names that do not fit, reviews that are due, and rules that rest on too little.
pub(super) fn check_rules(loaded: &mut Loaded, is_strict: bool, today: i32) {
    let Loaded {
        files,
        diagnostics,
        rules,
        ..
    } = loaded;
    for file in files.iter().filter(|file| !file.is_broken) {
        if is_strict {
            let is_waiting = matches!(file.status, Status::Draft | Status::Rejected);
            let missing: Vec<_> = STRICT_KEYS
                .iter()
                .chain(is_waiting.then_some(&"reason"))
                .filter(|key| !file.present.contains(key))
                .copied()
                .collect();
            if !missing.is_empty() {
                let title = format!(
                    "rule `{}` says nothing under {}",
                    file.id.value,
                    missing.join(", ")
                );
                diagnostics.push(Diagnostic::warning("missing-key", file.id.span, title));
            }
        }
        check_name(file, diagnostics);
        check_review(file, today, diagnostics);
        if let Some(rule) = rules.as_ref().and_then(|rules| rules.find(&file.id.value)) {
            check_evidence(rule, file, diagnostics);
        }
    }
}

fn check_name(file: &RuleFile, diagnostics: &mut Diagnostics) {
    let name = &file.name.value;
    let is_kebab = !name.is_empty()
        && name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !is_kebab {
        let kebab = name.to_lowercase().replace([' ', '_'], "-");
        let title = format!("name `{name}` is not in kebab form");
        diagnostics.push(
            Diagnostic::warning("naming", file.name.span, title).help(format!("write `{kebab}`")),
        );
    }
}

fn check_review(file: &RuleFile, today: i32, diagnostics: &mut Diagnostics) {
    let Some(review_by) = &file.review_by else {
        return;
    };
    match parse_date(&review_by.value) {
        None => {
            let title = format!("review_by `{}` is not a date", review_by.value);
            diagnostics.push(
                Diagnostic::warning("bad-date", review_by.span, title).help("write YYYY-MM-DD"),
            );
        }
        Some(day) if day < today => {
            let title = format!(
                "rule `{}` was to be reviewed by {}",
                file.id.value, review_by.value
            );
            diagnostics.push(Diagnostic::warning("review-due", review_by.span, title));
        }
        Some(_) => {}
    }
}

/// A rule that one way of hitting rests on countries, or on names, is context at most.
fn check_evidence(rule: &Rule, file: &RuleFile, diagnostics: &mut Diagnostics) {
    if rule.points <= MOST_CONTEXT_POINTS && rule.floor.is_none() {
        return;
    }
    let Some(what) = rests_on(&rule.condition) else {
        return;
    };
    let title = format!("rule `{}` rests on {what} alone", rule.id);
    let help = format!(
        "add a fact of the shipment, or give it at most {MOST_CONTEXT_POINTS} points and no floor"
    );
    diagnostics.push(Diagnostic::warning("country-alone", file.when.span, title).help(help));
}

/// Reports lists that are older than they may be.
pub(super) fn check_lists(
    rules: &RuleSet,
    sources: &Sources,
    today: i32,
    diagnostics: &mut Diagnostics,
) {
    for list in rules.lists.iter() {
        let Some(file) = sources.find(&format!("lists/{}.yaml", list.name)) else {
            continue;
        };
        let span = Span {
            file,
            start: 0,
            end: 0,
        };
        let Some(as_of) = parse_date(&list.as_of) else {
            let title = format!(
                "list `{}` is as of `{}`, which is not a date",
                list.name, list.as_of
            );
            diagnostics.push(Diagnostic::warning("bad-date", span, title).help("write YYYY-MM-DD"));
            continue;
        };
        let age = i64::from(today) - i64::from(as_of);
        if list.max_age_days.is_some_and(|most| age > most) {
            let title = format!(
                "list `{}` is {age} days old, more than it may be",
                list.name
            );
            diagnostics.push(Diagnostic::warning("list-expired", span, title));
        }
    }
}
