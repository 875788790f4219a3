//! One pass over labeled data with the pack and everything that will be tried.

use super::Question;
use super::candidates::{Candidate, candidates};
use super::survey::survey;
use super::variants::{Variant, variants};
use crate::diagnostic::Severity;
use crate::error::{Error, ErrorKind};
use crate::rules::{Loaded, RuleId, RuleSet, load_files};
use crate::tune::aside::Aside;
use crate::tune::evidence::{Evidence, Found, collect_aside};
use std::collections::BTreeSet;

/// What a pass over the data gave: all that tuning needs.
#[derive(Debug)]
pub struct Collected {
    /// The pack; variants and candidates stand in it as drafts.
    pub(super) rules: RuleSet,
    /// Its files, for their examples.
    pub(super) loaded: Loaded,
    pub(super) evidence: Evidence,
    pub(super) aside: Aside,
    pub(super) variants: Vec<Variant>,
    pub(super) candidates: Vec<Candidate>,
}

impl Collected {
    /// Whether any shipment has an outcome.
    pub fn has_outcomes(&self) -> bool {
        let mut shipments = self.evidence.shipments.iter();
        shipments.any(|case| case.found != Found::Unknown)
    }

    /// Lines read.
    pub fn n_lines(&self) -> u64 {
        self.evidence.n_lines
    }

    /// The rule of an id, among those that are evaluated.
    pub(super) fn find(&self, id: &str) -> Option<RuleId> {
        let rules = &self.rules.rules;
        let position = rules
            .binary_search_by(|rule| rule.id.as_str().cmp(id))
            .ok()?;
        u16::try_from(position).ok().map(RuleId)
    }
}

/// Reads the data: once for what stands in columns, where conditions are mined, and once for all hits.
///
/// # Errors
/// When an input or the store cannot be read, or the pack has a mistake.
pub fn collect_for_tuning(question: &Question<'_>) -> Result<Collected, Error> {
    let mut files = question.files.to_vec();
    let n_own = files.len();
    let mut variants = variants(question.loaded);
    let mut candidates = match question.is_mining {
        true => candidates(&survey(question.data)?),
        false => Vec::new(),
    };
    files.extend(variants.iter().map(|(_, file)| file.clone()));
    files.extend(candidates.iter().map(Candidate::file));
    let mut loaded = load_files(files.clone());
    // What makes no rule, such as a param out of its range, is not tried.
    let broken: BTreeSet<String> = (loaded.diagnostics.iter())
        .filter(|found| found.severity == Severity::Error)
        .map(|found| loaded.sources.name(found.span.file).to_owned())
        .collect();
    if !broken.is_empty() {
        let own = files.split_off(n_own);
        files.extend(own.into_iter().filter(|(path, _)| !broken.contains(path)));
        variants.retain(|(_, (path, _))| !broken.contains(path));
        candidates.retain(|candidate| !broken.contains(&candidate.file().0));
        loaded = load_files(files);
    }
    let Some(rules) = loaded.rules.clone() else {
        let message = format!("{} in the rule pack", loaded.diagnostics.summary_line());
        return Err(Error::new(ErrorKind::Mistakes, message));
    };
    let variants: Vec<Variant> = variants.into_iter().map(|(variant, _)| variant).collect();
    let tried = variants.iter().map(|variant| variant.id.as_str());
    let tried: BTreeSet<&str> = tried
        .chain(candidates.iter().map(|candidate| candidate.id.as_str()))
        .collect();
    let apart = rules
        .ids()
        .filter(|id| tried.contains(rules.rule(*id).id.as_str()))
        .collect();
    let (evidence, aside) = collect_aside(&rules, question.data, apart, question.protect)?;
    Ok(Collected {
        rules,
        loaded,
        evidence,
        aside,
        variants,
        candidates,
    })
}
