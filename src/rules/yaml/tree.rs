//! YAML text -> a tree of nodes with their places.
//!
//! What comes in: one file. What goes out: the nodes up to the first syntax error, and whether that was all. Only this
//! file and `syntax.rs` know the YAML crate. They use the event parser that `serde-saphyr` re-exports, because it keeps
//! every scalar as it is written (`NO`, `0101`) with its style and its bytes, and goes on where serde stops.

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span as Place, options};

use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources, Span};

use super::syntax;
use super::text::Text;

/// The largest file that is read; a condition alone may have 8 MiB.
const MAX_BYTES: usize = 16 << 20;
/// How deep lists and mappings may stand in each other; the deepest known key needs five.
const MAX_DEPTH: usize = 64;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Block,
}

impl Style {
    pub(super) const fn is_quoted(self) -> bool {
        matches!(self, Self::SingleQuoted | Self::DoubleQuoted)
    }
}

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a node holds.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    Scalar(Text, Style),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
    /// Reported already; nothing more is to be said about it.
    Broken,
}

/// What could be read of a file.
#[derive(Debug)]
pub(super) struct Tree {
    /// None: the file holds nothing at all.
    pub(super) root: Option<Node>,
    /// False when a syntax error cut the file short, so that what is missing may be behind it.
    pub(super) is_whole: bool,
}

/// Reads the nodes of a file.
pub(super) fn parse(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Tree {
    let text = sources.text(file);
    if text.len() > MAX_BYTES {
        let title = format!("file is longer than {} MiB", MAX_BYTES >> 20);
        let found = Diagnostic::error(
            "too-long",
            Span {
                file,
                start: 0,
                end: 0,
            },
            title,
        );
        diagnostics
            .push(found.help("move long value lists to a file under `lists/` and use `in_list`"));
        return Tree {
            root: None,
            is_whole: false,
        };
    }
    let mut builder = Builder {
        text,
        file,
        diagnostics,
        open: Vec::new(),
        root: None,
        last: None,
    };
    let is_whole = builder.read();
    while !builder.open.is_empty() {
        builder.close(None);
    }
    Tree {
        root: builder.root,
        is_whole,
    }
}

/// A list or mapping whose end has not come yet.
struct Open {
    start: usize,
    /// In a mapping keys and values alternate.
    nodes: Vec<Node>,
    is_mapping: bool,
}

struct Builder<'a> {
    text: &'a str,
    file: FileId,
    diagnostics: &'a mut Diagnostics,
    open: Vec<Open>,
    root: Option<Node>,
    /// The latest scalar, which a syntax error often has swallowed too much into.
    last: Option<Span>,
}

impl Builder<'_> {
    /// Takes every event; false when it had to stop.
    fn read(&mut self) -> bool {
        let options = options! { emit_anchor_events: true, emit_unresolved_aliases: true };
        for next in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = match next {
                Ok(next) => next,
                Err(error) => {
                    let found = syntax::explain(&error, self.text, self.file, self.last);
                    self.diagnostics.push(found);
                    return false;
                }
            };
            if let Some(tag) = place.tag_span().filter(|_| event.tag().is_some()) {
                let help = "leave out the word that starts with `!`, or quote the text";
                self.refuse("YAML tags are not used here", self.span(&tag), help);
            }
            let span = self.span(&place);
            if self.open.len() >= MAX_DEPTH && is_start(&event) {
                let title = format!("values are nested more than {MAX_DEPTH} deep");
                self.diagnostics
                    .push(Diagnostic::error("too-deep", span, title));
                return false;
            }
            if matches!(event, Event::DocumentStart(..)) && self.root.is_some() {
                let help = "one file is one document: move what follows to its own file";
                self.refuse("a second document starts here", span, help);
                return true;
            }
            self.take(event, span);
        }
        true
    }

    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(value, style, ..) => self.scalar(value.into_owned(), style, span),
            Event::SequenceStart(..) | Event::MappingStart(..) => self.open.push(Open {
                start: span.start,
                nodes: Vec::new(),
                is_mapping: matches!(event, Event::MappingStart(..)),
            }),
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(span.end)),
            Event::Anchor(..) => {
                let help = "leave it out, or quote the text that starts with `&`";
                self.refuse("YAML anchors are not used here", span, help);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let help = "write the value out, or quote it if it starts with `*`";
                self.refuse("YAML aliases are not used here", span, help);
                self.put(Node {
                    span,
                    value: Value::Broken,
                });
            }
            _ => {}
        }
    }

    fn refuse(&mut self, title: &str, span: Span, help: &str) {
        let found = Diagnostic::error("bad-yaml", span, title);
        self.diagnostics.push(found.help(help));
    }

    fn scalar(&mut self, value: String, style: ScalarStyle, mut span: Span) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let source = self
            .text
            .get(span.start..span.end)
            .unwrap_or_default()
            .trim_end();
        span.end = span.start + source.len();
        self.last = Some(span);
        let is_null =
            style == Style::Plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
        let value = if is_null {
            Value::Null
        } else {
            Value::Scalar(Text::scalar(value, span, source, style), style)
        };
        self.put(Node { span, value });
    }

    /// Ends the innermost list or mapping; without an end, where its last node ends.
    fn close(&mut self, end: Option<usize>) {
        let Some(Open {
            start,
            mut nodes,
            is_mapping,
        }) = self.open.pop()
        else {
            return;
        };
        let last = nodes.last().map_or(start, |node| node.span.end);
        // A block collection ends only where the next thing begins; its text ends with its last node.
        let is_flow = self
            .text
            .as_bytes()
            .get(start)
            .is_some_and(|byte| matches!(byte, b'[' | b'{'));
        let end = end.filter(|_| is_flow).map_or(last, |end| end.max(last));
        let span = Span {
            file: self.file,
            start,
            end,
        };
        let value = if is_mapping {
            if nodes.len() % 2 == 1 {
                nodes.push(Node {
                    span: Span {
                        start: last,
                        ..span
                    },
                    value: Value::Broken,
                });
            }
            Value::Mapping(pairs(nodes))
        } else {
            Value::Sequence(nodes)
        };
        self.put(Node { span, value });
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.root = Some(node),
        }
    }

    fn span(&self, place: &Place) -> Span {
        let range = place.byte_range().unwrap_or_default();
        Span {
            file: self.file,
            start: range.start,
            end: range.end,
        }
    }
}

const fn is_start(event: &Event<'_>) -> bool {
    matches!(event, Event::SequenceStart(..) | Event::MappingStart(..))
}

fn pairs(nodes: Vec<Node>) -> Vec<(Node, Node)> {
    let mut nodes = nodes.into_iter();
    std::iter::from_fn(|| nodes.next().zip(nodes.next())).collect()
}
