//! How far two texts are apart: the one place that knows the library which counts edits.

use super::align::Care;
use rapidfuzz::distance::osa;

/// Edits between two texts: letters added, dropped or changed, neighbors swapped. None where it takes more than `at_most`.
pub(crate) fn edits(left: &str, right: &str, at_most: usize) -> Option<usize> {
    let args = osa::Args::default().score_cutoff(at_most);
    if left.is_ascii() && right.is_ascii() {
        osa::distance_with_args(left.bytes(), right.bytes(), &args)
    } else {
        osa::distance_with_args(left.chars(), right.chars(), &args)
    }
}

/// Edits that a typist may make in a word of this many letters. Short words differ by one letter and mean something else,
/// unless something beside the name agrees.
fn allowed_edits(length: usize, care: Care) -> usize {
    match (care, length) {
        (Care::Strict, 0..=4) | (Care::Lenient, 0..=2) => 0,
        (Care::Strict, 5..=7) | (Care::Lenient, 3..=5) => 1,
        _ => 2,
    }
}

/// Edits between two words, where a typist may have made them. Words with digits are never near.
pub(super) fn word_edits(left: &str, right: &str, care: Care) -> Option<usize> {
    let at_most = allowed_edits(left.len().min(right.len()), care);
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if at_most == 0
        || left.len().abs_diff(right.len()) > at_most
        || has_digit(left)
        || has_digit(right)
    {
        return None;
    }
    edits(left, right, at_most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_are_counted() {
        assert_eq!(word_edits("maderas", "maedras", Care::Strict), Some(1));
        assert_eq!(
            word_edits("comercializadora", "comercialisadra", Care::Strict),
            Some(2)
        );
        assert_eq!(word_edits("norte", "monte", Care::Strict), None);
        assert_eq!(word_edits("sur", "sun", Care::Strict), None);
        assert_eq!(word_edits("lote12", "lote13", Care::Strict), None);
        assert_eq!(word_edits("yola", "yora", Care::Lenient), Some(1));
        assert_eq!(edits("有限公司", "有限责司", 2), Some(1));
    }
}
