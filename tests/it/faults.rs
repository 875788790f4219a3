//! What goes wrong around a run: nothing stands half-written under the final name, and the next run works.

use crate::end_to_end::root;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The program on the sample, writing to a directory.
fn score(out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch24"));
    command
        .arg("score")
        .arg(root().join("sample-data/manifest.csv"))
        .arg("--out")
        .arg(out)
        .args(["--force", "--quiet"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn runs(out: &Path) {
    let output = score(out).output().unwrap();
    assert!(output.status.success(), "{}", message(&output));
    assert!(is_whole(out));
}

fn message(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Whether an output holds all that a run writes, its account last.
fn is_whole(out: &Path) -> bool {
    let account = std::fs::read(out.join("run.json"));
    let account =
        account.is_ok_and(|text| serde_json::from_slice::<serde_json::Value>(&text).is_ok());
    account && out.join("lines.parquet").is_file() && out.join("issues.csv").is_file()
}

/// What lies in a directory.
fn names(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

#[test]
fn only_its_owner_can_read_an_output() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    runs(&out);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&out), 0o700);
    let files = names(&out).into_iter().filter(|path| path.is_file());
    let open: Vec<_> = files.filter(|path| mode(path) != 0o600).collect();
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_run_that_is_stopped_at_any_moment_leaves_nothing_under_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    for (milliseconds, signal) in [1, 10, 50, 120, 250, 500, 900]
        .into_iter()
        .zip(["KILL", "TERM", "INT"].iter().cycle())
    {
        let child = score(&out).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        stop(child, signal);
        assert!(
            !out.exists() || is_whole(&out),
            "{signal} after {milliseconds} ms"
        );
    }
    runs(&out);
    assert_eq!(names(directory.path()), [out], "leftovers of stopped runs");
}

fn stop(mut child: Child, signal: &str) {
    let id = child.id().to_string();
    // It may be over already.
    Command::new("kill")
        .args(["-s", signal, &id])
        .stderr(Stdio::null())
        .status()
        .unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_that_is_stopped_keeps_the_output_that_stood_there() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    runs(&out);
    let before = std::fs::read(out.join("run.json")).unwrap();
    let child = score(&out).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(5));
    stop(child, "KILL");
    assert_eq!(std::fs::read(out.join("run.json")).unwrap(), before);
}

#[test]
fn a_file_that_cannot_be_written_stops_the_run_with_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    // A limit of 1 KiB a file does what a full disk does; the signal that comes with it is ignored.
    let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let plain = score(&out);
    let output = Command::new("bash")
        .args(["-c", limited])
        .arg(plain.get_program())
        .args(plain.get_args())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", message(&output));
    let message = message(&output);
    assert_eq!(message.trim_end().lines().count(), 1, "{message}");
    assert!(message.contains("too large"), "{message}");
    assert!(names(directory.path()).is_empty());
}

#[test]
fn a_place_where_nothing_can_be_made_stops_the_run_with_one_line() {
    let output = score(Path::new("/proc/ch24-out")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = message(&output);
    assert_eq!(message.trim_end().lines().count(), 1, "{message}");
    assert!(message.contains("/proc"), "{message}");
}

#[test]
fn of_two_runs_that_may_not_replace_one_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let run = || {
        let forced = score(&out);
        let arguments = forced.get_args().filter(|argument| *argument != "--force");
        let mut command = Command::new(forced.get_program());
        command
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let [first, second] = [run(), run()].map(|child| child.wait_with_output().unwrap());
    let mut codes = [first.status.code(), second.status.code()];
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(2)]);
    let said = message(&first) + &message(&second);
    assert!(said.contains("--force"), "{said}");
    assert!(is_whole(&out));
    assert_eq!(
        names(directory.path()),
        [out],
        "nothing is left of the other"
    );
}

#[test]
fn of_two_runs_into_one_place_each_leaves_a_whole_output() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let children = [score(&out).spawn().unwrap(), score(&out).spawn().unwrap()];
    let codes = children.map(|child| child.wait_with_output().unwrap().status.code());
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(is_whole(&out));
    runs(&out);
    assert_eq!(names(directory.path()), [out]);
}
