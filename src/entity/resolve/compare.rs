//! Two parties -> how likely they are one, and why.
//!
//! The score is a sum of evidence in tenths of a bit (Fellegi and Sunter, 1969): what agreement on rare words, an address or
//! a number tells, less what disagreement tells, less the logarithm of the number of parties, which is how unlikely it is
//! beforehand that any two are one. So a score of 30 says 8 to 1 that they are one. Neither country nor name is evidence of
//! anything but identity.

use super::align::Care;
use super::compare_names::{are_other_persons, compare_names};
use super::party::IdentifierKind;
use super::prepared::{Prepared, PreparedParty};
use super::similarity::edits;
use super::vocabulary::{ASSUMED_PARTIES, tenths};

/// How the names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameLevel {
    /// One has none.
    Missing,
    /// The same words in the same order.
    Same,
    /// The same words in another order.
    Reordered,
    /// The same but for typing mistakes, spaces and shortened words.
    Typing,
    /// One has more words.
    Longer,
    /// They share words, and each has others.
    Overlap,
    /// They share little.
    Different,
}

/// How the addresses compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressLevel {
    /// One has none.
    Missing,
    /// The same, but for the way of writing it.
    Same,
    /// The same house or street, with a part missing or mistyped.
    Near,
    /// One house, two units.
    OtherUnit,
    /// The same street, and another number.
    SameStreet,
    /// The same town at most.
    SameTown,
    /// Two places.
    Different,
}

/// How the numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierLevel {
    /// They say nothing.
    Missing,
    /// The same number, which one party only has.
    Same(IdentifierKind),
    /// The same number, which several parties may share.
    Shared(IdentifierKind),
    /// Two numbers of which a party has one, and one typing mistake between them.
    OneEdit(IdentifierKind),
    /// Two numbers of which a party has one.
    Conflict(IdentifierKind),
}

/// Why two parties that look alike are not merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Each has a number of its own.
    TwoNumbers,
    /// One number, but neither name nor address agrees.
    SameNumberOtherName,
    /// A name that can be a person's, and nothing beside it.
    PersonByNameAlone,
    /// Names of two persons, as relatives have them.
    OtherPerson,
    /// It fits several that are not each other.
    Ambiguous,
    /// A member would be too far from the center of the cluster.
    FarFromCenter,
    /// The clusters hold different numbers.
    TwoNumbersInCluster,
    /// The file of decisions says that they are not the same.
    Decided,
}

impl Cause {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoNumbers => "two_numbers",
            Self::SameNumberOtherName => "same_number_other_name",
            Self::PersonByNameAlone => "person_by_name_alone",
            Self::OtherPerson => "other_person",
            Self::Ambiguous => "ambiguous",
            Self::FarFromCenter => "far_from_center",
            Self::TwoNumbersInCluster => "two_numbers_in_cluster",
            Self::Decided => "decided_not_same",
        }
    }
}

/// Two parties side by side; evidence in tenths of a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The sum, less what speaks against any two parties.
    pub score: i32,
    /// How the names compare.
    pub name: NameLevel,
    /// What the names tell.
    pub name_evidence: i32,
    /// How the addresses compare.
    pub address: AddressLevel,
    /// What the addresses tell.
    pub address_evidence: i32,
    /// How the numbers compare.
    pub identifier: IdentifierLevel,
    /// What the numbers tell.
    pub identifier_evidence: i32,
    /// What legal forms and countries tell.
    pub other_evidence: i32,
    /// Why they are not merged, whatever the score.
    pub cause: Option<Cause>,
}

/// From this score on two parties are merged: 8 to 1.
pub const MERGE_SCORE: i32 = 30;
/// From this score on a member is close enough to the center of its cluster: even odds.
pub const NEAR_SCORE: i32 = 0;

const SAME_NUMBER: i32 = 200;
const SHARED_NUMBER: i32 = 60;
const ONE_EDIT: i32 = -60;
const CONFLICT: i32 = -300;
/// Another name at another address.
const OTHER_NAME_ELSEWHERE: i32 = -40;
const OTHER_FORM: i32 = -40;
const SAME_FORM: i32 = 10;
const OTHER_COUNTRY: i32 = -80;

impl Comparison {
    /// Whether they are merged for all that these two say.
    pub fn merges(&self) -> bool {
        self.cause.is_none() && self.score >= MERGE_SCORE
    }

    /// Whether something beside the name agrees.
    pub fn is_corroborated(&self) -> bool {
        matches!(self.address, AddressLevel::Same | AddressLevel::Near)
            || matches!(
                self.identifier,
                IdentifierLevel::Same(_) | IdentifierLevel::Shared(_)
            )
    }
}

/// Compares two parties.
pub(super) fn compare(all: &Prepared, left: &PreparedParty, right: &PreparedParty) -> Comparison {
    if left.is_vessel || right.is_vessel {
        return super::compare_vessels::compare_vessels(all, left, right);
    }
    let identifier = identifiers(all, left, right);
    let (address, address_evidence) = super::compare_places::compare_places(all, left, right);
    let care = match address {
        AddressLevel::Same | AddressLevel::Near => Care::Lenient,
        _ => Care::Strict,
    };
    let (name, name_evidence) = compare_names(all, left, right, care);
    let address_evidence = match (address, name) {
        (AddressLevel::Different, NameLevel::Same | NameLevel::Reordered | NameLevel::Missing) => {
            address_evidence
        }
        (AddressLevel::Different, _) => address_evidence + OTHER_NAME_ELSEWHERE,
        _ => address_evidence,
    };
    let identifier_evidence = match identifier {
        IdentifierLevel::Missing => 0,
        IdentifierLevel::Same(_) => SAME_NUMBER,
        IdentifierLevel::Shared(_) => SHARED_NUMBER,
        IdentifierLevel::OneEdit(_) => ONE_EDIT,
        IdentifierLevel::Conflict(_) => CONFLICT,
    };
    let form = match (left.form, right.form) {
        (Some(left), Some(right)) if left == right => SAME_FORM,
        (Some(_), Some(_)) => OTHER_FORM,
        _ => 0,
    };
    let has_other_country =
        left.country != right.country && left.country != 0 && right.country != 0;
    let country = if has_other_country { OTHER_COUNTRY } else { 0 };
    let mut comparison = Comparison {
        score: name_evidence + address_evidence + identifier_evidence + form + country
            - against(all),
        name,
        name_evidence,
        address,
        address_evidence,
        identifier,
        identifier_evidence,
        other_evidence: form + country,
        cause: None,
    };
    let is_contradicted = form < 0
        || has_other_country
        || matches!(
            address,
            AddressLevel::Different | AddressLevel::SameTown | AddressLevel::OtherUnit
        )
        || matches!(
            identifier,
            IdentifierLevel::Conflict(_) | IdentifierLevel::OneEdit(_)
        );
    let is_same_by_rule = name == NameLevel::Same
        || (name == NameLevel::Missing && matches!(identifier, IdentifierLevel::Shared(_)));
    // One number is one party, however many parties there are; what forbids it is a cause.
    let has_same_number = matches!(identifier, IdentifierLevel::Same(_));
    if has_same_number || (is_same_by_rule && !is_contradicted) {
        comparison.score = comparison.score.max(MERGE_SCORE);
    }
    comparison.cause = cause(all, left, right, &comparison);
    comparison
}

/// What speaks against any two parties being one: the logarithm of how many there are.
pub(super) fn against(all: &Prepared) -> i32 {
    tenths((all.parties.len() as f64 + ASSUMED_PARTIES).log2())
}

fn cause(
    all: &Prepared,
    left: &PreparedParty,
    right: &PreparedParty,
    found: &Comparison,
) -> Option<Cause> {
    match found.identifier {
        IdentifierLevel::Conflict(_) => return Some(Cause::TwoNumbers),
        IdentifierLevel::OneEdit(_)
            if !matches!(
                found.name,
                NameLevel::Same | NameLevel::Reordered | NameLevel::Typing
            ) || !matches!(found.address, AddressLevel::Same | AddressLevel::Near) =>
        {
            return Some(Cause::TwoNumbers);
        }
        IdentifierLevel::Same(_)
            if matches!(found.name, NameLevel::Different)
                && !matches!(found.address, AddressLevel::Same | AddressLevel::Near) =>
        {
            return Some(Cause::SameNumberOtherName);
        }
        _ => {}
    }
    let can_be_persons = left.can_be_person && right.can_be_person;
    let has_one_number = matches!(found.identifier, IdentifierLevel::Same(_));
    if can_be_persons && !has_one_number && are_other_persons(all, left, right, found.name) {
        return Some(Cause::OtherPerson);
    }
    let is_by_name_alone = !found.is_corroborated()
        && (found.name != NameLevel::Same || found.address != AddressLevel::Missing);
    ((left.can_be_person || right.can_be_person) && is_by_name_alone)
        .then_some(Cause::PersonByNameAlone)
}

pub(super) fn identifiers(
    all: &Prepared,
    left: &PreparedParty,
    right: &PreparedParty,
) -> IdentifierLevel {
    let mut level = IdentifierLevel::Missing;
    for (kind, value) in &left.identifiers {
        if right.identifiers.binary_search(&(*kind, *value)).is_ok() {
            if kind.is_exclusive() {
                return IdentifierLevel::Same(*kind);
            }
            level = IdentifierLevel::Shared(*kind);
        }
    }
    for (kind, value) in left.exclusive() {
        for (_, other) in right.exclusive().filter(|(other, _)| *other == kind) {
            let found = conflict(all, kind, value, other);
            if matches!(found, IdentifierLevel::Conflict(_)) || level == IdentifierLevel::Missing {
                level = found;
            }
        }
    }
    level
}

/// Two different numbers of a kind: a typing mistake, or two parties.
pub(super) fn conflict(
    all: &Prepared,
    kind: IdentifierKind,
    left: u32,
    right: u32,
) -> IdentifierLevel {
    let text = |code| all.texts.get(code).unwrap_or("");
    // The mask of a personal number keeps nothing of it, so nothing can be near.
    let is_near = kind != IdentifierKind::MaskedNumber
        && kind != IdentifierKind::Imo
        && edits(text(left), text(right), 1).is_some();
    if is_near {
        IdentifierLevel::OneEdit(kind)
    } else {
        IdentifierLevel::Conflict(kind)
    }
}
