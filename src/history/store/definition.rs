//! What a file of the store holds, as a hash: another definition, another file.

use super::super::plan::Unit;
use crate::rules::RuleSet;
use crate::rules::feature::Feature;
use crate::rules::vocabulary::{FeatureKind, MatchKind};

/// Lists by which names of taxa are looked up.
const TAXON_LISTS: [&str; 2] = ["taxon_synonyms", "taxon_family"];

/// The first 16 hex digits of the BLAKE3 of everything that decides what is stored for a feature: its key, value and
/// filter, the derived names and lists that they use, and what counts once.
pub(super) fn definition(rules: &RuleSet, feature: &Feature, unit: Unit) -> String {
    let unit = match unit {
        Unit::Shipment => "shipment",
        Unit::Line => "line",
        Unit::Component => "component",
    };
    let holds = match feature.kind {
        FeatureKind::OutcomeRate => "outcomes",
        FeatureKind::Sum | FeatureKind::PeerQuantile | FeatureKind::Spike => "amounts",
        _ => "filings",
    };
    // Without a value, amounts are filings.
    let holds = match (holds, &feature.of) {
        ("amounts", None) => "filings",
        (holds, _) => holds,
    };
    let mut lines = vec![
        format!("store {}", super::manifest::FORMAT),
        format!("{holds} by {unit}"),
    ];
    lines.extend(feature.written.iter().cloned());
    let (mut names, mut lists) = (Vec::new(), Vec::new());
    feature
        .written
        .iter()
        .for_each(|text| collect(rules, text, &mut names, &mut lists));
    lists.sort_unstable();
    lists.dedup();
    let by_taxon = lists.iter().any(|name| {
        let mut all = rules.lists.iter();
        all.any(|list| list.name == *name && list.match_kind == MatchKind::Taxon)
    });
    if by_taxon {
        lists.extend(TAXON_LISTS.map(str::to_owned));
    }
    names.sort_unstable();
    for name in &names {
        let derived = rules.derived.iter().find(|derived| derived.name == *name);
        lines.extend(derived.map(|derived| format!("{name} = {}", derived.text)));
    }
    for name in &lists {
        let list = rules.lists.iter().find(|list| list.name == *name);
        lines.extend(list.map(|list| format!("list {name} {}", list.hash)));
    }
    let hash = blake3::hash(lines.join("\n").as_bytes()).to_hex();
    hash.as_str().chars().take(16).collect()
}

/// Derived names and lists that a text uses, also through other names.
fn collect(rules: &RuleSet, text: &str, names: &mut Vec<String>, lists: &mut Vec<String>) {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || "_-.".contains(letter)));
    for word in words.filter(|word| !word.is_empty()) {
        if rules.lists.iter().any(|list| list.name == word) {
            lists.push(word.to_owned());
        }
        let is_new = !names.iter().any(|name| name == word);
        if let Some(derived) = rules
            .derived
            .iter()
            .find(|derived| derived.name == word && is_new)
        {
            names.push(word.to_owned());
            collect(rules, &derived.text, names, lists);
        }
    }
}
