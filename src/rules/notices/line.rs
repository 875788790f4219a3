//! The rows of a file of notices, cell by cell, with every mistake in its place.

use super::key::Key;
use super::kind::KeyKind;
use super::read::NoticeFile;
use super::table::{Cell, Row, rows};
use super::{MOST_DAYS, Term};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::normalize::date::{format_date, parse_date};

/// The columns of a file.
pub(super) struct Columns {
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }
}

/// A file whose header was read.
pub(super) struct Table<'a> {
    file: &'a NoticeFile,
    header: Vec<Option<&'static str>>,
    rows: std::vec::IntoIter<Row>,
}

/// A row of a file.
pub(super) struct Line<'a> {
    file: &'a NoticeFile,
    header: Vec<Option<&'static str>>,
    cells: Vec<Cell>,
}

impl<'a> Table<'a> {
    /// Reads the header. Without a column that is needed no row is read.
    pub(super) fn open(
        file: &'a NoticeFile,
        columns: &Columns,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut rows = rows(&file.text).into_iter();
        let mut header: Vec<Option<&'static str>> = Vec::new();
        let first = rows.next().unwrap_or_default();
        for cell in &first.cells {
            let span = file.span(cell);
            let name = cell.text.to_lowercase();
            let known = columns.all().find(|known| *known == name);
            match known {
                None => {
                    let title = format!("{} has no column `{}`", file.name, cell.text);
                    let diagnostic = Diagnostic::error("unknown-column", span, title);
                    let diagnostic = diagnostic.help_similar(&cell.text, columns.all());
                    let names: Vec<_> = columns.all().collect();
                    diagnostics.push(match diagnostic.help {
                        Some(_) => diagnostic,
                        None => diagnostic.help(format!("its columns are {}", names.join(", "))),
                    });
                }
                Some(name) if header.contains(&Some(name)) => {
                    let title = format!("column `{name}` stands twice");
                    diagnostics.push(Diagnostic::error("bad-notice", span, title));
                }
                Some(_) => {}
            }
            header.push(known);
        }
        let missing = columns.required.iter().copied();
        let missing: Vec<&str> = missing
            .filter(|name| !header.contains(&Some(*name)))
            .collect();
        if !missing.is_empty() {
            let line = Cell {
                text: String::new(),
                start: first.cells.first().map_or(0, |cell| cell.start),
                end: first.cells.last().map_or(0, |cell| cell.end),
            };
            let title = format!("{} lacks {}", file.name, missing.join(", "));
            let header: Vec<&str> = columns.required.to_vec();
            diagnostics.push(
                Diagnostic::error("bad-notice", file.span(&line), title)
                    .help(format!("begin the file with `{}`", header.join(","))),
            );
            rows = Vec::new().into_iter();
        }
        Self { file, header, rows }
    }

    /// The next row that has as many cells as the header.
    pub(super) fn next(&mut self, diagnostics: &mut Diagnostics) -> Option<Line<'a>> {
        loop {
            let row = self.rows.next()?;
            let wrong = match row.cells.len() {
                _ if row.is_broken => {
                    Some("a quote is not closed at the end of its cell".to_owned())
                }
                n if n == self.header.len() => None,
                n => Some(format!(
                    "this row has {n} cells, the header {}",
                    self.header.len()
                )),
            };
            let Some(title) = wrong else {
                return Some(Line {
                    file: self.file,
                    header: self.header.clone(),
                    cells: row.cells,
                });
            };
            let whole = Cell {
                text: String::new(),
                start: row.cells.first().map_or(0, |cell| cell.start),
                end: row.cells.last().map_or(0, |cell| cell.end),
            };
            diagnostics.push(
                Diagnostic::error("bad-notice", self.file.span(&whole), title)
                    .help("a cell that holds a comma or a quote stands in quotes"),
            );
        }
    }
}

impl NoticeFile {
    fn span(&self, cell: &Cell) -> Span {
        Span {
            file: self.file,
            start: cell.start,
            end: cell.end,
        }
    }
}

impl Line<'_> {
    fn cell(&self, column: &str) -> Option<&Cell> {
        let position = self.header.iter().position(|name| *name == Some(column))?;
        self.cells.get(position)
    }

    /// Where the cell of a column stands.
    pub(super) fn span(&self, column: &str) -> Span {
        self.cell(column)
            .map_or_else(Span::default, |cell| self.file.span(cell))
    }

    /// The text of a cell; none where it is empty, or the file has no such column.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        let text = &self.cell(column)?.text;
        (!text.is_empty()).then(|| text.clone())
    }

    /// The text of a cell that must hold one; a column that the file may leave out must hold one where it does not.
    pub(super) fn required(&self, column: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        let cell = self.cell(column)?;
        if cell.text.is_empty() {
            // An empty cell shows no caret, so the whole row is shown.
            let first = self.cells.first().map_or(cell.start, |first| first.start);
            let last = self.cells.last().map_or(cell.end, |last| last.end);
            let span = Span {
                file: self.file.file,
                start: first,
                end: last,
            };
            let title = format!("this row says nothing under `{column}`");
            diagnostics.push(
                Diagnostic::error("bad-notice", span, title).help(match column {
                    "reason" => "say why, in words that an officer can act on",
                    "owner" => "name who asked for it and can be asked about it",
                    "approver" => "name who approved it",
                    "expires" => "write the last day, at most 90 days ahead, as YYYY-MM-DD",
                    "action" => "write `review` or `examine`",
                    "rule" => "write the id of one rule",
                    _ => "write KIND:KEY, such as `importer:12-3456789`",
                }),
            );
            return None;
        }
        Some(cell.text.clone())
    }

    /// The key of a column: `kind:key`.
    pub(super) fn key(&self, column: &str, diagnostics: &mut Diagnostics) -> Option<Key> {
        let text = self.required(column, diagnostics)?;
        let span = self.span(column);
        let kinds = || KeyKind::ALL.into_iter().map(KeyKind::as_str);
        let Some((kind, key)) = text.split_once(':') else {
            let title = "this key does not say what it is";
            diagnostics.push(
                Diagnostic::error("bad-notice-key", span, title)
                    .help("write KIND:KEY, such as `importer:12-3456789`"),
            );
            return None;
        };
        let word = kind.trim().to_lowercase();
        let Some(kind) = KeyKind::find(&word) else {
            let title = format!("nothing is called `{}`", kind.trim());
            let diagnostic = Diagnostic::error("bad-notice-key", span, title);
            let diagnostic = diagnostic.help_similar(&word, kinds());
            diagnostics.push(match diagnostic.help {
                Some(_) => diagnostic,
                None => diagnostic.help(format!(
                    "write one of {}",
                    kinds().collect::<Vec<_>>().join(", ")
                )),
            });
            return None;
        };
        self.checked(column, Key::new(kind, key, self.place()), diagnostics)
    }

    /// A key, unless no line can have it.
    pub(super) fn checked(
        &self,
        column: &str,
        key: Key,
        diagnostics: &mut Diagnostics,
    ) -> Option<Key> {
        let Some(mistake) = key.mistake() else {
            return Some(key);
        };
        let span = self.span(column);
        let diagnostic = match mistake.is_error {
            true => Diagnostic::error("bad-notice-key", span, mistake.text),
            false => Diagnostic::warning("bad-notice-key", span, mistake.text),
        };
        diagnostics.push(diagnostic.help(mistake.help));
        (!mistake.is_error).then_some(key)
    }

    /// The file and line of the row.
    pub(super) fn place(&self) -> String {
        let start = self.cells.first().map_or(0, |cell| cell.start);
        let before = self.file.text.get(..start).unwrap_or("");
        format!("{}:{}", self.file.name, before.matches('\n').count() + 1)
    }

    /// How long the notice lasts.
    pub(super) fn term(&self, diagnostics: &mut Diagnostics) -> Option<Term> {
        let added = match self.text("added") {
            None => None,
            Some(text) => {
                let day = self.day("added", &text, diagnostics)?;
                Some((day, self.span("added")))
            }
        };
        let expires = self.required("expires", diagnostics)?;
        let expires = self.day("expires", &expires, diagnostics)?;
        let expires_at = self.span("expires");
        if let Some((added, added_at)) = added {
            if expires < added {
                let title = "this day is before the one on which it was added";
                diagnostics.push(
                    Diagnostic::error("bad-notice", expires_at, title).also(added_at, "added here"),
                );
                return None;
            }
            if expires - added > MOST_DAYS {
                diagnostics.push(too_long(expires_at, added));
                return None;
            }
        }
        Some(Term {
            added,
            expires,
            expires_at,
        })
    }

    fn day(&self, column: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<i32> {
        let day = parse_date(text);
        if day.is_none() {
            let title = format!("`{text}` is not a date");
            diagnostics.push(
                Diagnostic::error("bad-date", self.span(column), title).help("write YYYY-MM-DD"),
            );
        }
        day
    }
}

/// A notice that lasts longer than [`MOST_DAYS`] from a day.
pub fn too_long(expires_at: Span, from: i32) -> Diagnostic {
    let latest = format_date(from.saturating_add(MOST_DAYS));
    let title = format!(
        "this is more than {MOST_DAYS} days after {}",
        format_date(from)
    );
    Diagnostic::error("notice-too-long", expires_at, title).help(format!(
        "write {latest} or an earlier day, and look at it again then"
    ))
}
