//! Where words go: results to standard output, all else to standard error.

use crate::error::{Error, ErrorKind};
use std::io::{IsTerminal, Write};

/// Writes to standard output. A reader that has gone away ends the program, and is no failure.
pub(super) fn out(text: &str) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::new(
            ErrorKind::Io,
            format!("standard output: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Writes a message to standard error; where even that fails there is nobody to tell.
pub(super) fn message(text: &str) {
    std::io::stderr().lock().write_all(text.as_bytes()).ok();
}

/// A text of the data, safe for a terminal: what controls one, or turns the direction of writing, is replaced.
pub(super) fn plain(text: &str) -> String {
    let is_control = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let shown = text
        .chars()
        .map(|c| if is_control(c) { '\u{fffd}' } else { c });
    shown.collect()
}

/// The same for text of several lines.
pub(super) fn plain_lines(text: &str) -> String {
    text.lines().map(|line| plain(line) + "\n").collect()
}

/// Says why the program could not run.
pub(super) fn failure(error: &Error) {
    message(&format!("ch24: {error}\n"));
}

/// Whether messages may be colored.
#[expect(clippy::disallowed_methods, reason = "NO_COLOR is honored here")]
pub(super) fn color() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var("NO_COLOR").map_or(true, |value| value.is_empty())
}
