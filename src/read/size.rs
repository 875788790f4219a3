//! How many rows inputs hold, about: for a line of progress, never for a result.

use super::Input;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes at the start of a text by which the length of its lines is told.
const SAMPLE: u64 = 1 << 18;

/// Rows of all inputs: those that Parquet files tell, else by the length of the first lines of a text. None where an input
/// does not tell: standard input, compressed files, Arrow IPC, and what cannot be read.
pub fn about_rows(inputs: &[Input]) -> Option<u64> {
    inputs
        .iter()
        .map(|input| of_file(input.path.as_deref()?))
        .sum()
}

fn of_file(path: &Path) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let n_bytes = file.metadata().ok()?.len();
    let mut start = Vec::new();
    file.by_ref().take(SAMPLE).read_to_end(&mut start).ok()?;
    if start.starts_with(b"PAR1") {
        let reader = SerializedFileReader::new(file).ok()?;
        return u64::try_from(reader.metadata().file_metadata().num_rows()).ok();
    }
    std::str::from_utf8(start.get(..start.len().min(4))?).ok()?;
    let n_lines = memchr::memchr_iter(b'\n', &start).count() as u64;
    let sampled = start.len() as u64;
    (n_lines > 1).then(|| n_bytes.saturating_mul(n_lines) / sampled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_by_its_first_lines_and_a_compressed_one_not_at_all() {
        let directory = tempfile::tempdir().expect("a directory");
        let input = |name: &str, bytes: &[u8]| {
            let path = directory.path().join(name);
            #[expect(clippy::disallowed_methods, reason = "a file of a test")]
            std::fs::write(&path, bytes).expect("a file");
            Input::file(name.to_owned(), path)
        };
        let text = input("rows.csv", "entry_number,x\n".repeat(100_000).as_bytes());
        let about = about_rows(std::slice::from_ref(&text)).expect("a text tells");
        assert!((99_000..101_000).contains(&about), "{about}");
        let compressed = input("rows.csv.gz", b"\x1f\x8b\x08\n\n\n");
        assert_eq!(about_rows(&[text, compressed]), None);
        assert_eq!(about_rows(&[Input::standard_input()]), None);
    }
}
