//! Roles of parties, and how a row names them.

use crate::batch::Batch;
use crate::normalize::MASK_PREFIX;
use crate::schema::{FieldId, field};
use serde::Serialize;

/// A role in which a party stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Importer of record by the nine-digit root of its number, else by name.
    Importer,
    /// Importer of record by its whole number.
    ImporterAccount,
    /// Ultimate consignee.
    Consignee,
    /// Shipper or exporter.
    Shipper,
    /// Manufacturer, by its identification code (19 CFR 102 appendix).
    Manufacturer,
    /// Seller.
    Seller,
    /// Harvest vessel, by IMO number, else by name and flag.
    HarvestVessel,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Importer,
        Self::ImporterAccount,
        Self::Consignee,
        Self::Shipper,
        Self::Manufacturer,
        Self::Seller,
        Self::HarvestVessel,
    ];

    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Importer => "importer",
            Self::ImporterAccount => "importer_account",
            Self::Consignee => "consignee",
            Self::Shipper => "shipper",
            Self::Manufacturer => "manufacturer",
            Self::Seller => "seller",
            Self::HarvestVessel => "harvest_vessel",
        }
    }

    /// The fields that tell entities of the role apart, and the one that names them.
    pub(super) fn fields(self) -> (&'static [FieldId], FieldId) {
        match self {
            Self::Importer => (
                &[field::IMPORTER_OF_RECORD_NUMBER, field::IMPORTER_NAME],
                field::IMPORTER_NAME,
            ),
            Self::ImporterAccount => (&[field::IMPORTER_OF_RECORD_NUMBER], field::IMPORTER_NAME),
            Self::Consignee => (&[field::CONSIGNEE_NAME], field::CONSIGNEE_NAME),
            Self::Shipper => (&[field::SHIPPER_NAME], field::SHIPPER_NAME),
            Self::Manufacturer => (
                &[field::MANUFACTURER_ID, field::MANUFACTURER_NAME],
                field::MANUFACTURER_NAME,
            ),
            Self::Seller => (&[field::SELLER_NAME], field::SELLER_NAME),
            Self::HarvestVessel => (
                &[
                    field::HARVEST_VESSEL_IMO,
                    field::HARVEST_VESSEL_NAME,
                    field::HARVEST_VESSEL_FLAG,
                ],
                field::HARVEST_VESSEL_NAME,
            ),
        }
    }

    /// The key of the entity of a row; none where the row does not name it.
    pub(super) fn key(self, batch: &Batch, row: usize) -> Option<String> {
        let text = |id| batch.text_at(id, row);
        match self {
            Self::Importer => {
                let number = text(field::IMPORTER_OF_RECORD_NUMBER).map(root);
                number
                    .or_else(|| text(field::IMPORTER_NAME))
                    .map(str::to_owned)
            }
            Self::ImporterAccount => text(field::IMPORTER_OF_RECORD_NUMBER).map(str::to_owned),
            Self::Consignee => text(field::CONSIGNEE_NAME).map(str::to_owned),
            Self::Shipper => text(field::SHIPPER_NAME).map(str::to_owned),
            Self::Manufacturer => text(field::MANUFACTURER_ID)
                .or_else(|| text(field::MANUFACTURER_NAME))
                .map(str::to_owned),
            Self::Seller => text(field::SELLER_NAME).map(str::to_owned),
            Self::HarvestVessel => match text(field::HARVEST_VESSEL_IMO) {
                Some(imo) => Some(imo.to_owned()),
                None => {
                    let name = text(field::HARVEST_VESSEL_NAME)?;
                    let flag = text(field::HARVEST_VESSEL_FLAG).unwrap_or("");
                    Some(format!("{name} {flag}").trim_end().to_owned())
                }
            },
        }
    }
}

/// The nine-digit root of an importer number: `NN-NNNNNNN` without its suffix.
fn root(number: &str) -> &str {
    if number.starts_with(MASK_PREFIX) || number.starts_with("E-") {
        return number;
    }
    match number.get(..10) {
        Some(root) if number.len() == 12 && root.as_bytes().get(2) == Some(&b'-') => root,
        _ => number,
    }
}

/// Every field that a role reads.
pub const FIELDS: &[FieldId] = &[
    field::IMPORTER_OF_RECORD_NUMBER,
    field::IMPORTER_NAME,
    field::CONSIGNEE_NAME,
    field::SHIPPER_NAME,
    field::MANUFACTURER_ID,
    field::MANUFACTURER_NAME,
    field::SELLER_NAME,
    field::HARVEST_VESSEL_IMO,
    field::HARVEST_VESSEL_NAME,
    field::HARVEST_VESSEL_FLAG,
    field::GROSS_WEIGHT_KG,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_importer_is_the_root_of_its_number() {
        assert_eq!(root("99-0000012AA"), "99-0000012");
        assert_eq!(root("99-0000012"), "99-0000012");
        assert_eq!(root("241234-56789"), "241234-56789");
        assert_eq!(
            root("E-0123456789ab-0000000001"),
            "E-0123456789ab-0000000001"
        );
    }
}
