//! Each rule: what it found, what to do with it, and why.

use crate::report::html::Html;
use crate::report::plot::interval_strip;
use crate::report::table::{Align, Columns, badge, grouped_table, head_id, right, row};
use crate::report::words::count;
use crate::tune::{Backtest, Interval, OfRule, Verdict};

const RULES: Columns = &[
    ("Rule", Align::Left),
    ("Verdict", Align::Left),
    ("Points", Align::Right),
    ("Hits", Align::Right),
    ("Only it", Align::Right),
    ("Inspected", Align::Right),
    ("Bad", Align::Right),
    ("Bad among inspected", Align::Right),
    ("", Align::Bar),
    ("Lift", Align::Right),
    ("At capacity", Align::Right),
    ("Last hit", Align::Left),
    ("Why", Align::Left),
];

/// The order of the table, and the color of each verdict.
const VERDICTS: [(Verdict, &str, &str); 3] = [
    (Verdict::Keep, "keep", "verify"),
    (Verdict::Tune, "tune", "yellow"),
    (Verdict::Retire, "retire", "red"),
];

/// Writes the table, and names what could not be evaluated.
pub(super) fn write(html: &mut Html, found: &Backtest) {
    html.leaf_of("p", "note", "Hits are shipments. Only it: no other active rule hits them. At capacity: bad shipments that would drop out of what can be looked at without the rule, less those that would come in. The drawing shows the share bad with its 95 % interval from 0 to 100 %, and the share of all shipments as a line across.");
    let caption = "Rules by verdict, then by bad shipments";
    grouped_table(html, caption, RULES, |html| {
        for (verdict, word, color) in VERDICTS {
            let mut rules: Vec<&OfRule> = found
                .rules
                .iter()
                .filter(|rule| rule.verdict == verdict && rule.evaluable > 0)
                .collect();
            rules.sort_by(|left, right| {
                let worth = |rule: &OfRule| rule.counts.bad;
                let hits = |rule: &OfRule| rule.counts.shipments;
                let by_worth = worth(right).total_cmp(&worth(left));
                by_worth.then(hits(right).total_cmp(&hits(left)))
            });
            if rules.is_empty() {
                continue;
            }
            html.element("tbody", |html| {
                for rule in rules {
                    of_rule(html, rule, (word, color), found.base_rate);
                }
            });
        }
    });
    let absent: Vec<&str> = found
        .rules
        .iter()
        .filter(|rule| rule.evaluable == 0)
        .map(|rule| rule.id.as_str())
        .collect();
    if !absent.is_empty() {
        html.element("details", |html| {
            let text = format!(
                "{} cannot be evaluated here: their fields are absent",
                count(absent.len() as u64, "rule")
            );
            html.leaf("summary", text);
            html.leaf("p", absent.join(", "));
        });
    }
}

fn of_rule(
    html: &mut Html,
    rule: &OfRule,
    (word, color): (&'static str, &'static str),
    base: Option<Interval>,
) {
    row(html, |html| {
        head_id(html, &rule.id);
        html.element("td", |html| {
            badge(html, color, word);
            if !rule.is_active {
                badge(html, "", "draft");
            }
        });
        right(html, Some(rule.points));
        for number in [
            rule.counts.shipments,
            rule.unique.shipments,
            rule.counts.inspected,
            rule.counts.bad,
        ] {
            right(html, Some(super::whole(number)));
        }
        right(html, super::interval(rule.precision));
        html.element_with("td", &[("class", "b"), ("aria-hidden", "true")], |html| {
            if let Some(precision) = rule.precision {
                interval_strip(html, precision, base);
            }
        });
        right(html, rule.lift.map(|lift| format!("{lift:.1}")));
        right(html, Some(signed(rule.marginal_bad)));
        html.leaf_of("td", "date", rule.last.as_deref().unwrap_or("–"));
        html.leaf("td", &rule.why);
    });
}

fn signed(number: f64) -> String {
    let tenths = (number * 10.0).round() / 10.0;
    match tenths {
        0.0 => "0".to_owned(),
        tenths if tenths > 0.0 => format!("+{tenths:.1}"),
        tenths => format!("−{:.1}", -tenths),
    }
}
