//! The files of a rule pack: the shipped one, built into the program, or a directory.

use crate::error::Error;
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Where a rule pack is read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackSource {
    /// The pack built into the program.
    #[default]
    Shipped,
    /// A directory.
    Directory(PathBuf),
}

/// A file of a pack: its path below the pack with `/`, and its bytes.
pub type PackFile = (String, Vec<u8>);

impl PackSource {
    /// The pack's name in messages and in run.json.
    pub fn name(&self) -> String {
        match self {
            Self::Shipped => "shipped".to_owned(),
            Self::Directory(path) => path.display().to_string(),
        }
    }

    /// Reads the YAML and CSV files, sorted by path.
    ///
    /// # Errors
    /// When the directory or a file of it cannot be read.
    pub fn files(&self) -> Result<Vec<PackFile>, Error> {
        let mut files = Vec::new();
        match self {
            Self::Shipped => collect_shipped(&SHIPPED, &mut files),
            Self::Directory(path) => collect(path, path, &mut files)?,
        }
        files.sort();
        Ok(files)
    }
}

fn is_pack_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        ["yaml", "yml", "csv"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

fn collect_shipped(directory: &Dir<'_>, files: &mut Vec<PackFile>) {
    for file in directory.files().filter(|file| is_pack_file(file.path())) {
        files.push((slashed(file.path()), file.contents().to_vec()));
    }
    directory
        .dirs()
        .for_each(|inner| collect_shipped(inner, files));
}

#[expect(
    clippy::disallowed_methods,
    reason = "rule files enter here and nowhere else"
)]
fn collect(root: &Path, directory: &Path, files: &mut Vec<PackFile>) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::io(directory, &error);
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if is_pack_file(&path) {
            let bytes = std::fs::read(&path).map_err(|error| Error::io(&path, &error))?;
            files.push((slashed(path.strip_prefix(root).unwrap_or(&path)), bytes));
        }
    }
    Ok(())
}

fn slashed(path: &Path) -> String {
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
