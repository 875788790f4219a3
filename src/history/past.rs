//! Filings as events: from when, and until when, they count.

use super::corrections::Corrections;
use super::extract::{About, Mark, Outcome, theme_code};
use super::moment::{Moment, NEVER, day_of, end_of, start_of};
use super::sweep::Event;
use crate::rules::feature::Feature;
use crate::rules::vocabulary::FeatureKind;

/// A filing of a key, of this run or of the store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filing {
    /// Its key.
    pub key: u64,
    /// When it came.
    pub moment: Moment,
    /// Its stage, and what it does to earlier filings.
    pub mark: Mark,
    /// Its line.
    pub line: u64,
    /// Its shipment where it names no line, so that it speaks of the whole; else 0.
    pub whole: u64,
    /// What rows it is no history of: those of the line or shipment of this name; 0 where there are none.
    pub own: u64,
    /// What counts once.
    pub unit: u64,
    /// Its shipment, where that matters.
    pub shipment: u64,
    /// Its value: bits of a number, or a hash.
    pub item: u64,
    /// What was found, for features that ask.
    pub outcome: Option<Outcome>,
}

/// Passes over filings that cannot change an answer: a key that was seen stays seen. Filings come by key and moment.
#[derive(Debug)]
pub struct Needed<'a> {
    corrections: &'a Corrections,
    /// The feature asks for the first filing alone.
    first_only: bool,
    /// The key whose first filings that stand for good were met, and of whom they are.
    key: u64,
    settled: Settled,
}

/// Of whom filings were met: a row has two names, its line and its shipment, so that of three filings of different names one is
/// history for it, and any of nobody that asks is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settled {
    names: [u64; 2],
    is_done: bool,
}

impl Settled {
    /// Takes in a filing that is no history of rows of a name; says whether there is now one for every row.
    pub fn add(&mut self, own: u64) -> bool {
        let free = self
            .names
            .iter_mut()
            .find(|name| **name == 0 || **name == own);
        match free {
            Some(name) if own != 0 => *name = own,
            _ => self.is_done = true,
        }
        self.is_done
    }
}

impl<'a> Needed<'a> {
    /// Before the first filing.
    pub fn new(feature: &Feature, corrections: &'a Corrections) -> Self {
        let is_first = feature.kind == FeatureKind::FirstSeenDays;
        Self {
            corrections,
            first_only: is_first && feature.window_days.is_none(),
            key: 0,
            settled: Settled::default(),
        }
    }

    /// Whether filings of a mark are passed over under a key, since those that were met say all.
    pub fn passes_over(&self, key: u64, mark: Mark) -> bool {
        // One that replaces another stands at the day of that, which can be the first.
        self.first_only && mark.rank() == 0 && self.key == key && self.settled.is_done
    }

    /// Whether a filing is needed.
    pub fn takes(&mut self, filing: &Filing) -> bool {
        if !self.first_only || filing.mark.rank() > 0 {
            return true;
        }
        if self.passes_over(filing.key, filing.mark) {
            return false;
        }
        if self.key != filing.key {
            (self.key, self.settled) = (filing.key, Settled::default());
        }
        let name = filing.mark.filing(filing.line);
        let version = filing.mark.version(filing.moment);
        if self.corrections.end_of(name, version) == NEVER {
            self.settled.add(filing.own);
        }
        true
    }
}

/// The events of the filings of one key; those that remove others are none.
pub fn events(
    feature: &Feature,
    filings: &[Filing],
    corrections: &Corrections,
    events: &mut Vec<Event>,
) {
    events.clear();
    // When a line was first filed could show in outcomes that are known later only: they stand at their own day.
    let is_corrected = feature.kind != FeatureKind::OutcomeRate
        && !corrections.is_empty()
        && filings.iter().any(|filing| filing.mark.rank() == 1);
    let labels = Labels::of(feature, filings);
    for filing in filings {
        let at = match is_corrected && filing.mark.rank() == 1 {
            true => first_filed(filings, filing),
            false => filing.moment,
        };
        events.extend(event(feature, filing, at, corrections, &labels));
    }
}

/// The days of the labels of each line: a later label stands instead of an earlier one, and what is said of a line
/// instead of what is said of its shipment.
struct Labels(Vec<(u64, About, i32)>);

impl Labels {
    fn of(feature: &Feature, filings: &[Filing]) -> Self {
        let label = |filing: &Filing| {
            let outcome = filing.outcome.filter(|outcome| takes(feature, *outcome))?;
            (outcome.about != About::Row).then_some((filing.line, outcome.about, outcome.day))
        };
        let mut days: Vec<_> = filings.iter().filter_map(label).collect();
        days.sort_unstable();
        days.dedup();
        Self(days)
    }

    /// The day on which what stands instead of a label was known; none where nothing does.
    fn replaced_on(&self, line: u64, outcome: Outcome) -> Option<i32> {
        let first_after = |about: About, day: i32| {
            let next = self.0.partition_point(|label| *label < (line, about, day));
            let (of, what, day) = *self.0.get(next)?;
            (of == line && what == about).then_some(day)
        };
        let later = || first_after(outcome.about, outcome.day.saturating_add(1));
        match outcome.about {
            About::Row => None,
            About::Line => later(),
            About::Shipment => [later(), first_after(About::Line, i32::MIN)]
                .into_iter()
                .flatten()
                .min(),
        }
    }
}

/// Whether a feature takes an outcome, by its theme.
fn takes(feature: &Feature, outcome: Outcome) -> bool {
    feature.theme.is_none() || theme_code(feature.theme) == outcome.theme
}

/// When the line was first filed under its key: a filing that replaces another stands at the day of that.
fn first_filed(filings: &[Filing], filing: &Filing) -> Moment {
    let name = filing.mark.filing(filing.line);
    let same = filings
        .iter()
        .filter(|other| other.mark.rank() < 2 && other.mark.filing(other.line) == name);
    let moments = same.map(|other| other.moment);
    moments.min().unwrap_or(filing.moment)
}

fn event(
    feature: &Feature,
    filing: &Filing,
    at: Moment,
    corrections: &Corrections,
    labels: &Labels,
) -> Option<Event> {
    let day = day_of(at);
    let mut enter = filing.moment;
    if feature.skip_days > 0 {
        enter = enter.max(before(
            day.saturating_add_unsigned(feature.skip_days)
                .saturating_add(1),
        ));
    }
    let mut exit = match (feature.kind, feature.window_days) {
        // The mean of a spike reaches back to the beginning.
        (FeatureKind::Spike, _) | (_, None) => NEVER,
        (_, Some(days)) => end_of(day.saturating_add_unsigned(days)),
    };
    let name = || filing.mark.filing(filing.line);
    let version = filing.mark.version(filing.moment);
    let mut is_bad = false;
    if feature.kind == FeatureKind::OutcomeRate {
        let outcome = filing.outcome.filter(|outcome| takes(feature, *outcome))?;
        let known = |day: i32| before(day.saturating_add_unsigned(feature.mature_days.max(1)));
        enter = enter.max(known(outcome.day));
        is_bad = outcome.is_bad;
        // A label speaks of the filings that stood when it was known.
        if outcome.about != About::Row && !corrections.is_empty() {
            let replaced_at = corrections.replaced_at(name(), version);
            if replaced_at <= end_of(outcome.day) {
                return None;
            }
        }
        // What was found stays found, whatever is filed afterwards; only another label says something else.
        if let Some(day) = labels.replaced_on(filing.line, outcome) {
            exit = exit.min(known(day));
        }
    } else {
        let rank = filing.mark.rank();
        if rank == 2 {
            return None;
        }
        if !corrections.is_empty() {
            exit = exit.min(corrections.end_of(name(), version));
        }
    }
    Some(Event {
        at,
        enter,
        exit,
        unit: filing.unit,
        own: filing.own,
        shipment: filing.shipment,
        item: filing.item,
        is_bad,
    })
}

/// The moment after which a day begins.
fn before(day: i32) -> Moment {
    start_of(day) - 1
}
