//! `referrals/`: a file of CSV per agency, as lines stream.

use crate::error::Error;
use crate::refer::Referrals;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// The files that are being written; that of an agency is made with its first row.
#[derive(Debug)]
pub struct ReferralFiles {
    directory: PathBuf,
    referrals: Referrals,
    files: Vec<Option<(PathBuf, BufWriter<File>)>>,
}

impl ReferralFiles {
    /// Prepares the files in a directory.
    pub fn new(directory: PathBuf, referrals: Referrals) -> Self {
        let files = referrals.agencies.iter().map(|_| None).collect();
        Self {
            directory,
            referrals,
            files,
        }
    }

    /// Adds the rows of a batch, by agency; batches come in input order.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn add(&mut self, rows: &[Vec<u8>]) -> Result<(), Error> {
        for (agency, rows) in rows.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            if self.files[agency].is_none() {
                self.files[agency] = Some(self.create(agency)?);
            }
            if let Some((path, file)) = &mut self.files[agency] {
                file.write_all(rows)
                    .map_err(|error| Error::io(path, &error))?;
            }
        }
        Ok(())
    }

    fn create(&self, agency: usize) -> Result<(PathBuf, BufWriter<File>), Error> {
        let directory = &self.directory;
        std::fs::create_dir_all(directory).map_err(|error| Error::io(directory, &error))?;
        let name = self.referrals.agencies[agency].chars();
        let name = name.map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        });
        let path = directory.join(format!("{}.csv", name.collect::<String>()));
        let failed = |error: std::io::Error| Error::io(&path, &error);
        let mut file = BufWriter::new(File::create(&path).map_err(failed)?);
        file.write_all(self.referrals.header(agency).as_bytes())
            .map_err(failed)?;
        Ok((path, file))
    }

    /// Closes the files.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn finish(&mut self) -> Result<(), Error> {
        for (path, file) in self.files.iter_mut().flatten() {
            file.flush().map_err(|error| Error::io(path, &error))?;
        }
        Ok(())
    }
}
