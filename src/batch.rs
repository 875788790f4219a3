//! Shipment lines as typed columns, and where each came from.
//!
//! Text is held once per distinct value of a batch: a column is codes into a [`Pool`]. Code 0 is NULL. NULL is NaN in
//! a column of numbers (a number that is not finite cannot enter), [`NULL_DATE`] in dates, [`UNKNOWN`] in Booleans.

use crate::issue::IssueKind;
use crate::rules::vocabulary::Stage;
use crate::schema::{FIELDS, FieldId};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::sync::{Arc, OnceLock};

/// False.
pub const FALSE: u8 = 0;
/// True.
pub const TRUE: u8 = 1;
/// Neither true nor false: the NULL of Booleans.
pub const UNKNOWN: u8 = 2;
/// The NULL of dates.
pub const NULL_DATE: i32 = i32::MIN;
/// The code of NULL in a text column.
pub const NULL_CODE: u32 = 0;

/// Distinct texts, by code; code 0 is NULL and reads as the empty text.
#[derive(Clone, Debug)]
pub struct Pool {
    bytes: String,
    ends: Vec<u32>,
    /// What was found in the texts, and who searched.
    found: OnceLock<(usize, Found)>,
}

/// Words of bits for each code of a pool, one code after the other.
pub type Found = Arc<Vec<u64>>;

impl Default for Pool {
    fn default() -> Self {
        Self {
            found: OnceLock::new(),
            bytes: String::new(),
            ends: vec![0],
        }
    }
}

impl Pool {
    /// An empty pool with room for texts and their bytes.
    pub fn with_capacity(n_texts: usize, n_bytes: usize) -> Self {
        let mut ends = Vec::with_capacity(n_texts + 1);
        ends.push(0);
        Self {
            bytes: String::with_capacity(n_bytes),
            ends,
            found: OnceLock::new(),
        }
    }

    /// What a searcher finds in the texts, found once; the searcher is known by its number.
    pub fn found(&self, searcher: usize, find: impl Fn() -> Found) -> Found {
        let (who, found) = self.found.get_or_init(|| (searcher, find()));
        match *who == searcher {
            true => Arc::clone(found),
            false => find(),
        }
    }

    /// Adds a text and gives its code. Equal texts may be added twice.
    pub fn push(&mut self, text: &str) -> u32 {
        debug_assert!(
            self.found.get().is_none(),
            "a pool that was searched is complete"
        );
        self.bytes.push_str(text);
        // Arrow text columns, chunks of CSV and the texts of shipments are all far smaller.
        self.ends
            .push(u32::try_from(self.bytes.len()).expect("a pool holds less than 4 GiB of text"));
        u32::try_from(self.ends.len() - 1).expect("a batch holds fewer than 4 billion values")
    }

    /// The text of a code.
    pub fn get(&self, code: u32) -> &str {
        let end = self.ends[code as usize] as usize;
        let start = if code == 0 {
            0
        } else {
            self.ends[code as usize - 1] as usize
        };
        self.bytes.get(start..end).unwrap_or("")
    }

    /// The texts one after the other, and where each ends, NULL first.
    pub fn parts(&self) -> (&str, &[u32]) {
        (&self.bytes, &self.ends)
    }

    /// Number of codes, NULL included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True when there is no text but NULL.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The texts in code order, without NULL.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.ends.windows(2).map(|ends| {
            self.bytes
                .get(ends[0] as usize..ends[1] as usize)
                .unwrap_or("")
        })
    }
}

/// A column of text: codes into a pool.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    /// One code per row.
    pub codes: Vec<u32>,
    /// The texts.
    pub pool: Arc<Pool>,
}

impl TextColumn {
    /// A column with one value in every row; none is NULL.
    pub fn constant(text: Option<&str>, n_rows: usize) -> Self {
        let mut pool = Pool::default();
        let code = text.map_or(NULL_CODE, |text| pool.push(text));
        Self {
            codes: vec![code; n_rows],
            pool: Arc::new(pool),
        }
    }

    /// The texts of some rows, each text once.
    fn take_rows(&self, rows: &[usize]) -> Self {
        let mut pool = Pool::default();
        let mut known: HashMap<u32, u32, FixedState> = HashMap::default();
        let codes = rows.iter().map(|row| match self.codes[*row] {
            NULL_CODE => NULL_CODE,
            code => *known
                .entry(code)
                .or_insert_with(|| pool.push(self.pool.get(code))),
        });
        let codes = codes.collect();
        Self {
            codes,
            pool: Arc::new(pool),
        }
    }

    /// The text of a row, none where it is NULL.
    pub fn get(&self, row: usize) -> Option<&str> {
        let code = self.codes[row];
        (code != NULL_CODE).then(|| self.pool.get(code))
    }
}

/// A column of a batch.
#[derive(Clone, Debug)]
pub enum Column {
    /// Text, or a list as its items joined by `|`.
    Text(TextColumn),
    /// Numbers; NaN is NULL.
    Number(Vec<f64>),
    /// Days since 1970-01-01; [`NULL_DATE`] is NULL.
    Date(Vec<i32>),
    /// [`FALSE`], [`TRUE`] or [`UNKNOWN`].
    Boolean(Vec<u8>),
}

/// A set of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSet([u64; 4]);

impl FieldSet {
    /// Adds a field.
    pub fn insert(&mut self, field: FieldId) {
        self.0[field.index() / 64] |= 1 << (field.index() % 64);
    }

    /// Takes a field out.
    pub fn remove(&mut self, field: FieldId) {
        self.0[field.index() / 64] &= !(1 << (field.index() % 64));
    }

    /// Whether a field is in the set.
    pub fn contains(&self, field: FieldId) -> bool {
        self.0
            .get(field.index() / 64)
            .is_some_and(|word| word >> (field.index() % 64) & 1 == 1)
    }

    /// The fields, in the order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = FieldId> + '_ {
        (0..FIELDS.len())
            .filter_map(|index| u16::try_from(index).ok().map(FieldId))
            .filter(|field| self.contains(*field))
    }
}

impl FromIterator<FieldId> for FieldSet {
    fn from_iter<T: IntoIterator<Item = FieldId>>(fields: T) -> Self {
        let mut set = Self::default();
        fields.into_iter().for_each(|field| set.insert(field));
        set
    }
}

/// What the rows of a batch can carry: rows of one stage and format are one class.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    /// The classes that occur.
    pub classes: Vec<PresenceClass>,
    /// The class of each row.
    pub class_of_row: Vec<u16>,
}

/// Rows of one file, stage and format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceClass {
    /// The filing that the rows are evidence of.
    pub stage: Stage,
    /// Fields that a value could stand in.
    pub fields: FieldSet,
    /// True when the features of earlier lines were filled.
    pub has_history: bool,
    /// True when the features of other feeds were filled.
    pub has_feeds: bool,
}

/// Cells with the same thing wrong: one field, one kind, one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellIssues {
    /// Field that the cells were read for.
    pub field: FieldId,
    /// What was wrong.
    pub kind: IssueKind,
    /// The text as it stood; empty where it must not be shown.
    pub value: String,
    /// How many cells.
    pub count: u64,
    /// The first of their rows, counted from 1 in the file.
    pub first_row: u64,
    /// The last of their rows.
    pub last_row: u64,
}

/// Shipment lines, normalized.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Number of rows.
    pub n_rows: usize,
    /// Position of the input file, in the order in which the files are read.
    pub file: usize,
    /// The row of each line in its file, counted from 1.
    pub rows: Vec<u64>,
    /// A column per field of the schema; none where the run does not need it or the file has none.
    pub columns: Vec<Option<Column>>,
    /// Columns beyond the schema, by number from [`FieldId::FIRST_EXTRA`].
    pub extras: Vec<Option<Column>>,
    /// What each row can carry.
    pub presence: Presence,
    /// What was wrong with cells.
    pub issues: Vec<CellIssues>,
}

impl Batch {
    /// An empty set of columns for a number of rows.
    pub fn with_rows(n_rows: usize) -> Self {
        Self {
            n_rows,
            columns: vec![None; FIELDS.len()],
            ..Self::default()
        }
    }

    /// A column, if the batch has it.
    pub fn column(&self, field: FieldId) -> Option<&Column> {
        match field.0.checked_sub(FieldId::FIRST_EXTRA) {
            Some(extra) => self.extras.get(extra as usize)?.as_ref(),
            None => self.columns.get(field.index())?.as_ref(),
        }
    }

    /// Puts a column in.
    pub fn set(&mut self, field: FieldId, column: Column) {
        match field.0.checked_sub(FieldId::FIRST_EXTRA) {
            Some(extra) => {
                let needed = extra as usize + 1;
                if self.extras.len() < needed {
                    self.extras.resize(needed, None);
                }
                self.extras[extra as usize] = Some(column);
            }
            None => self.columns[field.index()] = Some(column),
        }
    }

    /// A batch of one row of this one.
    #[must_use]
    pub fn only_row(&self, row: usize) -> Self {
        self.take_rows(&[row])
    }

    /// A batch of some rows of this one, in the order given, without issues. Its pools hold only what the rows hold.
    #[must_use]
    pub fn take_rows(&self, rows: &[usize]) -> Self {
        let take = |column: &Column| match column {
            Column::Text(text) => Column::Text(text.take_rows(rows)),
            Column::Number(numbers) => {
                Column::Number(rows.iter().map(|row| numbers[*row]).collect())
            }
            Column::Date(days) => Column::Date(rows.iter().map(|row| days[*row]).collect()),
            Column::Boolean(truths) => {
                Column::Boolean(rows.iter().map(|row| truths[*row]).collect())
            }
        };
        let all = |columns: &[Option<Column>]| {
            let taken = columns.iter().map(|column| column.as_ref().map(take));
            taken.collect()
        };
        let class_of_row = rows.iter().map(|row| self.presence.class_of_row[*row]);
        Self {
            n_rows: rows.len(),
            file: self.file,
            rows: rows.iter().map(|row| self.rows[*row]).collect(),
            columns: all(&self.columns),
            extras: all(&self.extras),
            presence: Presence {
                classes: self.presence.classes.clone(),
                class_of_row: class_of_row.collect(),
            },
            issues: Vec::new(),
        }
    }

    /// A text column, if the batch has it.
    pub fn text(&self, field: FieldId) -> Option<&TextColumn> {
        match self.column(field) {
            Some(Column::Text(column)) => Some(column),
            _ => None,
        }
    }

    /// The text of a cell; none where it is NULL or the column is not there.
    pub fn text_at(&self, field: FieldId, row: usize) -> Option<&str> {
        self.text(field)?.get(row)
    }

    /// The number of a cell; none where it is NULL or the column is not there.
    pub fn number_at(&self, field: FieldId, row: usize) -> Option<f64> {
        match self.column(field) {
            Some(Column::Number(values)) => Some(values[row]).filter(|value| !value.is_nan()),
            _ => None,
        }
    }

    /// The date of a cell; none where it is NULL or the column is not there.
    pub fn date_at(&self, field: FieldId, row: usize) -> Option<i32> {
        match self.column(field) {
            Some(Column::Date(values)) => Some(values[row]).filter(|value| *value != NULL_DATE),
            _ => None,
        }
    }
}
