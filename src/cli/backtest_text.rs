//! A backtest as text for a terminal of 80 columns.

use crate::tune::{Backtest, Band, Cost, Counts, Gain, Interval, OfRule, Verdict};
use std::fmt::Write;

/// Rules that are shown of each verdict; JSON has all.
const SHOWN: usize = 15;

/// Writes the tables, the most telling first.
pub(super) fn text(found: &Backtest) -> String {
    let mut text = String::new();
    let all = found.all;
    line(
        &mut text,
        format_args!(
            "{} lines, {} shipments, {} inspected ({}), {} bad: base rate {}.",
            found.n_lines,
            all.shipments,
            all.inspected,
            percent(Some(all.inspected / all.shipments)),
            all.bad,
            share(found.base_rate),
        ),
    );
    if found.n_unused_labels > 0 {
        line(
            &mut text,
            format_args!(
                "{} labels name no line or shipment of the data.",
                found.n_unused_labels
            ),
        );
    }
    line(
        &mut text,
        format_args!(
            "\nBad before good: AUC {}, average precision {}.",
            number(found.quality.auc),
            number(found.quality.average_precision)
        ),
    );
    for theme in &found.themes {
        let (auc, average) = (
            number(theme.quality.auc),
            number(theme.quality.average_precision),
        );
        line(
            &mut text,
            format_args!(
                "  {:9} bad {:>8}   AUC {auc}   average precision {average}",
                theme.theme, theme.bad
            ),
        );
    }
    line(
        &mut text,
        format_args!("\nScore      shipments  inspected      bad  bad among inspected"),
    );
    found
        .bands
        .iter()
        .for_each(|band| band_line(&mut text, band));
    line(&mut text, format_args!("Lane"));
    found
        .lanes
        .iter()
        .for_each(|lane| band_line(&mut text, lane));
    line(
        &mut text,
        format_args!("\nLooked at   bad found  of all bad    lift  next one  bad among inspected"),
    );
    found
        .gains
        .iter()
        .for_each(|gain| gain_line(&mut text, gain));
    let daily = found.per_port_and_day.iter();
    match daily.clone().any(|gain| gain.counts.shipments > 0.0) {
        true => {
            line(&mut text, format_args!("Per port and day"));
            daily.for_each(|gain| gain_line(&mut text, gain));
        }
        false => line(
            &mut text,
            format_args!("Per port and day: nothing, as no shipment has both"),
        ),
    }
    for (verdict, title) in [
        (Verdict::Keep, "Keep: surely better than chance"),
        (
            Verdict::Tune,
            "Tune: too few inspected to tell, or no better than chance",
        ),
        (Verdict::Retire, "Retire: worse than chance"),
    ] {
        rules(&mut text, found, verdict, title);
    }
    costs(&mut text, found);
    unjudged(&mut text, found);
    let note = "\nPrecision is that of inspected shipments; who was never looked at is neither bad nor in order.";
    line(&mut text, format_args!("{note}"));
    text
}

/// Rules of which these data say nothing.
fn unjudged(text: &mut String, found: &Backtest) {
    let hits_nothing = |rule: &&OfRule| rule.evaluable > 0 && rule.counts.shipments <= 0.0;
    let unhit = found.rules.iter().filter(hits_nothing).count();
    if unhit > 0 {
        line(
            text,
            format_args!(
                "\n{unhit} rules hit nothing here; these data may hold none of their goods."
            ),
        );
    }
    let absent = found
        .rules
        .iter()
        .filter(|rule| rule.evaluable == 0)
        .count();
    if absent > 0 {
        line(
            text,
            format_args!("\n{absent} rules cannot be evaluated here: their fields are absent."),
        );
    }
}

/// Rules that are shown by what they cost.
const DEAREST: usize = 15;

fn costs(text: &mut String, found: &Backtest) {
    let Some(pack) = found.cost else { return };
    let costs = found
        .rules
        .iter()
        .filter_map(|rule| Some((rule, rule.cost?)));
    let mut costs: Vec<(&OfRule, Cost)> = costs.collect();
    let whole = |cost: &Cost| cost.condition_ns + cost.first_pass_ns.unwrap_or(0.0);
    costs.sort_by(|left, right| whole(&right.1).total_cmp(&whole(&left.1)));
    line(
        text,
        format_args!(
            "\nCost, ns per row on one core: all conditions together {:.0}, of them the scopes of themes {:.0}; {} rows.\nEach rule as if it were alone (they share what they ask, so the sum is not the whole):",
            pack.condition_ns, pack.scopes_ns, pack.rows
        ),
    );
    line(text, format_args!("          condition  first pass"));
    for (rule, cost) in costs.iter().take(DEAREST) {
        let first_pass = cost.first_pass_ns;
        let first_pass = first_pass.map_or("-".to_owned(), |ns| format!("{ns:.0}"));
        line(
            text,
            format_args!("  {:8}{:9.1} {first_pass:>11}", rule.id, cost.condition_ns),
        );
    }
}

fn rules(text: &mut String, found: &Backtest, verdict: Verdict, title: &str) {
    let mut of_verdict: Vec<&OfRule> = found
        .rules
        .iter()
        .filter(|rule| rule.verdict == verdict && rule.evaluable > 0)
        .filter(|rule| rule.counts.shipments > 0.0)
        .collect();
    if of_verdict.is_empty() {
        return;
    }
    let worth = |rule: &OfRule| (rule.counts.bad, rule.counts.shipments);
    of_verdict.sort_by(|left, right| {
        worth(right)
            .partial_cmp(&worth(left))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    line(text, format_args!("\n{title} ({} rules)", of_verdict.len()));
    line(
        text,
        format_args!("        points   hits  only inspected   bad at capacity  precision"),
    );
    for rule in of_verdict.iter().take(SHOWN) {
        let Counts {
            shipments,
            inspected,
            bad,
        } = rule.counts;
        let status = if rule.is_active { "" } else { " draft" };
        line(
            text,
            format_args!(
                "  {:6}{:6} {shipments:6} {:5} {inspected:9} {bad:5} {:+11.1}  {}{status}",
                rule.id,
                rule.points,
                rule.unique.shipments,
                rule.marginal_bad,
                share(rule.precision),
            ),
        );
    }
    if of_verdict.len() > SHOWN {
        line(
            text,
            format_args!("  and {} more: --json", of_verdict.len() - SHOWN),
        );
    }
}

fn band_line(text: &mut String, band: &Band) {
    let Counts {
        shipments,
        inspected,
        bad,
    } = band.counts;
    line(
        text,
        format_args!(
            "  {:8} {shipments:9} {inspected:10} {bad:8}  {}",
            band.name,
            share(band.precision)
        ),
    );
}

fn gain_line(text: &mut String, gain: &Gain) {
    line(
        text,
        format_args!(
            "  {:9} {:10.1} {:>11} {:>7} {:>9}  {}",
            gain.capacity,
            gain.counts.bad,
            percent(gain.recall),
            gain.lift
                .map_or("-".to_owned(), |lift| format!("{lift:.1}")),
            percent(gain.next),
            share(gain.precision)
        ),
    );
}

/// A share with its interval, in percent.
pub(super) fn share(interval: Option<Interval>) -> String {
    interval.map_or("-".to_owned(), |interval| {
        format!(
            "{} ({:.1} to {:.1})",
            percent(Some(interval.share)),
            100.0 * interval.low,
            100.0 * interval.high
        )
    })
}

fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share))
}

fn number(number: Option<f64>) -> String {
    number.map_or("-".to_owned(), |number| format!("{number:.3}"))
}

fn line(text: &mut String, written: std::fmt::Arguments<'_>) {
    writeln!(text, "{written}").expect("a string takes any text");
}
