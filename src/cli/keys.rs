//! `dassie user rotate-keys`: new keys for people here, through the running server or on its data directory.

use super::{
    Place,
    control::{self, Request},
    out::say,
    store,
};
use crate::{
    account::keys,
    config::Config,
    error::{Error, Result},
    limits,
    server::{self, Server},
};
use clap::Args;
use serde::{Deserialize, Serialize};
use storage::{
    AccountId, Bounds, Direction, Read, Store,
    account::{self, SIGNING_KEYS},
};

#[derive(Args)]
pub(super) struct Rotate {
    /// The account's name.
    #[arg(required_unless_present_any = ["all", "instance"])]
    name: Option<String>,
    /// Everybody here.
    #[arg(long, conflicts_with = "name")]
    all: bool,
    /// The server's own actor, whose key signs what is read from other servers, and reports.
    #[arg(long, conflicts_with_all = ["name", "all"])]
    instance: bool,
    #[command(flatten)]
    place: Place,
}

/// Whose keys, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    One(String),
    Everybody,
    Instance,
}

/// Makes new keys, in the running server or, if none runs, in the store itself; the Update goes out when it runs again.
pub(super) fn rotate(rotate: Rotate) -> Result<()> {
    let Rotate { name, all, instance, place } = rotate;
    let wanted = match name {
        Some(name) if !all && !instance => Wanted::One(name),
        _ if instance => Wanted::Instance,
        _ => Wanted::Everybody,
    };
    let config = Config::load(&place.flags())?;
    if let Some(said) = control::done(&config, "user", &Request::RotateKeys(wanted.clone()))? {
        say(said);
        return Ok(());
    }
    say(store::with_closed(&config, |store| in_store(store, &wanted))?);
    Ok(())
}

/// In a store that no server serves.
fn in_store(store: &Store, wanted: &Wanted) -> Result<String> {
    if matches!(wanted, Wanted::Instance) {
        let new = server::new_keys()?;
        store.write(move |tx| keys::rotate_instance(tx, &new))?;
        return Ok(INSTANCE_TOLD.to_owned());
    }
    let (mut changed, mut after) = (0, None);
    loop {
        let accounts = store.read(|view| chosen(view, wanted, after))?;
        let Some(last) = accounts.last().copied() else { return Ok(told(changed)) };
        after = Some(last);
        for id in accounts {
            let new = server::new_keys()?;
            store.write(move |tx| keys::rotate(tx, id, &new))?;
            changed += 1;
        }
        if matches!(wanted, Wanted::One(_)) {
            return Ok(told(changed));
        }
    }
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
    if matches!(wanted, Wanted::Instance) {
        rotate_instance(server).await?;
        return Ok(INSTANCE_TOLD.to_owned());
    }
    let (mut changed, mut after) = (0, None);
    loop {
        let asked = wanted.clone();
        let accounts = server.read(move |view| chosen(view, &asked, after)).await?;
        let Some(last) = accounts.last().copied() else { return Ok(told(changed)) };
        after = Some(last);
        for id in accounts {
            let new = server.make_keys().await?;
            server.write(move |tx| keys::rotate(tx, id, &new)).await?;
            changed += 1;
        }
        if matches!(wanted, Wanted::One(_)) {
            return Ok(told(changed));
        }
    }
}

/// Gives the server's own actor new keys and signs with them from then on.
///
/// # Errors
/// Storage errors; `Bug` if no key can be made.
async fn rotate_instance(server: &Server) -> Result<()> {
    let new = server.make_keys().await?;
    let stored = new.clone();
    server.write(move |tx| keys::rotate_instance(tx, &stored)).await?;
    server.outside().renew_key(&new)
}

/// The next accounts whose keys are wanted new, behind `after`, at most `limits::KEYS_ROTATED_STEP`; whoever is gone has
/// none any more.
fn chosen(read: &dyn Read, wanted: &Wanted, after: Option<AccountId>) -> Result<Vec<AccountId>> {
    let Wanted::One(name) = wanted else {
        let bounds = Bounds { above: after.map(|id| id.0), below: None };
        let step = SIGNING_KEYS.list(read, &(), bounds, Direction::Ascending, limits::KEYS_ROTATED_STEP)?;
        return Ok(step.into_iter().map(|(id, _)| id).collect());
    };
    let unknown = || Error::invalid("name", format!("there is no user {name}"));
    let known = account::find_by_name(read, name.trim_start_matches('@'), None)?.ok_or_else(unknown)?;
    if SIGNING_KEYS.contains(read, &known.id)? { Ok(vec![known.id]) } else { Err(unknown()) }
}

/// What is said of new keys of the server's own actor.
const INSTANCE_TOLD: &str = "the server's own actor has new keys; relays and other servers are being told";

fn told(changed: usize) -> String {
    format!("{changed} account(s) have new keys; other servers are being told")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;
    use storage::account::SigningKeys;

    #[test]
    fn those_who_have_keys_are_chosen() {
        let lab = Lab::new();
        let (ann, bea) = (lab.local("ann"), lab.local("bea"));
        lab.write(move |tx| {
            let keys = SigningKeys { rsa_private: vec![1], rsa_public_pem: String::new(), ed25519_seed: vec![2; 32] };
            SIGNING_KEYS.put(tx, &ann, &keys);
            Ok(())
        })
        .expect("stored");
        let one = |name: &str| Wanted::One(name.to_owned());
        let all = Wanted::Everybody;
        lab.read(|read| {
            assert_eq!(chosen(read, &one("@ann"), None)?, [ann]);
            for nobody in ["bea", "cat"] {
                assert!(matches!(chosen(read, &one(nobody), None), Err(Error::Invalid { .. })), "{nobody}");
            }
            assert_eq!(chosen(read, &all, None)?, [ann]);
            assert!(chosen(read, &all, Some(ann))?.is_empty() && bea != ann);
            Ok(())
        });
    }
}
