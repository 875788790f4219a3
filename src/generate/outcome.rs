//! What an inspection found, for the few entries that were inspected.

use super::catalog::Sector;
use super::dice::Dice;
use super::entry::Entry;
use super::line::Line;

/// The label of a line. All `None` when nobody looked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    pub(super) label: Option<&'static str>,
    pub(super) day: Option<i32>,
    pub(super) basis: Option<&'static str>,
    pub(super) theme: Option<&'static str>,
    pub(super) kind: Option<&'static str>,
    pub(super) scope: Option<&'static str>,
}

/// Decides whether an entry is inspected, and what is found on each of its lines.
///
/// Inspection is skewed to risky trade and to entries of a scheme, and finds three of four planted
/// lines. Draws the same numbers whether labels are wanted or not.
pub(super) fn inspect(entry: &Entry, lines: &mut [Line], dice: &mut Dice) {
    let sector = entry.deal.shipper.sector;
    let is_planted = lines.iter().any(|line| line.scheme.is_some());
    let from_mexico = if entry.export_country == "MX" {
        1.4
    } else {
        1.0
    };
    let base = match sector {
        Sector::Wildlife => 0.1,
        Sector::Seafood => 0.03,
        Sector::Plants | Sector::Leather | Sector::Instruments => 0.03,
        Sector::Timber => 0.028,
        Sector::Furniture => 0.024,
        Sector::Other => 0.01,
    };
    let share = if is_planted { 0.3 } else { base * from_mexico };
    if !dice.chance(share) {
        return;
    }
    let basis = dice.weighted(&[
        ("document_review", 55.0),
        ("exam", 32.0),
        ("lab", 6.0),
        ("audit", 7.0),
    ]);
    let wait = match basis {
        "document_review" => dice.between(1, 10),
        "exam" => dice.between(1, 14),
        "lab" => dice.between(20, 70),
        _ => dice.between(120, 400),
    };
    let day = entry.import_day + wait;
    let scope = if dice.chance(0.6) { "shipment" } else { "line" };
    for line in lines {
        let (label, kind) = finding(line, basis, dice);
        let planted = line.scheme.map(|scheme| scheme.names().1);
        line.outcome = Outcome {
            label: Some(label),
            day: Some(day),
            basis: Some(basis),
            theme: planted.or_else(|| theme(sector)),
            kind,
            scope: Some(if label == "bad" { "line" } else { scope }),
        };
    }
}

fn finding(line: &Line, basis: &str, dice: &mut Dice) -> (&'static str, Option<&'static str>) {
    if line.scheme.is_some() {
        let found = if basis == "document_review" {
            0.6
        } else {
            0.85
        };
        if dice.chance(found) {
            return (
                "bad",
                Some(dice.weighted(&[
                    ("documentary", 25.0),
                    ("species", 30.0),
                    ("quantity", 12.0),
                    ("prohibited", 28.0),
                    ("other", 5.0),
                ])),
            );
        }
        return ("ok", None);
    }
    let papers = [
        line.ppq505,
        line.fws3177,
        line.simp,
        line.ds2031,
        line.noaa370,
        line.coa,
    ];
    let lacks_paper = papers.contains(&Some("not_filed")) || line.species == Some("sp.");
    if dice.chance(if lacks_paper { 0.5 } else { 0.025 }) {
        return (
            "bad",
            Some(dice.weighted(&[("documentary", 75.0), ("quantity", 15.0), ("other", 10.0)])),
        );
    }
    ("ok", None)
}

fn theme(sector: Sector) -> Option<&'static str> {
    match sector {
        Sector::Timber | Sector::Furniture | Sector::Instruments => Some("timber"),
        Sector::Seafood => Some("iuu"),
        Sector::Wildlife | Sector::Plants | Sector::Leather => Some("wildlife"),
        Sector::Other => None,
    }
}
