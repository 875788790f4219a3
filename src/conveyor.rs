//! Work on a stream by all threads at once, with results taken in one after the other, in the order of the stream.
//!
//! Every thread does whatever is at hand: a task that taking in a result asked for, else the next piece of the stream. So
//! reading, working, taking in and tasks overlap, no thread waits for a window to fill, and a single thread does the same
//! things in turn. Memory is bounded: a thread whose result is far ahead takes results in before it goes on.

use crate::error::Error;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

/// Something to do that no later result waits for.
pub type Task = Box<dyn FnOnce() -> Result<(), Error> + Send>;

/// Pieces that may lie ready, per thread, before results are taken in first.
const READY_PER_THREAD: usize = 1;

/// Runs a stream to its end on the threads of the current pool.
///
/// `next` gives the pieces in order, `work` may be called for several at a time, `take` is called in the order of the
/// pieces, never for two at a time; the tasks that it gives are all done before this returns.
///
/// # Errors
/// The first in the order of the stream, else the first of a task.
pub fn run<P: Send, T: Send>(
    next: impl FnMut() -> Result<Option<P>, Error> + Send,
    work: impl Fn(P) -> Result<T, Error> + Sync,
    take: impl FnMut(T) -> Result<Vec<Task>, Error> + Send,
) -> Result<(), Error> {
    let conveyor = Conveyor {
        source: Mutex::new(Source {
            next,
            number: 0,
            is_dry: false,
        }),
        work,
        ready: Mutex::new(Ready {
            results: BTreeMap::new(),
            head: 0,
        }),
        has_come: Condvar::new(),
        sink: Mutex::new(take),
        tasks: Mutex::new(VecDeque::new()),
        failure: Mutex::new(None),
        has_failed: AtomicBool::new(false),
    };
    rayon::broadcast(|_| conveyor.serve());
    // The last result may have come when its taker had just looked.
    conveyor.take_ready();
    conveyor.do_tasks();
    match lock(&conveyor.failure).take() {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

struct Source<F> {
    next: F,
    /// The number of the next piece.
    number: u64,
    is_dry: bool,
}

/// Results that wait to be taken in.
struct Ready<T> {
    results: BTreeMap<u64, Result<T, Error>>,
    /// The number of the one that comes next.
    head: u64,
}

struct Conveyor<N, W, K, T> {
    source: Mutex<Source<N>>,
    work: W,
    ready: Mutex<Ready<T>>,
    /// A result has become ready.
    has_come: Condvar,
    sink: Mutex<K>,
    tasks: Mutex<VecDeque<Task>>,
    failure: Mutex<Option<Error>>,
    has_failed: AtomicBool,
}

impl<P, N, W, K, T> Conveyor<N, W, K, T>
where
    P: Send,
    T: Send,
    N: FnMut() -> Result<Option<P>, Error> + Send,
    W: Fn(P) -> Result<T, Error> + Sync,
    K: FnMut(T) -> Result<Vec<Task>, Error> + Send,
{
    /// What one thread does until the stream is dry.
    fn serve(&self) {
        let _alarm = Alarm(|| self.stop());
        let most_ready = READY_PER_THREAD * rayon::current_num_threads();
        while !self.has_failed.load(Ordering::Relaxed) {
            self.do_tasks();
            let Some((number, piece)) = self.next() else {
                return;
            };
            let result = piece.and_then(&self.work);
            lock(&self.ready).results.insert(number, result);
            self.has_come.notify_all();
            self.try_take_ready();
            while let Some(ready) = self.full(most_ready) {
                if ready.results.contains_key(&ready.head) {
                    drop(ready);
                    self.take_ready();
                } else {
                    // The thread that works on the head has no result in here, so it is not waiting.
                    drop(self.has_come.wait(ready));
                }
            }
        }
    }

    /// The next piece and its number; a source that fails gives its error as the last piece.
    fn next(&self) -> Option<(u64, Result<P, Error>)> {
        let mut source = lock(&self.source);
        if source.is_dry {
            return None;
        }
        let piece = (source.next)().transpose();
        if !matches!(piece, Some(Ok(_))) {
            source.is_dry = true;
        }
        let number = source.number;
        source.number += 1;
        piece.map(|piece| (number, piece))
    }

    /// The results, where more wait than may.
    fn full(&self, most_ready: usize) -> Option<MutexGuard<'_, Ready<T>>> {
        let ready = lock(&self.ready);
        let is_full = ready.results.len() > most_ready && !self.has_failed.load(Ordering::Relaxed);
        is_full.then_some(ready)
    }

    /// Takes in what is ready, unless another thread does.
    fn try_take_ready(&self) {
        if let Ok(mut sink) = self.sink.try_lock() {
            self.drain(&mut sink);
        }
    }

    /// Takes in what is ready, after another thread that does.
    fn take_ready(&self) {
        self.drain(&mut lock(&self.sink));
    }

    fn drain(&self, take: &mut K) {
        while let Some(result) = self.pop() {
            if self.has_failed.load(Ordering::Relaxed) {
                continue;
            }
            match result.and_then(&mut *take) {
                Ok(tasks) => lock(&self.tasks).extend(tasks),
                Err(error) => self.fail(error),
            }
        }
    }

    /// The next result, where it is there.
    fn pop(&self) -> Option<Result<T, Error>> {
        let mut ready = lock(&self.ready);
        let head = ready.head;
        let result = ready.results.remove(&head)?;
        ready.head += 1;
        drop(ready);
        self.has_come.notify_all();
        Some(result)
    }

    fn do_tasks(&self) {
        loop {
            let Some(task) = lock(&self.tasks).pop_front() else {
                return;
            };
            if let Err(error) = task() {
                self.fail(error);
            }
        }
    }

    fn fail(&self, error: Error) {
        lock(&self.failure).get_or_insert(error);
        self.stop();
    }

    fn stop(&self) {
        self.has_failed.store(true, Ordering::Relaxed);
        // A thread that looked at the flag just before holds this lock until it waits.
        drop(lock(&self.ready));
        self.has_come.notify_all();
    }
}

/// Wakes the other threads when one panics, so that the panic is seen.
struct Alarm<F: Fn()>(F);

impl<F: Fn()> Drop for Alarm<F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            (self.0)();
        }
    }
}

/// A lock whose holder panicked ends the program with that panic anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use std::sync::atomic::AtomicU64;

    fn on_threads<R: Send>(n: usize, run: impl FnOnce() -> R + Send) -> R {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build();
        pool.expect("threads").install(run)
    }

    #[test]
    fn results_come_in_order_and_every_task_is_done() {
        for threads in [1, 2, 7] {
            let (mut given, mut taken) = (0_u64, Vec::new());
            let done = std::sync::Arc::new(AtomicU64::new(0));
            let result = on_threads(threads, || {
                run(
                    || {
                        given += 1;
                        Ok((given <= 500).then_some(given))
                    },
                    |piece| {
                        // Some pieces take longer than others.
                        let turns = piece * 7919 % 1000;
                        Ok((0..turns).fold(piece, |kept, turn| kept ^ turn ^ turn))
                    },
                    |piece| {
                        taken.push(piece);
                        let done = std::sync::Arc::clone(&done);
                        let task: Task = Box::new(move || {
                            done.fetch_add(piece, Ordering::Relaxed);
                            Ok(())
                        });
                        Ok(vec![task])
                    },
                )
            });
            result.expect("no failure");
            assert!(taken.iter().copied().eq(1..=500), "{threads} threads");
            assert_eq!(done.load(Ordering::Relaxed), 500 * 501 / 2);
        }
    }

    #[test]
    fn the_first_failure_in_the_order_of_the_stream_is_told() {
        for threads in [1, 4] {
            let mut given = 0;
            let mut taken = 0;
            let failed = on_threads(threads, || {
                run(
                    || {
                        given += 1;
                        Ok(Some(given))
                    },
                    |piece: u64| match piece {
                        40.. => Err(Error::new(ErrorKind::Input, format!("piece {piece}"))),
                        _ => Ok(piece),
                    },
                    |_| {
                        taken += 1;
                        Ok(Vec::new())
                    },
                )
            });
            let failed = failed.expect_err("a failure").to_string();
            assert_eq!((failed.as_str(), taken), ("piece 40", 39));
        }
    }
}
