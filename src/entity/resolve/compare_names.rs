//! Two names -> how they compare, and what that tells.

use super::align::{Alignment, Care, align, differ_in_spaces};
use super::compare::NameLevel;
use super::prepared::{Prepared, PreparedParty};

/// What a typing mistake costs, in tenths of a bit.
const PER_EDIT: i32 = 15;
/// Each name has words that the other lacks; a numeral differs.
const CONFLICTING_WORDS: i32 = 20;
const OTHER_NUMERAL: i32 = 80;

/// Compares names; `care` says whether something beside them agrees.
pub(super) fn compare_names(
    all: &Prepared,
    left: &PreparedParty,
    right: &PreparedParty,
    care: Care,
) -> (NameLevel, i32) {
    if left.name.is_empty() || right.name.is_empty() {
        return (NameLevel::Missing, 0);
    }
    let total = |words: &[u32]| {
        words
            .iter()
            .map(|word| all.names.weight(*word))
            .sum::<i32>()
    };
    if left.name == right.name {
        return (NameLevel::Same, total(&left.name));
    }
    if left.sorted_name == right.sorted_name {
        return (NameLevel::Reordered, total(&left.name) - PER_EDIT);
    }
    let found = align(&left.name, &right.name, &all.names, care);
    if left.name.len() != right.name.len()
        && (found.left_only > 0 || found.right_only > 0)
        && let Some(n_edits) = differ_in_spaces(&left.joined, &right.joined)
    {
        let shared = total(&left.name).min(total(&right.name));
        return (NameLevel::Typing, shared - (n_edits + 1) * PER_EDIT);
    }
    let lesser = found.left_only.min(found.right_only);
    let surplus = found.left_only.max(found.right_only) - lesser;
    let typing = found.n_edits * PER_EDIT;
    if lesser == 0 && surplus == 0 {
        return (NameLevel::Typing, found.shared - typing);
    }
    // Where nothing else agrees, a word more is as telling as a shared one: `del norte`, `hermanos`.
    let surplus = match care {
        Care::Lenient => surplus / 2,
        Care::Strict => surplus,
    };
    let conflict = if lesser > 0 { CONFLICTING_WORDS } else { 0 }
        + if found.differs_in_number {
            OTHER_NUMERAL
        } else {
            0
        };
    let evidence = found.shared - typing - surplus - lesser - conflict;
    let level = match () {
        () if found.shared * 3 < left_and_right(&found) => NameLevel::Different,
        () if lesser == 0 => NameLevel::Longer,
        () => NameLevel::Overlap,
    };
    (level, evidence)
}

/// What the words of both sides tell, shared ones once.
fn left_and_right(found: &Alignment) -> i32 {
    found.shared + found.left_only + found.right_only
}

/// Whether names that can be those of persons are rather those of two, who may be relatives at one address: each has a word that
/// the other lacks, two words differ, or one in the last letter as names of women and men do.
pub(super) fn are_other_persons(
    all: &Prepared,
    left: &PreparedParty,
    right: &PreparedParty,
    level: NameLevel,
) -> bool {
    match level {
        NameLevel::Overlap | NameLevel::Different => true,
        NameLevel::Typing if left.name.len() == right.name.len() => {
            let pairs = left.name.iter().zip(&right.name);
            let mut differ = pairs.filter(|(left, right)| left != right);
            let first = differ.next();
            let ends = |(left, right): (&u32, &u32)| {
                let [left, right] = [left, right].map(|word| all.names.word(*word));
                let cut = |word: &str| word.strip_suffix(['a', 'o']).map(str::to_owned);
                cut(left).is_some_and(|stem| cut(right) == Some(stem))
            };
            differ.next().is_some() || first.is_some_and(ends)
        }
        _ => false,
    }
}
