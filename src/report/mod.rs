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
mod plot;
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
mod tally;
#[cfg(feature = "tables")]
mod scores;
#[cfg(feature = "tables")]
mod ports;
#[cfg(feature = "tables")]
mod corridors;
#[cfg(feature = "tables")]
mod flagged;
#[cfg(feature = "tables")]
mod evidence;
#[cfg(feature = "tables")]
mod hit_rules;
#[cfg(feature = "tables")]
mod precision;
#[cfg(feature = "tables")]
mod parties;
#[cfg(feature = "tables")]
mod feeds;
#[cfg(feature = "tables")]
mod notices;
#[cfg(feature = "tables")]
mod gaps;
#[cfg(feature = "tables")]
mod provenance;
#[cfg(feature = "tables")]
#[cfg(test)]
mod tests;

pub use backtest::{Origin, backtest_page};
pub use dossier::{dossier_page, release_page};
#[cfg(feature = "tables")]
pub use provenance::Provenance;

#[cfg(feature = "tables")]
use crate::entity::RankedEntity;
#[cfg(feature = "tables")]
use crate::summary::Summary;
#[cfg(feature = "tables")]
use crate::write::Finished;
#[cfg(feature = "tables")]
use frame::{main_part, part};

/// The parts of the page that the contents list, in order: anchor and title.
#[cfg(feature = "tables")]
const PARTS: [(&str, &str); 10] = [
    ("counts", "Lanes, queues, themes"),
    ("scores", "Scores"),
    ("ports", "Ports"),
    ("corridors", "Corridors"),
    ("red", "Red shipments"),
    ("yellow", "Yellow shipments"),
    ("rules", "Rules that hit"),
    ("parties", "Parties"),
    ("gaps", "What could not be judged"),
    ("provenance", "Provenance"),
];

/// One self-contained page, readable with scripts off. Every part of it is capped, so that it stays a page whatever the
/// number of lines.
#[cfg(feature = "tables")]
pub fn page(
    run: &Finished<'_>,
    summary: &Summary,
    entities: &[RankedEntity<'_>],
    provenance: &Provenance<'_>,
) -> String {
    let tally = tally::tally(run);
    frame::page(
        "ch24: shipments to look at",
        include_str!("run.css"),
        |html| {
            headline::write(html, run, summary);
            main_part(html, |html| {
                part(html, &PARTS, "counts", |html| counts::write(html, summary));
                part(html, &PARTS, "scores", |html| {
                    scores::write(html, run, &tally);
                });
                part(html, &PARTS, "ports", |html| {
                    ports::write(html, run, &tally);
                });
                part(html, &PARTS, "corridors", |html| {
                    corridors::write(html, run, &tally);
                });
                part(html, &PARTS, "red", |html| {
                    flagged::write_red(html, run, summary);
                });
                part(html, &PARTS, "yellow", |html| {
                    flagged::write_yellow(html, run, summary);
                });
                notices::write(html, summary);
                part(html, &PARTS, "rules", |html| {
                    hit_rules::write(html, run, summary);
                    precision::write(html, run, &tally);
                });
                part(html, &PARTS, "parties", |html| {
                    parties::write(html, run, summary, entities);
                });
                part(html, &PARTS, "gaps", |html| gaps::write(html, summary));
                part(html, &PARTS, "provenance", |html| {
                    provenance::write(html, run, summary, provenance);
                });
            });
            html.element("footer", |html| {
            html.leaf("p", "A red flag is a reason to look, never a finding. Every shipment is in the table of shipments, every line in that of lines, beside this page.");
        });
        },
    )
}
