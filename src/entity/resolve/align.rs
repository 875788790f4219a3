//! Words of two names or addresses, laid side by side.

use super::similarity::{edits, word_edits};
use super::vocabulary::{ESTABLISHED, MISTYPED_ONE_IN, Vocabulary};

/// What two lists of words share, in tenths of a bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    /// What the shared words tell.
    pub(super) shared: i32,
    /// What the words tell that only the left has, and only the right.
    pub(super) left_only: i32,
    pub(super) right_only: i32,
    /// Typing mistakes and shortened words among the shared.
    pub(super) n_edits: i32,
    /// A number (`2`, `ii`) stands on one side, and another or none on the other.
    pub(super) differs_in_number: bool,
}

/// What is known beside the words, which says how much is taken for a typing mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Nothing: words of four letters and less are never mistyped.
    Strict,
    /// The address agrees: a letter may differ in short words too.
    Lenient,
}

/// Words of a side that are looked at.
const MOST_WORDS: usize = 16;
/// Letters from which a word may be the beginning of another.
const SHORTEST_BEGINNING: usize = 3;
/// The most that a word of one or two letters tells where the other side lacks it.
const MOST_OF_SLIP: i32 = 30;
/// What an initial for a word tells, in tenths of a bit.
const INITIAL: i32 = 10;

/// Lays words side by side: equal ones first, then those that differ by a typing mistake, then shortened ones.
pub(super) fn align(left: &[u32], right: &[u32], vocabulary: &Vocabulary, care: Care) -> Alignment {
    let left = &left[..left.len().min(MOST_WORDS)];
    let right = &right[..right.len().min(MOST_WORDS)];
    let mut found = Alignment::default();
    let mut is_used = [false; MOST_WORDS];
    let mut alone = [0_u32; MOST_WORDS];
    let mut n_alone = 0;
    for word in left {
        let same = (0..right.len()).find(|place| !is_used[*place] && right[*place] == *word);
        match same {
            Some(place) => {
                is_used[place] = true;
                found.shared += vocabulary.weight(*word);
            }
            None => {
                alone[n_alone] = *word;
                n_alone += 1;
            }
        }
    }
    for word in &alone[..n_alone] {
        let near = (0..right.len())
            .filter(|place| !is_used[*place])
            .filter_map(|place| Some((near(*word, right[place], vocabulary, care)?, place)))
            .min_by_key(|((n_edits, weight), place)| (*n_edits, -weight, *place));
        match near {
            Some(((n_edits, weight), place)) => {
                is_used[place] = true;
                found.shared += weight;
                found.n_edits += n_edits;
            }
            None => {
                found.left_only += weight_alone(*word, vocabulary);
                found.differs_in_number |= is_number(vocabulary.word(*word));
            }
        }
    }
    for (word, _) in right.iter().zip(is_used).filter(|(_, is_used)| !is_used) {
        found.right_only += weight_alone(*word, vocabulary);
        found.differs_in_number |= is_number(vocabulary.word(*word));
    }
    found
}

/// What a word tells that only one side has: a piece of one or two letters is as likely a slip.
fn weight_alone(word: u32, vocabulary: &Vocabulary) -> i32 {
    let weight = vocabulary.weight(word);
    match vocabulary.word(word).len() {
        1 | 2 => weight.min(MOST_OF_SLIP),
        _ => weight,
    }
}

/// Digits, or a Roman numeral as names of branches and vessels have them.
fn is_number(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
        || matches!(
            word,
            "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix" | "segundo" | "tercero"
        )
}

/// Edits between two words and what their agreement tells, where a typist may have made one of the other.
fn near(left: u32, right: u32, vocabulary: &Vocabulary, care: Care) -> Option<(i32, i32)> {
    let (a, b) = (vocabulary.word(left), vocabulary.word(right));
    let weight = vocabulary.weight(left).min(vocabulary.weight(right));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() == 1
        && long.starts_with(short)
        && short.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        return Some((1, weight.min(INITIAL)));
    }
    // Two words that many have are two words.
    let (few, many) = (
        vocabulary.count(left).min(vocabulary.count(right)),
        vocabulary.count(left).max(vocabulary.count(right)),
    );
    if few >= ESTABLISHED && few >= many / MISTYPED_ONE_IN {
        return None;
    }
    if let Some(n_edits) = word_edits(a, b, care) {
        return Some((i32::try_from(n_edits).expect("two at most"), weight));
    }
    let is_beginning = short.len() >= SHORTEST_BEGINNING
        && long.starts_with(short)
        && short.bytes().all(|byte| byte.is_ascii_lowercase());
    is_beginning.then_some((2, weight / 2))
}

/// Whether two names are the same letters, parted into words in another way, with one typing mistake at most.
pub(super) fn differ_in_spaces(left: &str, right: &str) -> Option<i32> {
    const SHORTEST: usize = 8;
    let length = left.len().min(right.len());
    if length < SHORTEST || left.len().abs_diff(right.len()) > 1 {
        return None;
    }
    let n_edits = edits(left, right, 1)?;
    i32::try_from(n_edits).ok()
}
