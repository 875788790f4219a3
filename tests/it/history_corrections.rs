//! What was replaced, removed or found out later, and what was filed of a line itself: in a run and in a store.

use crate::history::{build_store, build_with_labels, computed, pack};
use crate::support::with_stack;
use ch24::history::store::Store;
use ch24::rules::RuleSet;
use std::collections::BTreeMap;

/// Rows of one importer: entry, line, action, day received, day of law, and the outcome that a label gives, with its day.
const AMENDED: &str = "importer_of_record_number,country_of_origin,entered_value_usd,entry_number,entry_line_number,component_seq,component_quantity,house_bill_number,record_action,received_at,date_of_import
99-0000001AA,MX,20,ABC00000001,1,1,1,,A,,2026-01-05
99-0000001AA,MX,30,ABC00000001,1,1,1,,U,,2026-01-03
99-0000001AA,MX,40,,,1,1,HB1,A,2026-01-04T10:00:00Z,2026-01-04
99-0000001AA,MX,40,,,1,1,HB1,D,2026-01-08T10:00:00Z,2026-01-04
99-0000001AA,MX,50,ABC00000002,1,1,1,,,,2026-01-04
99-0000001AA,MX,60,ABC00000009,1,1,1,,,,2026-01-07
99-0000001AA,MX,60,ABC00000009,2,1,1,,,,2026-01-12
99-0000001AA,MX,60,ABC00000009,3,1,1,,,,2026-01-16
99-0000001AA,MX,60,ABC00000009,4,1,1,,,,2026-01-20
";

const LABELS: &str = "line_id,shipment_key,outcome,outcome_date
,ABC00000002,bad,2026-01-10
ABC00000002-1,,ok,2026-01-15
,ABC00000001,bad,2026-01-17
ABC00000001-1,ABC00000001,bad,2026-01-18
";

#[test]
fn corrections_are_those_of_reconciling_and_the_latest_label_of_a_line_stands() {
    let rules = with_stack(pack);
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let rows: Vec<&str> = AMENDED.lines().skip(1).collect();
    let header = AMENDED.lines().next().unwrap();
    let part = |name: &str, rows: &[&str]| at(name, &format!("{header}\n{}\n", rows.join("\n")));
    let labels = at("labels.csv", LABELS);
    let (first, second, asked) = (
        part("first.csv", &[rows[0], rows[2], rows[4]]),
        part("second.csv", &[rows[1], rows[3]]),
        part("asked.csv", &rows[5..]),
    );
    let store = directory.path().join("store");
    build_store(&rules, &first, &store);
    build_with_labels(&rules, Some(&second), Some(&labels), &store);
    let store = Store::open(&store, &rules, None).unwrap();
    let found = computed(&rules, &[&asked], 1, 9, Some(&store));
    let values = |name: &str| {
        let of_row = |row: &BTreeMap<String, (Option<f64>, f64)>| row[name].0;
        found.iter().map(of_row).collect::<Vec<_>>()
    };
    // Eight days: the amendment stands instead of what it amends, though its date of law is earlier, and the removal of
    // the bill counts from the 8th, though it names no line.
    let sums = [30 + 40 + 50, 50 + 60, 60, 60 + 60];
    assert_eq!(values("value"), sums.map(|sum| Some(f64::from(sum))));
    // Line 2 was bad from the 11th, as its shipment, and in order from the 16th, by a label of its own; line 1 was bad from the 18th.
    assert_eq!(values("bad_data"), [None, Some(1.0), Some(0.0), Some(0.5)]);
}

/// Lines that are filed as a release, then as a summary, then amended: each with stage, importer, value, entry, line, action and day.
const REFILED: &str = "evidence_stage,importer_of_record_number,country_of_origin,entered_value_usd,entry_number,entry_line_number,house_bill_number,record_action,date_of_import
release,99-0000001AA,MX,20,ABC00000001,1,,A,2026-01-05
release,99-0000001AA,MX,7,ABC00000001,2,,A,2026-01-05
release,99-0000002AA,CA,50,ABC00000002,1,,A,2026-01-05
release,99-0000003AA,CA,40,,,HB1,A,2026-01-05
entry_summary,99-0000001AA,MX,20,ABC00000001,1,,A,2026-01-09
entry_summary,99-0000001AA,MX,7,ABC00000001,2,,A,2026-01-09
entry_summary,99-0000002AA,CA,50,ABC00000002,1,,A,2026-01-09
release,99-0000003AA,CA,45,,,HB1,U,2026-01-09
entry_summary,99-0000001AA,MX,30,ABC00000001,1,,U,2026-01-11
entry_summary,99-0000001AA,MX,1,ABC00000009,1,,A,2026-01-12
";

#[test]
fn a_line_is_no_history_of_its_own_later_stages_and_versions() {
    let expected = [
        // Lines of one entry see one another, as they stand on the day: amounts of the latest filing, days of the first.
        (
            [0, 7, 20, 7, 37],
            [None, Some(4), Some(4), Some(6), Some(7)],
            [0, 1, 1, 1, 2],
        ),
        ([0, 0, 0, 0, 0], [None; 5], [0; 5]),
        ([0, 0, 0, 0, 0], [None; 5], [0; 5]),
    ];
    let rows_of = [vec![0, 4, 5, 8, 9], vec![2, 6], vec![3, 7]];
    let rules = with_stack(pack);
    for n_stored in [0, 4, 8] {
        let found = with_stored(&rules, REFILED, n_stored);
        for (rows, (values, firsts, counts)) in rows_of.iter().zip(&expected) {
            for (position, row) in rows.iter().enumerate().filter(|(_, row)| **row >= n_stored) {
                let value = |name: &str| found[row - n_stored][name].0;
                let of_row = (value("value"), value("first"), value("lines"));
                let number = |whole: i32| Some(f64::from(whole));
                let expected = (
                    number(values[position]),
                    firsts[position].map(f64::from),
                    number(counts[position]),
                );
                assert_eq!(of_row, expected, "row {row}, {n_stored} stored");
            }
        }
    }
}

/// One shipment found bad, whose second line comes later; two in order.
const OWN_OUTCOME: &str = "importer_of_record_number,country_of_origin,entry_number,entry_line_number,date_of_import,outcome,outcome_date
99-0000001AA,MX,ABC00000001,1,2026-01-01,bad,2026-01-02
99-0000003AA,MX,ABC00000003,1,2026-01-01,ok,2026-01-02
99-0000003AA,PE,ABC00000004,1,2026-01-01,ok,2026-01-02
99-0000001AA,MX,ABC00000001,2,2026-01-15,,
99-0000002AA,MX,ABC00000002,1,2026-01-15,,
";

#[test]
fn the_prior_leaves_out_what_was_found_of_the_shipment_itself() {
    let rules = with_stack(pack);
    for n_stored in [0, 3] {
        let found = with_stored(&rules, OWN_OUTCOME, n_stored);
        let bad = |row: usize| found[row - n_stored]["bad"].0;
        // Of others one under the key, in order, and none of two bad among all.
        assert_eq!(bad(3), Some(0.0));
        // Two under the key, one of them bad, and one of three among all, which weighs four.
        assert_eq!(bad(4), Some((1.0 + 4.0 / 3.0) / 6.0));
    }
}

/// The features of the rows that are asked about, when the first ones stand in a store.
fn with_stored(
    rules: &RuleSet,
    table: &str,
    n_stored: usize,
) -> Vec<BTreeMap<String, (Option<f64>, f64)>> {
    let directory = tempfile::tempdir().unwrap();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    let part = |name: &str, rows: &[&str]| {
        let path = directory.path().join(name);
        let header = table.lines().next().unwrap();
        std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        path
    };
    let asked = part("asked.csv", &rows[n_stored..]);
    if n_stored == 0 {
        return computed(rules, &[&asked], 1, 3, None);
    }
    let store = directory.path().join("store");
    build_store(rules, &part("stored.csv", &rows[..n_stored]), &store);
    let store = Store::open(&store, rules, None).unwrap();
    computed(rules, &[&asked], 1, 3, Some(&store))
}
