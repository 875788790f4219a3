//! Inputs that change while they are read, and inputs that can be read once only.

use crate::end_to_end::root;
use ch24::batch::FieldSet;
use ch24::error::Error;
use ch24::normalize::Identities;
use ch24::read::{BATCH_ROWS, Mapping, Reading, find_inputs};
use ch24::scan::{run_plain, with_threads};
use ch24::schema::field;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Once;
use std::time::{Duration, SystemTime};

/// What somebody does to a file, and what a run says of it.
const CHANGES: [(&str, fn(&Path), &str); 4] = [
    (
        "grows",
        |path| {
            let mut file = OpenOptions::new().append(true).open(path).unwrap();
            file.write_all(b"ABC00000023,4407291000,OAK,MX\n").unwrap();
        },
        "bytes and has",
    ),
    (
        "is cut short",
        |path| {
            let file = OpenOptions::new().write(true).open(path).unwrap();
            file.set_len(file.metadata().unwrap().len() / 2).unwrap();
        },
        "bytes and has",
    ),
    (
        "is replaced by one of the same size",
        |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let other = path.with_extension("other");
            std::fs::write(&other, text.replace("OAK", "ELM")).unwrap();
            std::fs::rename(other, path).unwrap();
        },
        "written to",
    ),
    (
        "is removed",
        |path| std::fs::remove_file(path).unwrap(),
        "gone",
    ),
];

/// A manifest that was written an hour ago.
fn manifest(directory: &Path) -> PathBuf {
    let path = directory.join("a.csv");
    let header = "entry_number,hts_number,goods_description,country_of_origin\n";
    let rows = "ABC00000015,4407291000,OAK,MX\n".repeat(50);
    std::fs::write(&path, format!("{header}{rows}")).unwrap();
    let hour = SystemTime::now() - Duration::from_hours(1);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(hour)
        .unwrap();
    path
}

/// A pass over inputs that were found before; `during` happens at its first batch.
fn pass(reading: &Reading, during: impl Fn() + Sync) -> Result<u64, Error> {
    let (mut n_rows, once) = (0, Once::new());
    with_threads(Some(1), || {
        run_plain(
            reading,
            &Identities::default(),
            |batch, _| {
                once.call_once(&during);
                batch.n_rows as u64
            },
            |rows| {
                n_rows += rows;
                Ok(Vec::new())
            },
        )
    })?;
    Ok(n_rows)
}

#[test]
fn an_input_that_changes_between_two_passes_or_within_one_stops_the_run() {
    for (what, change, said) in CHANGES {
        let directory = tempfile::tempdir().unwrap();
        let path = manifest(directory.path());
        let reading = || Reading {
            inputs: find_inputs(&[path.display().to_string()]).unwrap(),
            mapping: Mapping::default(),
            wanted: [field::HTS_NUMBER].into_iter().collect::<FieldSet>(),
            batch_rows: 7,
        };
        let found = reading();
        assert_eq!(pass(&found, || {}).unwrap(), 50);
        change(&path);
        let between = pass(&found, || {}).unwrap_err().to_string();
        manifest(directory.path());
        let within = pass(&reading(), || change(&path)).unwrap_err().to_string();
        for message in [between, within] {
            assert!(
                message.contains("a.csv: changed while it was read") && message.contains(said),
                "{what}: {message}"
            );
        }
    }
}

#[test]
fn a_parquet_file_that_is_cut_short_is_not_called_corrupt() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.parquet");
    let options = ch24::generate::Options {
        rows: 2_000,
        seed: 1,
        labels: false,
    };
    ch24::generate::write(&options, &path).unwrap();
    let reading = Reading {
        inputs: find_inputs(&[path.display().to_string()]).unwrap(),
        mapping: Mapping::default(),
        wanted: [field::HTS_NUMBER, field::GOODS_DESCRIPTION]
            .into_iter()
            .collect(),
        batch_rows: BATCH_ROWS.min(100),
    };
    let cut = || {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(1_000).unwrap();
    };
    let message = pass(&reading, cut).unwrap_err().to_string();
    assert!(message.contains("changed while it was read"), "{message}");
}

/// A pipe with a name.
fn pipe(directory: &Path) -> PathBuf {
    let path = directory.join("b.csv");
    let status = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(status.success());
    path
}

fn ch24(directory: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_ch24"))
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[track_caller]
fn stopped(output: &Output, directory: &Path, out: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("a.csv: changed while it was read"), "{said}");
    let left = std::fs::read_dir(directory).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    let is_kept = |name: &std::ffi::OsString| name == "a.csv" || name == "b.csv";
    assert!(left.iter().all(is_kept), "{out} or a leftover: {left:?}");
}

/// The program opens the pipe once it knows its inputs; what happens to the other one is before it has read them all.
#[test]
fn commands_stop_with_one_line_and_leave_nothing() {
    let commands: [&[&str]; 4] = [
        &["score", "a.csv", "b.csv", "--out", "out"],
        &["resolve", "a.csv", "b.csv", "--out", "out"],
        &["history", "build", "a.csv", "b.csv", "--out", "out"],
        &["backtest", "a.csv", "b.csv", "--out", "out"],
    ];
    for arguments in commands {
        let directory = tempfile::tempdir().unwrap();
        let path = manifest(directory.path());
        let pipe = pipe(directory.path());
        let child = ch24(directory.path(), arguments);
        let mut writer = OpenOptions::new().write(true).open(&pipe).unwrap();
        (CHANGES[0].1)(&path);
        writer
            .write_all(b"entry_number,hts_number\nABC00000031,4407291000\n")
            .unwrap();
        drop(writer);
        stopped(&child.wait_with_output().unwrap(), directory.path(), "out");
    }
}

#[test]
fn a_pipe_is_read_like_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let sample = std::fs::read(root().join("sample-data/manifest.csv")).unwrap();
    let pipe = pipe(directory.path());
    for out in ["passes", "one-pass"] {
        let mut arguments = vec!["score", "b.csv", "--format", "csv", "--out", out];
        if out == "one-pass" {
            arguments.push("--reconcile=false");
        }
        let child = ch24(directory.path(), &arguments);
        std::fs::write(&pipe, &sample).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let lines = std::fs::read_to_string(directory.path().join(out).join("lines.csv")).unwrap();
        assert_eq!(lines.lines().count(), 1 + 209);
        let account = std::fs::read(directory.path().join(out).join("run.json")).unwrap();
        let account: serde_json::Value = serde_json::from_slice(&account).unwrap();
        assert_eq!(account["inputs"][0]["label"], "b.csv");
        assert!(account["inputs"][0]["path"].is_null(), "it is gone");
    }
}
