//! `ch24 backtest`: labeled data -> what the rules would have found.

use super::args::BacktestArgs;
use super::exit::Exit;
use super::{backtest_text, print, rule_cost, score, standard_input};
use crate::batch::FieldSet;
use crate::error::{Error, ErrorKind};
use crate::normalize::Identities;
use crate::read::{BATCH_ROWS, Reading, find_inputs};
use crate::report::{Origin, backtest_page};
use crate::rules::PackSource;
use crate::tune::{Backtest, Labeled, Labels, backtest, collect};
use std::path::Path;

/// Judges rules by outcomes and prints what they found.
pub(super) fn run(args: &BacktestArgs) -> Result<Exit, Error> {
    let pack = args.rules.clone();
    let pack = pack.map_or(PackSource::Shipped, PackSource::Directory);
    let rules = score::rules(&pack, args.json)?;
    let mut inputs = find_inputs(&args.inputs)?;
    let _kept = standard_input::keep(&mut inputs)?;
    let reading = Reading {
        inputs,
        mapping: score::mapping(args.map.as_deref(), args.json)?,
        wanted: FieldSet::default(),
        batch_rows: BATCH_ROWS,
    };
    let labels = args.labels.as_deref().map(Labels::read).transpose()?;
    let identities = Identities::FirstRow;
    let store = score::history(args.history.as_deref(), args.json, &rules, &identities)?;
    let data = Labeled {
        reading: &reading,
        labels: labels.as_ref(),
        history: store.as_ref(),
        reconcile: score::reconcile(args.reconcile),
        spill: &std::env::temp_dir(),
        threads: args.threads,
    };
    let evidence = collect(&rules, &data)?;
    let mut found = backtest(&rules, &evidence, args.capacity);
    if found.all.inspected <= 0.0 {
        let message =
            "no shipment has an outcome: map the field `outcome`, or name a file with --labels";
        return Err(Error::new(ErrorKind::Input, message.to_owned()));
    }
    if args.cost {
        rule_cost::measure(&rules, &data, &mut found)?;
    }
    if let Some(out) = &args.out {
        let origin = Origin {
            inputs: reading
                .inputs
                .iter()
                .map(|input| input.label.clone())
                .collect(),
            pack: rules.hash,
            labels: args.labels.as_ref().map(|path| {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            }),
        };
        write(
            out,
            &[
                ("backtest.json", json(&found)),
                ("backtest.html", backtest_page(&found, &origin)),
            ],
        )?;
    }
    match args.json {
        true => print::out(&json(&found))?,
        false => print::out(&backtest_text::text(&found))?,
    }
    Ok(Exit::Done)
}

fn json(found: &Backtest) -> String {
    let text = serde_json::to_string_pretty(found);
    text.expect("a backtest has only plain keys and values") + "\n"
}

#[expect(
    clippy::disallowed_methods,
    reason = "a small result is written whole into a directory that is new"
)]
fn write(out: &Path, files: &[(&str, String)]) -> Result<(), Error> {
    std::fs::create_dir(out).map_err(|error| Error::io(out, &error))?;
    files.iter().try_for_each(|(name, text)| {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|error| Error::io(&path, &error))
    })
}
