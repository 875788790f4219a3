//! `ch24 explain`: what hit on one line of a run, by which list row, and what was short of hitting.

use crate::end_to_end::{Run, root};
use crate::history::build_with_labels;
use crate::support::{load_directory, rule_text, write_files};
use ch24::batch::{FALSE, TRUE, UNKNOWN};
use ch24::score::Program;
use ch24::trace::run::{Found, Moved, PastRun};
use ch24::trace::{NotEvaluable, Trace, Tracer};
use std::fs;
use std::path::Path;

/// Scores a manifest with a pack, and opens the run again.
fn past_run(directory: &Path, manifest: &str, pack: &Path) -> PastRun {
    let input = directory.join("lines.csv");
    fs::write(&input, manifest).unwrap();
    let out = directory.join("out");
    let run = Run {
        inputs: vec![input],
        pack: pack.to_owned(),
        ..Run::of("manifest.csv")
    };
    run.write_to(&out);
    PastRun::open(&out, &Moved::default(), &std::env::temp_dir()).unwrap()
}

fn the_one(past: &PastRun, program: &Program, name: &str) -> Found {
    let mut found = past.find(program, name).unwrap();
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0)
}

/// The trace of a rule on a line; none where it cannot be evaluated.
fn trace(past: &PastRun, name: &str, rule: &str) -> Result<Trace, NotEvaluable> {
    let program = Program::new(&past.rules);
    let found = the_one(past, &program, name);
    let tracer = Tracer::new(&past.rules, &program, &found.batch, 0);
    let rule = past.rules.find(rule).unwrap();
    tracer
        .not_evaluable(rule)
        .map_or_else(|| Ok(tracer.trace(rule)), Err)
}

fn shipped() -> std::path::PathBuf {
    root().join("rules")
}

#[test]
fn a_listing_counts_from_its_day() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = "line_id,entry_number,legal_date,date_of_import,hts_number,scientific_genus,scientific_species,country_of_harvest,country_of_origin,cites_permit_foreign,cites_permit_us\n\
         before,AAA00000001,2024-11-24,2024-11-24,4407290190,Dipteryx,odorata,BR,BR,,\n\
         after,AAA00000002,2024-11-25,2024-11-25,4407290190,Dipteryx,odorata,BR,BR,,\n";
    let past = past_run(directory.path(), manifest, &shipped());
    let (before, after) = (
        trace(&past, "before", "T-07").unwrap(),
        trace(&past, "after", "T-07").unwrap(),
    );
    assert_eq!((before.truth, after.truth), (FALSE, TRUE));
    let listing = |trace: &Trace| {
        let leaves = trace.leaves();
        let facts = leaves.iter().flat_map(|leaf| &leaf.lists);
        facts
            .clone()
            .find(|fact| fact.list == "cites_timber")
            .cloned()
            .unwrap()
    };
    let (before, after) = (listing(&before), listing(&after));
    assert_eq!(before.hit, None);
    assert_eq!(
        before.out_of_force.unwrap().valid_from.as_deref(),
        Some("2024-11-25")
    );
    assert_eq!(after.hit.unwrap().valid_from.as_deref(), Some("2024-11-25"));
}

#[test]
fn a_certification_counts_on_its_days() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = "line_id,entry_number,legal_date,date_of_import,hts_number,country_of_harvest,country_of_origin,method_of_harvest\n\
         suspended,AAA00000001,2021-09-01,2021-09-01,0306170006,MX,MX,VESSEL\n\
         certified,AAA00000002,2025-09-01,2025-09-01,0306170006,MX,MX,VESSEL\n";
    let past = past_run(directory.path(), manifest, &shipped());
    assert_eq!(trace(&past, "suspended", "F-13").unwrap().truth, TRUE);
    let certified = trace(&past, "certified", "F-13").unwrap();
    assert_eq!(certified.truth, FALSE);
    let lacking = certified.lacking();
    assert_eq!(lacking.len(), 1);
    let fact = &lacking[0].lists[0];
    assert_eq!(fact.list, "section609_certified");
    assert!(fact.hit.as_ref().unwrap().valid_from.is_some());
}

const PACK: &str =
    "hts_number LIKE '44%' AND (gross_weight_kg > 100 OR NOT country_of_origin = 'MX') AND heavy";

fn small_pack(directory: &Path) {
    let rule = rule_text("T-01", PACK, "params: {most: 5}\n")
        .replace("AND heavy", "AND heavy AND quantity_1 < :most");
    write_files(
        directory,
        &vec![
            ("T-01.yaml".to_owned(), rule),
            (
                "T-02.yaml".to_owned(),
                rule_text("T-02", "farm_name IS NULL", ""),
            ),
            (
                "T-03.yaml".to_owned(),
                rule_text("T-03", "seen < 30", "status: draft\n"),
            ),
            (
                "derived.yaml".to_owned(),
                "heavy: gross_weight_kg > net_weight_kg\n".to_owned(),
            ),
            (
                "history.yaml".to_owned(),
                "seen: {meaning: m, kind: first_seen_days, key: [importer_name]}\n".to_owned(),
            ),
        ],
    );
}

#[test]
fn each_part_of_a_condition_is_true_false_or_unknown() {
    let directory = tempfile::tempdir().unwrap();
    let pack = directory.path().join("pack");
    small_pack(&pack);
    let manifest = "line_id,hts_number,gross_weight_kg,net_weight_kg,country_of_origin,quantity_1,importer_name\n\
         L1,4407290190,120,,CA,3,ACME\nL2,4407290190,50,40,MX,9,ACME\n";
    let past = past_run(directory.path(), manifest, &pack);
    let first = trace(&past, "L1", "T-01").unwrap();
    assert_eq!(first.truth, UNKNOWN);
    assert_eq!(first.distance(), 1);
    let lacking = first.lacking();
    assert_eq!(lacking[0].text, "gross_weight_kg > net_weight_kg");
    assert_eq!(lacking[0].readings[1].value, None);
    let second = trace(&past, "lines.csv#2", "T-01").unwrap();
    assert_eq!((second.truth, second.distance()), (FALSE, 2));
    let last = second.leaves().pop().unwrap().clone();
    assert_eq!(last.text, "quantity_1 < :most");
    let readings: Vec<_> = last
        .readings
        .iter()
        .map(|reading| (reading.name.as_str(), reading.value.as_deref()))
        .collect();
    assert_eq!(readings, [("quantity_1", Some("9")), (":most", Some("5"))]);
    assert_eq!(
        trace(&past, "L1", "T-02"),
        Err(NotEvaluable::Absent(vec!["farm_name".to_owned()]))
    );
    assert_eq!(
        trace(&past, "L1", "T-03"),
        Err(NotEvaluable::Absent(vec!["seen".to_owned()]))
    );
}

#[test]
fn a_run_whose_rules_or_rows_changed_is_not_explained() {
    let directory = tempfile::tempdir().unwrap();
    let pack = directory.path().join("pack");
    small_pack(&pack);
    past_run(directory.path(), "line_id,hts_number\nL1,44\n", &pack);
    let out = directory.path().join("out");
    fs::write(
        directory.path().join("lines.csv"),
        "line_id,hts_number\nL1,45\n",
    )
    .unwrap();
    let error = PastRun::open(&out, &Moved::default(), &std::env::temp_dir())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("lines.csv") && error.contains("--input"),
        "{error}"
    );
    fs::write(
        pack.join("T-02.yaml"),
        rule_text("T-02", "farm_name = 'X'", ""),
    )
    .unwrap();
    let error = PastRun::open(&out, &Moved::default(), &std::env::temp_dir())
        .unwrap_err()
        .to_string();
    assert!(error.contains("--rules"), "{error}");
}

#[test]
fn every_hit_of_the_sample_is_explained_by_a_true_condition() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    Run::of("manifest.csv").write_to(&out);
    let past = PastRun::open(&out, &Moved::default(), &std::env::temp_dir()).unwrap();
    let program = Program::new(&past.rules);
    let lines = fs::read_to_string(out.join("lines.csv")).unwrap();
    let mut n_hits = 0;
    let mut reader = csv::Reader::from_reader(lines.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // One line in seven: each look-up reads the file again.
    for record in records.iter().step_by(7) {
        let found = the_one(&past, &program, &record[0]);
        let tracer = Tracer::new(&past.rules, &program, &found.batch, 0);
        let hits: Vec<&str> = record[22].split(';').filter(|id| !id.is_empty()).collect();
        for rule in past.rules.rules.iter().filter(|rule| rule.is_active()) {
            let is_true = tracer.not_evaluable(rule).is_none() && tracer.trace(rule).truth == TRUE;
            assert_eq!(
                is_true,
                hits.contains(&rule.id.as_str()),
                "{} {}",
                &record[0],
                rule.id
            );
            n_hits += usize::from(is_true);
        }
    }
    assert!(n_hits > 10, "{n_hits}");
}

#[test]
fn the_shipped_examples_do_what_they_say() {
    let loaded = load_directory(&shipped());
    let rules = loaded.rules.as_ref().unwrap();
    let program = Program::new(rules);
    let mut n_examples = 0;
    for (file, examples) in loaded.examples() {
        let Some(id) = rules.ids().find(|id| rules.rule(*id).id == file.id.value) else {
            continue;
        };
        for (rows, should_hit) in [(&examples.hit, true), (&examples.miss, false)] {
            for row in rows {
                let tried =
                    ch24::check::examples::try_example(rules, &program, id, row, should_hit);
                assert!(
                    matches!(tried, ch24::check::examples::Tried::AsSaid),
                    "{} at {}",
                    file.id.value,
                    loaded.sources.place(row.span)
                );
                n_examples += 1;
            }
        }
    }
    assert!(n_examples > 400, "{n_examples}");
}

#[test]
fn a_run_with_a_store_is_explained_by_what_it_saw() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let pack = at("pack");
    let rule = rule_text("T-01", "bad >= 0.5 AND bad_support >= 2", "");
    write_files(
        &pack,
        &vec![
            ("T-01.yaml".to_owned(), rule),
            (
                "history.yaml".to_owned(),
                "bad: {meaning: m, kind: outcome_rate, key: [importer_name], prior_strength: 1}\n"
                    .to_owned(),
            ),
        ],
    );
    let rules = load_directory(&pack).rules.unwrap();
    let header = "line_id,entry_number,date_of_import,importer_name,hts_number\n";
    let write = |name: &str, text: &str| {
        fs::write(at(name), text).unwrap();
        at(name)
    };
    let before = write(
        "before.csv",
        &format!(
            "{header}A,E1,2026-01-02,ACME,44\nB,E2,2026-01-03,ACME,44\nC,E3,2026-01-03,ACME,44\n"
        ),
    );
    let labels =
        |name: &str, rows: &str| write(name, &format!("line_id,outcome,outcome_date\n{rows}"));
    let store = at("store");
    let first = labels("first.csv", "A,bad,2026-01-10\nB,bad,2026-01-11\n");
    build_with_labels(&rules, Some(&before), Some(&first), &store);
    let run = Run {
        inputs: vec![write(
            "lines.csv",
            &format!("{header}L,E9,2026-02-01,ACME,44\n"),
        )],
        pack,
        history: Some(store.clone()),
        ..Run::of("manifest.csv")
    };
    let out = at("out");
    let summary = run.write_to(&out);
    assert_eq!(summary.rules[0].lines, 1);
    // A later build changes what the next run sees, not what this one saw.
    let second = labels("second.csv", "C,ok,2026-01-12\n");
    build_with_labels(&rules, None, Some(&second), &store);
    let readings = |out: &Path| -> Vec<(String, String)> {
        let past = PastRun::open(out, &Moved::default(), &std::env::temp_dir()).unwrap();
        let trace = trace(&past, "L", "T-01").unwrap();
        let leaves = trace.leaves();
        let readings = leaves.iter().flat_map(|leaf| &leaf.readings);
        readings
            .map(|reading| (reading.name.clone(), reading.value.clone().unwrap()))
            .collect()
    };
    let has = |found: &[(String, String)], name: &str, value: &str| {
        let is_it = |reading: &(String, String)| reading.0 == name && reading.1 == value;
        assert!(found.iter().any(is_it), "{name} {value}: {found:?}");
    };
    let seen = readings(&out);
    has(&seen, "bad", "1");
    has(&seen, "bad_support", "2");
    let again = at("again");
    run.write_to(&again);
    let seen = readings(&again);
    has(&seen, "bad", "0.6666666666666666");
    has(&seen, "bad_support", "3");
    // A store that holds something else than the run saw explains nothing.
    fs::remove_dir_all(&store).unwrap();
    build_with_labels(&rules, Some(&before), None, &store);
    let error = PastRun::open(&out, &Moved::default(), &std::env::temp_dir())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the history store changed since this run") && error.contains("--history"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}
