//! The files of a pack -> a checked rule set, with every mistake in one run.

use super::condition::parse;
use super::derived::{Derived, is_walkable};
use super::expression::Expression;
use super::feature::Feature;
use super::history::History;
use super::list_file::read_list;
use super::lists::{List, Lists};
use super::notices::{self, NoticeFile, Notices};
use super::pack::{PackFile, PackSource};
use super::resolve::{Scope, resolve};
use super::ruleset::{Named, Policy, Rule, RuleSet, RuleTexts, SCORED_THEMES, fields_of};
use super::vocabulary::Status;
use super::yaml::{self, DerivedFile, Examples, HistoryFile, PolicyFile, RuleFile, Text};
use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources};
use crate::error::Error;
use crate::schema::ValueType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What reading a pack gave.
#[derive(Debug)]
pub struct Loaded {
    /// The rules; none when a mistake is an error.
    pub rules: Option<RuleSet>,
    /// Every mistake, sorted.
    pub diagnostics: Diagnostics,
    /// The texts that the mistakes point into.
    pub sources: Sources,
    /// Rules as they are written, by id; for checks that need their places and examples.
    pub files: Vec<RuleFile>,
    /// Lookouts and suppressions that could be read; for checks that need a day.
    pub notices: Notices,
}

/// Reads, resolves and checks a pack.
///
/// # Errors
/// When a file of the pack cannot be read. Mistakes in the files are diagnostics, not errors.
pub fn load(pack: &PackSource) -> Result<Loaded, Error> {
    Ok(load_files(pack.files()?))
}

/// Resolves and checks the files of a pack, wherever they come from.
pub fn load_files(files: Vec<PackFile>) -> Loaded {
    let mut loader = Loader::default();
    let hash = hash_of(&files);
    for (path, bytes) in files {
        loader.add(path, bytes);
    }
    loader.finish(hash)
}

/// The hash of a pack by its content: neither the order of files nor the form of line ends counts.
fn hash_of(files: &[(String, Vec<u8>)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in files {
        for part in [path.as_bytes(), &plain_line_ends(bytes)] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// Text with every CR LF as LF.
fn plain_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    for (place, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(place + 1) != Some(&b'\n') {
            plain.push(*byte);
        }
    }
    plain
}

#[derive(Default)]
struct Loader {
    sources: Sources,
    diagnostics: Diagnostics,
    policy: Option<PolicyFile>,
    derived: Option<DerivedFile>,
    history: Option<HistoryFile>,
    rules: Vec<RuleFile>,
    has_broken_rule: bool,
    list_files: BTreeMap<String, ListParts>,
    notice_files: Vec<NoticeFile>,
}

#[derive(Default)]
struct ListParts {
    yaml: Option<FileId>,
    csv: Option<FileId>,
}

impl Loader {
    fn add(&mut self, path: String, bytes: Vec<u8>) {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let valid =
                    String::from_utf8_lossy(error.as_bytes().get(..at).unwrap_or(&[])).into_owned();
                let file = self.sources.add(path, valid);
                let span = crate::diagnostic::Span {
                    file,
                    start: at,
                    end: at,
                };
                self.diagnostics.push(Diagnostic::error(
                    "bad-yaml",
                    span,
                    "this file is not UTF-8 text",
                ));
                return;
            }
        };
        let text = text
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(text);
        if let Some(name) = NoticeFile::name(&path) {
            let file = self.sources.add(name, NoticeFile::shown(&text));
            self.notice_files.push(NoticeFile::new(name, file, text));
            return;
        }
        let file = self.sources.add(path.as_str(), text);
        let (stem, ending) = path.rsplit_once('.').unwrap_or((&path, ""));
        if let Some(name) = stem.strip_prefix("lists/") {
            let parts = self.list_files.entry(name.to_owned()).or_default();
            let slot = if ending.eq_ignore_ascii_case("csv") {
                &mut parts.csv
            } else {
                &mut parts.yaml
            };
            *slot = Some(file);
            return;
        }
        if ending.eq_ignore_ascii_case("csv") {
            notices::warn_if_misnamed(&path, file, &mut self.diagnostics);
            return;
        }
        match stem {
            "policy" => self.policy = yaml::policy(&self.sources, file, &mut self.diagnostics),
            "derived" => self.derived = yaml::derived(&self.sources, file, &mut self.diagnostics),
            "history" => self.history = yaml::history(&self.sources, file, &mut self.diagnostics),
            _ => match yaml::rule(&self.sources, file, &mut self.diagnostics) {
                Some(rule) => self.rules.push(rule),
                None => self.has_broken_rule = true,
            },
        }
    }

    fn finish(mut self, hash: String) -> Loaded {
        let lists = self.lists();
        let derived = Derived::new(self.derived.as_ref(), &lists, &mut self.diagnostics);
        let history = History::new(
            self.history.as_ref(),
            &derived,
            &lists,
            &mut self.diagnostics,
        );
        let names = Names {
            derived: &derived,
            history: &history,
            lists: &lists,
        };
        self.rules
            .sort_by(|left, right| left.id.value.cmp(&right.id.value));
        self.check_ids();
        let mut rules = Vec::new();
        for file in &self.rules {
            rules.extend(rule(file, &names, &mut self.diagnostics));
        }
        let policy = policy(self.policy.take(), &names, &mut self.diagnostics);
        let mut notices = notices::read(
            &self.notice_files,
            &self.rules,
            !self.has_broken_rule,
            &mut self.diagnostics,
        );
        self.diagnostics.sort();
        let (shelved, rules): (Vec<_>, Vec<_>) = rules
            .into_iter()
            .partition(|rule| matches!(rule.status, Status::Retired | Status::Rejected));
        notices.place(&rules);
        let rules = (!self.diagnostics.has_errors() && !self.has_broken_rule).then(|| RuleSet {
            rules,
            shelved,
            policy,
            lists,
            derived: named(self.derived.as_ref(), &derived),
            aggregates: derived.aggregates,
            features: history.features,
            notices: notices.clone(),
            hash,
        });
        Loaded {
            rules,
            diagnostics: self.diagnostics,
            sources: self.sources,
            files: self.rules,
            notices,
        }
    }

    fn lists(&mut self) -> Lists {
        let mut lists: Vec<List> = Vec::new();
        for (name, parts) in &self.list_files {
            match (parts.yaml, parts.csv) {
                (Some(yaml), Some(csv)) => {
                    if let Some(file) = yaml::list(&self.sources, yaml, &mut self.diagnostics) {
                        let mut list =
                            read_list(name, &file, csv, &self.sources, &mut self.diagnostics);
                        let both = [self.sources.text(yaml), self.sources.text(csv)].concat();
                        list.hash = blake3::hash(&plain_line_ends(both.as_bytes()))
                            .to_hex()
                            .to_string();
                        lists.push(list);
                    } else {
                        // Known by name, so that the rules that use it are not blamed too.
                        lists.push(List::empty(name));
                    }
                }
                (Some(file), None) | (None, Some(file)) => {
                    let missing = if parts.csv.is_none() { "csv" } else { "yaml" };
                    let span = crate::diagnostic::Span {
                        file,
                        start: 0,
                        end: 0,
                    };
                    let title = format!("list `{name}` has no lists/{name}.{missing}");
                    self.diagnostics
                        .push(Diagnostic::error("bad-list", span, title));
                    lists.push(List::empty(name));
                }
                (None, None) => {}
            }
        }
        Lists::new(lists)
    }

    fn check_ids(&mut self) {
        for pair in self.rules.windows(2) {
            let [first, second] = pair else { continue };
            if first.id.value == second.id.value {
                self.diagnostics.push(
                    Diagnostic::error(
                        "duplicate-id",
                        second.id.span,
                        format!("rule id `{}` stands twice", second.id.value),
                    )
                    .also(first.id.span, "first here"),
                );
            }
        }
    }
}

fn named(file: Option<&DerivedFile>, derived: &Derived) -> Vec<Named> {
    let entries = file.map_or(&[][..], |file| &file.entries);
    let mut named: Vec<Named> = entries
        .iter()
        .filter_map(|(name, text)| {
            let expression = derived.expressions.get(&name.value)?.as_ref()?;
            Some(Named {
                name: name.value.clone(),
                text: text.value.trim().to_owned(),
                expression: Arc::clone(expression),
            })
        })
        .collect();
    named.sort_by(|left, right| left.name.cmp(&right.name));
    named
}

/// The names that a condition may use.
struct Names<'a> {
    derived: &'a Derived,
    history: &'a History,
    lists: &'a Lists,
}

fn rule(file: &RuleFile, names: &Names<'_>, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let used = std::cell::RefCell::new(Vec::new());
    let params: BTreeMap<&str, f64> = file
        .params
        .iter()
        .map(|(name, value)| (name.value.as_str(), value.value))
        .collect();
    let param = |name: &str| {
        used.borrow_mut().push(name.to_owned());
        params.get(name).copied()
    };
    let condition = condition(&file.when, names, &param, diagnostics);
    for (name, _) in &file.params {
        if condition.is_some() && !used.borrow().contains(&name.value) {
            let title = format!("param `{}` is not used in `when`", name.value);
            diagnostics.push(Diagnostic::warning("unused-param", name.span, title));
        }
    }
    let condition = condition?;
    let (aggregates, features) = (&names.derived.aggregates, &names.history.features);
    let columns = condition.columns();
    let (feeds, lines): (Vec<&Feature>, Vec<&Feature>) = features
        .iter()
        .filter(|feature| {
            columns.contains(&feature.column)
                || feature.support.is_some_and(|id| columns.contains(&id))
        })
        .partition(|feature| feature.is_external());
    let fields = fields_of(&condition, aggregates, features)
        .into_iter()
        .collect();
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.trim().to_owned());
    let texts = |texts: &[Text]| texts.iter().map(|text| text.value.clone()).collect();
    Some(Rule {
        id: file.id.value.clone(),
        name: file.name.value.clone(),
        title: file.title.value.clone(),
        theme: file.theme.value,
        level: file.level,
        family: file.family.value,
        severity: file.severity.value,
        points: file.points.value,
        floor: file.floor,
        status: file.status,
        version: file.version,
        stages: file
            .stages
            .iter()
            .flatten()
            .map(|stage| stage.value)
            .collect(),
        mitigates: file.mitigates,
        when: file.when.value.trim().to_owned(),
        fields,
        needs_history: !lines.is_empty(),
        needs_feed: !feeds.is_empty(),
        condition,
        params: file
            .params
            .iter()
            .map(|(name, value)| (name.value.clone(), value.value))
            .collect(),
        texts: RuleTexts {
            reason: text(&file.reason),
            owner: text(&file.owner),
            review_by: text(&file.review_by),
            refer_to: texts(&file.refer_to),
            verify: texts(&file.verify),
            question: text(&file.question),
            examine: texts(&file.examine),
            legal_basis: texts(&file.legal_basis),
            why: text(&file.why),
            clears: text(&file.clears),
            false_positives: texts(&file.false_positives),
            sources: texts(&file.sources),
        },
    })
}

fn policy(file: Option<PolicyFile>, names: &Names<'_>, diagnostics: &mut Diagnostics) -> Policy {
    let file = file.unwrap_or_default();
    let scopes = SCORED_THEMES.map(|theme| {
        let text = file.scopes.get(&theme)?;
        condition(text, names, &|_| None, diagnostics)
    });
    Policy { file, scopes }
}

/// Reads a condition of the pack.
fn condition(
    text: &Text,
    names: &Names<'_>,
    param: &dyn Fn(&str) -> Option<f64>,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let known = || {
        let names = (names.derived.known_names().into_iter()).chain(names.history.known_names());
        names.collect()
    };
    let scope = Scope {
        name: &|name| (names.history.meaning(name)).or_else(|| names.derived.meaning(name)),
        known_names: &known,
        param,
        lists: names.lists,
    };
    let condition = read(text, Some(ValueType::Boolean), &scope, diagnostics)?;
    if !is_walkable(&condition) {
        let title = "this condition is too large when the names in it are written out";
        diagnostics.push(Diagnostic::error("too-long", text.span, title));
        return None;
    }
    Some(condition)
}

/// Reads an expression over fields and derived names.
pub(super) fn expression(
    text: &Text,
    wanted: Option<ValueType>,
    derived: &Derived,
    lists: &Lists,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let scope = Scope {
        name: &|name| derived.meaning(name),
        known_names: &|| derived.known_names(),
        param: &|_| None,
        lists,
    };
    read(text, wanted, &scope, diagnostics)
}

fn read(
    text: &Text,
    wanted: Option<ValueType>,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let locate = |start, end| text.span_of(start, end);
    let node = parse(&text.value, &locate, diagnostics)?;
    resolve(&node, wanted, scope, &locate, diagnostics)
}

impl Loaded {
    /// The examples of each rule, by id.
    pub fn examples(&self) -> impl Iterator<Item = (&RuleFile, &Examples)> {
        self.files.iter().map(|file| (file, &file.examples))
    }
}
