//! `ch24 backtest`: labeled data -> what the rules would have found.

use super::args::BacktestArgs;
use super::exit::Exit;
use super::labeled::Labeled;
use super::rules::pack;
use super::{backtest_text, print, rule_cost, score};
use crate::error::{Error, ErrorKind};
use crate::report::{Origin, backtest_page};
use crate::tune::{Backtest, backtest, collect};
use std::path::Path;

/// Judges rules by outcomes and prints what they found.
pub(super) fn run(args: &BacktestArgs) -> Result<Exit, Error> {
    let rules = score::rules(&pack(args.data.rules.as_ref()), args.json)?;
    let opened = Labeled::open(&args.data, &rules, args.json)?;
    let data = opened.data();
    let evidence = collect(&rules, &data)?;
    let mut found = backtest(&rules, &evidence, args.data.capacity);
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
            inputs: data
                .reading
                .inputs
                .iter()
                .map(|input| input.label.clone())
                .collect(),
            pack: rules.hash,
            labels: args.data.labels.as_ref().map(|path| {
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
        true => print::json(&json(&found))?,
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
