//! `ch24 fields`.

use super::args::FieldsArgs;
use super::exit::Exit;
use super::print;
use crate::error::Error;
use crate::schema::{FIELDS, formats, stages};
use serde_json::{Value, json};
use std::fmt::Write;

/// Prints the table of fields.
pub(super) fn run(args: &FieldsArgs) -> Result<Exit, Error> {
    match args.json {
        true => print::json(&as_json()),
        false => print::table(&as_text()),
    }
    .map(|()| Exit::Done)
}

fn names<'a>(known: &'a [(&'a str, u16)], bits: u16) -> Vec<&'a str> {
    known
        .iter()
        .filter(|(_, bit)| bits & bit != 0)
        .map(|(name, _)| *name)
        .collect()
}

fn as_json() -> String {
    let fields: Vec<Value> = FIELDS
        .iter()
        .map(|field| {
            json!({
                "name": field.name,
                "type": field.value_type(),
                "kind": field.kind,
                "stages": names(&stages::NAMES, field.stages),
                "formats": if field.formats == formats::EVERY { Value::from("every") } else {
                    Value::from(names(&formats::NAMES, field.formats))
                },
                "aliases": field.aliases,
                "codes": field.codes,
                "meaning": field.meaning,
                "source": field.source,
                "outcome": field.is_outcome(),
            })
        })
        .collect();
    format!("{:#}\n", Value::from(fields))
}

fn as_text() -> String {
    let width = FIELDS
        .iter()
        .map(|field| field.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for field in FIELDS {
        let codes = if field.codes.is_empty() {
            String::new()
        } else {
            format!(" [{}]", field.codes)
        };
        let kind = field.value_type().as_str();
        writeln!(
            text,
            "{:width$}  {kind:13}  {}{codes}",
            field.name, field.meaning
        )
        .expect("a string takes any text");
    }
    text.push_str("\nAn outcome field is never read by a rule. `ch24 fields --json` adds stages, formats, aliases and sources.\n");
    text
}
