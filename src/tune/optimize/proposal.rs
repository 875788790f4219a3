//! What tuning proposes, refuses and leaves alone, with the reasons.

use super::draft::Mined;
use super::guard::{Change, Refused};
use super::layout::Layout;
use super::objective::{Figures, figures};
use super::prune::Pruning;
use super::session::{Part, Session};
use super::thresholds::Threshold;
use super::variants::Variant;
use super::what_if::{WhatIf, Worth};
use crate::normalize::date::format_date;
use crate::rules::Rule;
use crate::rules::edit::Edit;
use crate::tune::measures::{Counts, Interval};
use serde::Serialize;

/// A proposal, with every reason.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Proposal {
    /// The first day of validation, as `YYYY-MM-DD`; none where no bad shipment has a day.
    pub split: Option<String>,
    /// The seed of resamples.
    pub seed: u64,
    /// Share of shipments that can be looked at.
    pub share: f64,
    /// The pack as it was.
    pub before: Halves,
    /// The pack with the points that the earlier shipments ask for, of the rules that change; those proposed are fitted to all.
    pub after: Halves,
    /// Changes, by rule.
    pub changes: Vec<Proposed>,
    /// Changes that gained in training and are not proposed, by rule.
    pub refused: Vec<RefusedChange>,
    /// Active rules that were not tuned, by rule.
    pub left_alone: Vec<LeftAlone>,
    /// How few rules keep most of the benefit.
    pub pruning: Pruning,
    /// Drafts that were mined, best first.
    pub mined: Vec<Mined>,
    /// Conditions that were tried for them.
    pub n_mined: usize,
    /// Changes of points, status and numbers that were tried.
    pub n_what_ifs: u64,
}

/// A pack on the shipments trained on, and on the later ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Halves {
    /// Before the split.
    pub train: Figures,
    /// From the split on.
    pub validation: Figures,
}

impl Halves {
    pub(super) fn new(session: &Session<'_>, layout: &Layout, what_if: &WhatIf<'_>) -> Self {
        let of = |part| figures(&session.tally(what_if, layout, part), session.share);
        Self {
            train: of(Part::Train),
            validation: of(Part::Validation),
        }
    }
}

/// A change of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct Proposed {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// The key that changes: `points`, `status`, `params.NAME` or `when`.
    pub key: String,
    /// As it was.
    pub before: String,
    /// As proposed.
    pub after: String,
    /// Shipments trained on that it hits.
    pub counts: Counts,
    /// Bad among inspected, with its interval.
    pub precision: Option<Interval>,
    /// The same of all shipments trained on.
    pub base_rate: Option<f64>,
    /// What the change gains in the objective on the shipments trained on, all other changes made.
    pub gain: f64,
    /// Share of resamples that agree: whose points go the same way; for a retirement, in which the rule finds less than chance; for
    /// another number, of those where it does anything, in which it gains.
    pub same_sign: f64,
    /// What it gains in validation, with points fitted to the shipments trained on.
    pub validated: f64,
    /// Why, in one sentence.
    pub why: String,
    /// The changes of the file.
    #[serde(skip)]
    pub edits: Vec<Edit>,
}

/// A change that is not proposed.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedChange {
    /// The rule's id.
    pub rule: String,
    /// As it is.
    pub before: String,
    /// As it would have been.
    pub after: String,
    /// Share of resamples that agree with it.
    pub same_sign: f64,
    /// What it gains in validation.
    pub validated: f64,
    /// Why not.
    pub because: Refused,
}

/// A rule that was not tuned.
#[derive(Clone, Debug, Serialize)]
pub struct LeftAlone {
    /// The rule's id.
    pub rule: String,
    /// Why.
    pub why: String,
}

impl Proposal {
    pub(super) fn new(session: &Session<'_>, layout: &Layout, expert: &WhatIf<'_>) -> Self {
        let before = Halves::new(session, layout, expert);
        Self {
            split: (session.split != i32::MAX).then(|| format_date(session.split)),
            seed: session.seed,
            share: session.share,
            before,
            after: before,
            ..Self::default()
        }
    }

    pub(super) fn leave_alone(&mut self, rule: &Rule, why: String) {
        let rule = rule.id.clone();
        self.left_alone.push(LeftAlone { rule, why });
    }

    pub(super) fn refuse(&mut self, expert: &WhatIf<'_>, refused: Vec<(Change, Refused)>) {
        for (change, because) in refused {
            self.refused.push(RefusedChange {
                rule: expert.rules.rule(change.rule).id.clone(),
                before: said(change.before),
                after: said(change.after),
                same_sign: change.same_sign,
                validated: change.validated,
                because,
            });
        }
        self.refused
            .sort_by(|left, right| left.rule.cmp(&right.rule));
    }

    pub(super) fn refuse_threshold(
        &mut self,
        variant: &Variant,
        same_sign: f64,
        validated: f64,
        because: Refused,
    ) {
        self.refused.push(RefusedChange {
            rule: variant.rule.clone(),
            before: format!("{} {}", variant.key, variant.before),
            after: variant.after.clone(),
            same_sign,
            validated,
            because,
        });
    }

    /// Notes other numbers of rules, and the points that go with them; `tuned` has the points as they are in the end.
    pub(super) fn propose_thresholds(
        &mut self,
        expert: &WhatIf<'_>,
        tuned: &WhatIf<'_>,
        taken: Vec<Threshold>,
    ) {
        for threshold in taken {
            let rule = expert.rules.rule(threshold.rule);
            let counts = threshold.counts;
            let variant = threshold.variant;
            let change = Proposed {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                key: variant.key,
                before: variant.before,
                after: variant.after,
                counts,
                precision: Interval::wilson(counts.bad, counts.inspected),
                base_rate: self.before.train.all.precision(),
                gain: threshold.gain,
                same_sign: threshold.same_sign,
                validated: threshold.validated,
                why: format!(
                    "with it {} of {} inspected shipments are bad; the change gains in {:.0} % of resamples; {} at the old limit {} sides",
                    counts.bad,
                    counts.inspected,
                    100.0 * threshold.same_sign,
                    match threshold.turned.len() {
                        1 => "1 example".to_owned(),
                        many => format!("{many} examples"),
                    },
                    match threshold.turned.len() {
                        1 => "changes",
                        _ => "change",
                    }
                ),
                edits: [vec![variant.edit], threshold.turned].concat(),
            };
            let is_told =
                (self.changes.iter()).any(|known| known.rule == rule.id && known.key != change.key);
            let worth = tuned.worth(threshold.rule);
            if let Worth::Points(points) = worth
                && points != rule.points
                && !is_told
            {
                self.changes.push(Proposed {
                    key: "points".to_owned(),
                    before: rule.points.to_string(),
                    after: points.to_string(),
                    edits: vec![Edit::Points(points)],
                    ..change.clone()
                });
            }
            self.changes.push(change);
        }
        let order = |change: &Proposed| (change.rule.clone(), change.key.clone());
        self.changes.sort_by_key(order);
    }

    /// Notes points and retirements; those of a rule with another number go from what the expert gave. `found` are
    /// the shipments trained on of each rule.
    pub(super) fn propose(
        &mut self,
        expert: &WhatIf<'_>,
        found: &[Counts],
        changes: &[Change],
        taken: &[Threshold],
    ) {
        let base_rate = self.before.train.all.precision();
        for change in changes {
            let rule = expert.rules.rule(change.rule);
            let with_number = taken.iter().find(|known| known.rule == change.rule);
            let counts = with_number.map_or(found[change.rule.index()], |known| known.counts);
            if change.after == Worth::Points(rule.points) {
                continue;
            }
            let why = why(change, counts, base_rate);
            let (key, edit) = match change.after {
                Worth::Points(points) => ("points", Edit::Points(points)),
                Worth::Nothing => ("status", Edit::Retire(why.clone())),
            };
            self.changes.push(Proposed {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                key: key.to_owned(),
                before: if key == "status" {
                    "active".to_owned()
                } else {
                    rule.points.to_string()
                },
                after: said(change.after),
                counts,
                precision: Interval::wilson(counts.bad, counts.inspected),
                base_rate,
                gain: change.gain,
                same_sign: change.same_sign,
                validated: change.validated,
                why,
                edits: vec![edit],
            });
        }
    }
}

fn said(worth: Worth) -> String {
    match worth {
        Worth::Points(points) => points.to_string(),
        Worth::Nothing => "retired".to_owned(),
    }
}

fn why(change: &Change, counts: Counts, base: Option<f64>) -> String {
    let percent = |share: Option<f64>| {
        share.map_or("?".to_owned(), |share| format!("{:.1} %", 100.0 * share))
    };
    let found = format!(
        "{} of {} inspected shipments are bad ({}, of all {})",
        counts.bad,
        counts.inspected,
        percent(counts.precision()),
        percent(base)
    );
    match change.after {
        Worth::Nothing => {
            format!("{found}: surely less than chance, and none is missed at capacity without it")
        }
        Worth::Points(_) => format!(
            "{found}; {:.0} % of resamples agree",
            100.0 * change.same_sign
        ),
    }
}
