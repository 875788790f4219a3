//! A proposal as a page that a colleague can approve or refuse.

use super::guard::Refused;
use super::objective::Figures;
use super::proposal::{Proposal, Proposed};
use crate::tune::measures::Interval;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The page, as Markdown.
pub fn review(proposal: &Proposal) -> String {
    let mut text = String::from("# Tuning report\n\n");
    figures(&mut text, proposal);
    changes(&mut text, proposal);
    mined(&mut text, proposal);
    refused(&mut text, proposal);
    left_alone(&mut text, proposal);
    pruning(&mut text, proposal);
    text
}

fn figures(text: &mut String, proposal: &Proposal) {
    let (before, after) = (&proposal.before, &proposal.after);
    match &proposal.split {
        Some(split) => line(
            text,
            format_args!(
                "Trained on shipments before {split}, validated on those from then on; the points proposed are fitted to both."
            ),
        ),
        None => line(
            text,
            format_args!("No bad shipment has a day, so nothing could be validated."),
        ),
    }
    line(
        text,
        format_args!(
            "Capacity: {:.2} % of shipments. Seed {}. A figure of training flatters; a later one is the test.\n",
            100.0 * proposal.share,
            proposal.seed
        ),
    );
    text.push_str("| | train before | train after | validation before | validation after |\n|---|---|---|---|---|\n");
    let rows: [(&str, &dyn Fn(&Figures) -> String); 8] = [
        ("shipments", &|of| format!("{}", of.all.shipments)),
        ("inspected", &|of| format!("{}", of.all.inspected)),
        ("bad", &|of| format!("{}", of.all.bad)),
        ("looked at", &|of| format!("{:.0}", of.capacity)),
        ("precision there", &|of| share(of.precision)),
        ("share of all bad there", &|of| share(Some(of.recall))),
        ("AUC", &|of| {
            of.auc.map_or("-".to_owned(), |auc| format!("{auc:.3}"))
        }),
        ("objective", &|of| format!("{:.4}", of.objective)),
    ];
    for (name, of) in rows {
        line(
            text,
            format_args!(
                "| {name} | {} | {} | {} | {} |",
                of(&before.train),
                of(&after.train),
                of(&before.validation),
                of(&after.validation)
            ),
        );
    }
    text.push_str("\nThe objective is 0.6 of the mean recall at half the capacity, all of it and twice, and 0.2 each of AUC and average precision.\n");
}

fn changes(text: &mut String, proposal: &Proposal) {
    line(
        text,
        format_args!("\n## Changes: {}\n", proposal.changes.len()),
    );
    if proposal.changes.is_empty() {
        text.push_str("None: nothing gained in training, in resamples and in validation.\n");
        return;
    }
    text.push_str("| rule | key | before | after | bad of inspected | precision (95 %) | gain | same sign | in validation |\n|---|---|---|---|---|---|---|---|---|\n");
    for change in &proposal.changes {
        line(
            text,
            format_args!(
                "| {} {} | {} | {} | {} | {} of {} | {} | {:+.4} | {:.0} % | {:+.4} |",
                change.rule,
                cell(&change.title),
                change.key,
                cell(&change.before),
                cell(&change.after),
                change.counts.bad,
                change.counts.inspected,
                interval(change.precision),
                change.gain,
                100.0 * change.same_sign,
                change.validated
            ),
        );
    }
    text.push_str("\nBad of inspected, precision and gain: shipments trained on. Gain: of the objective, all other changes made. In validation: what it gains there, with points fitted to the earlier shipments alone. Same sign: the share of resamples that agree, that is, whose points go the same way; of another number, the share in which it gains.\n");
    for change in proposal
        .changes
        .iter()
        .filter(|change| change.key == "status")
    {
        line(
            text,
            format_args!("\n- Retire {}: {}.", change.rule, change.why),
        );
    }
    for change in proposal
        .changes
        .iter()
        .filter(|change| is_threshold(change))
    {
        line(
            text,
            format_args!(
                "\n- {} `{}` from {} to {}: {}.",
                change.rule, change.key, change.before, change.after, change.why
            ),
        );
    }
}

fn is_threshold(change: &Proposed) -> bool {
    change.key != "status" && change.key != "points"
}

fn mined(text: &mut String, proposal: &Proposal) {
    line(
        text,
        format_args!("\n## Mined drafts: {}\n", proposal.mined.len()),
    );
    if proposal.n_mined == 0 {
        text.push_str("Nothing was tried.\n");
        return;
    }
    line(
        text,
        format_args!(
            "Of {} conditions tried, those whose lift is above 1 with the confidence that so many trials ask for, in training, and above 1 in validation. All are drafts: they count for nothing until a person says why they should.\n",
            proposal.n_mined
        ),
    );
    if proposal.mined.is_empty() {
        return;
    }
    text.push_str("| rule | condition | bad of inspected | precision | lift, at least | in validation |\n|---|---|---|---|---|---|\n");
    for mined in &proposal.mined {
        line(
            text,
            format_args!(
                "| {} | `{}` | {} of {} | {} | {:.1}, {:.1} | {} of {} |",
                mined.id,
                cell(&mined.when),
                mined.train.bad,
                mined.train.inspected,
                share(mined.train.precision()),
                mined.lift,
                mined.lift_low,
                mined.validation.bad,
                mined.validation.inspected
            ),
        );
    }
}

fn refused(text: &mut String, proposal: &Proposal) {
    line(
        text,
        format_args!("\n## Refused: {}\n", proposal.refused.len()),
    );
    if proposal.refused.is_empty() {
        return;
    }
    text.push_str("| rule | before | would be | same sign | in validation | because |\n|---|---|---|---|---|---|\n");
    for change in &proposal.refused {
        let because = match change.because {
            Refused::FlipsSign => "too few resamples agree, or it gains nothing beyond chance",
            Refused::Validation => "validation is surely better without it",
            Refused::Examples => "an example of the rule says otherwise; change that first",
            Refused::Protected => "a protected shipment would fall out of capacity",
        };
        line(
            text,
            format_args!(
                "| {} | {} | {} | {:.0} % | {:+.4} | {because} |",
                change.rule,
                cell(&change.before),
                cell(&change.after),
                100.0 * change.same_sign,
                change.validated
            ),
        );
    }
}

fn left_alone(text: &mut String, proposal: &Proposal) {
    line(
        text,
        format_args!("\n## Left alone: {}\n", proposal.left_alone.len()),
    );
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for left in &proposal.left_alone {
        by_reason.entry(&left.why).or_default().push(&left.rule);
    }
    for (why, rules) in by_reason {
        line(text, format_args!("- {why}: {}", rules.join(", ")));
    }
}

fn pruning(text: &mut String, proposal: &Proposal) {
    let pruning = &proposal.pruning;
    text.push_str("\n## How few rules would do\n\n");
    line(
        text,
        format_args!(
            "{} active rules hit something. Of what they find beyond chance, around capacity, {} keep 99 % and {} keep 95 %. That is no reason to retire the others: these data may hold nothing for them.\n",
            pruning.n_rules,
            pruning.keeps_99.len(),
            pruning.keeps_95.len()
        ),
    );
    line(
        text,
        format_args!("- 99 %: {}", pruning.keeps_99.join(", ")),
    );
    line(
        text,
        format_args!("- 95 %: {}", pruning.keeps_95.join(", ")),
    );
    text.push_str("\n| rules left | share of the benefit | left out next |\n|---|---|---|\n");
    let mut left = pruning.n_rules;
    for (rule, kept) in &pruning.curve {
        left -= 1;
        if *kept < 0.999_5 {
            line(
                text,
                format_args!("| {left} | {:.1} % | {rule} |", 100.0 * kept),
            );
        }
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share))
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or("-".to_owned(), |interval| {
        format!(
            "{:.1} % ({:.1}-{:.1})",
            100.0 * interval.share,
            100.0 * interval.low,
            100.0 * interval.high
        )
    })
}

fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn line(text: &mut String, written: std::fmt::Arguments<'_>) {
    writeln!(text, "{written}").expect("a string takes any text");
}
