//! Planted networks: who is behind a scheme stands among the top candidates of its theme, and large lawful importers do not.

use crate::end_to_end::Run;
use ch24::entity::Role;
use ch24::generate::{Options, write};
use ch24::past::{Listed, Wanted, listed, ordered};
use ch24::rules::vocabulary::Theme;
use ch24::rules::{PackSource, load};
use ch24::write::Format;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ROWS: u64 = 40_000;

/// A scheme, and where its actors must stand.
struct Expected {
    scheme: &'static str,
    theme: Theme,
    /// What its actors share.
    role: Role,
    /// They stand among candidates for verification; else among all that rules hit: goods that are not of Mexico, or
    /// rules that Mexican documents cannot settle.
    is_candidate: bool,
    /// Rules that tell it only by earlier lines, or in another theme: while all of them are drafts, nothing is expected.
    waits_for: &'static [&'static str],
}

const fn expected(scheme: &'static str, theme: Theme, role: Role, is_candidate: bool) -> Expected {
    Expected {
        scheme,
        theme,
        role,
        is_candidate,
        waits_for: &[],
    }
}

const fn later(
    scheme: &'static str,
    theme: Theme,
    role: Role,
    waits_for: &'static [&'static str],
) -> Expected {
    Expected {
        scheme,
        theme,
        role,
        is_candidate: false,
        waits_for,
    }
}

const EXPECTED: [Expected; 18] = [
    expected("totoaba-in-fillets", Theme::Iuu, Role::Shipper, true),
    expected(
        "sea-cucumber-false-supplier",
        Theme::Iuu,
        Role::Seller,
        true,
    ),
    expected("abalone-false-seller", Theme::Iuu, Role::Seller, true),
    expected("snapper-lancha", Theme::Iuu, Role::Shipper, true),
    expected("cites-timber-no-permit", Theme::Timber, Role::Shipper, true),
    expected(
        "crocodile-boots-no-permit",
        Theme::Wildlife,
        Role::Shipper,
        true,
    ),
    expected("shrimp-uncertified", Theme::Iuu, Role::Shipper, false),
    expected("conch-as-whelk", Theme::Iuu, Role::Shipper, false),
    expected("oak-wrong-origin", Theme::Timber, Role::Shipper, false),
    expected(
        "granadillo-as-concrete",
        Theme::Timber,
        Role::Shipper,
        false,
    ),
    expected("volume-over-limit", Theme::Timber, Role::Shipper, false),
    expected("dalbergia-split", Theme::Timber, Role::Shipper, false),
    later(
        "maker-code-reused",
        Theme::Iuu,
        Role::Manufacturer,
        &["E-07"],
    ),
    expected("permit-reused", Theme::Wildlife, Role::Shipper, true),
    expected("shark-fin-as-dried-fish", Theme::Iuu, Role::Shipper, false),
    expected(
        "live-without-documents",
        Theme::Wildlife,
        Role::Shipper,
        false,
    ),
    later(
        "new-mill-volume",
        Theme::Timber,
        Role::Manufacturer,
        &["T-18"],
    ),
    later(
        "plywood-transshipment",
        Theme::Timber,
        Role::Manufacturer,
        &["T-17", "T-18"],
    ),
];

/// Whether a place is a top one: among candidates the first ten or the first tenth, else the first fifth of those that
/// rules hit, for there the evidence of one line is weak.
fn is_top(place: usize, n_entities: usize, is_candidate: bool) -> bool {
    match is_candidate {
        true => place < 10.max(n_entities / 10),
        false => place < n_entities / 5,
    }
}

/// A generated manifest, scored; and for each scheme the entities that stand on its lines, with their shipments.
struct Planted {
    run: PathBuf,
    actors: BTreeMap<(String, Role, String), BTreeSet<String>>,
    /// Shipments of importers, and those among them that hold a planted line.
    importers: BTreeMap<String, (BTreeSet<String>, bool)>,
    _directory: tempfile::TempDir,
}

fn column(header: &csv::StringRecord, name: &str) -> usize {
    header.iter().position(|known| known == name).unwrap()
}

fn truths(path: &Path) -> BTreeMap<(String, String), String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| {
            (
                (record[0].to_owned(), record[1].to_owned()),
                record[3].to_owned(),
            )
        })
        .collect()
}

fn planted() -> Planted {
    let directory = tempfile::tempdir().unwrap();
    let input = directory.path().join("lines.csv");
    let options = Options {
        rows: ROWS,
        seed: 11,
        labels: true,
    };
    write(&options, &input).unwrap();
    let truths = truths(&directory.path().join("lines.csv.labels.csv"));
    let mut reader = csv::Reader::from_path(&input).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut actors: BTreeMap<(String, Role, String), BTreeSet<String>> = BTreeMap::new();
    let mut importers: BTreeMap<String, (BTreeSet<String>, bool)> = BTreeMap::new();
    let named = [
        (Role::Shipper, "shipper_name"),
        (Role::Seller, "seller_name"),
        (Role::Manufacturer, "manufacturer_id"),
    ];
    for record in reader.records().map(Result::unwrap) {
        let cell = |name: &str| record[column(&header, name)].to_owned();
        let entry = cell("entry_number");
        let scheme = truths.get(&(entry.clone(), cell("entry_line_number")));
        let importer = importers
            .entry(cell("importer_of_record_number"))
            .or_default();
        importer.0.insert(entry.clone());
        importer.1 |= scheme.is_some();
        for (role, name) in named {
            if let Some(scheme) = scheme {
                let key = cell(name).split_whitespace().collect::<Vec<_>>().join(" ");
                let shipments = actors.entry((scheme.clone(), role, key)).or_default();
                shipments.insert(entry.clone());
            }
        }
    }
    let run = directory.path().join("out");
    Run {
        inputs: vec![input],
        format: Format::Parquet,
        ..Run::of("manifest.csv")
    }
    .write_to(&run);
    Planted {
        run,
        actors,
        importers,
        _directory: directory,
    }
}

/// Entities of a role by their score in a theme, the highest first.
fn ranked(run: &Path, role: Role, theme: Theme, candidates: bool) -> Vec<Listed> {
    let wanted = Wanted {
        role: Some(role),
        theme: Some(theme),
        candidates,
    };
    let mut found = listed(run, wanted).unwrap();
    ordered(&mut found, Some(theme));
    found
}

#[test]
fn who_is_behind_a_scheme_is_a_top_candidate_and_large_lawful_importers_are_not() {
    let planted = planted();
    let rules = load(&PackSource::Shipped).unwrap().rules.unwrap();
    let is_active = |id: &&str| rules.find(id).unwrap().is_active();
    for expected in &EXPECTED {
        // The actor with the most shipments of the scheme: the one that an officer would look for.
        let of_scheme = planted.actors.iter().filter(|((scheme, role, key), _)| {
            scheme == expected.scheme && *role == expected.role && !key.is_empty()
        });
        let ((_, _, key), shipments) = of_scheme
            .max_by_key(|(_, shipments)| shipments.len())
            .unwrap();
        if !expected.waits_for.is_empty() && !expected.waits_for.iter().any(is_active) {
            continue;
        }
        let ranked = ranked(
            &planted.run,
            expected.role,
            expected.theme,
            expected.is_candidate,
        );
        let place = ranked.iter().position(|entity| &entity.key == key);
        assert!(
            place.is_some_and(|place| is_top(place, ranked.len(), expected.is_candidate)),
            "{}: {key} with {} shipments is at {place:?} of {}",
            expected.scheme,
            shipments.len(),
            ranked.len()
        );
    }
    lawful_importers(&planted);
}

/// The largest importers without a planted line stand in no top of any theme, however much they import.
fn lawful_importers(planted: &Planted) {
    let mut lawful: Vec<(&String, usize)> = planted
        .importers
        .iter()
        .filter(|(number, (_, is_planted))| !is_planted && !number.is_empty())
        .map(|(number, (shipments, _))| (number, shipments.len()))
        .collect();
    lawful.sort_by_key(|(_, shipments)| std::cmp::Reverse(*shipments));
    let large: Vec<&str> = lawful
        .iter()
        .take(20)
        .filter_map(|(number, _)| number.get(..10))
        .collect();
    for theme in [Theme::Timber, Theme::Wildlife, Theme::Iuu] {
        let all = ranked(&planted.run, Role::Importer, theme, false);
        for entity in all.iter().take(all.len() / 20) {
            assert!(
                !large.contains(&entity.key.as_str()),
                "{} with {} shipments is a top importer of {theme}",
                entity.key,
                entity.n_shipments
            );
        }
    }
}
