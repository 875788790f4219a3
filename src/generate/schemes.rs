//! The planted schemes: who is behind them, and what they declare.
//!
//! Patterns follow the published cases of `DOMAIN.md` 3.7. Nothing in a planted line says that it
//! is planted; about a fifth of each scheme's lines hide the tell-tale field as well.

use super::Maker;
use super::calendar::{FIRST_DAY, LAST_DAY};
use super::catalog::{Sector, items, number, rows};
use super::dice::{Dice, chosen, mix};
use super::entry::{Deal, Entry};
use super::firms::Firm;
use super::forge::forge;
use super::line::{Line, Stuff};
use super::places::Care;
use super::words;

/// A kind of fraud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    TotoabaInFillets,
    SeaCucumber,
    AbaloneFalseSeller,
    OakOrigin,
    GranadilloPosts,
    CitesTimber,
    VolumeOverLimit,
    PlywoodTransshipment,
    SnapperLancha,
    ShrimpUncertified,
    ConchAsWhelk,
    CrocodileBoots,
    LiveUndocumented,
    SharkFin,
    DalbergiaSplit,
    MakerCodeReused,
    PermitReused,
    NewMillVolume,
}

/// What the entries of a scheme have in common: one row of `schemes.csv`.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) scheme: Scheme,
    pub(super) weight: f64,
    /// A case lasts this long.
    window_days: i32,
    /// The declared goods, as codes of `goods.csv`.
    goods: Vec<&'static str>,
    countries: Vec<&'static str>,
    states: Vec<&'static str>,
    /// Ports that the actors prefer; empty for the usual ones.
    ports: Vec<&'static str>,
}

impl Scheme {
    /// Schemes by code, with their themes.
    const ALL: [(Self, &'static str, &'static str); 18] = [
        (Self::TotoabaInFillets, "totoaba-in-fillets", "wildlife"),
        (Self::SeaCucumber, "sea-cucumber-false-supplier", "iuu"),
        (Self::AbaloneFalseSeller, "abalone-false-seller", "iuu"),
        (Self::OakOrigin, "oak-wrong-origin", "timber"),
        (Self::GranadilloPosts, "granadillo-as-concrete", "timber"),
        (Self::CitesTimber, "cites-timber-no-permit", "timber"),
        (Self::VolumeOverLimit, "volume-over-limit", "timber"),
        (
            Self::PlywoodTransshipment,
            "plywood-transshipment",
            "timber",
        ),
        (Self::SnapperLancha, "snapper-lancha", "iuu"),
        (Self::ShrimpUncertified, "shrimp-uncertified", "iuu"),
        (Self::ConchAsWhelk, "conch-as-whelk", "iuu"),
        (
            Self::CrocodileBoots,
            "crocodile-boots-no-permit",
            "wildlife",
        ),
        (Self::LiveUndocumented, "live-without-documents", "wildlife"),
        (Self::SharkFin, "shark-fin-as-dried-fish", "iuu"),
        (Self::DalbergiaSplit, "dalbergia-split", "timber"),
        (Self::MakerCodeReused, "maker-code-reused", "iuu"),
        (Self::PermitReused, "permit-reused", "wildlife"),
        (Self::NewMillVolume, "new-mill-volume", "timber"),
    ];

    /// Code and theme, as the file of truths gives them.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        let (_, code, theme) = Self::ALL[self as usize];
        (code, theme)
    }
}

impl Plan {
    /// Reads the table that is compiled in.
    ///
    /// # Panics
    /// When the table is not well formed, which a test rules out.
    pub(super) fn all() -> Vec<Self> {
        rows(include_str!("schemes.csv"))
            .map(|cells| {
                let found = Scheme::ALL.iter().find(|(_, code, _)| *code == cells[0]);
                Self {
                    scheme: found.expect("the scheme is known").0,
                    weight: number(cells[1]),
                    window_days: cells[2].parse().expect("the cell is a number of days"),
                    goods: items(cells[3]),
                    countries: items(cells[4]),
                    states: items(cells[5]),
                    ports: items(cells[6]),
                }
            })
            .collect()
    }
}

/// Makes one entry of a scheme: one or two planted lines, often among lawful ones.
///
/// `ordinal`: as in [`Entry::new`].
pub(super) fn plant(maker: &Maker, ordinal: u64, dice: &mut Dice) -> (Entry, Vec<Line>) {
    let catalog = &maker.catalog;
    let plan = &maker.plans[dice.at(&maker.plan_sums)];
    let actors = match plan.scheme {
        // Clusters in time: each case has a handful of entries.
        Scheme::DalbergiaSplit
        | Scheme::PlywoodTransshipment
        | Scheme::NewMillVolume
        | Scheme::MakerCodeReused => dice.below(maker.options.rows.div_ceil(40_000)),
        _ => dice.rank(maker.population.cases),
    };
    let case = mix(mix(maker.options.seed, plan.scheme as u64 + 1_000), actors);
    let country = chosen(&plan.countries, case);
    // Goods that the country has, where the plan knows any.
    let draws = (0..6)
        .map(|_| catalog.coded(dice.pick(&plan.goods)))
        .collect::<Vec<_>>();
    let first = draws
        .iter()
        .find(|goods| catalog.has(goods, country))
        .unwrap_or(&draws[0]);
    let deal = deal(plan, (first.sector, country), case, dice);
    let agents = maker.population.agents;
    let mut entry = Entry::new(ordinal, deal, first, Care::None, agents, dice);
    disguise(&mut entry, plan, case, dice);
    let mut lines = Vec::new();
    let n_cover = dice.rank(5);
    let n_planted = 1 + u64::from(dice.chance(0.35));
    for (number, place) in (1..).zip(0..n_cover + n_planted) {
        let is_cover = place < n_cover;
        let stuff = if is_cover {
            Stuff::beside(catalog, first.sector, &entry, dice)
        } else {
            Stuff::draw(first, catalog, Some(country), dice)
        };
        let mut line = Line::new(number, &stuff, &entry, dice);
        if !is_cover {
            let drawn = line.description.clone();
            forge(plan.scheme, &mut line, &entry, (catalog, case, dice));
            if line.description == drawn {
                // The words go with what is declared now.
                line.description = Some(words::describe(&stuff, &line, dice));
            }
            line.scheme = Some(plan.scheme);
        }
        lines.push(line);
    }
    (entry, lines)
}

/// Numbers of firms from here on import for one case only.
const FIRST_SHELL: u64 = 5_000_000;

/// The actors of a case. Half of the importers also trade lawfully; shippers are the case's own.
fn deal(plan: &Plan, trade: (Sector, &'static str), case: u64, dice: &mut Dice) -> Deal {
    let (sector, country) = trade;
    // A mill is new to those who know the year before.
    let (first, days) = match plan.scheme {
        Scheme::PlywoodTransshipment | Scheme::NewMillVolume => (FIRST_DAY + 380, 470),
        _ => (FIRST_DAY, 850),
    };
    let start = first + i32::try_from(case / 7 % days).unwrap_or(0);
    let last = (start + plan.window_days).min(LAST_DAY);
    let branch = mix(case, dice.rank(3));
    let importer = if case.is_multiple_of(2) {
        Firm {
            key: FIRST_SHELL + branch % 4_000_000,
            sector: Sector::Other,
            country: "US",
        }
    } else {
        Firm {
            key: branch % 400 * 8 + sector as u64,
            sector,
            country: "US",
        }
    };
    // One code, or one permit, serves several shippers.
    let shipper = match plan.scheme {
        Scheme::MakerCodeReused | Scheme::PermitReused => 60 + dice.rank(4),
        _ => 21,
    };
    let is_posts = plan.scheme == Scheme::GranadilloPosts;
    let shipper_sector = if is_posts { Sector::Timber } else { sector };
    Deal {
        importer,
        shipper: Firm {
            key: mix(case, shipper),
            sector: shipper_sector,
            country,
        },
        entry_day: dice.between(start.min(last), last),
    }
}

/// Ports, states and sellers that the actors prefer, most of the time.
fn disguise(entry: &mut Entry, plan: &Plan, case: u64, dice: &mut Dice) {
    if !plan.ports.is_empty() && dice.chance(0.85) {
        entry.port = dice.pick(&plan.ports);
        let by_sea = matches!(entry.port, "2704" | "2709");
        entry.mode = if by_sea { "11" } else { "30" };
    }
    if entry.export_country == "MX" && !plan.states.is_empty() {
        entry.shipper_state = dice
            .chance(0.85)
            .then(|| chosen(&plan.states, mix(case, 22)));
    }
    if entry.deal.importer.key >= FIRST_SHELL {
        // Firms under new names keep the office.
        let office = Firm {
            key: mix(case, 23),
            ..entry.deal.importer
        };
        entry.importer_address = Some(office.address());
    }
    if matches!(
        plan.scheme,
        Scheme::SeaCucumber | Scheme::AbaloneFalseSeller
    ) {
        // One seller that exists on paper only serves several cases, hence several importers.
        let seller = Firm {
            key: mix(0x5345_4C4C, case % 5),
            sector: Sector::Seafood,
            country: "MX",
        };
        entry.seller_name = Some(seller.name());
        entry.seller_address = Some(seller.address());
        entry.shipper_name = dice.chance(0.7).then(|| seller.name());
    }
    if plan.scheme == Scheme::PlywoodTransshipment && dice.chance(0.6) {
        entry.transit = Some("CN".to_owned());
    }
    if plan.scheme == Scheme::GranadilloPosts && dice.chance(0.5) {
        entry.in_bond = Some("62");
    }
    if plan.scheme == Scheme::DalbergiaSplit {
        // One lot in parts goes to one consignee.
        let buyer = Firm {
            key: mix(case, 25),
            ..entry.deal.importer
        };
        entry.consignee_name = Some(buyer.name());
        entry.type_code = if dice.chance(0.8) { "11" } else { "01" };
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalog::Catalog;
    use super::*;

    #[test]
    fn every_plan_names_known_goods() {
        let catalog = Catalog::new();
        let plans = Plan::all();
        assert_eq!(plans.len(), Scheme::ALL.len());
        for (idx, plan) in plans.iter().enumerate() {
            assert_eq!(
                plan.scheme as usize, idx,
                "rows follow the order of the schemes"
            );
            assert!(
                plan.goods
                    .iter()
                    .all(|code| !catalog.coded(code).hts.is_empty())
            );
        }
    }
}
