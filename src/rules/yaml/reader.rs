//! Nodes -> fields by key; unknown, missing and repeated keys become diagnostics.

use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Severity, Sources, Span, nearest};

use super::fields::{Field, Fields};
use super::text::Text;
use super::tree::{self, Node, Value};

/// Reads one file and collects its mistakes.
pub(super) struct Reader<'a> {
    pub(super) file: FileId,
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    /// Where the outermost value stands.
    root: Option<Span>,
    /// False when a syntax error cut the file short: what is missing may be behind it.
    pub(super) is_whole: bool,
    n_errors_before: usize,
    /// Keys reported as missing in one place, which stand in another.
    misplaced: Vec<Span>,
}

impl<'a> Reader<'a> {
    /// Parses a file; none for the node when nothing useful could be read, which is reported.
    pub(super) fn open(
        sources: &'a Sources,
        file: FileId,
        diagnostics: &'a mut Diagnostics,
        what: &str,
    ) -> (Self, Option<Node>) {
        let n_errors_before = diagnostics.count(Severity::Error);
        let tree = tree::parse(sources, file, diagnostics);
        let root = tree
            .root
            .filter(|node| !matches!(node.value, Value::Null | Value::Broken));
        let mut reader = Self {
            file,
            sources,
            diagnostics,
            root: root.as_ref().map(|node| node.span),
            is_whole: tree.is_whole,
            n_errors_before,
            misplaced: Vec::new(),
        };
        if root.is_none() && tree.is_whole {
            let span = Span {
                file,
                start: 0,
                end: 0,
            };
            reader.push(Diagnostic::error(
                "bad-yaml",
                span,
                format!("file is empty, but must hold {what}"),
            ));
        }
        (reader, root)
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// True when this file has an error so far.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.count(Severity::Error) > self.n_errors_before
    }

    /// Reads a mapping whose keys are known, and reports the unknown ones.
    pub(super) fn fields(
        &mut self,
        node: Node,
        what: &str,
        known: &'static [&'static str],
    ) -> Option<Fields> {
        let span = node.span;
        let entries = self.entries(Field {
            name: what.to_owned(),
            place: span,
            node,
        })?;
        let head = entries.first().map_or(span, |(key, _)| key.span);
        let is_root = self.root == Some(span);
        let mut fields = Fields {
            span,
            head,
            is_root,
            entries: Vec::new(),
            mistaken: Vec::new(),
        };
        for (key, field) in entries {
            if known.contains(&&*key.value) {
                fields.entries.push((key, field.node));
                continue;
            }
            if self.misplaced.contains(&key.span) {
                continue;
            }
            let found = Diagnostic::error(
                "unknown-key",
                key.span,
                format!("unknown key `{}`", key.value),
            )
            .label(format!("no key of {what}"));
            let similar = nearest(&key.value, known.iter().copied());
            fields.mistaken.extend(similar);
            self.push(match similar {
                Some(name) => found.help(format!("did you mean `{name}`?")),
                None if known.len() > 12 => {
                    found.help("`ch24 rules explain unknown-key` lists the keys")
                }
                None => found.help(format!("known keys: {}", known.join(", "))),
            });
        }
        Some(fields)
    }

    /// Takes the value of a key that must be there, and reports it when it is not.
    pub(super) fn need(&mut self, fields: &mut Fields, key: &'static str) -> Option<Field> {
        let entry = fields.entries.iter().find(|(name, _)| name.value == key);
        let is_explained = !self.is_whole || fields.mistaken.contains(&key);
        match entry.map(|(name, node)| (name.span, matches!(node.value, Value::Null))) {
            Some((span, true)) => {
                self.push(Diagnostic::error(
                    "missing-key",
                    span,
                    format!("key `{key}` has no value"),
                ));
            }
            None if !is_explained => self.missing(fields, key),
            _ => {}
        }
        fields.take(key)
    }

    /// Reports a missing key; when a line of the file looks like it, that line is inside another value.
    fn missing(&mut self, fields: &Fields, key: &str) {
        let found = Diagnostic::error("missing-key", fields.head, format!("missing key `{key}`"));
        match self.swallowed(key).filter(|_| fields.is_root) {
            Some(span) => {
                self.misplaced.push(span);
                let label = "this line is indented, so it belongs to the value above it";
                self.push(
                    Diagnostic { span, ..found }
                        .label(label)
                        .help(format!("start `{key}:` in the first column")),
                );
            }
            None => self.push(found.help(format!("add `{key}: ...`"))),
        }
    }

    /// Finds the first indented line that starts with a key.
    fn swallowed(&self, key: &str) -> Option<Span> {
        let mut start = 0;
        for line in self.sources.text(self.file).split_inclusive('\n') {
            let trimmed = line.trim_start();
            let at = start + line.len() - trimmed.len();
            if at > start
                && trimmed
                    .strip_prefix(key)
                    .is_some_and(|rest| rest.starts_with(':'))
            {
                return Some(Span {
                    file: self.file,
                    start: at,
                    end: at + key.len(),
                });
            }
            start += line.len();
        }
        None
    }

    /// Reads a mapping with free keys: each key once, each key a text.
    pub(super) fn entries(&mut self, field: Field) -> Option<Vec<(Text, Field)>> {
        let Field { name, node, .. } = field;
        let pairs = match node.value {
            Value::Mapping(pairs) => pairs,
            Value::Broken => return None,
            other => {
                self.wrong(node.span, &name, "a mapping of `key: value` lines", &other);
                return None;
            }
        };
        let mut entries: Vec<(Text, Field)> = Vec::with_capacity(pairs.len());
        let mut places = std::collections::BTreeMap::new();
        for (key, node) in pairs {
            let Some(key) = self.key(key) else { continue };
            if let Some(first) = places.get(&key.value) {
                let found = Diagnostic::error(
                    "duplicate-key",
                    key.span,
                    format!("key `{}` stands twice", key.value),
                );
                self.push(
                    found
                        .label("second time")
                        .also(*first, "first time")
                        .help("keep one of the two"),
                );
                continue;
            }
            places.insert(key.value.clone(), key.span);
            let field = Field {
                name: format!("`{}`", key.value),
                place: key.span,
                node,
            };
            entries.push((key, field));
        }
        Some(entries)
    }

    fn key(&mut self, node: Node) -> Option<Text> {
        match node.value {
            Value::Scalar(text, _) => Some(text),
            Value::Broken => None,
            other => {
                self.wrong(node.span, "a key", "text", &other);
                None
            }
        }
    }
    /// Reports a node of the wrong kind.
    pub(super) fn wrong(&mut self, span: Span, name: &str, expected: &str, found: &Value) {
        let kind = match found {
            Value::Null | Value::Broken => "nothing",
            Value::Scalar(..) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        };
        // The first line is enough to find it.
        let text = self
            .sources
            .text(self.file)
            .get(span.start..span.end)
            .unwrap_or_default();
        let span = Span {
            end: span.start + text.lines().next().map_or(0, str::len),
            ..span
        };
        let found = Diagnostic::error(
            "bad-value",
            span,
            format!("{name} must be {expected}, not {kind}"),
        );
        self.push(match kind {
            "nothing" => Diagnostic {
                title: format!("{name} has no value"),
                ..found
            },
            "a mapping" if expected == "one text" => {
                found.help("put the text in quotes if it holds `: ` or starts with `{`")
            }
            "a list" if expected == "one text" => {
                found.help("put the text in quotes if it starts with `[`")
            }
            _ => found,
        });
    }
}
