//! Whether rules drift: precision by quarter of a year, one small drawing per rule.

use crate::report::html::Html;
use crate::report::plot::{Frame, drawing, end_of_axis, path, share};
use crate::tune::{Backtest, Interval, OfRule};
use std::collections::BTreeSet;

/// Rules that are drawn.
const MOST_RULES: usize = 12;
/// Inspected shipments of a quarter that make its interval count for the height of the axis.
const FIRM: f64 = 10.0;

/// Writes a drawing for each of the rules with most inspected shipments.
pub(super) fn write(html: &mut Html, found: &Backtest) {
    let mut rules: Vec<&OfRule> = found.rules.iter().filter(|rule| known(rule) > 1).collect();
    if rules.is_empty() {
        html.leaf_of(
            "p",
            "note",
            "No rule has inspected shipments in more than one quarter.",
        );
        return;
    }
    rules.sort_by(|left, right| {
        let inspected = |rule: &OfRule| rule.counts.inspected;
        inspected(right).total_cmp(&inspected(left))
    });
    let n_rules = rules.len();
    rules.truncate(MOST_RULES);
    let told = match n_rules > rules.len() {
        true => format!(
            "The {} rules with most inspected shipments of {n_rules}.",
            rules.len()
        ),
        false => format!("{n_rules} rules."),
    };
    html.leaf_of("p", "note", format!("{told} Share bad among the inspected of each quarter, with 95 % intervals, all on one scale; the dashed line is the share of all shipments. Intervals that reach beyond the scale end at it; quarters in which none of these rules hit are left out."));
    let all: BTreeSet<&str> = rules
        .iter()
        .flat_map(|rule| rule.quarters.iter().map(|quarter| quarter.name.as_str()))
        .collect();
    let names: Vec<&str> = all.into_iter().collect();
    let base = found.base_rate.map_or(0.0, |base| base.share);
    let largest = rules.iter().flat_map(|rule| points(rule)).fold(
        2.0 * base,
        |largest, (_, inspected, interval)| match inspected >= FIRM {
            true => largest.max(interval.high),
            false => largest.max(interval.share),
        },
    );
    html.element_with("div", &[("class", "multiples")], |html| {
        for (rule, place) in rules.into_iter().zip(1_u32..) {
            of_rule(html, (rule, place), &names, (base, largest));
        }
    });
}

/// Quarters in which something was inspected.
fn known(rule: &OfRule) -> usize {
    points(rule).count()
}

fn points(rule: &OfRule) -> impl Iterator<Item = (&str, f64, Interval)> {
    rule.quarters.iter().filter_map(|quarter| {
        let interval = Interval::wilson(quarter.counts.bad, quarter.counts.inspected)?;
        Some((quarter.name.as_str(), quarter.counts.inspected, interval))
    })
}

fn of_rule(
    html: &mut Html,
    (rule, place): (&OfRule, u32),
    names: &[&str],
    (base, largest): (f64, f64),
) {
    let (up, _) = end_of_axis(largest);
    let frame = Frame {
        width: 300.0,
        height: 150.0,
        left: 40.0,
        bottom: 24.0,
        across: names.len() as f64,
        up,
    };
    let at = |name: &str| {
        let place = names.iter().position(|known| *known == name);
        place.map_or(0.0, |place| place as f64 + 0.5)
    };
    let title = format!("{}: share bad by quarter", rule.id);
    let told: Vec<String> = points(rule)
        .map(|(name, inspected, interval)| {
            format!(
                "{name} {} of {}",
                share(interval.share),
                super::whole(inspected)
            )
        })
        .collect();
    html.element_with("figure", &[("class", "multiple")], |html| {
        html.leaf("figcaption", &rule.id);
        let id = format!("drift-{place}");
        let size = (frame.width, frame.height);
        drawing(html, &id, (&title, &told.join("; ")), size, |html| {
            frame.shares_up(html, 2);
            frame.level(html, base);
            let line = points(rule)
                .map(|(name, _, interval)| (frame.x(at(name)), frame.y(interval.share)));
            path(html, "curve thin", line);
            for (name, _, interval) in points(rule) {
                let values = (interval.low, interval.share, interval.high);
                frame.interval(html, at(name), values);
            }
            for name in ends(names) {
                frame.label(html, at(name), 16.0, name);
            }
        });
    });
}

/// The names that have room: all of few, else the first and the last.
fn ends<'a>(names: &[&'a str]) -> Vec<&'a str> {
    match names {
        [first, _, _, _, .., last] => vec![first, last],
        few => few.to_vec(),
    }
}
