//! Writing the rows to a Parquet or CSV file, and the truth about planted lines beside it.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type, UInt16Type, UInt32Type};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::columns::{UNIQUE, schema};
use super::entry::Entry;
use super::line::Line;
use super::{BLOCK_ROWS, Block, Maker, Options, calendar, in_order};

/// Blocks in one Parquet row group: 131,072 rows.
const BLOCKS_PER_GROUP: u64 = 2;

/// Writes the rows to `path`: CSV when its name ends in `.csv`, else Parquet.
///
/// With labels, `PATH.labels.csv` lists the planted lines: entry, line, component, scheme, theme.
///
/// # Errors
/// When a file cannot be created or written.
pub fn write(options: &Options, path: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut truth = Truth::create(options, path)?;
    let is_csv = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if is_csv {
        write_csv(options, path, &mut truth)?;
    } else {
        write_parquet(options, path, &mut truth)?;
    }
    truth.finish()
}

/// Notes a planted line as one CSV line; lawful lines are not listed.
pub(super) fn note_truth(text: &mut String, entry: &Entry, line: &Line) {
    if let Some(scheme) = line.scheme {
        let (code, theme) = scheme.names();
        writeln!(
            text,
            "{},{},{},{code},{theme}",
            entry.number, line.number, line.component
        )
        .expect("a string takes any text");
    }
}

/// The file of truths, when one is wanted.
struct Truth(Option<BufWriter<File>>);

impl Truth {
    fn create(options: &Options, path: &Path) -> std::io::Result<Self> {
        if !options.labels {
            return Ok(Self(None));
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".labels.csv");
        let mut file = BufWriter::new(File::create(PathBuf::from(name))?);
        writeln!(
            file,
            "entry_number,entry_line_number,component_seq,scheme,theme"
        )?;
        Ok(Self(Some(file)))
    }

    fn add(&mut self, text: &str) -> std::io::Result<()> {
        self.0
            .as_mut()
            .map_or(Ok(()), |file| file.write_all(text.as_bytes()))
    }

    fn finish(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.0.map_or(Ok(()), |mut file| file.flush())?;
        Ok(())
    }
}

/// Row groups are encoded in parallel and appended in order.
fn write_parquet(
    options: &Options,
    path: &Path,
    truth: &mut Truth,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let maker = Maker::new(options);
    let writer = ArrowWriter::try_new(
        File::create(path)?,
        schema(options.labels),
        Some(properties()?),
    )?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    let n_blocks = options.rows.div_ceil(BLOCK_ROWS);
    in_order(
        0..n_blocks.div_ceil(BLOCKS_PER_GROUP),
        |group_idx| encode_group(&maker, &factory, group_idx, n_blocks),
        |group| {
            let (chunks, text) = group?;
            let mut row_group = file.next_row_group()?;
            for chunk in chunks {
                chunk.append_to_row_group(&mut row_group)?;
            }
            row_group.close()?;
            truth.add(&text).map_err(ParquetError::from)
        },
    )?;
    file.close()?;
    Ok(())
}

fn encode_group(
    maker: &Maker,
    factory: &ArrowRowGroupWriterFactory,
    group_idx: u64,
    n_blocks: u64,
) -> Result<(Vec<ArrowColumnChunk>, String), ParquetError> {
    let group =
        usize::try_from(group_idx).map_err(|error| ParquetError::External(Box::new(error)))?;
    let mut writers = factory.create_column_writers(group)?;
    let mut text = String::new();
    let first = group_idx * BLOCKS_PER_GROUP;
    for block_idx in first..n_blocks.min(first + BLOCKS_PER_GROUP) {
        let Block { rows, truth } = maker.block(block_idx);
        text.push_str(&truth);
        let table = rows.schema();
        for ((writer, field), array) in writers.iter_mut().zip(table.fields()).zip(rows.columns()) {
            for leaf in compute_leaves(field, array)? {
                writer.write(&leaf)?;
            }
        }
    }
    let chunks = writers
        .into_iter()
        .map(ArrowColumnWriter::close)
        .collect::<Result<_, _>>()?;
    Ok((chunks, text))
}

fn properties() -> Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_created_by("ch24 generate".to_owned())
        .set_dictionary_page_size_limit(4 << 20);
    for name in UNIQUE {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    Ok(properties.build())
}

/// Blocks become text in parallel and are written in order.
fn write_csv(
    options: &Options,
    path: &Path,
    truth: &mut Truth,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let maker = Maker::new(options);
    let mut file = BufWriter::new(File::create(path)?);
    let header = schema(options.labels);
    let names: Vec<&str> = header
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    writeln!(file, "{}", names.join(","))?;
    in_order(
        0..options.rows.div_ceil(BLOCK_ROWS),
        |block_idx| {
            let block = maker.block(block_idx);
            csv_text(&block.rows).map(|text| (text, block.truth))
        },
        |made| {
            let (text, truths) = made?;
            file.write_all(&text)?;
            truth.add(&truths)?;
            Ok::<(), Box<dyn Error + Send + Sync>>(())
        },
    )?;
    file.flush()?;
    Ok(())
}

/// The rows as CSV without a header. A missing value is an empty cell.
fn csv_text(rows: &RecordBatch) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut cell = String::new();
    for row_idx in 0..rows.num_rows() {
        for array in rows.columns() {
            cell.clear();
            if array.is_valid(row_idx) {
                push_cell(&mut cell, array, row_idx)?;
            }
            writer.write_field(&cell)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?)
}

fn push_cell(cell: &mut String, array: &Arc<dyn Array>, row_idx: usize) -> std::fmt::Result {
    match array.data_type() {
        DataType::Utf8 => cell.write_str(array.as_string::<i32>().value(row_idx)),
        DataType::Float64 => write!(
            cell,
            "{}",
            array.as_primitive::<Float64Type>().value(row_idx)
        ),
        DataType::UInt32 => write!(
            cell,
            "{}",
            array.as_primitive::<UInt32Type>().value(row_idx)
        ),
        DataType::UInt16 => write!(
            cell,
            "{}",
            array.as_primitive::<UInt16Type>().value(row_idx)
        ),
        _ => {
            let day = array.as_primitive::<Date32Type>().value(row_idx);
            let (month, day_of_month) = calendar::month_day(day);
            write!(
                cell,
                "{:04}-{month:02}-{day_of_month:02}",
                calendar::year(day)
            )
        }
    }
}
