//! A list as a table of values.

use super::dialect::{Dialect, comment};
use super::plan::slug;
use crate::batch::NULL_DATE;
use crate::normalize::date::format_date;
use crate::rules::RuleSet;
use crate::rules::lists::{FAMILY_LIST, List, ListCell, ListRow, SYNONYM_LIST};
use crate::schema::ValueType;

/// More rows than any list has, and more than 32 bits hold; orders candidates before rows.
pub(super) const LIST_ROWS: &str = "10000000000";

/// The name of a list's table.
pub(super) fn name_of(list: &List) -> String {
    format!("list_{}", slug(&list.name))
}

/// The name of a declared column in a list's table.
pub(super) fn column_name(dialect: Dialect, list: &List, column: usize) -> String {
    let name = &list.columns[column].0;
    let is_taken = ["nth", "list_key", "valid_from", "valid_to"]
        .iter()
        .any(|taken| name.eq_ignore_ascii_case(taken));
    if is_taken {
        dialect.name(&format!("{name}_value"))
    } else {
        dialect.name(name)
    }
}

/// A list with the columns that are asked for, by position: `nth, list_key, valid_from, valid_to` and those columns.
pub(super) fn list_table(dialect: Dialect, list: &List, columns: &[usize]) -> String {
    let row = |(nth, row): (usize, &ListRow)| {
        let mut cells = vec![(nth + 1).to_string(), dialect.text(&row.key)];
        cells.push(bound(row.valid_from, NULL_DATE + 1));
        cells.push(bound(row.valid_to, i32::MAX));
        cells.extend(
            columns
                .iter()
                .map(|column| cell(dialect, &row.cells[*column])),
        );
        format!("({})", cells.join(", "))
    };
    let rows: Vec<String> = list.rows.iter().enumerate().map(row).collect();
    let mut names = ["nth", "list_key", "valid_from", "valid_to"]
        .map(str::to_owned)
        .to_vec();
    let mut typed = names.clone();
    for name in &mut typed[2..] {
        *name = format!("CAST({name} AS DATE) AS {name}");
    }
    for column in columns {
        let kind = dialect.type_name(list.columns[*column].1);
        let name = column_name(dialect, list, *column);
        typed.push(format!("CAST({name} AS {kind}) AS {name}"));
        names.push(name);
    }
    let said = format!(
        "{} as of {}, match {}: {}",
        list.name, list.as_of, list.match_kind, list.source
    );
    values_table(&name_of(list), &said, &names, &typed, rows)
}

/// Accepted names by synonym and families by genus, each from the first row of its key.
pub(super) fn taxon_tables(dialect: Dialect, rules: &RuleSet) -> Vec<String> {
    [
        (SYNONYM_LIST, "accepted", "accepted_names", "synonym"),
        (FAMILY_LIST, "family", "genus_families", "genus"),
    ]
    .into_iter()
    .map(|(list, column, table, key)| {
        let rows = rules.lists.find(list).map_or_else(Vec::new, |id| {
            first_texts(dialect, rules.lists.get(id), column)
        });
        let names = [key, column].map(str::to_owned);
        let said = format!("{list}: {column} by {key}");
        values_table(table, &said, &names, &names, rows)
    })
    .collect()
}

/// Key and text of the first row of each key that has one.
fn first_texts(dialect: Dialect, list: &List, column: &str) -> Vec<String> {
    let Some(column) = list.column(column) else {
        return Vec::new();
    };
    let mut seen = std::collections::BTreeSet::new();
    let mut rows = Vec::new();
    for row in &list.rows {
        if !seen.insert(&row.key) {
            continue;
        }
        if let (ListCell::Text(Some(text)), ValueType::Text) =
            (&row.cells[column.index], column.value_type)
        {
            rows.push(format!(
                "({}, {})",
                dialect.text(&row.key),
                dialect.text(text)
            ));
        }
    }
    rows
}

/// A table of values; without rows, a table of the same columns that is empty.
pub(super) fn values_table(
    name: &str,
    said: &str,
    names: &[String],
    typed: &[String],
    rows: Vec<String>,
) -> String {
    let (rows, only) = if rows.is_empty() {
        (
            vec![format!("({})", vec!["NULL"; names.len()].join(", "))],
            "\n  WHERE FALSE",
        )
    } else {
        (rows, "")
    };
    format!(
        "{name} AS (\n  {}\n  SELECT {}\n  FROM (VALUES\n    {}\n  ) AS listed({}){only}\n)",
        comment(said),
        typed.join(", "),
        rows.join(",\n    "),
        names.join(", "),
    )
}

fn bound(day: i32, open: i32) -> String {
    if day == open {
        "NULL".to_owned()
    } else {
        format!("'{}'", format_date(day))
    }
}

fn cell(dialect: Dialect, cell: &ListCell) -> String {
    match cell {
        ListCell::Text(Some(text)) => dialect.text(text),
        ListCell::Number(number) if !number.is_nan() => dialect.number(*number),
        ListCell::Date(day) if *day != NULL_DATE => format!("'{}'", format_date(*day)),
        _ => "NULL".to_owned(),
    }
}
