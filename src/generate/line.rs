//! One declared line, or one species component of it.

use std::borrow::Cow;

use super::catalog::{Catalog, Goods, Sector, Species};
use super::dice::{Dice, mix};
use super::entry::{Entry, keep};
use super::outcome::Outcome;
use super::places::{Care, harvest_place, is_pacific};
use super::schemes::Scheme;
use super::{catch, papers, words};

/// One row of the manifest beside what its entry says. Missing values are `None`.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) component: u16,
    pub(super) hts: Cow<'static, str>,
    pub(super) description: Option<String>,
    pub(super) gross_kg: Option<f64>,
    pub(super) net_kg: Option<f64>,
    pub(super) value_usd: Option<f64>,
    pub(super) quantity: Option<f64>,
    pub(super) unit: Option<&'static str>,
    pub(super) volume_m3: Option<f64>,
    pub(super) spi: Option<&'static str>,
    pub(super) origin: Option<&'static str>,
    pub(super) manufacturer_id: Option<String>,
    pub(super) manufacturer_address: Option<String>,
    pub(super) genus: Option<&'static str>,
    pub(super) species: Option<&'static str>,
    pub(super) special_use: Option<&'static str>,
    pub(super) harvest: Option<&'static str>,
    pub(super) place: Option<&'static str>,
    pub(super) place_system: Option<&'static str>,
    pub(super) harvest_day: Option<i32>,
    pub(super) landing_day: Option<i32>,
    pub(super) landed_kg: Option<f64>,
    pub(super) method: Option<&'static str>,
    pub(super) gear: Option<&'static str>,
    pub(super) vessel_name: Option<String>,
    pub(super) vessel_flag: Option<&'static str>,
    pub(super) vessel_imo: Option<String>,
    pub(super) vessel_gt: Option<f64>,
    pub(super) ppq505: Option<&'static str>,
    pub(super) fws3177: Option<&'static str>,
    pub(super) ds2031: Option<&'static str>,
    pub(super) noaa370: Option<&'static str>,
    pub(super) coa: Option<&'static str>,
    pub(super) simp: Option<&'static str>,
    pub(super) iftp: Option<String>,
    pub(super) cites_foreign: Option<String>,
    pub(super) cites_us: Option<String>,
    pub(super) cites_expires: Option<i32>,
    pub(super) wildlife_form: Option<&'static str>,
    pub(super) wildlife_source: Option<&'static str>,
    pub(super) wildlife_purpose: Option<&'static str>,
    pub(super) scheme: Option<Scheme>,
    pub(super) outcome: Outcome,
}

/// What a line is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stuff<'a> {
    pub(super) goods: &'a Goods,
    /// `None` for goods that hold no plant or animal.
    pub(super) species: Option<&'a Species>,
    /// Country of harvest; empty where nothing was harvested.
    pub(super) harvest: &'static str,
    pub(super) origin: &'static str,
}

impl<'a> Stuff<'a> {
    /// Draws the taxon and the countries, from `preferred` where the goods come from there.
    pub(super) fn draw(
        goods: &'a Goods,
        catalog: &'a Catalog,
        preferred: Option<&str>,
        dice: &mut Dice,
    ) -> Self {
        let is_there = |species: &Species| {
            species
                .harvest
                .iter()
                .any(|(country, _)| Some(*country) == preferred)
        };
        let candidates = &goods.species;
        let local: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|&idx| is_there(&catalog.species[idx]))
            .collect();
        let pool = if goods.origins.is_empty() && !local.is_empty() {
            &local
        } else {
            candidates
        };
        // Earlier taxa of a commodity are the commoner ones.
        let species = pool.get(usize::try_from(dice.rank(pool.len() as u64)).unwrap_or(0));
        let species = species.map(|&idx| &catalog.species[idx]);
        let origin =
            wanted(&goods.origins, preferred).or_else(|| draw_country(&goods.origins, dice));
        let harvest = species.map_or("", |species| {
            wanted(&species.harvest, origin.or(preferred))
                .or_else(|| draw_country(&species.harvest, dice))
                .or(origin)
                .unwrap_or("US")
        });
        let origin = origin.unwrap_or(harvest);
        Self {
            goods,
            species,
            harvest,
            origin,
        }
    }

    /// Draws further goods of an entry: of a sector, and from its country; rarely from elsewhere. What must fly, or
    /// enter at a designated port, goes with its like.
    pub(super) fn beside(
        catalog: &'a Catalog,
        sector: Sector,
        entry: &Entry,
        dice: &mut Dice,
    ) -> Self {
        let country = entry.export_country;
        let draw = |dice: &mut Dice| {
            let goods = catalog.of_sector(sector, dice);
            Self::draw(goods, catalog, Some(country), dice)
        };
        let mut stuff = draw(dice);
        for _ in 0..8 {
            let is_listed = stuff.species.is_some_and(|species| species.appendix > 0);
            let may_ride = entry.takes(Care::of(stuff.goods, is_listed));
            if may_ride && (stuff.origin == country || dice.chance(0.02)) {
                break;
            }
            stuff = draw(dice);
        }
        stuff
    }
}

impl Line {
    /// Makes an ordinary line of an entry, lawful but for honest mistakes.
    pub(super) fn new(number: u32, stuff: &Stuff<'_>, entry: &Entry, dice: &mut Dice) -> Self {
        let mut line = Self {
            number,
            component: 1,
            hts: Cow::Borrowed(stuff.goods.hts),
            unit: Some(stuff.goods.unit),
            origin: keep(stuff.origin, 0.997, dice),
            ..Self::default()
        };
        line.set_amounts(stuff, entry, dice);
        line.set_origin(stuff, entry, dice);
        line.set_harvest(stuff, entry, dice);
        papers::file(&mut line, stuff, entry, dice);
        line.description = Some(words::describe(stuff, &line, dice));
        line
    }

    /// Quantity, weights and value: price by firm and country around the commodity's own.
    fn set_amounts(&mut self, stuff: &Stuff<'_>, entry: &Entry, dice: &mut Dice) {
        let goods = stuff.goods;
        let units = goods.quantity * dice.spread(0.75);
        let quantity = if goods.unit == "NO" {
            units.ceil()
        } else {
            cents(units)
        };
        let density = stuff.species.map_or(0.0, |species| species.density_kg_m3);
        let per_unit = if goods.unit == "M3" && density > 0.0 {
            density
        } else {
            goods.kg_per_unit
        };
        let net_kg = quantity * per_unit * (1.0 + 0.16 * (dice.unit() - 0.5));
        let firm = 0.85 + 0.3 * (mix(entry.deal.shipper.key, 11) % 1_000) as f64 / 1_000.0;
        let price = goods.usd_per_unit * firm * dice.spread(0.2);
        self.quantity = keep(quantity, 0.985, dice);
        self.net_kg = keep(cents(net_kg), 0.9, dice);
        let packing = 1.03 + 0.12 * dice.unit();
        self.gross_kg = keep((net_kg * packing).ceil(), 0.98, dice);
        self.value_usd = keep((quantity * price).round().max(1.0), 0.99, dice);
        self.volume_m3 = match goods.unit {
            "M3" => self.quantity,
            _ if goods.code == "concrete" => keep(cents(net_kg / concrete_kg_m3(dice)), 0.6, dice),
            _ => None,
        };
        if dice.chance(0.004) {
            // An honest slip: gross and net swapped, or pounds taken for kilograms.
            std::mem::swap(&mut self.gross_kg, &mut self.net_kg);
        } else if dice.chance(0.003) {
            self.gross_kg = self.gross_kg.map(|kg| (kg * 2.2046).round());
        }
    }

    fn set_origin(&mut self, stuff: &Stuff<'_>, entry: &Entry, dice: &mut Dice) {
        let mut maker = entry.deal.shipper;
        if dice.chance(0.3) {
            maker.key = mix(maker.key, 40 + dice.rank(3));
        }
        // Where goods come from another country than the shipper, most filers name their maker; some name the shipper.
        if dice.chance(0.8) {
            maker.country = stuff.origin;
        }
        self.manufacturer_id = keep(maker.mid(), 0.97, dice);
        // Six in ten makers are filed with their address.
        self.manufacturer_address = (mix(maker.key, 52) % 10 < 6).then(|| maker.address());
        self.spi = match stuff.origin {
            "MX" | "CA" if dice.chance(0.72) => Some("S"),
            "CL" if dice.chance(0.8) => Some("CL"),
            "PE" if dice.chance(0.8) => Some("PE"),
            "CO" if dice.chance(0.8) => Some("CO"),
            "KR" if dice.chance(0.7) => Some("KR"),
            _ => None,
        };
    }

    fn set_harvest(&mut self, stuff: &Stuff<'_>, entry: &Entry, dice: &mut Dice) {
        let Some(species) = stuff.species else { return };
        let is_regulated = !stuff.goods.papers.is_empty() || species.appendix > 0;
        if !is_regulated && !dice.chance(0.2) {
            return;
        }
        if species.genus.is_empty() {
            self.special_use = Some(if species.key == "spf" {
                "SPECIAL/SPF"
            } else {
                "SPECIAL/COMPOSITE"
            });
        } else {
            self.genus = Some(species.genus);
            self.species = Some(species.epithet);
        }
        self.harvest = keep(stuff.harvest, 0.985, dice);
        if let Some((place, system)) =
            harvest_place(species, stuff.harvest, dice).filter(|_| dice.chance(0.88))
        {
            self.place = Some(place);
            self.place_system = Some(system);
        }
        if stuff.goods.sector == Sector::Seafood {
            self.leave_barred(species);
        }
        self.honest_error(dice);
        if stuff.goods.sector == Sector::Seafood {
            catch::report(self, species, stuff, (entry, dice));
        }
    }

    /// Lawful trade leaves the fish of Russia, which is barred, to others.
    fn leave_barred(&mut self, species: &Species) {
        for country in [&mut self.harvest, &mut self.origin] {
            *country = country.map(|country| not_barred(country, species));
        }
    }

    /// About 1.5 % of lines: a species left out, or given as `sp.`, or no country of harvest.
    fn honest_error(&mut self, dice: &mut Dice) {
        match dice.below(1_000) {
            0..=5 => self.species = self.genus.map(|_| "sp."),
            6..=11 => self.species = None,
            12..=13 => (self.genus, self.species) = (None, None),
            14..=15 => self.harvest = None,
            _ => {}
        }
    }
}

/// The country of fish that may be imported: that of another fleet for the barred fish of Russia.
pub(super) fn not_barred(country: &'static str, species: &Species) -> &'static str {
    match country {
        "RU" if is_pacific(species) => "JP",
        "RU" => "NO",
        _ => country,
    }
}

/// What a cubic meter of concrete goods weighs: one load in twenty is of hollow or light pieces.
fn concrete_kg_m3(dice: &mut Dice) -> f64 {
    match dice.chance(0.05) {
        true => 900.0 + 500.0 * dice.unit(),
        false => 2_000.0 + 450.0 * dice.unit(),
    }
}

/// A value rounded to two decimals, as entries carry them.
pub(super) fn cents(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn wanted(countries: &[(&'static str, f64)], preferred: Option<&str>) -> Option<&'static str> {
    let found = countries
        .iter()
        .find(|(country, _)| Some(*country) == preferred);
    found.map(|(country, _)| *country)
}

fn draw_country(countries: &[(&'static str, f64)], dice: &mut Dice) -> Option<&'static str> {
    (!countries.is_empty()).then(|| dice.weighted(countries))
}
