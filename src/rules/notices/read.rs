//! lookouts.csv and suppressions.csv -> notices, with every mistake in its place.

use super::kind::KeyKind;
use super::line::{Columns, Table};
use super::suppression;
use super::table::rows;
use super::{LOOKOUTS, Lookout, Notices, SUPPRESSIONS};
use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Span, nearest};
use crate::normalize::date::parse_date;
use crate::normalize::importer::looks_like_ssn;
use crate::normalize::said;
use crate::rules::vocabulary::Floor;
use crate::rules::yaml::RuleFile;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A file of notices as it was read.
#[derive(Debug)]
pub(in crate::rules) struct NoticeFile {
    pub(super) name: &'static str,
    pub(super) file: FileId,
    pub(super) text: String,
}

impl NoticeFile {
    /// A file of a pack, if its name says that it holds notices, and its text as diagnostics may show it.
    pub(in crate::rules) fn name(path: &str) -> Option<&'static str> {
        [LOOKOUTS, SUPPRESSIONS]
            .into_iter()
            .find(|name| *name == path)
    }

    /// A text that was kept under a number for diagnostics.
    pub(in crate::rules) fn new(name: &'static str, file: FileId, text: String) -> Self {
        Self { name, file, text }
    }

    /// The text as diagnostics may show it: cells that can hold a Social Security number lose their digits, and keep
    /// their length.
    pub(in crate::rules) fn shown(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for cell in rows(text).into_iter().flat_map(|row| row.cells) {
            if parse_date(&cell.text).is_some() || !can_be_personal(&cell.text) {
                continue;
            }
            for byte in &mut bytes[cell.start..cell.end] {
                if byte.is_ascii_digit() {
                    *byte = b'*';
                }
            }
        }
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// Reports a file that nobody reads and whose name is nearly that of one with notices: whoever wrote it believes that it counts.
pub(in crate::rules) fn warn_if_misnamed(path: &str, file: FileId, diagnostics: &mut Diagnostics) {
    if let Some(name) = nearest(path, [LOOKOUTS, SUPPRESSIONS]) {
        let (start, end) = (0, 0);
        let title = format!("nobody reads `{path}`");
        diagnostics.push(
            Diagnostic::warning("bad-notice", Span { file, start, end }, title)
                .help(format!("did you mean `{name}`?")),
        );
    }
}

/// Whether a cell, or what stands behind its kind, can be a Social Security number. Goods, bills and the like are known by
/// their kind.
fn can_be_personal(text: &str) -> bool {
    match text.split_once(':') {
        Some((kind, key)) => {
            let kind = KeyKind::find(&kind.trim().to_lowercase());
            kind.is_none_or(KeyKind::can_be_personal) && looks_like_ssn(key)
        }
        None => looks_like_ssn(text),
    }
}

/// Reads the files of notices; a row with a mistake is left out. With `are_rules_known` false some rule could not be read, and
/// no id is called unknown.
pub(in crate::rules) fn read(
    files: &[NoticeFile],
    rules: &[RuleFile],
    are_rules_known: bool,
    diagnostics: &mut Diagnostics,
) -> Notices {
    let mut notices = Notices::default();
    for file in files {
        if file.name == LOOKOUTS {
            notices.lookouts = lookouts(file, diagnostics);
        } else {
            notices.suppressions = suppression::read(file, rules, are_rules_known, diagnostics);
        }
    }
    notices
}

/// The columns of lookouts.csv; the last may be left out.
const COLUMNS: Columns = Columns {
    required: &["key", "action", "reason", "owner", "expires"],
    optional: &["added"],
};

fn lookouts(file: &NoticeFile, diagnostics: &mut Diagnostics) -> Vec<Lookout> {
    let mut all = Vec::new();
    let mut known: BTreeMap<_, Span> = BTreeMap::new();
    let mut table = Table::open(file, &COLUMNS, diagnostics);
    while let Some(line) = table.next(diagnostics) {
        let key = line.key("key", diagnostics);
        let action = line.required("action", diagnostics).and_then(|text| {
            let action = Floor::parse(&text.to_lowercase());
            if action.is_none() {
                let title = format!("`{text}` is no action");
                let span = line.span("action");
                diagnostics.push(
                    Diagnostic::error("bad-notice", span, title)
                        .help("write `review` (yellow at least) or `examine` (red)"),
                );
            }
            action
        });
        let reason = line.required("reason", diagnostics);
        let owner = line.required("owner", diagnostics);
        let term = line.term(diagnostics);
        let (Some(key), Some(action), Some(reason), Some(owner), Some(term)) =
            (key, action, reason, owner, term)
        else {
            continue;
        };
        let span = line.span("key");
        match known.entry(key.identity()) {
            Entry::Occupied(first) => {
                diagnostics.push(duplicate(span, *first.get(), &key.shown()));
            }
            Entry::Vacant(entry) => {
                entry.insert(span);
                all.push(Lookout {
                    key,
                    action,
                    reason: said(&reason),
                    owner: said(&owner),
                    term,
                });
            }
        }
    }
    all
}

/// A notice that says again what an earlier one says.
pub(super) fn duplicate(span: Span, first: Span, what: &str) -> Diagnostic {
    let title = format!("`{what}` stands twice");
    Diagnostic::error("duplicate-notice", span, title)
        .also(first, "first here")
        .help("keep one row, with the action and the day that hold")
}
