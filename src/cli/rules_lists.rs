//! `ch24 rules lists`: the reference lists of a pack, with their age.

use super::exit::Exit;
use super::print;
use super::rules::rules_of;
use crate::error::Error;
use crate::normalize::date::parse_date;
use crate::rules::PackSource;
use crate::rules::lists::List;
use serde_json::{Value, json};
use std::fmt::Write;

/// Prints name, rows, date and age of each list; one that is older than it may be says so.
pub(super) fn run(pack: &PackSource, is_json: bool, today: i32) -> Result<Exit, Error> {
    let rules = rules_of(pack)?;
    if is_json {
        let lists: Vec<Value> = rules.lists.iter().map(|list| listed(list, today)).collect();
        print::json(&format!("{:#}\n", Value::from(lists)))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    let width = rules.lists.iter().map(|list| list.name.len()).max();
    let width = width.unwrap_or(4).max(4);
    writeln!(
        text,
        "{:<width$} {:>7}  {:<10} {:>10}",
        "list", "rows", "as of", "age in days"
    )
    .expect("a string takes any text");
    for list in rules.lists.iter() {
        let age = age(list, today);
        let shown = age.map_or_else(|| "?".to_owned(), |age| age.to_string());
        let warning = match list.max_age_days {
            Some(most) if is_expired(list, today) => {
                format!("  older than {most} days: refresh it")
            }
            _ => String::new(),
        };
        let (name, rows, as_of) = (&list.name, list.rows.len(), &list.as_of);
        writeln!(
            text,
            "{name:<width$} {rows:>7}  {as_of:<10} {shown:>11}{warning}"
        )
        .expect("a string takes any text");
    }
    print::table(&text).map(|()| Exit::Done)
}

fn age(list: &List, today: i32) -> Option<i64> {
    Some(i64::from(today) - i64::from(parse_date(&list.as_of)?))
}

fn is_expired(list: &List, today: i32) -> bool {
    list.max_age_days
        .zip(age(list, today))
        .is_some_and(|(most, age)| age > most)
}

fn listed(list: &List, today: i32) -> Value {
    json!({
        "name": list.name,
        "rows": list.rows.len(),
        "as_of": list.as_of,
        "age_days": age(list, today),
        "max_age_days": list.max_age_days,
        "expired": is_expired(list, today),
        "source": list.source,
        "license": list.license,
        "match": list.match_kind,
        "columns": list.columns.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "blake3": list.hash,
    })
}
