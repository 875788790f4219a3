//! One function per kind of value: a field -> text, list, word or number.
//!
//! A field that is absent gives none in silence; one of the wrong kind gives none and a diagnostic.

use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::rules::vocabulary::Word;

use super::fields::{Field, Spanned};
use super::reader::Reader;
use super::text::Text;
use super::tree::{Style, Value};

/// Reads a list.
pub(super) fn items(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Vec<Field>> {
    let Field { name, node, .. } = field?;
    match node.value {
        Value::Sequence(nodes) => {
            let name = format!("an item of {name}");
            Some(
                nodes
                    .into_iter()
                    .map(|node| Field {
                        name: name.clone(),
                        place: node.span,
                        node,
                    })
                    .collect(),
            )
        }
        Value::Broken => None,
        Value::Scalar(text, _) => {
            let found = Diagnostic::error(
                "bad-value",
                node.span,
                format!("{name} must be a list, not a single text"),
            );
            reader.push(found.help(format!("write `[{}]`", shorten(&text.value))));
            None
        }
        other => {
            reader.wrong(node.span, &name, "a list", &other);
            None
        }
    }
}

/// Reads a text that may be empty.
pub(super) fn scalar(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Text> {
    styled(reader, field).map(|(text, _)| text)
}

/// Reads a text that holds something.
pub(super) fn text(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Text> {
    let field = field?;
    let name = field.name.clone();
    let text = scalar(reader, Some(field))?;
    if text.value.trim().is_empty() {
        reader.push(Diagnostic::error(
            "bad-value",
            text.span,
            format!("{name} is empty"),
        ));
        return None;
    }
    Some(text)
}

/// Reads a list of texts that hold something.
pub(super) fn texts(reader: &mut Reader<'_>, field: Option<Field>) -> Vec<Text> {
    let items = items(reader, field).unwrap_or_default();
    items
        .into_iter()
        .filter_map(|item| text(reader, Some(item)))
        .collect()
}

/// Reads a text that may be null, as in an example row.
#[expect(
    clippy::option_option,
    reason = "the outer one: could it be read; the inner one: is it null"
)]
pub(super) fn cell(reader: &mut Reader<'_>, field: Field) -> Option<Option<Text>> {
    match field.node.value {
        Value::Null => Some(None),
        Value::Sequence(_) => {
            let found = Diagnostic::error(
                "bad-value",
                field.node.span,
                format!("{} must be one value", field.name),
            );
            reader.push(found.help("write a list field as one text, its items separated by `|`"));
            None
        }
        _ => scalar(reader, Some(field)).map(Some),
    }
}

/// Reads one word of a closed set.
pub(super) fn word<W: Word>(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Spanned<W>> {
    let text = scalar(reader, field)?;
    known(reader, &text)
}

/// Tells which word of a closed set a text is.
pub(super) fn known<W: Word>(reader: &mut Reader<'_>, text: &Text) -> Option<Spanned<W>> {
    if let Some(word) = W::WORDS.iter().find(|word| word.word() == text.value) {
        return Some(Spanned::new(*word, text.span));
    }
    let known: Vec<_> = W::WORDS.iter().map(|word| word.word()).collect();
    let found = Diagnostic::error(
        "bad-value",
        text.span,
        format!("`{}` is not {}", shorten(&text.value), W::WHAT),
    )
    .label(format!("expected one of: {}", known.join(", ")));
    reader.push(found.help_similar(&text.value, known));
    None
}

/// Reads a list of words of a closed set.
pub(super) fn words<W: Word>(
    reader: &mut Reader<'_>,
    field: Option<Field>,
) -> Option<Vec<Spanned<W>>> {
    let items = items(reader, field)?;
    Some(
        items
            .into_iter()
            .filter_map(|item| word(reader, Some(item)))
            .collect(),
    )
}

/// Reads a whole number in a range; `code` is for numbers outside.
pub(super) fn whole<N: TryFrom<i64>>(
    reader: &mut Reader<'_>,
    field: Option<Field>,
    range: RangeInclusive<i64>,
    code: &'static str,
) -> Option<Spanned<N>> {
    let field = field?;
    let name = field.name.clone();
    let text = scalar(reader, Some(field))?;
    let Ok(number) = text.value.trim().parse::<i64>() else {
        let title = format!(
            "{name} must be a whole number, not `{}`",
            shorten(&text.value)
        );
        reader.push(Diagnostic::error("bad-value", text.span, title));
        return None;
    };
    let converted = N::try_from(number).ok().filter(|_| range.contains(&number));
    if converted.is_none() {
        let (low, high) = range.into_inner();
        let limits = if high == i64::MAX {
            format!("at least {low}")
        } else {
            format!("from {low} to {high}")
        };
        reader.push(Diagnostic::error(
            code,
            text.span,
            format!("{name} is {number}, but must be {limits}"),
        ));
    }
    Some(Spanned::new(converted?, text.span))
}

/// Reads a finite number.
pub(super) fn number(reader: &mut Reader<'_>, field: Field) -> Option<Spanned<f64>> {
    let name = field.name.clone();
    let text = scalar(reader, Some(field))?;
    let number = text
        .value
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite());
    if number.is_none() {
        let title = format!("{name} must be a number, not `{}`", shorten(&text.value));
        reader.push(Diagnostic::error("bad-value", text.span, title));
    }
    Some(Spanned::new(number?, text.span))
}

/// Reads `true` or `false`.
pub(super) fn boolean(reader: &mut Reader<'_>, field: Option<Field>) -> Option<Spanned<bool>> {
    let field = field?;
    let name = field.name.clone();
    let (text, style) = styled(reader, Some(field))?;
    let value = match &*text.value {
        "true" if style == Style::Plain => true,
        "false" if style == Style::Plain => false,
        other => {
            let title = format!("{name} must be true or false, not `{}`", shorten(other));
            reader.push(
                Diagnostic::error("bad-value", text.span, title)
                    .help("write true or false, without quotes"),
            );
            return None;
        }
    };
    Some(Spanned::new(value, text.span))
}

fn styled(reader: &mut Reader<'_>, field: Option<Field>) -> Option<(Text, Style)> {
    let Field { name, place, node } = field?;
    match node.value {
        Value::Scalar(mut text, style) => {
            if text.span.start == text.span.end {
                text.span = place;
            }
            Some((text, style))
        }
        Value::Broken => None,
        other => {
            let span = if node.span.start == node.span.end {
                place
            } else {
                node.span
            };
            reader.wrong(span, &name, "one text", &other);
            None
        }
    }
}

/// The first characters of an author's text, for messages.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
