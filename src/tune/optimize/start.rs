//! Points to start from: a logistic regression on hits, drawn towards the expert's points.
//!
//! The weight of a rule is its expert's points times e^u, so that points stay positive and a mitigating rule keeps mitigating;
//! u is drawn towards 0 with the strength of a normal prior of deviation 1, that is, a factor of e either way. Bad shipments weigh
//! as much in all as the good ones. Solved one coordinate at a time by Newton's method; the few lines stand here because the
//! solvers at hand bring more dependencies than they save.

use super::layout::Layout;
use super::what_if::Cell;
use crate::rules::{RuleId, RuleSet};

/// Rounds over all coordinates; each is a descent, and ten are mostly enough.
const ROUNDS: usize = 40;
/// Points per unit of log-odds before the scale is fitted: ten points double the odds.
const FIRST_SCALE: f64 = 0.07;
/// The largest step of a coordinate.
const LONGEST: f64 = 0.5;

/// Points of the rules that may move; all others keep theirs.
pub(super) fn start(
    rules: &RuleSet,
    layout: &Layout,
    cells: &[Cell],
    movable: &[RuleId],
) -> Vec<(RuleId, i32)> {
    let Some(mut fit) = Fit::new(rules, layout, cells) else {
        return Vec::new();
    };
    for _ in 0..ROUNDS {
        fit.bias();
        fit.scale();
        for rule in movable {
            fit.rule(*rule);
        }
    }
    let points = movable.iter().map(|rule| {
        let expert = f64::from(rules.rule(*rule).points);
        #[expect(clippy::cast_possible_truncation, reason = "points, clamped")]
        let points = (expert * fit.stretch[rule.index()].exp())
            .round()
            .clamp(1.0, 100.0) as i32;
        (*rule, points)
    });
    points.collect()
}

struct Fit {
    /// By profile: weight of bad and of good shipments, and points so far.
    cells: Vec<(f64, f64)>,
    points: Vec<f64>,
    bias: f64,
    scale: f64,
    /// The logarithm of each rule's points over the expert's.
    stretch: Vec<f64>,
    signed: Vec<f64>,
    profiles_of: Vec<Vec<u32>>,
}

impl Fit {
    fn new(rules: &RuleSet, layout: &Layout, cells: &[Cell]) -> Option<Self> {
        let (bad, inspected) = cells.iter().fold((0, 0), |(bad, inspected), cell| {
            (bad + cell.bad, inspected + cell.inspected)
        });
        if bad == 0 || bad == inspected {
            return None;
        }
        let balance = bad as f64 / (inspected - bad) as f64;
        let signed: Vec<f64> = (rules.rules.iter())
            .map(|rule| {
                let sign = if rule.mitigates { -1.0 } else { 1.0 };
                if rule.is_active() {
                    sign * f64::from(rule.points)
                } else {
                    0.0
                }
            })
            .collect();
        let mut profiles_of = vec![Vec::new(); rules.rules.len()];
        let mut points = vec![0.0; cells.len()];
        for ((profile, cell), position) in layout.profiles.iter().zip(cells).zip(0_u32..) {
            if cell.inspected == 0 {
                continue;
            }
            for hit in layout.hit_sets.get(profile.hits) {
                points[position as usize] += signed[hit.index()];
                profiles_of[hit.index()].push(position);
            }
        }
        let weigh = |cell: &Cell| {
            (
                cell.bad as f64,
                (cell.inspected - cell.bad) as f64 * balance,
            )
        };
        Some(Self {
            cells: cells.iter().map(weigh).collect(),
            points,
            bias: 0.0,
            scale: FIRST_SCALE,
            stretch: vec![0.0; rules.rules.len()],
            signed,
            profiles_of,
        })
    }

    /// Gradient of the loss by the log-odds of a profile, and its curvature.
    fn slope(&self, profile: usize) -> (f64, f64) {
        let (bad, good) = self.cells[profile];
        let chance = 1.0 / (1.0 + (-(self.bias + self.scale * self.points[profile])).exp());
        (
            (bad + good) * chance - bad,
            (bad + good) * chance * (1.0 - chance),
        )
    }

    fn bias(&mut self) {
        let (mut gradient, mut curvature) = (0.0, 1e-9);
        for profile in 0..self.cells.len() {
            let (slope, bend) = self.slope(profile);
            gradient += slope;
            curvature += bend;
        }
        self.bias -= (gradient / curvature).clamp(-LONGEST, LONGEST);
    }

    /// The scale, as its logarithm.
    fn scale(&mut self) {
        let (mut gradient, mut curvature) = (0.0, 1e-9);
        for profile in 0..self.cells.len() {
            let (slope, bend) = self.slope(profile);
            let by_scale = self.scale * self.points[profile];
            gradient += slope * by_scale;
            curvature += bend * by_scale * by_scale;
        }
        let step = (gradient / curvature).clamp(-LONGEST, LONGEST);
        self.scale = (self.scale.ln() - step).exp().clamp(0.005, 1.0);
    }

    fn rule(&mut self, rule: RuleId) {
        let old = self.signed[rule.index()] * self.stretch[rule.index()].exp();
        let by_stretch = self.scale * old;
        let (mut gradient, mut curvature) = (self.stretch[rule.index()], 1.0);
        for profile in &self.profiles_of[rule.index()] {
            let (slope, bend) = self.slope(*profile as usize);
            gradient += slope * by_stretch;
            curvature += bend * by_stretch * by_stretch;
        }
        let step = (gradient / curvature).clamp(-LONGEST, LONGEST);
        self.stretch[rule.index()] = (self.stretch[rule.index()] - step).clamp(-2.1, 2.1);
        let new = self.signed[rule.index()] * self.stretch[rule.index()].exp();
        for profile in &self.profiles_of[rule.index()] {
            self.points[*profile as usize] += new - old;
        }
    }
}
