//! Schemes with fish and shellfish: what they change in a lawful line.

use super::calendar::is_closed;
use super::catalog::Catalog;
use super::dice::Dice;
use super::entry::Entry;
use super::forge::{reprice, say, undocument};
use super::line::Line;

pub(super) fn totoaba(line: &mut Line, is_careful: bool, dice: &mut Dice) {
    if is_careful {
        return;
    }
    if dice.chance(0.4) {
        (line.genus, line.species) = (None, None);
        let words = dice.pick(&[
            "BUCHE DE PESCADO",
            "FISH MAW",
            "FISH STOMACH FROZEN",
            "DRIED FISH",
        ]);
        say(line, words, dice);
    } else {
        // The bladders weigh, but are on no list: gross runs ahead of net.
        line.gross_kg = line
            .gross_kg
            .map(|kg| (kg * (1.25 + 0.5 * dice.unit())).round());
    }
    line.harvest_day = line.harvest_day.filter(|_| dice.chance(0.3));
    line.coa = Some(dice.pick(&["not_filed", "unknown", "paper"]));
}

pub(super) fn abalone(
    line: &mut Line,
    entry: &Entry,
    is_careful: bool,
    draws: (&Catalog, &mut Dice),
) {
    let (catalog, dice) = draws;
    line.place = line.place.filter(|_| dice.chance(0.35));
    undocument(line, dice);
    if is_careful {
        return;
    }
    match dice.below(4) {
        0 => (line.genus, line.species) = (Some("Haliotis"), Some("cracherodii")),
        1 => line.species = None,
        _ => {
            let abalone = catalog.taxon("abalone");
            let closed = (20..240)
                .map(|lag| entry.export_day - lag)
                .find(|&day| is_closed(abalone, day));
            line.harvest_day = closed.or(line.harvest_day);
            line.landing_day = line.harvest_day;
        }
    }
}

pub(super) fn snapper(line: &mut Line, is_careful: bool, catalog: &Catalog, dice: &mut Dice) {
    let taxon = catalog.taxon("snapper_red");
    (line.genus, line.species) = (Some(taxon.genus), Some(taxon.epithet));
    line.harvest = Some("MX");
    line.place = Some(if is_careful { "YUC" } else { "TAM" });
    line.place_system = Some("state");
    line.method = Some("SVH");
    line.gear = Some(dice.pick(&["LLS", "LLS", "LHP"]));
    (line.vessel_name, line.vessel_imo, line.vessel_gt) = (None, None, None);
    line.landed_kg = line
        .landed_kg
        .map(|kg| (kg * 0.6).round())
        .filter(|_| dice.chance(0.5));
}

pub(super) fn shrimp(
    line: &mut Line,
    entry: &Entry,
    is_careful: bool,
    draws: (&Catalog, &mut Dice),
) {
    let (catalog, dice) = draws;
    line.harvest = Some(entry.export_country);
    line.origin = line.harvest;
    if entry.export_country != "MX" {
        (line.place, line.place_system) = (None, None);
    }
    if is_careful {
        // Wild shrimp passed off as farmed.
        line.method = Some("HBA");
        line.ds2031 = Some("filed");
        return;
    }
    if entry.export_country == "MX" {
        let taxon = catalog.taxon("shrimp_mx");
        let closed = (10..240)
            .map(|lag| entry.export_day - lag)
            .find(|&day| is_closed(taxon, day));
        (line.genus, line.species) = (Some(taxon.genus), Some(taxon.epithet));
        line.harvest_day = closed.or(line.harvest_day);
        line.landing_day = line.harvest_day;
        line.coa = Some(dice.pick(&["not_filed", "filed", "unknown"]));
    } else {
        line.method = Some("HCF");
        line.ds2031 = Some(dice.pick(&["not_filed", "filed", "unknown"]));
    }
}

pub(super) fn conch(line: &mut Line, entry: &Entry, is_careful: bool, dice: &mut Dice) {
    let words = dice.pick(&[
        "FROZEN WHELK MEAT",
        "SEA SNAIL MEAT FROZEN",
        "CARACOL CONGELADO",
        "MOLLUSC MEAT CLEANED",
    ]);
    say(line, words, dice);
    line.origin = Some(entry.export_country);
    line.harvest = Some(if entry.export_country == "CA" {
        "HT"
    } else {
        entry.export_country
    });
    if entry.export_country != "MX" {
        (line.place, line.place_system) = (Some("31"), Some("fao"));
    }
    if !is_careful {
        reprice(line, 2.1 + 0.6 * dice.unit());
        line.species = line.species.filter(|_| dice.chance(0.5));
    }
}
