//! A file of outcomes: by line or by shipment.

use super::evidence::{Found, themes_of};
use crate::error::{Error, ErrorKind};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::path::Path;

/// Outcomes by the id of a line or the key of a shipment.
#[derive(Clone, Debug, Default)]
pub struct Labels(HashMap<String, Found, FixedState>);

impl Labels {
    /// Reads a CSV file with the column `line_id` or `shipment_key`, and `outcome` (`bad`, `ok`, or empty: not known);
    /// `outcome_theme` may say which theme a bad outcome belongs to. Of several rows with one key the last counts.
    ///
    /// # Errors
    /// When the file cannot be read, a column is missing, or an outcome is another word; the row is named.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Input, path, error);
        let mut reader = csv::Reader::from_path(path).map_err(|error| failed(&error))?;
        let header = reader.headers().map_err(|error| failed(&error))?.clone();
        let column = |name: &str| header.iter().position(|known| known.trim() == name);
        let key = column("line_id").or_else(|| column("shipment_key"));
        let (Some(key), Some(outcome)) = (key, column("outcome")) else {
            let message =
                "labels need a column `line_id` or `shipment_key`, and a column `outcome`";
            return Err(failed(&message));
        };
        let theme = column("outcome_theme");
        let mut labels = Self::default();
        for row in reader.records() {
            let row = row.map_err(|error| failed(&error))?;
            let cell = |column: usize| row.get(column).map(str::trim).unwrap_or_default();
            let found = match cell(outcome) {
                "bad" => Found::Bad(themes_of(theme.map(cell))),
                "ok" => Found::Ok,
                "" => continue,
                other => {
                    let line = row.position().map_or(0, csv::Position::line);
                    let message =
                        format!("line {line}: outcome `{other}`; write bad, ok or nothing");
                    return Err(failed(&message));
                }
            };
            labels.0.insert(cell(key).to_owned(), found);
        }
        Ok(labels)
    }

    /// The outcome under a key.
    pub fn get(&self, key: &str) -> Option<Found> {
        self.0.get(key).copied()
    }

    /// Number of keys with an outcome.
    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether no key has an outcome.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
