//! Brings short codes and document statuses to one form.

use crate::issue::{IssueKind, Normal};

/// Reads a short code: upper case, white space inside dropped.
///
/// For ports, modes, agencies, packaging units and the like, whose lists are checked elsewhere.
///
/// # Missing values
/// Text with nothing but white space and controls is null.
///
/// # Source
/// Code fields of CATAIR records are upper case, without spaces (`formats/FORMATS.md` B.1).
pub fn code(text: &str) -> Normal<String> {
    let code: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control())
        .flat_map(char::to_uppercase)
        .collect();
    if code.is_empty() {
        Normal::null()
    } else {
        Normal::value(code)
    }
}

/// The statuses a document can have.
pub const STATUSES: &[&str] = &[
    "filed",
    "disclaimed",
    "paper",
    "elsewhere",
    "not_filed",
    "unknown",
];

/// Reads a document status, in any case, with spaces or hyphens for the underscore.
///
/// `unknown` is a status, so the caller must not test this field for null words before.
///
/// # Missing values
/// Empty text is null; other text is null with an issue. Neither says that a document is missing:
/// only `not_filed` does.
///
/// # Source
/// `docs/design.md` section 3, "Documents have a status".
pub fn status(text: &str) -> Normal<&'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Normal::null();
    }
    let word = text.to_ascii_lowercase().replace([' ', '-'], "_");
    match STATUSES.iter().find(|status| **status == word) {
        Some(status) => Normal::value(status),
        None => Normal::null_with(IssueKind::UnknownStatus),
    }
}

/// Reads the status of a document out of the disclaimer letter of its PGA block.
///
/// `A` not regulated, `B` not required, `E` no wildlife, `F` (FDA) and `G` Lacey de minimis are
/// `disclaimed`; `C` filed by other means is `elsewhere`; `D` is `paper`.
///
/// # Missing values
/// Empty text is null (no disclaimer: the block itself was filed, or there is none); other text is
/// null with an issue.
///
/// # Source
/// PG01\[80\], CBP PGA Message Set 2026-07-01.
pub fn status_from_disclaimer(text: &str) -> Normal<&'static str> {
    match text.trim() {
        "" => Normal::null(),
        "A" | "a" | "B" | "b" | "E" | "e" | "F" | "f" | "G" | "g" => Normal::value("disclaimed"),
        "C" | "c" => Normal::value("elsewhere"),
        "D" | "d" => Normal::value("paper"),
        _ => Normal::null_with(IssueKind::UnknownStatus),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_upper_without_spaces() {
        for (text, upper) in [
            (" al 2 ", "AL2"),
            ("s+", "S+"),
            ("5301", "5301"),
            ("a\u{0}b", "AB"),
        ] {
            assert_eq!(code(text), Normal::value(upper.to_owned()), "{text:?}");
        }
        assert_eq!(code(" \u{0} "), Normal::null());
    }

    #[test]
    fn statuses_in_any_spelling() {
        for (text, word) in [
            ("Filed", "filed"),
            ("not filed", "not_filed"),
            ("NOT_FILED", "not_filed"),
            ("not-filed", "not_filed"),
            ("UNKNOWN", "unknown"),
        ] {
            assert_eq!(status(text), Normal::value(word), "{text}");
        }
        for text in ["Y", "yes", "notfiled", "filed?"] {
            assert_eq!(
                status(text),
                Normal::null_with(IssueKind::UnknownStatus),
                "{text}"
            );
        }
        assert_eq!(status(""), Normal::null());
    }

    #[test]
    fn disclaimer_letters_become_statuses() {
        let cases = [
            ("A", "disclaimed"),
            ("g", "disclaimed"),
            ("C", "elsewhere"),
            ("D", "paper"),
        ];
        for (text, word) in cases {
            assert_eq!(status_from_disclaimer(text), Normal::value(word), "{text}");
        }
        assert_eq!(status_from_disclaimer(" "), Normal::null());
        let unknown = Normal::null_with(IssueKind::UnknownStatus);
        assert_eq!(status_from_disclaimer("Z"), unknown);
    }
}
