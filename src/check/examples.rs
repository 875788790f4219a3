//! The examples of a rule, run through the whole engine.

use crate::aggregates::Aggregates;
use crate::batch::{FieldSet, TextColumn};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::normalize::{Identities, normalize, with_sources};
use crate::read::Mapping;
use crate::read::binding::bind;
use crate::read::raw::{RawBatch, RawColumn};
use crate::rules::yaml::{ExampleRow, RuleFile, Text};
use crate::rules::{RuleId, RuleSet};
use crate::schema::{FIELDS, FieldId, find};
use crate::score::{Program, score};
use std::sync::Arc;

/// Reports examples that do not do what they say, and, where it is strict, rules without any.
pub(super) fn check_examples(
    rules: &RuleSet,
    files: &[RuleFile],
    is_strict: bool,
    diagnostics: &mut Diagnostics,
) {
    let program = Program::new(rules);
    for file in files {
        let Some(id) = rules.ids().find(|id| rules.rule(*id).id == file.id.value) else {
            continue;
        };
        if is_strict && (file.examples.hit.is_empty() || file.examples.miss.is_empty()) {
            let title = format!(
                "rule `{}` needs an example that it hits and one that it misses",
                file.id.value
            );
            diagnostics.push(Diagnostic::warning("missing-example", file.id.span, title));
        }
        for (rows, should_hit) in [(&file.examples.hit, true), (&file.examples.miss, false)] {
            for row in rows {
                if let Some(diagnostic) = run(rules, &program, id, row, should_hit) {
                    diagnostics.push(diagnostic);
                }
            }
        }
    }
}

/// Scores one example as a file of one row that has every column that the rule names.
fn run(
    rules: &RuleSet,
    program: &Program,
    id: RuleId,
    row: &ExampleRow,
    should_hit: bool,
) -> Option<Diagnostic> {
    let mut cells: Vec<(&str, Option<&str>)> = Vec::new();
    for (field, value) in &row.cells {
        if let Some(diagnostic) = unknown_field(field) {
            return Some(diagnostic);
        }
        cells.push((&field.value, value.as_ref().map(|text| text.value.as_str())));
    }
    let rule = rules.rule(id);
    for field in rule.fields.iter().map(FieldId::name) {
        if !cells.iter().any(|(known, _)| *known == field) {
            cells.push((field, None));
        }
    }
    let header: Vec<String> = cells.iter().map(|(field, _)| (*field).to_owned()).collect();
    let wanted: FieldSet = cells.iter().filter_map(|(field, _)| find(field)).collect();
    let wanted = with_sources(wanted);
    let binding = bind(&Mapping::default(), &header, &wanted).ok()?;
    let columns = binding
        .inputs
        .iter()
        .map(|input| RawColumn::Text(TextColumn::constant(cells[*input].1, 1)));
    let raw = RawBatch {
        file: 0,
        rows: vec![1],
        columns: columns.collect(),
        binding: Arc::new(binding),
        set_aside: Vec::new(),
    };
    let mut batch = normalize(raw, &wanted, "example", &Identities::FirstRow);
    let mut aggregates = Aggregates::new(rules);
    aggregates.add(rules, &program.tables, &batch);
    aggregates.fill(rules, &program.tables, &mut batch);
    let hits = score(program, rules, &batch).hits.contains(&id);
    if hits == should_hit {
        return None;
    }
    let title = match should_hit {
        true => format!("rule `{}` does not hit this example", rule.id),
        false => format!("rule `{}` hits this example, which it should miss", rule.id),
    };
    let diagnostic = Diagnostic::warning("example-failed", row.span, title);
    let class = &batch.presence.classes[0];
    Some(match rule.has_stage(class.stage) {
        true => diagnostic,
        false => diagnostic.help(format!(
            "the rule is not evaluated at stage `{}`: give the row an evidence_stage",
            class.stage
        )),
    })
}

fn unknown_field(field: &Text) -> Option<Diagnostic> {
    if find(&field.value).is_some() {
        return None;
    }
    let diagnostic = Diagnostic::warning(
        "unknown-field",
        field.span,
        format!("unknown field `{}`", field.value),
    );
    Some(diagnostic.help_similar(&field.value, FIELDS.iter().map(|field| field.name)))
}
