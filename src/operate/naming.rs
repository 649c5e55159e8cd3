//! A try-out takes a name: looked at, asked a certificate for where TLS is to end here, written down in the configuration
//! file, and the server begins anew under it (DESIGN §4, §8).

use super::doctor::{self, Finding, Mark};
use crate::{
    config::Name,
    error::{Error, Result},
    origin::Origin,
    server::Server,
    tls,
};
use std::sync::{Mutex, PoisonError};
use storage::instance;

/// How far a try-out has come with its name; in memory, as the link that leads here.
#[derive(Default)]
pub struct Naming(Mutex<Stage>);

/// A stage of it.
#[derive(Debug, Clone, Default)]
pub enum Stage {
    /// Nothing was typed yet, or it was refused.
    #[default]
    Open,
    /// It is being looked at.
    Looking(Name),
    /// This was found.
    Looked(Name, Vec<Finding>),
}

impl Naming {
    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins again.
    pub fn leave(&self) {
        self.set(Stage::Open);
    }

    /// The name was taken, and the server could not begin under it.
    pub(crate) fn failed(&self, name: Name, why: String) {
        self.set(Stage::Looked(name, vec![Finding { mark: Mark::Wrong, words: why }]));
    }

    fn set(&self, stage: Stage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }
}

/// Whether this server is a try-out that may take a name: nobody set one, and nothing has been sent to a peer.
///
/// # Errors
/// Storage errors.
pub async fn is_open(server: &Server) -> Result<bool> {
    if server.is_named() {
        return Ok(false);
    }
    let identity = server.read(|view| Ok(instance::identity(view)?)).await?;
    Ok(identity.is_some_and(|identity| !identity.federated))
}

/// Looks at a name in the background; `Naming::stage` says how far it has come.
///
/// # Errors
/// `Invalid` for what is no name of a server; `Conflict` while another one is looked at.
pub fn begin(server: &Server, name: Name) -> Result<()> {
    let origin = Origin::parse(&format!("https://{}", name.domain), name.handle_domain.as_deref())?;
    let refuse = |why: String| Err(Error::invalid("domain", why));
    if origin.authority() != name.domain || origin.is_localhost() || !name.domain.contains('.') {
        return refuse(format!("{:?} is no name that others could find; as social.example.org", name.domain));
    }
    if server.reach().is_lab() && !origin.is_lab_name() {
        return refuse(format!("lab mode serves *.test only, not {}", name.domain));
    }
    if matches!(server.naming().stage(), Stage::Looking(_)) {
        return refuse("another name is being looked at".to_owned());
    }
    server.naming().set(Stage::Looking(name.clone()));
    let of_task = server.clone();
    server.spawn("naming", async move {
        let mut findings = doctor::look_ahead(&of_task, &name.domain, name.sealed).await;
        if name.sealed && findings.iter().all(|finding| finding.mark < Mark::Wrong) {
            findings.push(match tls::rehearse(&of_task, &name.domain).await {
                Ok(()) => Finding { mark: Mark::Fine, words: "the certificate is here".to_owned() },
                Err(error) => Finding { mark: Mark::Wrong, words: error.to_string() },
            });
        }
        of_task.naming().set(Stage::Looked(name, findings));
    });
    Ok(())
}

/// Writes the name down and has the server begin anew under it; answers where it will be.
///
/// # Errors
/// `Invalid` if no name was found to be good, or the file cannot be written.
pub async fn take(server: &Server) -> Result<Origin> {
    let Stage::Looked(name, findings) = server.naming().stage() else {
        return Err(Error::invalid("domain", "no name was looked at"));
    };
    if findings.iter().any(|finding| finding.mark == Mark::Wrong) || !is_open(server).await? {
        return Err(Error::invalid("domain", format!("{} cannot be taken", name.domain)));
    }
    let origin = Origin::parse(&format!("https://{}", name.domain), name.handle_domain.as_deref())?;
    let (file, of_write) = (server.config().file.clone(), name.clone());
    let former = server.on_disk(move || of_write.write(&file)).await?;
    tracing::info!(origin = origin.as_str(), "beginning anew under a name");
    server.begin_anew(name, former);
    Ok(origin)
}
