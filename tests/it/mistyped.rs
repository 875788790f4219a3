//! Columns of a type that no field has: nested, binary, without values.

use crate::formats::ipc_bytes;
use crate::reading::read;
use arrow::array::{
    Array, ArrayRef, BinaryArray, Decimal128Array, DurationSecondArray, FixedSizeBinaryArray,
    ListArray, NullArray, RecordBatch, StringArray, StructArray,
};
use arrow::datatypes::{Field, Int64Type};
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

fn text_of(text: &str) -> ArrayRef {
    Arc::new(StringArray::from(vec![text, text]))
}
