//! A scalar that remembers where each of its bytes stands in the file.

use crate::diagnostic::{FileId, Span};

use super::tree::Style;

/// A text of a file, with its place.
///
/// Two texts are equal when value and place are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text as YAML means it: without quotes, indentation and folded line ends.
    pub value: String,
    /// Where it stands, quotes included, trailing white space not.
    pub span: Span,
    /// Runs of bytes that stand in the file as in the value: (offset in the value, offset in the file), ascending,
    /// the first at value 0. Empty when only the whole place is known (escapes).
    runs: Vec<(usize, usize)>,
}

impl Text {
    /// Makes a text that stands in the file exactly as it is, from a byte on.
    pub fn at(value: impl Into<String>, file: FileId, start: usize) -> Self {
        let value = value.into();
        let span = Span {
            file,
            start,
            end: start + value.len(),
        };
        Self {
            value,
            span,
            runs: vec![(0, start)],
        }
    }

    /// Makes a text for something that is missing, placed where it is missed.
    pub(super) fn missing(span: Span) -> Self {
        Self {
            value: String::new(),
            span,
            runs: Vec::new(),
        }
    }

    /// Makes a text from a scalar: its value, its place, and what stands there.
    pub(super) fn scalar(value: String, span: Span, source: &str, style: Style) -> Self {
        let runs = align(&value, source, style)
            .into_iter()
            .map(|(in_value, in_source)| (in_value, span.start + in_source))
            .collect();
        Self { value, span, runs }
    }

    /// Says where bytes `start..end` of the value stand in the file.
    ///
    /// Exact for plain, quoted and block scalars, however they are indented or folded; the whole place for a text
    /// with escapes other than doubled quotes and backslash-quote. An empty range at the end stands right behind
    /// the last visible character.
    pub fn span_of(&self, start: usize, end: usize) -> Span {
        let visible = self.value.trim_end().len();
        if self.runs.is_empty() {
            return self.span;
        }
        let (start, end) = if start >= visible {
            (visible, visible)
        } else {
            (start, end.clamp(start, visible))
        };
        let first = if start == visible && start > 0 {
            self.locate(start - 1) + 1
        } else {
            self.locate(start)
        };
        let last = if end > start {
            self.locate(end - 1) + 1
        } else {
            first
        };
        Span {
            file: self.span.file,
            start: first,
            end: last.max(first),
        }
    }

    fn locate(&self, offset: usize) -> usize {
        let next = self
            .runs
            .partition_point(|(in_value, _)| *in_value <= offset);
        let (in_value, in_file) = self
            .runs
            .get(next.saturating_sub(1))
            .copied()
            .unwrap_or((0, self.span.start));
        let found = in_file + (offset - in_value);
        // White space between two runs may be shorter in the file; never run into the next one.
        self.runs
            .get(next)
            .map_or(found, |(_, limit)| found.min(*limit))
    }
}

/// Pairs the bytes of a value with the bytes of its source, by runs; empty when they cannot be paired.
///
/// Whatever the style, value and source hold the same visible characters in the same order: YAML changes only white
/// space, quotes and escapes. So both are walked in step, and only white space may differ.
fn align(value: &str, source: &str, style: Style) -> Vec<(usize, usize)> {
    let value = value.as_bytes();
    let source = source.as_bytes();
    let (mut at, mut from) = (0, usize::from(style.is_quoted()));
    let mut runs = vec![(0, from)];
    loop {
        at = skip_space(value, at);
        from = skip_space(source, from);
        if at >= value.len() {
            return runs;
        }
        while let (Some(here), Some(there)) = (value.get(at), source.get(from)) {
            if here.is_ascii_whitespace() {
                break;
            }
            let Some(width) = width(*here, *there, source.get(from + 1), style) else {
                return Vec::new();
            };
            from += width;
            mark(&mut runs, at, from - 1);
            at += 1;
        }
        if value
            .get(at)
            .is_some_and(|here| !here.is_ascii_whitespace())
        {
            return Vec::new();
        }
        let is_between = source.get(from).is_none_or(u8::is_ascii_whitespace);
        if at < value.len() && !is_between {
            return Vec::new();
        }
    }
}

/// How many bytes of the source, whose next two are `there` and `then`, stand for one byte of the value.
fn width(here: u8, there: u8, then: Option<&u8>, style: Style) -> Option<usize> {
    let is_escape = match style {
        Style::SingleQuoted => there == b'\'',
        Style::DoubleQuoted => there == b'\\',
        Style::Plain | Style::Block => false,
    };
    let is_literal = matches!(here, b'\'' | b'"' | b'\\') && then == Some(&here);
    match is_escape {
        true if is_literal => Some(2),
        true => None,
        false => (here == there).then_some(1),
    }
}

/// Notes that a run starts here, unless the run before goes on.
fn mark(runs: &mut Vec<(usize, usize)>, at: usize, from: usize) {
    let goes_on = runs
        .last()
        .is_some_and(|(in_value, in_source)| at + in_source == from + in_value);
    if !goes_on {
        runs.push((at, from));
    }
}

fn skip_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}
