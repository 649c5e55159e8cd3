//! `dassie why` and `dassie domain explain`: how something came here, and what stands between two servers.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
    store,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    operate::explain::{self, DomainExplained, Explained},
    origin::Origin,
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use storage::{Store, instance};

/// What is asked, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// Of a status or account.
    Why(String),
    /// Of another server.
    Domain(String),
}

/// What is told.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shown {
    /// Of a status or account.
    Why(Box<Explained>),
    /// Of another server.
    Domain(Box<DomainExplained>),
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Why(explained) => explained.fmt(f),
            Shown::Domain(explained) => explained.fmt(f),
        }
    }
}

/// Says what is asked.
pub(super) fn run(wanted: &Wanted, json: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let shown = control::answer(&config, "explain", &Request::Explain(wanted.clone()), |answer| match answer {
        Answer::Explained(shown) => Some(*shown),
        _ => None,
    })?;
    let shown = match shown {
        Some(shown) => shown,
        None => store::with_closed(&config, |store| in_store(store, wanted))?,
    };
    if !json {
        say(shown.to_string().trim_end());
        return Ok(());
    }
    match &shown {
        Shown::Why(explained) => say_json(explained),
        Shown::Domain(explained) => say_json(explained),
    }
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<Shown> {
    match wanted {
        Wanted::Why(named) => explain::why_of_server(server, &named).await.map(Box::new).map(Shown::Why),
        Wanted::Domain(host) => explain::domain_of_server(server, &host).await.map(Box::new).map(Shown::Domain),
    }
}

fn in_store(store: &Store, wanted: &Wanted) -> Result<Shown> {
    match wanted {
        Wanted::Why(named) => {
            let origin = store.read(|view| {
                let fresh = || Error::invalid("why", "this data directory was never served");
                let identity = instance::identity(view)?.ok_or_else(fresh)?;
                Origin::parse(&identity.origin, Some(&identity.handle_domain))
            })?;
            explain::why_of_store(store, &origin, named).map(Box::new).map(Shown::Why)
        }
        Wanted::Domain(host) => explain::domain_of_store(store, host).map(Box::new).map(Shown::Domain),
    }
}
