//! Rule packs: the shipped one, and generated ones in temporary directories.

use super::{capital_word, draws, word};
use ch24::diagnostic::Severity;
use ch24::rules::{PackSource, RuleSet, load};
use rand::Rng;
use rand::seq::IndexedRandom;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use tempfile::TempDir;

/// Keys of the list `prefixes` that are invented.
pub const N_PREFIXES: usize = 500;
/// Keys of the list `taxa` that are invented.
pub const N_TAXA: usize = 500;
/// Phrases of the list `phrases` that are invented.
pub const N_PHRASES: usize = 200;

/// Keys of the lists that generated lines hold too.
const PREFIXES: [&str; 4] = ["0306", "0307", "4407", "9403"];
const TAXA: [&str; 6] = [
    "Swietenia",
    "Dalbergia",
    "Cedrela",
    "Thunnus",
    "Haliotis",
    "Penaeus",
];
const PHRASES: [&str; 5] = ["rosewood", "mahogany", "sea cucumber", "abalone", "shrimp"];

const SECTORS: [&str; 12] = [
    "03", "0303", "0306", "0307", "16", "4403", "4407", "4412", "44", "94", "9403", "05",
];
const COUNTRIES: [&str; 12] = [
    "MX", "CA", "CN", "VN", "PE", "BR", "ID", "TH", "EC", "US", "IN", "CL",
];
const WORDS: [&str; 12] = [
    "SHRIMP",
    "FROZEN",
    "WOOD",
    "FURNITURE",
    "ROSEWOOD",
    "FILLET",
    "SAWN",
    "LIVE",
    "DRIED",
    "PLYWOOD",
    "TUNA",
    "LEATHER",
];

/// A pack in a temporary directory, removed with it.
#[derive(Debug)]
pub struct Pack(TempDir);

impl Pack {
    /// Writes a rule per condition, and three lists: `prefixes`, `taxa` (dated) and `phrases`.
    pub fn new(conditions: &[String]) -> Self {
        let pack = Self(tempfile::tempdir().expect("a temporary directory"));
        pack.write("policy.yaml", "version: 1\n");
        let list = |columns: &str, kind: &str| {
            format!(
                "source: bench\nas_of: 2026-01-01\nlicense: none\nkey: key\nmatch: {kind}\ncolumns: {columns}\n"
            )
        };
        pack.write("lists/prefixes.yaml", &list("{}", "prefix"));
        pack.write(
            "lists/prefixes.csv",
            &csv(
                "key",
                (0..N_PREFIXES)
                    .map(prefix)
                    .chain(PREFIXES.map(str::to_owned)),
            ),
        );
        pack.write("lists/taxa.yaml", &list("{}", "taxon"));
        let dated = (0..N_TAXA)
            .map(taxon)
            .chain(TAXA.map(str::to_owned))
            .map(|key| key + ",2024-01-01,2025-12-31");
        pack.write("lists/taxa.csv", &csv("key,valid_from,valid_to", dated));
        pack.write("lists/phrases.yaml", &list("{}", "exact"));
        pack.write(
            "lists/phrases.csv",
            &csv(
                "key",
                (0..N_PHRASES).map(phrase).chain(PHRASES.map(str::to_owned)),
            ),
        );
        for (number, condition) in conditions.iter().enumerate() {
            pack.write(&format!("rules/{number:04}.yaml"), &rule(number, condition));
        }
        pack
    }

    /// A pack of generated rules.
    pub fn generated(n_rules: usize) -> Self {
        Self::new(&conditions(n_rules))
    }

    /// Where it is read from.
    pub fn source(&self) -> PackSource {
        PackSource::Directory(self.0.path().to_owned())
    }

    /// Its rules.
    pub fn rules(&self) -> RuleSet {
        rules_of(&self.source())
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))
            .expect("a directory of the pack");
        let mut file = File::create(path).expect("a file of the pack");
        file.write_all(text.as_bytes())
            .expect("the file is written");
    }
}

/// The rules of the shipped pack.
pub fn shipped() -> RuleSet {
    rules_of(&PackSource::Shipped)
}

/// Reads a pack that must be free of errors.
pub fn rules_of(source: &PackSource) -> RuleSet {
    let loaded = load(source).expect("the files of the pack can be read");
    let mistakes = || loaded.diagnostics.render(&loaded.sources, false);
    assert_eq!(
        loaded.diagnostics.count(Severity::Error),
        0,
        "{}",
        mistakes()
    );
    loaded.rules.expect("no error, so there are rules")
}

/// Key n of the list `prefixes`: a heading of chapters 30 to 34.
pub fn prefix(number: usize) -> String {
    format!("{}", 3_000 + number)
}

/// Key n of the list `taxa`; from [`N_TAXA`] on, a name that is in no list.
pub fn taxon(number: usize) -> String {
    format!("{} {}", capital_word(number), word(number + 1))
}

/// Phrase n of the list `phrases`, as it is written there.
pub fn phrase(number: usize) -> String {
    format!("{} {}", word(number), word(number + 1))
}

fn csv(header: &str, rows: impl Iterator<Item = String>) -> String {
    rows.fold(format!("{header}\n"), |text, row| text + &row + "\n")
}

fn rule(number: usize, condition: &str) -> String {
    let theme = ["timber", "wildlife", "iuu", "cross"][number % 4];
    let family = ["document", "species", "price", "quantity", "routing"][number % 5];
    format!(
        "id: B-{number:04}\nname: rule-{number}\ntitle: Generated rule {number}\ntheme: {theme}\nfamily: {family}\n\
         severity: low\npoints: {}\nwhen: |\n  {condition}\n",
        1 + number % 40
    )
}

/// Generated conditions: a sector of goods and two to four further questions, every third with an OR.
///
/// The same number of rules gives the same conditions.
pub fn conditions(n_rules: usize) -> Vec<String> {
    let mut draws = draws(n_rules as u64);
    let mut next = |number: usize| {
        let mut text = format!("hts_number LIKE '{}%'", pick(&mut draws, &SECTORS));
        for _ in 0..draws.random_range(2..=4) {
            let question = question(&mut draws);
            if number.is_multiple_of(3) && draws.random_bool(0.4) {
                let other = self::question(&mut draws);
                write!(text, " AND ({question} OR {other})").expect("a string takes any text");
            } else {
                write!(text, " AND {question}").expect("a string takes any text");
            }
        }
        text
    };
    (0..n_rules).map(&mut next).collect()
}

fn question(draws: &mut impl Rng) -> String {
    match draws.random_range(0..13) {
        0 => format!("country_of_origin = '{}'", pick(draws, &COUNTRIES)),
        1 => format!("country_of_origin IN ({})", several(draws, &COUNTRIES)),
        2 => format!("country_of_export NOT IN ({})", several(draws, &COUNTRIES)),
        3 | 4 => format!("goods_description LIKE '%{}%'", pick(draws, &WORDS)),
        5 => format!("entered_value_usd > {}", draws.random_range(1..500) * 100),
        6 => {
            let low = draws.random_range(1..50) * 100;
            format!(
                "gross_weight_kg BETWEEN {low} AND {}",
                low * draws.random_range(2..9)
            )
        }
        7 => format!(
            "entered_value_usd / net_weight_kg < {}",
            draws.random_range(1..40)
        ),
        8 => "country_of_harvest <> country_of_origin".to_owned(),
        9 => format!(
            "entry_date >= DATE '2025-{:02}-01'",
            draws.random_range(1..=12)
        ),
        10 => "in_list(taxon, 'taxa', legal_date)".to_owned(),
        11 => "in_list(hts_number, 'prefixes')".to_owned(),
        _ => "contains_any(goods_description, 'phrases')".to_owned(),
    }
}

fn pick<'a>(draws: &mut impl Rng, items: &[&'a str]) -> &'a str {
    items.choose(draws).copied().unwrap_or_default()
}

fn several(draws: &mut impl Rng, items: &[&str]) -> String {
    let n = draws.random_range(2..=5);
    items
        .choose_multiple(draws, n)
        .map(|item| format!("'{item}'"))
        .collect::<Vec<_>>()
        .join(", ")
}
