//! Forwarding (ActivityPub §7.1.2): what is said elsewhere about an answer to a public status of somebody here goes on, as
//! it came, to the servers of those who follow them: their threads are whole although the answerer does not know them.
//!
//! Only what bears a proof of its own actor (FEP-8b32): ours says nothing about it.

use super::Incoming;
use crate::{
    error::Result,
    federation::{inbox, signature::proof},
    http::rate::{Bucket, Who},
    limits,
    status::accept::{RemoteReply, RemoteStatus},
};
use storage::{
    AccountId, Digest, Read, Tx, account,
    audience::Audience,
    delivery::{Built, Priority, Sender},
    intent::Intent,
    job::{self, JobKind},
    moderation, status,
};

/// What may be passed on: as it came, and its id.
pub(super) struct Passable {
    uri: String,
    bytes: Vec<u8>,
}

/// Whether a status answers one of ours: nothing else is passed on.
pub(super) fn answers_us(remote: &RemoteStatus) -> bool {
    matches!(remote.reply, Some(RemoteReply::Local(_)))
}

/// What was received, if it may be passed on: proved by its actor, whom moderators here have not limited, of at most
/// `limits::FORWARDED_BYTES_MAX`, within the rate of its server.
pub(super) async fn passable(incoming: &Incoming<'_>) -> Option<Passable> {
    let bytes = incoming.bytes.filter(|bytes| bytes.len() <= limits::FORWARDED_BYTES_MAX)?;
    let uri = incoming.activity.id.clone()?;
    let document = crate::federation::json::parse(bytes).ok()?;
    proof::verification_method(&document)?;
    let (server, sender) = (incoming.server, incoming.sender.clone());
    if server.read(move |view| Ok(moderation::is_silenced(view, &sender)?)).await.ok()? {
        return None;
    }
    server.rates().take(Bucket::Forward, Who::named(incoming.actor.authority().as_str()), server.now()).ok()?;
    let proved = inbox::has_proof_of(server, &document, incoming.actor.as_str()).await;
    proved.then(|| Passable { uri, bytes: bytes.to_vec() })
}

/// Whose followers hear what is said about the status at `uri`: the author here of the public status that it answers
/// publicly.
///
/// # Errors
/// Storage errors.
pub(super) fn author_answered(read: &dyn Read, uri: &str) -> Result<Option<AccountId>> {
    let Some(answer) = status::find_by_uri(read, uri)?.filter(|answer| answer.is_public() && !answer.local) else {
        return Ok(None);
    };
    let Some(parent) = answer.reply.and_then(|reply| reply.status) else { return Ok(None) };
    let parent = status::find(read, parent)?;
    let ours = parent.filter(|parent| parent.local && parent.is_public() && !parent.local_only);
    let Some(ours) = ours else { return Ok(None) };
    Ok(account::find(read, ours.account)?.filter(|author| author.suspended_at.is_none()).map(|author| author.id))
}

/// Owes the activity to the followers of `author`; `answer` is the uri of the status that it speaks of.
pub(super) fn owe(tx: &mut Tx<'_>, author: AccountId, answer: &str, passable: &Passable) {
    let Passable { uri, bytes } = passable;
    let intent = Intent::Forward { author, uri: uri.clone(), object: Digest::of(answer), bytes: bytes.clone() };
    job::enqueue(tx, JobKind::Distribute(intent));
}

/// What goes to the followers of `author`, signed on its way by their key.
pub(super) fn build(author: AccountId, uri: &str, object: Digest, bytes: &[u8]) -> Built {
    Built {
        uri: uri.to_owned(),
        object,
        bytes: bytes.to_vec(),
        sender: Sender::Account(author),
        priority: Priority::Public,
        audience: Audience { followers_of: Some(author), ..Audience::default() },
    }
}
