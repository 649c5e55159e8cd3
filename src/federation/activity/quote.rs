//! QuoteRequest and its answers (FEP-044f), both ways: asking the author of what is quoted, the stamp that says yes, its
//! Reject, and taking the stamp back.

use super::{Built, Incoming, Received, built, create, object_key, only, require_account};
use crate::{
    error::Result,
    federation::{
        address::RemoteUri,
        fetch,
        object::{Approval, Note, Quote, is_public},
        outward::{PUBLIC, account_uri, note, with_context},
    },
    origin::Origin,
    status::{
        self as rules,
        accept::Reason,
        quote_answer::{self, RemoteQuote},
    },
};
use serde_json::{Value, json};
use storage::{
    AccountId, Digest, Read, StatusId, Tx, account,
    audience::Audience,
    delivery::Priority,
    quote::{self, Groups, QuotePolicy},
    status::{self, Status},
};

/// What the id of a request made here adds to that of the quoting status.
const REQUEST: &str = "#quote-request";

/// What a local status that quotes owes to the author of what it quotes; `None` if either is gone.
///
/// # Errors
/// Storage errors.
pub fn build_request(read: &dyn Read, origin: &Origin, id: StatusId) -> Result<Option<Built>> {
    let Some((quoting, quoted)) = both(read, id)? else { return Ok(None) };
    let author = require_account(read, quoting.account)?;
    let uri = origin.url(&quoting.uri);
    let document = with_context(json!({
        "id": format!("{uri}{REQUEST}"),
        "type": "QuoteRequest",
        "actor": account_uri(origin, &author),
        "to": [account_uri(origin, &require_account(read, quoted.account)?)],
        "object": origin.url(&quoted.uri),
        "instrument": note::note(read, origin, &quoting)?,
    }));
    let object = object_key(origin, &quoting.uri);
    built(&document, quoting.account, object, Priority::Direct, only(quoted.account)).map(Some)
}

/// What letting a remote account quote owes to it; `None` if either status is gone.
///
/// # Errors
/// Storage errors.
pub fn build_accept(read: &dyn Read, origin: &Origin, id: StatusId, request: &str) -> Result<Option<Built>> {
    let Some((quoting, quoted)) = both(read, id)? else { return Ok(None) };
    let (author, quoter) = (require_account(read, quoted.account)?, require_account(read, quoting.account)?);
    let asked = Asked { request, quoted: &quoted.uri, quoting: &quoting.uri };
    let mut document = asked.answer(origin, "Accept", "accepts", &author, &quoter);
    document["result"] = json!(origin.url(&rules::stamp_path(&author, quoting.id)));
    let object = object_key(origin, &rules::stamp_path(&author, quoting.id));
    built(&with_context(document), author.id, object, Priority::Direct, only(quoter.id)).map(Some)
}

/// What not letting a remote account quote owes to it.
///
/// # Errors
/// Storage errors.
pub fn build_reject(
    read: &dyn Read,
    origin: &Origin,
    (author, requester): (AccountId, AccountId),
    asked: &Asked<'_>,
) -> Result<Option<Built>> {
    let (author, quoter) = (require_account(read, author)?, require_account(read, requester)?);
    let document = with_context(asked.answer(origin, "Reject", "rejects", &author, &quoter));
    built(&document, author.id, Digest::of(asked.quoting), Priority::Direct, only(requester)).map(Some)
}

/// What taking a stamp back owes to who quotes, and to the servers of the author's followers, which may show it.
///
/// # Errors
/// Storage errors.
pub fn build_revoke(
    read: &dyn Read,
    origin: &Origin,
    author: AccountId,
    stamp: &str,
    quoter: AccountId,
) -> Result<Option<Built>> {
    let account = require_account(read, author)?;
    let uri = origin.url(stamp);
    let document = with_context(json!({
        "id": format!("{uri}#delete"),
        "type": "Delete",
        "actor": account_uri(origin, &account),
        "to": [PUBLIC],
        "object": uri,
    }));
    let audience = Audience { followers_of: Some(author), accounts: vec![quoter], ..Audience::default() };
    built(&document, author, object_key(origin, stamp), Priority::Direct, audience).map(Some)
}

/// A request as its answers name it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its id as received; may be empty.
    pub request: &'a str,
    /// The uri or path of what is quoted.
    pub quoted: &'a str,
    /// The uri of the quoting status.
    pub quoting: &'a str,
}

impl Asked<'_> {
    fn answer(
        self,
        origin: &Origin,
        kind: &str,
        word: &str,
        author: &account::Account,
        quoter: &account::Account,
    ) -> Value {
        let (actor, from) = (account_uri(origin, author), account_uri(origin, quoter));
        let mut request = json!({
            "type": "QuoteRequest",
            "actor": from,
            "object": origin.url(self.quoted),
            "instrument": origin.url(self.quoting),
        });
        if !self.request.is_empty() {
            request["id"] = json!(self.request);
        }
        // The request decides the id: answering it twice is the same activity.
        let number = storage::table::hex(&Digest::of(&format!("{} {}", self.quoting, self.request)).0);
        json!({
            "id": format!("{actor}#{word}/quote_requests/{number}"),
            "type": kind,
            "actor": actor,
            "to": [from],
            "object": request,
        })
    }
}

/// The stamp on a quote (`QuoteAuthorization`), for whoever asks.
#[must_use]
pub fn stamp(origin: &Origin, author: &account::Account, quoting: &Status, quoted: &Status) -> Value {
    with_context(json!({
        "id": origin.url(&rules::stamp_path(author, quoting.id)),
        "type": "QuoteAuthorization",
        "attributedTo": account_uri(origin, author),
        "interactingObject": origin.url(&quoting.uri),
        "interactionTarget": origin.url(&quoted.uri),
    }))
}

/// The sender asks whether its status may quote one of ours.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let Some(instrument) = &incoming.activity.instrument else {
        return Ok(Received::Dropped("it does not say which status quotes"));
    };
    let (id, document) = match create::authoritative(incoming, instrument).await? {
        create::Authority::Is(id, document) => (id, document),
        create::Authority::IsNot(why) => return Ok(Received::Dropped(why)),
    };
    let Ok(note) = Note::read(&document) else { return Ok(Received::Dropped("its status cannot be read")) };
    if note.attributed_to.as_deref() != Some(incoming.actor.as_str()) {
        return Ok(Received::Dropped("its author is not the sender"));
    }
    match &note.quote {
        Some(Quote::Native { uri, .. } | Quote::Legacy { uri }) if *uri == target => {}
        _ => return Ok(Received::Dropped("its status quotes something else")),
    }
    let remote = create::describe(incoming.server, &id, note, &incoming.sender, Reason::Pushed).await?;
    let (origin, request) = (incoming.origin(), incoming.id());
    let rule = move |tx: &mut Tx<'_>| quote_answer::accept_request(tx, &origin, &remote, &target, &request);
    let agreed = incoming.server.write(rule).await?;
    Ok(if agreed { Received::Done } else { Received::Dropped("its policy does not allow it") })
}

/// The local status whose request an Accept or Reject answers, if that is what it answers.
pub(super) fn answered(incoming: &Incoming<'_>) -> Option<StatusId> {
    let origin = incoming.server.origin();
    let path = origin.path_of(incoming.activity.object()?.id()?)?.strip_suffix(REQUEST)?;
    path.rsplit('/').next()?.parse().ok()
}

/// The author of what is quoted agrees: with a stamp on their own server.
pub(super) async fn receive_accept(incoming: &Incoming<'_>, quoting: StatusId) -> Result<Received> {
    let stamp = incoming.activity.result.as_deref().unwrap_or_default();
    match RemoteUri::parse(stamp, fetch::schemes(incoming.server)) {
        Ok(uri) if uri.same_origin(&incoming.actor) => {}
        _ => return Ok(Received::Dropped("its stamp is not the sender's")),
    }
    let (by, stamp) = (incoming.account, stamp.to_owned());
    let open = incoming.server.write(move |tx| quote_answer::accepted(tx, by, quoting, &stamp)).await?;
    Ok(if open { Received::Done } else { Received::Dropped("nothing was asked") })
}

/// The author of what is quoted refuses.
pub(super) async fn receive_reject(incoming: &Incoming<'_>, quoting: StatusId) -> Result<Received> {
    let by = incoming.account;
    let open = incoming.server.write(move |tx| quote_answer::rejected(tx, by, quoting)).await?;
    Ok(if open { Received::Done } else { Received::Dropped("nothing was asked") })
}

/// What a note says it quotes, as the rules take it.
pub(super) fn named(origin: &Origin, quote: Option<Quote>) -> Option<RemoteQuote> {
    let (uri, stamp) = match quote? {
        Quote::Native { uri, authorization } => (uri, authorization),
        Quote::Legacy { uri } => (uri, None),
        Quote::Removed => return None,
    };
    Some(RemoteQuote { of: create::other(origin, &uri), stamp })
}

/// Who may quote, as groups around `author`. The author alone is nobody; single people and unknown collections are a
/// group that is not understood.
pub(super) fn policy(approval: &Approval, author: &account::Account) -> QuotePolicy {
    QuotePolicy { automatic: groups(&approval.automatic, author, &[]), manual: groups(&approval.manual, author, &[]) }
}

/// Actors and collections as groups around `author`; whoever is in `mentioned` stands for all of them.
pub(super) fn groups(uris: &[String], author: &account::Account, mentioned: &[String]) -> Groups {
    let group = |uri: &String| match uri.as_str() {
        uri if is_public(uri) => Groups::PUBLIC,
        uri if author.endpoints.followers.as_deref() == Some(uri) => Groups::FOLLOWERS,
        uri if author.endpoints.following.as_deref() == Some(uri) => Groups::FOLLOWING,
        uri if uri == author.uri => Groups::NOBODY,
        _ if mentioned.contains(uri) => Groups::MENTIONED,
        _ => Groups::OTHER,
    };
    uris.iter().map(group).fold(Groups::NOBODY, Groups::with)
}

/// A quoting status with what it quotes, both as they are now.
fn both(read: &dyn Read, quoting: StatusId) -> Result<Option<(Status, Status)>> {
    let Some(quoted) = quote::find(read, quoting)?.and_then(|row| row.quoted) else { return Ok(None) };
    Ok(status::find(read, quoting)?.zip(status::find(read, quoted)?))
}
