//! `dassie check`: reads the whole store, the files that its rows refer to and the search index, and says what is wrong with
//! them, through the running server or by itself; with `--repair` it makes right what follows from other rows, puts files
//! back that the backups have, and lets the index be made anew.

use super::{
    control::{self, Answer, Request, Teller},
    out::say,
    store::open_closed,
};
use crate::{
    backup::spare,
    config::{Config, Flags},
    error::{Error, Result},
    running,
    server::Server,
    standby,
};
use serde::{Deserialize, Serialize};
use std::{io::IsTerminal, ops::ControlFlow};
use storage::{
    Finding, Store,
    check::{Repair, Summary, Told},
    search,
};

/// What a check came to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Outcome {
    rows: u64,
    files: u64,
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
        Some(answer) => control::picked(answer, "check", |answer| match answer {
            Answer::Checked(outcome) => Some(outcome),
            _ => None,
        })?,
        None => offline(&config, repair)?,
    };
    let Outcome { rows, files, found, mended, cut_short } = outcome;
    if mended > 0 {
        say(format_args!("{mended} things were made right"));
    }
    if found == 0 && !cut_short {
        say(format_args!("nothing is wrong; {rows} rows were read, and {files} files that they refer to"));
        return Ok(());
    }
    let more = if cut_short { "; the check ended there, there may be more" } else { "" };
    Err(Error::invalid("check", format!("{found} things are wrong{more}. {}", advice(repair))))
}

/// What to do about what is left.
fn advice(repair: Repair) -> &'static str {
    match repair {
        Repair::Nothing => {
            "`dassie check --repair` makes right what follows from other rows, writes anew what follows from the engine, puts \
             files back that the backups have, and names the rest"
        }
        Repair::Derived => {
            "What is named above says what to do about it; where it does not, it follows from no other row and is in no \
             backup that was asked: restore the data directory from a backup, or live without it"
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
    let store = open_closed(config)?;
    // Nobody has the index open.
    let forget_index = || -> Result<()> { Ok(search::remove(&running::search_dir(config))?) };
    let checked = check(config, &store, repair, &forget_index, &mut |told| {
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
    let of_work = server.clone();
    let checked = server
        .maintain(move || {
            let make_anew = || -> Result<()> {
                of_work.search().make_anew();
                Ok(())
            };
            check(of_work.config(), of_work.store(), repair, &make_anew, &mut |told| match told {
                control::Told::Line(line) => teller.line(line),
                control::Told::Progress(text) => teller.progress(text),
            })
        })
        .await;
    // What was made right is no problem any more.
    server.rot().look_soon();
    checked
}

/// `make_anew` lets the search index be made anew.
fn check(
    config: &Config,
    store: &Store,
    repair: Repair,
    make_anew: &dyn Fn() -> Result<()>,
    hear: &mut dyn FnMut(control::Told) -> ControlFlow<()>,
) -> Result<Outcome> {
    let Summary { rows, mut found, mut mended, cut_short } =
        store.check_telling(repair, &mut |told| hear(said(&told)))?;
    if cut_short {
        return Ok(Outcome { rows, files: 0, found, mended, cut_short });
    }
    let of_files = store.check_files(&config.data_dir, &|| spare(config), repair, &mut |told| hear(said(&told)))?;
    (found, mended) = (found + of_files.found, mended + of_files.mended);
    let mut outcome = Outcome { rows, files: of_files.rows, found, mended, cut_short: of_files.cut_short };
    if !outcome.cut_short {
        check_index(config, repair, make_anew, hear, &mut outcome)?;
    }
    if !outcome.cut_short {
        for (file, why) in standby::damaged(&config.data_dir) {
            outcome.found += 1;
            if hear(said(&Told::Found(&Finding::new(file, why)))).is_break() {
                outcome.cut_short = true;
                break;
            }
        }
    }
    Ok(outcome)
}

fn said(told: &Told<'_>) -> control::Told {
    match told {
        Told::Reading { what, rows } => control::Told::Progress(format!("reading {what}, {rows}")),
        Told::Found(finding) => control::Told::Line(finding.to_string()),
        Told::Mended(finding) => control::Told::Line(format!("made right: {finding}")),
    }
}

/// The index is made of the rows: damage to it is made right by making it anew.
fn check_index(
    config: &Config,
    repair: Repair,
    make_anew: &dyn Fn() -> Result<()>,
    hear: &mut dyn FnMut(control::Told) -> ControlFlow<()>,
    outcome: &mut Outcome,
) -> Result<()> {
    if hear(said(&Told::Reading { what: "search", rows: 0 })).is_break() {
        outcome.cut_short = true;
        return Ok(());
    }
    let damaged = search::damaged(&running::search_dir(config));
    if damaged.is_empty() {
        return Ok(());
    }
    if repair == Repair::Derived {
        make_anew()?;
    }
    for (file, why) in damaged {
        let place = format!("search/{file}");
        let flow = match repair {
            Repair::Nothing => {
                outcome.found += 1;
                let what = format!("{why}; `dassie check --repair` lets the search index be made anew from the posts");
                hear(said(&Told::Found(&Finding::new(place, what))))
            }
            Repair::Derived => {
                outcome.mended += 1;
                let what = format!("{why}; the search index is made anew from the posts while the server runs");
                hear(said(&Told::Mended(&Finding::new(place, what))))
            }
        };
        if flow.is_break() {
            outcome.cut_short = true;
            break;
        }
    }
    Ok(())
}
