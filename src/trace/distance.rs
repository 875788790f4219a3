//! How far a condition is from true.

use super::{Form, Trace};
use crate::batch::{FALSE, TRUE};

impl Trace {
    /// The fewest leaves that would have to change for the condition to be true.
    pub fn distance(&self) -> usize {
        self.distance_to(true)
    }

    /// The leaves that stand in the way along the shortest way to true, in order.
    pub fn lacking(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        self.collect_lacking(true, &mut found);
        found
    }

    /// The leaves of the tree.
    pub fn leaves(&self) -> Vec<&Self> {
        if self.parts.is_empty() {
            return vec![self];
        }
        self.parts.iter().flat_map(Self::leaves).collect()
    }

    fn distance_to(&self, wanted: bool) -> usize {
        let parts = |wanted: bool| self.parts.iter().map(move |part| part.distance_to(wanted));
        match (self.form, wanted) {
            (Form::Leaf, true) => usize::from(self.truth != TRUE),
            (Form::Leaf, false) => usize::from(self.truth != FALSE),
            (Form::And, true) | (Form::Or, false) => parts(wanted).sum(),
            (Form::And, false) | (Form::Or, true) => parts(wanted).min().unwrap_or(0),
            (Form::Not, _) => parts(!wanted).sum(),
            (Form::Name, _) => parts(wanted).sum(),
        }
    }

    fn collect_lacking<'a>(&'a self, wanted: bool, found: &mut Vec<&'a Self>) {
        match (self.form, wanted) {
            (Form::Leaf, _) if self.distance_to(wanted) > 0 => found.push(self),
            (Form::Leaf, _) => {}
            (Form::And, false) | (Form::Or, true) => {
                let nearest = self
                    .parts
                    .iter()
                    .min_by_key(|part| part.distance_to(wanted));
                if let Some(part) = nearest {
                    part.collect_lacking(wanted, found);
                }
            }
            (Form::Not, _) => {
                for part in &self.parts {
                    part.collect_lacking(!wanted, found);
                }
            }
            _ => {
                for part in &self.parts {
                    part.collect_lacking(wanted, found);
                }
            }
        }
    }
}
