//! Integration tests: one program, one module per subject.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::many_single_char_names,
    clippy::needless_pass_by_value,
    clippy::float_cmp,
    clippy::format_push_string,
    reason = "helpers of tests, which fail where they stand"
)]

/// Random packs and rows.
mod arbitrary;
mod backtest;
/// The command line.
#[cfg(feature = "cli")]
mod commands;
/// Random conditions.
mod conditions;
/// Every diagnostic against its golden.
mod diagnostics;
/// The core against the dull interpreter.
mod equivalence;
/// The same rows through every format.
mod flags;
mod formats;
/// The dull interpreter.
mod naive;
/// Conditions that nobody should write.
mod parse;
/// Points and lanes against a dull reading of the design.
mod points;
/// Pages that are made of code and pack.
mod docs;
/// Features of earlier lines against a dull reading of their definitions.
mod history;
/// Corrections and late outcomes in a store.
mod history_corrections;
/// The dull reading of them.
mod history_naive;
/// Lines of a run, explained.
mod explain;
/// A pack against data.
mod on_data;
/// Estimates from samples, and what their intervals hold.
mod estimate;
/// Whole runs on the samples.
mod end_to_end;
/// Shipments whose rows do not stand together.
#[cfg(feature = "tables")]
mod scattered;
/// Planted networks, found.
#[cfg(feature = "tables")]
mod planted;
/// Who is who, and who is linked with whom.
mod parties;
/// Natural persons among parties.
mod persons;
/// Runs that are stopped, and disks that are full.
#[cfg(feature = "cli")]
mod faults;
/// Files beside an output, and files that are not of this program.
#[cfg(feature = "cli")]
mod beside;
/// Command lines of help and documentation.
#[cfg(all(feature = "cli", feature = "tables"))]
mod typed;
/// What the program is built of.
mod supply;
/// Columns of a type that no field has.
mod mistyped;
/// Rows in, rows out.
#[cfg(feature = "cli")]
mod conserved;
/// Inputs that change while they are read.
#[cfg(feature = "cli")]
mod changing;
/// What a manifest holds reaches neither a terminal nor a spreadsheet nor anybody who may not see it.
#[cfg(all(feature = "cli", feature = "tables"))]
mod outputs;
/// Files made to exhaust a reader.
#[cfg(feature = "cli")]
mod hostile;
/// Pages as a browser takes them.
#[cfg(all(feature = "cli", feature = "tables"))]
mod pages;
/// Files that nobody should send.
mod reading;
/// Runs that are checked and repeated.
mod replay;
/// Filings that repeat.
mod reconcile;
/// Referrals, and outcomes that come back.
mod referrals;
/// Lookouts and suppressions.
mod notices;
mod notices_run;
/// What changed between packs.
mod rules_diff;
/// Capacity and draws.
mod select;
/// What is new since an earlier run.
#[cfg(feature = "cli")]
mod since;
/// A session with the program, as the page shows it.
#[cfg(feature = "cli")]
mod session;
/// Packs in temporary directories, batches out of rows.
mod support;
/// What of a dossier leaves the house.
#[cfg(feature = "tables")]
mod releasable;
/// Points and thresholds from outcomes.
mod tune;
/// Entities, dossiers, and what is noted of them.
#[cfg(feature = "tables")]
mod verification;

/// Cases of a property: `PROPTEST_CASES` where it is set, else the number given.
fn config(cases: u32) -> proptest::test_runner::Config {
    let cases = match std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse::<u32>().ok())
    {
        Some(asked) => asked.saturating_mul(cases).div_ceil(64),
        None => cases,
    };
    proptest::test_runner::Config {
        cases,
        failure_persistence: None,
        ..Default::default()
    }
}
