//! Files that a run writes beside its output, files that are not of this program, and files that are read twice.

use crate::end_to_end::root;
use crate::support::{rule_text, write_files};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A directory with the sample as `my.csv`, and a pack of one rule, which is quick to load.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sample = root().join("sample-data/manifest.csv");
        fs::copy(sample, directory.path().join("my.csv")).unwrap();
        let rule = rule_text("T-01", "hts_number LIKE '44%'", "floor: examine\n");
        write_files(
            &directory.path().join("pack"),
            &vec![("T-01.yaml".to_owned(), rule)],
        );
        Self(directory)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_ch24"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    fn score(&self, more: &[&str]) -> Output {
        let lines = [
            "score",
            "my.csv",
            "--rules",
            "pack",
            "--out",
            "out",
            "--outputs",
            "lines,referrals",
        ];
        self.run(&[&lines[..], more].concat())
    }

    #[track_caller]
    fn is_done(&self, more: &[&str]) {
        let output = self.score(more);
        assert!(output.status.success(), "{more:?}: {}", said(&output));
    }

    #[track_caller]
    fn is_refused(&self, more: &[&str], why: &str) {
        let output = self.score(more);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{more:?}: {said}");
        assert!(said.contains(why), "{more:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.retain(|name| name != "pack");
        names.sort();
        names
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn normalized_rows_replace_nothing_that_was_not_given_up() {
    let place = Place::new();
    let input = fs::read(place.at("my.csv")).unwrap();
    std::os::unix::fs::symlink("my.csv", place.at("link.csv")).unwrap();
    for name in ["my.csv", "./my.csv", "link.csv"] {
        for more in [
            &["--write-normalized", name][..],
            &["--write-normalized", name, "--force"],
        ] {
            place.is_refused(more, "is read by the run");
        }
    }
    assert_eq!(fs::read(place.at("my.csv")).unwrap(), input);
    for name in ["out/rows.csv", "out", "./out/../out/rows.csv"] {
        place.is_refused(&["--write-normalized", name, "--force"], "in the output");
    }
    place.write("mine.csv", "mine\n");
    place.is_refused(&["--write-normalized", "mine.csv"], "--force");
    assert_eq!(fs::read(place.at("mine.csv")).unwrap(), b"mine\n");
    assert_eq!(place.names(), ["link.csv", "mine.csv", "my.csv"]);
    place.is_done(&["--write-normalized", "mine.csv", "--force"]);
    assert!(fs::read(place.at("mine.csv")).unwrap().len() > 1000);
}

#[test]
fn a_run_that_fails_late_leaves_no_normalized_rows() {
    let place = Place::new();
    let rows = fs::read_to_string(place.at("my.csv")).unwrap();
    place.write("my.csv", &(rows + "too,few\n"));
    // Of a process that died: no process has such a number.
    place.write(".rows.csv.ch24-2147483646.csv", "left\n");
    let failing = ["--write-normalized", "rows.csv", "--max-bad-rows", "0"];
    place.is_refused(&failing, "--max-bad-rows");
    assert_eq!(place.names(), ["my.csv"]);
    place.is_done(&["--write-normalized", "rows.csv"]);
    assert_eq!(place.names(), ["my.csv", "out", "rows.csv"]);
}

#[test]
fn an_output_that_holds_foreign_files_is_left_alone() {
    let place = Place::new();
    place.is_done(&[]);
    let dossiers = [
        "index.csv",
        "importer-0123456789ab.json",
        "importer-0123456789ab-releasable.html",
    ];
    for dossier in dossiers {
        place.write(&format!("out/dossiers/{dossier}"), "");
    }
    place.is_done(&["--force"]);
    let mut foreign = Vec::new();
    for name in [
        "dossiers/mine.html",
        "lines.bak",
        "referrals/notes.txt",
        "shipments.csv",
    ] {
        place.write(&format!("out/{name}"), "mine\n");
        foreign.push(name);
        let named: Vec<_> = foreign
            .iter()
            .take(3)
            .map(|name| format!("`{name}`"))
            .collect();
        place.is_refused(&["--force"], &named.join(", "));
    }
    for name in foreign {
        assert_eq!(fs::read(place.at("out").join(name)).unwrap(), b"mine\n");
        fs::remove_file(place.at("out").join(name)).unwrap();
    }
    place.is_done(&["--force"]);
    for account in [
        "{\"tool\":\"other\"}",
        "{\"program\":\"other\",\"outputs\":[]}",
        "no JSON",
    ] {
        place.write("out/run.json", account);
        place.is_refused(&["--force"], "run.json that this program did not write");
    }
}

#[test]
fn a_file_that_is_named_twice_is_told_and_counts_twice() {
    let place = Place::new();
    fs::copy(place.at("my.csv"), place.at("copy.csv")).unwrap();
    std::os::unix::fs::symlink("my.csv", place.at("link.csv")).unwrap();
    place.is_done(&["copy.csv"]);
    let output = place.score(&["copy.csv", "./my.csv", "link.csv", "--force"]);
    let told = "link.csv is read 3 times, and each of its lines counts 3 times";
    assert!(said(&output).contains(told), "{}", said(&output));
    let summary = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(summary.contains(told), "{summary}");
    assert_eq!(summary.matches("is read").count(), 1, "{summary}");
    let output = place.score(&["my.csv", "--json", "--force"]);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let labels = &summary["repeated_inputs"][0]["labels"];
    assert_eq!(*labels, serde_json::json!(["my.csv", "my.csv@2"]));
}

#[test]
fn a_made_manifest_replaces_nothing_without_being_told() {
    let place = Place::new();
    let make = |more: &[&str]| {
        let rows = [
            "generate", "--rows", "20", "--seed", "1", "--out", "made.csv",
        ];
        place.run(&[&rows[..], more].concat())
    };
    place.write("made.csv", "mine\n");
    place.write("made.csv.labels.csv", "mine\n");
    let output = make(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--force"), "{}", said(&output));
    let read = |name: &str| fs::read_to_string(place.at(name)).unwrap();
    assert_eq!(read("made.csv"), "mine\n");
    assert!(make(&["--force"]).status.success());
    assert_eq!(read("made.csv").lines().count(), 21);
    fs::remove_file(place.at("made.csv")).unwrap();
    assert_eq!(make(&["--labels"]).status.code(), Some(2));
    assert_eq!(read("made.csv.labels.csv"), "mine\n");
    assert!(make(&["--labels", "--force"]).status.success());
    let names = ["made.csv", "made.csv.labels.csv", "my.csv"];
    assert_eq!(place.names(), names);
}

#[test]
fn more_threads_than_any_machine_has_are_refused() {
    let place = Place::new();
    for command in [
        &["score", "my.csv"][..],
        &["resolve", "my.csv", "--out", "who"],
        &["network", "my.csv", "--out", "who"],
        &["backtest", "my.csv"],
        &["tune", "my.csv", "--out", "new"],
        &["history", "build", "my.csv", "-o", "history"],
        &["replay", "out"],
    ] {
        let output = place.run(&[command, &["--threads", "5000"]].concat());
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("256 at most"), "{command:?}: {said}");
    }
    assert_eq!(place.names(), ["my.csv"]);
    place.is_done(&["--threads", "3"]);
}
