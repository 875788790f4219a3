//! Adds up what the CITES permits of a row allow.
//!
//! The rule is told in [`super::permits::flatten`], whose tests cover this module.

use super::permits::Permit;
use super::quantity::wildlife_unit;
use crate::issue::IssueKind;

/// What one CITES permit allows.
#[derive(Debug)]
pub(crate) struct Grant {
    number: Option<String>,
    quantity: Option<f64>,
    uom: Option<String>,
}

/// Reads the unit of a permit and notes what was wrong with it.
pub(crate) fn uom_of(permit: &Permit, issues: &mut Vec<IssueKind>) -> Option<String> {
    let normal = wildlife_unit(permit.uom.as_deref().unwrap_or_default());
    issues.extend(normal.issue);
    normal.value.map(String::from)
}

/// Adds what a permit allows; an object that repeats a number can only fill in the quantity.
pub(crate) fn add_grant(
    side: &mut Vec<Grant>,
    permit: &Permit,
    number: Option<&str>,
    issues: &mut Vec<IssueKind>,
) {
    let uom = uom_of(permit, issues);
    let known = side
        .iter_mut()
        .find(|grant| grant.number.as_deref() == number);
    match known {
        Some(grant) if grant.quantity.is_none() => {
            (grant.quantity, grant.uom) = (permit.quantity, uom);
        }
        Some(_) => {}
        None => side.push(Grant {
            number: number.map(str::to_owned),
            quantity: permit.quantity,
            uom,
        }),
    }
}

/// Adds up the first side that has quantities.
pub(crate) fn total(sides: &[Vec<Grant>]) -> (Option<f64>, Option<String>) {
    let has_quantity = |side: &&Vec<Grant>| side.iter().any(|grant| grant.quantity.is_some());
    let Some([first, rest @ ..]) = sides.iter().find(has_quantity).map(Vec::as_slice) else {
        return (None, None);
    };
    let is_one_unit = rest.iter().all(|grant| grant.uom == first.uom);
    let sum = rest.iter().try_fold(first.quantity, |sum, grant| {
        Some(
            sum.zip(grant.quantity)
                .map(|(sum, quantity)| sum + quantity),
        )
    });
    match sum.flatten() {
        Some(sum) if is_one_unit => (Some(sum), first.uom.clone()),
        _ => (None, None),
    }
}
