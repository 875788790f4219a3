//! Filings that repeat: amendments, removals and stages, through whole runs.

use crate::end_to_end::Run;
use ch24::reconcile::{Reconcile, Standing};
use ch24::score::Program;
use ch24::summary::Summary;
use ch24::trace::run::{Moved, PastRun};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A pack in which a value above 900 is red, and one above 500 yellow.
fn write_pack(directory: &Path) {
    fs::create_dir_all(directory).unwrap();
    for (id, floor, when) in [
        (
            "A-1",
            "examine",
            "manifest_quantity > 900 OR line_value > 5000",
        ),
        ("B-1", "review", "manifest_quantity > 500"),
    ] {
        let text = format!(
            "id: {id}\nname: {}\ntitle: Rule {id}\ntheme: iuu\nfamily: document\nseverity: high\npoints: 40\nfloor: {floor}\nrefer_to: [NMFS]\nwhen: {when}\n",
            id.to_lowercase()
        );
        fs::write(directory.join(format!("{id}.yaml")), text).unwrap();
    }
    let derived = "line_value: sum(manifest_quantity) over line\n";
    fs::write(directory.join("derived.yaml"), derived).unwrap();
}

const HEADER: &str = "evidence_stage,record_action,received_at,entry_number,house_bill_number,master_bill_number,equipment_number,entry_line_number,component_seq,date_of_import,manifest_quantity\n";

/// A row; `keys` are entry, house bill, master bill, container, line and component.
fn row(stage: &str, action: &str, received: &str, keys: [&str; 6], value: u32) -> String {
    format!(
        "{stage},{action},{received},{},2026-03-02,{value}\n",
        keys.join(",")
    )
}

/// A row of the first line of an entry.
fn of_entry(stage: &str, action: &str, received: &str, value: u32) -> String {
    row(
        stage,
        action,
        received,
        ["E1", "H1", "", "", "1", "1"],
        value,
    )
}

/// What a run said: its summary, the lane of each shipment, and lane and standing of each line by its value.
struct Said {
    summary: Summary,
    shipments: BTreeMap<String, String>,
    lines: Vec<(String, String, String)>,
    referred: usize,
    /// Every output but the account.
    bytes: Vec<Vec<u8>>,
}

fn said_by(files: &[&[String]], change: impl Fn(&mut Run)) -> Said {
    let temp = tempfile::tempdir().unwrap();
    let pack = temp.path().join("pack");
    write_pack(&pack);
    let inputs = files.iter().enumerate().map(|(number, rows)| {
        let path = temp.path().join(format!("{number}.csv"));
        fs::write(&path, HEADER.to_owned() + &rows.concat()).unwrap();
        path
    });
    let mut run = Run {
        inputs: inputs.collect(),
        pack,
        ..Run::of("manifest.csv")
    };
    change(&mut run);
    let out = temp.path().join("out");
    let summary = run.write_to(&out);
    let cells = |table: &str, columns: &[&str]| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(out.join(table)).unwrap();
        let header = reader.headers().unwrap().clone();
        let at = |name: &&str| header.iter().position(|heading| heading == *name).unwrap();
        let places: Vec<usize> = columns.iter().map(at).collect();
        let records = reader.records().map(Result::unwrap);
        records
            .map(|row| places.iter().map(|place| row[*place].to_owned()).collect())
            .collect()
    };
    let shipments = cells("shipments.csv", &["shipment_key", "lane"]);
    let lines = cells("lines.csv", &["source_ref", "lane", "standing"]);
    let referrals = fs::read_to_string(out.join("referrals/NMFS.csv")).unwrap_or_default();
    Said {
        summary,
        shipments: shipments
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone()))
            .collect(),
        lines: lines
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone(), row[2].clone()))
            .collect(),
        referred: referrals.lines().count().saturating_sub(1),
        bytes: ["shipments.csv", "lines.csv", "issues.csv"]
            .map(|name| fs::read(out.join(name)).unwrap())
            .to_vec(),
    }
}

fn said(rows: &[String]) -> Said {
    said_by(&[rows], |_| {})
}

fn lanes(said: &Said) -> Vec<&str> {
    said.lines
        .iter()
        .map(|(_, lane, _)| lane.as_str())
        .collect()
}

fn shipments<'a>(named: &[(&'a str, &'a str)]) -> BTreeMap<String, String> {
    let owned = named
        .iter()
        .map(|(key, lane)| ((*key).to_owned(), (*lane).to_owned()));
    owned.collect()
}

#[test]
fn amendments_replace_and_removals_remove() {
    let line = |number: &'static str| ["E1", "", "", "", number, "1"];
    let rows = [
        row("release", "A", "2026-03-01T10:00:00Z", line("1"), 950),
        row("release", "U", "2026-03-01T11:00:00Z", line("1"), 100),
        row("release", "A", "2026-03-01T10:00:00Z", line("2"), 960),
        row("release", "D", "2026-03-01T12:00:00Z", line("2"), 960),
        row("release", "A", "2026-03-01T13:00:00Z", line("3"), 600),
        // Removed, and filed again.
        row("release", "D", "2026-03-01T10:30:00Z", line("4"), 0),
        row("release", "A", "2026-03-01T10:40:00Z", line("4"), 10),
    ];
    let found = said(&rows);
    assert_eq!(
        lanes(&found),
        [
            "superseded",
            "green",
            "superseded",
            "superseded",
            "yellow",
            "superseded",
            "green"
        ]
    );
    assert_eq!(found.shipments, shipments(&[("E1", "yellow")]));
    let summary = &found.summary;
    assert!(summary.is_reconciled);
    assert_eq!(
        (summary.n_lines, summary.n_superseded, summary.n_context),
        (3, 4, 0)
    );
    let hits: Vec<u64> = summary.rules.iter().map(|rule| rule.lines).collect();
    assert_eq!((hits, found.referred), (vec![0, 1], 1));
    let alone = said_by(&[&rows], |run| run.reconcile = Reconcile::Never);
    assert_eq!(alone.shipments, shipments(&[("E1", "red")]));
    assert_eq!(
        (alone.summary.is_reconciled, alone.summary.n_lines),
        (false, 7)
    );
}

#[test]
fn an_amendment_of_a_line_replaces_all_its_components_and_sums_count_once() {
    let component = |number: &'static str| ["E1", "", "", "", "1", number];
    let rows = [
        row(
            "entry_summary",
            "A",
            "2026-03-01T10:00:00Z",
            component("1"),
            450,
        ),
        row(
            "entry_summary",
            "A",
            "2026-03-01T10:00:00Z",
            component("2"),
            4900,
        ),
        row(
            "entry_summary",
            "R",
            "2026-03-01T11:00:00Z",
            component("1"),
            450,
        ),
        row(
            "entry_summary",
            "R",
            "2026-03-01T11:00:00Z",
            component("3"),
            460,
        ),
    ];
    let found = said(&rows);
    assert_eq!(
        lanes(&found),
        ["superseded", "superseded", "green", "green"]
    );
    assert_eq!(found.shipments, shipments(&[("E1", "green")]));
}

#[test]
fn a_correction_that_names_no_line_is_about_the_whole_shipment_at_its_stage() {
    let bill = ["", "H1", "", "", "", ""];
    let rows = [
        row("manifest", "", "2026-03-01T10:00:00Z", bill, 950),
        row("manifest", "", "2026-03-01T10:00:00Z", bill, 600),
        row("manifest", "R", "2026-03-01T12:00:00Z", bill, 20),
        row("manifest", "R", "2026-03-01T12:00:00Z", bill, 30),
        row(
            "manifest",
            "D",
            "2026-03-01T11:00:00Z",
            ["", "H2", "", "", "", ""],
            0,
        ),
    ];
    let found = said(&rows);
    assert_eq!(
        lanes(&found),
        ["superseded", "superseded", "green", "green", "superseded"]
    );
    assert_eq!(found.shipments, shipments(&[("H1", "green")]));
}

#[test]
fn the_latest_stage_selects_and_earlier_ones_are_context() {
    let rows = [
        row("manifest", "", "", ["", "H1", "", "", "", ""], 950),
        of_entry("release", "", "", 940),
        of_entry("entry_summary", "", "", 600),
        // Another entry of the same bill is another shipment, and another bill too.
        row("release", "", "", ["E2", "H1", "", "", "1", "1"], 20),
        row("manifest", "", "", ["", "H9", "", "", "", ""], 930),
    ];
    let found = said(&rows);
    let standings: Vec<_> = found
        .lines
        .iter()
        .map(|(_, _, standing)| standing.as_str())
        .collect();
    assert_eq!(
        standings,
        ["context", "context", "latest", "latest", "latest"]
    );
    assert_eq!(lanes(&found), ["red", "red", "yellow", "green", "red"]);
    let expected = [("E1", "yellow"), ("E2", "green"), ("H9", "red")];
    assert_eq!(found.shipments, shipments(&expected));
    assert_eq!((found.summary.n_lines, found.summary.n_context), (5, 2));
    assert_eq!(found.referred, 2);
    // What selects is judged as if nothing else had been filed.
    let latest = [rows[2].clone(), rows[3].clone(), rows[4].clone()];
    assert_eq!(said(&latest).shipments, found.shipments);
    // A summary that is removed leaves the release to select.
    let mut removed = rows.to_vec();
    removed.push(of_entry("entry_summary", "D", "", 0));
    let expected = [("E1", "red"), ("E2", "green"), ("H9", "red")];
    assert_eq!(said(&removed).shipments, shipments(&expected));
}

#[test]
fn parts_of_a_master_bill_are_told_apart_by_containers() {
    let manifest = |container| row("manifest", "", "", ["", "", "M1", container, "", ""], 950);
    let entry = |container| row("release", "", "", ["E1", "", "M1", container, "1", "1"], 10);
    let of_one = said(&[manifest("C1"), manifest("C2"), entry("C1")]);
    let expected = [("E1", "green"), ("M1/C2", "red")];
    assert_eq!(of_one.shipments, shipments(&expected));
    let of_all = said(&[manifest("C1"), manifest("C2"), entry("")]);
    assert_eq!(of_all.shipments, shipments(&[("E1", "green")]));
}

#[test]
fn the_order_of_rows_breaks_the_last_tie_only() {
    let first = of_entry("release", "U", "", 950);
    let second = of_entry("release", "U", "", 600);
    let added = of_entry("release", "A", "", 10);
    let one = said(&[first.clone(), second.clone(), added.clone()]);
    assert_eq!(lanes(&one), ["superseded", "yellow", "superseded"]);
    let other = said(&[second, added, first]);
    assert_eq!(other.shipments, shipments(&[("E1", "red")]));
}

/// Some hundreds of filings of 40 shipments, each at a moment of its own.
fn many() -> Vec<String> {
    let mut state = 7_u32;
    let mut draw = |n: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % n
    };
    let stages = ["manifest", "isf", "release", "entry_summary"];
    let actions = ["A", "A", "R", "U", "D", ""];
    let row_of = |number: u32| {
        let (shipment, stage) = (draw(40), draw(4) as usize);
        let received = format!("2026-03-01T{:02}:{:02}:01Z", number / 60, number % 60);
        let (entry, bill, line) = (
            format!("E{shipment}"),
            format!("H{shipment}"),
            draw(3).to_string(),
        );
        let entry = if stage < 2 { "" } else { entry.as_str() };
        let line = if stage < 2 { "" } else { line.as_str() };
        let component = (1 + draw(2)).to_string();
        let keys = [entry, &bill, "", "", line, &component];
        row(
            stages[stage],
            actions[draw(6) as usize],
            &received,
            keys,
            draw(1000),
        )
    };
    (0..700).map(row_of).collect()
}

#[test]
fn order_threads_and_batches_change_nothing_and_no_row_is_lost() {
    let rows = many();
    let found = said(&rows);
    let summary = &found.summary;
    assert!(summary.n_superseded > 100 && summary.n_context > 20 && summary.n_shipments > 20);
    assert_eq!(found.lines.len(), rows.len());
    assert_eq!(summary.n_lines + summary.n_superseded, rows.len() as u64);
    for (threads, batch_rows) in [(1, 7), (3, 64)] {
        let again = said_by(&[&rows], |run| {
            (run.threads, run.batch_rows) = (threads, batch_rows);
        });
        assert_eq!(
            again.bytes, found.bytes,
            "{threads} threads, batches of {batch_rows}"
        );
    }
    let mut shuffled = rows;
    shuffled.reverse();
    shuffled.swap(3, 500);
    let (one, two) = shuffled.split_at(300);
    let again = said_by(&[one, two], |_| {});
    assert_eq!(again.shipments, found.shipments);
    assert_eq!(again.summary.n_context, summary.n_context);
}

#[test]
fn one_stage_without_actions_is_left_alone() {
    let rows = [
        of_entry("release", "", "", 10),
        of_entry("release", "", "", 950),
    ];
    let found = said(&rows);
    assert!(!found.summary.is_reconciled);
    assert_eq!(lanes(&found), ["green", "red"]);
    // Asked for, the later of two versions stands where both were received.
    let versions = [
        of_entry("release", "", "2026-03-01T10:00:00Z", 950),
        of_entry("release", "", "2026-03-01T11:00:00Z", 10),
    ];
    let asked = said_by(&[&versions], |run| run.reconcile = Reconcile::Always);
    assert_eq!(lanes(&asked), ["superseded", "green"]);
}

#[test]
fn explain_knows_what_was_superseded_and_other_engines_get_what_selects() {
    let temp = tempfile::tempdir().unwrap();
    let (input, normalized) = (temp.path().join("a.csv"), temp.path().join("n.csv"));
    let rows = [
        of_entry("release", "A", "2026-03-01T10:00:00Z", 950),
        of_entry("release", "U", "2026-03-01T11:00:00Z", 951),
        of_entry("entry_summary", "A", "2026-03-01T12:00:00Z", 952),
    ];
    fs::write(&input, HEADER.to_owned() + &rows.concat()).unwrap();
    let pack = temp.path().join("pack");
    write_pack(&pack);
    let out = temp.path().join("out");
    let run = Run {
        inputs: vec![input],
        pack,
        normalized: Some(normalized.clone()),
        ..Run::of("manifest.csv")
    };
    run.write_to(&out);
    let past = PastRun::open(&out, &Moved::default(), temp.path()).unwrap();
    let found = past.find(&Program::new(&past.rules), "E1-1").unwrap();
    let standings: Vec<Standing> = found.iter().map(|found| found.standing).collect();
    assert_eq!(
        standings,
        [Standing::Superseded, Standing::Context, Standing::Latest]
    );
    let mut reader = csv::Reader::from_path(&normalized).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = header.iter().position(|name| name == "source_ref").unwrap();
    let kept: Vec<String> = reader
        .records()
        .map(|row| row.unwrap()[at].to_owned())
        .collect();
    assert_eq!(kept, ["a.csv#3"]);
}
