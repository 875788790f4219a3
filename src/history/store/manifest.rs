//! `manifest.json`: what was built from what.

use crate::error::{Error, ErrorKind};
use crate::input_hash::hash_file;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The form of a store; another one is refused.
pub const FORMAT: u32 = 4;

/// The account of a store.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Manifest {
    /// `ch24`.
    pub program: String,
    /// `history`.
    pub kind: String,
    /// The form of the store.
    pub format: u32,
    /// What was built, in order.
    pub segments: Vec<Segment>,
}

/// What one build added.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Segment {
    /// Its directory below `segments`.
    pub name: String,
    /// The program that built it.
    pub version: String,
    /// BLAKE3 of the rule pack.
    pub rules: String,
    /// The inputs.
    pub inputs: Vec<StoredInput>,
    /// Rows that were read.
    pub rows: u64,
    /// Rows without a date, which are in no history.
    pub undated_rows: u64,
    /// Outcomes with the day they were known.
    pub outcomes: u64,
    /// The first day, in ISO form.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// A fingerprint of the key of masked numbers; none: rows of masked numbers are in no history of importers.
    pub id_key: Option<String>,
    /// Files with filings.
    pub tables: Vec<StoredTable>,
    /// The file of filings that replace or remove others.
    pub corrections: StoredTable,
    /// The file of the rows that later labels can name.
    pub rows_by_name: StoredTable,
    /// The file of labels that came with the build.
    pub labels: StoredTable,
    /// Labels that name no row of the store yet: they count as soon as the row is there.
    pub labels_without_row: u64,
}

/// An input of a build.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct StoredInput {
    /// Its label.
    pub label: String,
    /// BLAKE3 of its bytes; none for standard input.
    pub blake3: Option<String>,
}

/// A file of a segment.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct StoredTable {
    /// The file.
    pub file: String,
    /// The hash of what it holds.
    pub definition: String,
    /// The features that it serves.
    pub features: Vec<String>,
    /// Its rows.
    pub rows: u64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
}

impl Manifest {
    /// Of an empty store.
    pub fn empty() -> Self {
        Self {
            program: "ch24".to_owned(),
            kind: "history".to_owned(),
            format: FORMAT,
            segments: Vec::new(),
        }
    }

    /// The place of the manifest in a store.
    pub fn path(directory: &Path) -> PathBuf {
        directory.join("manifest.json")
    }

    /// Reads the manifest of a store.
    ///
    /// # Errors
    /// When there is none, or it is not one of this program and form.
    #[expect(
        clippy::disallowed_methods,
        reason = "the account of a store is read here"
    )]
    pub fn read(directory: &Path) -> Result<Self, Error> {
        let wrong = |message: String| Error::at(ErrorKind::Input, directory, message);
        let path = Self::path(directory);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            wrong(format!(
                "not a history store: manifest.json cannot be read ({error}); `ch24 history build` makes one"
            ))
        })?;
        let manifest: Self = serde_json::from_str(&text).map_err(|error| {
            wrong(format!(
                "not a history store: manifest.json is not one of ch24 ({error})"
            ))
        })?;
        if manifest.program != "ch24" || manifest.kind != "history" {
            return Err(wrong("not a history store of ch24".to_owned()));
        }
        if manifest.format != FORMAT {
            return Err(wrong(format!(
                "a history store of form {}, and this program reads form {FORMAT}: build it again",
                manifest.format
            )));
        }
        Ok(manifest)
    }

    /// Refuses a key of masked numbers that is not that of every segment.
    ///
    /// # Errors
    /// When they differ.
    pub fn check_key(&self, directory: &Path, id_key: Option<&str>) -> Result<(), Error> {
        let is_other =
            |segment: &&Segment| segment.id_key.is_some() && segment.id_key.as_deref() != id_key;
        match self.segments.iter().find(is_other) {
            None => Ok(()),
            Some(_) if id_key.is_none() => Err(Error::at(
                ErrorKind::Usage,
                directory,
                "masked importer numbers of this store are hashed under a key: name it with --id-key",
            )),
            Some(_) => Err(Error::at(
                ErrorKind::Usage,
                directory,
                "masked importer numbers of this store are hashed under another key than that of --id-key",
            )),
        }
    }

    /// The segment that holds an input.
    pub fn holding(&self, blake3: &str) -> Option<&Segment> {
        self.segments.iter().find(|segment| {
            let mut inputs = segment.inputs.iter();
            inputs.any(|input| input.blake3.as_deref() == Some(blake3))
        })
    }

    /// BLAKE3 of the names and hashes of all files, by which a run knows its store again.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for segment in &self.segments {
            for table in segment.files() {
                for part in [&segment.name, &table.file, &table.blake3] {
                    hasher.update(part.as_bytes());
                    hasher.update(b"\n");
                }
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}

impl Segment {
    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = &StoredTable> {
        let others = [&self.corrections, &self.rows_by_name, &self.labels];
        self.tables.iter().chain(others)
    }

    /// The file that serves a definition.
    pub fn table(&self, definition: &str) -> Option<&StoredTable> {
        self.tables
            .iter()
            .find(|table| table.definition == definition)
    }

    /// The place of a file.
    pub fn path(&self, directory: &Path, file: &str) -> PathBuf {
        directory.join("segments").join(&self.name).join(file)
    }
}

impl StoredTable {
    /// Checks that a file is what was built.
    ///
    /// # Errors
    /// When it is gone or was changed.
    pub fn check(&self, path: &Path) -> Result<(), Error> {
        match hash_file(path)? == self.blake3 {
            true => Ok(()),
            false => Err(Error::at(
                ErrorKind::Input,
                path,
                "this file of the history store was changed since it was built: build the store again",
            )),
        }
    }
}
