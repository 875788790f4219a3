//! Files that were named more than once.

use crate::read::Input;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A file that is read more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepeatedInput {
    /// The labels under which it is read, two at least.
    pub labels: Vec<String>,
}

impl RepeatedInput {
    /// What a person should know of it.
    pub fn text(&self) -> String {
        let (first, times) = (&self.labels[0], self.labels.len());
        format!("{first} is read {times} times, and each of its lines counts {times} times")
    }
}

/// The inputs that are the same file, by where they lie and not by what they hold; in the order of their labels.
pub fn repeated_inputs(inputs: &[Input]) -> Vec<RepeatedInput> {
    let mut by_place: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for input in inputs {
        let place = input
            .path
            .as_ref()
            .and_then(|path| path.canonicalize().ok());
        if let Some(place) = place {
            by_place.entry(place).or_default().push(input.label.clone());
        }
    }
    by_place.retain(|_, labels| labels.len() > 1);
    let mut repeated: Vec<RepeatedInput> = by_place
        .into_values()
        .map(|labels| RepeatedInput { labels })
        .collect();
    repeated.sort_by(|left, right| left.labels.cmp(&right.labels));
    repeated
}
