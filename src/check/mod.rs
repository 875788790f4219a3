//! A loaded pack -> what else is doubtful about it: examples, reach, age, completeness.
//!
//! What comes in: a pack that was read, with its rules as written. What goes out: more diagnostics, warnings but for a lookout or
//! suppression that lasts too long. `ch24 rules check --strict` fails on what it finds.

pub mod data;
mod evidence;
pub mod notices;
pub(crate) use evidence::rests_on;
pub mod example_row;
pub mod examples;
mod reach;
mod seen;
mod upkeep;

use crate::rules::Loaded;

/// Adds what is doubtful about a pack; with `is_strict` also those about keys that a shipped rule must have.
///
/// # Units
/// `today` is days since 1970-01-01; nothing that is scored depends on it.
pub fn check(loaded: &mut Loaded, is_strict: bool, today: i32) {
    upkeep::check_rules(loaded, is_strict, today);
    notices::check_notices(loaded, today);
    if let Some(rules) = loaded.rules.take() {
        upkeep::check_lists(&rules, &loaded.sources, today, &mut loaded.diagnostics);
        reach::check_reach(&rules, &loaded.files, &mut loaded.diagnostics);
        examples::check_examples(&rules, &loaded.files, is_strict, &mut loaded.diagnostics);
        loaded.rules = Some(rules);
    }
    loaded.diagnostics.sort();
}
