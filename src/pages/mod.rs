//! Lives here: HTML handlers: read the request, call one rule or read, draw with `web`.
//! May use: `http`, core rooms, `present`, `web`, `federation::{fetch, collections, documents}`,
//! `operate::{naming, doctor, ways}`.
//! Must never name: `api`, `oauth`, `jobs`, `cli`.
//! Invariants: everything works without JavaScript; forms carry a token; after a POST comes a redirect.
//!
//! To add a page: a file here with its handlers and a line in `routes`. What guests may see takes a `Visit`, what is for
//! people who are signed in a `Member` (whoever is not is sent to sign in and back), what is sent a `Form`, whose token was
//! looked at before; each draws with `draw`, which puts language, notice and unread count into the `Site`. A form ends with
//! `form.back(server, "notice-…")`: the page it came from says what was done. Markup and sentences lie in `web`.

mod about;
mod act;
mod asked;
mod assets;
mod block_list;
mod complete;
mod compose;
mod disputes;
mod draw;
mod explore;
mod feed;
mod first_run;
mod first_steps;
mod front;
mod history;
mod home;
mod installed;
mod interact;
mod language;
mod lists;
mod marked;
mod media;
mod menu;
mod messages;
mod moderation;
mod moving;
mod name;
mod neighbours;
mod notifications;
mod passkey;
mod people;
mod people_step;
mod profile;
mod quote;
mod react;
mod robots;
mod scheduled;
mod search;
mod settings;
mod status;
mod tag;
mod who_marked;

use crate::{
    error::{Error, Result},
    server::Server,
};
use axum::{
    Router,
    routing::{get, post},
};

/// All pages.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/", get(front::show))
        .route("/home", get(home::show))
        .route("/home/read", post(home::read))
        .route("/home/away", get(home::away))
        .route("/home/tags", get(home::tags))
        .route("/home/local", get(home::local))
        .route("/home/known", get(home::known))
        .route("/announcements/{id}/dismiss", post(home::dismiss))
        .route("/home/steps", post(first_steps::put_away))
        .route("/act", post(act::act))
        .route("/vote/{id}", post(act::vote))
        .route("/menu", get(menu::show))
        .route("/notifications", get(notifications::all))
        .route("/notifications/mentions", get(notifications::mentions))
        .route("/notifications/moderation", get(notifications::moderation))
        .route("/notifications/requests", get(notifications::requests))
        .route("/notifications/read", post(notifications::read))
        .route("/notifications/clear", get(notifications::ask_clear).post(notifications::clear))
        .route("/follow_requests", get(notifications::follow_requests))
        .route("/messages", get(messages::list))
        .route("/messages/{id}", get(messages::show).post(messages::answer))
        .route("/messages/{id}/open", post(messages::open))
        .route("/messages/{id}/delete", post(messages::remove))
        .route("/interact", get(interact::form).post(interact::lead))
        .route("/authorize_interaction", get(interact::authorize))
        .route("/search", get(search::show))
        .route("/search/saved", post(search::save))
        .route("/search/saved/{id}/remove", post(search::forget))
        .route("/complete", get(complete::complete))
        .route("/explore", get(explore::show))
        .route("/bookmarks", get(marked::bookmarks).post(marked::remove_bookmarks))
        .route("/favourites", get(marked::favourites).post(marked::remove_favourites))
        .route("/followed_tags", get(tag::followed))
        .route("/lists", get(lists::all).post(lists::create))
        .route("/lists/{id}", get(lists::show).post(lists::update))
        .route("/lists/{id}/remove", post(lists::remove))
        .route("/people/{id}/note", post(people::note))
        .route("/people/{id}/lists", post(people::lists))
        .route("/people/{id}/block", get(people::ask_block))
        .route("/people/{id}/remove", get(people::ask_remove))
        .route("/people/{id}/mute", get(people::ask_mute).post(people::mute))
        .route("/people/{id}/server", get(people::ask_server).post(people::server))
        .route("/report/{id}", get(people::report_form).post(people::report))
        .route(web::page::installed::PATH, get(installed::manifest))
        .route("/robots.txt", get(robots::show))
        .route("/language", get(language::form).post(language::choose))
        .route("/about", get(about::show))
        .route("/about/blocked", get(about::blocked))
        .route("/privacy-policy", get(about::privacy_policy))
        .route("/terms-of-service", get(about::terms_of_service))
        .route("/local.rss", get(feed::local_rss))
        .route("/local.atom", get(feed::local_atom))
        .route("/local/feed.json", get(feed::local_json))
        .route("/terms-of-service/{day}", get(about::former_terms))
        .route("/accessibility", get(about::accessibility))
        .route("/@{name}", get(profile::posts))
        .route("/@{name}/with_replies", get(profile::with_replies))
        .route("/@{name}/media", get(profile::media))
        .route("/@{name}/featured", get(profile::featured))
        .route("/@{name}/feed.json", get(feed::account_json))
        .route("/@{name}/followers", get(profile::followers))
        .route("/@{name}/following", get(profile::following))
        .route("/@{name}/{id}", get(status::show))
        .route("/@{name}/{id}/history", get(history::show))
        .route("/@{name}/{id}/boosts", get(who_marked::boosts))
        .route("/@{name}/{id}/favourites", get(who_marked::favourites))
        .route("/posts/{id}/quote", get(quote::ask).post(quote::revoke))
        .route("/posts/{id}/react", post(react::react))
        .route("/interaction_requests", get(asked::show))
        .route("/scheduled", get(scheduled::list))
        .route("/scheduled/{id}", post(scheduled::change))
        .route("/tags/{name}", get(tag::show))
        .route("/tags/{name}/feed.json", get(feed::tag_json))
        .route("/settings/aliases", get(moving::aliases).post(moving::add_alias))
        .route("/settings/aliases/remove", post(moving::remove_alias))
        .route("/settings/migration", get(moving::migration).post(moving::migrate))
        .route("/settings/migration/back", post(moving::come_back))
        .route("/disputes/strikes", get(disputes::strikes))
        .route("/disputes/strikes/{id}", get(disputes::show))
        .route("/disputes/strikes/{id}/appeal", post(disputes::appeal))
        .route("/disputes/appeals", get(disputes::appeals))
        .route("/disputes/appeals/{id}", post(disputes::decide))
        .route("/moderation/waiting", get(moderation::waiting).post(moderation::let_in))
        .route("/moderation/waiting/{id}/reject", get(moderation::ask_reject).post(moderation::reject))
        .route("/moderation/reports", get(moderation::reports))
        .route("/moderation/reports/{id}", get(moderation::report).post(moderation::work))
        .route("/moderation/reports/{id}/{deed}", get(moderation::ask_deed).post(moderation::decide))
        .route("/first-run", get(first_run::form).post(first_run::create))
        .route("/first-run/passkey/challenge", post(first_run::challenge))
        .route("/first-run/people", get(people_step::form).post(people_step::save))
        .route("/first-run/blocks", get(block_list::show).post(block_list::decide))
        .route("/first-run/name", post(name::look))
        .route("/first-run/name/take", post(name::take))
        .route("/first-run/name/leave", post(name::leave))
        .merge(assets::routes())
        .merge(compose::routes())
        .merge(media::routes())
        .merge(settings::routes())
}

/// A number of an address. What cannot be one is unknown, not malformed.
fn number<I: From<u64>>(text: &str) -> Result<I> {
    text.parse::<u64>().map(I::from).map_err(|_| Error::NotFound)
}
