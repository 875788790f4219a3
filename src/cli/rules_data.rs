//! What `ch24 rules check --data` says about a pack on data, as text.

use crate::check::data::DataFindings;
use std::fmt::Write;

/// Lines of one kind of finding that are shown; JSON has all.
const SHOWN: usize = 12;

/// Writes the findings, the most telling first.
pub(super) fn text(found: &DataFindings) -> String {
    let mut text = format!("on {} lines of data\n", found.n_lines);
    let ids = |keep: &dyn Fn(u64, u64) -> bool| {
        let kept = found
            .rules
            .iter()
            .filter(|rule| keep(rule.hits, rule.evaluable));
        kept.map(|rule| rule.id.clone()).collect::<Vec<_>>()
    };
    names(
        &mut text,
        "hit every line on which they can be evaluated",
        &ids(&|hits, of| hits > 0 && hits == of),
    );
    names(
        &mut text,
        "never hit, though they can be evaluated",
        &ids(&|hits, of| hits == 0 && of > 0),
    );
    names(
        &mut text,
        "cannot be evaluated on any line",
        &ids(&|_, of| of == 0),
    );
    let same = found
        .same
        .iter()
        .map(|pair| format!("{} and {} ({} lines)", pair.first, pair.second, pair.both));
    list(&mut text, "hit the very same lines", same.collect());
    let contained = found.contained.iter().map(|pair| {
        format!(
            "{} within {} ({} of {} lines)",
            pair.first, pair.second, pair.both, pair.second_hits
        )
    });
    list(
        &mut text,
        "hit only lines that another rule hits too",
        contained.collect(),
    );
    let unseen = found
        .unseen_values
        .iter()
        .map(|unseen| format!("{}: {} '{}'", unseen.rule, unseen.field, unseen.value));
    list(
        &mut text,
        "values in conditions that no line has",
        unseen.collect(),
    );
    let lists = found.lists.iter().map(|list| {
        format!(
            "{}: {} of {} rows found; not {}",
            list.list,
            list.found,
            list.rows,
            list.not_found.join(", ")
        )
    });
    list(
        &mut text,
        "lists with keys that no line has",
        lists.collect(),
    );
    let missing = found.missing_fields.iter().map(|missing| {
        format!(
            "{} ({} rules need it, {} nothing else)",
            missing.field, missing.needed_by, missing.alone_enables
        )
    });
    list(
        &mut text,
        "fields that would enable most rules",
        missing.collect(),
    );
    text
}

fn names(text: &mut String, title: &str, ids: &[String]) {
    if !ids.is_empty() {
        writeln!(text, "  {} rules {title}:", ids.len()).expect("a string takes any text");
        for ids in ids.chunks(14) {
            writeln!(text, "    {}", ids.join(" ")).expect("a string takes any text");
        }
    }
}

fn list(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    writeln!(text, "  {title}: {}", lines.len()).expect("a string takes any text");
    let n_more = lines.len().saturating_sub(SHOWN);
    for line in lines.into_iter().take(SHOWN) {
        writeln!(text, "    {line}").expect("a string takes any text");
    }
    if n_more > 0 {
        writeln!(text, "    and {n_more} more; --json has all").expect("a string takes any text");
    }
}
