//! Files made to exhaust a reader: each ends in rows set aside or in one line, in memory that is a fraction of what they claim.

use crate::end_to_end::root;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

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
        .find(|line| line.contains("rows set aside"))
        .and_then(first);
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
