//! YAML syntax errors in the words of a rule author.

use serde_saphyr::granit_parser::{ErrorKind, ScanError};

use crate::diagnostic::{Diagnostic, FileId, Span};

/// Says what is wrong and what to write; `last` is the scalar before the error.
pub(super) fn explain(
    error: &ScanError,
    text: &str,
    file: FileId,
    last: Option<Span>,
) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let width = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .filter(|next| *next != '\n' && *next != '\r');
    let span = Span {
        file,
        start: at,
        end: at + width.map_or(0, char::len_utf8),
    };
    if *error.kind() == ErrorKind::MappingValueNotAllowed
        && let Some(last) = last
    {
        return colon_in_value(text, span, last);
    }
    let code = if *error.kind() == ErrorKind::RecursionLimitExceeded {
        "too-deep"
    } else {
        "bad-yaml"
    };
    let (title, help) = words(error.kind());
    let found = Diagnostic::error(
        code,
        span,
        title.unwrap_or_else(|| format!("{}", error.kind())),
    );
    match help {
        Some(help) => found.help(help),
        None => found,
    }
}

/// A second colon: either a key that is indented too far, or a colon that belongs to the text.
fn colon_in_value(text: &str, colon: Span, value: Span) -> Diagnostic {
    let before = text.get(value.start..colon.start).unwrap_or_default();
    match before.rsplit_once('\n') {
        Some((_, key)) => {
            let key = key.trim();
            let start = colon.start - key.len();
            let first = before.lines().next().unwrap_or_default().len();
            Diagnostic::error(
                "bad-yaml",
                Span { start, ..colon },
                format!("`{key}:` is indented too far"),
            )
            .label("this line continues the value above it")
            .also(
                Span {
                    end: value.start + first,
                    ..value
                },
                "the value starts here",
            )
            .help(format!(
                "start `{key}:` in the same column as the keys above it"
            ))
        }
        None => Diagnostic::error("bad-yaml", colon, "a value without quotes holds a colon")
            .label("`: ` ends a key")
            .help("put the value in quotes, or start it on the next line below `|`"),
    }
}

/// The title, where the parser's own words are of no help, and what to write instead.
fn words(kind: &ErrorKind) -> (Option<String>, Option<&'static str>) {
    let (title, help) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation => ("a tab in the indentation", "indent with spaces"),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text after a closing quote",
            "a value that starts with a quote ends at the next one: start the text on the next line below `|`",
        ),
        ErrorKind::UnexpectedCharacter { character } => {
            let title = format!("a value cannot start with `{}`", character.escape_default());
            return (Some(title), Some("put the value in quotes"));
        }
        ErrorKind::SimpleKeyExpected => (
            "a line without a key",
            "write `key: value`; lines that belong to the value above must be indented",
        ),
        ErrorKind::ExpectedBlockMappingKey => (
            "this line does not line up with the keys above it",
            "start each key in the same column; indent the lines of a value alike",
        ),
        ErrorKind::ExpectedDocumentStart => (
            "this line stands left of the lines above it",
            "start every top-level key in the first column",
        ),
        ErrorKind::InvalidColonPlacement
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a list is not closed", "end the list with `]`")
        }
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::ExpectedFlowMappingSeparator => {
            ("a mapping is not closed", "end the mapping with `}`")
        }
        ErrorKind::RecursionLimitExceeded => (
            "values are nested too deep",
            "write the values side by side",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "an unknown escape in a double-quoted text",
            "use single quotes, in which a backslash is just a backslash",
        ),
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::UnclosedQuotedScalar => (
            "a quote is not closed",
            "end the text with the quote it starts with",
        ),
        _ => return (None, None),
    };
    (Some(title.to_owned()), Some(help))
}
