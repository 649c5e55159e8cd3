//! Which certificate a connection is shown, changed in one step while others are open.

use super::held::Held;
use crate::limits;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::sync::Notify;
use tokio_rustls::rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

/// The protocol by which an authority asks for a proof within TLS (RFC 8737 §6.2).
pub(super) const PROOF: &[u8] = b"acme-tls/1";

/// The certificate in use, and the proofs that an authority may come for. Cheap to clone.
#[derive(Clone, Default)]
pub struct Keeper(Arc<Inner>);

#[derive(Default)]
struct Inner {
    current: RwLock<Option<Held>>,
    trouble: Mutex<Option<String>>,
    /// Name → what is shown to who asks by `PROOF`.
    shown: Mutex<Vec<(String, Arc<CertifiedKey>)>>,
    /// Token → what is told at the plain port (RFC 8555 §8.3).
    told: Mutex<Vec<(String, String)>>,
    look: Notify,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}

impl Keeper {
    /// Shows `held` from now on; open connections keep what they have.
    pub(super) fn change(&self, held: Held) {
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
    }

    pub(super) fn current(&self) -> Option<Held> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what stands in the way of the next certificate; `None`: nothing.
    pub(super) fn note(&self, trouble: Option<String>) {
        *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows `key` to an authority that asks for a proof of `name`, until the answer is dropped.
    pub(super) fn show(&self, name: &str, key: Arc<CertifiedKey>) -> Proof {
        push(&self.0.shown, name, key);
        Proof { keeper: self.clone(), name: name.to_owned() }
    }

    /// Tells `answer` to who asks the plain port for `token`, until the answer is dropped.
    pub(super) fn tell(&self, token: &str, answer: String) -> Proof {
        push(&self.0.told, token, answer);
        Proof { keeper: self.clone(), name: token.to_owned() }
    }

    /// What is told to who asks for `token`.
    pub(super) fn told(&self, token: &str) -> Option<String> {
        find(&self.0.told, token)
    }

    /// Has the task look at once.
    pub fn look(&self) {
        self.0.look.notify_one();
    }

    pub(super) async fn looked_for(&self) {
        self.0.look.notified().await;
    }
}

/// A proof that stands as long as this lives.
pub(super) struct Proof {
    keeper: Keeper,
    name: String,
}

impl Drop for Proof {
    fn drop(&mut self) {
        take(&self.keeper.0.shown, &self.name);
        take(&self.keeper.0.told, &self.name);
    }
}

fn push<T>(list: &Mutex<Vec<(String, T)>>, name: &str, value: T) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    list.retain(|(other, _)| other != name);
    if list.len() >= limits::PROOFS_MAX {
        list.remove(0);
    }
    list.push((name.to_owned(), value));
}

fn find<T: Clone>(list: &Mutex<Vec<(String, T)>>, name: &str) -> Option<T> {
    let list = list.lock().unwrap_or_else(PoisonError::into_inner);
    list.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
}

fn take<T>(list: &Mutex<Vec<(String, T)>>, name: &str) {
    list.lock().unwrap_or_else(PoisonError::into_inner).retain(|(other, _)| other != name);
}

/// A keeper as rustls asks it.
#[derive(Debug)]
pub(super) struct Resolver(pub(super) Keeper);

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if hello.alpn().is_some_and(|mut protocols| protocols.any(|protocol| protocol == PROOF)) {
            let name = hello.server_name()?.to_lowercase();
            return find(&self.0.0.shown, &name);
        }
        self.0.current().map(|held| held.key)
    }
}
