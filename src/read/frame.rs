//! Where a CSV record ends.
//!
//! A quote opens only at the start of a field, so `2" PIPE` is text. A field that opened with a quote ends at the next
//! quote that is not doubled; what stands between that quote and the delimiter belongs to the field.

use memchr::{memchr, memchr2};

/// Longest record, in bytes.
pub(super) const MAX_RECORD: usize = 16 << 20;

/// What stands at a place of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A record; the place after its line end.
    Record(usize),
    /// A line without anything in it; the place after its end.
    Blank(usize),
    /// The record goes on beyond the buffer.
    NeedsMore,
    /// A quote that is never closed, or not within the longest record.
    OpenQuote,
    /// A line that is longer than the longest record.
    TooLong,
}

/// Finds the end of the record that starts at `start`; one with quotes may go on for so many bytes `beyond` its first line.
pub(super) fn frame(
    buffer: &[u8],
    start: usize,
    delimiter: u8,
    is_end: bool,
    beyond: usize,
) -> Frame {
    let rest = &buffer[start..];
    let line = memchr(b'\n', rest);
    let line_length = line.unwrap_or(rest.len());
    if memchr(b'"', &rest[..line_length]).is_none() {
        return match line {
            Some(_) if matches!(&rest[..line_length], b"" | b"\r") => {
                Frame::Blank(start + line_length + 1)
            }
            Some(_) if line_length > MAX_RECORD => Frame::TooLong,
            Some(_) => Frame::Record(start + line_length + 1),
            None if rest.len() > MAX_RECORD => Frame::TooLong,
            None if !is_end => Frame::NeedsMore,
            None if matches!(rest, b"" | b"\r") => Frame::Blank(buffer.len()),
            None => Frame::Record(buffer.len()),
        };
    }
    let limit = line_length.saturating_add(beyond).min(MAX_RECORD);
    let looked_at = &rest[..rest.len().min(limit + 1)];
    match quoted_end(looked_at, delimiter) {
        Some(end) => Frame::Record(start + end),
        None if rest.len() > limit => Frame::OpenQuote,
        None if !is_end => Frame::NeedsMore,
        None if is_open(rest, delimiter) => Frame::OpenQuote,
        None => Frame::Record(buffer.len()),
    }
}

/// The place after the line end of a record that holds quotes; none if it does not end here.
fn quoted_end(record: &[u8], delimiter: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        if record.get(at) == Some(&b'"') {
            at = closing_quote(record, at)? + 1;
        }
        at += memchr2(delimiter, b'\n', record.get(at..)?)?;
        let is_line_end = record[at] == b'\n';
        at += 1;
        if is_line_end {
            return Some(at);
        }
    }
}

/// Whether the last field of a record that does not end here has an open quote.
fn is_open(record: &[u8], delimiter: u8) -> bool {
    let mut at = 0;
    loop {
        if record.get(at) == Some(&b'"') {
            match closing_quote(record, at) {
                Some(quote) => at = quote + 1,
                None => return true,
            }
        }
        match memchr(delimiter, record.get(at..).unwrap_or(&[])) {
            Some(found) => at += found + 1,
            None => return false,
        }
    }
}

/// The quote that closes the one at `open`; a doubled quote stands for itself.
fn closing_quote(record: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr(b'"', record.get(at..)?)?;
        if record.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Calls `visit` for each field of a record with its position; `scratch` holds fields that lose their quotes.
pub(super) fn for_each_field(
    record: &[u8],
    delimiter: u8,
    scratch: &mut Vec<u8>,
    mut visit: impl FnMut(usize, &[u8]),
) -> usize {
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    let record = record.strip_suffix(b"\r").unwrap_or(record);
    let (mut at, mut position) = (0, 0);
    loop {
        if record.get(at) == Some(&b'"')
            && let Some(close) = closing_quote(record, at)
        {
            let end = close
                + 1
                + memchr(delimiter, &record[close + 1..]).unwrap_or(record.len() - close - 1);
            unquote(&record[at + 1..close], &record[close + 1..end], scratch);
            visit(position, scratch);
            at = end;
        } else {
            let end = at + memchr(delimiter, &record[at..]).unwrap_or(record.len() - at);
            visit(position, &record[at..end]);
            at = end;
        }
        position += 1;
        if at >= record.len() {
            return position;
        }
        at += 1;
    }
}

fn unquote(quoted: &[u8], after: &[u8], scratch: &mut Vec<u8>) {
    scratch.clear();
    let mut rest = quoted;
    while let Some(quote) = memchr(b'"', rest) {
        scratch.extend_from_slice(&rest[..=quote]);
        rest = rest.get(quote + 2..).unwrap_or(&[]);
    }
    scratch.extend_from_slice(rest);
    scratch.extend_from_slice(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str) -> Vec<String> {
        let mut fields = Vec::new();
        let mut scratch = Vec::new();
        let count = for_each_field(record.as_bytes(), b',', &mut scratch, |_, field| {
            fields.push(String::from_utf8_lossy(field).into_owned());
        });
        assert_eq!(count, fields.len());
        fields
    }

    #[test]
    fn fields_lose_their_quotes() {
        assert_eq!(fields("a,b\r\n"), ["a", "b"]);
        assert_eq!(fields("a,\n"), ["a", ""]);
        assert_eq!(fields("\"a,\"\"b\"\"\",c"), ["a,\"b\"", "c"]);
        assert_eq!(fields("2\" PIPE,\"x\"y"), ["2\" PIPE", "xy"]);
        assert_eq!(fields("\"\",\"\"\n"), ["", ""]);
        assert_eq!(fields("\"two\nlines\",b\n"), ["two\nlines", "b"]);
    }

    #[test]
    fn records_end_outside_quotes() {
        let end = |text: &str, is_end| frame(text.as_bytes(), 0, b',', is_end, MAX_RECORD);
        assert_eq!(end("a,b\nc", false), Frame::Record(4));
        assert_eq!(end("\"a\nb\",c\nd", false), Frame::Record(8));
        assert_eq!(end("a\"\nb", false), Frame::Record(3));
        assert_eq!(end("\r\na", false), Frame::Blank(2));
        assert_eq!(end("a,\"b\n", false), Frame::NeedsMore);
        assert_eq!(end("a,\"b\n", true), Frame::OpenQuote);
        assert_eq!(end("a,\"b\"", true), Frame::Record(5));
        assert_eq!(end("a", true), Frame::Record(1));
    }
}
