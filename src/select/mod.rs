//! Hits -> points -> lanes: first of lines, then of shipments.
//!
//! What comes in: the rules that hit each line. What goes out: a [`Verdict`] per line as lines stream, and at the end the
//! [`Selection`]: every shipment with its lane, rank and reason to be selected. This module never reads a rule's
//! condition. Lookouts and suppressions come in here (`noticed.rs`): before points are summed, after rules have hit. Read
//! `verdict.rs` for lines, then `shipments.rs` and `settle.rs`.

mod cva;
mod hit_sets;
mod lane;
mod noticed;
mod noticed_shipments;
mod order;
mod outcomes;
mod routes;
mod salt;
mod selecting;
mod settle;
mod shipment_columns;
mod shipments;
mod verdict;

pub use cva::cva_candidates;
pub use hit_sets::{HitSetId, HitSets};
pub use lane::Lane;
pub use noticed::{Met, NoticeKeys, Noticed};
pub use noticed_shipments::NoticedShipments;
pub use outcomes::ShipmentOutcomes;
pub use routes::{Route, RouteId, Routes};
pub use salt::Salt;
pub use selecting::Selecting;
pub use settle::{SelectedBy, SelectedShipment, Selection, capacity_of, queue_by_scores, settle};
pub use shipment_columns::{DAY_FIELDS, day_of_work};
pub use shipments::{
    FIELDS as SHIPMENT_FIELDS, Found, LineRank, Shipment, ShipmentId, Shipments, Visit, key_hash,
};
pub use verdict::{Judged, Verdict, judge, judge_noticed, verdict};
