//! Named expressions: `derived.yaml`.

use crate::diagnostic::{Diagnostics, FileId, Sources};

use super::fields::Field;
use super::reader::Reader;
use super::rule::condition;
use super::text::Text;

/// The derived fields as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivedFile {
    /// Name and expression, in file order.
    pub entries: Vec<(Text, Text)>,
    /// The file.
    pub file: FileId,
}

/// Reads `derived.yaml`, a mapping from name to expression; entries that are not text are reported and left out.
pub fn derived(
    sources: &Sources,
    file: FileId,
    diagnostics: &mut Diagnostics,
) -> Option<DerivedFile> {
    let (mut reader, root) = Reader::open(sources, file, diagnostics, "named expressions");
    let node = root?;
    let entries = reader.entries(Field {
        name: "derived.yaml".to_owned(),
        place: node.span,
        node,
    })?;
    let entries = entries
        .into_iter()
        .filter_map(|(name, field)| Some((name, condition(&mut reader, Some(field))?)))
        .collect();
    Some(DerivedFile { entries, file })
}
