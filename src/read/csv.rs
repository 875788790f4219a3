//! CSV: bytes -> chunks of whole records -> raw batches.
//!
//! One thread cuts the stream at record ends; any thread can read a chunk. Rows are the same for every size of chunk.

use super::binding::Binding;
use super::frame::{Frame, MAX_RECORD, for_each_field, frame};
use super::raw::{RawBatch, RawColumn, SetAside};
use crate::intern::Interner;
use crate::issue::IssueKind;
use memchr::memchr;
use std::io::Read;
use std::sync::Arc;

/// Bytes of a chunk, about.
const CHUNK_BYTES: usize = 4 << 20;
/// Bytes read at a time.
const READ_BYTES: usize = 1 << 20;
/// Bytes that may be looked at in vain behind quotes that nothing closes, in all of a file, and how far beyond its line one looks
/// after that. Each such line is looked at by itself, so a file full of them would take hours.
const VAIN_BYTES: usize = 2 * MAX_RECORD;
/// See [`VAIN_BYTES`].
const SHORT_LOOK: usize = 1024;

/// Cuts a stream of CSV into chunks.
pub(super) struct CsvReader {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// Start of what is not yet given out.
    start: usize,
    is_end: bool,
    next_row: u64,
    next_line: u64,
    delimiter: u8,
    chunk_rows: usize,
    /// Bytes that were looked at in vain.
    n_vain: usize,
}

/// Whole records of a CSV file.
#[derive(Debug)]
pub struct CsvChunk {
    bytes: Vec<u8>,
    file: usize,
    first_row: u64,
    first_line: u64,
    delimiter: u8,
    n_columns: usize,
    set_aside: Vec<SetAside>,
}

impl CsvReader {
    /// Starts to read; gives the header too, none where the file is empty.
    pub(super) fn open(
        source: Box<dyn Read + Send>,
        chunk_rows: usize,
    ) -> std::io::Result<(Self, Option<Vec<String>>)> {
        let mut reader = Self {
            source,
            buffer: Vec::new(),
            start: 0,
            is_end: false,
            next_row: 1,
            next_line: 1,
            delimiter: b',',
            chunk_rows,
            n_vain: 0,
        };
        reader.fill()?;
        if reader.buffer.starts_with(b"\xEF\xBB\xBF") {
            reader.start = 3;
        }
        let header = reader.header()?;
        Ok((reader, header))
    }

    fn header(&mut self) -> std::io::Result<Option<Vec<String>>> {
        loop {
            let line_end = memchr(b'\n', &self.buffer[self.start..])
                .map_or(self.buffer.len(), |end| self.start + end);
            self.delimiter = likely_delimiter(&self.buffer[self.start..line_end]);
            match self.frame(self.start) {
                Frame::NeedsMore => self.fill()?,
                Frame::Blank(end) => {
                    self.step_over(end);
                    if self.is_end && self.start == self.buffer.len() {
                        return Ok(None);
                    }
                }
                Frame::Record(end) => {
                    let mut names = Vec::new();
                    let mut scratch = Vec::new();
                    for_each_field(
                        &self.buffer[self.start..end],
                        self.delimiter,
                        &mut scratch,
                        |_, field| {
                            names.push(String::from_utf8_lossy(field).trim().to_owned());
                        },
                    );
                    self.step_over(end);
                    if names == [""] {
                        continue;
                    }
                    return Ok(Some(names));
                }
                Frame::OpenQuote | Frame::TooLong => {
                    return Err(std::io::Error::other(
                        "the header has a quote that is never closed, or is too long",
                    ));
                }
            }
        }
    }

    fn frame(&self, at: usize) -> Frame {
        let beyond = match self.n_vain < VAIN_BYTES {
            true => MAX_RECORD,
            false => SHORT_LOOK,
        };
        frame(&self.buffer, at, self.delimiter, self.is_end, beyond)
    }

    /// Moves past bytes that are not part of a row.
    fn step_over(&mut self, end: usize) {
        self.next_line += count_lines(&self.buffer[self.start..end]);
        self.start = end;
    }

    fn fill(&mut self) -> std::io::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let length = self.buffer.len();
        self.buffer.resize(length + READ_BYTES, 0);
        let mut filled = length;
        while filled < self.buffer.len() {
            match self.source.read(&mut self.buffer[filled..]) {
                Ok(0) => {
                    self.is_end = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.buffer.truncate(filled);
        Ok(())
    }

    /// The next chunk; none at the end.
    pub(super) fn next(
        &mut self,
        file: usize,
        n_columns: usize,
    ) -> std::io::Result<Option<CsvChunk>> {
        let mut set_aside = Vec::new();
        let (mut at, mut rows) = (self.start, 0);
        loop {
            let is_full = rows == self.chunk_rows || at - self.start >= CHUNK_BYTES;
            if is_full {
                break;
            }
            if at == self.buffer.len() && self.is_end {
                break;
            }
            match self.frame(at) {
                Frame::Record(end) => {
                    at = end;
                    rows += 1;
                }
                Frame::Blank(end) if rows == 0 => {
                    // However many blank lines there are, a chunk holds a row or ends the file.
                    self.step_over(end);
                    at = self.start;
                }
                Frame::Blank(end) => at = end,
                Frame::NeedsMore => {
                    let done = at - self.start;
                    self.fill()?;
                    at = self.start + done;
                }
                // What was cut so far goes out first, so that rows stay in order.
                Frame::OpenQuote | Frame::TooLong if rows > 0 => break,
                bad => {
                    self.step_over(at);
                    set_aside.push(self.set_aside_line(bad)?);
                    at = self.start;
                }
            }
        }
        if rows == 0 && set_aside.is_empty() {
            return Ok(None);
        }
        let chunk = CsvChunk {
            bytes: self.buffer[self.start..at].to_vec(),
            file,
            first_row: self.next_row,
            first_line: self.next_line,
            delimiter: self.delimiter,
            n_columns,
            set_aside,
        };
        self.next_row += rows as u64;
        self.step_over(at);
        Ok(Some(chunk))
    }

    /// Sets aside the physical line at the start of the buffer; reading resumes at the next.
    fn set_aside_line(&mut self, bad: Frame) -> std::io::Result<SetAside> {
        let kind = if bad == Frame::TooLong {
            IssueKind::RecordTooLong
        } else {
            let looked_at = (self.buffer.len() - self.start).min(MAX_RECORD);
            self.n_vain = self.n_vain.saturating_add(looked_at);
            IssueKind::UnclosedQuote
        };
        let begin = &self.buffer[self.start..self.buffer.len().min(self.start + 80)];
        let begin = begin.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
        let text = shortened(begin);
        let set_aside = SetAside {
            row: self.next_row,
            line: self.next_line,
            kind,
            text,
        };
        self.next_row += 1;
        loop {
            if let Some(end) = memchr(b'\n', &self.buffer[self.start..]) {
                self.step_over(self.start + end + 1);
                return Ok(set_aside);
            }
            self.start = self.buffer.len();
            if self.is_end {
                return Ok(set_aside);
            }
            self.fill()?;
        }
    }
}

impl CsvChunk {
    /// Position of the input.
    pub(super) fn input(&self) -> usize {
        self.file
    }

    /// Reads the records; those that cannot be read are set aside.
    pub(super) fn parse(self, binding: Arc<Binding>) -> RawBatch {
        let mut columns: Vec<Interner> =
            binding.inputs.iter().map(|_| Interner::default()).collect();
        let input_of: Vec<Option<usize>> = {
            let mut input_of = vec![None; self.n_columns];
            for (input, position) in binding.inputs.iter().enumerate() {
                input_of[*position] = Some(input);
            }
            input_of
        };
        let mut set_aside = self.set_aside;
        let mut rows = Vec::new();
        let mut cells: Vec<(usize, usize)> = vec![(0, 0); columns.len()];
        let (mut text, mut scratch) = (Vec::new(), Vec::new());
        let (mut at, mut row, mut line) = (0, self.first_row, self.first_line);
        while at < self.bytes.len() {
            let (end, is_record) = match frame(&self.bytes, at, self.delimiter, true, MAX_RECORD) {
                Frame::Record(end) => (end, true),
                Frame::Blank(end) => (end, false),
                _ => unreachable!("a chunk holds whole records"),
            };
            let record = &self.bytes[at..end];
            at = end;
            if is_record {
                text.clear();
                let count =
                    for_each_field(record, self.delimiter, &mut scratch, |position, field| {
                        if let Some(Some(input)) = input_of.get(position) {
                            cells[*input] = (text.len(), text.len() + field.len());
                            text.extend_from_slice(field);
                        }
                    });
                match problem(record, count, self.n_columns) {
                    Some(kind) => set_aside.push(SetAside {
                        row,
                        line,
                        kind,
                        text: shortened(record),
                    }),
                    None => {
                        rows.push(row);
                        for (column, (start, end)) in columns.iter_mut().zip(&cells) {
                            // Cut at delimiters, which are ASCII, out of a record that is UTF-8.
                            let field = std::str::from_utf8(&text[*start..*end]).unwrap_or("");
                            column.push(Some(field).filter(|field| !field.is_empty()));
                        }
                    }
                }
                row += 1;
            }
            line += count_lines(record);
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

fn problem(record: &[u8], count: usize, n_columns: usize) -> Option<IssueKind> {
    if memchr(0, record).is_some() {
        Some(IssueKind::NulByte)
    } else if std::str::from_utf8(record).is_err() {
        Some(IssueKind::NotUtf8)
    } else if count < n_columns {
        Some(IssueKind::TooFewFields)
    } else if count > n_columns {
        Some(IssueKind::TooManyFields)
    } else {
        None
    }
}

/// How a record begins, for people.
fn shortened(record: &[u8]) -> String {
    let start = &record[..record.len().min(80)];
    String::from_utf8_lossy(start)
        .trim_end()
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The delimiter that stands most often in the first line.
fn likely_delimiter(line: &[u8]) -> u8 {
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, line).count();
    let mut best = b',';
    for delimiter in [b';', b'\t', b'|'] {
        if count(delimiter) > count(best) {
            best = delimiter;
        }
    }
    best
}
