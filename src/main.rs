//! The program: `dassie`, `dassie serve`, and the commands around it.

use std::process::ExitCode;

fn main() -> ExitCode {
    dassie::cli::run()
}
