//! Conditions whose history stands out: single columns, goods with a country, and pairs of rules. Drafts, never active.
//!
//! What stands out by chance grows with what is tried, so the interval of a candidate's precision is as wide as the number of
//! trials asks for (Bonferroni's correction), and the later shipments have to bear it out.

use super::layout::Layout;
use super::question::Collected;
use super::session::{Part, Session};
use super::survey::{Survey, family};
use super::variants::four_digits;
use super::what_if::Cell;
use crate::check::rests_on;
use crate::normalize::date::format_date;
use crate::rules::vocabulary::{Family, Theme};
use crate::rules::{PackFile, Rule, RuleId, SCORED_THEMES};
use crate::schema::{FieldId, field};
use crate::tune::evidence::Found;
use crate::tune::measures::Counts;
use crate::tune::scorecard::FEWEST_INSPECTED;
use serde::Serialize;
use std::collections::BTreeMap;

/// Drafts that are proposed at most.
const MOST: usize = 24;
/// Values of a column, and pairs in all, that are tried at most.
const MOST_VALUES: usize = 40;
const MOST_PAIRS: usize = 300;
/// Where a column of numbers is cut: above the first, below the second.
const ABOVE: [f64; 4] = [0.75, 0.9, 0.95, 0.99];
const BELOW: [f64; 4] = [0.25, 0.1, 0.05, 0.01];
/// The chance of one candidate standing out, in all, where nothing does.
const ALPHA: f64 = 0.05;
/// Inspected shipments that a candidate needs in validation.
const FEWEST_VALIDATED: f64 = 10.0;
/// Candidates that share this much of their shipments say the same.
const SAME: f64 = 0.8;

/// A condition that is tried.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The id under which it is tried.
    pub(super) id: String,
    when: String,
    title: String,
    family: Family,
}

impl Candidate {
    /// The file under which it is tried.
    pub(super) fn file(&self) -> PackFile {
        let text = format!(
            "id: {}\nname: tried\ntitle: Tried\ntheme: cross\nlevel: component\nfamily: {}\nseverity: low\npoints: 1\nstatus: draft\nwhen: |\n  {}\n",
            self.id, self.family, self.when
        );
        (format!("{}.yaml", self.id), text.into_bytes())
    }
}

/// A draft that was mined.
#[derive(Clone, Debug, Serialize)]
pub struct Mined {
    /// Its id.
    pub id: String,
    /// Its file in the new pack.
    pub path: String,
    /// Its condition.
    pub when: String,
    /// Shipments trained on that it hits.
    pub train: Counts,
    /// The later ones.
    pub validation: Counts,
    /// Precision over that of all, in training.
    pub lift: f64,
    /// Where the corrected interval of the lift begins.
    pub lift_low: f64,
    /// The file.
    #[serde(skip)]
    pub text: String,
}

/// The conditions that the columns suggest.
pub(super) fn candidates(survey: &Survey) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = Vec::new();
    let mut add = |when: String, title: String, family: Family| {
        let id = format!("~M{:04}", all.len());
        all.push(Candidate {
            id,
            when,
            title,
            family,
        });
    };
    for (column, sample) in &survey.numbers {
        let name = column.name();
        let mut known = Vec::new();
        for (shares, sign, word) in [(ABOVE, ">=", "from"), (BELOW, "<=", "up to")] {
            for share in shares {
                if let Some(value) = sample
                    .quantile(share)
                    .map(four_digits)
                    .filter(|value| !known.contains(&(sign, value.to_bits())))
                {
                    known.push((sign, value.to_bits()));
                    add(
                        format!("{name} {sign} {value}"),
                        format!("{name} {word} {value}"),
                        family(*column),
                    );
                }
            }
        }
    }
    let fewest = (survey.n_lines / 2000).max(20);
    let mut of_column: BTreeMap<FieldId, Vec<(u64, &str)>> = BTreeMap::new();
    for ((column, value), lines) in survey.codes.iter().filter(|(_, lines)| **lines >= fewest) {
        of_column.entry(*column).or_default().push((*lines, value));
    }
    for (column, mut values) in of_column {
        values.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
        for (_, value) in values.iter().take(MOST_VALUES) {
            add(
                is(column, value),
                format!("{} {value}", column.name()),
                family(column),
            );
        }
    }
    let mut pairs: Vec<_> = survey
        .pairs
        .iter()
        .filter(|(_, lines)| **lines >= fewest)
        .collect();
    pairs.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
    for ((country, place, goods, what), _) in pairs.into_iter().take(MOST_PAIRS) {
        let when = format!("{}\n  AND {}", is(*goods, what), is(*country, place));
        add(
            when,
            format!("{} {what} with {} {place}", goods.name(), country.name()),
            Family::Routing,
        );
    }
    all
}

fn is(column: FieldId, value: &str) -> String {
    let text = value.replace('\'', "''");
    match column {
        field::HTS_NUMBER => format!("hts_number LIKE '{text}%'"),
        _ => format!("{} = '{text}'", column.name()),
    }
}

/// What a candidate is about, and where its shipments lie.
struct Tried {
    title: String,
    when: String,
    params: BTreeMap<String, f64>,
    family: Family,
    shipments: Vec<u32>,
    train: Counts,
    validation: Counts,
    lift: f64,
    low: f64,
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
    let active = active_shipments(collected, session, layout);
    let mut taken: Vec<Tried> = Vec::new();
    for tried in found {
        let says_the_same = |known: &[u32]| overlap(&tried.shipments, known) >= SAME;
        if taken.len() < MOST
            && !taken.iter().any(|known| says_the_same(&known.shipments))
            && !active.iter().any(|known| says_the_same(known))
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

/// The shipments of each active rule.
fn active_shipments(
    collected: &Collected,
    session: &Session<'_>,
    layout: &Layout,
) -> Vec<Vec<u32>> {
    let mut of_rule = vec![Vec::new(); collected.rules.rules.len()];
    for (profile, shipment) in layout
        .profile_of
        .iter()
        .zip(0_u32..)
        .take(session.evidence.shipments.len())
    {
        for hit in layout.hit_sets.get(layout.profiles[*profile as usize].hits) {
            of_rule[hit.index()].push(shipment);
        }
    }
    let rules = of_rule.into_iter().zip(&collected.rules.rules);
    rules
        .filter(|(_, rule)| rule.is_active())
        .map(|(shipments, _)| shipments)
        .collect()
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

fn draft(session: &Session<'_>, tried: &Tried, n_tried: usize, number: usize, base: f64) -> Mined {
    let id = format!("M-{number:02}");
    #[expect(clippy::cast_possible_truncation, reason = "points, clamped")]
    let points = (10.0 * tried.low.log2()).round().clamp(1.0, 30.0) as i32;
    let (first, last) = period(session, &tried.shipments);
    let percent = |share: Option<f64>| format!("{:.1} %", 100.0 * share.unwrap_or(0.0));
    let reason = format!(
        "Mined from outcomes of {first} to {last}, nobody has said yet why it should hold. Trained on: {} of {} inspected shipments are bad ({}, of all {}), lift {:.2}, at least {:.2} after Bonferroni's correction for {n_tried} conditions tried. Later: {} of {}.",
        tried.train.bad,
        tried.train.inspected,
        percent(tried.train.precision()),
        percent(Some(base)),
        tried.lift,
        tried.low,
        tried.validation.bad,
        tried.validation.inspected
    );
    let params: Vec<String> = tried
        .params
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let text = format!(
        "id: {id}\nname: mined-{number:02}\ntitle: '{}'\ntheme: {}\nlevel: component\nfamily: {}\nseverity: low\npoints: {points}\nstatus: draft\nreason: >-\n  {reason}\nversion: 1\nwhen: |\n  {}\nparams: {{{}}}\n",
        tried.title.replace('\'', "''"),
        theme(session, &tried.shipments),
        tried.family,
        tried.when,
        params.join(", ")
    );
    Mined {
        path: format!("mined/{id}.yaml"),
        id,
        when: tried.when.split_whitespace().collect::<Vec<_>>().join(" "),
        train: tried.train,
        validation: tried.validation,
        lift: tried.lift,
        lift_low: tried.low,
        text,
    }
}

/// The first and last day of the shipments.
fn period(session: &Session<'_>, shipments: &[u32]) -> (String, String) {
    let days = shipments
        .iter()
        .map(|shipment| session.evidence.shipments[*shipment as usize].day);
    let mut days: Vec<i32> = days.filter(|day| *day != crate::batch::NULL_DATE).collect();
    days.sort_unstable();
    let said = |day: Option<&i32>| day.map_or("no day".to_owned(), |day| format_date(*day));
    (said(days.first()), said(days.last()))
}

/// The theme of all its bad shipments, where it is one.
fn theme(session: &Session<'_>, shipments: &[u32]) -> Theme {
    let mut themes = u8::MAX;
    for shipment in shipments {
        if let Found::Bad(of) = session.evidence.shipments[*shipment as usize].found {
            themes &= of;
        }
    }
    let position = SCORED_THEMES
        .iter()
        .zip(0..)
        .find(|(_, bit)| themes == 1 << bit);
    position.map_or(Theme::Cross, |(theme, _)| *theme)
}
