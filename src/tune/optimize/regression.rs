//! Points from outcomes: a logistic regression on hits, drawn towards the expert's points.
//!
//! A rule is worth its expert's points times e^u, so that points stay positive and a mitigating rule keeps mitigating; u is drawn
//! towards 0 as by a normal prior. A shipment is as its worst line, under the points of the round before. Bad shipments weigh as much in
//! all as the good ones. Solved by Newton's method; the lines stand here because the solvers at hand bring more
//! dependencies than they save.

use super::layout::Layout;
use super::what_if::Cell;
use crate::rules::{RuleId, RuleSet};
use crate::select::HitSetId;

/// Rounds of Newton's method, and the step below which it has arrived.
const ROUNDS: usize = 40;
const ARRIVED: f64 = 0.001;
/// The largest step of a parameter in a round.
const LONGEST: f64 = 0.5;
/// Where the logarithm of the scale starts, and its bounds: log-odds per point.
const FIRST_SCALE: f64 = -2.7;
const SCALES: (f64, f64) = (-5.3, 0.0);
/// Bounds of u: a little more than a factor of eight, which is as far as points may go.
const FURTHEST: f64 = 2.1;
/// What keeps the base rate and the scale in place where the data say nothing.
const RIDGE: f64 = 1e-3;

/// What does not depend on the sample.
#[derive(Debug)]
pub(super) struct Regression<'a> {
    layout: &'a Layout,
    /// Points with their sign, by rule; 0 of a rule that counts for nothing.
    signed: Vec<f64>,
    /// The place of each rule among those that move, by rule.
    place: Vec<Option<usize>>,
    n_movable: usize,
    /// The deviation of the prior on u.
    deviation: f64,
}

/// A solution.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Solution {
    bias: f64,
    log_scale: f64,
    /// Of each rule that moves, the logarithm of its points over the expert's.
    pub(super) stretch: Vec<f64>,
}

impl<'a> Regression<'a> {
    /// Lets the points of some rules move; all others keep theirs.
    pub(super) fn new(
        rules: &RuleSet,
        layout: &'a Layout,
        movable: &[RuleId],
        deviation: f64,
    ) -> Self {
        let signed = rules.rules.iter().map(|rule| {
            let sign = match (rule.is_active(), rule.mitigates) {
                (false, _) => 0.0,
                (true, true) => -1.0,
                (true, false) => 1.0,
            };
            sign * f64::from(rule.points)
        });
        let mut place = vec![None; rules.rules.len()];
        for (position, rule) in movable.iter().enumerate() {
            place[rule.index()] = Some(position);
        }
        Self {
            layout,
            signed: signed.collect(),
            place,
            n_movable: movable.len(),
            deviation,
        }
    }

    /// The points of the expert.
    pub(super) fn start(&self) -> Solution {
        Solution {
            bias: 0.0,
            log_scale: FIRST_SCALE,
            stretch: vec![0.0; self.n_movable],
        }
    }

    /// Fits to shipments by profile, from what is known; where nothing is bad, or everything, that stays.
    pub(super) fn solve(&self, cells: &[Cell], from: &Solution) -> Solution {
        let mut solution = from.clone();
        let (bad, inspected) = cells.iter().fold((0, 0), |(bad, inspected), cell| {
            (bad + cell.bad, inspected + cell.inspected)
        });
        if bad == 0 || bad == inspected {
            return solution;
        }
        let balance = bad as f64 / (inspected - bad) as f64;
        for _ in 0..ROUNDS {
            let step = self.step(cells, balance, &solution);
            let longest = step
                .iter()
                .fold(0.0, |longest: f64, by| longest.max(by.abs()));
            let by = |position: usize| step[position].clamp(-LONGEST, LONGEST);
            solution.bias -= by(0);
            solution.log_scale = (solution.log_scale - by(1)).clamp(SCALES.0, SCALES.1);
            for (position, stretch) in solution.stretch.iter_mut().enumerate() {
                *stretch = (*stretch - by(position + 2)).clamp(-FURTHEST, FURTHEST);
            }
            if longest < ARRIVED {
                break;
            }
        }
        solution
    }

    /// Newton's step at a solution: bias, logarithm of the scale, and each u.
    fn step(&self, cells: &[Cell], balance: f64, at: &Solution) -> Vec<f64> {
        let worth: Vec<f64> = (self.signed.iter().zip(&self.place))
            .map(|(points, place)| place.map_or(*points, |place| points * at.stretch[place].exp()))
            .collect();
        let hits = |set: u32| {
            let (hits, _) = self.layout.line_sets[set as usize];
            self.layout.hit_sets.get(hits)
        };
        let total = |(hits, _): &(HitSetId, u8)| -> f64 {
            let hits = self.layout.hit_sets.get(*hits).iter();
            hits.map(|hit| worth[hit.index()]).sum()
        };
        let totals: Vec<f64> = self.layout.line_sets.iter().map(total).collect();
        let scale = at.log_scale.exp();
        let n = self.n_movable + 2;
        let (mut gradient, mut bend) = (vec![0.0; n], vec![0.0; n * n]);
        let pull = self.deviation.powi(-2);
        for (position, stretch) in at.stretch.iter().enumerate() {
            gradient[position + 2] = pull * stretch;
            bend[(position + 2) * (n + 1)] = pull;
        }
        (bend[0], bend[n + 1]) = (RIDGE, RIDGE);
        let mut moved: Vec<(usize, f64)> = Vec::new();
        for (profile, cell) in self.layout.profiles.iter().zip(cells) {
            if cell.inspected == 0 {
                continue;
            }
            let sets = profile.line_sets.iter().copied();
            let worst =
                sets.reduce(
                    |worst, set| match totals[set as usize] > totals[worst as usize] {
                        true => set,
                        false => worst,
                    },
                );
            let Some(worst) = worst else { continue };
            let by_scale = scale * totals[worst as usize];
            let chance = 1.0 / (1.0 + (-(at.bias + by_scale)).exp());
            let bad = cell.bad as f64;
            let all = bad + (cell.inspected - cell.bad) as f64 * balance;
            let (slope, curve) = (all * chance - bad, all * chance * (1.0 - chance));
            moved.clear();
            moved.extend([(0, 1.0), (1, by_scale)]);
            moved.extend(hits(worst).iter().filter_map(|hit| {
                let place = self.place[hit.index()]?;
                Some((place + 2, scale * worth[hit.index()]))
            }));
            for (row, by_row) in &moved {
                gradient[*row] += slope * by_row;
                for (column, by_column) in &moved {
                    bend[row * n + column] += curve * by_row * by_column;
                }
            }
        }
        solve(bend, gradient)
    }
}

/// The x of `matrix * x = right`, by Cholesky's method; the matrix is symmetric and positive, row by row.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for row in 0..n {
        for column in 0..=row {
            let known: f64 = (0..column)
                .map(|position| matrix[row * n + position] * matrix[column * n + position])
                .sum();
            let rest = matrix[row * n + column] - known;
            matrix[row * n + column] = match row == column {
                true => rest.max(f64::EPSILON).sqrt(),
                false => rest / matrix[column * (n + 1)],
            };
        }
        let known: f64 = (0..row)
            .map(|position| matrix[row * n + position] * right[position])
            .sum();
        right[row] = (right[row] - known) / matrix[row * (n + 1)];
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n)
            .map(|position| matrix[position * n + row] * right[position])
            .sum();
        right[row] = (right[row] - known) / matrix[row * (n + 1)];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::solve;

    #[test]
    fn a_system_of_equations_is_solved() {
        let matrix = vec![4.0, 2.0, 0.5, 2.0, 3.0, -1.0, 0.5, -1.0, 5.0];
        let found = solve(matrix, vec![7.0, 3.0, 9.0]);
        let product = |row: [f64; 3]| row.iter().zip(&found).map(|(a, b)| a * b).sum::<f64>();
        assert!((product([4.0, 2.0, 0.5]) - 7.0).abs() < 1e-12, "{found:?}");
        assert!((product([2.0, 3.0, -1.0]) - 3.0).abs() < 1e-12);
        assert!((product([0.5, -1.0, 5.0]) - 9.0).abs() < 1e-12);
    }
}
