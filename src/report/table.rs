//! Tables: captions, headings with a scope, numbers on the right, bars.

use super::html::Html;
use super::words::{day, thousands};
use std::fmt::Display;
use std::ops::Range;

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Text, on the left.
    Left,
    /// Numbers, on the right.
    Right,
    /// A drawing that repeats numbers of the row.
    Bar,
}

/// Heading and alignment of each column.
pub(super) type Columns = &'static [(&'static str, Align)];

/// A table whose body holds rows.
pub(super) fn table(
    html: &mut Html,
    caption: &str,
    columns: Columns,
    body: impl FnOnce(&mut Html),
) {
    html.element_with("div", &[("class", "scroll")], |html| {
        captioned(html, caption, columns, |html| html.element("tbody", body));
    });
}

/// A wide table, which scrolls by itself.
pub(super) fn wide_table(
    html: &mut Html,
    caption: &str,
    columns: Columns,
    body: impl FnOnce(&mut Html),
) {
    grouped_table(html, caption, columns, |html| html.element("tbody", body));
}

/// A wide table that shows its first rows; the others open. `rows` writes those of a range.
pub(super) fn folding_table(
    html: &mut Html,
    caption: &str,
    columns: Columns,
    (open, all): (usize, usize),
    rows: impl Fn(&mut Html, Range<usize>),
) {
    wide_table(html, caption, columns, |html| rows(html, 0..open.min(all)));
    if all > open {
        html.element("details", |html| {
            let more = thousands((all - open) as u64);
            html.leaf("summary", format!("{more} more rows"));
            let caption = format!("{caption}, continued");
            wide_table(html, &caption, columns, |html| rows(html, open..all));
        });
    }
}

/// A wide table that holds one body per group of rows.
pub(super) fn grouped_table(
    html: &mut Html,
    caption: &str,
    columns: Columns,
    bodies: impl FnOnce(&mut Html),
) {
    // It scrolls by itself, by keyboard too; the page never does sideways.
    let scroll = [
        ("class", "scroll"),
        ("role", "region"),
        ("tabindex", "0"),
        ("aria-label", caption),
    ];
    html.element_with("div", &scroll, |html| {
        captioned(html, caption, columns, bodies);
    });
}

fn captioned(html: &mut Html, caption: &str, columns: Columns, bodies: impl FnOnce(&mut Html)) {
    html.element("table", |html| {
        // In a box of its own: it wraps at the width of the window, not of the table.
        html.element("caption", |html| html.leaf("span", caption));
        html.element("thead", |html| {
            html.element("tr", |html| headings(html, columns));
        });
        bodies(html);
    });
}

fn headings(html: &mut Html, columns: Columns) {
    for (heading, align) in columns {
        match align {
            Align::Left => html.element_with("th", &[("scope", "col")], |html| html.text(heading)),
            Align::Right => html.element_with("th", &[("scope", "col"), ("class", "n")], |html| {
                html.text(heading);
            }),
            Align::Bar => {
                html.element_with("td", &[("class", "b"), ("aria-hidden", "true")], |_| {});
            }
        }
    }
}

/// A row.
pub(super) fn row(html: &mut Html, cells: impl FnOnce(&mut Html)) {
    html.element("tr", cells);
}

/// The cell that names its row.
pub(super) fn head(html: &mut Html, text: impl Display) {
    html.element_with("th", &[("scope", "row")], |html| html.text(text));
}

/// The cell that names its row by an id, which is never broken.
pub(super) fn head_id(html: &mut Html, id: impl Display) {
    html.element_with("th", &[("scope", "row"), ("class", "key")], |html| {
        html.text(id);
    });
}

/// A cell of text; a dash for none.
pub(super) fn cell<T: Display>(html: &mut Html, text: Option<T>) {
    match text {
        Some(text) => html.leaf("td", text),
        None => html.leaf_of("td", "none", "–"),
    }
}

/// A cell on the right; a dash for none.
pub(super) fn right<T: Display>(html: &mut Html, text: Option<T>) {
    match text {
        Some(text) => html.leaf_of("td", "n", text),
        None => html.leaf_of("td", "n none", "–"),
    }
}

/// A day; a dash for none.
pub(super) fn date(html: &mut Html, days: i32) {
    match day(days) {
        Some(day) => html.leaf_of("td", "date", day),
        None => html.leaf_of("td", "none", "–"),
    }
}

/// A count.
pub(super) fn number(html: &mut Html, count: impl Into<u64>) {
    let count = count.into();
    html.leaf_of(
        "td",
        if count == 0 { "n none" } else { "n" },
        thousands(count),
    );
}

/// A bar of parts after each other, each of a color class; the whole width stands for `whole`.
pub(super) fn bar(html: &mut Html, parts: &[(&'static str, u64)], whole: u64) {
    let drawing = [
        ("viewBox", "0 0 1000 10"),
        ("preserveAspectRatio", "none"),
        ("aria-hidden", "true"),
        ("focusable", "false"),
    ];
    html.element_with("td", &[("class", "b"), ("aria-hidden", "true")], |html| {
        html.element_with("svg", &drawing, |html| {
            html.single(
                "rect",
                &[("class", "track"), ("width", "1000"), ("height", "10")],
            );
            let mut start = 0;
            for (color, part) in parts.iter().filter(|(_, part)| *part > 0) {
                let thousandths = u128::from(*part) * 1000 / u128::from(whole.max(1));
                // What is there is seen, however small its share.
                let width = u64::try_from(thousandths).unwrap_or(1000).clamp(4, 1000);
                let (x, width_text) = (start.to_string(), width.to_string());
                html.single(
                    "rect",
                    &[
                        ("class", *color),
                        ("x", &x),
                        ("width", &width_text),
                        ("height", "10"),
                    ],
                );
                start += width;
            }
        });
    });
}

/// A word in a box, in the color of a class.
pub(super) fn badge(html: &mut Html, color: &'static str, text: impl Display) {
    html.element_with(
        "span",
        &[("class", "badge"), ("data-color", color)],
        |html| html.text(text),
    );
}
