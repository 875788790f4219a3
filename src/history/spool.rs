//! Columns too long for memory: their last cells are kept there, the others in a file that has no name and goes with the process.
//!
//! Cells go to the file in blocks (`block.rs`), which any thread reads.

use super::block::{Cell, decode, encode};
use crate::error::Error;
use rayon::prelude::*;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Cells of a block.
const BLOCK: usize = 1 << 16;

/// A column of cells of fixed size.
#[derive(Debug)]
pub struct Spool<T> {
    directory: PathBuf,
    file: Option<File>,
    /// Where each block begins in the file, and where the last one ends.
    blocks: Vec<u64>,
    /// The cells after the last block.
    held: Vec<T>,
}

impl<T: Cell> Spool<T> {
    /// An empty column; its file, if it needs one, is made in a directory.
    pub fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            file: None,
            blocks: vec![0],
            held: Vec::new(),
        }
    }

    /// Adds cells.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn push(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Error> {
        self.held.extend(cells);
        let n_whole = self.held.len() / BLOCK * BLOCK;
        if n_whole == 0 {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(nameless(&self.directory)?),
        };
        let mut bytes = Vec::new();
        for cells in self.held[..n_whole].chunks_exact(BLOCK) {
            bytes.clear();
            encode(cells, &mut bytes);
            file.write_all(&bytes)
                .map_err(|error| Error::io(&self.directory, &error))?;
            let start = self.blocks.last().copied().unwrap_or(0);
            self.blocks.push(start + bytes.len() as u64);
        }
        self.held.drain(..n_whole);
        Ok(())
    }

    /// Cells in the file.
    fn n_written(&self) -> usize {
        (self.blocks.len() - 1) * BLOCK
    }

    /// All cells, read by all threads.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all(&self) -> Result<Vec<T>, Error> {
        let n_written = self.n_written();
        let mut cells = vec![T::default(); n_written + self.held.len()];
        let (written, held) = cells.split_at_mut(n_written);
        held.copy_from_slice(&self.held);
        let blocks = written.par_chunks_exact_mut(BLOCK).enumerate();
        blocks.try_for_each(|(block, cells)| self.read(block, 0, cells))?;
        Ok(cells)
    }

    /// The cells from one position to before another.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn range(&self, start: usize, end: usize) -> Result<Vec<T>, Error> {
        let n_written = self.n_written();
        let mut found = vec![T::default(); end - start];
        let n_from_file = end.min(n_written).saturating_sub(start);
        let (mut from_file, held) = found.split_at_mut(n_from_file);
        let mut at = start;
        while !from_file.is_empty() {
            let (block, skip) = (at / BLOCK, at % BLOCK);
            let (cells, after) = from_file.split_at_mut(from_file.len().min(BLOCK - skip));
            self.read(block, skip, cells)?;
            at += cells.len();
            from_file = after;
        }
        let place = |at: usize| at.saturating_sub(n_written);
        held.copy_from_slice(&self.held[place(start)..place(end)]);
        Ok(found)
    }

    /// Reads cells of a block from a position on.
    fn read(&self, block: usize, from: usize, cells: &mut [T]) -> Result<(), Error> {
        let (start, end) = (self.blocks[block], self.blocks[block + 1]);
        let mut bytes = vec![0; usize::try_from(end - start).expect("a block fits memory")];
        let file = self.file.as_ref().expect("blocks stand in a file");
        file.read_exact_at(&mut bytes, start)
            .map_err(|error| Error::io(&self.directory, &error))?;
        decode(&bytes, from, cells);
        Ok(())
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
        let n = 4 * BLOCK + 5;
        let cell = |at: usize| (at % [1, 200, 1 << 30, 10_000][at / BLOCK % 4]) as u64;
        let mut spool = Spool::new(directory.path());
        for start in (0..n).step_by(1000) {
            let cells = (start..n.min(start + 1000)).map(cell);
            spool.push(cells).expect("space");
        }
        assert_eq!((spool.n_written(), spool.held.len()), (4 * BLOCK, 5));
        let all = spool.all().expect("a file");
        assert!(all.into_iter().eq((0..n).map(cell)));
        for (start, end) in [(0, n), (BLOCK - 3, BLOCK + 2), (7, 7), (n - 6, n), (n, n)] {
            let range = spool.range(start, end).expect("a file");
            assert!(range.into_iter().eq((start..end).map(cell)), "{start}");
        }
        directory.close().expect("an empty directory");
    }
}
