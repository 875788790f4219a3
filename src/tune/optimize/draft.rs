//! A condition that stands out -> a draft rule with its support, interval and period.

use super::mine::Tried;
use super::session::Session;
use crate::batch::NULL_DATE;
use crate::normalize::date::format_date;
use crate::rules::SCORED_THEMES;
use crate::rules::vocabulary::Theme;
use crate::tune::evidence::Found;
use crate::tune::measures::Counts;
use serde::Serialize;

/// A draft that was mined.
#[derive(Clone, Debug, Serialize)]
pub struct Mined {
    /// Its id.
    pub id: String,
    /// Its file in the new pack.
    pub path: String,
    /// Its condition.
    pub when: String,
    /// Shipments trained on that it hits.
    pub train: Counts,
    /// The later ones.
    pub validation: Counts,
    /// Precision over that of all, in training.
    pub lift: f64,
    /// Where the corrected interval of the lift begins.
    pub lift_low: f64,
    /// The file.
    #[serde(skip)]
    pub text: String,
}

/// Writes the rule. Its points are ten for each doubling of what is bad, by the least lift.
pub(super) fn draft(
    session: &Session<'_>,
    tried: &Tried,
    n_tried: usize,
    number: usize,
    base: f64,
) -> Mined {
    let id = format!("M-{number:02}");
    #[expect(clippy::cast_possible_truncation, reason = "points, clamped")]
    let points = (10.0 * tried.low.log2()).round().clamp(1.0, 30.0) as i32;
    let (first, last) = period(session, &tried.shipments);
    let percent = |share: Option<f64>| format!("{:.1} %", 100.0 * share.unwrap_or(0.0));
    let reason = format!(
        "Mined from outcomes of {first} to {last}, nobody has said yet why it should hold. Trained on: {} of {} inspected shipments are bad ({}, of all {}), lift {:.2}, at least {:.2} after Bonferroni's correction for {n_tried} conditions tried. Later: {} of {}.",
        tried.train.bad,
        tried.train.inspected,
        percent(tried.train.precision()),
        percent(Some(base)),
        tried.lift,
        tried.low,
        tried.validation.bad,
        tried.validation.inspected
    );
    let params: Vec<String> = tried
        .params
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let text = format!(
        "id: {id}\nname: mined-{number:02}\ntitle: '{}'\ntheme: {}\nlevel: component\nfamily: {}\nseverity: low\npoints: {points}\nstatus: draft\nreason: >-\n  {reason}\nversion: 1\nwhen: |\n  {}\nparams: {{{}}}\n",
        tried.title.replace('\'', "''"),
        theme(session, &tried.shipments),
        tried.family,
        tried.when,
        params.join(", ")
    );
    Mined {
        path: format!("mined/{id}.yaml"),
        id,
        when: tried.when.split_whitespace().collect::<Vec<_>>().join(" "),
        train: tried.train,
        validation: tried.validation,
        lift: tried.lift,
        lift_low: tried.low,
        text,
    }
}

/// The first and last day of the shipments.
fn period(session: &Session<'_>, shipments: &[u32]) -> (String, String) {
    let days = shipments
        .iter()
        .map(|shipment| session.evidence.shipments[*shipment as usize].day);
    let mut days: Vec<i32> = days.filter(|day| *day != NULL_DATE).collect();
    days.sort_unstable();
    let said = |day: Option<&i32>| day.map_or("no day".to_owned(), |day| format_date(*day));
    (said(days.first()), said(days.last()))
}

/// The theme of all its bad shipments, where it is one.
fn theme(session: &Session<'_>, shipments: &[u32]) -> Theme {
    let mut themes = u8::MAX;
    for shipment in shipments {
        if let Found::Bad(of) = session.evidence.shipments[*shipment as usize].found {
            themes &= of;
        }
    }
    let position = SCORED_THEMES
        .iter()
        .zip(0..)
        .find(|(_, bit)| themes == 1 << bit);
    position.map_or(Theme::Cross, |(theme, _)| *theme)
}
