//! Whole runs on the samples: golden outputs, byte for byte, for any number of threads and size of batch.

use ch24::batch::FieldSet;
use ch24::history::store::Store;
use ch24::job::{BadRows, Job, Outputs};
use ch24::normalize::Identities;
use ch24::pipeline;
use ch24::read::{Mapping, Reading, find_inputs, load_mapping};
use ch24::reconcile::Reconcile;
use ch24::rules::{PackSource, load};
use ch24::summary::Summary;
use ch24::write::Format;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) struct Run {
    pub(crate) inputs: Vec<PathBuf>,
    pub(crate) pack: PathBuf,
    pub(crate) salted: bool,
    pub(crate) map: Option<PathBuf>,
    pub(crate) threads: usize,
    pub(crate) batch_rows: usize,
    pub(crate) format: Format,
    pub(crate) flagged_only: bool,
    pub(crate) reconcile: Reconcile,
    pub(crate) normalized: Option<PathBuf>,
    pub(crate) history: Option<PathBuf>,
}

impl Run {
    pub(crate) fn of(input: &str) -> Self {
        Self {
            inputs: vec![root().join("sample-data").join(input)],
            pack: root().join("rules"),
            salted: false,
            map: None,
            threads: 2,
            batch_rows: 1 << 16,
            format: Format::Csv,
            flagged_only: false,
            reconcile: Reconcile::default(),
            normalized: None,
            history: None,
        }
    }

    pub(crate) fn write_to(&self, out: &Path) -> Summary {
        let mapping = match &self.map {
            Some(path) => load_mapping(path).unwrap().mapping.unwrap(),
            None => Mapping::default(),
        };
        let named: Vec<String> = self
            .inputs
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let pack = PackSource::Directory(self.pack.clone());
        let rules = load(&pack).unwrap().rules.unwrap();
        let history = self.history.as_deref();
        let job = Job {
            reading: Reading {
                inputs: find_inputs(&named).unwrap(),
                mapping,
                wanted: FieldSet::default(),
                batch_rows: self.batch_rows,
            },
            since: None,
            history: history.map(|path| Store::open(path, &rules, None).unwrap()),
            rules,
            pack,
            map: self.map.clone(),
            out: out.to_owned(),
            force: false,
            format: self.format,
            flagged_only: self.flagged_only,
            outputs: Outputs::default(),
            as_of: None,
            threads: Some(self.threads),
            max_bad_rows: BadRows::default(),
            salt: self
                .salted
                .then(|| ch24::select::Salt::new("a secret of tests")),
            identities: Identities::FirstRow,
            reconcile: self.reconcile,
            write_normalized: self.normalized.clone(),
            options: serde_json::json!({
                "as_of": null,
                "format": self.format.ending(),
                "keep": if self.flagged_only { "flagged" } else { "all" },
                "max_bad_rows": "1%",
                "reconcile": match self.reconcile {
                    Reconcile::WhereFilingsRepeat => None,
                    Reconcile::Always => Some(true),
                    Reconcile::Never => Some(false),
                },
                "outputs": { "lines": true, "shipments": true, "entities": true, "report": true, "referrals": true },
            }),
        };
        pipeline::run(&job, &AtomicU64::new(0)).unwrap()
    }
}

fn lemis() -> Run {
    Run {
        map: Some(root().join("sample-data/lemis.map.yaml")),
        flagged_only: true,
        ..Run::of("lemis.csv")
    }
}

/// Compares with a golden file; `UPDATE_GOLDENS=1` writes it anew, to be read as a diff.
fn golden(name: &str, found: &Path) {
    let golden = root().join("tests/fixtures/golden").join(name);
    let found = fs::read_to_string(found).unwrap();
    if std::env::var("UPDATE_GOLDENS").is_ok() {
        fs::create_dir_all(golden.parent().unwrap()).unwrap();
        fs::write(&golden, &found).unwrap();
    }
    let expected = fs::read_to_string(&golden).unwrap();
    for (line, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "{name} line {}", line + 1);
    }
    assert_eq!(
        found.len(),
        expected.len(),
        "{name} is longer or shorter than before"
    );
}

/// Every file of an output but run.json, whose times differ, and its account without them.
pub(crate) fn contents(out: &Path) -> Vec<(String, Vec<u8>)> {
    let below = |directory: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    let (directories, mut paths): (Vec<_>, Vec<_>) =
        below(out).into_iter().partition(|path| path.is_dir());
    paths.extend(directories.iter().flat_map(|directory| below(directory)));
    let mut files: Vec<(String, Vec<u8>)> = paths
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(out).unwrap();
            let name = name.to_string_lossy().into_owned();
            let bytes = fs::read(&path).unwrap();
            if name != "run.json" {
                return (name, bytes);
            }
            let mut account: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            account.as_object_mut().unwrap().remove("timings");
            (name, account.to_string().into_bytes())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_manifest_sample_scores_as_before() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    let summary = Run::of("manifest.csv").write_to(&out);
    assert_eq!((summary.n_lines, summary.n_set_aside), (209, 0));
    golden("manifest/shipments.csv", &out.join("shipments.csv"));
    golden("manifest/lines.csv", &out.join("lines.csv"));
    golden("manifest/issues.csv", &out.join("issues.csv"));
}

#[test]
fn the_lemis_sample_scores_as_before() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    let summary = lemis().write_to(&out);
    assert_eq!((summary.n_lines, summary.n_set_aside), (2000, 0));
    let by_hts = summary
        .rules
        .iter()
        .find(|rule| rule.absent_fields.contains(&"hts_number"))
        .unwrap();
    assert_eq!(
        by_hts.not_evaluable, 2000,
        "rules that need a tariff number are not evaluable, and say so"
    );
    golden("lemis/shipments.csv", &out.join("shipments.csv"));
    golden("lemis/lines.csv", &out.join("lines.csv"));
}

#[test]
fn threads_and_batch_sizes_change_no_byte() {
    let temp = tempfile::tempdir().unwrap();
    for format in [Format::Parquet, Format::Csv, Format::Arrow, Format::Ndjson] {
        let mut first = None;
        for (run, (threads, batch_rows)) in [(1, 1 << 16), (2, 1 << 16), (2, 7), (3, 64), (1, 1)]
            .into_iter()
            .enumerate()
        {
            for (name, sample) in [("manifest", Run::of("manifest.csv")), ("lemis", lemis())] {
                if name == "lemis" && batch_rows < 64 {
                    continue;
                }
                let out = temp
                    .path()
                    .join(format!("{name}-{}-{run}", format.ending()));
                Run {
                    threads,
                    batch_rows,
                    format,
                    ..sample
                }
                .write_to(&out);
                let key = (name, contents(&out));
                if name == "manifest" {
                    let first = first.get_or_insert_with(|| key.1.clone());
                    for (found, expected) in key.1.iter().zip(first.iter()) {
                        assert!(
                            found == expected,
                            "{} of {format:?} with {threads} threads, {batch_rows} rows",
                            found.0
                        );
                    }
                    assert_eq!(key.1.len(), first.len());
                }
            }
        }
    }
}

#[test]
fn a_renamed_file_changes_no_decision() {
    let temp = tempfile::tempdir().unwrap();
    let renamed = temp.path().join("other-name.csv");
    fs::copy(root().join("sample-data/manifest.csv"), &renamed).unwrap();
    let decisions = |inputs: Vec<PathBuf>, out: &str| {
        let out = temp.path().join(out);
        Run {
            inputs,
            ..Run::of("manifest.csv")
        }
        .write_to(&out);
        let text = fs::read_to_string(out.join("shipments.csv")).unwrap();
        let keys: Vec<String> = text
            .lines()
            .map(|line| line.split(',').next().unwrap_or("").to_owned())
            .collect();
        keys
    };
    let first = decisions(vec![root().join("sample-data/manifest.csv")], "a");
    assert_eq!(first, decisions(vec![renamed], "b"));
}

#[test]
fn an_output_is_kept_unless_forced() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    Run::of("manifest.csv").write_to(&out);
    let foreign = out.join("notes.txt");
    fs::write(&foreign, "mine").unwrap();
    let refused = ch24::write::Output::create(&out, true).unwrap_err();
    assert!(refused.to_string().contains("notes.txt"), "{refused}");
    fs::remove_file(&foreign).unwrap();
    assert!(ch24::write::Output::create(&out, false).is_err());
    drop(ch24::write::Output::create(&out, true).unwrap());
    assert!(
        out.join("run.json").exists(),
        "an output that is not finished replaces nothing"
    );
    let left: Vec<_> = fs::read_dir(temp.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["out"], "and leaves nothing beside");
}

#[test]
fn masked_numbers_stand_in_no_output() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    Run::of("manifest.csv").write_to(&out);
    let sample = fs::read_to_string(root().join("sample-data/manifest.csv")).unwrap();
    assert!(
        sample.contains("000-12-3456"),
        "the sample holds a number of that form"
    );
    for (name, bytes) in contents(&out) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("000-12-3456"),
            "{name} shows the number"
        );
    }
}

#[cfg(feature = "tables")]
#[test]
fn a_shipment_counts_for_an_entity_whichever_of_its_lines_hits() {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("a.csv");
    let header = "entry_number,entry_line_number,entry_type,date_of_import,hts_number,entered_value_usd,ds2031_status,shipper_name";
    // The second line lacks its shrimp declaration; the first and the last are plain. The entry is scattered.
    let rows = "M7X41000013,1,01,2026-03-02,9403608081,900,,A\nM7X41000013,2,01,2026-03-02,0306170003,900,not_filed,A\n\
                M7X41000021,1,01,2026-03-02,9403608081,900,,A\nM7X41000013,3,01,2026-03-02,0306170003,900,not_filed,A\n";
    fs::write(&input, format!("{header}\n{rows}")).unwrap();
    let out = temp.path().join("out");
    Run {
        inputs: vec![input],
        ..Run::of("manifest.csv")
    }
    .write_to(&out);
    let text = fs::read_to_string(out.join("entities.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let shipper = rows.iter().find(|row| &row[0] == "shipper").unwrap();
    let cell =
        |name: &str| shipper[header.iter().position(|heading| heading == name).unwrap()].to_owned();
    assert_eq!(
        (cell("n_lines"), cell("n_shipments")),
        ("4".to_owned(), "2".to_owned())
    );
    assert_eq!(
        cell("n_red").parse::<u32>().unwrap() + cell("n_yellow").parse::<u32>().unwrap(),
        1
    );
    assert_eq!(cell("value_usd"), "3600.0");
}

/// An entry of the sample that was made with a purpose: what it shows, and the rule that should notice it.
struct Case {
    entry: String,
    what: String,
    /// Empty for lawful trade that a careless rule would flag.
    rule: String,
}

fn cases() -> Vec<Case> {
    let path = root().join("tests/fixtures/manifest_cases.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let records = reader.records().map(|record| {
        let record = record.unwrap();
        Case {
            entry: record[0].to_owned(),
            what: record[1].to_owned(),
            rule: record[2].to_owned(),
        }
    });
    records.collect()
}

#[test]
fn planted_cases_are_found_for_the_right_reason_and_plain_lines_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    Run::of("manifest.csv").write_to(&out);
    let mut reader = csv::Reader::from_path(out.join("lines.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let (entry, lane, hits) = (column("entry_number"), column("lane"), column("hits"));
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cases = cases();
    for case in &cases {
        let of_case: Vec<_> = lines
            .iter()
            .filter(|line| line[entry] == *case.entry)
            .collect();
        assert!(!of_case.is_empty(), "{}", case.entry);
        let is_found = of_case.iter().any(|line| {
            &line[lane] != "green" && line[hits].split(';').any(|rule| rule == case.rule)
        });
        let is_quiet = of_case.iter().all(|line| &line[lane] == "green");
        let is_right = if case.rule.is_empty() {
            is_quiet
        } else {
            is_found
        };
        let found: Vec<_> = of_case
            .iter()
            .map(|line| (&line[lane], &line[hits]))
            .collect();
        assert!(is_right, "{} ({}): {found:?}", case.entry, case.what);
    }
    let plain: Vec<_> = lines
        .iter()
        .filter(|line| {
            !cases
                .iter()
                .any(|case| case.entry == line[entry] && !case.rule.is_empty())
        })
        .collect();
    let flagged = plain.iter().filter(|line| &line[lane] != "green").count();
    assert!(
        plain.len() > 100 && flagged * 10 <= plain.len(),
        "{flagged} of {} plain lines are flagged",
        plain.len()
    );
}
