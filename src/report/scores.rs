//! How many shipments have which score, theme by theme.

use super::html::Html;
use super::plot::{Frame, drawing, line, place, text};
use super::table::{Align, Columns, head, number, row, table};
use super::tally::{BAND, BANDS, Scores, Tally};
use super::words::{count, theme, thousands};
use crate::rules::{RuleSet, SCORED_THEMES};
use crate::write::Finished;

const BY_SCORE: Columns = &[
    ("Score", Align::Left),
    ("Timber", Align::Right),
    ("Wildlife", Align::Right),
    ("IUU fishing", Align::Right),
];
const FRAME: Frame = Frame {
    width: 340.0,
    height: 190.0,
    left: 46.0,
    bottom: 40.0,
    across: 100.0,
    up: 1.0,
};
/// Where the scale begins: below one, so that a bar of one shipment is seen.
const FLOOR: f64 = 0.5;

/// Writes one drawing per theme, and the numbers as a table.
pub(super) fn write(html: &mut Html, run: &Finished<'_>, tally: &Tally) {
    let note = format!(
        "Shipments by their largest score in a theme. A score of {} makes a shipment red if evidence of {} stands behind it, {} makes it yellow; some rules ask for a lane whatever the score. Each line across is ten times the one below; shipments without a score are left out.",
        run.rules.policy.file.red.min_score,
        kinds(run.rules.policy.file.red.min_families),
        run.rules.policy.file.yellow.min_score,
    );
    html.leaf_of("p", "note", note);
    let most = tally.scores.iter().flat_map(|scores| scores.bands).max();
    html.element_with("div", &[("class", "multiples")], |html| {
        for (position, scores) in tally.scores.iter().enumerate() {
            of_theme(html, run.rules, position, scores, most.unwrap_or(0));
        }
    });
    html.element("details", |html| {
        html.leaf("summary", "The same numbers as a table");
        table(html, "Shipments by score and theme", BY_SCORE, |html| {
            score(html, "0, in scope", tally.scores.map(|scores| scores.zero));
            for band in 0..BANDS {
                let counts = tally.scores.map(|scores| scores.bands[band]);
                score(html, &band_name(band), counts);
            }
        });
    });
}

fn kinds(families: u32) -> String {
    match families {
        1 => "one kind".to_owned(),
        families => format!("{families} kinds"),
    }
}

fn score(html: &mut Html, name: &str, counts: [u64; SCORED_THEMES.len()]) {
    row(html, |html| {
        head(html, name);
        for of_theme in counts {
            number(html, of_theme);
        }
    });
}

/// The first and the last score of a band.
fn band_name(band: usize) -> String {
    let last = match band + 1 {
        BANDS => 100,
        next => next * BAND - 1,
    };
    format!("{}–{last}", first_of(band))
}

/// The first score of a band.
fn first_of(band: usize) -> i32 {
    i32::try_from(band * BAND).unwrap_or(i32::MAX).max(1)
}

fn of_theme(html: &mut Html, rules: &RuleSet, position: usize, scores: &Scores, most: u64) {
    let name = theme(SCORED_THEMES[position]);
    let lanes = &rules.policy.file;
    let scoring: u64 = scores.bands.iter().sum();
    let title = format!("{name}: {} with a score", count(scoring, "shipment"));
    html.element_with("figure", &[("class", "multiple")], |html| {
        html.leaf("figcaption", &title);
        if scoring == 0 {
            html.leaf_of("p", "note", "Nothing to draw.");
            return;
        }
        let about = format!(
            "Bars of shipments by score: {} reach the score for yellow, {}, and {} that for red, {}. The table below has the numbers.",
            thousands(reaching(scores, lanes.yellow.min_score)),
            lanes.yellow.min_score,
            thousands(reaching(scores, lanes.red.min_score)),
            lanes.red.min_score,
        );
        let id = format!("scores-{}", SCORED_THEMES[position].as_str());
        let size = (FRAME.width, FRAME.height);
        drawing(html, &id, (&title, &about), size, |html| {
            bars(html, rules, scores, most);
        });
    });
}

/// Shipments in bands that begin at a score or above.
fn reaching(scores: &Scores, least: i32) -> u64 {
    let bands = scores.bands.iter().enumerate();
    bands
        .filter(|(band, _)| first_of(*band) >= least)
        .map(|(_, shipments)| shipments)
        .sum()
}

fn bars(html: &mut Html, rules: &RuleSet, scores: &Scores, most: u64) {
    let lanes = &rules.policy.file;
    let decades = decades(most);
    let scale = |shipments: f64| (shipments / FLOOR).log10() / (decades / FLOOR).log10();
    let mut decade = 1_u64;
    while decade as f64 <= decades {
        let y = FRAME.y(scale(decade as f64));
        line(html, "across", (FRAME.left, y), (FRAME.x(100.0), y));
        text(
            html,
            "end small",
            (FRAME.left - 6.0, y + 4.0),
            &thousands(decade),
        );
        decade *= 10;
    }
    for (band, shipments) in scores.bands.iter().enumerate() {
        if *shipments == 0 {
            continue;
        }
        let first = band * BAND;
        let color = match first_of(band) {
            score if score >= lanes.red.min_score => "red",
            score if score >= lanes.yellow.min_score => "yellow",
            _ => "plain",
        };
        let (left, right) = (FRAME.x(first as f64), FRAME.x((first + BAND) as f64));
        let (top, floor) = (FRAME.y(scale(*shipments as f64)), FRAME.y(0.0));
        let size = [left + 0.5, top, right - left - 1.0, floor - top].map(place);
        let attributes = [
            ("class", color),
            ("x", size[0].as_str()),
            ("y", size[1].as_str()),
            ("width", size[2].as_str()),
            ("height", size[3].as_str()),
        ];
        html.element_with("rect", &attributes, |html| {
            html.element("title", |html| {
                html.text(format!(
                    "{}: {}",
                    band_name(band),
                    count(*shipments, "shipment")
                ));
            });
        });
    }
    let floor = FRAME.y(0.0);
    line(html, "axis", (FRAME.left, floor), (FRAME.x(100.0), floor));
    for score in [0_u8, 20, 40, 60, 80, 100] {
        FRAME.label(html, f64::from(score), 15.0, &score.to_string());
    }
    for (score, name) in [
        (lanes.yellow.min_score, "yellow"),
        (lanes.red.min_score, "red"),
    ] {
        let x = FRAME.x(f64::from(score));
        line(html, "level", (x, 12.0), (x, floor));
        text(html, "muted small", (x + 3.0, 19.0), name);
    }
    FRAME.name_across(html, "score");
}

/// The power of ten that holds a count.
fn decades(most: u64) -> f64 {
    let mut decades = 10.0;
    while decades < most as f64 {
        decades *= 10.0;
    }
    decades
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_hold_every_score_once() {
        assert_eq!(band_name(0), "1–4");
        assert_eq!(band_name(1), "5–9");
        assert_eq!(band_name(BANDS - 1), "95–100");
        let mut scores = Scores::default();
        scores.bands[5] = 3;
        scores.bands[12] = 4;
        assert_eq!(reaching(&scores, 30), 4, "25 to 29 stay below 30");
        assert_eq!(reaching(&scores, 60), 4);
        assert_eq!(reaching(&scores, 25), 7);
    }

    #[test]
    fn the_scale_holds_the_largest_count() {
        let ends = [1, 10, 11, 100_000].map(|most| decades(most).to_string());
        assert_eq!(ends, ["10", "10", "100", "100000"]);
    }
}
