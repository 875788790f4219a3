//! The summary that an analyst reads first.

use super::print;
use crate::issue::NOT_UTF8_ADVICE;
use crate::job::Job;
use crate::past::Mark;
use crate::rules::notices::{SOON_DAYS, TermState};
use crate::rules::vocabulary::Status;
use crate::summary::{RuleSummary, Summary, thousands};
use std::fmt::Write;

/// Rules that are shown.
const TOP_RULES: usize = 12;

/// The summary as text.
pub(super) fn text(summary: &Summary, job: &Job) -> String {
    let mut text = String::new();
    write_all(&mut text, summary, job).expect("a string takes any text");
    text
}

fn write_all(text: &mut String, summary: &Summary, job: &Job) -> std::fmt::Result {
    let as_of = summary.as_of.as_deref().unwrap_or("no date");
    if summary.n_lines == 0 {
        writeln!(text, "No lines: the input holds no rows.")?;
    } else {
        let shipments = match summary.has_shipments {
            true => format!(" {} shipments,", thousands(summary.n_shipments)),
            false => String::new(),
        };
        writeln!(
            text,
            "{} lines,{shipments} judged as of {as_of} by {} rules.",
            thousands(summary.n_lines),
            job.rules
                .rules
                .iter()
                .filter(|rule| rule.is_active())
                .count()
        )?;
    }
    write_not_counted(text, summary)?;
    write_history(text, summary)?;
    let (what, [green, yellow, red]) = match summary.has_shipments {
        true => ("Shipments", summary.shipments_by_lane),
        false => ("Lines    ", summary.lines_by_lane),
    };
    writeln!(
        text,
        "\n{what}   red {}   yellow {}   green {}",
        thousands(red),
        thousands(yellow),
        thousands(green)
    )?;
    write_since(text, summary)?;
    if summary.unmet_mandatory > 0 {
        writeln!(
            text,
            "  {} must be examined and their ports have no capacity left",
            summary.unmet_mandatory
        )?;
    }
    let [to_yellow, to_green] = summary.capacity_overflow;
    if to_yellow + to_green > 0 {
        writeln!(
            text,
            "  beyond capacity: {to_yellow} red became yellow, {to_green} yellow became green"
        )?;
    }
    for queue in summary
        .queues
        .iter()
        .filter(|queue| queue.red + queue.yellow > 0)
    {
        writeln!(
            text,
            "  {:<6} red {:>7}   yellow {:>7}",
            queue.queue,
            thousands(queue.red),
            thousands(queue.yellow)
        )?;
    }
    for theme in &summary.themes {
        writeln!(
            text,
            "  {:<9} in scope {:>9}   red {:>7}   yellow {:>7}",
            theme.theme.as_str(),
            thousands(theme.in_scope),
            thousands(theme.red),
            thousands(theme.yellow)
        )?;
    }
    if summary.cva_shipments > 0 {
        writeln!(
            text,
            "\nVerification with Mexico: documents could settle {} shipments, {} entities.",
            thousands(summary.cva_shipments),
            thousands(summary.cva_entities)
        )?;
        // Dossiers read the inputs once more, so a run does not write them by itself.
        if job.outputs.entities && cfg!(feature = "tables") {
            writeln!(
                text,
                "  ch24 dossier {} --all   writes their dossiers",
                job.out.display()
            )?;
        }
    }
    write_notices(text, summary)?;
    write_rules(text, summary)?;
    write_not_evaluable(text, summary)?;
    writeln!(
        text,
        "\nResults in {}. A red flag is a reason to look, never a finding.",
        job.out.display()
    )
}

fn counted(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", thousands(count))
}

/// Lookouts with lines, what suppressions left out, and how many of either end soon.
fn write_notices(text: &mut String, summary: &Summary) -> std::fmt::Result {
    if summary.lookouts.is_empty() && summary.suppressions.is_empty() {
        return Ok(());
    }
    let met = summary.lookouts.iter().filter(|lookout| lookout.lines > 0);
    writeln!(
        text,
        "\nLookouts: {}, {} with lines; suppressions: {}, {} hits not counted",
        summary.lookouts.len(),
        met.clone().count(),
        summary.suppressions.len(),
        thousands(summary.suppressions.iter().map(|found| found.hits).sum())
    )?;
    for lookout in met.take(TOP_RULES) {
        writeln!(
            text,
            "  {} of {}: {}, {}",
            counted(lookout.lines, "line"),
            print::plain(&lookout.key),
            lookout.action,
            print::plain(&lookout.reason)
        )?;
    }
    let suppressed = summary.suppressions.iter().filter(|found| found.hits > 0);
    for found in suppressed.take(TOP_RULES) {
        writeln!(
            text,
            "  {} of {} on {} not counted, approved by {}, until {}",
            counted(found.hits, "hit"),
            found.rule,
            print::plain(&found.on()),
            print::plain(&found.approver),
            found.expires
        )?;
    }
    let states = summary.lookouts.iter().map(|lookout| lookout.state);
    let states = states.chain(summary.suppressions.iter().map(|found| found.state));
    let count = |wanted: TermState| {
        states
            .clone()
            .filter(|state| *state == Some(wanted))
            .count()
    };
    let (soon, over) = (count(TermState::ExpiresSoon), count(TermState::Expired));
    if soon + over > 0 {
        writeln!(
            text,
            "  {soon} end within {SOON_DAYS} days, {over} are over: `ch24 rules check` names them"
        )?;
    }
    Ok(())
}

fn write_since(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let Some(since) = &summary.since else {
        return Ok(());
    };
    write!(text, "  since then:")?;
    for mark in Mark::ALL {
        let count = since.shipments.get(&mark).copied().unwrap_or(0);
        write!(text, " {} {},", thousands(count), mark.as_str())?;
    }
    writeln!(
        text,
        " {} gone; {} decided",
        thousands(since.gone),
        thousands(since.decided)
    )
}

/// Rows that are no lines, lines that set no lane of a shipment, and what could not be read.
fn write_not_counted(text: &mut String, summary: &Summary) -> std::fmt::Result {
    if summary.n_superseded + summary.n_context > 0 {
        writeln!(
            text,
            "Filings reconciled: {} rows superseded, {} lines are context of a later stage.",
            thousands(summary.n_superseded),
            thousands(summary.n_context)
        )?;
    }
    for repeated in &summary.repeated_inputs {
        writeln!(text, "Beware: {}.", print::plain(&repeated.text()))?;
    }
    let lines = summary.n_lines + summary.n_superseded;
    writeln!(
        text,
        "{} rows read: {} taken in, {} set aside; {} cells with issues: see issues.csv.",
        thousands(lines + summary.n_set_aside),
        thousands(lines),
        thousands(summary.n_set_aside),
        thousands(summary.n_cell_issues)
    )?;
    match summary.n_not_utf8 {
        0 => Ok(()),
        rows => writeln!(
            text,
            "{} of these rows are not UTF-8 text. {NOT_UTF8_ADVICE}.",
            thousands(rows)
        ),
    }
}

/// Where earlier lines came from, when a store was joined.
fn write_history(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let Some(history) = &summary.history else {
        return Ok(());
    };
    let Some(store) = &history.store else {
        return Ok(());
    };
    let segments = if store.segments == 1 {
        "segment"
    } else {
        "segments"
    };
    writeln!(
        text,
        "History: a store of {} {segments}, and the earlier lines of the input.",
        store.segments
    )?;
    if !history.inputs_in_store.is_empty() {
        let labels = history.inputs_in_store.join(", ");
        writeln!(text, "  in the store already, so counted there: {labels}")?;
    }
    Ok(())
}

fn write_rules(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let mut hit: Vec<&RuleSummary> = summary
        .rules
        .iter()
        .filter(|rule| rule.status == Status::Active && rule.lines > 0)
        .collect();
    hit.sort_by_key(|rule| std::cmp::Reverse(rule.shipments));
    if hit.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nRules that hit most: lines, shipments")?;
    for rule in hit.iter().take(TOP_RULES) {
        writeln!(
            text,
            "  {:<6} {:>7} {:>7}  {}",
            rule.id,
            thousands(rule.lines),
            thousands(rule.shipments),
            rule.title
        )?;
    }
    if hit.len() > TOP_RULES {
        writeln!(text, "  and {} more", hit.len() - TOP_RULES)?;
    }
    Ok(())
}

fn write_not_evaluable(text: &mut String, summary: &Summary) -> std::fmt::Result {
    let active = || {
        summary
            .rules
            .iter()
            .filter(|rule| rule.status == Status::Active)
    };
    let never = active()
        .filter(|rule| rule.not_evaluable == summary.n_lines && summary.n_lines > 0)
        .count();
    let partly = active()
        .filter(|rule| rule.not_evaluable > 0 && rule.not_evaluable < summary.n_lines)
        .count();
    if never + partly == 0 {
        return Ok(());
    }
    writeln!(
        text,
        "\nNot evaluable: {never} rules on any line, {partly} on some, because fields are absent."
    )?;
    let fields: Vec<_> = summary
        .missing_fields
        .iter()
        .filter(|field| field.alone_enables > 0)
        .take(5)
        .collect();
    if !fields.is_empty() {
        let named: Vec<_> = fields
            .iter()
            .map(|field| format!("{} ({} rules)", field.field, field.alone_enables))
            .collect();
        writeln!(
            text,
            "  Fields that alone would enable most: {}",
            named.join(", ")
        )?;
    }
    Ok(())
}
