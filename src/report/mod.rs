//! A finished run -> one HTML page that explains itself.
//!
//! What comes in: the account of the run, its shipments and its ranked entities. What goes out: one self-contained page
//! in the order in which a targeting analyst reads, without scripts and without anything from elsewhere. This module
//! decides nothing, and never shows who was drawn at random. Every text goes through `html.rs`; read that first, then
//! one file per part of the page.

mod frame;
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
mod notices;
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
#[cfg(feature = "tables")]
use frame::part;

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
    frame::page("ch24: shipments to look at", "", |html| {
        headline::write(html, run, summary);
        html.element("main", |html| {
            part(html, &PARTS, "counts", |html| counts::write(html, summary));
            part(html, &PARTS, "red", |html| {
                flagged::write_red(html, run, summary);
            });
            part(html, &PARTS, "yellow", |html| {
                flagged::write_yellow(html, run, summary);
            });
            notices::write(html, summary);
            part(html, &PARTS, "rules", |html| {
                hit_rules::write(html, run, summary);
            });
            part(html, &PARTS, "parties", |html| {
                parties::write(html, run, summary, entities);
            });
            part(html, &PARTS, "gaps", |html| gaps::write(html, run, summary));
        });
        html.element("footer", |html| {
                html.leaf("p", "A red flag is a reason to look, never a finding. Every shipment is in the table of shipments, every line in that of lines, beside this page.");
            });
    })
}
