//! The examples of a rule, run through the whole engine.

use super::example_row::example_batch;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::rules::vocabulary::Stage;
use crate::rules::yaml::{ExampleRow, RuleFile};
use crate::rules::{RuleId, RuleSet};
use crate::score::{Program, score};

/// Examples of each kind that a shipped rule must have.
const FEWEST_EXAMPLES: usize = 2;

/// What an example did.
#[derive(Debug)]
pub enum Tried {
    /// What it says.
    AsSaid,
    /// The opposite.
    Opposite,
    /// It cannot be run: it names a field that does not exist.
    Broken(Box<Diagnostic>),
}

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
        let fewest = file.examples.hit.len().min(file.examples.miss.len());
        if is_strict && fewest < FEWEST_EXAMPLES {
            let title = format!(
                "rule `{}` needs {FEWEST_EXAMPLES} examples that it hits and {FEWEST_EXAMPLES} that it misses",
                file.id.value
            );
            diagnostics.push(Diagnostic::warning("missing-example", file.id.span, title));
        }
        for (rows, should_hit) in [(&file.examples.hit, true), (&file.examples.miss, false)] {
            for row in rows {
                match try_example(rules, &program, id, row, should_hit) {
                    Tried::AsSaid => {}
                    Tried::Opposite => diagnostics.push(opposite(rules, id, row, should_hit)),
                    Tried::Broken(diagnostic) => diagnostics.push(*diagnostic),
                }
            }
        }
    }
}

/// Scores one example as a file of one row that has every column that the rule names.
pub fn try_example(
    rules: &RuleSet,
    program: &Program,
    id: RuleId,
    row: &ExampleRow,
    should_hit: bool,
) -> Tried {
    match example_batch(rules, program, id, row) {
        Err(diagnostic) => Tried::Broken(diagnostic),
        Ok(batch) if score(program, rules, &batch).hits.contains(&id) == should_hit => {
            Tried::AsSaid
        }
        Ok(_) => Tried::Opposite,
    }
}

fn opposite(rules: &RuleSet, id: RuleId, row: &ExampleRow, should_hit: bool) -> Diagnostic {
    let rule = rules.rule(id);
    let title = match should_hit {
        true => format!("rule `{}` does not hit this example", rule.id),
        false => format!("rule `{}` hits this example, which it should miss", rule.id),
    };
    let stage = row
        .cells
        .iter()
        .find(|(field, _)| field.value == "evidence_stage")
        .and_then(|(_, value)| value.as_ref())
        .map_or(Stage::EntrySummary, |value| {
            Stage::parse(&value.value).unwrap_or(Stage::EntrySummary)
        });
    let diagnostic = Diagnostic::warning("example-failed", row.span, title);
    if rule.has_stage(stage) {
        return diagnostic.help("`ch24 rules test` shows which part of the condition decided");
    }
    diagnostic.help(format!(
        "the rule is not evaluated at stage `{stage}`: give the row an evidence_stage"
    ))
}
