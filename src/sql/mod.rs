//! A rule pack -> one SQL query whose hits are those of the program.
//!
//! What comes in: a checked pack, and where normalized rows are found. What goes out: text for DuckDB or Spark, lists and
//! all, with one row per input row. Nothing here reads a row or runs a query. Two things can differ from the program: a
//! rule that looks into the text of a masked importer number, since normalized rows hold the mask as it is shown; and
//! `lower` or `upper` of letters that become several. The query takes the rows through
//!
//! ```text
//! manifest -> keys, texts, units -> lists, phrases, totals -> looked_up -> named -> judged -> hits
//!                                                               presence (which rules are evaluable) -^
//! ```

mod data;
mod dialect;
mod expression;
mod list_tables;
mod lists;
mod phrases;
mod plan;
mod presence;
mod rows;
mod units;
#[cfg(test)]
mod tests;

pub use data::Data;
pub use dialect::Dialect;

use crate::rules::RuleSet;
use crate::rules::expression::Expression;
use crate::rules::vocabulary::MatchKind;
use plan::{Key, Plan};

/// Writes the query of a pack over normalized rows.
pub fn query(rules: &RuleSet, dialect: Dialect, data: &Data) -> String {
    let plan = Plan::new(rules, dialect, data);
    let mut tables = vec![data::manifest(&plan)];
    tables.extend(lists::list_tables(&plan));
    if matches_taxa(&plan) {
        tables.extend(list_tables::taxon_tables(dialect, rules));
    }
    tables.extend(phrases::phrases(&plan));
    for (position, table) in plan.tables.iter().enumerate() {
        match table.key {
            Key::Listed(key, day) => tables.extend(lists::listed(&plan, position, key, day)),
            Key::Searched(text) => tables.push(phrases::searched(&plan, position, text)),
            Key::Unit(unit, _) => tables.push(units::unit_table(&plan, position, unit)),
        }
    }
    tables.push(presence::presence(&plan));
    tables.push(rows::looked_up(&plan));
    let (named, last) = rows::named(&plan);
    tables.extend(named);
    tables.push(rows::judged(&plan, &last));
    format!(
        "{}\nWITH\n\n{}\n\n{}",
        header(&plan),
        tables.join(",\n\n"),
        rows::hits(&plan)
    )
}

/// Whether a look-up goes by names of taxa.
fn matches_taxa(plan: &Plan<'_>) -> bool {
    plan.values.iter().any(|value| match value.expression {
        Expression::InList(_, list, _) | Expression::Lookup(_, list, _, _) => {
            plan.rules.lists.get(*list).match_kind == MatchKind::Taxon
        }
        _ => false,
    })
}

fn header(plan: &Plan<'_>) -> String {
    let n_active = plan
        .rules
        .rules
        .iter()
        .filter(|rule| rule.is_active())
        .count();
    let lines = [
        format!(
            "-- {n_active} active rules and {} drafts of the rule pack {}, for {}.",
            plan.rules.rules.len() - n_active,
            plan.rules.hash.chars().take(12).collect::<String>(),
            plan.dialect.as_str()
        ),
        "--".to_owned(),
        "-- Rows: what `ch24 score --write-normalized FILE` writes. One row comes out for each that goes in:".to_owned(),
        "--   record_id, source_ref  as in `lines`; join on record_id".to_owned(),
        "--   hits                   ids of the active rules that hit, in order of id, as in `lines`".to_owned(),
        "--   draft_hits             the same for drafts, which never count".to_owned(),
        "--   n_not_evaluable        active rules that could not be evaluated on the row".to_owned(),
        "--".to_owned(),
        "-- A history feature is a column of the rows, where the run that wrote them had a history.".to_owned(),
        "--".to_owned(),
        "-- Each rule is a column of `judged`, under its id; end the query with SELECT * FROM judged to see them.".to_owned(),
        "-- A column called as a look-up of the rule language holds its value. A rule hits where it is evaluable and its".to_owned(),
        "-- condition is true; unknown is no hit. Arithmetic that overflows, or divides by 0, is NULL. Points, scores and".to_owned(),
        "-- lanes are not part of the query.".to_owned(),
    ];
    lines.join("\n")
}
