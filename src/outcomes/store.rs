//! The store: `labels.csv` and `issues.csv`, to which each import adds.

use super::known::Known;
use super::row::{Issue, Label, LabelKey, contradiction, label};
use super::source::rows;
use crate::error::{Error, ErrorKind};
use crate::lock::lock_directory;
use crate::normalize::Identities;
use crate::write::{harmless, plain, unharmed};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Rows of the file.
    pub rows: usize,
    /// Labels that were not in the store.
    pub new_labels: usize,
    /// Labels that the store had already, word for word.
    pub known_labels: usize,
    /// Rows that gave no label; each is in `issues.csv` with all its cells.
    pub set_aside: usize,
    /// Issues, those of rows set aside included.
    pub issues: usize,
    /// Labels in the store now.
    pub labels: usize,
}

const LABELS: [&str; 9] = [
    "shipment_key",
    "line_id",
    "outcome",
    "outcome_date",
    "outcome_basis",
    "outcome_theme",
    "outcome_kind",
    "outcome_scope",
    "referral_id",
];
/// Characters of a row that an issue shows.
const SHOWN: usize = 300;
const ISSUES: [&str; 6] = ["file", "row", "issue", "column", "done", "text"];

/// Adds the outcomes of a file to a store, which is made where it is missing. `today` is the day of the import, in days since
/// 1970-01-01: nothing was found after it, nor before the day of a shipment.
///
/// # Errors
/// When the file, the run or the store cannot be read, or the store cannot be written; then it is as it was.
pub fn import(
    file: &Path,
    run: Option<&Path>,
    store: &Path,
    today: i32,
) -> Result<Imported, Error> {
    let rows = rows(file)?;
    std::fs::create_dir_all(store).map_err(|error| Error::io(store, &error))?;
    // Two imports into one store: the other waits, so that it finds these.
    let _lock = lock_directory(store);
    let known = match run {
        Some(run) => Known::of_run(run, &rows, today)?,
        None => Known::of_day(today),
    };
    let name = file.file_name().map_or_else(
        || file.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let labels_path = store.join("labels.csv");
    let issues_path = store.join("issues.csv");
    let mut labels = read_labels(&labels_path)?;
    let mut issues = read(&issues_path, ISSUES.len())?;
    let mut listed: BTreeSet<Vec<String>> = issues.iter().cloned().collect();
    let mut imported = Imported {
        rows: rows.len(),
        ..Imported::default()
    };
    let read: Vec<(Option<Label>, Vec<Issue>)> =
        rows.iter().map(|row| label(row, &name, &known)).collect();
    for (label, _) in &read {
        match label {
            None => imported.set_aside += 1,
            Some(label) => match labels.insert(label.clone()) {
                true => imported.new_labels += 1,
                false => imported.known_labels += 1,
            },
        }
    }
    for (row, (label, mut found)) in rows.iter().zip(read) {
        if label.is_some_and(|label| has_other(&labels, &label)) {
            found.push(contradiction(row, &name));
        }
        imported.issues += found.len();
        for issue in found {
            let cells: Vec<String> = cells_of(&issue).iter().map(|cell| plain(cell)).collect();
            if listed.insert(cells.clone()) {
                issues.push(cells);
            }
        }
    }
    imported.labels = labels.len();
    let mut labels: Vec<&Label> = labels.iter().collect();
    // Of one line or shipment the last row counts: the latest day, and on one day what is bad.
    labels.sort_by_key(|label| (&label.key, &label.date, label.outcome == "bad"));
    let labels: Vec<Vec<String>> = labels.into_iter().map(cells_of_label).collect();
    write(&issues_path, &ISSUES, &issues)?;
    write(&labels_path, &LABELS, &labels)?;
    Ok(imported)
}

/// Whether another outcome of the same line or shipment and day is known.
fn has_other(labels: &BTreeSet<Label>, label: &Label) -> bool {
    let from = Label {
        key: label.key.clone(),
        date: label.date.clone(),
        ..Label::default()
    };
    let mut of_day = (labels.range(from..))
        .take_while(|known| known.key == label.key && known.date == label.date);
    of_day.any(|known| known.outcome != label.outcome)
}

/// The labels of a store of outcomes, or of a file as [`import`] takes it; and the number of rows that give none.
///
/// # Errors
/// When it cannot be read, or is neither.
pub fn labels_of(path: &Path) -> Result<(Vec<Label>, usize), Error> {
    let of_store = |path: &Path| Ok((read_labels(path)?.into_iter().collect(), 0));
    if path.is_dir() {
        let labels = path.join("labels.csv");
        return match labels.exists() {
            true => of_store(&labels),
            false => Err(Error::at(
                ErrorKind::Input,
                path,
                "no store of outcomes: it has no labels.csv; `ch24 outcomes import` makes one",
            )),
        };
    }
    let rows = rows(path)?;
    let known = Known::default();
    let labels: Vec<Label> = (rows.iter())
        .filter_map(|row| label(row, "", &known).0)
        .collect();
    let n_set_aside = rows.len() - labels.len();
    Ok((labels, n_set_aside))
}

fn cells_of(issue: &Issue) -> Vec<String> {
    vec![
        issue.file.clone(),
        issue.row.to_string(),
        issue.kind.to_owned(),
        issue.column.to_owned(),
        issue.done.to_owned(),
        shown(&issue.text),
    ]
}

/// The start of a row, without digits that can be a Social Security number.
fn shown(text: &str) -> String {
    let start: String = text.chars().take(SHOWN).collect();
    Identities::default().row_shown(&start)
}

fn cells_of_label(label: &Label) -> Vec<String> {
    let texts = [
        &label.key.shipment_key,
        &label.key.line_id,
        &label.outcome,
        &label.date,
        &label.basis,
        &label.theme,
        &label.kind,
        &label.scope,
        &label.referral_id,
    ];
    texts.map(String::clone).to_vec()
}

fn read_labels(path: &Path) -> Result<BTreeSet<Label>, Error> {
    let rows = read(path, LABELS.len())?.into_iter();
    let labels = rows.map(|cells| {
        let [
            shipment_key,
            line_id,
            outcome,
            date,
            basis,
            theme,
            kind,
            scope,
            referral_id,
        ]: [String; 9] = cells
            .try_into()
            .expect("rows of as many cells as were asked for");
        Label {
            key: LabelKey {
                shipment_key,
                line_id,
            },
            date,
            outcome,
            basis,
            theme,
            kind,
            scope,
            referral_id,
        }
    });
    Ok(labels.collect())
}

/// The rows of a file of the store; none where there is none yet.
fn read(path: &Path, n_cells: usize) -> Result<Vec<Vec<String>>, Error> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let failed = |error: csv::Error| Error::at(ErrorKind::Input, path, error);
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        if record.len() != n_cells {
            let message = "this is not a file of a store of outcomes; it is left alone";
            return Err(Error::at(ErrorKind::Input, path, message));
        }
        rows.push(
            record
                .iter()
                .map(|cell| unharmed(cell).to_owned())
                .collect(),
        );
    }
    Ok(rows)
}

/// Writes a file beside its place, and puts it there.
#[expect(
    clippy::disallowed_methods,
    reason = "files of a store are put in their place here"
)]
fn write(path: &Path, header: &[&str], rows: &[Vec<String>]) -> Result<(), Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".ch24-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let failed = |error: csv::Error| Error::at(ErrorKind::Io, &beside, error);
    let mut writer = csv::Writer::from_path(&beside).map_err(failed)?;
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        let cells = row.iter().map(|cell| harmless(cell));
        cells
            .into_iter()
            .try_for_each(|cell| writer.write_field(cell.as_ref()))
            .and_then(|()| writer.write_record(None::<&[u8]>))
            .map_err(failed)?;
    }
    writer.flush().map_err(|error| Error::io(&beside, &error))?;
    drop(writer);
    std::fs::rename(&beside, path).map_err(|error| Error::io(path, &error))
}
