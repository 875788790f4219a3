//! Labeled data and a pack -> what the rules are worth, and what a change would do.
//!
//! `evidence.rs` evaluates the rules once; all else counts over the different ways in which shipments were hit. Everything
//! is counted by shipment, and precision is that among inspected shipments, with the inspected share beside it: who was
//! never looked at is neither bad nor in order. Read `backtest.rs` first.

mod aside;
mod backtest;
mod diff;
mod evidence;
mod impact;
mod labels;
mod measures;
mod optimize;
mod ranking;
mod scorecard;
mod workload;

pub use aside::{Aside, Bits, Names, Parties};
pub use backtest::{Backtest, Band, Gain, OfTheme, PackCost, Point, backtest};
pub use diff::{Change, ChangedList, ChangedRule, PackDiff};
pub use evidence::{
    Case, Evidence, Found, Labeled, PARTIES, Profile, collect, collect_aside, collect_lines,
};
pub use impact::{Capacity, Impact, Judged, Moved, OfGroup, RuleImpact, impact};
pub use labels::Labels;
pub use measures::{Counts, Interval, Quality};
pub use optimize::{
    Collected, Figures, Halves, LeftAlone, Mined, Proposal, Proposed, Pruning, Question, Refused,
    RefusedChange, Wish, collect_for_tuning, review, rewrite, tune, what_ifs,
};
pub use ranking::{Ranked, Ranking};
pub use scorecard::{Cost, OfRule, Overlaps, Quarter, Verdict};
pub use workload::OverCapacity;
