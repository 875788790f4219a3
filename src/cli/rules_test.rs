//! `ch24 rules test`: the examples of every rule, and what decided where one fails.

use super::exit::Exit;
use super::print;
use super::trace_text::{Shown, not_evaluable, write_trace};
use crate::check::example_row::example_batch;
use crate::check::examples::{Tried, try_example};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::nearest;
use crate::error::{Error, ErrorKind};
use crate::rules::yaml::{ExampleRow, RuleFile};
use crate::rules::{Loaded, PackSource, RuleId, RuleSet, load};
use crate::score::Program;
use crate::trace::Tracer;
use std::fmt::Write;

/// Runs the examples of a pack, or of the rules that are named.
pub(super) fn run(pack: &PackSource, names: &[String]) -> Result<Exit, Error> {
    let loaded = load(pack)?;
    let Some(rules) = &loaded.rules else {
        print::styled(&loaded.diagnostics.render(&loaded.sources, print::color()));
        return Err(Error::new(
            ErrorKind::Mistakes,
            loaded.diagnostics.summary_line(),
        ));
    };
    let program = Program::new(rules);
    let mut tested = Tested::default();
    let files = loaded
        .files
        .iter()
        .filter(|file| names.is_empty() || is_named(file, names));
    for file in files {
        if let Some(id) = rules.ids().find(|id| rules.rule(*id).id == file.id.value) {
            tested.test(&loaded, rules, &program, id, file);
        }
    }
    if let Some(unknown) = names.iter().find(|name| rules.find(name).is_none()) {
        let known = rules.rules.iter().map(|rule| rule.id.as_str());
        let hint = nearest(unknown, known)
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let message = format!("no rule is called `{unknown}`{hint}");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    print::message(&tested.failures);
    print::out(&format!(
        "{} of {} examples of {} {} do what they say\n",
        tested.n_examples - tested.n_failed,
        tested.n_examples,
        tested.n_rules,
        if tested.n_rules == 1 { "rule" } else { "rules" }
    ))?;
    Ok(if tested.n_failed > 0 {
        Exit::CheckFailed
    } else {
        Exit::Done
    })
}

fn is_named(file: &RuleFile, names: &[String]) -> bool {
    names
        .iter()
        .any(|name| *name == file.id.value || *name == file.name.value)
}

#[derive(Default)]
struct Tested {
    n_rules: usize,
    n_examples: usize,
    n_failed: usize,
    failures: String,
}

impl Tested {
    fn test(
        &mut self,
        loaded: &Loaded,
        rules: &RuleSet,
        program: &Program,
        id: RuleId,
        file: &RuleFile,
    ) {
        self.n_rules += 1;
        for (rows, should_hit) in [(&file.examples.hit, true), (&file.examples.miss, false)] {
            for row in rows {
                self.n_examples += 1;
                match try_example(rules, program, id, row, should_hit) {
                    Tried::AsSaid => {}
                    Tried::Opposite => {
                        self.n_failed += 1;
                        self.failures += &opposite(loaded, rules, program, id, row, should_hit);
                    }
                    Tried::Broken(diagnostic) => {
                        self.n_failed += 1;
                        let mut one = Diagnostics::default();
                        one.push(*diagnostic);
                        self.failures += &one.render(&loaded.sources, print::color());
                    }
                }
            }
        }
    }
}

/// Where the example stands, and which parts of the condition decided.
fn opposite(
    loaded: &Loaded,
    rules: &RuleSet,
    program: &Program,
    id: RuleId,
    row: &ExampleRow,
    should_hit: bool,
) -> String {
    let rule = rules.rule(id);
    let place = loaded.sources.place(row.span);
    let does = if should_hit {
        "does not hit this example"
    } else {
        "hits this example, which it should miss"
    };
    let mut text = format!("{place}: {} {does}\n", rule.id);
    let Ok(batch) = example_batch(rules, program, id, row) else {
        return text;
    };
    let tracer = Tracer::new(rules, program, &batch, 0);
    match tracer.not_evaluable(rule) {
        Some(reason) => writeln!(text, "  not evaluated: {}", not_evaluable(&reason))
            .expect("a string takes any text"),
        None => write_trace(&mut text, &tracer.trace(rule), Shown::All, 0),
    }
    text + "\n"
}
