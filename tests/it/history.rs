//! Features of earlier lines: each kind against a dull reading of its definition, and nothing from later lines.

use crate::config;
use crate::history_naive::{HEADER, Line, naive};
use crate::support::{load_files, rule_text, with_stack};
use ch24::batch::{Column, FieldSet};
use ch24::history::Source;
use ch24::history::store::{BuildJob, Built, Store, build};
use ch24::input_hash::hash_file;
use ch24::job::BadRows;
use ch24::normalize::{ALWAYS, Identities, with_sources};
use ch24::read::{Mapping, Reading, find_inputs};
use ch24::reconcile::Reconcile;
use ch24::rules::RuleSet;
use ch24::scan::{Scan, with_threads};
use ch24::score::Program;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

const HISTORY: &str = "
first: {meaning: m, kind: first_seen_days, key: [importer_of_record_number]}
first_recent: {meaning: m, kind: first_seen_days, key: [importer_of_record_number], window_days: 9, skip_days: 2}
lines: {meaning: m, kind: count, key: [importer_of_record_number], window_days: 5}
lines_before: {meaning: m, kind: count, key: [importer_of_record_number], window_days: 12, skip_days: 3, where: entered_value_usd > 20}
shipments: {meaning: m, kind: count, key: [importer_of_record_number, country_of_origin], unit: shipment}
value: {meaning: m, kind: sum, key: [importer_of_record_number], of: entered_value_usd, window_days: 8}
pieces: {meaning: m, kind: sum, key: [country_of_origin], of: component_quantity}
origins: {meaning: m, kind: distinct, key: [importer_of_record_number], of: country_of_origin, window_days: 10}
others: {meaning: m, kind: repeat, key: [country_of_origin], of: importer_of_record_number}
quantile: {meaning: m, kind: peer_quantile, key: [country_of_origin], of: entered_value_usd, window_days: 15, min_support: 2}
spike: {meaning: m, kind: spike, key: [importer_of_record_number], window_days: 4}
bad: {meaning: m, kind: outcome_rate, key: [country_of_origin], window_days: 20, mature_days: 2, prior_strength: 4}
bad_fish: {meaning: m, kind: outcome_rate, key: [importer_of_record_number], theme: iuu, unit: shipment, min_support: 2, prior_strength: 2}
bad_data: {meaning: m, kind: outcome_rate, key: [importer_of_record_number]}
";

pub(crate) fn pack() -> RuleSet {
    let names = HISTORY.lines().filter_map(|line| line.split_once(':'));
    let all: Vec<_> = names.map(|(name, _)| format!("{name} >= 0")).collect();
    load_files(&vec![
        ("history.yaml".to_owned(), HISTORY.to_owned()),
        (
            "timber/T-01-a-rule.yaml".to_owned(),
            rule_text("T-01", &all.join(" OR "), ""),
        ),
    ])
}

/// The features of each row, by name: the value bits and the support, in input order.
pub(crate) fn computed(
    rules: &RuleSet,
    inputs: &[&Path],
    threads: usize,
    batch_rows: usize,
    store: Option<&Store>,
) -> Vec<BTreeMap<String, (Option<f64>, f64)>> {
    let named: Vec<String> = inputs
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let reading = Reading {
        inputs: find_inputs(&named).unwrap(),
        mapping: Mapping::default(),
        wanted: FieldSet::default(),
        batch_rows,
    };
    let program = Program::new(rules);
    let wanted = with_sources(
        rules
            .fields()
            .iter()
            .chain(ALWAYS.iter().copied())
            .collect(),
    );
    let spill = tempfile::tempdir().unwrap();
    let source = Source {
        store,
        stored_files: reading
            .inputs
            .iter()
            .map(|input| {
                let hash = hash_file(input.path.as_deref().unwrap()).unwrap();
                store.is_some_and(|store| store.manifest().holding(&hash).is_some())
            })
            .collect(),
        spill: spill.path(),
    };
    let mut found = Vec::new();
    with_threads(Some(threads), || {
        let scan = Scan::prepare(
            rules,
            &program,
            &Identities::FirstRow,
            &reading,
            wanted,
            Some(&source),
            Reconcile::Never,
        )?;
        scan.run(
            |batch, _| {
                let number = |column, row| match batch.column(column) {
                    Some(Column::Number(numbers)) => numbers[row],
                    _ => f64::NAN,
                };
                (0..batch.n_rows)
                    .map(|row| {
                        let features = rules.features.iter().map(|feature| {
                            let value = number(feature.column, row);
                            let support = feature.support.map_or(1.0, |id| number(id, row));
                            let support = if support.is_nan() {
                                f64::INFINITY
                            } else {
                                support
                            };
                            (
                                feature.name.clone(),
                                (Some(value).filter(|value| !value.is_nan()), support),
                            )
                        });
                        features.collect::<BTreeMap<_, _>>()
                    })
                    .collect::<Vec<_>>()
            },
            |rows| {
                found.extend(rows);
                Ok(Vec::new())
            },
        )
    })
    .unwrap();
    found
}

fn write(path: &Path, lines: &[Line]) {
    let rows: String = lines.iter().map(Line::csv).collect();
    std::fs::write(path, format!("{HEADER}{rows}")).unwrap();
}

fn line() -> impl Strategy<Value = Line> {
    let option = |range: std::ops::Range<u8>| proptest::option::weighted(0.9, range);
    (
        (
            option(1..4),
            option(0..3),
            option(15..26),
            0_u8..12,
            0_u8..3,
            1_u8..3,
            0_u8..4,
        ),
        (
            option(0..40),
            proptest::option::weighted(0.4, 0_u8..24),
            any::<bool>(),
        ),
        proptest::option::weighted(0.2, proptest::sample::select(vec!['A', 'R', 'U', 'D'])),
        proptest::option::weighted(0.5, (any::<bool>(), 0_u8..40, any::<bool>())),
    )
        .prop_map(
            |(
                (importer, origin, value, entry, number, component, pieces),
                (day, hour, is_release),
                action,
                outcome,
            )| Line {
                importer,
                origin,
                value,
                entry,
                number,
                place: 0,
                is_release,
                component,
                pieces,
                day,
                hour,
                action,
                outcome,
            },
        )
}

fn lines(most: usize) -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(line(), 1..most)
}

proptest! {
    #![proptest_config(config(20))]

    #[test]
    fn every_kind_is_what_its_definition_says(mut lines in lines(60)) {
        lines.iter_mut().zip(0..).for_each(|(line, place)| line.place = place);
        let rules = with_stack(pack);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lines.csv");
        write(&path, &lines);
        let found = computed(&rules, &[&path], 2, 7, None);
        prop_assert_eq!(found.len(), lines.len());
        for (row, (found, asked)) in found.iter().zip(&lines).enumerate() {
            for (name, (value, support)) in naive(&rules, &lines, asked) {
                let (found, found_support) = found[&name];
                let is_close = match (value, found) {
                    (Some(value), Some(found)) => (value - found).abs() <= 1e-12 * value.abs().max(1.0),
                    (None, None) => true,
                    _ => false,
                };
                prop_assert!(is_close, "row {} {}: found {:?}, expected {:?}", row + 1, name, found, value);
                if matches!(name.as_str(), "quantile" | "bad" | "bad_fish" | "bad_data") {
                    prop_assert_eq!(found_support, support, "support of {} in row {}", name, row + 1);
                }
            }
        }
    }

    #[test]
    fn no_later_line_reaches_an_earlier_one(lines in lines(60), day in 1_u8..40, seed in any::<u64>()) {
        let rules = with_stack(pack);
        let directory = tempfile::tempdir().unwrap();
        let (whole, cut) = (directory.path().join("whole.csv"), directory.path().join("cut.csv"));
        write(&whole, &lines);
        let is_later = |line: &Line| line.day.is_some_and(|other| other >= day);
        // Later lines go, or turn bad, and outcomes known later are forgotten; what is left comes in another order.
        let mut left: Vec<(usize, Line)> = lines.iter().cloned().enumerate().collect();
        for (place, line) in &mut left {
            if is_later(line) || line.day.is_none() {
                line.outcome = Some((true, 0, true));
                line.action = Some('D');
            } else if line.outcome.is_some_and(|(_, known, _)| known >= day) {
                line.outcome = line.outcome.filter(|_| seed % 2 == 0).map(|(bad, known, fish)| (!bad, known, fish));
            }
            if is_later(line) && (seed >> (*place % 60)) & 1 == 1 {
                line.day = None;
            }
        }
        left.sort_by_key(|(place, _)| seed.rotate_left(u32::try_from(*place % 64).unwrap()).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        write(&cut, &left.iter().map(|(_, line)| line.clone()).collect::<Vec<_>>());
        let (before, after) = (computed(&rules, &[&whole], 1, 1 << 16, None), computed(&rules, &[&cut], 2, 5, None));
        for (found, (place, _)) in after.iter().zip(&left) {
            let line = &lines[*place];
            if line.day.is_some() && !is_later(line) {
                prop_assert_eq!(found, &before[*place], "row {}", place + 1);
            }
        }
    }

    #[test]
    fn a_label_counts_like_an_outcome_of_its_row_and_never_before_its_day(
        mut lines in lines(60),
        places in proptest::collection::vec(0_u8..3, 60),
        day in 1_u8..40,
        order in 0_u8..3,
    ) {
        let rules = with_stack(pack);
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        // Each line is filed once: of a row that is filed again, a label speaks of the line and not of the row.
        for (line, place) in lines.iter_mut().zip(0_u8..) {
            (line.entry, line.number, line.action) = (line.entry * 5 + place % 5, place + 1, None);
        }
        let split = |lines: &[Line], names: [&str; 3]| {
            (0..).zip(names).map(|(file, name)| {
                let of_file = lines.iter().zip(&places).filter(|(_, place)| **place == file);
                write(&at(name), &of_file.map(|(line, _)| line.clone()).collect::<Vec<_>>());
                at(name)
            }).collect::<Vec<PathBuf>>()
        };
        let paths = split(&lines, ["a.csv", "b.csv", "c.csv"]);
        let all: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let in_rows = computed(&rules, &all, 2, 9, None);
        let bare: Vec<Line> = lines.iter().map(|line| Line { outcome: None, ..line.clone() }).collect();
        let paths = split(&bare, ["a2.csv", "b2.csv", "c2.csv"]);
        let all: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let later = |line: &&Line| line.outcome.is_some_and(|(_, known, _)| known >= day);
        let write_labels = |name: &str, lines: &[&Line]| {
            let header = "line_id,shipment_key,outcome,outcome_date,outcome_theme\n";
            let rows: String = lines.iter().filter_map(|line| line.label()).collect();
            std::fs::write(at(name), format!("{header}{rows}ABC99999999-1,,bad,2026-01-01,iuu\n")).unwrap();
            at(name)
        };
        let labels = write_labels("labels.csv", &lines.iter().collect::<Vec<_>>());
        let early = write_labels("early.csv", &lines.iter().filter(|line| !later(line)).collect::<Vec<_>>());
        let (store, other) = (at("store"), at("other"));
        let built = match order {
            // Labels first, with the lines, and after them.
            0 => {
                build_with_labels(&rules, None, Some(&labels), &store);
                build_store(&rules, &paths[0], &store);
                build_with_labels(&rules, Some(&paths[1]), Some(&labels), &store)
            }
            1 => {
                build_with_labels(&rules, Some(&paths[0]), Some(&labels), &store);
                build_store(&rules, &paths[1], &store);
                build_with_labels(&rules, None, Some(&labels), &store)
            }
            _ => {
                build_store(&rules, &paths[0], &store);
                build_store(&rules, &paths[1], &store);
                build_with_labels(&rules, None, Some(&labels), &store)
            }
        };
        if order == 2 {
            let of_last = lines.iter().zip(&places).filter(|(line, place)| **place == 2 && line.outcome.is_some());
            let undated = lines.iter().zip(&places).filter(|(line, place)| **place < 2 && line.outcome.is_some() && line.day.is_none());
            let unnamed = of_last.count() + undated.count() + 1;
            prop_assert_eq!(built.segment.unwrap().labels_without_row, unnamed as u64);
        }
        let store = Store::open(&store, &rules, None).unwrap();
        prop_assert!(store.stale(&rules).is_empty());
        prop_assert_eq!(&computed(&rules, &all, 2, 100, Some(&store)), &in_rows);
        let n_stored = places.iter().zip(&lines).filter(|(place, _)| **place < 2).count();
        prop_assert_eq!(&computed(&rules, &[&paths[2]], 1, 7, Some(&store)), &in_rows[n_stored..]);
        // What was known on a day or after it is nothing to the lines of that day and of earlier ones.
        build_with_labels(&rules, Some(&paths[0]), Some(&early), &other);
        build_with_labels(&rules, Some(&paths[1]), None, &other);
        let other = Store::open(&other, &rules, None).unwrap();
        let in_order = (0..3).flat_map(|file| lines.iter().zip(&places).filter(move |(_, place)| **place == file));
        for (((line, _), found), expected) in in_order.zip(computed(&rules, &all, 1, 11, Some(&other))).zip(&in_rows) {
            if line.day.is_some_and(|own| own <= day) {
                prop_assert_eq!(&found, expected);
            }
        }
    }

    #[test]
    fn a_store_and_the_run_itself_are_one_history(
        lines in lines(60),
        places in proptest::collection::vec(0_u8..3, 60),
    ) {
        let rules = with_stack(pack);
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let paths = [at("a.csv"), at("b.csv"), at("c.csv")];
        for (file, path) in (0..).zip(&paths) {
            let of_file = lines.iter().zip(&places).filter(|(_, place)| **place == file);
            write(path, &of_file.map(|(line, _)| line.clone()).collect::<Vec<_>>());
        }
        let all: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let together = computed(&rules, &all, 2, 9, None);
        // One segment each; the first again, which changes nothing.
        let store = at("store");
        for path in [&paths[0], &paths[1], &paths[0]] {
            build_store(&rules, path, &store);
        }
        let store = Store::open(&store, &rules, None).unwrap();
        prop_assert!(store.manifest().segments.len() <= 2);
        prop_assert!(store.stale(&rules).is_empty());
        let n_stored = places.iter().zip(&lines).filter(|(place, _)| **place < 2).count();
        let joined = computed(&rules, &[&paths[2]], 1, 4, Some(&store));
        prop_assert_eq!(&joined, &together[n_stored..]);
        // A stored file that is scored again does not count twice.
        prop_assert_eq!(&computed(&rules, &all, 2, 100, Some(&store)), &together);
    }
}

pub(crate) fn build_store(rules: &RuleSet, input: &Path, store: &Path) {
    build_with_labels(rules, Some(input), None, store);
}

pub(crate) fn build_with_labels(
    rules: &RuleSet,
    input: Option<&Path>,
    labels: Option<&Path>,
    store: &Path,
) -> Built {
    let job = BuildJob {
        outcomes: labels.map(Path::to_owned),
        reading: Reading {
            inputs: input.map_or_else(Vec::new, |input| {
                find_inputs(&[input.display().to_string()]).unwrap()
            }),
            mapping: Mapping::default(),
            wanted: FieldSet::default(),
            batch_rows: 6,
        },
        rules: rules.clone(),
        identities: Identities::FirstRow,
        store: store.to_owned(),
        threads: Some(2),
        max_bad_rows: BadRows::default(),
    };
    build(&job, &AtomicU64::new(0)).unwrap()
}

#[test]
fn a_store_that_is_none_or_was_changed_is_refused_in_a_line() {
    let rules = with_stack(pack);
    let directory = tempfile::tempdir().unwrap();
    let foreign = directory.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("notes.txt"), "mine").unwrap();
    let refused = |result: Result<Store, ch24::error::Error>| {
        let message = result.unwrap_err().to_string();
        assert_eq!(message.lines().count(), 1, "{message}");
        message
    };
    assert!(refused(Store::open(&foreign, &rules, None)).contains("not a history store"));
    std::fs::write(foreign.join("manifest.json"), "{}").unwrap();
    assert!(refused(Store::open(&foreign, &rules, None)).contains("not a history store"));

    let input = directory.path().join("lines.csv");
    let line = |day: u8| Line {
        importer: Some(1),
        origin: Some(1),
        value: Some(20),
        entry: day,
        number: 1,
        place: 0,
        is_release: false,
        component: 1,
        pieces: 1,
        day: Some(day),
        hour: None,
        action: None,
        outcome: None,
    };
    write(&input, &[line(1), line(2)]);
    let place = directory.path().join("store");
    build_store(&rules, &input, &place);
    let segment = place.join("segments/000001");
    for entry in std::fs::read_dir(&segment).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        std::fs::write(&path, bytes).unwrap();
    }
    let store = Store::open(&place, &rules, None).unwrap();
    let changed = with_threads(Some(1), || {
        let program = Program::new(&rules);
        let reading = Reading {
            inputs: find_inputs(&[input.display().to_string()]).unwrap(),
            mapping: Mapping::default(),
            wanted: FieldSet::default(),
            batch_rows: 10,
        };
        let source = Source {
            store: Some(&store),
            stored_files: vec![false],
            spill: directory.path(),
        };
        Scan::prepare(
            &rules,
            &program,
            &Identities::FirstRow,
            &reading,
            FieldSet::default(),
            Some(&source),
            Reconcile::Never,
        )
        .map(|_| ())
    });
    let message = changed.unwrap_err().to_string();
    assert!(
        message.contains("was changed since it was built") && message.lines().count() == 1,
        "{message}"
    );

    // Another definition of a feature finds nothing of the old one, and says so.
    let other = HISTORY.replace(
        "where: entered_value_usd > 20",
        "where: entered_value_usd > 30",
    );
    let names = HISTORY.lines().filter_map(|line| line.split_once(':'));
    let all: Vec<_> = names.map(|(name, _)| format!("{name} >= 0")).collect();
    let other = load_files(&vec![
        ("history.yaml".to_owned(), other),
        (
            "timber/T-01-a-rule.yaml".to_owned(),
            rule_text("T-01", &all.join(" OR "), "status: active\n"),
        ),
    ]);
    let store = Store::open(&place, &other, None).unwrap();
    assert_eq!(store.stale(&other), ["lines_before"]);
}
