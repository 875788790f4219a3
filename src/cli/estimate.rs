//! `ch24 estimate`: past runs and outcomes -> what is bad, what is missed, what rules are worth.

use super::args::EstimateArgs;
use super::exit::Exit;
use super::{estimate_text, print};
use crate::error::{Error, ErrorKind};
use crate::estimate::{HalfWidth, estimate};
use crate::tune::Labels;

/// Estimates, and prints.
pub(super) fn run(args: &EstimateArgs) -> Result<Exit, Error> {
    let half_width = half_width(args)?;
    let labels = Labels::read(&args.outcomes)?;
    if labels.is_empty() {
        let message = "no row has an outcome (bad, ok) and a key";
        return Err(Error::at(ErrorKind::Input, &args.outcomes, message));
    }
    let found = estimate(&args.runs, labels, half_width)?;
    if found.strata.iter().all(|stratum| stratum.inspected <= 0.0) {
        let message = "no outcome is of a shipment that these runs selected or drew";
        return Err(Error::at(ErrorKind::Input, &args.outcomes, message));
    }
    let text = match args.json {
        true => {
            let text = serde_json::to_string_pretty(&found);
            text.expect("an estimate has only plain keys and values") + "\n"
        }
        false => estimate_text::text(&found),
    };
    print::shown(&text, args.json).map(|()| Exit::Done)
}

fn half_width(args: &EstimateArgs) -> Result<HalfWidth, Error> {
    let (flag, value) = match args.half_width {
        Some(share) => ("--half-width", share),
        None => ("--relative-half-width", args.relative_half_width),
    };
    if !(value > 0.0 && value < 1.0) {
        let message = format!("{flag} {value}: write a number between 0 and 1");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    Ok(match args.half_width {
        Some(share) => HalfWidth::Share(share),
        None => HalfWidth::OfEstimate(value),
    })
}
