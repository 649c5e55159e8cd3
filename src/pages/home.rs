//! Home: what the people one follows say, newest first, with the place up to which one has read; shortly what there was
//! since then; for whoever runs the server what is still to be done once.

use super::{
    draw::{Found, draw, draw_on_view},
    first_steps,
    neighbours::Place,
};
use crate::{
    announcement, clock,
    error::{Error, Result},
    http::{
        Params,
        visit::{Form, Member},
    },
    limits, list,
    notification::{self, Filter},
    present::{self, Context},
    server::Server,
    timeline::{self, Listed, Origins, Page, Relayed, Window},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, Timestamp,
    filter::FilterContext,
    marker::{self, MARKERS},
    notification::NotificationKind,
    relay, status,
};
use web::{
    entity::Status,
    page::{
        Pager,
        away::{self, Away},
        home::{self, Home, Relays, Tab, Timeline},
    },
};

/// The marker of how far one has read, which apps share (client API, markers).
const MARKER: &str = "home";

/// `GET /home`
pub(super) async fn show(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, home, shelf) = (member.account, server.home().clone(), params.str("boosts") == Some("shelf"));
    let place = if shelf { Place::of(&params).keeping("boosts=shelf") } else { Place::of(&params) };
    let (key, set, now) = (server.secret(), first_steps::Set::of(&server), server.now());
    draw_on_view(&server, &member.visit, move |view, context, site| {
        let placed = place.read(|window| home.open_page(view, own, now, window))?;
        let (read_upto, read_at) = read_upto(view, own)?.unzip();
        let read_at = read_at.map(clock::iso);
        let statuses = context.statuses_in(FilterContext::Home, &placed.page.statuses)?;
        let (first, older) = (place.is_first(), placed.older.as_deref());
        let announcements = if first { announcement::shown(view, own, false)? } else { Vec::new() };
        let announcements = announcements.iter().map(|(id, row)| context.announcement(*id, row));
        let steps = if first { first_steps::of(view, own, set)? } else { None };
        let page = Home {
            statuses: &statuses,
            first,
            lists: &list::all(view, own)?.iter().map(present::list).collect::<Vec<_>>(),
            announcements: &announcements.collect::<Result<Vec<_>>>()?,
            shelf,
            read_upto,
            read_at: read_at.as_deref(),
            // Whoever has never said how far they have read has no place to go on from.
            away: first && older.is_some() && read_upto.is_some_and(|upto| all_above(&statuses, upto)),
            steps: steps.as_ref().map(<[_; first_steps::STEPS]>::as_slice),
            key: &key,
            visibility: &context.preferences(own)?.posting_default_visibility,
            newest: placed.page.examined.map(|(newest, _)| newest),
            pager: Pager { newer: placed.newer.as_deref(), older },
        };
        Ok(Found::Page(home::home(site, &page)))
    })
    .await
}

/// A timeline beside home.
struct Beside {
    tab: Tab<'static>,
    /// Its title, and what it says of itself.
    words: [&'static str; 2],
    place: Place,
    /// How it stands to what relays told of, where that can be chosen.
    relays: Option<Relays>,
    read: fn(&Context<'_>, AccountId, Window) -> Result<Page>,
}

/// `GET /home/tags`
pub(super) async fn tags(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let shown = Beside {
        tab: Tab::Tags,
        words: ["tags-timeline", "tags-timeline-says"],
        place: Place::of(&params),
        relays: None,
        read: |context, own, window| timeline::followed_tags(context.read, own, window),
    };
    beside(&server, &member, shown).await
}

/// `GET /home/local`
pub(super) async fn local(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let shown = Beside {
        tab: Tab::Local,
        words: ["tab-local", "local-timeline-says"],
        place: Place::of(&params),
        relays: None,
        read: |context, own, window| {
            let listed = Listed { origins: Origins::Local, ..Listed::default() };
            timeline::public(context.read, Some(own), listed, window)
        },
    };
    beside(&server, &member, shown).await
}

/// `GET /home/known`
pub(super) async fn known(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let all = Beside {
        tab: Tab::Known,
        words: ["tab-known", "known-timeline-says"],
        place: Place::of(&params),
        relays: Some(Relays::Among),
        read: |context, own, window| timeline::public(context.read, Some(own), Listed::default(), window),
    };
    if params.str("relays") != Some("without") {
        return beside(&server, &member, all).await;
    }
    let shown = Beside {
        place: Place::of(&params).keeping("relays=without"),
        relays: Some(Relays::LeftOut),
        read: |context, own, window| {
            let listed = Listed { relayed: Relayed::LeftOut, ..Listed::default() };
            timeline::public(context.read, Some(own), listed, window)
        },
        ..all
    };
    beside(&server, &member, shown).await
}

async fn beside(server: &Server, member: &Member, shown: Beside) -> Result<Response> {
    let own = member.account;
    draw(server, &member.visit, move |context, site| {
        let placed = shown.place.read(|window| (shown.read)(context, own, window))?;
        let relays = match shown.relays {
            Some(relays) if !relay::all(context.read)?.is_empty() => Some(relays),
            _ => None,
        };
        let page = Timeline {
            tab: shown.tab,
            title: shown.words[0],
            says: shown.words[1],
            lists: &list::all(context.read, own)?.iter().map(present::list).collect::<Vec<_>>(),
            statuses: &context.statuses_in(FilterContext::Public, &placed.page.statuses)?,
            first: shown.place.is_first(),
            relays,
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
        };
        Ok(Found::Page(home::timeline(site, &page)))
    })
    .await
}

/// `POST /announcements/ID/dismiss`: it is not shown to them any more.
pub(super) async fn dismiss(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, id.parse().map(RowId).map_err(|_| Error::NotFound)?);
    server.write(move |tx| announcement::dismiss(tx, own, id)).await?;
    form.back(&server, "notice-announcement-dismissed")
}

/// Up to which status of home `own` has read, and when they said so.
fn read_upto(read: &dyn Read, own: AccountId) -> Result<Option<(u64, Timestamp)>> {
    let marker = MARKERS.get(read, &(own, MARKER.to_owned()))?;
    Ok(marker.and_then(|marker| Some((marker.last_read_id.parse().ok()?, marker.updated_at))))
}

fn all_above(statuses: &[Status], upto: u64) -> bool {
    !statuses.is_empty() && statuses.iter().all(|status| status.id.parse::<u64>().is_ok_and(|id| id > upto))
}

/// `GET /home/away`
pub(super) async fn away(State(server): State<Server>, member: Member) -> Result<Response> {
    let (own, home, now) = (member.account, server.home().clone(), server.now());
    draw_on_view(&server, &member.visit, move |view, context, site| {
        let upto = read_upto(view, own)?.map(|(upto, _)| upto);
        let (found, more) = home.newest(view, own, now, upto, (limits::AWAY_POSTS, limits::AWAY_LOOKS))?;
        let since = upto.map(|upto| clock::iso(StatusId(upto).time()));
        let page = Away {
            since: since.as_deref(),
            statuses: &context.statuses_in(FilterContext::Home, &found)?,
            more,
            answers: &answers(context, own, upto)?,
            newest: found.first().map(|status| status.id.0),
        };
        Ok(Found::Page(away::away(site, &page)))
    })
    .await
}

/// What named `own` since the moment of that status, newest first.
fn answers(context: &Context<'_>, own: AccountId, upto: Option<u64>) -> Result<Vec<Status>> {
    let kinds = vec![NotificationKind::Mention, NotificationKind::Quote];
    let filter = Filter { kinds: Some(kinds), ..Filter::default() };
    // Numbers of notifications tell when they were made in the same way.
    let bounds = Bounds { below: None, above: upto };
    let page = notification::list(context.read, own, &filter, bounds, Direction::Descending, limits::AWAY_ANSWERS)?;
    let mut records = Vec::with_capacity(page.rows.len());
    for id in page.rows.iter().filter_map(|(_, row)| row.status) {
        records.extend(status::find(context.read, id)?);
    }
    context.statuses_in(FilterContext::Notifications, &records)
}

/// `POST /home/read`: everything up to `upto` was read.
pub(super) async fn read(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    if let Ok(upto) = form.text("upto").parse::<u64>() {
        server.write(move |tx| Ok(marker::put(tx, own, MARKER, &upto.to_string())?)).await?;
    }
    form.back(&server, "notice-read")
}
