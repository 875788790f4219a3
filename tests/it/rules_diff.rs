//! `ch24 rules diff`: what changed, and what it does to data.

use crate::support::{load_files, with_stack};
use ch24::batch::FieldSet;
use ch24::read::{Mapping, Reading, find_inputs};
use ch24::reconcile::Reconcile;
use ch24::rules::RuleSet;
use ch24::select::Lane;
use ch24::tune::{Counts, Impact, Interval, Labeled, PackDiff, collect_lines, impact};

fn rule(id: &str, points: u32, when: &str) -> (String, String) {
    let text = format!(
        "id: {id}\nname: a-rule\ntitle: Rule {id}\ntheme: timber\nfamily: list\nseverity: low\npoints: {points}\nwhen: |\n  {when}\n"
    );
    (format!("{id}.yaml"), text)
}

fn list(rows: &str) -> [(String, String); 2] {
    let about = "source: s\nas_of: 2026-01-01\nlicense: l\nkey: key\n";
    [
        ("lists/watched.yaml".to_owned(), about.to_owned()),
        ("lists/watched.csv".to_owned(), format!("key\n{rows}")),
    ]
}

fn pack(files: impl IntoIterator<Item = (String, String)>) -> RuleSet {
    load_files(&files.into_iter().collect::<Vec<_>>())
}

fn before() -> RuleSet {
    let rules = [
        rule("T-01", 40, "country_of_origin = 'MX'"),
        rule("T-02", 40, "in_list(hts_number, 'watched')"),
        rule("T-03", 5, "entered_value_usd > 10"),
    ];
    pack(rules.into_iter().chain(list("4407110001\n")))
}

fn after() -> RuleSet {
    let rules = [
        rule("T-01", 10, "country_of_origin   = 'MX'"),
        rule("T-02", 40, "in_list(hts_number, 'watched')"),
        rule("T-04", 5, "entered_value_usd > 10"),
    ];
    pack(rules.into_iter().chain(list("4407110001\n4403990000\n")))
}

#[test]
fn what_changed_is_named_and_spelling_is_no_change() {
    let diff = PackDiff::new(&before(), &after());
    assert_eq!(diff.added, [("T-04".to_owned(), "Rule T-04".to_owned())]);
    assert_eq!(diff.removed, [("T-03".to_owned(), "Rule T-03".to_owned())]);
    assert_eq!(diff.changed.len(), 1, "{:?}", diff.changed);
    let changed = &diff.changed[0];
    assert_eq!((changed.id.as_str(), changed.changes.len()), ("T-01", 1));
    assert_eq!(changed.changes[0].key, "points");
    assert_eq!(changed.changes[0].after.as_deref(), Some("10"));
    assert_eq!(diff.lists[0].added, ["4403990000"]);
    assert!(diff.settings.is_empty());
    assert!(PackDiff::new(&before(), &before()).is_empty());
}

#[test]
fn of_several_params_only_the_one_that_changed_is_named() {
    let with = |least: u32| {
        let (path, text) = rule(
            "T-01",
            5,
            "entered_value_usd > :least AND quantity_1 < :most",
        );
        pack([(path, format!("{text}params: {{least: {least}, most: 9}}\n"))])
    };
    let diff = PackDiff::new(&with(10), &with(20));
    let changed = &diff.changed[0];
    assert_eq!(changed.title, "Rule T-01");
    assert_eq!(changed.changes.len(), 1, "{changed:?}");
    let change = &changed.changes[0];
    assert_eq!(change.key, "params.least");
    assert_eq!(change.before.as_deref(), Some("10"));
    assert_eq!(change.after.as_deref(), Some("20"));
}

const HEADER: &str = "entry_number,entry_line_number,hts_number,country_of_origin,entered_value_usd,us_port_of_entry,date_of_import,importer_name,shipper_name,outcome\n";

fn on_rows(old: &RuleSet, new: &RuleSet, rows: &str) -> Impact {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rows.csv");
    std::fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    let reading = Reading {
        inputs: find_inputs(&[path.display().to_string()]).unwrap(),
        mapping: Mapping::default(),
        wanted: FieldSet::default(),
        batch_rows: 2,
    };
    with_stack(|| {
        let data = Labeled {
            reading: &reading,
            labels: None,
            history: None,
            reconcile: Reconcile::default(),
            spill: directory.path(),
            threads: None,
        };
        let of = |rules| collect_lines(rules, &data).unwrap();
        let (was, is) = (of(old), of(new));
        impact((old, &was.0, &was.1), (new, &is.0, &is.1))
    })
}

const ROWS: &str = "ABC00000001,1,4407110001,MX,5,2604,2026-03-02,A,S,bad\n\
                    ABC00000002,1,4401000000,MX,5,2604,2026-03-02,B,S,ok\n\
                    ABC00000003,1,4403990000,CA,5,2304,2026-03-02,C,,\n\
                    ABC00000003,2,4403990000,CA,5,2304,2026-03-02,C,,\n\
                    ABC00000004,1,4401000000,CA,50,2304,2026-03-02,D,,ok\n";

#[test]
fn the_effect_on_data_is_counted_by_shipment() {
    let found = on_rows(&before(), &after(), ROWS);
    assert_eq!(found.n_shipments, 4);
    // Entry 2 falls to green, entry 3 is on the list now.
    assert_eq!((found.gained.shipments, found.lost.shipments), (1.0, 1.0));
    assert_eq!((found.lost.inspected, found.lost.bad), (1.0, 0.0));
    // By line, two rows of entry 3 are gained.
    assert_eq!((found.lines_gained, found.lines_lost), (2, 1));
    let lines = found.lines.iter();
    let lines: Vec<_> = lines.map(|lane| (lane.before, lane.after)).collect();
    assert_eq!(lines, [(0, 0), (2, 3), (3, 2)]);
    // The shipper S keeps a shipment to look at; entry 3 names none.
    let entities = found.entities.iter();
    let entities: Vec<_> = entities
        .map(|role| (role.name.as_str(), role.gained, role.lost))
        .collect();
    let expected = [
        ("importer", 1, 1),
        ("shipper", 0, 0),
        ("manufacturer", 0, 0),
    ];
    assert_eq!(entities, expected);
    assert!(found.capacity.before.is_empty() && found.capacity.after.is_empty());
    let ports: Vec<_> = found
        .ports
        .iter()
        .map(|port| (port.name.as_str(), port.gained, port.lost))
        .collect();
    assert_eq!(ports, [("2304", 1, 0), ("2604", 0, 1)]);
    let rules: Vec<_> = found.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules, ["T-02", "T-03", "T-04"]);
}

/// A port that can look at one yellow shipment a day is told what a change asks of it.
#[test]
fn shipments_are_held_against_the_capacity_of_a_port_and_a_day() {
    let with = |points: u32| {
        let policy = "version: 1\ncapacity: [{port: '2604', yellow: 1}]\n".to_owned();
        pack([
            rule("T-01", points, "country_of_origin = 'MX'"),
            ("policy.yaml".to_owned(), policy),
        ])
    };
    let found = on_rows(&with(5), &with(40), ROWS);
    let yellow = [found.capacity.before, found.capacity.after].map(|lanes| {
        let found = lanes.iter().find(|of| of.lane == Lane::Yellow).unwrap();
        (found.limited, found.over, found.places)
    });
    assert_eq!(yellow, [(0, 0, 0), (2, 1, 1)]);
    let next_day = ROWS.replace(
        "02,1,4401000000,MX,5,2604,2026-03-02",
        "02,1,4401000000,MX,5,2604,2026-03-03",
    );
    let found = on_rows(&with(5), &with(40), &next_day);
    assert_eq!(
        found.capacity.after.iter().map(|of| of.over).sum::<u64>(),
        0
    );
}

/// The first line names another shipper than the one that a rule hits, and suffixes of a number are one importer.
#[test]
fn parties_are_counted_on_every_line_of_a_shipment() {
    let rows = "ABC00000001,1,4401000000,CA,5,2604,2026-03-02,A,CLEAN,\n\
                ABC00000001,2,4401000000,MX,5,2604,2026-03-02,A,WOOD,\n\
                ABC00000002,1,4401000000,CA,5,2604,2026-03-02,A,CLEAN,\n";
    let with = |points: u32| pack([rule("T-01", points, "country_of_origin = 'MX'")]);
    let found = on_rows(&with(5), &with(40), rows);
    let shippers = found.entities.iter().find(|role| role.name == "shipper");
    assert_eq!(shippers.map(|role| role.gained), Some(2));
    let importers = found.entities.iter().find(|role| role.name == "importer");
    assert_eq!(importers.map(|role| role.gained), Some(1));
}

/// Of four gained two were inspected and one is bad: of the other two none to both are.
#[test]
fn bad_among_the_uninspected_is_told_with_its_chance() {
    let counts = Counts {
        shipments: 4.0,
        inspected: 2.0,
        bad: 1.0,
    };
    let found = Interval::of_all(counts).unwrap();
    assert!((found.share - 2.0).abs() < 1e-9, "{found:?}");
    assert!(found.low <= 1.01 && found.high >= 2.99, "{found:?}");
    let all = Counts {
        inspected: 4.0,
        ..counts
    };
    assert!(Interval::of_all(all).is_none());
}
