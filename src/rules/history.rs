//! history.yaml -> features: what rules may ask about earlier lines.

use super::derived::{Derived, is_walkable};
use super::expression::Expression;
use super::feature::Feature;
use super::lists::Lists;
use super::load::expression;
use super::resolve::{Meaning, article};
use super::vocabulary::{FeatureKind, FeatureType};
use super::yaml::{FeatureFile, HistoryFile, Text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::{FieldId, ValueType, find};

/// The features of a pack.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// In file order; those with mistakes are left out.
    pub(super) features: Vec<Feature>,
    /// Names whose entry is broken, so that rules which use them are not blamed too.
    broken: Vec<String>,
}

impl History {
    /// Resolves every feature; mistakes are pushed. Columns are numbered after those of the aggregates.
    pub(super) fn new(
        file: Option<&HistoryFile>,
        derived: &Derived,
        lists: &Lists,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut history = Self::default();
        let mut next = usize::from(FieldId::FIRST_EXTRA) + derived.aggregates.len();
        let mut column = || {
            let id = u16::try_from(next).expect("fewer than 60,000 extra columns");
            next += 1;
            FieldId(id)
        };
        for entry in file.map_or(&[][..], |file| &file.features) {
            let name = &entry.name.value;
            if find(name).is_some() || derived.expressions.contains_key(name) {
                let title = format!("`{name}` is already a field or derived name");
                diagnostics.push(Diagnostic::error("name-taken", entry.name.span, title));
                continue;
            }
            match feature(entry, derived, lists, &mut column, diagnostics) {
                Some(feature) => history.features.push(feature),
                None => history.broken.push(name.clone()),
            }
        }
        history
    }

    /// What a name means, if a feature bears it.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        if self.broken.iter().any(|broken| broken == name) {
            return Some(Meaning::Broken);
        }
        self.features
            .iter()
            .find_map(|feature| match feature.support {
                _ if feature.name == name => {
                    Some(Meaning::Column(feature.column, feature.value_type))
                }
                Some(support) if feature.support_name() == name => {
                    Some(Meaning::Column(support, ValueType::Number))
                }
                _ => None,
            })
    }

    /// Every name that a rule may use.
    pub(super) fn known_names(&self) -> impl Iterator<Item = String> {
        self.features.iter().flat_map(|feature| {
            let support = feature.support.map(|_| feature.support_name());
            std::iter::once(feature.name.clone()).chain(support)
        })
    }
}

fn feature(
    file: &FeatureFile,
    derived: &Derived,
    lists: &Lists,
    column: &mut impl FnMut() -> FieldId,
    diagnostics: &mut Diagnostics,
) -> Option<Feature> {
    let kind = file.kind.value;
    let n_errors = diagnostics.count(crate::diagnostic::Severity::Error);
    let mut read = |text: &Text, wanted: Option<ValueType>| {
        let expression = expression(text, wanted, derived, lists, diagnostics)?;
        let is_flat = is_walkable(&expression)
            && expression
                .columns()
                .iter()
                .all(|column| column.0 < FieldId::FIRST_EXTRA);
        if !is_flat {
            let title = "a feature reads the fields of one row, no aggregate";
            diagnostics.push(Diagnostic::error("wrong-arguments", text.span, title));
            return None;
        }
        Some(expression)
    };
    let key: Vec<Expression> = file
        .key
        .iter()
        .filter_map(|text| read(text, None))
        .collect();
    let of_type =
        matches!(kind, FeatureKind::Sum | FeatureKind::PeerQuantile).then_some(ValueType::Number);
    let of = file.of.as_ref().and_then(|text| read(text, of_type));
    let filter = file
        .filter
        .as_ref()
        .and_then(|text| read(text, Some(ValueType::Boolean)));
    let values = file.key.iter().zip(&key).chain(file.of.iter().zip(&of));
    for (text, value) in values.filter(|(_, value)| value.value_type() == ValueType::List) {
        let title = format!("a feature cannot take {}", article(value.value_type()));
        diagnostics.push(Diagnostic::error("type-mismatch", text.span, title));
    }
    if diagnostics.count(crate::diagnostic::Severity::Error) > n_errors {
        return None;
    }
    let value_type = match file.value_type.map(|found| found.value) {
        Some(FeatureType::Boolean) => ValueType::Boolean,
        Some(FeatureType::Text) => ValueType::Text,
        Some(FeatureType::Date) => ValueType::Date,
        Some(FeatureType::Number) | None => ValueType::Number,
    };
    Some(Feature {
        name: file.name.value.clone(),
        meaning: file.meaning.value.trim().to_owned(),
        kind,
        key,
        of,
        filter,
        unit: file.unit,
        window_days: file.window_days,
        skip_days: file.skip_days,
        min_support: file.min_support,
        theme: file.theme,
        mature_days: file.mature_days,
        prior_strength: file.prior_strength,
        value_type,
        column: column(),
        support: kind.has_support().then(column),
        written: texts(file),
    })
}

/// Key, value and filter as written, each after what it is.
fn texts(file: &FeatureFile) -> Vec<String> {
    let key = file.key.iter().map(|text| ("key", text));
    let of = file.of.iter().map(|text| ("of", text));
    let filter = file.filter.iter().map(|text| ("where", text));
    let all = key.chain(of).chain(filter);
    all.map(|(what, text)| {
        let words: Vec<&str> = text.value.split_whitespace().collect();
        format!("{what}: {}", words.join(" "))
    })
    .collect()
}
