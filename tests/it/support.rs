//! What several subjects need: packs in temporary directories, and batches out of rows.

use crate::naive::{Row, Value};
use ch24::batch::{
    Batch, Column, FALSE, NULL_CODE, NULL_DATE, Pool, Presence, PresenceClass, TRUE, TextColumn,
    UNKNOWN,
};
use ch24::diagnostic::{Diagnostics, Severity};
use ch24::rules::{Loaded, PackSource, RuleSet, load};
use ch24::schema::{FieldId, ValueType};
use std::path::Path;
use std::sync::Arc;

/// Files of a pack: path below it, and content.
pub type Files = Vec<(String, String)>;

/// Writes files below a directory.
pub fn write_files(directory: &Path, files: &Files) {
    for (path, text) in files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Runs a step with the stack that the deepest condition needs without optimization.
pub fn with_stack<T: Send>(step: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(256 << 20)
            .spawn_scoped(scope, step)
            .unwrap();
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Loads the pack in a directory.
pub fn load_directory(directory: &Path) -> Loaded {
    with_stack(|| load(&PackSource::Directory(directory.to_owned())).unwrap())
}

/// Loads files as a pack that must be free of errors.
#[track_caller]
pub fn load_files(files: &Files) -> RuleSet {
    let directory = tempfile::tempdir().unwrap();
    write_files(directory.path(), files);
    let loaded = load_directory(directory.path());
    let mut errors = Diagnostics::default();
    loaded
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .for_each(|found| errors.push(found.clone()));
    let mistakes = errors.render(&loaded.sources, false);
    loaded
        .rules
        .unwrap_or_else(|| panic!("the pack has mistakes:\n{mistakes}"))
}

/// A rule file with the required keys; `more` holds further lines.
pub fn rule_text(id: &str, when: &str, more: &str) -> String {
    format!(
        "id: {id}\nname: a-rule\ntitle: A rule\ntheme: timber\nfamily: document\nseverity: low\npoints: 10\n{more}when: |\n  {when}\n"
    )
}

/// A run of rows that share what they can carry.
pub type Classed = (Row, u16);

/// How text columns hold their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dictionary {
    /// Each text once.
    Tight,
    /// Each text twice, in turn, among texts that no row has.
    Loose,
}

/// Makes a batch out of rows, with a column for each of `fields`.
pub fn batch_of(
    rows: &[Classed],
    fields: &[(FieldId, ValueType)],
    classes: &[PresenceClass],
    form: Dictionary,
) -> Batch {
    let mut batch = Batch::with_rows(rows.len());
    batch.rows = (1..=rows.len() as u64).collect();
    for (field, value_type) in fields {
        let cells: Vec<_> = rows.iter().map(|(row, _)| row.get(&field.0)).collect();
        batch.set(*field, column_of(*value_type, &cells, form));
    }
    let class_of_row = rows.iter().map(|(_, class)| *class).collect();
    batch.presence = Presence {
        classes: classes.to_vec(),
        class_of_row,
    };
    batch
}

fn column_of(value_type: ValueType, cells: &[Option<&Value>], form: Dictionary) -> Column {
    let each = cells.iter().copied();
    match value_type {
        ValueType::Number => Column::Number(
            each.map(|cell| {
                if let Some(Value::Number(number)) = cell {
                    *number
                } else {
                    f64::NAN
                }
            })
            .collect(),
        ),
        ValueType::Date => Column::Date(
            each.map(|cell| {
                if let Some(Value::Date(day)) = cell {
                    *day
                } else {
                    NULL_DATE
                }
            })
            .collect(),
        ),
        ValueType::Boolean => Column::Boolean(
            each.map(|cell| match cell {
                Some(Value::Boolean(true)) => TRUE,
                Some(Value::Boolean(false)) => FALSE,
                _ => UNKNOWN,
            })
            .collect(),
        ),
        ValueType::Text | ValueType::List => {
            let texts = each.map(|cell| match cell {
                Some(Value::Text(text)) => Some(text.clone()),
                Some(Value::List(items)) => Some(items.join("|")),
                _ => None,
            });
            Column::Text(text_column(texts.collect(), form))
        }
    }
}

fn text_column(texts: Vec<Option<String>>, form: Dictionary) -> TextColumn {
    if form == Dictionary::Tight {
        return texts.iter().map(Option::as_deref).collect();
    }
    let mut pool = Pool::default();
    let mut codes = Vec::new();
    let mut known: Vec<(String, u32, bool)> = Vec::new();
    for text in texts {
        pool.push("4407299500 ROSEWOOD that no row has");
        let Some(text) = text else {
            codes.push(NULL_CODE);
            continue;
        };
        match known.iter_mut().find(|(seen, _, _)| *seen == text) {
            Some((_, code, is_first)) if *is_first => {
                *code = pool.push(&text);
                *is_first = false;
                codes.push(*code);
            }
            Some((_, code, _)) => codes.push(*code),
            None => {
                let code = pool.push(&text);
                known.push((text, code, true));
                codes.push(code);
            }
        }
    }
    TextColumn {
        codes,
        pool: Arc::new(pool),
    }
}
