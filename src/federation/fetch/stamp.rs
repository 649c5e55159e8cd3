//! What shows that an author agreed to what another did with a status of theirs: that they quote it (FEP-044f), or
//! like, answer or share it (GoToSocial, interaction policies).

use super::{Budget, document, schemes};
use crate::{
    error::{Error, Result},
    federation::{address::RemoteUri, object::read},
    server::Server,
    status::accept::{self, Authorization, RemoteStatus},
};
use serde_json::Value;
use storage::interaction::Interaction;

/// The names of what shows that something was let, the second from before GoToSocial 0.20.
const LIKES: [&str; 2] = ["LikeAuthorization", "LikeApproval"];
const REPLIES: [&str; 2] = ["ReplyAuthorization", "ReplyApproval"];
const ANNOUNCES: [&str; 2] = ["AnnounceAuthorization", "AnnounceApproval"];

/// What is claimed of a stamp.
pub struct Claim<'a> {
    /// Its id.
    pub stamp: &'a str,
    /// Who agreed, the author of `target`.
    pub author: &'a str,
    /// The status, Like or Announce that does something.
    pub interacting: &'a str,
    /// The status with which it does that.
    pub target: &'a str,
}

/// Whether the author of what is liked, answered or shared vouches for that.
///
/// # Errors
/// What passes: their server does not answer. Storage errors.
pub async fn lets(server: &Server, kind: Interaction, claim: &Claim<'_>, budget: &Budget) -> Result<bool> {
    let kinds = match kind {
        Interaction::Favourite => LIKES,
        Interaction::Reply => REPLIES,
        Interaction::Reblog => ANNOUNCES,
    };
    vouches(server, &kinds, claim, budget).await
}

/// The same status with what it shows for the leave of who is answered verified, if that is right. It is fetched only if it is
/// needed and somebody here would have the status then.
///
/// # Errors
/// What passes, where nobody here would have it otherwise: their server does not answer. Storage errors.
pub async fn verify_answer(server: &Server, remote: RemoteStatus, budget: &Budget) -> Result<RemoteStatus> {
    let Authorization::Shown(stamp) = remote.authorization.clone() else { return Ok(remote) };
    let looked = server.read(move |view| {
        let answered = accept::to_verify(view, &remote)?;
        Ok((remote, answered))
    });
    let (mut remote, answered) = looked.await?;
    let Some(answered) = answered else { return Ok(remote) };
    let (author, target) = (answered.author.as_str(), answered.uri.as_str());
    let claim = Claim { stamp: &stamp, author, interacting: &remote.uri, target };
    match lets(server, Interaction::Reply, &claim, budget).await {
        Ok(true) => remote.authorization = Authorization::Verified(stamp),
        Ok(false) => {}
        Err(error @ (Error::Storage(_) | Error::Bug(_))) => return Err(error),
        Err(error) if !answered.kept_anyway => return Err(error),
        // It stands by itself until somebody has the thread read.
        Err(error) => tracing::debug!(%error, uri = remote.uri, "the leave to answer is looked at later"),
    }
    Ok(remote)
}

/// Whether the stamp lies on the author's own server, is of one of these types, by them, and names both statuses.
///
/// # Errors
/// What passes: their server does not answer.
pub(super) async fn vouches(server: &Server, kinds: &[&str], claim: &Claim<'_>, budget: &Budget) -> Result<bool> {
    let (Ok(stamp), Ok(by)) =
        (RemoteUri::parse(claim.stamp, schemes(server)), RemoteUri::parse(claim.author, schemes(server)))
    else {
        return Ok(false);
    };
    if !stamp.same_origin(&by) {
        return Ok(false);
    }
    let Some((id, document)) = absent_is_none(document(server, claim.stamp, budget).await)? else { return Ok(false) };
    Ok(id.as_str() == claim.stamp && says(&document, kinds, claim))
}

fn says(stamp: &Value, kinds: &[&str], claim: &Claim<'_>) -> bool {
    read::types(stamp).iter().any(|kind| kinds.contains(kind))
        && read::id(stamp.get("attributedTo")) == Some(claim.author)
        && read::id(stamp.get("interactingObject")) == Some(claim.interacting)
        && read::id(stamp.get("interactionTarget")) == Some(claim.target)
}

/// What is gone, or cannot be, is not there; everything else may pass.
pub(super) fn absent_is_none<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Gone | Error::Invalid { .. } | Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
