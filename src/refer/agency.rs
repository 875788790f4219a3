//! What each agency works with.

use crate::schema::{FieldId, field};

/// Fields that every referral has.
pub(super) const COMMON: &[FieldId] = &[
    field::EVIDENCE_STAGE,
    field::MODE_OF_TRANSPORT,
    field::US_PORT_OF_ENTRY,
    field::MASTER_BILL_NUMBER,
    field::HOUSE_BILL_NUMBER,
    field::EQUIPMENT_NUMBER,
    field::IMPORTER_NAME,
    field::CONSIGNEE_NAME,
    field::SHIPPER_NAME,
    field::SELLER_NAME,
    field::MANUFACTURER_ID,
    field::HTS_NUMBER,
    field::GOODS_DESCRIPTION,
    field::TAXON,
    field::QUANTITY_1,
    field::QUANTITY_1_UOM,
    field::GROSS_WEIGHT_KG,
    field::ENTERED_VALUE_USD,
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_EXPORT,
    field::COUNTRY_OF_HARVEST,
    field::TRANSIT_COUNTRIES,
];

/// Form 3-177 and the permits behind it.
const FWS: &[FieldId] = &[
    field::FWS3177_STATUS,
    field::EDECS_NUMBER,
    field::FWS_LICENSE_NUMBER,
    field::WILDLIFE_PORT_CODE,
    field::SCIENTIFIC_GENUS,
    field::SCIENTIFIC_SPECIES,
    field::SCIENTIFIC_SUBSPECIES,
    field::COMMON_NAME_SPECIFIC,
    field::WILDLIFE_DESCRIPTION_CODE,
    field::WILDLIFE_SOURCE_CODE,
    field::WILDLIFE_PURPOSE_CODE,
    field::WILDLIFE_CARTONS,
    field::LIVE_VENOMOUS,
    field::CITES_PERMIT_FOREIGN,
    field::CITES_PERMIT_US,
    field::CITES_PERMIT_ISSUED,
    field::CITES_PERMIT_EXPIRES,
    field::CITES_PERMIT_QUANTITY,
    field::DECLARED_CITES_APPENDIX,
    field::BREEDING_FACILITY_NUMBER,
    field::ESA_PERMIT_NUMBER,
    field::MMPA_PERMIT_NUMBER,
    field::WBCA_PERMIT_NUMBER,
    field::PORT_EXCEPTION_NUMBER,
];

/// Trade permit, harvest event, and the forms of the programs.
const NMFS: &[FieldId] = &[
    field::IFTP_NUMBER,
    field::IFTP_EXPIRES,
    field::SIMP_STATUS,
    field::SPECIES_CODE,
    field::PRODUCT_FORM,
    field::HARVEST_LOCATION,
    field::HARVEST_AREA_SYSTEM,
    field::HARVEST_START_DATE,
    field::HARVEST_END_DATE,
    field::METHOD_OF_HARVEST,
    field::GEAR_CODE,
    field::HARVEST_VESSEL_NAME,
    field::HARVEST_VESSEL_FLAG,
    field::HARVEST_VESSEL_IMO,
    field::HARVEST_AUTHORIZATION,
    field::FARM_NAME,
    field::LANDING_DATE,
    field::LANDING_PORT,
    field::LANDING_COUNTRY,
    field::LANDED_WEIGHT_KG,
    field::FIRST_RECEIVER_NAME,
    field::AGGREGATED_HARVEST_REPORT,
    field::COA_STATUS,
    field::COA_NUMBER,
    field::COA_FISHERY,
    field::COA_AREA,
    field::COA_GEAR,
    field::NOAA370_STATUS,
    field::DOLPHIN_SAFE_STATUS,
    field::DS2031_STATUS,
    field::TURTLE_DECLARATION,
    field::HMS_DOCUMENT_NUMBER,
    field::DISSOSTICHUS_EXPORT_DOCUMENT,
    field::PREAPPROVAL_NUMBER,
];

/// The lines of form PPQ 505, and papers of plants.
const APHIS: &[FieldId] = &[
    field::PPQ505_STATUS,
    field::COMPONENT_NAME,
    field::SCIENTIFIC_GENUS,
    field::SCIENTIFIC_SPECIES,
    field::SPECIAL_USE_DESIGNATION,
    field::COMPONENT_QUANTITY,
    field::COMPONENT_UOM,
    field::PERCENT_RECYCLED,
    field::NET_WEIGHT_KG,
    field::VOLUME_DECLARED_M3,
    field::PRODUCT_CLASS,
    field::CITES_PERMIT_FOREIGN,
    field::CITES_PERMIT_US,
    field::FOREST_AUTHORIZATION,
];

/// The entry itself, for agencies that act on it.
const ENTRY: &[FieldId] = &[
    field::ENTRY_TYPE,
    field::ENTRY_DATE,
    field::DATE_OF_IMPORT,
    field::DATE_OF_EXPORT,
    field::FOREIGN_PORT_OF_LADING,
    field::CARRIER_CODE,
    field::CONVEYANCE_NAME,
    field::IN_BOND_ENTRY_TYPE,
    field::IN_BOND_NUMBER,
    field::SPI_CODE,
    field::ADCVD_CASES,
    field::NET_WEIGHT_KG,
    field::VOLUME_DECLARED_M3,
];

/// The fields that an agency works with, beyond those that every referral has.
pub(super) fn of_agency(agency: &str) -> &'static [FieldId] {
    match agency {
        "FWS" => FWS,
        "NMFS" => NMFS,
        "APHIS" => APHIS,
        _ => ENTRY,
    }
}

/// Every field that a referral can have.
pub fn fields() -> impl Iterator<Item = FieldId> {
    let arrival = [
        field::ACTUAL_ARRIVAL_DATE,
        field::ESTIMATED_ARRIVAL_DATE,
        field::DATE_OF_IMPORT,
        field::LEGAL_DATE,
    ];
    let groups = [COMMON, FWS, NMFS, APHIS, ENTRY];
    arrival
        .into_iter()
        .chain(groups.into_iter().flatten().copied())
}
