//! CSV files that people write by hand: small, and wrong in ways that must not pass in silence.

use crate::error::{Error, ErrorKind};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A file, and its headings in lower case, without a byte-order mark.
///
/// # Errors
/// When it cannot be read, a quote is never closed, a heading stands twice, or it is no UTF-8 text.
pub fn open(path: &Path) -> Result<(csv::Reader<File>, Vec<String>), Error> {
    let wrong = |message: String| Error::at(ErrorKind::Input, path, message);
    check_quotes(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_path(path)
        .map_err(|error| Error::at(ErrorKind::Io, path, error))?;
    let headers = reader.headers().map_err(|error| wrong(error.to_string()))?;
    let headers: Vec<String> = headers
        .iter()
        .map(|header| header.trim_start_matches('\u{feff}').to_lowercase())
        .collect();
    for (place, header) in headers.iter().enumerate() {
        if !header.is_empty() && headers[..place].contains(header) {
            return Err(wrong(format!("the column `{header}` stands twice")));
        }
    }
    Ok((reader, headers))
}

/// Refuses a file in which a quote is opened and never closed: all that follows it would be one cell.
///
/// # Errors
/// With the line of that quote; when the file cannot be read.
pub fn check_quotes(path: &Path) -> Result<(), Error> {
    let file = File::open(path).map_err(|error| Error::io(path, &error))?;
    // A pipe can be read once only.
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Ok(());
    }
    let mut opened = None;
    for (line, number) in BufReader::new(file).split(b'\n').zip(1_u64..) {
        let line = line.map_err(|error| Error::io(path, &error))?;
        for _ in line.iter().filter(|byte| **byte == b'"') {
            opened = match opened {
                None => Some(number),
                Some(_) => None,
            };
        }
    }
    match opened {
        None => Ok(()),
        Some(line) => {
            let message = format!(
                "line {line}: a quote is opened and never closed; a quote within a cell is written twice"
            );
            Err(Error::at(ErrorKind::Input, path, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_quote_and_a_double_heading_stop_with_their_place() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.csv");
        let said = |text: &str| {
            #[expect(clippy::disallowed_methods, reason = "a file of the test")]
            std::fs::write(&path, text).expect("space");
            open(&path).map(|_| ()).map_err(|error| error.to_string())
        };
        assert!(said("name\n\"A \"\"B\"\" C\"\n\"two\nlines\"\n").is_ok());
        let message = said("name\nA\n\"B\nC\n").unwrap_err();
        assert!(message.contains("line 3"), "{message}");
        let message = said("name,name\n").unwrap_err();
        assert!(message.contains("twice"), "{message}");
    }
}
