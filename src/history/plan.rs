//! What a run takes from its rows for the features that it computes, each thing once.

use crate::batch::FieldSet;
use crate::rules::expression::Expression;
use crate::rules::feature::Feature;
use crate::rules::vocabulary::{CountUnit, FeatureKind};
use crate::rules::{Rule, RuleSet};
use crate::schema::{FieldId, OUTCOME_FIELDS, ValueType, field};

/// What is taken from each row.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The features to compute.
    pub features: Vec<Planned>,
    /// Different keys.
    pub keys: Vec<Vec<Expression>>,
    /// Different values, and whether they are numbers to reckon with rather than things to tell apart.
    pub values: Vec<(Expression, bool)>,
    /// Different filters.
    pub filters: Vec<Expression>,
    /// Whether rows of a line are told apart.
    pub has_components: bool,
    /// Whether outcomes are read.
    pub has_outcomes: bool,
}

/// A feature and where its parts are.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Position in the pack.
    pub feature: usize,
    /// Position among the keys.
    pub key: usize,
    /// Position among the values.
    pub value: Option<usize>,
    /// Position among the filters.
    pub filter: Option<usize>,
    /// What counts once.
    pub unit: Unit,
}

/// What counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A shipment.
    Shipment,
    /// A line.
    Line,
    /// A species or constituent of a line: its amounts are its own.
    Component,
}

impl Plan {
    /// Plans the features that a rule names, when an active rule names one; drafts are served too then.
    pub fn of_run(rules: &RuleSet) -> Self {
        let needs = || {
            let rules = rules.rules.iter();
            rules.filter(|rule| rule.needs_history && !rule.needs_feed)
        };
        let is_asked = needs().any(Rule::is_active);
        let named = |feature: &Feature| {
            needs().any(|rule| {
                let columns = rule.condition.columns();
                columns.contains(&feature.column)
                    || feature.support.is_some_and(|id| columns.contains(&id))
            })
        };
        match is_asked {
            true => Self::new(rules, named),
            false => Self::default(),
        }
    }

    /// Plans every feature, for a store.
    pub fn of_store(rules: &RuleSet) -> Self {
        Self::new(rules, |_| true)
    }

    fn new(rules: &RuleSet, is_wanted: impl Fn(&Feature) -> bool) -> Self {
        let mut plan = Self::default();
        for (position, feature) in rules.features.iter().enumerate() {
            if !feature.is_external() && is_wanted(feature) {
                plan.add(position, feature);
            }
        }
        plan
    }

    fn add(&mut self, position: usize, feature: &Feature) {
        let unit = match feature.unit {
            CountUnit::Shipment => Unit::Shipment,
            CountUnit::Line if feature.of.iter().any(is_of_component) => Unit::Component,
            CountUnit::Line => Unit::Line,
        };
        let is_amount = matches!(
            feature.kind,
            FeatureKind::Sum | FeatureKind::PeerQuantile | FeatureKind::Spike
        );
        self.has_components |= unit == Unit::Component;
        self.has_outcomes |= feature.kind == FeatureKind::OutcomeRate;
        let planned = Planned {
            feature: position,
            key: place(&mut self.keys, feature.key.clone()),
            value: (feature.of.clone()).map(|of| place(&mut self.values, (of, is_amount))),
            filter: (feature.filter.clone()).map(|filter| place(&mut self.filters, filter)),
            unit,
        };
        self.features.push(planned);
    }

    /// True when nothing is computed.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The fields that are read.
    pub fn fields(&self) -> FieldSet {
        if self.is_empty() {
            return FieldSet::default();
        }
        let expressions = self.keys.iter().flatten().chain(&self.filters);
        let expressions = expressions.chain(self.values.iter().map(|(value, _)| value));
        let mut fields: FieldSet = expressions.flat_map(Expression::columns).collect();
        for id in ROW_FIELDS {
            fields.insert(*id);
        }
        if self.has_outcomes {
            OUTCOME_FIELDS.into_iter().for_each(|id| fields.insert(id));
        }
        fields
    }
}

/// What tells when a row came, what it is a row of, and whether it corrects another.
const ROW_FIELDS: &[FieldId] = &[
    field::RECEIVED_AT,
    field::RECORD_UPDATED_DATE,
    field::LEGAL_DATE,
    field::LINE_ID,
    field::SHIPMENT_KEY,
    field::COMPONENT_SEQ,
    field::EVIDENCE_STAGE,
    field::RECORD_ACTION,
];

/// The position of an item, which is added where it is new.
fn place<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    let known = items.iter().position(|known| *known == item);
    known.unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}

/// Whether an amount is that of a component, not repeated from its line.
fn is_of_component(expression: &Expression) -> bool {
    expression.value_type() == ValueType::Number
        && (expression.columns().iter()).any(|column| column.name().starts_with("component_"))
}
