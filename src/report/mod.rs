//! A finished run -> one HTML page that explains itself.
//!
//! What comes in: the account of the run, its shipments and its ranked entities. What goes out: one self-contained page
//! in the order in which a targeting analyst reads, without scripts and without anything from elsewhere. This module
//! decides nothing, and never shows who was drawn at random. Every text goes through `html.rs`; read that first, then
//! one file per part of the page.

mod html;
#[cfg_attr(
    not(feature = "tables"),
    expect(dead_code, reason = "the page of a run needs entities that are ranked")
)]
mod words;
mod backtest;
mod dossier;
#[cfg_attr(
    not(feature = "tables"),
    expect(dead_code, reason = "the page of a run needs entities that are ranked")
)]
mod table;
#[cfg(feature = "tables")]
mod headline;
#[cfg(feature = "tables")]
mod counts;
#[cfg(feature = "tables")]
mod flagged;
#[cfg(feature = "tables")]
mod evidence;
#[cfg(feature = "tables")]
mod hit_rules;
#[cfg(feature = "tables")]
mod parties;
#[cfg(feature = "tables")]
mod gaps;
#[cfg(feature = "tables")]
#[cfg(test)]
mod tests;

pub use backtest::{Origin, backtest_page};
pub use dossier::{dossier_page, release_page};

#[cfg(feature = "tables")]
use crate::entity::RankedEntity;
#[cfg(feature = "tables")]
use crate::summary::Summary;
#[cfg(feature = "tables")]
use crate::write::Finished;
use html::Html;

/// The parts of the page that the contents list, in order: anchor and title.
#[cfg(feature = "tables")]
const PARTS: [(&str, &str); 6] = [
    ("counts", "Lanes, queues, themes"),
    ("red", "Red shipments"),
    ("yellow", "Yellow shipments"),
    ("rules", "Rules that hit"),
    ("parties", "Parties"),
    ("gaps", "What could not be judged"),
];

/// One self-contained page, readable with scripts off.
#[cfg(feature = "tables")]
pub fn page(run: &Finished<'_>, summary: &Summary, entities: &[RankedEntity<'_>]) -> String {
    let mut html = Html::default();
    html.raw("<!DOCTYPE html>\n");
    html.element_with("html", &[("lang", "en-US")], |html| {
        html.element("head", |html| {
            head(html, "ch24: shipments to look at");
        });
        html.element("body", |html| {
            headline::write(html, run, summary);
            html.element("main", |html| {
                part(html, "counts", |html| counts::write(html, summary));
                part(html, "red", |html| flagged::write_red(html, run, summary));
                part(html, "yellow", |html| flagged::write_yellow(html, run, summary));
                part(html, "rules", |html| hit_rules::write(html, run, summary));
                part(html, "parties", |html| parties::write(html, run, summary, entities));
                part(html, "gaps", |html| gaps::write(html, run, summary));
            });
            html.element("footer", |html| {
                html.leaf("p", "A red flag is a reason to look, never a finding. Every shipment is in the table of shipments, every line in that of lines, beside this page.");
            });
        });
    });
    html.raw("\n");
    html.finish()
}

fn head(html: &mut Html, title: &'static str) {
    html.raw("<meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">");
    // Nothing is loaded, run or sent, even if a mistake in this module let markup through.
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">");
    html.raw("<meta name=\"robots\" content=\"noindex\">");
    html.leaf("title", title);
    html.element("style", |html| html.raw(include_str!("style.css")));
}

/// A part of the page under its title.
#[cfg(feature = "tables")]
fn part(html: &mut Html, anchor: &'static str, inner: impl FnOnce(&mut Html)) {
    let title = PARTS
        .iter()
        .find(|(known, _)| *known == anchor)
        .map_or("", |(_, title)| title);
    html.element_with("section", &[("id", anchor)], |html| {
        html.leaf("h2", title);
        inner(html);
    });
}
