//! The program: parses arguments, runs the command, exits with its code.

use std::process::ExitCode;

/// Threads hand batches to each other all the time; this allocator gives their memory back, and is faster at it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    ch24::cli::main()
}
