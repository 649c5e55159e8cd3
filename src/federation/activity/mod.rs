//! Lives here: one file an activity type, both directions: `receive` (from a peer, after trust) and `build` (from an
//! intent, stored before the first send).
//! May use: core rooms, `storage`, `federation::{object, outward, fetch, trust, signature}`. Must never name: api, pages, oauth.
//! Invariants: the inner actor equals the outer one, or vouches for its deed itself (`inside`); ids are compared byte by
//! byte; nothing is stored that `trust` has not seen; what is unknown or not of this version is dropped, never an error.

pub mod accept;
pub mod announce;
pub mod block;
pub mod create;
pub mod delete;
pub mod featured;
mod featured_tag;
pub mod flag;
pub mod follow;
pub mod forward;
mod inside;
pub mod interaction;
pub mod like;
pub mod moved;
pub mod quote;
pub mod react;
pub mod reject;
pub mod relay;
pub mod silence;
pub mod undo;
pub mod update;

use super::{
    address::RemoteUri,
    fetch::{self, Budget},
    object::{Activity, ActivityKind, Thing, is_public},
    signature::{PROOF_KEY, ProofKey, proof},
    trust,
};
use crate::{
    error::{Error, Result},
    limits,
    origin::Origin,
    server::Server,
    status::react::Told,
};
use serde_json::{Map, Value};
use storage::{
    AccountId, Digest, JobId, Lsn, Read, Timestamp,
    account::{self, Account},
    audience::Audience,
    delivery::{self, Priority, Sender},
    instance,
    intent::Intent,
    interaction::Interaction,
    moderation, status,
};

/// An activity as the file of its type builds it; `build` proves it and writes it down.
pub struct Built {
    document: Value,
    /// The document as it is without a proof.
    plain: Vec<u8>,
    sender: Sender,
    object: Digest,
    priority: Priority,
    audience: Audience,
}

/// What became of an activity that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It changed something here.
    Done,
    /// It changes nothing, for this reason.
    Dropped(&'static str),
}

/// An activity whose sender is known, being carried out.
pub(super) struct Incoming<'a> {
    server: &'a Server,
    activity: Activity,
    /// The sender's id.
    actor: RemoteUri,
    /// The sender's row's number.
    account: AccountId,
    /// The sender's row as it was when this began.
    sender: Account,
    /// The name of the account whose own inbox it came to; empty for the shared inbox.
    inbox: &'a str,
    /// As it was received, if its actor sent or proved it.
    bytes: Option<&'a [u8]>,
    /// Its place among all that was received; none if it did not wait for its turn.
    place: Option<Lsn>,
    budget: Budget,
}

/// An activity as it is taken out of the queue: its signature was verified before it was stored.
pub struct Arrived<'a> {
    /// The id of the actor known to have sent it.
    pub actor: &'a str,
    /// That actor's row, if it is known here.
    pub sender: Option<Account>,
    /// The name of the account whose own inbox it came to; empty for the shared inbox.
    pub inbox: &'a str,
    /// The activity.
    pub document: Value,
    /// The same as it was received; none if it is what its origin said instead.
    pub bytes: Option<&'a [u8]>,
    /// Its place among all that was received; none if it did not wait for its turn.
    pub place: Option<Lsn>,
}

/// Carries out an activity.
///
/// # Errors
/// `Remote` when another server did not give what was needed: worth another try later. `Storage` and `Bug`.
pub async fn receive(server: &Server, arrived: Arrived<'_>) -> Result<Received> {
    let Arrived { actor: actor_uri, sender, inbox, document, bytes, place } = arrived;
    let Ok(mut activity) = Activity::read_around(&document) else { return Ok(Received::Dropped("not an activity")) };
    let Ok(actor) = RemoteUri::parse(actor_uri, fetch::schemes(server)) else {
        return Ok(Received::Dropped("actor has no usable id"));
    };
    // Its id and its actor are of one server, and the actor is the sender (SECURITY A1).
    if !trust::is_said_by(&document, &actor, fetch::schemes(server)) {
        return Ok(Received::Dropped("its id is not its sender's"));
    }
    activity.take_objects(document);
    let Some(kind) = activity.kind else {
        server.unheeded().count(&activity.type_name);
        return Ok(Received::Dropped("unknown type"));
    };
    let budget = Budget::of_one_cause();
    let sender = match sender {
        Some(sender) => sender,
        None => match fetch::account(server, actor_uri, &budget).await {
            Ok(id) => server.read(move |view| require_account(view, id)).await?,
            Err(Error::NotFound | Error::Gone) => return Ok(Received::Dropped("its actor is gone")),
            Err(Error::Forbidden(why)) => return Ok(Received::Dropped(why)),
            Err(error) => return Err(error),
        },
    };
    let incoming = Incoming { server, activity, actor, account: sender.id, sender, inbox, bytes, place, budget };
    if incoming.sender.suspended_at.is_some() && !is_heard_all_the_same(&incoming, kind).await? {
        return Ok(Received::Dropped("its actor is suspended"));
    }
    let outcome = match kind {
        ActivityKind::Create => create::receive(&incoming).await,
        ActivityKind::Update => update::receive(&incoming).await,
        ActivityKind::Delete => delete::receive(&incoming).await,
        ActivityKind::Follow => follow::receive(&incoming).await,
        ActivityKind::Accept => accept::receive(&incoming).await,
        ActivityKind::Reject => reject::receive(&incoming).await,
        ActivityKind::Undo => undo::receive(&incoming).await,
        ActivityKind::Like => like::receive(&incoming).await,
        ActivityKind::Announce => announce::receive(&incoming).await,
        ActivityKind::Block => block::receive(&incoming).await,
        ActivityKind::Flag => flag::receive(&incoming).await,
        ActivityKind::Add if featured_tag::is_one(&incoming) => featured_tag::receive_add(&incoming).await,
        ActivityKind::Add if inside::is_added(&incoming) => inside::receive_added(&incoming).await,
        ActivityKind::Add => featured::receive_add(&incoming).await,
        ActivityKind::Remove if featured_tag::is_one(&incoming) => featured_tag::receive_remove(&incoming).await,
        ActivityKind::Remove => featured::receive_remove(&incoming).await,
        ActivityKind::Move => moved::receive(&incoming).await,
        ActivityKind::QuoteRequest => quote::receive(&incoming).await,
        ActivityKind::LikeRequest => interaction::receive(&incoming, Interaction::Favourite).await,
        ActivityKind::ReplyRequest => interaction::receive(&incoming, Interaction::Reply).await,
        ActivityKind::AnnounceRequest => interaction::receive(&incoming, Interaction::Reblog).await,
        ActivityKind::EmojiReact => react::receive(&incoming).await,
        ActivityKind::Dislike => like::receive_dislike(&incoming).await,
    };
    match outcome {
        // What the sender is not entitled to, or what is not here, is no fault to try again.
        Err(Error::NotFound) => Ok(Received::Dropped("what it speaks of is not here")),
        Err(Error::Gone) => Ok(Received::Dropped("what it speaks of is gone")),
        Err(Error::Forbidden(why)) => Ok(Received::Dropped(why)),
        Err(Error::Invalid { field, why }) => {
            tracing::debug!(actor = actor_uri, field, why, "an activity is not acceptable");
            Ok(Received::Dropped("not acceptable"))
        }
        other => other,
    }
}

impl Incoming<'_> {
    fn origin(&self) -> Origin {
        self.server.origin().clone()
    }

    /// The object, or the reason to drop.
    fn object(&self) -> std::result::Result<&Thing, Received> {
        self.activity.object().ok_or(Received::Dropped("it has no object"))
    }

    /// The id of the object as our rows have it: a path for our own things.
    fn object_id(&self) -> std::result::Result<&str, Received> {
        self.object()?.id().ok_or(Received::Dropped("its object has no id"))
    }

    /// In whose name what it names by `uri` may be asked for: of somebody whom the activity is for, if it is not for
    /// everybody and names what is of its sender's own server, which knows them already.
    async fn reader(&self, uri: &str) -> Result<Option<AccountId>> {
        let (activity, origin, author) = (&self.activity, self.origin(), self.account);
        let is_own = RemoteUri::parse(uri, fetch::schemes(self.server)).is_ok_and(|uri| uri.same_origin(&self.actor));
        let mut addressees = activity.to.iter().chain(&activity.cc);
        if !is_own || self.bytes.is_none() || addressees.any(|addressee| is_public(addressee)) {
            return Ok(None);
        }
        let here = activity.to.iter().chain(&activity.cc).filter(|uri| origin.path_of(uri).is_some());
        let addressed: Vec<String> = here.take(limits::READERS_LOOKED_AT).cloned().collect();
        let look = move |view: &storage::View<'_>| {
            let mut named = Vec::new();
            for uri in &addressed {
                named.extend(local_account(view, &origin, uri)?.map(|account| account.id));
            }
            fetch::reader(view, author, &named)
        };
        self.server.read(look).await
    }

    /// The activity's id, empty if it has none.
    fn id(&self) -> String {
        self.activity.id.clone().unwrap_or_default()
    }
}

/// Whether a suspended sender is heard: one whom only its own server suspended may say that this is over, and take back
/// what it said.
async fn is_heard_all_the_same(incoming: &Incoming<'_>, kind: ActivityKind) -> Result<bool> {
    let heard = match kind {
        ActivityKind::Update => true,
        // Somebody else's word does not do: its server may give nothing of it to anybody now, as if all were gone.
        ActivityKind::Delete => {
            incoming.bytes.is_some() || incoming.object_id().is_ok_and(|target| target == incoming.actor.as_str())
        }
        _ => false,
    };
    let sender = incoming.sender.clone();
    let suspended_here = move |view: &storage::View<'_>| Ok(moderation::is_suspended_here(view, &sender)?);
    Ok(heard && !incoming.server.read(suspended_here).await?)
}

/// Whether its origin tells everybody of a status. What is not for everybody looks gone to whoever asks there, and so do
/// reblogs, whose ids many servers do not answer.
pub(super) fn is_told_to_all(known: &status::Status) -> bool {
    !known.local && known.reblog_of.is_none() && known.is_public()
}

/// The local account with this id.
fn local_account(read: &dyn Read, origin: &Origin, uri: &str) -> Result<Option<Account>> {
    let Some(path) = origin.path_of(uri) else { return Ok(None) };
    let Some(name) = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/@")) else { return Ok(None) };
    Ok(account::find_by_name(read, name, None)?)
}

/// The account with this id, local or remote, if it is known.
pub(super) fn known_account(read: &dyn Read, origin: &Origin, uri: &str) -> Result<Option<Account>> {
    match local_account(read, origin, uri)? {
        Some(account) => Ok(Some(account)),
        None => Ok(account::find_by_uri(read, uri)?),
    }
}

/// An id as rows have it: without our origin if it is ours.
fn row_uri(origin: &Origin, uri: &str) -> String {
    origin.path_of(uri).unwrap_or(uri).to_owned()
}

/// Whether an intent speaks of a status that stays on this server: nobody asks for one, and none leaves. A reply that
/// waits for the word of who is answered stays too, but for asking them.
fn stays(read: &dyn Read, intent: &Intent) -> Result<bool> {
    let (Intent::Create { status }
    | Intent::Update { status }
    | Intent::UpdatePoll { status, .. }
    | Intent::QuoteRequest { status }
    | Intent::AskReply { status }
    | Intent::TellRelays { status }
    | Intent::Announce { reblog: status }) = intent
    else {
        return Ok(false);
    };
    let Some(status) = status::find(read, *status)? else { return Ok(false) };
    let asks = matches!(intent, Intent::AskReply { .. });
    Ok(status.local_only || (!asks && storage::interaction::is_pending(read, &status)?))
}

/// Whether an intent would say something new for an account that is suspended by now: only what takes back, and that it
/// is suspended, leaves then.
fn is_silent(read: &dyn Read, intent: &Intent) -> Result<bool> {
    let author = |id| Ok::<_, Error>(status::find(read, id)?.map(|status| status.account));
    if stays(read, intent)? {
        return Ok(true);
    }
    let speaker = match intent {
        Intent::Create { status }
        | Intent::Update { status }
        | Intent::UpdatePoll { status, .. }
        | Intent::TellRelays { status }
        | Intent::QuoteRequest { status }
        | Intent::AskReply { status } => author(*status)?,
        Intent::AskReblog { request } | Intent::AskFavourite { request } => {
            storage::interaction::find(read, *request)?.map(|request| request.by)
        }
        Intent::AcceptInteraction { request } => {
            storage::interaction::find(read, *request)?.map(|request| request.author)
        }
        Intent::Announce { reblog } => author(*reblog)?,
        Intent::AcceptQuote { status, .. } => {
            let quoted = storage::quote::find(read, *status)?.and_then(|quote| quote.quoted);
            quoted.map(author).transpose()?.flatten()
        }
        Intent::Like { account, .. }
        | Intent::React { account, .. }
        | Intent::LikeWithEmoji { account, .. }
        | Intent::Pinned { account, .. }
        | Intent::Feature { account, .. }
        | Intent::Vote { account, .. }
        | Intent::Move { account, .. } => Some(*account),
        Intent::Follow { follower, .. } => Some(*follower),
        Intent::AcceptFollow { target, .. } => Some(*target),
        Intent::Forward { author, .. } => Some(*author),
        Intent::Delete { .. }
        | Intent::DeleteHeld { .. }
        | Intent::DeleteShared { .. }
        | Intent::DeleteActor { .. }
        | Intent::UndoAnnounce { .. }
        | Intent::UndoLike { .. }
        | Intent::UndoAskFavourite { .. }
        | Intent::UndoReact { .. }
        | Intent::UndoLikeWithEmoji { .. }
        | Intent::UndoFollow { .. }
        | Intent::RejectFollow { .. }
        | Intent::UpdateActor { .. }
        | Intent::Unfeature { .. }
        | Intent::ChangeKeys { .. }
        | Intent::ChangeInstanceKeys { .. }
        | Intent::Block { .. }
        | Intent::UndoBlock { .. }
        | Intent::RejectQuote { .. }
        | Intent::RevokeQuote { .. }
        | Intent::RejectInteraction { .. }
        | Intent::FollowRelay { .. }
        | Intent::UnfollowRelay { .. }
        | Intent::AcceptRelay { .. }
        | Intent::Flag { .. } => None,
    };
    let Some(speaker) = speaker else { return Ok(false) };
    Ok(account::find(read, speaker)?.is_some_and(|speaker| speaker.suspended_at.is_some()))
}

/// Builds the activity an intent asks for, proved by its actor's key (FEP-8b32); `None` if what it speaks of is gone by
/// now. `job` is the one that tells it, `now` when it is proved.
///
/// # Errors
/// Storage errors; `TooLarge` for an activity above `limits::ACTIVITY_OUT_MAX` bytes.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    intent: &Intent,
    job: JobId,
    now: Timestamp,
) -> Result<Option<delivery::Built>> {
    if is_silent(read, intent)? {
        return Ok(None);
    }
    if let Intent::Forward { author, uri, object, bytes } = intent {
        return Ok(Some(forward::build(*author, uri, *object, bytes)));
    }
    match said(read, origin, intent, job)? {
        Some(built) => written(read, built, now).map(Some),
        None => Ok(None),
    }
}

/// What an intent asks us to say.
fn said(read: &dyn Read, origin: &Origin, intent: &Intent, job: JobId) -> Result<Option<Built>> {
    match intent {
        Intent::Create { status } => create::build(read, origin, *status),
        Intent::Update { status } => update::build_status(read, origin, *status, job),
        Intent::UpdateActor { account } | Intent::Pinned { account, .. } => {
            update::build_actor(read, origin, *account, job)
        }
        Intent::Feature { account, row, shown } => {
            featured::build(read, origin, ActivityKind::Add, *account, *row, shown)
        }
        Intent::Unfeature { account, row, shown } => {
            featured::build(read, origin, ActivityKind::Remove, *account, *row, shown)
        }
        Intent::Delete { account, path, visibility, mentions, .. } => {
            delete::build(read, origin, *account, path, *visibility, mentions, &[])
        }
        Intent::DeleteHeld { account, path, visibility, mentions, holders, .. } => {
            delete::build(read, origin, *account, path, *visibility, mentions, holders)
        }
        Intent::DeleteShared { account, path, by, reblog } => {
            delete::build_shared(read, origin, *account, path, *by, reblog)
        }
        Intent::DeleteActor { account } => delete::build_actor(read, origin, *account),
        Intent::Announce { reblog } => announce::build(read, origin, *reblog),
        Intent::UndoAnnounce { account, path, original_uri, author, visibility, .. } => {
            undo::build_announce(read, origin, *account, path, original_uri, *author, *visibility)
        }
        Intent::Like { account, status, row } => like::build(read, origin, *account, *status, *row),
        Intent::UndoLike { account, row, status_uri, author } => {
            undo::build_like(read, origin, (*account, *row), (status_uri, *author), undo::Heard::ByGroupToo)
        }
        Intent::UndoAskFavourite { account, row, status_uri, author } => {
            undo::build_like(read, origin, (*account, *row), (status_uri, *author), undo::Heard::ByAuthorAlone)
        }
        Intent::React { account, status, row, name } => {
            react::build(read, origin, Told::Reaction, *account, *status, *row, name)
        }
        Intent::LikeWithEmoji { account, status, row, name } => {
            react::build(read, origin, Told::Favourite, *account, *status, *row, name)
        }
        Intent::UndoReact { account, row, status_uri, author, name, picture }
        | Intent::UndoLikeWithEmoji { account, row, status_uri, author, name, picture } => {
            let told = if matches!(intent, Intent::UndoReact { .. }) { Told::Reaction } else { Told::Favourite };
            let picture = picture.as_deref();
            let taken = undo::Taken { told, row: *row, status_uri, author: *author, name, picture };
            undo::build_reaction(read, origin, *account, &taken)
        }
        Intent::Follow { follower, target, row } => follow::build(read, origin, *follower, *target, *row),
        Intent::UndoFollow { follower, target, row } => undo::build_follow(read, origin, *follower, *target, *row),
        Intent::AcceptFollow { target, follower, follow_uri } => {
            accept::build(read, origin, *target, *follower, follow_uri)
        }
        Intent::RejectFollow { target, follower, follow_uri } => {
            reject::build(read, origin, *target, *follower, follow_uri)
        }
        Intent::Vote { account, status, choice, row } => {
            create::build_vote(read, origin, *account, *status, *choice, *row)
        }
        Intent::UpdatePoll { status, at } => update::build_poll(read, origin, *status, *at),
        Intent::Block { account, target, row } => block::build(read, origin, *account, *target, *row),
        Intent::UndoBlock { account, target, row } => undo::build_block(read, origin, *account, *target, *row),
        Intent::Flag { report } => flag::build(read, origin, *report),
        Intent::QuoteRequest { status } => quote::build_request(read, origin, *status),
        Intent::AcceptQuote { status, request } => quote::build_accept(read, origin, *status, request),
        Intent::RejectQuote { author, requester, request, quoted, quoting } => {
            quote::build_reject(read, origin, (*author, *requester), &quote::Asked { request, quoted, quoting })
        }
        Intent::RevokeQuote { author, stamp, quoter } => quote::build_revoke(read, origin, *author, stamp, *quoter),
        Intent::Move { account, at } => moved::build(read, origin, *account, *at),
        Intent::ChangeKeys { account } => update::build_new_keys(read, origin, *account, job),
        Intent::ChangeInstanceKeys { at } => update::build_new_instance_keys(read, origin, *at),
        // Others said it.
        Intent::Forward { .. } => Ok(None),
        Intent::AskReply { status } => interaction::build_reply(read, origin, *status),
        Intent::AskReblog { request } => interaction::build_reblog(read, origin, *request),
        Intent::AskFavourite { request } => interaction::build_favourite(read, origin, *request),
        Intent::AcceptInteraction { request } => interaction::build_accept(read, origin, *request),
        Intent::RejectInteraction { author, by, interaction, target, uri, asked } => {
            let said = interaction::Said { interaction: *interaction, target, uri, asked };
            interaction::build_reject(read, origin, (*author, *by), &said)
        }
        Intent::FollowRelay { relay: id } => relay::build_follow(read, origin, *id),
        Intent::UnfollowRelay { relay: id, inbox, actor, account } => {
            relay::build_undo(origin, *id, inbox.as_deref(), actor.as_deref(), *account)
        }
        Intent::AcceptRelay { relay: id, follow_uri } => relay::build_accept(read, origin, *id, follow_uri),
        Intent::TellRelays { status } => relay::build_announce(read, origin, *status),
    }
}

/// What a Note says twice, for the sake of other programs, or some of its parts do: left out one after another where an
/// activity would be too large to be sent. The content in its language, the text as it was typed, descriptions of pictures,
/// policies in the words of before.
const SAID_TWICE: [(&str, &[&str]); 4] = [
    ("contentMap", &[]),
    ("source", &[]),
    ("attachment", &["summary"]),
    ("interactionPolicy", &["always", "approvalRequired"]),
];

/// `document`, said by `sender`, with what `distribute` needs to know.
fn built(document: &Value, sender: AccountId, object: Digest, priority: Priority, audience: Audience) -> Result<Built> {
    let mut document = document.clone();
    let mut plain = document.to_string().into_bytes();
    for (member, of_parts) in SAID_TWICE {
        if plain.len() <= limits::ACTIVITY_OUT_MAX {
            break;
        }
        // Whoever is asked for something gets it as the instrument of the request.
        for place in ["object", "instrument"] {
            if let Some(note) = document.get_mut(place).and_then(Value::as_object_mut) {
                leave_out(note, member, of_parts);
            }
        }
        plain = document.to_string().into_bytes();
    }
    if plain.len() > limits::ACTIVITY_OUT_MAX {
        return Err(Error::TooLarge { limit: limits::ACTIVITY_OUT_MAX });
    }
    Ok(Built { document, plain, sender: Sender::Account(sender), object, priority, audience })
}

/// Leaves out what each part of a member of `note` says under these names; without names the member itself.
fn leave_out(note: &mut Map<String, Value>, member: &str, of_parts: &[&str]) {
    if of_parts.is_empty() {
        note.remove(member);
    }
    let parts: Vec<&mut Value> = match note.get_mut(member) {
        Some(Value::Array(list)) => list.iter_mut().collect(),
        Some(Value::Object(members)) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for part in parts.into_iter().filter_map(Value::as_object_mut) {
        part.retain(|name, _| !of_parts.contains(&name.as_str()));
    }
}

/// The bytes that all repetitions send, with a proof if its actor has the key for one and if it fits: whoever gets the
/// activity from us needs none.
fn written(read: &dyn Read, built: Built, now: Timestamp) -> Result<delivery::Built> {
    let Built { mut document, plain, sender, object, priority, audience } = built;
    let uri = document["id"].as_str().unwrap_or_default().to_owned();
    prove(read, &mut document, sender, now)?;
    let proved = document.to_string().into_bytes();
    let bytes = if proved.len() > limits::ACTIVITY_OUT_MAX { plain } else { proved };
    Ok(delivery::Built { uri, object, bytes, sender, priority, audience })
}

/// Adds the proof of whoever says `document` (FEP-8b32). Some 0.1 ms of CPU.
fn prove(read: &dyn Read, document: &mut Value, sender: Sender, now: Timestamp) -> Result<()> {
    let keys = match sender {
        Sender::Account(account) | Sender::Retired(account) => account::SIGNING_KEYS.get(read, &account)?,
        Sender::Instance | Sender::RetiredInstance(_) => instance::keys(read)?,
    };
    let seed = keys.and_then(|keys| keys.ed25519_seed.first_chunk::<32>().copied());
    let method = document["actor"].as_str().map(|actor| format!("{actor}{PROOF_KEY}"));
    if let (Some(seed), Some(method), Some(members)) = (seed, method, document.as_object_mut()) {
        proof::attach(members, &ProofKey::from_seed(&seed), &method, now)?;
    }
    Ok(())
}

/// What orders activities about one thing: the digest of its absolute uri.
fn object_key(origin: &Origin, path: &str) -> Digest {
    Digest::of(&origin.url(path))
}

/// The path of a local account's Follow.
fn follow_path(follower: &Account, row: storage::RowId) -> String {
    format!("{}#follows/{row}", follower.uri)
}

/// An audience of one account.
fn only(account: AccountId) -> Audience {
    Audience { accounts: vec![account], ..Audience::default() }
}

/// The same of what is about a status in the thread of a group.
fn author_and_group(author: AccountId, group: Option<&Account>) -> Audience {
    let accounts = std::iter::once(author).chain(group.map(|group| group.id)).collect();
    Audience { accounts, ..Audience::default() }
}

fn require_account(read: &dyn Read, id: AccountId) -> Result<Account> {
    account::find(read, id)?.ok_or_else(|| Error::Bug(format!("account {id} has no row")))
}
