//! What one says of oneself.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, outcome,
};
use crate::{
    account::update::{self, Changes},
    error::Result,
    http::{
        value::Map,
        visit::{Form, Member, Visit},
    },
    intake::profile::{texts, with_pictures},
    limits,
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::AccountId;
use web::{
    entity::{Field, Profile},
    page::settings::profile::{self as page, Bounds},
};

const PATH: &str = "/settings/profile";

const BOUNDS: Bounds = Bounds {
    name: limits::DISPLAY_NAME_CHARS_MAX,
    note: limits::NOTE_CHARS_MAX,
    fields: limits::PROFILE_FIELDS_MAX,
    field_name: limits::FIELD_NAME_CHARS_MAX,
    field_value: limits::FIELD_VALUE_CHARS_MAX,
    description: limits::MEDIA_DESCRIPTION_CHARS_MAX,
};

/// `GET /settings/profile`
pub(super) async fn form(State(server): State<Server>, member: Member) -> Result<Response> {
    show(&server, &member.visit, member.account, None).await
}

/// `POST /settings/profile`
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let typed = wanted(&form.params);
    let result = match form.params.str("do") {
        Some("remove-avatar") => change(&server, own, Changes { avatar: Some(None), ..Changes::default() }).await,
        Some("remove-header") => change(&server, own, Changes { header: Some(None), ..Changes::default() }).await,
        _ => match with_pictures(&server, own, &form.params, typed.clone()).await {
            Ok(changes) => change(&server, own, changes).await,
            Err(error) => Err(error),
        },
    };
    match outcome(&server, PATH, "notice-saved", result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => show(&server, &form.visit, own, Some((why, typed))).await,
    }
}

async fn change(server: &Server, own: AccountId, changes: Changes) -> Result<()> {
    server.write(move |tx| update::update(tx, own, &changes)).await
}

/// What the form says, all of it: a tick that is not sent is taken off, domains stand one a line.
fn wanted(params: &Map) -> Changes {
    let tick = |name: &str| Some(params.bool(name).unwrap_or(false));
    let domains = params.str("attribution_domains").unwrap_or_default();
    Changes {
        locked: tick("locked"),
        bot: tick("bot"),
        discoverable: tick("discoverable"),
        indexable: tick("indexable"),
        hide_collections: tick("hide_collections"),
        show_media: tick("show_media"),
        show_media_replies: tick("show_media_replies"),
        show_featured: tick("show_featured"),
        attribution_domains: Some(
            domains.split_whitespace().take(limits::ATTRIBUTION_DOMAINS_MAX + 1).map(str::to_owned).collect(),
        ),
        // Forms send the ends of lines as two characters (HTML §4.10.22.7).
        note: params.str("note").map(|note| note.replace("\r\n", "\n")),
        ..texts(params)
    }
}

async fn show(server: &Server, visit: &Visit, own: AccountId, refused: Option<(String, Changes)>) -> Result<Response> {
    let problem = refused.as_ref().map(|(why, _)| why.clone());
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        let mut profile = context.profile(own)?;
        if let Some((_, typed)) = &refused {
            type_into(&mut profile, typed);
        }
        Ok(Found::Page(page::profile(site, &profile, BOUNDS, problem.as_deref())))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

/// The profile as it was typed, in place of as it is.
fn type_into(profile: &mut Profile, typed: &Changes) {
    let text = |known: &mut String, typed: &Option<String>| {
        if let Some(typed) = typed {
            known.clone_from(typed);
        }
    };
    text(&mut profile.display_name, &typed.display_name);
    text(&mut profile.note, &typed.note);
    text(&mut profile.avatar_description, &typed.avatar_description);
    text(&mut profile.header_description, &typed.header_description);
    if let Some(fields) = &typed.fields {
        let drawn = fields.iter().take(limits::PROFILE_FIELDS_MAX);
        profile.fields =
            drawn.map(|(name, value)| Field { name: name.clone(), value: value.clone(), verified_at: None }).collect();
    }
    let is = |typed: Option<bool>, known: bool| typed.unwrap_or(known);
    profile.locked = is(typed.locked, profile.locked);
    profile.bot = is(typed.bot, profile.bot);
    profile.discoverable = typed.discoverable.or(profile.discoverable);
    profile.indexable = is(typed.indexable, profile.indexable);
    profile.hide_collections = typed.hide_collections.or(profile.hide_collections);
    profile.show_media = is(typed.show_media, profile.show_media);
    profile.show_media_replies = is(typed.show_media_replies, profile.show_media_replies);
    profile.show_featured = is(typed.show_featured, profile.show_featured);
    if let Some(domains) = &typed.attribution_domains {
        profile.attribution_domains.clone_from(domains);
    }
}
