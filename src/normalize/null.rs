//! Says which words stand for a missing value.

/// The words that stand for a missing value where a mapping gives no list of its own.
///
/// # Source
/// `formats/FORMATS.md` section A (seen in AMS and LEMIS files).
pub const NULL_WORDS: &[&str] = &["", "NA", "N/A", "NULL", "*", ".", "UNKNOWN"];

/// Tells whether text stands for a missing value, in any case, white space aside.
///
/// The caller sees to the two fields where such a word is a code: `NA` is Namibia in a country
/// column, and `unknown` is a document status.
///
/// # Missing values
/// Empty text is a null word.
pub fn is_null_word(text: &str) -> bool {
    let text = text.trim();
    NULL_WORDS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_words_in_any_case() {
        for text in [
            "", "  ", "na", "N/A", " null ", "*", ".", "Unknown", "\t*\n",
        ] {
            assert!(is_null_word(text), "{text:?}");
        }
    }

    #[test]
    fn other_text_is_a_value() {
        for text in [
            "0",
            "-",
            "NAN",
            "NO",
            "UNKNOWN SPECIES",
            "..",
            "**",
            "é",
            "none",
        ] {
            assert!(!is_null_word(text), "{text:?}");
        }
    }
}
