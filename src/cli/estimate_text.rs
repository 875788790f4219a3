//! An estimate as text for a terminal.

use super::print::plain;
use crate::estimate::{Bounded, Estimate, Needed, OfRule, OfTheme};
use crate::summary::thousands;
use std::fmt::Write;

/// Rules that are shown; JSON has all.
const SHOWN: usize = 25;

/// Writes the tables, the most telling first.
pub(super) fn text(found: &Estimate) -> String {
    let mut text = String::new();
    write(&mut text, found).expect("a string takes any text");
    text
}

fn write(text: &mut String, found: &Estimate) -> std::fmt::Result {
    runs(text, found)?;
    strata(text, found)?;
    writeln!(
        text,
        "\nBad, 95 % interval  shipments            of all shipments       missed, of all bad"
    )?;
    for theme in std::iter::once(&found.all).chain(&found.themes) {
        of_theme(text, theme)?;
    }
    writeln!(
        text,
        "  Missed: bad, and neither red nor yellow but for the draw."
    )?;
    if found.without_theme > 0 {
        writeln!(
            text,
            "  {} bad outcomes name no theme and count in each.",
            thousands(found.without_theme)
        )?;
    }
    draws(text, found)?;
    rules(text, found)?;
    writeln!(
        text,
        "\nShipments without an outcome are taken to be like those with one: in red and yellow like others of the lane, among the\ndrawn like other drawn ones. Where that does not hold, no interval here does. A red flag is a reason to look, never a finding."
    )
}

fn runs(text: &mut String, found: &Estimate) -> std::fmt::Result {
    let days: Vec<&str> = found
        .runs
        .iter()
        .filter_map(|run| run.as_of.as_deref())
        .collect();
    let days = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => format!(" of {first} to {last}"),
        (Some(day), _) => format!(" of {day}"),
        _ => String::new(),
    };
    let s = if found.runs.len() == 1 { "" } else { "s" };
    writeln!(
        text,
        "{} run{s}{days}, {} shipments.",
        found.runs.len(),
        thousands(found.shipments)
    )?;
    let later: u64 = found.runs.iter().map(|run| run.later).sum();
    if later > 0 {
        writeln!(
            text,
            "{} stand in several runs and count with the last.",
            thousands(later)
        )?;
    }
    for (count, what) in [
        (
            found.unknown_outcomes,
            "shipments with an outcome stand in none of these runs.",
        ),
        (
            found.unknown_lines,
            "lines with an outcome stand in none of these runs.",
        ),
    ] {
        if count > 0 {
            writeln!(text, "{} {what}", thousands(count))?;
        }
    }
    Ok(())
}

fn strata(text: &mut String, found: &Estimate) -> std::fmt::Result {
    writeln!(
        text,
        "\nHow shipments came to be looked at\n               shipments to look at   with outcome    bad  share bad, of all"
    )?;
    for stratum in &found.strata {
        let name = match stratum.name {
            "draw" => "not selected",
            name => name,
        };
        writeln!(
            text,
            "  {name:<12} {:>9} {:>10} {:>6} {:>7} {:>6}  {}",
            whole(stratum.shipments),
            whole(stratum.sampled),
            whole(stratum.inspected),
            percent(stratum.inspected_share),
            whole(stratum.bad),
            bounded(stratum.share, share),
        )?;
    }
    if found.out_of_reach > 0 {
        writeln!(
            text,
            "  {} more are neither selected nor reached by a draw: no estimate speaks of them.",
            thousands(found.out_of_reach)
        )?;
    }
    if found.unplanned.inspected > 0 {
        writeln!(
            text,
            "  {} were looked at though nothing selected or drew them, {} bad: they have no weight and are in no estimate.",
            thousands(found.unplanned.inspected),
            thousands(found.unplanned.bad)
        )?;
    }
    Ok(())
}

fn of_theme(text: &mut String, of: &OfTheme) -> std::fmt::Result {
    writeln!(
        text,
        "  {:<17} {:<20} {:<22} {}",
        of.theme,
        bounded(of.bad, number),
        bounded(of.prevalence, share),
        bounded(of.missed_share, share)
    )?;
    if let Some(in_scope) = of.in_scope {
        writeln!(
            text,
            "                    of {} in scope {}",
            thousands(in_scope),
            bounded(of.prevalence_in_scope, share)
        )?;
    }
    if let (Some(unhit), "all") = (of.unhit_share, of.theme) {
        writeln!(
            text,
            "                    of all bad ones, hit by no rule {}",
            bounded(Some(unhit), share)
        )?;
    }
    Ok(())
}

fn draws(text: &mut String, found: &Estimate) -> std::fmt::Result {
    let themes = std::iter::once(&found.all).chain(&found.themes);
    let needed: Vec<(&str, Needed)> = themes
        .filter_map(|of| Some((of.theme, of.needed?)))
        .collect();
    if needed.is_empty() {
        return writeln!(
            text,
            "\nNothing was drawn and inspected, so what is missed is not known: set `random` in the policy."
        );
    }
    writeln!(
        text,
        "\nDraws for     an interval of                        inspected draws share to draw"
    )?;
    for (theme, needed) in needed {
        let least = if needed.is_least { "at least " } else { "" };
        writeln!(
            text,
            "  {theme:<9} {:<37} {:>15} {:>13}",
            format!(
                "{} ± {} of those not selected",
                percent(Some(needed.planned_share)),
                percent(Some(needed.half_width))
            ),
            format!("{least}{}", thousands(needed.draws)),
            percent(Some(needed.share))
        )?;
    }
    Ok(())
}

fn rules(text: &mut String, found: &Estimate) -> std::fmt::Result {
    let mut rules: Vec<&OfRule> = found.rules.iter().collect();
    rules.sort_by(|left, right| right.shipments.total_cmp(&left.shipments));
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(
        text,
        "\nRules   hits selected inspected drawn  bad, selected     bad, all hits"
    )?;
    for rule in rules.iter().take(SHOWN) {
        writeln!(
            text,
            "  {:<6} {:>5} {:>8} {:>9} {:>5}  {:<17} {}",
            plain(&rule.id),
            whole(rule.shipments),
            whole(rule.selected),
            whole(rule.selected_inspected),
            whole(rule.drawn_inspected),
            bounded(rule.precision_selected, short_share),
            bounded(rule.precision, short_share)
        )?;
    }
    if rules.len() > SHOWN {
        writeln!(text, "  and {} more: --json", rules.len() - SHOWN)?;
    }
    Ok(())
}

/// A share where there is little room.
fn short_share(share: f64) -> String {
    match share < 0.0995 {
        true => format!("{:.1} %", 100.0 * share),
        false => format!("{:.0} %", 100.0 * share),
    }
}

/// A number with its interval; a known one alone, and a dash for none.
fn bounded(found: Option<Bounded>, written: fn(f64) -> String) -> String {
    match found {
        None => "-".to_owned(),
        Some(found) if found.high - found.low < 1e-9 => written(found.estimate),
        Some(found) => format!(
            "{} ({} to {})",
            written(found.estimate),
            written(found.low).trim_end_matches(" %"),
            written(found.high).trim_end_matches(" %")
        ),
    }
}

/// A number that is a count.
fn whole(count: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of shipments"
    )]
    let count = count.round() as u64;
    thousands(count)
}

/// An estimated number: with a decimal where it is small.
fn number(number: f64) -> String {
    match number.fract() == 0.0 || number >= 100.0 {
        true => whole(number),
        false => format!("{number:.1}"),
    }
}

fn percent(part: Option<f64>) -> String {
    part.map_or_else(|| "-".to_owned(), share)
}

/// A share in percent: with two digits that tell something where it is small.
fn share(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        0.0 => "0 %".to_owned(),
        percent if percent < 0.1 => format!("{percent:.3} %"),
        percent if percent < 1.0 => format!("{percent:.2} %"),
        percent => format!("{percent:.1} %"),
    }
}
