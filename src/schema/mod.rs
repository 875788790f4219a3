//! The manifest schema: every field there is, once.
//!
//! [`FIELDS`] is the one table of fields; command-line help, mapping, normalizing, rules and the written files follow
//! it. Read `table.rs` for the fields themselves. This module never reads data.

#[expect(clippy::doc_markdown, reason = "meanings name records as forms do")]
#[cfg_attr(
    not(test),
    expect(clippy::enum_glob_use, clippy::wildcard_imports, reason = "flat data")
)]
mod table;

pub use table::{FIELDS, field};

use serde::Serialize;

/// One field of the manifest schema.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Column name, in snake case.
    pub name: &'static str,
    /// How its text is read and what it becomes.
    pub kind: Kind,
    /// The evidence stages that can carry it, as bits of [`stages`].
    pub stages: u16,
    /// The source formats that can carry it, as bits of [`formats`].
    pub formats: u16,
    /// Other headings under which files hold it.
    pub aliases: &'static [&'static str],
    /// Unit or code list.
    pub codes: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Record, block or form field it comes from.
    pub source: &'static str,
}

impl Field {
    /// The type that conditions see.
    pub fn value_type(&self) -> ValueType {
        self.kind.value_type()
    }

    /// True for what is known only after the decision; no rule may read it.
    pub fn is_outcome(&self) -> bool {
        self.name.starts_with("outcome")
            || matches!(
                self.name,
                "wildlife_action" | "wildlife_disposition" | "disposition_date"
            )
    }
}

/// A column: a field of [`FIELDS`], or, from [`FieldId::FIRST_EXTRA`] on, a column that a run adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

impl FieldId {
    /// The first column number that is not a field: aggregates of a pack, source columns of a mapping.
    pub const FIRST_EXTRA: u16 = 1024;

    /// The field's row of [`FIELDS`]; none for an extra column.
    pub fn field(self) -> Option<&'static Field> {
        FIELDS.get(self.0 as usize)
    }

    /// The position in [`FIELDS`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The field's name; extra columns have none.
    pub fn name(self) -> &'static str {
        self.field().map_or("", |field| field.name)
    }
}

/// How the text of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Kept as it is, trimmed.
    Verbatim,
    /// Short code: upper case, no spaces.
    Code,
    /// Word of a closed vocabulary: lower case.
    Word,
    /// Description: upper case, spaces squeezed.
    FreeText,
    /// Name or address of a party, vessel or place: upper case, spaces squeezed.
    Party,
    /// CBP entry number.
    Entry,
    /// Bill of lading number.
    Bill,
    /// Container number, ISO 6346.
    Container,
    /// IMO ship number.
    Imo,
    /// Importer or consignee number; may be a Social Security number.
    Importer,
    /// Tariff number.
    Hts,
    /// Country, ISO 3166-1 alpha-2.
    Country,
    /// Unit of measure.
    Unit,
    /// Genus.
    Genus,
    /// Species or subspecies epithet.
    Species,
    /// Document status.
    Status,
    /// Date, as days since 1970-01-01.
    Date,
    /// Time, as milliseconds since 1970-01-01.
    Timestamp,
    /// Number without a unit of its own.
    Number,
    /// Whole number.
    Integer,
    /// Money in US dollars.
    Money,
    /// Mass in kilograms.
    Mass,
    /// Volume in cubic meters.
    Volume,
    /// True or false.
    Boolean,
    /// List of texts.
    TextList,
    /// List of codes.
    CodeList,
    /// List of countries.
    CountryList,
    /// List of tariff numbers.
    HtsList,
    /// Permits, as a list of records; flattened into fields of their own.
    Permits,
}

impl Kind {
    /// The type that conditions see.
    pub fn value_type(self) -> ValueType {
        match self {
            Self::Date => ValueType::Date,
            Self::Timestamp
            | Self::Number
            | Self::Integer
            | Self::Money
            | Self::Mass
            | Self::Volume => ValueType::Number,
            Self::Boolean => ValueType::Boolean,
            Self::TextList | Self::CodeList | Self::CountryList | Self::HtsList | Self::Permits => {
                ValueType::List
            }
            _ => ValueType::Text,
        }
    }
}

/// Type of a value in a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// UTF-8 text, compared by bytes.
    Text,
    /// binary64.
    Number,
    /// Day.
    Date,
    /// True, false or unknown.
    Boolean,
    /// Items, held as text joined by `|`.
    List,
}

impl ValueType {
    /// The type's name in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Boolean => "true or false",
            Self::List => "list",
        }
    }
}

/// Evidence stages as bits.
pub mod stages {
    /// Bill of lading data before arrival.
    pub const MANIFEST: u16 = 1;
    /// Importer security filing.
    pub const ISF: u16 = 1 << 1;
    /// In-bond movement.
    pub const IN_BOND: u16 = 1 << 2;
    /// Cargo release filing.
    pub const RELEASE: u16 = 1 << 3;
    /// Entry summary, post-summary correction and historical records: these can carry whatever their file has.
    pub const SUMMARY: u16 = 1 << 4;
    /// Every stage.
    pub const ANY: u16 = MANIFEST | ISF | IN_BOND | RELEASE | SUMMARY;

    /// Names of the stages with their bits.
    pub const NAMES: [(&str, u16); 7] = [
        ("manifest", MANIFEST),
        ("isf", ISF),
        ("in_bond", IN_BOND),
        ("release", RELEASE),
        ("entry_summary", SUMMARY),
        ("post_summary", SUMMARY),
        ("historical", SUMMARY),
    ];

    /// The bit of a stage; an unknown word counts as an entry summary.
    pub fn bit(name: &str) -> u16 {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(SUMMARY, |(_, bit)| *bit)
    }
}

/// Source formats as bits.
pub mod formats {
    /// AMS manifest CSV.
    pub const AMS_CSV: u16 = 1;
    /// ACE report ES-003.
    pub const ACE_ES003: u16 = 1 << 1;
    /// CATAIR entry summary.
    pub const CATAIR_AE: u16 = 1 << 2;
    /// CATAIR cargo release.
    pub const CATAIR_SE: u16 = 1 << 3;
    /// CATAIR broker download.
    pub const CATAIR_BD: u16 = 1 << 4;
    /// CATAIR importer security filing.
    pub const CATAIR_ISF: u16 = 1 << 5;
    /// X12 309 manifest.
    pub const X12_309: u16 = 1 << 6;
    /// EDIFACT CUSCAR.
    pub const EDIFACT_CUSCAR: u16 = 1 << 7;
    /// Cargo-IMP house waybill list.
    pub const CARGO_IMP_FHL: u16 = 1 << 8;
    /// GDST event records.
    pub const GDST_EPCIS: u16 = 1 << 9;
    /// LEMIS declarations.
    pub const LEMIS_CSV: u16 = 1 << 10;
    /// Every format.
    pub const EVERY: u16 = u16::MAX;

    /// Names of the formats with their bits.
    pub const NAMES: [(&str, u16); 11] = [
        ("ams_csv", AMS_CSV),
        ("ace_es003", ACE_ES003),
        ("catair_ae", CATAIR_AE),
        ("catair_se", CATAIR_SE),
        ("catair_bd", CATAIR_BD),
        ("catair_isf", CATAIR_ISF),
        ("x12_309", X12_309),
        ("edifact_cuscar", EDIFACT_CUSCAR),
        ("cargo_imp_fhl", CARGO_IMP_FHL),
        ("gdst_epcis", GDST_EPCIS),
        ("lemis_csv", LEMIS_CSV),
    ];

    /// The bit of a format; any other format can carry every field.
    pub fn bit(name: &str) -> u16 {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(EVERY, |(_, bit)| *bit)
    }
}

/// The fields that say what an inspection found.
pub const OUTCOME_FIELDS: [FieldId; 6] = [
    field::OUTCOME,
    field::OUTCOME_DATE,
    field::OUTCOME_BASIS,
    field::OUTCOME_THEME,
    field::OUTCOME_KIND,
    field::OUTCOME_SCOPE,
];

/// Finds a field by its column name.
pub fn find(name: &str) -> Option<FieldId> {
    FIELDS
        .iter()
        .position(|field| field.name == name)
        .map(id_at)
}

/// Finds the field of a column heading: its name or an alias, in any case, spaces and punctuation ignored.
pub fn find_heading(heading: &str) -> Option<FieldId> {
    let wanted = squeeze(heading);
    FIELDS
        .iter()
        .position(|field| {
            squeeze(field.name) == wanted
                || field.aliases.iter().any(|alias| squeeze(alias) == wanted)
        })
        .map(id_at)
}

fn id_at(position: usize) -> FieldId {
    FieldId(u16::try_from(position).expect("fewer than 1024 fields"))
}

fn squeeze(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Turns the rows of `table.rs` into [`FIELDS`] and one constant of type [`FieldId`] for each.
macro_rules! fields {
    ($($constant:ident = $name:literal, $kind:ident, $stages:expr, $formats:expr, [$($alias:literal),*], $codes:literal, $meaning:literal, $source:literal;)*) => {
        /// Every field of the manifest schema.
        pub static FIELDS: &[Field] = &[
            $(Field {
                name: $name, kind: $kind, stages: $stages, formats: $formats, aliases: &[$($alias),*],
                codes: $codes, meaning: $meaning, source: $source,
            }),*
        ];

        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names count the rows")]
        #[derive(Clone, Copy)]
        enum Position { $($constant),* }

        /// The number of each field, by its name in upper case.
        pub mod field {
            use super::{FieldId, Position};
            $(
                #[doc = $meaning]
                pub const $constant: FieldId = FieldId(Position::$constant as u16);
            )*
        }
    };
}
pub(crate) use fields;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        let mut names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIELDS.len());
        assert_eq!(find("hts_number"), Some(field::HTS_NUMBER));
        assert_eq!(field::HTS_NUMBER.name(), "hts_number");
    }

    #[test]
    fn headings_ignore_case_and_punctuation() {
        assert_eq!(find_heading("HTS Number - Full"), Some(field::HTS_NUMBER));
        assert_eq!(find_heading("Entry_Number"), Some(field::ENTRY_NUMBER));
        assert_eq!(find_heading("nothing of the kind"), None);
    }

    #[test]
    fn a_manifest_cannot_carry_species() {
        let genus = field::SCIENTIFIC_GENUS.field().expect("a field");
        assert_eq!(genus.stages & stages::bit("manifest"), 0);
        assert_ne!(genus.stages & stages::bit("historical"), 0);
    }

    #[test]
    fn no_heading_means_two_fields() {
        let mut seen = std::collections::BTreeMap::new();
        for field in FIELDS {
            for heading in std::iter::once(&field.name).chain(field.aliases) {
                let before = seen.insert(squeeze(heading), field.name);
                assert!(
                    before.is_none_or(|name| name == field.name),
                    "{heading} is {before:?} and {}",
                    field.name
                );
            }
        }
    }
}
