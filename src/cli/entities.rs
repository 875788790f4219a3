//! `ch24 entities`: the entities of a past run.

use super::args::EntitiesArgs;
use super::exit::Exit;
use super::past_run::past_run;
use super::print::{self, plain};
use crate::dossier::{Internal, collect, internal};
use crate::entity::Role;
use crate::error::{Error, ErrorKind};
use crate::past::{Listed, Wanted, listed, look_up, ordered};
use crate::rules::SCORED_THEMES;
use crate::rules::vocabulary::Theme;
use crate::summary::thousands;
use serde_json::json;
use std::fmt::Write;

/// Lists entities.
pub(super) fn run(args: &EntitiesArgs) -> Result<Exit, Error> {
    if let Some(name) = &args.entity {
        return account(args, name);
    }
    let theme = args.theme.as_deref().map(theme).transpose()?;
    let wanted = Wanted {
        role: args.role.as_deref().map(role).transpose()?,
        theme,
        candidates: args.candidates,
    };
    let mut found = listed(&args.run, wanted)?;
    ordered(&mut found, theme);
    let n_found = found.len();
    if args.top > 0 {
        found.truncate(args.top);
    }
    if args.json {
        let text = serde_json::to_string_pretty(&found);
        let text = text.expect("entities have only plain keys and values");
        return print::json(&format!("{text}\n")).map(|()| Exit::Done);
    }
    print::out(&text(&found, n_found, theme)).map(|()| Exit::Done)
}

/// Reads the inputs again for the entities of a name, and prints what is known of each.
fn account(args: &EntitiesArgs, name: &str) -> Result<Exit, Error> {
    let wanted = args.role.as_deref().map(role).transpose()?;
    let found = look_up(&args.run, name, wanted)?;
    let past = past_run(&args.run, &args.past)?;
    let (collected, masks) = collect(&past, found, 0)?;
    let accounts: Vec<Internal> = collected
        .into_iter()
        .map(|collected| internal(&past, collected, &masks, Vec::new()))
        .collect();
    if args.json {
        let shown: Vec<_> = accounts
            .iter()
            .map(|account| {
                json!({
                    "entity": account.entity,
                    "identity": account.identity,
                    "linked": account.linked,
                    "outcomes": account.outcomes,
                })
            })
            .collect();
        return print::json(&format!("{:#}\n", json!(shown))).map(|()| Exit::Done);
    }
    let mut shown = String::new();
    for account in &accounts {
        shown.push_str(&text(std::slice::from_ref(&account.entity), 1, None));
        write_account(&mut shown, account).expect("a string takes any text");
    }
    print::out(&shown).map(|()| Exit::Done)
}

/// Linked parties that are named.
const MAX_LINKED: usize = 20;

fn write_account(text: &mut String, account: &Internal) -> std::fmt::Result {
    writeln!(text, "\nAs filed over time:")?;
    for used in &account.identity {
        let days = [&used.first, &used.last].map(|day| day.as_deref().unwrap_or("-"));
        writeln!(
            text,
            "  {:<26} {} {}  {:>7} lines  {}",
            used.field,
            days[0],
            days[1],
            thousands(used.lines),
            plain(&used.value)
        )?;
    }
    if !account.linked.is_empty() {
        writeln!(text, "On the same lines to verify (a link is no evidence):")?;
    }
    for party in account.linked.iter().take(MAX_LINKED) {
        let name = party.name.as_deref().unwrap_or(&party.key);
        writeln!(
            text,
            "  {:<26} {:>7} shipments  {}",
            party.role,
            party.shipments,
            plain(name)
        )?;
    }
    for outcome in account.outcomes.iter().take(MAX_LINKED) {
        let values = outcome.values.iter().map(|(_, value)| value.as_str());
        let values: Vec<&str> = values.collect();
        writeln!(
            text,
            "  inspected {}: {}",
            plain(&outcome.line_id),
            values.join(", ")
        )?;
    }
    writeln!(text)
}

/// The role of a word.
pub(super) fn role(word: &str) -> Result<Role, Error> {
    let word = word.replace('-', "_");
    Role::find(&word).ok_or_else(|| {
        let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
        let message = format!("`{word}` is not a role: {}", roles.join(", "));
        Error::new(ErrorKind::Usage, message)
    })
}

fn theme(word: &str) -> Result<Theme, Error> {
    let found = SCORED_THEMES.iter().find(|theme| theme.as_str() == word);
    found.copied().ok_or_else(|| {
        let themes: Vec<_> = SCORED_THEMES.iter().map(|theme| theme.as_str()).collect();
        let message = format!("`{word}` is not a theme: {}", themes.join(", "));
        Error::new(ErrorKind::Usage, message)
    })
}

/// Rules that are named per entity.
const TOP_RULES: usize = 5;

fn text(entities: &[Listed], n_found: usize, theme: Option<Theme>) -> String {
    let mut text = String::new();
    let by = theme.map_or("score", Theme::as_str);
    writeln!(
        text,
        "{:>6} {:<16} {:>9} {:>4} {:>6} {:>6} {:>5} {:<21}\n       name (key); rules by shipments",
        by, "role", "shipments", "red", "yellow", "verify", "bad/ok", "days"
    )
    .expect("a string takes any text");
    for entity in entities {
        let score = theme.map_or(entity.score, |theme| entity.theme_score(theme));
        let days = [&entity.first_date, &entity.last_date];
        let days = days.map(|day| day.as_deref().unwrap_or("-"));
        writeln!(
            text,
            "{score:>6.1} {:<16} {:>9} {:>4} {:>6} {:>6} {:>5} {:<21}\n       {}",
            entity.role.as_str(),
            thousands(u64::from(entity.n_shipments)),
            entity.n_red,
            entity.n_yellow,
            entity.cva_shipments,
            format!("{}/{}", entity.n_outcome_bad, entity.n_outcome_ok),
            days.join(" "),
            named(entity),
        )
        .expect("a string takes any text");
    }
    let note = "A score is the mean of an entity's shipments in the scope of a theme: recent ones weigh more, size does not count, few shipments are drawn towards the mean of the role. Linked parties share no points. A red flag is a reason to look, never a finding.";
    writeln!(
        text,
        "{} of {}. {note}",
        entities.len(),
        thousands(n_found as u64)
    )
    .expect("a string takes any text");
    text
}

fn named(entity: &Listed) -> String {
    let rules: Vec<String> = entity
        .rule_shipments
        .iter()
        .take(TOP_RULES)
        .map(|(rule, shipments)| format!("{rule}:{shipments}"))
        .collect();
    let key = match entity.key == entity.name {
        true => String::new(),
        false => format!(" ({})", plain(&entity.key)),
    };
    format!("{}{key}; {}", plain(&entity.name), rules.join(" "))
}
