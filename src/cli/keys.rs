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
    AccountId, Bounds, Direction, Read,
    account::{self, SIGNING_KEYS},
};

#[derive(Args)]
pub(super) struct Rotate {
    /// The account's name.
    #[arg(required_unless_present = "all")]
    name: Option<String>,
    /// Everybody here.
    #[arg(long, conflicts_with = "name")]
    all: bool,
    #[command(flatten)]
    place: Place,
}

/// Whose keys, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wanted {
    /// None: everybody's.
    name: Option<String>,
}

/// Makes new keys, in the running server or, if none runs, in the store itself; the Update goes out when it runs again.
pub(super) fn rotate(rotate: Rotate) -> Result<()> {
    let Rotate { name, all, place } = rotate;
    let wanted = Wanted { name: name.filter(|_| !all) };
    let config = Config::load(&place.flags())?;
    if let Some(said) = control::done(&config, "user", &Request::RotateKeys(wanted.clone()))? {
        say(said);
        return Ok(());
    }
    let changed = store::with_closed(&config, |store| {
        let (mut changed, mut after) = (0, None);
        loop {
            let accounts = store.read(|view| chosen(view, &wanted, after))?;
            let Some(last) = accounts.last().copied() else { return Ok(changed) };
            after = Some(last);
            for id in accounts {
                let new = server::new_keys()?;
                store.write(move |tx| keys::rotate(tx, id, &new))?;
                changed += 1;
            }
            if wanted.name.is_some() {
                return Ok(changed);
            }
        }
    })?;
    say(told(changed));
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
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
        if wanted.name.is_some() {
            return Ok(told(changed));
        }
    }
}

/// The next accounts whose keys are wanted new, behind `after`, at most `limits::KEYS_ROTATED_STEP`; whoever is gone has
/// none any more.
fn chosen(read: &dyn Read, wanted: &Wanted, after: Option<AccountId>) -> Result<Vec<AccountId>> {
    let Some(name) = &wanted.name else {
        let bounds = Bounds { above: after.map(|id| id.0), below: None };
        let step = SIGNING_KEYS.list(read, &(), bounds, Direction::Ascending, limits::KEYS_ROTATED_STEP)?;
        return Ok(step.into_iter().map(|(id, _)| id).collect());
    };
    let unknown = || Error::invalid("name", format!("there is no user {name}"));
    let known = account::find_by_name(read, name.trim_start_matches('@'), None)?.ok_or_else(unknown)?;
    if SIGNING_KEYS.contains(read, &known.id)? { Ok(vec![known.id]) } else { Err(unknown()) }
}

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
        let one = |name: &str| Wanted { name: Some(name.to_owned()) };
        let all = Wanted { name: None };
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
