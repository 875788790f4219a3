//! Text -> HTML that is safe to send.
//!
//! Markup can only be written in the program: tags, attribute names and raw markup are `&'static str`. Every text that
//! comes from outside goes through [`escape`], because there is no other way in.

use std::fmt::Display;

/// HTML in the making.
#[derive(Debug, Default)]
pub(super) struct Html {
    written: String,
}

impl Html {
    /// Text, escaped.
    pub(super) fn text(&mut self, text: impl Display) {
        self.written.push_str(&escape(&text.to_string()));
    }

    /// Markup of the program itself.
    pub(super) fn raw(&mut self, markup: &'static str) {
        self.written.push_str(markup);
    }

    /// An element without attributes.
    pub(super) fn element(&mut self, tag: &'static str, inner: impl FnOnce(&mut Self)) {
        self.element_with(tag, &[], inner);
    }

    /// An element with attributes; their values are escaped.
    pub(super) fn element_with(
        &mut self,
        tag: &'static str,
        attributes: &[(&'static str, &str)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        inner(self);
        self.close(tag);
    }

    /// An element that holds only text.
    pub(super) fn leaf(&mut self, tag: &'static str, text: impl Display) {
        self.element(tag, |html| html.text(text));
    }

    /// An element of a class that holds only text.
    pub(super) fn leaf_of(&mut self, tag: &'static str, class: &'static str, text: impl Display) {
        self.element_with(tag, &[("class", class)], |html| html.text(text));
    }

    /// A remark; what stands between backticks is to be typed.
    #[cfg(feature = "tables")]
    pub(super) fn note(&mut self, text: &str) {
        self.element_with("p", &[("class", "note")], |html| {
            for (position, piece) in text.split('`').enumerate() {
                match position % 2 {
                    0 => html.text(piece),
                    _ => html.leaf("code", piece),
                }
            }
        });
    }

    /// An element that has no end tag, such as `rect` of a drawing.
    pub(super) fn single(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.open(tag, attributes);
        self.close(tag);
    }

    /// Bytes of the page so far.
    #[cfg(feature = "tables")]
    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// The page so far.
    pub(super) fn finish(self) -> String {
        self.written
    }

    fn open(&mut self, tag: &'static str, attributes: &[(&'static str, &str)]) {
        self.written.push('<');
        self.written.push_str(tag);
        for (name, value) in attributes {
            self.written.push(' ');
            self.written.push_str(name);
            self.written.push_str("=\"");
            self.written.push_str(&escape(value));
            self.written.push('"');
        }
        self.written.push('>');
    }

    fn close(&mut self, tag: &'static str) {
        self.written.push_str("</");
        self.written.push_str(tag);
        self.written.push('>');
    }
}

/// Text as it may stand between tags and in quoted attributes.
///
/// Control characters and those that turn the direction of writing around, with which a name can be made to look like
/// another, show as U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' | '\r' => escaped.push(' '),
            '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{061C}' => {
                escaped.push('\u{FFFD}');
            }
            character if character.is_control() => escaped.push('\u{FFFD}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_text() {
        assert_eq!(
            escape(r#"<b a="x" c='y'>&"#),
            "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;"
        );
        let mut html = Html::default();
        html.element_with("p", &[("title", "\"><script>")], |html| html.text("</p>"));
        assert_eq!(
            html.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;</p>"
        );
    }

    #[test]
    fn characters_that_hide_show() {
        assert_eq!(escape("a\u{202E}b\0c\nd"), "a\u{FFFD}b\u{FFFD}c d");
    }
}
