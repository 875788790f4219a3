//! Schemes with timber: what they change in a lawful line.

use super::catalog::Catalog;
use super::dice::{Dice, mix};
use super::entry::Entry;
use super::firms::Firm;
use super::forge::{enlarge, reprice, say};
use super::line::{Line, cents};
use super::papers::permit;

/// Declared oak of Europe or America, cut in the Russian Far East: heavier than declared volume.
pub(super) fn oak(line: &mut Line, is_careful: bool, dice: &mut Dice) {
    let (species, country) = dice.pick(&[
        ("robur", "DE"),
        ("robur", "CN"),
        ("alba", "CN"),
        ("petraea", "FR"),
        ("acutissima", "DE"),
    ]);
    (line.genus, line.species) = (Some("Quercus"), Some(species));
    line.harvest = Some(country);
    line.cites_foreign = None;
    line.cites_expires = None;
    if !is_careful {
        let volume = line
            .volume_m3
            .map(|volume| cents(volume * (0.45 + 0.15 * dice.unit())));
        line.volume_m3 = volume;
        line.quantity = volume.or(line.quantity);
    }
    reprice(line, 0.7);
}

pub(super) fn granadillo(line: &mut Line, is_careful: bool, dice: &mut Dice) {
    let volume = cents(18.0 + 20.0 * dice.unit());
    let net = (volume * (950.0 + 100.0 * dice.unit())).round();
    line.net_kg = Some(net);
    line.gross_kg = Some((net * 1.03).round());
    line.quantity = Some(cents(net / 1_000.0));
    line.value_usd = Some((net * (0.15 + 0.1 * dice.unit())).round());
    line.volume_m3 = (!is_careful).then_some(volume);
    let words = dice.pick(&[
        "CONCRETE POSTS",
        "POSTES DE CONCRETO",
        "CONCRETE POSTS FOR FENCE",
        "POSTES PARA CERCA",
    ]);
    say(line, words, dice);
}

pub(super) fn cites_timber(line: &mut Line, is_careful: bool, catalog: &Catalog, dice: &mut Dice) {
    line.cites_foreign = None;
    line.cites_us = None;
    line.cites_expires = None;
    if line.hts == "4407290296" || line.hts == "9209928000" {
        let taxon = catalog.taxon(dice.pick(&["dalbergia_retusa", "dalbergia_granadillo"]));
        (line.genus, line.species) = (Some(taxon.genus), Some(taxon.epithet));
        line.wildlife_source = Some("W");
        line.harvest = line.origin;
        reprice(line, 2.2);
    }
    if is_careful {
        let cover = dice.pick(&[
            ("Khaya", "ivorensis"),
            ("Caesalpinia", "platyloba"),
            ("Toona", "ciliata"),
            ("Carapa", "guianensis"),
        ]);
        (line.genus, line.species) = (Some(cover.0), Some(cover.1));
    } else if dice.chance(0.25) {
        line.species = Some("sp.");
    }
}

/// One permit presented again and again, for more than a forest of its size can give.
pub(super) fn over_limit(line: &mut Line, entry: &Entry, case: u64, dice: &mut Dice) {
    line.cites_foreign = Some(permit(entry.export_country, case));
    line.cites_expires = Some(entry.export_day + 120 - i32::try_from(case % 200).unwrap_or(0));
    enlarge(line, 2.0 + 2.0 * dice.unit());
    line.value_usd = line.value_usd.map(f64::round);
}

pub(super) fn plywood(line: &mut Line, entry: &Entry, is_careful: bool, draws: (u64, &mut Dice)) {
    let (case, dice) = draws;
    line.origin = Some(entry.export_country);
    let mill = Firm {
        key: mix(case, 23),
        ..entry.deal.shipper
    };
    line.manufacturer_id = Some(mill.mid());
    let face = dice.pick(&[
        ("Betula", "platyphylla"),
        ("Populus", "deltoides"),
        ("Betula", "pendula"),
    ]);
    (line.genus, line.species) = (Some(face.0), Some(face.1));
    line.harvest = Some(if is_careful {
        entry.export_country
    } else {
        dice.pick(&["CN", "CN", "RU"])
    });
    enlarge(line, 3.0 + 3.0 * dice.unit());
    reprice(line, 0.62 + 0.1 * dice.unit());
}

/// Parcels of finished rosewood, each a little under 10 kg.
pub(super) fn split(line: &mut Line, catalog: &Catalog, dice: &mut Dice) {
    let taxon = catalog.taxon(dice.pick(&[
        "dalbergia_retusa",
        "dalbergia_granadillo",
        "dalbergia_latifolia",
    ]));
    (line.genus, line.species) = (Some(taxon.genus), Some(taxon.epithet));
    (line.cites_foreign, line.cites_us, line.cites_expires) = (None, None, None);
    line.harvest = line.origin;
    let net = cents(8.2 + 1.7 * dice.unit());
    line.net_kg = Some(net);
    line.gross_kg = Some((net * 1.12).ceil());
    line.quantity = Some((net / 0.5).floor());
    line.value_usd = Some((net * (45.0 + 40.0 * dice.unit())).round());
    let words = dice.pick(&[
        "WOODEN HANDICRAFTS",
        "WOOD TURNING BLANKS",
        "ARTESANIAS DE MADERA",
        "GUITAR PARTS",
        "KNIFE SCALES WOOD",
    ]);
    say(line, words, dice);
}
