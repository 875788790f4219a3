//! `ch24 explain`: one line of a run, rule by rule.

use super::args::ExplainArgs;
use super::exit::Exit;
use super::print;
use super::trace_text::{Shown, not_evaluable, write_trace};
use crate::batch::TRUE;
use crate::diagnostic::nearest;
use crate::error::{Error, ErrorKind};
use crate::reconcile::Standing;
use crate::rules::{Rule, RuleSet};
use crate::schema::{FieldId, field};
use crate::score::{Program, score};
use crate::select::{Verdict, judge_noticed};
use crate::trace::Tracer;
use crate::trace::run::{Found, Moved, PastRun};
use std::fmt::Write;

/// Finds the line in the inputs of the run, and explains it.
pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Error> {
    let moved = Moved {
        rules: args.rules.clone(),
        inputs: args.input.clone(),
        map: args.map.clone(),
        history: args.history.clone(),
        id_key: None,
    };
    let past = PastRun::open(&args.run, &moved, &std::env::temp_dir())?;
    let program = Program::new(&past.rules);
    let wanted = match &args.why_not {
        None => None,
        Some(name) => Some(find_rule(&past.rules, name)?),
    };
    let found = past.find(&program, &args.line)?;
    if found.is_empty() {
        let message = format!(
            "no line of this run has the record_id, source_ref or line_id `{}`",
            print::plain(&args.line)
        );
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let mut text = String::new();
    for found in &found {
        let tracer = Tracer::new(&past.rules, &program, &found.batch, 0);
        let verdict = verdict(&past, &program, found);
        write_line(&mut text, found, &verdict);
        if found.standing != Standing::Superseded {
            write_notices(&mut text, &past.rules, &verdict);
        }
        match wanted {
            Some(rule) => write_rule(&mut text, &tracer, rule),
            None if args.near => write_near(&mut text, &past.rules, &tracer),
            None if found.standing == Standing::Superseded => {}
            None => write_hits(&mut text, &past.rules, &verdict, &tracer),
        }
    }
    print::out(&text).map(|()| Exit::Done)
}

fn find_rule<'a>(rules: &'a RuleSet, name: &str) -> Result<&'a Rule, Error> {
    rules.find(name).ok_or_else(|| {
        let known = rules.rules.iter().map(|rule| rule.id.as_str());
        let hint = nearest(name, known)
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Error::new(
            ErrorKind::Usage,
            format!("no rule is called `{name}`{hint}"),
        )
    })
}

fn say(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes any text");
}

/// The fields by which an officer knows a line.
const HEAD: &[FieldId] = &[
    field::HTS_NUMBER,
    field::TAXON,
    field::GOODS_DESCRIPTION,
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_HARVEST,
    field::COUNTRY_OF_EXPORT,
    field::US_PORT_OF_ENTRY,
    field::LEGAL_DATE,
];

fn write_line(text: &mut String, found: &Found, verdict: &Verdict) {
    let batch = &found.batch;
    let line = batch.text_at(field::LINE_ID, 0).unwrap_or("");
    let shipment = batch.text_at(field::SHIPMENT_KEY, 0).unwrap_or("");
    say(
        text,
        &print::plain(&format!(
            "{} {}, line {line}, shipment {shipment}",
            found.record_id, found.source_ref
        )),
    );
    for id in HEAD {
        let value = match *id {
            field::LEGAL_DATE => batch
                .date_at(*id, 0)
                .map(crate::normalize::date::format_date),
            id => batch.text_at(id, 0).map(print::plain),
        };
        say(
            text,
            &format!("  {:<20} {}", id.name(), value.as_deref().unwrap_or("NULL")),
        );
    }
    match found.standing {
        Standing::Latest => {}
        Standing::Context => say(
            text,
            "  context: a later stage of its shipment selects; this line sets no lane of a shipment",
        ),
        Standing::Superseded => {
            return say(
                text,
                "  lane superseded: it is a removal, or a later filing at its stage replaced or removed it; nothing that hits it counts\n",
            );
        }
    }
    let [timber, wildlife, iuu] = verdict.theme_scores;
    say(
        text,
        &format!(
            "  lane {}, score {} (timber {timber}, wildlife {wildlife}, iuu {iuu}), {} points in all, {} families, floor {}\n",
            verdict.lane.as_str(),
            verdict.score,
            verdict.points_total,
            verdict.families,
            verdict.floor.map_or("none", |floor| floor.as_str())
        ),
    );
}

fn verdict(past: &PastRun, program: &Program, found: &Found) -> Verdict {
    let rules = &past.rules;
    let scores = score(program, rules, &found.batch);
    let noticed = past.notices.find(rules, &found.batch, &scores);
    judge_noticed(rules, &scores, &noticed).of_row(0).clone()
}

/// The lookouts that the line meets, and the suppressions of what hit it.
fn write_notices(text: &mut String, rules: &RuleSet, verdict: &Verdict) {
    for number in &verdict.lookouts {
        let lookout = &rules.notices.lookouts[*number as usize];
        let line = format!(
            "{} asks to {} until {} ({}): {}",
            lookout.named(),
            lookout.action,
            lookout.term.until(),
            lookout.owner,
            lookout.reason
        );
        say(text, &print::plain(&line));
    }
    for (rule, number) in &verdict.suppressed {
        let suppression = &rules.notices.suppressions[*number as usize];
        let rule = rules.rule(*rule);
        let reason = match suppression.reason.as_str() {
            "" => String::new(),
            reason => format!(": {reason}"),
        };
        let line = format!(
            "{} {}: suppressed on {} by {} until {}{reason}; it hits and does not count",
            rule.id,
            rule.title,
            suppression.on(),
            suppression.approver,
            suppression.term.until(),
        );
        say(text, &print::plain(&line));
    }
    if !verdict.lookouts.is_empty() || !verdict.suppressed.is_empty() {
        say(text, "");
    }
}

fn write_hits(text: &mut String, rules: &RuleSet, verdict: &Verdict, tracer: &Tracer<'_>) {
    if verdict.hits.is_empty() && verdict.drafts.is_empty() {
        let what = match verdict.suppressed.is_empty() {
            true => "no rule hits",
            false => "no rule hits that counts",
        };
        say(
            text,
            &format!("{what}; `--near` lists those that were one condition short\n"),
        );
    }
    for id in verdict.hits.iter().chain(&verdict.drafts) {
        let rule = rules.rule(*id);
        write_head(text, rule);
        write_trace(text, &tracer.trace(rule), Shown::Deciding, 0);
        write_advice(text, rule);
    }
}

fn write_head(text: &mut String, rule: &Rule) {
    let floor = rule
        .floor
        .map_or_else(String::new, |floor| format!(", floor {floor}"));
    let draft = if rule.is_active() {
        ""
    } else {
        ", a draft: it does not count"
    };
    say(
        text,
        &format!(
            "{} {} ({}, {}, {} points{floor}{draft})",
            rule.id, rule.title, rule.severity, rule.family, rule.points
        ),
    );
}

fn write_advice(text: &mut String, rule: &Rule) {
    let texts = &rule.texts;
    let lines = [
        ("law", texts.legal_basis.join("; ")),
        ("why", texts.why.clone().unwrap_or_default()),
        ("clears", texts.clears.clone().unwrap_or_default()),
        ("may also hit", texts.false_positives.join("; ")),
        ("examine", texts.examine.join("; ")),
        ("refer to", texts.refer_to.join(", ")),
        ("ask for", texts.verify.join(", ")),
        ("question", texts.question.clone().unwrap_or_default()),
    ];
    for (label, value) in lines {
        if !value.is_empty() {
            say(text, &format!("  {label:<13} {value}"));
        }
    }
    say(text, "");
}

fn write_rule(text: &mut String, tracer: &Tracer<'_>, rule: &Rule) {
    write_head(text, rule);
    match tracer.not_evaluable(rule) {
        Some(reason) => say(
            text,
            &format!("  not evaluated: {}", not_evaluable(&reason)),
        ),
        None => {
            let trace = tracer.trace(rule);
            write_trace(text, &trace, Shown::All, 0);
            let verdict = match trace.distance() {
                0 => "it hits".to_owned(),
                1 => "one condition short".to_owned(),
                n => format!("{n} conditions short"),
            };
            say(text, &format!("  {verdict}"));
        }
    }
    say(text, "");
}

/// Rules that one changed leaf would make hit, where another leaf already holds.
fn write_near(text: &mut String, rules: &RuleSet, tracer: &Tracer<'_>) {
    let mut n_near = 0;
    for rule in &rules.rules {
        if tracer.not_evaluable(rule).is_some() {
            continue;
        }
        let trace = tracer.trace(rule);
        let holds_in_part = trace.leaves().iter().any(|leaf| leaf.truth == TRUE);
        if trace.distance() != 1 || !holds_in_part {
            continue;
        }
        n_near += 1;
        write_head(text, rule);
        for leaf in trace.lacking() {
            write_trace(text, leaf, Shown::All, 0);
        }
    }
    say(text, &format!("{n_near} rules were one condition short\n"));
}
