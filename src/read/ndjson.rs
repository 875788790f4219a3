//! NDJSON: one object per line.

use super::binding::Binding;
use super::frame::MAX_RECORD;
use super::raw::{RawBatch, RawColumn, SetAside};
use crate::intern::Interner;
use crate::issue::IssueKind;
use memchr::memchr;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

/// Records that tell which keys a file has.
const KEY_RECORDS: usize = 10_000;
/// Bytes that are held to find the keys, about.
const KEY_BYTES: usize = 64 << 20;
/// Bytes of a chunk, about.
const CHUNK_BYTES: usize = 4 << 20;

/// Cuts a stream of NDJSON into chunks of whole lines.
pub(super) struct NdjsonReader {
    source: BufReader<Box<dyn Read + Send>>,
    held: std::collections::VecDeque<Line>,
    next_row: u64,
    next_line: u64,
    chunk_rows: usize,
}

#[derive(Debug)]
struct Line {
    row: u64,
    number: u64,
    /// None where the line is too long to be held.
    bytes: Option<Vec<u8>>,
}

/// Whole lines of an NDJSON file.
#[derive(Debug)]
pub struct NdjsonChunk {
    lines: Vec<Line>,
    file: usize,
    keys: Arc<Vec<String>>,
}

impl NdjsonReader {
    /// Starts to read; gives the keys of the first records too, in the order in which they first stand.
    pub(super) fn open(
        source: Box<dyn Read + Send>,
        chunk_rows: usize,
    ) -> std::io::Result<(Self, Vec<String>)> {
        let mut reader = Self {
            source: BufReader::with_capacity(1 << 20, source),
            held: std::collections::VecDeque::new(),
            next_row: 1,
            next_line: 1,
            chunk_rows,
        };
        let mut keys: Vec<String> = Vec::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut bytes = 0;
        while reader.held.len() < KEY_RECORDS && bytes < KEY_BYTES {
            let Some(line) = reader.line()? else { break };
            if let Some(object) = line.bytes.as_deref().and_then(object) {
                for key in object.keys() {
                    if known.insert(key.clone()) {
                        keys.push(key.clone());
                    }
                }
            }
            bytes += line.bytes.as_ref().map_or(0, Vec::len);
            reader.held.push_back(line);
        }
        Ok((reader, keys))
    }

    /// The next line that is not blank.
    fn line(&mut self) -> std::io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let length = self
                .source
                .by_ref()
                .take(MAX_RECORD as u64 + 1)
                .read_until(b'\n', &mut bytes)?;
            if length == 0 {
                return Ok(None);
            }
            let number = self.next_line;
            self.next_line += 1;
            if number == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            let is_too_long = length > MAX_RECORD && !bytes.ends_with(b"\n");
            if is_too_long {
                self.skip_line()?;
            } else if bytes.trim_ascii().is_empty() {
                continue;
            }
            let row = self.next_row;
            self.next_row += 1;
            return Ok(Some(Line {
                row,
                number,
                bytes: (!is_too_long).then_some(bytes),
            }));
        }
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = memchr(b'\n', buffer);
            let length = end.map_or(buffer.len(), |end| end + 1);
            self.source.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }

    /// The next chunk; none at the end.
    pub(super) fn next(
        &mut self,
        file: usize,
        keys: &Arc<Vec<String>>,
    ) -> std::io::Result<Option<NdjsonChunk>> {
        let mut lines = Vec::new();
        let mut bytes = 0;
        while lines.len() < self.chunk_rows && bytes < CHUNK_BYTES {
            let line = match self.held.pop_front() {
                Some(line) => Some(line),
                None => self.line()?,
            };
            let Some(line) = line else { break };
            bytes += line.bytes.as_ref().map_or(0, Vec::len);
            lines.push(line);
        }
        Ok((!lines.is_empty()).then(|| NdjsonChunk {
            lines,
            file,
            keys: Arc::clone(keys),
        }))
    }
}

impl NdjsonChunk {
    /// Position of the input.
    pub(super) fn input(&self) -> usize {
        self.file
    }

    /// Reads the objects; lines that hold none are set aside.
    pub(super) fn parse(self, binding: Arc<Binding>) -> RawBatch {
        let mut columns: Vec<Interner> =
            binding.inputs.iter().map(|_| Interner::default()).collect();
        let mut set_aside = Vec::new();
        let mut rows = Vec::new();
        for line in &self.lines {
            let object = line.bytes.as_deref().and_then(object);
            let Some(object) = object else {
                let kind = match &line.bytes {
                    None => IssueKind::RecordTooLong,
                    Some(bytes) if std::str::from_utf8(bytes).is_err() => IssueKind::NotUtf8,
                    Some(_) => IssueKind::NotAnObject,
                };
                let start = line.bytes.as_deref().unwrap_or(&[]);
                let start = String::from_utf8_lossy(&start[..start.len().min(80)]);
                let text = start.chars().filter(|c| !c.is_control()).collect();
                set_aside.push(SetAside {
                    row: line.row,
                    line: line.number,
                    kind,
                    text,
                });
                continue;
            };
            rows.push(line.row);
            for (column, position) in columns.iter_mut().zip(&binding.inputs) {
                let text = object.get(&self.keys[*position]).map(cell);
                column.push(text.as_deref().filter(|text| !text.is_empty()));
            }
        }
        let columns = columns
            .into_iter()
            .map(|column| RawColumn::Text(column.finish()))
            .collect();
        RawBatch {
            file: self.file,
            rows,
            columns,
            binding,
            set_aside,
        }
    }
}

fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(bytes).ok()
}

/// A value as a cell of text: lists of plain values by `|`, anything deeper as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items)
            if items
                .iter()
                .all(|item| !item.is_object() && !item.is_array()) =>
        {
            items.iter().map(cell).collect::<Vec<_>>().join("|")
        }
        other => other.to_string(),
    }
}
