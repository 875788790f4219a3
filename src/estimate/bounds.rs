//! Numbers of bad shipments with their intervals: of one stratum, of several, and the share of one in two.

use super::beta::quantile;
use serde::Serialize;

/// A number, and the interval in which it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bounded {
    /// The number.
    pub estimate: f64,
    /// Where the interval begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
}

impl Bounded {
    /// The number and its interval as parts of a whole; none of an empty one.
    pub fn per(self, whole: f64) -> Option<Self> {
        (whole > 0.0).then(|| Self {
            estimate: self.estimate / whole,
            low: self.low / whole,
            high: self.high / whole,
        })
    }
}

/// Shipments of a stratum that came into the sample with one probability, and whose outcome is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inspected {
    /// The probability, above zero.
    pub probability: f64,
    /// Shipments with an outcome.
    pub inspected: f64,
    /// Those with a bad one.
    pub bad: f64,
}

/// A stratum: all of its shipments, those that came into the sample, and what is known of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stratum {
    /// All, sampled or not.
    pub shipments: f64,
    /// Those that came into the sample, with an outcome or without.
    pub sampled: f64,
    /// What was found, by probability.
    pub found: Vec<Inspected>,
}

/// Half of what a 95 % interval leaves out.
const TAIL: f64 = 0.025;

impl Stratum {
    /// Sampled shipments with an outcome.
    pub fn inspected(&self) -> f64 {
        self.found.iter().map(|found| found.inspected).sum()
    }

    /// Sampled shipments with a bad outcome.
    pub fn bad(&self) -> f64 {
        self.found.iter().map(|found| found.bad).sum()
    }

    /// The number of bad shipments; none where no outcome is known of a stratum that has shipments.
    ///
    /// Each outcome weighs the inverse of its probability, and the weights are made to sum to the shipments of the stratum
    /// (Hajek 1971), so those without an outcome are taken to be like those with one. The limits are those of Clopper
    /// and Pearson (1934) where all probabilities are equal; where they differ the parameters of the beta distribution
    /// come from the moments of the weighted sum, the upper limit as if one more bad shipment of the largest weight had
    /// been found (Fay and Feuer 1997). Half widths shrink by the square root of the share that nobody looked at.
    pub fn total(&self) -> Option<Bounded> {
        let shipments = self.shipments;
        if shipments <= 0.0 {
            return Some(Bounded::default());
        }
        let (inspected, bad) = (self.inspected(), self.bad());
        if inspected <= 0.0 {
            return None;
        }
        let mut sums = Sums::default();
        for found in self.found.iter().filter(|found| found.inspected > 0.0) {
            let weight = 1.0 / found.probability;
            sums.weights += weight * found.inspected;
            sums.squares += weight * weight * found.inspected;
            sums.bad += weight * found.bad;
            sums.bad_squares += weight * weight * found.bad;
            sums.largest = sums.largest.max(weight);
        }
        // What is left of the variance when each shipment comes in with its probability and is answered alike.
        let answered = inspected / self.sampled.max(inspected);
        let unseen = (1.0 - answered * sums.weights / sums.squares)
            .clamp(0.0, 1.0)
            .sqrt();
        let share = sums.bad / sums.weights;
        let estimate = shipments * share;
        let low = estimate - unseen * (estimate - shipments * sums.low());
        let high = estimate + unseen * (shipments * sums.high() - estimate);
        Some(Bounded {
            estimate,
            low: low.max(bad).min(estimate),
            high: high.min(shipments - (inspected - bad)).max(estimate),
        })
    }

    /// The number of bad shipments as the bare sum of inverse probabilities (Horvitz and Thompson 1952), for a check: those
    /// drawn without an outcome are taken to be like the others.
    pub fn bare_total(&self) -> Option<f64> {
        let inspected = self.inspected();
        let sum: f64 = self
            .found
            .iter()
            .map(|found| found.bad / found.probability)
            .sum();
        (inspected > 0.0).then(|| sum * self.sampled.max(inspected) / inspected)
    }
}

/// Weighted sums over the inspected shipments of a stratum.
#[derive(Default)]
struct Sums {
    weights: f64,
    squares: f64,
    bad: f64,
    bad_squares: f64,
    largest: f64,
}

impl Sums {
    /// The lower limit of the share.
    fn low(&self) -> f64 {
        if self.bad <= 0.0 {
            return 0.0;
        }
        let mean = self.bad / (self.weights + self.largest);
        let a = self.bad * self.bad / self.bad_squares;
        quantile(TAIL, a, a * (1.0 - mean) / mean)
    }

    /// The upper limit of the share.
    fn high(&self) -> f64 {
        let bad = self.bad + self.largest;
        let mean = bad / (self.weights + self.largest);
        let squares = self.bad_squares + self.largest * self.largest;
        let a = bad * bad / squares;
        let b = a * (1.0 - mean) / mean;
        match b > 1e-9 {
            true => quantile(1.0 - TAIL, a, b),
            false => 1.0,
        }
    }
}

/// The sum of numbers that were estimated apart: the variances that their limits tell are recovered and added on each side
/// (Zou and Donner 2008). A number that is known leaves the others as they are.
pub fn sum(parts: &[Bounded]) -> Bounded {
    let estimate = parts.iter().map(|part| part.estimate).sum::<f64>();
    let side = |distance: fn(&Bounded) -> f64| {
        let squares = parts.iter().map(|part| distance(part).powi(2));
        squares.sum::<f64>().sqrt()
    };
    let least: f64 = parts.iter().map(|part| part.low).sum();
    let most: f64 = parts.iter().map(|part| part.high).sum();
    Bounded {
        estimate,
        low: (estimate - side(|part| part.estimate - part.low)).max(least),
        high: (estimate + side(|part| part.high - part.estimate)).min(most),
    }
}

/// The share of one number in the sum of two that were estimated apart; none where both are zero.
///
/// A share stands in the interval when (1 - share) x one - share x other is not told from zero, by the limits of [`sum`].
pub fn share(one: Bounded, other: Bounded) -> Option<Bounded> {
    let whole = one.estimate + other.estimate;
    if whole <= 0.0 {
        return None;
    }
    let estimate = one.estimate / whole;
    let difference = |share: f64, part: f64, less: f64, more: f64| {
        let middle = (1.0 - share) * one.estimate - share * other.estimate;
        middle + part * ((1.0 - share) * less).hypot(share * more)
    };
    let lowest = |share: f64| {
        let (less, more) = (one.estimate - one.low, other.high - other.estimate);
        difference(share, -1.0, less, more) > 0.0
    };
    let highest = |share: f64| {
        let (less, more) = (one.high - one.estimate, other.estimate - other.low);
        difference(share, 1.0, less, more) > 0.0
    };
    Some(Bounded {
        estimate,
        low: last(0.0, estimate, lowest),
        high: last(estimate, 1.0, highest),
    })
}

/// The last place of a range up to which a condition holds, found by halving; its start where it never does.
fn last(mut from: f64, mut to: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(to) {
        return to;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(from, to);
        if holds(middle) {
            from = middle;
        } else {
            to = middle;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(shipments: f64, sampled: f64, found: &[(f64, f64, f64)]) -> Stratum {
        let found = found.iter().map(|(probability, inspected, bad)| Inspected {
            probability: *probability,
            inspected: *inspected,
            bad: *bad,
        });
        Stratum {
            shipments,
            sampled,
            found: found.collect(),
        }
    }

    #[test]
    fn what_was_looked_at_whole_is_known() {
        let all = stratum(40.0, 40.0, &[(1.0, 40.0, 13.0)]).total().unwrap();
        assert_eq!((all.estimate, all.low, all.high), (13.0, 13.0, 13.0));
        assert_eq!(stratum(40.0, 3.0, &[]).total(), None);
        assert_eq!(stratum(0.0, 0.0, &[]).total(), Some(Bounded::default()));
    }

    #[test]
    fn equal_probabilities_give_the_limits_of_clopper_and_pearson() {
        // 10 of 50: 0.1003 to 0.3372.
        let found = stratum(5e6, 50.0, &[(1e-5, 50.0, 10.0)]).total().unwrap();
        let found = found.per(5e6).unwrap();
        assert!((found.low - 0.1003).abs() < 1e-4 && (found.high - 0.3372).abs() < 1e-4);
    }

    #[test]
    fn nothing_found_is_not_nothing_there() {
        // The rule of three, at 97.5 %: 3.69 times the largest weight.
        let none = stratum(1e6, 1_500.0, &[(0.001, 500.0, 0.0), (0.002, 1_000.0, 0.0)]);
        let none = none.total().unwrap();
        assert_eq!((none.estimate, none.low), (0.0, 0.0));
        assert!((none.high - 3_680.0).abs() < 20.0, "{none:?}");
    }

    #[test]
    fn a_known_number_leaves_the_other_as_it_is() {
        let known = Bounded {
            estimate: 30.0,
            low: 30.0,
            high: 30.0,
        };
        let guessed = Bounded {
            estimate: 10.0,
            low: 4.0,
            high: 20.0,
        };
        let both = sum(&[known, guessed]);
        assert_eq!((both.low, both.high), (34.0, 50.0));
        let part = share(guessed, known).unwrap();
        assert!((part.low - 4.0 / 34.0).abs() < 1e-9 && (part.high - 0.4).abs() < 1e-9);
        assert_eq!(share(Bounded::default(), Bounded::default()), None);
    }
}
