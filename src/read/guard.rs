//! Steps of libraries that may panic on a corrupt file.

use super::columnar::Failure;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread would be taken for a corrupt file, so that it needs no message of its own.
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// Runs a step of a library; a panic is a failure like any other.
pub(super) fn guarded<T, E: std::fmt::Display>(
    step: impl FnOnce() -> Result<T, E>,
) -> Result<T, Failure> {
    let before = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(step));
    IS_GUARDED.set(before);
    match result {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("the file is corrupt".to_owned()),
    }
}
