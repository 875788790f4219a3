//! Capacity, mandatory shipments and the random stratum, through whole runs.

use crate::end_to_end::Run;
use std::fs;
use std::path::{Path, PathBuf};

/// A pack with a rule that asks for examination above 900, and one that makes red without a floor above 500.
fn pack(directory: &Path, policy: &str) -> PathBuf {
    let pack = directory.join("pack");
    fs::create_dir_all(&pack).unwrap();
    let rule = |id: &str, family: &str, points: i32, floor: &str, when: &str| {
        let text = format!(
            "id: {id}\nname: {}\ntitle: Rule {id}\ntheme: iuu\nfamily: {family}\nseverity: high\npoints: {points}\n{floor}when: {when}\n",
            id.to_lowercase()
        );
        fs::write(pack.join(format!("{id}.yaml")), text).unwrap();
    };
    rule(
        "A-1",
        "document",
        60,
        "floor: examine\n",
        "entered_value_usd > 900",
    );
    rule(
        "B-1",
        "document",
        40,
        "",
        "entered_value_usd BETWEEN 500 AND 900",
    );
    rule(
        "B-2",
        "species",
        30,
        "",
        "entered_value_usd BETWEEN 500 AND 900",
    );
    fs::write(pack.join("policy.yaml"), format!("version: 1\n{policy}")).unwrap();
    pack
}

/// Scores entries of one line each, all of one port and day, and gives key, lane, reason and mandate of each.
fn scored(values: &[u32], policy: &str) -> Vec<(String, String, String, String)> {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("a.csv");
    let mut text =
        "entry_number,entry_type,date_of_import,us_port_of_entry,entered_value_usd\n".to_owned();
    for (number, value) in values.iter().enumerate() {
        text.push_str(&format!("E{number:010},01,2026-03-02,2604,{value}\n"));
    }
    fs::write(&input, text).unwrap();
    let out = temp.path().join("out");
    let pack = pack(temp.path(), policy);
    Run {
        inputs: vec![input],
        pack,
        salted: true,
        ..Run::of("manifest.csv")
    }
    .write_to(&out);
    let mut reader = csv::Reader::from_path(out.join("shipments.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|heading| heading == name).unwrap();
    let places = ["shipment_key", "lane", "selected_by", "unmet_mandatory"].map(at);
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let [key, lane, by, unmet] = places.map(|place| row[place].to_owned());
            (key, lane, by, unmet)
        })
        .collect()
}

fn count(rows: &[(String, String, String, String)], lane: &str, by: &str) -> usize {
    rows.iter()
        .filter(|row| row.1 == lane && row.2 == by)
        .count()
}

#[test]
fn without_capacity_every_shipment_keeps_its_lane() {
    let rows = scored(&[1000, 600, 600, 10], "capacity: []\n");
    assert_eq!(rows[0].0, "E0000000000", "a floor ranks first");
    assert_eq!(count(&rows, "red", "floor"), 1);
    assert_eq!(count(&rows, "red", "score"), 2);
    assert_eq!(count(&rows, "green", "none"), 1);
}

#[test]
fn what_a_port_cannot_take_drops_one_lane_and_is_counted() {
    let rows = scored(
        &[600, 600, 600, 600, 10],
        "capacity: [{port: '2604', queue: NMFS, red: 1, yellow: 2}]\n",
    );
    assert_eq!(count(&rows, "red", "score"), 1);
    assert_eq!(count(&rows, "yellow", "capacity-overflow"), 2);
    assert_eq!(count(&rows, "green", "capacity-overflow"), 1);
}

#[test]
fn a_floor_never_drops_and_what_is_left_over_comes_first() {
    let rows = scored(
        &[600, 1000, 1000, 1000],
        "capacity: [{port: '2604', queue: NMFS, red: 2, yellow: 9}]\n",
    );
    assert_eq!(
        rows.iter()
            .filter(|row| row.2 == "floor" && row.1 == "red")
            .count(),
        3
    );
    assert_eq!(rows.iter().filter(|row| row.3 == "true").count(), 1);
    assert_eq!(rows[0].3, "true", "what has no place is listed first");
    assert_eq!(
        count(&rows, "yellow", "capacity-overflow"),
        1,
        "and takes no place of others"
    );
}

#[test]
fn another_port_has_no_limit() {
    let rows = scored(
        &[600, 600, 600],
        "capacity: [{port: '9999', queue: NMFS, red: 0, yellow: 0}]\n",
    );
    assert_eq!(count(&rows, "red", "score"), 3);
}

#[test]
fn a_share_of_one_draws_everybody_and_a_share_of_none_nobody() {
    let rows = scored(&[10, 10, 600], "random: {share: 1.0}\n");
    assert_eq!(count(&rows, "yellow", "random"), 2);
    assert_eq!(count(&rows, "red", "score"), 1);
    let rows = scored(&[10, 10, 600], "random: {share: 0.0}\n");
    assert_eq!(count(&rows, "green", "none"), 2);
}

#[test]
fn about_a_share_is_drawn() {
    let rows = scored(&[10; 400], "random: {share: 0.1}\n");
    let drawn = count(&rows, "yellow", "random");
    // Each of the three themes draws on its own: 1 - 0.9^3 of 400 are 108 on average, with a deviation of 9.
    assert!((70..=150).contains(&drawn), "{drawn} of 400 were drawn");
}
