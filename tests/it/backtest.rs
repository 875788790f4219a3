//! `ch24 backtest`: what a pack would have found, by shipment.

use crate::support::{load_files, rule_text, with_stack};
use ch24::batch::FieldSet;
use ch24::read::{Mapping, Reading, find_inputs};
use ch24::reconcile::Reconcile;
use ch24::report::{Origin, backtest_page};
use ch24::rules::RuleSet;
use ch24::tune::{Backtest, Labeled, Labels, Verdict, backtest, collect};
use std::fmt::Write as _;

/// A rule that finds what is bad, one that hits as much of the good, one with three lucky hits, and one that never hits.
fn pack() -> RuleSet {
    let rule = |id: &str, when: &str| (format!("{id}.yaml"), rule_text(id, when, ""));
    load_files(&vec![
        rule("T-01", "hts_number = '4403990000'"),
        rule("T-02", "country_of_origin = 'CA'"),
        rule("T-03", "us_port_of_entry = '3001'"),
        rule("T-04", "hts_number = '9999999999'"),
        rule("T-05", "farm_name = 'X'"),
    ])
}

/// 400 shipments of two lines. Of the 40 with logs 30 are bad; of the 120 from Canada 1; of the 3 at one port all; the
/// last hundred were never looked at.
fn rows() -> String {
    let mut rows = "entry_number,entry_line_number,hts_number,country_of_origin,us_port_of_entry,entry_date,outcome\n".to_owned();
    for shipment in 0..400 {
        let hts = if shipment < 40 {
            "4403990000"
        } else {
            "4407110001"
        };
        let origin = if (100..220).contains(&shipment) {
            "CA"
        } else {
            "MX"
        };
        let port = if (230..233).contains(&shipment) {
            "3001"
        } else {
            "2604"
        };
        let is_bad = shipment < 30 || shipment == 100 || (230..233).contains(&shipment);
        let outcome = if shipment >= 300 {
            ""
        } else if is_bad {
            "bad"
        } else {
            "ok"
        };
        for (line, hts) in [(1, hts), (2, "4407110001")] {
            let day = 1 + shipment % 28;
            writeln!(
                rows,
                "ABC{shipment:08},{line},{hts},{origin},{port},2025-03-{day:02},{outcome}"
            )
            .unwrap();
        }
    }
    rows
}

fn judged(rows: &str, labels: Option<&str>, batch_rows: usize) -> Backtest {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rows.csv");
    std::fs::write(&path, rows).unwrap();
    let labels = labels.map(|text| {
        let path = directory.path().join("labels.csv");
        std::fs::write(&path, text).unwrap();
        Labels::read(&path).unwrap()
    });
    let reading = Reading {
        inputs: find_inputs(&[path.display().to_string()]).unwrap(),
        mapping: Mapping::default(),
        wanted: FieldSet::default(),
        batch_rows,
    };
    let rules = pack();
    with_stack(|| {
        let data = Labeled {
            reading: &reading,
            labels: labels.as_ref(),
            history: None,
            reconcile: Reconcile::default(),
            spill: directory.path(),
            threads: None,
        };
        let evidence = collect(&rules, &data).unwrap();
        backtest(&rules, &evidence, Some(40))
    })
}

#[test]
fn shipments_are_counted_once_and_precision_is_of_inspected_ones() {
    let found = judged(&rows(), None, 1 << 16);
    assert_eq!(found.n_lines, 800);
    assert_eq!(
        (found.all.shipments, found.all.inspected, found.all.bad),
        (400.0, 300.0, 34.0)
    );
    let logs = found.rules.iter().find(|rule| rule.id == "T-01").unwrap();
    assert_eq!((logs.counts.shipments, logs.counts.bad), (40.0, 30.0));
    assert_eq!(logs.quarters.len(), 1);
    assert_eq!(logs.quarters[0].name, "2025Q1");
    let bands: f64 = found.bands.iter().map(|band| band.counts.shipments).sum();
    let lanes: f64 = found.lanes.iter().map(|lane| lane.counts.shipments).sum();
    assert_eq!((bands, lanes), (400.0, 400.0));
    assert!(found.quality.auc.unwrap() > 0.6);
}

#[test]
fn a_strong_rule_is_kept_a_useless_one_retired_and_a_lucky_one_is_not_believed() {
    let found = judged(&rows(), None, 1 << 16);
    let verdict = |id: &str| {
        found
            .rules
            .iter()
            .find(|rule| rule.id == id)
            .unwrap()
            .verdict
    };
    assert_eq!(verdict("T-01"), Verdict::Keep);
    assert_eq!(verdict("T-02"), Verdict::Retire, "surely worse than chance");
    assert_eq!(verdict("T-04"), Verdict::Tune, "it never hits");
    assert_eq!(
        verdict("T-05"),
        Verdict::Keep,
        "its field is absent: nothing is known"
    );
    // Three of three are bad, and the interval begins at 44 %: still too few to build on.
    let lucky = found.rules.iter().find(|rule| rule.id == "T-03").unwrap();
    assert_eq!(lucky.counts.inspected, 3.0);
    assert_eq!(lucky.verdict, Verdict::Tune, "{}", lucky.why);
}

#[test]
fn batches_and_the_source_of_labels_do_not_matter() {
    let text = |found: &Backtest| serde_json::to_string(found).unwrap();
    let plain = judged(&rows(), None, 1 << 16);
    assert_eq!(text(&plain), text(&judged(&rows(), None, 7)));
    let mut labels = "shipment_key,outcome\nNOWHERE,bad\n".to_owned();
    for row in rows().lines().skip(1).filter(|row| row.contains(",1,44")) {
        let cells: Vec<_> = row.split(',').collect();
        writeln!(labels, "{},{}", cells[0], cells[6]).unwrap();
    }
    let without = rows()
        .lines()
        .map(|row| row.rsplit_once(',').unwrap().0.to_owned() + "\n")
        .collect::<String>();
    let by_file = judged(&without, Some(&labels), 1 << 16);
    assert_eq!(by_file.n_unused_labels, 1);
    assert_eq!(by_file.all, plain.all, "{:?}", by_file.all);
}

/// The page of a backtest whose texts are hostile.
fn page() -> String {
    let evil = "<script>alert(1)</script>\"'&";
    let rows = rows().replace("2025-03-0", "2025-06-0");
    let mut found = judged(&rows, None, 1 << 16);
    for rule in &mut found.rules {
        rule.id = format!("{}{evil}", rule.id);
        evil.clone_into(&mut rule.why);
    }
    for id in &mut found.overlaps.rules {
        evil.clone_into(id);
    }
    let origin = Origin {
        inputs: vec![evil.to_owned(); 7],
        pack: evil.to_owned(),
        labels: Some(evil.to_owned()),
    };
    backtest_page(&found, &origin)
}

/// Every tag that is opened is closed in its turn; the names of the tags.
fn tags(page: &str) -> Vec<String> {
    let (mut open, mut all): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for piece in page.split('<').skip(1) {
        let (tag, _) = piece
            .split_once('>')
            .unwrap_or_else(|| panic!("not closed: {piece}"));
        let name = tag.split_whitespace().next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{piece}"),
            None if ["!DOCTYPE", "meta"].contains(&name) => {}
            None => {
                assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
                open.push(name);
                all.push(name.to_owned());
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

#[test]
fn the_page_is_well_formed_tells_its_plots_in_words_and_runs_nothing() {
    let page = page();
    let tags = tags(&page);
    assert!(
        !tags
            .iter()
            .any(|tag| ["script", "img", "link"].contains(&tag.as_str()))
    );
    assert!(
        page.contains("&lt;script&gt;alert(1)"),
        "texts are shown as they are"
    );
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url("));
    for plot in ["gains-plot", "bands-plot", "overlap-plot", "drift-1"] {
        for part in ["title", "about"] {
            let id = format!("id=\"{plot}-{part}\"");
            assert_eq!(page.matches(&id).count(), 1, "{id}");
        }
    }
    let count = |name: &str| tags.iter().filter(|tag| *tag == name).count();
    assert!(
        count("polyline") >= 2 && count("circle") >= 8,
        "curves and dots are drawn"
    );
    assert_eq!(count("h1"), 1);
    assert_eq!(
        count("table"),
        count("caption"),
        "every table says what it is"
    );
    let headings = page.matches("<th ").count();
    assert_eq!(headings, page.matches("<th scope=").count());
    assert!(
        !page.contains("NaN") && !page.contains("inf"),
        "no number is none"
    );
}

#[test]
fn without_a_bad_shipment_the_page_says_so() {
    let found = judged(&rows().replace(",bad\n", ",ok\n"), None, 1 << 16);
    let page = backtest_page(&found, &Origin::default());
    tags(&page);
    assert!(page.contains("No bad shipment is known in this data"));
    assert!(!page.contains("gains-plot") && !page.contains("NaN"));
}

#[test]
fn the_curve_of_gains_rises_from_none_to_all_and_a_rule_overlaps_itself_whole() {
    let found = judged(&rows(), None, 1 << 16);
    let ends = (found.curve[0], found.curve[found.curve.len() - 1]);
    assert_eq!((ends.0.looked_at, ends.0.found), (0.0, 0.0));
    assert_eq!((ends.1.looked_at, ends.1.found), (1.0, 1.0));
    let steps = found.curve.windows(2);
    assert!(steps.into_iter().all(|step| step[1].found >= step[0].found));
    // 163 shipments are hit and rank alike, and all bad ones are among them.
    let tenth = found.curve.iter().find(|point| point.looked_at == 0.1);
    assert!(
        (tenth.unwrap().found - 40.0 / 163.0).abs() < 1e-9,
        "{tenth:?}"
    );
    let overlaps = &found.overlaps;
    assert_eq!(
        overlaps.rules,
        ["T-02", "T-01", "T-03"],
        "most shipments first"
    );
    assert!(
        overlaps
            .shares
            .iter()
            .enumerate()
            .all(|(row, shares)| shares[row] == 1.0)
    );
    assert_eq!(overlaps.shares[0][1], 0.0, "no logs are from Canada");
}

#[test]
fn what_was_replaced_is_not_judged_and_what_was_found_of_it_is_kept() {
    let header = "evidence_stage,record_action,received_at,entry_number,house_bill_number,entry_line_number,date_of_import,hts_number,outcome\n";
    let rows = "manifest,A,2026-03-01T08:00:00Z,,H1,1,2026-03-02,4403990000,\n\
        entry_summary,A,2026-03-02T08:00:00Z,E1,H1,1,2026-03-02,4403990000,bad\n\
        entry_summary,U,2026-03-03T08:00:00Z,E1,H1,1,2026-03-02,0306170006,\n\
        entry_summary,A,2026-03-03T08:00:00Z,E2,H2,1,2026-03-02,4403990000,ok\n";
    let found = judged(&format!("{header}{rows}"), None, 2);
    assert_eq!(found.n_lines, 2);
    assert_eq!(
        (found.all.shipments, found.all.inspected, found.all.bad),
        (2.0, 2.0, 1.0)
    );
    let logs = found.rules.iter().find(|rule| rule.id == "T-01").unwrap();
    assert_eq!((logs.counts.shipments, logs.counts.bad), (1.0, 0.0));
}
