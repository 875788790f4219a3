//! Where the query takes its rows from.

use super::dialect::{Dialect, comment};
use super::plan::Plan;
use crate::error::{Error, ErrorKind};
use crate::read::column_names;
use crate::rules::expression::Expression;
use crate::rules::vocabulary::Stage;
use crate::schema::{FieldId, ValueType, field};
use crate::write::ABSENT_FIELDS;
use std::path::{Path, PathBuf};

/// The normalized rows: the table `lines`, or a file that `ch24 score --write-normalized` wrote.
#[derive(Debug, Default)]
pub struct Data {
    file: Option<DataFile>,
}

#[derive(Debug)]
struct DataFile {
    path: PathBuf,
    form: Form,
    columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Parquet,
    Csv,
    Ndjson,
}

impl Data {
    /// A file; its header is read, no row.
    ///
    /// # Errors
    /// When the file cannot be read, or the engine does not read files of its form.
    pub fn file(path: &Path, dialect: Dialect) -> Result<Self, Error> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let form = match (ending.unwrap_or(""), dialect) {
            ("csv", Dialect::DuckDb) => Form::Csv,
            ("ndjson", Dialect::DuckDb) => Form::Ndjson,
            (form @ ("csv" | "ndjson" | "arrow"), dialect) => {
                let engine = dialect.as_str();
                let message = format!(
                    "{engine} does not read .{form} files of typed rows by itself; write the normalized rows as .parquet"
                );
                return Err(Error::at(ErrorKind::Usage, path, message));
            }
            _ => Form::Parquet,
        };
        let file = DataFile {
            path: path.to_owned(),
            form,
            columns: column_names(path)?,
        };
        Ok(Self { file: Some(file) })
    }

    /// Whether the rows have a column; a table has every one.
    pub(super) fn has(&self, name: &str) -> bool {
        let Some(file) = &self.file else {
            return true;
        };
        file.columns.iter().any(|column| column == name)
    }

    /// The place that rows come from.
    fn source(&self, dialect: Dialect) -> String {
        let Some(DataFile { path, form, .. }) = &self.file else {
            return "lines".to_owned();
        };
        let path = path.display().to_string();
        match (dialect, form) {
            (Dialect::Spark, _) => format!("parquet.`{}`", path.replace('`', "``")),
            (Dialect::DuckDb, Form::Parquet) => format!("read_parquet({})", dialect.text(&path)),
            (Dialect::DuckDb, Form::Csv) => format!(
                "read_csv({}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', \
                 new_line = '\\n', max_line_size = 20000000)",
                dialect.text(&path)
            ),
            (Dialect::DuckDb, Form::Ndjson) => format!(
                "read_json({}, format = 'newline_delimited', columns = {{{}}})",
                dialect.text(&path),
                self.json_columns()
            ),
        }
    }

    fn json_columns(&self) -> String {
        let columns = self.file.iter().flat_map(|file| &file.columns);
        columns
            .map(|column| format!("{column}: 'VARCHAR'"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Whether cells are text whatever their field.
    fn is_text(&self) -> bool {
        self.form().is_some_and(|form| form != Form::Parquet)
    }

    /// Whether texts are guarded against spreadsheets.
    fn is_csv(&self) -> bool {
        self.form() == Some(Form::Csv)
    }

    fn form(&self) -> Option<Form> {
        self.file.as_ref().map(|file| file.form)
    }
}

/// The rows, with the columns that the pack reads and the stage that counts.
pub(super) fn manifest(plan: &Plan<'_>) -> String {
    let (dialect, data) = (plan.dialect, plan.data);
    let mut columns = vec![
        column(plan, field::RECORD_ID),
        column(plan, field::SOURCE_REF),
        filing_stage(plan),
        if data.has(ABSENT_FIELDS) {
            format!("coalesce({ABSENT_FIELDS}, '') AS {ABSENT_FIELDS}")
        } else {
            format!("'' AS {ABSENT_FIELDS}")
        },
    ];
    let written = [field::RECORD_ID, field::SOURCE_REF];
    let fields = fields(plan);
    let read = fields.iter().filter(|id| !written.contains(id));
    columns.extend(read.map(|id| column(plan, *id)));
    columns.extend(features(plan));
    format!(
        "manifest {} (\n  {}\n  SELECT\n    {}\n  FROM {}\n)",
        dialect.inlined(),
        comment("the rows, with the fields that the rules read"),
        columns.join(",\n    "),
        data.source(dialect)
    )
}

/// Fields that a condition, an aggregate or the key of its unit reads.
fn fields(plan: &Plan<'_>) -> Vec<FieldId> {
    let rules = plan.rules;
    let mut fields: Vec<FieldId> = Vec::new();
    for rule in &rules.rules {
        fields.extend(rule.condition.columns());
    }
    for aggregate in &rules.aggregates {
        fields.extend(aggregate.fields());
    }
    fields.retain(|id| id.field().is_some());
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// History features that a condition names.
fn features(plan: &Plan<'_>) -> Vec<String> {
    let conditions = plan.rules.rules.iter().map(|rule| &rule.condition);
    let mut columns: Vec<FieldId> = conditions.flat_map(Expression::columns).collect();
    columns.sort_unstable();
    columns.dedup();
    let named = columns
        .into_iter()
        .filter_map(|id| plan.rules.feature_column(id));
    let columns = named.map(|(name, value_type)| typed(plan, &name, value_type));
    columns.collect()
}

fn column(plan: &Plan<'_>, id: FieldId) -> String {
    let value_type = id
        .field()
        .map_or(ValueType::Text, crate::schema::Field::value_type);
    typed(plan, id.name(), value_type)
}

fn typed(plan: &Plan<'_>, column: &str, value_type: ValueType) -> String {
    let dialect = plan.dialect;
    let name = dialect.name(column);
    let is_word = matches!(value_type, ValueType::Text | ValueType::List);
    if !plan.data.has(column) {
        format!("{} AS {name}", dialect.null(value_type))
    } else if plan.data.is_text() && !is_word {
        format!(
            "CAST({name} AS {}) AS {name}",
            dialect.type_name(value_type)
        )
    } else if plan.data.is_csv() {
        format!("{} AS {name}", dialect.without_guard(&name))
    } else {
        name
    }
}

/// A row without a stage, or with one that is not known, counts as an entry summary.
fn filing_stage(plan: &Plan<'_>) -> String {
    let default = Stage::EntrySummary.as_str();
    if !plan.data.has(field::EVIDENCE_STAGE.name()) {
        return format!("'{default}' AS filing_stage");
    }
    let stages: Vec<_> = Stage::ALL
        .iter()
        .map(|stage| format!("'{stage}'"))
        .collect();
    let name = field::EVIDENCE_STAGE.name();
    format!(
        "CASE WHEN {name} IN ({}) THEN {name} ELSE '{default}' END AS filing_stage",
        stages.join(", ")
    )
}
