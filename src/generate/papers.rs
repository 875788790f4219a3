//! The documents of a line and their status, as an orderly filer gives them.

use super::catalog::{Sector, Species};
use super::dice::Dice;
use super::entry::{Entry, keep};
use super::line::{Line, Stuff};

/// Sets the status of every document that the goods call for; the others stay missing.
pub(super) fn file(line: &mut Line, stuff: &Stuff<'_>, entry: &Entry, dice: &mut Dice) {
    let papers = stuff.goods.papers;
    let Some(species) = stuff.species else { return };
    if papers.contains('L') {
        line.ppq505 = Some(lacey(species, entry, dice));
    }
    let is_wildlife = papers.contains('F') && stuff.goods.sector != Sector::Plants;
    if is_wildlife && (stuff.goods.sector != Sector::Instruments || species.appendix > 0) {
        line.fws3177 = Some(status(0.965, dice));
    }
    if papers.contains('S') {
        line.simp = Some(status(0.975, dice));
        line.iftp = keep(permit("IFTP", dice.rank(4_000)), 0.97, dice);
    }
    if papers.contains('D') {
        line.ds2031 = Some(status(0.98, dice));
    }
    if papers.contains('T') {
        line.noaa370 = Some(status(0.98, dice));
    }
    if papers.contains('C') && stuff.harvest == "MX" {
        line.coa = Some(status(0.96, dice));
    }
    if papers.contains('F') || species.appendix > 0 {
        wildlife_codes(line, stuff, species, dice);
    }
    if species.appendix > 0 {
        cites(line, stuff, species, entry, dice);
    }
}

/// A permit of `prefix` and eight digits.
pub(super) fn permit(prefix: &str, number: u64) -> String {
    format!(
        "{prefix}{:08}",
        super::dice::mix(0x5045, number) % 100_000_000
    )
}

/// Plant declarations; informal entries need none.
fn lacey(species: &Species, entry: &Entry, dice: &mut Dice) -> &'static str {
    // Composites are often disclaimed, listed wood by mistake alone.
    if entry.type_code == "11" && dice.chance(0.9) {
        return "disclaimed";
    }
    let disclaimed = match species.appendix {
        0 if species.key == "mixed_composite" => 45.0,
        0 => 2.5,
        _ => 0.5,
    };
    dice.weighted(&[
        ("filed", 92.0),
        ("disclaimed", disclaimed),
        ("paper", 2.0),
        ("elsewhere", 1.2),
        ("not_filed", 0.6),
        ("unknown", 1.2),
    ])
}

/// `filed` with the given share, else one of the other states.
fn status(filed: f64, dice: &mut Dice) -> &'static str {
    if dice.chance(filed) {
        return "filed";
    }
    dice.weighted(&[
        ("paper", 35.0),
        ("elsewhere", 15.0),
        ("disclaimed", 25.0),
        ("unknown", 15.0),
        ("not_filed", 10.0),
    ])
}

fn wildlife_codes(line: &mut Line, stuff: &Stuff<'_>, species: &Species, dice: &mut Dice) {
    let form = match (stuff.goods.sector, stuff.goods.code) {
        (_, "boots_rept") => "SHO",
        (_, "rept_leather") => "SKI",
        (_, "rept_bag") => "LPS",
        (_, "corals") => "COR",
        (_, "shellwork") => "SPR",
        (_, "feathers") => "FEA",
        (_, "antler") => "HOR",
        (_, "fur") => "SKI",
        (Sector::Timber, code) if code.ends_with("log") => "LOG",
        (Sector::Timber, "veneer") => "VEN",
        (Sector::Timber, code) if code.starts_with("ply") => "PLY",
        (Sector::Timber, _) => "SAW",
        (Sector::Furniture | Sector::Instruments, _) => "WPR",
        (Sector::Seafood, _) => "MEA",
        (Sector::Plants | Sector::Wildlife, _) => "LIV",
        _ => "LPS",
    };
    let source = if species.source == "H" {
        "C"
    } else {
        species.source
    };
    line.wildlife_form = keep(form, 0.95, dice);
    line.wildlife_source = keep(source, 0.94, dice);
    line.wildlife_purpose = keep(dice_purpose(dice), 0.94, dice);
}

fn dice_purpose(dice: &mut Dice) -> &'static str {
    dice.weighted(&[("T", 95.0), ("P", 2.0), ("Z", 1.0), ("S", 1.0), ("B", 1.0)])
}

/// Export permits of six months; finished furniture and instruments under annotation #15 go without.
fn cites(line: &mut Line, stuff: &Stuff<'_>, species: &Species, entry: &Entry, dice: &mut Dice) {
    let is_finished = matches!(stuff.goods.sector, Sector::Furniture | Sector::Instruments);
    if is_finished && dice.chance(0.5) {
        return;
    }
    // Appendix III binds the listing country; others show a certificate of origin, more of which get lost.
    let share = if species.appendix == 3 { 0.95 } else { 0.985 };
    if !dice.chance(share) {
        return;
    }
    line.cites_foreign = Some(permit(entry.export_country, dice.below(3_000_000)));
    let issued = entry.export_day - dice.between(5, 90);
    line.cites_expires = keep(issued + 180, 0.9, dice);
    if species.appendix == 1 || dice.chance(0.04) {
        line.cites_us = Some(permit("US", dice.below(900_000)));
    }
}
