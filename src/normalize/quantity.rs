//! Brings units of measure to one code each, and quantities to kilograms, cubic meters and pieces.
//!
//! A unit code alone is not enough: `MT` is a metric ton on a manifest and a meter in a wildlife
//! declaration, `L` a liter or a pound, `X` no quantity or a cubic meter. So there is one function
//! per kind of field. Packaging units (`CTN`, `PKG`) are no measure; they go through
//! [`super::code`].

use std::borrow::Cow;

pub use super::unit_table::Dimension;
use super::unit_table::{UNITS, Unit, code_of};
use crate::issue::{IssueKind, Normal};

/// Reads the unit of a declared quantity: customs and tariff codes, and unit words.
///
/// `M2`, `m²`, `Square Meters` and `MTK` are all `M2`; dots and spaces do not count. `TON` is read
/// as a metric ton, with an issue, because it can be a short one.
///
/// # Missing values
/// Empty text is null; an unknown unit is kept, upper case, with an issue.
///
/// # Source
/// HTSUS units of quantity, AE 50\[48-50\], PPQ 505 block 17.
pub fn unit(text: &str) -> Normal<Cow<'static, str>> {
    let word = word_of(text);
    if word.is_empty() {
        return Normal::null();
    }
    match word.as_str() {
        "TON" | "TONS" => Normal::kept(Cow::Borrowed("T"), IssueKind::AmbiguousUnit),
        _ => match code_of(&word) {
            Some(code) => Normal::value(Cow::Borrowed(code)),
            None => Normal::kept(
                Cow::Owned(text.trim().to_uppercase()),
                IssueKind::UnknownUnit,
            ),
        },
    }
}

/// Reads the unit of a weight, where `L` is pounds and `K` kilograms.
///
/// `E`, `O` and `S` are metric tons, ounces and short tons. `T` is read as a metric ton, as
/// in the tariff, with an issue: X12 means the long ton, 1.6 % heavier.
///
/// # Missing values
/// As [`unit()`].
///
/// # Source
/// X12 element 188; AMS `weight_unit`; BD 1B\[45-46\].
pub fn weight_unit(text: &str) -> Normal<Cow<'static, str>> {
    let code = match word_of(text).as_str() {
        "L" => "LB",
        "E" => "T",
        "O" => "OZ",
        "S" | "ST" => "STN",
        "T" => return Normal::kept(Cow::Borrowed("T"), IssueKind::AmbiguousUnit),
        _ => return unit(text),
    };
    Normal::value(Cow::Borrowed(code))
}

/// Reads the unit of a volume, where `X` is cubic meters and `E` cubic feet.
///
/// # Missing values
/// As [`unit()`].
///
/// # Source
/// X12 element 184; AMS `measurement_unit`; BD 2B\[13-14\].
pub fn volume_unit(text: &str) -> Normal<Cow<'static, str>> {
    let code = match word_of(text).as_str() {
        "X" | "M" => "M3",
        "E" | "F3" => "FT3",
        "C" => "CM3",
        "D" => "CORD",
        "F" => "HBF",
        "G" => "GAL",
        "N" => "IN3",
        "S" => "MTON",
        "V" => "L",
        _ => return unit(text),
    };
    Normal::value(Cow::Borrowed(code))
}

/// Reads the unit of a wildlife quantity, where `MT` is meters and `LT` liters.
///
/// # Missing values
/// As [`unit()`].
///
/// # Source
/// FWS 3-177 unit key (February 2013), LEMIS `unit`.
pub fn wildlife_unit(text: &str) -> Normal<Cow<'static, str>> {
    match word_of(text).as_str() {
        "MT" => Normal::value(Cow::Borrowed("M")),
        _ => unit(text),
    }
}

/// Tells what a normalized unit measures; `None` where the unit is not known.
pub fn dimension(unit: &str) -> Option<Dimension> {
    find(unit).map(|unit| unit.dimension)
}

/// Converts a quantity to kilograms.
///
/// # Units
/// `unit`: a code from one of the readers above.
///
/// # Missing values
/// `None` where the unit is not a known unit of mass, or the result is not finite.
pub fn to_kg(value: f64, unit: &str) -> Option<f64> {
    convert(value, unit, Dimension::Mass)
}

/// Converts a quantity to cubic meters.
///
/// # Units
/// `unit`: a code from one of the readers above.
///
/// # Missing values
/// `None` where the unit is not a known unit of volume, or the result is not finite.
pub fn to_m3(value: f64, unit: &str) -> Option<f64> {
    convert(value, unit, Dimension::Volume)
}

/// Converts a quantity to a number of pieces; a pair counts as two.
///
/// # Units
/// `unit`: a code from one of the readers above.
///
/// # Missing values
/// `None` where the unit does not count pieces (`X` does not), or the result is not finite.
pub fn to_number(value: f64, unit: &str) -> Option<f64> {
    convert(value, unit, Dimension::Count)
}

fn convert(value: f64, unit: &str, dimension: Dimension) -> Option<f64> {
    let unit = find(unit).filter(|unit| unit.dimension == dimension)?;
    let converted = value * unit.numerator / unit.denominator;
    converted.is_finite().then_some(converted)
}

fn find(code: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.code == code)
}

/// Brings a unit to the form that the table of words is in.
fn word_of(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '²' => word.push('2'),
            '³' => word.push('3'),
            '.' => {}
            _ if letter.is_whitespace() || letter.is_control() => {}
            _ => word.extend(letter.to_uppercase()),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: &'static str) -> Normal<Cow<'static, str>> {
        Normal::value(Cow::Borrowed(code))
    }

    #[test]
    fn every_code_reads_as_itself() {
        for row in UNITS {
            assert_eq!(unit(row.code), code(row.code));
            assert_eq!(unit(&row.code.to_lowercase()), code(row.code));
        }
    }

    #[test]
    fn unit_words_become_codes() {
        for (text, known) in [
            ("kgs", "KG"),
            ("No.", "NO"),
            ("m²", "M2"),
            ("Cubic Meters", "M3"),
            ("liters", "L"),
            ("L", "L"),
            ("MT", "T"),
            ("doz. prs.", "DPR"),
            ("pcs ", "NO"),
            ("GM", "G"),
            ("C3", "CM3"),
        ] {
            assert_eq!(unit(text), code(known), "{text}");
        }
        assert_eq!(unit(" . "), Normal::null());
    }

    #[test]
    fn the_kind_of_field_decides_what_a_letter_means() {
        assert_eq!(weight_unit("L"), code("LB"));
        assert_eq!(weight_unit("Pounds"), code("LB"));
        assert_eq!(weight_unit("MT"), code("T"));
        assert_eq!(volume_unit("X"), code("M3"));
        assert_eq!(volume_unit("Cubic Feet"), code("FT3"));
        assert_eq!(unit("X"), code("X"));
        assert_eq!(wildlife_unit("MT"), code("M"));
        assert_eq!(wildlife_unit("LT"), code("L"));
        let ambiguous = Normal::kept(Cow::Borrowed("T"), IssueKind::AmbiguousUnit);
        assert_eq!(unit("tons"), ambiguous);
        assert_eq!(weight_unit("t"), ambiguous);
    }

    #[test]
    fn unknown_units_are_kept() {
        for (text, kept) in [("flasks", "FLASKS"), ("箱", "箱"), (" big box ", "BIG BOX")] {
            let expected = Normal::kept(Cow::Owned(kept.to_owned()), IssueKind::UnknownUnit);
            assert_eq!(unit(text), expected, "{text}");
        }
    }

    #[test]
    fn conversions_are_exact() {
        assert_eq!(to_kg(1100.0, "G"), Some(1.1));
        assert_eq!(to_kg(131_704.0, "LB"), Some(59_739.929_498_48));
        assert_eq!(to_kg(1.0, "STN"), Some(907.184_74));
        assert_eq!(to_kg(1.0, "LTN"), Some(1_016.046_908_8));
        assert_eq!(to_m3(1.0, "MBF"), Some(2.359_737_216));
        assert_eq!(to_m3(250.0, "L"), Some(0.25));
        assert_eq!(to_number(2.5, "DOZ"), Some(30.0));
        assert_eq!(to_number(3.0, "DPR"), Some(72.0));
    }

    #[test]
    fn nothing_converts_across_dimensions() {
        assert_eq!(to_kg(1.0, "M3"), None);
        assert_eq!(to_m3(1.0, "KG"), None);
        assert_eq!(to_number(1.0, "X"), None);
        assert_eq!(to_kg(1.0, "FLASKS"), None);
        assert_eq!(to_kg(f64::MAX, "T"), None);
        assert_eq!(dimension("M2"), Some(Dimension::Area));
        assert_eq!(dimension(""), None);
    }
}
