//! Filings as Parquet, sorted by key and moment.

use super::super::corrections::Corrections;
use super::super::extract::{About, Correction, Mark, Outcome};
use super::super::past::Filing;
use super::super::plan::Unit;
use crate::error::{Error, ErrorKind};
use crate::reconcile::Version;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, RecordBatch, UInt8Array,
    UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, UInt8Type, UInt64Type};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group: with few keys, most groups are passed over.
pub(super) const GROUP_ROWS: usize = 1 << 16;

/// What a table has besides key, moment, line and mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) unit: Unit,
    pub(super) has_item: bool,
    pub(super) has_outcome: bool,
    /// Some rows name no line.
    pub(super) has_whole: bool,
}

/// Writes filings that are sorted by key and moment.
pub(super) fn write_filings(path: &Path, shape: Shape, filings: &[Filing]) -> Result<(), Error> {
    let columns = |filings: &[Filing]| -> Vec<(&'static str, ArrayRef)> {
        let words = |of: &dyn Fn(&Filing) -> u64| -> ArrayRef {
            Arc::new(UInt64Array::from_iter_values(filings.iter().map(of)))
        };
        let bytes = |of: &dyn Fn(&Filing) -> u8| -> ArrayRef {
            Arc::new(UInt8Array::from_iter_values(filings.iter().map(of)))
        };
        let moments = Int64Array::from_iter_values(filings.iter().map(|filing| filing.moment));
        let mut columns: Vec<(&'static str, ArrayRef)> = vec![
            ("key", words(&|filing| filing.key)),
            ("moment", Arc::new(moments)),
            ("line", words(&|filing| filing.line)),
            ("mark", bytes(&|filing| filing.mark.0)),
        ];
        if shape.unit != Unit::Line {
            columns.push(("unit", words(&|filing| filing.unit)));
        }
        if shape.has_whole {
            columns.push(("whole", words(&|filing| filing.whole)));
        }
        if shape.has_item {
            columns.push(("item", words(&|filing| filing.item)));
        }
        if shape.has_outcome {
            let outcomes = || filings.iter().filter_map(|filing| filing.outcome);
            let days = Int32Array::from_iter_values(outcomes().map(|outcome| outcome.day));
            let bad: BooleanArray = outcomes().map(|outcome| Some(outcome.is_bad)).collect();
            let themes = UInt8Array::from_iter_values(outcomes().map(|outcome| outcome.theme));
            columns.push(("shipment", words(&|filing| filing.shipment)));
            columns.push(("outcome_day", Arc::new(days)));
            columns.push(("is_bad", Arc::new(bad)));
            let abouts = UInt8Array::from_iter_values(outcomes().map(|found| found.about as u8));
            columns.push(("theme", Arc::new(themes)));
            columns.push(("about", Arc::new(abouts)));
        }
        columns
    };
    let groups = filings.chunks(GROUP_ROWS).map(|rows| Ok(columns(rows)));
    write(path, groups, &columns(&[]))
}

/// Writes filings that replace or remove others.
pub(super) fn write_corrections(path: &Path, rows: &[Correction]) -> Result<(), Error> {
    let columns = |rows: &[Correction]| -> Vec<Named<'static>> {
        let versions = || rows.iter().map(|row| row.version);
        let names = UInt64Array::from_iter_values(rows.iter().map(|row| row.of));
        let wholes: BooleanArray = rows.iter().map(|row| Some(row.is_whole)).collect();
        let marks = UInt8Array::from_iter_values(rows.iter().map(|row| row.mark.0));
        let moments = Int64Array::from_iter_values(versions().map(|version| version.moment));
        let days = Int32Array::from_iter_values(versions().map(|version| version.day));
        vec![
            ("of", Arc::new(names)),
            ("is_whole", Arc::new(wholes)),
            ("mark", Arc::new(marks)),
            ("received", Arc::new(moments)),
            ("day", Arc::new(days)),
        ]
    };
    let groups = rows.chunks(GROUP_ROWS).map(|rows| Ok(columns(rows)));
    write(path, groups, &columns(&[]))
}

/// A column and its name.
pub(super) type Named<'a> = (&'a str, ArrayRef);

/// Writes groups of rows; `empty` are the columns without any row.
pub(super) fn write<'a>(
    path: &Path,
    groups: impl Iterator<Item = Result<Vec<Named<'a>>, Error>>,
    empty: &[Named<'a>],
) -> Result<(), Error> {
    let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, path, error);
    let fields: Vec<Field> = empty
        .iter()
        .map(|(name, column)| Field::new(*name, column.data_type().clone(), false))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP_ROWS));
    for (name, column) in empty {
        // Hashes do not repeat enough for a dictionary; sorted ones are small differences.
        if matches!(column.data_type(), DataType::UInt64 | DataType::Int64) {
            let encoding = match *name {
                "key" | "of" | "moment" => Encoding::DELTA_BINARY_PACKED,
                _ => Encoding::PLAIN,
            };
            properties = properties
                .set_column_dictionary_enabled((*name).into(), false)
                .set_column_encoding((*name).into(), encoding);
        }
    }
    let file = File::create(path).map_err(|error| failed(&error))?;
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties.build()))
        .map_err(|error| failed(&error))?;
    for columns in groups {
        let columns = columns?.into_iter().map(|(_, column)| column).collect();
        let batch = RecordBatch::try_new(schema.clone(), columns).expect("columns of the schema");
        writer.write(&batch).map_err(|error| failed(&error))?;
    }
    writer.close().map_err(|error| failed(&error))?;
    Ok(())
}

/// Reads filings, those of the keys alone where keys are given, which stand in order, each once.
pub(super) fn read_filings(
    path: &Path,
    unit: Unit,
    keys: Option<&[u64]>,
    mut take: impl FnMut(Filing) -> Option<Filing>,
    filings: &mut Vec<Filing>,
) -> Result<(), Error> {
    let corrupt = |message: &dyn std::fmt::Display| Error::at(ErrorKind::Input, path, message);
    let mut builder = reader(path)?;
    if let Some(keys) = keys {
        let groups = builder.metadata().row_groups().iter().enumerate();
        let wanted = groups.filter(|(_, group)| {
            let range = group.column(0).statistics().and_then(key_range);
            range.is_none_or(|(least, greatest)| {
                let next = keys.partition_point(|key| *key < least);
                keys.get(next).is_some_and(|key| *key <= greatest)
            })
        });
        let wanted = wanted.map(|(position, _)| position).collect();
        builder = builder.with_row_groups(wanted);
    }
    let mut next = 0;
    for batch in builder.build().map_err(|error| corrupt(&error))? {
        let batch = batch.map_err(|error| corrupt(&error))?;
        let columns = Columns::of(&batch, unit)
            .ok_or_else(|| corrupt(&"a column of the history store is missing"))?;
        for row in 0..batch.num_rows() {
            let key = columns.key.value(row);
            if let Some(keys) = keys {
                while keys.get(next).is_some_and(|known| *known < key) {
                    next += 1;
                }
                if keys.get(next) != Some(&key) {
                    continue;
                }
            }
            filings.extend(take(columns.filing(row)));
        }
    }
    Ok(())
}

/// The least and the greatest key of a row group.
fn key_range(statistics: &Statistics) -> Option<(u64, u64)> {
    match statistics {
        Statistics::Int64(range) => Some((
            range.min_opt()?.cast_unsigned(),
            range.max_opt()?.cast_unsigned(),
        )),
        _ => None,
    }
}

/// Days, whether bad, themes, and what they are about.
type Outcomes<'a> = (
    &'a Int32Array,
    &'a BooleanArray,
    &'a UInt8Array,
    &'a UInt8Array,
);

/// The columns of a batch of filings.
struct Columns<'a> {
    key: &'a UInt64Array,
    moment: &'a Int64Array,
    line: &'a UInt64Array,
    mark: &'a UInt8Array,
    unit: &'a UInt64Array,
    whole: Option<&'a UInt64Array>,
    item: Option<&'a UInt64Array>,
    shipment: Option<&'a UInt64Array>,
    outcome: Option<Outcomes<'a>>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch, unit: Unit) -> Option<Self> {
        let word = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>();
        let byte = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<UInt8Type>();
        let line = word("line")?;
        let outcome = match batch.column_by_name("outcome_day") {
            None => None,
            Some(days) => Some((
                days.as_primitive_opt::<Int32Type>()?,
                batch.column_by_name("is_bad")?.as_boolean_opt()?,
                byte("theme")?,
                byte("about")?,
            )),
        };
        Some(Self {
            key: word("key")?,
            moment: batch
                .column_by_name("moment")?
                .as_primitive_opt::<Int64Type>()?,
            line,
            mark: byte("mark")?,
            unit: if unit == Unit::Line {
                line
            } else {
                word("unit")?
            },
            whole: word("whole"),
            item: word("item"),
            shipment: word("shipment"),
            outcome,
        })
    }

    fn filing(&self, row: usize) -> Filing {
        let word = |column: Option<&UInt64Array>| column.map_or(0, |column| column.value(row));
        Filing {
            key: self.key.value(row),
            moment: self.moment.value(row),
            mark: Mark(self.mark.value(row)),
            line: self.line.value(row),
            whole: word(self.whole),
            own: 0,
            unit: self.unit.value(row),
            shipment: word(self.shipment),
            item: word(self.item),
            outcome: self.outcome.map(|(days, bad, themes, abouts)| Outcome {
                day: days.value(row),
                is_bad: bad.value(row),
                theme: themes.value(row),
                about: About::of(abouts.value(row)),
            }),
        }
    }
}

/// Reads filings that replace or remove others.
pub(super) fn read_corrections(path: &Path, corrections: &mut Corrections) -> Result<(), Error> {
    each_batch(path, |batch| {
        let names = batch.column_by_name("of")?;
        let names = names.as_primitive_opt::<UInt64Type>()?;
        let wholes = batch.column_by_name("is_whole")?.as_boolean_opt()?;
        let marks = batch.column_by_name("mark")?;
        let marks = marks.as_primitive_opt::<UInt8Type>()?;
        let moments = batch.column_by_name("received")?;
        let moments = moments.as_primitive_opt::<Int64Type>()?;
        let days = batch.column_by_name("day")?;
        let days = days.as_primitive_opt::<Int32Type>()?;
        for row in 0..batch.num_rows() {
            let mark = Mark(marks.value(row));
            corrections.add(Correction {
                of: names.value(row),
                is_whole: wholes.value(row),
                mark,
                version: Version {
                    moment: moments.value(row),
                    rank: mark.rank(),
                    day: days.value(row),
                },
            });
        }
        Some(())
    })
}

/// Reads a table batch by batch; `take` gives nothing where a column is missing.
pub(super) fn each_batch(
    path: &Path,
    mut take: impl FnMut(&RecordBatch) -> Option<()>,
) -> Result<(), Error> {
    let corrupt = |message: &dyn std::fmt::Display| Error::at(ErrorKind::Input, path, message);
    for batch in reader(path)?.build().map_err(|error| corrupt(&error))? {
        let batch = batch.map_err(|error| corrupt(&error))?;
        take(&batch).ok_or_else(|| corrupt(&"a column of the history store is missing"))?;
    }
    Ok(())
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, Error> {
    let file = File::open(path).map_err(|error| Error::io(path, &error))?;
    ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|error| Error::at(ErrorKind::Input, path, error))
}
