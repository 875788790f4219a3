//! Brings free text to one form for reading and one for searching.
//!
//! [`free_text`] is what stands in the data; [`fold`] is what words are searched in. Neither drops
//! a word.

use super::fold_table::ascii;
use crate::issue::Normal;

/// Reads free text: upper case, control characters and runs of white space to one space.
///
/// # Missing values
/// Text with nothing visible in it is null.
///
/// # Source
/// Cargo and commercial descriptions, marks: BD 1D, N10-02, AMS `description_text`, CBP 7501
/// block 32.
pub fn free_text(text: &str) -> Normal<String> {
    let squeezed = squeeze_upper(text);
    if squeezed.is_empty() {
        Normal::null()
    } else {
        Normal::value(squeezed)
    }
}

/// Folds text for word search: lower-case ASCII letters and digits, single spaces between words.
///
/// Latin letters lose their accents (`ß` is `ss`, `æ` is `ae`, `ø` is `o`); every run of other
/// characters becomes one space, and one space stands at each end. So a folded word or phrase
/// is in the text as words exactly when it is in it as a substring: `Buche, Seco` is
/// ` buche seco `. Scripts other than Latin do not survive.
///
/// # Missing values
/// Text without Latin letters or digits folds to one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    folded.push(' ');
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            folded.push(letter.to_ascii_lowercase());
        } else if letter.is_ascii() {
            push_space(&mut folded);
        } else {
            fold_letter(letter, &mut folded);
        }
    }
    push_space(&mut folded);
    folded
}

fn fold_letter(letter: char, folded: &mut String) {
    for lower in letter.to_lowercase() {
        if lower.is_ascii_alphanumeric() {
            folded.push(lower);
        } else if let Some(spelling) = ascii(lower) {
            folded.push_str(spelling);
        } else if !is_mark(lower) && !is_invisible(lower) {
            push_space(folded);
        }
    }
}

fn push_space(folded: &mut String) {
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Combining marks: text that spells `é` as `e` and an accent folds like text that does not.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}

/// Soft hyphen, zero-width space and byte order mark: no reader sees them, so they part no words.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}' | '\u{FEFF}')
}

/// Upper-cases text, drops invisible characters, and squeezes white space and controls.
pub(crate) fn squeeze_upper(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    let mut is_space_due = false;
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() {
            is_space_due = !squeezed.is_empty();
        } else if !is_invisible(letter) {
            if is_space_due {
                squeezed.push(' ');
                is_space_due = false;
            }
            squeezed.extend(letter.to_uppercase());
        }
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_is_upper_with_single_spaces() {
        let cases = [
            ("  sawn\t\tlumber\r\nswietenia ", "SAWN LUMBER SWIETENIA"),
            ("buche – seco", "BUCHE – SECO"),
            ("straße", "STRASSE"),
            ("a\u{0}b\u{85}c\u{a0}d", "A B C D"),
            ("ma\u{ad}hogany\u{feff}", "MAHOGANY"),
        ];
        for (text, upper) in cases {
            assert_eq!(free_text(text), Normal::value(upper.to_owned()), "{text:?}");
        }
        for text in ["", " \u{0}\t", "\u{feff}"] {
            assert_eq!(free_text(text), Normal::null(), "{text:?}");
        }
    }

    #[test]
    fn folding_leaves_words_between_single_spaces() {
        let cases = [
            ("Buche, Seco", " buche seco "),
            ("TOTOABA-SWIM  BLADDER", " totoaba swim bladder "),
            ("Pez Ñandú", " pez nandu "),
            ("Pe\u{301}rez", " perez "),
            ("Łódź Ærø Straße", " lodz aero strasse "),
            ("Đà Nẵng", " da nang "),
            ("İstanbul", " istanbul "),
            ("2x4 S4S", " 2x4 s4s "),
            ("原木 log", " log "),
            ("ma\u{ad}hogany", " mahogany "),
            ("", " "),
            (",,,", " "),
            ("日本", " "),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Crème brûlée", "ŒUVRE ﬁ", "ſ ẞ", "\u{1F600}x"] {
            let folded = fold(text);
            assert_eq!(fold(&folded), folded, "{text:?}");
        }
    }
}
