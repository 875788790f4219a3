//! Two vessels -> whether they are one. A hull keeps its IMO number for life, whatever its name and flag.

use super::compare::{
    AddressLevel, Cause, Comparison, IdentifierLevel, MERGE_SCORE, NameLevel, identifiers,
};
use super::prepared::{Prepared, PreparedParty};

/// What one IMO number tells, in tenths of a bit.
const SAME_HULL: i32 = 300;

/// Compares vessels: one hull by its number; without one, the same name under the same flag. Names of vessels differ by a
/// numeral or a letter, so that near names are no evidence.
pub(super) fn compare_vessels(
    all: &Prepared,
    left: &PreparedParty,
    right: &PreparedParty,
) -> Comparison {
    let mut comparison = Comparison {
        score: -SAME_HULL,
        name: NameLevel::Different,
        name_evidence: 0,
        address: AddressLevel::Missing,
        address_evidence: 0,
        identifier: IdentifierLevel::Missing,
        identifier_evidence: 0,
        other_evidence: 0,
        cause: None,
    };
    if !left.is_vessel || !right.is_vessel {
        return comparison;
    }
    comparison.identifier = identifiers(all, left, right);
    let has_same_name = left.name == right.name && !left.name.is_empty();
    if has_same_name {
        comparison.name = NameLevel::Same;
    }
    match comparison.identifier {
        IdentifierLevel::Same(_) => {
            comparison.identifier_evidence = SAME_HULL;
            comparison.score = SAME_HULL;
        }
        IdentifierLevel::Conflict(_) | IdentifierLevel::OneEdit(_) => {
            if has_same_name {
                comparison.cause = Some(Cause::TwoNumbers);
                comparison.score = MERGE_SCORE;
            }
        }
        IdentifierLevel::Missing | IdentifierLevel::Shared(_) => {
            let has_same_flag = left.country == right.country && left.country != 0;
            let is_shared = matches!(comparison.identifier, IdentifierLevel::Shared(_));
            if has_same_name && (has_same_flag || is_shared) {
                comparison.name_evidence = MERGE_SCORE;
                comparison.score = MERGE_SCORE;
            }
        }
    }
    comparison
}
