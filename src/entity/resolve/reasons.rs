//! Why two parties were merged, or were not, in words.

use super::compare::{AddressLevel, Comparison, IdentifierLevel, NameLevel};

/// The evidence of a comparison, one reason each, with what it tells in bits.
pub fn reasons(comparison: &Comparison) -> Vec<String> {
    let with = |words: &str, tenths: i32| {
        let sign = if tenths < 0 { '-' } else { '+' };
        format!(
            "{words} ({sign}{}.{})",
            tenths.abs() / 10,
            tenths.abs() % 10
        )
    };
    let mut reasons = Vec::new();
    let name = match comparison.name {
        NameLevel::Missing => None,
        NameLevel::Same => Some("same name"),
        NameLevel::Reordered => Some("same name in another order"),
        NameLevel::Typing => Some("same name but for typing"),
        NameLevel::Longer => Some("one name has more words"),
        NameLevel::Overlap => Some("names share words"),
        NameLevel::Different => Some("other name"),
    };
    reasons.extend(name.map(|words| with(words, comparison.name_evidence)));
    let address = match comparison.address {
        AddressLevel::Missing => None,
        AddressLevel::Same => Some("same address"),
        AddressLevel::Near => Some("near address"),
        AddressLevel::OtherUnit => Some("other unit at one address"),
        AddressLevel::SameStreet => Some("other number in one street"),
        AddressLevel::SameTown => Some("same town"),
        AddressLevel::Different => Some("other address"),
    };
    reasons.extend(address.map(|words| with(words, comparison.address_evidence)));
    let number = |what: &str, kind: super::IdentifierKind| format!("{what} {}", kind.as_str());
    let identifier = match comparison.identifier {
        IdentifierLevel::Missing => None,
        IdentifierLevel::Same(kind) | IdentifierLevel::Shared(kind) => Some(number("same", kind)),
        IdentifierLevel::OneEdit(kind) => Some(number("one keystroke between", kind)),
        IdentifierLevel::Conflict(kind) => Some(number("different", kind)),
    };
    reasons.extend(identifier.map(|words| with(&words, comparison.identifier_evidence)));
    if comparison.other_evidence != 0 {
        reasons.push(with("legal form and country", comparison.other_evidence));
    }
    reasons
}
