//! What a segment keeps of labels: the labels that came with it, and the rows that later labels and corrections can name.

use super::super::corrections::Corrections;
use super::super::extract::{About, Mark, Outcome, line_of};
use super::super::findings::{Finding, Findings, can_be_named};
use super::super::gather::Gathered;
use super::super::past::Filing;
use super::super::plan::Unit;
use super::table::{GROUP_ROWS, Named, each_batch, write};
use crate::error::Error;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, RecordBatch, UInt8Array,
    UInt64Array,
};
use arrow::datatypes::{Int32Type, Int64Type, UInt8Type, UInt64Type};
use std::path::Path;
use std::sync::Arc;

/// A feature of outcomes: the hash of its definition, and what counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) definition: String,
    pub(super) unit: Unit,
    /// Position among the keys, and among the filters.
    pub(super) key: usize,
    pub(super) filter: Option<usize>,
}

/// Writes the rows that labels can name, in input order: names, moment, mark and a key per feature; 0 where the row is not of
/// the feature. Gives their number.
pub(super) fn write_rows(
    path: &Path,
    asking: &[Asking],
    gathered: &Gathered,
) -> Result<usize, Error> {
    let n_rows = gathered.n_rows() as usize;
    let mut n_written = 0;
    let groups = (0..n_rows).step_by(GROUP_ROWS).map(|start| {
        let columns = columns(asking, gathered, start, n_rows.min(start + GROUP_ROWS))?;
        n_written += columns[0].1.len();
        Ok(columns)
    });
    write(path, groups, &columns(asking, gathered, 0, 0)?)?;
    Ok(n_written)
}

fn columns<'a>(
    asking: &'a [Asking],
    gathered: &Gathered,
    start: usize,
    end: usize,
) -> Result<Vec<Named<'a>>, Error> {
    let shipments = gathered.shipments.range(start, end)?;
    let names = match &gathered.line_names {
        Some(names) => names.range(start, end)?,
        None => vec![0; shipments.len()],
    };
    let moments = gathered.moments.range(start, end)?;
    let marks = gathered.marks.range(start, end)?;
    let mut keys: Vec<Vec<u64>> = Vec::new();
    for asking in asking {
        let mut key = gathered.keys[asking.key].range(start, end)?;
        if let Some(filter) = asking.filter {
            let filter = gathered.filters[filter].range(start, end)?;
            key.iter_mut()
                .zip(filter)
                .for_each(|(key, passes)| *key *= u64::from(passes == 1));
        }
        keys.push(key);
    }
    let is_kept = |row: &usize| can_be_named(Mark(marks[*row]), moments[*row]);
    let rows: Vec<usize> = (0..shipments.len()).filter(is_kept).collect();
    let words = |cells: &[u64]| -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(
            rows.iter().map(|row| cells[*row]),
        ))
    };
    let moments = rows.iter().map(|row| moments[*row]);
    let marks = rows.iter().map(|row| marks[*row]);
    let mut columns: Vec<Named<'a>> = vec![
        ("shipment", words(&shipments)),
        ("line_name", words(&names)),
        ("moment", Arc::new(Int64Array::from_iter_values(moments))),
        ("mark", Arc::new(UInt8Array::from_iter_values(marks))),
    ];
    for (asking, key) in asking.iter().zip(&keys) {
        columns.push((asking.definition.as_str(), words(key)));
    }
    Ok(columns)
}

/// What was found of stored rows, as filings of each feature; a feature that the rows do not have gets none.
pub(super) fn named_filings(
    path: &Path,
    asking: &[Asking],
    findings: &mut Findings,
    filings: &mut [Vec<Filing>],
) -> Result<(), Error> {
    each_batch(path, |batch| {
        let shipments = words(batch, "shipment")?;
        let names = words(batch, "line_name")?;
        let moments = batch
            .column_by_name("moment")?
            .as_primitive_opt::<Int64Type>()?;
        let marks = batch
            .column_by_name("mark")?
            .as_primitive_opt::<UInt8Type>()?;
        let keys: Vec<Option<&UInt64Array>> = (asking.iter())
            .map(|asking| words(batch, &asking.definition))
            .collect();
        for row in 0..batch.num_rows() {
            let (shipment, name) = (shipments.value(row), names.value(row));
            let line = line_of(shipment, name);
            for outcome in findings.of(shipment, name) {
                for ((asking, key), filings) in asking.iter().zip(&keys).zip(&mut *filings) {
                    let key = key.map_or(0, |key| key.value(row));
                    if key == 0 {
                        continue;
                    }
                    filings.push(Filing {
                        key,
                        moment: moments.value(row),
                        mark: Mark(marks.value(row)),
                        line,
                        whole: 0,
                        own: 0,
                        unit: match asking.unit {
                            Unit::Shipment => shipment,
                            Unit::Line | Unit::Component => line,
                        },
                        shipment,
                        item: 0,
                        outcome: Some(outcome),
                    });
                }
            }
        }
        Some(())
    })
}

/// What corrections of whole shipments do to stored lines.
pub(super) fn corrected_lines(
    path: &Path,
    wholes: &Corrections,
    corrections: &mut Corrections,
) -> Result<(), Error> {
    each_batch(path, |batch| {
        let shipments = words(batch, "shipment")?;
        let names = words(batch, "line_name")?;
        let marks = batch
            .column_by_name("mark")?
            .as_primitive_opt::<UInt8Type>()?;
        for row in 0..batch.num_rows() {
            let line = line_of(shipments.value(row), names.value(row));
            let reached = wholes.of_line(shipments.value(row), line, Mark(marks.value(row)));
            reached.into_iter().for_each(|line| corrections.add(line));
        }
        Some(())
    })
}

/// Writes labels.
pub(super) fn write_findings(path: &Path, findings: &[Finding]) -> Result<(), Error> {
    let columns = |findings: &[Finding]| -> Vec<Named<'static>> {
        let words = |of: &dyn Fn(&Finding) -> u64| -> ArrayRef {
            Arc::new(UInt64Array::from_iter_values(findings.iter().map(of)))
        };
        let outcomes = || findings.iter().map(|finding| finding.outcome);
        let bad: BooleanArray = outcomes().map(|outcome| Some(outcome.is_bad)).collect();
        let days = Int32Array::from_iter_values(outcomes().map(|outcome| outcome.day));
        let themes = UInt8Array::from_iter_values(outcomes().map(|outcome| outcome.theme));
        vec![
            ("shipment", words(&|finding| finding.shipment)),
            ("line_name", words(&|finding| finding.line_name)),
            ("outcome_day", Arc::new(days)),
            ("is_bad", Arc::new(bad)),
            ("theme", Arc::new(themes)),
        ]
    };
    let groups = findings.chunks(GROUP_ROWS).map(|rows| Ok(columns(rows)));
    write(path, groups, &columns(&[]))
}

/// Reads labels.
pub(super) fn read_findings(path: &Path, findings: &mut Vec<Finding>) -> Result<(), Error> {
    each_batch(path, |batch| {
        let shipments = words(batch, "shipment")?;
        let names = words(batch, "line_name")?;
        let days = batch.column_by_name("outcome_day")?;
        let days = days.as_primitive_opt::<Int32Type>()?;
        let bad = batch.column_by_name("is_bad")?.as_boolean_opt()?;
        let themes = batch
            .column_by_name("theme")?
            .as_primitive_opt::<UInt8Type>()?;
        findings.extend((0..batch.num_rows()).map(|row| Finding {
            shipment: shipments.value(row),
            line_name: names.value(row),
            outcome: Outcome {
                day: days.value(row),
                is_bad: bad.value(row),
                theme: themes.value(row),
                about: match names.value(row) {
                    0 => About::Shipment,
                    _ => About::Line,
                },
            },
        }));
        Some(())
    })
}

fn words<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a UInt64Array> {
    batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>()
}
