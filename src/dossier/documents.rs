//! Documents of Mexico that a request can name, by the codes that rules carry under `verify`.

use super::line::NamedLine;
use crate::rules::Rule;
use crate::schema::field;
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
pub const DOCUMENTS: [Document; 14] = [
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
        code: PEDIMENTO,
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
        shows: "That the export was permitted: species, quantity, source, consignee, dates; and, as endorsed on it, how much of it was used.",
        basis: "50 CFR 23.13, 23.20; authority and endorsement: general knowledge",
    },
    Document {
        code: CITES_REEXPORT,
        name: "Certificado CITES de reexportación de SEMARNAT",
        english: "CITES re-export certificate",
        shows: "That specimens of another country entered Mexico lawfully and left again: re-export, species, quantity, country of origin, number and date of its permit.",
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
        code: "packing-list",
        name: "Lista de empaque",
        english: "Packing list",
        shows: "Which pieces, in which packages and of which weight, went under which invoice: parts of one lot share numbers, marks or days.",
        basis: "general knowledge",
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

const CITES_REEXPORT: &str = "cites-reexport-certificate";
const PEDIMENTO: &str = "pedimento";

/// What settles the same question where the specimens are not of Mexico: what Mexico wrote when they came in, and when they
/// left again. Harvest and breeding papers of Mexico there are none.
///
/// # Source
/// Re-export: 50 CFR 23.20; customs entries for wood that was imported: SEMARNAT-03-061-A.
const OF_OTHER_COUNTRIES: [(&str, &[&str]); 4] = [
    ("semarnat-cites-permit", &[CITES_REEXPORT, PEDIMENTO]),
    ("uma-registration", &[PEDIMENTO]),
    ("wildlife-remission-note", &[PEDIMENTO]),
    ("remision-forestal", &[PEDIMENTO]),
];

/// The codes of the documents that the rules which hit a line ask for, as fits where its specimens come from.
pub(super) fn asked_of_line<'r>(line: &NamedLine, rules: &[&'r Rule]) -> Vec<&'r str> {
    let is_of_mexico = is_of_mexico(line);
    let hit = line.hits.iter().filter(|hit| hit.asks_mexico);
    let asking = hit.filter_map(|hit| rules.iter().find(|rule| rule.id == hit.rule));
    let codes = asking.flat_map(|rule| rule.texts.verify.iter().map(String::as_str));
    let mut asked = Vec::new();
    for code in codes {
        let others = OF_OTHER_COUNTRIES.iter().find(|(known, _)| *known == code);
        match others.filter(|_| !is_of_mexico) {
            Some((_, instead)) => asked.extend(instead.iter().copied()),
            None => asked.push(code),
        }
    }
    asked
}

/// Whether what a line holds was harvested in Mexico; where no country of harvest is stated, its origin speaks, and where
/// neither is, nothing speaks against it.
fn is_of_mexico(line: &NamedLine) -> bool {
    let stated = [field::COUNTRY_OF_HARVEST, field::COUNTRY_OF_ORIGIN];
    // XX, XZ and ZZ stand for a place that is no country, or is not known.
    let mut stated = stated.into_iter().filter_map(|id| line.value(id));
    let country = stated.find(|country| !matches!(*country, "XX" | "XZ" | "ZZ"));
    country.is_none_or(|country| country == "MX")
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
