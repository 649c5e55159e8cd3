//! How the certificate stands, for `dassie state` and probes.

use crate::{
    clock::{self, DAY_MS},
    config::Certificates,
    limits,
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How the certificate of this server stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Standing {
    /// The names it holds for.
    pub names: Vec<String>,
    /// Until when it holds.
    pub until: String,
    /// Whole days until then; negative when they are over.
    pub days_left: i64,
    /// Got from an authority and renewed by this server.
    pub renewed_here: bool,
}

/// The certificate, and what somebody has to know of it.
#[derive(Debug, Clone, Default)]
pub struct Standings {
    /// `None`: TLS ends elsewhere, or there is no certificate yet.
    pub certificate: Option<Standing>,
    /// What is wrong, in plain words.
    pub problem: Option<String>,
}

impl Standings {
    /// How it stands now.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let renewed_here = match &server.config().tls.certificates {
            Certificates::None => return Standings::default(),
            Certificates::Files(_) => false,
            Certificates::Acme => true,
        };
        let trouble = server.keeper().trouble();
        let Some(held) = server.keeper().current() else {
            let why = trouble.unwrap_or_else(|| "it is being asked for".to_owned());
            let problem = format!("there is no certificate yet, so nobody can connect: {why}");
            return Standings { certificate: None, problem: Some(problem) };
        };
        let left_ms = held.until.ms_since(server.now());
        let days_left = left_ms.div_euclid(DAY_MS);
        let name = server.origin().host();
        let because = trouble.map(|why| format!(": {why}")).unwrap_or_default();
        let problem = if left_ms <= 0 {
            Some(format!("the certificate ended at {}, so nobody can connect{because}", clock::iso(held.until)))
        } else if !held.is_for(name) {
            Some(format!("the certificate is for {}, not for {name}: peers and apps refuse it", held.names.join(", ")))
        } else if left_ms < held.until.ms_since(held.from) / limits::CERTIFICATE_WORRY_SHARE {
            Some(format!("the certificate ends in {days_left} days and was not renewed{because}"))
        } else if because.is_empty() {
            None
        } else {
            Some(format!("the next certificate cannot be had{because}; the one in use holds {days_left} days"))
        };
        let standing = Standing { names: held.names, until: clock::iso(held.until), days_left, renewed_here };
        Standings { certificate: Some(standing), problem }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.renewed_here { "renewed by itself" } else { "read from its files whenever they change" };
        writeln!(f, "  the certificate for {} holds {} days; {how}", self.names.join(", "), self.days_left)
    }
}
