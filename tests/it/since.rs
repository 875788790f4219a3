//! The day after: what is new since an earlier run, and what officers decided.

use crate::support::{Files, rule_text, write_files};
use ch24::past::{for_each_row, path_of};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a shipment became since, and what was decided on it.
type Told = (Option<String>, Option<String>);

struct Days {
    directory: tempfile::TempDir,
}

impl Days {
    /// A pack with a rule that examines heavy goods, and one that adds a few points to valuable ones.
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let heavy = rule_text("T-01", "gross_weight_kg > 10", "floor: examine\n");
        let valuable = rule_text("T-02", "entered_value_usd > 1000", "");
        let files: Files = vec![
            ("T-01.yaml".to_owned(), heavy),
            (
                "T-02.yaml".to_owned(),
                valuable.replace("a-rule", "another-rule"),
            ),
        ];
        write_files(&directory.path().join("pack"), &files);
        Self { directory }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Scores entries of a weight and a value.
    fn score(&self, run: &str, entries: &[(&str, u32, u32)], more: &[&str]) -> Output {
        let input = self.at("day.csv");
        let mut text = "entry_number,gross_weight_kg,entered_value_usd\n".to_owned();
        for (entry, weight, value) in entries {
            text.push_str(&format!("{entry},{weight},{value}\n"));
        }
        std::fs::write(&input, text).unwrap();
        Command::new(env!("CARGO_BIN_EXE_ch24"))
            .arg("score")
            .arg(&input)
            .arg("--rules")
            .arg(self.at("pack"))
            .arg("--out")
            .arg(self.at(run))
            .args(["--outputs", "shipments", "--format", "csv"])
            .args(more)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn scored(&self, run: &str, entries: &[(&str, u32, u32)], since: Option<&str>) -> String {
        let since = since.map(|since| self.at(since).display().to_string());
        let more: Vec<&str> = since.iter().flat_map(|since| ["--since", since]).collect();
        let output = self.score(run, entries, &more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn told(&self, run: &str) -> BTreeMap<String, Told> {
        let mut told = BTreeMap::new();
        let columns = ["shipment_key", "since", "decision"];
        for_each_row(
            &path_of(&self.at(run), "shipments").unwrap(),
            &columns,
            |mut row| {
                let decision = row.pop().unwrap();
                let since = row.pop().unwrap();
                told.insert(row.pop().unwrap().unwrap(), (since, decision));
            },
        )
        .unwrap();
        told
    }

    fn decide(&self, run: &str, more: &[&str]) -> Output {
        let run = self.at(run);
        Command::new(env!("CARGO_BIN_EXE_ch24"))
            .args(["decide", run.to_str().unwrap()])
            .args(more)
            .output()
            .unwrap()
    }
}

/// Entries with valid check digits.
const ENTRIES: [&str; 5] = [
    "ABC10000012",
    "ABC10000020",
    "ABC10000038",
    "ABC10000046",
    "ABC10000053",
];

#[test]
fn shipments_are_new_escalated_eased_changed_or_the_same() {
    let days = Days::new();
    let [first, second, third, fourth, fifth] = ENTRIES;
    days.scored(
        "monday",
        &[
            (first, 5, 0),
            (second, 20, 0),
            (third, 5, 0),
            (fourth, 20, 0),
            ("ABC10000061", 5, 0),
        ],
        None,
    );
    assert!(
        days.told("monday")
            .values()
            .all(|told| *told == (None, None))
    );
    let said = days.scored(
        "tuesday",
        &[
            (first, 20, 0),
            (second, 5, 0),
            (third, 5, 2000),
            (fourth, 20, 0),
            (fifth, 5, 0),
        ],
        Some("monday"),
    );
    let told = days.told("tuesday");
    let marks: Vec<_> = ENTRIES
        .iter()
        .map(|entry| told[*entry].0.as_deref().unwrap())
        .collect();
    assert_eq!(marks, ["escalated", "eased", "changed", "same", "new"]);
    let line = "since then: 1 new, 1 escalated, 1 eased, 1 changed, 1 same, 1 gone; 0 decided";
    assert!(said.contains(line), "{said}");
}

#[test]
fn a_decision_is_known_to_the_runs_after_it() {
    let days = Days::new();
    let [first, second, ..] = ENTRIES;
    let entries = [(first, 20, 0), (second, 20, 0)];
    days.scored("monday", &entries, None);
    let by = ["--by", "J. Doe", "--on", "2026-10-06"];
    let decide = |decision, reason| {
        [
            &[first, "--decision", decision, "--reason", reason][..],
            &by[..],
        ]
        .concat()
    };
    assert!(
        days.decide("monday", &decide("examine", "documents-missing"))
            .status
            .success()
    );
    assert!(
        days.decide("monday", &decide("release", "examined-in-order"))
            .status
            .success()
    );
    days.scored("tuesday", &entries, Some("monday"));
    days.scored("wednesday", &entries, Some("tuesday"));
    for run in ["tuesday", "wednesday"] {
        let told = days.told(run);
        assert_eq!(
            told[first].1.as_deref(),
            Some("release (examined-in-order)"),
            "{run}"
        );
        assert_eq!(told[second].1, None, "{run}");
    }
    let listed = String::from_utf8(days.decide("monday", &[]).stdout).unwrap();
    assert_eq!(listed.lines().count(), 2, "every decision stays: {listed}");
}

#[test]
fn a_run_can_be_repeated_though_more_was_decided_since() {
    let days = Days::new();
    let entries = [(ENTRIES[0], 20, 0)];
    days.scored("monday", &entries, None);
    assert!(days.decide("monday", &HOLD).status.success());
    days.scored("tuesday", &entries, Some("monday"));
    assert!(days.decide("monday", &HOLD).status.success());
    let replay = || {
        Command::new(env!("CARGO_BIN_EXE_ch24"))
            .arg("replay")
            .arg(days.at("tuesday"))
            .output()
            .unwrap()
    };
    let output = replay();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    std::fs::remove_file(days.at("monday.decisions.ndjson")).unwrap();
    let output = replay();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("not what it was"), "{message}");
}

#[test]
fn what_cannot_be_decided_is_refused_and_notes_nothing() {
    let days = Days::new();
    days.scored("monday", &[(ENTRIES[0], 20, 0)], None);
    for (shipment, decision, reason, said) in [
        ("ABC99999999", "release", "other", "ABC99999999"),
        (ENTRIES[0], "burn", "other", "release, review"),
        (ENTRIES[0], "release", "because", "documents-in-order"),
    ] {
        let more = [
            shipment,
            "--decision",
            decision,
            "--reason",
            reason,
            "--by",
            "J. Doe",
        ];
        let output = days.decide("monday", &more);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2));
        assert!(message.contains(said), "{message}");
    }
    let listed = String::from_utf8(days.decide("monday", &[]).stdout).unwrap();
    assert_eq!(listed, "Nothing was decided yet.\n");
}

#[test]
fn a_run_that_kept_only_flagged_shipments_cannot_tell_what_is_new() {
    let days = Days::new();
    let entries = [(ENTRIES[0], 20, 0)];
    assert!(
        days.score("monday", &entries, &["--keep", "flagged"])
            .status
            .success()
    );
    let monday = days.at("monday").display().to_string();
    let output = days.score("tuesday", &entries, &["--since", &monday]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("--keep all"), "{message}");
    assert!(!Path::new(&days.at("tuesday")).exists());
}

#[test]
fn a_run_whose_shipments_were_altered_tells_nothing() {
    let days = Days::new();
    let entries = [(ENTRIES[0], 20, 0)];
    assert!(days.score("monday", &entries, &[]).status.success());
    let table = days.at("monday").join("shipments.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replace("red", "green")).unwrap();
    let monday = days.at("monday").display().to_string();
    let output = days.score("tuesday", &entries, &["--since", &monday]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("ch24 verify"), "{message}");
}

/// A decision that can be noted.
const HOLD: [&str; 7] = [
    ENTRIES[0],
    "--decision",
    "hold",
    "--reason",
    "other",
    "--by",
    "J. Doe",
];

#[test]
fn a_disk_that_is_full_spoils_no_journal() {
    let days = Days::new();
    let entries = [(ENTRIES[0], 20, 0)];
    days.scored("monday", &entries, None);
    let journal = days.at("monday.decisions.ndjson");
    // A limit of 1 KiB a file does what a full disk does; the signal that comes with it is ignored.
    let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let mut n_noted = 0;
    let failed = loop {
        let output = Command::new("bash")
            .args(["-c", limited, env!("CARGO_BIN_EXE_ch24"), "decide"])
            .arg(days.at("monday"))
            .args(HOLD)
            .output()
            .unwrap();
        if !output.status.success() {
            break output;
        }
        n_noted += 1;
    };
    assert_eq!(failed.status.code(), Some(2));
    assert!(n_noted > 2, "{}", String::from_utf8_lossy(&failed.stderr));
    let text = std::fs::read_to_string(&journal).unwrap();
    assert!(text.ends_with("}\n"), "{text}");
    assert_eq!(text.lines().count(), n_noted);
    assert!(days.decide("monday", &HOLD).status.success());
    days.scored("tuesday", &entries, Some("monday"));
}

#[test]
fn a_journal_that_cannot_be_read_is_named_and_takes_no_note() {
    let days = Days::new();
    let entries = [(ENTRIES[0], 20, 0)];
    days.scored("monday", &entries, None);
    assert!(days.decide("monday", &HOLD).status.success());
    let journal = days.at("monday.decisions.ndjson");
    let whole = std::fs::read_to_string(&journal).unwrap();
    let broken = format!("{whole}{}", &whole[..40]);
    std::fs::write(&journal, &broken).unwrap();
    let monday = days.at("monday").display().to_string();
    for output in [
        days.decide("monday", &HOLD),
        days.decide("monday", &[]),
        days.score("tuesday", &entries, &["--since", &monday]),
    ] {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        let parts = ["monday.decisions.ndjson", "line 2", "delete this line"];
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    assert_eq!(std::fs::read_to_string(&journal).unwrap(), broken);
    // An editor left the last line without its end.
    std::fs::write(&journal, whole.trim_end()).unwrap();
    assert!(days.decide("monday", &HOLD).status.success());
    assert_eq!(std::fs::read_to_string(&journal).unwrap(), whole.repeat(2));
}

#[test]
fn a_decision_is_of_somebody() {
    let days = Days::new();
    days.scored("monday", &[(ENTRIES[0], 20, 0)], None);
    for nobody in ["", "  "] {
        let output = days.decide("monday", &[&HOLD[..6], &[nobody]].concat());
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains("name of the person"), "{message}");
    }
    assert!(!days.at("monday.decisions.ndjson").exists());
}
