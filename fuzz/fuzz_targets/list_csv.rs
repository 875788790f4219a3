//! The rows of a list that a rule looks into.
#![no_main]

use ch24::score::Program;
use ch24_fuzz::{file, load_pack};
use libfuzzer_sys::fuzz_target;

const LIST: &[u8] = b"source: A source\nas_of: 2026-01-01\nlicense: CC0-1.0\nkey: code\nmatch: prefix\ncolumns: {code: text, least: number}\n";
const RULE: &[u8] = b"id: T-01\nname: a-rule\ntitle: A rule\ntheme: timber\nfamily: document\nseverity: low\npoints: 10\nwhen: in_list(hts_number, 'codes') AND lookup(hts_number, 'codes', 'least') > 1\n";

fuzz_target!(|rows: &[u8]| {
    file("list/lists/codes.yaml", LIST);
    let rule = file("list/T-01.yaml", RULE);
    file("list/lists/codes.csv", rows);
    let pack = rule.parent().expect("it stands in a directory").to_owned();
    if let Some(rules) = load_pack(pack) {
        Program::new(&rules);
    }
});
