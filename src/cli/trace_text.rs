//! The tree of a condition on one row, as text.

use crate::batch::{FALSE, TRUE};
use crate::normalize::MASK_PREFIX;
use crate::trace::{Form, ListFact, ListHit, NotEvaluable, Reading, Trace};
use std::fmt::Write;

/// Which parts of a tree are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of them.
    All,
    /// Those that make it true.
    Deciding,
}

/// Writes a tree: a line per part with its truth, below a leaf what it read and found.
pub(super) fn write_trace(text: &mut String, trace: &Trace, shown: Shown, indent: usize) {
    let is_bare_list = matches!(trace.form, Form::And) && indent == 0 && shown == Shown::Deciding;
    let depth = if is_bare_list {
        indent
    } else {
        line(text, trace, indent);
        indent + 1
    };
    for part in &trace.parts {
        if shown == Shown::Deciding && trace.form == Form::Or && part.truth != TRUE {
            continue;
        }
        write_trace(text, part, shown, depth);
    }
}

/// Why a rule was not evaluated, as the end of a sentence.
pub(super) fn not_evaluable(reason: &NotEvaluable) -> String {
    match reason {
        NotEvaluable::Stage(stage) => format!("it does not speak of stage {stage}"),
        NotEvaluable::Absent(names) => {
            format!("the source of the row does not carry {}", names.join(", "))
        }
    }
}

fn line(text: &mut String, trace: &Trace, indent: usize) {
    let pad = "  ".repeat(indent + 1);
    let what = match trace.form {
        Form::And => "all of",
        Form::Or => "one of",
        Form::Not => "not",
        Form::Name | Form::Leaf => &trace.text,
    };
    writeln!(text, "{pad}{:<7} {what}", word(trace.truth)).expect("a string takes any text");
    let pad = format!("{pad}        ");
    if !trace.readings.is_empty() {
        let readings: Vec<_> = trace.readings.iter().map(reading).collect();
        writeln!(text, "{pad}{}", readings.join(", ")).expect("a string takes any text");
    }
    for fact in &trace.lists {
        writeln!(text, "{pad}{}", list_fact(fact)).expect("a string takes any text");
    }
}

fn word(truth: u8) -> &'static str {
    match truth {
        FALSE => "false",
        TRUE => "true",
        _ => "unknown",
    }
}

fn reading(reading: &Reading) -> String {
    let value = reading
        .value
        .as_deref()
        .map(|value| match value.starts_with(MASK_PREFIX) {
            true => "masked".to_owned(),
            false => super::print::plain(value),
        });
    format!("{} = {}", reading.name, value.as_deref().unwrap_or("NULL"))
}

/// A list row with its dates, or what the list does not hold.
fn list_fact(fact: &ListFact) -> String {
    let list = format!("list {} (as of {})", fact.list, fact.as_of);
    let on = fact
        .date
        .as_ref()
        .map_or_else(String::new, |date| format!(" on {date}"));
    match (&fact.key, &fact.hit, &fact.out_of_force) {
        (None, ..) => format!("{list}: nothing to look up"),
        (Some(_), Some(hit), _) => format!("{list}: row {}", row(hit)),
        (Some(_), None, Some(other)) => {
            format!("{list}: no row in force{on}; there is {}", row(other))
        }
        (Some(_), None, None) => format!("{list}: no row"),
    }
}

fn row(hit: &ListHit) -> String {
    let mut text = format!("`{}`", hit.key);
    match (&hit.valid_from, &hit.valid_to) {
        (Some(from), Some(to)) => write!(text, ", in force {from} to {to}"),
        (Some(from), None) => write!(text, ", in force since {from}"),
        (None, Some(to)) => write!(text, ", in force until {to}"),
        (None, None) => Ok(()),
    }
    .expect("a string takes any text");
    for (name, value) in &hit.cells {
        write!(text, ", {name} {value}").expect("a string takes any text");
    }
    text
}
