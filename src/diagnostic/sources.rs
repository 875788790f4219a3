//! The texts that diagnostics point into.

/// Which text of a [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open range of bytes in one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from the start of one span to the end of another in the same text.
    #[must_use]
    pub fn to(self, end: Self) -> Self {
        Self {
            file: self.file,
            start: self.start.min(end.start),
            end: self.end.max(end.end),
        }
    }
}

/// Every text read so far, by its name.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<(String, String)>,
}

impl Sources {
    /// Keeps a text under a name (a path relative to the pack) and says how to point into it.
    ///
    /// # Panics
    ///
    /// At the 4,294,967,297th text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push((name.into(), text.into()));
        FileId(u32::try_from(self.files.len() - 1).expect("fewer than 4 billion rule files"))
    }

    /// The text of a name.
    pub fn find(&self, name: &str) -> Option<FileId> {
        let position = self.files.iter().position(|(known, _)| known == name)?;
        u32::try_from(position).ok().map(FileId)
    }

    /// The name of a text.
    pub fn name(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].0
    }

    /// A whole text.
    pub fn text(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].1
    }

    /// `name:line:column` of a span.
    pub fn place(&self, span: Span) -> String {
        let (line, column) = self.line_and_column(span);
        format!("{}:{line}:{column}", self.name(span.file))
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub fn line_and_column(&self, span: Span) -> (usize, usize) {
        let text = self.text(span.file);
        let before = text
            .get(..text.floor_char_boundary(span.start))
            .unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            before.matches('\n').count() + 1,
            before
                .get(line_start..)
                .map_or(0, |line| line.chars().count())
                + 1,
        )
    }
}
