//! Drawings: a frame with axes, and marks placed by their values.

use super::html::Html;
use crate::tune::Interval;

/// Where values stand in a drawing; the vertical axis is a share from zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Size of the whole drawing.
    pub width: f64,
    /// See [`Self::width`].
    pub height: f64,
    /// Room left of the axis for its labels.
    pub left: f64,
    /// Room below the axis for its labels.
    pub bottom: f64,
    /// The largest value of the horizontal axis.
    pub across: f64,
    /// The largest value of the vertical axis.
    pub up: f64,
}

/// Room above and to the right of what is drawn.
const EDGE: f64 = 20.0;

impl Frame {
    /// The place of a value on the horizontal axis.
    pub(super) fn x(&self, value: f64) -> f64 {
        self.left + (self.width - self.left - EDGE) * value / self.across
    }

    /// The place of a value on the vertical axis; what lies above the axis stands at its end.
    pub(super) fn y(&self, value: f64) -> f64 {
        let floor = self.height - self.bottom;
        floor - (floor - EDGE) * (value / self.up).clamp(0.0, 1.0)
    }

    /// Lines across at so many steps of the vertical axis, with their shares.
    pub(super) fn shares_up(&self, html: &mut Html, steps: u8) {
        for step in 0..=steps {
            let value = self.up * f64::from(step) / f64::from(steps);
            let y = self.y(value);
            let class = if step == 0 { "axis" } else { "across" };
            line(html, class, (self.left, y), (self.width - EDGE, y));
            text(html, "end", (self.left - 6.0, y + 4.0), &share(value));
        }
    }

    /// Shares below the horizontal axis, at so many steps.
    pub(super) fn shares_across(&self, html: &mut Html, steps: u8) {
        for step in 0..=steps {
            let value = self.across * f64::from(step) / f64::from(steps);
            self.label(html, value, 16.0, &share(value));
        }
    }

    /// A label below the horizontal axis.
    pub(super) fn label(&self, html: &mut Html, value: f64, below: f64, label: &str) {
        let y = self.height - self.bottom + below;
        text(html, "middle", (self.x(value), y), label);
    }

    /// What the horizontal axis is, below its labels.
    pub(super) fn name_across(&self, html: &mut Html, name: &str) {
        let middle = self.x(self.across / 2.0);
        text(html, "middle name", (middle, self.height - 6.0), name);
    }

    /// A share with its interval at a place of the horizontal axis.
    pub(super) fn interval(&self, html: &mut Html, at: f64, (low, mid, high): (f64, f64, f64)) {
        let x = self.x(at);
        line(html, "bar", (x, self.y(low)), (x, self.y(high)));
        for end in [low, high] {
            line(html, "bar", (x - 4.0, self.y(end)), (x + 4.0, self.y(end)));
        }
        dot(html, "dot", (x, self.y(mid)), 4.0);
    }

    /// A line over the whole width at a share, such as the base rate.
    pub(super) fn level(&self, html: &mut Html, value: f64) {
        let y = self.y(value);
        line(html, "level", (self.left, y), (self.width - EDGE, y));
    }
}

/// A figure that scrolls by itself where it is wider than the page; its title and description are read in its place.
pub(super) fn figure(
    html: &mut Html,
    id: &str,
    (title, description): (&str, &str),
    (width, height): (f64, f64),
    inner: impl FnOnce(&mut Html),
) {
    let scroll = [
        ("class", "scroll plot"),
        ("role", "region"),
        ("tabindex", "0"),
        ("aria-label", title),
    ];
    html.element_with("figure", &scroll, |html| {
        html.leaf("figcaption", title);
        drawing(html, id, (title, description), (width, height), inner);
    });
}

/// A drawing with its title and description.
pub(super) fn drawing(
    html: &mut Html,
    id: &str,
    (title, description): (&str, &str),
    (width, height): (f64, f64),
    inner: impl FnOnce(&mut Html),
) {
    let view = format!("0 0 {} {}", place(width), place(height));
    let (of_title, of_description) = (format!("{id}-title"), format!("{id}-about"));
    let by = format!("{of_title} {of_description}");
    let attributes = [
        ("viewBox", view.as_str()),
        ("role", "img"),
        ("aria-labelledby", by.as_str()),
    ];
    html.element_with("svg", &attributes, |html| {
        html.element_with("title", &[("id", &of_title)], |html| html.text(title));
        html.element_with("desc", &[("id", &of_description)], |html| {
            html.text(description);
        });
        inner(html);
    });
}

/// A straight line.
pub(super) fn line(html: &mut Html, class: &str, from: (f64, f64), to: (f64, f64)) {
    let places = [from.0, from.1, to.0, to.1].map(place);
    let attributes = [
        ("class", class),
        ("x1", places[0].as_str()),
        ("y1", places[1].as_str()),
        ("x2", places[2].as_str()),
        ("y2", places[3].as_str()),
    ];
    html.single("line", &attributes);
}

/// A line through points.
pub(super) fn path(html: &mut Html, class: &str, points: impl Iterator<Item = (f64, f64)>) {
    let points: Vec<String> = points
        .map(|(x, y)| format!("{},{}", place(x), place(y)))
        .collect();
    html.single(
        "polyline",
        &[("class", class), ("points", &points.join(" "))],
    );
}

/// A dot.
pub(super) fn dot(html: &mut Html, class: &str, (x, y): (f64, f64), radius: f64) {
    let (x, y, radius) = (place(x), place(y), place(radius));
    html.single(
        "circle",
        &[("class", class), ("cx", &x), ("cy", &y), ("r", &radius)],
    );
}

/// Text at a place; the class says on which side of it.
pub(super) fn text(html: &mut Html, class: &str, (x, y): (f64, f64), text: &str) {
    let (x, y) = (place(x), place(y));
    html.element_with("text", &[("class", class), ("x", &x), ("y", &y)], |html| {
        html.text(text);
    });
}

/// A place in a drawing, to a tenth.
pub(super) fn place(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    // Never a negative zero.
    (tenths + 0.0).to_string()
}

/// A share in percent, as short as it can be told.
pub(super) fn share(share: f64) -> String {
    let percent = 100.0 * share;
    // Less than a millionth is what rounding leaves of nothing.
    if percent > 1e-6 && percent < 0.1 {
        return "<0.1%".to_owned();
    }
    let text = format!("{percent:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned() + "%"
}

/// The end of an axis that holds a share, and its steps.
pub(super) fn end_of_axis(largest: f64) -> (f64, u8) {
    const ENDS: [(f64, u8); 9] = [
        (0.01, 4),
        (0.02, 4),
        (0.05, 5),
        (0.1, 5),
        (0.2, 4),
        (0.3, 3),
        (0.5, 5),
        (0.8, 4),
        (1.0, 5),
    ];
    let fitting = ENDS.iter().find(|(end, _)| largest <= *end);
    *fitting.unwrap_or(&(1.0, 5))
}

/// A share and its interval on a line from 0 to 100 %.
pub(super) fn interval_strip(html: &mut Html, precision: Interval, base: Option<Interval>) {
    let drawing = [
        ("viewBox", "0 0 120 16"),
        ("class", "strip"),
        ("focusable", "false"),
    ];
    let frame = Frame {
        width: 120.0,
        height: 16.0,
        left: 4.0,
        bottom: 0.0,
        across: 1.0,
        up: 1.0,
    };
    html.element_with("svg", &drawing, |html| {
        line(html, "across", (frame.x(0.0), 8.0), (frame.x(1.0), 8.0));
        if let Some(base) = base {
            let x = frame.x(base.share);
            line(html, "level", (x, 1.0), (x, 15.0));
        }
        line(
            html,
            "bar",
            (frame.x(precision.low), 8.0),
            (frame.x(precision.high), 8.0),
        );
        dot(html, "dot", (frame.x(precision.share), 8.0), 3.5);
    });
}

/// What a share reads as beside the table.
pub(super) fn told(interval: Interval) -> String {
    format!(
        "{} ({} to {})",
        share(interval.share),
        share(interval.low),
        share(interval.high)
    )
}
