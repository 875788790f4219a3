//! Texts that a column of codes never holds.

use super::condition::ast::{Node, NodeKind};
use super::expression::Expression;
use super::resolve::Resolver;
use crate::diagnostic::Diagnostic;
use crate::normalize::code::{STATUSES, status};
use crate::normalize::country::country;
use crate::schema::Kind;

impl Resolver<'_, '_> {
    /// Warns of texts that the column they are compared with never holds once it is normalized.
    pub(super) fn check_codes(&mut self, column: &Expression, values: &[&Node]) {
        let Expression::Column(id, _) = column else {
            return;
        };
        let Some(field) = id.field() else { return };
        for value in values {
            let NodeKind::Text(text) = &value.kind else {
                continue;
            };
            let (is_known, instead) = match field.kind {
                Kind::Country => {
                    let known = country(text).value.map(|found| found.country);
                    (known == Some(text.as_str()), known.map(str::to_owned))
                }
                Kind::Status => {
                    let known = status(text).value;
                    (known == Some(text.as_str()), known.map(str::to_owned))
                }
                _ => return,
            };
            if is_known {
                continue;
            }
            let title = format!("`{}` never holds '{text}'", field.name);
            let help = match (instead, field.kind) {
                (Some(instead), _) => format!("write '{instead}'"),
                (None, Kind::Country) => "write a code of ISO 3166-1 with two letters".to_owned(),
                (None, _) => format!("write one of: {}", STATUSES.join(", ")),
            };
            self.diagnostics
                .push(Diagnostic::warning("unknown-code", self.span(value), title).help(help));
        }
    }
}
