//! suppressions.csv -> suppressions: one rule, one entity, never over a floor.

use super::Suppression;
use super::key::Key;
use super::kind::KeyKind;
use super::line::{Columns, Line, Table};
use super::read::{NoticeFile, duplicate};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::normalize::said;
use crate::rules::vocabulary::Status;
use crate::rules::yaml::RuleFile;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

const COLUMNS: Columns = Columns {
    required: &["rule", "entity", "approver", "expires"],
    optional: &["product", "reason", "added"],
};

/// Reads the rows; the positions of rules are filled in later.
pub(super) fn read(
    file: &NoticeFile,
    rules: &[RuleFile],
    are_rules_known: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Suppression> {
    let mut all = Vec::new();
    let mut known: BTreeMap<_, Span> = BTreeMap::new();
    let mut table = Table::open(file, &COLUMNS, diagnostics);
    while let Some(line) = table.next(diagnostics) {
        let rule = rule(&line, rules, are_rules_known, diagnostics);
        let entity = entity(&line, diagnostics);
        let product = product(&line, diagnostics);
        let approver = line.required("approver", diagnostics);
        // A file without the column gives no reasons; one that has it gives all.
        let reason = match line.required("reason", diagnostics) {
            None if line.span("reason") != Span::default() => None,
            reason => Some(reason.unwrap_or_default()),
        };
        let term = line.term(diagnostics);
        let (Some(rule), Some(entity), Some(product), Some(approver), Some(reason), Some(term)) =
            (rule, entity, product, approver, reason, term)
        else {
            continue;
        };
        let found = Suppression {
            rule,
            rule_id: None,
            entity,
            product,
            reason: said(&reason),
            approver: said(&approver),
            term,
        };
        let span = line.span("rule");
        let product = found.product.as_ref().map(Key::identity);
        match known.entry((found.rule.clone(), found.entity.identity(), product)) {
            Entry::Occupied(first) => {
                diagnostics.push(duplicate(span, *first.get(), &found.named()));
            }
            Entry::Vacant(entry) => {
                entry.insert(span);
                all.push(found);
            }
        }
    }
    all
}

/// The id of a rule whose hits may be left out of the count.
fn rule(
    line: &Line<'_>,
    rules: &[RuleFile],
    are_rules_known: bool,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let id = line.required("rule", diagnostics)?;
    let span = line.span("rule");
    let Some(rule) = rules.iter().find(|rule| rule.id.value == id) else {
        if are_rules_known {
            let title = format!("no rule has the id `{id}`");
            let diagnostic = Diagnostic::error("unknown-rule", span, title);
            let by_name = rules.iter().find(|rule| rule.name.value == id);
            let ids = rules.iter().map(|rule| rule.id.value.as_str());
            diagnostics.push(match by_name {
                Some(rule) => diagnostic.help(format!("write its id, `{}`", rule.id.value)),
                None => {
                    let diagnostic = diagnostic.help_similar(&id, ids);
                    match diagnostic.help {
                        Some(_) => diagnostic,
                        None => diagnostic.help("`ch24 rules list` shows every id"),
                    }
                }
            });
        }
        return None;
    };
    let refused = match rule.floor {
        Some(floor) => Some((
            format!("rule `{id}` has the floor `{floor}`, which nothing suppresses"),
            "change the rule, or take the floor from it",
        )),
        None if rule.mitigates => Some((
            format!("rule `{id}` mitigates: without it a line would have more points"),
            "name a rule that adds points",
        )),
        None => None,
    };
    if let Some((title, help)) = refused {
        diagnostics.push(
            Diagnostic::error("not-suppressible", span, title)
                .also(rule.id.span, "the rule")
                .help(help),
        );
        return None;
    }
    if rule.status != Status::Active {
        let title = format!(
            "rule `{id}` is {}: it counts for nothing anyway",
            rule.status
        );
        diagnostics
            .push(Diagnostic::warning("not-suppressible", span, title).help("take this row out"));
    }
    Some(id)
}

/// Whose lines: a party, a vessel, a shipment, a bill or a container, never goods alone.
fn entity(line: &Line<'_>, diagnostics: &mut Diagnostics) -> Option<Key> {
    let key = line.key("entity", diagnostics)?;
    if key.kind.is_product() {
        let title = "goods are no entity: the rule would not count for anybody who ships them";
        diagnostics.push(
            Diagnostic::error("bad-notice-key", line.span("entity"), title).help(format!(
                "name who ships them here, and write `{}` under `product`",
                key.shown()
            )),
        );
        return None;
    }
    Some(key)
}

/// Which goods: none where all, and nothing at all where they cannot be read.
#[expect(
    clippy::option_option,
    reason = "no product and a product that cannot be read are not the same"
)]
fn product(line: &Line<'_>, diagnostics: &mut Diagnostics) -> Option<Option<Key>> {
    let Some(text) = line.text("product") else {
        return Some(None);
    };
    let key = match text.split_once(':') {
        Some(_) => line.key("product", diagnostics)?,
        // Digits are a tariff number, words a taxon.
        None => {
            let kind = match text.starts_with(|letter: char| letter.is_ascii_digit()) {
                true => KeyKind::Hts,
                false => KeyKind::Taxon,
            };
            line.checked("product", Key::new(kind, &text, line.place()), diagnostics)?
        }
    };
    if !key.kind.is_product() {
        let title = format!("`{}` names no goods", key.kind.as_str());
        diagnostics.push(
            Diagnostic::error("bad-notice-key", line.span("product"), title)
                .help("write the first digits of a tariff number, `hts:4407`, or a taxon, `taxon:Dalbergia`"),
        );
        return None;
    }
    Some(Some(key))
}
