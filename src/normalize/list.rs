//! Brings list cells to one form.

use crate::issue::Normal;

/// The character between the items of a list cell.
pub const SEPARATOR: char = '|';

/// Reads a list: items parted by `|`, each trimmed, empty ones dropped, joined again by `|`.
///
/// Order, case and repeats stay.
///
/// # Missing values
/// A list without items is null.
///
/// # Source
/// `docs/design.md` section 3: list fields part their items by `|` in text formats.
pub fn list(text: &str) -> Normal<String> {
    let mut joined = String::with_capacity(text.len());
    for item in items(text) {
        if !joined.is_empty() {
            joined.push(SEPARATOR);
        }
        joined.push_str(item);
    }
    if joined.is_empty() {
        Normal::null()
    } else {
        Normal::value(joined)
    }
}

/// Walks the items of a list cell, trimmed, empty ones left out.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATOR)
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_trimmed_and_empty_ones_dropped() {
        for (text, joined) in [
            ("AL2| FW2 ||NM8|", "AL2|FW2|NM8"),
            ("one", "one"),
            ("a b | a b", "a b|a b"),
        ] {
            assert_eq!(list(text), Normal::value(joined.to_owned()), "{text}");
        }
        for text in ["", "|", " | \t|"] {
            assert_eq!(list(text), Normal::null(), "{text:?}");
        }
    }
}
