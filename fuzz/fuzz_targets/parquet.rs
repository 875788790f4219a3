//! Parquet files of any bytes: rows, or one reason why not; never a panic.
#![no_main]

use ch24_fuzz::{file, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: {
    // The reader turns panics of the library on corrupt files into reasons: they are no finding here. One that gets past it is.
    std::panic::set_hook(Box::new(|_| ()));
}, |bytes: &[u8]| {
    let path = file("rows.parquet", bytes);
    let outcome = std::panic::catch_unwind(|| read(&path, 64));
    if outcome.is_err() {
        std::process::abort();
    }
});
