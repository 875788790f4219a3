//! `issues.csv`: what could not be read, or was changed.

use super::lines::LineLabel;
use super::text_rows::{harmless, plain};
use crate::batch::CellIssues;
use crate::error::{Error, ErrorKind};
use crate::issue::IssueKind;
use crate::normalize::source_ref;
use crate::read::raw::SetAside;
use crate::schema::FieldId;
use std::collections::BTreeMap;
use std::path::Path;

/// Different texts that are kept per field and kind; further ones are counted together.
const MAX_TEXTS: usize = 1_000;

/// Issues of a run.
#[derive(Debug, Default)]
pub struct Issues {
    set_aside: Vec<(usize, SetAside)>,
    n_set_aside: u64,
    cells: BTreeMap<(FieldId, IssueKind, String), Counted>,
    texts: BTreeMap<(FieldId, IssueKind), usize>,
}

#[derive(Debug)]
struct Counted {
    count: u64,
    first: (usize, u64),
    last: (usize, u64),
}

/// Rows set aside that are listed one by one.
const MAX_ROWS: usize = 1_000_000;

impl Issues {
    /// Takes in the issues of a batch; batches come in input order.
    pub fn add(&mut self, file: usize, cells: &[CellIssues], set_aside: &[SetAside]) {
        self.n_set_aside += set_aside.len() as u64;
        let room = MAX_ROWS.saturating_sub(self.set_aside.len());
        self.set_aside
            .extend(set_aside.iter().take(room).map(|row| (file, row.clone())));
        for issue in cells {
            let mut key = (issue.field, issue.kind, issue.value.clone());
            if !self.cells.contains_key(&key) {
                let texts = self.texts.entry((issue.field, issue.kind)).or_default();
                if *texts == MAX_TEXTS {
                    OTHER.clone_into(&mut key.2);
                } else {
                    *texts += 1;
                }
            }
            let (first, last) = ((file, issue.first_row), (file, issue.last_row));
            let counted = self.cells.entry(key).or_insert(Counted {
                count: 0,
                first,
                last,
            });
            counted.count += issue.count;
            counted.first = counted.first.min(first);
            counted.last = counted.last.max(last);
        }
    }

    /// Rows set aside.
    pub fn n_set_aside(&self) -> u64 {
        self.n_set_aside
    }

    /// Rows set aside for bytes that are no UTF-8 text, of those that are listed.
    pub fn n_not_utf8(&self) -> u64 {
        let rows = self.set_aside.iter();
        rows.filter(|(_, row)| row.kind == IssueKind::NotUtf8)
            .count() as u64
    }

    /// Cells with an issue.
    pub fn n_cells(&self) -> u64 {
        self.cells.values().map(|counted| counted.count).sum()
    }

    /// The first rows set aside, for a message.
    pub fn first_set_aside(&self) -> impl Iterator<Item = &(usize, SetAside)> {
        self.set_aside.iter()
    }
}

/// Stands for the texts beyond [`MAX_TEXTS`].
const OTHER: &str = "(other values)";

/// Stands for the rows beyond [`MAX_ROWS`], which are counted together, so that the counts add up to the rows set aside.
const OTHER_ROWS: &str = "not-listed";

/// Writes the issues: rows set aside in input order, then cells by field and kind, the most frequent first.
///
/// # Errors
/// When the file cannot be written.
pub fn write_issues(path: &Path, issues: &Issues, labels: &[LineLabel]) -> Result<(), Error> {
    let failed = |error: csv::Error| Error::at(ErrorKind::Io, path, error);
    let mut writer = csv::Writer::from_path(path).map_err(failed)?;
    writer
        .write_record([
            "scope", "field", "kind", "value", "count", "first", "last", "line", "done",
        ])
        .map_err(failed)?;
    let label = |file: usize| labels.get(file).map_or("", |label| label.label.as_str());
    for (file, row) in &issues.set_aside {
        let place = plain(&source_ref(label(*file), row.row));
        let text = plain(&row.text);
        let line = if row.line == 0 {
            String::new()
        } else {
            row.line.to_string()
        };
        let cells = [
            "row",
            "",
            row.kind.code(),
            &harmless(&text),
            "1",
            &harmless(&place),
            &harmless(&place),
            &line,
            row.kind.action(),
        ];
        writer.write_record(cells).map_err(failed)?;
    }
    let unlisted = issues.n_set_aside - issues.set_aside.len() as u64;
    if unlisted > 0 {
        let count = unlisted.to_string();
        let cells = ["row", "", OTHER_ROWS, "", &count, "", "", "", "set aside"];
        writer.write_record(cells).map_err(failed)?;
    }
    let mut cells: Vec<_> = issues.cells.iter().collect();
    cells.sort_by(|(left, left_count), (right, right_count)| {
        let key = |key: &(FieldId, IssueKind, String)| (key.0, key.1);
        (key(left), right_count.count, &left.2).cmp(&(key(right), left_count.count, &right.2))
    });
    for ((field, kind, value), counted) in cells {
        let place = |(file, row): (usize, u64)| plain(&source_ref(label(file), row));
        writer
            .write_record([
                "cell",
                field.name(),
                kind.code(),
                &harmless(&plain(value)),
                &counted.count.to_string(),
                &harmless(&place(counted.first)),
                &harmless(&place(counted.last)),
                "",
                kind.action(),
            ])
            .map_err(failed)?;
    }
    writer.flush().map_err(|error| Error::io(path, &error))
}
