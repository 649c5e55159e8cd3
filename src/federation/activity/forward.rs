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
    domain_block,
    intent::Intent,
    interaction,
    job::{self, JobKind},
    moderation, relationship,
    status::{self, Visibility},
};

/// What may be passed on: as it came, and its id.
pub(super) struct Passable {
    uri: String,
    bytes: Vec<u8>,
}

/// Whether a status answers one of ours, and says that it is for everybody: nothing else is passed on.
pub(super) fn answers_us(remote: &RemoteStatus) -> bool {
    matches!(remote.reply, Some(RemoteReply::Local(_)))
        && matches!(remote.visibility, Visibility::Public | Visibility::Unlisted)
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
    let proved = inbox::has_proof_of(server, &document, incoming.actor.as_str(), None).await;
    proved.then(|| Passable { uri, bytes: bytes.to_vec() })
}

/// Whose followers hear what the status at `uri` says: as `author_answered`, unless they block who wrote it, or the
/// domain of that.
///
/// # Errors
/// Storage errors.
pub(super) fn author_to_tell(read: &dyn Read, uri: &str) -> Result<Option<AccountId>> {
    let Some(author) = author_answered(read, uri)? else { return Ok(None) };
    let Some(answer) = status::find_by_uri(read, uri)? else { return Ok(None) };
    let domain = account::find(read, answer.account)?.and_then(|answerer| answerer.domain);
    let refused = match &domain {
        Some(domain) => domain_block::blocks(read, author, domain)?,
        None => false,
    };
    Ok((!refused && !relationship::blocks(read, author, answer.account)?).then_some(author))
}

/// Whose followers hear that the status at `uri` is gone: those of the author here of the public status that it answers
/// publicly; nobody's if it still waits for the author's word, because they never heard of it.
///
/// # Errors
/// Storage errors.
pub(super) fn author_answered(read: &dyn Read, uri: &str) -> Result<Option<AccountId>> {
    let Some(answer) = status::find_by_uri(read, uri)?.filter(|answer| answer.is_public() && !answer.local) else {
        return Ok(None);
    };
    if interaction::is_pending(read, &answer)? {
        return Ok(None);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::{Lab, plain};
    use storage::status::{Reply, Status};

    #[test]
    fn whom_they_answer_tells_nothing_of_people_they_block() {
        let lab = Lab::new();
        let (ann, far) = (lab.local("ann"), lab.remote("far"));
        let uri = "https://far.test/notes/1";
        let answered = move |tx: &mut Tx<'_>| {
            let asked = plain(tx.next_id(), ann, tx.now());
            status::insert(tx, &asked)?;
            let reply = Some(Reply { uri: String::new(), status: Some(asked.id), account: Some(ann) });
            let (id, uri) = (tx.next_id(), uri.to_owned());
            status::insert(tx, &Status { id, account: far, local: false, uri, reply, ..asked })?;
            Ok(())
        };
        lab.write(answered).expect("stored");
        let told = || lab.read(|read| author_to_tell(read, uri));
        assert_eq!(told(), Some(ann));
        lab.write(move |tx| Ok(domain_block::put(tx, ann, "far.test")?)).expect("blocked");
        assert_eq!(told(), None, "their domain");
        lab.write(move |tx| Ok(domain_block::remove(tx, ann, "far.test")?)).expect("unblocked");
        assert_eq!(told(), Some(ann));
        let blocker = lab.account(ann);
        lab.write(move |tx| Ok(relationship::put_block(tx, &blocker, far)?)).expect("blocked");
        assert_eq!(told(), None, "themselves");
        let of_a_delete = lab.read(|read| author_answered(read, uri));
        assert_eq!(of_a_delete, Some(ann), "that it is gone is told to whoever heard of it");
    }
}
