//! A manifest written by an enemy, through every command: no personal number, no formula, no control of a terminal gets out.

use crate::end_to_end::root;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Digits of an invented personal number, in the forms in which it is planted.
const PERSONAL: [&str; 3] = ["987-65-4329", "987654329", "987 65 4329"];
/// How planted names begin: each is a formula to a spreadsheet.
const FORMULAS: [&str; 8] = [
    "=",
    "+",
    "-",
    "@",
    "＝",
    "\u{feff}=",
    " \u{200b}@",
    "\u{3000}＋",
];
/// Sets a title, links, colors, clears, writes backwards, and moves to the start of the line.
const CONTROLS: &str =
    "\u{1b}]0;own\u{7}\u{1b}]8;;http://x\u{1b}\\\u{9b}2J\u{1b}[31m\u{202e}\u{2066}";
/// The planted manifest: the name is one more place to hide in.
const INPUT: &str = "=m\u{1b}[2J.csv";

/// A directory with the sample as an enemy would have filed it.
fn planted() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut reader = csv::Reader::from_path(root().join("sample-data/manifest.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut columns: Vec<&str> = header.iter().collect();
    columns.extend(["consignee_number", "outcome", "outcome_date"]);
    writer.write_record(&columns).unwrap();
    for (row, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let of = |name: &str| columns.iter().position(|column| *column == name).unwrap();
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        let number = PERSONAL[row % 3].to_owned();
        cells.extend([number.clone(), "ok".to_owned(), "2026-11-01".to_owned()]);
        if row % 3 == 0 {
            "bad".clone_into(&mut cells[of("outcome")]);
        }
        if row % 2 == 0 {
            cells[of("importer_of_record_number")].clone_from(&number);
        }
        for name in [
            "importer_name",
            "consignee_name",
            "shipper_name",
            "shipper_address",
            "seller_name",
            "goods_description",
            "harvest_vessel_name",
            "farm_name",
            "cites_permit_foreign",
            "forest_authorization",
            "conveyance_name",
        ] {
            let cell = &mut cells[of(name)];
            if !cell.is_empty() {
                *cell = format!("{}1{CONTROLS}{cell}", FORMULAS[row % 8]);
            }
        }
        if row == 20 {
            // The columns are shifted by one, so the number stands where a value was.
            PERSONAL[0].clone_into(&mut cells[of("entered_value_usd")]);
        }
        writer.write_record(&cells).unwrap();
    }
    let mut text = writer.into_inner().unwrap();
    for number in PERSONAL {
        text.extend(format!("@{CONTROLS},{number},too few fields\n").bytes());
    }
    fs::write(directory.path().join(INPUT), text).unwrap();
    directory
}

/// A command line in the planted directory.
fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ch24"))
        .args(arguments)
        .current_dir(directory)
        .env("XDG_STATE_HOME", directory)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// A line id, an importer and a shipment of a run.
fn known(directory: &Path) -> [String; 3] {
    let first = |table: &str, column: &str, of: &dyn Fn(&csv::StringRecord) -> bool| {
        let mut reader = csv::Reader::from_path(directory.join("run").join(table)).unwrap();
        let header = reader.headers().unwrap().clone();
        let place = header.iter().position(|name| name == column).unwrap();
        let mut records = reader.records().map(Result::unwrap);
        records.find(of).unwrap()[place].to_owned()
    };
    let any = |_: &csv::StringRecord| true;
    let is_hit = |record: &csv::StringRecord| record.iter().any(|cell| cell == "red");
    [
        first("lines.csv", "record_id", &is_hit),
        first("entities.csv", "entity_key", &any),
        first("shipments.csv", "shipment_key", &any),
    ]
}

/// Every command that reads a manifest or a run; what each said, with the command.
#[expect(clippy::too_many_lines, reason = "one command after the other")]
fn battery(directory: &Path) -> Vec<(String, Output)> {
    let mut said = Vec::new();
    let mut all = |codes: &[i32], arguments: &[&str]| {
        let output = run(directory, arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        let is_expected = codes.contains(&output.status.code().unwrap());
        assert!(is_expected, "{arguments:?}: {errors}");
        said.push((arguments.join(" "), output));
    };
    all(
        &[0],
        &[
            "score",
            INPUT,
            "--format",
            "csv",
            "--out",
            "run",
            "--write-normalized",
            "normalized.csv",
        ],
    );
    all(
        &[0],
        &[
            "score",
            INPUT,
            "--format",
            "ndjson",
            "--out",
            "run-ndjson",
            "--json",
        ],
    );
    all(
        &[0],
        &[
            "score",
            INPUT,
            "--out",
            "run-parquet",
            "--write-normalized",
            "normalized.parquet",
        ],
    );
    all(
        &[2],
        &["score", INPUT, "--out", "never", "--max-bad-rows", "1"],
    );
    let [line, entity, shipment] = known(directory);
    all(&[0], &["explain", "run", &line]);
    all(&[0], &["explain", "run", &line, "--near"]);
    all(&[0], &["explain", "run", &line, "--why-not", "T-09"]);
    all(&[2], &["explain", "run", "\u{1b}[2Jnowhere"]);
    all(&[0], &["entities", "run", "--top", "500"]);
    all(&[0], &["entities", "run", "--top", "500", "--json"]);
    all(&[0], &["entities", "run", &entity]);
    all(&[2], &["entities", "run", "\u{1b}[2Jnobody"]);
    all(&[0], &["dossier", "run", "--all", "--top", "5"]);
    all(
        &[0],
        &[
            "decide",
            "run",
            &shipment,
            "--decision",
            "release",
            "--reason",
            "other",
            "--by",
            "=J\u{1b}[2J",
            "--note",
            CONTROLS,
        ],
    );
    all(&[0], &["decide", "run"]);
    all(&[0], &["decide", "run", "--json"]);
    let exams = format!(
        "shipment_key,outcome,outcome_date\n{shipment},bad,2026-11-02\n{CONTROLS},ok,2026-11-02\n"
    );
    fs::write(directory.join("exams.csv"), exams).unwrap();
    all(
        &[0],
        &[
            "outcomes",
            "import",
            "exams.csv",
            "--run",
            "run",
            "-o",
            "outcomes",
        ],
    );
    all(
        &[0],
        &["estimate", "run", "--outcomes", "outcomes/labels.csv"],
    );
    all(
        &[0],
        &[
            "score", INPUT, "--format", "csv", "--since", "run", "--out", "later",
        ],
    );
    all(&[0], &["verify", "run"]);
    all(&[0], &["replay", "run"]);
    all(&[0], &["history", "build", INPUT, "-o", "history"]);
    all(
        &[0],
        &[
            "score",
            INPUT,
            "--format",
            "csv",
            "--history",
            "history",
            "--out",
            "with-history",
        ],
    );
    all(&[0], &["backtest", INPUT, "--out", "backtest"]);
    all(&[0, 1], &["rules", "check", "--data", INPUT]);
    all(
        &[0],
        &["rules", "diff", "shipped", "shipped", "--data", INPUT],
    );
    all(
        &[0],
        &[
            "resolve", INPUT, "--format", "csv", "--lines", "-o", "parties",
        ],
    );
    all(
        &[0],
        &["network", INPUT, "--format", "csv", "-o", "network"],
    );
    all(&[2], &["score", "\u{1b}]0;gone\u{7}.csv"]);
    fs::write(
        directory.join("columns.csv"),
        format!("{CONTROLS},b\n1,2\n"),
    )
    .unwrap();
    all(&[2], &["score", "columns.csv"]);
    fs::write(
        directory.join("map.yaml"),
        "columns:\n  \"\\e[2J\": \"\\e]0;x\\a\"\n",
    )
    .unwrap();
    all(&[2], &["score", INPUT, "--map", "map.yaml"]);
    all(&[2], &["score", INPUT, "--\u{1b}[2J"]);
    all(&[2], &["rules", "explain", "\u{1b}[2J"]);
    said
}

/// Every file that was written, but the planted ones.
fn written(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            true => files.extend(written(&path)),
            false if [INPUT, "exams.csv", "columns.csv", "map.yaml"].contains(&name.as_str()) => {}
            false => files.push(path),
        }
    }
    files
}

/// What stands in a file, Parquet as text.
fn text(path: &Path) -> String {
    if path.extension().is_none_or(|ending| ending != "parquet") {
        return String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    }
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        for column in batch.columns() {
            let format = ArrayFormatter::try_new(column, &FormatOptions::default()).unwrap();
            (0..batch.num_rows())
                .for_each(|row| text.push_str(&format!("{}\n", format.value(row))));
        }
    }
    text
}

#[track_caller]
fn shows_no_number(what: &str, text: &str) {
    for number in PERSONAL.iter().chain(&["65-4329", "65 4329", "87654329"]) {
        let place = text.find(number);
        let around = place.map(|place| text[..place + number.len()].chars().rev().take(120));
        let around = around.map(|around| {
            around
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect::<String>()
        });
        assert!(
            place.is_none(),
            "{what} shows a personal number: {around:?}"
        );
    }
}

#[track_caller]
fn controls_no_terminal(what: &str, text: &str) {
    let is_control = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found = text.lines().find(|line| line.contains(is_control));
    assert!(found.is_none(), "{what}: {found:?}");
}

#[track_caller]
fn runs_no_formula(path: &Path) {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let is_formula = |cell: &&str| {
            let seen = cell.trim_start_matches([' ', '\u{3000}', '\u{feff}', '\u{200b}']);
            let starts = ['=', '+', '-', '@', '＝', '＋', '\t', '\r', '\n'];
            seen.starts_with(starts) && seen.parse::<f64>().is_err()
        };
        let found = record.iter().find(is_formula);
        assert!(found.is_none(), "{}: {found:?}", path.display());
    }
}

#[test]
fn what_a_manifest_plants_gets_out_of_no_command() {
    let directory = planted();
    for (command, output) in battery(directory.path()) {
        for said in [&output.stdout, &output.stderr] {
            let said = String::from_utf8_lossy(said);
            shows_no_number(&command, &said);
            controls_no_terminal(&command, &said);
            let no_traces = !said.contains("panicked") && !said.contains("RUST_BACKTRACE");
            assert!(no_traces, "{command}: {said}");
        }
    }
    let files = written(directory.path());
    assert!(files.len() > 60, "{}", files.len());
    for path in &files {
        let is = |ending: &str| path.extension().is_some_and(|found| found == ending);
        let text = text(path);
        shows_no_number(&path.display().to_string(), &text);
        if is("csv") {
            runs_no_formula(path);
        }
        if is("html") {
            controls_no_terminal(&path.display().to_string(), &text);
        }
        if path.ends_with("issues.csv") {
            controls_no_terminal(&path.display().to_string(), &text);
        }
    }
}

#[test]
fn numbers_are_shown_when_that_is_asked_for_and_the_account_says_so() {
    let directory = planted();
    let output = run(
        directory.path(),
        &[
            "score",
            INPUT,
            "--format",
            "csv",
            "--out",
            "run",
            "--show-ids",
        ],
    );
    assert!(output.status.success());
    let entities = fs::read_to_string(directory.path().join("run/entities.csv")).unwrap();
    assert!(PERSONAL.iter().any(|number| entities.contains(number)));
    let account = fs::read_to_string(directory.path().join("run/run.json")).unwrap();
    assert!(account.contains("\"identities\": \"shown\""));
}

#[test]
fn every_page_says_how_it_is_to_be_handled() {
    let directory = planted();
    for arguments in [
        &["score", INPUT, "--out", "run"][..],
        &["dossier", "run", "--all", "--top", "3"],
        &["backtest", INPUT, "--out", "backtest"],
    ] {
        assert!(
            run(directory.path(), arguments).status.success(),
            "{arguments:?}"
        );
    }
    let pages: Vec<_> = written(directory.path())
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
        .collect();
    assert!(pages.len() >= 4, "{pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let is_marked = text.contains("INTERNAL · NOT FOR RELEASE")
            || text.contains("DRAFT · NOT APPROVED FOR RELEASE");
        assert!(is_marked, "{}", page.display());
    }
}
