//! Bootstrap by shipment: how often each one stands in a resample.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Resamples that are drawn.
pub(super) const RESAMPLES: u64 = 100;

/// How often each shipment stands in a resample: draws of a Poisson distribution of mean 1, the bootstrap for data too large
/// to draw from with replacement (Hanley and `MacGibbon` 2006). The n-th resample of a seed is the same for any data.
pub(super) fn times(seed: u64, resample: u64) -> impl Iterator<Item = u64> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(resample);
    std::iter::repeat_with(move || poisson(dice.next_u32()))
}

/// The chances of at most 0, 1, 2 ... events at a mean of 1, in units of 2^-32.
const AT_MOST: [u32; 11] = [
    1_580_030_168,
    3_160_060_337,
    3_950_075_421,
    4_213_413_782,
    4_279_248_373,
    4_292_415_291,
    4_294_609_777,
    4_294_923_275,
    4_294_962_463,
    4_294_966_817,
    4_294_967_252,
];

fn poisson(draw: u32) -> u64 {
    AT_MOST
        .iter()
        .zip(0..)
        .find(|(limit, _)| draw < **limit)
        .map_or(AT_MOST.len() as u64, |(_, times)| times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resamples_have_the_size_and_spread_of_a_bootstrap() {
        let drawn: Vec<u64> = times(7, 3).take(100_000).collect();
        let mean = drawn.iter().sum::<u64>() as f64 / 100_000.0;
        let left_out = drawn.iter().filter(|times| **times == 0).count() as f64 / 100_000.0;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((left_out - (-1.0_f64).exp()).abs() < 0.01, "{left_out}");
        assert_eq!(drawn, times(7, 3).take(100_000).collect::<Vec<_>>());
        assert_ne!(drawn, times(7, 4).take(100_000).collect::<Vec<_>>());
    }
}
