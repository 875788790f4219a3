//! `ch24 rules`: list and explain here; every longer command in a file of its own.

use super::args::{RulesArgs, RulesCommand};
use super::exit::Exit;
use super::rules_check::{self, Check};
use super::score::day;
use super::{print, rules_lists, rules_test};
use crate::diagnostic::{code, nearest};
use crate::error::{Error, ErrorKind};
use crate::rules::rule_keys::json_schema;
use crate::rules::{FUNCTIONS, PackSource, Rule, RuleSet, load};
use crate::schema::{FIELDS, find};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;

/// Runs a command about rules.
pub(super) fn run(args: &RulesArgs) -> Result<Exit, Error> {
    match &args.command {
        RulesCommand::Check {
            rules,
            rules_option,
            strict,
            json,
            as_of,
            data,
            map,
            reconcile,
        } => rules_check::run(&Check {
            pack: pack(rules.as_ref().or(rules_option.as_ref())),
            is_strict: *strict,
            is_json: *json,
            day: (as_of.as_deref()).map_or_else(|| Ok(today()), |text| day("--as-of", text))?,
            data,
            map: map.as_deref(),
            reconcile: super::score::reconcile(*reconcile),
        }),
        RulesCommand::Test { names, rules } => rules_test::run(&pack(rules.as_ref()), names),
        RulesCommand::Schema => print::json(&format!("{:#}\n", json_schema())).map(|()| Exit::Done),
        RulesCommand::Lists { rules, json } => {
            rules_lists::run(&pack(rules.as_ref()), *json, today())
        }
        RulesCommand::List { rules, json } => run_list(&pack(rules.as_ref()), *json),
        RulesCommand::Diff(args) => super::rules_diff::run(args),
        RulesCommand::Sql(args) => super::rules_sql::run(args),
        RulesCommand::Explain { name, rules } => run_explain(&pack(rules.as_ref()), name),
    }
}

pub(super) fn pack(directory: Option<&PathBuf>) -> PackSource {
    directory
        .cloned()
        .map_or(PackSource::Shipped, PackSource::Directory)
}

/// Today, for lists and reviews that are out of date.
#[expect(
    clippy::disallowed_methods,
    reason = "a check of a pack is about today; nothing that is scored depends on it"
)]
pub(super) fn today() -> i32 {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    i32::try_from(seconds / 86_400).unwrap_or(i32::MAX)
}

pub(super) fn rules_of(pack: &PackSource) -> Result<RuleSet, Error> {
    let loaded = load(pack)?;
    if loaded.rules.is_none() {
        print::styled(&loaded.diagnostics.render(&loaded.sources, print::color()));
    }
    loaded
        .rules
        .ok_or_else(|| Error::new(ErrorKind::Mistakes, loaded.diagnostics.summary_line()))
}

fn run_list(pack: &PackSource, is_json: bool) -> Result<Exit, Error> {
    let rules = rules_of(pack)?;
    let mut all: Vec<&Rule> = rules.rules.iter().chain(&rules.shelved).collect();
    all.sort_by(|left, right| left.id.cmp(&right.id));
    let mut text = String::new();
    if is_json {
        let listed: Vec<Value> = all.iter().map(|rule| listed(rule)).collect();
        text = format!("{:#}\n", Value::from(listed));
    } else {
        for rule in all {
            let status = if rule.is_active() {
                ""
            } else {
                rule.status.as_str()
            };
            let floor = rule.floor.map_or("", |floor| floor.as_str());
            writeln!(
                text,
                "{:<6} {:<8} {:<9} {:<8} {:>3} {:<7} {:<8} {}",
                rule.id,
                rule.theme,
                rule.family,
                rule.severity,
                rule.points,
                floor,
                status,
                rule.title
            )
            .expect("a string takes any text");
        }
    }
    match is_json {
        true => print::json(&text),
        false => print::table(&text),
    }
    .map(|()| Exit::Done)
}

fn listed(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "theme": rule.theme,
        "level": rule.level,
        "family": rule.family,
        "severity": rule.severity,
        "points": rule.points,
        "floor": rule.floor,
        "status": rule.status,
        "version": rule.version,
        "stages": rule.stages,
        "mitigates": rule.mitigates,
        "when": rule.when,
        "params": rule.params.iter().map(|(name, value)| (name.clone(), Value::from(*value))).collect::<serde_json::Map<_, _>>(),
        "fields": rule.fields.iter().map(crate::schema::FieldId::name).collect::<Vec<_>>(),
        "reason": rule.texts.reason,
        "owner": rule.texts.owner,
        "review_by": rule.texts.review_by,
        "refer_to": rule.texts.refer_to,
        "verify": rule.texts.verify,
        "question": rule.texts.question,
        "examine": rule.texts.examine,
        "legal_basis": rule.texts.legal_basis,
        "why": rule.texts.why,
        "clears": rule.texts.clears,
        "false_positives": rule.texts.false_positives,
        "sources": rule.texts.sources,
    })
}

/// Explains whatever bears the name: a rule, a diagnostic code, a field or a function.
fn run_explain(pack: &PackSource, name: &str) -> Result<Exit, Error> {
    if let Some(code) = code(name) {
        return print::out(&format!(
            "{}: {}\n\n{}\n",
            code.name,
            code.summary,
            code.text.trim()
        ))
        .map(|()| Exit::Done);
    }
    if let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) {
        return print::out(&format!("{}\n  {}\n", function.usage, function.meaning))
            .map(|()| Exit::Done);
    }
    if let Some(field) = find(name).and_then(crate::schema::FieldId::field) {
        let text = format!(
            "{}: {}\n  type    {}\n  codes   {}\n  source  {}\n",
            field.name,
            field.meaning,
            field.value_type().as_str(),
            field.codes,
            field.source
        );
        return print::out(&text).map(|()| Exit::Done);
    }
    let rules = rules_of(pack)?;
    if let Some(rule) = rules.find(name) {
        return print::out(&explained(rule, &rules)).map(|()| Exit::Done);
    }
    let known = rules
        .rules
        .iter()
        .flat_map(|rule| [rule.id.as_str(), rule.name.as_str()]);
    let known = known
        .chain(crate::diagnostic::codes().map(|code| code.name))
        .chain(FIELDS.iter().map(|field| field.name))
        .chain(FUNCTIONS.iter().map(|function| function.name));
    let hint =
        nearest(name, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(Error::new(
        ErrorKind::Usage,
        format!("no rule, code, field or function is called `{name}`{hint}"),
    ))
}

fn explained(rule: &Rule, rules: &RuleSet) -> String {
    let mut text = format!("{} {}\n{}\n\n", rule.id, rule.name, rule.title);
    let mut say = |label: &str, value: &str| {
        if !value.is_empty() {
            let value = value.replace('\n', "\n                 ");
            writeln!(text, "{label:<16} {value}").expect("a string takes any text");
        }
    };
    let floor = rule
        .floor
        .map_or_else(String::new, |floor| format!(", floor {floor}"));
    say(
        "theme",
        &format!(
            "{}, {} evidence, {} severity",
            rule.theme, rule.family, rule.severity
        ),
    );
    say(
        "points",
        &format!(
            "{}{floor}{}",
            rule.points,
            if rule.mitigates { ", subtracted" } else { "" }
        ),
    );
    say(
        "status",
        &format!("{}, version {}", rule.status, rule.version),
    );
    say("reason", rule.texts.reason.as_deref().unwrap_or(""));
    let stages: Vec<_> = rule.stages.iter().map(|stage| stage.as_str()).collect();
    say(
        "stages",
        &if stages.is_empty() {
            "all".to_owned()
        } else {
            stages.join(", ")
        },
    );
    say("when", &rule.when);
    let params: Vec<_> = rule
        .params
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    say("params", &params.join(", "));
    let fields: Vec<_> = rule
        .fields
        .iter()
        .map(crate::schema::FieldId::name)
        .collect();
    say("reads", &fields.join(", "));
    let derived: Vec<_> = rules
        .derived
        .iter()
        .filter(|derived| mentions(&rule.when, &derived.name))
        .map(|derived| format!("{} = {}", derived.name, derived.text))
        .collect();
    say("where", &derived.join("\n"));
    say("law", &rule.texts.legal_basis.join("; "));
    say("why", rule.texts.why.as_deref().unwrap_or(""));
    say("clears", rule.texts.clears.as_deref().unwrap_or(""));
    say("false positives", &rule.texts.false_positives.join("; "));
    say("examine", &rule.texts.examine.join("; "));
    say("refer to", &rule.texts.refer_to.join(", "));
    say("verify", &rule.texts.verify.join(", "));
    say("question", rule.texts.question.as_deref().unwrap_or(""));
    say("sources", &rule.texts.sources.join(", "));
    say("owner", rule.texts.owner.as_deref().unwrap_or(""));
    say("review by", rule.texts.review_by.as_deref().unwrap_or(""));
    for list in rules
        .lists
        .iter()
        .filter(|list| rule.when.contains(&format!("'{}'", list.name)))
    {
        say(
            "list",
            &format!("{} as of {}: {}", list.name, list.as_of, list.source),
        );
    }
    text
}

fn mentions(condition: &str, name: &str) -> bool {
    condition
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == name)
}
