//! Labeled data and a pack -> a proposal: points, thresholds and retirements that find more at a capacity.
//!
//! Data are read once. Everything after is a what-if over profiles of hits (`what_if.rs`), judged by `objective.rs` on the
//! earlier part of the shipments, and refused by `guard.rs` where resamples, the later part or protected shipments say no.
//! Read `tune` below first.

mod question;
mod survey;
mod candidates;
mod variants;
mod layout;
mod what_if;
mod objective;
mod resample;
mod session;
mod regression;
mod retire;
mod thresholds;
mod points;
mod guard;
mod prune;
mod mine;
mod draft;
mod proposal;
mod rewrite;
mod review;

pub use draft::Mined;
pub use guard::Refused;
pub use objective::Figures;
pub use proposal::{Halves, LeftAlone, Proposal, Proposed, RefusedChange};
pub use prune::Pruning;
pub use question::{Collected, collect_for_tuning};
pub use review::review;
pub use rewrite::rewrite;

use super::aside::Names;
use super::evidence::Labeled;
use crate::rules::{Loaded, PackFile};
use layout::Layout;
use session::{Part, Session};
use what_if::WhatIf;

/// What is read for tuning.
#[derive(Debug)]
pub struct Question<'a> {
    /// The files of the pack.
    pub files: &'a [PackFile],
    /// What was read of them.
    pub loaded: &'a Loaded,
    /// The labeled data.
    pub data: &'a Labeled<'a>,
    /// Lines and shipments that must stay in capacity.
    pub protect: &'a Names,
    /// Whether new conditions are mined.
    pub is_mining: bool,
}

/// What a person asks of tuning.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Shipments that can be looked at, of all in the data; none: a twentieth.
    pub capacity: Option<u64>,
    /// The first day of validation; none: the day before which seven of ten bad shipments lie.
    pub split: Option<i32>,
    /// The seed of resamples.
    pub seed: u64,
    /// Rules that stay as they are, by id or name.
    pub pinned: Vec<String>,
}

/// The bounds of a rule's points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Limits {
    /// As the expert gave them.
    expert: i32,
    low: i32,
    high: i32,
}

impl Limits {
    fn nearest(self, points: i32) -> i32 {
        points.clamp(self.low, self.high)
    }

    /// The expert's points times a factor, given as its logarithm.
    fn stretched(self, stretch: f64) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "points, clamped next")]
        let points = (f64::from(self.expert) * stretch.exp()).round() as i32;
        self.nearest(points)
    }
}

/// Proposes changes of a pack that find more bad shipments at a capacity.
pub fn tune(collected: &Collected, wish: &Wish) -> Proposal {
    let Collected {
        rules,
        evidence,
        aside,
        ..
    } = collected;
    let session = Session::new(evidence, aside, wish);
    let as_read = Layout::new(evidence, aside);
    let expert = WhatIf::new(rules, &as_read);
    let protected = session.protected(&expert, &as_read);
    let mut proposal = Proposal::new(&session, &as_read, &expert);

    let begun = thresholds::thresholds(collected, &session, wish, &mut proposal);
    let layout = begun.layout;
    let begin = WhatIf::new(&begun.rules, &layout);
    let retired = retire::retire(&session, &layout, &begin, &wish.pinned);
    let movable = points::movable(&session, &layout, &begin, &retired, wish, &mut proposal);

    // Fitted to the earlier shipments and judged on the later ones; what those do not refuse is fitted again to both.
    let (mut early, refused) = points::judged(&session, &begin, &layout, &retired, &movable);
    let mut tuned = early.again(&session, &begin, &layout, &movable, &refused);
    proposal.refuse(&begin, refused);
    proposal.refuse(&begin, std::mem::take(&mut tuned.refused));
    let refused = guard::protect(
        &session,
        &layout,
        &mut tuned.what_if,
        &mut tuned.changes,
        &protected,
    );
    proposal.refuse(&begin, refused);
    early.keep(&tuned.changes);

    let (pruning, n_tried) = prune::prune(&session, &layout, &tuned.what_if);
    proposal.n_what_ifs += n_tried;
    proposal.pruning = pruning;
    proposal.after = Halves::new(&session, &layout, &early.what_if);
    let trained = session.tally(&begin, &layout, Part::Train);
    let found = retire::of_rules(&begin, &layout, &trained);
    proposal.propose(&expert, &found, &tuned.changes, &begun.taken);
    proposal.propose_thresholds(&expert, &tuned.what_if, begun.taken);
    (proposal.mined, proposal.n_mined) = mine::mine(collected, &session, &layout);
    proposal
}

/// Lets each rule count for nothing and for its points again, on all shipments, and says how many what-ifs that were.
pub fn what_ifs(collected: &Collected) -> u64 {
    let session = Session::new(&collected.evidence, &collected.aside, &Wish::default());
    let layout = Layout::new(&collected.evidence, &collected.aside);
    let mut what_if = WhatIf::new(&collected.rules, &layout);
    let mut tally = session.tally(&what_if, &layout, Part::All);
    let mut n_tried = 0;
    for rule in collected
        .rules
        .ids()
        .filter(|rule| collected.rules.rule(*rule).is_active())
    {
        for worth in [what_if::Worth::Nothing, what_if.worth(rule)] {
            let moves = what_if.set(rule, worth);
            tally.apply(&moves);
            objective::objective(&tally, session.share);
            n_tried += 1;
        }
    }
    n_tried
}
