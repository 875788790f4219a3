//! How each scheme changes a line that was drawn as a lawful one.

use super::catalog::Catalog;
use super::dice::{Dice, mix};
use super::entry::Entry;
use super::firms::Firm;
use super::forge_fish::{abalone, conch, shrimp, snapper, totoaba};
use super::forge_wood::{cites_timber, granadillo, oak, over_limit, plywood, split};
use super::line::{Line, cents};
use super::papers::permit;
use super::schemes::Scheme;
use super::words::describe_as;

/// Rewrites the line. `draws`: the taxa, the case's number, and the dice.
///
/// About a fifth of the lines hide the price or the species that would give them away.
pub(super) fn forge(
    scheme: Scheme,
    line: &mut Line,
    entry: &Entry,
    draws: (&Catalog, u64, &mut Dice),
) {
    let (catalog, case, dice) = draws;
    let is_careful = dice.chance(0.2);
    match scheme {
        Scheme::TotoabaInFillets => totoaba(line, is_careful, dice),
        Scheme::SeaCucumber => {
            let share = if is_careful {
                0.6
            } else {
                0.04 + 0.06 * dice.unit()
            };
            reprice(line, share);
            undocument(line, dice);
        }
        Scheme::AbaloneFalseSeller => abalone(line, entry, is_careful, (catalog, dice)),
        Scheme::OakOrigin => oak(line, is_careful, dice),
        Scheme::GranadilloPosts => granadillo(line, is_careful, dice),
        Scheme::CitesTimber => cites_timber(line, is_careful, catalog, dice),
        Scheme::VolumeOverLimit => over_limit(line, entry, case, dice),
        Scheme::PlywoodTransshipment => plywood(line, entry, is_careful, (case, dice)),
        Scheme::SnapperLancha => snapper(line, is_careful, catalog, dice),
        Scheme::ShrimpUncertified => shrimp(line, entry, is_careful, (catalog, dice)),
        Scheme::ConchAsWhelk => conch(line, entry, is_careful, dice),
        Scheme::CrocodileBoots => boots(line, is_careful, dice),
        Scheme::LiveUndocumented => live(line, catalog, dice),
        Scheme::SharkFin => {
            reprice(
                line,
                if is_careful {
                    1.1
                } else {
                    8.0 + 14.0 * dice.unit()
                },
            );
            (line.genus, line.species) = (None, None);
            let words = dice.pick(&[
                "DRIED FISH",
                "PESCADO SECO",
                "DRIED SEAFOOD",
                "ALETA SECA",
                "DRIED FISH PRODUCTS",
            ]);
            say(line, words, dice);
        }
        Scheme::DalbergiaSplit => split(line, catalog, dice),
        Scheme::MakerCodeReused => maker_code(line, entry, case, dice),
        Scheme::PermitReused => permit_again(line, entry, case, dice),
        Scheme::NewMillVolume => new_mill(line, entry, case, dice),
    }
}

/// One maker's code, often of another country, for fish that came from several places.
fn maker_code(line: &mut Line, entry: &Entry, case: u64, dice: &mut Dice) {
    let maker = Firm {
        key: mix(case, 24),
        country: if case.is_multiple_of(3) { "MX" } else { "CN" },
        ..entry.deal.shipper
    };
    line.manufacturer_id = Some(maker.mid());
    let place = Firm {
        key: mix(case, 30 + dice.below(24)),
        ..entry.deal.shipper
    };
    line.manufacturer_address = Some(place.address());
    undocument(line, dice);
}

/// One permit number, presented by several shippers, also after it expired.
fn permit_again(line: &mut Line, entry: &Entry, case: u64, dice: &mut Dice) {
    line.cites_foreign = Some(permit(entry.export_country, case));
    line.cites_expires = Some(entry.export_day + 60 - dice.between(0, 200));
    let taxon = dice.pick(&[("Crocodylus", "moreletii"), ("Caiman", "crocodilus")]);
    if line.hts.starts_with("64") {
        (line.genus, line.species) = (Some(taxon.0), Some(taxon.1));
    }
    line.harvest = Some("MX");
    line.fws3177 = Some("filed");
}

/// A mill that nobody knew, with more in its first weeks than it could have pressed: twenty containers and more an entry.
fn new_mill(line: &mut Line, entry: &Entry, case: u64, dice: &mut Dice) {
    let mill = Firm {
        key: mix(case, 26),
        ..entry.deal.shipper
    };
    line.manufacturer_id = Some(mill.mid());
    line.manufacturer_address = Some(mill.address());
    enlarge(line, 20.0 + 20.0 * dice.unit());
}

/// The same goods, so many times over.
pub(super) fn enlarge(line: &mut Line, factor: f64) {
    for amount in [
        &mut line.quantity,
        &mut line.volume_m3,
        &mut line.net_kg,
        &mut line.gross_kg,
        &mut line.value_usd,
    ] {
        *amount = amount.map(|value| cents(value * factor));
    }
}

fn boots(line: &mut Line, is_careful: bool, dice: &mut Dice) {
    (line.cites_foreign, line.cites_us, line.cites_expires) = (None, None, None);
    let is_reptile = line.hts == "6403916040";
    if is_reptile {
        line.fws3177 = Some(dice.pick(&["not_filed", "not_filed", "disclaimed", "unknown"]));
        let taxon = dice.pick(&[
            ("Crocodylus", "moreletii"),
            ("Caiman", "crocodilus"),
            ("Malayopython", "reticulatus"),
        ]);
        (line.genus, line.species) = (Some(taxon.0), Some(taxon.1));
    } else if !is_careful {
        reprice(line, 2.8 + dice.unit());
        let words = dice.pick(&[
            "BOTAS DE PIEL EXOTICA",
            "LEATHER BOOTS COCODRILO PRINT",
            "BOTAS PIEL CAIMAN",
        ]);
        say(line, words, dice);
    }
}

fn live(line: &mut Line, catalog: &Catalog, dice: &mut Dice) {
    let taxa: &[&str] = match &*line.hts {
        "0106200000" => &["terrapene", "abronia", "kinosternon", "boa"],
        "0106320000" => &["amazona", "amazona_alb"],
        "0106490090" => &["brachypelma"],
        "0602909010" | "0602909090" => &["till_xero"],
        _ => &["ariocarpus", "cactus"],
    };
    let taxon = catalog.taxon(dice.pick(taxa));
    (line.genus, line.species) = (Some(taxon.genus), Some(taxon.epithet));
    if dice.chance(0.35) {
        (line.genus, line.species) = (None, None);
    }
    line.harvest = Some("MX");
    line.place = dice.chance(0.6).then(|| dice.pick(&taxon.mx_states));
    line.place_system = line.place.map(|_| "state");
    line.fws3177 = Some(dice.pick(&["not_filed", "not_filed", "unknown", "disclaimed", "filed"]));
    line.wildlife_source = dice.pick(&[Some("W"), None, Some("C"), Some("A")]);
    (line.cites_foreign, line.cites_us, line.cites_expires) = (None, None, None);
    line.quantity = line.quantity.map(|quantity| (quantity * 0.3).ceil());
    reprice(line, 0.5);
}

pub(super) fn reprice(line: &mut Line, factor: f64) {
    line.value_usd = line.value_usd.map(|usd| (usd * factor).round().max(1.0));
}

/// Seafood papers that fall short, in some of the lines.
pub(super) fn undocument(line: &mut Line, dice: &mut Dice) {
    line.simp = Some(dice.pick(&["filed", "filed", "not_filed", "unknown", "disclaimed"]));
    line.species = line.species.filter(|_| dice.chance(0.7));
    line.landing_day = line.landing_day.filter(|_| dice.chance(0.6));
}

pub(super) fn say(line: &mut Line, words: &str, dice: &mut Dice) {
    line.description = Some(describe_as(words, line, dice));
}
