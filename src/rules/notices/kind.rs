//! What a notice can name, and the fields in which a line names it.

use crate::schema::{FieldId, field};

/// What a notice names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Importer of record: the nine-digit root of its number, or its name.
    Importer,
    /// Importer of record by its whole number.
    ImporterAccount,
    /// Ultimate consignee, by number or name.
    Consignee,
    /// Shipper or exporter.
    Shipper,
    /// Manufacturer, by its identification code or name.
    Manufacturer,
    /// Seller.
    Seller,
    /// Any vessel: harvest, transshipment or conveyance, by IMO number or name.
    Vessel,
    /// Harvest vessel alone.
    HarvestVessel,
    /// Filer of the entry, by its code.
    Filer,
    /// Importing carrier, by its code.
    Carrier,
    /// A notify party.
    NotifyParty,
    /// A shipment, by its key.
    Shipment,
    /// An entry.
    Entry,
    /// A master, house or sub-house bill.
    Bill,
    /// A container or trailer.
    Container,
    /// Goods by the first digits of their tariff number.
    Hts,
    /// Goods by their taxon: species, genus or family.
    Taxon,
}

/// How a cell names what a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The whole cell.
    Whole,
    /// The root of an employer number.
    Root,
    /// An item of a list.
    Item,
    /// The digits that the cell begins with.
    Prefix,
    /// The taxon, its accepted name, the genus or the family of either.
    Taxon,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Importer,
        Self::ImporterAccount,
        Self::Consignee,
        Self::Shipper,
        Self::Manufacturer,
        Self::Seller,
        Self::Vessel,
        Self::HarvestVessel,
        Self::Filer,
        Self::Carrier,
        Self::NotifyParty,
        Self::Shipment,
        Self::Entry,
        Self::Bill,
        Self::Container,
        Self::Hts,
        Self::Taxon,
    ];

    /// The word in files and outputs; that of roles is the same in the table of entities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Importer => "importer",
            Self::ImporterAccount => "importer_account",
            Self::Consignee => "consignee",
            Self::Shipper => "shipper",
            Self::Manufacturer => "manufacturer",
            Self::Seller => "seller",
            Self::Vessel => "vessel",
            Self::HarvestVessel => "harvest_vessel",
            Self::Filer => "filer",
            Self::Carrier => "carrier",
            Self::NotifyParty => "notify_party",
            Self::Shipment => "shipment",
            Self::Entry => "entry",
            Self::Bill => "bill",
            Self::Container => "container",
            Self::Hts => "hts",
            Self::Taxon => "taxon",
        }
    }

    /// The kind of a word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it names goods, not who has to do with them or which shipment.
    pub fn is_product(self) -> bool {
        matches!(self, Self::Hts | Self::Taxon)
    }

    /// Whether its key can be a Social Security number.
    pub fn can_be_personal(self) -> bool {
        matches!(
            self,
            Self::Importer | Self::ImporterAccount | Self::Consignee
        )
    }

    /// The fields whose cells name it, and how. An identifier comes before a name.
    pub fn parts(self) -> &'static [(FieldId, Part)] {
        match self {
            Self::Importer => &[
                (field::IMPORTER_OF_RECORD_NUMBER, Part::Root),
                (field::IMPORTER_NAME, Part::Whole),
            ],
            Self::ImporterAccount => &[(field::IMPORTER_OF_RECORD_NUMBER, Part::Whole)],
            Self::Consignee => &[
                (field::CONSIGNEE_NUMBER, Part::Whole),
                (field::CONSIGNEE_NAME, Part::Whole),
            ],
            Self::Shipper => &[(field::SHIPPER_NAME, Part::Whole)],
            Self::Manufacturer => &[
                (field::MANUFACTURER_ID, Part::Whole),
                (field::MANUFACTURER_NAME, Part::Whole),
            ],
            Self::Seller => &[(field::SELLER_NAME, Part::Whole)],
            Self::Vessel => &[
                (field::HARVEST_VESSEL_IMO, Part::Whole),
                (field::TRANSSHIPMENT_VESSEL_IMO, Part::Whole),
                (field::CONVEYANCE_IMO, Part::Whole),
                (field::HARVEST_VESSEL_NAME, Part::Whole),
                (field::CONVEYANCE_NAME, Part::Whole),
            ],
            Self::HarvestVessel => &[
                (field::HARVEST_VESSEL_IMO, Part::Whole),
                (field::HARVEST_VESSEL_NAME, Part::Whole),
            ],
            Self::Filer => &[(field::ENTRY_FILER_CODE, Part::Whole)],
            Self::Carrier => &[(field::CARRIER_CODE, Part::Whole)],
            Self::NotifyParty => &[(field::NOTIFY_PARTY_NAMES, Part::Item)],
            Self::Shipment => &[(field::SHIPMENT_KEY, Part::Whole)],
            Self::Entry => &[(field::ENTRY_NUMBER, Part::Whole)],
            Self::Bill => &[
                (field::MASTER_BILL_NUMBER, Part::Whole),
                (field::HOUSE_BILL_NUMBER, Part::Whole),
                (field::SUB_HOUSE_BILL_NUMBER, Part::Whole),
            ],
            Self::Container => &[(field::EQUIPMENT_NUMBER, Part::Whole)],
            Self::Hts => &[(field::HTS_NUMBER, Part::Prefix)],
            Self::Taxon => &[(field::TAXON, Part::Taxon)],
        }
    }
}
