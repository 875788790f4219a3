//! Documents that an importer gave to US agencies, and why none of them settles a question to Mexico.

use super::values::{Values, as_object, value};
use crate::batch::Batch;
use crate::schema::{FieldId, field};
use serde::Serialize;

/// A document on the US side: the fields that speak of it, and what it leaves open.
struct Kind {
    name: &'static str,
    status: Option<FieldId>,
    numbers: &'static [FieldId],
    leaves_open: &'static str,
}

/// A document of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Paper {
    /// Its name.
    pub name: &'static str,
    /// `filed`, `disclaimed`, `paper`, `elsewhere`, `not_filed` or `unknown`; none where only numbers speak of it.
    pub status: Option<String>,
    /// Numbers and statements, by field.
    #[serde(serialize_with = "as_object")]
    pub numbers: Values,
    /// Why it does not settle the question.
    pub leaves_open: String,
}

const KINDS: [Kind; 12] = [
    Kind {
        name: "Lacey Act declaration (PPQ 505)",
        status: Some(field::PPQ505_STATUS),
        numbers: &[],
        leaves_open: "It is the importer's own statement of species and country of harvest; it does not show that the harvest was authorized.",
    },
    Kind {
        name: "Wildlife declaration (FWS 3-177)",
        status: Some(field::FWS3177_STATUS),
        numbers: &[field::EDECS_NUMBER, field::FWS_LICENSE_NUMBER],
        leaves_open: "It is the importer's own declaration; it does not show that the specimens were lawfully taken or bred.",
    },
    Kind {
        name: "Foreign CITES document, by its number",
        status: None,
        numbers: &[
            field::CITES_PERMIT_FOREIGN,
            field::CITES_PERMIT_ISSUED,
            field::CITES_PERMIT_EXPIRES,
            field::CITES_PERMIT_QUANTITY,
            field::BREEDING_FACILITY_NUMBER,
        ],
        leaves_open: "A number was stated; whether a document was issued under it, for this species, quantity and consignee, only the authority that issues it can say.",
    },
    Kind {
        name: "US CITES document, by its number",
        status: None,
        numbers: &[field::CITES_PERMIT_US],
        leaves_open: "It permits the import; it does not show lawful acquisition in Mexico.",
    },
    Kind {
        name: "Seafood harvest data (SIMP)",
        status: Some(field::SIMP_STATUS),
        numbers: &[field::HARVEST_AUTHORIZATION],
        leaves_open: "The importer reports vessel, area and landing; the notice of that landing is with the Mexican authority.",
    },
    Kind {
        name: "Fisheries trade permit (IFTP)",
        status: None,
        numbers: &[field::IFTP_NUMBER],
        leaves_open: "It licenses the importer; it says nothing about this catch.",
    },
    Kind {
        name: "Certification of Admissibility",
        status: Some(field::COA_STATUS),
        numbers: &[
            field::COA_NUMBER,
            field::COA_FISHERY,
            field::COA_AREA,
            field::COA_GEAR,
        ],
        leaves_open: "It names a fishery; that these fish were landed from it, the notice of landing would show.",
    },
    Kind {
        name: "Shrimp declaration (DS-2031)",
        status: Some(field::DS2031_STATUS),
        numbers: &[field::TURTLE_DECLARATION],
        leaves_open: "Exporter and importer state how the shrimp were caught or farmed; landing or harvest notices would show it.",
    },
    Kind {
        name: "Tuna statement (NOAA 370)",
        status: Some(field::NOAA370_STATUS),
        numbers: &[field::DOLPHIN_SAFE_STATUS],
        leaves_open: "It speaks of the way of fishing, not of the right to fish.",
    },
    Kind {
        name: "Forest authorization, as the importer states it",
        status: None,
        numbers: &[field::FOREST_AUTHORIZATION],
        leaves_open: "It is a number that the importer gave; only the register of authorizations and the forest shipping notes tie it to this wood.",
    },
    Kind {
        name: "Pedimento, as the importer states it",
        status: None,
        numbers: &[field::PEDIMENTO_NUMBER, field::CARTA_PORTE_UUID],
        leaves_open: "It identifies the export; what it declares has not been seen.",
    },
    Kind {
        name: "Catch document of a tuna, swordfish or toothfish program",
        status: None,
        numbers: &[
            field::HMS_DOCUMENT_NUMBER,
            field::DISSOSTICHUS_EXPORT_DOCUMENT,
            field::PREAPPROVAL_NUMBER,
        ],
        leaves_open: "A number was stated; the document itself has not been compared with the landing.",
    },
];

/// Every field that speaks of a document.
pub(super) fn fields() -> impl Iterator<Item = FieldId> {
    KINDS
        .iter()
        .flat_map(|kind| kind.status.into_iter().chain(kind.numbers.iter().copied()))
}

/// The documents of a row: those of which a status or a number was stated.
pub(super) fn papers(batch: &Batch, row: usize) -> Vec<Paper> {
    let stated = KINDS.iter().filter_map(|kind| {
        let status = kind.status.and_then(|id| value(batch, id, row));
        let numbers = kind.numbers.iter();
        let numbers: Vec<_> = numbers
            .filter_map(|id| Some((id.name(), value(batch, *id, row)?)))
            .collect();
        if status.is_none() && numbers.is_empty() {
            return None;
        }
        Some(Paper {
            name: kind.name,
            leaves_open: leaves_open(status.as_deref(), numbers.is_empty(), kind.leaves_open),
            status,
            numbers,
        })
    });
    stated.collect()
}

fn leaves_open(status: Option<&str>, has_no_number: bool, kind: &str) -> String {
    let by_status = match status {
        Some("not_filed") if has_no_number => "It was not filed.",
        Some("disclaimed") if has_no_number => {
            "The importer disclaimed it: it says that none is due."
        }
        Some("paper") => "It is said to be on paper, and has not been seen here.",
        Some("elsewhere") => "It is said to have been filed elsewhere, and has not been seen here.",
        Some("unknown") => "Whether it was filed is not known.",
        _ => return kind.to_owned(),
    };
    by_status.to_owned()
}
