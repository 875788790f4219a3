//! Mappings: what is read, or mistakes that can be shown.
#![no_main]

use ch24::read::load_mapping;
use ch24_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let path = file("map.yaml", text);
    if let Ok(loaded) = load_mapping(&path) {
        loaded.diagnostics.render(&loaded.sources, false);
    }
});
