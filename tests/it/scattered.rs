//! Rows of a shipment may stand anywhere in the input: entities and shipments are the same.

use crate::end_to_end::Run;
use ch24::generate::{Options, write};
use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The rows of a table by their first columns, without the columns that say where a row stood.
fn rows_by_key(path: &Path, n_keys: usize, without: &[&str]) -> BTreeMap<Vec<String>, Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut found = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let cells = record.iter().zip(&header);
        let kept = cells.filter(|(_, name)| !without.contains(name));
        let kept: Vec<String> = kept.map(|(cell, _)| cell.to_owned()).collect();
        let key = kept[..n_keys].to_vec();
        assert!(found.insert(key, kept).is_none(), "a key stands once");
    }
    found
}

fn scored(directory: &Path, name: &str, text: &str) -> PathBuf {
    let input = directory.join(format!("{name}.csv"));
    fs::write(&input, text).unwrap();
    let out = directory.join(name);
    Run {
        inputs: vec![input],
        ..Run::of("manifest.csv")
    }
    .write_to(&out);
    out
}

fn assert_same(left: &Path, right: &Path) {
    // A tie between entities is broken by their keys; names, goods and places are those of a first or worst row.
    let tables: [(&str, usize, &[&str]); 2] = [
        ("entities.csv", 2, &["name", "rank"]),
        (
            "shipments.csv",
            1,
            &[
                "stage",
                "goods",
                "deciding_record_id",
                "importer",
                "shipper",
                "port",
                "arrival_date",
            ],
        ),
    ];
    for (table, n_keys, without) in tables {
        let [left, right] = [left, right].map(|run| rows_by_key(&run.join(table), n_keys, without));
        assert!(left.len() > 1, "{table} has rows");
        assert_eq!(left.len(), right.len(), "{table}");
        for (key, row) in &left {
            assert_eq!(right.get(key), Some(row), "{table}");
        }
    }
}

#[test]
fn scattered_rows_give_the_same_entities_and_shipments() {
    let directory = tempfile::tempdir().unwrap();
    let generated = directory.path().join("generated.csv");
    let options = Options {
        rows: 4_000,
        seed: 11,
        labels: false,
    };
    write(&options, &generated).unwrap();
    let text = fs::read_to_string(&generated).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        hasher.finish()
    });
    let scattered = format!("{header}\n{}\n", rows.join("\n"));
    let together = scored(directory.path(), "together", &text);
    let apart = scored(directory.path(), "apart", &scattered);
    assert_same(&together, &apart);
}

#[test]
fn a_red_line_counts_though_a_clean_one_of_its_shipment_stood_before_others() {
    let directory = tempfile::tempdir().unwrap();
    let header = "entry_number,entry_line_number,component_seq,entry_type,date_of_import,hts_number,entered_value_usd,ds2031_status,importer_of_record_number,shipper_name,manufacturer_id";
    let line = |entry: &str, numbers: &str, goods: &str, maker: &str| {
        format!("{entry},{numbers},01,2026-03-02,{goods},99-1234567,A,{maker}\n")
    };
    let (plain, shrimp) = ("9403608081,900,", "0306170003,50000,not_filed");
    let rows = [
        line("M7X41000013", "1,1", plain, "M1"),
        line("M7X41000013", "2,1", shrimp, "M2"),
        line("M7X41000013", "2,2", shrimp, "M2"),
        line("M7X41000021", "1,1", plain, "M1"),
    ];
    let together = format!("{header}\n{}", rows.concat());
    let apart = format!("{header}\n{}{}{}{}", rows[0], rows[3], rows[2], rows[1]);
    let together = scored(directory.path(), "together", &together);
    let apart = scored(directory.path(), "apart", &apart);
    assert_same(&together, &apart);
    let entities = rows_by_key(&apart.join("entities.csv"), 2, &[]);
    let header = fs::read_to_string(apart.join("entities.csv")).unwrap();
    let header = header.lines().next().unwrap().to_owned();
    let column = |name: &str| header.split(',').position(|known| known == name).unwrap();
    let of = |role: &str, key: &str| &entities[&vec![role.to_owned(), key.to_owned()]];
    let at_risk = |role: &str, key: &str| {
        let cells = of(role, key);
        let lanes = ["n_red", "n_yellow"].map(|name| cells[column(name)].parse::<u32>().unwrap());
        (
            lanes.iter().sum::<u32>(),
            cells[column("value_usd")].clone(),
        )
    };
    assert_eq!(at_risk("shipper", "A"), (1, "51800.0".to_owned()));
    assert_eq!(at_risk("manufacturer", "M1"), (0, "1800.0".to_owned()));
    assert_eq!(at_risk("manufacturer", "M2"), (1, "50000.0".to_owned()));
}
