//! Every code a diagnostic can have, with the text that `ch24 rules explain CODE` shows.
//!
//! The text says what the code means, then shows something wrong and the same thing right. Documentation is generated
//! from here. Texts are Markdown, without a final line end.

mod conditions;
mod files;
mod notices;
mod upkeep;

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab words, never changed once published.
    pub name: &'static str,
    /// One line, no full stop.
    pub summary: &'static str,
    /// What it means, a wrong example, the right one.
    pub text: &'static str,
}

const PARTS: [&[Code]; 4] = [
    conditions::CODES,
    files::CODES,
    notices::CODES,
    upkeep::CODES,
];

/// All codes, one after the other.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    PARTS.into_iter().flatten()
}

/// Finds a code by its name.
pub fn code(name: &str) -> Option<&'static Code> {
    codes().find(|code| code.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_explain_themselves() {
        for part in PARTS {
            assert!(part.is_sorted_by(|left, right| left.name < right.name));
        }
        for entry in codes() {
            assert_eq!(code(entry.name), Some(entry));
            let is_kebab = entry
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(is_kebab && !entry.summary.ends_with('.'), "{}", entry.name);
            assert!(
                entry.text.contains("\n\n    # wrong\n    "),
                "{}",
                entry.name
            );
            assert!(entry.text.contains("\n    # right\n    "), "{}", entry.name);
            assert!(
                entry.text.lines().all(|line| line.len() <= 120),
                "{}",
                entry.name
            );
        }
        assert_eq!(code("nothing"), None);
    }
}
