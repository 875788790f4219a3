//! A line of progress on a terminal.

use super::print;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Shows how many rows are done while a run goes on; nothing where standard error is no terminal.
#[derive(Debug)]
pub(super) struct Progress {
    rows: Arc<AtomicU64>,
    is_done: Arc<AtomicBool>,
    shower: Option<JoinHandle<()>>,
}

impl Progress {
    pub(super) fn start(is_quiet: bool) -> Self {
        let (rows, is_done) = (
            Arc::new(AtomicU64::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let shower = (!is_quiet && std::io::stderr().is_terminal()).then(|| {
            let (rows, is_done) = (Arc::clone(&rows), Arc::clone(&is_done));
            std::thread::spawn(move || {
                while !is_done.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(200));
                    print::message(&format!("\r{} rows", rows.load(Ordering::Relaxed)));
                }
                print::message("\r\u{1b}[K");
            })
        });
        Self {
            rows,
            is_done,
            shower,
        }
    }

    /// The count that a run keeps.
    pub(super) fn rows(&self) -> &AtomicU64 {
        &self.rows
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Relaxed);
        if let Some(shower) = self.shower.take() {
            // The line is decoration: a thread that failed to draw it changes nothing.
            shower.join().ok();
        }
    }
}
