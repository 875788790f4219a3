//! Conditions whose history stands out: single columns, goods with a country, and pairs of rules. Drafts, never active.
//!
//! What stands out by chance grows with what is tried, so the interval of a candidate's precision is as wide as the number of
//! trials asks for (Bonferroni's correction), and the later shipments have to bear it out.

use super::draft::{Mined, draft};
use super::layout::Layout;
use super::question::Collected;
use super::session::{Part, Session};
use super::what_if::Cell;
use crate::check::rests_on;
use crate::rules::vocabulary::Family;
use crate::rules::{Rule, RuleId};
use crate::tune::measures::Counts;
use crate::tune::scorecard::FEWEST_INSPECTED;
use std::collections::BTreeMap;

/// Drafts that are proposed at most.
const MOST: usize = 24;
/// The chance of one candidate standing out, in all, where nothing does.
const ALPHA: f64 = 0.05;
/// Inspected shipments that a candidate needs in validation.
const FEWEST_VALIDATED: f64 = 10.0;
/// Candidates that share this much of their shipments say the same.
const SAME: f64 = 0.8;

/// What a candidate is about, and where its shipments lie.
pub(super) struct Tried {
    pub(super) title: String,
    pub(super) when: String,
    pub(super) params: BTreeMap<String, f64>,
    pub(super) family: Family,
    pub(super) shipments: Vec<u32>,
    pub(super) train: Counts,
    pub(super) validation: Counts,
    pub(super) lift: f64,
    pub(super) low: f64,
}

/// The drafts that stand out, best first, and how many conditions were tried.
pub(super) fn mine(
    collected: &Collected,
    session: &Session<'_>,
    layout: &Layout,
) -> (Vec<Mined>, usize) {
    let all: Vec<u32> = (0..).take(session.evidence.shipments.len()).collect();
    let base = counts_of(session, &all, Part::Train).precision();
    let base_later = counts_of(session, &all, Part::Validation).precision();
    let pairs = pairs(collected, session, layout);
    let n_tried = collected.candidates.len() + pairs.len();
    let Some((base, base_later)) = base.zip(base_later).filter(|(base, _)| *base > 0.0) else {
        return (Vec::new(), n_tried);
    };
    // The tail of the normal distribution beyond z is below exp(-z^2 / 2).
    let z = (2.0 * (n_tried.max(1) as f64 / ALPHA).ln()).sqrt();
    let columns = collected.candidates.iter().filter_map(|candidate| {
        let bits = session.aside.bits_of(collected.find(&candidate.id)?)?;
        Some(Tried {
            title: candidate.title.clone(),
            when: candidate.when.clone(),
            params: BTreeMap::new(),
            family: candidate.family,
            shipments: shipments_of(session, bits.lines()),
            train: Counts::default(),
            validation: Counts::default(),
            lift: 0.0,
            low: 0.0,
        })
    });
    let mut found: Vec<Tried> = columns
        .chain(pairs)
        .filter_map(|mut tried| {
            tried.train = counts_of(session, &tried.shipments, Part::Train);
            tried.validation = counts_of(session, &tried.shipments, Part::Validation);
            tried.lift = tried.train.precision()? / base;
            tried.low = low(tried.train, z) / base;
            let is_borne_out = tried.validation.inspected >= FEWEST_VALIDATED
                && tried.validation.precision()? > base_later;
            (tried.train.inspected >= FEWEST_INSPECTED && tried.low > 1.0 && is_borne_out)
                .then_some(tried)
        })
        .collect();
    found.sort_by(|left, right| {
        right
            .low
            .total_cmp(&left.low)
            .then_with(|| left.when.cmp(&right.when))
    });
    let of_pack = known_shipments(collected, session, layout);
    let mut taken: Vec<Tried> = Vec::new();
    for tried in found {
        let says_the_same = |known: &[u32]| overlap(&tried.shipments, known) >= SAME;
        if taken.len() < MOST
            && !taken.iter().any(|known| says_the_same(&known.shipments))
            && !of_pack.iter().any(|known| says_the_same(known))
        {
            taken.push(tried);
        }
    }
    let mut numbers =
        (1..).filter(|number| collected.rules.find(&format!("M-{number:02}")).is_none());
    let mined = taken.iter().map(|tried| {
        let number = numbers.next().expect("numbers without an end");
        draft(session, tried, n_tried, number, base)
    });
    (mined.collect(), n_tried)
}

/// Where an interval of a share begins, z deviations down (Wilson 1927).
fn low(counts: Counts, z: f64) -> f64 {
    let (share, of) = (counts.bad / counts.inspected, counts.inspected);
    let scale = 1.0 + z * z / of;
    let middle = (share + z * z / (2.0 * of)) / scale;
    let half = z / scale * (share * (1.0 - share) / of + z * z / (4.0 * of * of)).sqrt();
    (middle - half).max(0.0)
}

/// Pairs of active rules that hit a line together, as conditions.
fn pairs(collected: &Collected, session: &Session<'_>, layout: &Layout) -> Vec<Tried> {
    let mut lines_of: BTreeMap<(RuleId, RuleId), Vec<usize>> = BTreeMap::new();
    let mut pairs_of_set: Vec<Vec<(RuleId, RuleId)>> = Vec::new();
    for (hits, _) in &layout.line_sets {
        let active = |id: &&RuleId| collected.rules.rule(**id).is_active();
        let hits: Vec<RuleId> = layout
            .hit_sets
            .get(*hits)
            .iter()
            .filter(active)
            .copied()
            .collect();
        let pairs = hits
            .iter()
            .enumerate()
            .flat_map(|(position, left)| hits[position + 1..].iter().map(|right| (*left, *right)));
        pairs_of_set.push(pairs.collect());
    }
    for (line, set) in layout.sets_of_lines().enumerate() {
        for pair in &pairs_of_set[set as usize] {
            lines_of.entry(*pair).or_default().push(line);
        }
    }
    let precision = |id: RuleId| -> f64 {
        let of_rule = layout.sets_of_lines().enumerate().filter(|(_, set)| {
            let (hits, _) = layout.line_sets[*set as usize];
            layout.hit_sets.get(hits).contains(&id)
        });
        let shipments = shipments_of(session, of_rule.map(|(line, _)| line));
        counts_of(session, &shipments, Part::Train)
            .precision()
            .unwrap_or(0.0)
    };
    let mut precisions: BTreeMap<RuleId, f64> = BTreeMap::new();
    let mut tried = Vec::new();
    for ((left, right), lines) in lines_of {
        let (first, second) = (collected.rules.rule(left), collected.rules.rule(right));
        let shipments = shipments_of(session, lines.into_iter());
        let train = counts_of(session, &shipments, Part::Train);
        if train.inspected < FEWEST_INSPECTED {
            continue;
        }
        let single = [left, right].map(|id| *precisions.entry(id).or_insert_with(|| precision(id)));
        let is_more = train
            .precision()
            .is_some_and(|both| both > single[0].max(single[1]));
        let Some((when, params)) = joined(first, second).filter(|_| is_more) else {
            continue;
        };
        tried.push(Tried {
            title: format!("{} and {} together", first.id, second.id),
            when,
            params,
            family: first.family,
            shipments,
            train,
            validation: Counts::default(),
            lift: 0.0,
            low: 0.0,
        });
    }
    tried
}

/// Both conditions; none where they do not fit: params of one name with two values, other stages, or nothing but countries and names.
fn joined(first: &Rule, second: &Rule) -> Option<(String, BTreeMap<String, f64>)> {
    let is_fact = rests_on(&first.condition).is_none() || rests_on(&second.condition).is_none();
    let mut params: BTreeMap<String, f64> = first.params.iter().cloned().collect();
    for (name, value) in &second.params {
        if params
            .insert(name.clone(), *value)
            .is_some_and(|known| known.to_bits() != value.to_bits())
        {
            return None;
        }
    }
    let counts = !first.mitigates && !second.mitigates && first.stages == second.stages;
    let indented = |when: &str| {
        when.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n  ")
    };
    (is_fact && counts).then(|| {
        (
            format!(
                "(\n  {}\n  ) AND (\n  {}\n  )",
                indented(&first.when),
                indented(&second.when)
            ),
            params,
        )
    })
}

/// The shipments of lines, ascending.
fn shipments_of(session: &Session<'_>, lines: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut shipments: Vec<u32> = lines.map(|line| session.aside.lines[line].0).collect();
    shipments.sort_unstable();
    shipments.dedup();
    shipments
}

fn counts_of(session: &Session<'_>, shipments: &[u32], part: Part) -> Counts {
    let mut counts = Cell::default();
    for shipment in shipments {
        if part == Part::All || session.is_train(*shipment as usize) == (part == Part::Train) {
            counts.add(session.evidence.shipments[*shipment as usize].found, 1);
        }
    }
    counts.counts()
}

/// The shipments of a part that a rule kept apart hits.
pub(super) fn hit_by(session: &Session<'_>, id: RuleId, part: Part) -> Counts {
    let bits = session.aside.bits_of(id);
    bits.map_or_else(Counts::default, |bits| {
        counts_of(session, &shipments_of(session, bits.lines()), part)
    })
}

/// The shipments of each rule of the pack, drafts included: what one says need not be mined again.
fn known_shipments(collected: &Collected, session: &Session<'_>, layout: &Layout) -> Vec<Vec<u32>> {
    let mut of_rule = vec![Vec::new(); collected.rules.rules.len()];
    let shipments = 0..session.evidence.shipments.len();
    for (profile, shipment) in layout.profile_of[shipments].iter().zip(0_u32..) {
        for hit in layout.hit_sets.get(layout.profiles[*profile as usize].hits) {
            of_rule[hit.index()].push(shipment);
        }
    }
    of_rule
}

/// The share of all shipments of two sets that both have.
fn overlap(left: &[u32], right: &[u32]) -> f64 {
    let both = left
        .iter()
        .filter(|shipment| right.binary_search(shipment).is_ok())
        .count();
    let all = left.len() + right.len() - both;
    if all == 0 {
        0.0
    } else {
        both as f64 / all as f64
    }
}
