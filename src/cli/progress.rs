//! A line of progress on a terminal.

use super::print;
use crate::read::{Input, about_rows};
use crate::summary::thousands;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Shows how many rows are done while a run goes on; nothing where standard error is no terminal.
#[derive(Debug)]
pub(super) struct Progress {
    rows: Arc<AtomicU64>,
    is_done: Arc<AtomicBool>,
    shower: Option<JoinHandle<()>>,
}

impl Progress {
    pub(super) fn start(is_quiet: bool, inputs: &[Input]) -> Self {
        let (rows, is_done) = (
            Arc::new(AtomicU64::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let shower = (!is_quiet && std::io::stderr().is_terminal()).then(|| {
            let (rows, is_done) = (Arc::clone(&rows), Arc::clone(&is_done));
            let total = about_rows(inputs);
            std::thread::spawn(move || {
                let begun = Instant::now();
                // Before the first row comes a pass over all of them, where rules ask for more than the line itself.
                let mut first = None;
                while !is_done.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(200));
                    let done = rows.load(Ordering::Relaxed);
                    if done > 0 && first.is_none() {
                        first = Some(Instant::now());
                    }
                    let since = first.unwrap_or(begun).elapsed();
                    print::status(&line(done, total, since));
                }
                print::status("");
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

/// What is shown: rows, rows a second, time left.
fn line(done: u64, total: Option<u64>, since: Duration) -> String {
    if done == 0 {
        return format!("first pass, {} s", since.as_secs());
    }
    let milliseconds = u64::try_from(since.as_millis())
        .unwrap_or(u64::MAX)
        .max(200);
    let rate = (done.saturating_mul(1000) / milliseconds).max(1);
    let (rows, a_second) = (thousands(done), thousands(rate));
    match total.filter(|total| *total > done) {
        None => format!("{rows} rows, {a_second} a second"),
        Some(total) => {
            let left = (total - done).div_ceil(rate);
            let total = thousands(total);
            format!("{rows} of about {total} rows, {a_second} a second, {left} s left")
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_rows_rate_and_time_left() {
        let since = Duration::from_secs(4);
        assert_eq!(line(0, Some(10), since), "first pass, 4 s");
        assert_eq!(line(8_000, None, since), "8,000 rows, 2,000 a second");
        assert_eq!(
            line(8_000, Some(20_000), since),
            "8,000 of about 20,000 rows, 2,000 a second, 6 s left"
        );
        assert_eq!(
            line(8_000, Some(7_900), since),
            "8,000 rows, 2,000 a second"
        );
    }
}
