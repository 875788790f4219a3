//! A file of outcomes: by line or by shipment.

use crate::error::{Error, ErrorKind};
use crate::outcomes::{Found, themes_of};
use crate::write::unharmed;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::path::Path;

/// Outcomes by the id of a line or the key of a shipment.
#[derive(Clone, Debug, Default)]
pub struct Labels(HashMap<String, Label, FixedState>);

/// An outcome.
#[derive(Clone, Debug)]
struct Label {
    found: Found,
    /// What it stands for, where the file says.
    of: Of,
}

#[derive(Clone, Debug)]
enum Of {
    /// A shipment.
    Shipment,
    /// A line, and its shipment; none: the file does not say.
    Line(Option<String>),
}

impl Labels {
    /// Reads a CSV file with the column `line_id` or `shipment_key`, and `outcome` (`bad`, `ok`, or empty: not known);
    /// `outcome_theme` may say which theme a bad outcome belongs to. Of several rows with one key the last counts. With
    /// both columns, as in what `ch24 outcomes import` writes, a row without a line speaks of its shipment.
    ///
    /// # Errors
    /// When the file cannot be read, a column is missing, or an outcome is another word; the row is named.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Input, path, error);
        let mut reader = csv::Reader::from_path(path).map_err(|error| failed(&error))?;
        let header = reader.headers().map_err(|error| failed(&error))?.clone();
        let column = |name: &str| header.iter().position(|known| known.trim() == name);
        let (line, shipment) = (column("line_id"), column("shipment_key"));
        let outcome = column("outcome").filter(|_| line.or(shipment).is_some());
        let Some(outcome) = outcome else {
            let message =
                "labels need a column `line_id` or `shipment_key`, and a column `outcome`";
            return Err(failed(&message));
        };
        let theme = column("outcome_theme");
        let mut labels = Self::default();
        for row in reader.records() {
            let row = row.map_err(|error| failed(&error))?;
            let cell = |column: usize| unharmed(row.get(column).map(str::trim).unwrap_or_default());
            let key = |column: Option<usize>| column.map(cell).filter(|key| !key.is_empty());
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
            let (key, of) = match (key(line), key(shipment)) {
                (Some(line), shipment) => (line, Of::Line(shipment.map(str::to_owned))),
                (None, Some(shipment)) => (shipment, Of::Shipment),
                (None, None) => continue,
            };
            labels.0.insert(key.to_owned(), Label { found, of });
        }
        Ok(labels)
    }

    /// The outcome under a key.
    pub fn get(&self, key: &str) -> Option<Found> {
        self.0.get(key).map(|label| label.found)
    }

    /// Whether the shipment of this line is asked for: it has an outcome, and the file does not say where it belongs.
    pub fn lacks_shipment(&self, line: &str) -> bool {
        let of = self.0.get(line).map(|label| &label.of);
        matches!(of, Some(Of::Line(None)))
    }

    /// Lines with an outcome whose shipment is not known.
    pub fn n_without_shipment(&self) -> u64 {
        let labels = self.0.values();
        labels
            .filter(|label| matches!(label.of, Of::Line(None)))
            .count() as u64
    }

    /// Says of which shipment a line is.
    pub fn set_shipment(&mut self, line: &str, shipment: &str) {
        if let Some(label) = self.0.get_mut(line) {
            label.of = Of::Line(Some(shipment.to_owned()));
        }
    }

    /// Outcomes by shipment, bad if any is; lines whose shipment is not known are left out.
    pub fn of_shipments(&self) -> ShipmentOutcomes {
        let mut outcomes = ShipmentOutcomes::default();
        // The order does not matter: of several outcomes none comes first.
        for (key, label) in &self.0 {
            let shipment = match &label.of {
                Of::Shipment => Some(key),
                Of::Line(shipment) => shipment.as_ref(),
            };
            if let Some(shipment) = shipment {
                let known = outcomes.entry_ref(shipment.as_str()).or_default();
                *known = known.with(label.found);
            }
        }
        outcomes
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

/// Outcomes by the key of a shipment, for look-up only.
pub type ShipmentOutcomes = HashMap<String, Found, FixedState>;
