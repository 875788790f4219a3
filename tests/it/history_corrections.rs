//! What was replaced, removed or found out later, in a store.

use crate::history::{build_store, build_with_labels, computed, pack};
use crate::support::with_stack;
use ch24::history::store::Store;
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
