//! Rule files: a rule that can be compiled and matched, or mistakes.
#![no_main]

use ch24::score::Program;
use ch24_fuzz::{file, load_pack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let path = file("rule/R-01.yaml", text);
    let pack = path.parent().expect("it stands in a directory").to_owned();
    if let Some(rules) = load_pack(pack) {
        Program::new(&rules);
    }
});
