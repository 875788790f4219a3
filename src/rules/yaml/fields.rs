//! A value with its place, and the keys of a mapping that wait to be read.

use crate::diagnostic::Span;

use super::text::Text;
use super::tree::{Node, Value};

/// A value with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    pub(super) const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A node and what messages call it.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// Where to point when the value has no extent: its key.
    pub(super) place: Span,
    pub(super) node: Node,
}

impl Field {
    pub(super) const fn is_null(&self) -> bool {
        matches!(self.node.value, Value::Null)
    }
}

/// The keys of a mapping that have not been read yet.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) span: Span,
    /// Where to point when a key is missing: the first key.
    pub(super) head: Span,
    /// True for the mapping that is the whole file.
    pub(super) is_root: bool,
    pub(super) entries: Vec<(Text, Node)>,
    /// Keys that nobody knows, but which look like a known one: reported, so the known one is not missing too.
    pub(super) mistaken: Vec<&'static str>,
}

impl Fields {
    /// Takes the value of a key; none if the key is absent, without value or reported already.
    pub(super) fn take(&mut self, key: &str) -> Option<Field> {
        let found = self
            .entries
            .iter()
            .position(|(name, _)| name.value == key)?;
        let (name, node) = self.entries.swap_remove(found);
        let is_usable = !matches!(node.value, Value::Null | Value::Broken);
        is_usable.then(|| Field {
            name: format!("`{}`", name.value),
            place: name.span,
            node,
        })
    }

    /// The names, out of `known`, that have a value.
    pub(super) fn present(&self, known: &[&'static str]) -> Vec<&'static str> {
        let has_value = |key: &&str| {
            self.entries
                .iter()
                .any(|(name, node)| name.value == *key && !matches!(node.value, Value::Null))
        };
        known.iter().copied().filter(|key| has_value(key)).collect()
    }
}
