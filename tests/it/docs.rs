//! docs/rules.md and docs/catalog.md are made of the code and the pack; `UPDATE_GOLDENS=1` writes them anew.

use crate::end_to_end::root;
use crate::support::load_directory;
use ch24::diagnostic::codes;
use ch24::rules::aggregate::FUNCTIONS as AGGREGATES;
use ch24::rules::notices::{KeyKind, MOST_DAYS, Part};
use ch24::rules::rule_keys::{KeyForm, RULE_KEYS};
use ch24::rules::vocabulary::{FeatureKind, MatchKind, Status, Theme};
use ch24::rules::{FUNCTIONS, Rule, RuleSet};
use std::fmt::Write;

/// How many flags each letter of the catalog has.
const FLAGS: [(&str, usize); 5] = [("T", 24), ("W", 37), ("F", 47), ("X", 14), ("E", 11)];

fn rules() -> RuleSet {
    load_directory(&root().join("rules")).rules.unwrap()
}

/// Compares a page with what stands in docs/, or writes it.
fn page(name: &str, text: &str) {
    let path = root().join("docs").join(name);
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/{name} is stale: run the tests with UPDATE_GOLDENS=1 and read the difference"
    );
}

fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn form(form: KeyForm) -> String {
    match form {
        KeyForm::Text => "text".to_owned(),
        KeyForm::Texts => "list of texts".to_owned(),
        KeyForm::Word(words) => words().join(", "),
        KeyForm::Words(words) => format!("list of {}", words().join(", ")),
        KeyForm::Whole(low, None) => format!("whole number from {low}"),
        KeyForm::Whole(low, Some(high)) => format!("whole number, {low} to {high}"),
        KeyForm::Boolean => "true or false".to_owned(),
        KeyForm::Date => "YYYY-MM-DD".to_owned(),
        KeyForm::Params => "numbers by name".to_owned(),
        KeyForm::Examples => "`hit` and `miss`, each a list of rows".to_owned(),
    }
}

const HISTORY: &str = "## History features

Declared in `history.yaml`, named in rules like fields. They are computed when an active rule names one, from the earlier lines of a store
(`ch24 score --history DIR`, built by `ch24 history build`) and of the run itself; [history.md](history.md) says how. A rule that names an
`external` feature is not evaluable until another feed supplies it.

| kind | needs | support | gives |
|---|---|---|---|
";

/// What a kind gives, and what where nothing came before.
fn gives(kind: FeatureKind) -> &'static str {
    match kind {
        FeatureKind::FirstSeenDays => "days since the key was first seen; NULL where it never was",
        FeatureKind::Count => "different lines, or shipments with `unit: shipment`; 0 where none",
        FeatureKind::Sum => {
            "the sum, each line once; a `component_` field on each of its rows; 0 where none"
        }
        FeatureKind::Distinct => "different values; 0 where none",
        FeatureKind::Spike => {
            "lines (or `of`) a day in the last `window_days` (7), over those a day before; NULL without a whole window before"
        }
        FeatureKind::OutcomeRate => {
            "share of lines (or shipments) with a bad outcome, shrunk to the share of all keys; NULL below `min_support`"
        }
        FeatureKind::PeerQuantile => {
            "share of earlier lines with a smaller value; NULL below `min_support`"
        }
        FeatureKind::Repeat => {
            "different values other than the row's own; NULL where the row has none"
        }
        FeatureKind::External => "what another feed supplies",
    }
}

/// What lookouts and suppressions can name.
fn notices() -> String {
    let mut text = format!(
        "## Lookouts and suppressions

Beside `policy.yaml` may stand `lookouts.csv` (`key`, `action`, `reason`, `owner`, `expires`, and if wanted `added`) and `suppressions.csv`
(`rule`, `entity`, `approver`, `expires`, and if wanted `product`, `reason`, `added`). They are no rules: no example, no points. They are part
of the pack and of its hash; a row lasts {MOST_DAYS} days at most. [operating.md](operating.md) shows how they are used. A key is `KIND:KEY`, and is
brought to the form that cells have before it is compared.

| kind | the cells that name it |
|---|---|
"
    );
    for kind in KeyKind::ALL {
        let cells = kind.parts().iter().map(|(field, part)| {
            let what = match part {
                Part::Whole => "",
                Part::Root => ", the nine digits before a suffix",
                Part::Item => ", any item",
                Part::Prefix => ", its first digits",
                Part::Taxon => ", also by its genus or family",
            };
            format!("`{}`{what}", field.name())
        });
        let cells: Vec<String> = cells.collect();
        writeln!(text, "| `{}` | {} |", kind.as_str(), cells.join("; ")).unwrap();
    }
    text + "\n"
}

const LANGUAGE: &str = "## Conditions

A condition is a Boolean SQL expression. A rule hits where it is true; false and unknown are no hit.

| form | meaning |
|---|---|
| `AND`, `OR`, `NOT` | three-valued, as in SQL: unknown AND false is false, unknown OR true is true |
| `=`, `<>`, `!=`, `<`, `<=`, `>`, `>=` | unknown where a side is NULL; text compares by its UTF-8 bytes |
| `x IN (a, b)`, `NOT IN` | unknown where x is NULL |
| `x BETWEEN a AND b` | both ends count |
| `x LIKE 'p%'` | `%` is any text, `_` one character; the case counts |
| `x IS NULL`, `IS NOT NULL` | never unknown |
| `+`, `-`, `*`, `/` | binary64; dividing by zero, and anything that is not finite, gives NULL |
| `a \\|\\| b` | texts joined; NULL where one is |
| `12.5`, `'text'`, `DATE '2026-01-31'`, `TRUE`, `FALSE`, `NULL` | constants; a quote in a text is doubled |
| `:name` | a param of the rule |
| a name | a field (`ch24 fields`), a derived name or a history feature; a Boolean one is a condition by itself |

A rule is *not evaluable* on a row when it names a field that the row's source does not carry, anywhere in its
condition, or when the row's stage is not among its `stages`. Then it neither hits nor clears.

";

fn rules_page() -> String {
    let mut text = "# The rule language\n\nMade from the code by a test; do not edit. `ch24 rules explain NAME` shows an entry on the terminal, `ch24 rules schema`\nprints a JSON Schema for editors, and [adding-a-rule.md](adding-a-rule.md) walks through a first rule.\n\n## Keys of a rule file\n\n| key | holds | meaning |\n|---|---|---|\n".to_owned();
    for key in RULE_KEYS {
        let required = if key.is_required { " (required)" } else { "" };
        writeln!(
            text,
            "| `{}`{required} | {} | {} |",
            key.name,
            form(key.form),
            key.meaning
        )
        .unwrap();
    }
    text += "\n";
    text += LANGUAGE;
    text += "## Functions\n\n| function | gives |\n|---|---|\n";
    for function in FUNCTIONS {
        writeln!(
            text,
            "| `{}` | {} |",
            cell(function.usage),
            cell(function.meaning)
        )
        .unwrap();
    }
    writeln!(
        text,
        "\nIn `derived.yaml` an entry may also be an aggregate, `{}(x) over line`, `over entry` or `over bill`; NULLs are\nskipped, and a row without the key of the unit stands alone.\n",
        AGGREGATES.join("(x) over line`, `").replace("(x) over line`, `", "`, `")
    )
    .unwrap();
    text += "## Lists\n\nA list is `lists/NAME.csv` with `lists/NAME.yaml` (source, as_of, license, key). A row counts from `valid_from` to\n`valid_to`, both days included, an empty cell open. How a value finds its row:\n\n| match | candidates, the most specific first |\n|---|---|\n";
    for kind in MatchKind::ALL {
        let candidates = match kind {
            MatchKind::Exact => "the value",
            MatchKind::Prefix => "the value, then each shorter prefix of it",
            MatchKind::Taxon => {
                "the name, its accepted name (list `taxon_synonyms`), the genus of each, the family of each genus (list `taxon_family`)"
            }
        };
        writeln!(text, "| `{kind}` | {candidates} |").unwrap();
    }
    text += "\n`lookup` takes the first row in force; `in_list` asks whether there is one.\n\n";
    text += HISTORY;
    for kind in FeatureKind::ALL {
        let needs = match (kind, kind.takes_value()) {
            (FeatureKind::External, _) => "`type`",
            (_, true) => "`key`, `of`",
            (_, false) => "`key`",
        };
        let support = if kind.has_support() {
            "`NAME_support`"
        } else {
            ""
        };
        writeln!(
            text,
            "| `{kind}` | {needs} | {support} | {} |",
            gives(*kind)
        )
        .unwrap();
    }
    text += "\n";
    text += &notices();
    text += "## Mistakes\n\n| code | means |\n|---|---|\n";
    let mut all: Vec<_> = codes().collect();
    all.sort_by_key(|code| code.name);
    for code in all {
        writeln!(text, "| `{}` | {} |", code.name, cell(code.summary)).unwrap();
    }
    text
}

fn all_rules(rules: &RuleSet) -> Vec<&Rule> {
    let mut all: Vec<&Rule> = rules.rules.iter().chain(&rules.shelved).collect();
    all.sort_by(|left, right| left.id.cmp(&right.id));
    all
}

fn is_flag(id: &str) -> bool {
    FLAGS.iter().any(|(letter, count)| {
        id.strip_prefix(letter)
            .and_then(|rest| rest.strip_prefix('-')?.parse::<usize>().ok())
            .is_some_and(|number| (1..=*count).contains(&number))
    })
}

fn catalog_page(rules: &RuleSet) -> String {
    let all = all_rules(rules);
    let count = |status: Status, flags: bool| {
        let counted = all
            .iter()
            .filter(|rule| rule.status == status && is_flag(&rule.id) == flags);
        counted.count()
    };
    let mut text = "# The catalog of red flags\n\nMade from the shipped pack by a test; do not edit. Every flag of the catalog is decided. A red flag is a reason to look,\nnever a finding. `ch24 rules explain ID` shows a whole rule.\n\n| | active | draft | rejected | in all |\n|---|---|---|---|---|\n".to_owned();
    for (what, flags) in [("flags of the catalog", true), ("further rules", false)] {
        let counts =
            [Status::Active, Status::Draft, Status::Rejected].map(|status| count(status, flags));
        writeln!(
            text,
            "| {what} | {} | {} | {} | {} |",
            counts[0],
            counts[1],
            counts[2],
            counts.iter().sum::<usize>()
        )
        .unwrap();
    }
    for theme in Theme::ALL {
        writeln!(text, "\n## {theme}\n\n| rule | status | what | severity, points, floor | law |\n|---|---|---|---|---|").unwrap();
        for rule in all.iter().filter(|rule| rule.theme == *theme) {
            let floor = rule
                .floor
                .map_or_else(String::new, |floor| format!(", {floor}"));
            let reason = rule
                .texts
                .reason
                .as_deref()
                .map_or_else(String::new, |reason| format!("<br>*{}*", cell(reason)));
            writeln!(
                text,
                "| {} | {} | {}{reason} | {}, {}{floor} | {} |",
                rule.id,
                rule.status,
                cell(&rule.title),
                rule.severity,
                rule.points,
                cell(&rule.texts.legal_basis.join("; "))
            )
            .unwrap();
        }
    }
    text
}

#[test]
fn the_page_of_the_language_is_true() {
    page("rules.md", &rules_page());
}

#[test]
fn the_catalog_is_true_and_whole() {
    let rules = rules();
    let all = all_rules(&rules);
    for (letter, count) in FLAGS {
        for number in 1..=count {
            let id = format!("{letter}-{number:02}");
            let rule = all.iter().find(|rule| rule.id == id);
            let rule = rule.unwrap_or_else(|| panic!("flag {id} is not decided"));
            let is_waiting = rule.status != Status::Active;
            assert_eq!(
                rule.texts.reason.is_some(),
                is_waiting,
                "{id} says why it waits"
            );
        }
    }
    page("catalog.md", &catalog_page(&rules));
}
