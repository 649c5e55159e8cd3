//! How the C library's allocator behaves while serving.
//!
//! glibc gives busy threads arenas of their own, up to eight a processor, and each keeps what it once needed: after a
//! load that writes the search index, 320 MiB were held where 130 do, at the same speed. And the first large piece that is
//! given back makes it take all larger ones from its arenas from then on, up to 32 MiB, which then stay: after pages of a
//! thread of a thousand replies 175 to 245 MiB were held where 43 do, after posts, notes and profiles 139 where 66 do, at
//! the same speed *(all measured on 2 cores)*. The bounds are read once, from the environment of a process that begins, so
//! the program begins anew with them.

use std::{env, os::unix::process::CommandExt, process::Command, thread};

/// What glibc reads the number of arenas from.
const ARENAS: &str = "MALLOC_ARENA_MAX";
/// Arenas a processor: with fewer, threads wait for each other (half the speed with one *(measured)*).
const PER_PROCESSOR: usize = 2;
/// What glibc reads from which size on it asks the system itself for each piece; a size that is set stays.
const LARGE: &str = "MALLOC_MMAP_THRESHOLD_";
/// Bytes from which on that is so.
const LARGE_BYTES: usize = 1024 * 1024;

/// Begins this program anew with the bounds, in the same process with the same arguments, unless somebody has chosen
/// how the allocator behaves. Where that is not possible it goes on as it is: only memory is at stake.
pub fn bound() {
    let chosen = [ARENAS, LARGE, "GLIBC_TUNABLES"].into_iter().any(|name| env::var_os(name).is_some());
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
    again.args(arguments).env(ARENAS, arenas.to_string()).env(LARGE, LARGE_BYTES.to_string());
    let error = again.exec();
    // The log does not run yet, and this is no reason not to serve.
    eprintln!("the allocator keeps its defaults, which take more memory: {error}");
}
