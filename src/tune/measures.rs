//! Shares with their intervals, and how well a ranking parts bad from good.

use serde::Serialize;

/// Shipments: all of them, those whose outcome is known, and the bad ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    /// All.
    pub shipments: f64,
    /// With an outcome.
    pub inspected: f64,
    /// With a bad one.
    pub bad: f64,
}

impl Counts {
    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.shipments += other.shipments;
        self.inspected += other.inspected;
        self.bad += other.bad;
    }

    /// A part of them: of shipments that rank alike a place may take only some.
    #[must_use]
    pub fn part(self, share: f64) -> Self {
        Self {
            shipments: self.shipments * share,
            inspected: self.inspected * share,
            bad: self.bad * share,
        }
    }

    /// Bad among inspected; none where nothing was inspected.
    pub fn precision(self) -> Option<f64> {
        (self.inspected > 0.0).then(|| self.bad / self.inspected)
    }
}

/// A share, and the interval in which it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The share.
    pub share: f64,
    /// Where the interval begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
}

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Interval {
    /// How many of shipments are bad if those that nobody inspected are like the inspected: with what is known of the share, and
    /// with the chance that is in any number of shipments. None where all were inspected, or nobody was.
    pub fn of_all(counts: Counts) -> Option<Self> {
        let unknown = counts.shipments - counts.inspected;
        if unknown <= 0.0 || counts.inspected <= 0.0 {
            return None;
        }
        // As Agresti and Coull (1998): two more of each, so that nothing found does not make sure of nothing.
        let of = counts.inspected + Z * Z;
        let share = (counts.bad + Z * Z / 2.0) / of;
        let spread = share * (1.0 - share);
        let width = Z * (unknown * spread + unknown * unknown * spread / of).sqrt();
        let middle = unknown * share;
        Some(Self {
            share: counts.bad + unknown * (counts.bad / counts.inspected),
            low: counts.bad + (middle - width).max(0.0),
            high: counts.bad + (middle + width).min(unknown),
        })
    }

    /// The score interval of Wilson (1927), which holds for small numbers too; none of nothing.
    pub fn wilson(hits: f64, of: f64) -> Option<Self> {
        if of <= 0.0 {
            return None;
        }
        let share = hits / of;
        let scale = 1.0 + Z * Z / of;
        let middle = (share + Z * Z / (2.0 * of)) / scale;
        let half = Z / scale * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
        Some(Self {
            share,
            low: (middle - half).max(0.0),
            high: (middle + half).min(1.0),
        })
    }
}

/// How well a ranking parts bad from good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quality {
    /// The chance that a bad shipment ranks before a good one, ties counting half; none where one kind is missing.
    pub auc: Option<f64>,
    /// The mean of the precisions at the place of each bad shipment, ties by their expectation.
    pub average_precision: Option<f64>,
}

impl Quality {
    /// Judges groups of inspected shipments that rank alike, best first.
    pub fn of(groups: &[Counts]) -> Self {
        let bad: f64 = groups.iter().map(|group| group.bad).sum();
        let good = groups.iter().map(|group| group.inspected).sum::<f64>() - bad;
        if bad <= 0.0 || good <= 0.0 {
            return Self::default();
        }
        let (mut bad_before, mut before, mut pairs, mut precisions) = (0.0, 0.0, 0.0, 0.0);
        for group in groups {
            let good_here = group.inspected - group.bad;
            pairs += good_here * (bad_before + group.bad / 2.0);
            // Ties stand in random order: a bad one is in the middle of its group, on average.
            if group.bad > 0.0 {
                let place = before + f64::midpoint(group.inspected, 1.0);
                let others = (group.bad - 1.0).max(0.0) / 2.0;
                precisions += group.bad * ((bad_before + 1.0 + others) / place).min(1.0);
            }
            bad_before += group.bad;
            before += group.inspected;
        }
        Self {
            auc: Some(pairs / (bad * good)),
            average_precision: Some(precisions / bad),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(inspected: f64, bad: f64) -> Counts {
        Counts {
            shipments: inspected,
            inspected,
            bad,
        }
    }

    #[test]
    fn a_perfect_ranking_has_one_and_a_reversed_one_zero() {
        let perfect = Quality::of(&[group(1.0, 1.0), group(1.0, 1.0), group(3.0, 0.0)]);
        assert_eq!(
            (perfect.auc, perfect.average_precision),
            (Some(1.0), Some(1.0))
        );
        let reversed = Quality::of(&[group(3.0, 0.0), group(1.0, 1.0)]);
        assert_eq!(
            (reversed.auc, reversed.average_precision),
            (Some(0.0), Some(0.25))
        );
        let alike = Quality::of(&[group(10.0, 2.0)]);
        assert_eq!(alike.auc, Some(0.5));
        assert_eq!(Quality::of(&[group(4.0, 0.0)]).auc, None);
    }

    #[test]
    fn the_interval_is_that_of_wilson() {
        // 10 of 50: 0.1124 to 0.3304 (Newcombe 1998, method 3).
        let interval = Interval::wilson(10.0, 50.0).expect("some were inspected");
        assert!((interval.low - 0.1124).abs() < 5e-5 && (interval.high - 0.3304).abs() < 5e-5);
        let none = Interval::wilson(0.0, 5.0).expect("some were inspected");
        assert!(none.low == 0.0 && (none.high - 0.4345).abs() < 5e-5);
        assert_eq!(Interval::wilson(0.0, 0.0), None);
    }
}
