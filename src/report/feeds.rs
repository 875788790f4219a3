//! Which feed carries a field, as the people who ask for feeds call them.

use crate::schema::{Field, formats};

/// Feeds by the bit of their format.
const BY_FORMAT: [(u16, &str); 11] = [
    (formats::AMS_CSV, "AMS manifest"),
    (formats::ACE_ES003, "ACE report ES-003"),
    (
        formats::CATAIR_AE,
        "entry summary with its PGA records (CATAIR AE)",
    ),
    (
        formats::CATAIR_SE,
        "cargo release with its PGA records (CATAIR SE)",
    ),
    (formats::CATAIR_BD, "broker download (CATAIR BD)"),
    (formats::CATAIR_ISF, "importer security filing"),
    (formats::X12_309, "manifest (X12 309)"),
    (formats::EDIFACT_CUSCAR, "manifest (EDIFACT CUSCAR)"),
    (formats::CARGO_IMP_FHL, "air waybills (Cargo-IMP FHL)"),
    (formats::GDST_EPCIS, "GDST events"),
    (formats::LEMIS_CSV, "LEMIS (FWS 3-177)"),
];

/// Feeds of fields that no format leaves out, by how their source begins; the first that fits counts.
const BY_SOURCE: [(&str, &str); 14] = [
    ("PG", "PGA records of the entry summary or release"),
    ("NMF/SIM", "SIMP records of the entry"),
    ("SIMP", "SIMP records of the entry"),
    ("NMF/370", "NOAA 370 with the entry"),
    ("OMC", "DS-2031 with the entry"),
    ("COA", "NOAA certificate of admissibility"),
    (
        "certificate of admissibility",
        "NOAA certificate of admissibility",
    ),
    ("permit", "the permit itself"),
    ("3-177", "FWS declaration 3-177"),
    ("LEMIS", "LEMIS (FWS 3-177)"),
    ("QP", "in-bond filing"),
    ("importer", "the importer, on request"),
    ("registry", "the public registry"),
    ("CBP", "CBP's own records"),
];

/// The feeds that carry a field; any where neither its formats nor its source say more.
pub(super) fn feeds(field: &Field) -> String {
    if field.formats != formats::EVERY {
        let carrying = BY_FORMAT
            .iter()
            .filter(|(format, _)| field.formats & format != 0);
        let names: Vec<&str> = carrying.map(|(_, name)| *name).collect();
        return names.join(", ");
    }
    let fitting = BY_SOURCE
        .iter()
        .find(|(start, _)| field.source.starts_with(start));
    fitting.map_or("any feed", |(_, name)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::FIELDS;

    #[test]
    fn every_format_has_a_name_and_every_field_a_feed() {
        assert_eq!(
            BY_FORMAT.map(|(bit, _)| bit),
            formats::NAMES.map(|(_, bit)| bit)
        );
        for field in FIELDS {
            assert!(!feeds(field).is_empty(), "{}", field.name);
        }
        let of = |name: &str| feeds(FIELDS.iter().find(|field| field.name == name).unwrap());
        assert_eq!(of("wildlife_port_code"), "LEMIS (FWS 3-177)");
        assert_eq!(of("pedimento_number"), "the importer, on request");
    }
}
