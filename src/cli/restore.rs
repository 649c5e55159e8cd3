//! `dassie restore`: a data directory from a backup, at its end or at any moment.

use super::{Place, backup::teller, control, log, out::say};
use crate::{
    backup::{open_target, secret},
    clock,
    config::Config,
    error::{Error, Result},
    reach::Reach,
    running::{self, Parts},
    standby,
};
use clap::Args;
use storage::{
    Options, Timestamp,
    backup::{self, Moment, Repository, Restored},
};

#[derive(Args)]
pub(super) struct Restore {
    /// Where the backup is: a directory, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME.
    #[arg(value_name = "FROM")]
    from: String,
    /// The moment, as 2026-11-25T14:03:00+01:00, or "2026-11-25 14:03" in UTC [default: the newest].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Restores and says what to do next.
pub(super) fn run(restore: Restore) -> Result<()> {
    let flags = restore.place.flags();
    let config = Config::load(&flags)?;
    log::start_beside(&config.log)?;
    let moment = match &restore.at {
        None => Moment::Newest,
        Some(text) => {
            let why = || format!("{text:?} is no time; as 2026-11-25T14:03:00+01:00, or \"2026-11-25 14:03\" in UTC");
            Moment::At(clock::parse_moment(text).ok_or_else(|| Error::invalid("at", why()))?)
        }
    };
    let target = open_target(&restore.from)?;
    let place = target.describe();
    let none = || Error::invalid("from", format!("there is no backup in {place}"));
    let repository = Repository::open(target, secret(&config.backups)?.as_ref())?.ok_or_else(none)?;
    running::make_data_dir(&config.data_dir)?;
    let options = running::store_options(&config, &Parts::of_system(Reach::Public))?;
    refuse_in_use(&config, &options)?;
    let options = Options { consumed: storage::Lsn(0), ..options };
    let (data_dir, tell, now) = (Some(config.data_dir.as_path()), teller(), (options.environment.now)());
    let restored = backup::Restore { repository: &repository, moment, options, data_dir, tell: &tell }.run();
    let restored = restored.map_err(|error| with_way_out(error, &repository, now))?;
    tell_of(&restored, moment, &place, &config);
    // What was restored has a configuration, by which it is served.
    tell_next(&Config::load(&flags)?);
    Ok(())
}

/// Damage, or log that is missing, and the moments that can be restored in spite of it.
fn with_way_out(error: storage::Error, repository: &Repository, now: Timestamp) -> Error {
    let way = match &error {
        storage::Error::Hole { before, after, .. } => way_around(*before, *after),
        storage::Error::Corrupt { .. } => match backup::newest_restorable(repository, now, &teller()) {
            Ok(Some(time)) => {
                let time = clock::iso(time);
                format!("the newest moment that can be restored is {time}: run it again with --at {time}")
            }
            Ok(None) => "no moment can be restored from there".to_owned(),
            Err(error) => format!("how far it can be restored could not be found out: {error}"),
        },
        _ => return error.into(),
    };
    Error::invalid("from", format!("{error}; {way}"))
}

/// The moments on the two sides of a hole of the log, as they are asked for.
fn way_around(before: Option<Timestamp>, after: Option<Timestamp>) -> String {
    let before = before.map(|time| format!("run it again with --at {} for the state before them", clock::iso(time)));
    let after = after.map(|time| format!("run it again with --at {} for the first one behind them", clock::iso(time)));
    match (before, after) {
        (Some(before), Some(after)) => format!("{before}, or {after}"),
        (Some(before), None) => format!("{before}; no base snapshot behind them leads further"),
        (None, Some(after)) => after,
        (None, None) => "no moment beside them can be restored".to_owned(),
    }
}

/// Before anything is touched: no server runs here and no store is there, unless a restore of it was broken off.
fn refuse_in_use(config: &Config, options: &Options) -> Result<()> {
    let data = config.data_dir.display();
    if control::is_answered(&config.data_dir) {
        return Err(Error::invalid(
            "data_dir",
            format!("a server runs on {data}; stop it and move that directory away"),
        ));
    }
    let broken_off = backup::is_unfinished(options.vfs.as_ref(), &options.dir)?;
    if backup::is_taken(options.vfs.as_ref(), &options.dir)? && !broken_off {
        let why =
            format!("there is a store in {data} already, and a restore overwrites none; move it away, or use --data");
        return Err(Error::invalid("data_dir", why));
    }
    Ok(())
}

fn tell_of(restored: &Restored, moment: Moment, place: &str, config: &Config) {
    let Restored { rows, files, file_bytes, lsn, .. } = restored;
    let data = config.data_dir.display();
    say(format_args!("restored from {place} into {data}: {rows} rows, {files} files ({file_bytes} bytes)"));
    let time = clock::iso(restored.time);
    match moment {
        Moment::At(at) => {
            say(format_args!(
                "as of {} UTC; the last change before that is of {time} (transaction {lsn})",
                clock::iso(at)
            ));
        }
        _ => say(format_args!("as of the last change, {time} UTC (transaction {lsn})")),
    }
    if restored.compared {
        say("rows, sum and samples are those that were backed up");
    }
    if restored.gap {
        say("the backup has more, but not what comes next: what was between is missing from it");
    }
    if !restored.damaged.is_empty() {
        let Restored { damaged, .. } = restored;
        say(format_args!("damaged in the backup and passed over ({}): {damaged}", damaged.count));
    }
    if !restored.missing.is_empty() {
        let Restored { missing, .. } = restored;
        say(format_args!("files that rows refer to and that the backup has not ({}): {missing}", missing.count));
    }
}

/// The commands that come next, in their order.
fn tell_next(config: &Config) {
    say(
        "next: make sure that the old server is gone for good, because two with one name and one set of keys ruin both;",
    );
    let promote = config.command("promote --old-server-is-gone");
    match standby::must_be_promoted(config) {
        Ok(true) => say(format_args!("then let this machine take its place, which takes half a minute: {promote}")),
        Ok(false) => {}
        Err(error) => {
            say(format_args!("then make sure that backup.to can be reached, which it cannot be now ({error});"));
            say(format_args!("if the old server made its backups there, let this machine take its place: {promote}"));
        }
    }
    say(format_args!("then start it: {}; and look at it: {}", config.command("serve"), config.command("state")));
    say("search is made anew while it runs; what peers sent since then does not come again by itself");
}
