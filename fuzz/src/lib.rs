//! What the fuzz targets share: packs and inputs out of bytes, and what must hold of whatever comes out.

use ch24::batch::Batch;
use ch24::normalize::{Identities, normalize, with_sources};
use ch24::read::{Mapping, Reader, Reading, find_inputs};
use ch24::rules::{PackSource, RuleSet, load};
use ch24::schema::{FIELDS, FieldId};
use std::cell::RefCell;
use std::path::PathBuf;

thread_local! {
    /// Files of this thread: a fuzzer makes millions of them, in memory where there is a file system for that.
    static DIRECTORY: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

/// Writes a file of this name into the directory of this thread; gives its path.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    DIRECTORY.with_borrow_mut(|directory| {
        let directory = directory.get_or_insert_with(|| {
            let memory = std::path::Path::new("/dev/shm");
            match memory.is_dir() {
                true => tempfile::tempdir_in(memory),
                false => tempfile::tempdir(),
            }
            .expect("a directory for files of the fuzzer")
        });
        let path = directory.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a directory");
        }
        std::fs::write(&path, bytes).expect("a file");
        path
    })
}

/// Loads the pack in which a file stands: rules, or mistakes that can be shown; never both, never neither.
pub fn load_pack(pack: PathBuf) -> Option<RuleSet> {
    let loaded = load(&PackSource::Directory(pack)).expect("the files can be read");
    assert_eq!(loaded.rules.is_none(), loaded.diagnostics.has_errors());
    let shown = loaded.diagnostics.render(&loaded.sources, false);
    assert_eq!(shown.is_empty(), loaded.diagnostics.is_empty());
    loaded.diagnostics.to_json(&loaded.sources);
    loaded.rules
}

/// What a file gives.
#[derive(Debug, Default, PartialEq)]
pub struct Given {
    /// Rows read and rows set aside, by their number in the file.
    pub rows: Vec<u64>,
    /// Everything else, in words.
    pub cells: Vec<String>,
}

/// Reads and normalizes a file in batches of some rows; none where it is refused.
pub fn read(path: &std::path::Path, batch_rows: usize) -> Option<Given> {
    let all = (0..FIELDS.len()).map(|index| FieldId(u16::try_from(index).expect("some hundred")));
    let reading = Reading {
        inputs: find_inputs(&[path.display().to_string()]).ok()?,
        mapping: Mapping::default(),
        wanted: with_sources(all.collect()),
        batch_rows,
    };
    let mut reader = Reader::new(&reading);
    let mut given = Given::default();
    while let Some(chunk) = reader.next_chunk().ok()? {
        for raw in chunk.batches() {
            let mut raw = raw.ok()?;
            for row in std::mem::take(&mut raw.set_aside) {
                given.rows.push(row.row);
                given.cells.push(format!("{row:?}"));
            }
            let batch = normalize(raw, &reading.wanted, "file", &Identities::FirstRow);
            assert_eq!(batch.rows.len(), batch.n_rows);
            given.rows.extend(&batch.rows);
            given
                .cells
                .extend((0..batch.n_rows).map(|row| cells(&batch, row)));
        }
    }
    given.rows.sort_unstable();
    given.cells.sort_unstable();
    Some(given)
}

fn cells(batch: &Batch, row: usize) -> String {
    let fields = (0..FIELDS.len()).filter_map(|index| {
        let field = FieldId(u16::try_from(index).expect("some hundred"));
        let text = batch.text_at(field, row).map(str::to_owned);
        let text = text.or_else(|| {
            batch
                .number_at(field, row)
                .map(|number| format!("{number:?}"))
        });
        let text = text.or_else(|| batch.date_at(field, row).map(|day| day.to_string()));
        Some(format!("{index}={}", text?))
    });
    format!(
        "{} {}",
        batch.rows[row],
        fields.collect::<Vec<_>>().join(" ")
    )
}
