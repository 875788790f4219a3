//! Two addresses -> how they compare, and what that tells.

use super::align::{Care, align};
use super::compare::{AddressLevel, against};
use super::prepared::{Prepared, PreparedParty};
use super::vocabulary::tenths;

/// Names from which an address is that of an agent, a warehouse or an office tower, and joins nobody.
pub const HUB_NAMES: u32 = 20;

/// The most that an address tells, in tenths of a bit: the same one; a near one; one of many firms.
const MOST_SAME: i32 = 140;
const MOST_NEAR: i32 = 100;
const MOST_OTHER_UNIT: i32 = 40;
const MOST_SAME_STREET: i32 = 30;
const MOST_HUB: i32 = 20;
const SAME_TOWN: i32 = 5;
/// Two addresses: firms move, and have several sites.
const DIFFERENT: i32 = -60;

/// Compares addresses.
pub(super) fn compare_places(
    all: &Prepared,
    left: &PreparedParty,
    right: &PreparedParty,
) -> (AddressLevel, i32) {
    if !left.has_address() || !right.has_address() {
        return (AddressLevel::Missing, 0);
    }
    let found = align(&left.address, &right.address, &all.places, Care::Lenient);
    let shared_numbers: i32 = left
        .numbers
        .iter()
        .filter(|number| right.numbers.binary_search(number).is_ok())
        .map(|number| all.places.weight(*number))
        .sum();
    let most = most(all, left, right);
    let evidence = found.shared + shared_numbers - found.n_edits * 10;
    let has_numbers = !left.numbers.is_empty() && !right.numbers.is_empty();
    let units_differ = left.unit != right.unit && left.unit != 0 && right.unit != 0;
    let numbers_agree = shared_numbers > 0 || !has_numbers;
    let all_words = found.shared + found.left_only + found.right_only;
    let lesser = found.left_only.min(found.right_only);
    let has_same_postal = left.postal != 0 && left.postal == right.postal;
    // Nothing on one side that the other lacks, or little beside what they share.
    let words_agree = lesser == 0 || lesser * 3 <= found.shared;
    let words_same = (found.left_only + found.right_only) * 3 <= all_words;
    match () {
        // A state or a town beside a street, which mostly does not name it.
        () if found.shared == 0
            && shared_numbers == 0
            && left.is_at_town_alone() != right.is_at_town_alone() =>
        {
            (AddressLevel::Missing, 0)
        }
        () if found.shared == 0 && shared_numbers == 0 => (AddressLevel::Different, DIFFERENT),
        () if !numbers_agree && words_agree && found.shared * 2 >= all_words => {
            match has_same_postal {
                true => (AddressLevel::Near, evidence.min(most).min(MOST_NEAR)),
                false => (
                    AddressLevel::SameStreet,
                    (evidence / 3).min(most).min(MOST_SAME_STREET),
                ),
            }
        }
        () if !numbers_agree || !words_agree || found.shared == 0 => {
            if found.shared * 3 >= all_words || has_same_postal {
                // The same street or town; a house number that differs is another house.
                (
                    AddressLevel::SameTown,
                    if numbers_agree {
                        SAME_TOWN
                    } else {
                        DIFFERENT / 2
                    },
                )
            } else {
                (AddressLevel::Different, DIFFERENT)
            }
        }
        () if units_differ => (
            AddressLevel::OtherUnit,
            evidence.min(most).min(MOST_OTHER_UNIT),
        ),
        // A town alone is where many are.
        () if left.numbers.is_empty()
            && right.numbers.is_empty()
            && found.shared < against(all) =>
        {
            (AddressLevel::SameTown, (evidence / 4).min(most))
        }
        () if words_same && (has_numbers || left.numbers.len() == right.numbers.len()) => {
            (AddressLevel::Same, evidence.min(most))
        }
        () if !has_numbers
            && left.numbers.len() + right.numbers.len() > 0
            && found.shared < against(all) =>
        {
            (AddressLevel::SameTown, (evidence / 4).min(most))
        }
        () => (AddressLevel::Near, evidence.min(most).min(MOST_NEAR)),
    }
}

/// The most that these addresses can tell: little where many names share one.
fn most(all: &Prepared, left: &PreparedParty, right: &PreparedParty) -> i32 {
    let names = |party: &PreparedParty| all.names_at[party.place as usize];
    let n_names = names(left).max(names(right));
    if n_names > HUB_NAMES {
        return MOST_HUB;
    }
    let rarity = against(all) - tenths(f64::from(n_names.max(1)).log2());
    rarity.min(MOST_SAME)
}
