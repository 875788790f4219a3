//! Variants of rules: the same rule with another param, or with another number where a column is compared with one.

use crate::diagnostic::Diagnostics;
use crate::rules::Loaded;
use crate::rules::PackFile;
use crate::rules::condition::ast::{Comparison, Node, NodeKind};
use crate::rules::condition::parse;
use crate::rules::edit::{Edit, edited, number};
use crate::rules::vocabulary::Status;

/// A variant of a rule.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// The id under which it is tried.
    pub(super) id: String,
    /// The rule's id.
    pub(super) rule: String,
    /// `params.NAME`, or `when`.
    pub(super) key: String,
    /// The number as it is.
    pub(super) before: String,
    /// The number that is tried.
    pub(super) after: String,
    /// The change of the file.
    pub(super) edit: Edit,
}

/// Numbers that are tried, as shares of what stands.
const FACTORS: [f64; 6] = [0.25, 0.5, 0.8, 1.25, 2.0, 4.0];
/// Most variants of a pack: each is a rule more to evaluate.
const MOST: usize = 2000;

/// Every variant of the active rules, with the file under which it is tried; none of rules whose files cannot be changed in place.
pub(super) fn variants(loaded: &Loaded) -> Vec<(Variant, PackFile)> {
    let mut all = Vec::new();
    for file in loaded
        .files
        .iter()
        .filter(|file| file.status == Status::Active)
    {
        let mut places: Vec<(String, f64, Box<dyn Fn(f64) -> Edit>)> = Vec::new();
        for (name, value) in &file.params {
            let param = name.value.clone();
            let edit = move |value| Edit::Param {
                name: param.clone(),
                value,
            };
            places.push((
                format!("params.{}", name.value),
                value.value,
                Box::new(edit),
            ));
        }
        let locate = |start, end| file.when.span_of(start, end);
        if let Some(node) = parse(&file.when.value, &locate, &mut Diagnostics::default()) {
            numbers(&node, &mut |start, end, value| {
                let edit = move |value| Edit::Number { start, end, value };
                places.push(("when".to_owned(), value, Box::new(edit)));
            });
        }
        for (key, value, edit) in places {
            for other in others(value) {
                let id = format!("~{:04}", all.len());
                let edit = edit(other);
                let edits = [edit.clone(), Edit::Variant(id.clone())];
                if let Some(text) =
                    edited(&loaded.sources, file, &edits).filter(|_| all.len() < MOST)
                {
                    let path = format!("{id}.yaml");
                    let variant = Variant {
                        id,
                        rule: file.id.value.clone(),
                        key: key.clone(),
                        before: number(value),
                        after: number(other),
                        edit,
                    };
                    all.push((variant, (path, text.into_bytes())));
                }
            }
        }
    }
    all
}

/// Other values of a number: whole where it is whole, else with four digits that count.
fn others(value: f64) -> Vec<f64> {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    let mut others: Vec<f64> = FACTORS
        .iter()
        .map(|factor| {
            let other = value * factor;
            if is_whole {
                other.round()
            } else {
                four_digits(other)
            }
        })
        .filter(|other| other.to_bits() != value.to_bits() && other.is_finite())
        .collect();
    others.dedup();
    others
}

/// A number with four digits that count.
pub(super) fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// Calls `found` for each number to which something else is compared by size.
fn numbers(node: &Node, found: &mut dyn FnMut(usize, usize, f64)) {
    if let NodeKind::Compare(comparison, left, right) = &node.kind {
        let is_by_size = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match (&left.kind, &right.kind) {
            (NodeKind::Number(_), NodeKind::Number(_)) => {}
            (_, NodeKind::Number(value)) if is_by_size => found(right.start, right.end, *value),
            (NodeKind::Number(value), _) if is_by_size => found(left.start, left.end, *value),
            _ => {}
        }
    }
    let mut children = Vec::new();
    node.for_each_child(&mut |child| children.push(child));
    for child in children {
        numbers(child, found);
    }
}
