//! What pages share: head, contents, parts.

use super::html::Html;

/// Anchor and title of a part of a page.
pub(super) type Part = (&'static str, &'static str);

/// A whole page: self-contained, without scripts; `style` comes on top of the one of all pages.
pub(super) fn page(
    title: &'static str,
    style: &'static str,
    body: impl FnOnce(&mut Html),
) -> String {
    let mut html = Html::default();
    html.raw("<!DOCTYPE html>\n");
    html.element_with("html", &[("lang", "en-US")], |html| {
        html.element("head", |html| head(html, title, style));
        html.element("body", |html| {
            html.raw("<a class=\"skip\" href=\"#main\">Skip to the content</a>");
            body(html);
        });
    });
    html.raw("\n");
    html.finish()
}

/// Links to the parts of a page.
pub(super) fn contents<'a>(html: &mut Html, parts: impl IntoIterator<Item = &'a Part>) {
    html.element_with("nav", &[("aria-label", "Contents")], |html| {
        for (anchor, title) in parts {
            html.element_with("a", &[("href", &format!("#{anchor}"))], |html| {
                html.text(title);
            });
        }
    });
}

/// What the page is about, after its head; the first link of the page leads here.
pub(super) fn main_part(html: &mut Html, inner: impl FnOnce(&mut Html)) {
    html.element_with("main", &[("id", "main"), ("tabindex", "-1")], inner);
}

/// A part of a page under its title.
pub(super) fn part(
    html: &mut Html,
    parts: &[Part],
    anchor: &'static str,
    inner: impl FnOnce(&mut Html),
) {
    let title = parts.iter().find(|(known, _)| *known == anchor);
    html.element_with("section", &[("id", anchor)], |html| {
        html.leaf("h2", title.map_or("", |(_, title)| title));
        inner(html);
    });
}

fn head(html: &mut Html, title: &'static str, style: &'static str) {
    html.raw("<meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">");
    // Nothing is loaded, run or sent, even if a mistake in this module let markup through.
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">");
    html.raw("<meta name=\"robots\" content=\"noindex\">");
    html.leaf("title", title);
    html.element("style", |html| html.raw(include_str!("style.css")));
    if !style.is_empty() {
        html.element("style", |html| html.raw(style));
    }
}
