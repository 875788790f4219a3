//! Lookouts and suppressions, through whole runs.

use crate::end_to_end::{Run, contents};
use crate::support::{load_directory, write_files};
use ch24::diagnostic::Severity;
use ch24::rules::notices::TermState;
use ch24::summary::Summary;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A rule with a floor above 900, and two that make red together from 500 on.
pub(crate) fn rules(policy: &str) -> Vec<(String, String)> {
    let rule = |id: &str, family: &str, points: i32, more: &str, when: &str| {
        let text = format!(
            "id: {id}\nname: a-rule\ntitle: Rule {id}\ntheme: iuu\nfamily: {family}\nseverity: high\npoints: {points}\n{more}when: {when}\n"
        );
        (format!("{id}.yaml"), text)
    };
    let between = "entered_value_usd BETWEEN 500 AND 900";
    vec![
        rule(
            "A-1",
            "list",
            60,
            "floor: examine\n",
            "entered_value_usd > 900",
        ),
        rule("B-1", "document", 40, "verify: [permit]\n", between),
        rule("B-2", "species", 30, "", between),
        ("policy.yaml".to_owned(), format!("version: 1\n{policy}")),
    ]
}

pub(crate) type Row = BTreeMap<String, String>;

struct Scored {
    directory: tempfile::TempDir,
    summary: Summary,
    shipments: BTreeMap<String, Row>,
    lines: Vec<Row>,
}

pub(crate) fn table(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Scores lines with the pack and files beside its policy.
fn scored(policy: &str, files: &[(&str, &str)], manifest: &str) -> Scored {
    let directory = tempfile::tempdir().unwrap();
    let pack = directory.path().join("pack");
    let own = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    write_files(&pack, &rules(policy).into_iter().chain(own).collect());
    let input = directory.path().join("a.csv");
    fs::write(&input, manifest).unwrap();
    let out = directory.path().join("out");
    let run = Run {
        inputs: vec![input],
        pack,
        salted: true,
        ..Run::of("manifest.csv")
    };
    let summary = run.write_to(&out);
    let shipments = table(&out.join("shipments.csv")).into_iter();
    Scored {
        summary,
        shipments: shipments
            .map(|row| (row["shipment_key"].clone(), row))
            .collect(),
        lines: table(&out.join("lines.csv")),
        directory,
    }
}

impl Scored {
    #[track_caller]
    fn lane(&self, shipment: &str) -> (&str, &str) {
        let row = &self.shipments[shipment];
        (&row["lane"], &row["selected_by"])
    }
}

const HEADER: &str = "house_bill_number,date_of_import,importer_of_record_number,hts_number,country_of_origin,entered_value_usd\n";

#[test]
fn a_lookout_raises_a_line_to_its_floor_and_names_itself() {
    let lookouts = "key,action,reason,owner,expires\n\
        importer:12-3456789,examine,case 26-114,J. Doe,2026-03-31\n\
        importer:98-7654321,review,\"rosewood, perhaps\",J. Roe,2026-03-10\n";
    let manifest = format!(
        "{HEADER}WATCHED,2026-03-31,12-345678900,0306170007,MX,10\n\
         OVER,2026-04-01,12-345678901,0306170007,MX,10\n\
         UNDATED,,12-3456789,0306170007,MX,10\n\
         OTHER,2026-03-02,11-1111111,0306170007,MX,10\n\
         FLOOR,2026-03-02,12-345678900,0306170007,MX,1000\n\
         REVIEWED,2026-03-02,98-765432100,0306170007,MX,10\n\
         RED,2026-03-02,98-765432100,0306170007,MX,600\n"
    );
    let found = scored("", &[("lookouts.csv", lookouts)], &manifest);
    assert_eq!(found.lane("WATCHED"), ("red", "lookout"));
    assert_eq!(found.lane("OVER"), ("green", "none"));
    assert_eq!(
        found.lane("UNDATED"),
        ("red", "lookout"),
        "a line without a date is looked at"
    );
    assert_eq!(found.lane("OTHER"), ("green", "none"));
    assert_eq!(
        found.lane("FLOOR"),
        ("red", "floor"),
        "a rule that asks for the same keeps its word"
    );
    assert_eq!(found.lane("REVIEWED"), ("yellow", "lookout"));
    assert_eq!(
        found.lane("RED"),
        ("red", "score"),
        "a lookout that asks for less is not why"
    );
    let reason = |shipment: &str| found.shipments[shipment]["reason"].as_str();
    assert_eq!(reason("WATCHED"), "Lookout: case 26-114 (J. Doe).");
    assert_eq!(
        reason("FLOOR"),
        "Lookout: case 26-114 (J. Doe). Rule A-1 (A-1). A rule asks for examination whatever the score."
    );
    let watched = &found.shipments["WATCHED"];
    // It is no hit: no points, no theme, no candidate.
    for (column, value) in [
        ("points_total", "0"),
        ("hits", ""),
        ("themes", ""),
        ("cva_candidate", "false"),
        ("lookouts", "importer:12-3456789"),
        ("suppressed", ""),
        ("queue", "APHIS"),
        ("selection_probability", "1.0"),
    ] {
        assert_eq!(watched[column], value, "{column}");
    }
    let of_line: Vec<&str> = found
        .lines
        .iter()
        .map(|line| line["lookouts"].as_str())
        .collect();
    assert_eq!(of_line[0..2], ["importer:12-3456789", ""]);
    let [first, second] = found.summary.lookouts.as_slice() else {
        panic!("two lookouts")
    };
    assert_eq!((first.lines, first.shipments), (3, 3));
    assert_eq!((second.lines, second.shipments), (2, 2));
    // The run judges by its latest day, 2026-04-01.
    assert_eq!(first.state, Some(TermState::Expired));
    #[cfg(feature = "tables")]
    {
        let out = found.directory.path().join("out");
        // Of an entity only what rules found counts: the line of the floor, and that of the score.
        for row in table(&out.join("entities.csv")) {
            if row["role"] == "importer" && row["entity_key"] != "11-1111111" {
                assert_eq!((&*row["n_red"], &*row["n_yellow"]), ("1", "0"), "{row:?}");
            }
        }
        let page = fs::read_to_string(out.join("report.html")).unwrap();
        let part = &page[page.find("id=\"notices\"").unwrap()..];
        assert!(part.contains("case 26-114") && part.contains("2026-03-31, expired"));
    }
}

const SUPPRESSIONS: &str = "rule,entity,product,approver,reason,expires\n\
    B-1,importer:12-3456789,hts:0306,J. Doe,permit seen,2026-03-31\n\
    B-2,importer:12-3456789,0306,J. Roe,same permit,2026-03-31\n";

#[test]
fn a_suppression_takes_points_and_lane_and_leaves_the_rest() {
    let manifest = format!(
        "{HEADER}SPARED,2026-03-02,12-345678900,0306170007,MX,600\n\
         OTHERGOODS,2026-03-02,12-345678900,0304895091,MX,600\n\
         OTHERFIRM,2026-03-02,98-765432100,0306170007,MX,600\n\
         OVER,2026-04-01,12-345678900,0306170007,MX,600\n\
         UNDATED,,12-345678900,0306170007,MX,600\n\
         FLOOR,2026-03-02,12-345678900,0306170007,MX,1000\n"
    );
    let policy = "random: {share: 0.5, min_per_theme: 0, salt_file: null}\n";
    let found = scored(policy, &[("suppressions.csv", SUPPRESSIONS)], &manifest);
    let plain = scored(policy, &[], &manifest);
    for shipment in ["OTHERGOODS", "OTHERFIRM", "OVER", "UNDATED"] {
        assert_eq!(found.lane(shipment), ("red", "score"), "{shipment}");
    }
    assert_eq!(found.lane("FLOOR"), ("red", "floor"));
    let spared = &found.shipments["SPARED"];
    for (column, value) in [
        ("score", "0"),
        ("points_total", "0"),
        ("hits", ""),
        ("cva_candidate", "false"),
        ("suppressed", "B-1;B-2"),
    ] {
        assert_eq!(spared[column], value, "{column}");
    }
    assert_eq!(plain.shipments["SPARED"]["cva_candidate"], "true");
    assert_eq!(plain.lane("SPARED"), ("red", "score"));
    // Draws are those of the run without the files; one that is drawn is selected by that alone.
    for (key, row) in &found.shipments {
        assert_eq!(
            row["random_draw"], plain.shipments[key]["random_draw"],
            "{key}"
        );
    }
    assert_eq!(
        found.summary.random_drawn, plain.summary.random_drawn,
        "as many are drawn"
    );
    let drawn = spared["random_draw"] == "true";
    let expected = if drawn {
        ("yellow", "random")
    } else {
        ("green", "none")
    };
    assert_eq!(found.lane("SPARED"), expected);
    // The pack gives no scope, so the line is in that of all three themes.
    assert_eq!(spared["selection_probability"], "0.875");
    let counts: Vec<_> = found
        .summary
        .suppressions
        .iter()
        .map(|found| (found.rule.as_str(), found.hits, found.shipments))
        .collect();
    assert_eq!(counts, [("B-1", 1, 1), ("B-2", 1, 1)]);
    let lines = |of: &Scored| {
        let mut rules = of.summary.rules.iter();
        rules.find(|rule| rule.id == "B-1").unwrap().lines
    };
    assert_eq!((lines(&plain), lines(&found)), (5, 4));
    // Without either file the tables have no columns for them.
    assert!(!plain.shipments["SPARED"].contains_key("suppressed"));
    assert!(!plain.lines[0].contains_key("lookouts"));
}

#[test]
fn one_suppressed_rule_leaves_the_points_of_the_others() {
    let suppressions = "rule,entity,approver,expires\nB-1,importer:12-3456789,J. Doe,2026-03-31\n";
    let manifest = format!("{HEADER}HALF,2026-03-02,12-345678900,0306170007,MX,600\n");
    let found = scored("", &[("suppressions.csv", suppressions)], &manifest);
    assert_eq!(found.lane("HALF"), ("yellow", "score"));
    assert_eq!(found.shipments["HALF"]["points_total"], "30");
}

#[test]
fn every_kind_of_key_finds_the_line_that_names_it() {
    // Kind and key as an officer writes them; the column and the cell as a filer does.
    let cases = [
        (
            "importer:MADERAS  del Río",
            "importer_name",
            "Maderas del Río",
        ),
        (
            "importer_account:12-345678900",
            "importer_of_record_number",
            "12-345678900",
        ),
        ("consignee:sample llc", "consignee_name", "SAMPLE LLC"),
        ("shipper:Sample Exports", "shipper_name", "SAMPLE EXPORTS"),
        (
            "manufacturer:mxacumue70ciu",
            "manufacturer_id",
            "MXACUMUE70CIU",
        ),
        (
            "seller:Sample Sales: North",
            "seller_name",
            "SAMPLE SALES: NORTH",
        ),
        ("vessel:IMO 9074729", "conveyance_imo", "9074729"),
        ("vessel:ANA", "harvest_vessel_name", "Ana"),
        ("harvest_vessel:9215907", "harvest_vessel_imo", "IMO9215907"),
        ("filer:q4s", "entry_filer_code", "Q4S"),
        ("carrier:mutr", "carrier_code", "MUTR"),
        (
            "notify_party:Second Party",
            "notify_party_names",
            "FIRST PARTY|SECOND PARTY",
        ),
        ("shipment:B76-0324527-8", "entry_number", "B7603245278"),
        ("entry:B76-0324528-6", "entry_number", "B76-0324528-6"),
        ("bill:020-12345675", "master_bill_number", "02012345675"),
        ("container:csqu 305438-3", "equipment_number", "CSQU3054383"),
        ("hts:0306.17", "hts_number", "0306170007"),
        ("taxon:dalbergia", "scientific_genus", "Dalbergia"),
    ];
    let mut lookouts = "key,action,reason,owner,expires\n".to_owned();
    let mut columns: Vec<&str> = cases.iter().map(|(_, column, _)| *column).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut manifest = format!("line_id,date_of_import,{}\n", columns.join(","));
    for (number, (key, column, cell)) in cases.iter().enumerate() {
        lookouts += &format!("\"{key}\",review,case {number},J. Doe,2026-03-31\n");
        let cells = columns.iter().map(|known| match known == column {
            true => *cell,
            false => "",
        });
        let cells: Vec<&str> = cells.collect();
        manifest += &format!("{number},2026-03-02,{}\n", cells.join(","));
    }
    let found = scored("", &[("lookouts.csv", &lookouts)], &manifest);
    for (number, line) in found.lines.iter().enumerate() {
        let (key, ..) = cases[number];
        assert_eq!(line["lane"], "yellow", "{key}");
        assert_eq!(line["lookouts"], key);
    }
    let counts = found.summary.lookouts.iter().map(|lookout| lookout.lines);
    assert!(counts.eq([1; 18]), "{:?}", found.summary.lookouts);
}

#[test]
fn a_personal_number_is_found_and_never_shown() {
    let lookouts = "key,action,reason,owner,expires\n\
        importer:123-45-6789,examine,case 26-114,J. Doe,2026-03-31\n";
    let manifest = format!("{HEADER}WATCHED,2026-03-02,123 45 6789,0306170007,MX,10\n");
    let found = scored("", &[("lookouts.csv", lookouts)], &manifest);
    assert_eq!(found.lane("WATCHED"), ("red", "lookout"));
    let shown = &found.shipments["WATCHED"]["lookouts"];
    assert_eq!(shown, "importer:(masked, lookouts.csv:2)");
    for (name, bytes) in contents(&found.directory.path().join("out")) {
        let text = String::from_utf8_lossy(&bytes);
        let is_shown = ["45-6789", "45 6789", "123456789"].map(|number| text.contains(number));
        assert_eq!(is_shown, [false; 3], "{name}");
    }
    // Nor where the row has a mistake.
    let broken = lookouts
        .replace("examine", "hold")
        .replace("importer", "import");
    let directory = tempfile::tempdir().unwrap();
    let files = [("lookouts.csv".to_owned(), broken)];
    write_files(
        directory.path(),
        &rules("").into_iter().chain(files).collect(),
    );
    let loaded = load_directory(directory.path());
    assert_eq!(loaded.diagnostics.count(Severity::Error), 2);
    let said = loaded.diagnostics.render(&loaded.sources, false);
    assert!(
        said.contains("***-**-****") && !said.contains("6789"),
        "{said}"
    );
}
