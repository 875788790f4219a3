//! What a condition rests on: a country or a name is never enough.

use crate::rules::expression::Expression;
use crate::schema::{FieldId, Kind, field};

/// Evidence of a country.
const COUNTRY: u8 = 1;
/// Evidence of a name or address.
const NAME: u8 = 2;
/// Any other fact.
const FACT: u8 = 4;

/// Says what one way of making a condition true rests on, when that is no fact of the shipment.
///
/// Dates and stages only say when a rule applies, so they are no evidence.
pub(crate) fn rests_on(condition: &Expression) -> Option<&'static str> {
    let ways = ways(condition, true);
    let has = |evidence: u8| ways >> evidence & 1 == 1;
    match () {
        () if has(COUNTRY) => Some("a country"),
        () if has(NAME) => Some("names"),
        () if has(COUNTRY | NAME) => Some("a country and names"),
        () => None,
    }
}

/// The kinds of evidence of each way to make an expression true, or false: bit n is set where a way rests on kinds n.
fn ways(expression: &Expression, is_wanted: bool) -> u8 {
    match (expression, is_wanted) {
        (Expression::Not(inner), _) => ways(inner, !is_wanted),
        (Expression::Or(parts), true) | (Expression::And(parts), false) => parts
            .iter()
            .map(|part| ways(part, is_wanted))
            .fold(0, |all, way| all | way),
        (Expression::And(parts), true) | (Expression::Or(parts), false) => parts
            .iter()
            .map(|part| ways(part, is_wanted))
            .fold(1, together),
        _ => 1 << kinds(expression),
    }
}

/// The ways in which two conditions both hold.
fn together(left: u8, right: u8) -> u8 {
    let mut both = 0;
    for first in (0..8_u8).filter(|kinds| left >> kinds & 1 == 1) {
        for second in (0..8_u8).filter(|kinds| right >> kinds & 1 == 1) {
            both |= 1 << (first | second);
        }
    }
    both
}

fn kinds(expression: &Expression) -> u8 {
    let kind = |id: FieldId| match id.field().map(|field| field.kind) {
        Some(Kind::Country | Kind::CountryList) => COUNTRY,
        Some(Kind::Party) => NAME,
        Some(Kind::Date) => 0,
        _ if id == field::EVIDENCE_STAGE || id == field::SOURCE_FORMAT => 0,
        _ => FACT,
    };
    expression
        .columns()
        .into_iter()
        .map(kind)
        .fold(0, |all, kind| all | kind)
}
