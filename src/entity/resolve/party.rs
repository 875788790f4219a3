//! Parties as filings name them, and the numbers that tell them apart.

use crate::normalize::MASK_PREFIX;
use crate::normalize::identity::{compact, is_digits};
use serde::Serialize;

/// The role in which a filing names a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Importer of record.
    Importer,
    /// Ultimate consignee.
    Consignee,
    /// Shipper or exporter.
    Shipper,
    /// Manufacturer.
    Manufacturer,
    /// Seller.
    Seller,
    /// Buyer.
    Buyer,
    /// Harvest vessel.
    HarvestVessel,
}

impl PartyRole {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Importer,
        Self::Consignee,
        Self::Shipper,
        Self::Manufacturer,
        Self::Seller,
        Self::Buyer,
        Self::HarvestVessel,
    ];

    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Importer => "importer",
            Self::Consignee => "consignee",
            Self::Shipper => "shipper",
            Self::Manufacturer => "manufacturer",
            Self::Seller => "seller",
            Self::Buyer => "buyer",
            Self::HarvestVessel => "harvest_vessel",
        }
    }

    /// Vessels are compared with vessels only.
    pub fn is_vessel(self) -> bool {
        self == Self::HarvestVessel
    }
}

/// What a number is, which says how far it tells parties apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// The nine digits of an employer number, without the suffix of a branch.
    EmployerNumber,
    /// A number that CBP assigned: `YYDDPP-NNNNN`.
    CbpNumber,
    /// A number that can be a Social Security number; only its mask is ever written.
    MaskedNumber,
    /// The code of a Mexican taxpayer: 12 characters for firms, 13 for persons.
    Rfc,
    /// An IMO number with the right check digit.
    Imo,
    /// A manufacturer's code (19 CFR 102 appendix): made of name and address, so firms may share one, and have several.
    Mid,
    /// Any other number, and one of those above in a form that it cannot have.
    Other,
}

impl IdentifierKind {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmployerNumber => "employer_number",
            Self::CbpNumber => "cbp_number",
            Self::MaskedNumber => "masked_number",
            Self::Rfc => "rfc",
            Self::Imo => "imo",
            Self::Mid => "mid",
            Self::Other => "other",
        }
    }

    /// Whether one party has one such number, so that two different ones are two parties.
    pub fn is_exclusive(self) -> bool {
        !matches!(self, Self::Mid | Self::Other)
    }
}

/// A number of a party.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// The number, in one form.
    pub value: String,
}

impl Identifier {
    /// Reads the number of an importer or consignee, as normalized.
    ///
    /// # Source
    /// CBP 5106: `NN-NNNNNNNXX`, `YYDDPP-NNNNN`.
    pub fn importer(number: &str) -> Self {
        let of = |kind, value: &str| Self {
            kind,
            value: value.to_owned(),
        };
        if number.starts_with(MASK_PREFIX) || number.starts_with("E-") {
            return of(IdentifierKind::MaskedNumber, number);
        }
        match number.split_once('-') {
            Some((first, rest)) if is_digits(first, 2) && matches!(rest.len(), 7 | 9) => {
                match number.get(..10) {
                    Some(root) if is_digits(&root[3..], 7) => {
                        of(IdentifierKind::EmployerNumber, root)
                    }
                    _ => of(IdentifierKind::Other, number),
                }
            }
            Some((first, rest)) if is_digits(first, 6) && is_digits(rest, 5) => {
                of(IdentifierKind::CbpNumber, number)
            }
            _ => of(IdentifierKind::Other, number),
        }
    }

    /// Reads the code of a Mexican taxpayer: three letters (four for a person), a date, three characters.
    ///
    /// # Source
    /// Código Fiscal de la Federación, art. 27; its `&` and `Ñ` count as letters.
    pub fn rfc(code: &str) -> Self {
        let value = compact(code, &['-', ' ', '.']);
        let letters: Vec<char> = value.chars().collect();
        let n_letters = letters.len().saturating_sub(9);
        let is_rfc = matches!(n_letters, 3 | 4)
            && letters[..n_letters]
                .iter()
                .all(|letter| letter.is_alphabetic() || *letter == '&')
            && letters[n_letters..n_letters + 6]
                .iter()
                .all(char::is_ascii_digit)
            && letters[n_letters + 6..]
                .iter()
                .all(char::is_ascii_alphanumeric);
        let kind = if is_rfc {
            IdentifierKind::Rfc
        } else {
            IdentifierKind::Other
        };
        Self { kind, value }
    }

    /// Reads the code of a manufacturer: a country, then letters and digits, 15 characters at most.
    pub fn mid(code: &str) -> Self {
        let value = compact(code, &['-', ' ', '.']);
        let is_mid = (5..=15).contains(&value.len())
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && value.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
        let kind = if is_mid {
            IdentifierKind::Mid
        } else {
            IdentifierKind::Other
        };
        Self { kind, value }
    }

    /// Reads the identifier of a vessel, as normalized: an IMO number where its check digit is right.
    pub fn vessel(number: &str) -> Self {
        let read = crate::normalize::identity::imo_number(number);
        let kind = if read.issue.is_none() {
            IdentifierKind::Imo
        } else {
            IdentifierKind::Other
        };
        Self {
            kind,
            value: number.to_owned(),
        }
    }

    /// Whether it is the number of a natural person.
    pub fn is_of_person(&self) -> bool {
        match self.kind {
            IdentifierKind::MaskedNumber => true,
            IdentifierKind::Rfc => self.value.chars().count() == 13,
            _ => false,
        }
    }
}

/// A party as filings name it: one per different content, whatever the number of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The role.
    pub role: PartyRole,
    /// The name, as normalized; empty where only a number is given.
    pub name: String,
    /// The address in one line; empty where there is none.
    pub address: String,
    /// ISO 3166-1 alpha-2, or the flag of a vessel; empty where there is none.
    pub country: String,
    /// Its numbers, in ascending order.
    pub identifiers: Vec<Identifier>,
    /// What tells it apart in `entities`, in the same role.
    pub entity_key: String,
    /// Lines that name it so.
    pub n_lines: u64,
}

impl Party {
    /// What makes it the party that it is; parties are put in the order of this.
    pub(crate) fn content(&self) -> (&str, &str, &str, PartyRole, &[Identifier], &str) {
        (
            &self.name,
            &self.address,
            &self.country,
            self.role,
            &self.identifiers,
            &self.entity_key,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_by_their_form() {
        let importer = |text| {
            let number = Identifier::importer(text);
            (number.kind, number.value)
        };
        assert_eq!(
            importer("99-0000012AA"),
            (IdentifierKind::EmployerNumber, "99-0000012".to_owned())
        );
        assert_eq!(importer("240101-12345").0, IdentifierKind::CbpNumber);
        assert_eq!(importer("E-#0011").0, IdentifierKind::MaskedNumber);
        assert_eq!(importer("9900000").0, IdentifierKind::Other);
        let rfc = |text| Identifier::rfc(text);
        assert_eq!(rfc("amy-120412-bc3").kind, IdentifierKind::Rfc);
        assert!(!rfc("AMY120412BC3").is_of_person());
        assert!(rfc("MUEA800101AB1").is_of_person());
        assert_eq!(rfc("AMY12O412BC3").kind, IdentifierKind::Other);
        assert_eq!(Identifier::mid("MXACUMUE70CIU").kind, IdentifierKind::Mid);
        assert_eq!(Identifier::mid("12345").kind, IdentifierKind::Other);
        assert_eq!(Identifier::vessel("9074729").kind, IdentifierKind::Imo);
        assert_eq!(Identifier::vessel("9074728").kind, IdentifierKind::Other);
    }
}
