//! Every command line that a help or a page of the documentation shows runs as it stands there, on the sample data.

use crate::end_to_end::root;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Lines that are not run here, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("git clone", "fetches this repository"),
    ("cargo ", "builds or tests the project itself"),
    (
        "python3 tests/",
        "needs records that are no part of the project",
    ),
    ("ch24 generate --rows 10000000 ", "makes ten million lines"),
    ("ch24 tune ", "takes a minute: tests/it/session.rs runs it"),
    (
        "ch24 rules diff shipped tuned",
        "tests/it/session.rs runs it after `ch24 tune`",
    ),
];

/// Pages whose sessions are run elsewhere.
const OTHER_TEST: &[&str] = &["docs/tuning.md"];

/// What must stand in the directory before the lines of a page run; `lines N FILE` makes synthetic lines.
const PREPARED: &[(&str, &[&str])] = &[
    (
        "README.md",
        &[
            "mkdir 2024 2025 manifests",
            "lines 1 2024/a.parquet",
            "lines 2 2025/a.csv",
            "lines 3 today.csv",
            "ch24 outcomes import sample-data/exams.csv -o outcomes",
        ],
    ),
    ("docs/adding-a-rule.md", &["lines 4 last-month.parquet"]),
    (
        "docs/backtest.md",
        &[
            "lines 5 2026-09.parquet --labels",
            "echo line_id,outcome > exams.csv",
            "ch24 score 2026-09.parquet --format csv --out scored --quiet",
            "tail -n +2 scored/lines.csv | cut -d, -f4 | grep . | awk '{print $0 (NR % 5 ? \",ok\" : \",bad\")}' >> exams.csv",
        ],
    ),
    (
        "docs/entities.md",
        &[
            "mkdir manifests",
            "cp sample-data/manifest.csv manifests/",
            "echo name > listed.csv",
        ],
    ),
    (
        "docs/estimate.md",
        &[
            "mkdir runs",
            "cp sample-data/manifest.csv monday.csv",
            "cp sample-data/exams.csv .",
        ],
    ),
    (
        "docs/history.md",
        &[
            "mkdir 2024 2025",
            "lines 1 2024/a.parquet",
            "lines 2 2025/a.csv",
            "cp sample-data/manifest.csv today.csv",
            "cp sample-data/exams.csv .",
        ],
    ),
    (
        "docs/operating.md",
        &[
            "mkdir -p incoming/2026-11-22 incoming/2026-11-23 runs",
            "cp sample-data/manifest.csv incoming/2026-11-22/",
            "lines 6 incoming/2026-11-23/a.csv",
            "cp sample-data/exams.csv results.csv",
            "head -c 32 /dev/urandom > key",
            "lines 7 before.csv",
            "ch24 history build before.csv -o store --id-key key",
            "ch24 score before.csv --out runs/2026-11-20",
        ],
    ),
    (
        "docs/replay.md",
        &["ch24 score sample-data/manifest.csv --quiet"],
    ),
];

/// A directory in which lines run: sample and rules are those of the repository.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = Self { directory };
        let root = root();
        for name in ["sample-data", "rules"] {
            place.runs(
                "the copy",
                &format!("cp -r '{}' .", root.join(name).display()),
            );
        }
        place
    }

    fn run(&self, line: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_ch24")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        Command::new("bash")
            .args(["-o", "pipefail", "-c", line])
            .current_dir(self.directory.path())
            .env("PATH", path)
            .env("XDG_STATE_HOME", self.directory.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn runs(&self, from: &str, line: &str) -> String {
        let line = match line
            .strip_prefix("lines ")
            .and_then(|rest| rest.split_once(' '))
        {
            Some((seed, file)) => {
                format!("ch24 generate --rows 400 --seed {seed} --out {file} --force")
            }
            // Lists grow old: a strict check is one of the day of their last review.
            None => line.replace(
                " --strict my-rules",
                " --strict --as-of 2026-11-22 my-rules",
            ),
        };
        let output = self.run(&line);
        let said = String::from_utf8_lossy(&output.stderr);
        // A pipe that is closed early, as `head` does, is no failure of the line.
        assert!(output.status.success(), "{from}: {line}\n{said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn is_run(line: &str) -> bool {
    !NOT_RUN.iter().any(|(start, _)| line.starts_with(start))
}

/// The pages: the README and everything in docs/.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// A step of a page: a file that it tells to write, or a command line, with what it prints where the page shows it.
enum Step {
    File { path: String, text: String },
    Line { line: String, shown: String },
}

/// The steps of a page, in order. In a block of `console` a line begins with `$ ` and what follows is what it prints; a block of
/// `sh` holds lines alone. A comment `<!-- FILE -->` before a block names the file that holds it.
fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut fence: Option<&str> = None;
    let mut file: Option<String> = None;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            fence = match fence {
                Some(_) => {
                    file = None;
                    None
                }
                None => Some(language),
            };
            if let (Some(_), Some(path)) = (fence, &file) {
                steps.push(Step::File {
                    path: path.clone(),
                    text: String::new(),
                });
            }
            continue;
        }
        let comment = line
            .strip_prefix("<!-- ")
            .and_then(|line| line.strip_suffix(" -->"));
        match (fence, &file, steps.last_mut()) {
            (None, ..) => file = comment.map(str::to_owned).or(file),
            (Some(_), Some(_), Some(Step::File { text, .. })) => *text += &format!("{line}\n"),
            (Some("sh"), ..) => steps.push(Step::Line {
                line: line.to_owned(),
                shown: String::new(),
            }),
            (Some("console"), _, last) => match (line.strip_prefix("$ "), last) {
                (Some(line), _) => steps.push(Step::Line {
                    line: line.to_owned(),
                    shown: String::new(),
                }),
                (None, Some(Step::Line { shown, .. })) => *shown += &format!("{line}\n"),
                _ => {}
            },
            _ => {}
        }
    }
    steps
}

#[test]
fn every_line_of_the_pages_runs() {
    for page in pages() {
        let name = page.strip_prefix(root()).unwrap().display().to_string();
        if OTHER_TEST.contains(&name.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&page).unwrap();
        let steps = steps(&text);
        let is_ours =
            |step: &&Step| matches!(step, Step::Line { line, .. } if line.starts_with("ch24 "));
        let n_lines = steps.iter().filter(is_ours).count();
        let typed = text
            .lines()
            .map(|line| line.strip_prefix("$ ").unwrap_or(line));
        let n_typed = typed.filter(|line| line.starts_with("ch24 ")).count();
        assert_eq!(
            n_lines, n_typed,
            "{name}: command lines stand in blocks of `console` or `sh`"
        );
        if n_lines == 0 {
            continue;
        }
        let place = Place::new();
        let prepared = PREPARED.iter().find(|(page, _)| *page == name);
        for line in prepared.map_or(&[][..], |(_, lines)| lines) {
            place.runs(&name, line);
        }
        for step in steps {
            match step {
                Step::File { path, text } => {
                    let path = place.directory.path().join(path);
                    let before = fs::read_to_string(&path).unwrap_or_default();
                    fs::write(&path, before + &text).unwrap();
                }
                Step::Line { line, .. } if is_run(&line) => drop(place.runs(&name, &line)),
                Step::Line { .. } => {}
            }
        }
    }
}

#[test]
fn what_the_readme_shows_first_is_what_it_prints() {
    let page = root().join("README.md");
    let text = fs::read_to_string(&page).unwrap();
    let shown = steps(&text).into_iter().find_map(|step| match step {
        Step::Line { line, shown } if line.starts_with("cargo run --release -- score") => {
            Some((line, shown))
        }
        _ => None,
    });
    let (line, shown) = shown.unwrap();
    let place = Place::new();
    let printed = place.runs("README.md", &line.replace("cargo run --release --", "ch24"));
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        fs::write(&page, text.replace(&shown, &printed)).unwrap();
        return;
    }
    assert_eq!(
        shown, printed,
        "README.md is stale: run the tests with UPDATE_GOLDENS=1"
    );
}

/// The help of a command and of those below it, with how each is typed.
fn helps(place: &Place, typed: &str, found: &mut Vec<(String, String)>) {
    let help = place.runs("help", &format!("{typed} --help"));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = commands
        .map_while(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split(' ').next());
    let names: Vec<String> = names
        .filter(|name| !name.is_empty() && *name != "help")
        .map(str::to_owned)
        .collect();
    found.push((typed.to_owned(), help));
    for name in names {
        helps(place, &format!("{typed} {name}"), found);
    }
}

/// The order in which examples can run: each finds what those before it left.
const ORDER: &[&str] = &[
    "ch24",
    "ch24 score",
    "ch24 explain",
    "ch24 entities",
    "ch24 dossier",
    "ch24 decide",
    "ch24 outcomes",
    "ch24 outcomes import",
    "ch24 verify",
    "ch24 replay",
    "ch24 estimate",
    "ch24 rules",
    "ch24 rules check",
    "ch24 rules test",
    "ch24 rules diff",
    "ch24 rules schema",
    "ch24 rules lists",
    "ch24 rules list",
    "ch24 rules sql",
    "ch24 rules explain",
    "ch24 backtest",
    "ch24 tune",
    "ch24 resolve",
    "ch24 network",
    "ch24 fields",
    "ch24 history",
    "ch24 history build",
    "ch24 generate",
    "ch24 completions",
    "ch24 manual",
];

/// Examples that print records, one a line, or what programs read; all else fits 80 columns.
const RECORDS: &[&str] = &["--json", "ch24 rules list", "ch24 fields"];

#[test]
fn every_command_has_examples_that_run_and_fit_a_terminal() {
    let place = Place::new();
    let mut helps_found = Vec::new();
    helps(&place, "ch24", &mut helps_found);
    let typed: BTreeSet<&str> = helps_found
        .iter()
        .map(|(typed, _)| typed.as_str())
        .collect();
    assert_eq!(
        typed,
        ORDER.iter().copied().collect(),
        "the commands there are"
    );
    for command in ORDER {
        let (_, help) = helps_found
            .iter()
            .find(|(typed, _)| typed == command)
            .unwrap();
        let examples = help.lines().skip_while(|line| *line != "Examples:").skip(1);
        let examples: Vec<&str> = examples.map_while(|line| line.strip_prefix("  ")).collect();
        assert!(!examples.is_empty(), "{command} has no example");
        let wide = help.lines().find(|line| line.chars().count() > 80);
        assert!(wide.is_none(), "the help of {command}: {wide:?}");
        for example in examples {
            assert!(example.starts_with("ch24 "), "{command}: {example}");
            if !is_run(example) {
                continue;
            }
            let printed = place.runs(command, example);
            if RECORDS.iter().any(|records| example.contains(records)) {
                continue;
            }
            let wide = printed.lines().find(|line| line.chars().count() > 80);
            assert!(wide.is_none(), "{example}: {wide:?}");
        }
    }
}
