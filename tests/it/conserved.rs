//! Rows in are rows out and rows in `issues.csv`, and the run says so; what stops a run says why in a line.

use crate::end_to_end::root;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn score(directory: &Path, input: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ch24"))
        .args([
            "score",
            input,
            "--format",
            "csv",
            "--outputs",
            "lines",
            "--out",
            "out",
            "--force",
        ])
        .args(more)
        .current_dir(directory)
        .output()
        .unwrap()
}

/// A pack without rules, which is quick to load.
fn empty_pack(directory: &Path) {
    let pack = directory.join("pack");
    fs::create_dir_all(&pack).unwrap();
    let rule = crate::support::rule_text("T-01", "hts_number LIKE '44%'", "");
    fs::write(pack.join("T-01.yaml"), rule).unwrap();
}

/// Rows of `lines`, and rows set aside by `issues.csv`, which tells them one by one or by their count.
fn written(directory: &Path) -> (u64, u64) {
    let records = |name: &str| {
        let reader = csv::Reader::from_path(directory.join("out").join(name));
        reader
            .unwrap()
            .into_records()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
    };
    let issues = records("issues.csv");
    let rows = issues.iter().filter(|issue| &issue[0] == "row");
    let n_set_aside = rows.map(|row| row[4].parse::<u64>().unwrap()).sum();
    (records("lines.csv").len() as u64, n_set_aside)
}

/// A row of a format: whole, or one that cannot be read.
fn row(ending: &str, kind: u8, number: usize) -> String {
    match (ending, kind) {
        ("csv", 0..=5) => format!("ABC{number:08},44072995{:02},OAK \u{e9}\n", number % 100),
        ("csv", 6) => format!("ABC{number:08},too few\n"),
        ("csv", 7) => format!("ABC{number:08},4407,too,many\n"),
        ("csv", 8) => "ABC,4407,NUL \0\n".to_owned(),
        ("csv", _) => format!("ABC{number:08},4407,\"over\ntwo lines\"\n"),
        (_, 0..=6) => {
            format!("{{\"entry_number\": \"ABC{number:08}\", \"hts_number\": 4407299500}}\n")
        }
        (_, 7) => "{\"entry_number\": \n".to_owned(),
        (_, _) => "[1]\n".to_owned(),
    }
}

proptest! {
    #![proptest_config(crate::config(6))]

    #[test]
    fn no_row_is_lost_in_any_format(kinds in prop::collection::vec(0_u8..10, 0..300), threads in 1_usize..4) {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        empty_pack(directory.path());
        for ending in ["csv", "ndjson", "csv.gz", "ndjson.zst"] {
            let form = ending.split('.').next().unwrap();
            let mut text = if form == "csv" { "entry_number,hts_number,goods_description\n".to_owned() } else { String::new() };
            (0..).zip(&kinds).for_each(|(number, kind)| text += &row(form, *kind, number));
            let bytes = match ending {
                "csv.gz" => {
                    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
                    encoder.finish().unwrap()
                }
                "ndjson.zst" => zstd::stream::encode_all(text.as_bytes(), 1).unwrap(),
                _ => text.into_bytes(),
            };
            let name = format!("rows.{ending}");
            fs::write(at(&name), bytes).unwrap();
            let threads = threads.to_string();
            let output = score(directory.path(), &name, &["--rules", "pack", "--max-bad-rows", "100%", "--threads", &threads]);
            prop_assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let (lines, set_aside) = written(directory.path());
            prop_assert_eq!(lines + set_aside, kinds.len() as u64, "{}", ending);
            let said = String::from_utf8_lossy(&output.stdout);
            let told = format!("{} rows read: {lines} taken in, {set_aside} set aside; ", kinds.len());
            prop_assert!(said.contains(&told), "{}", said);
        }
    }
}

#[test]
fn no_row_of_a_columnar_file_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let sample = root().join("sample-data/manifest.csv");
    for ending in ["parquet", "arrow", "ndjson", "csv"] {
        let name = format!("rows.{ending}");
        let output = score(
            directory.path(),
            sample.to_str().unwrap(),
            &["--write-normalized", &name],
        );
        assert!(output.status.success());
        let output = score(directory.path(), &name, &["--reconcile=false"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said = String::from_utf8_lossy(&output.stdout);
        // Two rows of the sample are context of a later stage, and normalized rows are those that select.
        assert!(
            said.contains("207 rows read: 207 taken in, 0 set aside"),
            "{name}: {said}"
        );
        assert_eq!(written(directory.path()), (207, 0), "{name}");
    }
}

#[track_caller]
fn refused(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    said
}

#[test]
fn too_many_bad_rows_stop_the_run_with_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let rows = "ABC00000015,4407\n".to_owned() + &"too few\n".repeat(101);
    fs::write(
        directory.path().join("a.csv"),
        format!("entry_number,hts_number\n{rows}"),
    )
    .unwrap();
    let said = refused(&score(directory.path(), "a.csv", &[]));
    assert!(
        said.contains("101 of 102 rows") && said.contains("--max-bad-rows"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!directory.path().join("out").exists());
    assert!(
        score(directory.path(), "a.csv", &["--max-bad-rows", "101"])
            .status
            .success()
    );
    assert!(
        score(directory.path(), "a.csv", &["--max-bad-rows", "100%"])
            .status
            .success()
    );
}

#[test]
fn an_input_without_rows_is_a_run_that_says_so() {
    let directory = tempfile::tempdir().unwrap();
    for text in ["", "entry_number,hts_number\n"] {
        fs::write(directory.path().join("a.csv"), text).unwrap();
        let output = score(directory.path(), "a.csv", &[]);
        assert!(output.status.success());
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            said.contains("No lines: the input holds no rows."),
            "{said}"
        );
    }
}

#[test]
fn a_mapping_that_cannot_be_settled_stops_the_run() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.csv"), "a,b\n4407,4408\n").unwrap();
    for (map, named) in [
        (
            "columns: {a: {field: hts_numbr}}\n",
            &["hts_numbr", "hts_number"][..],
        ),
        (
            "columns: {a: {field: hts_number}, b: {field: hts_number}}\n",
            &["hts_number"],
        ),
    ] {
        fs::write(directory.path().join("map.yaml"), map).unwrap();
        let said = refused(&score(directory.path(), "a.csv", &["--map", "map.yaml"]));
        assert!(named.iter().all(|name| said.contains(name)), "{said}");
    }
}

#[test]
fn a_pack_with_mistakes_stops_before_a_row_is_read() {
    let directory = tempfile::tempdir().unwrap();
    empty_pack(directory.path());
    for (number, condition) in ["gros_weight_kg > 1", "hts_number > 5"].iter().enumerate() {
        let rule = crate::support::rule_text(&format!("T-1{number}"), condition, "");
        fs::write(
            directory.path().join(format!("pack/T-1{number}.yaml")),
            rule,
        )
        .unwrap();
    }
    let said = refused(&score(
        directory.path(),
        "nowhere.csv",
        &["--rules", "pack"],
    ));
    let all = [
        "error[unknown-field]",
        "error[type-mismatch]",
        "gross_weight_kg",
    ];
    assert!(all.iter().all(|part| said.contains(part)), "{said}");
}
