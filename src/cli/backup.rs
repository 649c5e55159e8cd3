//! `dassie backup`: makes a backup, lists them, sees one restored; through the running server, or alone.

use super::{
    Place,
    control::{self, Answer, Request},
    out::say,
};
use crate::{
    backup::{
        Bench, By, Done, Ended, Job, Taken, Wanted, Work, absolute_place, carry_out, open_target, secret, see_restored,
        taken,
    },
    clock,
    config::Config,
    error::{Error, Result},
    limits,
    reach::Reach,
    running::{self, Parts},
    standby::refuse_beaten,
};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::{cell::Cell, time::Duration};
use storage::backup::{Progress, Repository};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a backup now.
    Now {
        /// Where to: a directory, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME [default: backup.to].
        #[arg(long, value_name = "PLACE")]
        to: Option<String>,
        /// Rely on nothing that is there already.
        #[arg(long)]
        anew: bool,
        #[command(flatten)]
        shape: Shape,
    },
    /// List the backups.
    List {
        /// Where they are: a directory, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME [default: backup.to].
        #[arg(long, value_name = "PLACE")]
        from: Option<String>,
        #[command(flatten)]
        shape: Shape,
    },
    /// Restore the newest backup into a scratch directory, check and compare it.
    Verify {
        /// Where it is: a directory, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME [default: backup.to].
        #[arg(long, value_name = "PLACE")]
        from: Option<String>,
        #[command(flatten)]
        shape: Shape,
    },
}

#[derive(Args)]
pub(super) struct Shape {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Carries the command out.
pub(super) fn run(command: Command) -> Result<()> {
    match command {
        Command::Now { to, anew, shape } => work(if anew { Job::BackupAnew } else { Job::Backup }, to, shape),
        Command::Verify { from, shape } => work(Job::Verify, from, shape),
        Command::List { from, shape } => list(from, shape),
    }
}

/// The place named, or the one configured, in words that the server understands as this command does.
fn place(named: Option<String>, config: &Config) -> Result<String> {
    let none = || Error::invalid("backup.to", "no place for backups is configured; name one: --to or --from PLACE");
    let text = named.or_else(|| config.backups.to.clone()).ok_or_else(none)?;
    absolute_place(&text)
}

fn work(job: Job, named: Option<String>, shape: Shape) -> Result<()> {
    let config = Config::load(&shape.place.flags())?;
    let wanted = Wanted { job, place: place(named, &config)?, by: By::Person };
    let done = match control::ask(&config.data_dir, &Request::BeginBackup(wanted.clone()))? {
        Some(answer) => wait(&config, answer)?,
        None => alone(&config, &wanted)?,
    };
    if shape.json {
        return say_json(&done);
    }
    say(done);
    Ok(())
}

fn say_json(what: &impl Serialize) -> Result<()> {
    say(serde_json::to_string_pretty(what).map_err(|error| Error::Bug(error.to_string()))?);
    Ok(())
}

/// Asks the server until the work has ended; what it does meanwhile goes to standard error.
fn wait(config: &Config, mut answer: Answer) -> Result<Done> {
    let said = Said::default();
    let mut number = None;
    loop {
        let work = match answer {
            Answer::BackupWork(Some(work)) => work,
            Answer::Refused(why) => return Err(Error::invalid("backup", why)),
            _ => return Err(Error::Bug("the server answered something else".to_owned())),
        };
        if *number.get_or_insert(work.number) != work.number {
            let why = "the server has begun other work since; `dassie state` tells how this ended";
            return Err(Error::invalid("backup", why));
        }
        match work.ended {
            Some(Ended::Done(done)) => return Ok(done),
            Some(Ended::Failed(why)) => return Err(Error::invalid("backup", why)),
            None => said.progress(&work),
        }
        std::thread::sleep(Duration::from_millis(limits::BACKUP_ASK_MS));
        let stopped = || Error::invalid("backup", "the server stopped before it was done; run the command again");
        answer = control::ask(&config.data_dir, &Request::BackupWork)?.ok_or_else(stopped)?;
    }
}

/// What was said last, so that it is said once.
#[derive(Default)]
struct Said(Cell<Option<String>>);

impl Said {
    fn progress(&self, work: &Work) {
        let before = self.0.replace(Some(work.doing.clone()));
        if before.as_ref() != Some(&work.doing) {
            eprintln!("{} …", work.doing);
        }
    }
}

/// Says what is being done on standard error; for work that a command does alone.
pub(super) fn teller() -> impl Fn(Progress) -> bool {
    let last = Cell::new("");
    move |progress: Progress| {
        if last.replace(progress.what) != progress.what {
            eprintln!("{} …", progress.what);
        }
        true
    }
}

fn alone(config: &Config, wanted: &Wanted) -> Result<Done> {
    let parts = Parts::of_system(Reach::Public);
    let bench = Bench::new(config, &running::store_options(config, &parts)?);
    let (tell, bytes) = (teller(), || taken(&bench));
    if !config.data_dir.join("store").is_dir() {
        // A backup can be seen restored where its store never was.
        if wanted.job == Job::Verify {
            running::make_data_dir(&config.data_dir)?;
            let taken = Taken { bytes: &bytes, floor_bytes: bench.scratch.sizes.free_min };
            return see_restored(&bench, wanted, &taken, &tell);
        }
        return Err(Error::invalid("backup", format!("there is no store in {}", config.data_dir.display())));
    }
    let store = running::open_store_now(config, &parts)?;
    let may = match wanted.job {
        Job::Backup | Job::BackupAnew => refuse_beaten(config, &store, &wanted.place),
        Job::Verify => Ok(()),
    };
    let done = may.and_then(|()| carry_out(&bench, &store, wanted, &bytes, &tell));
    let closed = store.close();
    let done = done?;
    closed?;
    Ok(done)
}

/// A backup, as listed.
#[derive(Serialize)]
struct Listed {
    made: String,
    /// The last change in it.
    upto: String,
    lsn: u64,
    rows: u64,
    files: u64,
    file_bytes: u64,
    bytes_written: u64,
    /// The line of history; a restore begins another.
    line: String,
    /// From when on any moment up to this backup can be restored; absent: from the first change on.
    back_to: Option<String>,
    /// Why it cannot be read.
    damaged: Option<String>,
}

fn list(named: Option<String>, shape: Shape) -> Result<()> {
    let config = Config::load(&shape.place.flags())?;
    let place = place(named, &config)?;
    let none = || Error::invalid("backup.to", format!("there is no backup in {place}"));
    let repository = Repository::open(open_target(&place)?, secret(&config.backups)?.as_ref())?.ok_or_else(none)?;
    let mut listed = Vec::new();
    for name in repository.points()? {
        let line = format!("{:016x}", name.line);
        let (made, lsn) = (clock::iso(name.made), name.lsn.0);
        listed.push(match repository.point(&name) {
            Ok(point) => Listed {
                made,
                upto: clock::iso(point.time),
                lsn,
                rows: point.holds.rows,
                files: point.files,
                file_bytes: point.file_bytes,
                bytes_written: point.written,
                line,
                back_to: point.base.map(|base| clock::iso(base.time)),
                damaged: None,
            },
            Err(error @ storage::Error::Corrupt { .. }) => {
                let damaged = Some(error.to_string());
                let (rows, files, file_bytes, bytes_written) = (0, 0, 0, 0);
                let upto = String::new();
                Listed { made, upto, lsn, rows, files, file_bytes, bytes_written, line, back_to: None, damaged }
            }
            Err(error) => return Err(error.into()),
        });
    }
    if shape.json {
        return say_json(&listed);
    }
    for point in &listed {
        let Listed { made, rows, files, bytes_written, .. } = point;
        match &point.damaged {
            Some(why) => say(format_args!("{made}: damaged: {why}")),
            None => say(format_args!("{made}: {rows} rows, {files} files; {bytes_written} bytes written")),
        }
    }
    match listed.iter().find(|point| point.damaged.is_none()) {
        Some(Listed { back_to: Some(from), .. }) => say(format_args!("any moment since {from} can be restored")),
        Some(_) => say("any moment since the first change can be restored"),
        None => say(format_args!("there is no backup in {place}")),
    }
    Ok(())
}
