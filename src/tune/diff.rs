//! Two packs -> what changed, as a reviewer would say it.

use crate::batch::NULL_DATE;
use crate::normalize::date::format_date;
use crate::rules::feature::Feature;
use crate::rules::lists::{List, ListCell};
use crate::rules::yaml::PolicyFile;
use crate::rules::{Rule, RuleSet};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What changed between two packs. Order of files, spelling of YAML and comments do not count.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PackDiff {
    /// Rules of the second that the first does not have: id and title.
    pub added: Vec<(String, String)>,
    /// Rules of the first that the second does not have.
    pub removed: Vec<(String, String)>,
    /// Rules that both have, and that are not the same.
    pub changed: Vec<ChangedRule>,
    /// Policy, derived names, history features, lookouts and suppressions.
    pub settings: Vec<Change>,
    /// Lists that are not the same.
    pub lists: Vec<ChangedList>,
}

/// A rule that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedRule {
    /// Its id.
    pub id: String,
    /// Its title in the second.
    pub title: String,
    /// What changed.
    pub changes: Vec<Change>,
}

/// Something that was, and is now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What it is called in the pack.
    pub key: String,
    /// Before; none where it is new.
    pub before: Option<String>,
    /// After; none where it is gone.
    pub after: Option<String>,
    /// False for what people read only: hits and scores stay.
    pub moves_scores: bool,
}

/// A list that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedList {
    /// Its name.
    pub name: String,
    /// Rows that are new, as written in the list.
    pub added: Vec<String>,
    /// Rows that are gone.
    pub removed: Vec<String>,
}

impl PackDiff {
    /// Compares two packs.
    pub fn new(before: &RuleSet, after: &RuleSet) -> Self {
        let (old, new) = (rules_of(before), rules_of(after));
        let only = |these: &BTreeMap<&str, &Rule>, others: &BTreeMap<&str, &Rule>| {
            let only = these
                .values()
                .filter(|rule| !others.contains_key(rule.id.as_str()));
            only.map(|rule| (rule.id.clone(), rule.title.clone()))
                .collect()
        };
        let changed = old.values().filter_map(|rule| {
            let after = new.get(rule.id.as_str())?;
            let changes = changes(rule, after);
            (!changes.is_empty()).then(|| ChangedRule {
                id: rule.id.clone(),
                title: after.title.clone(),
                changes,
            })
        });
        Self {
            added: only(&new, &old),
            removed: only(&old, &new),
            changed: changed.collect(),
            settings: settings(before, after),
            lists: lists(before, after),
        }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn rules_of(pack: &RuleSet) -> BTreeMap<&str, &Rule> {
    let all = pack.rules.iter().chain(&pack.shelved);
    all.map(|rule| (rule.id.as_str(), rule)).collect()
}

/// The keys of a rule with their values as text, params apart; the first ones move scores.
fn keys(rule: &Rule) -> (Vec<(&'static str, String)>, Vec<(&'static str, String)>) {
    let stages = rule.stages.iter().map(|stage| stage.as_str());
    let texts = &rule.texts;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let moving = vec![
        ("status", rule.status.as_str().to_owned()),
        ("points", rule.points.to_string()),
        (
            "floor",
            rule.floor
                .map_or(String::new(), |floor| floor.as_str().to_owned()),
        ),
        ("theme", rule.theme.as_str().to_owned()),
        ("family", rule.family.as_str().to_owned()),
        ("level", rule.level.as_str().to_owned()),
        ("mitigates", rule.mitigates.to_string()),
        ("stages", stages.collect::<Vec<_>>().join(", ")),
        ("when", squeezed(&rule.when)),
        ("verify", texts.verify.join(", ")),
        ("refer_to", texts.refer_to.join(", ")),
    ];
    let read = vec![
        ("name", rule.name.clone()),
        ("title", rule.title.clone()),
        ("severity", rule.severity.as_str().to_owned()),
        ("version", rule.version.to_string()),
        ("owner", text(&texts.owner)),
        ("review_by", text(&texts.review_by)),
        ("question", text(&texts.question)),
        ("examine", texts.examine.join(", ")),
        ("legal_basis", texts.legal_basis.join(", ")),
        ("why", text(&texts.why)),
        ("clears", text(&texts.clears)),
        ("false_positives", texts.false_positives.join(", ")),
        ("sources", texts.sources.join(", ")),
        ("reason", text(&texts.reason)),
    ];
    (moving, read)
}

fn changes(before: &Rule, after: &Rule) -> Vec<Change> {
    let ((old_moving, old_read), (new_moving, new_read)) = (keys(before), keys(after));
    let pairs =
        |old: Vec<(&'static str, String)>, new: Vec<(&'static str, String)>, moves_scores: bool| {
            let pairs = old.into_iter().zip(new).filter(|(old, new)| old.1 != new.1);
            pairs
                .map(|((key, old), (_, new))| change(key, Some(old), Some(new), moves_scores))
                .collect::<Vec<_>>()
        };
    let mut changes = pairs(old_moving, new_moving, true);
    changes.extend(changed_params(before, after));
    changes.extend(pairs(old_read, new_read, false));
    changes
}

/// The params that changed, one by one.
fn changed_params(before: &Rule, after: &Rule) -> Vec<Change> {
    let by_name = |rule: &Rule| -> BTreeMap<String, String> {
        let params = rule.params.iter();
        params
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    };
    let (old, new) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| {
            let key = format!("params.{name}");
            change(&key, old.get(name).cloned(), new.get(name).cloned(), true)
        })
        .collect()
}

fn change(key: &str, before: Option<String>, after: Option<String>, moves_scores: bool) -> Change {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    Change {
        key: key.to_owned(),
        before: said(before),
        after: said(after),
        moves_scores,
    }
}

/// A condition on one line, however it was broken.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn settings(before: &RuleSet, after: &RuleSet) -> Vec<Change> {
    let (old, new) = (settings_of(before), settings_of(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| change(name, old.get(name).cloned(), new.get(name).cloned(), true))
        .collect()
}

fn settings_of(pack: &RuleSet) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    let PolicyFile {
        scopes,
        families,
        mitigation_cap,
        red,
        yellow,
        actions,
        queues,
        capacity,
        random,
        ..
    } = &pack.policy.file;
    for (theme, scope) in scopes {
        known.insert(
            format!("policy: scope of {}", theme.as_str()),
            squeezed(&scope.value),
        );
    }
    for (family, cap) in families {
        known.insert(
            format!("policy: cap of {}", family.as_str()),
            cap.to_string(),
        );
    }
    known.insert(
        "policy: mitigation_cap".to_owned(),
        mitigation_cap.to_string(),
    );
    for (lane, threshold) in [("red", red), ("yellow", yellow)] {
        let text = format!(
            "score {} and {} families",
            threshold.min_score, threshold.min_families
        );
        known.insert(format!("policy: {lane}"), text);
    }
    for (stage, lanes) in actions {
        for (lane, action) in [("red", &lanes.red), ("yellow", &lanes.yellow)] {
            let action = action.clone().unwrap_or_default();
            known.insert(format!("policy: {lane} at {}", stage.as_str()), action);
        }
    }
    for (queue, themes) in queues {
        let themes: Vec<_> = themes.iter().map(|theme| theme.as_str()).collect();
        known.insert(format!("policy: queue {queue}"), themes.join(", "));
    }
    for (number, capacity) in capacity.iter().enumerate() {
        let text = |text: &Option<crate::rules::yaml::Text>| {
            text.as_ref()
                .map_or("any".to_owned(), |text| text.value.clone())
        };
        let count =
            |count: Option<u32>| count.map_or("no limit".to_owned(), |count| count.to_string());
        let (port, queue) = (text(&capacity.port), text(&capacity.queue));
        let limit = format!(
            "port {port}, queue {queue}: red {}, yellow {}",
            count(capacity.red),
            count(capacity.yellow)
        );
        known.insert(format!("policy: capacity {}", number + 1), limit);
    }
    known.insert("policy: random share".to_owned(), random.share.to_string());
    for lookout in &pack.notices.lookouts {
        let text = format!(
            "{} until {}, {}: {}",
            lookout.action,
            lookout.term.until(),
            lookout.owner,
            lookout.reason
        );
        known.insert(lookout.named(), text);
    }
    for suppression in &pack.notices.suppressions {
        let text = format!(
            "until {}, {}: {}",
            suppression.term.until(),
            suppression.approver,
            suppression.reason
        );
        known.insert(suppression.named(), text);
    }
    for derived in &pack.derived {
        known.insert(
            format!("derived: {}", derived.name),
            squeezed(&derived.text),
        );
    }
    for feature in &pack.features {
        known.insert(format!("history: {}", feature.name), feature_text(feature));
    }
    known
}

/// A feature in words; its expressions by a hash, since they are not kept as written.
fn feature_text(feature: &Feature) -> String {
    let expressions = format!("{:?}", (&feature.key, &feature.of, &feature.filter));
    let days = |days: Option<u32>| days.map_or("all".to_owned(), |days| days.to_string());
    format!(
        "{}: {} of each {}, {} days but the last {}, support {}, mature {} days, prior {:?}, theme {:?}, expressions {}",
        feature.meaning,
        feature.kind,
        feature.unit,
        days(feature.window_days),
        feature.skip_days,
        feature.min_support,
        feature.mature_days,
        feature.prior_strength,
        feature.theme,
        &blake3::hash(expressions.as_bytes()).to_hex()[..8],
    )
}

fn lists(before: &RuleSet, after: &RuleSet) -> Vec<ChangedList> {
    let by_name = |pack: &RuleSet| -> BTreeMap<String, List> {
        pack.lists
            .iter()
            .map(|list| (list.name.clone(), list.clone()))
            .collect()
    };
    let (old, new) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (old, new) = (rows_of(old.get(name)), rows_of(new.get(name)));
            let only = |these: &BTreeSet<String>, others: &BTreeSet<String>| {
                these.difference(others).cloned().collect()
            };
            (old != new).then(|| ChangedList {
                name: name.clone(),
                added: only(&new, &old),
                removed: only(&old, &new),
            })
        })
        .collect()
}

/// The rows of a list as text; none where there is no list.
fn rows_of(list: Option<&List>) -> BTreeSet<String> {
    let rows = list.into_iter().flat_map(|list| &list.rows);
    rows.map(|row| {
        let cells = row.cells.iter().map(cell);
        let day = |day: i32, is_open: bool| match is_open {
            true => String::new(),
            false => format_date(day),
        };
        let from = day(row.valid_from, row.valid_from <= i32::MIN + 1);
        let to = day(row.valid_to, row.valid_to == i32::MAX);
        let in_force = if from.is_empty() && to.is_empty() {
            String::new()
        } else {
            format!("from {from} to {to}")
        };
        let parts = std::iter::once(row.key.to_string())
            .chain(cells)
            .chain([in_force]);
        parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    })
    .collect()
}

fn cell(cell: &ListCell) -> String {
    match cell {
        ListCell::Text(text) => text.as_deref().unwrap_or_default().to_owned(),
        ListCell::Number(number) if number.is_nan() => String::new(),
        ListCell::Number(number) => number.to_string(),
        ListCell::Date(NULL_DATE) => String::new(),
        ListCell::Date(day) => format_date(*day),
    }
}
