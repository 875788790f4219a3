//! Files made to exhaust a reader: each ends in rows set aside or in one line, in memory that is a fraction of what they claim.
//!
//! Where each row of the table of bad input is tested, `file::test` below `tests/it`:
//!
//! | input | tests |
//! |---|---|
//! | a cell that cannot be read | `formats::typed_numbers_obey_the_kind_of_their_field`, unit tests of `normalize` |
//! | a row with too few or too many fields, bad UTF-8, a NUL byte | `reading::rows_that_cannot_be_read_are_set_aside_and_keep_their_numbers` |
//! | a quote | `reading::a_quote_opens_only_at_the_start_of_a_field`, `an_open_quote_sets_aside_one_physical_line`, `a_record_over_16_mib_is_set_aside` |
//! | more than `--max-bad-rows` | `conserved::too_many_bad_rows_stop_the_run_with_one_line` |
//! | an empty file, a header only | `reading::empty_files_have_no_rows`, `conserved::an_input_without_rows_is_a_run_that_says_so` |
//! | a column twice, a mapping to an unknown field, two columns to one field | `reading::columns_that_cannot_be_settled_stop_the_run`, `conserved::a_mapping_that_cannot_be_settled_stops_the_run` |
//! | a truncated or corrupt Parquet or Arrow file, a zip bomb | `formats::a_truncated_file_is_an_error`, `formats::damaged_*`, `mistyped`, here |
//! | no known column at all | `reading::columns_that_cannot_be_settled_stop_the_run` |
//! | disk full, permission denied, SIGINT, SIGTERM, kill -9 | `faults` |
//! | an input that changes while it is read | `changing` |
//! | a rule pack with mistakes | `diagnostics`, `conserved::a_pack_with_mistakes_stops_before_a_row_is_read` |
//! | rows in are rows out and rows in issues.csv | `conserved::no_row_is_lost_in_any_format` |

use crate::end_to_end::root;
use arrow::array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

const HEADER: &[u8] = b"entry_number,hts_number,goods_description,country_of_origin\n";
/// Address space of a run: 768 MiB, in KiB.
const MEMORY: &str = "786432";

/// The program on a file, in limited memory.
fn score(input: &Path, more: &[&str]) -> Output {
    let limited = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_ch24"), "score"])
        .arg(input)
        .args(["--threads", "2", "--outputs", "lines", "--force", "--out"])
        .arg(input.with_extension("out"))
        .args(more)
        .output()
        .unwrap()
}

/// Rows read and rows set aside.
#[track_caller]
fn counted(output: &Output) -> (u64, u64) {
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let first = |line: &str| {
        line.split(' ')
            .next()
            .and_then(|number| number.replace(',', "").parse().ok())
    };
    let mut lines = text.lines();
    let n_lines = first(lines.next().unwrap()).unwrap_or(0);
    let n_set_aside = lines
        .find_map(|line| line.split_once(" taken in, "))
        .and_then(|(_, rest)| first(rest));
    (n_lines, n_set_aside.unwrap())
}

#[track_caller]
fn refused(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    errors
}

#[test]
fn a_small_file_that_unpacks_to_a_gigabyte_in_one_cell() {
    let directory = tempfile::tempdir().unwrap();
    let megabyte = vec![b'a'; 1 << 20];
    let path = directory.path().join("bomb.csv.zst");
    let mut file = zstd::Encoder::new(std::fs::File::create(&path).unwrap(), 1).unwrap();
    file.write_all(HEADER).unwrap();
    (0..1024).for_each(|_| file.write_all(&megabyte).unwrap());
    file.finish().unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < 1 << 20);
    assert_eq!(counted(&score(&path, &[])), (0, 1));
}

#[test]
fn cells_of_megabytes_are_read_and_lines_beyond_the_limit_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.csv");
    let mut text = HEADER.to_vec();
    for n_bytes in [5 << 20, 17 << 20, 5 << 20, 17 << 20] {
        text.extend_from_slice(b"ABC00000015,4407291000,");
        text.resize(text.len() + n_bytes, b'x');
        text.extend_from_slice(b",MX\nABC00000023,4407291000,OAK,MX\n");
    }
    std::fs::write(&path, text).unwrap();
    assert_eq!(counted(&score(&path, &[])), (6, 2));
}

#[test]
fn json_of_any_depth_is_a_line_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("deep.ndjson");
    let depth = 200_000;
    let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let records = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let known = "{\"entry_number\":\"ABC00000015\",\"hts_number\":\"4407291000\"}";
    let text = format!(
        "{known}\n{{\"entry_number\":{lists}}}\n{{\"entry_number\":\"ABC00000023\",\"x\":{records}}}\n{known}\n"
    );
    std::fs::write(&path, text).unwrap();
    assert_eq!(counted(&score(&path, &[])), (2, 2));
}

#[test]
fn a_mapping_of_aliases_of_aliases_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rows.csv");
    std::fs::write(&path, HEADER).unwrap();
    let map = directory.path().join("map.yaml");
    let names: Vec<char> = ('a'..='m').collect();
    let mut text = "columns:\n  a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for pair in names.windows(2) {
        let list = vec![format!("*{}", pair[0]); 9].join(", ");
        text.push_str(&format!("  {0}: &{0} [{list}]\n", pair[1]));
    }
    std::fs::write(&map, text).unwrap();
    let errors = refused(&score(&path, &["--map", map.to_str().unwrap()]));
    assert!(errors.contains("map.yaml"), "{errors}");
}

/// An Arrow stream of 1,000 rows, of which `damage` changes bytes.
fn arrow_stream(damage: impl FnOnce(&mut Vec<u8>)) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let goods = (0..1000).map(|row| format!("GOODS {row}"));
    let column = Arc::new(goods.map(Some).collect::<StringArray>());
    let batch = RecordBatch::try_from_iter([("goods_description", column as ArrayRef)]);
    let batch = batch.unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        arrow::ipc::writer::StreamWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    damage(&mut bytes);
    let path = directory.path().join("a.arrows");
    std::fs::write(&path, bytes).unwrap();
    score(&path, &[])
}

/// Puts a number in the place of another, where it stands the first time.
fn replace(bytes: &mut [u8], what: &[u8], by: &[u8]) {
    let place = bytes.windows(what.len()).position(|found| found == what);
    let place = place.unwrap();
    bytes[place..place + by.len()].copy_from_slice(by);
}

#[test]
fn lengths_of_an_arrow_stream_are_not_believed() {
    assert_eq!(counted(&arrow_stream(|_| {})), (1000, 0));
    let huge = (1_i64 << 40).to_le_bytes();
    // The length of metadata, of the schema and of the batch.
    refused(&arrow_stream(|bytes| {
        bytes[4..8].copy_from_slice(&i32::MAX.to_le_bytes());
    }));
    // The rows of the batch; the lengths of its values.
    let rows = refused(&arrow_stream(|bytes| {
        replace(bytes, &1000_i64.to_le_bytes(), &huge);
    }));
    assert!(rows.contains("a.arrows: "), "{rows}");
    assert_eq!(rows.lines().count(), 1, "{rows}");
    let offsets = (4 * 1001_i64).to_le_bytes();
    refused(&arrow_stream(|bytes| replace(bytes, &offsets, &huge)));
    // A stream that ends in the middle of its body.
    refused(&arrow_stream(|bytes| bytes.truncate(bytes.len() - 500)));
}

/// Writes a pack of one rule beside the sample, and scores the sample by it.
fn by_rule(condition: &str) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let pack = directory.path().join("pack");
    std::fs::create_dir(&pack).unwrap();
    let rule = crate::support::rule_text("T-01", condition, "");
    std::fs::write(pack.join("T-01.yaml"), rule).unwrap();
    let path = directory.path().join("manifest.csv");
    std::fs::copy(root().join("sample-data/manifest.csv"), &path).unwrap();
    score(&path, &["--rules", pack.to_str().unwrap()])
}

#[test]
fn a_condition_whose_normal_form_is_exponential_is_matched_as_it_stands() {
    let parts = (0..300).map(|number| {
        format!("(gross_weight_kg > {number} OR hts_number LIKE '{number:04}%' OR goods_description LIKE '%W{number}%')")
    });
    let condition = parts.collect::<Vec<_>>().join(" AND ");
    assert_eq!(counted(&by_rule(&condition)), (209, 0));
}

#[test]
fn parentheses_without_end_are_a_mistake_with_a_place() {
    let (open, close) = ("(".repeat(20_000), ")".repeat(20_000));
    let errors = refused(&by_rule(&format!("{open}gross_weight_kg > 1{close}")));
    assert!(errors.contains("error[too-deep]"), "{errors}");
}

#[test]
fn quotes_that_nothing_closes_cost_no_more_than_their_lines() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("quotes.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(HEADER).unwrap();
    let lines = "\"a\",\"b\n".repeat(20_000);
    file.write_all(lines.as_bytes()).unwrap();
    file.write_all(b"M7X41000013,0306170003,SHRIMP,MX\n")
        .unwrap();
    // Each line, looked at to the end of the file, would be one and a half gigabytes.
    let found = counted(&score(&path, &["--max-bad-rows", "100%"]));
    assert_eq!(found.0 + found.1, 20_001);
    assert!(found.0 >= 1, "the last line is read");
}

#[test]
fn a_text_of_megabytes_in_every_row_is_no_text_in_any() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("texts.parquet");
    let text = StringArray::from(vec!["x".repeat(1 << 19)]);
    let keys = Int32Array::from(vec![0; 4_000]);
    let texts = DictionaryArray::<Int32Type>::new(keys, Arc::new(text));
    let numbers = StringArray::from(vec!["0306170003"; 4_000]);
    let columns: [(&str, ArrayRef); 2] = [
        ("hts_number", Arc::new(numbers)),
        ("goods_description", Arc::new(texts)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert!(
        std::fs::metadata(&path).unwrap().len() < 4 << 20,
        "a dictionary of one text"
    );
    let output = score(&path, &[]);
    assert_eq!(counted(&output), (4_000, 0));
    let issues = std::fs::read_to_string(path.with_extension("out").join("issues.csv")).unwrap();
    assert!(issues.contains("cell-too-long"), "{issues}");
}

#[test]
fn rows_set_aside_take_no_place_in_the_history() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sparse.csv");
    let sample = std::fs::read_to_string(root().join("sample-data/manifest.csv")).unwrap();
    let mut lines = sample.split_inclusive('\n');
    let mut text = String::new();
    for line in lines.by_ref().take(2) {
        text.push_str(line);
    }
    text.push_str(&"x\n".repeat(3_000_000));
    text.extend(lines);
    std::fs::write(&path, text).unwrap();
    let (n_lines, n_set_aside) = counted(&score(&path, &["--max-bad-rows", "100%"]));
    assert_eq!((n_lines, n_set_aside), (209, 3_000_000));
}
