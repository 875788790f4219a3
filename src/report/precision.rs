//! Rules by what was found where somebody looked.

use super::hit_rules::anchor;
use super::html::Html;
use super::plot::{interval_strip, share, told};
use super::table::{Align, Columns, cell, folding_table, number, right, row};
use super::tally::{Outcomes, Tally};
use super::words::{count, short, thousands};
use crate::rules::{Rule, RuleId};
use crate::tune::Interval;
use crate::write::Finished;
use std::cmp::Reverse;

/// Rules that are shown.
pub(super) const MAX_RULES: usize = 60;
/// Those that are shown at once.
const MAX_OPEN: usize = 15;

const RULES: Columns = &[
    ("Rule", Align::Left),
    ("Title", Align::Left),
    ("Examined", Align::Right),
    ("Bad", Align::Right),
    ("Bad among examined", Align::Right),
    ("", Align::Bar),
];

/// Writes the table, or says how a run comes to have one.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, tally: &Tally) {
    html.element_with("h3", &[("id", "precision")], |html| {
        html.text("By what was found");
    });
    let all = tally.examined.all;
    if all.examined == 0 {
        html.note("No line of this run carries an outcome. `ch24 outcomes import` takes results of inspections in, and `ch24 backtest` says what each rule has been worth.");
        return;
    }
    html.note(&note(all));
    let mut rules: Vec<_> = run
        .rules
        .ids()
        .zip(&run.rules.rules)
        .zip(&tally.examined.of_rule)
        .map(|((id, rule), outcomes)| (id, rule, *outcomes))
        .filter(|(_, rule, outcomes)| outcomes.examined > 0 && !rule.mitigates)
        .collect();
    rules.sort_by_cached_key(|(id, _, outcomes)| {
        // What is surely good stands before what may be so by chance.
        (Reverse(surely(*outcomes)), Reverse(outcomes.bad), *id)
    });
    let shown = &rules[..rules.len().min(MAX_RULES)];
    let lengths = (MAX_OPEN, shown.len());
    let caption = match rules.len() > MAX_RULES {
        true => format!(
            "Rules by precision: the first {MAX_RULES} of {}",
            rules.len()
        ),
        false => "Rules by precision".to_owned(),
    };
    folding_table(html, &caption, RULES, lengths, |html, range| {
        for (id, rule, outcomes) in &shown[range] {
            of_rule(html, (*id, rule), *outcomes, all);
        }
    });
}

fn note(all: Outcomes) -> String {
    let base = interval(all).map_or(String::new(), |interval| {
        format!(", {}", share(interval.share))
    });
    format!(
        "{} of this run {} an outcome, of which {} {} bad{base}: the line across. Shipments were seldom examined by chance, so these are shares of what somebody chose to examine. Ordered by the lower end of the 95 % interval, so that a few lucky hits do not come first; `ch24 backtest` weighs rules against each other.",
        count(all.examined, "shipment"),
        if all.examined == 1 { "has" } else { "have" },
        thousands(all.bad),
        if all.bad == 1 { "was" } else { "were" },
    )
}

fn interval(outcomes: Outcomes) -> Option<Interval> {
    Interval::wilson(outcomes.bad as f64, outcomes.examined as f64)
}

/// The lower end of the interval in millionths.
fn surely(outcomes: Outcomes) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share, from 0 to 1"
    )]
    interval(outcomes).map_or(0, |interval| (interval.low * 1e6).round() as u64)
}

fn of_rule(html: &mut Html, (id, rule): (RuleId, &Rule), outcomes: Outcomes, all: Outcomes) {
    row(html, |html| {
        html.element_with("th", &[("scope", "row"), ("class", "key")], |html| {
            html.element_with("a", &[("href", &format!("#{}", anchor(id)))], |html| {
                html.text(&rule.id);
            });
        });
        cell(html, Some(short(&rule.title)));
        number(html, outcomes.examined);
        number(html, outcomes.bad);
        let precision = interval(outcomes);
        right(html, precision.map(told));
        html.element_with("td", &[("class", "b"), ("aria-hidden", "true")], |html| {
            if let Some(precision) = precision {
                interval_strip(html, precision, interval(all));
            }
        });
    });
}
