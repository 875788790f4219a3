//! The words of names or addresses, and how much each tells.

use super::business_words::is_business_word;
use crate::intern::Texts;

/// Parties that are assumed beside those read, so that a small file does not make every word look rare.
pub(super) const ASSUMED_PARTIES: f64 = 10_000.0;
/// Of the assumed parties, how many have a word of trade in their name; other words two.
const ASSUMED_OF_TRADE: f64 = 100.0;
const ASSUMED_OF_OTHERS: f64 = 2.0;
/// A word that so many parties have is no misspelling of another, unless the other is far more frequent.
pub(super) const ESTABLISHED: u32 = 8;
/// How much more frequent: a word is mistyped in one way that often.
pub(super) const MISTYPED_ONE_IN: u32 = 50;

/// Words by number.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    texts: Texts,
    /// Parties that have each word.
    counts: Vec<u32>,
    /// What agreement on each word tells, in tenths of a bit.
    weights: Vec<i32>,
}

impl Vocabulary {
    /// The number of a word, counted once more where `is_new` in its party.
    pub(super) fn add(&mut self, word: &str, is_new: bool) -> u32 {
        let code = self.texts.code(word);
        let place = code as usize;
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += u32::from(is_new);
        code
    }

    /// Settles the weights, once every party is counted.
    pub(super) fn finish(&mut self, n_parties: usize) {
        let all = n_parties as f64 + ASSUMED_PARTIES;
        let weight = |(code, count): (usize, &u32)| {
            let word = self.word(u32::try_from(code).expect("words are numbered by u32"));
            let assumed = if is_business_word(word) {
                ASSUMED_OF_TRADE
            } else {
                ASSUMED_OF_OTHERS
            };
            tenths((all / (f64::from(*count) + assumed)).log2())
        };
        self.weights = self.counts.iter().enumerate().map(weight).collect();
    }

    /// A word by its number.
    pub(super) fn word(&self, code: u32) -> &str {
        self.texts.get(code).unwrap_or("")
    }

    /// What agreement on a word tells, in tenths of a bit.
    pub(super) fn weight(&self, code: u32) -> i32 {
        self.weights[code as usize]
    }

    /// Parties that have a word.
    pub(super) fn count(&self, code: u32) -> u32 {
        self.counts[code as usize]
    }
}

/// Bits in whole tenths: sums of them are exact, whatever their order.
#[expect(
    clippy::cast_possible_truncation,
    reason = "logarithms of counts are small"
)]
pub(super) fn tenths(bits: f64) -> i32 {
    (bits * 10.0).round() as i32
}
