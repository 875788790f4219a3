//! Where words go: results to standard output, all else to standard error.

use crate::error::{Error, ErrorKind};
use crate::write::controls;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};

/// Writes text for people to standard output, in lines of 80 columns; what controls a terminal is replaced, wherever it came
/// from. A reader that has gone away ends the program, and is no failure.
pub(super) fn out(text: &str) -> Result<(), Error> {
    write_out(&wrapped(&plain_lines(text)))
}

/// Writes a record a line, so that a pipe can pick lines; wrapped for a terminal only.
pub(super) fn table(text: &str) -> Result<(), Error> {
    match std::io::stdout().is_terminal() {
        true => out(text),
        false => write_out(&plain_lines(text)),
    }
}

/// Writes JSON, or text for people.
pub(super) fn shown(text: &str, is_json: bool) -> Result<(), Error> {
    match is_json {
        true => json(text),
        false => out(text),
    }
}

/// Writes JSON to standard output: what controls a terminal stands as `\u` and its number, which is the same JSON.
pub(super) fn json(text: &str) -> Result<(), Error> {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if controls(c) && c != '\n' {
            write!(shown, "\\u{:04x}", u32::from(c)).expect("a string takes any text");
        } else {
            shown.push(c);
        }
    }
    write_out(&shown)
}

/// Writes text that a program reads, such as a query: as it is, unless it goes to a terminal.
pub(super) fn code(text: &str) -> Result<(), Error> {
    match std::io::stdout().is_terminal() {
        true => write_out(&plain_lines(text)),
        false => write_out(text),
    }
}

fn write_out(text: &str) -> Result<(), Error> {
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

/// Writes a message to standard error; what controls a terminal is replaced.
pub(super) fn message(text: &str) {
    write_message(&plain_lines(text));
}

/// The same for a text of this program that has colors: what only sets a style stands.
pub(super) fn styled(text: &str) {
    write_message(&with_styles(text));
}

/// Puts a line in the place of the one that the terminal shows.
pub(super) fn status(line: &str) {
    write_message(&format!("\r{}\u{1b}[K", plain(line)));
}

/// Where even this fails there is nobody to tell.
fn write_message(text: &str) {
    std::io::stderr().lock().write_all(text.as_bytes()).ok();
}

/// A text of the data in one line, safe for a terminal.
pub(super) fn plain(text: &str) -> String {
    let shown = text
        .chars()
        .map(|c| if controls(c) { '\u{fffd}' } else { c });
    shown.collect()
}

/// The same for text of several lines.
pub(super) fn plain_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(plain).collect();
    lines.join("\n")
}

/// Columns of a line for people.
const COLUMNS: usize = 80;
/// A line goes on below the column that begins after a gap, at this place at most.
const FARTHEST_INDENT: usize = 48;

/// Breaks lines between words. A line of a table goes on below its last column; a word that is longer than a line stands alone.
fn wrapped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        if line.chars().count() <= COLUMNS {
            shown.push_str(line.trim_end());
        } else {
            wrap_line(&mut shown, line);
        }
        shown.push('\n');
    }
    if !text.ends_with('\n') {
        shown.pop();
    }
    shown
}

fn wrap_line(shown: &mut String, line: &str) {
    let indent = " ".repeat(indent_of(line));
    let mut column = 0;
    let mut gap = String::new();
    for word in line.split(' ') {
        let n_columns = word.chars().count();
        if column > indent.len() && column + gap.len() + n_columns > COLUMNS && n_columns > 0 {
            shown.push('\n');
            shown.push_str(&indent);
            column = indent.len();
            gap.clear();
        }
        if n_columns > 0 {
            shown.push_str(&gap);
            shown.push_str(word);
            column += gap.len() + n_columns;
            gap.clear();
        }
        gap.push(' ');
    }
}

/// Where a line goes on: below the last column of a table, else two columns to the right of its start.
fn indent_of(line: &str) -> usize {
    let letters: Vec<char> = line.chars().take(FARTHEST_INDENT + 1).collect();
    let start = letters.iter().take_while(|c| **c == ' ').count();
    let starts_column = |place: &usize| {
        letters[*place] != ' ' && letters[place - 1] == ' ' && letters[place - 2] == ' '
    };
    let columns = (start + 2..letters.len()).rev();
    columns
        .into_iter()
        .find(starts_column)
        .unwrap_or((start + 2).min(FARTHEST_INDENT))
}

/// The same, with `ESC [ numbers m` as it is.
fn with_styles(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut pieces = text.split("\u{1b}[");
    shown.push_str(&plain_lines(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let numbers = piece.find(|c: char| !c.is_ascii_digit() && c != ';');
        let is_style = numbers.is_some_and(|end| piece[end..].starts_with('m'));
        shown.push_str(if is_style { "\u{1b}[" } else { "\u{fffd}[" });
        shown.push_str(&plain_lines(piece));
    }
    shown
}

/// Help, the version, or what is wrong with what was typed; clap writes it, and its colors stand on a terminal.
pub(super) fn arguments(error: &clap::Error) {
    let text = error.render();
    let (is_failure, has_color) = (error.use_stderr(), color());
    match (is_failure, has_color) {
        (true, true) => styled(&text.ansi().to_string()),
        (true, false) => message(&text.to_string()),
        // Help has no word of the data in it; one that cannot be written has no reader.
        (false, _) => error.print().unwrap_or_default(),
    }
}

/// Says why the program could not run, in one line.
pub(super) fn failure(error: &Error) {
    message(&format!("ch24: {}\n", plain(&error.to_string())));
}

/// Says that the program is at fault, in one line.
pub(super) fn bug(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or(String::new(), ToString::to_string);
    let what = panic.payload_as_str().unwrap_or("a panic");
    message(&format!(
        "ch24: a mistake of this program, please report it: {} ({place})\n",
        plain(what)
    ));
}

/// Whether messages may be colored.
#[expect(clippy::disallowed_methods, reason = "NO_COLOR is honored here")]
pub(super) fn color() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var("NO_COLOR").map_or(true, |value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_table_go_on_below_their_last_column() {
        let words = "word ".repeat(14);
        let told = wrapped(&format!("  F-01        6     4  {words}\nshort\n"));
        let expected = format!(
            "  F-01        6     4  {}\n{}{}\nshort\n",
            "word ".repeat(11).trim_end(),
            " ".repeat(23),
            "word ".repeat(3).trim_end()
        );
        assert_eq!(told, expected);
        let path = "x".repeat(100);
        let told = wrapped(&format!("Results in {path}. A red flag is a reason."));
        assert_eq!(
            told,
            format!("Results in\n  {path}.\n  A red flag is a reason.")
        );
    }

    #[test]
    fn what_controls_a_terminal_is_replaced_and_styles_of_ours_stand() {
        let told = "a\u{1b}]8;;x\u{7}b\rc\u{9b}2J\u{202e}d\te\n";
        assert_eq!(
            plain_lines(told),
            "a\u{fffd}]8;;x\u{fffd}b\u{fffd}c\u{fffd}2J\u{fffd}d\u{fffd}e\n"
        );
        assert_eq!(
            with_styles("\u{1b}[1;31merror\u{1b}[0m \u{1b}[2J\u{1b}]0;x\u{7}\n"),
            "\u{1b}[1;31merror\u{1b}[0m \u{fffd}[2J\u{fffd}]0;x\u{fffd}\n"
        );
    }
}
