//! The entities of a past run, as its table lists them.

use super::table::{Row, for_each_row, path_of};
use crate::diagnostic::nearest;
use crate::entity::Role;
use crate::error::{Error, ErrorKind};
use crate::rules::SCORED_THEMES;
use crate::rules::vocabulary::Theme;
use serde::Serialize;
use std::path::Path;

/// An entity as a past run listed it: a row of its table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// Its role.
    pub role: Role,
    /// What tells it apart; a mask for a number that can be a Social Security number.
    pub key: String,
    /// How it is named.
    pub name: String,
    /// From 1 within its role.
    pub rank: u32,
    /// The largest theme score.
    pub score: f64,
    /// Scores of timber, wildlife and IUU fishing.
    pub theme_scores: [f64; 3],
    /// Lines.
    pub n_lines: u32,
    /// Shipments.
    pub n_shipments: u32,
    /// Shipments with a red line of it.
    pub n_red: u32,
    /// Shipments with a yellow line of it, and no red one.
    pub n_yellow: u32,
    /// Entered value.
    pub value_usd: f64,
    /// Entered value of lines that are not green.
    pub value_at_risk_usd: f64,
    /// Gross weight of the same lines.
    pub weight_at_risk_kg: f64,
    /// First day, ISO form.
    pub first_date: Option<String>,
    /// Last day, ISO form.
    pub last_date: Option<String>,
    /// Shipments that make it a candidate for verification.
    pub cva_shipments: u32,
    /// Shipments that were looked at and found wrong.
    pub n_outcome_bad: u32,
    /// Shipments that were looked at and found in order.
    pub n_outcome_ok: u32,
    /// Rules and the shipments that each hit, most first.
    #[serde(serialize_with = "crate::dossier::as_object")]
    pub rule_shipments: Vec<(String, u32)>,
}

/// Which entities are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Of this role only.
    pub role: Option<Role>,
    /// With a score in this theme only.
    pub theme: Option<Theme>,
    /// Candidates for verification only.
    pub candidates: bool,
}

const COLUMNS: [&str; 21] = [
    "role",
    "entity_key",
    "name",
    "rank",
    "score",
    "timber_score",
    "wildlife_score",
    "iuu_score",
    "n_lines",
    "n_shipments",
    "n_red",
    "n_yellow",
    "value_usd",
    "value_at_risk_usd",
    "weight_at_risk_kg",
    "first_date",
    "last_date",
    "cva_shipments",
    "n_outcome_bad",
    "n_outcome_ok",
    "rule_shipments",
];

/// The entities of a run that are wanted and that a rule hit or an inspection looked at, by role and rank.
///
/// # Errors
/// When the run wrote no entities, or its table cannot be read.
pub fn listed(run: &Path, wanted: Wanted) -> Result<Vec<Listed>, Error> {
    let mut found = Vec::new();
    each(run, |entity| {
        let is_of_role = wanted.role.is_none_or(|role| role == entity.role);
        let has_theme = wanted
            .theme
            .is_none_or(|theme| entity.theme_score(theme) > 0.0);
        let is_candidate = !wanted.candidates || entity.cva_shipments > 0;
        let is_known =
            !entity.rule_shipments.is_empty() || entity.n_outcome_bad + entity.n_outcome_ok > 0;
        if is_of_role && has_theme && is_candidate && is_known {
            found.push(entity);
        }
    })?;
    Ok(found)
}

/// Puts entities of all roles in one order: by a theme's score, else by score; then by shipments to verify, role and rank.
pub fn ordered(entities: &mut [Listed], theme: Option<Theme>) {
    let score = |entity: &Listed| theme.map_or(entity.score, |theme| entity.theme_score(theme));
    entities.sort_by(|left, right| {
        let places = |entity: &Listed| {
            (
                std::cmp::Reverse(entity.cva_shipments),
                entity.role,
                entity.rank,
            )
        };
        score(right)
            .total_cmp(&score(left))
            .then_with(|| places(left).cmp(&places(right)))
    });
}

/// The entities that bear a key or a name, spelling and case aside, of one role or of any.
///
/// # Errors
/// When none does; the message names those that come nearest.
pub fn look_up(run: &Path, name: &str, role: Option<Role>) -> Result<Vec<Listed>, Error> {
    let wanted = squeezed(name);
    let (mut found, mut names) = (Vec::new(), Vec::new());
    each(run, |entity| {
        if role.is_some_and(|role| role != entity.role) {
            return;
        }
        if squeezed(&entity.key) == wanted || squeezed(&entity.name) == wanted {
            found.push(entity);
        } else if entity.role.can_be_candidate() {
            names.push(entity.name);
        }
    })?;
    if found.is_empty() {
        return Err(Error::new(ErrorKind::Usage, unknown(name, names)));
    }
    Ok(found)
}

/// Suggestions that a message makes, at most.
const SUGGESTIONS: usize = 5;

fn unknown(name: &str, mut names: Vec<String>) -> String {
    names.sort_unstable();
    names.dedup();
    let wanted = name.to_uppercase();
    let holds = names
        .iter()
        .filter(|known| !wanted.is_empty() && known.contains(&wanted));
    let mut near: Vec<&str> = holds.take(SUGGESTIONS).map(String::as_str).collect();
    if near.is_empty() {
        near.extend(nearest(&wanted, names.iter().map(String::as_str)));
    }
    let mut message = format!("no entity of this run has the key or name `{name}`");
    if !near.is_empty() {
        let near: Vec<_> = near.iter().map(|name| format!("`{name}`")).collect();
        message.push_str("; did you mean ");
        message.push_str(&near.join(", "));
        message.push('?');
    }
    message
}

/// Letters and digits only, upper case.
fn squeezed(text: &str) -> String {
    let kept = text.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

fn each(run: &Path, mut take: impl FnMut(Listed)) -> Result<(), Error> {
    let Some(path) = path_of(run, "entities") else {
        let message =
            "this run wrote no entities: score again without --outputs, or name `entities` in it";
        return Err(Error::at(ErrorKind::Usage, run, message));
    };
    let mut is_whole = true;
    for_each_row(&path, &COLUMNS, |row| match read(&row) {
        Some(entity) => take(entity),
        None => is_whole = false,
    })?;
    match is_whole {
        true => Ok(()),
        false => {
            let message = "this is not a table of entities of this version: score again";
            Err(Error::at(ErrorKind::Input, &path, message))
        }
    }
}

fn read(row: &Row) -> Option<Listed> {
    let text = |column: usize| row.get(column)?.clone();
    let count = |column: usize| text(column)?.parse::<u32>().ok();
    let number = |column: usize| text(column)?.parse::<f64>().ok();
    let rules = text(20).unwrap_or_default();
    let rules = rules.split(';').filter_map(|item| {
        let (rule, count) = item.rsplit_once(':')?;
        Some((rule.to_owned(), count.parse().ok()?))
    });
    let key = text(1)?;
    Some(Listed {
        role: Role::find(&text(0)?)?,
        name: text(2).unwrap_or_else(|| key.clone()),
        key,
        rank: count(3)?,
        score: number(4)?,
        theme_scores: [number(5)?, number(6)?, number(7)?],
        n_lines: count(8)?,
        n_shipments: count(9)?,
        n_red: count(10)?,
        n_yellow: count(11)?,
        value_usd: number(12)?,
        value_at_risk_usd: number(13)?,
        weight_at_risk_kg: number(14)?,
        first_date: text(15),
        last_date: text(16),
        cva_shipments: count(17)?,
        n_outcome_bad: count(18)?,
        n_outcome_ok: count(19)?,
        rule_shipments: rules.collect(),
    })
}

impl Listed {
    /// Its score in a theme; in `cross`, the largest.
    pub fn theme_score(&self, theme: Theme) -> f64 {
        let position = SCORED_THEMES.iter().position(|scored| *scored == theme);
        position.map_or(self.score, |position| self.theme_scores[position])
    }
}
