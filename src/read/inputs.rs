//! What was named on the command line -> the inputs to read, in order, each with its label.

use crate::error::{Error, ErrorKind};
use std::fs::File;
use std::path::{Path, PathBuf};

/// One input and the name by which its rows are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file's base name, or its path below a directory that was named; `-` for standard input; repeats get `@2`.
    pub label: String,
    /// The file; none for standard input.
    pub path: Option<PathBuf>,
}

impl Input {
    /// The first half of the record ids of its rows: 12 hex digits of BLAKE3 of the label.
    pub fn record_prefix(&self) -> String {
        blake3::hash(self.label.as_bytes())
            .to_hex()
            .chars()
            .take(12)
            .collect()
    }
}

/// Puts a file in the place of standard input, which can be read once only; false where it is not among the inputs.
///
/// # Errors
/// When standard input cannot be read, or the file is there already or cannot be written.
pub fn keep_standard_input(inputs: &mut [Input], kept: &Path) -> Result<bool, Error> {
    let mut is_kept = false;
    for input in inputs.iter_mut().filter(|input| input.path.is_none()) {
        let failed = |error: std::io::Error| Error::io(kept, &error);
        let mut file = File::create_new(kept).map_err(failed)?;
        std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(failed)?;
        input.path = Some(kept.to_owned());
        is_kept = true;
    }
    Ok(is_kept)
}

/// Endings of files that are read out of a directory, before `.gz` and `.zst`.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "parquet", "pq", "arrow", "arrows", "ipc", "feather", "ndjson", "jsonl",
    "json",
];

/// Finds the inputs, in byte order of their labels.
///
/// # Errors
/// When something named does not exist, matches nothing, or is an address on a network.
pub fn find_inputs(named: &[String]) -> Result<Vec<Input>, Error> {
    let mut inputs = Vec::new();
    for name in named {
        if name == "-" {
            inputs.push(Input {
                label: "-".to_owned(),
                path: None,
            });
            continue;
        }
        if name.contains("://") {
            let message = format!("`{name}` is an address: only files of this machine are read");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let path = PathBuf::from(name);
        if path.is_dir() {
            from_directory(&path, &path, &mut inputs)?;
        } else if path.exists() {
            inputs.push(Input {
                label: base_name(&path),
                path: Some(path),
            });
        } else {
            from_glob(name, &mut inputs)?;
        }
    }
    inputs.sort_by(|left, right| {
        left.label
            .cmp(&right.label)
            .then_with(|| left.path.cmp(&right.path))
    });
    let mut run = 1;
    for position in 1..inputs.len() {
        run = if inputs[position].label == base_of(&inputs[position - 1].label, run) {
            run + 1
        } else {
            1
        };
        if run > 1 {
            inputs[position].label = format!("{}@{run}", inputs[position].label);
        }
    }
    if inputs.iter().filter(|input| input.path.is_none()).count() > 1 {
        return Err(Error::new(
            ErrorKind::Usage,
            "standard input is named twice",
        ));
    }
    Ok(inputs)
}

/// A label without the mark of a repeat.
fn base_of(label: &str, run: usize) -> &str {
    if run > 1 {
        label.strip_suffix(&format!("@{run}")).unwrap_or(label)
    } else {
        label
    }
}

fn base_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "input directories are listed here"
)]
fn from_directory(root: &Path, directory: &Path, inputs: &mut Vec<Input>) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::io(directory, &error);
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            from_directory(root, &path, inputs)?;
        } else if is_data(&path) {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let label = below
                .iter()
                .map(|part| part.to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            inputs.push(Input {
                label,
                path: Some(path),
            });
        }
    }
    Ok(())
}

fn is_data(path: &Path) -> bool {
    let name = base_name(path).to_lowercase();
    let name = name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".zst"))
        .unwrap_or(&name);
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn from_glob(pattern: &str, inputs: &mut Vec<Input>) -> Result<(), Error> {
    let missing = || {
        Error::at(
            ErrorKind::Io,
            Path::new(pattern),
            "no such file or directory",
        )
    };
    let paths = glob::glob(pattern).map_err(|_| missing())?;
    let before = inputs.len();
    for path in paths {
        let path = path.map_err(|error| Error::io(error.path(), error.error()))?;
        if path.is_file() {
            inputs.push(Input {
                label: base_name(&path),
                path: Some(path),
            });
        }
    }
    if inputs.len() == before {
        Err(missing())
    } else {
        Ok(())
    }
}
