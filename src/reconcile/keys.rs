//! A batch -> the keys of its filings: what each row is a version of, when it came, what goods it is about.

use super::version::{Version, names_no_line, versions};
use crate::batch::{Batch, NULL_CODE, TextColumn};
use crate::history::hash;
use crate::rules::vocabulary::Stage;
use crate::schema::{FieldId, field};

/// What says that a filing amends another, or when it came.
pub const VERSION_FIELDS: &[FieldId] = &[
    field::RECORD_ACTION,
    field::RECEIVED_AT,
    field::RECORD_UPDATED_DATE,
];

/// What says which goods a row is about, and at which stage.
pub const SHIPMENT_FIELDS: &[FieldId] = &[
    field::EVIDENCE_STAGE,
    field::SOURCE_FORMAT,
    field::ENTRY_NUMBER,
    field::LINE_ID,
    field::ENTRY_LINE_NUMBER,
    field::SHIPMENT_KEY,
    field::HOUSE_BILL_NUMBER,
    field::MASTER_BILL_NUMBER,
    field::EQUIPMENT_NUMBER,
];

/// The keys of a row. Hashes are 0 where there is no value.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// A line of a shipment at a stage.
    pub filing: u64,
    /// The component.
    pub component: u32,
    /// When it came and what it does.
    pub version: Version,
    /// The entry.
    pub entry: u64,
    /// House bill, else master bill, else the key that the source gives.
    pub bill: u64,
    /// The container, where the bill is a master bill.
    pub container: u32,
    /// What the row is evidence of.
    pub stage: Stage,
    /// A correction that names no line: it is about the whole shipment at its stage.
    pub is_whole: bool,
}

/// The keys of a batch.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Position of the input.
    pub file: usize,
    /// Each row and its keys.
    pub rows: Vec<(u64, Key)>,
    /// A row has an action.
    pub has_action: bool,
}

/// Takes the keys of a batch; `label` is that of its input. Without `has_versions` no row of the run amends another or says
/// when it came, so lines are not told apart.
pub fn keys_of(batch: &Batch, label: &str, has_versions: bool) -> Keys {
    let column = |id: FieldId| Hashes::of(batch.text(id));
    let (mut shipments, mut lines) = (column(field::SHIPMENT_KEY), column(field::LINE_ID));
    let mut entries = column(field::ENTRY_NUMBER);
    let mut houses = column(field::HOUSE_BILL_NUMBER);
    let mut masters = column(field::MASTER_BILL_NUMBER);
    let mut containers = column(field::EQUIPMENT_NUMBER);
    let versions = versions(batch);
    let mut key = |row: usize| {
        let class = usize::from(batch.presence.class_of_row[row]);
        let stage = batch.presence.classes[class].stage;
        let (house, master) = (houses.at(row), masters.at(row));
        let number = batch.number_at(field::COMPONENT_SEQ, row).unwrap_or(1.0);
        Key {
            filing: match has_versions {
                true => hash::join([shipments.at(row), lines.at(row), stage as u64 + 1]),
                false => 0,
            },
            component: short(hash::bits(number.to_bits())),
            version: versions[row],
            entry: entries.at(row),
            bill: [house, master]
                .into_iter()
                .find(|bill| *bill != 0)
                .unwrap_or_else(|| shipments.at(row)),
            container: match house == 0 && master != 0 {
                true => short(containers.at(row)),
                false => 0,
            },
            stage,
            is_whole: versions[row].rank > 0 && names_no_line(batch, label, row),
        }
    };
    let has_action = batch
        .text(field::RECORD_ACTION)
        .is_some_and(|actions| actions.codes.iter().any(|code| *code != 0));
    Keys {
        file: batch.file,
        rows: (0..batch.n_rows)
            .map(|row| (batch.rows[row], key(row)))
            .collect(),
        has_action,
    }
}

/// The upper half of a hash.
fn short(hash: u64) -> u32 {
    u32::try_from(hash >> 32).expect("the upper half of 64 bits")
}

/// The hash of each text of a column, once it is asked for.
struct Hashes<'a> {
    column: Option<&'a TextColumn>,
    /// 0 where nobody asked.
    of_code: Vec<u64>,
}

impl<'a> Hashes<'a> {
    fn of(column: Option<&'a TextColumn>) -> Self {
        let n_codes = column.map_or(0, |column| column.pool.iter().count() + 1);
        Self {
            column,
            of_code: vec![0; n_codes],
        }
    }

    fn at(&mut self, row: usize) -> u64 {
        let Some(column) = self.column else {
            return 0;
        };
        let code = column.codes[row];
        if code == NULL_CODE {
            return 0;
        }
        let known = &mut self.of_code[code as usize];
        if *known == 0 {
            *known = hash::text(column.pool.get(code));
        }
        *known
    }
}
