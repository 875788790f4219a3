//! Bad input: what is set aside, what stops the run, and what changes nothing.

use ch24::batch::{Batch, Column};
use ch24::issue::IssueKind;
use ch24::normalize::{Identities, normalize, with_sources};
use ch24::read::raw::SetAside;
use ch24::read::{Mapping, Reader, Reading, find_inputs};
use ch24::schema::{FieldId, field};
use proptest::prelude::*;
use std::io::Write;
use std::path::Path;

/// The fields that are compared.
pub const FIELDS: [FieldId; 10] = [
    field::HTS_NUMBER,
    field::COUNTRY_OF_ORIGIN,
    field::GOODS_DESCRIPTION,
    field::ENTERED_VALUE_USD,
    field::ENTRY_DATE,
    field::RELATED_PARTY,
    field::TRANSIT_COUNTRIES,
    field::COMPONENT_SEQ,
    field::RECEIVED_AT,
    field::ORIGIN_SUBDIVISION,
];

/// What a file gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// Row in the file, and its cells in the order of [`FIELDS`].
    pub rows: Vec<(u64, Vec<Option<String>>)>,
    pub set_aside: Vec<SetAside>,
    /// Field, kind and count of what was wrong with cells.
    pub issues: Vec<(FieldId, IssueKind, u64)>,
}

/// Reads a file in batches of some rows.
pub fn read(path: &Path, batch_rows: usize) -> Result<Given, String> {
    let inputs = find_inputs(&[path.display().to_string()]).map_err(|error| error.to_string())?;
    let wanted = with_sources(FIELDS.into_iter().collect());
    let reading = Reading {
        inputs,
        mapping: Mapping::default(),
        wanted,
        batch_rows,
    };
    let mut reader = Reader::new(&reading);
    let mut given = Given::default();
    while let Some(chunk) = reader.next_chunk().map_err(|error| error.to_string())? {
        for raw in chunk.batches() {
            let raw = raw?;
            assert!(
                raw.rows.len() <= batch_rows,
                "a batch of {} rows",
                raw.rows.len()
            );
            given.set_aside.extend(raw.set_aside.iter().cloned());
            let batch = normalize(raw, &reading.wanted, "file", &Identities::default());
            for row in 0..batch.n_rows {
                given.rows.push((
                    batch.rows[row],
                    FIELDS
                        .iter()
                        .map(|field| cell(&batch, *field, row))
                        .collect(),
                ));
            }
            for issue in &batch.issues {
                let seen = given
                    .issues
                    .iter_mut()
                    .find(|seen| (seen.0, seen.1) == (issue.field, issue.kind));
                match seen {
                    Some(seen) => seen.2 += issue.count,
                    None => given.issues.push((issue.field, issue.kind, issue.count)),
                }
            }
        }
    }
    given.set_aside.sort_by_key(|row| row.row);
    given.issues.sort();
    Ok(given)
}

fn cell(batch: &Batch, field: FieldId, row: usize) -> Option<String> {
    match batch.column(field)? {
        Column::Text(_) => batch.text_at(field, row).map(str::to_owned),
        Column::Number(_) => batch
            .number_at(field, row)
            .map(|number| format!("{number:?}")),
        Column::Date(_) => batch
            .date_at(field, row)
            .map(ch24::normalize::date::format_date),
        Column::Boolean(truths) => match truths[row] {
            2 => None,
            truth => Some((truth == 1).to_string()),
        },
    }
}

/// Reads bytes under a name, in batches of any size: all must agree.
#[track_caller]
fn given(name: &str, bytes: &[u8]) -> Result<Given, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let whole = read(&path, 1 << 16);
    for batch_rows in [1, 2, 3, 7] {
        assert_eq!(read(&path, batch_rows), whole, "in batches of {batch_rows}");
    }
    whole
}

/// Row number and description of each row of a CSV file with columns `hts_number,goods_description`, and the row,
/// line and kind of each that was set aside.
#[track_caller]
fn csv(body: &[u8]) -> (Vec<(u64, String)>, Vec<(u64, u64, IssueKind)>) {
    let mut bytes = b"hts_number,goods_description\n".to_vec();
    bytes.extend_from_slice(body);
    descriptions(&given("file.csv", &bytes).unwrap())
}

fn descriptions(given: &Given) -> (Vec<(u64, String)>, Vec<(u64, u64, IssueKind)>) {
    let rows = given
        .rows
        .iter()
        .map(|(row, cells)| (*row, cells[2].clone().unwrap_or_default()));
    let set_aside = given
        .set_aside
        .iter()
        .map(|row| (row.row, row.line, row.kind));
    (rows.collect(), set_aside.collect())
}

fn rows(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected
        .iter()
        .map(|(row, text)| (*row, (*text).to_owned()))
        .collect()
}

#[test]
fn a_quote_opens_only_at_the_start_of_a_field() {
    let (found, set_aside) = csv(b"44,2\" PIPE\n\"44\",\"A, B\"\n44,\"SAID \"\"X\"\"\"\n44,\"TWO\nLINES\"\n44,\"\"\n44,\"A\"B\n");
    let expected = [
        (1, "2\" PIPE"),
        (2, "A, B"),
        (3, "SAID \"X\""),
        (4, "TWO LINES"),
        (5, ""),
        (6, "AB"),
    ];
    assert_eq!((found, set_aside), (rows(&expected), vec![]));
}

#[test]
fn line_ends_blank_lines_and_a_byte_order_mark_change_nothing() {
    let plain = given("a.csv", b"hts_number,goods_description\n4407,A\n4408,B\n").unwrap();
    for bytes in [
        &b"\xEF\xBB\xBFhts_number,goods_description\n4407,A\n4408,B\n"[..],
        b"hts_number,goods_description\r\n4407,A\r\n4408,B\r\n",
        b"hts_number,goods_description\n4407,A\n4408,B",
        b"\n\nhts_number,goods_description\n\n4407,A\n\r\n\n4408,B\n\n\n",
        b"\xEF\xBB\xBF\"hts_number\",\"goods_description\"\r\n\"4407\",\"A\"\r\n\"4408\",\"B\"",
        b"hts_number;goods_description\n4407;A\n4408;B\n",
        b"hts_number\tgoods_description\n4407\tA\n4408\tB\n",
        b"HTS Number | Goods Description\n4407|A\n4408 | B \n",
    ] {
        assert_eq!(
            given("a.csv", bytes).unwrap(),
            plain,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn rows_that_cannot_be_read_are_set_aside_and_keep_their_numbers() {
    use IssueKind::{NotUtf8, NulByte, TooFewFields, TooManyFields};
    let (found, set_aside) =
        csv(b"44,A\n44\n44,B,C\n44,D\0\n44,\"E\nE\",\xFF\n44,\xC3\x28\n\n44,F\n,\n");
    assert_eq!(found, rows(&[(1, "A"), (7, "F"), (8, "")]));
    let expected = [
        (2, 3, TooFewFields),
        (3, 4, TooManyFields),
        (4, 5, NulByte),
        (5, 6, NotUtf8),
        (6, 8, NotUtf8),
    ];
    assert_eq!(set_aside, expected);
}

#[test]
fn an_open_quote_sets_aside_one_physical_line() {
    use IssueKind::UnclosedQuote;
    assert_eq!(
        csv(b"44,A\n44,\"B\n"),
        (rows(&[(1, "A")]), vec![(2, 3, UnclosedQuote)])
    );
    assert_eq!(
        csv(b"44,A\n44,\"B"),
        (rows(&[(1, "A")]), vec![(2, 3, UnclosedQuote)])
    );
    let (found, set_aside) = csv(b"44,A\n44,\"B\n44,C\n44,D\n\n44,E\n");
    assert_eq!(found, rows(&[(1, "A"), (3, "C"), (4, "D"), (5, "E")]));
    assert_eq!(set_aside, [(2, 3, UnclosedQuote)]);
    // Two quotes are one field, whatever was meant.
    let (found, set_aside) = csv(b"44,\"A\n44,\"B\n44,\"C");
    assert_eq!(
        (found, set_aside),
        (rows(&[(1, "A 44,B")]), vec![(2, 4, UnclosedQuote)])
    );
}

#[test]
fn a_record_over_16_mib_is_set_aside() {
    let long = |start: &str| format!("44,A\n44,{start}{}\n44,B\n", "x".repeat(17 << 20));
    for (start, kind) in [
        ("", IssueKind::RecordTooLong),
        ("\"", IssueKind::UnclosedQuote),
    ] {
        let bytes = format!("hts_number,goods_description\n{}", long(start));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let (found, set_aside) = descriptions(&read(&path, 1 << 16).unwrap());
        assert_eq!(
            (found, set_aside),
            (rows(&[(1, "A"), (3, "B")]), vec![(2, 3, kind)])
        );
    }
}

#[test]
fn megabytes_of_blank_lines_end_nothing() {
    let blank = "\n".repeat(5 << 20);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.csv");
    std::fs::write(
        &path,
        format!("hts_number,goods_description\n44,A\n{blank}44,B\n"),
    )
    .unwrap();
    assert_eq!(
        descriptions(&read(&path, 1 << 16).unwrap()).0,
        rows(&[(1, "A"), (2, "B")])
    );
}

#[test]
fn empty_files_have_no_rows() {
    for bytes in [
        &b""[..],
        b"\xEF\xBB\xBF",
        b"\n\n\r\n",
        b"hts_number,goods_description",
        b"hts_number,goods_description\r\n\r\n",
    ] {
        assert_eq!(given("a.csv", bytes), Ok(Given::default()), "{bytes:?}");
    }
    assert_eq!(given("a.ndjson", b"\n \n"), Ok(Given::default()));
}

#[test]
fn columns_that_cannot_be_settled_stop_the_run() {
    for (header, named) in [
        (
            "hts_number,goods_description,hts_number",
            &["`hts_number`"][..],
        ),
        ("hts_number,HTS Number", &["`hts_number`", "`HTS Number`"]),
        ("foo,bar", &["`foo`", "`bar`", "hts_number"]),
        ("\"hts_number,goods_description", &["quote"]),
    ] {
        let error = given("a.csv", format!("{header}\n1,2,3\n").as_bytes()).unwrap_err();
        assert!(
            named.iter().all(|name| error.contains(name)) && error.contains("a.csv: "),
            "{error}"
        );
        assert!(!error.contains('\n'));
    }
    assert!(
        given("a.csv", b"hts_number,foo,,\n4407,x,,\n").is_ok_and(|given| given.rows.len() == 1)
    );
}

#[test]
fn what_is_no_table_is_named_with_what_to_do() {
    for (bytes, told) in [
        (&b"\xFF\xFEh\0t\0s\0"[..], "UTF-16"),
        (b"PK\x03\x04rest", "zip"),
        (b"[{\"hts_number\": 1}]", "one object per line"),
        (b"hts_number,taxon\r4403,x\r", "carriage return"),
    ] {
        let message = given("a.csv", bytes).err().unwrap_or_default();
        assert!(message.contains(told), "{message}");
    }
    let first_row = b"987-65-4329,JOHN DOE\nx,y\n";
    let message = given("a.csv", first_row).err().unwrap_or_default();
    assert!(!message.contains("4329"), "{message}");
    assert!(message.contains("###-##-####"), "{message}");
}

#[test]
fn lines_of_ndjson_stand_alone() {
    use IssueKind::{NotAnObject, NotUtf8};
    let text = b"\xEF\xBB\xBF{\"goods_description\": \"A\", \"hts_number\": 4407}\r\n\n[1]\n{\"goods_description\": \n7\n\
        {\"goods_description\": \"\xFF\"}\n{\"goods_description\": null, \"foo\": {\"a\": 1}}\n{\"goods_description\": \"\\u0042\"}";
    let (found, set_aside) = descriptions(&given("a.ndjson", text).unwrap());
    assert_eq!(found, rows(&[(1, "A"), (6, ""), (7, "B")]));
    assert_eq!(
        set_aside,
        [
            (2, 3, NotAnObject),
            (3, 4, NotAnObject),
            (4, 5, NotAnObject),
            (5, 6, NotUtf8)
        ]
    );
}

#[test]
fn lists_of_ndjson_are_joined() {
    let text = br#"{"transit_countries": ["MX", "CA"], "component_seq": 2, "related_party": true}
{"transit_countries": [], "component_seq": "3", "related_party": "N"}
{"transit_countries": "US|MX", "component_seq": null}"#;
    let given = given("a.jsonl", text).unwrap();
    let cells: Vec<_> = given
        .rows
        .iter()
        .map(|(_, cells)| cells[5..8].to_vec())
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(cells[0], [text("true"), text("MX|CA"), text("2.0")]);
    assert_eq!(cells[1], [text("false"), None, text("3.0")]);
    assert_eq!(cells[2], [None, text("US|MX"), text("1.0")]);
}

#[test]
fn compressed_files_are_read_to_the_end() {
    let (first, second) = (
        &b"hts_number,goods_description\n4407,A\n44"[..],
        &b"08,B\n4409,C\n"[..],
    );
    let plain = given("a.csv", &[first, second].concat()).unwrap();
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = |bytes: &[u8]| zstd::stream::encode_all(bytes, 1).unwrap();
    let members = [gzip(first), gzip(b""), gzip(second)].concat();
    assert_eq!(given("a.csv.gz", &members).unwrap(), plain);
    assert_eq!(given("told-by-content", &members).unwrap(), plain);
    let frames = [zstd(first), zstd(b""), zstd(second)].concat();
    assert_eq!(given("a.csv.zst", &frames).unwrap(), plain);
    for bytes in [&members, &frames] {
        for length in [5, bytes.len() / 2, bytes.len() - 3] {
            let error = given("a.csv.gz", &bytes[..length]).unwrap_err();
            assert!(
                error.contains("a.csv.gz: ") && !error.contains('\n'),
                "{error}"
            );
        }
    }
}

proptest! {
    #![proptest_config(crate::config(64))]

    #[test]
    fn no_bytes_of_csv_panic(body in "[a,\"\\n\\r;é]{0,60}", tail in prop::collection::vec(any::<u8>(), 0..12)) {
        let bytes = ["hts_number,goods_description\n".as_bytes(), body.as_bytes(), &tail].concat();
        let given = given("a.csv", &bytes).unwrap();
        let mut numbers: Vec<_> = given.rows.iter().map(|(row, _)| *row).collect();
        numbers.extend(given.set_aside.iter().map(|row| row.row));
        numbers.sort_unstable();
        prop_assert_eq!(&numbers, &(1..=numbers.len() as u64).collect::<Vec<_>>());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        for start in [&b""[..], b"PAR1", b"ARROW1", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"{"] {
            drop(given("a.csv", &[start, &bytes].concat()));
        }
    }
}

#[test]
fn a_province_is_split_off_countries_and_off_nothing_else() {
    let body = b"country_of_origin,goods_description\nXQ,CA/US PINE\nCA,FIR 2/4\nXC,PINE\n";
    let given = given("file.csv", body).unwrap();
    let cells: Vec<_> = (given.rows.iter())
        .map(|(_, cells)| [1, 2, 9].map(|field| cells[field].as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        cells,
        [
            ["CA", "CA/US PINE", "XQ"],
            ["CA", "FIR 2/4", ""],
            ["CA", "PINE", "XC"],
        ]
    );
}
