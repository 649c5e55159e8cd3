//! What the small buttons of a page do: their name says what, their value to which post or whom. One form a page carries
//! the token for all of them.

use super::draw::{Found, draw};
use crate::{
    error::{Error, Result},
    http::{
        rate::{Bucket, Who},
        visit::{Form, gone},
    },
    limits, notification, poll,
    relationship::{self, FollowOptions, MuteOptions},
    server::Server,
    status::{self, interaction},
    tag,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, RowId, StatusId, Tx};
use web::page::thread;

/// A rule about oneself and a post.
type OnStatus = fn(&mut Tx<'_>, AccountId, StatusId) -> Result<()>;
/// A rule about oneself and somebody else.
type OnAccount = fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()>;

/// What a button is called, what it does, and what there is to say then.
const ON_STATUS: [(&str, OnStatus, &str); 10] = [
    ("boost", |tx, own, id| status::reblog(tx, own, id, None).map(drop), "notice-boosted"),
    ("unboost", |tx, own, id| status::unreblog(tx, own, id).map(drop), "notice-unboosted"),
    ("favourite", |tx, own, id| status::favourite(tx, own, id).map(drop), "notice-favourited"),
    ("unfavourite", |tx, own, id| status::unfavourite(tx, own, id).map(drop), "notice-unfavourited"),
    ("bookmark", |tx, own, id| status::bookmark(tx, own, id).map(drop), "notice-bookmarked"),
    ("unbookmark", |tx, own, id| status::unbookmark(tx, own, id).map(drop), "notice-unbookmarked"),
    ("mute-thread", |tx, own, id| status::mute_thread(tx, own, id).map(drop), "notice-thread-muted"),
    ("unmute-thread", |tx, own, id| status::unmute_thread(tx, own, id).map(drop), "notice-thread-unmuted"),
    ("pin", |tx, own, id| status::pin(tx, own, id).map(drop), "notice-pinned"),
    ("unpin", |tx, own, id| status::unpin(tx, own, id).map(drop), "notice-unpinned"),
];

const ON_ACCOUNT: [(&str, OnAccount, &str); 13] = [
    ("follow", |tx, own, id| follow(tx, own, id, &FollowOptions::default()), "notice-followed"),
    ("unfollow", relationship::unfollow, "notice-unfollowed"),
    ("notify", |tx, own, id| follow(tx, own, id, &telling(true)), "notice-saved"),
    ("unnotify", |tx, own, id| follow(tx, own, id, &telling(false)), "notice-saved"),
    ("hide-boosts", |tx, own, id| follow(tx, own, id, &boosting(false)), "notice-saved"),
    ("show-boosts", |tx, own, id| follow(tx, own, id, &boosting(true)), "notice-saved"),
    ("mute", |tx, own, id| relationship::mute(tx, own, id, MUTED), "notice-muted"),
    ("unmute", relationship::unmute, "notice-unmuted"),
    ("block", relationship::block, "notice-blocked"),
    ("unblock", relationship::unblock, "notice-unblocked"),
    ("accept", relationship::authorize, "notice-request-accepted"),
    ("decline", relationship::reject, "notice-request-declined"),
    ("remove-follower", relationship::remove_from_followers, "notice-follower-removed"),
];

/// A rule about oneself and what waits: notifications, or what others want to do with one's posts.
type OnRequest = fn(&mut Tx<'_>, AccountId, RowId) -> Result<()>;

const ON_REQUEST: [(&str, OnRequest, &str); 4] = [
    ("let-in", notification::accept, "notice-let-in"),
    ("keep-out", notification::dismiss_request, "notice-kept-out"),
    ("allow", |tx, own, id| interaction::authorize(tx, own, id).map(drop), "notice-allowed"),
    ("refuse", |tx, own, id| interaction::reject(tx, own, id).map(drop), "notice-refused"),
];

/// A rule about oneself and a tag.
type OnTag = fn(&mut Tx<'_>, AccountId, &str) -> Result<()>;

const ON_TAG: [(&str, OnTag, &str); 2] =
    [("follow-tag", tag::follow, "notice-followed"), ("unfollow-tag", tag::unfollow, "notice-unfollowed")];

/// A mute without an end hides notifications, too.
const MUTED: MuteOptions = MuteOptions { notifications: true, duration_ms: None };

fn telling(notify: bool) -> FollowOptions {
    FollowOptions { notify: Some(notify), ..FollowOptions::default() }
}

fn boosting(reblogs: bool) -> FollowOptions {
    FollowOptions { reblogs: Some(reblogs), ..FollowOptions::default() }
}

fn follow(tx: &mut Tx<'_>, own: AccountId, id: AccountId, options: &FollowOptions) -> Result<()> {
    relationship::follow(tx, own, id, options)
}

/// `POST /act`
pub(super) async fn act(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    if let Some((name, rule, notice)) = ON_STATUS.iter().find(|(name, ..)| form.params.has(name)) {
        let (rule, id): (OnStatus, StatusId) = (*rule, form.params.id(name).ok_or(Error::NotFound)?);
        if *name == "unboost" {
            server.rates().take(Bucket::Delete, Who::Account(own), server.now())?;
        }
        server.write(move |tx| rule(tx, own, id)).await?;
        if form.in_place() {
            return alone(&server, &form, id).await;
        }
        return gone(&server, &format!("{}#post-{id}", form.return_to()), notice);
    }
    if let Some((name, rule, notice)) = ON_ACCOUNT.iter().find(|(name, ..)| form.params.has(name)) {
        let (rule, id): (OnAccount, AccountId) = (*rule, form.params.id(name).ok_or(Error::NotFound)?);
        server.write(move |tx| rule(tx, own, id)).await?;
        return form.back(&server, notice);
    }
    if let Some((name, rule, notice)) = ON_REQUEST.iter().find(|(name, ..)| form.params.has(name)) {
        let (rule, row): (OnRequest, u64) = (*rule, form.params.id(name).ok_or(Error::NotFound)?);
        server.write(move |tx| rule(tx, own, RowId(row))).await?;
        return form.back(&server, notice);
    }
    if let Some((name, rule, notice)) = ON_TAG.iter().find(|(name, ..)| form.params.has(name)) {
        let (rule, tag): (OnTag, String) = (*rule, form.text(name).to_owned());
        server.write(move |tx| rule(tx, own, &tag)).await?;
        return form.back(&server, notice);
    }
    Err(Error::invalid("act", "no button of this form is known"))
}

/// `POST /vote/ID`
pub(super) async fn vote(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id): (_, StatusId) = (form.account, id.parse().map_err(|_| Error::NotFound)?);
    let sent = form.params.texts("choices");
    if sent.is_empty() || sent.len() > limits::POLL_OPTIONS_MAX {
        return Err(Error::invalid("choices", "choose an answer first"));
    }
    let unknown = |_| Error::invalid("choices", "this poll has no such answer");
    let choices = sent.into_iter().map(|text| text.parse::<u32>().map_err(unknown)).collect::<Result<Vec<_>>>()?;
    server.write(move |tx| poll::vote(tx, own, id, &choices)).await?;
    if form.in_place() {
        return alone(&server, &form, id).await;
    }
    gone(&server, &format!("{}#post-{id}", form.return_to()), "notice-voted")
}

/// The post as it is now, for the script that puts it in place of what it was.
async fn alone(server: &Server, form: &Form, id: StatusId) -> Result<Response> {
    let (own, at_home) = (form.account, is_home(form.return_to()));
    draw(server, &form.visit, move |context, site| {
        let record = status::require_original(context.read, own, id)?;
        let shown = context.status(&record)?;
        Ok(Found::Page(thread::alone(site, &if at_home { shown.at_home() } else { shown })))
    })
    .await
}

/// Whether the posts of a page are those of home or a list.
fn is_home(page: &str) -> bool {
    let path = page.split(['?', '#']).next().unwrap_or(page);
    matches!(path, "/home" | "/home/away") || path.starts_with("/lists/")
}
