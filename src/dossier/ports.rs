//! Names of US ports, where a list of the pack has them.

use super::internal::Shipment;
use crate::rules::RuleSet;
use crate::rules::lists::ListCell;
use crate::schema::field;
use std::collections::BTreeMap;

/// The column of a list that names the port of its key.
const NAME: &str = "port_name";

/// The names of the ports of entry of some shipments, by their code of CBP Schedule D; a code that no list names is left out.
pub(super) fn port_names(rules: &RuleSet, shipments: &[Shipment]) -> BTreeMap<String, String> {
    let lines = shipments.iter().flat_map(|shipment| &shipment.lines);
    let codes = lines.filter_map(|line| line.value(field::US_PORT_OF_ENTRY));
    let named = codes.filter_map(|code| Some((code.to_owned(), name_of(rules, code)?)));
    named.collect()
}

fn name_of(rules: &RuleSet, code: &str) -> Option<String> {
    rules.lists.iter().find_map(|list| {
        let column = list.column(NAME)?.index;
        let row = list.rows.iter().find(|row| &*row.key == code)?;
        match row.cells.get(column)? {
            ListCell::Text(name) => name.as_deref().map(str::to_owned),
            ListCell::Number(_) | ListCell::Date(_) => None,
        }
    })
}
