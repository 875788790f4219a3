//! What the program says when it is asked, and when it is asked wrongly.

use std::process::{Command, Output};

fn ch24(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ch24"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What stands on standard error of a call that cannot run.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let output = ch24(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn every_command_has_a_manual_page_that_says_what_it_does() {
    let help = String::from_utf8(ch24(&["help"]).stdout).unwrap();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.map_while(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<_> = names.filter(|name| !["", "help"].contains(name)).collect();
    assert!(names.len() > 10, "{names:?}");
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("man");
    assert!(
        ch24(&["manual", "--out", out.to_str().unwrap()])
            .status
            .success()
    );
    for name in names {
        let page = std::fs::read_to_string(out.join(format!("ch24-{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.len() > 300, "{name}");
    }
}

#[test]
fn what_is_misspelled_is_named_with_what_was_meant() {
    for (arguments, meant) in [
        (&["scor"][..], "score"),
        (&["score", "x.csv", "--ruels", "rules"], "--rules"),
        (&["score", "x.csv", "--format", "parket"], "parquet"),
        (&["rules", "explain", "gros_weight_kg"], "gross_weight_kg"),
        (
            &["rules", "explain", "cites-timber-no-permt"],
            "cites-timber-no-permit",
        ),
        (&["rules", "test", "F-122"], "F-12"),
        (&["rules", "chek"], "check"),
        (&["rules", "explain", "in_lst"], "in_list"),
    ] {
        let said = refused(arguments);
        assert!(said.contains(meant), "{arguments:?}: {said}");
    }
}

#[test]
fn what_is_no_run_is_told_with_what_makes_one() {
    for arguments in [
        &["explain", "nowhere", "x"][..],
        &["verify", "nowhere"],
        &["replay", "nowhere"],
    ] {
        let said = refused(arguments);
        assert!(
            said.contains("nowhere: ") && said.contains("ch24 score"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_quiet_run_says_nothing_and_a_pipe_sees_no_progress_and_no_color() {
    let directory = tempfile::tempdir().unwrap();
    let sample = crate::end_to_end::root().join("sample-data/manifest.csv");
    let score = |name: &str, more: &[&str]| {
        let out = directory.path().join(name);
        let arguments = [
            "score",
            sample.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        ch24(&[&arguments[..], more].concat())
    };
    let quiet = score("quiet", &["--quiet"]);
    assert!(quiet.status.success() && quiet.stdout.is_empty() && quiet.stderr.is_empty());
    let told = score("told", &[]);
    assert!(told.status.success() && !told.stdout.is_empty() && told.stderr.is_empty());
    let map = directory.path().join("map.yaml");
    std::fs::write(&map, "columns: {a: 1}\n").unwrap();
    let mistaken = score("mistaken", &["--map", map.to_str().unwrap()]);
    assert_eq!(mistaken.status.code(), Some(2));
    assert!(!mistaken.stderr.contains(&0x1b), "color is for terminals");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = refused(&["score", "nowhere/manifest.csv"]);
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains("nowhere/manifest.csv"), "{said}");
}

/// A file as spreadsheets of Windows write it: its rows are set aside, and how to convert it is said.
#[test]
fn a_file_in_another_encoding_is_told_how_to_become_readable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("m.csv");
    let rows = b"entry_number,shipper_name\nABC00000001,Madera Pe\xf1a\nABC00000002,Maderas\n";
    std::fs::write(&path, rows).unwrap();
    let out = directory.path().join("out");
    let [path, out] = [&path, &out].map(|path| path.to_str().unwrap());
    let output = ch24(&["score", path, "--out", out]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("1 of these rows are not UTF-8 text"),
        "{said}"
    );
    assert!(said.contains("iconv"), "{said}");
    let output = ch24(&[
        "score",
        path,
        "--out",
        out,
        "--force",
        "--max-bad-rows",
        "0",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("iconv"), "{said}");
}

#[test]
fn a_pack_without_rules_clears_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let pack = directory.path().to_str().unwrap();
    let said = refused(&["score", "sample-data/manifest.csv", "--rules", pack]);
    assert!(said.contains("holds no rule"), "{said}");
}

/// A maker's code begins with a country: nine digits in its place can be a person's number.
#[test]
fn a_personal_number_in_the_place_of_a_makers_code_is_masked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("m.csv");
    let rows = "entry_number,manufacturer_id\nABC00000001,123456789\nABC00000002,MXACUMUE70CIU\n";
    std::fs::write(&path, rows).unwrap();
    let out = directory.path().join("out");
    let [path, to] = [&path, &out].map(|path| path.to_str().unwrap());
    let output = ch24(&["score", path, "--format", "csv", "--out", to]);
    assert!(output.status.success());
    let mut n_files = 0;
    for entry in std::fs::read_dir(&out).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("123456789"), "{}", path.display());
            n_files += 1;
        }
    }
    assert!(n_files >= 3, "{n_files} files");
    let issues = std::fs::read_to_string(out.join("issues.csv")).unwrap();
    assert!(
        issues.contains("manufacturer_id,masked-identity"),
        "{issues}"
    );
}
