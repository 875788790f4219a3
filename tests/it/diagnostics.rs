//! Every code of a diagnostic has a small pack that shows it, and a golden of what is printed.
//!
//! `UPDATE_GOLDENS=1` rewrites the goldens; read the difference before it is committed.

use crate::support::{load_directory, rule_text, with_stack, write_files};
use ch24::check::check;
use ch24::diagnostic::{Diagnostics, Sources, code, codes};
use ch24::read::load_mapping;
use std::collections::BTreeSet;
use std::path::Path;

/// Below the root of the crate, where tests run, so that mappings are shown by the same path everywhere.
const FIXTURES: &str = "tests/fixtures/diagnostics";

/// Codes that only the strict check gives.
const STRICT: &[&str] = &["missing-example"];

/// The day on which the packs are checked: 2026-06-01.
const TODAY: i32 = 20_605;

/// Packs that show something else than one code.
const OTHERS: &[&str] = &["non-ascii", "several-mistakes"];

fn fixtures() -> Vec<String> {
    let entries = std::fs::read_dir(FIXTURES).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Reads what stands in a fixture: a mapping, or a pack.
fn mistakes(directory: &Path) -> (Diagnostics, Sources) {
    let mapping = directory.join("map.yaml");
    if mapping.exists() {
        let loaded = load_mapping(&mapping).unwrap();
        assert_eq!(loaded.mapping.is_none(), loaded.diagnostics.has_errors());
        return (loaded.diagnostics, loaded.sources);
    }
    let mut loaded = load_directory(directory);
    assert_eq!(
        loaded.rules.is_none(),
        loaded.diagnostics.has_errors(),
        "{}",
        directory.display()
    );
    let is_strict = directory
        .file_name()
        .is_some_and(|name| STRICT.iter().any(|strict| name == *strict));
    with_stack(|| check(&mut loaded, is_strict, TODAY));
    (loaded.diagnostics, loaded.sources)
}

/// Compares with the golden, or writes it; gives what differs.
fn compare(golden: &Path, found: &str) -> Option<String> {
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(golden, found).unwrap();
        return None;
    }
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    (expected != found).then(|| {
        format!(
            "{}\n--- expected\n{expected}\n--- found\n{found}",
            golden.display()
        )
    })
}

fn rendered(diagnostics: &Diagnostics, sources: &Sources) -> String {
    format!(
        "{}{}\n",
        diagnostics.render(sources, false),
        diagnostics.summary_line()
    )
}

#[test]
fn every_fixture_prints_its_golden() {
    let mut differences = Vec::new();
    for name in fixtures()
        .into_iter()
        .filter(|name| name != "too-many-values")
    {
        let directory = Path::new(FIXTURES).join(&name);
        let (diagnostics, sources) = mistakes(&directory);
        assert!(
            OTHERS.contains(&name.as_str()) || diagnostics.iter().any(|found| found.code == name),
            "{name} does not show its code:\n{}",
            rendered(&diagnostics, &sources)
        );
        for found in diagnostics.iter() {
            assert!(code(found.code).is_some(), "`{}` is no code", found.code);
        }
        differences.extend(compare(
            &directory.join("expected.txt"),
            &rendered(&diagnostics, &sources),
        ));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_code_has_a_fixture() {
    let fixtures: BTreeSet<_> = fixtures().into_iter().collect();
    for code in codes() {
        assert!(
            fixtures.contains(code.name),
            "a fixture for `{}`",
            code.name
        );
    }
    for name in &fixtures {
        assert!(
            code(name).is_some() || OTHERS.contains(&name.as_str()),
            "`{name}` is no code"
        );
    }
}

/// The pack is too large to be kept.
#[test]
fn an_in_list_has_a_million_values_at_most() {
    let values: Vec<_> = (0..1_000_001)
        .map(|value| match value % 20 {
            0 => format!("\n   {value}"),
            _ => value.to_string(),
        })
        .collect();
    let rule = rule_text("T-01", &format!("quantity_1 IN ({})", values.join(",")), "");
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), &vec![("T-01.yaml".to_owned(), rule)]);
    let (diagnostics, sources) = mistakes(directory.path());
    let golden = Path::new(FIXTURES).join("too-many-values/expected.txt");
    assert_eq!(compare(&golden, &rendered(&diagnostics, &sources)), None);
}

#[test]
fn json_names_the_same_places() {
    for name in fixtures()
        .into_iter()
        .filter(|name| name != "too-many-values")
    {
        let (diagnostics, sources) = mistakes(&Path::new(FIXTURES).join(&name));
        let json = diagnostics.to_json(&sources);
        let found = json["diagnostics"].as_array().unwrap();
        assert_eq!(found.len(), diagnostics.iter().count());
        for (json, diagnostic) in found.iter().zip(diagnostics.iter()) {
            let place = &json["place"];
            let (line, column) = sources.line_and_column(diagnostic.span);
            let text = sources.text(diagnostic.span.file);
            assert_eq!(json["code"], diagnostic.code);
            assert!(place["end_byte"].as_u64().unwrap() <= text.len() as u64);
            if diagnostic.span.start < text.trim_end().len() {
                assert_eq!(
                    (place["line"].as_u64(), place["column"].as_u64()),
                    (Some(line as u64), Some(column as u64))
                );
            }
        }
    }
}
