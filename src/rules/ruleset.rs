//! A rule pack, checked and ready: what the scoring core sees.

use super::aggregate::Aggregate;
use super::derived::field_meaning;
use super::expression::Expression;
use super::feature::Feature;
use super::lists::Lists;
use super::notices::Notices;
use super::resolve::Meaning;
use super::vocabulary::{Family, Floor, Level, Severity, Stage, Status, Theme};
use super::yaml::PolicyFile;
use crate::batch::{FieldSet, PresenceClass};
use crate::schema::{FieldId, ValueType};
use serde::Serialize;
use std::sync::Arc;

/// The position of a rule in [`RuleSet::rules`]; rules stand there in ascending order of id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RuleId(pub u16);

impl RuleId {
    /// The position.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A rule pack, checked: immutable, and free of mistakes that could stop a run.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The rules that are evaluated (active and draft), by id.
    pub rules: Vec<Rule>,
    /// Retired and rejected rules, by id: shown by `rules list`, never evaluated.
    pub shelved: Vec<Rule>,
    /// What scores mean.
    pub policy: Policy,
    /// The lists.
    pub lists: Lists,
    /// Named expressions, in name order.
    pub derived: Vec<Named>,
    /// Aggregates over lines of a unit; the n-th fills extra column n.
    pub aggregates: Vec<Aggregate>,
    /// History features, in columns after those of the aggregates.
    pub features: Vec<Feature>,
    /// Lookouts and suppressions.
    pub notices: Notices,
    /// BLAKE3 of every file of the pack, by name; whether lines end in LF or CR LF does not count.
    pub hash: String,
}

/// A named expression of derived.yaml.
#[derive(Clone, Debug)]
pub struct Named {
    /// What rules call it.
    pub name: String,
    /// As written.
    pub text: String,
    /// What it means.
    pub expression: Arc<Expression>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Short, stable.
    pub id: String,
    /// Kebab words that name the pattern.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// What it is about.
    pub theme: Theme,
    /// The unit that a hit counts once for.
    pub level: Level,
    /// Kind of evidence.
    pub family: Family,
    /// How bad.
    pub severity: Severity,
    /// 1 to 100.
    pub points: i32,
    /// The least lane of a hit.
    pub floor: Option<Floor>,
    /// Active or draft; retired or rejected among the shelved.
    pub status: Status,
    /// Version of the rule.
    pub version: u32,
    /// Stages at which it is evaluated; empty: all.
    pub stages: Vec<Stage>,
    /// Points are subtracted.
    pub mitigates: bool,
    /// What must be true.
    pub condition: Expression,
    /// The condition as written.
    pub when: String,
    /// Fields that it names, also through derived names, aggregates and history features.
    pub fields: FieldSet,
    /// True when it names a feature of earlier lines.
    pub needs_history: bool,
    /// True when it names an `external` feature, which another feed would have to supply.
    pub needs_feed: bool,
    /// Params and their values.
    pub params: Vec<(String, f64)>,
    /// Texts for people.
    pub texts: RuleTexts,
}

/// What a rule says to people.
#[derive(Clone, Debug, Default)]
pub struct RuleTexts {
    /// Why it does not count, where it is a draft or was rejected.
    pub reason: Option<String>,
    /// Who keeps it.
    pub owner: Option<String>,
    /// Day of the next review, as written.
    pub review_by: Option<String>,
    /// Agencies that act on a hit.
    pub refer_to: Vec<String>,
    /// Documents of Mexico that would settle it.
    pub verify: Vec<String>,
    /// What to ask Mexico.
    pub question: Option<String>,
    /// What to look at.
    pub examine: Vec<String>,
    /// Law.
    pub legal_basis: Vec<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// What would clear it.
    pub clears: Option<String>,
    /// Lawful goods that it also hits.
    pub false_positives: Vec<String>,
    /// Where it comes from.
    pub sources: Vec<String>,
}

/// What scores mean.
#[derive(Clone, Debug)]
pub struct Policy {
    /// As read, with defaults filled in.
    pub file: PolicyFile,
    /// Scope of timber, wildlife and iuu, in this order; none: every row.
    pub scopes: [Option<Expression>; 3],
}

/// Points up to which a rule is context: it never makes a verification candidate on its own.
pub const CONTEXT_POINTS: i32 = 10;

/// The three themes that have a score, in the order of every array over themes.
pub const SCORED_THEMES: [Theme; 3] = [Theme::Timber, Theme::Wildlife, Theme::Iuu];

impl Rule {
    /// True when hits count.
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Whether documents of Mexico could settle its question, beyond what is mere context.
    ///
    /// # Source
    /// 19 USC 4711-4717: a verification needs more than that goods come from Mexico.
    pub fn asks_mexico(&self) -> bool {
        !self.mitigates && !self.texts.verify.is_empty() && self.points > CONTEXT_POINTS
    }

    /// Whether the rule can be evaluated on rows of a class: at their stage, with the fields that they can carry.
    pub fn is_evaluable(&self, class: &PresenceClass) -> bool {
        self.has_stage(class.stage)
            && (class.has_history || !self.needs_history)
            && (class.has_feeds || !self.needs_feed)
            && self.fields.iter().all(|field| class.fields.contains(field))
    }

    /// Whether the rule speaks of a stage.
    pub fn has_stage(&self, stage: Stage) -> bool {
        self.stages.is_empty() || self.stages.contains(&stage)
    }
}

impl RuleSet {
    /// A rule by its position.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// The positions of the rules, in order of id.
    pub fn ids(&self) -> impl Iterator<Item = RuleId> {
        (0..self.rules.len())
            .map(|index| RuleId(u16::try_from(index).expect("fewer than 65,536 rules")))
    }

    /// A rule by its id, shelved ones included.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .chain(&self.shelved)
            .find(|rule| rule.id == id || rule.name == id)
    }

    /// Every field that a rule, a scope, an aggregate, a lookout or a suppression reads.
    pub fn fields(&self) -> FieldSet {
        let mut fields = FieldSet::default();
        for rule in &self.rules {
            rule.fields.iter().for_each(|field| fields.insert(field));
        }
        let scopes = self.policy.scopes.iter().flatten();
        for field in scopes.flat_map(|scope| self.fields_of(scope)) {
            fields.insert(field);
        }
        for field in self.notices.fields() {
            fields.insert(field);
        }
        for aggregate in &self.aggregates {
            aggregate
                .fields()
                .into_iter()
                .for_each(|field| fields.insert(field));
        }
        fields
    }

    /// What a name means in a rule: a history feature, a derived name or a field.
    pub fn meaning(&self, name: &str) -> Option<Meaning> {
        for feature in &self.features {
            if feature.name == name {
                return Some(Meaning::Column(feature.column, feature.value_type));
            }
            if let Some(support) = feature.support.filter(|_| feature.support_name() == name) {
                return Some(Meaning::Column(support, ValueType::Number));
            }
        }
        match self.derived.iter().find(|derived| derived.name == name) {
            Some(derived) => Some(Meaning::Derived(Arc::clone(&derived.expression))),
            None => field_meaning(name),
        }
    }

    /// The feature that fills a column with its values or their support.
    pub fn feature_of(&self, column: FieldId) -> Option<&Feature> {
        let mut features = self.features.iter();
        features.find(|feature| feature.column == column || feature.support == Some(column))
    }

    /// The name of a column of features, and its type; none for any other column.
    pub fn feature_column(&self, column: FieldId) -> Option<(String, ValueType)> {
        let feature = self.feature_of(column)?;
        Some(match feature.column == column {
            true => (feature.name.clone(), feature.value_type),
            false => (feature.support_name(), ValueType::Number),
        })
    }

    /// Fields that an expression names, those of aggregates and features included.
    pub fn fields_of(&self, expression: &Expression) -> Vec<FieldId> {
        fields_of(expression, &self.aggregates, &self.features)
    }
}

/// Fields that an expression names, those of aggregates and features included.
pub fn fields_of(
    expression: &Expression,
    aggregates: &[Aggregate],
    features: &[Feature],
) -> Vec<FieldId> {
    let mut fields = Vec::new();
    for column in expression.columns() {
        let Some(extra) = column.0.checked_sub(FieldId::FIRST_EXTRA) else {
            fields.push(column);
            continue;
        };
        match aggregates.get(usize::from(extra)) {
            Some(aggregate) => fields.extend(aggregate.argument.columns()),
            None => fields.extend(
                features
                    .iter()
                    .filter(|feature| feature.column == column || feature.support == Some(column))
                    .flat_map(Feature::fields),
            ),
        }
    }
    fields.sort_unstable();
    fields.dedup();
    fields
}
