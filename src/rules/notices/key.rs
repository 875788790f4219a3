//! `kind:key`: what a notice names, in the form that cells have.

use super::kind::{KeyKind, Part};
use crate::issue::{IssueKind, Normal};
use crate::normalize::importer::{employer_root, looks_like_ssn};
use crate::normalize::party::party_name;
use crate::normalize::taxon::{scientific_name, taxon};
use crate::normalize::{Identities, hts, in_form_of};
use crate::schema::{FieldId, field};
use std::fmt;

/// What a notice names.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// What it is.
    pub kind: KeyKind,
    /// As written, trimmed; it can be a Social Security number.
    text: String,
    /// The file and line in which it stands.
    place: String,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

impl Key {
    pub(super) fn new(kind: KeyKind, text: &str, place: String) -> Self {
        Self {
            kind,
            text: text.trim().to_owned(),
            place,
        }
    }

    /// Kind and key as they may be shown: of what can be a Social Security number, where it stands and no more.
    pub fn shown(&self) -> String {
        let is_personal = self.kind.can_be_personal() && looks_like_ssn(&self.text);
        let text = match is_personal {
            true => format!("(masked, {})", self.place),
            false => self.text.clone(),
        };
        format!("{}:{text}", self.kind.as_str())
    }

    /// The texts that a part of a cell has where it names the same; empty where no cell of the field can.
    pub fn forms(&self, id: FieldId, part: Part, identities: &Identities) -> Vec<String> {
        let of_field = |id| in_form_of(id, &self.text, identities).value;
        let mut forms: Vec<String> = match part {
            // A shipment is named after its entry or bill, in the form of that.
            Part::Whole if id == field::SHIPMENT_KEY => {
                let forms = [
                    Some(self.text.clone()),
                    of_field(field::ENTRY_NUMBER),
                    of_field(field::HOUSE_BILL_NUMBER),
                ];
                forms.into_iter().flatten().collect()
            }
            Part::Whole => of_field(id).into_iter().collect(),
            Part::Root => {
                let number = of_field(id);
                let root = number.map(|number| employer_root(&number).to_owned());
                root.into_iter().collect()
            }
            Part::Item => party_name(&self.text).value.into_iter().collect(),
            Part::Prefix => self.digits().into_iter().collect(),
            Part::Taxon => self.taxon().into_iter().collect(),
        };
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    /// Its forms in the first field that it can stand in: two keys with the same name the same.
    pub(super) fn identity(&self) -> (KeyKind, Vec<String>) {
        let parts = self.kind.parts().iter();
        let forms = parts.map(|(id, part)| self.forms(*id, *part, &Identities::FirstRow));
        (self.kind, forms.take(1).flatten().collect())
    }

    /// What is wrong with it, and what to write; an error when no cell could hold it.
    pub(super) fn mistake(&self) -> Option<Mistake> {
        let wrong = |text: &str, help: &str| {
            Some(Mistake {
                is_error: true,
                text: text.to_owned(),
                help: help.to_owned(),
            })
        };
        match self.kind {
            _ if self.text.is_empty() => wrong(
                "nothing stands behind the kind",
                "write KIND:KEY, such as `importer:12-3456789`",
            ),
            KeyKind::Hts if self.digits().is_none() => wrong(
                "this is no tariff number",
                "write its first digits, two at least: `hts:0306`",
            ),
            KeyKind::Taxon if self.taxon().is_none() => wrong(
                "this is no scientific name",
                "write a species, a genus or a family: `taxon:Dalbergia retusa`",
            ),
            KeyKind::Entry => self.doubt(field::ENTRY_NUMBER),
            KeyKind::Container => self.doubt(field::EQUIPMENT_NUMBER),
            KeyKind::Vessel | KeyKind::HarvestVessel => self.doubt(field::HARVEST_VESSEL_IMO),
            _ if self.identity().1.is_empty() => wrong(
                "this means a missing value, so no line has it",
                "name what the lines hold",
            ),
            _ => None,
        }
    }

    /// A number whose form or check digit is wrong: lines with the same mistake are found, others are not.
    fn doubt(&self, id: FieldId) -> Option<Mistake> {
        let Normal { issue, .. } = in_form_of(id, &self.text, &Identities::FirstRow);
        let text = match issue? {
            IssueKind::BadCheckDigit => "the check digit of this number is wrong",
            _ => "this number has another form than such numbers have",
        };
        Some(Mistake {
            is_error: false,
            text: text.to_owned(),
            help: "only lines with the same mistake are found".to_owned(),
        })
    }

    fn digits(&self) -> Option<String> {
        let number = hts::hts(&self.text).value?;
        let is_prefix = matches!(number.len(), 2..=10)
            && number.len().is_multiple_of(2)
            && number.bytes().all(|byte| byte.is_ascii_digit());
        is_prefix.then_some(number)
    }

    fn taxon(&self) -> Option<String> {
        let name = scientific_name(Some(&self.text), None, None);
        taxon(name.genus.as_deref(), name.species.as_deref())
    }
}

/// What is wrong with a key.
pub(super) struct Mistake {
    pub(super) is_error: bool,
    pub(super) text: String,
    pub(super) help: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(kind: KeyKind, text: &str) -> Vec<String> {
        Key::new(kind, text, String::new()).identity().1
    }

    #[test]
    fn keys_take_the_form_of_cells() {
        let cases = [
            (KeyKind::Importer, "12-345678900", vec!["12-3456789"]),
            (KeyKind::Entry, "B76-0324527-8", vec!["B7603245278"]),
            (
                KeyKind::Shipper,
                " Maderas  del Río ",
                vec!["MADERAS DEL RÍO"],
            ),
            (KeyKind::Hts, "0306.17", vec!["030617"]),
            (KeyKind::Taxon, "dalbergia RETUSA", vec!["Dalbergia retusa"]),
            (KeyKind::Container, "csqu 305438-3", vec!["CSQU3054383"]),
        ];
        for (kind, text, expected) in cases {
            assert_eq!(forms(kind, text), expected, "{text}");
        }
        assert_eq!(forms(KeyKind::Vessel, "IMO 9074729")[0], "9074729");
        assert!(forms(KeyKind::Seller, "n/a").is_empty());
    }

    #[test]
    fn what_can_be_personal_is_not_shown() {
        let key = Key::new(
            KeyKind::Importer,
            "123-45-6789",
            "lookouts.csv:4".to_owned(),
        );
        assert_eq!(key.shown(), "importer:(masked, lookouts.csv:4)");
        assert!(!format!("{key:?}").contains("6789"));
        let key = Key::new(KeyKind::Importer, "12-3456789", String::new());
        assert_eq!(key.shown(), "importer:12-3456789");
    }
}
