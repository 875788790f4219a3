//! What the lines of an entry share: parties, ports, dates, numbers.

use super::calendar::{FIRST_DAY, LAST_DAY, season};
use super::catalog::{Goods, Sector};
use super::dice::{Dice, mix};
use super::firms::Firm;
use super::places::{self, Care};

/// How many firms there are, which grows more slowly than the number of lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Population {
    pub(super) seed: u64,
    pub(super) importers: u64,
    pub(super) shippers: u64,
    /// Actors behind each planted scheme.
    pub(super) cases: u64,
    /// Addresses at which many importers have their seat.
    pub(super) agents: u64,
}

/// The parties of an entry and the day it is filed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deal {
    pub(super) importer: Firm,
    pub(super) shipper: Firm,
    pub(super) entry_day: i32,
}

/// One entry. Missing values are `None`.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) number: String,
    pub(super) stage: &'static str,
    pub(super) type_code: &'static str,
    pub(super) deal: Deal,
    pub(super) importer_number: Option<String>,
    pub(super) importer_name: Option<String>,
    pub(super) importer_address: Option<String>,
    pub(super) consignee_name: Option<String>,
    pub(super) shipper_name: Option<String>,
    pub(super) shipper_state: Option<&'static str>,
    pub(super) seller_name: Option<String>,
    pub(super) seller_address: Option<String>,
    pub(super) export_country: &'static str,
    /// What its port and its way were chosen for.
    pub(super) care: Care,
    pub(super) port: &'static str,
    pub(super) mode: &'static str,
    pub(super) lading: Option<String>,
    pub(super) equipment: Option<String>,
    pub(super) bill: Option<String>,
    pub(super) export_day: i32,
    pub(super) import_day: i32,
    pub(super) transit: Option<String>,
    pub(super) in_bond: Option<&'static str>,
}

impl Population {
    pub(super) fn of(rows: u64, seed: u64) -> Self {
        // 60,000 importers at 10 million lines; Heaps' law with exponent 0.6.
        let scale = (rows as f64 / 1e7).powf(0.6);
        let firms = |at_ten_million: f64| super::dice::whole(at_ten_million * scale).max(40);
        Self {
            seed,
            importers: firms(60_000.0),
            shippers: firms(90_000.0),
            agents: firms(60_000.0) / 2_000 + 2,
            cases: super::dice::whole(60.0 * scale).clamp(3, 60),
        }
    }

    /// Draws the parties for goods of a sector from a country, and a day in season.
    pub(super) fn deal(&self, sector: Sector, country: &'static str, dice: &mut Dice) -> Deal {
        let sector_idx = sector as usize;
        let id = dice.rank(self.importers / 8) * 8 + sector_idx as u64;
        let importer = Firm {
            key: id,
            sector,
            country: "US",
        };
        // An importer buys from few shippers, most often from its first.
        let slot = dice.rank(6);
        let wide = mix(mix(self.seed, id), 100 + slot) % self.shippers;
        let shipper = Firm {
            key: mix(
                0x5348_4950,
                (wide * wide / self.shippers) * 256 + sector_idx as u64,
            ) ^ mix(
                1,
                u64::from(country.as_bytes()[0]) * 256 + u64::from(country.as_bytes()[1]),
            ),
            sector,
            country,
        };
        let entry_day = loop {
            let day = dice.between(self.first_day(id), LAST_DAY);
            if dice.chance(season(sector, day)) {
                break day;
            }
        };
        Deal {
            importer,
            shipper,
            entry_day,
        }
    }

    /// A fifth of the importers are not there from the start.
    fn first_day(&self, id: u64) -> i32 {
        let mixed = mix(mix(self.seed, 77), id);
        if mixed.is_multiple_of(5) {
            FIRST_DAY + i32::try_from(mixed / 5 % 900).unwrap_or(0)
        } else {
            FIRST_DAY
        }
    }
}

impl Entry {
    /// Fills in an entry. `ordinal` is unique within the file and becomes the entry number.
    pub(super) fn new(
        ordinal: u64,
        deal: Deal,
        goods: &Goods,
        care: Care,
        n_agents: u64,
        dice: &mut Dice,
    ) -> Self {
        let country = deal.shipper.country;
        let (port, mode) = places::arrival(country, care, dice);
        let over_sea = is_sea(mode);
        let via = if over_sea {
            places::hub(country, dice)
        } else {
            None
        };
        let import_day = deal.entry_day - dice.between(-3, 5);
        let ([importer, consignee, shipper, seller], seller_address) = names(&deal, dice);
        let state = places::state_of(goods.sector, deal.shipper.key);
        let seller_name = keep(seller, if over_sea { 0.85 } else { 0.35 }, dice);
        Self {
            number: entry_number(ordinal),
            stage: dice.weighted(STAGES),
            type_code: dice.weighted(TYPES),
            importer_number: keep(deal.importer.importer_number(), 0.995, dice),
            importer_name: keep(importer, 0.985, dice),
            importer_address: deal.importer.importer_address(n_agents),
            consignee_name: keep(consignee, 0.94, dice),
            shipper_name: keep(shipper, 0.96, dice),
            shipper_state: keep(state, 0.85, dice).filter(|_| country == "MX"),
            seller_address: seller_name.as_ref().map(|_| seller_address),
            seller_name,
            export_country: country,
            care,
            port,
            mode,
            lading: places::port_of_lading(via.unwrap_or(country), dice).filter(|_| over_sea),
            equipment: keep(container(dice), if over_sea { 0.96 } else { 0.5 }, dice),
            bill: keep(bill(mode, dice), 0.97, dice),
            export_day: import_day - transit_days(mode, dice),
            import_day,
            transit: via.map(str::to_owned),
            in_bond: keep(dice.pick(&["61", "61", "61", "62", "63"]), 0.02, dice),
            deal,
        }
    }
}

impl Entry {
    /// Whether goods that call for some care may ride along.
    pub(super) fn takes(&self, care: Care) -> bool {
        let flies = self.mode == "40";
        match care {
            Care::None => true,
            Care::Perishable => !is_sea(self.mode),
            Care::ListedPlants => flies || self.care == care,
            Care::Wildlife | Care::LiveWildlife => flies || self.care == Care::Wildlife,
        }
    }
}

fn is_sea(mode: &str) -> bool {
    matches!(mode, "10" | "11")
}

const STAGES: &[(&str, f64)] = &[
    ("entry_summary", 92.0),
    ("release", 6.0),
    ("historical", 2.0),
];
const TYPES: &[(&str, f64)] = &[
    ("01", 91.0),
    ("11", 3.5),
    ("06", 2.5),
    ("03", 1.8),
    ("23", 0.7),
    ("21", 0.5),
];

/// Importer, consignee, shipper and seller, and the seller's address; the second and fourth are often the same firm again.
fn names(deal: &Deal, dice: &mut Dice) -> ([String; 4], String) {
    let importer = deal.importer.name_as_filed(dice);
    let shipper = deal.shipper.name_as_filed(dice);
    let branch = Firm {
        key: deal.importer.key ^ mix(9, dice.rank(4)),
        ..deal.importer
    };
    let consignee = if dice.chance(0.7) {
        importer.clone()
    } else {
        branch.name()
    };
    let trader = Firm {
        key: mix(deal.shipper.key, 3),
        ..deal.shipper
    };
    let (seller, address) = if dice.chance(0.8) {
        (shipper.clone(), deal.shipper.address())
    } else {
        (trader.name(), trader.address())
    };
    ([importer, consignee, shipper, seller], address)
}

fn transit_days(mode: &str, dice: &mut Dice) -> i32 {
    match mode {
        "11" | "10" => dice.between(12, 38),
        "40" => dice.between(0, 3),
        _ => dice.between(0, 6),
    }
}

/// The value, or a missing one with the rest of the probability.
pub(super) fn keep<T>(value: T, probability: f64, dice: &mut Dice) -> Option<T> {
    dice.chance(probability).then_some(value)
}

/// Filer code, seven digits, and the check digit of CATAIR appendix E.
fn entry_number(ordinal: u64) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    const NUMBERS: u64 = 10_000_000;
    // The first letter counts rounds of seven digits, so that numbers do not repeat before 24 rounds.
    let filer = mix(0x4649_4C45, ordinal % 97);
    let round = usize::try_from(ordinal / NUMBERS).unwrap_or(0) % LETTERS.len();
    let first = char::from(LETTERS[round]);
    let second = char::from(super::dice::chosen(LETTERS, filer));
    let mut number = format!("{first}{second}{}{:07}", filer % 10, ordinal % NUMBERS);
    let digit = check_digit(&number);
    number.push(digit);
    number
}

/// Letters count A-I, J-R as 1-9 and S-Z as 2-9; every other digit from the right is doubled.
fn check_digit(number: &str) -> char {
    let value = |letter: u8| match letter {
        b'A'..=b'I' => u32::from(letter - b'A') + 1,
        b'J'..=b'R' => u32::from(letter - b'J') + 1,
        b'S'..=b'Z' => u32::from(letter - b'S') + 2,
        _ => u32::from(letter - b'0'),
    };
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let digits = number.bytes().rev().map(value).enumerate();
    let sum: u32 = digits
        .map(|(idx, digit)| if idx % 2 == 0 { doubled(digit) } else { digit })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

fn container(dice: &mut Dice) -> String {
    let owner = dice.pick(&["SMPU", "TSTU", "XMLU", "ZZDU", "QQCU", "SMLU"]);
    let number = format!("{owner}{:06}", dice.below(1_000_000));
    format!(
        "{number}{}",
        crate::normalize::identity::container_check_digit(&number)
    )
}

fn bill(mode: &str, dice: &mut Dice) -> String {
    let number = dice.below(100_000_000);
    match mode {
        "40" => format!("{:03}{number:08}", 100 + dice.rank(60)),
        "11" | "10" => format!(
            "{}{number:08}",
            dice.pick(&["SAV", "LAX", "HCM", "NGB", "SSZ", "GYE", "JKT"])
        ),
        _ => format!("{number:08}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_agrees_with_a_known_number() {
        assert_eq!(check_digit("B760324527"), '8');
        assert_eq!(entry_number(41).len(), 11);
    }
}
