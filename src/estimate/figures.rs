//! What is estimated: bad shipments, those that were missed, and what rules are worth.

use super::bounds::{Bounded, Inspected, Stratum, share, sum};
use super::draws::{HalfWidth, Needed, needed};
use super::rules::{OfRule, of_rules};
use super::sample::{Alike, RunRead, Sample, Way, read};
use crate::error::Error;
use crate::rules::SCORED_THEMES;
use crate::tune::{Found, Labels};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Everything that is estimated. Intervals are of 95 % confidence.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    /// The runs that were read, by day.
    pub runs: Vec<RunRead>,
    /// Different shipments of all runs; one that stands in several counts with the last.
    pub shipments: u64,
    /// How they came into the sample.
    pub strata: Vec<OfStratum>,
    /// Shipments that no estimate speaks of: not selected, and not reached by any draw.
    pub out_of_reach: u64,
    /// Shipments that were looked at though they were neither selected nor drawn: they have no weight.
    pub unplanned: Unplanned,
    /// Shipments with an outcome that no run has.
    pub unknown_outcomes: u64,
    /// Lines with an outcome whose shipment no run tells.
    pub unknown_lines: u64,
    /// Bad outcomes in the sample that name no theme: they count in each.
    pub without_theme: u64,
    /// Bad shipments of any theme.
    pub all: OfTheme,
    /// By theme.
    pub themes: Vec<OfTheme>,
    /// By rule that hit a shipment, by id.
    pub rules: Vec<OfRule>,
}

/// Shipments that came into the sample in one way.
#[derive(Clone, Debug, Serialize)]
pub struct OfStratum {
    /// `red`, `yellow`, or `draw`: those that are not selected, of which a draw takes some.
    pub name: &'static str,
    /// All of them.
    pub shipments: f64,
    /// Those that came into the sample.
    pub sampled: f64,
    /// With an outcome.
    pub inspected: f64,
    /// With a bad one.
    pub bad: f64,
    /// With an outcome, among those in the sample; the rest are taken to be like them.
    pub inspected_share: Option<f64>,
    /// Share bad, of all of the stratum; none where nothing was inspected.
    pub share: Option<Bounded>,
}

/// Shipments that were looked at outside of the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Unplanned {
    /// How many.
    pub inspected: u64,
    /// Bad ones.
    pub bad: u64,
}

/// Bad shipments of a theme, or of all.
#[derive(Clone, Debug, Serialize)]
pub struct OfTheme {
    /// Its name; `all` for any.
    pub theme: &'static str,
    /// Bad shipments; none where a stratum has no outcome.
    pub bad: Option<Bounded>,
    /// The same as a share of all shipments within reach.
    pub prevalence: Option<Bounded>,
    /// Shipments in its scope, as the runs counted them; none for all, and where shipments stand in several runs.
    pub in_scope: Option<u64>,
    /// Bad shipments per shipment in scope.
    pub prevalence_in_scope: Option<Bounded>,
    /// Bad shipments that nothing but the draw selects.
    pub missed: Option<Bounded>,
    /// The same number as the bare sum of inverse probabilities, for a check.
    pub missed_bare: Option<f64>,
    /// Missed among all bad shipments.
    pub missed_share: Option<Bounded>,
    /// Bad shipments that no active rule hits, among all bad shipments.
    pub unhit_share: Option<Bounded>,
    /// How large the draw must be for an interval as wide as is wanted.
    pub needed: Option<Needed>,
}

/// Reads runs and estimates what is bad in them. `half_width` is what the size of the draw is told for.
///
/// # Errors
/// When a run cannot be read, or holds not all of its shipments.
pub fn estimate(
    directories: &[PathBuf],
    labels: Labels,
    half_width: HalfWidth,
) -> Result<Estimate, Error> {
    let sample = read(directories, labels)?;
    let any = |found: Found| matches!(found, Found::Bad(_));
    let no_theme = Found::Bad((1 << SCORED_THEMES.len()) - 1);
    let is_without_theme = |alike: &Alike| alike.is_sampled() && alike.found == no_theme;
    // What names no theme counts in each, also beyond its scope: then there is no share of what is in scope.
    let names_themes = !sample
        .counts
        .iter()
        .any(|(alike, _)| is_without_theme(alike));
    let of_theme = |(position, theme): (usize, &crate::rules::vocabulary::Theme)| {
        let is_bad = |found: Found| matches!(found, Found::Bad(bits) if bits >> position & 1 == 1);
        let is_once = sample.runs.iter().all(|run| run.later == 0);
        let in_scope = Some(sample.in_scope[position]).filter(|_| is_once && names_themes);
        of_theme(&sample, theme.as_str(), in_scope, is_bad, half_width)
    };
    let count = |wanted: &dyn Fn(&Alike) -> bool| {
        let wanted = sample.counts.iter().filter(|(alike, _)| wanted(alike));
        let sum: f64 = wanted.map(|(_, count)| count).sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a sum of counts"
        )]
        let sum = sum as u64;
        sum
    };
    let is_known = |alike: &Alike| alike.found != Found::Unknown;
    Ok(Estimate {
        shipments: count(&|_| true),
        strata: strata(&sample),
        out_of_reach: count(&|alike| alike.way == Way::None),
        unplanned: Unplanned {
            inspected: count(&|alike| !alike.is_sampled() && is_known(alike)),
            bad: count(&|alike| !alike.is_sampled() && any(alike.found)),
        },
        unknown_outcomes: sample.n_unknown_outcomes,
        unknown_lines: sample.n_unknown_lines,
        without_theme: count(&is_without_theme),
        all: of_theme_all(&sample, any, half_width),
        themes: SCORED_THEMES.iter().enumerate().map(of_theme).collect(),
        rules: of_rules(&sample),
        runs: sample.runs,
    })
}

/// The ways into the sample, with their names.
const WAYS: [(Way, &str); 3] = [
    (Way::Red, "red"),
    (Way::Yellow, "yellow"),
    (Way::Draw, "draw"),
];

/// The stratum of a way, of some shipments only.
pub(super) fn stratum(
    sample: &Sample,
    way: Way,
    is_wanted: impl Fn(&Alike) -> bool,
    is_bad: impl Fn(Found) -> bool,
) -> Stratum {
    let mut stratum = Stratum::default();
    let mut found: BTreeMap<u64, Inspected> = BTreeMap::new();
    let counts = sample.counts.iter();
    for (alike, count) in counts.filter(|(alike, _)| alike.way == way && is_wanted(alike)) {
        stratum.shipments += count;
        if !alike.is_sampled() {
            continue;
        }
        stratum.sampled += count;
        let group = found.entry(alike.probability).or_insert(Inspected {
            probability: f64::from_bits(alike.probability),
            inspected: 0.0,
            bad: 0.0,
        });
        if alike.found != Found::Unknown {
            group.inspected += count;
        }
        if is_bad(alike.found) {
            group.bad += count;
        }
    }
    stratum.found = found.into_values().collect();
    stratum
}

/// The number of bad shipments that are wanted, over the ways that are named; none where a stratum has no outcome.
pub(super) fn total(
    sample: &Sample,
    ways: &[Way],
    is_wanted: impl Fn(&Alike) -> bool,
    is_bad: impl Fn(Found) -> bool,
) -> Option<Bounded> {
    let parts = ways
        .iter()
        .map(|way| stratum(sample, *way, &is_wanted, &is_bad).total());
    parts.collect::<Option<Vec<_>>>().map(|parts| sum(&parts))
}

fn strata(sample: &Sample) -> Vec<OfStratum> {
    let of_way = |(way, name): (Way, &'static str)| {
        let stratum = stratum(
            sample,
            way,
            |_| true,
            |found| matches!(found, Found::Bad(_)),
        );
        let (sampled, inspected) = (stratum.sampled, stratum.inspected());
        OfStratum {
            name,
            shipments: stratum.shipments,
            sampled,
            inspected,
            bad: stratum.bad(),
            inspected_share: (sampled > 0.0).then(|| inspected / sampled),
            share: stratum
                .total()
                .and_then(|total| total.per(stratum.shipments)),
        }
    };
    WAYS.map(of_way).into()
}

/// Every way into the sample.
pub(super) const ALL: [Way; 3] = [Way::Red, Way::Yellow, Way::Draw];
/// Those that are certain.
pub(super) const SELECTED: [Way; 2] = [Way::Red, Way::Yellow];

fn of_theme(
    sample: &Sample,
    theme: &'static str,
    in_scope: Option<u64>,
    is_bad: impl Fn(Found) -> bool,
    half_width: HalfWidth,
) -> OfTheme {
    let every = |_: &Alike| true;
    let draw = stratum(sample, Way::Draw, every, &is_bad);
    let reach = ALL.map(|way| stratum(sample, way, every, &is_bad).shipments);
    let is_drawn_from = draw.shipments > 0.0;
    let (bad, missed) = (total(sample, &ALL, every, &is_bad), draw.total());
    // Without a draw nothing is known of what was missed.
    let missed = missed.filter(|_| is_drawn_from);
    let selected = total(sample, &SELECTED, every, &is_bad);
    let is_hit = |alike: &Alike| alike.hits != 0;
    let hit = total(sample, &ALL, is_hit, &is_bad);
    let unhit = total(sample, &ALL, |alike| !is_hit(alike), &is_bad);
    let drawn_from = match in_scope {
        // Selected shipments are in scope too, most of them; what is left is what the draw is for.
        Some(in_scope) => (in_scope as f64).min(draw.shipments),
        None => draw.shipments,
    };
    OfTheme {
        theme,
        bad,
        prevalence: bad.and_then(|bad| bad.per(reach.iter().sum())),
        in_scope,
        prevalence_in_scope: bad
            .zip(in_scope)
            .and_then(|(bad, scope)| bad.per(scope as f64)),
        missed,
        missed_bare: draw.bare_total(),
        missed_share: missed
            .zip(selected)
            .and_then(|(missed, found)| share(missed, found)),
        unhit_share: unhit
            .zip(hit)
            .filter(|_| is_drawn_from)
            .and_then(|(unhit, hit)| share(unhit, hit)),
        needed: missed.and_then(|missed| needed(missed, drawn_from, half_width)),
    }
}

fn of_theme_all(sample: &Sample, is_bad: impl Fn(Found) -> bool, half_width: HalfWidth) -> OfTheme {
    of_theme(sample, "all", None, is_bad, half_width)
}
