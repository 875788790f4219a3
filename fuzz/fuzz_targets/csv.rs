//! CSV of any bytes under a header: every row is read or set aside, once, and how rows are cut changes nothing.
#![no_main]

use ch24_fuzz::{file, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let mut bytes = b"hts_number,goods_description,entered_value_usd\n".to_vec();
    bytes.extend_from_slice(body);
    let path = file("rows.csv", &bytes);
    let whole = read(&path, 1 << 16);
    assert!(whole.is_some(), "a file with a known column is read");
    assert_eq!(whole, read(&path, 3));
    let rows = whole.expect("it was read").rows;
    assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "a row came twice");
});
