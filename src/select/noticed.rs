//! Which lookouts and suppressions each line of a batch meets.
//!
//! Keys are compared once per distinct text of a column; rows are gone through only where a text is a key.

use crate::batch::Batch;
use crate::normalize::Identities;
use crate::normalize::importer::employer_root;
use crate::normalize::list::items;
use crate::normalize::party::party_name;
use crate::rules::notices::{Key, Notices, Part};
use crate::rules::{RuleId, RuleSet};
use crate::schema::{FieldId, field};
use crate::score::Scores;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::borrow::Cow;

/// The notices of a pack, ready to be compared with batches.
#[derive(Debug, Default)]
pub struct NoticeKeys {
    /// For each part of a cell that names something: the notices behind each text of it. Suppressions come after lookouts.
    tables: Vec<Table>,
    n_lookouts: usize,
}

#[derive(Debug)]
struct Table {
    field: FieldId,
    part: Part,
    notices: HashMap<String, Vec<u32>, FixedState>,
    longest: usize,
}

/// What the lines of a batch meet: for each row a set of notices, by number.
#[derive(Debug, Default)]
pub struct Noticed {
    /// The set of each row; empty where no row meets any.
    pub(super) of_row: Vec<u32>,
    /// The different sets; the first is empty.
    pub(super) sets: Vec<Met>,
}

/// Notices that a line meets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Met {
    /// Lookouts in force, by their position.
    pub lookouts: Vec<u32>,
    /// Suppressions in force of rules that hit the line, each with its rule.
    pub suppressions: Vec<(RuleId, u32)>,
}

impl NoticeKeys {
    /// Brings the keys of a pack to the form of cells, masked numbers as the run masks them.
    pub fn new(rules: &RuleSet, identities: &Identities) -> Self {
        let Notices {
            lookouts,
            suppressions,
        } = &rules.notices;
        let mut all = Self {
            tables: Vec::new(),
            n_lookouts: lookouts.len(),
        };
        let keys = lookouts.iter().map(|lookout| &lookout.key);
        let keys = keys.chain(suppressions.iter().map(|suppression| &suppression.entity));
        for (key, number) in keys.zip(0..) {
            all.add(key, number, identities);
        }
        all
    }

    fn add(&mut self, key: &Key, number: u32, identities: &Identities) {
        for (id, part) in key.kind.parts() {
            let table = match self
                .tables
                .iter_mut()
                .position(|table| table.field == *id && table.part == *part)
            {
                Some(position) => &mut self.tables[position],
                None => {
                    self.tables.push(Table {
                        field: *id,
                        part: *part,
                        notices: HashMap::default(),
                        longest: 0,
                    });
                    self.tables.last_mut().expect("one was added")
                }
            };
            for form in key.forms(*id, *part, identities) {
                table.longest = table.longest.max(form.len());
                table.notices.entry(form).or_default().push(number);
            }
        }
    }

    /// What each row of a batch meets.
    pub fn find(&self, rules: &RuleSet, batch: &Batch, scores: &Scores) -> Noticed {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for table in &self.tables {
            table.find(rules, batch, &mut pairs);
        }
        if pairs.is_empty() {
            return Noticed::default();
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut noticed = Noticed {
            of_row: vec![0; batch.n_rows],
            sets: vec![Met::default()],
        };
        let mut known: HashMap<Met, u32, FixedState> = HashMap::default();
        for of_row in pairs.chunk_by(|left, right| left.0 == right.0) {
            let row = of_row[0].0 as usize;
            let notices = of_row.iter().map(|(_, notice)| *notice as usize);
            let met = self.met(rules, batch, scores.hits_of(row), row, notices);
            if met != Met::default() {
                let next = u32::try_from(noticed.sets.len()).expect("fewer sets than rows");
                noticed.of_row[row] = *known.entry(met).or_insert_with_key(|met| {
                    noticed.sets.push(met.clone());
                    next
                });
            }
        }
        noticed
    }

    /// The notices of a row that are in force on its day, and whose rule and goods are those of the row.
    fn met(
        &self,
        rules: &RuleSet,
        batch: &Batch,
        hits: &[RuleId],
        row: usize,
        notices: impl Iterator<Item = usize>,
    ) -> Met {
        let day = batch.date_at(field::LEGAL_DATE, row);
        let mut met = Met::default();
        for notice in notices {
            let number = |position: usize| u32::try_from(position).expect("numbered with 32 bits");
            let Some(position) = notice.checked_sub(self.n_lookouts) else {
                if rules.notices.lookouts[notice].is_in_force(day) {
                    met.lookouts.push(number(notice));
                }
                continue;
            };
            let suppression = &rules.notices.suppressions[position];
            let Some(rule) = suppression.rule_id else {
                continue;
            };
            let is_met = hits.binary_search(&rule).is_ok()
                && suppression.is_in_force(day)
                && suppression
                    .product
                    .as_ref()
                    .is_none_or(|product| is_product(rules, batch, row, product));
            // The first of several that suppress a hit is the one that is counted.
            if is_met && met.suppressions.iter().all(|(known, _)| *known != rule) {
                met.suppressions.push((rule, number(position)));
            }
        }
        met.suppressions.sort_unstable();
        met
    }
}

impl Table {
    fn find(&self, rules: &RuleSet, batch: &Batch, pairs: &mut Vec<(u32, u32)>) {
        let Some(column) = batch.text(self.field) else {
            return;
        };
        let mut of_code: Vec<Vec<u32>> = Vec::new();
        for (code, text) in (1..).zip(column.pool.iter()) {
            let mut found = Vec::new();
            self.find_text(rules, text, &mut found);
            if !found.is_empty() {
                of_code.resize(code, Vec::new());
                of_code.push(found);
            }
        }
        if of_code.is_empty() {
            return;
        }
        for (row, code) in (0..).zip(&column.codes) {
            let found = of_code.get(*code as usize).into_iter().flatten();
            pairs.extend(found.map(|notice| (row, *notice)));
        }
    }

    /// The notices that a text names.
    fn find_text(&self, rules: &RuleSet, text: &str, found: &mut Vec<u32>) {
        let mut look = |text: &str| found.extend(self.notices.get(text).into_iter().flatten());
        match self.part {
            Part::Whole => look(text),
            Part::Root => look(employer_root(text)),
            Part::Item => items(text).for_each(|item| look(&item_form(item))),
            Part::Prefix => {
                for length in 1..=text.len().min(self.longest) {
                    text.get(..length).into_iter().for_each(&mut look);
                }
            }
            Part::Taxon => {
                for candidate in rules.lists.taxon_candidates(text) {
                    look(candidate);
                }
            }
        }
    }
}

fn item_form(item: &str) -> Cow<'_, str> {
    party_name(item)
        .value
        .map_or(Cow::Borrowed(item), Cow::Owned)
}

/// Whether the goods of a row are those of a key.
fn is_product(rules: &RuleSet, batch: &Batch, row: usize, product: &Key) -> bool {
    product.kind.parts().iter().any(|(id, part)| {
        let Some(text) = batch.text_at(*id, row) else {
            return false;
        };
        let forms = product.forms(*id, *part, &Identities::FirstRow);
        forms.iter().any(|form| match part {
            Part::Prefix => text.starts_with(form.as_str()),
            Part::Taxon => rules.lists.taxon_candidates(text).contains(&form.as_str()),
            _ => text == form,
        })
    })
}

impl Noticed {
    /// What a row meets.
    pub(super) fn set_of(&self, row: usize) -> u32 {
        self.of_row.get(row).copied().unwrap_or(0)
    }

    /// The notices of a set.
    pub(super) fn met(&self, set: u32) -> Option<&Met> {
        (set != 0).then(|| &self.sets[set as usize])
    }
}
