//! The dull reading of features: for each row, a look at every other row.

use ch24::rules::RuleSet;
use ch24::rules::vocabulary::FeatureKind;
use std::collections::{BTreeMap, BTreeSet};

/// A line as the test knows it.
#[derive(Clone)]
pub struct Line {
    pub importer: Option<u8>,
    pub origin: Option<u8>,
    pub value: Option<u8>,
    pub entry: u8,
    /// 0: the row names no line.
    pub number: u8,
    /// Where the row stands, which names what has no number.
    pub place: usize,
    pub is_release: bool,
    pub component: u8,
    pub pieces: u8,
    pub day: Option<u8>,
    pub hour: Option<u8>,
    pub action: Option<char>,
    pub outcome: Option<(bool, u8, bool)>,
}

pub const HEADER: &str = "evidence_stage,importer_of_record_number,country_of_origin,entered_value_usd,entry_number,entry_line_number,component_seq,component_quantity,date_of_import,received_at,record_action,outcome,outcome_date,outcome_theme\n";
pub const ORIGINS: [&str; 3] = ["MX", "CA", "PE"];

impl std::fmt::Debug for Line {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.csv())
    }
}

impl Line {
    pub fn csv(&self) -> String {
        let day = |day: u8| format!("2026-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
        let text = |value: Option<String>| value.unwrap_or_default();
        [
            (["entry_summary", "release"][usize::from(self.is_release)]).to_owned(),
            text(
                self.importer
                    .map(|importer| format!("99-000000{importer}AA")),
            ),
            text(
                self.origin
                    .map(|origin| ORIGINS[origin as usize].to_owned()),
            ),
            text(self.value.map(|value| format!("{value}.1"))),
            format!("ABC{:08}", self.entry),
            text((self.number > 0).then(|| self.number.to_string())),
            self.component.to_string(),
            self.pieces.to_string(),
            text(self.day.map(day)),
            text(
                self.day
                    .zip(self.hour)
                    .map(|(at, hour)| format!("{}T{hour:02}:00:00Z", day(at))),
            ),
            text(self.action.map(String::from)),
            text(
                self.outcome
                    .map(|(bad, ..)| if bad { "bad" } else { "ok" }.to_owned()),
            ),
            text(self.outcome.map(|(_, known, _)| day(known))),
            text(
                self.outcome
                    .map(|(_, _, fish)| if fish { "iuu" } else { "timber" }.to_owned()),
            ),
        ]
        .join(",")
            + "\n"
    }

    /// The outcome as a label of the line, which names the shipment half of the time.
    pub fn label(&self) -> Option<String> {
        let (bad, known, fish) = self.outcome?;
        let entry = format!("ABC{:08}", self.entry);
        Some(format!(
            "{entry}-{},{},{},2026-{:02}-{:02},{}\n",
            self.number,
            if known % 2 == 0 { &entry } else { "" },
            if bad { "bad" } else { "ok" },
            1 + known / 28,
            1 + known % 28,
            if fish { "iuu" } else { "timber" }
        ))
    }

    /// Day and, where it is known, hour.
    pub fn when(&self) -> Option<(i32, Option<i32>)> {
        // Days of the test run on over months of 28 days.
        let day = i32::from(self.day?);
        let real = |day: i32| day + if day >= 28 { 3 } else { 0 };
        Some((real(day), self.hour.map(i32::from).filter(|hour| *hour > 0)))
    }

    /// The line, whatever its stage.
    pub fn line(&self) -> (u8, u8, usize) {
        let place = if self.number == 0 { self.place } else { 0 };
        (self.entry, self.number, place)
    }

    /// The line at its stage: what corrections of it are about.
    pub fn filing(&self) -> ((u8, u8, usize), bool) {
        (self.line(), self.is_release)
    }

    /// Whether what was filed here was filed of a row itself, at another stage or in another version.
    pub fn is_of(&self, asked: &Line) -> bool {
        self.line() == asked.line() || (self.number == 0 && self.entry == asked.entry)
    }

    /// Whether a correction reaches a filing: one that names no line is about all of the entry at its stage.
    fn reaches(&self, filing: &Line) -> bool {
        let whole = (self.number, self.entry, self.is_release);
        self.filing() == filing.filing() || whole == (0, filing.entry, filing.is_release)
    }
}

pub fn is_before(earlier: &Line, later: &Line) -> bool {
    match (earlier.when(), later.when()) {
        (Some((day, _)), Some((other, _))) if day != other => day < other,
        (Some((_, Some(hour))), Some((_, Some(other)))) => hour < other,
        _ => false,
    }
}

/// In which order filings of one line replace one another: one without a time of receipt came before any with one.
pub fn order(line: &Line) -> Option<(Option<(i32, i32)>, u8, i32)> {
    let (day, hour) = line.when()?;
    let rank = match line.action {
        Some('D') => 2,
        Some('U' | 'R') => 1,
        _ => 0,
    };
    let received = line.hour.map(|_| (day, hour.unwrap_or(99)));
    Some((received, rank, day))
}

/// Whether a filing stands as of a row: nothing before the row replaced or removed it.
pub fn stands(lines: &[Line], filing: &Line, asked: &Line) -> bool {
    filing.action != Some('D')
        && !lines.iter().any(|other| {
            other.reaches(filing)
                && matches!(other.action, Some('D' | 'U' | 'R'))
                && is_before(other, asked)
                && order(other) > order(filing)
        })
}

/// Values and support of every feature on a row, by name.
#[expect(clippy::too_many_lines, reason = "one arm per kind")]
pub fn naive(
    rules: &RuleSet,
    lines: &[Line],
    asked: &Line,
) -> BTreeMap<String, (Option<f64>, f64)> {
    let mut found = BTreeMap::new();
    for feature in &rules.features {
        let key = |line: &Line| -> Option<(u8, u8)> {
            match feature.name.as_str() {
                "pieces" | "others" | "quantile" | "bad" => Some((line.origin?, 9)),
                "shipments" => Some((line.importer?, line.origin?)),
                _ => Some((line.importer?, 9)),
            }
        };
        let (Some(own), Some((today, _))) = (key(asked), asked.when()) else {
            found.insert(feature.name.clone(), (None, f64::INFINITY));
            continue;
        };
        let first_filed = |line: &Line| {
            let same = lines.iter().filter(|other| {
                other.filing() == line.filing() && key(other) == Some(own) && other.when().is_some()
            });
            let firsts = same.filter(|other| other.action != Some('D') && counts(feature, other));
            match line.action {
                Some('U' | 'R') if feature.kind != FeatureKind::OutcomeRate => {
                    firsts.filter_map(Line::when).map(|first| first.0).min()
                }
                _ => line.when().map(|(day, _)| day),
            }
        };
        let days_ago = |line: &Line| today - first_filed(line).unwrap_or(today);
        let window = |line: &Line| {
            let ago = days_ago(line);
            let is_late = feature.skip_days > 0 && ago <= i32::try_from(feature.skip_days).unwrap();
            let is_old = feature.kind != FeatureKind::Spike
                && feature
                    .window_days
                    .is_some_and(|days| ago > i32::try_from(days).unwrap());
            !is_late && !is_old
        };
        let past: Vec<&Line> = lines
            .iter()
            .filter(|line| key(line) == Some(own) && is_before(line, asked) && window(line))
            .filter(|line| counts(feature, line))
            .filter(|line| feature.kind == FeatureKind::OutcomeRate || !line.is_of(asked))
            .collect();
        let standing = || {
            past.iter()
                .copied()
                .filter(|line| stands(lines, line, asked))
        };
        let units = |lines: &mut dyn Iterator<Item = &Line>| {
            lines.map(Line::line).collect::<BTreeSet<_>>().len()
        };
        let answer = match feature.kind {
            FeatureKind::FirstSeenDays => (standing().map(days_ago).max().map(f64::from), 1.0),
            FeatureKind::Count if feature.name == "shipments" => {
                let entries: BTreeSet<_> = standing().map(|line| line.entry).collect();
                (Some(entries.len() as f64), 1.0)
            }
            FeatureKind::Count => (Some(units(&mut standing()) as f64), 1.0),
            FeatureKind::Sum => {
                let mut latest: BTreeMap<_, (Option<_>, u8)> = BTreeMap::new();
                for line in standing() {
                    let (component, amount) = match feature.name.as_str() {
                        "pieces" => (line.component, line.pieces),
                        _ => (0, line.value.unwrap()),
                    };
                    let when = line.when().map(|(day, hour)| (day, hour.unwrap_or(99)));
                    let slot = latest.entry((line.line(), component)).or_default();
                    *slot = (*slot).max((when, amount));
                }
                let tenth = if feature.name == "pieces" { 0 } else { 100_000 };
                let sum: i64 = latest
                    .values()
                    .map(|(_, amount)| i64::from(*amount) * 1_000_000 + tenth)
                    .sum();
                (Some(sum as f64 / 1e6), 1.0)
            }
            FeatureKind::Distinct => {
                let origins: BTreeSet<_> = standing().map(|line| line.origin).collect();
                (Some(origins.len() as f64), 1.0)
            }
            FeatureKind::Repeat => {
                let importers: BTreeSet<_> = standing().map(|line| line.importer).collect();
                let others = importers.iter().filter(|other| **other != asked.importer);
                (asked.importer.map(|_| others.count() as f64), 1.0)
            }
            FeatureKind::PeerQuantile => {
                let mut latest: BTreeMap<_, (Option<_>, u8)> = BTreeMap::new();
                for line in standing() {
                    let when = line.when().map(|(day, hour)| (day, hour.unwrap_or(99)));
                    let slot = latest.entry(line.line()).or_default();
                    *slot = (*slot).max((when, line.value.unwrap()));
                }
                let n = latest.len();
                let share = |own: u8| {
                    let smaller = latest.values().filter(|(_, value)| *value < own).count();
                    smaller as f64 / n as f64
                };
                let value = asked.value.filter(|_| n >= 2).map(share);
                (value, n as f64)
            }
            FeatureKind::Spike => {
                // A line that is filed again counts by its latest filing.
                let mut latest: BTreeMap<_, (Option<_>, i32)> = BTreeMap::new();
                for line in standing() {
                    let when = line.when().map(|(day, hour)| (day, hour.unwrap_or(99)));
                    let slot = latest.entry(line.line()).or_default();
                    *slot = (*slot).max((when, days_ago(line)));
                }
                let ago = || latest.values().map(|(_, ago)| *ago);
                let recent = ago().filter(|ago| *ago <= 4).count();
                let before = ago().filter(|ago| *ago > 4).count();
                let days = ago().map(|ago| ago - 4).max().unwrap_or(0);
                let rate = recent as f64 * f64::from(days) / (before as f64 * 4.0);
                (Some(rate).filter(|_| before > 0 && days >= 4), 1.0)
            }
            FeatureKind::OutcomeRate => {
                let known = |line: &&Line, today: i32| {
                    let Some((_, day, fish)) = line.outcome else {
                        return false;
                    };
                    let real = i32::from(day) + if day >= 28 { 3 } else { 0 };
                    let age = i32::try_from(feature.mature_days.max(1)).unwrap();
                    today - real >= age && (feature.theme.is_none() || fish)
                };
                let rate = |lines: &mut dyn Iterator<Item = &Line>| {
                    let mut units: BTreeMap<_, bool> = BTreeMap::new();
                    for line in lines {
                        let unit = if feature.theme.is_some() {
                            (line.entry, 0, 0)
                        } else {
                            line.line()
                        };
                        *units.entry(unit).or_default() |= line.outcome.unwrap().0;
                    }
                    (
                        units.len() as f64,
                        units.values().filter(|bad| **bad).count() as f64,
                    )
                };
                // The prior: every key, as of the day, without the shipment that asks. A row of the day itself is not known yet.
                let mut of_keys = Vec::new();
                let keys: BTreeSet<_> = lines.iter().filter_map(key).collect();
                for other in keys {
                    let of_key = lines.iter().filter(|line| {
                        let Some((day, _)) = line.when() else {
                            return false;
                        };
                        let is_old = feature
                            .window_days
                            .is_some_and(|days| today - day > i32::try_from(days).unwrap());
                        line.entry != asked.entry
                            && key(line) == Some(other)
                            && day < today
                            && !is_old
                            && known(line, today)
                    });
                    of_keys.push(rate(&mut of_key.into_iter()));
                }
                let sum = |of: fn(&(f64, f64)) -> f64| of_keys.iter().map(of).sum::<f64>();
                let all = (sum(|(n, _)| *n), sum(|(_, bad)| *bad));
                let others = past
                    .iter()
                    .copied()
                    .filter(|line| line.entry != asked.entry && known(line, today));
                let (n, bad) = rate(&mut others.into_iter());
                let strength = feature.prior_strength.unwrap_or_else(|| strength(&of_keys));
                let value = (bad + strength * (all.1 / all.0)) / (n + strength);
                let is_known = n >= f64::from(feature.min_support) && all.0 > 0.0;
                (Some(value).filter(|_| is_known), n)
            }
            FeatureKind::External => (None, 0.0),
        };
        found.insert(feature.name.clone(), answer);
    }
    found
}

/// Whether a filing adds to a feature at all, whatever its date.
pub fn counts(feature: &ch24::rules::feature::Feature, line: &Line) -> bool {
    match feature.name.as_str() {
        "lines_before" => line.value.is_some_and(|value| value >= 20),
        "value" | "quantile" => line.value.is_some(),
        "origins" => line.origin.is_some(),
        "others" => line.importer.is_some(),
        "bad" | "bad_fish" | "bad_data" => line.outcome.is_some(),
        _ => true,
    }
}

/// The weight of the prior from how much keys differ: units of each key, and bad ones.
fn strength(of_keys: &[(f64, f64)]) -> f64 {
    let sum = |of: fn(&(f64, f64)) -> f64| of_keys.iter().map(of).sum::<f64>();
    let pairs = sum(|(n, _)| n * (n - 1.0));
    let share = sum(|(n, bad)| bad * (n - 1.0)) / pairs;
    if pairs < 100.0 || share * (1.0 - share) <= 0.0 {
        return 10.0;
    }
    let both = sum(|(_, bad)| bad * (bad - 1.0)) / pairs;
    let correlation = (both - share * share) / (share * (1.0 - share));
    if correlation <= 0.0 {
        return 1000.0;
    }
    (1.0 / correlation - 1.0).clamp(1.0, 1000.0)
}
