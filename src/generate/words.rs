//! Goods descriptions: commodity words, size, packing, numbers; English with some Spanish.

use std::fmt::Write as _;

use super::catalog::Sector;
use super::dice::Dice;
use super::line::{Line, Stuff};

/// Writes the description of a line as a broker would, in capitals.
pub(super) fn describe(stuff: &Stuff<'_>, line: &Line, dice: &mut Dice) -> String {
    if dice.chance(0.012) {
        return dice
            .pick(&[
                "GENERAL MERCHANDISE",
                "SEAFOOD",
                "WOOD",
                "PARTS",
                "FOOD PRODUCTS",
                "SAMPLES",
            ])
            .to_owned();
    }
    let goods = stuff.goods;
    let words = if stuff.harvest == "MX" || stuff.origin == "MX" {
        dice.pick(&goods.words)
    } else {
        goods.words[usize::try_from(dice.rank(goods.words.len() as u64)).unwrap_or(0)]
    };
    let mut text = String::with_capacity(96);
    compose(&mut text, (words, goods.sector), line, dice).expect("a string takes any text");
    text
}

/// Writes a description around given words, in the manner of the line's tariff chapter.
pub(super) fn describe_as(words: &str, line: &Line, dice: &mut Dice) -> String {
    let sector = match line.hts.as_bytes() {
        [b'0', b'3', ..] | [b'1', b'6', ..] => Sector::Seafood,
        [b'4', b'4', ..] => Sector::Timber,
        [b'0', ..] => Sector::Wildlife,
        _ => Sector::Other,
    };
    let mut text = String::with_capacity(96);
    compose(&mut text, (words, sector), line, dice).expect("a string takes any text");
    text
}

fn compose(
    text: &mut String,
    goods: (&str, Sector),
    line: &Line,
    dice: &mut Dice,
) -> std::fmt::Result {
    let (words, sector) = goods;
    let kg = line.net_kg.or(line.gross_kg).unwrap_or(500.0);
    let (packing, kg_each) = packing(sector, dice);
    if dice.chance(0.8) {
        write!(text, "{:.0} {packing} ", (kg / kg_each).max(1.0).ceil())?;
    }
    text.push_str(words);
    if let (Some(genus), Some(species)) = (line.genus, line.species)
        && dice.chance(0.3)
    {
        write!(
            text,
            " ({} {})",
            genus.to_uppercase(),
            species.to_uppercase()
        )?;
    }
    size(text, sector, dice)?;
    if dice.chance(0.65) {
        let name = dice.pick(&["PO", "INV", "ORDER NO", "REF", "FACTURA"]);
        write!(text, " {name} {:06}", dice.below(1_000_000))?;
    }
    if dice.chance(0.35) {
        write!(text, " NET WT {kg:.0} KG")?;
    }
    if dice.chance(0.3) {
        write!(text, " HTS {}", line.hts)?;
    }
    Ok(())
}

/// A packing word and the net weight of one.
fn packing(sector: Sector, dice: &mut Dice) -> (&'static str, f64) {
    match sector {
        Sector::Timber => dice.pick(&[
            ("BUNDLES", 1_400.0),
            ("PALLETS", 900.0),
            ("CRATES", 1_100.0),
            ("ATADOS", 1_300.0),
        ]),
        Sector::Furniture => dice.pick(&[
            ("CARTONS", 32.0),
            ("CTNS", 28.0),
            ("PACKAGES", 45.0),
            ("CAJAS", 35.0),
        ]),
        Sector::Seafood => dice.pick(&[
            ("CARTONS", 12.0),
            ("CTNS", 10.0),
            ("MASTER CASES", 20.0),
            ("CAJAS", 15.0),
        ]),
        Sector::Plants => dice.pick(&[("BOXES", 14.0), ("FULL BOXES", 18.0), ("CAJAS", 12.0)]),
        Sector::Wildlife => dice.pick(&[("BOXES", 9.0), ("CRATES", 16.0), ("CAJAS", 8.0)]),
        Sector::Leather | Sector::Instruments | Sector::Other => dice.pick(&[
            ("CARTONS", 16.0),
            ("PACKAGES", 40.0),
            ("PALLETS", 420.0),
            ("BULTOS", 22.0),
        ]),
    }
}

fn size(text: &mut String, sector: Sector, dice: &mut Dice) -> std::fmt::Result {
    match sector {
        Sector::Timber if dice.chance(0.7) => {
            let thick = dice.pick(&[3, 6, 9, 12, 15, 18, 22, 25, 32, 38, 50]);
            write!(
                text,
                " {thick}X{}X{}MM",
                50 + 5 * dice.below(60),
                600 + 100 * dice.below(50)
            )
        }
        Sector::Furniture if dice.chance(0.6) => {
            write!(
                text,
                " MODEL {}{:04}",
                dice.pick(&["A", "BR", "DN", "KD", "T", "W"]),
                dice.below(10_000)
            )
        }
        Sector::Seafood if dice.chance(0.7) => {
            let count = dice.pick(&[
                "16/20", "21/25", "26/30", "31/40", "5-7 OZ", "3-5 OZ", "U15", "100-200G", "10 KG",
            ]);
            write!(text, " {count} LOT {:05}", dice.below(100_000))
        }
        Sector::Plants if dice.chance(0.4) => write!(text, " {} CM", 10 + 5 * dice.below(14)),
        _ if dice.chance(0.4) => write!(text, " STYLE {:05}", dice.below(100_000)),
        _ => Ok(()),
    }
}
