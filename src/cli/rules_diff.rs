//! `ch24 rules diff`: what changed between two packs, and what it does to data.

use super::args::{LabeledArgs, RulesDiffArgs};
use super::backtest_text::share;
use super::exit::Exit;
use super::labeled::Labeled;
use super::{print, score};
use crate::error::{Error, ErrorKind};
use crate::normalize::Identities;
use crate::rules::PackSource;
use crate::rules::notices::{Lookout, Suppression};
use crate::tune::{self, Change, Impact, Interval, OfGroup, PackDiff, collect_lines, impact};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;

/// The word for the pack that is built in.
const SHIPPED: &str = "shipped";
/// Rows of a list, ports and rules that are shown; JSON has all.
const SHOWN: usize = 10;

/// Compares two packs and prints what changed.
pub(super) fn run(args: &RulesDiffArgs) -> Result<Exit, Error> {
    let source = |path: &Path| match path.to_str() {
        Some(SHIPPED) if !path.exists() => PackSource::Shipped,
        _ => PackSource::Directory(path.to_owned()),
    };
    let before = score::rules(&source(&args.before), true)?;
    let after = score::rules(&source(&args.after), true)?;
    let diff = PackDiff::new(&before, &after);
    if args.data.is_empty() && (args.max_new_red.is_some() || args.max_lost.is_some()) {
        let message = "a limit needs rows to count on: name them with --data";
        return Err(Error::new(ErrorKind::Usage, message.to_owned()));
    }
    let found = match args.data.as_slice() {
        [] => None,
        inputs => {
            let typed = LabeledArgs {
                inputs: inputs.to_vec(),
                map: args.map.clone(),
                rules: None,
                history: args.history.clone(),
                labels: args.labels.clone(),
                reconcile: args.reconcile,
                capacity: None,
                threads: None,
            };
            let opened = Labeled::open(&typed, &before, args.json)?;
            let data = opened.data();
            // Where the packs define a feature differently, each finds its own in the store.
            let store = score::history(
                args.history.as_deref(),
                args.json,
                &after,
                &Identities::FirstRow,
            )?;
            let data_after = tune::Labeled {
                history: store.as_ref(),
                ..data
            };
            let old = collect_lines(&before, &data)?;
            let new = collect_lines(&after, &data_after)?;
            Some(impact((&before, &old.0, &old.1), (&after, &new.0, &new.1)))
        }
    };
    let mut broken = found
        .as_ref()
        .map_or_else(Vec::new, |found| broken(args, found));
    let has_limit = args.max_new_red.is_some() || args.max_lost.is_some();
    let is_notice = |change: &Change| {
        [&before.notices, &after.notices]
            .into_iter()
            .any(|notices| {
                let lookouts = notices.lookouts.iter().map(Lookout::named);
                let suppressions = notices.suppressions.iter().map(Suppression::named);
                lookouts.chain(suppressions).any(|name| name == change.key)
            })
    };
    let is_other = diff.settings.iter().any(is_notice);
    if has_limit && is_other {
        broken.push(format!("the limits say nothing: {NOT_JUDGED}"));
    }
    if args.json {
        let value = json!({ "changes": diff, "impact": found, "limits_exceeded": broken });
        print::json(&format!("{value:#}\n"))?;
    } else {
        let mut text = changes(&diff);
        if let Some(found) = &found {
            text += &effects(found);
            if is_other {
                line(&mut text, format_args!("Beware: {NOT_JUDGED}"));
            }
        }
        for limit in &broken {
            line(&mut text, format_args!("{limit}"));
        }
        print::out(&text)?;
    }
    Ok(if broken.is_empty() {
        Exit::Done
    } else {
        Exit::CheckFailed
    })
}

/// What lanes here leave out.
const NOT_JUDGED: &str = "lookouts or suppressions changed, which are not judged here; `ch24 score --since` shows what they do";

/// The limits that the change exceeds, in words.
fn broken(args: &RulesDiffArgs, found: &Impact) -> Vec<String> {
    let mut broken = Vec::new();
    if let Some(limit) = args.max_new_red.filter(|limit| found.new_red > *limit) {
        broken.push(format!(
            "{} shipments turn red, more than --max-new-red {limit}",
            found.new_red
        ));
    }
    #[expect(clippy::cast_precision_loss, reason = "a limit far below 2^53")]
    if let Some(limit) = args
        .max_lost
        .filter(|limit| found.lost.shipments > *limit as f64)
    {
        let lost = found.lost.shipments;
        broken.push(format!(
            "{lost} shipments turn green, more than --max-lost {limit}"
        ));
    }
    broken
}

fn changes(diff: &PackDiff) -> String {
    if diff.is_empty() {
        return "No rule, list or setting changed.\n".to_owned();
    }
    let mut text = String::new();
    for (sign, rules) in [('+', &diff.added), ('-', &diff.removed)] {
        for (id, title) in rules {
            line(
                &mut text,
                format_args!("{sign} rule {id}: {}", print::plain(title)),
            );
        }
    }
    for rule in &diff.changed {
        line(
            &mut text,
            format_args!("~ rule {}: {}", rule.id, print::plain(&rule.title)),
        );
        rule.changes
            .iter()
            .for_each(|change| change_lines(&mut text, change));
    }
    if !diff.settings.is_empty() {
        line(&mut text, format_args!("~ settings"));
        diff.settings
            .iter()
            .for_each(|change| change_lines(&mut text, change));
    }
    for list in &diff.lists {
        let (added, removed) = (list.added.len(), list.removed.len());
        line(
            &mut text,
            format_args!(
                "~ list {}: {added} rows more, {removed} rows gone",
                list.name
            ),
        );
        for (sign, rows) in [('+', &list.added), ('-', &list.removed)] {
            for row in rows.iter().take(SHOWN) {
                line(&mut text, format_args!("    {sign} {}", print::plain(row)));
            }
            if rows.len() > SHOWN {
                line(
                    &mut text,
                    format_args!("    {sign} and {} more", rows.len() - SHOWN),
                );
            }
        }
    }
    text
}

fn change_lines(text: &mut String, change: &Change) {
    let said = |value: &Option<String>| print::plain(value.as_deref().unwrap_or("(nothing)"));
    let (before, after) = (said(&change.before), said(&change.after));
    let note = if change.moves_scores {
        ""
    } else {
        " (text only)"
    };
    if before.len() + after.len() < 60 {
        line(
            text,
            format_args!("    {}: {before} -> {after}{note}", change.key),
        );
    } else {
        line(
            text,
            format_args!(
                "    {}{note}\n      was {before}\n      now {after}",
                change.key
            ),
        );
    }
}

fn effects(found: &Impact) -> String {
    let mut text = format!("\nOn {} shipments:\n", found.n_shipments);
    for lane in &found.lanes {
        let more = i128::from(lane.after) - i128::from(lane.before);
        line(
            &mut text,
            format_args!(
                "  {:7} {:8} -> {:8}  {more:+}",
                lane.lane, lane.before, lane.after
            ),
        );
    }
    for moved in &found.moved {
        let (from, to) = (moved.from, moved.to);
        line(
            &mut text,
            format_args!("  {from} to {to}: {} shipments", moved.counts.shipments),
        );
    }
    for (what, counts, (precision, of_all)) in [
        (
            "Gained",
            found.gained,
            (found.gained_precision, found.gained_expected),
        ),
        (
            "Lost",
            found.lost,
            (found.lost_precision, found.lost_expected),
        ),
    ] {
        line(
            &mut text,
            format_args!(
                "{what} {} shipments; of {} inspected {} bad: {}{}",
                counts.shipments,
                counts.inspected,
                counts.bad,
                share(precision),
                expected(of_all)
            ),
        );
    }
    let lines =
        (found.lines.iter()).map(|lane| format!("{} {} -> {}", lane.lane, lane.before, lane.after));
    let lines: Vec<String> = lines.collect();
    line(
        &mut text,
        format_args!(
            "Lines: {}; {} gained, {} lost, {} between red and yellow",
            lines.join(", "),
            found.lines_gained,
            found.lines_lost,
            found.lines_moved
        ),
    );
    let entities = (found.entities.iter())
        .map(|role| format!("{}s {} more, {} fewer", role.name, role.gained, role.lost));
    let entities: Vec<String> = entities.collect();
    line(
        &mut text,
        format_args!("With a shipment to look at: {}", entities.join("; ")),
    );
    let capacity = &found.capacity;
    for (when, lanes) in [("before", &capacity.before), ("after", &capacity.after)] {
        for lane in lanes.iter().filter(|lane| lane.limited > 0) {
            line(
                &mut text,
                format_args!(
                    "Capacity {when}, {}: {} of {} shipments beyond it, at {} ports, days and queues",
                    lane.lane, lane.over, lane.limited, lane.places
                ),
            );
        }
    }
    groups(&mut text, "theme, points alone", &found.themes);
    groups(&mut text, "port", &found.ports);
    if !found.rules.is_empty() {
        line(
            &mut text,
            format_args!("Rules that hit other shipments   more   fewer"),
        );
        for rule in found.rules.iter().take(SHOWN) {
            let (gained, lost) = (rule.gained.shipments, rule.lost.shipments);
            line(
                &mut text,
                format_args!("  {:28} {gained:6} {lost:7}", rule.id),
            );
        }
        if found.rules.len() > SHOWN {
            line(
                &mut text,
                format_args!("  and {} more: --json", found.rules.len() - SHOWN),
            );
        }
    }
    text
}

fn expected(found: Option<Interval>) -> String {
    found.map_or_else(String::new, |found| {
        format!(
            "; of all about {:.1} bad ({:.1} to {:.1}) if the others are like them",
            found.share, found.low, found.high
        )
    })
}

fn groups(text: &mut String, what: &str, groups: &[OfGroup]) {
    let moved = groups
        .iter()
        .filter(|group| group.gained + group.lost > 0)
        .take(SHOWN);
    let shown: Vec<String> = moved
        .map(|group| {
            format!(
                "{} +{} -{}",
                print::plain(&group.name),
                group.gained,
                group.lost
            )
        })
        .collect();
    if !shown.is_empty() {
        line(text, format_args!("By {what}: {}", shown.join(", ")));
    }
}

fn line(text: &mut String, written: std::fmt::Arguments<'_>) {
    writeln!(text, "{written}").expect("a string takes any text");
}
