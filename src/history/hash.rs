//! Hashes by which a store knows keys and lines again: the same in every version of the program.
//!
//! A text is its XXH3 of 64 bits (Collet 2019), a number its bits, a day its number; parts are mixed in order. 0 is NULL.
//! Ten million keys share a hash with a chance of 3 in a million.

use std::hash::{BuildHasherDefault, Hasher};
use twox_hash::XxHash3_64;

/// The hash of a text.
pub fn text(text: &str) -> u64 {
    some(XxHash3_64::oneshot(text.as_bytes()))
}

/// The hash of a number or day, of its bits.
pub fn bits(bits: u64) -> u64 {
    some(finish(bits ^ 0x9e37_79b9_7f4a_7c15))
}

/// The hash of parts in their order; NULL where one of them is.
pub fn join(parts: impl IntoIterator<Item = u64>) -> u64 {
    let mut joined = 0x2545_f491_4f6c_dd1d_u64;
    for part in parts {
        if part == 0 {
            return 0;
        }
        joined = finish(joined.rotate_left(17) ^ part);
    }
    some(joined)
}

/// Keeps 0 free for NULL.
fn some(hash: u64) -> u64 {
    hash.max(1)
}

/// The finisher of `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// For tables whose keys are hashes already.
pub type Hashed = BuildHasherDefault<Pass>;

/// Takes a hash for what it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pass(u64);

impl Hasher for Pass {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = finish(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        // Numbers are bits that are not mixed yet.
        self.0 = finish(hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_stay_what_they_are_for_stores() {
        // XXH3_64bits of the reference implementation, without a seed.
        assert_eq!(text("4407210000"), 15822681793089385218);
        assert_eq!(join([1, 2]), 11921058093481147058);
        assert_eq!(bits(0), 16294208416658607535);
        assert_ne!(join([1, 2]), join([2, 1]));
        assert_eq!(join([1, 0, 2]), 0);
    }
}
