//! Which hosts this server may talk to (DESIGN §5, §11): the public ones, or a lab's.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
};

/// Who may be reached.
#[derive(Debug, Clone)]
pub enum Reach {
    /// https to global addresses only.
    Public,
    /// Loopback peers and plain http, for tests and labs; never a silent default.
    Lab(Arc<Lab>),
}

impl Reach {
    /// A lab without extra names or authorities.
    #[must_use]
    pub fn lab() -> Self {
        Reach::Lab(Arc::new(Lab::default()))
    }

    /// Whether this is a lab.
    #[must_use]
    pub fn is_lab(&self) -> bool {
        matches!(self, Reach::Lab(_))
    }
}

/// What a lab adds to the world.
#[derive(Debug, Default)]
pub struct Lab {
    hosts: RwLock<HashMap<String, Target>>,
    ca_pem: Option<String>,
}

/// Where a name of the host map leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// A loopback address.
    pub address: SocketAddr,
    /// Speak plain HTTP there although the URL says https: a server whose TLS would end at a proxy.
    pub plain: bool,
}

impl Lab {
    /// A lab that trusts these certificate authorities (PEM) besides the public ones.
    #[must_use]
    pub fn with_ca(ca_pem: String) -> Self {
        Lab { hosts: RwLock::default(), ca_pem: Some(ca_pem) }
    }

    /// Certificate authorities to trust, PEM.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Leads `authority` (`host`, or `host:port`) to `target`; names can be added while the server runs.
    pub fn map(&self, authority: &str, target: Target) {
        self.hosts.write().unwrap_or_else(PoisonError::into_inner).insert(authority.to_lowercase(), target);
    }

    /// Forgets `authority`: it is as if that host were down.
    pub fn unmap(&self, authority: &str) {
        self.hosts.write().unwrap_or_else(PoisonError::into_inner).remove(&authority.to_lowercase());
    }

    /// Where `host` on `port` leads, if the map says: an entry with the port wins over one without.
    #[must_use]
    pub fn target(&self, host: &str, port: u16) -> Option<Target> {
        let hosts = self.hosts.read().unwrap_or_else(PoisonError::into_inner);
        let host = host.to_lowercase();
        hosts.get(&format!("{host}:{port}")).or_else(|| hosts.get(&host)).copied()
    }
}
