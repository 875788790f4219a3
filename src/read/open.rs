//! Opens an input: what it is, told by its first bytes, then by its name.

use super::binding::Binding;
use super::columnar::{Failure, IpcReader, ParquetReader};
use super::csv::CsvReader;
use super::ndjson::NdjsonReader;
use super::{Chunk, Input};
use flate2::read::MultiGzDecoder;
use memchr::memchr;
use std::fs::File;
use std::io::{BufReader, Chain, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// An input that is being read.
pub(super) enum Opened {
    Csv(CsvReader, usize),
    Ndjson(NdjsonReader, Arc<Vec<String>>),
    Parquet(Box<ParquetReader>),
    Ipc(IpcReader),
}

impl Opened {
    /// The next chunk; none at the end.
    pub(super) fn next(
        &mut self,
        file: usize,
        binding: &Arc<Binding>,
    ) -> Result<Option<Chunk>, Failure> {
        Ok(match self {
            Self::Csv(reader, n_columns) => {
                let chunk = reader
                    .next(file, *n_columns)
                    .map_err(|error| error.to_string())?;
                chunk.map(|chunk| Chunk::Csv(chunk, Arc::clone(binding)))
            }
            Self::Ndjson(reader, keys) => {
                let chunk = reader.next(file, keys).map_err(|error| error.to_string())?;
                chunk.map(|chunk| Chunk::Ndjson(chunk, Arc::clone(binding)))
            }
            Self::Parquet(reader) => reader.next(file, binding)?.map(Chunk::Parquet),
            Self::Ipc(reader) => reader.next(file, binding)?.map(Chunk::Raw),
        })
    }
}

type Peeked = Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

/// Opens an input and reads its header; none where it is empty.
pub(super) fn open(
    input: &Input,
    batch_rows: usize,
) -> Result<Option<(Opened, Vec<String>)>, Failure> {
    let failed = |error: std::io::Error| error.to_string();
    let (stored, source): (Option<&Path>, Box<dyn Read + Send>) = match &input.path {
        None => (None, input.open_stream().map_err(failed)?),
        Some(path) => (Some(path), Box::new(File::open(path).map_err(failed)?)),
    };
    let (start, source) = peek(source).map_err(failed)?;
    let (start, source): (Vec<u8>, Box<dyn Read + Send>) = if start.starts_with(b"\x1f\x8b") {
        let (start, source) =
            peek(Box::new(MultiGzDecoder::new(BufReader::new(source)))).map_err(failed)?;
        (start, Box::new(source))
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
        let decoder = zstd::stream::read::Decoder::new(source).map_err(failed)?;
        let (start, source) = peek(Box::new(decoder)).map_err(failed)?;
        (start, Box::new(source))
    } else {
        let needs_file = start.starts_with(b"PAR1") || start.starts_with(b"ARROW1");
        if let (Some(path), true) = (stored, needs_file) {
            let file = File::open(path).map_err(failed)?;
            return if start.starts_with(b"PAR1") {
                ParquetReader::open(file, batch_rows)
                    .map(|(reader, names)| Some((Opened::Parquet(Box::new(reader)), names)))
            } else {
                IpcReader::open_file(file, batch_rows)
                    .map(|(reader, names)| Some((Opened::Ipc(reader), names)))
            };
        }
        (start, Box::new(source))
    };
    if let Some(other) = other_format(&start, is_named_ndjson(&input.label)) {
        return Err(other.to_owned());
    }
    if start.starts_with(b"PAR1") || start.starts_with(b"ARROW1") {
        return Err("Parquet and Arrow files are read from plain files, not from standard input or compressed".to_owned());
    }
    if start.starts_with(b"\xff\xff\xff\xff") {
        return IpcReader::open_stream(source, batch_rows)
            .map(|(reader, names)| Some((Opened::Ipc(reader), names)));
    }
    let text = start
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&start)
        .trim_ascii_start();
    let is_ndjson = text.starts_with(b"{") || (!text.is_empty() && is_named_ndjson(&input.label));
    if is_ndjson {
        let (reader, keys) = NdjsonReader::open(source, batch_rows).map_err(failed)?;
        return Ok(Some((Opened::Ndjson(reader, Arc::new(keys.clone())), keys)));
    }
    let (reader, header) = CsvReader::open(source, batch_rows).map_err(failed)?;
    Ok(header.map(|header| (Opened::Csv(reader, header.len()), header)))
}

/// What a file is that cannot be read, told by how it begins, and what to do.
fn other_format(start: &[u8], is_ndjson: bool) -> Option<&'static str> {
    let text = start
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(start)
        .trim_ascii_start();
    let is_utf_16 = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
    let has_returns_alone = memchr(b'\r', start).is_some() && memchr(b'\n', start).is_none();
    match () {
        () if is_utf_16 => Some("text in UTF-16: save it as UTF-8 (`iconv -f UTF-16 -t UTF-8`)"),
        () if start.starts_with(b"PK\x03\x04") => {
            Some("a zip archive or a workbook: unpack it, or save the sheet as CSV in UTF-8")
        }
        () if start.starts_with(b"\x1f\x8b") || start.starts_with(b"\x28\xb5\x2f\xfd") => {
            Some("compressed twice: decompress it once")
        }
        () if text.starts_with(b"[") && !is_ndjson => {
            Some("a JSON array: write one object per line (`jq -c '.[]'`)")
        }
        () if has_returns_alone => Some(
            "lines that end in a carriage return alone: end them in a line feed (`tr '\\r' '\\n'`)",
        ),
        () => None,
    }
}

fn is_named_ndjson(label: &str) -> bool {
    let name = label.to_lowercase();
    let name = name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".zst"))
        .unwrap_or(&name);
    [".ndjson", ".jsonl"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Bytes that are looked at to tell a format.
const PEEK_BYTES: u64 = 4096;

/// The first bytes of a source, and the whole source.
fn peek(mut source: Box<dyn Read + Send>) -> std::io::Result<(Vec<u8>, Peeked)> {
    let mut start = Vec::new();
    source.by_ref().take(PEEK_BYTES).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(source)))
}
