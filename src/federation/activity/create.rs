//! Create (ActivityPub §6.2, §7.2): a new status, both ways.

use super::{Built, Incoming, Received, built, forward, interaction, object_key, quote};
use crate::{
    error::{Error, Result},
    federation::{
        address::RemoteUri,
        fetch,
        object::{self, Note, Thing, is_public},
        outward::{account_uri, note, with_context},
        trust::{self, Trust},
    },
    limits,
    origin::Origin,
    poll,
    server::Server,
    status::{
        self as statuses,
        accept::{self, Accepted, Authorization, Reason, RemoteReply, RemoteStatus},
    },
    text::{plain::display_name, sanitise::sanitise},
};
use serde_json::{Value, json};
use std::borrow::Cow;
use storage::{
    AccountId, Read, RowId, StatusId, Timestamp,
    account::{self, Account},
    audience::Audience,
    backfill::Stated,
    delivery::Priority,
    interaction::Asking,
    relationship,
    status::{self, Attachment, Poll, PollOption, Status, Visibility},
};

/// The Create of a local status, without `@context`.
///
/// # Errors
/// Storage errors; `Bug` if the author's row is missing.
pub fn document(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Value> {
    wrap(read, origin, status, "Create", &format!("{}/activity", origin.url(&status.uri)))
}

/// An activity of `kind` around the Note of `status`, addressed like it.
pub(super) fn wrap(read: &dyn Read, origin: &Origin, status: &Status, kind: &str, id: &str) -> Result<Value> {
    let author = super::require_account(read, status.account)?;
    let object = note::note(read, origin, status)?;
    let mut document = json!({
        "id": id,
        "type": kind,
        "actor": account_uri(origin, &author),
        "published": object["published"],
        "to": object["to"],
        "cc": object["cc"],
    });
    if let Some(group) = object.get("audience") {
        document["audience"] = group.clone();
    }
    document["object"] = object;
    Ok(document)
}

/// What a new status owes to others; `None` if it is gone already.
///
/// # Errors
/// Storage errors.
pub fn build(read: &dyn Read, origin: &Origin, id: StatusId) -> Result<Option<Built>> {
    let Some(status) = status::find(read, id)? else { return Ok(None) };
    let document = with_context(document(read, origin, &status)?);
    let priority = priority(status.visibility, &status.mentions);
    let audience = audience(read, &status, &document)?;
    built(&document, status.account, object_key(origin, &status.uri), priority, audience).map(Some)
}

/// What a status, its edits and its Delete are to a peer: one that is direct or mentions somebody goes first.
pub(super) fn priority(visibility: Visibility, mentions: &[AccountId]) -> Priority {
    if visibility == Visibility::Direct || !mentions.is_empty() { Priority::Direct } else { Priority::Public }
}

/// What a vote in a remote poll owes to its author: a Note that names the option as its author wrote it.
///
/// # Errors
/// Storage errors.
pub fn build_vote(
    read: &dyn Read,
    origin: &Origin,
    voter: AccountId,
    id: StatusId,
    choice: u32,
    row: RowId,
) -> Result<Option<Built>> {
    let Some(status) = status::find(read, id)? else { return Ok(None) };
    let Some(option) = status.poll.as_ref().and_then(|poll| poll.options.get(choice as usize)) else {
        return Ok(None);
    };
    // It may ask something else by now, which nobody voted for.
    if storage::poll::ballot(read, id, voter)?.is_none_or(|cast| !cast.choices.contains(&choice)) {
        return Ok(None);
    }
    let (who, author) = (super::require_account(read, voter)?, super::require_account(read, status.account)?);
    let (actor, to) = (account_uri(origin, &who), [account_uri(origin, &author)]);
    let vote = format!("{actor}#votes/{row}");
    let document = with_context(json!({
        "id": format!("{vote}/activity"),
        "type": "Create",
        "actor": actor,
        "to": to,
        "object": {
            "id": vote,
            "type": "Note",
            "name": option.title,
            "attributedTo": actor,
            "inReplyTo": status.uri,
            "to": to,
        },
    }));
    let audience = Audience { accounts: vec![author.id], ..Audience::default() };
    built(&document, voter, object_key(origin, &status.uri), Priority::Direct, audience).map(Some)
}

/// Followers unless it is direct, whoever is mentioned, and of a public reply the author of the parent, if they live here
/// their followers, and the group of the thread, which `document`, made of the status just before, names as its `audience`.
pub(super) fn audience(read: &dyn Read, status: &Status, document: &Value) -> Result<Audience> {
    let mut accounts: Vec<AccountId> = status.mentions.clone();
    if let (Some(reply), true) = (&status.reply, status.is_public()) {
        accounts.extend(reply.account);
    }
    if let Some(group) = document["audience"].as_str() {
        accounts.extend(account::find_by_uri(read, group)?.map(|group| group.id));
    }
    Ok(Audience {
        followers_of: (status.visibility != Visibility::Direct).then_some(status.account),
        followers_of_answered: statuses::answered_here(read, status)?,
        accounts,
        ..Audience::default()
    })
}

/// The sender posted something: kept if it concerns somebody here.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let thing = match incoming.object() {
        Ok(thing) => thing,
        Err(dropped) => return Ok(dropped),
    };
    let mut outcome = post(incoming, thing).await?;
    // Somebody's votes in a poll of several choices come as one activity (GoToSocial); of other things the first counts.
    for further in incoming.activity.objects.iter().skip(1) {
        let is_vote = further.inline().and_then(|inner| Note::read(inner).ok()).is_some_and(|note| note.is_vote());
        if is_vote && post(incoming, further).await? == Received::Done {
            outcome = Received::Done;
        }
    }
    Ok(outcome)
}

async fn post(incoming: &Incoming<'_>, thing: &Thing) -> Result<Received> {
    match authoritative(incoming, thing).await? {
        Authority::Is(id, document) => take(incoming, &id, &document).await,
        Authority::IsNot(why) => Ok(Received::Dropped(why)),
    }
}

/// What an activity's object turned out to be.
pub(super) enum Authority<'a> {
    /// Its own word: sent by its owner, or fetched from its id.
    Is(RemoteUri, Cow<'a, Value>),
    /// Nothing to be believed.
    IsNot(&'static str),
}

/// The object, believed: inline and the sender's own, or fetched from the sender's own server.
pub(super) async fn authoritative<'a>(incoming: &Incoming<'_>, thing: &'a Thing) -> Result<Authority<'a>> {
    let schemes = fetch::schemes(incoming.server);
    let believed = match thing {
        Thing::Inline(document) => trust::embedded(document, &incoming.actor, schemes),
        Thing::Uri(uri) => RemoteUri::parse(uri, schemes).map(Trust::Link).map_err(|why| trust::Distrust::NoId(why.0)),
    };
    match (believed, thing) {
        (Ok(Trust::Authoritative(id)), Thing::Inline(document)) => Ok(Authority::Is(id, Cow::Borrowed(document))),
        (Ok(Trust::Link(id)), Thing::Uri(_)) if id.same_origin(&incoming.actor) => {
            let reader = incoming.reader(id.as_str()).await?;
            let (id, document) = fetch::document_for(incoming.server, id.as_str(), &incoming.budget, reader).await?;
            // It may have led elsewhere: then it is not the sender's.
            if !id.same_origin(&incoming.actor) {
                return Ok(Authority::IsNot("its object lives elsewhere"));
            }
            Ok(Authority::Is(id, Cow::Owned(document)))
        }
        (Ok(_), _) => Ok(Authority::IsNot("its object is somebody else's")),
        (Err(_), _) => Ok(Authority::IsNot("its object has no usable id")),
    }
}

/// Why something is dropped whose author may not do it.
pub(super) const NOT_LET: &str = "the author of what it is about does not let them";

/// A new status, believed: kept if it concerns somebody here.
///
/// # Errors
/// `Gone` if its author has deleted it; storage errors.
pub(super) async fn take(incoming: &Incoming<'_>, id: &RemoteUri, document: &Value) -> Result<Received> {
    match object::kind(document) {
        object::Kind::Note => {}
        other => {
            if let object::Kind::Unknown(name) = other {
                incoming.server.unheeded().count(&format!("Create of {name}"));
            }
            return Ok(Received::Dropped("a kind of object that is not stored here"));
        }
    }
    let note = match Note::read(document) {
        Ok(note) if note.attributed_to.as_deref().is_some_and(|author| author != incoming.actor.as_str()) => {
            return Ok(Received::Dropped("its author is not the sender"));
        }
        Ok(note) if note.is_vote() => return count(incoming, note).await,
        Ok(note) => note,
        Err(_) => return Ok(Received::Dropped("its object cannot be read")),
    };
    let described = describe_sent(incoming, id, note).await?;
    let remote = fetch::stamp::verify_answer(incoming.server, described, &incoming.budget).await?;
    let passable = if forward::answers_us(&remote) { forward::passable(incoming).await } else { None };
    let rule = move |tx: &mut storage::Tx<'_>| {
        let accepted = accept::accept(tx, &remote)?;
        if let (Accepted::New(_), Some(passable)) = (accepted, &passable)
            && let Some(author) = forward::author_to_tell(tx, &remote.uri)?
        {
            forward::owe(tx, author, &remote.uri, passable);
        }
        Ok(accepted)
    };
    match incoming.server.write(rule).await? {
        Accepted::New(_) | Accepted::Waits => Ok(Received::Done),
        Accepted::Known(_) => Ok(Received::Dropped("known already")),
        Accepted::Deleted => Err(Error::Gone),
        Accepted::Irrelevant => Ok(Received::Dropped("concerns nobody here")),
        Accepted::Refused => Ok(Received::Dropped(NOT_LET)),
    }
}

/// Counts a vote in a poll of somebody here.
async fn count(incoming: &Incoming<'_>, vote: Note) -> Result<Received> {
    let (origin, voter) = (incoming.origin(), incoming.account);
    let (Some(poll), Some(choice)) = (vote.in_reply_to, vote.name) else {
        return Ok(Received::Dropped("a vote for nothing"));
    };
    let counted = incoming
        .server
        .write(move |tx| {
            let status = statuses::find_by_uri(tx, &origin, &poll)?.ok_or(Error::NotFound)?;
            poll::accept_vote(tx, voter, status.id, &choice)
        })
        .await?;
    Ok(if counted { Received::Done } else { Received::Dropped("a vote that does not count") })
}

/// What `status::accept` takes of a note: the people it names resolved, HTML sanitised, what is too long cut.
///
/// # Errors
/// Storage errors.
pub async fn describe(
    server: &Server,
    id: &RemoteUri,
    note: Note,
    author: &Account,
    reason: Reason,
) -> Result<RemoteStatus> {
    let People { mentions, silent } = people(server, &note, author).await?;
    let reply = reply(server, id, &note);
    let quote = quote::named(server.origin(), note.quote.clone());
    let (uri, now) = (id.as_str().to_owned(), server.now());
    let described = if note.content_html.len() <= limits::SANITISED_INLINE_BYTES {
        described(uri, note, author, now)
    } else {
        let author = author.clone();
        server.compute(move || Ok(described(uri, note, &author, now))).await?
    };
    let mut remote = RemoteStatus { reply, mentions, silent, quote, reason, ..described };
    accept::fit(&mut remote);
    Ok(remote)
}

/// The same of one that its author sent. If it is for those it names alone, it is for whoever has the inbox that it came to,
/// too, named or not; of a crowd only if they follow its author. What somebody else brings without a proof is for them only
/// if it names nobody (FEDERATION.md §3).
///
/// # Errors
/// Storage errors.
///
/// Source: Mastodon, `process_audience`.
pub(super) async fn describe_sent(incoming: &Incoming<'_>, id: &RemoteUri, note: Note) -> Result<RemoteStatus> {
    let author = &incoming.sender;
    let (to_nobody, crowd) = (note.to.is_empty() && note.cc.is_empty(), names_a_crowd(&note, author));
    let mut remote = describe(incoming.server, id, note, author, Reason::Pushed).await?;
    let may_be_theirs = to_nobody || incoming.bytes.is_some();
    if remote.visibility != Visibility::Direct || incoming.inbox.is_empty() || !may_be_theirs {
        return Ok(remote);
    }
    let (name, author) = (incoming.inbox.to_owned(), author.id);
    let look = move |view: &storage::View<'_>| {
        let Some(owner) = account::find_by_name(view, &name, None)? else { return Ok(None) };
        let is_for = !crowd || relationship::find(view, owner.id, author)?.is_some();
        Ok(is_for.then_some(owner.id))
    };
    if let Some(owner) = incoming.server.read(look).await?.filter(|owner| !remote.mentions.contains(owner)) {
        remote.mentions.push(owner);
        remote.silent.extend(Some(owner).filter(|_| !to_nobody));
        remote.blind = Some(owner);
    }
    Ok(remote)
}

/// Whom a note is for, as far as they are known here: the tagged, and people here whom it addresses. Somebody here who
/// is tagged but not addressed is only decoration (FEDERATION §2). Nobody is fetched just for being named.
///
/// A note that names a crowd is for those people here who follow its author: to everybody else it is an advertisement
/// (SECURITY C8). One that addresses several is told to those alone whom it tags: Friendica addresses each member of a circle.
async fn people(server: &Server, note: &Note, author: &Account) -> Result<People> {
    let tagged: Vec<String> = note.mentions.iter().filter_map(|mention| mention.href.clone()).collect();
    let addressed = addressed(note, author);
    if tagged.is_empty() && addressed.is_empty() {
        return Ok(People::default());
    }
    // Behind so many tags no more are read: whoever is addressed may well be tagged.
    let all_told = is_to_one(&addressed, author) || tagged.len() >= limits::DOCUMENT_TAGS_MAX;
    let (origin, author, crowd) = (server.origin().clone(), author.id, names_a_crowd(note, author));
    server
        .read(move |view| {
            let find = |uris: &[String]| -> Result<Vec<(AccountId, bool)>> {
                let mut found: Vec<(AccountId, bool)> = Vec::new();
                for uri in at_most(uris.iter().collect(), |uri| origin.path_of(uri).is_some()) {
                    let account = super::known_account(view, &origin, uri)?;
                    if let Some(account) = account.filter(|account| !found.iter().any(|(id, _)| *id == account.id)) {
                        found.push((account.id, account.is_local()));
                    }
                }
                Ok(found)
            };
            let addressed = find(&addressed)?;
            let (mut people, mut silent): (Vec<(AccountId, bool)>, Vec<AccountId>) = Default::default();
            for (id, local) in find(&tagged)? {
                if !local || addressed.contains(&(id, true)) {
                    people.push((id, local));
                }
            }
            for (id, local) in addressed {
                if local && !people.contains(&(id, true)) {
                    people.push((id, true));
                    silent.extend(Some(id).filter(|_| !all_told));
                }
            }
            if crowd {
                let mut reached = Vec::new();
                for (id, local) in people {
                    if !local || relationship::find(view, id, author)?.is_some() {
                        reached.push((id, local));
                    }
                }
                people = reached;
            }
            let mentions = at_most(people, |(_, local)| *local).into_iter().map(|(id, _)| id).collect();
            Ok(People { mentions, silent })
        })
        .await
}

/// Whom a note is for, as `RemoteStatus` has them.
#[derive(Default)]
struct People {
    mentions: Vec<AccountId>,
    silent: Vec<AccountId>,
}

/// Whom a note addresses by name.
fn addressed(note: &Note, author: &Account) -> Vec<String> {
    let nobody = |uri: &str| is_public(uri) || author.endpoints.followers.as_deref() == Some(uri);
    note.to.iter().chain(&note.cc).filter(|uri| !nobody(uri)).cloned().collect()
}

/// Whether they are one person, beside collections of the author's that it does not say are its followers.
fn is_to_one(addressed: &[String], author: &Account) -> bool {
    let base = author.uri.trim_end_matches('/');
    let is_collection = |uri: &str| uri.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
    let mut people = addressed.iter().filter(|uri| !is_collection(uri));
    let one = people.next();
    people.all(|uri| Some(uri) == one)
}

/// Whether a note names so many that to those who do not follow its author it is an advertisement.
fn names_a_crowd(note: &Note, author: &Account) -> bool {
    let tagged = note.mentions.iter().filter(|mention| mention.href.is_some()).count();
    tagged.max(addressed(note, author).len()) > limits::MENTIONS_OF_STRANGERS_MAX
}

/// At most `limits::MENTIONS_STORED_MAX` of whom a note names, in its order: of more, those elsewhere are left out before
/// anybody here, wherever they stand, since to them it was sent.
fn at_most<T>(named: Vec<T>, is_here: impl Fn(&T) -> bool) -> Vec<T> {
    let most = limits::MENTIONS_STORED_MAX;
    let mut elsewhere = most.saturating_sub(named.iter().filter(|one| is_here(one)).count());
    let mut has_room = |one: &T| {
        let room = is_here(one) || elsewhere > 0;
        if !is_here(one) {
            elsewhere = elsewhere.saturating_sub(1);
        }
        room
    };
    named.into_iter().filter(|one| has_room(one)).take(most).collect()
}

/// What the note answers: one of ours by its path, anybody else's by its uri. Nothing answers itself.
fn reply(server: &Server, id: &RemoteUri, note: &Note) -> Option<RemoteReply> {
    let uri = note.in_reply_to.as_deref().filter(|uri| *uri != id.as_str())?;
    Some(other(server.origin(), uri))
}

/// Another status: one of ours by its path, anybody else's by its uri.
pub(super) fn other(origin: &Origin, uri: &str) -> RemoteReply {
    let own = origin.path_of(uri).and_then(|path| path.split(['?', '#']).next()?.rsplit('/').next()?.parse().ok());
    own.map_or_else(|| RemoteReply::Remote(uri.to_owned()), RemoteReply::Local)
}

/// Everything but people and threads, which need the store.
fn described(uri: String, note: Note, author: &Account, now: Timestamp) -> RemoteStatus {
    let visibility = match note.audience(author.endpoints.followers.as_deref()) {
        object::Audience::Public => Visibility::Public,
        object::Audience::Unlisted => Visibility::Unlisted,
        object::Audience::Followers => Visibility::Private,
        object::Audience::Direct => Visibility::Direct,
    };
    let published = note.published.map_or(now, |at| at.min(now));
    let mentioned: Vec<String> = note.mentions.iter().filter_map(|mention| mention.href.clone()).collect();
    let group = note.group.filter(|uri| author.endpoints.followers.as_ref() != Some(uri));
    RemoteStatus {
        uri,
        url: note.url,
        author: author.id,
        content: sanitise(&note.content_html),
        spoiler_text: display_name(&note.spoiler_text, limits::SPOILER_MAX_CHARS),
        sensitive: note.sensitive,
        language: note.language,
        visibility,
        reply: None,
        quote: None,
        quote_policy: note.approval.as_ref().map(|approval| quote::policy(approval, author)),
        interaction_policy: interaction::policy(&note.policy, author, &mentioned),
        authorization: note.reply_authorization.map_or(Authorization::Nothing, Authorization::Shown),
        asking: if note.policy.knows_requests { Asking::ByRequest } else { Asking::ByDeed },
        mentions: Vec::new(),
        silent: Vec::new(),
        blind: None,
        tags: note.hashtags,
        emojis: note.emojis.into_iter().map(fetch::actor::emoji).collect(),
        attachments: note.attachments.into_iter().enumerate().map(|(at, file)| attachment(at, file)).collect(),
        poll: note.poll.map(|stated| stated_poll(stated, now)),
        published,
        updated: note.updated.filter(|at| *at > published).map(|at| at.min(now)),
        conversation: note.conversation,
        stated: Stated { replies: note.replies_total, likes: note.likes, shares: note.shares, group },
        reason: Reason::Requested,
    }
}

fn attachment(at: usize, file: object::Attachment) -> Attachment {
    let thousandths = |part: f64| (part.clamp(-1.0, 1.0) * 1000.0) as i32;
    let media_type = file.media_type.unwrap_or_else(|| {
        match file.kind {
            object::AttachmentKind::Image => "image/*",
            object::AttachmentKind::Video => "video/*",
            object::AttachmentKind::Audio => "audio/*",
            object::AttachmentKind::Unknown => "",
        }
        .to_owned()
    });
    Attachment {
        // Numbered by `accept`, which has the status' id.
        id: at as u64,
        url: file.url,
        media_type,
        description: file.description.unwrap_or_default(),
        blurhash: file.blurhash,
        width: file.width,
        height: file.height,
        focus: file.focus.map(|(x, y)| (thousandths(x), thousandths(y))),
    }
}

/// A poll as its status holds it. Its options keep the names that their author wrote: a vote in it must name them byte by
/// byte (Mastodon). Whoever shows them makes them harmless.
fn stated_poll(poll: object::Poll, now: Timestamp) -> Poll {
    let option = |object::PollOption { title, votes }| PollOption { title, votes };
    Poll {
        options: poll.options.into_iter().map(option).collect(),
        multiple: poll.multiple,
        expires_at: poll.ends,
        closed_at: poll.closed.then_some(now),
        voters: poll.voters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_who_are_named_those_here_stay_in_their_order() {
        let most = limits::MENTIONS_STORED_MAX;
        let is_here = |one: &usize| one.is_multiple_of(10);
        let few: Vec<usize> = (0..most).collect();
        assert_eq!(at_most(few.clone(), is_here), few);
        let many: Vec<usize> = (1..=2 * most).collect();
        let kept = at_most(many.clone(), is_here);
        assert_eq!(kept.len(), most);
        assert!(kept.is_sorted() && many.iter().filter(|one| is_here(one)).all(|one| kept.contains(one)), "{kept:?}");
        assert_eq!(kept[..11], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "the first of the others");
        assert_eq!(at_most(many, |_| true), (1..=most).collect::<Vec<_>>());
    }
}
