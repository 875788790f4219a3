//! Conditions that the columns suggest: single columns, and goods with a country.

use super::survey::{Survey, family};
use super::variants::four_digits;
use crate::rules::PackFile;
use crate::rules::vocabulary::Family;
use crate::schema::{FieldId, field};
use std::collections::BTreeMap;

/// Values of a column, and pairs in all, that are tried at most.
const MOST_VALUES: usize = 40;
const MOST_PAIRS: usize = 300;
/// Where a column of numbers is cut: above the first, below the second.
const ABOVE: [f64; 4] = [0.75, 0.9, 0.95, 0.99];
const BELOW: [f64; 4] = [0.25, 0.1, 0.05, 0.01];
/// A condition that is tried.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The id under which it is tried.
    pub(super) id: String,
    pub(super) when: String,
    pub(super) title: String,
    pub(super) family: Family,
}

impl Candidate {
    /// The file under which it is tried.
    pub(super) fn file(&self) -> PackFile {
        let text = format!(
            "id: {}\nname: tried\ntitle: Tried\ntheme: cross\nlevel: component\nfamily: {}\nseverity: low\npoints: 1\nstatus: draft\nwhen: |\n  {}\n",
            self.id, self.family, self.when
        );
        (format!("{}.yaml", self.id), text.into_bytes())
    }
}

/// The conditions that the columns suggest.
pub(super) fn candidates(survey: &Survey) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = Vec::new();
    let mut add = |when: String, title: String, family: Family| {
        let id = format!("~M{:04}", all.len());
        all.push(Candidate {
            id,
            when,
            title,
            family,
        });
    };
    for (column, sample) in &survey.numbers {
        let name = column.name();
        let mut known = Vec::new();
        for (shares, sign, word) in [(ABOVE, ">=", "from"), (BELOW, "<=", "up to")] {
            for share in shares {
                if let Some(value) = sample
                    .quantile(share)
                    .map(four_digits)
                    .filter(|value| !known.contains(&(sign, value.to_bits())))
                {
                    known.push((sign, value.to_bits()));
                    add(
                        format!("{name} {sign} {value}"),
                        format!("{name} {word} {value}"),
                        family(*column),
                    );
                }
            }
        }
    }
    let fewest = (survey.n_lines / 2000).max(20);
    let mut of_column: BTreeMap<FieldId, Vec<(u64, &str)>> = BTreeMap::new();
    for ((column, value), lines) in survey.codes.iter().filter(|(_, lines)| **lines >= fewest) {
        of_column.entry(*column).or_default().push((*lines, value));
    }
    for (column, mut values) in of_column {
        values.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(right.1)));
        for (_, value) in values.iter().take(MOST_VALUES) {
            add(
                is(column, value),
                format!("{} {value}", column.name()),
                family(column),
            );
        }
    }
    let mut pairs: Vec<_> = survey
        .pairs
        .iter()
        .filter(|(_, lines)| **lines >= fewest)
        .collect();
    pairs.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
    for ((country, place, goods, what), _) in pairs.into_iter().take(MOST_PAIRS) {
        let when = format!("{}\n  AND {}", is(*goods, what), is(*country, place));
        add(
            when,
            format!("{} {what} with {} {place}", goods.name(), country.name()),
            Family::Routing,
        );
    }
    all
}

fn is(column: FieldId, value: &str) -> String {
    let text = value.replace('\'', "''");
    match column {
        field::HTS_NUMBER => format!("hts_number LIKE '{text}%'"),
        _ => format!("{} = '{text}'", column.name()),
    }
}
