//! Referrals by agency, and outcomes that come back under their ids.

use crate::end_to_end::Run;
use ch24::outcomes::{Imported, import};
use ch24::rules::{PackSource, RuleSet, load};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn scored(directory: &Path) -> PathBuf {
    let out = directory.join("out");
    Run::of("manifest.csv").write_to(&out);
    out
}

fn rules() -> RuleSet {
    load(&PackSource::Shipped).unwrap().rules.unwrap()
}

fn records(path: &Path) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    (header, reader.records().map(Result::unwrap).collect())
}

fn column(header: &csv::StringRecord, name: &str) -> usize {
    header.iter().position(|known| known == name).unwrap()
}

#[test]
fn each_agency_gets_the_lines_that_its_rules_hit() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path());
    let rules = rules();
    // What must stand in the files, told from the lines.
    let (header, lines) = records(&run.join("lines.csv"));
    let mut expected: BTreeSet<(String, String)> = BTreeSet::new();
    for line in &lines {
        let hits = &line[column(&header, "hits")];
        for rule in hits.split(';').filter_map(|id| rules.find(id)) {
            if &line[column(&header, "lane")] != "green" && !rule.mitigates {
                for agency in &rule.texts.refer_to {
                    expected.insert((
                        agency.clone(),
                        line[column(&header, "record_id")].to_owned(),
                    ));
                }
            }
        }
    }
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for entry in fs::read_dir(run.join("referrals")).unwrap() {
        let (header, rows) = records(&entry.unwrap().path());
        for row in rows {
            let agency = row[column(&header, "agency")].to_owned();
            for id in row[column(&header, "rules")].split(';') {
                assert!(
                    rules.find(id).unwrap().texts.refer_to.contains(&agency),
                    "{agency} {id}"
                );
            }
            let contact = &row[column(&header, "contact_by")];
            assert!(
                contact < &row[column(&header, "arrival_date")],
                "{contact} is before arrival"
            );
            let is_mexican = [
                "country_of_origin",
                "country_of_export",
                "country_of_harvest",
            ]
            .iter()
            .any(|name| &row[column(&header, name)] == "MX");
            let corridor = &row[column(&header, "corridor")];
            assert!(!is_mexican || ["US-Mexico", "trilateral"].contains(&corridor));
            assert_eq!(
                corridor.is_empty(),
                row[column(&header, "foreign_counterpart")].is_empty()
            );
            found.insert((agency, row[column(&header, "record_id")].to_owned()));
        }
    }
    assert_eq!(found, expected);
    assert!(found.len() > 50, "{}", found.len());
}

/// The names under which an outcome of a referred line can come back: those of its referral, its shipment and itself.
fn names(header: &csv::StringRecord, row: &csv::StringRecord) -> [String; 3] {
    ["referral_id", "shipment_key", "line_id"].map(|name| row[column(header, name)].to_owned())
}

/// The day of every import, 2026-12-01.
const TODAY: i32 = 20_788;

#[test]
fn outcomes_come_back_by_every_key_and_no_row_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path());
    let (header, rows) = records(&run.join("referrals/FWS.csv"));
    let [referral, shipment, line] = names(&header, &rows[0]);
    let other = rows
        .iter()
        .map(|row| &row[column(&header, "shipment_key")])
        .find(|other| *other != shipment)
        .unwrap();
    let file = directory.path().join("found.csv");
    let text = format!(
        "referral_id,shipment_key,line_id,outcome,outcome_date,outcome_basis,outcome_kind\n\
         {referral},,,bad,2026-11-01,Lab,species\n\
         ,{shipment},,ok,20261102,exam,\n\
         ,,{line},BAD,2026-11-03,exam,documentary\n\
         R-FWS-none,,,ok,2026-11-03,exam,\n\
         ,,no such line,ok,2026-11-03,exam,\n\
         ,no such shipment,,ok,2026-11-03,exam,\n\
         ,{other},{line},ok,2026-11-03,exam,\n\
         ,,,ok,2026-11-03,exam,\n\
         ,,{line},maybe,2026-11-03,exam,\n\
         ,,{line},ok,,exam,\n\
         ,,{line},ok,2026-11-04,smell,\n\
         too,few\n"
    );
    fs::write(&file, text).unwrap();
    let store = directory.path().join("store");
    let imported = import(&file, Some(&run), &store, TODAY).unwrap();
    let expected = Imported {
        rows: 12,
        new_labels: 4,
        known_labels: 0,
        set_aside: 8,
        issues: 9,
        labels: 4,
    };
    assert_eq!(imported, expected);
    let (header, labels) = records(&store.join("labels.csv"));
    assert_eq!(
        header.iter().collect::<Vec<_>>()[..2],
        ["shipment_key", "line_id"]
    );
    assert!(
        labels.iter().all(|label| label[0] == shipment),
        "every label has its shipment"
    );
    let bases: Vec<&str> = labels.iter().map(|label| &label[4]).collect();
    assert!(bases.contains(&"lab") && bases.contains(&""));
    let (_, issues) = records(&store.join("issues.csv"));
    let kinds: BTreeSet<&str> = issues.iter().map(|issue| &issue[2]).collect();
    let expected = [
        "keys-disagree",
        "no-date",
        "no-key",
        "not-an-outcome",
        "unknown-line",
        "unknown-referral",
        "unknown-shipment",
        "unknown-word",
        "unreadable-row",
    ];
    let missing: Vec<_> = expected
        .iter()
        .filter(|kind| !kinds.contains(*kind))
        .collect();
    assert!(missing.is_empty(), "{missing:?} of {kinds:?}");
    // The same file again changes nothing.
    let before = fs::read(store.join("labels.csv")).unwrap();
    let again = import(&file, Some(&run), &store, TODAY).unwrap();
    assert_eq!(
        (again.new_labels, again.known_labels, again.labels),
        (0, 4, 4)
    );
    assert_eq!(fs::read(store.join("labels.csv")).unwrap(), before);
    assert_eq!(records(&store.join("issues.csv")).1.len(), issues.len());
}

#[test]
fn an_outcome_out_of_its_time_is_set_aside_and_a_contradiction_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let run = scored(directory.path());
    let (header, rows) = records(&run.join("referrals/FWS.csv"));
    let [referral, shipment, line] = names(&header, &rows[0]);
    let file = directory.path().join("found.csv");
    let text = format!(
        "referral_id,shipment_key,line_id,outcome,outcome_date\n\
         ,{shipment},,bad,1999-01-01\n\
         {referral},,,bad,1999-01-02\n\
         ,,{line},ok,1999-01-03\n\
         ,{shipment},,ok,2199-01-01\n\
         ,{shipment},,ok,2026-12-01\n\
         ,,{line},bad,2026-11-20\n\
         ,,{line},ok,2026-11-20\n"
    );
    fs::write(&file, text).unwrap();
    let store = directory.path().join("store");
    for _ in 0..2 {
        let imported = import(&file, Some(&run), &store, TODAY).unwrap();
        assert_eq!((imported.set_aside, imported.issues), (4, 6));
        let (_, issues) = records(&store.join("issues.csv"));
        let kinds: Vec<&str> = issues.iter().map(|issue| &issue[2]).collect();
        assert_eq!(
            kinds,
            [
                "before-shipment",
                "before-shipment",
                "before-shipment",
                "after-import",
                "contradicts",
                "contradicts"
            ]
        );
    }
    // Of one line and day, what is bad stands last: the last row counts.
    let (_, labels) = records(&store.join("labels.csv"));
    let of_line: Vec<&str> = (labels.iter())
        .filter(|label| label[1] == line)
        .map(|label| &label[2])
        .collect();
    assert_eq!(of_line, ["ok", "bad"]);
    // Without a run nothing is known of the shipment, but the day of the import is.
    let alone = directory.path().join("alone");
    let imported = import(&file, None, &alone, TODAY).unwrap();
    assert_eq!(imported.set_aside, 2, "the referral and the day to come");
}
