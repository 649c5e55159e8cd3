//! Emoji of this server's own, for whoever may make them: all of them, adding one, bringing one here from another server,
//! changing and removing one.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, outcome,
};
use crate::{
    account::handle::normalise_domain,
    clock,
    error::{Error, Result},
    http::{
        Params,
        visit::{Form, Member, Visit, gone},
    },
    intake::emoji::{copied, sent},
    limits,
    moderation::{
        self, Power,
        emoji::{self, Elsewhere, NewEmoji, Terms},
    },
    server::Server,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use std::collections::BTreeSet;
use storage::{
    AccountId, StatusId,
    custom_emoji::{self, CustomEmoji},
};
use web::page::{
    confirm::{Confirm, confirm},
    settings::emoji::{self as page, All, Bounds, One, PATH, Post, Row, Typed},
};

const BOUNDS: Bounds = Bounds {
    shortcode: limits::EMOJI_SHORTCODE_CHARS.1,
    category: limits::EMOJI_CATEGORY_CHARS_MAX,
    picture: limits::EMOJI_BYTES_MAX,
};

/// What part of all is asked for.
#[derive(Debug, Clone, Default)]
struct Asked {
    /// Those behind this shortcode.
    after: String,
    /// The post whose emoji may be brought here.
    post: Option<StatusId>,
}

/// `GET /admin/emoji`
pub(super) async fn list(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let after = params.str("after").unwrap_or_default().to_owned();
    let asked = Asked { after, post: params.id::<u64>("post").map(StatusId) };
    drawn(&server, &member.visit, member.account, asked, None).await
}

/// `POST /admin/emoji`: adds one, or brings one here.
pub(super) async fn add(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    // Nobody else's picture is read.
    server.read(move |view| moderation::require(view, own, Power::ManageCustomEmoji).map(drop)).await?;
    let result = match form.text("do") {
        "bring" => brought(&server, &form).await,
        _ => made(&server, &form).await,
    };
    match outcome(&server, PATH, "notice-emoji-made", result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => {
            let text = |field: &str| form.text(field).to_owned();
            let typed = Typed { shortcode: text("shortcode"), category: text("category"), domain: text("domain") };
            drawn(&server, &form.visit, own, Asked::default(), Some((typed, why))).await
        }
    }
}

/// Adds the emoji whose picture was sent.
async fn made(server: &Server, form: &Form) -> Result<()> {
    let own = form.account;
    let new = NewEmoji {
        shortcode: without_colons(form.text("shortcode")).to_owned(),
        picture: sent(server, &form.params).await?,
        category: form.text("category").to_owned(),
        from: String::new(),
    };
    server.write(move |tx| emoji::create(tx, own, &new)).await
}

/// Brings an emoji here that is known of another server.
async fn brought(server: &Server, form: &Form) -> Result<()> {
    let own = form.account;
    let code = without_colons(form.text("shortcode")).to_owned();
    let domain = normalise_domain(form.text("domain")).unwrap_or_default();
    let post = form.params.id::<u64>("post").map(StatusId);
    let known = server.read(move |view| match post {
        Some(post) => Ok(emoji::on_post(view, own, post)?.into_iter().find(|one| one.emoji.shortcode == code)),
        None => emoji::seen(view, own, &code, &domain),
    });
    let unknown = || Error::invalid("shortcode", "no emoji of that name is known of that server");
    let Elsewhere { emoji: found, domain } = known.await?.ok_or_else(unknown)?;
    let picture = copied(server, &found.url).await.map_err(|error| match error {
        Error::NotFound | Error::Gone | Error::Remote { .. } | Error::Needs { .. } => {
            Error::invalid("image", "its server does not give the picture now")
        }
        other => other,
    })?;
    let new = NewEmoji { shortcode: found.shortcode, picture, category: String::new(), from: domain };
    server.write(move |tx| emoji::create(tx, own, &new)).await
}

/// As people type a shortcode, with its colons or without.
fn without_colons(typed: &str) -> &str {
    typed.trim_matches(':')
}

async fn drawn(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    asked: Asked,
    refused: Option<(Typed, String)>,
) -> Result<Response> {
    let (typed, problem) = refused.unzip();
    let (said, typed) = (problem.clone(), typed.unwrap_or_default());
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageCustomEmoji)?;
        let known = custom_emoji::all(context.read)?;
        let behind = known.iter().skip_while(|(code, _)| !asked.after.is_empty() && *code <= asked.after);
        let mut rows: Vec<Row> = Vec::new();
        for (code, emoji) in behind.take(limits::EMOJI_PAGE + 1) {
            rows.push(Row { emoji: context.own_emoji(code, emoji), enabled: emoji.enabled });
        }
        let more = rows.len() > limits::EMOJI_PAGE;
        rows.truncate(limits::EMOJI_PAGE);
        let found = asked.post.map(|post| emoji::on_post(context.read, own, post)).transpose()?;
        let mut theirs = Vec::new();
        for one in found.iter().flatten() {
            theirs.push(page::Elsewhere {
                emoji: context.emoji(&one.emoji)?,
                domain: one.domain.clone(),
                taken: custom_emoji::find(context.read, &one.emoji.shortcode)?.is_some(),
            });
        }
        let post = asked.post.map(|post| post.to_string());
        Ok(Found::Page(page::all(
            site,
            &All {
                count: known.len() as u64,
                goes_on: !asked.after.is_empty(),
                after: rows.last().filter(|_| more).map(|row| row.emoji.shortcode.as_str()),
                rows: &rows,
                categories: &categories(&known),
                post: post.as_deref().map(|id| Post { id, found: &theirs }),
                typed: &typed,
                bounds: BOUNDS,
                problem: problem.as_deref(),
            },
        )))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

/// The categories there are, in their order.
fn categories(known: &[(String, CustomEmoji)]) -> Vec<String> {
    let named = known.iter().map(|(_, emoji)| &emoji.category).filter(|category| !category.is_empty());
    named.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

/// `GET /admin/emoji/CODE`
pub(super) async fn show(State(server): State<Server>, Path(code): Path<String>, member: Member) -> Result<Response> {
    drawn_one(&server, &member.visit, member.account, code, None).await
}

/// `POST /admin/emoji/CODE`: changes it.
pub(super) async fn change(State(server): State<Server>, Path(code): Path<String>, form: Form) -> Result<Response> {
    let (own, shortcode) = (form.account, code.clone());
    // A box that is not ticked is not sent.
    let tick = |name: &str| Some(form.params.bool(name).unwrap_or(false));
    let terms = Terms {
        category: Some(form.text("category").to_owned()),
        in_picker: tick("in_picker"),
        enabled: tick("enabled"),
    };
    let result = server.write(move |tx| emoji::change(tx, own, &shortcode, &terms)).await;
    match outcome(&server, &format!("{PATH}/{code}"), "notice-saved", result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn_one(&server, &form.visit, own, code, Some(why)).await,
    }
}

async fn drawn_one(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    code: String,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageCustomEmoji)?;
        let emoji = custom_emoji::find(context.read, &code)?.ok_or(Error::NotFound)?;
        let row = Row { emoji: context.own_emoji(&code, &emoji), enabled: emoji.enabled };
        let categories = categories(&custom_emoji::all(context.read)?);
        Ok(Found::Page(page::one(
            site,
            &One {
                row: &row,
                made: &clock::iso(emoji.created_at),
                categories: &categories,
                bounds: BOUNDS,
                problem: problem.as_deref(),
            },
        )))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

/// `GET /admin/emoji/CODE/delete`
pub(super) async fn ask_remove(
    State(server): State<Server>,
    Path(code): Path<String>,
    member: Member,
) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        moderation::require(context.read, own, Power::ManageCustomEmoji)?;
        custom_emoji::find(context.read, &code)?.ok_or(Error::NotFound)?;
        let question = Confirm {
            title: "emoji-remove-title",
            says: "emoji-remove-says",
            about: None,
            action: &format!("{PATH}/{code}/delete"),
            buttons: &[("remove", "emoji-remove")],
        };
        Ok(Found::Page(confirm(site, &question)))
    })
    .await
}

/// `POST /admin/emoji/CODE/delete`
pub(super) async fn remove(State(server): State<Server>, Path(code): Path<String>, form: Form) -> Result<Response> {
    let own = form.account;
    server.write(move |tx| emoji::remove(tx, own, &code)).await?;
    gone(&server, PATH, "notice-emoji-removed")
}
