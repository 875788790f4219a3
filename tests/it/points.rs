//! Points and lanes of a line against a dull reading of section 5 of the design.

use crate::support::{Files, load_files};
use ch24::rules::vocabulary::{Family, Floor, Status, Theme};
use ch24::rules::{RuleId, RuleSet, SCORED_THEMES};
use ch24::score::Scores;
use ch24::select::{Lane, judge};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};

/// What a line is worth.
#[derive(Debug, PartialEq)]
struct Worth {
    hits: Vec<RuleId>,
    theme_scores: [u8; 3],
    score: u8,
    points_total: i32,
    families: usize,
    floor: Option<Floor>,
    lane: Lane,
    themes: BTreeSet<usize>,
}

/// The themes that a hit counts for.
fn themes_of(theme: Theme, scopes: u8) -> Vec<usize> {
    let mut themes = Vec::new();
    for (position, scored) in SCORED_THEMES.iter().enumerate() {
        let is_in_scope = scopes & (1 << position) != 0;
        if theme == *scored || (theme == Theme::Cross && is_in_scope) {
            themes.push(position);
        }
    }
    themes
}

/// Points that mitigating rules may reach, and points that they may not.
fn split(points: &BTreeMap<Family, i32>) -> (i32, i32) {
    let (mut soft, mut hard) = (0, 0);
    for (family, points) in points {
        match family {
            Family::Price | Family::Quantity | Family::Routing | Family::Entity => soft += points,
            Family::Document | Family::Species | Family::List | Family::History => hard += points,
        }
    }
    (soft, hard)
}

fn worth(rules: &RuleSet, hits: &[RuleId], scopes: u8) -> Worth {
    let policy = &rules.policy.file;
    let active: Vec<_> = hits
        .iter()
        .copied()
        .filter(|hit| rules.rule(*hit).status == Status::Active)
        .collect();
    let mut worth = Worth {
        hits: active.clone(),
        theme_scores: [0; 3],
        score: 0,
        points_total: 0,
        families: 0,
        floor: None,
        lane: Lane::Green,
        themes: BTreeSet::new(),
    };
    let mut best = (Lane::Green, 0, 0);
    for theme in 0..3 {
        let mut points: BTreeMap<Family, i32> = BTreeMap::new();
        let (mut mitigation, mut has_floor) = (0, false);
        for hit in &active {
            let rule = rules.rule(*hit);
            if !themes_of(rule.theme, scopes).contains(&theme) {
                continue;
            }
            if rule.mitigates {
                mitigation += rule.points;
            } else {
                *points.entry(rule.family).or_default() += rule.points;
                has_floor |= rule.floor.is_some();
            }
        }
        let n_families = points.len();
        for (family, points) in &mut points {
            *points = (*points).min(policy.families[family]);
        }
        let (soft, hard) = split(&points);
        let score = (hard + (soft - mitigation.min(policy.mitigation_cap)).max(0)).min(100);
        let reaches =
            |min_score, min_families| score >= min_score && n_families >= min_families as usize;
        let lane = if reaches(policy.red.min_score, policy.red.min_families) {
            Lane::Red
        } else if reaches(policy.yellow.min_score, policy.yellow.min_families) {
            Lane::Yellow
        } else {
            Lane::Green
        };
        worth.theme_scores[theme] = u8::try_from(score).unwrap();
        best = best.max((lane, score, n_families));
        if score > 0 || has_floor {
            worth.themes.insert(theme);
        }
    }
    worth.score = *worth.theme_scores.iter().max().unwrap();
    worth.families = best.2;
    worth.lane = best.0;
    let mut points: BTreeMap<Family, i32> = BTreeMap::new();
    let mut mitigation = 0;
    for hit in &active {
        let rule = rules.rule(*hit);
        if themes_of(rule.theme, scopes).is_empty() {
            continue;
        }
        if rule.mitigates {
            mitigation += rule.points;
            continue;
        }
        *points.entry(rule.family).or_default() += rule.points;
        worth.floor = worth.floor.max(rule.floor);
        match rule.floor {
            Some(Floor::Examine) => worth.lane = Lane::Red,
            Some(Floor::Review) if worth.lane == Lane::Green => worth.lane = Lane::Yellow,
            _ => {}
        }
    }
    let (soft, hard) = split(&points);
    worth.points_total = hard + (soft - mitigation.min(policy.mitigation_cap)).max(0);
    worth
}

fn rule() -> impl Strategy<Value = String> {
    let families: Vec<_> = Family::ALL.iter().map(|family| family.as_str()).collect();
    let themes = select(vec![
        "timber", "timber", "wildlife", "iuu", "cross", "cross",
    ]);
    let floors = select(vec!["", "", "", "", "floor: review\n", "floor: examine\n"]);
    let statuses = select(vec!["active", "active", "active", "draft", "rejected"]);
    (themes, select(families), 1..=100, floors, statuses, prop::bool::weighted(0.25)).prop_map(
        |(theme, family, points, floor, status, mitigates)| {
            let mitigates = mitigates && !["document", "species", "list"].contains(&family);
            format!(
                "id: R-@\nname: rule-@\ntitle: Rule\ntheme: {theme}\nfamily: {family}\nseverity: low\npoints: {points}\n\
                 {floor}status: {status}\nmitigates: {mitigates}\nwhen: 'TRUE'\n"
            )
        },
    )
}

fn policy() -> impl Strategy<Value = String> {
    let caps = prop::collection::vec(1..120, Family::ALL.len());
    (caps, 0..60, 1..=100, 0..=100, 1..4, 1..4).prop_map(|(caps, mitigation, red, part, n_red, n_yellow)| {
        let caps: Vec<_> = Family::ALL.iter().zip(caps).map(|(family, cap)| format!("{family}: {cap}")).collect();
        let yellow = red * part / 100;
        format!(
            "families: {{{}}}\nmitigation_cap: {mitigation}\nlanes:\n  red: {{min_score: {red}, min_families: {n_red}}}\n  \
             yellow: {{min_score: {yellow}, min_families: {n_yellow}}}\n",
            caps.join(", ")
        )
    })
}

/// Scores of lines with these hits and scopes.
fn scores(rules: &RuleSet, lines: &[(u64, u8)]) -> Scores {
    let mut scores = Scores::default();
    for (bits, scopes) in lines {
        scores
            .hits
            .extend(rules.ids().filter(|id| bits >> id.index() & 1 == 1));
        scores.ends.push(u32::try_from(scores.hits.len()).unwrap());
        scores.scopes.push(scopes & 7);
    }
    scores
}

proptest! {
    #![proptest_config(crate::config(256))]

    #[test]
    fn verdicts_agree(
        rules in prop::collection::vec(rule(), 0..14),
        policy in prop::option::of(policy()),
        lines in prop::collection::vec((any::<u64>(), any::<u8>()), 0..20),
    ) {
        let mut files: Files = policy.into_iter().map(|policy| ("policy.yaml".to_owned(), policy)).collect();
        for (position, rule) in rules.iter().enumerate() {
            files.push((format!("rules/{position}.yaml"), rule.replacen('@', &format!("{position:02}"), 2)));
        }
        files.push(("rules/none.yaml".to_owned(), rule_that_never_counts()));
        let rules = load_files(&files);
        let scores = scores(&rules, &lines);
        let judged = judge(&rules, &scores);
        prop_assert_eq!(judged.verdict_of_row.len(), lines.len());
        for row in 0..lines.len() {
            let verdict = judged.of_row(row);
            let found = Worth {
                hits: verdict.hits.clone(),
                theme_scores: verdict.theme_scores,
                score: verdict.score,
                points_total: verdict.points_total,
                families: usize::from(verdict.families),
                floor: verdict.floor,
                lane: verdict.lane,
                themes: (0..3).filter(|theme| verdict.themes >> theme & 1 == 1).collect(),
            };
            prop_assert_eq!(found, worth(&rules, scores.hits_of(row), scores.scopes[row]), "row {}", row);
            let drafts = scores.hits_of(row).iter().filter(|hit| rules.rule(**hit).status == Status::Draft);
            prop_assert_eq!(&verdict.drafts, &drafts.copied().collect::<Vec<_>>());
        }
    }
}

/// A pack may not be empty of files.
fn rule_that_never_counts() -> String {
    "id: Z-1\nname: z\ntitle: Z\ntheme: iuu\nfamily: list\nseverity: low\npoints: 1\nstatus: retired\nwhen: 'FALSE'\n".to_owned()
}
