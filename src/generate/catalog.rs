//! The commodities and taxa that lines are made of, read from `goods.csv` and `species.csv`.

use super::dice::Dice;

/// A text picked by weight, such as a country of harvest.
pub(super) type Weighted = Vec<(&'static str, f64)>;

/// What kind of trade a commodity belongs to; firms keep to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sector {
    Timber,
    Furniture,
    Instruments,
    Seafood,
    Wildlife,
    Plants,
    Leather,
    Other,
}

/// One taxon with where it is taken, and how.
#[derive(Debug)]
pub(super) struct Species {
    pub(super) key: &'static str,
    /// Empty for what is declared under a special use designation.
    pub(super) genus: &'static str,
    /// The second word of the name.
    pub(super) epithet: &'static str,
    /// Air-dry density; 0 for what is not timber.
    pub(super) density_kg_m3: f64,
    pub(super) harvest: Weighted,
    /// 1, 2 or 3; 0 when the taxon is not listed in CITES.
    pub(super) appendix: u8,
    /// W wild, C captive-bred, R ranched, A propagated, H farmed fish.
    pub(super) source: &'static str,
    /// FAO ISSCFG abbreviation; empty when not fished.
    pub(super) gear: &'static str,
    /// Mexican states where it is taken.
    pub(super) mx_states: Vec<&'static str>,
}

/// One commodity: a tariff number with typical amounts.
#[derive(Debug)]
pub(super) struct Goods {
    pub(super) code: &'static str,
    pub(super) hts: &'static str,
    pub(super) sector: Sector,
    pub(super) unit: &'static str,
    pub(super) kg_per_unit: f64,
    pub(super) usd_per_unit: f64,
    /// Median quantity of a line, in units.
    pub(super) quantity: f64,
    /// Indices into [`Catalog::species`].
    pub(super) species: Vec<usize>,
    /// Countries of origin; empty where the goods originate where they were harvested.
    pub(super) origins: Weighted,
    /// L Lacey, F wildlife, S SIMP, D shrimp, T tuna, C admissibility, V fishing vessel.
    pub(super) papers: &'static str,
    pub(super) words: Vec<&'static str>,
}

/// All commodities and taxa.
#[derive(Debug)]
pub(super) struct Catalog {
    pub(super) goods: Vec<Goods>,
    pub(super) species: Vec<Species>,
    /// Running sum of the goods' weights, scaled to end at 1.
    cumulative: Vec<f64>,
    /// Goods of each sector with a running sum of their weights.
    by_sector: Vec<Weights>,
}

/// Indices of goods and the running sum of their weights.
type Weights = (Vec<usize>, Vec<f64>);

impl Catalog {
    /// Reads the two tables that are compiled in.
    ///
    /// # Panics
    /// When a table is not well formed, which a test rules out.
    pub(super) fn new() -> Self {
        let species: Vec<Species> = rows(include_str!("species.csv"))
            .map(|cells| parse_species(&cells))
            .collect();
        let mut weights = Vec::new();
        let goods: Vec<Goods> = rows(include_str!("goods.csv"))
            .map(|cells| {
                weights.push(number(cells[3]));
                parse_goods(&cells, &species)
            })
            .collect();
        let by_sector = (0..Sector::ALL.len())
            .map(|sector_idx| {
                let members: Vec<usize> = (0..goods.len())
                    .filter(|&idx| goods[idx].sector as usize == sector_idx)
                    .collect();
                let sums = running_sum(members.iter().map(|&idx| weights[idx]));
                (members, sums)
            })
            .collect();
        Self {
            cumulative: running_sum(weights.iter().copied()),
            goods,
            species,
            by_sector,
        }
    }

    /// Draws a commodity by its share of all lines.
    pub(super) fn any(&self, dice: &mut Dice) -> &Goods {
        &self.goods[dice.at(&self.cumulative)]
    }

    /// Draws a commodity of one sector by its share.
    pub(super) fn of_sector(&self, sector: Sector, dice: &mut Dice) -> &Goods {
        let (members, sums) = &self.by_sector[sector as usize];
        &self.goods[members[dice.at(sums)]]
    }

    /// Whether a commodity may originate in a country.
    pub(super) fn has(&self, goods: &Goods, country: &str) -> bool {
        let is_there = |places: &Weighted| places.iter().any(|(place, _)| *place == country);
        if goods.origins.is_empty() {
            goods
                .species
                .iter()
                .any(|&idx| is_there(&self.species[idx].harvest))
        } else {
            is_there(&goods.origins)
        }
    }

    /// Finds the commodity with this code.
    ///
    /// # Panics
    /// When there is none: codes are written in this module only.
    pub(super) fn coded(&self, code: &str) -> &Goods {
        let found = self.goods.iter().find(|goods| goods.code == code);
        found.expect("the code stands in goods.csv")
    }

    /// Finds the taxon with this key.
    ///
    /// # Panics
    /// When there is none: keys are written in this module only.
    pub(super) fn taxon(&self, key: &str) -> &Species {
        let found = self.species.iter().find(|species| species.key == key);
        found.expect("the key stands in species.csv")
    }
}

impl Sector {
    const ALL: [(&'static str, Self); 8] = [
        ("timber", Self::Timber),
        ("furniture", Self::Furniture),
        ("instruments", Self::Instruments),
        ("seafood", Self::Seafood),
        ("wildlife", Self::Wildlife),
        ("plants", Self::Plants),
        ("leather", Self::Leather),
        ("other", Self::Other),
    ];
}

/// Cells of each line after the header.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
}

fn parse_species(cells: &[&'static str]) -> Species {
    Species {
        key: cells[0],
        genus: cells[1],
        epithet: cells[2],
        density_kg_m3: number(cells[3]),
        harvest: weighted(cells[4]),
        appendix: cells[5].parse().unwrap_or(0),
        source: cells[6],
        gear: cells[7],
        mx_states: items(cells[8]),
    }
}

fn parse_goods(cells: &[&'static str], species: &[Species]) -> Goods {
    let sector = Sector::ALL.iter().find(|(name, _)| *name == cells[2]);
    let taxon = |key: &str| species.iter().position(|species| species.key == key);
    Goods {
        code: cells[0],
        hts: cells[1],
        sector: sector.expect("the sector is known").1,
        unit: cells[4],
        kg_per_unit: number(cells[5]),
        usd_per_unit: number(cells[6]),
        quantity: number(cells[7]),
        species: items(cells[8])
            .into_iter()
            .map(|key| taxon(key).expect("the taxon is in species.csv"))
            .collect(),
        origins: weighted(cells[9]),
        papers: cells[10],
        words: items(cells[11]),
    }
}

pub(super) fn items(cell: &'static str) -> Vec<&'static str> {
    cell.split('|').filter(|item| !item.is_empty()).collect()
}

fn weighted(cell: &'static str) -> Weighted {
    items(cell)
        .into_iter()
        .map(|item| item.split_once(':').expect("an item is NAME:WEIGHT"))
        .map(|(name, weight)| (name, number(weight)))
        .collect()
}

pub(super) fn number(cell: &str) -> f64 {
    cell.parse().expect("the cell is a number")
}

/// Running sum, scaled so that the last item is 1.
pub(super) fn running_sum(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums: Vec<f64> = weights
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect();
    for item in &mut sums {
        *item /= sum;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_well_formed() {
        let catalog = Catalog::new();
        assert!(catalog.goods.len() > 100);
        for goods in &catalog.goods {
            assert!(!goods.words.is_empty(), "{}", goods.code);
            let placed = !goods.origins.is_empty()
                || goods
                    .species
                    .iter()
                    .all(|&idx| !catalog.species[idx].harvest.is_empty());
            assert!(placed, "{} comes from somewhere", goods.code);
            assert_eq!(goods.hts.len(), 10, "{}", goods.code);
        }
    }
}
