//! Look-ups: lists as tables, and the values that rows look up in them.
//!
//! Each key that occurs is looked up once: key -> candidates (the key itself, its prefixes, or the names of a taxon) ->
//! rows of the list in force -> the first of them.

use super::dialect::comment;
use super::expression::Writer;
use super::list_tables::{LIST_ROWS, column_name, list_table, name_of};
use super::plan::{Key, Plan, Value, slug};
use super::rows::{joined, tables_of_key};
use crate::rules::expression::{Expression, ListId};
use crate::rules::lists::List;
use crate::rules::vocabulary::MatchKind;
use std::collections::{BTreeMap, BTreeSet};

/// A table of look-ups, after the tables that it is made of: its keys, and their candidates.
pub(super) fn listed(
    plan: &Plan<'_>,
    table: usize,
    key: &Expression,
    day: Option<&Expression>,
) -> Vec<String> {
    let writer = Writer::over_tables(plan);
    let dialect = plan.dialect;
    let name = &plan.tables[table].name;
    let keys = keys_name(name);
    let from = joined(plan, &tables_of_key(plan, Key::Listed(key, day)), "\n    ");
    let key = writer.sql(key);
    let (distinct, given) = match day {
        None => (format!("{key} AS list_key"), "list_key IS NOT NULL"),
        Some(day) => (
            format!("{key} AS list_key, {} AS on_day", writer.sql(day)),
            "list_key IS NOT NULL AND on_day IS NOT NULL",
        ),
    };
    let named = if day.is_some() {
        "list_key, on_day"
    } else {
        "list_key"
    };
    let mut columns = vec![format!("keys.{}", named.replace(", ", ", keys."))];
    let mut joins = String::new();
    for (list, values) in by_list(plan, table) {
        let alias = slug(&plan.rules.lists.get(list).name);
        let found = format!("found_{alias}");
        let mut picked = Vec::new();
        for value in values {
            let name = dialect.name(&value.name);
            columns.push(match value.expression {
                Expression::Lookup(_, _, column, _) => {
                    let list = plan.rules.lists.get(list);
                    let column = column_name(dialect, list, column.index);
                    let rank = format!("candidates.step * {LIST_ROWS} + listed.nth");
                    let first = dialect.first_by(&format!("listed.{column}"), &rank);
                    let pick = format!(", {first} AS {column}");
                    if !picked.contains(&pick) {
                        picked.push(pick);
                    }
                    format!("{found}.{column} AS {name}")
                }
                _ => format!("{found}.list_key IS NOT NULL AS {name}"),
            });
        }
        let list = plan.rules.lists.get(list);
        joins.push_str(&join(&keys, &found, list, day.is_some(), &picked));
    }
    let mut tables = vec![format!(
        "{keys} {} (\n  SELECT DISTINCT {named}\n  FROM (\n    SELECT {distinct}\n    FROM {from}\n  ) AS said\n  WHERE {given}\n)",
        dialect.kept(),
    )];
    tables.extend(candidates(plan, table));
    tables.push(format!(
        "{} AS (\n  SELECT\n    {}\n  FROM {keys} AS keys{joins}\n)",
        dialect.name(name),
        columns.join(",\n    "),
    ));
    tables
}

/// The candidates of the keys of a table, for each way in which its lists match.
fn candidates(plan: &Plan<'_>, table: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let mut kinds = BTreeMap::new();
    for (list, _) in by_list(plan, table) {
        let list = plan.rules.lists.get(list);
        kinds
            .entry(list.match_kind.as_str())
            .or_insert_with(Vec::new)
            .push(list);
    }
    for lists in kinds.values() {
        let keys = keys_name(&plan.tables[table].name);
        let name = candidates_name(&keys, lists[0].match_kind);
        let body = match lists[0].match_kind {
            MatchKind::Exact => continue,
            MatchKind::Prefix => prefixes(&keys, lists),
            MatchKind::Taxon => taxon_names(plan, &keys),
        };
        texts.push(format!("{name} {} (\n{body}\n)", plan.dialect.kept()));
    }
    texts
}

/// The lists that the look-ups read, as tables; and those that taxa are matched by.
pub(super) fn list_tables(plan: &Plan<'_>) -> Vec<String> {
    let mut columns: BTreeMap<ListId, BTreeSet<usize>> = BTreeMap::new();
    for value in &plan.values {
        match value.expression {
            Expression::Lookup(_, list, column, _) => {
                columns.entry(*list).or_default().insert(column.index);
            }
            Expression::InList(_, list, _) => {
                columns.entry(*list).or_default();
            }
            _ => {}
        }
    }
    let tables = columns.iter().map(|(list, columns)| {
        let list = plan.rules.lists.get(*list);
        let columns: Vec<usize> = columns.iter().copied().collect();
        list_table(plan.dialect, list, &columns)
    });
    tables.collect()
}

/// The values of a table, list by list.
fn by_list<'p, 'a>(plan: &'p Plan<'a>, table: usize) -> BTreeMap<ListId, Vec<&'p Value<'a>>> {
    let mut lists: BTreeMap<ListId, Vec<&Value<'_>>> = BTreeMap::new();
    for value in plan.values_of(table) {
        if let Expression::InList(_, list, _) | Expression::Lookup(_, list, _, _) = value.expression
        {
            lists.entry(*list).or_default().push(value);
        }
    }
    lists
}

fn keys_name(table: &str) -> String {
    format!("keys_{table}")
}

fn candidates_name(keys: &str, kind: MatchKind) -> String {
    match kind {
        MatchKind::Exact => keys.to_owned(),
        MatchKind::Prefix => format!("prefixes_of_{keys}"),
        MatchKind::Taxon => format!("names_of_{keys}"),
    }
}

/// The keys that a list holds, with the values that are asked for.
fn join(keys: &str, found: &str, list: &List, is_dated: bool, picked: &[String]) -> String {
    let named = if is_dated {
        "keys.list_key, keys.on_day"
    } else {
        "keys.list_key"
    };
    let names = name_of(list);
    let candidates = match list.match_kind {
        MatchKind::Exact => {
            format!("(SELECT DISTINCT list_key, list_key AS candidate, 1 AS step FROM {keys})")
        }
        kind => candidates_name(keys, kind),
    };
    let in_force = if is_dated {
        "\n      AND (listed.valid_from IS NULL OR listed.valid_from <= keys.on_day)\
         \n      AND (listed.valid_to IS NULL OR keys.on_day <= listed.valid_to)"
    } else {
        ""
    };
    let same_day = if is_dated {
        format!(" AND {found}.on_day = keys.on_day")
    } else {
        String::new()
    };
    format!(
        "\n  LEFT JOIN (
    SELECT {named}{}
    FROM {names} AS listed
    JOIN {candidates} AS candidates ON candidates.candidate = listed.list_key
    JOIN {keys} AS keys ON keys.list_key = candidates.list_key{in_force}
    GROUP BY {named}
  ) AS {found} ON {found}.list_key = keys.list_key{same_day}",
        picked.concat()
    )
}

/// The prefixes of keys that are as long as a key of the lists, the longest first.
fn prefixes(keys: &str, lists: &[&List]) -> String {
    let lengths: BTreeSet<usize> = lists
        .iter()
        .flat_map(|list| list.rows.iter().map(|row| row.key.chars().count()))
        .collect();
    let lengths: Vec<_> = lengths.iter().map(|length| format!("({length})")).collect();
    let lengths = if lengths.is_empty() {
        "(1)".to_owned()
    } else {
        lengths.join(", ")
    };
    format!(
        "  SELECT said.list_key, left(said.list_key, lengths.n) AS candidate, 1000 - lengths.n AS step
  FROM (SELECT DISTINCT list_key FROM {keys}) AS said
  JOIN (VALUES {lengths}) AS lengths(n) ON length(said.list_key) >= lengths.n"
    )
}

/// The names of taxa: as said, accepted; the genus of either; the family of either genus.
fn taxon_names(plan: &Plan<'_>, keys: &str) -> String {
    let genus = plan.dialect.first_word("candidate");
    format!(
        "  {}
  WITH species AS (
    SELECT DISTINCT list_key, list_key AS candidate, 1 AS step FROM {keys}
    UNION ALL
    SELECT said.list_key, accepted_names.accepted, 2
    FROM (SELECT DISTINCT list_key FROM {keys}) AS said
    JOIN accepted_names ON accepted_names.synonym = said.list_key
  ), genera AS (
    SELECT list_key, {genus} AS candidate, step + 2 AS step FROM species
  )
  SELECT list_key, candidate, step FROM species
  UNION ALL
  SELECT list_key, candidate, step FROM genera
  UNION ALL
  SELECT genera.list_key, genus_families.family, genera.step + 2
  FROM genera
  JOIN genus_families ON genus_families.genus = genera.candidate",
        comment(
            "a taxon is matched as said, by its accepted name, by genus, by family, in this order"
        )
    )
}
