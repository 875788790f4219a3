//! One writer at a time for a store: its directory is locked, so that nothing is left behind and a killed process holds nothing.

use std::fs::File;
use std::path::Path;

/// Waits until nobody else holds a directory, and holds it; nothing where a file system cannot lock.
pub fn lock_directory(directory: &Path) -> Option<File> {
    let file = File::open(directory).ok()?;
    file.lock().ok()?;
    Some(file)
}
