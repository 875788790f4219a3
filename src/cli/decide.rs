//! `ch24 decide`: what an officer decided on a shipment.

use super::args::DecideArgs;
use super::exit::Exit;
use super::print::{self, plain};
use super::rules::today;
use super::score::day;
use crate::error::Error;
use crate::normalize::date::format_date;
use crate::past::{Decision, decide, decisions};
use std::fmt::Write;

/// Notes a decision, or lists what was decided.
pub(super) fn run(args: &DecideArgs) -> Result<Exit, Error> {
    let Some(shipment) = &args.shipment else {
        return list(args);
    };
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    let on = args.on.as_deref();
    let on = on.map_or_else(|| Ok(today()), |text| day("--on", text))?;
    let decision = Decision {
        shipment_key: shipment.clone(),
        decision: typed(&args.decision),
        reason: typed(&args.reason),
        on: format_date(on),
        by: typed(&args.by),
        note: args.note.clone(),
    };
    decide(&args.run, &decision)?;
    let text = match args.json {
        true => json(&decision),
        false => format!(
            "{}: {} ({}). The next run knows it with --since {}\n",
            plain(shipment),
            decision.decision,
            decision.reason,
            args.run.display()
        ),
    };
    print::shown(&text, args.json).map(|()| Exit::Done)
}

fn list(args: &DecideArgs) -> Result<Exit, Error> {
    let mut text = String::new();
    for decision in decisions(&args.run)? {
        if args.json {
            text.push_str(&json(&decision));
            continue;
        }
        let note = decision.note.as_deref().unwrap_or("");
        let line = writeln!(
            text,
            "{}  {:24} {:8} {:20} {}  {}",
            decision.on,
            plain(&decision.shipment_key),
            decision.decision,
            decision.reason,
            plain(&decision.by),
            plain(note)
        );
        line.expect("a string takes any text");
    }
    if text.is_empty() {
        text.push_str("Nothing was decided yet.\n");
    }
    print::shown(&text, args.json).map(|()| Exit::Done)
}

fn json(decision: &Decision) -> String {
    let text = serde_json::to_string(decision).expect("only plain keys and values");
    text + "\n"
}
