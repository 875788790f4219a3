//! Work on a stream by all threads at once, with results taken in one after the other, in the order of the stream.
//!
//! Every thread does whatever is at hand: a task that taking in a result asked for, else the next piece of the stream, which
//! gives one result or several. So reading, working, taking in and tasks overlap, no thread waits for a window to fill, and a
//! single thread does the same things in turn. Memory is bounded: a thread whose results are far ahead takes results in
//! before it goes on.

use crate::error::Error;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

/// Something to do that no later result waits for.
pub type Task = Box<dyn FnOnce() -> Result<(), Error> + Send>;

/// Results that may lie ready, per thread, before they are taken in first: as many as a piece gives, so that a thread which
/// is one piece ahead need not wait.
const READY_PER_THREAD: usize = RESULTS_OF_PIECE;

/// Results that a piece should give, at most.
pub const RESULTS_OF_PIECE: usize = 4;

/// Runs a stream to its end on the threads of the current pool.
///
/// `next` gives the pieces in order, `work` may be called for several at a time and gives the results of a piece one after
/// the other, `take` is called in the order of pieces and results, never for two at a time; the tasks that it gives are all
/// done before this returns.
///
/// # Errors
/// The first in the order of the stream, else the first of a task.
pub fn run<P: Send, T: Send, R: Iterator<Item = Result<T, Error>>>(
    next: impl FnMut() -> Result<Option<P>, Error> + Send,
    work: impl Fn(P) -> R + Sync,
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
            pieces: BTreeMap::new(),
            head: 0,
            n_results: 0,
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
    pieces: BTreeMap<u64, OfPiece<T>>,
    /// The number of the piece that comes next.
    head: u64,
    n_results: usize,
}

/// What a piece gave so far and nobody took.
struct OfPiece<T> {
    results: VecDeque<Result<T, Error>>,
    is_whole: bool,
}

impl<T> Ready<T> {
    fn of(&mut self, number: u64) -> &mut OfPiece<T> {
        self.pieces.entry(number).or_insert_with(|| OfPiece {
            results: VecDeque::new(),
            is_whole: false,
        })
    }

    fn push(&mut self, number: u64, result: Result<T, Error>) {
        self.of(number).results.push_back(result);
        self.n_results += 1;
    }

    /// The next result in the order of the stream, where it is there.
    fn pop(&mut self) -> Option<Result<T, Error>> {
        loop {
            let piece = self.pieces.get_mut(&self.head)?;
            if let Some(result) = piece.results.pop_front() {
                self.n_results -= 1;
                return Some(result);
            }
            if !piece.is_whole {
                return None;
            }
            self.pieces.remove(&self.head);
            self.head += 1;
        }
    }

    fn has_next(&self) -> bool {
        let piece = self.pieces.get(&self.head);
        piece.is_some_and(|piece| piece.is_whole || !piece.results.is_empty())
    }
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

impl<P, N, W, R, K, T> Conveyor<N, W, K, T>
where
    P: Send,
    T: Send,
    N: FnMut() -> Result<Option<P>, Error> + Send,
    W: Fn(P) -> R + Sync,
    R: Iterator<Item = Result<T, Error>>,
    K: FnMut(T) -> Result<Vec<Task>, Error> + Send,
{
    /// What one thread does until the stream is dry.
    fn serve(&self) {
        let _alarm = Alarm(|| self.stop());
        while !self.has_failed.load(Ordering::Relaxed) {
            self.do_tasks();
            let Some((number, piece)) = self.next() else {
                return;
            };
            match piece {
                Ok(piece) => (self.work)(piece).for_each(|result| self.put(number, result)),
                Err(error) => self.put(number, Err(error)),
            }
            lock(&self.ready).of(number).is_whole = true;
            self.has_come.notify_all();
            self.try_take_ready();
        }
    }

    /// Lays a result ready, and takes results in while too many are.
    fn put(&self, number: u64, result: Result<T, Error>) {
        lock(&self.ready).push(number, result);
        self.has_come.notify_all();
        self.try_take_ready();
        while let Some(ready) = self.full() {
            if ready.has_next() {
                drop(ready);
                self.take_ready();
            } else if ready.head == number {
                // All wait for this piece.
                return;
            } else {
                drop(self.has_come.wait(ready));
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
    fn full(&self) -> Option<MutexGuard<'_, Ready<T>>> {
        let most = READY_PER_THREAD * rayon::current_num_threads();
        let ready = lock(&self.ready);
        let is_full = ready.n_results > most && !self.has_failed.load(Ordering::Relaxed);
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

    fn pop(&self) -> Option<Result<T, Error>> {
        let result = lock(&self.ready).pop();
        // Even without a result the head may be another piece now.
        self.has_come.notify_all();
        result
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
                        // Some pieces give more than others, and some results take longer.
                        let numbers = (0..piece % 4).map(move |result| piece * 10 + result);
                        numbers.map(|number| {
                            let turns = number * 7919 % 1000;
                            Ok((0..turns).fold(number, |kept, turn| kept ^ turn ^ turn))
                        })
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
            let all = (1..=500).flat_map(|piece| (0..piece % 4).map(move |nth| piece * 10 + nth));
            assert!(taken.iter().copied().eq(all.clone()), "{threads} threads");
            assert_eq!(done.load(Ordering::Relaxed), all.sum::<u64>());
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
                    |piece: u64| {
                        let failure = || Error::new(ErrorKind::Input, format!("piece {piece}"));
                        let last = match piece {
                            40.. => Err(failure()),
                            _ => Ok(piece),
                        };
                        [Ok(piece), last].into_iter()
                    },
                    |_| {
                        taken += 1;
                        Ok(Vec::new())
                    },
                )
            });
            let failed = failed.expect_err("a failure").to_string();
            assert_eq!((failed.as_str(), taken), ("piece 40", 2 * 39 + 1));
        }
    }
}
