use crate::batch::FieldSet;
use crate::job::{BadRows, Job, Outputs};
use crate::normalize::Identities;
use crate::read::{Mapping, Reading, find_inputs};
use crate::rules::{PackSource, load};
use crate::select::Salt;
use crate::write::Format;
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// A pack of one rule of each kind: one that asks for examination, one for yellow, a draft, one that lacks its field.
const RULES: &[(&str, &str)] = &[
    (
        "policy.yaml",
        "version: 1\nthemes:\n  timber: {scope: \"hts_number LIKE '44%'\"}\n  wildlife: {scope: \"hts_number LIKE '01%'\"}\n  iuu: {scope: \"hts_number LIKE '03%'\"}\n",
    ),
    (
        "a.yaml",
        "id: A-1\nname: wood\ntitle: Wood <b>of</b> \"any\" kind\ntheme: timber\nfamily: document\nseverity: critical\npoints: 60\nfloor: examine\nwhen: hts_number LIKE '4407%'\nverify: [paper <i>]\nquestion: Is it & was it?\nwhy: <script>alert(1)</script>\nclears: A paper.\nexamine: [open it]\nlegal_basis: [16 USC 3372]\n",
    ),
    (
        "b.yaml",
        "id: B-1\nname: fish\ntitle: Fish\ntheme: iuu\nfamily: price\nseverity: low\npoints: 25\nfloor: review\nwhen: hts_number LIKE '03%'\n",
    ),
    (
        "c.yaml",
        "id: C-1\nname: trial\ntitle: A trial\nstatus: draft\ntheme: timber\nfamily: price\nseverity: low\npoints: 25\nwhen: hts_number LIKE '44%'\n",
    ),
    (
        "d.yaml",
        "id: D-1\nname: lacks\ntitle: Lacks a field\ntheme: timber\nfamily: price\nseverity: low\npoints: 25\nwhen: net_weight_kg > 1\n",
    ),
];

#[expect(clippy::disallowed_methods, reason = "files of the test")]
fn report(manifest: &str, policy: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).unwrap();
    for (name, text) in RULES {
        let more = if *name == "policy.yaml" { policy } else { "" };
        std::fs::write(rules.join(name), format!("{text}{more}")).unwrap();
    }
    let input = folder.path().join("manifest.csv");
    std::fs::write(&input, manifest).unwrap();
    run(&input, &PackSource::Directory(rules), folder.path())
}

#[expect(clippy::disallowed_methods, reason = "files of the test")]
fn run(input: &Path, pack: &PackSource, folder: &Path) -> String {
    let loaded = load(pack).unwrap();
    let mistakes = loaded.diagnostics.render(&loaded.sources, false);
    let job = Job {
        reading: Reading {
            inputs: find_inputs(&[input.display().to_string()]).unwrap(),
            mapping: Mapping::default(),
            wanted: FieldSet::default(),
            batch_rows: 64,
        },
        history: None,
        since: None,
        rules: loaded.rules.expect(&mistakes),
        pack: pack.clone(),
        map: None,
        out: folder.join("out"),
        force: false,
        format: Format::Csv,
        flagged_only: false,
        outputs: Outputs {
            lines: false,
            shipments: false,
            entities: false,
            report: true,
            referrals: false,
        },
        as_of: None,
        threads: Some(1),
        max_bad_rows: BadRows::default(),
        salt: Some(Salt::new("a secret of the tests")),
        identities: Identities::FirstRow,
        reconcile: crate::reconcile::Reconcile::default(),
        write_normalized: None,
        options: serde_json::Value::Null,
    };
    crate::pipeline::run(&job, &AtomicU64::new(0)).unwrap();
    std::fs::read_to_string(job.out.join("report.html")).unwrap()
}

const HEADER: &str = "entry_number,hts_number,goods_description,importer_name,importer_of_record_number,shipper_name,\
manufacturer_name,seller_name,consignee_name,harvest_vessel_name,us_port_of_entry,actual_arrival_date,date_of_import,country_of_origin,entered_value_usd\n";

#[test]
fn hostile_text_stays_text() {
    let evil = "\"\"\"><script>alert(1)</script><img src=x onerror=alert(2)>'&\"";
    let row = |hts: &str| {
        let parties = [evil; 7].join(",");
        format!("ABC0000000{hts},{hts},{parties},2704,2026-01-02,2026-01-02,MX,1234.50\n").replacen(
            &format!("{evil},{evil},{evil}"),
            &format!("{evil},{evil},12-3456789,{evil}"),
            1,
        )
    };
    let page = report(
        &format!("{HEADER}{}{}", row("4407290190"), row("0303890070")),
        "",
    );
    let folded = page.to_lowercase();
    assert_eq!(folded.matches("<script").count(), 0, "{page}");
    assert_eq!(folded.matches("<img").count(), 0);
    assert_eq!(
        folded.matches("<b>").count() + folded.matches("<i>").count(),
        0
    );
    assert!(folded.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("Wood &lt;b&gt;of&lt;/b&gt; &quot;any&quot; kind"));
    assert!(page.contains("Is it &amp; was it?") && page.contains("paper &lt;i&gt;"));
    assert!(!folded.contains("http:") && !folded.contains("https:") && !folded.contains("url("));
    for part in [
        "Importers that rules hit",
        "Shippers",
        "Manufacturers",
        "Sellers",
        "Consignees",
        "Harvest vessels",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        page.contains("1 entity in") || page.contains("entities in 1 shipment"),
        "candidates are shown"
    );
    assert!(page.contains("Draft rules: evaluated, not counted") && page.contains("net_weight_kg"));
}

#[test]
fn an_empty_run_says_so() {
    let page = report(HEADER, "");
    assert!(page.contains("No lines: the input holds no rows"));
    assert!(page.contains("No red shipments.") && page.contains("No yellow shipments."));
    assert!(page.contains("No active rule hit a line.") && page.contains("No candidates."));
    assert!(page.contains("no date: no line has one"));
}

#[test]
fn rules_that_could_judge_nothing_stand_beside_what_is_released() {
    let row = "E0000000001,4407290190,WOOD,FIRM,,S,,,,,2704,2026-01-02,2026-01-02,MX,10\n";
    let page = report(&format!("{HEADER}{row}"), "");
    let green = page.split("Green: release").nth(1).unwrap();
    let green = green.split("</li>").next().unwrap();
    assert!(
        green.contains("1 of 3 rules could judge no line here"),
        "{green}"
    );
    assert!(green.contains("<a href=\"#gaps\">"), "{green}");
    assert!(page.contains("id=\"gaps\""));
    assert!(page.contains("once for each role"));
    assert!(!report(HEADER, "").contains("could judge no line"));
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let mut manifest = HEADER.to_owned();
    for number in 0..260 {
        let hts = if number % 2 == 0 || number > 40 {
            "4407290190"
        } else {
            "0303890070"
        };
        writeln!(manifest, "E{number:010},{hts},WOOD,FIRM {number},,S {number},,,,,2704,2026-01-02,2026-01-02,MX,10").unwrap();
    }
    let page = report(&manifest, "");
    assert!(page.contains("240 red shipments, worst first: the first 200 of 240"));
    assert_eq!(page.matches("<tbody class=\"shipment\">").count(), 200 + 20);
    assert!(page.contains("40 more in the table of shipments"));
    assert!(page.contains("20 yellow shipments, worst first<"));
    assert!(page.contains("Importers: the first 10 of 260 that rules hit"));
    assert!(page.contains("480 entities in 240 shipments: the first 50"));
    assert!(page.contains("430 more in the table of entities."));
    assert_eq!(
        page,
        report(&manifest, ""),
        "the same bytes for the same input"
    );
}

#[test]
fn what_is_mandatory_without_a_place_stands_first() {
    let mut manifest = HEADER.to_owned();
    for number in 0..5 {
        writeln!(
            manifest,
            "E{number:010},4407290190,WOOD,FIRM,,S,,,,,2704,2026-01-02,2026-01-02,BR,10"
        )
        .unwrap();
    }
    let page = report(
        &manifest,
        "capacity: [{port: \"2704\", red: 3, yellow: 1}]\n",
    );
    assert_eq!(
        page.matches(">Mandatory, no capacity</span>").count(),
        1 + 2,
        "a tile and two shipments"
    );
    let first = page.split("<tbody class=\"shipment\">").nth(1).unwrap();
    assert!(first.contains("Mandatory, no capacity"));
}

#[test]
fn masked_numbers_and_random_draws_are_not_shown() {
    let manifest = format!(
        "{HEADER}E0000000001,4407290190,WOOD,,123-45-6789,S,,,,,2704,2026-01-02,2026-01-02,MX,10\n"
    );
    let page = report(
        &format!(
            "{manifest}E0000000002,4401000000,CHIPS,,,S,,,,,2704,2026-01-02,2026-01-02,CA,10\n"
        ),
        "random: {share: 1.0}\n",
    );
    assert!(
        page.contains("E0000000002") && page.contains("Selected for review."),
        "{page}"
    );
    assert!(
        !page.contains("123-45-6789") && !page.contains("123456789") && !page.contains("E-#"),
        "{page}"
    );
    assert!(page.contains("E-"));
    assert!(!page.to_lowercase().contains("random") && !page.to_lowercase().contains("drawn at"));
}
