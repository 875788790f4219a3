//! What the page was made from: enough to make it again and to tell it from another.

use super::headline::{fact, shown};
use super::html::Html;
use super::table::{Align, Columns, head_id, number, row, wide_table};
use super::words::{capped, count, short};
use crate::input_hash::InputRecord;
use crate::job::Job;
use crate::normalize::Identities;
use crate::reconcile::Reconcile;
use crate::rules::PackSource;
use crate::summary::Summary;
use crate::write::Finished;

/// Inputs that are shown.
pub(super) const MAX_INPUTS: usize = 50;
/// Lists that are shown.
const MAX_LISTS: usize = 300;

const INPUTS: Columns = &[
    ("Input", Align::Left),
    ("Rows", Align::Right),
    ("BLAKE3", Align::Left),
];
const LISTS: Columns = &[
    ("List", Align::Left),
    ("As of", Align::Left),
    ("Rows", Align::Right),
    ("Source", Align::Left),
    ("BLAKE3", Align::Left),
];

/// What a run was asked, and what it read.
#[derive(Clone, Copy, Debug)]
pub struct Provenance<'a> {
    /// The run as it was asked for.
    pub job: &'a Job,
    /// Its inputs with their rows and hashes.
    pub inputs: &'a [InputRecord],
}

/// Writes the facts, the inputs and the reference lists.
pub(super) fn write(
    html: &mut Html,
    run: &Finished<'_>,
    summary: &Summary,
    provenance: &Provenance<'_>,
) {
    html.note("The file run.json beside this page has all of it, and the hash of every file of the run; `ch24 replay` makes the run again and says what differs.");
    html.element_with("dl", &[("class", "facts wide")], |html| {
        facts(html, summary, provenance.job);
    });
    inputs(html, provenance.inputs);
    lists(html, run);
}

fn facts(html: &mut Html, summary: &Summary, job: &Job) {
    fact(html, "Program", concat!("ch24 ", env!("CARGO_PKG_VERSION")));
    let pack = match job.pack {
        PackSource::Shipped => "shipped with the program",
        PackSource::Directory(_) => "from a directory",
    };
    let version = job.rules.policy.file.version;
    fact(
        html,
        "Rule pack",
        &format!("{pack}, policy version {version}"),
    );
    fact(html, "BLAKE3 of the pack", &job.rules.hash);
    let as_of = match (&summary.as_of, job.as_of) {
        (None, _) => "no date: no line has one".to_owned(),
        (Some(day), Some(_)) => format!("{day}, as asked for"),
        (Some(day), None) => format!("{day}, the latest date of law in the input"),
    };
    fact(html, "Judged as of", &as_of);
    let hash = &job.reading.mapping.hash;
    let mapping = if hash.is_empty() { "none" } else { hash };
    fact(html, "Mapping", mapping);
    let history = summary.history.as_ref().map(|history| {
        let features = count(history.features as u64, "feature");
        match &history.store {
            None => format!("{features} from earlier lines of the run itself"),
            Some(store) => {
                let segments = count(store.segments as u64, "segment");
                format!("{features} from a store of {segments}, {}", store.blake3)
            }
        }
    });
    fact(
        html,
        "Earlier lines",
        history.as_deref().unwrap_or("no rule asks for them"),
    );
    let repeats = match (job.reconcile, summary.is_reconciled) {
        (Reconcile::Never, _) => "not reconciled, as asked for",
        (_, false) => "none to reconcile",
        (_, true) => "reconciled: the latest version of each filing stands",
    };
    fact(html, "Filings that repeat", repeats);
    let identities = match job.identities {
        Identities::FirstRow => "numbers that can be Social Security numbers are masked",
        Identities::Keyed(_) => "numbers that can be Social Security numbers stand as keyed hashes",
        Identities::Shown => "shown, as asked for",
    };
    fact(html, "Identities", identities);
    if let Some(salt) = &job.salt {
        fact(html, "Salt", &format!("fingerprint {}", salt.fingerprint()));
    }
    if let Some(since) = &job.since {
        fact(
            html,
            "New since",
            &format!("a run whose shipments hash to {}", since.account.blake3),
        );
    }
}

fn inputs(html: &mut Html, inputs: &[InputRecord]) {
    let more = inputs.len().saturating_sub(MAX_INPUTS);
    let caption = match more {
        0 => count(inputs.len() as u64, "input"),
        _ => format!(
            "{}: the first {MAX_INPUTS}, the others stand in run.json",
            count(inputs.len() as u64, "input")
        ),
    };
    wide_table(html, &caption, INPUTS, |html| {
        for input in inputs.iter().take(MAX_INPUTS) {
            row(html, |html| {
                html.element_with("th", &[("scope", "row")], |html| {
                    html.text(short(&shown(&input.label)));
                });
                number(html, input.rows);
                hash(html, input.blake3.as_deref());
            });
        }
    });
}

fn lists(html: &mut Html, run: &Finished<'_>) {
    let total = run.rules.lists.iter().count();
    if total == 0 {
        return;
    }
    html.element("details", |html| {
        let lists = count(total as u64, "list");
        html.leaf(
            "summary",
            format!("{lists} that rules look things up in, and their dates"),
        );
        let caption = capped("Reference lists", total, MAX_LISTS);
        wide_table(html, &caption, LISTS, |html| {
            for list in run.rules.lists.iter().take(MAX_LISTS) {
                row(html, |html| {
                    head_id(html, &list.name);
                    html.leaf_of("td", "date", &list.as_of);
                    number(html, list.rows.len() as u64);
                    html.leaf("td", short(&list.source));
                    hash(html, Some(&list.hash));
                });
            }
        });
    });
}

/// Digits of a hash that are shown where many stand below each other.
const SHOWN_DIGITS: usize = 16;

fn hash(html: &mut Html, hash: Option<&str>) {
    html.element("td", |html| match hash {
        Some(hash) => html.leaf("code", hash.get(..SHOWN_DIGITS).unwrap_or(hash)),
        None => html.text("–"),
    });
}
