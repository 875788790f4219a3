//! docs/tuning.md: its commands run, and what it shows is what they print; `UPDATE_GOLDENS=1` writes it anew.

use crate::end_to_end::root;
use std::path::Path;
use std::process::Command;

/// The output of a command line, in a directory, with the program on its path.
fn run(directory: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_ch24")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(directory)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{line}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| without_times(line) + "\n")
        .collect()
}

/// Times differ from run to run.
fn without_times(line: &str) -> String {
    if !line.starts_with("Read in ") {
        return line.trim_end().to_owned();
    }
    let hidden = line.split(' ').map(|word| match word.parse::<f64>() {
        Ok(_) => "...",
        Err(_) => word,
    });
    hidden.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_session_of_the_tuning_page_is_true() {
    let page = root().join("docs/tuning.md");
    let told = std::fs::read_to_string(&page).unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(
        root().join("sample-data"),
        directory.path().join("sample-data"),
    )
    .unwrap();
    let mut text = String::new();
    let mut is_session = false;
    for line in told.lines() {
        if let Some(command) = line.strip_prefix("$ ").filter(|_| is_session) {
            text += &format!("{line}\n{}", run(directory.path(), command));
            continue;
        }
        is_session = match line {
            "```console" => true,
            _ => is_session && line != "```",
        };
        if !is_session || line == "```console" {
            text += &format!("{line}\n");
        }
    }
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        std::fs::write(&page, &text).unwrap();
        return;
    }
    assert_eq!(
        told, text,
        "docs/tuning.md is stale: run the tests with UPDATE_GOLDENS=1 and read the difference"
    );
    // What the session made is one pack for one command.
    let again = run(
        directory.path(),
        "ch24 tune sample-data/lemis.csv --map sample-data/lemis.map.yaml --capacity 80 --out twice && diff -r tuned twice",
    );
    assert!(!again.contains("diff -r"), "{again}");
}
