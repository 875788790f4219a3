//! Pages as a browser takes them: whole, in order, and with nothing of a filer in them but text.

use crate::end_to_end::root;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn pages_are_whole_and_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let pages = written(&root().join("sample-data/manifest.csv"), directory.path());
    for page in &pages {
        check(&fs::read_to_string(page).unwrap(), page);
    }
    let report = fs::read_to_string(&pages[0]).unwrap();
    for part in [
        "Scores",
        "Ports",
        "Corridors",
        "Red shipments",
        "Rules that hit",
        "Parties",
        "What could not be judged",
        "Provenance",
    ] {
        assert!(report.contains(&format!("<h2>{part}</h2>")), "{part}");
    }
    let run = fs::read_to_string(directory.path().join("out/run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    let pack = run["rules"]["blake3"].as_str().unwrap();
    let input = run["inputs"][0]["blake3"].as_str().unwrap();
    assert!(report.contains(pack) && report.contains(&input[..16]));
}

#[test]
fn nothing_that_a_filer_writes_is_markup() {
    let directory = tempfile::tempdir().unwrap();
    // The name of the file is a filer's text too.
    let input = directory.path().join("a<b>&\"'\u{202E}.csv");
    fs::write(&input, hostile_manifest()).unwrap();
    for page in written(&input, directory.path()) {
        let text = fs::read_to_string(&page).unwrap();
        check(&text, &page);
        assert!(text.contains("&lt;SCRIPT&gt;"), "{}", page.display());
    }
}

#[test]
fn the_page_is_bounded_whatever_the_pack_says_of_its_rules() {
    let directory = tempfile::tempdir().unwrap();
    let why = "because ".repeat(12_000);
    let pack = wood_pack(directory.path(), 12, &why);
    let mut lines =
        "entry_number,hts_number,importer_name,us_port_of_entry,country_of_origin\n".to_owned();
    for number in 0..400 {
        lines += &format!(
            "E{number:010},4407290190,FIRM {number},{:04},MX\n",
            number % 300
        );
    }
    let report = report_of(directory.path(), "out", &lines, &["--rules", &pack]);
    assert!(report.len() < 5_000_000, "{} bytes", report.len());
    assert!(report.len() > 3_000_000 && report.contains("This page is full"));
    assert!(report.contains("275 others"), "of 300 ports 25 are shown");
}

#[test]
fn rules_are_shown_by_what_was_found() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("lines.csv");
    let path = manifest.to_str().unwrap();
    ch24(&[
        "generate", "--rows", "4000", "--seed", "3", "--labels", "--out", path,
    ]);
    let backtest = directory.path().join("backtest");
    ch24(&["backtest", path, "--out", backtest.to_str().unwrap()]);
    let account = fs::read_to_string(backtest.join("backtest.json")).unwrap();
    let account: serde_json::Value = serde_json::from_str(&account).unwrap();
    let page = backtest.join("backtest.html");
    check(&fs::read_to_string(&page).unwrap(), &page);

    let out = directory.path().join("out");
    ch24(&[
        "score",
        path,
        "--outputs",
        "report",
        "--out",
        out.to_str().unwrap(),
    ]);
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    check(&report, &out);
    // The same figures come out of another stage altogether.
    let by_rule = |row: &&serde_json::Value| row["counts"]["inspected"].as_f64().unwrap() > 0.0;
    let rules = account["rules"].as_array().unwrap();
    let mut n_compared = 0;
    for rule in rules
        .iter()
        .filter(by_rule)
        .filter(|rule| rule["is_active"] == true)
    {
        let id = rule["id"].as_str().unwrap();
        let Some(row) = report.split(&format!("\">{id}</a></th>")).nth(1) else {
            continue;
        };
        let mut numbers = row.split("<td class=\"n").skip(1).map(|cell| {
            let text = cell.split_once('>').unwrap().1.split('<').next().unwrap();
            text.replace(',', "").parse::<f64>().unwrap_or(-1.0)
        });
        let counts = &rule["counts"];
        assert_eq!(numbers.next(), counts["inspected"].as_f64(), "{id}");
        assert_eq!(numbers.next(), counts["bad"].as_f64(), "{id}");
        n_compared += 1;
    }
    assert!(n_compared > 5, "{n_compared} rules compared");
}

#[test]
fn an_outcome_of_an_earlier_stage_is_one_of_the_shipment() {
    let directory = tempfile::tempdir().unwrap();
    let pack = wood_pack(directory.path(), 1, "because");
    let lines = "evidence_stage,entry_number,hts_number,country_of_origin,us_port_of_entry,outcome\n\
        release,E0000000001,4407290190,MX,2604,bad\n\
        entry_summary,E0000000001,4407290190,MX,2604,\n\
        entry_summary,E0000000002,4407290190,MX,2604,ok\n\
        entry_summary,E0000000003,4407290190,BR,2604,\n";
    let report = report_of(directory.path(), "first", lines, &["--rules", &pack]);
    assert!(report.contains("2 shipments of this run have an outcome, of which 1 was bad, 50%"));
    let row = "<td>Wood</td><td class=\"n\">2</td><td class=\"n\">1</td>";
    assert!(report.contains(row), "the rule that hit them has both");
    assert!(!report.contains(">New</span>"));

    let lines = format!("{lines}entry_summary,E0000000004,4407290190,BR,2604,\n");
    let before = directory.path().join("first");
    let since = ["--rules", &pack, "--since", before.to_str().unwrap()];
    let report = report_of(directory.path(), "second", &lines, &since);
    assert!(report.contains("1 new, 0 escalated, 0 no longer there"));
    assert_eq!(report.matches(">New</span>").count(), 1);
}

/// The report of lines.
fn report_of(directory: &Path, name: &str, lines: &str, more: &[&str]) -> String {
    let input = directory.join("lines.csv");
    fs::write(&input, lines).unwrap();
    let out = directory.join(name);
    let score = [
        "score",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    ch24(&[&score[..], more].concat());
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    check(&report, &out);
    report
}

/// A pack of rules that all ask for every piece of wood to be examined.
fn wood_pack(directory: &Path, n_rules: usize, why: &str) -> String {
    let pack = directory.join("rules");
    fs::create_dir(&pack).unwrap();
    let scopes = "version: 1\nthemes:\n  timber: {scope: \"hts_number LIKE '44%'\"}\n  wildlife: {scope: \"hts_number LIKE '01%'\"}\n  iuu: {scope: \"hts_number LIKE '03%'\"}\n";
    fs::write(pack.join("policy.yaml"), scopes).unwrap();
    for number in 1..=n_rules {
        let rule = format!(
            "id: A-{number}\nname: wood-{number}\ntitle: Wood\ntheme: timber\nfamily: document\nseverity: critical\npoints: 60\nfloor: examine\nwhen: hts_number LIKE '44%'\nwhy: {why}\n"
        );
        fs::write(pack.join(format!("{number}.yaml")), rule).unwrap();
    }
    pack.to_str().unwrap().to_owned()
}

/// The report of a run, and both editions of the dossiers of five candidates.
fn written(input: &Path, directory: &Path) -> Vec<PathBuf> {
    let (out, dossiers) = (directory.join("out"), directory.join("dossiers"));
    let (input, run) = (input.to_str().unwrap(), out.to_str().unwrap());
    ch24(&["score", input, "--out", run]);
    let to = dossiers.to_str().unwrap();
    ch24(&["dossier", run, "--all", "--top", "5", "--out", to]);
    let mut pages = vec![out.join("report.html")];
    let mut folders = vec![dossiers];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                pages.push(path);
            }
        }
    }
    assert!(pages.len() >= 5, "{pages:?}");
    pages
}

fn ch24(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_ch24"))
        .args(arguments)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
}

/// The sample with markup, quotes, turned writing and terminal controls in every text of a filer.
fn hostile_manifest() -> String {
    const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&\u{202E}\u{2066}\u{1B}[31m\u{7}\u{9B}";
    const OF_FILERS: [&str; 16] = [
        "importer_name",
        "importer_address",
        "consignee_name",
        "shipper_name",
        "shipper_address",
        "shipper_city",
        "seller_name",
        "manufacturer_id",
        "goods_description",
        "harvest_location",
        "harvest_vessel_name",
        "farm_name",
        "first_receiver_name",
        "conveyance_name",
        "master_bill_number",
        "component_name",
    ];
    let mut sample = csv::Reader::from_path(root().join("sample-data/manifest.csv")).unwrap();
    let header = sample.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in sample.records() {
        let row = row.unwrap();
        let cells = header.iter().zip(&row).map(|(name, cell)| {
            let is_theirs = OF_FILERS.contains(&name) && !cell.is_empty();
            if is_theirs {
                format!("{cell}{EVIL}")
            } else {
                cell.to_owned()
            }
        });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Whether a page is well formed, in order, and without anything that runs, loads or misleads.
#[track_caller]
fn check(page: &str, name: &Path) {
    let name = name.display();
    let hides = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!page.contains(hides), "{name}: a character that hides");
    assert!(
        page.starts_with("<!DOCTYPE html>\n<html lang=\"en-US\">"),
        "{name}"
    );
    assert!(page.contains("<meta name=\"viewport\""), "{name}");
    let (mut open, mut ids, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    let (mut level, mut n_titles) = (0, 0);
    for piece in page.split('<').skip(2) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(
            !text.contains(['"', '\''])
                || open.last() == Some(&"style")
                || tag == "style"
                || tag.starts_with('/'),
            "{name}: {piece}"
        );
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}: {piece}");
            continue;
        }
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(
            !matches!(
                element,
                "script" | "img" | "iframe" | "link" | "object" | "form"
            ),
            "{name}: {tag}"
        );
        let attributes = attributes_of(attributes);
        let value = |wanted: &str| {
            attributes
                .iter()
                .find(|(known, _)| *known == wanted)
                .map(|(_, value)| *value)
        };
        assert!(
            !attributes
                .iter()
                .any(|(known, _)| known.starts_with("on") || *known == "style"),
            "{name}: {tag}"
        );
        assert!(value("src").is_none(), "{name}: {tag}");
        ids.extend(value("id"));
        if let Some(target) = value("href") {
            targets.push(target.strip_prefix('#').expect("links stay on the page"));
        }
        match element {
            "h1" | "h2" | "h3" | "h4" => {
                let this: usize = element[1..].parse().unwrap();
                assert!(this <= level + 1, "{name}: h{level} is followed by {tag}");
                n_titles += usize::from(this == 1);
                level = this;
            }
            "th" => assert!(value("scope").is_some(), "{name}: {piece}"),
            "caption" => assert_eq!(open.last(), Some(&"table"), "{name}"),
            "svg" => assert!(
                value("aria-hidden").or(value("aria-labelledby")).is_some() || open.contains(&"td"),
                "{name}: {piece}"
            ),
            _ => {}
        }
        if element != "meta" {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    assert_eq!(n_titles, 1, "{name}");
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("<table><caption>").count(),
        "{name}"
    );
    for target in targets {
        assert!(ids.contains(&target), "{name}: #{target} is nowhere");
    }
    let n_ids = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_ids, "{name}: an id stands twice");
}

/// Names and values; every value is quoted.
fn attributes_of(mut text: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    while !text.is_empty() {
        let (attribute, rest) = text.split_once("=\"").expect("a value in quotes");
        let (value, rest) = rest.split_once('"').expect("an end of the value");
        attributes.push((attribute, value));
        assert!(rest.is_empty() || rest.starts_with(' '), "{rest}");
        text = rest.trim_start();
    }
    attributes
}
