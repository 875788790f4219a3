//! Reference lists: keys, validity dates, values.

use super::expression::ListColumn;
use super::vocabulary::MatchKind;
use crate::batch::NULL_DATE;
use crate::schema::ValueType;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// The list that gives the family of a genus, for lists that match by taxon.
pub const FAMILY_LIST: &str = "taxon_family";

/// The list that gives the accepted name of a synonym, for lists that match by taxon.
pub const SYNONYM_LIST: &str = "taxon_synonyms";

/// A reference list.
#[derive(Clone, Debug)]
pub struct List {
    /// File name without its ending.
    pub name: String,
    /// Who published it.
    pub source: String,
    /// The day it speaks for, as written.
    pub as_of: String,
    /// Terms under which it is shared.
    pub license: String,
    /// How a value finds its key.
    pub match_kind: MatchKind,
    /// Columns beside key and dates.
    pub columns: Vec<(String, ValueType)>,
    /// Days after `as_of` when it counts as old.
    pub max_age_days: Option<i64>,
    /// BLAKE3 of its two files.
    pub hash: String,
    /// Rows in file order.
    pub rows: Vec<ListRow>,
    index: HashMap<Box<str>, Vec<u32>, FixedState>,
    longest_key: usize,
}

/// A row of a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// What is looked up.
    pub key: Box<str>,
    /// First day in force; the least day where the file leaves it open.
    pub valid_from: i32,
    /// Last day in force; the greatest day where the file leaves it open.
    pub valid_to: i32,
    /// Values of the declared columns.
    pub cells: Vec<ListCell>,
}

/// A value of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum ListCell {
    /// Text, or none.
    Text(Option<Box<str>>),
    /// Number; NaN for none.
    Number(f64),
    /// Date; [`NULL_DATE`] for none.
    Date(i32),
}

impl List {
    /// Indexes the rows.
    #[must_use]
    pub fn with_rows(mut self, rows: Vec<ListRow>) -> Self {
        for (position, row) in rows.iter().enumerate() {
            let position = u32::try_from(position).expect("a list holds fewer than 4 billion rows");
            self.index
                .entry(row.key.clone())
                .or_default()
                .push(position);
        }
        self.longest_key = rows.iter().map(|row| row.key.len()).max().unwrap_or(0);
        self.rows = rows;
        self
    }

    /// An empty list of a name.
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            source: String::new(),
            as_of: String::new(),
            license: String::new(),
            match_kind: MatchKind::Exact,
            columns: Vec::new(),
            max_age_days: None,
            hash: String::new(),
            rows: Vec::new(),
            index: HashMap::default(),
            longest_key: 0,
        }
    }

    /// A declared column by name.
    pub fn column(&self, name: &str) -> Option<ListColumn> {
        let index = self.columns.iter().position(|(known, _)| known == name)?;
        Some(ListColumn {
            index,
            value_type: self.columns[index].1,
        })
    }

    /// The position of a row of this list.
    pub fn position(&self, row: &ListRow) -> Option<usize> {
        self.rows_of(&row.key)
            .iter()
            .map(|position| *position as usize)
            .find(|position| std::ptr::eq(&raw const self.rows[*position], row))
    }

    /// Rows with exactly this key, in file order.
    fn rows_of(&self, key: &str) -> &[u32] {
        self.index.get(key).map_or(&[], Vec::as_slice)
    }
}

/// The lists of a pack.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    all: Vec<List>,
    /// The column that gives the family of a genus.
    family: Option<(usize, usize)>,
    /// The column that gives the accepted name of a synonym.
    accepted: Option<(usize, usize)>,
}

impl Lists {
    /// Takes the lists of a pack, sorted by name.
    pub fn new(lists: Vec<List>) -> Self {
        let text_column = |name: &str, column: &str| {
            let position = lists.iter().position(|list| list.name == name)?;
            let column = lists[position].column(column)?;
            (column.value_type == ValueType::Text).then_some((position, column.index))
        };
        Self {
            family: text_column(FAMILY_LIST, "family"),
            accepted: text_column(SYNONYM_LIST, "accepted"),
            all: lists,
        }
    }

    /// A list by its number.
    pub fn get(&self, id: super::expression::ListId) -> &List {
        &self.all[id.0 as usize]
    }

    /// A list by its name.
    pub fn find(&self, name: &str) -> Option<super::expression::ListId> {
        let position = self.all.iter().position(|list| list.name == name)?;
        Some(super::expression::ListId(
            u16::try_from(position).expect("fewer than 65,536 lists"),
        ))
    }

    /// Every list.
    pub fn iter(&self) -> impl Iterator<Item = &List> {
        self.all.iter()
    }

    /// Rows that a value finds, candidate by candidate, the longest candidate first, in file order within one.
    ///
    /// Candidates are the value; then, for a list of prefixes, its shorter prefixes; for a list of taxa, its accepted
    /// name, the genus of either, and the family of either genus.
    pub fn rows<'a>(&'a self, list: &'a List, value: &str) -> Vec<&'a ListRow> {
        let mut found: Vec<u32> = Vec::new();
        match list.match_kind {
            MatchKind::Exact => found.extend(list.rows_of(value)),
            MatchKind::Prefix => {
                let longest = value.len().min(list.longest_key);
                for length in (1..=longest).rev() {
                    if let Some(prefix) = value.get(..length) {
                        found.extend(list.rows_of(prefix));
                    }
                }
            }
            MatchKind::Taxon => {
                for candidate in self.taxon_candidates(value) {
                    found.extend(list.rows_of(candidate));
                }
            }
        }
        found
            .into_iter()
            .map(|row| &list.rows[row as usize])
            .collect()
    }

    /// The names under which a taxon can stand in a list, the most specific first, each once.
    pub(crate) fn taxon_candidates<'a>(&'a self, taxon: &'a str) -> Vec<&'a str> {
        let accepted = self.first_value(self.accepted, taxon);
        let species: Vec<&str> = std::iter::once(taxon).chain(accepted).collect();
        let genera: Vec<&str> = species.iter().map(|name| genus_of(name)).collect();
        let families = genera
            .iter()
            .filter_map(|genus| self.first_value(self.family, genus));
        let mut candidates: Vec<&str> = Vec::with_capacity(6);
        for name in species.iter().chain(&genera).copied().chain(families) {
            if !candidates.contains(&name) {
                candidates.push(name);
            }
        }
        candidates
    }

    /// The text of the first row of a key in a column of a list.
    fn first_value(&self, place: Option<(usize, usize)>, key: &str) -> Option<&str> {
        let (list, column) = place?;
        let row = *self.all[list].rows_of(key).first()?;
        match &self.all[list].rows[row as usize].cells[column] {
            ListCell::Text(value) => value.as_deref(),
            _ => None,
        }
    }
}

fn genus_of(taxon: &str) -> &str {
    taxon.split(' ').next().unwrap_or(taxon)
}

impl ListRow {
    /// Whether the row is in force on a day.
    pub fn is_in_force(&self, day: i32) -> bool {
        self.valid_from <= day && day <= self.valid_to
    }

    /// Whether a cell holds a value.
    pub fn has_value(&self, column: ListColumn) -> bool {
        match &self.cells[column.index] {
            ListCell::Text(text) => text.is_some(),
            ListCell::Number(number) => !number.is_nan(),
            ListCell::Date(date) => *date != NULL_DATE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &str, valid_from: i32, cells: Vec<ListCell>) -> ListRow {
        ListRow {
            key: key.into(),
            valid_from,
            valid_to: i32::MAX,
            cells,
        }
    }

    fn keys(lists: &Lists, list: &str, value: &str) -> Vec<String> {
        let list = lists.get(lists.find(list).expect("a list"));
        lists
            .rows(list, value)
            .iter()
            .map(|row| row.key.to_string())
            .collect()
    }

    #[test]
    fn longer_candidates_come_first() {
        let mut prefixes = List::empty("hts");
        prefixes.match_kind = MatchKind::Prefix;
        let prefixes = prefixes.with_rows(vec![
            row("44", 0, vec![]),
            row("4407", 0, vec![]),
            row("4408", 0, vec![]),
        ]);
        let mut taxa = List::empty("taxa");
        taxa.match_kind = MatchKind::Taxon;
        let taxa = taxa.with_rows(vec![
            row("Cactaceae", 0, vec![]),
            row("Swietenia", 0, vec![]),
        ]);
        let mut families = List::empty(FAMILY_LIST);
        families.columns = vec![("family".to_owned(), ValueType::Text)];
        let families = families.with_rows(vec![row(
            "Ariocarpus",
            0,
            vec![ListCell::Text(Some("Cactaceae".into()))],
        )]);
        let mut synonyms = List::empty(SYNONYM_LIST);
        synonyms.columns = vec![("accepted".to_owned(), ValueType::Text)];
        let synonyms = synonyms.with_rows(vec![row(
            "Roseocactus fissuratus",
            0,
            vec![ListCell::Text(Some("Ariocarpus fissuratus".into()))],
        )]);
        let lists = Lists::new(vec![prefixes, taxa, families, synonyms]);
        assert_eq!(keys(&lists, "hts", "4407299500"), ["4407", "44"]);
        assert_eq!(keys(&lists, "hts", "4"), [""; 0]);
        assert_eq!(keys(&lists, "taxa", "Swietenia macrophylla"), ["Swietenia"]);
        assert_eq!(keys(&lists, "taxa", "Ariocarpus fissuratus"), ["Cactaceae"]);
        assert_eq!(
            keys(&lists, "taxa", "Roseocactus fissuratus"),
            ["Cactaceae"]
        );
        assert_eq!(keys(&lists, "taxa", "Pinus"), [""; 0]);
    }
}
