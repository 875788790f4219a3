//! Which border goods crossed, and who stands on the other side of it.

use crate::batch::Batch;
use crate::schema::field;

/// A corridor of the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corridor {
    /// Goods of or through Canada.
    UsCanada,
    /// Goods of or through Mexico.
    UsMexico,
    /// Goods of or through both.
    Trilateral,
}

impl Corridor {
    /// The corridor of a row, by origin, export, harvest and transit; none for goods of neither country.
    pub fn of_row(batch: &Batch, row: usize) -> Option<Self> {
        let single = [
            field::COUNTRY_OF_ORIGIN,
            field::COUNTRY_OF_EXPORT,
            field::COUNTRY_OF_HARVEST,
        ];
        let is_of = |country: &str| {
            let transit = batch.text_at(field::TRANSIT_COUNTRIES, row).unwrap_or("");
            single
                .iter()
                .any(|id| batch.text_at(*id, row) == Some(country))
                || transit.split('|').any(|passed| passed == country)
        };
        match (is_of("CA"), is_of("MX")) {
            (true, true) => Some(Self::Trilateral),
            (true, false) => Some(Self::UsCanada),
            (false, true) => Some(Self::UsMexico),
            (false, false) => None,
        }
    }

    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsCanada => "US-Canada",
            Self::UsMexico => "US-Mexico",
            Self::Trilateral => "trilateral",
        }
    }

    /// Who does abroad what an agency does here.
    ///
    /// # Source
    /// General knowledge of both governments; the agreements name no counterpart that was read.
    pub fn counterpart(self, agency: &str) -> String {
        let mexico = match agency {
            "FWS" | "APHIS" => "PROFEPA, SEMARNAT (Mexico)",
            "NMFS" => "CONAPESCA (Mexico)",
            _ => "SAT, ANAM (Mexico)",
        };
        let canada = match agency {
            "FWS" => "Environment and Climate Change Canada",
            "NMFS" => "Fisheries and Oceans Canada",
            "APHIS" => "Canadian Food Inspection Agency",
            _ => "Canada Border Services Agency",
        };
        match self {
            Self::UsCanada => canada.to_owned(),
            Self::UsMexico => mexico.to_owned(),
            Self::Trilateral => format!("{mexico}; {canada}"),
        }
    }
}
