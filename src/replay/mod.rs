//! A past run -> whether its outputs are still what it wrote, and whether the same comes out again.
//!
//! Both rest on run.json: it names every file of the output with its hash, and all that a run was made of. Nothing is judged
//! here; `ch24 replay` runs the pipeline once more, and this module says what to run and compares.

mod compare;
mod job;
mod verify;

pub use compare::{Compared, compare};
pub use job::{Again, job};
pub use verify::{State, Verified, verify};
