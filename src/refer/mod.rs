//! Lines that rules hit -> a file per agency, with what that agency works with.
//!
//! Referrals follow authority: the `refer_to` of a rule names the agencies. The corridor only adds who stands on the
//! other side of the border. A referral is a shipment under an agency; its id is the same in every run, and outcomes
//! come back under it. No importer number is in a referral. Read `rows.rs`, then `agency.rs`.

mod agency;
mod corridor;
mod rows;

pub use agency::fields;
pub use corridor::Corridor;
pub use rows::{Referrals, referral_id};
