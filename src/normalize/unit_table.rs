//! Holds the units of measure: their codes, their dimensions, and the words that mean them.
//!
//! Flat data. Factors are exact ratios, so that 1100 grams are 1.1 kilograms to the last bit.

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Base unit kilogram.
    Mass,
    /// Base unit cubic meter.
    Volume,
    /// Base unit square meter.
    Area,
    /// Base unit meter.
    Length,
    /// Base unit one piece.
    Count,
    /// A known unit that converts to none of these.
    Other,
}

/// A unit: its code, what it measures, and how many base units it holds, as a ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    pub(crate) code: &'static str,
    pub(crate) dimension: Dimension,
    pub(crate) numerator: f64,
    pub(crate) denominator: f64,
}

const fn unit(code: &'static str, dimension: Dimension, numerator: f64, denominator: f64) -> Unit {
    Unit {
        code,
        dimension,
        numerator,
        denominator,
    }
}

/// Lists every unit by its code.
///
/// # Source
/// NIST SP 811 (2008), appendix B: pound 0.453 592 37 kg, inch 25.4 mm and US gallon 231 cubic
/// inches, all exact; carat 200 mg, troy ounce 31.103 476 8 g. A board foot is 144 cubic inches, a
/// cord 128 and a measurement ton 40 cubic feet, a barrel 42 gallons, a roofing square 100 square
/// feet. Codes are those of the HTSUS and of CBP, else plain abbreviations.
pub(crate) const UNITS: &[Unit] = &[
    unit("KG", Dimension::Mass, 1.0, 1.0),
    unit("G", Dimension::Mass, 1.0, 1e3),
    unit("MG", Dimension::Mass, 1.0, 1e6),
    unit("T", Dimension::Mass, 1e3, 1.0),
    unit("LB", Dimension::Mass, 45_359_237.0, 1e8),
    unit("OZ", Dimension::Mass, 28_349_523_125.0, 1e12),
    unit("OZT", Dimension::Mass, 311_034_768.0, 1e10),
    unit("STN", Dimension::Mass, 90_718_474.0, 1e5),
    unit("LTN", Dimension::Mass, 10_160_469_088.0, 1e7),
    unit("CAR", Dimension::Mass, 1.0, 5e3),
    unit("M3", Dimension::Volume, 1.0, 1.0),
    unit("KM3", Dimension::Volume, 1e3, 1.0),
    unit("CM3", Dimension::Volume, 1.0, 1e6),
    unit("L", Dimension::Volume, 1.0, 1e3),
    unit("ML", Dimension::Volume, 1.0, 1e6),
    unit("FT3", Dimension::Volume, 28_316_846_592.0, 1e12),
    unit("IN3", Dimension::Volume, 16_387_064.0, 1e12),
    unit("YD3", Dimension::Volume, 764_554_857_984.0, 1e12),
    unit("BF", Dimension::Volume, 2_359_737_216.0, 1e12),
    unit("HBF", Dimension::Volume, 2_359_737_216.0, 1e10),
    unit("MBF", Dimension::Volume, 2_359_737_216.0, 1e9),
    unit("CORD", Dimension::Volume, 3_624_556_363_776.0, 1e12),
    unit("MTON", Dimension::Volume, 1_132_673_863_680.0, 1e12),
    unit("GAL", Dimension::Volume, 3_785_411_784.0, 1e12),
    unit("BBL", Dimension::Volume, 158_987_294_928.0, 1e12),
    unit("M2", Dimension::Area, 1.0, 1.0),
    unit("CM2", Dimension::Area, 1.0, 1e4),
    unit("FT2", Dimension::Area, 9_290_304.0, 1e8),
    unit("IN2", Dimension::Area, 64_516.0, 1e8),
    unit("MSF", Dimension::Area, 9_290_304.0, 1e5),
    unit("SQ", Dimension::Area, 9_290_304.0, 1e6),
    unit("M", Dimension::Length, 1.0, 1.0),
    unit("CM", Dimension::Length, 1.0, 1e2),
    unit("MM", Dimension::Length, 1.0, 1e3),
    unit("FT", Dimension::Length, 3048.0, 1e4),
    unit("IN", Dimension::Length, 254.0, 1e4),
    unit("NO", Dimension::Count, 1.0, 1.0),
    unit("PRS", Dimension::Count, 2.0, 1.0),
    unit("DOZ", Dimension::Count, 12.0, 1.0),
    unit("DPC", Dimension::Count, 12.0, 1.0),
    unit("DPR", Dimension::Count, 24.0, 1.0),
    unit("HUN", Dimension::Count, 100.0, 1.0),
    unit("GRS", Dimension::Count, 144.0, 1.0),
    unit("THS", Dimension::Count, 1e3, 1.0),
    // No quantity is asked for.
    unit("X", Dimension::Other, 1.0, 1.0),
    // Content and proof units: the weight of a part, or of another product.
    unit("CKG", Dimension::Other, 1.0, 1.0),
    unit("CYK", Dimension::Other, 1.0, 1.0),
    unit("PFL", Dimension::Other, 1.0, 1.0),
];

/// Finds the unit code that a word means: upper case, without dots and spaces.
///
/// # Source
/// HTSUS units of quantity; UN/ECE Recommendation 20 three-letter codes as in EDIFACT MEA and GDST;
/// AMS unit words.
pub(crate) fn code_of(word: &str) -> Option<&'static str> {
    let code = match word {
        "K" | "KGS" | "KGM" | "KILO" | "KILOS" | "KILOGRAM" | "KILOGRAMS" => "KG",
        "GM" | "GMS" | "GRM" | "GRAM" | "GRAMS" => "G",
        "MGM" | "MILLIGRAM" | "MILLIGRAMS" => "MG",
        "MT" | "TNE" | "TONNE" | "TONNES" | "METRICTON" | "METRICTONS" => "T",
        "LBS" | "LBR" | "POUND" | "POUNDS" => "LB",
        "ONZ" | "OUNCE" | "OUNCES" => "OZ",
        "APZ" | "TROYOUNCE" | "TROYOUNCES" => "OZT",
        "SHORTTON" | "SHORTTONS" => "STN",
        "LONGTON" | "LONGTONS" => "LTN",
        "CARAT" | "CARATS" | "CTM" => "CAR",
        "CBM" | "MTQ" | "CUM" | "CUBICMETER" | "CUBICMETERS" | "CUBICMETRE" | "CUBICMETRES" => "M3",
        "THOUSANDM3" => "KM3",
        "C3" | "CC" | "CMQ" | "CUBICCENTIMETER" | "CUBICCENTIMETERS" => "CM3",
        "LT" | "LTR" | "LTRS" | "LITER" | "LITERS" | "LITRE" | "LITRES" | "DMQ" => "L",
        "MLT" | "MILLILITER" | "MILLILITERS" => "ML",
        "FTQ" | "CFT" | "CUFT" | "CF" | "CUBICFOOT" | "CUBICFEET" => "FT3",
        "INQ" | "CUIN" | "CUBICINCH" | "CUBICINCHES" => "IN3",
        "YDQ" | "CUYD" | "CUBICYARD" | "CUBICYARDS" => "YD3",
        "BFT" | "BDFT" | "BOARDFOOT" | "BOARDFEET" | "FBM" | "BFM" => "BF",
        "MBM" | "MFBM" | "THOUSANDBOARDFEET" => "MBF",
        "CORDS" | "WCD" => "CORD",
        "GLL" | "GLI" | "GALLON" | "GALLONS" => "GAL",
        "BLL" | "BARREL" | "BARRELS" => "BBL",
        "MTK" | "SQM" | "SQUAREMETER" | "SQUAREMETERS" | "SQUAREMETRE" | "SQUAREMETRES" => "M2",
        "C2" | "CMK" | "SQUARECENTIMETER" | "SQUARECENTIMETERS" => "CM2",
        "FTK" | "SQFT" | "SF" | "SQUAREFOOT" | "SQUAREFEET" => "FT2",
        "INK" | "SQIN" | "SQUAREINCH" | "SQUAREINCHES" => "IN2",
        "THOUSANDSQUAREFEET" => "MSF",
        "SQUARE" | "SQUARES" => "SQ",
        "MTR" | "LM" | "METER" | "METERS" | "METRE" | "METRES" | "LINEARMETERS" => "M",
        "CMT" | "CENTIMETER" | "CENTIMETERS" => "CM",
        "MMT" | "MILLIMETER" | "MILLIMETERS" => "MM",
        "FOT" | "LF" | "FOOT" | "FEET" => "FT",
        "INH" | "INCH" | "INCHES" => "IN",
        "PC" | "PCS" | "PCE" | "PIECE" | "PIECES" | "EA" | "EACH" | "C62" | "NMB" => "NO",
        "NOS" | "NUMBER" | "NUMBEROFSPECIMENS" | "SPECIMEN" | "SPECIMENS" | "UNIT" | "UNITS" => {
            "NO"
        }
        "PR" | "PAIR" | "PAIRS" | "NPR" => "PRS",
        "DZ" | "DZN" | "DOZEN" | "DOZENS" => "DOZ",
        "DZPCS" | "DOZENPIECES" => "DPC",
        "DZR" | "DOZPRS" | "DOZENPAIRS" => "DPR",
        "HUND" | "HUNDRED" | "HUNDREDS" | "CEN" => "HUN",
        "GRO" | "GROSS" => "GRS",
        "THOU" | "THOUSAND" | "THOUSANDS" | "MIL" => "THS",
        "PFLITERS" => "PFL",
        "CYKG" => "CYK",
        _ => {
            return UNITS
                .iter()
                .find(|unit| unit.code == word)
                .map(|unit| unit.code);
        }
    };
    Some(code)
}
