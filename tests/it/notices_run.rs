//! Lookouts and suppressions of a whole run: its bytes, its replay, what explains it, what the manual shows.

use crate::end_to_end::{Run, contents, root};
use crate::notices::{rules, table};
use crate::support::{load_directory, write_files};
use ch24::check::check;
use ch24::job::BadRows;
use ch24::normalize::date::parse_date;
use ch24::pipeline;
use ch24::replay::{Again, compare, job};
use ch24::score::{Program, score};
use ch24::select::judge_noticed;
use ch24::trace::run::{Moved, PastRun};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

/// The shipped pack and the sample, with a lookout and two suppressions, as a run.
fn sample(directory: &Path) -> (Run, PathBuf) {
    let pack = directory.join("pack");
    copy(&root().join("rules"), &pack);
    let files = [
        (
            "lookouts.csv",
            "key,action,reason,owner,expires\nimporter:99-0000027,examine,case 26-114,J. Doe,2027-01-31\nhts:0304,review,case 26-115,J. Doe,2027-01-31\n",
        ),
        (
            "suppressions.csv",
            "rule,entity,product,approver,reason,expires\nF-53,importer:99-0000021,hts:0304,J. Roe,permit seen,2027-01-31\nW-38,importer:99-0000027,,J. Roe,permit seen,2027-01-31\n",
        ),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    write_files(&pack, &files.to_vec());
    let run = Run {
        pack,
        ..Run::of("manifest.csv")
    };
    (run, directory.join("out"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry
            .map(|entry| (entry.path(), entry.file_name()))
            .unwrap();
        match path.is_dir() {
            true => copy(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}

#[test]
fn threads_and_batch_sizes_change_no_byte_with_notices() {
    let directory = tempfile::tempdir().unwrap();
    let (run, out) = sample(directory.path());
    let summary = run.write_to(&out);
    assert!(summary.lookouts.iter().all(|lookout| lookout.lines > 0));
    assert!(summary.suppressions.iter().all(|found| found.hits > 0));
    let first = contents(&out);
    for (threads, batch_rows) in [(1, 1 << 16), (2, 7), (2, 64), (1, 1)] {
        let out = directory.path().join(format!("{threads}-{batch_rows}"));
        let (run, _) = sample(directory.path());
        Run {
            threads,
            batch_rows,
            ..run
        }
        .write_to(&out);
        for (found, expected) in contents(&out).iter().zip(&first) {
            assert!(
                found == expected,
                "{} with {threads} threads, {batch_rows} rows",
                found.0
            );
        }
    }
}

#[test]
fn such_a_run_comes_out_again_and_not_with_another_lookout() {
    let directory = tempfile::tempdir().unwrap();
    let (run, out) = sample(directory.path());
    run.write_to(&out);
    let past = || PastRun::open(&out, &Moved::default(), directory.path());
    let again = Again {
        out: directory.path().join("again"),
        salt: None,
        bad_rows: |_| Ok(BadRows::default()),
        threads: Some(1),
    };
    pipeline::run(&job(past().unwrap(), again).unwrap(), &AtomicU64::new(0)).unwrap();
    let compared = compare(&out, &directory.path().join("again")).unwrap();
    assert!(compared.is_same(), "{compared:?}");
    let lookouts = directory.path().join("pack/lookouts.csv");
    let text = fs::read_to_string(&lookouts).unwrap();
    // The form of line ends does not count, what the rows say does.
    fs::write(&lookouts, text.replace('\n', "\r\n")).unwrap();
    assert!(past().is_ok());
    fs::write(&lookouts, text.replace("review", "examine")).unwrap();
    let refused = past().unwrap_err().to_string();
    assert!(refused.contains("the rules changed"), "{refused}");
}

#[test]
fn a_line_is_explained_with_both() {
    let directory = tempfile::tempdir().unwrap();
    let (run, out) = sample(directory.path());
    run.write_to(&out);
    let lines = table(&out.join("lines.csv"));
    let line = lines
        .iter()
        .find(|line| line["suppressed"] == "W-38" && !line["lookouts"].is_empty())
        .unwrap();
    let past = PastRun::open(&out, &Moved::default(), directory.path()).unwrap();
    let program = Program::new(&past.rules);
    let found = past.find(&program, &line["record_id"]).unwrap().remove(0);
    let scores = score(&program, &past.rules, &found.batch);
    let noticed = past.notices.find(&past.rules, &found.batch, &scores);
    let judged = judge_noticed(&past.rules, &scores, &noticed);
    assert_eq!(judged.of_row(0).lane.as_str(), line["lane"]);
    assert_eq!(judged.of_row(0).suppressed.len(), 1);
    #[cfg(feature = "cli")]
    {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_ch24"))
            .args(["explain", out.to_str().unwrap(), &line["record_id"]])
            .output()
            .unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains(
                "lookout importer:99-0000027 asks to examine until 2027-01-31 (J. Doe): case 26-114"
            ),
            "{said}"
        );
        assert!(
            said.contains(
                "suppressed on importer:99-0000027 by J. Roe until 2027-01-31: permit seen"
            ),
            "{said}"
        );
    }
}

/// The blocks of a page that begin with a line.
fn block(page: &str, header: &str) -> String {
    let start = page.find(&format!("```csv\n{header}")).unwrap() + "```csv\n".len();
    let end = page[start..].find("```").unwrap() + start;
    page[start..end].to_owned()
}

#[test]
fn the_rows_of_the_manual_are_what_it_says() {
    let page = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    copy(&root().join("rules"), directory.path());
    let files = [
        ("lookouts.csv", "key,action"),
        ("suppressions.csv", "rule,entity"),
    ];
    let files = files.map(|(name, header)| (name.to_owned(), block(&page, header)));
    write_files(directory.path(), &files.to_vec());
    let mut loaded = load_directory(directory.path());
    let before = load_directory(&root().join("rules"));
    let today = parse_date("2026-11-23").unwrap();
    ch24::check::notices::check_notices(&mut loaded, today);
    assert_eq!(
        loaded.diagnostics.iter().count(),
        before.diagnostics.iter().count(),
        "{}",
        loaded.diagnostics.render(&loaded.sources, false)
    );
    let notices = &loaded.rules.unwrap().notices;
    assert!(notices.lookouts.len() > 1 && !notices.suppressions.is_empty());
}

#[test]
fn a_check_counts_from_the_day_that_is_given() {
    let lookouts = "key,action,reason,owner,expires\n\
        importer:12-3456789,examine,case 26-114,J. Doe,2026-08-30\n";
    let directory = tempfile::tempdir().unwrap();
    let files = [("lookouts.csv".to_owned(), lookouts.to_owned())];
    write_files(
        directory.path(),
        &rules("").into_iter().chain(files).collect(),
    );
    for (today, codes) in [
        ("2026-05-31", vec!["notice-too-long"]),
        ("2026-06-01", vec![]),
        ("2026-08-30", vec![]),
        ("2026-08-31", vec!["notice-expired"]),
    ] {
        let mut loaded = load_directory(directory.path());
        check(&mut loaded, false, parse_date(today).unwrap());
        let mut found: Vec<_> = loaded.diagnostics.iter().map(|found| found.code).collect();
        found.retain(|code| code.starts_with("notice"));
        assert_eq!(found, codes, "{today}");
    }
}
