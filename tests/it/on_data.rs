//! `ch24 rules check --data`: what a pack does on rows.

use crate::support::{load_files, rule_text, with_stack};
use ch24::batch::FieldSet;
use ch24::check::data::{DataFindings, check_data};
use ch24::read::{Mapping, Reading, find_inputs};
use ch24::reconcile::Reconcile;
use ch24::rules::RuleSet;

fn file(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

fn rule(id: &str, when: &str) -> (String, String) {
    file(&format!("{id}.yaml"), &rule_text(id, when, ""))
}

fn pack() -> RuleSet {
    load_files(&vec![
        rule("T-01", "hts_number LIKE '44%'"),
        rule("T-02", "starts_with(hts_number, '44')"),
        rule("T-03", "hts_number LIKE '4407%'"),
        rule("T-04", "hts_number IS NOT NULL"),
        rule(
            "T-05",
            "country_of_origin = 'XX' OR country_of_origin IN ('MX', 'CA')",
        ),
        rule("T-06", "farm_name = 'X'"),
        rule("T-07", "in_list(country_of_origin, 'watched')"),
        rule("T-08", "contains_any(goods_description, 'words')"),
        file(
            "lists/watched.yaml",
            "source: s\nas_of: 2026-01-01\nlicense: l\nkey: key\n",
        ),
        file("lists/watched.csv", "key\nMX\nGT\nBZ\n"),
        file(
            "lists/words.yaml",
            "source: s\nas_of: 2026-01-01\nlicense: l\nkey: key\n",
        ),
        file("lists/words.csv", "key\ncedro rojo\ncaoba\n"),
    ])
}

fn findings(rows: &str) -> DataFindings {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rows.csv");
    std::fs::write(&path, rows).unwrap();
    let reading = Reading {
        inputs: find_inputs(&[path.display().to_string()]).unwrap(),
        mapping: Mapping::default(),
        wanted: FieldSet::default(),
        batch_rows: 2,
    };
    let rules = pack();
    with_stack(|| {
        check_data(
            &rules,
            &reading,
            Reconcile::default(),
            &std::env::temp_dir(),
        )
        .unwrap()
    })
}

#[test]
fn rules_that_say_nothing_or_the_same_are_named() {
    let found = findings(
        "hts_number,country_of_origin,goods_description\n4407290190,MX,CEDRO ROJO\n4409101000,CA,PINE\n0306170006,MX,SHRIMP\n",
    );
    let counts: Vec<_> = found
        .rules
        .iter()
        .map(|rule| (rule.hits, rule.evaluable))
        .collect();
    assert_eq!(
        counts,
        [
            (2, 3),
            (2, 3),
            (1, 3),
            (3, 3),
            (3, 3),
            (0, 0),
            (2, 3),
            (1, 3)
        ]
    );
    let pairs = |pairs: &[ch24::check::data::Pair]| {
        let names = pairs
            .iter()
            .map(|pair| format!("{} {}", pair.first, pair.second));
        names.collect::<Vec<_>>()
    };
    assert_eq!(pairs(&found.same), ["T-01 T-02", "T-03 T-08", "T-04 T-05"]);
    assert!(pairs(&found.contained).contains(&"T-03 T-01".to_owned()));
    assert!(!pairs(&found.contained).contains(&"T-07 T-01".to_owned()));
    let unseen: Vec<_> = found
        .unseen_values
        .iter()
        .map(|unseen| format!("{} {}", unseen.rule, unseen.value))
        .collect();
    assert_eq!(unseen, ["T-05 XX"]);
    let lists: Vec<_> = found
        .lists
        .iter()
        .map(|list| (list.list.as_str(), list.found, list.not_found.join(" ")))
        .collect();
    assert_eq!(
        lists,
        [
            ("watched", 1, "GT BZ".to_owned()),
            ("words", 1, "caoba".to_owned())
        ]
    );
    let missing: Vec<_> = found
        .missing_fields
        .iter()
        .map(|missing| missing.field)
        .collect();
    assert_eq!(missing, ["farm_name"]);
}

#[test]
fn what_was_replaced_hits_nothing() {
    let header = "record_action,received_at,entry_number,entry_line_number,hts_number\n";
    let rows = "A,2026-03-01T08:00:00Z,E1,1,4407290190\nU,2026-03-02T08:00:00Z,E1,1,0306170006\n";
    let (found, first) = (
        findings(&format!("{header}{rows}")),
        findings(&format!("{header}{}\n", rows.lines().next().unwrap())),
    );
    let hits = |found: &DataFindings| {
        found
            .rules
            .iter()
            .find(|rule| rule.id == "T-01")
            .unwrap()
            .hits
    };
    assert_eq!((found.n_lines, hits(&found)), (1, 0));
    assert_eq!((first.n_lines, hits(&first)), (1, 1));
}
