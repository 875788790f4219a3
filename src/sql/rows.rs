//! From rows to hits: joined with every table, named, judged.

use super::dialect::comment;
use super::expression::{Writer, unit_key};
use super::plan::{Key, Plan};
use crate::rules::Rule;
use crate::rules::expression::Expression;
use std::fmt::Write as _;

/// The rows and some of the tables, for FROM.
pub(super) fn joined(plan: &Plan<'_>, tables: &[usize], line: &str) -> String {
    let writer = Writer::over_tables(plan);
    let mut text = "manifest".to_owned();
    for table in tables {
        let table = &plan.tables[*table];
        let name = plan.dialect.name(&table.name);
        write!(text, "{line}LEFT JOIN {name} ON ").expect("a string takes any text");
        let condition = match table.key {
            Key::Listed(key, None) => format!("{name}.list_key = {}", writer.sql(key)),
            Key::Listed(key, Some(day)) => format!(
                "{name}.list_key = {} AND {name}.on_day = {}",
                writer.sql(key),
                writer.sql(day)
            ),
            Key::Searched(text) => format!("{name}.searched = {}", writer.sql(text)),
            Key::Unit(unit, _) => format!("{name}.unit_key = {}", unit_key(plan.dialect, unit)),
        };
        text.push_str(&condition);
    }
    text
}

/// The tables that the keys of a table read.
pub(super) fn tables_of_key(plan: &Plan<'_>, key: Key<'_>) -> Vec<usize> {
    let mut tables = match key {
        Key::Listed(key, day) => {
            let mut tables = plan.tables_of(key);
            tables.extend(day.into_iter().flat_map(|day| plan.tables_of(day)));
            tables
        }
        Key::Searched(text) => plan.tables_of(text),
        Key::Unit(..) => Vec::new(),
    };
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// The rows with every look-up, search and aggregate as a column.
pub(super) fn looked_up(plan: &Plan<'_>) -> String {
    let writer = Writer::over_tables(plan);
    let mut columns = vec!["manifest.*".to_owned()];
    for value in &plan.values {
        let name = plan.dialect.name(&value.name);
        columns.push(format!("{} AS {name}", writer.sql(value.expression)));
    }
    let tables: Vec<usize> = (0..plan.tables.len()).collect();
    format!(
        "looked_up AS (\n  {}\n  SELECT\n    {}\n  FROM {}\n)",
        comment("the rows with what the lists, the texts and the other lines say"),
        columns.join(",\n    "),
        joined(plan, &tables, "\n  ")
    )
}

/// The derived names, level by level; gives the tables and the name of the last.
pub(super) fn named(plan: &Plan<'_>) -> (Vec<String>, String) {
    let writer = Writer::over_names(plan);
    let levels = plan.named.iter().map(|named| named.level).max();
    let mut from = "looked_up".to_owned();
    let mut tables = Vec::new();
    for level in 1..=levels.unwrap_or(0) {
        let mut columns = vec!["*".to_owned()];
        for named in plan.named.iter().filter(|named| named.level == level) {
            let name = plan.dialect.name(named.name);
            columns.push(format!("{} AS {name}", writer.meaning(named.expression)));
        }
        let table = format!("named_{level}");
        tables.push(format!(
            "{table} AS (\n  {}\n  SELECT\n    {}\n  FROM {from}\n)",
            comment("the names of derived.yaml"),
            columns.join(",\n    ")
        ));
        from = table;
    }
    (tables, from)
}

/// A column per rule: true where it is evaluable and its condition is true.
pub(super) fn judged(plan: &Plan<'_>, from: &str) -> String {
    let rules = plan.rules.rules.iter().map(|rule| judgment(plan, rule));
    let head = "record_id, source_ref, n_not_evaluable".to_owned();
    let columns: Vec<String> = std::iter::once(head).chain(rules).collect();
    format!(
        "judged AS (
  {}
  SELECT
    {}
  FROM {from}
  JOIN presence ON presence.absent_fields = {from}.absent_fields AND presence.filing_stage = {from}.filing_stage
)",
        comment("the rules: true is a hit"),
        columns.join(",\n\n    ")
    )
}

fn judgment(plan: &Plan<'_>, rule: &Rule) -> String {
    let writer = Writer::over_names(plan);
    let id = plan.dialect.name(&rule.id);
    let parts = match &rule.condition {
        Expression::And(parts) => parts.as_slice(),
        condition => std::slice::from_ref(condition),
    };
    let parts: Vec<_> = parts.iter().map(|part| wrapped(&writer, part)).collect();
    let status = if rule.is_active() { "" } else { " (draft)" };
    format!(
        "{}\n    coalesce(presence.{id}\n      AND {}, FALSE) AS {id}",
        comment(&format!(
            "{}{status} {}: {}",
            rule.id, rule.name, rule.title
        )),
        parts.join("\n      AND ")
    )
}

/// A part of a condition; the alternatives of a long one stand on lines of their own.
fn wrapped(writer: &Writer<'_, '_>, part: &Expression) -> String {
    let line = writer.operand_of_logic(part);
    match part {
        Expression::Or(parts) if line.len() > 100 && line.starts_with('(') => {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| writer.operand_of_logic(part))
                .collect();
            format!("({})", parts.join("\n        OR "))
        }
        _ => line,
    }
}

/// One row per input row: its hits.
pub(super) fn hits(plan: &Plan<'_>) -> String {
    let ids = |is_active: bool| {
        let rules = plan.rules.rules.iter();
        let rules = rules.filter(move |rule| rule.is_active() == is_active);
        let (texts, names): (Vec<_>, Vec<_>) = rules
            .map(|rule| (plan.dialect.text(&rule.id), plan.dialect.name(&rule.id)))
            .unzip();
        plan.dialect.texts_where(&texts, &names)
    };
    format!(
        "SELECT record_id, source_ref,\n  {} AS hits,\n  {} AS draft_hits,\n  n_not_evaluable\nFROM judged\n",
        ids(true),
        ids(false)
    )
}
