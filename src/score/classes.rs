//! Distinct values -> classes: values that leave the same bits are one class.
//!
//! Texts repeat from batch to batch, and what they leave never changes, so their classes are remembered: a text, or a set
//! of pieces found in texts, is asked about once in a run. What a run has learned decides nothing but its speed.

use super::evaluate::Evaluator;
use super::program::{AskedColumn, Program};
use crate::batch::{Batch, Column, NULL_CODE, Pool, TextColumn};
use crate::schema::FieldId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The class of each value, and the mask of each class, one after the other.
pub(super) type Classes = (Vec<u32>, Vec<u64>);

/// What values of a column leave, remembered over all batches of a run.
#[derive(Debug, Default)]
pub struct Memory(RwLock<HashMap<Box<[u8]>, Arc<[u64]>, FixedState>>);

/// Values that a column remembers, at most.
const MOST_REMEMBERED: usize = 1 << 16;
/// Texts of a pool above which it is not worth looking each of them up.
const MOST_LOOKED_UP: usize = 1 << 13;

/// The classes of the codes of a pool.
pub(super) fn of_texts(
    program: &Program,
    column: &AskedColumn,
    pool: &Arc<Pool>,
    field: FieldId,
) -> Classes {
    debug_assert_eq!(NULL_CODE, 0);
    let each_once = || TextColumn {
        codes: (0..u32::try_from(pool.len()).expect("codes are u32")).collect(),
        pool: Arc::clone(pool),
    };
    if !column.searches.is_empty() {
        return searched(program, column, field, each_once());
    }
    if pool.len() > MOST_LOOKED_UP {
        return classes(program, column, &batch_of(field, each_once()));
    }
    // NULL is a key that no text is.
    let keys = (0..pool.len()).map(|code| match u32::try_from(code) {
        Ok(NULL_CODE) | Err(_) => NULL_KEY,
        Ok(code) => pool.get(code).as_bytes(),
    });
    remembered(program, column, &keys.collect::<Vec<_>>(), |missing| {
        let codes = missing.iter().map(|code| u32::try_from(*code).unwrap_or(0));
        masks_of(program, column, field, codes, pool)
    })
}

/// The key of NULL: no text is one byte that is not UTF-8.
const NULL_KEY: &[u8] = &[0xff];

/// Looks keys up; those that are not known are given to `learn`, by position, which gives their masks.
fn remembered(
    program: &Program,
    column: &AskedColumn,
    keys: &[&[u8]],
    learn: impl FnOnce(&[usize]) -> Vec<Arc<[u64]>>,
) -> Classes {
    let memory = &column.memory.0;
    let mut found: Vec<Option<Arc<[u64]>>> = {
        let known = memory.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|key| known.get(*key).cloned()).collect()
    };
    let missing: Vec<usize> = (0..keys.len())
        .filter(|key| found[*key].is_none())
        .collect();
    if !missing.is_empty() {
        let learned = learn(&missing);
        let mut known = memory.write().unwrap_or_else(PoisonError::into_inner);
        for (position, mask) in missing.into_iter().zip(learned) {
            if known.len() < MOST_REMEMBERED {
                known.insert(keys[position].into(), Arc::clone(&mask));
            }
            found[position] = Some(mask);
        }
    }
    by_mask(program, found.into_iter().flatten())
}

/// One class for each mask.
fn by_mask(program: &Program, masks_of: impl Iterator<Item = Arc<[u64]>>) -> Classes {
    let mut known: HashMap<Arc<[u64]>, u32, FixedState> = HashMap::default();
    let mut masks = Vec::new();
    let class_of = masks_of.map(|mask| {
        *known.entry(mask).or_insert_with_key(|mask| {
            masks.extend_from_slice(mask);
            u32::try_from(masks.len() / program.words - 1).expect("fewer classes than values")
        })
    });
    (class_of.collect(), masks)
}

fn batch_of(field: FieldId, text: TextColumn) -> Batch {
    let mut batch = Batch::with_rows(text.codes.len());
    batch.set(field, Column::Text(text));
    batch
}

/// The classes where atoms search: what a text leaves depends on what is found in it, and on the truths of the atoms that
/// do not search.
fn searched(
    program: &Program,
    column: &AskedColumn,
    field: FieldId,
    each_once: TextColumn,
) -> Classes {
    let searches = &column.searches;
    let distinct = batch_of(field, each_once);
    let evaluator = Evaluator::new(&distinct, &program.tables);
    let texts = distinct.text(field).expect("the column was just set");
    let found = searches.keys(&evaluator, texts);
    let others: Vec<Vec<u8>> = column
        .atoms
        .iter()
        .zip(&searches.is_searched)
        .filter(|(_, is_searched)| !**is_searched)
        .map(|(atom, _)| evaluator.truths(atom))
        .collect();
    let mut known: HashMap<Vec<u8>, u32, FixedState> = HashMap::default();
    let mut first_codes = Vec::new();
    let mut signature = Vec::new();
    let group_of_code: Vec<u32> = found
        .of_code
        .iter()
        .enumerate()
        .map(|(code, key)| {
            signature.clear();
            signature.extend_from_slice(&key.to_le_bytes());
            signature.extend(others.iter().map(|truths| truths[code]));
            *known.entry_ref(&signature).or_insert_with(|| {
                first_codes.push(u32::try_from(code).expect("codes are u32"));
                u32::try_from(first_codes.len() - 1).expect("fewer groups than texts")
            })
        })
        .collect();
    let keys = first_codes.iter().map(|code| {
        let found = found
            .set_of(*code)
            .iter()
            .flat_map(|word| word.to_le_bytes());
        let truths = others.iter().map(|truths| truths[*code as usize]);
        found.chain(truths).collect::<Vec<_>>()
    });
    let keys: Vec<Vec<u8>> = keys.collect();
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let (class_of_group, masks) = remembered(program, column, &keys, |missing| {
        let codes = missing.iter().map(|group| first_codes[*group]);
        masks_of(program, column, field, codes, &texts.pool)
    });
    let class_of_code = group_of_code
        .iter()
        .map(|group| class_of_group[*group as usize]);
    (class_of_code.collect(), masks)
}

/// The mask of each of some codes of a pool.
fn masks_of(
    program: &Program,
    column: &AskedColumn,
    field: FieldId,
    codes: impl Iterator<Item = u32>,
    pool: &Pool,
) -> Vec<Arc<[u64]>> {
    // A pool of their own: an expression is evaluated once per text of a pool.
    let texts = codes.map(|code| (code != NULL_CODE).then(|| pool.get(code)));
    let (class_of, masks) = classes(program, column, &batch_of(field, texts.collect()));
    let of_class: Vec<Arc<[u64]>> = masks.chunks_exact(program.words).map(Arc::from).collect();
    let mask = class_of
        .iter()
        .map(|class| Arc::clone(&of_class[*class as usize]));
    mask.collect()
}

/// The class of each row of a batch of distinct values, and the mask of each class.
pub(super) fn classes(program: &Program, column: &AskedColumn, distinct: &Batch) -> Classes {
    let evaluator = Evaluator::new(distinct, &program.tables);
    let truths: Vec<Vec<u8>> = column
        .atoms
        .iter()
        .map(|atom| evaluator.truths(atom))
        .collect();
    let mut known: HashMap<Vec<u8>, u32, FixedState> = HashMap::default();
    let mut masks = Vec::new();
    let mut signature = Vec::with_capacity(truths.len());
    let class_of_row = (0..distinct.n_rows)
        .map(|row| {
            signature.clear();
            signature.extend(truths.iter().map(|atom| atom[row]));
            *known.entry_ref(&signature).or_insert_with(|| {
                masks.extend(program.mask(column, |atom| signature[atom]));
                u32::try_from(masks.len() / program.words - 1).expect("fewer classes than values")
            })
        })
        .collect();
    (class_of_row, masks)
}
