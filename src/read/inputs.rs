//! What was named on the command line -> the inputs to read, in order, each with its label.

use super::stamp::Stamp;
use crate::error::{Error, ErrorKind};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One input and the name by which its rows are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file's base name, or its path below a directory that was named; `-` for standard input; repeats get `@2`.
    pub label: String,
    /// The file; none for what can be read once only: standard input, a pipe.
    pub path: Option<PathBuf>,
    /// The pipe that was named, such as `<(zcat part-*)` of a shell.
    pub pipe: Option<PathBuf>,
    /// The file as it was found; none for what has no size.
    pub stamp: Option<Stamp>,
}

impl Input {
    /// A file or a pipe.
    pub fn file(label: String, path: PathBuf) -> Self {
        let is_pipe = std::fs::metadata(&path)
            .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let stamp = Stamp::of(&path);
        let (path, pipe) = if is_pipe {
            (None, Some(path))
        } else {
            (Some(path), None)
        };
        Self {
            label,
            path,
            pipe,
            stamp,
        }
    }

    /// Standard input.
    pub fn standard_input() -> Self {
        Self {
            label: "-".to_owned(),
            path: None,
            pipe: None,
            stamp: None,
        }
    }

    /// Whether it is standard input or a pipe, also where it was kept in a file meanwhile.
    pub fn is_stream(&self) -> bool {
        self.pipe.is_some() || self.label == "-"
    }

    /// Opens a stream.
    pub(super) fn open_stream(&self) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(match &self.pipe {
            Some(pipe) => Box::new(File::open(pipe)?),
            None => Box::new(std::io::stdin()),
        })
    }

    /// The first half of the record ids of its rows: 12 hex digits of BLAKE3 of the label.
    pub fn record_prefix(&self) -> String {
        blake3::hash(self.label.as_bytes())
            .to_hex()
            .chars()
            .take(12)
            .collect()
    }
}

/// Files in the place of streams; they go when this is dropped.
#[derive(Debug, Default)]
pub struct KeptStreams(Vec<PathBuf>);

impl Drop for KeptStreams {
    fn drop(&mut self) {
        for path in &self.0 {
            std::fs::remove_file(path).ok();
        }
    }
}

/// Puts files in the place of standard input and pipes, which can be read once only; `kept` is how their names begin.
///
/// # Errors
/// When one cannot be read, or a file is there already or cannot be written.
pub fn keep_streams(inputs: &mut [Input], kept: &Path) -> Result<KeptStreams, Error> {
    let mut streams = KeptStreams::default();
    for input in inputs.iter_mut().filter(|input| input.path.is_none()) {
        let mut path = kept.as_os_str().to_owned();
        path.push(format!("-{}", streams.0.len()));
        let path = PathBuf::from(path);
        let failed = |error: std::io::Error| Error::io(&path, &error);
        let mut file = File::create_new(&path).map_err(failed)?;
        streams.0.push(path.clone());
        let source = input.pipe.as_deref().unwrap_or(Path::new("-"));
        let mut stream = input
            .open_stream()
            .map_err(|error| Error::io(source, &error))?;
        std::io::copy(&mut stream, &mut file).map_err(failed)?;
        input.path = Some(path);
    }
    Ok(streams)
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
            inputs.push(Input::standard_input());
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
            inputs.push(Input::file(base_name(&path), path));
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
    let n_standard_inputs = named.iter().filter(|name| *name == "-").count();
    if n_standard_inputs > 1 {
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
            inputs.push(Input::file(label, path));
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
            inputs.push(Input::file(base_name(&path), path));
        }
    }
    if inputs.len() == before {
        Err(missing())
    } else {
        Ok(())
    }
}
