//! The files of a pack with the proposed changes in them; every other byte stays.

use super::proposal::Proposal;
use crate::diagnostic::Severity;
use crate::error::{Error, ErrorKind};
use crate::rules::edit::{Edit, edited};
use crate::rules::{Loaded, PackFile, load_files};

/// The byte order mark, which no rule needs and which stays where it is.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The files of a new pack, sorted by path. `pack` are those of the old one, and `loaded` is what was read of them.
///
/// # Errors
/// When a file cannot be rewritten in place, or the new pack would have a mistake: then none is made.
pub fn rewrite(
    pack: &[PackFile],
    loaded: &Loaded,
    proposal: &Proposal,
) -> Result<Vec<PackFile>, Error> {
    let mut files = pack.to_vec();
    for rule in &loaded.files {
        let edits: Vec<Edit> = (proposal.changes.iter())
            .filter(|change| change.rule == rule.id.value)
            .flat_map(|change| change.edits.clone())
            .collect();
        if edits.is_empty() {
            continue;
        }
        let name = loaded.sources.name(rule.file);
        let text = edited(&loaded.sources, rule, &edits).ok_or_else(|| {
            let message = format!(
                "{name}: `{}` is written in a way that cannot be changed in place; pin it",
                rule.id.value
            );
            Error::new(ErrorKind::Input, message)
        })?;
        let known = files.iter_mut().find(|(path, _)| path == name);
        let (_, bytes) = known.expect("a rule that was read is a file of the pack");
        let mark = if bytes.starts_with(MARK) { MARK } else { &[] };
        *bytes = [mark, text.as_bytes()].concat();
    }
    files.extend(
        proposal
            .mined
            .iter()
            .map(|mined| (mined.path.clone(), mined.text.clone().into_bytes())),
    );
    files.sort();
    let new = load_files(files.clone());
    if let Some(mistake) = new
        .diagnostics
        .iter()
        .find(|found| found.severity == Severity::Error)
    {
        let place = new.sources.place(mistake.span);
        let message = format!(
            "{place}: the tuned pack would have a mistake: {}",
            mistake.title
        );
        return Err(Error::new(ErrorKind::Input, message));
    }
    Ok(files)
}
