//! Columns too long for memory: kept there while short, else in a file that has no name and goes with the process.

use crate::error::Error;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Bytes of a column that are held before they go to the file.
const HELD_BYTES: usize = 1 << 20;

/// A column of cells of fixed size.
#[derive(Debug)]
pub struct Spool {
    directory: PathBuf,
    file: Option<File>,
    written: u64,
    held: Vec<u8>,
}

/// A cell of a column.
pub trait Cell: Copy {
    /// Bytes of a cell.
    const SIZE: usize;
    /// Adds the cell to bytes.
    fn put(self, bytes: &mut Vec<u8>);
    /// Reads the cell from its bytes.
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! cells {
    ($($kind:ty),*) => {$(
        impl Cell for $kind {
            const SIZE: usize = size_of::<Self>();

            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn get(bytes: &[u8]) -> Self {
                Self::from_le_bytes(bytes.try_into().expect("the bytes of one cell"))
            }
        }
    )*};
}
cells!(u8, u32, u64, i64, f64);

impl Spool {
    /// An empty column; its file, if it needs one, is made in a directory.
    pub fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            file: None,
            written: 0,
            held: Vec::new(),
        }
    }

    /// Adds cells.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn push<T: Cell>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Error> {
        cells.into_iter().for_each(|cell| cell.put(&mut self.held));
        if self.held.len() < HELD_BYTES {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(nameless(&self.directory)?),
        };
        file.write_all(&self.held)
            .map_err(|error| Error::io(&self.directory, &error))?;
        self.written += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// All cells.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all<T: Cell>(&self) -> Result<Vec<T>, Error> {
        let bytes = self.written + self.held.len() as u64;
        let count = usize::try_from(bytes).expect("a column fits memory") / T::SIZE;
        let mut cells = Vec::with_capacity(count);
        let mut start = 0;
        while start < count {
            let end = count.min(start + (1 << 16));
            cells.extend(self.range::<T>(start, end)?);
            start = end;
        }
        Ok(cells)
    }

    /// The cells from one position to before another.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn range<T: Cell>(&self, start: usize, end: usize) -> Result<Vec<T>, Error> {
        let (start, end) = ((start * T::SIZE) as u64, (end * T::SIZE) as u64);
        let mut bytes = Vec::new();
        if let Some(file) = self.file.as_ref().filter(|_| start < self.written) {
            let in_file = end.min(self.written) - start;
            bytes.resize(usize::try_from(in_file).expect("a range fits memory"), 0);
            file.read_exact_at(&mut bytes, start)
                .map_err(|error| Error::io(&self.directory, &error))?;
        }
        if end > self.written {
            let place = |at: u64| {
                usize::try_from(at.saturating_sub(self.written)).expect("held bytes fit memory")
            };
            bytes.extend_from_slice(&self.held[place(start)..place(end)]);
        }
        Ok(bytes.chunks_exact(T::SIZE).map(T::get).collect())
    }
}

/// A file without a name.
fn nameless(directory: &Path) -> Result<File, Error> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = directory.join(format!(".ch24-{}-{number}", std::process::id()));
    let failed = |error: std::io::Error| Error::io(&path, &error);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(failed)?;
    std::fs::remove_file(&path).map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_reads_back_from_file_and_memory() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut spool = Spool::new(directory.path());
        let n = 3 * HELD_BYTES as u64 / 8 + 5;
        for start in (0..n).step_by(1000) {
            spool.push(start..n.min(start + 1000)).expect("space");
        }
        assert!(spool.file.is_some() && !spool.held.is_empty());
        assert_eq!(
            spool.all::<u64>().expect("a file"),
            (0..n).collect::<Vec<_>>()
        );
        let edge = usize::try_from(spool.written / 8).expect("small");
        let range = spool.range::<u64>(edge - 3, edge + 2).expect("a file");
        assert!(
            range
                .iter()
                .map(|cell| usize::try_from(*cell).expect("small"))
                .eq(edge - 3..edge + 2)
        );
        directory.close().expect("an empty directory");
    }
}
