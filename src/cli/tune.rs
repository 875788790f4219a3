//! `ch24 tune`: labeled data and a pack -> a new pack with better points, and why.

use super::args::TuneArgs;
use super::exit::Exit;
use super::labeled::Labeled;
use super::rules::pack;
use super::{print, score};
use crate::error::{Error, ErrorKind};
use crate::normalize::date::parse_date;
use crate::rules::{PackFile, load_files};
use crate::tune::{
    Collected, Names, Proposal, Question, Wish, collect_for_tuning, review, rewrite, tune, what_ifs,
};
use crate::write::Output;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// Tunes a pack and writes the new one with its report.
pub(super) fn run(args: &TuneArgs) -> Result<Exit, Error> {
    let pack = pack(args.data.rules.as_ref());
    let rules = score::rules(&pack, args.json)?;
    let files = pack.files()?;
    let loaded = load_files(files.clone());
    if let Some(unknown) = args.pin.iter().find(|name| rules.find(name).is_none()) {
        let message = format!("--pin {unknown}: the pack has no such rule");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let opened = Labeled::open(&args.data, &rules, args.json)?;
    let data = opened.data();
    let protect = args.protect.as_deref().map(Names::read).transpose()?;
    let wish = Wish {
        capacity: args.data.capacity,
        split: args.split.as_deref().map(day).transpose()?,
        seed: args.seed,
        pinned: args.pin.clone(),
    };
    if args.out.exists() {
        let message = "the output exists; choose another --out";
        return Err(Error::at(ErrorKind::OutputExists, &args.out, message));
    }
    let output = Output::create(&args.out, false)?;
    let began = Instant::now();
    let question = Question {
        files: &files,
        loaded: &loaded,
        data: &data,
        protect: &protect.unwrap_or_default(),
        is_mining: !args.no_mining,
    };
    let collected = collect_for_tuning(&question)?;
    let read = began.elapsed();
    if !collected.has_outcomes() {
        let message =
            "no shipment has an outcome: map the field `outcome`, or name a file with --labels";
        return Err(Error::new(ErrorKind::Input, message.to_owned()));
    }
    let began = Instant::now();
    let proposal = tune(&collected, &wish);
    let tuned = began.elapsed();
    let new = rewrite(&files, &loaded, &proposal)?;
    write(&output, &new, &proposal)?;
    output.finish()?;
    let timings = json!({
        "reading_seconds": read.as_secs_f64(),
        "tuning_seconds": tuned.as_secs_f64(),
        "what_ifs": proposal.n_what_ifs,
        "what_if_milliseconds": what_if_milliseconds(&collected),
    });
    match args.json {
        true => {
            let mut value =
                serde_json::to_value(&proposal).expect("a proposal has only plain keys and values");
            value["timings"] = timings;
            print::json(&format!("{value:#}\n"))?;
        }
        false => print::out(&text(&proposal, &args.out, &timings))?,
    }
    Ok(Exit::Done)
}

/// How long it takes to let a rule count for something else and to judge the new ranking, on average over the active rules.
fn what_if_milliseconds(collected: &Collected) -> f64 {
    let began = Instant::now();
    let n_tried = what_ifs(collected);
    1000.0 * began.elapsed().as_secs_f64() / n_tried.max(1) as f64
}

fn day(text: &str) -> Result<i32, Error> {
    parse_date(text).ok_or_else(|| {
        let message = format!("--split {text}: write a day as YYYY-MM-DD");
        Error::new(ErrorKind::Usage, message)
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "small files, written whole below an output that appears at the end"
)]
fn write(output: &Output, files: &[PackFile], proposal: &Proposal) -> Result<(), Error> {
    let put = |name: &str, bytes: &[u8]| {
        let path = output.file(name);
        let failed = |error: std::io::Error| Error::io(Path::new(name), &error);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(failed)?;
        }
        std::fs::write(&path, bytes).map_err(failed)
    };
    for (name, bytes) in files {
        put(name, bytes)?;
    }
    put("tuning-report.md", review(proposal).as_bytes())?;
    let json =
        serde_json::to_string_pretty(proposal).expect("a proposal has only plain keys and values");
    put("tuning.json", (json + "\n").as_bytes())
}

fn text(proposal: &Proposal, out: &Path, timings: &serde_json::Value) -> String {
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        writeln!(text, "{written}").expect("a string takes any text");
    };
    let (before, after) = (&proposal.before, &proposal.after);
    let percent = |share: Option<f64>| {
        share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share))
    };
    let split = proposal.split.as_deref().unwrap_or("the end of time");
    line(format_args!(
        "Trained on {} shipments before {split}, validated on {} from then on; capacity {:.1} % of shipments.",
        before.train.all.shipments,
        before.validation.all.shipments,
        100.0 * proposal.share
    ));
    line(format_args!(
        "                       train            validation"
    ));
    for (name, of) in [
        (
            "precision",
            (&|of: &crate::tune::Figures| percent(of.precision))
                as &dyn Fn(&crate::tune::Figures) -> String,
        ),
        ("share of bad", &|of| percent(Some(of.recall))),
        ("AUC", &|of| {
            of.auc.map_or("-".to_owned(), |auc| format!("{auc:.3}"))
        }),
        ("objective", &|of| format!("{:.4}", of.objective)),
    ] {
        line(format_args!(
            "  {name:14} {:>7} -> {:7}  {:>7} -> {:7}",
            of(&before.train),
            of(&after.train),
            of(&before.validation),
            of(&after.validation)
        ));
    }
    line(format_args!("Changes:"));
    for change in &proposal.changes {
        line(format_args!(
            "  {:8} {}: {} -> {}  ({:.0} % of resamples, {:+.4} in validation)  {}",
            change.rule,
            change.key,
            change.before,
            change.after,
            100.0 * change.same_sign,
            change.validated,
            print::plain(&change.title)
        ));
    }
    if proposal.changes.is_empty() {
        line(format_args!("  none"));
    }
    line(format_args!(
        "Refused: {}. Left alone: {} rules. Mined drafts: {} of {} conditions tried.",
        proposal.refused.len(),
        proposal.left_alone.len(),
        proposal.mined.len(),
        proposal.n_mined
    ));
    line(format_args!(
        "Of {} rules that hit, {} keep 99 % of the benefit and {} keep 95 %.",
        proposal.pruning.n_rules,
        proposal.pruning.keeps_99.len(),
        proposal.pruning.keeps_95.len()
    ));
    let number = |key: &str| timings[key].as_f64().unwrap_or(0.0);
    line(format_args!(
        "Read in {:.1} s, tuned in {:.1} s; a what-if takes {:.3} ms.",
        number("reading_seconds"),
        number("tuning_seconds"),
        number("what_if_milliseconds")
    ));
    line(format_args!(
        "{} holds the new pack; its tuning-report.md says why.",
        out.display()
    ));
    text
}
