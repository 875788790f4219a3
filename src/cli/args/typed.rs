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

/// The name of a person who answers for what is noted or approved.
pub(super) fn person(text: &str) -> Result<String, String> {
    let name = text.trim();
    match name.chars().any(char::is_alphabetic) {
        true => Ok(name.to_owned()),
        false => {
            Err("write the name of the person who answers for it, such as 'J. Doe'".to_owned())
        }
    }
}
