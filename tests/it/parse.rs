//! No text of a condition makes the parser panic, and its limits behave.

use crate::support::{load_directory, rule_text, with_stack, write_files};
use ch24::batch::{Batch, Column, Presence, PresenceClass};
use ch24::diagnostic::{Diagnostics, FileId, Sources, Span};
use ch24::rules::condition::ast::{Node, NodeKind};
use ch24::rules::condition::parse;
use ch24::rules::vocabulary::Stage;
use ch24::rules::{Loaded, RuleId};
use ch24::schema::field;
use ch24::score::{Program, score};
use proptest::prelude::*;
use proptest::sample::select;

const TOKENS: &[&str] = &[
    "AND",
    "or",
    "Not",
    "in",
    "IN",
    "(",
    ")",
    "(",
    ")",
    ",",
    "between",
    "LIKE",
    "is",
    "NULL",
    "true",
    "FALSE",
    "date",
    "DATE '2026-01-01'",
    "'text'",
    "'",
    "''",
    "\"",
    "\"a b\"",
    "1",
    "2.5",
    ".5",
    "1e9",
    "1e999",
    "5kg",
    ":low",
    ":",
    "=",
    "==",
    "<>",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "!",
    "+",
    "-",
    "--",
    "*",
    "/",
    "||",
    "|",
    "&&",
    ";",
    "\\",
    "'44\\%'",
    "taxon",
    "gross_weight_kg",
    "entry_date",
    "related_party",
    "transit_countries",
    "coalesce(",
    "in_list(",
    "lookup(",
    "any(",
    "over",
    "entry",
    "over entry",
    "\n",
    "-- x\n",
    "é",
    "日本",
    "’",
    "\u{0}",
    "\u{feff}",
    "\u{2028}",
    "_",
    "a.b",
];

/// Parses a text that stands in a file of its own.
fn parsed(text: &str) -> (Option<Node>, Diagnostics, Sources) {
    let mut sources = Sources::default();
    let file = sources.add("condition", text);
    let mut diagnostics = Diagnostics::default();
    let node = parse(
        text,
        &|start, end| Span { file, start, end },
        &mut diagnostics,
    );
    (node, diagnostics, sources)
}

/// A tree or a mistake, never both or neither; every place is inside the text and can be shown.
fn behaves(text: &str) {
    let (node, diagnostics, sources) = with_stack(|| parsed(text));
    assert_eq!(node.is_none(), diagnostics.has_errors(), "{text:?}");
    for found in diagnostics.iter() {
        assert!(found.span.start <= found.span.end, "{text:?}: {found:?}");
        assert!(
            found.span.end <= text.len() || found.code == "too-long",
            "{text:?}: {found:?}"
        );
    }
    assert_eq!(
        diagnostics.render(&sources, false).is_empty(),
        diagnostics.is_empty()
    );
    if let Some(node) = node {
        is_inside(&node, text);
    }
}

fn is_inside(node: &Node, text: &str) {
    assert!(
        text.get(node.start..node.end)
            .is_some_and(|text| !text.is_empty()),
        "{text:?}: {node:?}"
    );
    if let NodeKind::And(parts) | NodeKind::Or(parts) = &node.kind {
        assert!(parts.len() > 1);
        parts.iter().for_each(|part| is_inside(part, text));
    }
}

/// The code of the only mistake; none where there is none.
#[track_caller]
fn only_code(text: &str) -> Option<&'static str> {
    let (node, diagnostics, _) = with_stack(|| parsed(text));
    assert!(diagnostics.iter().count() <= 1);
    let found = diagnostics.iter().next().map(|found| found.code);
    assert_eq!(node.is_some(), found.is_none());
    // A deep tree needs as much stack to be dropped.
    with_stack(|| drop(node));
    found
}

proptest! {
    #![proptest_config(crate::config(256))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        behaves(&text);
    }

    #[test]
    fn any_printable_text_is_read_or_refused(text in "[ -~\\n]{0,60}") {
        behaves(&text);
    }

    #[test]
    fn any_soup_of_tokens_is_read_or_refused(
        tokens in prop::collection::vec(select(TOKENS.to_vec()), 0..40),
        space in select(vec![" ", "", "\n"]),
    ) {
        behaves(&tokens.join(space));
    }

    #[test]
    fn any_soup_is_resolved_or_refused(tokens in prop::collection::vec(select(TOKENS.to_vec()), 1..14)) {
        let text = tokens.join(" ").replace('\n', "\n  ");
        let loaded = loaded(&rule_text("T-01", &text, "params: {low: 1}\n"));
        prop_assert_eq!(loaded.rules.is_none(), loaded.diagnostics.has_errors());
        loaded.diagnostics.render(&loaded.sources, false);
    }
}

fn loaded(rule: &str) -> Loaded {
    let directory = tempfile::tempdir().unwrap();
    write_files(
        directory.path(),
        &vec![("T-01.yaml".to_owned(), rule.to_owned())],
    );
    load_directory(directory.path())
}

/// Loads a rule with a condition, compiles it, and scores a row on which `gross_weight_kg` is 1.
#[track_caller]
fn hits_one(condition: &str) -> bool {
    let loaded = loaded(&rule_text("T-01", condition, ""));
    let mistakes = loaded.diagnostics.render(&loaded.sources, false);
    let rules = loaded
        .rules
        .unwrap_or_else(|| panic!("{}", mistakes.chars().take(2000).collect::<String>()));
    let mut batch = Batch::with_rows(1);
    batch.set(field::GROSS_WEIGHT_KG, Column::Number(vec![1.0]));
    let class = PresenceClass {
        stage: Stage::EntrySummary,
        fields: rules.fields(),
        has_history: false,
        has_feeds: false,
    };
    batch.presence = Presence {
        classes: vec![class],
        class_of_row: vec![0],
    };
    with_stack(|| score(&Program::new(&rules), &rules, &batch).hits_of(0) == [RuleId(0)])
}

#[test]
fn a_condition_has_8_mib_at_most() {
    let padded = |length: usize| format!("gross_weight_kg = 1{}", " ".repeat(length - 19));
    assert_eq!(only_code(&padded(8 << 20)), None);
    assert_eq!(only_code(&padded((8 << 20) + 1)), Some("too-long"));
}

#[test]
fn an_in_list_may_have_a_million_values() {
    let values = |count: usize| format!("quantity_1 IN (1{})", ",1".repeat(count - 1));
    assert_eq!(only_code(&values(1_000_000)), None);
    assert_eq!(only_code(&values(1_000_001)), Some("too-many-values"));
}

#[test]
fn nesting_ends_at_256() {
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    for (open, inner, close) in [
        ("(", "taxon IS NULL", ")"),
        ("NOT ", "taxon IS NULL", ""),
        ("abs(", "quantity_1", ")"),
        ("- ", "quantity_1", ""),
        ("+", "1", ""),
        ("coalesce(NULL, ", "quantity_1", ")"),
    ] {
        assert_eq!(only_code(&nested(open, inner, close, 256)), None, "{open}");
        assert_eq!(
            only_code(&nested(open, inner, close, 257)),
            Some("too-deep"),
            "{open}"
        );
        assert_eq!(
            only_code(&nested(open, inner, close, 100_000)),
            Some("too-deep"),
            "{open}"
        );
        assert_eq!(
            only_code(&nested(open, "", "", 100_000)),
            Some("too-deep"),
            "{open}"
        );
    }
    assert!(hits_one(&nested("(", "gross_weight_kg = 1", ")", 256)));
    assert!(hits_one(&nested("NOT ", "gross_weight_kg = 1", "", 256)));
    assert!(!hits_one(&nested("NOT ", "gross_weight_kg = 1", "", 255)));
    assert!(hits_one(&format!(
        "{} = 1",
        nested("abs(", "gross_weight_kg", ")", 256)
    )));
}

#[test]
fn a_chain_of_operators_ends() {
    assert!(hits_one(&format!(
        "gross_weight_kg{} = 1",
        " + 0".repeat(1000)
    )));
    assert_eq!(
        only_code(&format!("quantity_1{} = 1", " + 0".repeat(100_000))),
        Some("too-deep")
    );
    assert_eq!(
        only_code(&format!("taxon{} = 'x'", " || 'y'".repeat(100_000))),
        Some("too-deep")
    );
}

#[test]
fn two_thousand_alternatives_are_scored() {
    let one_column: Vec<_> = (0..2000)
        .map(|value| format!("gross_weight_kg = {}", 2000 - value))
        .collect();
    assert!(hits_one(&one_column.join(" OR ")));
    let several: Vec<_> = (0..2000)
        .map(|value| format!("(quantity_1 = {value} AND gross_weight_kg = {value})"))
        .collect();
    assert!(!hits_one(&several.join(" OR ")));
    assert!(hits_one(&format!(
        "{} OR gross_weight_kg = 1",
        several.join(" OR ")
    )));
}

#[test]
fn ten_thousand_conditions_are_scored() {
    let texts: Vec<_> = (0..10_000)
        .map(|value| format!("taxon <> 'y{value}'"))
        .collect();
    assert!(!hits_one(&texts.join(" AND ")));
    assert!(hits_one(&format!("({}) IS NULL", texts.join(" AND "))));
    let numbers: Vec<_> = (0..1000)
        .map(|value| format!("gross_weight_kg < {}", value + 2))
        .collect();
    assert!(hits_one(&numbers.join(" AND ")));
    assert!(!hits_one(&format!(
        "{} AND gross_weight_kg < 0",
        numbers.join(" AND ")
    )));
}

/// Each part reads two columns, so that nothing can be joined into one question.
#[test]
fn three_thousand_conditions_over_two_columns_are_scored() {
    let parts: Vec<_> = (0..3000)
        .map(|value| format!("gross_weight_kg < coalesce(quantity_1, {})", value + 2))
        .collect();
    assert!(hits_one(&parts.join(" AND ")));
}

#[test]
fn alternatives_that_multiply_are_scored() {
    let pair = |value: usize| {
        format!("(gross_weight_kg = {value} OR quantity_1 = {value} OR gross_weight_kg = 1)")
    };
    let pairs: Vec<_> = (0..500).map(pair).collect();
    assert!(hits_one(&pairs.join(" AND ")));
}

#[test]
fn what_is_too_large_is_refused() {
    let condition: Vec<_> = (0..30_000)
        .map(|value| format!("gross_weight_kg = {value}"))
        .collect();
    let loaded = loaded(&rule_text("T-01", &condition.join(" OR "), ""));
    let codes: Vec<_> = loaded.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["too-long"]);
}

#[test]
fn places_count_bytes_of_the_text() {
    let (_, diagnostics, sources) = parsed("goods_description = 'Búche' AND\n  日本 == 5");
    let found: Vec<_> = diagnostics
        .iter()
        .map(|found| sources.line_and_column(found.span))
        .collect();
    assert_eq!(found, [(2, 6)]);
    assert_eq!(sources.name(FileId::default()), "condition");
}
