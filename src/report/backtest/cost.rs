//! What rules cost to evaluate, where that was measured.

use crate::report::html::Html;
use crate::report::table::{Align, Columns, head_id, right, row, table};
use crate::tune::{Backtest, Cost};

const COSTS: Columns = &[
    ("Rule", Align::Left),
    ("Condition, ns per row", Align::Right),
    ("First pass, ns per row", Align::Right),
];
/// Rules that are shown.
const SHOWN: usize = 25;

/// Writes the dearest rules.
pub(super) fn write(html: &mut Html, found: &Backtest) {
    let costs = found
        .rules
        .iter()
        .filter_map(|rule| Some((rule.id.as_str(), rule.cost?)));
    let mut costs: Vec<(&str, Cost)> = costs.collect();
    let whole = |cost: &Cost| cost.condition_ns + cost.first_pass_ns.unwrap_or(0.0);
    costs.sort_by(|left, right| {
        whole(&right.1)
            .total_cmp(&whole(&left.1))
            .then(left.0.cmp(right.0))
    });
    if let Some(pack) = found.cost {
        html.leaf("p", format!("All conditions together: {:.0} ns per row on one core, {:.0} of them for the scopes of themes. Measured on {} rows.", pack.condition_ns, pack.scopes_ns, super::whole(pack.rows as f64)));
    }
    html.leaf_of("p", "note", "Processor time of one machine: no two measurements are the same. A condition is measured as if its rule were the only one, less what a pack without rules takes, the least of several goes. Rules share what they ask of a column, so these numbers do not add up to what the pack takes, and a few tens of nanoseconds are noise; a rule that stands out is one that searches long texts, looks up many different values, or compares columns. The first pass over the data, for aggregates and features of earlier lines, is measured as a whole for each rule that asks for one, and is shared too.");
    table(
        html,
        "The dearest rules, each as if it were alone",
        COSTS,
        |html| {
            for (id, cost) in costs.iter().take(SHOWN) {
                row(html, |html| {
                    head_id(html, id);
                    right(html, Some(format!("{:.1}", cost.condition_ns)));
                    right(html, cost.first_pass_ns.map(|ns| format!("{ns:.0}")));
                });
            }
        },
    );
}
