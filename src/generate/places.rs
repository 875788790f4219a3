//! Where goods enter, where they are laden, and where they were fished or cut.

use super::catalog::{Goods, Sector, Species};
use super::dice::{Dice, chosen};

/// Port of entry (Schedule D) and mode of transport (CATAIR appendix B).
pub(super) type Arrival = (&'static str, &'static str);

/// What decides the way goods travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    None,
    /// Fresh or live: by air from overseas.
    Perishable,
    /// Listed plants and wood: the filer steers for a port of 50 CFR 24.12.
    ListedPlants,
    /// Wildlife: the filer steers for a port of 50 CFR 14.12.
    Wildlife,
    /// The same, by air.
    LiveWildlife,
}

type Ports = [(&'static str, f64)];

const MEXICO: &Ports = &[
    ("2304", 34.0),
    ("2506", 16.0),
    ("2604", 14.0),
    ("2305", 11.0),
    ("2402", 9.0),
    ("2301", 5.0),
    ("2507", 4.0),
    ("2303", 4.0),
    ("2608", 1.0),
    ("2601", 1.0),
    ("2408", 1.0),
];
const CANADA: &Ports = &[
    ("3801", 24.0),
    ("0901", 18.0),
    ("3004", 17.0),
    ("3802", 16.0),
    ("0712", 12.0),
    ("0401", 5.0),
    ("3001", 4.0),
    ("3901", 4.0),
];
const PACIFIC: &Ports = &[
    ("2704", 26.0),
    ("2709", 20.0),
    ("1001", 13.0),
    ("1703", 11.0),
    ("5301", 7.0),
    ("3001", 5.0),
    ("3002", 5.0),
    ("2811", 5.0),
    ("1401", 4.0),
    ("1601", 3.0),
    ("5201", 1.0),
];
const ATLANTIC: &Ports = &[
    ("1001", 28.0),
    ("1703", 14.0),
    ("1401", 11.0),
    ("5301", 13.0),
    ("1601", 9.0),
    ("1303", 9.0),
    ("1101", 8.0),
    ("5203", 5.0),
    ("1803", 3.0),
];
const SOUTH: &Ports = &[
    ("5201", 24.0),
    ("5203", 18.0),
    ("5301", 14.0),
    ("1001", 13.0),
    ("1101", 11.0),
    ("2002", 6.0),
    ("1902", 6.0),
    ("2704", 5.0),
    ("1703", 3.0),
];
const AIR: &Ports = &[
    ("5206", 44.0),
    ("4601", 18.0),
    ("2720", 18.0),
    ("3901", 7.0),
    ("5501", 6.0),
    ("1704", 5.0),
    ("5301", 2.0),
];
/// Ports that take listed plants (50 CFR 24.12) on the southern border, wildlife (14.12) from Mexico, and both by sea.
const LISTED_SOUTH: &Ports = &[
    ("2604", 25.0),
    ("2402", 25.0),
    ("2301", 20.0),
    ("5301", 10.0),
    ("2704", 12.0),
    ("2304", 8.0),
];
const WILDLIFE_SOUTH: &Ports = &[
    ("5501", 35.0),
    ("5301", 25.0),
    ("2720", 25.0),
    ("5206", 15.0),
];
const LISTED_SEA: &Ports = &[
    ("2704", 30.0),
    ("1001", 22.0),
    ("5201", 22.0),
    ("5301", 14.0),
    ("2002", 6.0),
    ("3001", 6.0),
];

/// Draws a port of entry and a mode for goods that come from `country`.
///
pub(super) fn arrival(country: &str, care: Care, dice: &mut Dice) -> Arrival {
    let is_wildlife = matches!(care, Care::Wildlife | Care::LiveWildlife);
    let flies = matches!(care, Care::Perishable | Care::LiveWildlife);
    let careful = (is_wildlife || care == Care::ListedPlants) && dice.chance(0.97);
    match country {
        "MX" if careful && is_wildlife => match dice.weighted(WILDLIFE_SOUTH) {
            "5301" if !flies => ("5301", "11"),
            port => (port, "40"),
        },
        "MX" => {
            let ports = if careful { LISTED_SOUTH } else { MEXICO };
            let port = dice.weighted(ports);
            let by_sea = matches!(port, "5301" | "2704");
            (port, if by_sea { "11" } else { land_mode(dice) })
        }
        "CA" => (dice.weighted(CANADA), land_mode(dice)),
        _ if flies || dice.chance(0.02) => (dice.weighted(AIR), "40"),
        _ if careful => (dice.weighted(LISTED_SEA), "11"),
        "CN" | "VN" | "ID" | "TH" | "MY" | "KH" | "TW" | "KR" | "JP" | "PH" | "SG" | "IN"
        | "BD" | "PK" | "AU" | "NZ" | "FJ" | "MM" | "PG" => {
            (dice.weighted(PACIFIC), sea_mode(dice))
        }
        "BR" | "CL" | "PE" | "EC" | "CO" | "GT" | "HN" | "NI" | "CR" | "PA" | "BO" | "UY"
        | "AR" | "GY" | "SR" | "VE" | "BS" | "BZ" | "JM" | "HT" | "DO" | "SV" | "PY" => {
            (dice.weighted(SOUTH), sea_mode(dice))
        }
        _ => (dice.weighted(ATLANTIC), sea_mode(dice)),
    }
}

impl Care {
    /// Care for goods of a taxon, listed by CITES or not; live animals and cut flowers fly even when listed.
    pub(super) fn of(goods: &Goods, is_listed: bool) -> Self {
        let words = goods.words[0];
        let is_live = words.starts_with("FRESH") || words.contains("LIVE ");
        let is_wildlife = match goods.sector {
            Sector::Wildlife | Sector::Leather => is_listed || goods.papers.contains('F'),
            Sector::Seafood => is_listed,
            _ => false,
        };
        match (is_wildlife, is_live) {
            (true, true) => Self::LiveWildlife,
            (true, false) => Self::Wildlife,
            (false, true) => Self::Perishable,
            _ if goods.sector == Sector::Plants && words.contains("CUT") => Self::Perishable,
            _ if is_listed => Self::ListedPlants,
            _ => Self::None,
        }
    }
}

/// Port of lading in the form of Schedule K: the country's three digits and two more.
///
/// Only the first three digits are real; the last two number an invented port. Null for a
/// country whose digits are not known here.
pub(super) fn port_of_lading(country: &str, dice: &mut Dice) -> Option<String> {
    let prefixes = [
        ("MX", "201"),
        ("GT", "205"),
        ("HN", "215"),
        ("NI", "219"),
        ("CR", "223"),
        ("PA", "225"),
        ("BS", "236"),
        ("JM", "241"),
        ("DO", "247"),
        ("CO", "301"),
        ("VE", "307"),
        ("GY", "312"),
        ("EC", "331"),
        ("PE", "333"),
        ("CL", "337"),
        ("BR", "351"),
        ("UY", "355"),
        ("AR", "357"),
        ("SE", "401"),
        ("NO", "403"),
        ("FI", "405"),
        ("GB", "412"),
        ("NL", "421"),
        ("BE", "423"),
        ("FR", "427"),
        ("DE", "428"),
        ("ES", "470"),
        ("IT", "475"),
        ("IN", "533"),
        ("TH", "549"),
        ("VN", "552"),
        ("MY", "557"),
        ("SG", "559"),
        ("ID", "560"),
        ("PH", "565"),
        ("CN", "570"),
        ("KR", "580"),
        ("HK", "582"),
        ("TW", "583"),
        ("JP", "588"),
        ("AU", "602"),
        ("NZ", "614"),
    ];
    let (_, prefix) = prefixes.iter().find(|(code, _)| *code == country)?;
    Some(format!("{prefix}{:02}", 1 + dice.rank(40)))
}

/// A hub that goods pass on their way, for some of those that come by sea.
pub(super) fn hub(country: &str, dice: &mut Dice) -> Option<&'static str> {
    let hubs: &[&str] = match country {
        "MX" | "CA" => return None,
        "VN" | "ID" | "TH" | "MY" | "IN" | "KH" | "BD" | "MM" => &["SG", "MY", "HK", "KR"],
        "CN" | "TW" | "KR" | "PH" => &["KR", "HK", "JP"],
        "PE" | "EC" | "CL" | "CO" | "NI" | "GT" | "HN" | "BO" => &["PA", "CO", "MX"],
        "GH" | "CM" | "CI" | "CG" | "MA" | "NG" | "ZA" => &["ES", "BE", "MA"],
        _ => &["NL", "BE", "ES", "PA"],
    };
    dice.chance(0.3).then(|| dice.pick(hubs))
}

/// Where the taxon was taken, and the code system: a Mexican state or an FAO area.
pub(super) fn harvest_place(
    species: &Species,
    country: &str,
    dice: &mut Dice,
) -> Option<(&'static str, &'static str)> {
    if country == "MX" {
        return (!species.mx_states.is_empty()).then(|| (dice.pick(&species.mx_states), "state"));
    }
    if species.gear.is_empty() && species.source != "H" {
        return None;
    }
    let areas: &[&str] = match country {
        "EC" | "CL" | "PE" => &["87"],
        "CR" | "PA" | "CO" | "SV" | "GT" => &["77", "87"],
        "NI" | "HN" | "BS" | "BZ" | "JM" | "DO" | "HT" | "GY" | "SR" | "VE" => &["31"],
        "BR" | "UY" | "AR" => &["41"],
        "US" | "CA" => &["21", "67"],
        "NO" | "IS" | "GB" | "ES" => &["27"],
        "RU" => &["61", "27"],
        "CN" | "KR" | "JP" | "TW" => &["61"],
        "VN" | "TH" | "PH" | "FJ" | "AU" | "NZ" => &["71"],
        "ID" | "IN" | "MV" | "MY" => &["57", "71"],
        _ => &["34"],
    };
    let area = dice.pick(areas);
    let lives_there = match country {
        "US" | "CA" if is_pacific(species) => "67",
        "US" | "CA" => "21",
        "RU" if is_pacific(species) => "61",
        "RU" => "27",
        _ => area,
    };
    Some((lives_there, "fao"))
}

/// Whether a species of northern seas lives in the Pacific.
pub(super) fn is_pacific(species: &Species) -> bool {
    let genera = ["Oncorhynchus", "Apostichopus", "Panopea"];
    genera.contains(&species.genus) || species.epithet == "chalcogrammus"
}

/// The Mexican state of a shipper, by its number.
pub(super) fn state_of(sector: Sector, key: u64) -> &'static str {
    let states: &[&str] = match sector {
        Sector::Seafood => &["SON", "SIN", "BC", "BCS", "YUC", "CAM", "TAM", "VER", "NAY"],
        Sector::Timber => &[
            "DGO", "CHIH", "MICH", "QROO", "CAM", "CHIS", "OAX", "JAL", "SON",
        ],
        Sector::Leather => &["GTO", "GTO", "JAL", "CHIH"],
        _ => &[
            "NLE", "BC", "CHIH", "JAL", "GTO", "COAH", "MEX", "TAM", "SON",
        ],
    };
    chosen(states, key)
}

fn land_mode(dice: &mut Dice) -> &'static str {
    if dice.chance(0.9) { "30" } else { "20" }
}

fn sea_mode(dice: &mut Dice) -> &'static str {
    if dice.chance(0.96) { "11" } else { "10" }
}
