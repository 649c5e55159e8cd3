//! `dassie promote`: this machine takes over. Every step may be cut and begun again.

use crate::{
    backup::{open_target, secret},
    config::{Config, quoted},
    error::{Error, Result},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use storage::{
    Lsn, Options, Store, Timestamp,
    backup::{Candidacy, Claim, Follower, Lease, Machine, Repository, Tell, Tenure, refuse_unfinished},
    vfs::RealDisk,
};

/// Whether the other machine can still serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promotion {
    /// It stops by itself when it cannot renew its lease; refused where it has never said that it does.
    LeaseRunsOut,
    /// The administrator says that it is off for good.
    OldServerIsGone,
}

/// Takes over from whoever serves; answers the last transaction that is here.
///
/// # Errors
/// `Invalid` in a sentence if another machine takes over, or if the one that serves would not stop; those of the target
/// and the store. Running it again goes on.
pub fn promote(
    (config, options): (&Config, Options),
    promotion: Promotion,
    (random, now): (u64, Timestamp),
    tell: Tell<'_>,
    say: &dyn Fn(&str),
) -> Result<Lsn> {
    // Written with the claim that it wins: a machine that was refused is as new to itself as before.
    let mut machine = super::machine_or_new(config, random)?;
    let place = machine.follows.clone().or_else(|| config.backups.to.clone());
    let place = place.ok_or_else(|| nothing_to_take_over(config))?;
    let repository = match machine.follows {
        Some(_) => super::repository(config, &place)?,
        None => own_repository((config, &options), &place, promotion, now)?,
    };
    refuse_unheeded(config, &repository, &machine, promotion)?;
    let mut follower = match machine.follows {
        Some(_) if !Follower::is_set_up(&options)? => {
            return Err(Error::invalid("standby", "it has not been set up to the end; run `dassie standby` again"));
        }
        Some(_) => Some(Follower::open(super::repository(config, &place)?, options.clone())?),
        None => None,
    };
    let won = machine.epoch > 0 && still_highest(&repository, &machine)?;
    let mut begun = None;
    if !won {
        machine.epoch = win(&repository, machine.holder, follower.as_mut(), say)?.claim.epoch;
        if follower.is_none() {
            // Before the claim is noted: whoever is cut off here begins a second one, which does no harm.
            begun = Some(begin_line(options.clone(), &repository)?);
        }
        machine.heeds = true;
        machine.write(&RealDisk, &config.data_dir)?;
    }
    let lsn = match (follower, begun) {
        (Some(follower), _) => take_over(follower, config, tell, say)?,
        (None, Some(lsn)) => lsn,
        (None, None) => durable(options)?,
    };
    repository.forget_standby(machine.holder)?;
    machine.follows = None;
    // Who has no standby behind it need not stop when the target is away.
    machine.heeds = repository.has_standby()?;
    machine.write(&RealDisk, &config.data_dir)?;
    // From now on a third machine reads of this one whether it heeds, and not of the one before.
    let claim = Claim { epoch: machine.epoch, holder: machine.holder };
    repository.put_lease(&Lease { claim, shipped: lsn, at: now, heeds: machine.heeds })?;
    forget_state(&config.data_dir);
    Ok(lsn)
}

fn nothing_to_take_over(config: &Config) -> Error {
    let why = format!(
        "is not set, so there is nobody to take over from: `{}` starts this server. If its backups went somewhere, set \
         backup.to to that place first",
        config.command("serve")
    );
    Error::invalid("backup.to", why)
}

/// The place of the backups of a store that is here and follows nobody; made if it was emptied, for whoever is sure of it.
fn own_repository(
    (config, options): (&Config, &Options),
    place: &str,
    promotion: Promotion,
    now: Timestamp,
) -> Result<Repository> {
    refuse_unfinished(options.vfs.as_ref(), &options.dir)?;
    if !Follower::is_set_up(options)? {
        let restore = config.command(&format!("restore {}", quoted(place)));
        let why = format!("there is no store in {}; `{restore}` makes one of a backup", config.data_dir.display());
        return Err(Error::invalid("promote", why));
    }
    let store = Store::open(options.clone())?;
    let number = store.identify().map(|(number, _)| number);
    let closed = store.close();
    let number = number?;
    closed?;
    let (target, secret) = (open_target(place)?, secret(&config.backups)?);
    let none = || {
        let why = format!(
            "there is no backup in {place}; is its disk mounted? If it was emptied for good, or is a new place, run `{}`",
            super::take_over_command(config)
        );
        Error::invalid("backup.to", why)
    };
    Ok(match promotion {
        Promotion::OldServerIsGone => Repository::open_or_make(target, secret.as_ref(), number, now)?,
        Promotion::LeaseRunsOut => Repository::open(target, secret.as_ref())?.ok_or_else(none)?.of(number)?,
    })
}

/// A server that has never heard of a standby goes on when it cannot reach the target.
fn refuse_unheeded(config: &Config, repository: &Repository, machine: &Machine, promotion: Promotion) -> Result<()> {
    let Some(lease) = repository.lease()? else { return Ok(()) };
    if promotion == Promotion::OldServerIsGone || lease.heeds || lease.claim.holder == machine.holder {
        return Ok(());
    }
    let why = format!(
        "the server ({}) has not seen yet that a standby exists, so it would go on serving beside this one; if it is off for \
         good, run `{}`",
        lease.claim,
        super::take_over_command(config)
    );
    Err(Error::invalid("promote", why))
}

fn still_highest(repository: &Repository, machine: &Machine) -> Result<bool> {
    let own = Claim { epoch: machine.epoch, holder: machine.holder };
    let claims = repository.claims()?;
    Ok(claims.contains(&own) && Tenure::new(own, true).sees(&claims))
}

/// Claims, and waits until every lease of before has run out; follows meanwhile.
fn win(
    repository: &Repository,
    holder: u64,
    mut follower: Option<&mut Follower>,
    say: &dyn Fn(&str),
) -> Result<Tenure> {
    let started = Instant::now();
    let candidacy = claim(repository, holder, started)?;
    say(&format!("claimed as {}; waiting until the lease of the other machine has certainly run out", candidacy.claim));
    loop {
        let left = candidacy.wait(started.elapsed());
        let left = left.ok_or_else(|| Error::Bug("a claim that was stored in time does not count".to_owned()))?;
        if left.is_zero() {
            return Ok(candidacy.outcome(&repository.claims()?, started.elapsed())?);
        }
        if let Some(follower) = follower.as_mut()
            && let Err(error) =
                follower.is_on_shipped_line().and_then(|on| if on { follower.step().map(drop) } else { Ok(()) })
        {
            tracing::warn!(%error, "what is shipped cannot be followed just now; it is tried again");
        }
        std::thread::sleep(left.min(Duration::from_secs(1)));
    }
}

fn claim(repository: &Repository, holder: u64, started: Instant) -> Result<Candidacy> {
    let asked = started.elapsed();
    let mut candidacy = Candidacy::above(&repository.claims()?, holder, asked);
    repository.put_claim(&candidacy.claim)?;
    if candidacy.stored(started.elapsed()) {
        return Ok(candidacy);
    }
    Err(Error::invalid("promote", "storing the claim took too long to count; try again when the target answers faster"))
}

/// The last that was shipped, the files, and a line of history of its own.
fn take_over(mut follower: Follower, config: &Config, tell: Tell<'_>, say: &dyn Fn(&str)) -> Result<Lsn> {
    // A promotion that was cut behind this line began one already.
    if follower.is_on_shipped_line()? {
        while follower.step()?.done > 0 {}
    }
    // All that rows refer to is fetched by this.
    let missing = follower.missing_files(&config.data_dir, tell)?;
    if !missing.is_empty() {
        let place = follower.repository().describe();
        say(&format!("{} files that rows refer to are neither here nor in {place}: {missing}", missing.count));
    }
    Ok(follower.end()?)
}

/// What this machine holds that served all along.
fn durable(options: Options) -> Result<Lsn> {
    let store = Store::open(options)?;
    store.close()?;
    Ok(store.state().durable)
}

/// Data that were restored or copied here go on by themselves from now on, on a line that begins behind those of the
/// repository.
fn begin_line(options: Options, repository: &Repository) -> Result<Lsn> {
    let others = repository.last_began()?;
    let store = Store::open(options)?;
    let begun = store.begin_line(repository.store(), others);
    let (lsn, closed) = (store.state().durable, store.close());
    begun?;
    closed?;
    Ok(lsn)
}

fn forget_state(data_dir: &Path) {
    if let Err(error) = std::fs::remove_file(data_dir.join("standby.json"))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the state of the standby that was cannot be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emptied_place_is_begun_anew_for_whoever_is_sure_and_refusals_name_what_to_do() {
        let dir = tempfile::tempdir().expect("a directory");
        let data = dir.path().join("data");
        std::fs::create_dir(&data).expect("made");
        let mut config = Config::embedded(&data, None);
        let options = Options::new(data.join("store"));
        let promoted = |config: &Config| {
            let (who, now) = (7, Timestamp(0));
            let outcome = promote((config, options.clone()), Promotion::LeaseRunsOut, (who, now), &|_| true, &|_| {});
            outcome.expect_err("refused").to_string()
        };
        let why = promoted(&config);
        assert!(why.contains(&format!("`dassie serve --data {}`", data.display())), "{why}");
        let place = dir.path().join("place").to_string_lossy().into_owned();
        config.backups.to = Some(place.clone());
        let why = promoted(&config);
        assert!(why.contains(&format!("`dassie restore {place} --data {}`", data.display())), "{why}");
        assert!(!data.join("store").exists() && !data.join("MACHINE").exists(), "nothing was made");
        Store::open(options.clone()).and_then(|store| store.close()).expect("a store");
        let why = promoted(&config);
        assert!(why.contains("`dassie promote --old-server-is-gone --data"), "{why}");
        let begun = |promotion| own_repository((&config, &options), &place, promotion, Timestamp(0));
        let repository = begun(Promotion::OldServerIsGone).expect("made");
        assert!(begun(Promotion::LeaseRunsOut).is_ok_and(|again| again.store() == repository.store()));
        let claim = Claim { epoch: 1, holder: 9 };
        repository.put_lease(&Lease { claim, shipped: Lsn(0), at: Timestamp(0), heeds: false }).expect("stored");
        let why = promoted(&config);
        assert!(why.contains("has not seen yet that a standby exists") && why.contains("is-gone --data"), "{why}");
        assert!(!data.join("MACHINE").exists(), "it must still find out who serves before it does");
    }
}
