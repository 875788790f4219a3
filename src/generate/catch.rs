//! Where, when and by whom a catch was made.

use super::calendar::open_day;
use super::catalog::Species;
use super::dice::{Dice, chosen, mix};
use super::entry::{Entry, keep};
use super::line::{Line, Stuff, cents, not_barred};

const FIRST: [&str; 12] = [
    "MAR", "ESTRELLA", "OCEAN", "BLUE", "SAN", "SEA", "DON", "NEPTUNE", "AURORA", "REY", "ALBA",
    "CORAL",
];
const SECOND: [&str; 12] = [
    "ALTA", "PIONEER", "DE ORO", "HORIZON", "TELMO", "VENTURE", "II", "NUEVA", "BRAVO", "SPIRIT",
    "LUNA", "III",
];

/// Harvest, landing and vessel of a catch; frozen goods lag the catch by months.
pub(super) fn report(
    line: &mut Line,
    species: &Species,
    stuff: &Stuff<'_>,
    draws: (&Entry, &mut Dice),
) {
    let (entry, dice) = draws;
    let is_fresh =
        stuff.goods.words[0].starts_with("FRESH") || stuff.goods.words[0].starts_with("LIVE");
    let lag = if is_fresh {
        dice.between(2, 9)
    } else {
        dice.between(20, 210)
    };
    let mut caught = entry.export_day - lag;
    if stuff.harvest == "MX" {
        caught = open_day(species, caught);
    }
    let landed = (caught + dice.between(0, 2)).min(entry.export_day);
    line.harvest_day = keep(caught, 0.93, dice);
    line.landing_day = keep(landed, 0.9, dice);
    let net_kg = line.net_kg.or(line.gross_kg);
    // Fillets are a third to a half of the fish.
    let is_fillet = stuff.goods.hts.starts_with("0304");
    let least = if is_fillet { 1.9 } else { 1.15 };
    let yield_share = match is_fresh {
        true if is_fillet => 2.3,
        true => 1.02,
        false => least + 0.9 * dice.unit(),
    };
    line.landed_kg = net_kg
        .map(|kg| (kg * yield_share).round())
        .filter(|_| dice.chance(0.86));
    if species.source == "H" {
        line.method = Some("HBA");
        return;
    }
    let is_small =
        stuff.harvest == "MX" && !matches!(species.gear, "PS" | "OTB") && dice.chance(0.6);
    line.method = Some(if is_small {
        "SVH"
    } else {
        dice.pick(&["HCF", "HCF", "VESSEL"])
    });
    line.gear = keep(species.gear, 0.92, dice);
    if !is_small {
        set_vessel(line, not_barred(stuff.harvest, species), dice);
    }
}

/// A vessel of the country's fleet, with what is known of it.
fn set_vessel(line: &mut Line, flag: &'static str, dice: &mut Dice) {
    let letters = flag.as_bytes();
    let fleet = u64::from(letters[0]) * 256 + u64::from(letters[1]);
    let id = mix(fleet, dice.rank(400));
    let name = format!(
        "{} {} {}",
        chosen(&FIRST, id),
        chosen(&SECOND, mix(id, 1)),
        id % 90 + 1
    );
    line.vessel_name = keep(name, 0.93, dice);
    line.vessel_flag = keep(flag, 0.95, dice);
    let gross_tons = cents(25.0 + (mix(id, 2) % 900) as f64 * 0.9);
    line.vessel_gt = keep(gross_tons, 0.5, dice);
    let number = keep(imo(id), 0.82, dice);
    // A large vessel without a number is rare: the vessel has none, so no line of it does.
    let is_numbered = gross_tons >= 100.0 && !mix(id, 4).is_multiple_of(40);
    line.vessel_imo = match is_numbered {
        true => Some(imo(id)),
        false => number,
    };
}

/// An IMO number in the range 99xxxxx with its check digit.
fn imo(id: u64) -> String {
    let digits = 990_000 + mix(id, 3) % 10_000;
    let text = digits.to_string();
    let sum: u32 = text
        .bytes()
        .zip((2..=7).rev())
        .map(|(digit, factor)| u32::from(digit - b'0') * factor)
        .sum();
    format!("{text}{}", sum % 10)
}
