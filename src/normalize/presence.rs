//! Which fields each row can carry: absent is not the same as missing.

use super::fill::sources_of;
use crate::batch::{
    Batch, CellIssues, Column, FieldSet, NULL_CODE, NULL_DATE, PresenceClass, UNKNOWN,
};
use crate::issue::IssueKind;
use crate::read::binding::Binding;
use crate::rules::vocabulary::Stage;
use crate::schema::{FIELDS, Field, FieldId, field, formats, stages};

/// Sorts rows into classes by stage and format; gives the fields that the source has.
///
/// A row without a stage counts as an entry summary.
pub(super) fn add_presence(binding: &Binding, batch: &mut Batch) -> FieldSet {
    let has = with_filled(binding.has);
    let mut known: Vec<((u32, u32), u16)> = Vec::new();
    let mut classes: Vec<PresenceClass> = Vec::new();
    let stage_of = |code: u32| match batch.text(field::EVIDENCE_STAGE) {
        Some(column) if code != NULL_CODE => {
            Stage::parse(column.pool.get(code)).unwrap_or(Stage::EntrySummary)
        }
        _ => Stage::EntrySummary,
    };
    let format_of = |code: u32| match batch.text(field::SOURCE_FORMAT) {
        Some(column) if code != NULL_CODE => formats::bit(column.pool.get(code)),
        _ => formats::EVERY,
    };
    let code =
        |id: FieldId, row: usize| batch.text(id).map_or(NULL_CODE, |column| column.codes[row]);
    let mut class_of_row = Vec::with_capacity(batch.n_rows);
    for row in 0..batch.n_rows {
        let key = (
            code(field::EVIDENCE_STAGE, row),
            code(field::SOURCE_FORMAT, row),
        );
        let seen = known
            .iter()
            .find(|(seen, _)| *seen == key)
            .map(|(_, class)| *class);
        let class = seen.unwrap_or_else(|| {
            let (stage, format) = (stage_of(key.0), format_of(key.1));
            let class = PresenceClass {
                stage,
                fields: carried(&has, binding, stage, format),
                has_history: false,
                has_feeds: false,
            };
            let position = classes
                .iter()
                .position(|seen| *seen == class)
                .unwrap_or_else(|| {
                    classes.push(class);
                    classes.len() - 1
                });
            let position = u16::try_from(position).expect("fewer stages and formats than 65,536");
            known.push((key, position));
            position
        });
        class_of_row.push(class);
    }
    batch.presence.classes = classes;
    batch.presence.class_of_row = class_of_row;
    has
}

/// Adds the fields that are filled from others.
fn with_filled(mut has: FieldSet) -> FieldSet {
    for position in 0..FIELDS.len() {
        let id = FieldId(u16::try_from(position).expect("fewer than 1024 fields"));
        if sources_of(id).iter().any(|source| has.contains(*source)) && is_filled_by_any(id, &has) {
            has.insert(id);
        }
    }
    for always in [
        field::LINE_ID,
        field::SHIPMENT_KEY,
        field::COMPONENT_SEQ,
        field::LEGAL_DATE,
    ] {
        has.insert(always);
    }
    has
}

/// Most fields need one of their sources; a taxon needs its genus or species, a measure both quantity and unit, a
/// status its agency. A part of a name is not filled from the other parts alone.
fn is_filled_by_any(id: FieldId, has: &FieldSet) -> bool {
    let needs: &[FieldId] = match id {
        field::TAXON | field::SPECIAL_USE_DESIGNATION => &[field::SCIENTIFIC_GENUS],
        field::SCIENTIFIC_GENUS | field::SCIENTIFIC_SPECIES | field::SCIENTIFIC_SUBSPECIES => {
            return false;
        }
        field::GROSS_WEIGHT_KG | field::NET_WEIGHT_KG | field::VOLUME_DECLARED_M3 => sources_of(id),
        field::PPQ505_STATUS
        | field::FWS3177_STATUS
        | field::DS2031_STATUS
        | field::NOAA370_STATUS
        | field::SIMP_STATUS => &[field::PGA_AGENCY],
        _ => return true,
    };
    needs.iter().all(|need| has.contains(*need))
}

fn carried(has: &FieldSet, binding: &Binding, stage: Stage, format: u16) -> FieldSet {
    let bit = stages::bit(stage.as_str());
    let can = |described: &Field| described.stages & bit != 0 && described.formats & format != 0;
    has.iter()
        .filter(|id| binding.carries.contains(*id) || id.field().is_some_and(can))
        .collect()
}

/// Clears cells of fields that the row's stage or format cannot carry; gives what was cleared.
pub(super) fn clear_absent(has: &FieldSet, batch: &mut Batch) -> Vec<CellIssues> {
    let mut issues = Vec::new();
    let presence = std::mem::take(&mut batch.presence);
    for id in has.iter() {
        let absent: Vec<bool> = presence
            .classes
            .iter()
            .map(|class| !class.fields.contains(id))
            .collect();
        if !absent.contains(&true) {
            continue;
        }
        let Some(column) = batch.columns[id.index()].as_mut() else {
            continue;
        };
        let mut issue: Option<CellIssues> = None;
        for (row, class) in presence.class_of_row.iter().enumerate() {
            if absent[*class as usize] && clear(column, row) {
                let number = batch.rows[row];
                let issue = issue.get_or_insert_with(|| CellIssues {
                    field: id,
                    kind: IssueKind::NotCarried,
                    value: String::new(),
                    count: 0,
                    first_row: number,
                    last_row: number,
                });
                issue.count += 1;
                issue.last_row = number;
            }
        }
        issues.extend(issue);
    }
    batch.presence = presence;
    issues
}

/// Makes a cell NULL; says whether it held something.
fn clear(column: &mut Column, row: usize) -> bool {
    match column {
        Column::Text(text) => std::mem::replace(&mut text.codes[row], NULL_CODE) != NULL_CODE,
        Column::Number(numbers) => !std::mem::replace(&mut numbers[row], f64::NAN).is_nan(),
        Column::Date(days) => std::mem::replace(&mut days[row], NULL_DATE) != NULL_DATE,
        Column::Boolean(truths) => std::mem::replace(&mut truths[row], UNKNOWN) != UNKNOWN,
    }
}
