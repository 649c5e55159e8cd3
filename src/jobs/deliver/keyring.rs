//! Private keys of senders, read and parsed once.

use crate::{
    error::Result,
    federation::signature::{MAIN_KEY, PrivateKey},
    limits,
    server::Server,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use storage::{AccountId, Read, account, delivery::Sender, instance, retired_key};

/// A key and the id under which peers find it.
pub(super) struct SenderKey {
    /// The key's id.
    pub(super) id: String,
    /// The key.
    pub(super) key: PrivateKey,
}

/// Keys in memory, at most `limits::KEYS_CACHED`.
#[derive(Default)]
pub(super) struct Keyring(Mutex<Ring>);

#[derive(Default)]
struct Ring {
    keys: HashMap<Sender, Arc<SenderKey>>,
    /// Grows whenever something is forgotten: what was read before may be what was meant.
    generation: u64,
}

impl Keyring {
    /// The key of `sender`; none if it has none (any more).
    ///
    /// # Errors
    /// Storage errors; `Bug` for a key that cannot be read.
    pub(super) async fn get(&self, server: &Server, sender: Sender) -> Result<Option<Arc<SenderKey>>> {
        let generation = {
            let ring = self.lock();
            if let Some(known) = ring.keys.get(&sender) {
                return Ok(Some(Arc::clone(known)));
            }
            ring.generation
        };
        let Some((path, pkcs8)) = server.read(move |view| look(view, sender)).await? else { return Ok(None) };
        let key = server.compute(move || PrivateKey::from_pkcs8(&pkcs8)).await?;
        let id = format!("{}{MAIN_KEY}", server.origin().url(&path));
        let made = Arc::new(SenderKey { id, key });
        let mut ring = self.lock();
        // The instance actor signs little, and may have other keys at any moment.
        if ring.generation != generation || sender == Sender::Instance {
            return Ok(Some(made));
        }
        if ring.keys.len() >= limits::KEYS_CACHED {
            // Any one will do: parsing it again costs 0.3 ms.
            if let Some(some) = ring.keys.keys().next().copied() {
                ring.keys.remove(&some);
            }
        }
        ring.keys.insert(sender, Arc::clone(&made));
        Ok(Some(made))
    }

    /// An account may have other keys now.
    pub(super) fn forget(&self, account: AccountId) {
        let mut ring = self.lock();
        ring.generation += 1;
        ring.keys.remove(&Sender::Account(account));
        ring.keys.remove(&Sender::Retired(account));
    }

    /// Any account may have.
    pub(super) fn clear(&self) {
        let mut ring = self.lock();
        ring.generation += 1;
        ring.keys.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path of the actor that signs for `sender`, and its RSA key as stored.
fn look(read: &dyn Read, sender: Sender) -> Result<Option<(String, Vec<u8>)>> {
    let (id, key) = match sender {
        Sender::Instance => {
            return Ok(instance::keys(read)?.map(|keys| ("/actor".to_owned(), keys.rsa_private)));
        }
        Sender::RetiredInstance(at) => {
            let key = retired_key::find_of_instance(read, at)?;
            return Ok(key.map(|key| ("/actor".to_owned(), key.rsa_private)));
        }
        Sender::Account(id) => (id, account::SIGNING_KEYS.get(read, &id)?.map(|keys| keys.rsa_private)),
        Sender::Retired(id) => (id, retired_key::find(read, id)?.map(|key| key.rsa_private)),
    };
    let owner = account::find(read, id)?;
    Ok(owner.zip(key).map(|(owner, key)| (owner.uri, key)))
}
