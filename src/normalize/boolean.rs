//! Reads yes and no.

use crate::issue::{IssueKind, Normal};

/// Reads `Y`, `YES`, `TRUE`, `T`, `1` and `N`, `NO`, `FALSE`, `F`, `0`, in any case.
///
/// # Missing values
/// Empty text is null; other text is null with an issue.
///
/// # Source
/// AE 40\[56\] (related parties), PG17\[65\] (live venomous).
pub fn boolean(text: &str) -> Normal<bool> {
    let text = text.trim();
    let is_any_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if text.is_empty() {
        Normal::null()
    } else if is_any_of(&["Y", "YES", "TRUE", "T", "1"]) {
        Normal::value(true)
    } else if is_any_of(&["N", "NO", "FALSE", "F", "0"]) {
        Normal::value(false)
    } else {
        Normal::null_with(IssueKind::NotABoolean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_any_case() {
        for text in ["Y", "yes", "True", "t", "1", " y "] {
            assert_eq!(boolean(text), Normal::value(true), "{text}");
        }
        for text in ["N", "no", "False", "f", "0"] {
            assert_eq!(boolean(text), Normal::value(false), "{text}");
        }
    }

    #[test]
    fn other_text_becomes_null() {
        for text in ["2", "YE", "X", "-1", "是", "\u{0}"] {
            assert_eq!(
                boolean(text),
                Normal::null_with(IssueKind::NotABoolean),
                "{text:?}"
            );
        }
        assert_eq!(boolean(" "), Normal::null());
    }
}
