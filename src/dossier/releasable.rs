//! The releasable edition: by allow-list only what a request needs.
//!
//! What is not named here cannot get in: every field of [`Releasable`] is filled from the lists below, never by taking
//! the internal edition and leaving something out. What importers wrote into free text goes through `withheld.rs`.

use super::internal::{Asked, FORM, Internal, Known};
use super::line::NamedLine;
use super::values::{Values, as_object};
use super::withheld::{Known as KnownNumbers, Withheld, compact, released};
use crate::entity::Role;
use crate::normalize::importer::employer_root;
use crate::schema::{FieldId, Kind, field};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the releasable edition says of itself; flags and scores are no words of it.
pub const RELEASED_NOTICE: &str = "These are questions about shipments; none of them is a finding.";

/// The releasable edition.
#[derive(Clone, Debug, Serialize)]
pub struct Releasable {
    /// [`FORM`].
    pub form: &'static str,
    /// `releasable`.
    pub edition: &'static str,
    /// Its name in files and letters ([`super::reference()`]).
    pub id: String,
    /// `DRAFT`, until it is approved by name.
    pub state: State,
    /// [`RELEASED_NOTICE`].
    pub notice: &'static str,
    /// Whose shipments these are.
    pub subject: Subject,
    /// The shipments.
    pub shipments: Vec<Shipment>,
    /// What is asked.
    pub questions: Vec<String>,
    /// The documents that are asked for.
    pub documents_asked: Vec<Document>,
    /// Names of the ports of entry, by code of CBP Schedule D.
    pub us_ports: BTreeMap<String, String>,
    /// How much of the free text is withheld; [`super::WITHHELD`] stands in its place.
    pub withheld: Withheld,
    /// Law on the US side.
    pub us_law: Vec<&'static str>,
}

/// Whether it may be released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "UPPERCASE")]
pub enum State {
    /// Nobody approved it as it is.
    Draft,
    /// Approved as it is.
    Approved {
        /// By whom.
        by: String,
        /// When, ISO form.
        on: String,
    },
}

/// Whose shipments these are.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// The role.
    pub role: &'static str,
    /// The name; none where only a number is known.
    pub name: Option<String>,
    /// What it can be found by where it has no name: code and address of a manufacturer, number and flag of a vessel.
    /// Numbers of importers and consignees are not released.
    #[serde(serialize_with = "as_object")]
    pub found_by: Values,
}

/// A shipment.
#[derive(Clone, Debug, Serialize)]
pub struct Shipment {
    /// From 1: its key is an entry number, which is not released.
    pub number: usize,
    /// Bills, containers and ports.
    #[serde(serialize_with = "as_object")]
    pub transport: Values,
    /// Mexican customs entry, taxpayer code, transport document, forest authorization.
    #[serde(serialize_with = "as_object")]
    pub mexico: Values,
    /// Who traded the goods.
    #[serde(serialize_with = "as_object")]
    pub parties: Values,
    /// The goods, line by line.
    pub goods: Vec<Goods>,
    /// What is asked of it.
    pub questions: Vec<String>,
    /// The codes of the documents that are asked for.
    pub documents: Vec<String>,
}

impl Shipment {
    /// Whether Mexico can find it by a number: a bill, a container, a customs entry or a transport document.
    pub fn is_numbered(&self) -> bool {
        const NUMBERS: [FieldId; 5] = [
            field::MASTER_BILL_NUMBER,
            field::HOUSE_BILL_NUMBER,
            field::EQUIPMENT_NUMBER,
            field::PEDIMENTO_NUMBER,
            field::CARTA_PORTE_UUID,
        ];
        let mut values = self.transport.iter().chain(&self.mexico);
        values.any(|(name, _)| NUMBERS.iter().any(|id| id.name() == *name))
    }
}

/// A line of goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goods(#[serde(serialize_with = "as_object")] pub Values);

/// A document that is asked for.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// Its code.
    pub code: String,
    /// What is known of it.
    #[serde(flatten)]
    pub known: Option<Known>,
}

/// Bill and what it takes to find it.
const TRANSPORT: &[FieldId] = &[
    field::MASTER_BILL_NUMBER,
    field::HOUSE_BILL_NUMBER,
    field::EQUIPMENT_NUMBER,
    field::CONVEYANCE_NAME,
    field::FOREIGN_PORT_OF_LADING,
    field::US_PORT_OF_ENTRY,
    field::DATE_OF_EXPORT,
    field::DATE_OF_IMPORT,
];
const MEXICO: &[FieldId] = &[
    field::PEDIMENTO_NUMBER,
    field::EXPORTER_RFC,
    field::CARTA_PORTE_UUID,
    field::FOREST_AUTHORIZATION,
];
const PARTIES: &[FieldId] = &[
    field::SHIPPER_NAME,
    field::SHIPPER_ADDRESS,
    field::SHIPPER_STATE,
    field::MANUFACTURER_NAME,
    field::MANUFACTURER_ADDRESS,
    field::SELLER_NAME,
    field::SELLER_ADDRESS,
    field::HARVEST_VESSEL_NAME,
    field::IMPORTER_NAME,
    field::CONSIGNEE_NAME,
];
const GOODS: &[FieldId] = &[
    field::HTS_NUMBER,
    field::GOODS_DESCRIPTION,
    field::TAXON,
    field::QUANTITY_1,
    field::QUANTITY_1_UOM,
    field::GROSS_WEIGHT_KG,
    field::NET_WEIGHT_KG,
    field::VOLUME_DECLARED_M3,
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_EXPORT,
    field::COUNTRY_OF_HARVEST,
    field::HARVEST_LOCATION,
    field::HARVEST_START_DATE,
    field::LANDING_DATE,
    field::LANDING_PORT,
    field::CITES_PERMIT_FOREIGN,
];

/// Makes the releasable edition of a dossier, as a draft.
pub fn releasable(internal: &Internal) -> Releasable {
    let mut cut = Cut::new(internal);
    let shipments = internal.shipments.iter().zip(1..);
    let shipments = shipments.map(|(shipment, number)| Shipment {
        number,
        transport: cut.values(&shipment.lines, TRANSPORT),
        mexico: cut.values(&shipment.lines, MEXICO),
        parties: cut.values(&shipment.lines, PARTIES),
        goods: cut.goods(&shipment.lines),
        questions: asked_of(&shipment.shipment_key, &internal.questions, |question| {
            (&question.question, &question.shipments)
        }),
        documents: asked_of(&shipment.shipment_key, &internal.documents_asked, |asked| {
            (&asked.code, &asked.shipments)
        }),
    });
    let shipments = shipments.collect();
    let withheld = cut.withheld;
    Releasable {
        form: FORM,
        edition: "releasable",
        id: internal.reference.clone(),
        state: State::Draft,
        notice: RELEASED_NOTICE,
        subject: subject(internal, &mut cut),
        shipments,
        questions: internal
            .questions
            .iter()
            .map(|question| question.question.clone())
            .collect(),
        documents_asked: internal.documents_asked.iter().map(document).collect(),
        us_ports: internal.us_ports.clone(),
        withheld,
        us_law: vec!["19 USC 4711-4717"],
    }
}

fn document(asked: &Asked) -> Document {
    Document {
        code: asked.code.clone(),
        known: asked.known,
    }
}

/// The name of the entity, from the lines themselves; never its key, which may be a number.
fn subject(internal: &Internal, cut: &mut Cut) -> Subject {
    let role = internal.entity.role;
    let (name, found_by): (_, &[FieldId]) = match role {
        Role::Importer | Role::ImporterAccount => (Some(field::IMPORTER_NAME), &[]),
        Role::Consignee => (Some(field::CONSIGNEE_NAME), &[]),
        Role::Shipper => (Some(field::SHIPPER_NAME), &[]),
        Role::Manufacturer => (
            Some(field::MANUFACTURER_NAME),
            &[field::MANUFACTURER_ID, field::MANUFACTURER_ADDRESS],
        ),
        Role::Seller => (Some(field::SELLER_NAME), &[]),
        Role::HarvestVessel => (
            Some(field::HARVEST_VESSEL_NAME),
            &[field::HARVEST_VESSEL_IMO, field::HARVEST_VESSEL_FLAG],
        ),
        Role::Filer | Role::Carrier | Role::NotifyParty => (None, &[]),
    };
    let lines = || {
        let shipments = internal.shipments.iter();
        shipments.flat_map(|shipment| &shipment.lines)
    };
    let name = name.and_then(|id| {
        let value = lines().find_map(|line| line.value(id))?;
        Some(cut.value(id, value))
    });
    let found_by = match &name {
        Some(_) => &[],
        None => found_by,
    };
    let found_by = found_by.iter().filter_map(|id| {
        let value = lines().find_map(|line| line.value(*id))?;
        Some((id.name(), cut.value(*id, value)))
    });
    Subject {
        role: role.as_str(),
        found_by: found_by.collect(),
        name,
    }
}

/// What may not stand in any value, and how much of it was met.
struct Cut {
    known: KnownNumbers,
    withheld: Withheld,
}

impl Cut {
    fn new(internal: &Internal) -> Self {
        let lines = internal
            .shipments
            .iter()
            .flat_map(|shipment| &shipment.lines);
        let mut known = KnownNumbers::default();
        for line in lines {
            let importers = [field::IMPORTER_OF_RECORD_NUMBER, field::CONSIGNEE_NUMBER];
            for number in importers.iter().filter_map(|id| line.value(*id)) {
                let roots = [number, employer_root(number)];
                known
                    .importers
                    .extend(roots.into_iter().filter_map(compact));
            }
            let entry = line.value(field::ENTRY_NUMBER).and_then(compact);
            known.entries.extend(entry);
        }
        for numbers in [&mut known.importers, &mut known.entries] {
            // The longest first: a root is found within the whole number.
            numbers.sort_by_key(|number| (std::cmp::Reverse(number.len()), number.clone()));
            numbers.dedup();
        }
        Self {
            known,
            withheld: Withheld::default(),
        }
    }

    /// A value as it may be released.
    fn value(&mut self, id: FieldId, value: &str) -> String {
        let kind = id.field().map(|field| field.kind);
        let is_free = matches!(kind, Some(Kind::FreeText | Kind::Party));
        let (released, withheld) = released(value, is_free, &self.known);
        self.withheld += withheld;
        released
    }

    /// The values of some fields over the lines of a shipment; different values are joined.
    fn values(&mut self, lines: &[NamedLine], fields: &[FieldId]) -> Values {
        let mut found = Values::new();
        for id in fields {
            let mut values: Vec<&str> = Vec::new();
            for value in lines.iter().filter_map(|line| line.value(*id)) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            if !values.is_empty() {
                let values: Vec<String> = values
                    .into_iter()
                    .map(|value| self.value(*id, value))
                    .collect();
                found.push((id.name(), values.join("; ")));
            }
        }
        found
    }

    /// The goods of each line; lines that say the same stand once.
    fn goods(&mut self, lines: &[NamedLine]) -> Vec<Goods> {
        let mut different: Vec<Vec<(FieldId, &str)>> = Vec::new();
        for line in lines {
            let permit = |id: &FieldId| {
                let numbers = line.papers.iter().flat_map(|paper| &paper.numbers);
                let mut numbers = numbers.filter(|(name, _)| *name == id.name());
                numbers.next().map(|(_, value)| value.as_str())
            };
            let values = GOODS.iter().filter_map(|id| {
                let value = line.value(*id).or_else(|| permit(id))?;
                Some((*id, value))
            });
            let found = values.collect();
            if !different.contains(&found) {
                different.push(found);
            }
        }
        let shown = different.into_iter().map(|values| {
            let values = values.into_iter();
            let shown = values.map(|(id, value)| (id.name(), self.value(id, value)));
            Goods(shown.collect())
        });
        shown.collect()
    }
}

fn asked_of<T>(
    shipment: &str,
    all: &[T],
    parts: impl Fn(&T) -> (&String, &Vec<String>),
) -> Vec<String> {
    let asked = all.iter().map(parts);
    let of_shipment = asked.filter(|(_, shipments)| shipments.iter().any(|key| key == shipment));
    of_shipment.map(|(text, _)| text.clone()).collect()
}

impl Releasable {
    /// BLAKE3 of what would be released: an approval holds for this content only.
    pub fn hash(&self) -> String {
        let content = Self {
            state: State::Draft,
            ..self.clone()
        };
        let bytes =
            serde_json::to_vec(&content).expect("an edition has only plain keys and values");
        blake3::hash(&bytes).to_hex().to_string()
    }

    /// What each document is called, by code.
    pub fn names(&self) -> BTreeMap<&str, &'static str> {
        let known = self.documents_asked.iter();
        known
            .filter_map(|document| Some((document.code.as_str(), document.known?.name)))
            .collect()
    }
}
