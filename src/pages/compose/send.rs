//! What the buttons of the form do: post, look first, keep for later, add a picture, take one away; and deleting.

use super::{
    super::draw::zone,
    Said,
    begin::edited,
    kept, over, refusal, show, thread,
    typed::{self, poll},
};
use crate::{
    draft,
    error::{Error, Result},
    http::{
        Params,
        rate::{Bucket, Who},
        value::Map,
        visit::{FileForm, Form, KeptForm, Visit, gone},
    },
    intake::{
        media::{accept, ended},
        status::{compose, compose_text, content_type, quote_policy, visibility, wanted},
    },
    limits,
    media::{Fate, Words},
    origin::Origin,
    present::Context,
    server::Server,
    status::{self, Change, Composed, Created, NewStatus, scheduled::TOO_NEAR},
    text::guess_language,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use std::time::Duration;
use storage::{
    AccountId, RowId, StatusId, Timestamp, Tx, account,
    interaction::{InteractionPolicy, Rule},
    quote::Groups,
    reminder::{self, Undescribed},
    status::ContentType,
};
use web::{
    page::compose::{GUESS, Typed, TypedMedia},
    zone::Zone,
};

/// `POST /compose`
pub(super) async fn send(State(server): State<Server>, sent: KeptForm) -> Result<Response> {
    let FileForm { form, files } = match sent {
        KeptForm::Accepted(form) => form,
        KeptForm::Over { visit, params } => return over(&server, &visit, typed::read(&params)).await,
    };
    let mut typed = typed::read(&form.params);
    if typed.key.is_empty() {
        typed.key = server.secret();
    }
    let files = files.into_iter().filter(|(_, incoming)| incoming.bytes() > 0).collect::<Vec<_>>();
    if let Err(error) = attach(&server, form.account, &mut typed, files).await {
        return come_back(&server, &form, typed, error).await;
    }
    if let Some(removed) = form.params.str("remove") {
        typed.media.retain(|medium| medium.id != removed);
        return go_on(&server, &form, typed, Said::default()).await;
    }
    match form.params.str("do") {
        Some("post") => {
            if let Some(said) = undescribed(&server, &form, &typed).await? {
                return go_on(&server, &form, typed, said).await;
            }
            let outcome = if typed.edits.is_empty() {
                publish(&server, &form, &typed).await
            } else {
                edit(&server, &form, &typed).await
            };
            match outcome {
                Ok(response) => Ok(response),
                Err(error) => come_back(&server, &form, typed, error).await,
            }
        }
        Some("preview") => match previews(&server, &form.visit, &form.params, &typed).await {
            Ok(preview) => {
                let said = Said { preview, meant: meant(&form), ..Said::default() };
                go_on(&server, &form, typed, said).await
            }
            Err(error) => come_back(&server, &form, typed, error).await,
        },
        Some("draft") => match keep(&server, form.account, &typed).await {
            Ok(_) => gone(&server, "/drafts", "notice-draft-kept"),
            Err(error) => kept(&server, &form, typed, None, error).await,
        },
        _ => {
            begun_elsewhere(&server, &form, &mut typed).await?;
            go_on(&server, &form, typed, Said::default()).await
        }
    }
}

/// The form again.
pub(super) async fn go_on(server: &Server, form: &Form, mut typed: Typed, said: Said) -> Result<Response> {
    let unkept = keep_on(server, form, &mut typed).await?;
    show(server, &form.visit, typed, Said { unkept, ..said }).await
}

/// The form again after a failure.
async fn come_back(server: &Server, form: &Form, mut typed: Typed, error: Error) -> Result<Response> {
    let unkept = keep_on(server, form, &mut typed).await?;
    kept(server, form, typed, unkept, error).await
}

/// Keeps what was typed as a draft, so that it is there also when the browser is not; what replaces a post is no draft.
/// Where it cannot be kept the answer says why, and the form holds it all the same.
pub(super) async fn keep_on(server: &Server, form: &Form, typed: &mut Typed) -> Result<Option<String>> {
    if !typed.edits.is_empty() || !typed::is_begun(typed) {
        return Ok(None);
    }
    match keep(server, form.account, typed).await {
        Ok(id) => {
            typed.draft = id.to_string();
            Ok(None)
        }
        Err(error) => Ok(Some(refusal(&form.visit, error)?.says)),
    }
}

/// A small form elsewhere has no field for everything: what it could not say is as its writer has chosen for all posts.
async fn begun_elsewhere(server: &Server, form: &Form, typed: &mut Typed) -> Result<()> {
    if form.params.has("quote_approval_policy") || !typed.edits.is_empty() {
        return Ok(());
    }
    let (own, origin) = (form.account, server.origin().clone());
    let chosen = server.read(move |view| {
        let context = Context::new(view, &origin, Some(own));
        Ok((context.preferences(own)?, context.quoters(own)?))
    });
    let (preferences, quoters) = chosen.await?;
    quoters.clone_into(&mut typed.quote_policy);
    typed.sensitive |= preferences.posting_default_sensitive;
    if typed.language.is_empty() {
        typed.language = preferences.posting_default_language.unwrap_or_else(|| GUESS.to_owned());
    }
    Ok(())
}

/// Pictures are meant to have no description.
const UNDESCRIBED: &str = "undescribed";
/// It is meant for nobody but whoever writes.
const ALONE: &str = "alone";

/// What was asked about before, and is meant so, as the fields of the form say.
pub(super) fn meant(form: &Form) -> Vec<&'static str> {
    [UNDESCRIBED, ALONE].into_iter().filter(|name| form.params.bool(name) == Some(true)).collect()
}

/// What is said instead of posting what only those named may see where nobody is, or where a part of a thread names nobody:
/// each part is seen by those whom it names itself. Asked once, whoever writes may say that it is meant so.
pub(super) fn alone<'a>(form: &Form, typed: &Typed, parts: impl IntoIterator<Item = &'a Composed>) -> Option<Said> {
    let names = |part: &Composed| part.mentions.iter().any(|named| *named != form.account);
    let named: Vec<bool> = parts.into_iter().map(names).collect();
    let mut meant = meant(form);
    if typed.visibility != "direct" || meant.contains(&ALONE) || !named.contains(&false) {
        return None;
    }
    meant.push(ALONE);
    let says = if named.contains(&true) { "compose-alone-part" } else { "compose-alone" };
    Some(Said { problem: Some(form.visit.words.say(says).into_owned()), meant, ..Said::default() })
}

/// What is said instead of posting pictures that nobody described, as whoever writes has chosen; asked once, they may say
/// that it is meant so.
async fn undescribed(server: &Server, form: &Form, typed: &Typed) -> Result<Option<Said>> {
    if typed.media.iter().all(|medium| !medium.description.trim().is_empty()) {
        return Ok(None);
    }
    let own = form.account;
    let chosen = server.read(move |view| Ok(reminder::of(view, own)?.undescribed)).await?;
    let mut meant = meant(form);
    let key = match chosen {
        Undescribed::Post => return Ok(None),
        Undescribed::Ask if meant.contains(&UNDESCRIBED) => return Ok(None),
        Undescribed::Ask => {
            meant.push(UNDESCRIBED);
            "compose-undescribed"
        }
        Undescribed::Refuse => "compose-undescribed-refused",
    };
    Ok(Some(Said { problem: Some(form.visit.words.say(key).into_owned()), meant, ..Said::default() }))
}

/// Takes pictures in, in order, and waits a moment until they can be shown. If one is refused, those before it stay.
async fn attach(
    server: &Server,
    own: AccountId,
    typed: &mut Typed,
    files: Vec<(u64, storage::blob::Incoming)>,
) -> Result<()> {
    let mut waiting = Vec::with_capacity(files.len());
    for file in files {
        if typed.media.len() >= limits::ATTACHED_MAX {
            return Err(Error::invalid("file", format!("Cannot attach more than {} files", limits::ATTACHED_MAX)));
        }
        ready(server)?;
        server.rates().take(Bucket::Upload, Who::Account(own), server.now())?;
        let events = server.events();
        let medium = accept(server, own, Some(file), Words::default()).await?;
        typed.media.push(TypedMedia { id: medium.id.to_string(), ..TypedMedia::default() });
        waiting.push((events, medium.id));
    }
    for (events, id) in waiting {
        ended(server, events, id, limits::MEDIA_WAIT_MS).await;
    }
    Ok(())
}

/// How the text is written.
pub(super) fn written(params: &Map) -> Result<ContentType> {
    Ok(content_type(params)?.unwrap_or_default())
}

async fn composed(server: &Server, params: &Map) -> Result<(Composed, String)> {
    compose(server, params, written(params)?).await
}

/// The language that was chosen, or what the text looks like if that is to be guessed; `None`: as for all posts.
fn language(typed: &Typed) -> Option<String> {
    match typed.language.as_str() {
        "" => None,
        GUESS => guess_language(&typed.text).map(str::to_owned),
        chosen => Some(chosen.to_owned()),
    }
}

async fn publish(server: &Server, form: &Form, typed: &Typed) -> Result<Response> {
    ready(server)?;
    let own = form.account;
    if let Some(parts) = thread::parts(&form.visit, typed)?.filter(|parts| parts.len() > 1) {
        return thread::publish(server, form, typed, &parts).await;
    }
    let composed = composed(server, &form.params).await?;
    if let Some(said) = alone(form, typed, [&composed.0]) {
        return go_on(server, form, typed.clone(), said).await;
    }
    let new = new_status(server, form, typed, composed).await?;
    let (known, key) = (number(&typed.draft).map(RowId), thread::form_of(&typed.key).to_owned());
    let post = move |tx: &mut Tx<'_>| {
        let made = status::create(tx, &new)?;
        draft::posted(tx, own, known, &key)?;
        let name = account::find(tx, own)?.map(|account| account.username).unwrap_or_default();
        Ok((made, name))
    };
    let (made, name) = stored(server, post).await?;
    match made {
        Created::Fresh(status) | Created::Repeated(status) => {
            gone(server, &format!("/@{name}/{}", status.id), "notice-posted")
        }
        Created::Scheduled(..) => gone(server, "/scheduled", "notice-scheduled"),
    }
}

/// The status that the form asks for.
pub(super) async fn new_status(
    server: &Server,
    form: &Form,
    typed: &Typed,
    (composed, spoiler_text): (Composed, String),
) -> Result<NewStatus> {
    let params = &form.params;
    let local = typed.visibility == "local";
    let later = moment_of(params, &zone(server, &form.visit).await?)?;
    // An app that names a time that is past posts at once; whoever typed one has mistyped it.
    if later.is_some_and(|at| at <= server.now()) {
        return Err(Error::invalid("scheduled_at", TOO_NEAR));
    }
    Ok(NewStatus {
        author: form.account,
        composed,
        spoiler_text,
        media: pictures(params, typed)?,
        sensitive: Some(typed.sensitive),
        language: language(typed),
        visibility: if local { Some(storage::status::Visibility::Public) } else { visibility(params)? },
        in_reply_to: number(&typed.in_reply_to).map(StatusId),
        poll: poll(typed),
        quoted: number(&typed.quoted).map(StatusId),
        quote_policy: quote_policy(params)?,
        interaction_policy: may_reply(&typed.may_reply),
        application: None,
        idempotency_key: Some(typed.key.clone()).filter(|key| key.len() <= limits::IDEMPOTENCY_KEY_BYTES_MAX),
        scheduled_at: later,
        local_only: Some(local),
    })
}

async fn edit(server: &Server, form: &Form, typed: &Typed) -> Result<Response> {
    ready(server)?;
    let (own, params) = (form.account, &form.params);
    let id = number(&typed.edits).map(StatusId).ok_or(Error::NotFound)?;
    let before = server.read(move |view| Ok(storage::status::find(view, id)?)).await?.ok_or(Error::NotFound)?;
    let stated = server.read(move |view| status::interaction_policy(view, id)).await?;
    let (composed, spoiler_text) = compose(server, params, before.content_type).await?;
    let change = Change {
        composed,
        spoiler_text,
        media: pictures(params, typed)?,
        sensitive: Some(typed.sensitive),
        language: language(typed),
        poll: poll(typed),
        quote_policy: quote_policy(params)?,
        // What an app said of it finer than the form can stays, unless another choice was made.
        interaction_policy: Some(typed.may_reply.as_str())
            .filter(|chosen| *chosen != reply_word(&stated))
            .map(|chosen| InteractionPolicy { reply: replies(chosen), ..stated }),
    };
    let rule = move |tx: &mut Tx<'_>| {
        let status = status::edit(tx, own, id, &change)?;
        let name = account::find(tx, own)?.map(|account| account.username).unwrap_or_default();
        Ok((status, name))
    };
    let (status, name) = stored(server, rule).await?;
    gone(server, &format!("/@{name}/{}", status.id), "notice-edited")
}

/// The pictures with what is said of them, those just taken in among them.
fn pictures(params: &Map, typed: &Typed) -> Result<crate::media::Wanted> {
    let mut wanted = wanted(params)?;
    wanted.ids = typed.media.iter().filter_map(|medium| number(&medium.id)).map(storage::MediaId).collect();
    Ok(wanted)
}

/// The post as it would look, or each part of the thread.
async fn previews(server: &Server, visit: &Visit, params: &Params, typed: &Typed) -> Result<Vec<String>> {
    let Some(parts) = thread::parts(visit, typed)?.filter(|parts| parts.len() > 1) else {
        return Ok(vec![composed(server, params).await?.0.content]);
    };
    let mut drawn = Vec::with_capacity(parts.len());
    for part in &parts {
        drawn.push(compose_text(server, part, &typed.warning, written(params)?).await?.0.content);
    }
    Ok(drawn)
}

async fn keep(server: &Server, own: AccountId, typed: &Typed) -> Result<RowId> {
    let (known, row) = (number(&typed.draft).map(RowId), typed::draft(typed));
    let key = thread::form_of(&typed.key).to_owned();
    stored(server, move |tx| draft::keep_once(tx, own, known, &key, &row)).await
}

/// Refuses what would wait for a disk that does not answer, before anything of it is begun.
fn ready(server: &Server) -> Result<()> {
    if server.disk().is_stalled() { Err(Error::not_now()) } else { Ok(()) }
}

/// Makes a rule durable if the disk does that within `limits::REQUEST_SECONDS`: this form may take minutes to come, and
/// nobody is to look at it for minutes without its words. What was begun may still be stored later; the key of the form
/// sees to it that it is stored once.
///
/// # Errors
/// `Storage` if the disk does not answer; those of the rule.
pub(super) async fn stored<T, F>(server: &Server, rule: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    ready(server)?;
    let bound = Duration::from_secs(limits::REQUEST_SECONDS);
    tokio::time::timeout(bound, server.write(rule)).await.unwrap_or_else(|_| Err(Error::not_now()))
}

pub(super) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// A field for date and time says no zone (HTML §2.3.5): it is that of whoever writes, as the form says.
pub(in crate::pages) fn moment_of(params: &Map, zone: &Zone) -> Result<Option<Timestamp>> {
    let Some(text) = params.str("scheduled_at").map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let unreadable = || Error::invalid("scheduled_at", "the time to post it cannot be read");
    zone.means(text).map(Timestamp).ok_or_else(unreadable).map(Some)
}

/// Who may answer: the words of the form, and the rules they mean; whoever is named always may.
const REPLIERS: [(&str, Rule); 5] = [
    ("", Rule { automatic: Groups::PUBLIC, manual: Groups::NOBODY }),
    ("followers", Rule { automatic: Groups::FOLLOWERS, manual: Groups::NOBODY }),
    ("following", Rule { automatic: Groups::FOLLOWING, manual: Groups::NOBODY }),
    ("ask", Rule { automatic: Groups::NOBODY, manual: Groups::PUBLIC }),
    ("mentioned", Rule { automatic: Groups::NOBODY, manual: Groups::NOBODY }),
];

/// The rule a word of the form means; whoever sees the post, if it means none.
fn replies(word: &str) -> Rule {
    REPLIERS.iter().find(|(known, _)| *known == word).map_or_else(Rule::default, |(_, rule)| *rule)
}

/// The word of the form that comes nearest to a policy, never one that lets more people answer.
pub(super) fn reply_word(policy: &InteractionPolicy) -> &'static str {
    let (automatic, manual) = (policy.reply.automatic, policy.reply.manual);
    match automatic {
        _ if automatic.has(Groups::PUBLIC) => "",
        _ if automatic.has(Groups::FOLLOWERS) => "followers",
        _ if automatic.has(Groups::FOLLOWING) => "following",
        _ if manual.has(Groups::PUBLIC) => "ask",
        _ => "mentioned",
    }
}

/// Who may answer a new post; as its author's posts have it if nothing is chosen.
fn may_reply(chosen: &str) -> Option<InteractionPolicy> {
    let reply = replies(chosen);
    (!chosen.is_empty()).then(|| InteractionPolicy { reply, ..InteractionPolicy::default() })
}

/// `POST /posts/ID/delete`
pub(super) async fn delete(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id): (_, StatusId) = (form.account, id.parse().map_err(|_| Error::NotFound)?);
    server.rates().take(Bucket::Delete, Who::Account(own), server.now())?;
    if form.params.str("do") == Some("redraft") {
        let origin = server.origin().clone();
        let draft = server.write(move |tx| redraft(tx, &origin, own, id)).await?;
        return gone(&server, &format!("/compose?draft={draft}"), "notice-redraft");
    }
    server.write(move |tx| status::delete(tx, own, id, Fate::Gone)).await?;
    gone(&server, "/home", "notice-deleted")
}

/// Deletes a status and keeps what was typed as a draft, in one commit: nothing is lost in between.
fn redraft(tx: &mut Tx<'_>, origin: &Origin, own: AccountId, id: StatusId) -> Result<RowId> {
    let now = tx.now();
    let typed = edited(&Context::new(tx, origin, Some(own)).at(now), own, now, id)?;
    status::delete(tx, own, id, Fate::Loose)?;
    draft::keep(tx, own, None, &typed::draft(&typed))
}
