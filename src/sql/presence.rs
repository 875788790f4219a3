//! Which rules can be evaluated on a row: absent is not NULL.

use super::dialect::comment;
use super::plan::Plan;
use crate::rules::Rule;
use crate::schema::FieldId;
use crate::write::ABSENT_FIELDS;

/// A table with a column per rule, once per set of absent fields and stage.
pub(super) fn presence(plan: &Plan<'_>) -> String {
    let dialect = plan.dialect;
    let rules = &plan.rules.rules;
    let guards: Vec<String> = rules
        .iter()
        .map(|rule| format!("{} AS {}", guard(plan, rule), dialect.name(&rule.id)))
        .collect();
    let refusals: Vec<String> = rules
        .iter()
        .filter(|rule| rule.is_active())
        .map(|rule| format!("CASE WHEN {} THEN 0 ELSE 1 END", dialect.name(&rule.id)))
        .collect();
    let count = if refusals.is_empty() {
        "0".to_owned()
    } else {
        refusals.join("\n      + ")
    };
    format!(
        "presence {} (
  {}
  SELECT *,
    {count} AS n_not_evaluable
  FROM (
    SELECT absent_fields, filing_stage,
      {}
    FROM (
      SELECT absent_fields, filing_stage, {} AS absent
      FROM (SELECT DISTINCT absent_fields, filing_stage FROM manifest) AS classes
    ) AS listed
  ) AS judged
)",
        dialect.kept(),
        comment("whether a rule is evaluable: its stages, and the fields that it names"),
        guards.join(",\n      "),
        dialect.items(ABSENT_FIELDS),
    )
}

fn guard(plan: &Plan<'_>, rule: &Rule) -> String {
    if rule.needs_feed {
        return "FALSE /* it names a feature of another feed */".to_owned();
    }
    let columns = rule.condition.columns().into_iter();
    let mut features = columns.filter_map(|column| plan.rules.feature_column(column));
    if let Some((name, _)) = features.find(|(name, _)| !plan.data.has(name)) {
        return format!("FALSE /* the data has no history feature {name} */");
    }
    let fields: Vec<&str> = rule.fields.iter().map(FieldId::name).collect();
    if let Some(missing) = fields.iter().find(|name| !plan.data.has(name)) {
        return format!("FALSE /* the data has no column {missing} */");
    }
    let mut parts = Vec::new();
    if !rule.stages.is_empty() {
        let stages: Vec<_> = rule
            .stages
            .iter()
            .map(|stage| format!("'{stage}'"))
            .collect();
        parts.push(format!("filing_stage IN ({})", stages.join(", ")));
    }
    if !fields.is_empty() {
        parts.push(format!(
            "NOT {}",
            plan.dialect.shares_any("absent", &fields)
        ));
    }
    if parts.is_empty() {
        "TRUE".to_owned()
    } else {
        parts.join(" AND ")
    }
}
