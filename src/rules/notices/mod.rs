//! Lookouts and suppressions: what people put beside the rules for a while.
//!
//! `lookouts.csv`, `suppressions.csv` -> [`Notices`], or every mistake with its place. A lookout names whom or what to look
//! at, whatever the rules say; a suppression, on whose lines a rule does not count. Both say why, by whom and until when.
//! Nothing is matched here: that is done in `select/noticed.rs`. Read `kind.rs` for what can be named, then `read.rs`.

mod kind;
mod key;
mod read;
mod line;
mod suppression;
mod table;

pub use key::Key;
pub use kind::{KeyKind, Part};
pub use line::too_long;
pub(super) use read::{NoticeFile, read, warn_if_misnamed};

use super::vocabulary::Floor;
use super::{Rule, RuleId};
use crate::diagnostic::Span;
use crate::normalize::date::format_date;
use crate::schema::{FieldId, field};
use serde::Serialize;

/// The file of lookouts, below the pack.
pub const LOOKOUTS: &str = "lookouts.csv";
/// The file of suppressions, below the pack.
pub const SUPPRESSIONS: &str = "suppressions.csv";
/// Days that a notice may last: whoever wants it longer looks at it again.
pub const MOST_DAYS: i32 = 90;
/// Days before its end when a notice is about to expire.
pub const SOON_DAYS: i32 = 14;

/// The lookouts and suppressions of a pack, each in the order of its file.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// Whom or what to look at.
    pub lookouts: Vec<Lookout>,
    /// Which hits do not count.
    pub suppressions: Vec<Suppression>,
}

/// Whom or what to look at, whatever the rules say.
#[derive(Clone, Debug)]
pub struct Lookout {
    /// What is watched.
    pub key: Key,
    /// The least lane of a line that names it.
    pub action: Floor,
    /// Why, as written.
    pub reason: String,
    /// Who asked.
    pub owner: String,
    /// How long.
    pub term: Term,
}

/// On whose lines a rule does not count.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The id of the rule.
    pub rule: String,
    /// Its position; none where it is not evaluated, or counts for nothing.
    pub rule_id: Option<RuleId>,
    /// Whose lines.
    pub entity: Key,
    /// Which goods; none: all.
    pub product: Option<Key>,
    /// Why, as written.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// How long.
    pub term: Term,
}

/// How long a notice is in force: on lines whose date of law is not after its last day.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// The day on which it was written down, and where that stands; none where the file does not say.
    pub added: Option<(i32, Span)>,
    /// The last day.
    pub expires: i32,
    /// Where the last day stands.
    pub expires_at: Span,
}

/// How a term stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermState {
    /// It lasts.
    InForce,
    /// It ends within [`SOON_DAYS`].
    ExpiresSoon,
    /// It is over.
    Expired,
}

impl TermState {
    /// The words in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::ExpiresSoon => "expires soon",
            Self::Expired => "expired",
        }
    }
}

impl Term {
    /// How it stands on a day.
    pub fn state(&self, day: i32) -> TermState {
        match i64::from(self.expires) - i64::from(day) {
            ..0 => TermState::Expired,
            left if left <= i64::from(SOON_DAYS) => TermState::ExpiresSoon,
            _ => TermState::InForce,
        }
    }

    /// The last day in ISO form.
    pub fn until(&self) -> String {
        format_date(self.expires)
    }
}

impl Notices {
    /// True when the pack has none.
    pub fn is_empty(&self) -> bool {
        self.lookouts.is_empty() && self.suppressions.is_empty()
    }

    /// The terms of all, with the words that name each.
    pub fn terms(&self) -> impl Iterator<Item = (String, &Term)> {
        let lookouts = self
            .lookouts
            .iter()
            .map(|lookout| (lookout.named(), &lookout.term));
        let suppressions = self
            .suppressions
            .iter()
            .map(|suppression| (suppression.named(), &suppression.term));
        lookouts.chain(suppressions)
    }

    /// Fills in the positions of the rules that are suppressed; those that count for nothing have none.
    pub(super) fn place(&mut self, rules: &[Rule]) {
        for suppression in &mut self.suppressions {
            let is_it = |rule: &Rule| rule.id == suppression.rule && rule.is_active();
            let position = rules.iter().position(is_it);
            suppression.rule_id = position.and_then(|at| u16::try_from(at).ok()).map(RuleId);
        }
    }

    /// The fields that tell whether a line meets one.
    pub fn fields(&self) -> Vec<FieldId> {
        if self.is_empty() {
            return Vec::new();
        }
        let keys = self.lookouts.iter().map(|lookout| &lookout.key);
        let keys = keys.chain(self.suppressions.iter().flat_map(Suppression::keys));
        let parts = keys.flat_map(|key| key.kind.parts());
        let mut fields: Vec<FieldId> = parts.map(|(id, _)| *id).collect();
        fields.push(field::LEGAL_DATE);
        fields.sort_unstable();
        fields.dedup();
        fields
    }
}

impl Lookout {
    /// Whether it is in force on a line of a day. A line without a date is looked at.
    pub fn is_in_force(&self, day: Option<i32>) -> bool {
        day.is_none_or(|day| day <= self.term.expires)
    }

    /// The words that name it: `lookout importer:12-3456789`.
    pub fn named(&self) -> String {
        format!("lookout {}", self.key.shown())
    }
}

impl Suppression {
    /// Whether it is in force on a line of a day. A line without a date counts.
    pub fn is_in_force(&self, day: Option<i32>) -> bool {
        day.is_some_and(|day| day <= self.term.expires)
    }

    /// The words that name it: `suppression of T-07 on importer:12-3456789, hts:4407`.
    pub fn named(&self) -> String {
        format!("suppression of {} on {}", self.rule, self.on())
    }

    /// Whose lines, and which goods.
    pub fn on(&self) -> String {
        let keys: Vec<String> = self.keys().map(Key::shown).collect();
        keys.join(", ")
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.entity).chain(&self.product)
    }
}
