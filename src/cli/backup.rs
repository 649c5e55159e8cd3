//! `dassie backup`: makes a backup, lists them, sees one restored; through the running server, or alone.

use super::{
    Place,
    control::{self, Answer, Request},
    log,
    out::{say, say_json},
    store::open_closed,
};
use crate::{
    backup::{
        Bench, By, Done, Ended, Job, ReadByHand, Taken, Wanted, Work, absolute_place, carry_out, open_target, secret,
        see_restored, taken,
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
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::{Duration, Instant},
};
use storage::{
    Store,
    backup::{Lost, Progress, ReadThrough, Repository, read_through},
};

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
        /// Instead read everything that lies there, also what only older moments need.
        #[arg(long)]
        all: bool,
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
        Command::Verify { all: true, from, shape } => read_all(from, shape),
        Command::Verify { all: false, from, shape } => work(Job::Verify, from, shape),
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

/// Asks the server until the work has ended; what it does meanwhile goes to standard error.
fn wait(config: &Config, mut answer: Answer) -> Result<Done> {
    let said = Said::default();
    let mut number = None;
    loop {
        let work = control::picked(answer, "backup", |answer| match answer {
            Answer::BackupWork(work) => work,
            _ => None,
        })?;
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

/// Asks again, whenever a backup begins with something else and now and then meanwhile, whether another machine serves:
/// what this one adds then would be taken for the newest.
struct Watch<'a> {
    config: &'a Config,
    store: &'a Store,
    wanted: &'a Wanted,
    /// What was being done when it was asked last, and when that was.
    asked: Cell<(&'static str, Instant)>,
    refused: RefCell<Option<Error>>,
}

impl<'a> Watch<'a> {
    fn new(config: &'a Config, store: &'a Store, wanted: &'a Wanted) -> Self {
        Watch { config, store, wanted, asked: Cell::new(("", Instant::now())), refused: RefCell::default() }
    }

    fn refuse(&self) -> Result<()> {
        match self.wanted.job {
            Job::Backup | Job::BackupAnew => refuse_beaten(self.config, self.store, &self.wanted.place),
            Job::Verify | Job::ReadAll => Ok(()),
        }
    }

    /// Whether the work goes on.
    fn goes_on(&self, progress: Progress) -> bool {
        let (what, at) = self.asked.get();
        if what == progress.what && at.elapsed() < Duration::from_millis(limits::LEASE_LOOK_MS.unsigned_abs()) {
            return true;
        }
        self.asked.set((progress.what, Instant::now()));
        let refused = self.refuse().err();
        let goes_on = refused.is_none();
        *self.refused.borrow_mut() = refused;
        goes_on
    }
}

fn alone(config: &Config, wanted: &Wanted) -> Result<Done> {
    log::start_beside(&config.log)?;
    let parts = Parts::of_system(Reach::Public);
    let bench = Bench::new(config, &running::store_options(config, &parts)?);
    let (say_what, bytes) = (teller(), || taken(&bench));
    if !config.data_dir.join("store").is_dir() {
        // A backup can be seen restored where its store never was.
        if wanted.job == Job::Verify {
            running::make_data_dir(&config.data_dir)?;
            let taken = Taken { bytes: &bytes, floor_bytes: bench.scratch.sizes.free_min };
            return see_restored(&bench, wanted, &taken, &say_what);
        }
        return Err(Error::invalid("backup", format!("there is no store in {}", config.data_dir.display())));
    }
    let store = open_closed(config)?;
    let watch = Watch::new(config, &store, wanted);
    let tell = |progress: Progress| say_what(progress) && watch.goes_on(progress);
    let done = watch.refuse().and_then(|()| carry_out(&bench, &store, wanted, &bytes, &tell));
    let done = done.map_err(|error| watch.refused.take().unwrap_or(error));
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

/// What reading everything in a place came to.
#[derive(Serialize)]
struct ReadAll {
    /// Objects that hold, and their bytes.
    objects: u64,
    bytes: u64,
    /// Objects that do not hold or are missing, and why.
    damaged: BTreeMap<String, String>,
    /// The moments that cannot be restored.
    lost: Vec<Stretch>,
    /// When those backups were made that lack files.
    incomplete: Vec<String>,
}

/// Moments after `from` and before `until`; absent: without an end on that side.
#[derive(Serialize)]
struct Stretch {
    line: String,
    from: Option<String>,
    until: Option<String>,
}

impl Stretch {
    fn of(lost: &Lost) -> Self {
        let time = |time: Option<storage::Timestamp>| time.map(clock::iso);
        Stretch { line: format!("{:016x}", lost.line), from: time(lost.from), until: time(lost.until) }
    }

    fn told(&self) -> String {
        let which = match (&self.from, &self.until) {
            (Some(from), Some(until)) => format!("between {from} and {until}"),
            (Some(from), None) => format!("after {from}"),
            (None, Some(until)) => format!("before {until}"),
            (None, None) => "at all".to_owned(),
        };
        format!("no moment {which} can be restored (line of history {})", self.line)
    }
}

/// Reads everything in a place; needs neither store nor server. A server that runs remembers what it comes to.
fn read_all(named: Option<String>, shape: Shape) -> Result<()> {
    let config = Config::load(&shape.place.flags())?;
    let place = place(named, &config)?;
    let none = || Error::invalid("backup.to", format!("there is no backup in {place}"));
    let repository = Repository::open(open_target(&place)?, secret(&config.backups)?.as_ref())?.ok_or_else(none)?;
    let begun = Instant::now();
    let seen = read_through(&repository, &teller())?;
    let remembered = repository.newest().map_err(Error::from).and_then(|newest| {
        let by_hand = ReadByHand::new(&place, newest.as_ref(), &seen, begun);
        control::done(&config, "backup", &Request::BackupRead(by_hand))
    });
    // What was found is said in any case.
    if let Err(error) = remembered {
        eprintln!("`dassie state` will not tell what was found here: {error}");
    }
    let is_whole = seen.is_whole();
    let ReadThrough { objects, bytes, damaged, lost, incomplete } = seen;
    let lost = lost.iter().map(Stretch::of).collect();
    let read = ReadAll { objects, bytes, damaged, lost, incomplete: incomplete.into_iter().map(clock::iso).collect() };
    if shape.json {
        say_json(&read)?;
    } else {
        read.damaged.iter().for_each(|(name, why)| say(format_args!("{name}: {why}")));
        read.lost.iter().for_each(|lost| say(lost.told()));
        read.incomplete.iter().for_each(|made| say(format_args!("the backup of {made} lacks files or a list of them")));
        say(format_args!("{objects} objects in {place} hold, {bytes} bytes"));
    }
    if is_whole {
        return Ok(());
    }
    let why = format!(
        "{place}: {} {} damaged or missing, {} {} of time cannot be restored; `dassie backup now --anew` makes one \
         that relies on nothing there, and the disk it lies on should be looked at",
        read.damaged.len(),
        if read.damaged.len() == 1 { "object" } else { "objects" },
        read.lost.len(),
        if read.lost.len() == 1 { "stretch" } else { "stretches" }
    );
    Err(Error::invalid("backup", why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use storage::{
        Options, Timestamp,
        backup::{Claim, Directory},
        vfs::RealDisk,
    };

    #[test]
    fn a_backup_by_hand_ends_when_another_machine_claims_meanwhile() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data, place) = (dir.path().join("data"), dir.path().join("place"));
        let config = Config::embedded(&data, None);
        let store = Store::open(Options::new(data.join("store"))).expect("opens");
        let (number, _) = store.identify().expect("identified");
        let target = Arc::new(Directory::new(Arc::new(RealDisk), &place));
        let repository = Repository::open_or_make(target, None, number, Timestamp(0)).expect("made");
        let place = place.to_string_lossy().into_owned();
        let wanted = |job| Wanted { job, place: place.clone(), by: By::Person };
        let (backup, verify) = (wanted(Job::Backup), wanted(Job::Verify));
        let watch = Watch::new(&config, &store, &backup);
        let goes_on = |what| watch.goes_on(Progress { what, done: 0, total: 0 });
        assert!(goes_on("copying files"));
        repository.put_claim(&Claim { epoch: 1, holder: 9 }).expect("stored");
        assert!(goes_on("copying files"), "it was asked just now");
        assert!(!goes_on("naming the backup"));
        let why = watch.refused.take().expect("it is said").to_string();
        assert!(why.contains("served by another machine"), "{why}");
        let verifying = Watch::new(&config, &store, &verify);
        assert!(verifying.goes_on(Progress { what: "restoring", done: 0, total: 0 }), "that adds nothing");
        store.close().expect("closed");
    }
}
