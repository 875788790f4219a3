//! Documents of Mexico that a request can name, by the codes that rules carry under `verify`.

use serde::Serialize;

/// A document of Mexico.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What rules call it.
    pub code: &'static str,
    /// Its name in Mexico.
    pub name: &'static str,
    /// What it is.
    pub english: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// Where it is known from; `general knowledge` was not read in a source, so check it before it is cited.
    pub basis: &'static str,
}

/// Every document that the shipped rules ask for.
///
/// # Source
/// Notes on the domain, section 1.3.
pub const DOCUMENTS: [Document; 12] = [
    Document {
        code: "remision-forestal",
        name: "Remisión forestal",
        english: "Forest shipping note",
        shows: "That the wood left an authorized harvest or plantation: authorization, forest identification code, species, volume, recipient.",
        basis: "SEMARNAT-03-061-A",
    },
    Document {
        code: "reembarque-forestal",
        name: "Reembarque forestal",
        english: "Forest reshipment note",
        shows: "That wood moved on from a storage or processing center, and from which notes it came.",
        basis: "SEMARNAT-03-061-A",
    },
    Document {
        code: "invoice-forest-code",
        name: "Factura con código de identificación forestal",
        english: "Invoice with the forest identification code",
        shows: "Which forest or center the seller's wood came from, by its code.",
        basis: "SEMARNAT-03-061-A",
    },
    Document {
        code: "pedimento",
        name: "Pedimento",
        english: "Mexican customs entry",
        shows: "What was declared to Mexican customs on export, or on import where the goods came from elsewhere: goods, quantity, parties.",
        basis: "SEMARNAT-03-061-A",
    },
    Document {
        code: "wildlife-remission-note",
        name: "Nota de remisión o factura foliada",
        english: "Numbered remission note or invoice for wildlife",
        shows: "Authorization number, property, species, mark and authorized harvest rate of the specimens.",
        basis: "LGVS art. 51",
    },
    Document {
        code: "uma-registration",
        name: "Registro de UMA o PIMVS",
        english: "Registration of a wildlife management unit or facility",
        shows: "That the breeder or harvester is registered, for which species, and at what rate.",
        basis: "LGVS art. 51; registers: general knowledge",
    },
    Document {
        code: "semarnat-cites-permit",
        name: "Permiso o certificado CITES de SEMARNAT",
        english: "CITES export permit or certificate of origin",
        shows: "That the export was permitted: species, quantity, source, consignee, dates.",
        basis: "50 CFR 23.13, 23.20; authority: general knowledge",
    },
    Document {
        code: "true-seller-invoice",
        name: "Factura (CFDI) del vendedor real",
        english: "Commercial invoice of the true seller",
        shows: "Name and address of who sold the goods, enough to trace a lawful origin.",
        basis: "published abalone and sea cucumber cases",
    },
    Document {
        code: "fishing-permit",
        name: "Permiso o concesión de pesca",
        english: "Fishing permit or concession",
        shows: "Who may fish what, where, with which vessel and gear.",
        basis: "general knowledge",
    },
    Document {
        code: "conapesca-landing-notice",
        name: "Aviso de arribo",
        english: "Landing notice",
        shows: "Vessel or permit holder, place and day of landing, species and weight landed.",
        basis: "general knowledge",
    },
    Document {
        code: "aviso-de-cosecha",
        name: "Aviso de cosecha",
        english: "Harvest notice of a farm",
        shows: "Farm, species, day and weight of a harvest from aquaculture.",
        basis: "general knowledge",
    },
    Document {
        code: "guia-de-pesca",
        name: "Guía de pesca",
        english: "Transport guide for fishery products",
        shows: "That fishery products moved from a known landing or farm to a known recipient.",
        basis: "general knowledge",
    },
];

/// The document of a code; none for a code of a pack of one's own.
pub fn document(code: &str) -> Option<&'static Document> {
    DOCUMENTS.iter().find(|document| document.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{PackSource, load};

    #[test]
    fn every_document_that_shipped_rules_ask_for_is_known() {
        let rules = load(&PackSource::Shipped).unwrap().rules.unwrap();
        for rule in &rules.rules {
            for code in &rule.texts.verify {
                assert!(document(code).is_some(), "{} asks for {code}", rule.id);
            }
        }
    }
}
