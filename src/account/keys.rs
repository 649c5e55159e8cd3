//! New keys for people here (FEDERATION §4, key rotation).

use crate::error::{Error, Result};
use storage::{
    AccountId, Event, Tx,
    account::{self, SIGNING_KEYS, SigningKeys},
    instance,
    intent::Intent,
    job::{self, JobKind},
    retired_key,
};

/// Gives a local account new keys, and owes an Update that tells every server whose inbox is known.
///
/// The document shows the new keys at once, and all but this Update is signed with them. Peers verify the Update with the
/// old key that they remember, find the new one in it and need not ask: Mastodon's `tootctl accounts rotate` does so, too.
/// Whoever gets something else first, or does not hear of the change at all, finds a signature that does not fit and reads
/// the document anew. Unlike there, a peer that has read it already gets the Update under the new key (`jobs::deliver`),
/// what was owed before is signed when it leaves, so with a key that can be found, and the Ed25519 key changes, too.
///
/// # Errors
/// `NotFound` if there is no such account here, or its keys are gone already.
pub fn rotate(tx: &mut Tx<'_>, id: AccountId, new: &SigningKeys) -> Result<()> {
    let account = account::find(tx, id)?.filter(account::Account::is_local).ok_or(Error::NotFound)?;
    let old = SIGNING_KEYS.get(tx, &account.id)?.ok_or(Error::NotFound)?;
    retired_key::keep(tx, account.id, old.rsa_private);
    SIGNING_KEYS.put(tx, &account.id, new);
    job::enqueue(tx, JobKind::Distribute(Intent::ChangeKeys { account: account.id }));
    tx.emit(Event::AccountChanged { account: account.id });
    Ok(())
}

/// Gives the server's own actor new keys, and owes an Update to the relays and to every server that has an inbox here: the
/// actor has no followers, and whoever answers only signed fetches may know its key.
///
/// As with people's keys, the Update is signed with the old key. Mastodon tells relays alone. Who does not hear of it finds
/// a signature that does not fit, and reads the actor anew.
///
/// # Errors
/// `NotFound` if it has none yet: the first start makes them.
pub fn rotate_instance(tx: &mut Tx<'_>, new: &SigningKeys) -> Result<()> {
    let old = instance::keys(tx)?.ok_or(Error::NotFound)?;
    let at = retired_key::keep_of_instance(tx, old.rsa_private);
    instance::put_keys(tx, new);
    job::enqueue(tx, JobKind::Distribute(Intent::ChangeInstanceKeys { at }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn the_old_key_is_kept_and_the_new_one_shown() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        let keys = |byte: u8| SigningKeys {
            rsa_private: vec![byte],
            rsa_public_pem: format!("key {byte}"),
            ed25519_seed: vec![byte; 32],
        };
        lab.write(move |tx| {
            SIGNING_KEYS.put(tx, &ann, &keys(6));
            Ok(())
        })
        .expect("stored");
        for byte in [7, 8] {
            lab.write(move |tx| rotate(tx, ann, &keys(byte))).expect("changed");
        }
        let (now, before) = lab.read(|view| Ok((SIGNING_KEYS.get(view, &ann)?, retired_key::find(view, ann)?)));
        assert!(now == Some(keys(8)) && before.expect("kept").rsa_private == [7]);
        assert!(matches!(lab.write(move |tx| rotate(tx, AccountId(1), &keys(9))), Err(Error::NotFound)));
    }
}
