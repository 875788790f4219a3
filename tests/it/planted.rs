//! Planted networks: who is behind a scheme stands among the top candidates of its theme, and large lawful importers do not.

use crate::end_to_end::Run;
use ch24::entity::Role;
use ch24::generate::{Options, write};
use ch24::past::{Listed, Wanted, listed, ordered};
use ch24::rules::vocabulary::Theme;
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
    /// All of its trade is with Mexico, and Mexican documents can settle it: they stand among candidates too.
    is_candidate: bool,
}

const fn expected(scheme: &'static str, theme: Theme, role: Role, is_candidate: bool) -> Expected {
    Expected {
        scheme,
        theme,
        role,
        is_candidate,
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
    expected(
        "crocodile-boots-no-permit",
        Theme::Wildlife,
        Role::Shipper,
        true,
    ),
    expected("permit-reused", Theme::Wildlife, Role::Shipper, true),
    expected(
        "live-without-documents",
        Theme::Wildlife,
        Role::Shipper,
        true,
    ),
    expected(
        "cites-timber-no-permit",
        Theme::Timber,
        Role::Shipper,
        false,
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
    expected("maker-code-reused", Theme::Iuu, Role::Manufacturer, false),
    expected("shark-fin-as-dried-fish", Theme::Iuu, Role::Shipper, false),
    expected("new-mill-volume", Theme::Timber, Role::Manufacturer, false),
    expected(
        "plywood-transshipment",
        Theme::Timber,
        Role::Manufacturer,
        false,
    ),
];

/// Whether a place is a top one: among candidates the first ten or the first tenth, else the first twentieth of those
/// that rules hit.
fn is_top(place: usize, n_entities: usize, is_candidate: bool) -> bool {
    match is_candidate {
        true => place < 10.max(n_entities / 10),
        false => place < n_entities / 20,
    }
}

/// A generated manifest, scored; and for each scheme the entities that stand on its lines, with their shipments.
struct Planted {
    run: PathBuf,
    actors: BTreeMap<(String, Role, String), BTreeSet<String>>,
    /// By the root of their numbers.
    importers: BTreeMap<String, Importer>,
    _directory: tempfile::TempDir,
}

#[derive(Default)]
struct Importer {
    /// Chapter and entry.
    shipments: BTreeSet<(String, String)>,
    is_planted: bool,
}

impl Importer {
    fn shipments_of(&self, chapters: &[&str]) -> usize {
        let shipments = self.shipments.iter();
        let of_theme = shipments.filter(|(chapter, _)| chapters.contains(&chapter.as_str()));
        let entries: BTreeSet<&str> = of_theme.map(|(_, entry)| entry.as_str()).collect();
        entries.len()
    }
}

/// The themes, with chapters of the tariff that are mostly theirs.
const THEMES: [(Theme, &[&str]); 3] = [
    (Theme::Timber, &["44", "94"]),
    (Theme::Wildlife, &["01", "05", "06"]),
    (Theme::Iuu, &["03", "16"]),
];

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

fn planted(seed: u64) -> Planted {
    let directory = tempfile::tempdir().unwrap();
    let input = directory.path().join("lines.csv");
    let options = Options {
        rows: ROWS,
        seed,
        labels: true,
    };
    write(&options, &input).unwrap();
    let truths = truths(&directory.path().join("lines.csv.labels.csv"));
    let mut reader = csv::Reader::from_path(&input).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut actors: BTreeMap<(String, Role, String), BTreeSet<String>> = BTreeMap::new();
    let mut importers: BTreeMap<String, Importer> = BTreeMap::new();
    let named = [
        (Role::Shipper, "shipper_name"),
        (Role::Seller, "seller_name"),
        (Role::Manufacturer, "manufacturer_id"),
    ];
    for record in reader.records().map(Result::unwrap) {
        let cell = |name: &str| record[column(&header, name)].to_owned();
        let entry = cell("entry_number");
        let scheme = truths.get(&(entry.clone(), cell("entry_line_number")));
        let number: String = cell("importer_of_record_number").chars().take(10).collect();
        let importer = importers.entry(number).or_default();
        let chapter = cell("hts_number").chars().take(2).collect();
        importer.shipments.insert((chapter, entry.clone()));
        importer.is_planted |= scheme.is_some();
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
    stands_where_expected(&planted(1));
}

#[test]
fn with_other_draws_too() {
    stands_where_expected(&planted(2));
}

fn stands_where_expected(planted: &Planted) {
    for expected in &EXPECTED {
        let of_scheme = planted.actors.iter().filter(|((scheme, role, key), _)| {
            scheme == expected.scheme && *role == expected.role && !key.is_empty()
        });
        let actors: BTreeSet<&str> = of_scheme.map(|((_, _, key), _)| key.as_str()).collect();
        for is_candidate in [false, true] {
            let ranked = ranked(&planted.run, expected.role, expected.theme, is_candidate);
            let found = ranked
                .iter()
                .position(|entity| actors.contains(entity.key.as_str()));
            let is_expected = !is_candidate || expected.is_candidate;
            assert!(
                !is_expected
                    || found.is_some_and(|place| is_top(place, ranked.len(), is_candidate)),
                "{}: the first of {actors:?} is at {found:?} of {}",
                expected.scheme,
                ranked.len()
            );
        }
    }
    lawful_importers(planted);
}

/// The importers without a planted line that import most of a theme's goods stand in no top of it.
fn lawful_importers(planted: &Planted) {
    for (theme, chapters) in THEMES {
        let mut lawful: Vec<(&str, usize)> = planted
            .importers
            .iter()
            .filter(|(number, importer)| !importer.is_planted && !number.is_empty())
            .map(|(number, importer)| (number.as_str(), importer.shipments_of(chapters)))
            .collect();
        lawful.sort_by_key(|(_, shipments)| std::cmp::Reverse(*shipments));
        let large: BTreeSet<&str> = lawful.iter().take(20).map(|(number, _)| *number).collect();
        let all = ranked(&planted.run, Role::Importer, theme, false);
        for entity in all.iter().take(all.len() / 20) {
            assert!(
                !large.contains(entity.key.as_str()),
                "{} with {} shipments is a top importer of {theme}",
                entity.key,
                entity.n_shipments
            );
        }
    }
}
