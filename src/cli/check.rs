//! `dassie check`: reads the whole store and says what is wrong with it, through the running server or by itself; with
//! `--repair` it makes right what follows from other rows.

use super::{
    control::{self, Answer, Request, Teller},
    out::say,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    reach::Reach,
    running::{self, Parts},
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{io::IsTerminal, ops::ControlFlow};
use storage::{
    Store,
    check::{Repair, Summary, Told},
};

/// What a check came to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Outcome {
    rows: u64,
    found: u64,
    mended: u64,
    cut_short: bool,
}

/// Prints every finding and everything mended; fails if something is wrong still.
pub(super) fn run(repair: Repair, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let request = match repair {
        Repair::Nothing => Request::Check,
        Repair::Derived => Request::Repair,
    };
    let outcome = match control::ask_hearing(&config.data_dir, &request, &mut print)? {
        Some(Answer::Checked(outcome)) => outcome,
        Some(Answer::Refused(why)) => return Err(Error::invalid("check", why)),
        Some(_) => return Err(Error::Bug("the server answered something else".to_owned())),
        None => offline(&config, repair)?,
    };
    let Outcome { rows, found, mended, cut_short } = outcome;
    if mended > 0 {
        say(format_args!("{mended} things were made right"));
    }
    if found == 0 && !cut_short {
        say(format_args!("nothing is wrong; {rows} rows were read"));
        return Ok(());
    }
    let more = if cut_short { "; the check ended there, there may be more" } else { "" };
    Err(Error::invalid("check", format!("{found} things are wrong{more}. {}", advice(repair))))
}

/// What to do about what is left.
fn advice(repair: Repair) -> &'static str {
    match repair {
        Repair::Nothing => "`dassie check --repair` makes right what follows from other rows and names the rest",
        Repair::Derived => {
            "What is named above follows from no other row: restore the data directory from a backup, or live without it"
        }
    }
}

/// Findings to standard output; where it is to the terminal, if somebody sits there.
fn print(told: control::Told) {
    match told {
        control::Told::Line(line) => say(line),
        control::Told::Progress(text) => {
            if std::io::stderr().is_terminal() {
                eprint!("\r\u{1b}[K{text}\r");
            }
        }
    }
}

fn offline(config: &Config, repair: Repair) -> Result<Outcome> {
    if !config.data_dir.join("store").is_dir() {
        return Err(Error::invalid("check", format!("there is no store in {}", config.data_dir.display())));
    }
    let store = running::open_store_now(config, &Parts::of_system(Reach::Public))?;
    let checked = check(&store, repair, &mut |told| {
        print(told);
        ControlFlow::Continue(())
    });
    let closed = store.close();
    let outcome = checked?;
    closed?;
    Ok(outcome)
}

/// In the running server.
pub(super) async fn in_server(server: &Server, repair: Repair, teller: Teller) -> Result<Outcome> {
    let store = server.store().clone();
    server
        .maintain(move || {
            check(&store, repair, &mut |told| match told {
                control::Told::Line(line) => teller.line(line),
                control::Told::Progress(text) => teller.progress(text),
            })
        })
        .await
}

fn check(store: &Store, repair: Repair, hear: &mut dyn FnMut(control::Told) -> ControlFlow<()>) -> Result<Outcome> {
    let Summary { rows, found, mended, cut_short } = store.check_telling(repair, &mut |told| {
        hear(match told {
            Told::Reading { what, rows } => control::Told::Progress(format!("reading {what}, {rows}")),
            Told::Found(finding) => control::Told::Line(finding.to_string()),
            Told::Mended(finding) => control::Told::Line(format!("made right: {finding}")),
        })
    })?;
    Ok(Outcome { rows, found, mended, cut_short })
}
