//! One attempt: sign, post, read the answer (FEDERATION §4 and §5).

use super::{
    Document,
    keyring::{Keyring, SenderKey},
    plan::{Setback, Verdict},
    tallies::Tallies,
};
use crate::{
    error::{Error, Result},
    federation::{
        activity::silence::may_be_sent,
        client::{Answer, Failure, FailureKind, Signer, Signing},
        scheme,
        signature::Scheme,
        synchronization,
    },
    server::Server,
};
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use storage::{
    AccountId, Timestamp, View,
    delivery::{self, BYTES_MAX, Memory},
    instance, manner,
    moderation::is_suspended,
    peer::authority_of,
    undelivered::Reason,
};
use url::Url;

/// What is remembered between attempts.
#[derive(Default)]
pub(super) struct Sender {
    /// It is noted that something left under this origin.
    federated: AtomicBool,
    /// Followers by server, for what goes to them.
    tallies: Tallies,
}

impl Sender {
    /// Sends `document` to the inbox at `url`, while this machine may serve and no longer.
    pub(super) async fn attempt(
        &self,
        server: &Server,
        keys: &Keyring,
        domain: &str,
        url: &str,
        document: &Arc<Document>,
    ) -> Verdict {
        let left = match server.fence().left() {
            Ok(left) => left,
            Err(why) => return Verdict::NotTried { why },
        };
        let sent = tokio::time::timeout(left, self.send(server, keys, domain, url, document)).await;
        sent.unwrap_or_else(|_| Verdict::NotTried { why: "the lease of this machine ran out".to_owned() })
    }

    async fn send(
        &self,
        server: &Server,
        keys: &Keyring,
        domain: &str,
        url: &str,
        document: &Arc<Document>,
    ) -> Verdict {
        debug_assert!(document.bytes.len() <= BYTES_MAX);
        let give_up = |why: &str, reason| Verdict::GiveUp { why: why.to_owned(), reason, inbox_gone: false };
        let Ok(target) = Url::parse(url) else { return give_up("inbox is not a URL", Reason::Address) };
        // Blocks and suspensions hold also for what was owed before them.
        let (of, said, origin) = (domain.to_owned(), Arc::clone(document), server.origin().clone());
        let look = move |view: &View<'_>| {
            let may = may_be_sent(view, &origin, &said.activity, &said.bytes)?;
            Ok((is_suspended(view, &of)?, may, manner::find(view, &of)?))
        };
        let first = match server.read(look).await {
            Ok((true, ..)) => return give_up("its domain is suspended here", Reason::Suspended),
            Ok((_, false, _)) => return give_up("its sender is suspended or gone", Reason::NoKey),
            Ok((_, true, manner)) => scheme::first(&manner, server.now()),
            Err(error) => return of_ours(&error),
        };
        let to = Door { domain, target: &target, first };
        // Its own server said it.
        let passed_on = is_passed_on(server, document);
        if passed_on && authority_of(&document.activity.uri).as_deref() == Some(domain) {
            return Verdict::Done;
        }
        let key = match keys.get(server, document.activity.sender).await {
            Ok(key) => key,
            Err(error) => return of_ours(&error),
        };
        if let Err(error) = self.note_federated(server).await {
            return of_ours(&error);
        }
        let mut outcome = match &key {
            Some(key) => Some(self.knock(server, key, &to, document).await),
            None => None,
        };
        // Whoever knows the new key already does not take the old one.
        let refused = outcome
            .as_ref()
            .is_none_or(|outcome| outcome.as_ref().is_ok_and(|answer| scheme::is_refused(answer.status)));
        let successor = match document.activity.sender {
            delivery::Sender::Retired(account) => Some(delivery::Sender::Account(account)),
            delivery::Sender::RetiredInstance(_) => Some(delivery::Sender::Instance),
            delivery::Sender::Account(_) | delivery::Sender::Instance => None,
        };
        if let (Some(successor), true) = (successor, refused) {
            match keys.get(server, successor).await {
                Ok(Some(key)) => outcome = Some(self.knock(server, &key, &to, document).await),
                Ok(None) => {}
                Err(error) => return of_ours(&error),
            }
        }
        match outcome {
            // Not everybody takes from us what others said (Fedify answers 401); what we say ourselves is as welcome as ever.
            Some(Ok(answer)) if passed_on && answer.status.is_client_error() => {
                let why = format!("{url} answered {} to what was passed on", answer.status.as_u16());
                let of = domain.to_owned();
                note(server, domain, move |tx| manner::refuses_passed_on(tx, &of)).await;
                Verdict::GiveUp { why, reason: Reason::Refused(answer.status.as_u16()), inbox_gone: false }
            }
            Some(outcome) => judge(outcome, url, server.now()),
            None => give_up("its sender has no key any more", Reason::NoKey),
        }
    }

    /// Followers of an account here changed.
    pub(super) fn followers_changed(&self, account: AccountId) {
        self.tallies.changed(account);
    }

    /// Followers of any account may have.
    pub(super) fn any_followers_changed(&self) {
        self.tallies.clear();
    }

    /// What a status or reblog says beside about the followers at `domain` of whoever posted it (FEP-8fcf): what they write
    /// reaches those who follow them, and only servers that agree on who does keep it from others.
    async fn followers_at(
        &self,
        server: &Server,
        key: &SenderKey,
        domain: &str,
        document: &Document,
    ) -> Option<HeaderValue> {
        let (delivery::Sender::Account(account), Memory::Audience) =
            (document.activity.sender, document.activity.memory)
        else {
            return None;
        };
        // While an account moves, who follows it changes with each server that hears of it.
        if document.activity.priority == delivery::Priority::Profile {
            return None;
        }
        let tally = self.tallies.of(server, account, domain).await?;
        synchronization::header(key.id.split('#').next()?, &tally)
    }

    /// Posts, signed with `key` in the way that the peer takes; if it refuses that, once more in the other one. What comes
    /// of the second is judged, unless the peer refuses that signature, too: then what it said of the first.
    async fn knock(
        &self,
        server: &Server,
        key: &SenderKey,
        to: &Door<'_>,
        document: &Document,
    ) -> std::result::Result<Answer, Failure> {
        let now = server.now();
        let Door { domain, target, first } = *to;
        let followers = self.followers_at(server, key, domain, document).await;
        let send = async |scheme| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(CONTENT));
            if let Some(followers) = &followers {
                headers.insert(synchronization::HEADER, followers.clone());
            }
            let signer = Signer { key_id: &key.id, key: &key.key, signing: Signing::By(scheme), now };
            server.client().post_signed(target, headers, document.bytes.clone(), &signer).await
        };
        let answer = send(first).await?;
        if !scheme::is_refused(answer.status) || is_passed_on(server, document) {
            return Ok(answer);
        }
        let other = scheme::other(first);
        match send(other).await {
            Ok(second) if second.status.is_success() => {
                let (of, form) = (domain.to_owned(), scheme::form(other));
                note(server, domain, move |tx| manner::takes(tx, &of, form)).await;
                Ok(second)
            }
            Ok(second) if scheme::is_refused_too(second.status) => Ok(answer),
            // It was read, or did not get through: what is busy or out of reach is tried again.
            outcome => outcome,
        }
    }

    /// Before the first byte leaves for a peer it is noted that this origin is known elsewhere (DESIGN §4).
    async fn note_federated(&self, server: &Server) -> Result<()> {
        if self.federated.load(Ordering::Relaxed) {
            return Ok(());
        }
        server
            .write(|tx| {
                if let Some(mut identity) = instance::identity(tx)?.filter(|identity| !identity.federated) {
                    identity.federated = true;
                    instance::put_identity(tx, &identity);
                }
                Ok(())
            })
            .await?;
        self.federated.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Where something is delivered.
struct Door<'a> {
    domain: &'a str,
    target: &'a Url,
    /// The signature that is tried first.
    first: Scheme,
}

/// Writes down what a peer has shown of itself; it shows it again if that fails.
async fn note(
    server: &Server,
    domain: &str,
    what: impl Fn(&mut storage::Tx<'_>) -> storage::Result<()> + Send + 'static,
) {
    if let Err(error) = server.write(move |tx| Ok(what(tx)?)).await {
        tracing::warn!(domain, %error, "what a peer takes could not be written down");
    }
}

/// Whether somebody elsewhere said it, and it is only passed on (ActivityPub §7.1.2).
fn is_passed_on(server: &Server, document: &Document) -> bool {
    !server.origin().is_own(&document.activity.uri)
}

/// What is sent (ActivityPub §7).
const CONTENT: &str = "application/activity+json";

/// What an answer means for the delivery and the peer. Most 4xx are final (Mastodon does the same); what a peer says
/// of its own state, and 5xx but 501, is not.
fn judge(outcome: std::result::Result<Answer, Failure>, url: &str, now: Timestamp) -> Verdict {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(failure) if failure.kind == FailureKind::Refused => {
            let why = format!("{url}: {}", failure.why);
            return Verdict::GiveUp { why, reason: Reason::Address, inbox_gone: false };
        }
        Err(failure) if failure.kind == FailureKind::Busy => return Verdict::NotTried { why: failure.why },
        Err(failure) => return again(format!("{url}: {}", failure.why)),
    };
    let status = answer.status;
    if status.is_success() {
        return Verdict::Done;
    }
    let why = format!("{url} answered {}", status.as_u16());
    let temporary = matches!(status.as_u16(), 401 | 408 | 429) || status.is_server_error() && status.as_u16() != 501;
    if temporary {
        let retry_after_ms = answer.retry_after_ms(now);
        return Verdict::Retry(Setback { why, status: Some(status.as_u16()), retry_after_ms });
    }
    Verdict::GiveUp { why, reason: Reason::Refused(status.as_u16()), inbox_gone: status == StatusCode::GONE }
}

/// What trouble of this server means for a delivery: it is not tried while that passes. What is damaged does not pass, so
/// that such a delivery is given up in the end.
fn of_ours(error: &Error) -> Verdict {
    match error {
        Error::Storage(storage::Error::Corrupt { .. } | storage::Error::Format { .. }) | Error::Bug(_) => {
            again(error.to_string())
        }
        _ => Verdict::NotTried { why: error.to_string() },
    }
}

/// That a delivery which brought no answer is tried again.
fn again(why: String) -> Verdict {
    Verdict::Retry(Setback { why, status: None, retry_after_ms: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn answered(status: u16, retry_after: Option<&str>) -> Verdict {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert("retry-after", HeaderValue::from_str(text).expect("printable"));
        }
        let final_url = Url::parse("https://a.test/inbox").expect("a URL");
        let status = StatusCode::from_u16(status).expect("a status");
        judge(Ok(Answer { status, headers, body: Bytes::new(), final_url }), "https://a.test/inbox", Timestamp(0))
    }

    #[test]
    fn answers_are_final_or_temporary() {
        for status in [200, 202, 204] {
            assert_eq!(answered(status, None), Verdict::Done);
        }
        for status in [301, 400, 403, 404, 405, 413, 422, 501] {
            let Verdict::GiveUp { inbox_gone: false, reason, .. } = answered(status, None) else { panic!("{status}") };
            assert_eq!(reason, Reason::Refused(status));
        }
        assert!(matches!(answered(410, None), Verdict::GiveUp { inbox_gone: true, .. }));
        for status in [401, 408, 429, 500, 502, 503, 504] {
            let Verdict::Retry(setback) = answered(status, None) else { panic!("{status}") };
            assert_eq!((setback.status, setback.retry_after_ms), (Some(status), None));
        }
    }

    #[test]
    fn a_peer_may_say_when_to_come_back() {
        let asked = |text| match answered(503, Some(text)) {
            Verdict::Retry(setback) => setback.retry_after_ms,
            _ => None,
        };
        assert_eq!(asked("120"), Some(120_000));
        assert_eq!(asked("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60_000));
        assert_eq!(asked("soon"), None);
        assert_eq!(asked("-5"), None);
    }
}
