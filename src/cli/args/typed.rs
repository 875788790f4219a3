//! Words and numbers that are refused as they are typed.

/// More threads than any machine that runs this has use for.
const MAX_THREADS: usize = 256;

/// A number of worker threads.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads) if threads <= MAX_THREADS => Ok(threads),
        Ok(_) => Err(format!(
            "{MAX_THREADS} at most; without --threads there is one per core, and more than cores make no run faster"
        )),
        Err(_) => Err(format!("write a number up to {MAX_THREADS}")),
    }
}

/// The name of a person who answers for what is noted.
pub(super) fn name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("this is blank: the journal tells who it was".to_owned()),
        name => Ok(name.to_owned()),
    }
}
