//! The same rows through every format, and columnar files that are damaged.

use crate::reading::{FIELDS, Given, read};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int64Array, ListArray,
    RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::{Int32Type, Schema};
use arrow::ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use ch24::issue::IssueKind;
use ch24::schema::field;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// A row as a person would write it.
#[derive(Clone, Debug)]
struct Plain {
    hts: Option<&'static str>,
    country: Option<&'static str>,
    goods: Option<&'static str>,
    value: Option<f64>,
    day: Option<i32>,
    related: Option<bool>,
    transit: Option<Vec<&'static str>>,
    seq: Option<i64>,
    received: Option<i64>,
}

fn plain_rows() -> Vec<Plain> {
    let row = |hts, country, goods, value, day| Plain {
        hts,
        country,
        goods,
        value,
        day,
        related: None,
        transit: None,
        seq: None,
        received: None,
    };
    vec![
        Plain {
            related: Some(true),
            transit: Some(vec!["MX", "CA"]),
            seq: Some(2),
            received: Some(1_767_323_045_678),
            ..row(
                Some("4407299500"),
                Some("MX"),
                Some("búche \"seco\", 2\" |x"),
                Some(1000.0),
                Some(20454),
            )
        },
        row(None, None, None, None, None),
        Plain {
            related: Some(false),
            ..row(
                Some("0307.99"),
                Some("NA"),
                Some("日本"),
                Some(31.25),
                Some(0),
            )
        },
        row(
            Some("n/a"),
            Some("Mexico"),
            Some("NULL"),
            Some(-0.0),
            Some(-1),
        ),
        Plain {
            seq: Some(0),
            ..row(
                Some("44"),
                Some("XX"),
                Some("two\nlines"),
                Some(123_456_789.123_456_78),
                Some(18262),
            )
        },
        Plain {
            transit: Some(vec![]),
            ..row(
                Some(" 4407 "),
                Some("ca"),
                Some(""),
                Some(1e-7),
                Some(20088),
            )
        },
        row(
            Some("4407299500"),
            Some("US"),
            Some("*"),
            Some(9_007_199_254_740_992.0),
            Some(19782),
        ),
        Plain {
            transit: Some(vec!["mx"]),
            ..row(
                Some("4407299500"),
                Some("MX"),
                Some("again"),
                Some(-5.25),
                None,
            )
        },
    ]
}

const NAMES: [&str; 9] = [
    "hts_number",
    "country_of_origin",
    "goods_description",
    "entered_value_usd",
    "entry_date",
    "related_party",
    "transit_countries",
    "component_seq",
    "received_at",
];

/// A moment as text: the only one that the rows hold.
const RECEIVED: &str = "2026-01-02T03:04:05.678Z";

fn day_text(day: i32) -> String {
    ch24::normalize::date::format_date(day)
}

fn csv_text(rows: &[Plain]) -> String {
    let quoted = |text: Option<&str>| {
        text.map_or(String::new(), |text| {
            format!("\"{}\"", text.replace('"', "\"\""))
        })
    };
    let mut text = NAMES.join(",") + "\n";
    for row in rows {
        let cells = [
            quoted(row.hts),
            quoted(row.country),
            quoted(row.goods),
            row.value.map_or(String::new(), |value| value.to_string()),
            row.day.map_or(String::new(), day_text),
            row.related
                .map_or("", |related| if related { "true" } else { "false" })
                .to_owned(),
            row.transit
                .as_ref()
                .map_or(String::new(), |items| items.join("|")),
            row.seq.map_or(String::new(), |seq| seq.to_string()),
            row.received.map_or(String::new(), |_| RECEIVED.to_owned()),
        ];
        text += &(cells.join(",") + "\n");
    }
    text
}

fn ndjson_text(rows: &[Plain]) -> String {
    let line = |row: &Plain| {
        serde_json::json!({
            "hts_number": row.hts, "country_of_origin": row.country, "goods_description": row.goods,
            "entered_value_usd": row.value, "entry_date": row.day.map(day_text), "related_party": row.related,
            "transit_countries": row.transit, "component_seq": row.seq, "received_at": row.received.map(|_| RECEIVED),
        })
    };
    rows.iter()
        .map(|row| line(row).to_string() + "\n")
        .collect()
}

fn texts(texts: impl Iterator<Item = Option<&'static str>>, has_dictionary: bool) -> ArrayRef {
    match has_dictionary {
        true => Arc::new(texts.collect::<DictionaryArray<Int32Type>>()),
        false => Arc::new(texts.collect::<StringArray>()),
    }
}

fn record_batch(rows: &[Plain], has_dictionary: bool) -> RecordBatch {
    let mut items = arrow::array::ListBuilder::new(arrow::array::StringBuilder::new());
    for row in rows {
        let values = row.transit.as_ref();
        values
            .into_iter()
            .flatten()
            .for_each(|item| items.values().append_value(item));
        items.append(values.is_some());
    }
    let transit: ListArray = items.finish();
    let columns: Vec<ArrayRef> = vec![
        texts(rows.iter().map(|row| row.hts), has_dictionary),
        texts(rows.iter().map(|row| row.country), has_dictionary),
        texts(rows.iter().map(|row| row.goods), has_dictionary),
        Arc::new(rows.iter().map(|row| row.value).collect::<Float64Array>()),
        Arc::new(rows.iter().map(|row| row.day).collect::<Date32Array>()),
        Arc::new(rows.iter().map(|row| row.related).collect::<BooleanArray>()),
        Arc::new(transit),
        Arc::new(rows.iter().map(|row| row.seq).collect::<Int64Array>()),
        Arc::new(
            rows.iter()
                .map(|row| row.received)
                .collect::<TimestampMillisecondArray>(),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        NAMES
            .into_iter()
            .zip(columns)
            .map(|(name, column)| (name, column, true)),
    )
    .unwrap()
}

fn parquet_bytes(batch: &RecordBatch, has_dictionary: bool, group_rows: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(has_dictionary)
        .set_max_row_group_row_count(Some(group_rows))
        .set_compression(if has_dictionary {
            Compression::SNAPPY
        } else {
            Compression::UNCOMPRESSED
        });
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub fn ipc_bytes(batch: &RecordBatch, is_stream: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let schema: &Schema = &batch.schema();
    if is_stream {
        let mut writer = StreamWriter::try_new(&mut bytes, schema).unwrap();
        writer.write(batch).unwrap();
        writer.write(&batch.slice(0, 0)).unwrap();
        writer.finish().unwrap();
    } else {
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(arrow::ipc::CompressionType::ZSTD))
            .unwrap();
        let mut writer = FileWriter::try_new_with_options(&mut bytes, schema, options).unwrap();
        writer.write(batch).unwrap();
        writer.finish().unwrap();
    }
    bytes
}

/// Reads bytes in batches of any size: all must agree.
#[track_caller]
fn given(name: &str, bytes: &[u8]) -> Result<Given, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let whole = read(&path, 1 << 16);
    for batch_rows in [1, 3] {
        assert_eq!(
            read(&path, batch_rows),
            whole,
            "{name} in batches of {batch_rows}"
        );
    }
    whole
}

/// Cells that differ, by row and field.
fn differences(left: &Given, right: &Given) -> Vec<String> {
    let mut found = Vec::new();
    assert_eq!(left.rows.len(), right.rows.len());
    for ((row, left), (_, right)) in left.rows.iter().zip(&right.rows) {
        for (field, (left, right)) in FIELDS.iter().zip(left.iter().zip(right)) {
            if left != right {
                found.push(format!(
                    "row {row}, {}: {left:?} is not {right:?}",
                    field.name()
                ));
            }
        }
    }
    found
}

#[test]
fn every_format_gives_the_same_rows() {
    let rows = plain_rows();
    let csv = given("a.csv", csv_text(&rows).as_bytes()).unwrap();
    assert_eq!(csv.rows.len(), rows.len());
    assert_eq!(csv.rows[0].1[2].as_deref(), Some("BÚCHE \"SECO\", 2\" |X"));
    assert_eq!(csv.rows[0].1[8].as_deref(), Some("1767323045678.0"));
    assert_eq!(csv.rows[2].1[1].as_deref(), Some("NA"));
    let (plain, dictionary) = (record_batch(&rows, false), record_batch(&rows, true));
    for (name, bytes) in [
        ("a.ndjson", ndjson_text(&rows).into_bytes()),
        ("dictionary.parquet", parquet_bytes(&plain, true, 1000)),
        ("plain.parquet", parquet_bytes(&plain, false, 1000)),
        ("groups.parquet", parquet_bytes(&dictionary, true, 3)),
        ("plain.arrow", ipc_bytes(&plain, false)),
        ("dictionary.arrow", ipc_bytes(&dictionary, false)),
        ("stream.arrows", ipc_bytes(&plain, true)),
    ] {
        let found = given(name, &bytes).unwrap();
        assert_eq!(differences(&csv, &found), Vec::<String>::new(), "{name}");
        assert_eq!(
            found.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(),
            (1..=8).collect::<Vec<_>>(),
            "{name}"
        );
    }
}

fn one_column(name: &str, array: ArrayRef) -> Given {
    let batch = RecordBatch::try_from_iter_with_nullable([(name, array, true)]).unwrap();
    given("a.parquet", &parquet_bytes(&batch, true, 1000)).unwrap()
}

/// Programs that write data frames store days as timestamps.
#[test]
fn a_timestamp_fills_a_date() {
    let given = one_column(
        "entry_date",
        Arc::new(TimestampMillisecondArray::from(vec![
            Some(1_767_323_045_678),
            None,
            Some(-1),
        ])),
    );
    let days: Vec<_> = given
        .rows
        .iter()
        .map(|(_, cells)| cells[4].as_deref())
        .collect();
    assert_eq!(days, [Some("2026-01-02"), None, Some("1969-12-31")]);
}

#[test]
fn typed_numbers_obey_the_kind_of_their_field() {
    let numbers = vec![Some(1.5), Some(f64::INFINITY), Some(f64::NAN), Some(3.0)];
    let given = one_column("component_seq", Arc::new(Float64Array::from(numbers)));
    let found: Vec<_> = given
        .rows
        .iter()
        .map(|(_, cells)| cells[7].as_deref())
        .collect();
    // A line without a component has component 1.
    assert_eq!(found, [Some("1.0"), Some("1.0"), Some("1.0"), Some("3.0")]);
    assert!(
        given
            .issues
            .contains(&(field::COMPONENT_SEQ, IssueKind::NotAWholeNumber, 1)),
        "{:?}",
        given.issues
    );
    assert!(
        given
            .issues
            .contains(&(field::COMPONENT_SEQ, IssueKind::NotFinite, 1)),
        "{:?}",
        given.issues
    );
}

#[test]
fn codes_stored_as_numbers_are_texts() {
    let given = one_column(
        "hts_number",
        Arc::new(Int64Array::from(vec![Some(4_407_299_500), None])),
    );
    let found: Vec<_> = given
        .rows
        .iter()
        .map(|(_, cells)| cells[0].as_deref())
        .collect();
    assert_eq!(found, [Some("4407299500"), None]);
}

/// Many values, so that every kind of page and a footer of some size are there to be damaged.
fn large(has_dictionary: bool) -> Vec<Plain> {
    let rows = plain_rows();
    let rows = (0..if has_dictionary { 400 } else { 60 }).map(|row| rows[row % rows.len()].clone());
    rows.collect()
}

#[test]
fn a_truncated_file_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let batch = record_batch(&large(true), true);
    for (name, bytes) in [
        ("a.parquet", parquet_bytes(&batch, true, 100)),
        ("b.parquet", parquet_bytes(&batch, false, 100)),
        ("a.arrow", ipc_bytes(&batch, false)),
        ("a.arrows", ipc_bytes(&batch, true)),
    ] {
        let path = directory.path().join(name);
        let lengths = (8..40)
            .chain((0..40).map(|part| bytes.len() * part / 40))
            .chain(bytes.len() - 20..bytes.len());
        for length in lengths.filter(|length| *length >= 8) {
            std::fs::write(&path, &bytes[..length]).unwrap();
            let result = read(&path, 1 << 16);
            // A stream may end without its end mark.
            let is_whole = name == "a.arrows"
                && result
                    .as_ref()
                    .is_ok_and(|given| [0, 400].contains(&given.rows.len()));
            assert!(
                result.is_err() || is_whole,
                "{length} of {} bytes of {name}",
                bytes.len()
            );
            if let Err(error) = result {
                assert!(error.contains(name) && !error.contains('\n'), "{error}");
            }
        }
    }
}

fn damaged(path: &Path, bytes: &[u8], places: &[(usize, u8)]) {
    let mut bytes = bytes.to_vec();
    for (place, value) in places {
        let place = place % bytes.len();
        bytes[place] = *value;
    }
    std::fs::write(path, bytes).unwrap();
    // An error or rows that nobody can tell from true ones: never a panic.
    drop(read(path, 1000));
}

proptest! {
    #![proptest_config(crate::config(64))]

    #[test]
    fn damaged_parquet_does_not_panic(places in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4)) {
        let directory = tempfile::tempdir().unwrap();
        let batch = record_batch(&large(false), false);
        damaged(&directory.path().join("a.parquet"), &parquet_bytes(&batch, true, 20), &places);
    }

    #[test]
    fn damaged_arrow_files_exhaust_nothing(places in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4)) {
        let directory = tempfile::tempdir().unwrap();
        let batch = record_batch(&large(false), false);
        damaged(&directory.path().join("a.arrow"), &ipc_bytes(&batch, false), &places);
    }

    #[test]
    fn damaged_arrow_streams_exhaust_nothing(places in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4)) {
        let directory = tempfile::tempdir().unwrap();
        let batch = record_batch(&large(false), false);
        damaged(&directory.path().join("a.arrows"), &ipc_bytes(&batch, true), &places);
    }
}

#[test]
fn numbers_of_ndjson_keep_their_last_digit() {
    let given = given("a.ndjson", b"{\"entered_value_usd\": 31.245270191439438}").unwrap();
    assert_eq!(given.rows[0].1[3].as_deref(), Some("31.245270191439438"));
}
