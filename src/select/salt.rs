//! The secret behind random draws: brokers choose entry numbers, so a draw that they could compute is none.

use crate::error::{Error, ErrorKind};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The secret salt.
#[derive(Clone)]
pub struct Salt(Vec<u8>);

impl std::fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Salt")
            .field(&self.fingerprint())
            .finish()
    }
}

/// Bytes of a salt that is made.
const SALT_BYTES: usize = 32;

impl Salt {
    /// Takes a secret.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(secret.into())
    }

    /// Reads the salt of a file, or makes one there, readable by its owner only.
    ///
    /// # Errors
    /// When the file cannot be read or made, or is empty.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads or makes a salt"
    )]
    pub fn read_or_make(path: &Path) -> Result<Self, Error> {
        let failed = |error: std::io::Error| Error::io(path, &error);
        match std::fs::read(path) {
            Ok(secret) if secret.is_empty() => {
                Err(Error::at(ErrorKind::Usage, path, "the salt file is empty"))
            }
            Ok(secret) => Ok(Self(secret)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut secret = vec![0; SALT_BYTES];
                std::fs::File::open("/dev/urandom")
                    .and_then(|mut random| random.read_exact(&mut secret))
                    .map_err(failed)?;
                if let Some(directory) = path.parent() {
                    std::fs::create_dir_all(directory).map_err(failed)?;
                }
                let mut options = std::fs::OpenOptions::new();
                let mut file = options
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(path)
                    .map_err(failed)?;
                file.write_all(&secret)
                    .and_then(|()| file.sync_all())
                    .map_err(failed)?;
                Ok(Self(secret))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// What run.json says of the salt: enough to tell two apart, nothing of the secret.
    pub fn fingerprint(&self) -> String {
        let hash = blake3::Hash::from_bytes(blake3::derive_key("ch24 salt fingerprint", &self.0));
        hash.to_hex().chars().take(16).collect()
    }

    /// Where a shipment falls in the draw of a theme: uniform over 64 bits.
    pub fn draw(&self, theme: &str, shipment_key: &str) -> u64 {
        let mut hasher = blake3::Hasher::new();
        for part in [&self.0, theme.as_bytes(), shipment_key.as_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let hash = hasher.finalize();
        u64::from_be_bytes(hash.as_bytes()[..8].try_into().expect("a hash of 32 bytes"))
    }
}
