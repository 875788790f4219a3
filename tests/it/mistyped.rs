//! Columns of a type that no field has: nested, binary, without values.

use crate::formats::ipc_bytes;
use crate::reading::read;
use arrow::array::{
    Array, ArrayRef, BinaryArray, Date32Array, Decimal128Array, DurationSecondArray,
    FixedSizeBinaryArray, ListArray, NullArray, RecordBatch, StringArray, StructArray,
    TimestampSecondArray,
};
use arrow::datatypes::{Field, Int64Type};
use std::process::Command;
use std::sync::Arc;

#[test]
fn a_column_of_any_type_is_read_or_refused_in_one_line() {
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1), None]), None]);
    let field = Arc::new(Field::new("x", list.data_type().clone(), true));
    let nested: ArrayRef = Arc::new(StructArray::from(vec![(field, Arc::new(list) as ArrayRef)]));
    let columns: Vec<ArrayRef> = vec![
        nested.clone(),
        Arc::new(BinaryArray::from(vec![Some(&b"\xff\x00"[..]), None])),
        Arc::new(FixedSizeBinaryArray::try_from_iter([b"abc", b"def"].into_iter()).unwrap()),
        Arc::new(DurationSecondArray::from(vec![Some(1), None])),
        Arc::new(NullArray::new(2)),
        Arc::new(Decimal128Array::from(vec![Some(i128::MAX), None])),
    ];
    let directory = tempfile::tempdir().unwrap();
    for column in columns {
        for name in [
            "goods_description",
            "entered_value_usd",
            "entry_date",
            "transit_countries",
        ] {
            let fields = [
                (name, column.clone()),
                ("hts_number", text_of("4407299500")),
            ];
            let batch = RecordBatch::try_from_iter_with_nullable(
                fields.map(|(name, column)| (name, column, true)),
            )
            .unwrap();
            for (file, bytes) in [
                ("a.arrow", ipc_bytes(&batch, false)),
                ("a.arrows", ipc_bytes(&batch, true)),
            ] {
                let path = directory.path().join(file);
                std::fs::write(&path, bytes).unwrap();
                let what = format!("{} as {name} in {file}", column.data_type());
                match read(&path, 100) {
                    Ok(given) => assert_eq!(given.rows.len(), 2, "{what}"),
                    Err(error) => assert!(
                        error.contains(file) && !error.contains('\n'),
                        "{what}: {error}"
                    ),
                }
            }
        }
    }
}

/// Days as numbers can lie beyond all calendars; as texts they could not be written.
#[test]
fn days_outside_the_years_of_a_date_are_null_with_an_issue() {
    let days = Date32Array::from(vec![Some(i32::MIN + 1), Some(i32::MAX), Some(20_000), None]);
    let seconds = TimestampSecondArray::from(vec![Some(9_000_000_000_000), None, Some(0), None]);
    let directory = tempfile::tempdir().unwrap();
    for (column, n_wrong) in [
        (Arc::new(days) as ArrayRef, 2),
        (Arc::new(seconds) as ArrayRef, 1),
    ] {
        let numbers = ["99-0000001"; 4];
        let number: ArrayRef = Arc::new(StringArray::from(numbers.to_vec()));
        let columns = [
            ("date_of_import", column),
            ("importer_of_record_number", number),
        ];
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.map(|(name, column)| (name, column, true)),
        );
        let path = directory.path().join("a.arrow");
        std::fs::write(&path, ipc_bytes(&batch.unwrap(), false)).unwrap();
        let out = directory.path().join("out");
        let output = Command::new(env!("CARGO_BIN_EXE_ch24"))
            .args(["score", "--format", "csv", "--force", "--out"])
            .args([&out, &path])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let issues = std::fs::read_to_string(out.join("issues.csv")).unwrap();
        let found = issues.lines().filter(|line| line.contains("not-a-date"));
        assert_eq!(found.count(), n_wrong, "{issues}");
    }
}

fn text_of(text: &str) -> ArrayRef {
    Arc::new(StringArray::from(vec![text, text]))
}
