//! `ch24 outcomes import`: results of inspections and verifications come back.

use super::args::{OutcomesArgs, OutcomesCommand};
use super::exit::Exit;
use super::print;
use super::rules::today;
use crate::error::Error;
use crate::outcomes::import;

/// Adds outcomes to a store.
pub(super) fn run(args: &OutcomesArgs) -> Result<Exit, Error> {
    let OutcomesCommand::Import {
        file,
        run,
        out,
        json,
    } = &args.command;
    let imported = import(file, run.as_deref(), out, today())?;
    let text = match json {
        true => serde_json::to_string(&imported).expect("counts have only plain keys and values"),
        false => format!(
            "{} rows: {} new labels, {} known before, {} set aside, {} issues.\n{} labels in {}",
            imported.rows,
            imported.new_labels,
            imported.known_labels,
            imported.set_aside,
            imported.issues,
            imported.labels,
            out.join("labels.csv").display()
        ),
    };
    print::shown(&format!("{text}\n"), *json).map(|()| Exit::Done)
}
