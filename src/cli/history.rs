//! `ch24 history build`: past lines into a store.

use super::args::{HistoryArgs, HistoryBuildArgs, HistoryCommand};
use super::exit::Exit;
use super::print;
use super::progress::Progress;
use super::rules::pack;
use super::score::{bad_rows, identities, reading, rules};
use crate::error::Error;
use crate::history::store::{BuildJob, Built, build};
use crate::read::find_inputs;
use crate::summary::thousands;

/// Runs a command on stores.
pub(super) fn run(args: &HistoryArgs) -> Result<Exit, Error> {
    let HistoryCommand::Build(args) = &args.command;
    let pack = pack(args.rules.as_ref());
    let job = BuildJob {
        rules: rules(&pack, args.quiet)?,
        reading: reading(
            match args.inputs.is_empty() {
                true => Vec::new(),
                false => find_inputs(&args.inputs)?,
            },
            args.map.as_deref(),
            args.quiet,
        )?,
        outcomes: args.outcomes.clone(),
        identities: identities(args.id_key.as_deref(), false)?,
        store: args.out.clone(),
        threads: args.threads,
        max_bad_rows: bad_rows(&args.max_bad_rows)?,
    };
    let progress = Progress::start(args.quiet || args.json, &job.reading.inputs);
    let built = build(&job, progress.rows());
    drop(progress);
    let built = built?;
    if args.json {
        let text = serde_json::to_string(&built.segment).expect("plain keys and values");
        print::json(&format!("{text}\n"))?;
    } else if !args.quiet {
        print::out(&text(&built, args))?;
    }
    Ok(Exit::Done)
}

fn text(built: &Built, args: &HistoryBuildArgs) -> String {
    let mut lines: Vec<String> = built
        .skipped
        .iter()
        .map(|(label, place)| format!("{label} stands in the store already ({place}): passed over"))
        .collect();
    if built.n_set_aside > 0 {
        lines.push(format!("{} rows set aside", thousands(built.n_set_aside)));
    }
    if built.n_outcomes_set_aside > 0 {
        lines.push(format!(
            "{} rows of outcomes give no label: `ch24 outcomes import` says why",
            thousands(built.n_outcomes_set_aside)
        ));
    }
    if built.n_known_labels > 0 {
        let n = thousands(built.n_known_labels);
        lines.push(format!(
            "{n} labels stand in the store already: passed over"
        ));
    }
    let Some(segment) = &built.segment else {
        lines.push("Nothing to add.".to_owned());
        return lines.join("\n") + "\n";
    };
    let day = |day: &Option<String>| day.clone().unwrap_or_else(|| "no date".to_owned());
    let undated = match segment.undated_rows {
        0 => String::new(),
        n => format!(", {} of them without a date", thousands(n)),
    };
    if segment.labels_without_row > 0 {
        lines.push(format!(
            "{} of {} labels name no line of the store yet: they count once it is there",
            thousands(segment.labels_without_row),
            thousands(segment.labels.rows)
        ));
    }
    let labels = match segment.labels.rows {
        0 => String::new(),
        n => format!(", {} labels", thousands(n)),
    };
    let what = match segment.rows {
        0 => format!("No line{labels}"),
        rows => format!(
            "{} lines of {} to {}{undated}, {} outcomes{labels}",
            thousands(rows),
            day(&segment.from),
            day(&segment.to),
            thousands(segment.outcomes),
        ),
    };
    let (name, store) = (&segment.name, args.out.display());
    lines.push(format!("{what}: segment {name} of {store}"));
    lines.join("\n") + "\n"
}
