//! Aggregates over a row's line, entry or bill: one row per unit.

use super::dialect::Dialect;
use super::expression::{Writer, unit_key};
use super::plan::Plan;
use super::rows::joined;
use crate::rules::aggregate::{Aggregate, AggregateFunction, Unit};
use crate::schema::{FieldId, field};

/// The table of a unit: its key, and a column per aggregate.
pub(super) fn unit_table(plan: &Plan<'_>, table: usize, unit: Unit) -> String {
    let dialect = plan.dialect;
    let key = unit_key(dialect, unit);
    let mut tables = Vec::new();
    let mut columns = vec![format!("{key} AS unit_key")];
    for value in plan.values_of(table) {
        for column in value.expression.columns() {
            let position = usize::from(column.0 - FieldId::FIRST_EXTRA);
            let aggregate = &plan.rules.aggregates[position];
            tables.extend(plan.tables_of(&aggregate.argument));
            let total = total(plan, aggregate);
            columns.push(format!("{total} AS {}", dialect.name(&value.name)));
        }
    }
    tables.sort_unstable();
    tables.dedup();
    format!(
        "{} AS (\n  SELECT\n    {}\n  FROM {}\n  WHERE {key} IS NOT NULL\n  GROUP BY {key}\n)",
        dialect.name(&plan.tables[table].name),
        columns.join(",\n    "),
        joined(plan, &tables, "\n  "),
    )
}

fn total(plan: &Plan<'_>, aggregate: &Aggregate) -> String {
    let dialect: Dialect = plan.dialect;
    let argument = Writer::over_tables(plan).sql(&aggregate.argument);
    match aggregate.function {
        AggregateFunction::Any => format!("bool_or({argument})"),
        AggregateFunction::All => format!("bool_and({argument})"),
        AggregateFunction::Count => format!("CAST(count({argument}) AS DOUBLE)"),
        AggregateFunction::Distinct => format!("CAST(count(DISTINCT {argument}) AS DOUBLE)"),
        // Adding up doubles in another order can change the last bit.
        AggregateFunction::Sum => super::dialect::finite(
            &dialect.sum_in_order(&argument, &dialect.name(field::RECORD_ID.name())),
        ),
        AggregateFunction::Min => format!("min({argument})"),
        AggregateFunction::Max => format!("max({argument})"),
    }
}
