//! How the C library's allocator behaves while serving.
//!
//! glibc gives busy threads arenas of their own, up to eight a processor, and each keeps what it once needed: after a
//! load that writes the search index, 320 MiB were held where 130 do, at the same speed *(measured on 2 cores)*. The
//! bound is read once, from the environment of a process that begins, so the program begins anew with it.

use std::{env, os::unix::process::CommandExt, process::Command, thread};

/// What glibc reads the bound from.
const VARIABLE: &str = "MALLOC_ARENA_MAX";
/// Arenas a processor: with fewer, threads wait for each other (half the speed with one *(measured)*).
const PER_PROCESSOR: usize = 2;

/// Begins this program anew with the bound, in the same process with the same arguments, unless somebody has chosen
/// how the allocator behaves. Where that is not possible it goes on as it is: only memory is at stake.
pub(super) fn bound() {
    let chosen = env::var_os(VARIABLE).is_some() || env::var_os("GLIBC_TUNABLES").is_some();
    if chosen || !cfg!(target_env = "gnu") {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let arenas = PER_PROCESSOR * thread::available_parallelism().map_or(1, usize::from);
    let mut arguments = env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    let error = again.args(arguments).env(VARIABLE, arenas.to_string()).exec();
    // The log does not run yet, and this is no reason not to serve.
    eprintln!("the allocator keeps its defaults, which take more memory: {error}");
}
