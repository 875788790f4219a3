//! A backtest -> one page: what the pack would have found, and what each rule is worth.
//!
//! Nothing is decided here; every number stands in backtest.json too. `report/plot.rs` draws frames and marks; then one file per
//! part of the page.

mod bands;
mod cost;
mod drift;
mod gains;
mod overlap;
mod scorecard;

use super::frame::{contents, main_part, page, part};
use super::html::Html;
use super::plot::{share, told};
use super::words::count;
use crate::summary::thousands;
use crate::tune::{Backtest, Interval, Verdict};

/// The parts of the page: anchor and title.
const PARTS: [(&str, &str); 7] = [
    ("gains", "What the first looks find"),
    ("bands", "Scores, lanes, themes"),
    ("rules", "Rules"),
    ("overlap", "Rules that hit the same shipments"),
    ("drift", "Drift"),
    ("cost", "Cost"),
    ("limits", "What these figures are not"),
];

/// What a backtest was made of.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The inputs, by label.
    pub inputs: Vec<String>,
    /// Hash of the rule pack.
    pub pack: String,
    /// The file of outcomes; none: the inputs had them.
    pub labels: Option<String>,
}

/// The page: self-contained, without scripts.
pub fn backtest_page(found: &Backtest, origin: &Origin) -> String {
    page(
        "ch24: backtest of rules",
        include_str!("backtest.css"),
        |html| {
            header(html, found, origin);
            main_part(html, |html| {
                part(html, &PARTS, "gains", |html| gains::write(html, found));
                part(html, &PARTS, "bands", |html| bands::write(html, found));
                part(html, &PARTS, "rules", |html| scorecard::write(html, found));
                part(html, &PARTS, "overlap", |html| overlap::write(html, found));
                part(html, &PARTS, "drift", |html| drift::write(html, found));
                if found.cost.is_some() {
                    part(html, &PARTS, "cost", |html| cost::write(html, found));
                }
                part(html, &PARTS, "limits", limits);
            });
            html.element("footer", |html| {
                html.leaf("p", "Internal: who knows what rules find and miss can evade them. A red flag is a reason to look, never a finding.");
            });
        },
    )
}

fn header(html: &mut Html, found: &Backtest, origin: &Origin) {
    html.element("header", |html| {
        html.element_with("p", &[("class", "program")], |html| {
            html.text("ch24 · USMCA Chapter 24 shipment targeting · backtest ");
            html.leaf_of("strong", "mark", "INTERNAL · NOT FOR RELEASE");
        });
        html.leaf("h1", title(found));
        html.leaf_of("p", "lead", "Internal: who knows what rules find and miss can evade them. A red flag is a reason to look, never a finding.");
        tiles(html, found);
        html.element_with("dl", &[("class", "facts")], |html| {
            let read = format!("{} in {}", count(found.n_lines, "line"), count(number(found.all.shipments), "shipment"));
            fact(html, "Read", &read);
            fact(html, "From", &inputs(origin));
            fact(html, "Outcomes", origin.labels.as_deref().unwrap_or("in the inputs"));
            fact(html, "Rule pack", origin.pack.get(..12).unwrap_or(&origin.pack));
            fact(html, "Capacity", &count(found.capacity, "shipment"));
            if found.n_unused_labels > 0 {
                let unused = format!("{} that name nothing in the data", count(found.n_unused_labels, "label"));
                fact(html, "Not used", &unused);
            }
        });
        let parts = PARTS.iter().filter(|(anchor, _)| *anchor != "cost" || found.cost.is_some());
        contents(html, parts);
    });
}

fn title(found: &Backtest) -> String {
    let at_capacity = found
        .gains
        .iter()
        .find(|gain| (gain.capacity - found.capacity as f64).abs() < 0.5);
    match at_capacity.and_then(|gain| gain.recall) {
        None => "No bad shipment is known in this data".to_owned(),
        Some(recall) => format!(
            "{} of the bad shipments stand among the first {}",
            share(recall),
            thousands(found.capacity)
        ),
    }
}

fn tiles(html: &mut Html, found: &Backtest) {
    let of = |verdict: Verdict| {
        let rules = found.rules.iter().filter(|rule| rule.evaluable > 0);
        rules.filter(|rule| rule.verdict == verdict).count() as u64
    };
    let all = found.all;
    let inspected = match all.shipments > 0.0 {
        true => share(all.inspected / all.shipments),
        false => "–".to_owned(),
    };
    html.element_with("ul", &[("class", "tiles")], |html| {
        tile(
            html,
            "plain",
            &whole(all.inspected),
            "Inspected",
            &format!("{inspected} of all shipments. Nothing is known of the others."),
        );
        let base = found.base_rate.map_or_else(
            || "–".to_owned(),
            |base| format!("{} of the inspected.", told(base)),
        );
        tile(html, "red", &whole(all.bad), "Bad", &base);
        tile(
            html,
            "plain",
            &found.quality.auc.map_or_else(|| "–".to_owned(), three),
            "AUC",
            "Chance that a bad shipment ranks before a good one; 0.5 is a coin.",
        );
        tile(
            html,
            "verify",
            &thousands(of(Verdict::Keep)),
            "Rules to keep",
            "Surely better than chance, or no reason to touch them.",
        );
        tile(
            html,
            "yellow",
            &thousands(of(Verdict::Tune)),
            "To tune",
            "Too little is known, or no better than chance.",
        );
        tile(
            html,
            "red",
            &thousands(of(Verdict::Retire)),
            "To retire",
            "Surely worse than chance.",
        );
    });
}

fn tile(html: &mut Html, color: &str, number: &str, what: &str, about: &str) {
    html.element_with("li", &[("data-color", color)], |html| {
        html.leaf("strong", number);
        html.leaf_of("span", "what", what);
        html.leaf_of("span", "about", about);
    });
}

fn fact(html: &mut Html, name: &'static str, text: &str) {
    html.element("div", |html| {
        html.leaf("dt", name);
        html.leaf("dd", text);
    });
}

/// Inputs that are named, at most.
const MAX_INPUTS: usize = 5;

fn inputs(origin: &Origin) -> String {
    let mut names: Vec<String> = origin.inputs.iter().take(MAX_INPUTS).cloned().collect();
    if origin.inputs.len() > MAX_INPUTS {
        names.push(format!("{} more", origin.inputs.len() - MAX_INPUTS));
    }
    names.join(", ")
}

fn limits(html: &mut Html) {
    html.element("ul", |html| {
        for text in [
            "Precision is that of inspected shipments. Who was never looked at is neither bad nor in order, and shipments that were looked at were not chosen by chance: a rule that people followed in the past has more inspected hits than one that they did not. ch24 estimate weighs by the chance of each shipment to be seen.",
            "Bad means found bad. What an examination overlooks counts as in order, so shares are floors.",
            "Intervals are of 95 % (Wilson 1927) and take shipments as independent. Of a hundred rules five lie outside of theirs by chance alone.",
            "A backtest on data that a pack was tuned on flatters it. Judge on later data.",
            "A share bad says something of shipments that a rule hits, and nothing of anyone who stands on one.",
        ] {
            html.leaf("li", text);
        }
    });
}

/// A share with its interval; none where nothing was inspected.
fn interval(interval: Option<Interval>) -> Option<String> {
    interval.map(told)
}

fn number(count: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of shipments"
    )]
    let count = count.round() as u64;
    count
}

/// A number of shipments.
fn whole(count: f64) -> String {
    thousands(number(count))
}

fn three(number: f64) -> String {
    format!("{number:.3}")
}

/// The name of a theme, as the other pages write it.
fn theme_name(theme: &str) -> &str {
    let known = crate::rules::SCORED_THEMES
        .iter()
        .find(|known| known.as_str() == theme);
    known.map_or(theme, |known| super::words::theme(*known))
}
