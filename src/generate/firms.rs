//! Invented firms: names, identifiers and addresses that follow from a number alone.

use super::catalog::Sector;
use super::dice::{Dice, chosen, mix};

const HEADS: [&str; 40] = [
    "AL", "BER", "BRA", "CAL", "CER", "COL", "DAN", "DOR", "EL", "FAR", "FEN", "GAL", "GRE", "HAL",
    "IL", "JAR", "KEL", "KOR", "LAN", "LOR", "MAR", "MEL", "MON", "NAR", "NOR", "OL", "PAR", "PEL",
    "QUIN", "RAN", "ROS", "SAL", "SER", "TAL", "TOR", "UL", "VAL", "VER", "WIN", "ZAR",
];
const MIDDLES: [&str; 30] = [
    "A", "ADO", "AMI", "ANO", "ARI", "AVE", "BI", "DA", "DEN", "DO", "EBO", "ELI", "EMO", "ERA",
    "GA", "I", "IDO", "ILE", "IMA", "INO", "IVA", "LO", "MI", "NE", "O", "OBA", "ONE", "ORA", "TI",
    "VE",
];
const TAILS: [&str; 28] = [
    "BAN", "BEC", "CIA", "COR", "DAL", "DEX", "DRA", "FOR", "GON", "LEX", "LIA", "LUM", "MAR",
    "MEN", "MIR", "NEX", "NIA", "PAX", "QUE", "RAL", "RIN", "SA", "SOL", "TEC", "TRA", "VEN",
    "VIA", "ZON",
];
const TRADES: [&[&str]; 8] = [
    &[
        "TIMBER",
        "WOOD",
        "LUMBER",
        "FOREST PRODUCTS",
        "MADERAS",
        "PANELS",
        "HARDWOODS",
    ],
    &[
        "FURNITURE",
        "HOME",
        "MUEBLES",
        "LIVING",
        "INTERIORS",
        "CABINETRY",
    ],
    &["MUSIC", "INSTRUMENTS", "GUITARS", "SOUND"],
    &[
        "SEAFOOD",
        "FISHERIES",
        "MARISCOS",
        "PESQUERA",
        "OCEAN FOODS",
        "FROZEN FOODS",
        "AQUA",
    ],
    &[
        "PETS", "REPTILES", "EXOTICS", "AQUARIUM", "FAUNA", "NATURALS",
    ],
    &[
        "NURSERY", "FLOWERS", "VIVEROS", "FLORAL", "GREENS", "PLANTS",
    ],
    &["LEATHER", "BOOTS", "CALZADO", "HIDES", "BAGS"],
    &[
        "TRADING",
        "INDUSTRIES",
        "SUPPLY",
        "COMERCIAL",
        "MANUFACTURING",
        "GLOBAL",
        "LOGISTICS",
    ],
];
const STREETS: [&str; 12] = [
    "MUESTRA",
    "EJEMPLO",
    "SAMPLE",
    "PUERTO",
    "INDUSTRIA",
    "COMERCIO",
    "BODEGA",
    "NORTE",
    "SUR",
    "CENTRAL",
    "MUELLE",
    "FERROCARRIL",
];
const CITIES: [(&str, &str); 22] = [
    ("MX", "TIJUANA"),
    ("MX", "HERMOSILLO"),
    ("MX", "MONTERREY"),
    ("MX", "MATAMOROS"),
    ("MX", "LEON"),
    ("MX", "MERIDA"),
    ("MX", "GUADALAJARA"),
    ("CA", "VANCOUVER"),
    ("CA", "HALIFAX"),
    ("CN", "QINGDAO"),
    ("CN", "DALIAN"),
    ("CN", "NINGBO"),
    ("VN", "BINH DUONG"),
    ("VN", "CA MAU"),
    ("ID", "SURABAYA"),
    ("IN", "VIZAG"),
    ("TH", "SAMUT SAKHON"),
    ("EC", "GUAYAQUIL"),
    ("CL", "PUERTO MONTT"),
    ("BR", "CURITIBA"),
    ("PE", "PAITA"),
    ("MY", "MUAR"),
];

const US_CITIES: [&str; 10] = [
    "LAREDO",
    "NOGALES",
    "SAN DIEGO",
    "LOS ANGELES",
    "HOUSTON",
    "MIAMI",
    "NEW YORK",
    "SEATTLE",
    "BUFFALO",
    "CHICAGO",
];

/// A firm: everything about it follows from `key`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Firm {
    pub(super) key: u64,
    pub(super) sector: Sector,
    pub(super) country: &'static str,
}

impl Firm {
    /// The firm's name without spelling variants.
    pub(super) fn name(&self) -> String {
        let key = mix(self.key, 0x4649_524D);
        let mut name = String::with_capacity(40);
        name.push_str(chosen(&HEADS, key));
        name.push_str(chosen(&MIDDLES, mix(key, 1)));
        name.push_str(chosen(&TAILS, mix(key, 2)));
        name.push(' ');
        name.push_str(chosen(TRADES[self.sector as usize], mix(key, 3)));
        name.push_str(chosen(suffixes(self.country), mix(key, 4)));
        name
    }

    /// The name as a filer wrote it: now and then with other spaces, stops or a slip.
    pub(super) fn name_as_filed(&self, dice: &mut Dice) -> String {
        let name = self.name();
        if !dice.chance(0.03) {
            return name;
        }
        match dice.below(4) {
            0 => name.replace(['.', ','], ""),
            1 => name.replace(" LTD", " LIMITED").replace(" INC", " INC."),
            2 => {
                let dropped = 1 + usize::try_from(dice.below(4)).unwrap_or(0);
                let kept = name.chars().enumerate().filter(|(idx, _)| *idx != dropped);
                kept.map(|(_, letter)| letter).collect()
            }
            _ => name.replace(' ', "  "),
        }
    }

    /// The manufacturer's code: country, name, street number and city, as 19 CFR 102 builds it.
    pub(super) fn mid(&self) -> String {
        let name = self.name();
        let mut mid = String::with_capacity(15);
        mid.push_str(self.country);
        name.split(' ')
            .take(2)
            .for_each(|word| mid.extend(word.chars().take(3)));
        mid.push_str(&(1 + mix(self.key, 5) % 9_999).to_string());
        mid.extend(
            self.city()
                .chars()
                .filter(char::is_ascii_alphabetic)
                .take(3),
        );
        mid
    }

    /// Number, street and city; the number is that of the manufacturer's code.
    pub(super) fn address(&self) -> String {
        let street = chosen(&STREETS, mix(self.key, 4));
        let number = 1 + mix(self.key, 5) % 9_999;
        format!("{number} {street}, {}", self.city())
    }

    /// The importer's number: `NN-NNNNNNNXX`, always with the prefix 99, which no firm has.
    pub(super) fn importer_number(&self) -> String {
        // An odd factor that 5 does not divide: different keys below ten million stay different.
        let digits = self.key.wrapping_mul(7_654_321) % 10_000_000;
        let branch = if mix(self.key, 7).is_multiple_of(20) {
            "01"
        } else {
            "00"
        };
        format!("99-{digits:07}{branch}")
    }

    /// Where an importer is: of its own in nine of ten cases, else with one other firm or at one of some agents, where
    /// many firms have their seat. One in ten is filed without an address.
    pub(super) fn importer_address(&self, n_agents: u64) -> Option<String> {
        let at = |key: u64| Self { key, ..*self }.address();
        let pair = self.key / 16 * 8 + self.key % 8;
        match mix(self.key, 60) % 100 {
            0..10 => None,
            10..16 => Some(at(mix(0x4147_454E, mix(self.key, 61) % n_agents))),
            _ if mix(pair, 62).is_multiple_of(25) => Some(at(mix(pair, 64))),
            _ => Some(self.address()),
        }
    }

    fn city(&self) -> &'static str {
        if self.country == "US" {
            return chosen(&US_CITIES, mix(self.key, 8));
        }
        let city = chosen(&CITIES, mix(self.key, 8));
        let mut cities = (0..64).map(|step| chosen(&CITIES, mix(self.key, 9 + step)));
        cities
            .find(|(country, _)| *country == self.country)
            .unwrap_or(city)
            .1
    }
}

fn suffixes(country: &str) -> &'static [&'static str] {
    match country {
        "US" => &[" INC", " LLC", " CORP", " CO"],
        "CA" => &[" LTD", " INC", " CORP"],
        "MX" => &[" SA DE CV", " S DE RL DE CV", " SPR DE RL", " SA DE CV"],
        "CN" | "VN" | "TW" | "TH" | "KR" | "KH" => {
            &[" CO LTD", " CO., LTD.", " JSC", " IMP EXP CO LTD"]
        }
        "ID" => &[" JAYA", " PRIMA", " ABADI"],
        "BR" | "PE" | "EC" | "CL" | "CO" | "GT" | "HN" | "NI" | "CR" | "PA" | "BO" => {
            &[" SA", " LTDA", " SAC", " CIA LTDA"]
        }
        "DE" | "AT" => &[" GMBH", " AG"],
        _ => &[" LTD", " EXPORTS", " TRADING", " SA"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn importer_numbers_never_look_like_a_social_security_number() {
        for key in 0..1_000 {
            let firm = Firm {
                key,
                sector: Sector::Timber,
                country: "US",
            };
            let number = firm.importer_number();
            assert!(number.starts_with("99-") && number.len() == 12, "{number}");
            assert!(firm.mid().len() <= 15, "{}", firm.mid());
        }
    }
}
