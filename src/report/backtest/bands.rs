//! Precision by score and by lane, with intervals.

use crate::report::html::Html;
use crate::report::plot::{Frame, end_of_axis, figure, share};
use crate::report::table::{Align, Columns, head, head_id, right, row, table};
use crate::tune::{Backtest, Band};

const BANDS: Columns = &[
    ("Score", Align::Left),
    ("Shipments", Align::Right),
    ("Inspected", Align::Right),
    ("Of them", Align::Right),
    ("Bad", Align::Right),
    ("Bad among inspected", Align::Right),
];
const LANES: Columns = &[
    ("Lane", Align::Left),
    ("Shipments", Align::Right),
    ("Inspected", Align::Right),
    ("Of them", Align::Right),
    ("Bad", Align::Right),
    ("Bad among inspected", Align::Right),
];
const THEMES: Columns = &[
    ("Theme", Align::Left),
    ("Bad shipments", Align::Right),
    ("AUC", Align::Right),
    ("Average precision", Align::Right),
];

/// Writes the plot and the tables.
pub(super) fn write(html: &mut Html, found: &Backtest) {
    html.element_with("div", &[("class", "grid")], |html| {
        html.element("div", |html| {
            plot(html, found);
            of_bands(html, "By lane", LANES, &found.lanes);
        });
        html.element("div", |html| {
            of_bands(html, "By score", BANDS, &found.bands);
            table(html, "By theme, ranked by its score", THEMES, |html| {
                for theme in &found.themes {
                    row(html, |html| {
                        head(html, super::theme_name(theme.theme));
                        right(html, Some(super::whole(theme.bad)));
                        right(html, theme.quality.auc.map(super::three));
                        right(html, theme.quality.average_precision.map(super::three));
                    });
                }
            });
        });
    });
}

fn of_bands(html: &mut Html, caption: &str, columns: Columns, bands: &[Band]) {
    table(html, caption, columns, |html| {
        for band in bands {
            row(html, |html| {
                head_id(html, &band.name);
                right(html, Some(super::whole(band.counts.shipments)));
                right(html, Some(super::whole(band.counts.inspected)));
                right(html, band.inspected_share.map(share));
                right(html, Some(super::whole(band.counts.bad)));
                right(html, super::interval(band.precision));
            });
        }
    });
}

fn plot(html: &mut Html, found: &Backtest) {
    let shown: Vec<&Band> = found.bands.iter().collect();
    let known = shown.iter().filter_map(|band| band.precision);
    let largest = known.fold(0.0_f64, |largest, interval| largest.max(interval.high));
    let (up, steps) = end_of_axis(largest);
    let frame = Frame {
        width: 640.0,
        height: 320.0,
        left: 48.0,
        bottom: 62.0,
        across: shown.len() as f64,
        up,
    };
    let title = "Share bad among inspected shipments, by score";
    let base = found.base_rate.map(|base| base.share);
    let told = base.map_or_else(String::new, |base| {
        format!(" The dashed line is the share of all, {}.", share(base))
    });
    let about = format!(
        "One dot with a 95 % interval for each band of scores.{told} The table below has the numbers."
    );
    figure(
        html,
        "bands-plot",
        (title, &about),
        (frame.width, frame.height),
        |html| {
            frame.shares_up(html, steps);
            if let Some(base) = base {
                frame.level(html, base);
            }
            for (band, place) in shown.iter().zip(0_u16..) {
                let at = f64::from(place) + 0.5;
                frame.label(html, at, 16.0, &band.name);
                frame.label(html, at, 32.0, &super::whole(band.counts.inspected));
                if let Some(found) = band.precision {
                    frame.interval(html, at, (found.low, found.share, found.high));
                }
            }
            frame.name_across(html, "score, and below it the inspected shipments");
        },
    );
}
