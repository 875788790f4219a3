//! Seeded draws: the only source of chance in this module.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of draws that depends on the seed and the block only.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Starts the stream of one block.
    pub(super) fn new(seed: u64, block_idx: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(block_idx);
        Self(rng)
    }

    /// A uniform number in `[0, 1)`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with the given probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A uniform whole number below `n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(n);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A uniform whole number in `low..=high`.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::from(low.abs_diff(high)) + 1;
        low + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// One of the items.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let idx = self.below(items.len() as u64);
        items[usize::try_from(idx).unwrap_or(0)]
    }

    /// One of the items by weight.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(T, f64)]) -> T {
        let total: f64 = items.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * total;
        for &(item, weight) in items {
            left -= weight;
            if left < 0.0 {
                return item;
            }
        }
        items[items.len() - 1].0
    }

    /// Index into a running sum that ends at 1.
    pub(super) fn at(&mut self, sums: &[f64]) -> usize {
        let unit = self.unit();
        sums.partition_point(|&sum| sum <= unit).min(sums.len() - 1)
    }

    /// A rank below `n` with probability falling about as 1 over the rank.
    pub(super) fn rank(&mut self, n: u64) -> u64 {
        let rank = ((n as f64 + 1.0).ln() * self.unit()).exp() - 1.0;
        whole(rank).min(n.saturating_sub(1))
    }

    /// A factor around 1: the exponential of a normal draw with this deviation.
    pub(super) fn spread(&mut self, sigma: f64) -> f64 {
        // Twelve uniforms would do as well; Box-Muller needs two.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.unit()).cos();
        (sigma * normal).exp()
    }
}

/// A well-mixed number from two others, for what must not depend on the order of draws.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut x = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The item that a mixed number points at.
pub(super) fn chosen<T: Copy>(items: &[T], mixed: u64) -> T {
    let idx = (mixed >> 17) % items.len() as u64;
    items[usize::try_from(idx).unwrap_or(0)]
}

/// The whole part of a number, 0 when it is negative or not a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is wanted"
)]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}
