//! Private keys of senders, read and parsed once.

use crate::{error::Result, federation::signature::PrivateKey, limits, server::Server};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use storage::{account, delivery::Sender, instance};

/// A key and the id under which peers find it.
pub(super) struct SenderKey {
    /// The key's id.
    pub(super) id: String,
    /// The key.
    pub(super) key: PrivateKey,
}

/// Keys in memory, at most `limits::KEYS_CACHED`.
#[derive(Default)]
pub(super) struct Keyring(Mutex<HashMap<Sender, Arc<SenderKey>>>);

impl Keyring {
    /// The key of `sender`; none if it has none (any more).
    ///
    /// # Errors
    /// Storage errors; `Bug` for a key that cannot be read.
    pub(super) async fn get(&self, server: &Server, sender: Sender) -> Result<Option<Arc<SenderKey>>> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&sender) {
            return Ok(Some(Arc::clone(known)));
        }
        let found = server
            .read(move |view| {
                Ok(match sender {
                    Sender::Account(id) => match account::find(view, id)? {
                        Some(owner) => account::SIGNING_KEYS.get(view, &id)?.map(|keys| (owner.uri, keys)),
                        None => None,
                    },
                    Sender::Instance => instance::keys(view)?.map(|keys| ("/actor".to_owned(), keys)),
                })
            })
            .await?;
        let Some((path, keys)) = found else { return Ok(None) };
        let key = server.compute(move || PrivateKey::from_pkcs8(&keys.rsa_private)).await?;
        let id = format!("{}#main-key", server.origin().url(&path));
        let made = Arc::new(SenderKey { id, key });
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= limits::KEYS_CACHED {
            // Any one will do: parsing it again costs 0.3 ms.
            if let Some(some) = known.keys().next().copied() {
                known.remove(&some);
            }
        }
        known.insert(sender, Arc::clone(&made));
        Ok(Some(made))
    }
}
