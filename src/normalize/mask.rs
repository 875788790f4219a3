//! Numbers that can be Social Security numbers: masked as they are read.

use super::importer::importer_number;
use crate::issue::{IssueKind, Normal};
use std::fmt::Write;

/// How a masked number begins in memory, before its first row is known; never written.
pub const MASK_PREFIX: &str = "E-#";

/// What becomes of a number that can be a Social Security number.
#[derive(Clone, Debug, Default)]
pub enum Identities {
    /// It stands as `E-` and the record id of its first row.
    #[default]
    FirstRow,
    /// It stands as `E-` and a hash under this key, the same in every run with the key.
    Keyed([u8; 32]),
    /// It is shown; run.json says so.
    Shown,
}

/// The key of the hash that tells masked numbers apart within a run. It hides nothing, and is never written.
const RUN_CONTEXT: &str = "ch24 masked identity within one run";

impl Identities {
    /// Reads an importer or consignee number.
    ///
    /// # Source
    /// CBP 7501 blocks 26 and 27; CBP 5106.
    pub(super) fn read(&self, text: &str) -> Normal<String> {
        let normal = importer_number(text);
        if normal.issue != Some(IssueKind::MaskedIdentity) {
            return normal;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let masked = match self {
            Self::Shown => return Normal::value(text.trim().to_owned()),
            Self::FirstRow => {
                let hash = blake3::derive_key(RUN_CONTEXT, digits.as_bytes());
                format!("{MASK_PREFIX}{}", hex(&hash, 12))
            }
            Self::Keyed(key) => format!(
                "E-{}",
                hex(blake3::keyed_hash(key, digits.as_bytes()).as_bytes(), 12)
            ),
        };
        Normal::kept(masked, IssueKind::MaskedIdentity)
    }
}

impl Identities {
    /// Tells keys of masked numbers apart and shows nothing of them; none without a key.
    pub fn fingerprint(&self) -> Option<String> {
        match self {
            Self::Keyed(key) => {
                let hash =
                    blake3::derive_key("ch24 fingerprint of the key of masked identities", key);
                Some(hex(&hash, 8))
            }
            Self::FirstRow | Self::Shown => None,
        }
    }
}

fn hex(bytes: &[u8], n_bytes: usize) -> String {
    let mut text = String::new();
    for byte in bytes.iter().take(n_bytes) {
        write!(text, "{byte:02x}").expect("a string takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_number_keeps_nothing_of_itself() {
        let masked = Identities::FirstRow
            .read("000-12-3456")
            .value
            .expect("a mask");
        assert!(masked.starts_with(MASK_PREFIX));
        assert_eq!(Identities::FirstRow.read("000 12 3456").value, Some(masked));
        assert_eq!(
            Identities::FirstRow.read("99-0000012AA").value.as_deref(),
            Some("99-0000012AA")
        );
        let first = Identities::Keyed([1; 32]).read("000-12-3456").value;
        assert_ne!(first, Identities::Keyed([2; 32]).read("000-12-3456").value);
    }
}
