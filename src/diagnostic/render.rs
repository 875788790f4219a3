//! Diagnostics -> text with carets, or JSON.
//!
//! What comes in: the list and the texts it points into. What goes out: the look of rustc, or one JSON value. This
//! is the only file that knows `annotate-snippets`.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};
use serde_json::{Value, json};

use super::{Diagnostic, Diagnostics, FileId, Severity, Sources, Span};

/// How many diagnostics are shown; nobody reads more before the next try.
const MAX_SHOWN: usize = 50;

pub(super) fn render(diagnostics: &Diagnostics, sources: &Sources, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(MAX_SHOWN) {
        text.push_str(&renderer.render(&[report(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    let n_more = diagnostics.iter().count().saturating_sub(MAX_SHOWN);
    if n_more > 0 {
        writeln!(text, "and {n_more} more\n").expect("a String takes all");
    }
    text
}

pub(super) fn summary_line(diagnostics: &Diagnostics) -> String {
    let count = |severity, word: &str| {
        let n = diagnostics.count(severity);
        (n > 0).then(|| format!("{n} {word}{}", if n == 1 { "" } else { "s" }))
    };
    let parts: Vec<_> = [
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "no mistakes".to_owned()
    } else {
        parts.join(", ")
    }
}

pub(super) fn to_json(diagnostics: &Diagnostics, sources: &Sources) -> Value {
    json!({
        "errors": diagnostics.count(Severity::Error),
        "warnings": diagnostics.count(Severity::Warning),
        "diagnostics": diagnostics.iter().map(|diagnostic| json!({
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "title": diagnostic.title,
            "label": diagnostic.label,
            "help": diagnostic.help,
            "place": place(sources, diagnostic.span),
            "also": diagnostic.secondary.as_ref().map(|(span, label)| json!({
                "label": label,
                "place": place(sources, *span),
            })),
        })).collect::<Vec<_>>(),
    })
}

fn place(sources: &Sources, span: Span) -> Value {
    let Range { start, end } = within(sources.text(span.file), span);
    let (line, column) = sources.line_and_column(Span { start, ..span });
    let (end_line, end_column) = sources.line_and_column(Span { start: end, ..span });
    json!({
        "file": sources.name(span.file),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start_byte": start,
        "end_byte": end,
    })
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let main = diagnostic.span;
    let text = sources.text(main.file);
    let mut marks = vec![Mark {
        kind: AnnotationKind::Primary,
        place: within(text, main),
        label: &diagnostic.label,
    }];
    let mut elsewhere = None;
    if let Some((span, label)) = &diagnostic.secondary {
        let mark = Mark {
            kind: AnnotationKind::Context,
            place: within(sources.text(span.file), *span),
            label,
        };
        if span.file == main.file {
            marks.push(mark);
        } else {
            elsewhere = Some(snippet(sources, span.file, vec![mark]));
        }
    }
    let mut group = level
        .primary_title(&*diagnostic.title)
        .id(diagnostic.code)
        .element(snippet(sources, main.file, marks))
        .elements(elsewhere);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    group
}

/// A range to underline, and what is said under it.
struct Mark<'a> {
    kind: AnnotationKind,
    place: Range<usize>,
    label: &'a str,
}

/// Cuts the lines out that hold the marks; annotate-snippets would search the whole file for each diagnostic.
fn snippet<'a>(
    sources: &'a Sources,
    file: FileId,
    marks: Vec<Mark<'a>>,
) -> Snippet<'a, Annotation<'a>> {
    let text = sources.text(file);
    let first = marks.iter().map(|mark| mark.place.start).min().unwrap_or(0);
    let last = marks.iter().map(|mark| mark.place.end).max().unwrap_or(0);
    let start = text
        .get(..first)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let end = text
        .get(last..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |at| last + at);
    let (line, _) = sources.line_and_column(Span {
        file,
        start,
        end: start,
    });
    Snippet::source(text.get(start..end).unwrap_or_default())
        .line_start(line)
        .path(normalize_untrusted_str(sources.name(file)))
        .annotations(marks.into_iter().map(move |mark| {
            let annotation = mark
                .kind
                .span(mark.place.start - start..mark.place.end - start);
            if mark.label.is_empty() {
                annotation
            } else {
                annotation.label(normalize_untrusted_str(mark.label))
            }
        }))
}

/// The part of a span that can be shown: inside the text, at character boundaries, not behind the last line.
fn within(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end).max(start);
    let visible = text.trim_end().len();
    if start >= text.len() && visible < start {
        visible..visible
    } else {
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(file: FileId, start: usize, end: usize) -> Span {
        Span { file, start, end }
    }

    #[test]
    fn two_files_help_and_non_ascii_text_are_shown_at_the_right_place() {
        let mut sources = Sources::default();
        let first = sources.add("timber/a.yaml", "id: T-07\n");
        let second = sources.add(
            "timber/b.yaml",
            "title: \u{1b}[31mÇé日本\nowner: é\tü T-07\n",
        );
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(
            Diagnostic::error(
                "duplicate-id",
                span(second, 36, 40),
                "id `T-07` stands twice",
            )
            .label("second time")
            .also(span(first, 4, 8), "first time")
            .help("choose another id"),
        );
        let expected = "\
error[duplicate-id]: id `T-07` stands twice
 --> timber/b.yaml:2:12
  |
2 | owner: é    ü T-07
  |               ^^^^ second time
  |
 ::: timber/a.yaml:1:5
  |
1 | id: T-07
  |     ---- first time
  |
  = help: choose another id
";
        assert_eq!(diagnostics.render(&sources, false).trim(), expected.trim());
        let colored = diagnostics.render(&sources, true);
        assert!(
            colored.contains("\u{1b}[") && !colored.contains("\u{1b}[31mÇ"),
            "{colored}"
        );
        let json = diagnostics.to_json(&sources);
        let found = json.pointer("/diagnostics/0/place").unwrap();
        assert_eq!(
            (&found["line"], &found["column"], &found["end_column"]),
            (&json!(2), &json!(12), &json!(16))
        );
        assert_eq!(json["errors"], json!(1));
    }

    #[test]
    fn no_span_panics() {
        for text in ["", "\n", "é", "é\n\n", "\u{feff}é\r\nb\r\n", "a\nü\n日本"] {
            let mut sources = Sources::default();
            let file = sources.add("x", text);
            for (start, end) in (0..144).map(|pair| (pair / 12, pair % 12)) {
                let mut diagnostics = Diagnostics::default();
                let found = Diagnostic::warning("naming", span(file, start, end), "t").label("l");
                diagnostics.push(found.also(span(file, end, start), "s"));
                assert!(
                    diagnostics.render(&sources, false).contains("--> x:"),
                    "{text:?} {start} {end}"
                );
                assert!(diagnostics.to_json(&sources).is_object());
            }
        }
    }

    #[test]
    fn end_of_file_is_shown_behind_the_last_word() {
        let mut sources = Sources::default();
        let file = sources.add("x", "a = \n\n");
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(Diagnostic::error(
            "syntax",
            span(file, 6, 6),
            "condition ends here",
        ));
        let expected =
            "error[syntax]: condition ends here\n --> x:1:4\n  |\n1 | a = \n  |    ^\n\n";
        assert_eq!(diagnostics.render(&sources, false), expected);
    }

    #[test]
    fn more_than_fifty_are_counted() {
        let mut sources = Sources::default();
        let file = sources.add("x", "a\n");
        let mut diagnostics = Diagnostics::default();
        assert_eq!(diagnostics.summary_line(), "no mistakes");
        diagnostics.push(Diagnostic::warning("naming", span(file, 0, 1), "t"));
        for at in 0..61 {
            diagnostics.push(Diagnostic::error(
                "syntax",
                span(file, 0, 1),
                format!("t{at}"),
            ));
        }
        let text = diagnostics.render(&sources, false);
        assert_eq!(text.matches("--> x:1:1").count(), 50);
        assert!(text.ends_with("and 12 more\n\n"), "{text}");
        assert_eq!(diagnostics.summary_line(), "61 errors, 1 warning");
    }
}
