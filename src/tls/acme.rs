//! A certificate from an authority (RFC 8555): asked for at the start if there is none, and again when two thirds of the
//! life of the one in use are over. The authority asks for the proof at the plain port or within TLS; the two take turns.

use super::{
    authority::{Line, could_not_look, cut, too_often, words},
    challenge,
    held::Held,
    keeper::Proof,
};
use crate::{
    clock::DAY_MS,
    config::AcmeAuthority,
    error::{Error, Result},
    limits,
    server::Server,
};
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use std::time::Duration;
use storage::{
    Timestamp,
    certificate::{self, Certificate, Refusal},
    octets::Octets,
};

/// Takes up the certificate that was got before, if it can be used.
pub(super) async fn settle(server: &Server) -> Result<()> {
    let name = server.origin().host().to_owned();
    let known = server
        .read(move |view| Ok((certificate::certificate(view, &name)?, certificate::refusal(view, &name)?)))
        .await?;
    if let Some(kept) = known.0 {
        match Held::read(kept.chain.as_bytes(), &kept.key) {
            Ok(held) => server.keeper().change(held),
            Err(error) => tracing::warn!(%error, "the certificate in the store cannot be used; asking for another"),
        }
    }
    server.keeper().note(known.1.map(|refusal| refusal.why));
    Ok(())
}

/// Looks after the certificate until the server stops.
pub(super) fn start(server: &Server) {
    let of_task = server.clone();
    server.spawn("certificate", async move {
        let mut asked = false;
        loop {
            let next = match look(&of_task, asked).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "the certificate cannot be looked after");
                    of_task.now().plus_ms(limits::ACME_BACKOFF_MS)
                }
            };
            asked = tokio::select! {
                () = of_task.sleep_until(next) => false,
                () = of_task.keeper().looked_for() => true,
            };
        }
    });
}

/// Gets a certificate if it is time; answers when to look again. `asked`: somebody does not want to wait.
async fn look(server: &Server, asked: bool) -> Result<Timestamp> {
    let (name, now) = (server.origin().host().to_owned(), server.now());
    if let Some(held) = server.keeper().current()
        && held.is_for(&name)
    {
        let of_read = name.clone();
        let kept = server.read(move |view| Ok(certificate::certificate(view, &of_read)?)).await?;
        let rested = kept.map_or(now, |kept| kept.obtained_at.plus_ms(limits::ACME_REST_MS));
        // One that was over two thirds of its life when it came, by this clock, is not asked for again at once.
        if now < held.due() || (now < rested && !asked) {
            return Ok(held.due().min(now.plus_ms(DAY_MS)).max(rested.min(now.plus_ms(limits::ACME_REST_MS))));
        }
    }
    let of_read = name.clone();
    let refusal = server.read(move |view| Ok(certificate::refusal(view, &of_read)?)).await?;
    if let Some(refusal) = &refusal
        && !asked
        && now < refusal.again_at
    {
        return Ok(refusal.again_at);
    }
    let tries = refusal.as_ref().map_or(0, |refusal| refusal.tries);
    let whole = Duration::from_millis(limits::ACME_WHOLE_MS);
    let outcome = tokio::time::timeout(whole, obtain(server, &name, tries)).await;
    let outcome = outcome.unwrap_or_else(|_| Err(Failed::said("the authority did not come to an end in time")));
    match outcome {
        Ok(kept) => take_up(server, &name, kept).await,
        Err(failed) => refused(server, &name, refusal, failed).await,
    }
}

/// A certificate for a name that this server is about to take, asked for by both ways of proof; nothing is written down
/// of a refusal.
///
/// # Errors
/// What the authority says, in words for people.
pub(super) async fn rehearse(server: &Server, name: &str) -> std::result::Result<(), String> {
    let of_read = name.to_owned();
    let known = server.read(move |view| Ok(certificate::certificate(view, &of_read)?)).await;
    let known = known.map_err(|error| error.to_string())?;
    let held = known.and_then(|kept| Held::read(kept.chain.as_bytes(), &kept.key).ok());
    if held.is_some_and(|held| server.now() < held.due()) {
        return Ok(());
    }
    let mut said = String::new();
    for tries in 0..2 {
        let whole = Duration::from_millis(limits::ACME_WHOLE_MS);
        let outcome = tokio::time::timeout(whole, obtain(server, name, tries)).await;
        match outcome.unwrap_or_else(|_| Err(Failed::said("the authority did not come to an end in time"))) {
            Ok(kept) => return take_up(server, name, kept).await.map(drop).map_err(|error| error.to_string()),
            Err(failed) if failed.too_often => return Err(failed.why),
            // What it says of the plain port is what more people can act on.
            Err(failed) if said.is_empty() => said = failed.why,
            Err(_) => {}
        }
    }
    Err(said)
}

/// Keeps a certificate, and shows it from now on.
async fn take_up(server: &Server, name: &str, kept: Certificate) -> Result<Timestamp> {
    let held = Held::read(kept.chain.as_bytes(), &kept.key)?;
    tracing::info!(name, until = %crate::clock::iso(held.until), "a new certificate is in use");
    let due = held.due();
    server.keeper().change(held);
    server.keeper().note(None);
    let name = name.to_owned();
    let stored = server.write(move |tx| {
        certificate::put_certificate(tx, &name, &kept);
        Ok(())
    });
    if let Err(error) = stored.await {
        // It serves as long as this process lives; the next one asks again.
        tracing::error!(%error, "the new certificate could not be stored");
    }
    let now = server.now();
    Ok(due.min(now.plus_ms(DAY_MS)).max(now.plus_ms(limits::ACME_REST_MS)))
}

async fn refused(server: &Server, name: &str, before: Option<Refusal>, failed: Failed) -> Result<Timestamp> {
    let (now, why) = (server.now(), failed.why);
    tracing::warn!(name, why, "no certificate from the authority");
    let tries = before.as_ref().map_or(0, |refusal| refusal.tries).saturating_add(1);
    let wait = limits::ACME_BACKOFF_MS.saturating_mul(1 << (2 * (tries - 1)).min(12)).min(limits::ACME_BACKOFF_MAX_MS);
    let wait = if failed.too_often { wait.max(limits::ACME_TOO_OFTEN_MS) } else { wait };
    let since = before.map_or(now, |refusal| refusal.since);
    server.keeper().note(Some(why.clone()));
    let refusal = Refusal { tries, again_at: now.plus_ms(wait), since, why };
    let (name, again_at) = (name.to_owned(), refusal.again_at);
    server
        .write(move |tx| {
            certificate::put_refusal(tx, &name, &refusal);
            Ok(())
        })
        .await?;
    Ok(again_at)
}

/// No certificate, and why.
struct Failed {
    why: String,
    too_often: bool,
}

impl Failed {
    fn said(why: &str) -> Self {
        Failed { why: cut(why), too_often: false }
    }
}

impl From<instant_acme::Error> for Failed {
    fn from(error: instant_acme::Error) -> Self {
        Failed { why: reason(&error), too_often: too_often(&error) }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Failed::said(&error.to_string())
    }
}

/// One order from its beginning to the certificate.
async fn obtain(server: &Server, name: &str, tries: u32) -> std::result::Result<Certificate, Failed> {
    let account = account(server, &server.config().tls.authority).await?;
    let names = [Identifier::Dns(name.to_owned())];
    let mut order = account.new_order(&NewOrder::new(&names)).await?;
    let policy = RetryPolicy::new().timeout(Duration::from_millis(limits::ACME_ORDER_MS));
    let proofs = prove(server, &mut order, tries).await?;
    match order.poll_ready(&policy).await {
        Ok(OrderStatus::Ready) => {}
        Ok(_) => return Err(Failed::said(&unseen(&mut order).await.unwrap_or_else(|| UNREASONED.to_owned()))),
        // Some say of the order that it failed, and why only where they looked.
        Err(error) => {
            let why = unseen(&mut order).await.unwrap_or_else(|| reason(&error));
            return Err(Failed { too_often: too_often(&error), why });
        }
    }
    drop(proofs);
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&policy).await?;
    // What cannot be used is a refusal like any other: waited out, and told.
    let held = Held::read(chain.as_bytes(), key.as_bytes())?;
    if !held.is_for(name) || server.now() >= held.until {
        return Err(Failed::said(
            "the authority gave a certificate for another name, or one that is over by this clock",
        ));
    }
    Ok(Certificate { chain, key: Octets(key.into_bytes()), obtained_at: server.now() })
}

/// What the authority knows us as; made at the first time.
async fn account(server: &Server, authority: &AcmeAuthority) -> std::result::Result<Account, Failed> {
    let directory = authority.directory.clone();
    let of_read = directory.clone();
    let known = server.read(move |view| Ok(certificate::acme_account(view, &of_read)?)).await?;
    let builder = Account::builder_with_http(Box::new(Line::new(server)?));
    if let Some(known) = known {
        let credentials: AccountCredentials = serde_json::from_slice(&known)
            .map_err(|_| Failed::said("what the authority knows this server as cannot be read from the store"))?;
        return Ok(builder.from_credentials(credentials).await?);
    }
    let contact = authority.contact.as_ref().map(|address| format!("mailto:{address}"));
    let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder.create(&new, directory.clone(), None).await?;
    let credentials = serde_json::to_vec(&credentials).map_err(|error| Failed::said(&error.to_string()))?;
    server
        .write(move |tx| {
            certificate::put_acme_account(tx, &directory, &Octets(credentials.clone()));
            Ok(())
        })
        .await?;
    Ok(account)
}

/// Lays out what proves that the name leads here, and says so to the authority.
async fn prove(server: &Server, order: &mut Order, tries: u32) -> std::result::Result<Vec<Proof>, Failed> {
    let mut kinds = [ChallengeType::Http01, ChallengeType::TlsAlpn01];
    if server.config().tls.plain.is_none() {
        kinds = [ChallengeType::TlsAlpn01, ChallengeType::TlsAlpn01];
    } else if tries % 2 == 1 {
        kinds.reverse();
    }
    let mut proofs = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let offered = |kind: &&ChallengeType| authorization.challenges.iter().any(|offer| offer.r#type == **kind);
        let kind = kinds.iter().find(offered).cloned();
        let name = authorization.identifier().to_string();
        let none = || Failed::said("the authority offers no proof by http-01 or tls-alpn-01");
        let kind = kind.ok_or_else(none)?;
        let mut challenge = authorization.challenge(kind.clone()).ok_or_else(none)?;
        let answer = challenge.key_authorization();
        proofs.push(match kind {
            ChallengeType::Http01 => server.keeper().tell(&challenge.token, answer.as_str().to_owned()),
            _ => server.keeper().show(&name, challenge::proof(&name, answer.digest().as_ref())?),
        });
        challenge.set_ready().await?;
    }
    Ok(proofs)
}

const UNREASONED: &str = "the authority refused the order without a reason";

/// What an authority says of a proof that it did not see.
async fn unseen(order: &mut Order) -> Option<String> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else { continue };
        let said = state.challenges.iter().find_map(|challenge| challenge.error.as_ref()?.detail.clone());
        if let Some(said) = said {
            return Some(unseen_because(&said));
        }
    }
    None
}

/// Why, in words. An authority that looks at once tells of a proof that it did not see when it is told to look.
fn reason(error: &instant_acme::Error) -> String {
    if could_not_look(error) { unseen_because(&words(error)) } else { words(error) }
}

fn unseen_because(said: &str) -> String {
    cut(&format!("the authority could not see that this name leads here: {said}"))
}
