//! `dassie standby`: follows a server's backups on a second machine. `dassie promote`: that machine takes over.

use super::{Place, arenas, log, out::say};
use crate::{
    clock::Clock,
    config::Config,
    error::{Error, Result},
    random::Random,
    reach::Reach,
    running::{self, Parts},
    standby::{self, Promotion},
};
use clap::Args;
use std::{sync::mpsc, time::Duration};
use storage::{Lsn, Options, backup::Progress};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Args)]
pub(super) struct Standby {
    /// The place of the server's backups: a directory or s3://BUCKET/PREFIX?endpoint=URL&region=NAME.
    from: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub(super) struct Promote {
    /// The server that is taken over from is off for good, although it never saw that a standby exists.
    #[arg(long)]
    old_server_is_gone: bool,
    /// The place of its backups is gone with it: take over with what this standby has.
    #[arg(long, requires = "old_server_is_gone")]
    backups_are_gone: bool,
    #[command(flatten)]
    place: Place,
}

fn options(config: &Config) -> Result<Options> {
    // There is no index of these rows yet, whatever lies beside them.
    Ok(Options { consumed: Lsn(0), ..running::store_options(config, &Parts::of_system(Reach::Public))? })
}

/// Follows until told to stop.
pub(super) fn run(standby: Standby) -> Result<()> {
    let config = Config::load(&standby.place.flags())?;
    arenas::bound();
    log::start(&config.log)?;
    running::make_data_dir(&config.data_dir)?;
    let stopped = signals()?;
    let (clock, random) = (Clock::System, Random::System.number());
    let stop = |pause: Duration| !matches!(stopped.recv_timeout(pause), Err(mpsc::RecvTimeoutError::Timeout));
    say(format_args!("following {}; `{}` says how far", standby.from, config.command("state")));
    let place = standby.from.as_str();
    standby::follow((&config, options(&config)?), place, (&clock, random), &told, &stop)
}

/// Hears of SIGINT and SIGTERM.
fn signals() -> Result<mpsc::Receiver<()>> {
    let refuse = |error: std::io::Error| Error::invalid("signals", error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(refuse)?;
    let (send, receive) = mpsc::channel();
    let (ready, is_ready) = mpsc::channel();
    let wait = move || {
        runtime.block_on(async {
            let both = signal(SignalKind::interrupt()).and_then(|first| Ok((first, signal(SignalKind::terminate())?)));
            let (why, both) = match both {
                Ok(both) => (None, Some(both)),
                Err(error) => (Some(error.to_string()), None),
            };
            // Whoever started this waits for the word.
            drop(ready.send(why));
            let Some((mut interrupt, mut terminate)) = both else { return };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        });
        // Nobody listens any more when the command has ended by itself.
        let _ = send.send(());
    };
    std::thread::Builder::new().name("signals".into()).spawn(wait).map_err(refuse)?;
    match is_ready.recv() {
        Ok(None) => Ok(receive),
        Ok(Some(why)) => Err(Error::invalid("signals", why)),
        Err(_) => Err(Error::Bug("the thread that hears signals ended".to_owned())),
    }
}

/// Takes over and says what to do next.
pub(super) fn promote(promote: Promote) -> Result<()> {
    let config = Config::load(&promote.place.flags())?;
    log::start(&config.log)?;
    let promotion = match promote.old_server_is_gone {
        true => Promotion::OldServerIsGone,
        false => Promotion::LeaseRunsOut,
    };
    let words = |text: &str| say(text);
    let (random, now) = (Random::System.number(), Clock::System.now());
    let lsn = match promote.backups_are_gone {
        true => standby::promote_without_backups((&config, options(&config)?), now, &words)?,
        false => standby::promote((&config, options(&config)?), promotion, (random, now), &told, &words)?,
    };
    say(format_args!("this machine has taken over, with everything up to transaction {lsn}"));
    say(format_args!("now start it: {}", config.command("serve")));
    Ok(())
}

fn told(progress: Progress) -> bool {
    tracing::debug!(done = progress.done, total = progress.total, "{}", progress.what);
    true
}
