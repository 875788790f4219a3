//! A small CSV file that people write -> rows of cells that know their place.

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// What it holds, trimmed, without its quotes.
    pub(super) text: String,
    /// Where it begins in the file, quotes and blanks left out.
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
}

/// A row: its cells, and whether a quote in it is never closed, or closed before its cell ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) is_broken: bool,
}

/// The rows of a file, header first; blank lines are left out.
///
/// A quote opens at the start of a cell only. One that is never closed sets its own line aside and no more.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (row, next) = row(text, at);
        let is_blank = row.cells.iter().all(|cell| cell.text.is_empty()) && row.cells.len() == 1;
        if !is_blank || row.is_broken {
            rows.push(row);
        }
        at = next;
    }
    rows
}

/// The row that begins at a byte, and where the next one does.
fn row(text: &str, start: usize) -> (Row, usize) {
    let mut row = Row::default();
    let mut at = start;
    let mut is_open = false;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let end = match rest.get(blanks..).and_then(quoted) {
            Some(Quoted::Closed { inner, length }) => {
                let first = at + blanks + 1;
                row.cells
                    .push(trimmed(&inner, first, inner_end(first, length)));
                let after = at + blanks + length;
                let end = after + plain_end(text.get(after..).unwrap_or(""));
                let behind = text.get(after..end).unwrap_or("");
                row.is_broken |= !behind.trim().is_empty();
                end
            }
            Some(Quoted::Open) => {
                row.is_broken = true;
                is_open = true;
                let end = start + line_end(text.get(start..).unwrap_or(""));
                row.cells.push(plain(text, at, end));
                end
            }
            None => {
                let end = at + plain_end(rest);
                row.cells.push(plain(text, at, end));
                end
            }
        };
        let rest = text.get(end..).unwrap_or("");
        if rest.starts_with(',') && !is_open {
            at = end + 1;
            continue;
        }
        let line_end = if rest.starts_with("\r\n") { 2 } else { 1 };
        return (row, end + line_end);
    }
}

/// What stands between two quotes.
enum Quoted {
    /// The text, and the bytes from the first quote to the last.
    Closed { inner: String, length: usize },
    /// It never ends.
    Open,
}

/// A cell in quotes; none where the text does not begin with one.
fn quoted(text: &str) -> Option<Quoted> {
    let mut rest = text.strip_prefix('"')?;
    let mut inner = String::new();
    loop {
        let Some((before, after)) = rest.split_once('"') else {
            return Some(Quoted::Open);
        };
        inner.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                inner.push('"');
                rest = more;
            }
            None => {
                let length = text.len() - after.len();
                return Some(Quoted::Closed { inner, length });
            }
        }
    }
}

fn inner_end(first: usize, length: usize) -> usize {
    first + length - 2
}

fn plain_end(text: &str) -> usize {
    text.find([',', '\n', '\r']).unwrap_or(text.len())
}

fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

fn plain(text: &str, start: usize, end: usize) -> Cell {
    trimmed(text.get(start..end).unwrap_or(""), start, end)
}

/// A cell without the blanks around it.
fn trimmed(text: &str, start: usize, end: usize) -> Cell {
    let before = text.len() - text.trim_start().len();
    let after = text.len() - text.trim_end().len();
    let start = (start + before).min(end);
    Cell {
        text: text.trim().to_owned(),
        start,
        end: end.saturating_sub(after).max(start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<String>> {
        let rows = rows(text).into_iter();
        rows.map(|row| row.cells.into_iter().map(|cell| cell.text).collect())
            .collect()
    }

    #[test]
    fn cells_know_their_place() {
        let text = "key,reason\r\n a:b , \"said \"\"x\"\", twice\"\r\n\r\nc:d,\n";
        let found = rows(text);
        assert_eq!(
            texts(text),
            [
                vec!["key", "reason"],
                vec!["a:b", "said \"x\", twice"],
                vec!["c:d", ""]
            ]
        );
        let place = |row: usize, cell: usize| {
            let cell: &Cell = &found[row].cells[cell];
            text.get(cell.start..cell.end).unwrap()
        };
        assert_eq!(place(1, 0), "a:b");
        assert_eq!(place(1, 1), "said \"\"x\"\", twice");
        assert_eq!(place(2, 1), "");
    }

    #[test]
    fn an_open_quote_takes_its_own_line_only() {
        let found = rows("a,b\n\"x,y\nz,w");
        assert_eq!(found.len(), 3);
        assert!(found[1].is_broken && !found[2].is_broken);
        assert!(rows("\"x\" y,z")[0].is_broken && !rows("\"x\" ,z")[0].is_broken);
        assert_eq!(found[2].cells[0].text, "z");
        // Only at the start of a cell does a quote open.
        assert_eq!(texts("a\n2\" pipe,b"), [vec!["a"], vec!["2\" pipe", "b"]]);
    }
}
