//! `ch24 backtest --cost`: what rules cost to evaluate, by processor time.
//!
//! The core asks each column once for all rules, so a pack without a rule takes as long as with it, within what a clock can
//! tell. What can be told is what a rule takes alone: a pack of it, less a pack of no rule. It shows which rule
//! searches long texts, looks up many values or compares columns.

use crate::batch::{Batch, FieldSet};
use crate::error::Error;
use crate::history::Source;
use crate::normalize::{ALWAYS, Identities, with_sources};
use crate::read::Reading;
use crate::reconcile::Reconcile;
use crate::rules::vocabulary::Status;
use crate::rules::{Rule, RuleSet};
use crate::scan::{Scan, has_first_pass, with_threads};
use crate::score::{Program, score};
use crate::tune::{Backtest, Cost, Labeled, PackCost};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;

/// Rows that conditions are measured on, at most.
const MOST_ROWS: usize = 1 << 16;
/// How often each is measured; the least counts, since all that disturbs adds.
const GOES: usize = 5;

/// Measures every rule on one core, and adds what it costs to a backtest.
///
/// # Errors
/// When an input or the store cannot be read.
pub(super) fn measure(
    rules: &RuleSet,
    data: &Labeled<'_>,
    found: &mut Backtest,
) -> Result<(), Error> {
    let history = Source::new(data.history, &data.reading.inputs, data.spill)?;
    let batches = with_threads(data.threads, || sample(rules, data.reading, &history))?;
    let n_rows: usize = batches.iter().map(|batch| batch.n_rows).sum();
    if n_rows == 0 {
        return Ok(());
    }
    with_threads(Some(1), || {
        let per_row = |rules: &RuleSet| condition_ns(rules, &batches) / n_rows as f64;
        let scopes_ns = per_row(&pack_of(rules, None));
        found.cost = Some(PackCost {
            rows: n_rows as u64,
            condition_ns: per_row(rules),
            scopes_ns,
        });
        for (rule, card) in rules.rules.iter().zip(&mut found.rules) {
            let alone = pack_of(rules, Some(rule));
            card.cost = Some(Cost {
                condition_ns: (per_row(&alone) - scopes_ns).max(0.0),
                first_pass_ns: first_pass_ns(&alone, data.reading, &history)?
                    .map(|all| all / found.n_lines.max(1) as f64),
            });
        }
        Ok(())
    })
}

/// A pack of one rule or of none, with all else as it is. Drafts count, so that their features are computed.
fn pack_of(rules: &RuleSet, rule: Option<&Rule>) -> RuleSet {
    let mut pack = rules.clone();
    pack.rules = rule.into_iter().cloned().collect();
    for rule in &mut pack.rules {
        rule.status = Status::Active;
    }
    pack
}

/// The first rows of the data, as the rules see them.
fn sample(rules: &RuleSet, reading: &Reading, history: &Source<'_>) -> Result<Vec<Batch>, Error> {
    let program = Program::new(rules);
    let fields = rules.fields();
    let wanted = with_sources(fields.iter().chain(ALWAYS.iter().copied()).collect());
    let identities = Identities::FirstRow;
    let scan = Scan::prepare(
        rules,
        &program,
        &identities,
        reading,
        wanted,
        Some(history),
        Reconcile::Never,
    )?;
    let (mut batches, mut n_rows) = (Vec::new(), 0);
    scan.run(
        |batch, _| batch,
        |batch| {
            if n_rows < MOST_ROWS {
                n_rows += batch.n_rows;
                batches.push(batch);
            }
            Ok(Vec::new())
        },
    )?;
    Ok(batches)
}

/// Nanoseconds to score the batches, the least of several goes; each begins with nothing remembered of earlier texts.
fn condition_ns(rules: &RuleSet, batches: &[Batch]) -> f64 {
    let goes = (0..GOES).map(|_| {
        let program = Program::new(rules);
        let start = processor_ns();
        for batch in batches {
            black_box(score(&program, rules, batch));
        }
        processor_ns() - start
    });
    goes.fold(f64::INFINITY, f64::min)
}

/// Processor time of the program so far: other programs do not count.
fn processor_ns() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Nanoseconds of the first pass over all rows; none where the rules ask for none.
fn first_pass_ns(
    rules: &RuleSet,
    reading: &Reading,
    history: &Source<'_>,
) -> Result<Option<f64>, Error> {
    if !has_first_pass(rules) {
        return Ok(None);
    }
    let program = Program::new(rules);
    let identities = Identities::FirstRow;
    let start = processor_ns();
    let wanted = FieldSet::default();
    let scan = Scan::prepare(
        rules,
        &program,
        &identities,
        reading,
        wanted,
        Some(history),
        Reconcile::Never,
    )?;
    let taken = processor_ns() - start;
    drop(black_box(scan));
    Ok(Some(taken))
}
