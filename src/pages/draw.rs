//! From a handler to a page: reading the store and drawing in one go, off the async workers.

use crate::{
    error::{Error, Result},
    http::{
        answer,
        auth::is_limited,
        drawn::{Document, Guest},
        negotiate,
        session::Browser,
        visit::Visit,
    },
    limits, notification,
    origin::Origin,
    present::Context,
    server::Server,
};
use axum::response::{IntoResponse, Redirect, Response};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, VARY},
};
use storage::{
    AccountId, Read, View, accent, account,
    dress::{self, Dress},
    habit::{self, ExpandMedia},
    instance::settings,
    user,
};
use web::{
    accent::Colour,
    layout::{Pictures, Reading, Site, Storing, Viewer},
    page::leaving::leaving,
    theme::Theme,
    words::Words,
    zone::Zone,
};

/// What a handler found.
pub(super) enum Found {
    /// A whole page.
    Page(String),
    /// It is somewhere else: a path or an address. Whoever asked is sent there if that is on this server, and told of it if
    /// it is not.
    Elsewhere(String),
}

impl Found {
    /// A page that says where it leads, in place of an address that was chosen elsewhere: nobody is sent there by this
    /// server (SECURITY D8).
    fn or_leaving(self, origin: &Origin, site: &Site<'_>) -> Found {
        match self {
            Found::Elsewhere(url) if !is_here(origin, &url) => Found::Page(leaving(site, &url)),
            found => found,
        }
    }
}

fn is_here(origin: &Origin, url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") || origin.path_of(url).is_some()
}

/// Reads and draws on one consistent view what people write, for whoever may see it: while federation is limited only who
/// is signed in, as everybody else is sent to where one signs in.
pub(super) async fn draw<F>(server: &Server, visit: &Visit, draw: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>, &Site<'_>) -> Result<Found> + Send + 'static,
{
    draw_page(server, visit, Box::new(draw)).await
}

/// What a page is drawn with. Boxed, so that what surrounds it is compiled once and not for each page.
type Page = Box<dyn FnOnce(&Context<'_>, &Site<'_>) -> Result<Found> + Send>;

/// The same for whoever needs the view itself.
type PageOnView = Box<dyn FnOnce(&View<'_>, &Context<'_>, &Site<'_>) -> Result<Found> + Send>;

async fn draw_page(server: &Server, visit: &Visit, draw: Page) -> Result<Response> {
    if visit.browser.is_some() {
        return draw_for_anybody(server, visit, draw).await;
    }
    let guest = one_more(server)?;
    if is_limited(server).await? {
        return Ok(Redirect::to("/auth/sign_in").into_response());
    }
    let draw = move |context: &Context<'_>, site: &Site<'_>| {
        let _guest = guest;
        draw(context, site)
    };
    draw_for_anybody(server, visit, draw).await
}

/// Counts one more guest for whom a page is drawn: while the disk stalls a few at once are enough, so that whoever is signed
/// in goes on reading (DESIGN §8).
///
/// # Errors
/// That of [`Error::not_now`] for one too many.
fn one_more(server: &Server) -> Result<Guest> {
    let guest = server.pages().guest();
    if server.disk().is_stalled() && guest.others() >= limits::GUESTS_WHILE_STALLED {
        return Err(Error::not_now());
    }
    Ok(guest)
}

/// The same for a page that looks alike to every guest who asks for its address in one language, and that depends on
/// nothing but its address and the rows it is drawn from: it is drawn for guests once and kept until one of the rows
/// changes.
pub(super) async fn draw_kept<F>(server: &Server, visit: &Visit, page: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>, &Site<'_>) -> Result<Found> + Send + 'static,
{
    draw_kept_page(server, visit, Box::new(page)).await
}

async fn draw_kept_page(server: &Server, visit: &Visit, page: Page) -> Result<Response> {
    // An address that cannot be gone back to is not told from others; few guests ask for less.
    if visit.browser.is_some() || visit.save_data || visit.at == "/" {
        return draw_page(server, visit, page).await;
    }
    if is_limited(server).await? {
        return Ok(Redirect::to("/auth/sign_in").into_response());
    }
    let (origin, lab, now) = (server.origin().clone(), server.reach().is_lab(), server.now());
    let (pages, words, at) = (server.pages().clone(), visit.words, visit.at.clone());
    let named = server.is_named();
    let of_drawing = server.clone();
    let found = server
        .read(move |view| {
            let kept = pages.look(view, (&at, words.tag()), now, |read| {
                let _guest = one_more(&of_drawing)?;
                let context = Context::new(read, &origin, None).at(now);
                let title = context.title(&settings(read).map_err(Error::from)?);
                let accent = accent::find(read).map_err(Error::from)?.map(|accent| Colour::of_number(accent.rgb));
                let site = Site { title: &title, words, at: &at, accent, named, ..answer::site(&origin, lab) };
                match page(&context, &site)?.or_leaving(&origin, &site) {
                    Found::Page(document) => Ok(document),
                    Found::Elsewhere(url) => Err(Undrawn::Elsewhere(url)),
                }
            });
            match kept {
                Ok(document) => Ok(Ok(document)),
                Err(Undrawn::Elsewhere(url)) => Ok(Err(url)),
                Err(Undrawn::Failed(error)) => Err(error),
            }
        })
        .await?;
    let response = match found {
        Ok(document) => answer::validated(&document, negotiate::HTML, |tag| visit.knows(tag)),
        Err(url) => Redirect::to(&url).into_response(),
    };
    Ok(headed(response, visit))
}

/// Why there is no page to keep.
enum Undrawn {
    Elsewhere(String),
    Failed(Error),
}

impl From<Error> for Undrawn {
    fn from(error: Error) -> Self {
        Undrawn::Failed(error)
    }
}

/// Reads and draws on one consistent view what everybody may see.
pub(super) async fn draw_for_anybody<F>(server: &Server, visit: &Visit, draw: F) -> Result<Response>
where
    F: FnOnce(&Context<'_>, &Site<'_>) -> Result<Found> + Send + 'static,
{
    draw_on_view(server, visit, |_, context, site| draw(context, site)).await
}

/// The same for whoever needs the view itself, as timelines in memory do.
pub(super) async fn draw_on_view<F>(server: &Server, visit: &Visit, draw: F) -> Result<Response>
where
    F: FnOnce(&View<'_>, &Context<'_>, &Site<'_>) -> Result<Found> + Send + 'static,
{
    draw_page_on_view(server, visit, Box::new(draw)).await
}

async fn draw_page_on_view(server: &Server, visit: &Visit, draw: PageOnView) -> Result<Response> {
    let (origin, lab, now) = (server.origin().clone(), server.reach().is_lab(), server.now());
    let (filters, trends, remembering) = (server.filters().clone(), server.trends().clone(), server.clone());
    let token = visit.browser.as_ref().map(Browser::form_token).unwrap_or_default();
    let (own, asked, at) = (visit.account(), visit.words, visit.at.clone());
    let notice = visit.notice().map(str::to_owned);
    let (save_data, named) = (visit.save_data, server.is_named());
    let told = visit.zone.clone().filter(|_| own.is_some());
    // Guests store nothing.
    let stores = own.map(|_| storing(server)).unwrap_or_default();
    let found = server
        .read(move |view| {
            let context = Context::new(view, &origin, own).at(now).with_filters(&filters).with_trends(&trends);
            let title = context.title(&settings(view)?);
            let who = own.map(|own| Who::find(view, own)).transpose()?.flatten();
            let viewer = who.as_ref().map(|who| Viewer {
                id: &who.id,
                username: &who.username,
                form_token: &token,
                unread: who.unread,
                reading: who.reading,
                owns: who.owns,
                storing: stores,
            });
            let zone = who.as_ref().and_then(|who| Zone::named(&who.dress.zone)).or(told).unwrap_or_default();
            let accent = accent::find(view)?.map(|accent| Colour::of_number(accent.rgb));
            remembering.saw_accent(accent);
            let site = Site {
                zone: &zone,
                title: &title,
                viewer,
                words: who.as_ref().and_then(|who| who.words).unwrap_or(asked),
                // Pages for guests may be kept a while.
                now: own.map(|_| now.0.div_euclid(1_000)),
                at: &at,
                notice: notice.as_deref(),
                accent,
                named,
                light: save_data || who.as_ref().is_some_and(|who| who.dress.light),
                theme: who.as_ref().map(|who| theme(who.dress.theme)).unwrap_or_default(),
                ..answer::site(&origin, lab)
            };
            draw(view, &context, &site).map(|found| found.or_leaving(&origin, &site))
        })
        .await?;
    let response = match found {
        // The same for every guest who asks in the same language.
        Found::Page(document) if visit.browser.is_none() => {
            answer::validated(&Document::new(document), negotiate::HTML, |tag| visit.knows(tag))
        }
        Found::Page(document) => {
            let mut page = answer::html(document);
            visit.seen(server, &mut page)?;
            page
        }
        Found::Elsewhere(url) => Redirect::to(&url).into_response(),
    };
    Ok(headed(response, visit))
}

/// Says who may keep a page for how long.
fn headed(mut response: Response, visit: &Visit) -> Response {
    let headers = response.headers_mut();
    // What a guest sees may stand in a cache before this server for a moment, never in the browser: it may sign in.
    let kept = if visit.browser.is_some() { "private, no-store" } else { "public, max-age=0, s-maxage=15" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie, Save-Data"));
    response
}

/// How what is sent is stored at the moment, as far as people notice; never waits for the disk.
fn storing(server: &Server) -> Storing {
    let (store, disk) = (server.store(), server.disk());
    if store.is_read_only() {
        Storing::ReadOnly
    } else if store.is_full() {
        Storing::Full
    } else if disk.is_stalled() {
        Storing::Stalled
    } else if disk.is_in_trouble() && store.state().sync.p50 >= limits::DISK_SLOW_MAX {
        // A disk may be slow for what it is, and still be fast for whoever posts.
        Storing::Slow
    } else {
        Storing::Works
    }
}

/// What every page says of whoever is signed in.
struct Who {
    id: String,
    username: String,
    unread: u64,
    reading: Reading,
    dress: Dress,
    words: Option<Words>,
    owns: bool,
}

impl Who {
    fn find(read: &dyn Read, own: AccountId) -> Result<Option<Self>> {
        let Some(account) = account::find(read, own)? else { return Ok(None) };
        let unread = notification::unread_count(read, own, &notification::Filter::default(), limits::UNREAD_SHOWN)?;
        let dress = dress::of(read, own)?;
        let user = user::find(read, own)?;
        let owns = user.as_ref().is_some_and(|user| user.role == user::Role::Owner);
        Ok(Some(Who {
            id: own.to_string(),
            username: account.username,
            unread: unread as u64,
            reading: reading(read, own, &dress)?,
            dress,
            words: user.and_then(|user| Words::in_language(&user.locale)),
            owns,
        }))
    }
}

/// The colours they have chosen, as pages know them.
pub(super) fn theme(chosen: dress::Theme) -> Theme {
    match chosen {
        dress::Theme::System => Theme::System,
        dress::Theme::Light => Theme::Light,
        dress::Theme::Dark => Theme::Dark,
        dress::Theme::Contrast => Theme::Contrast,
    }
}

/// The zone of whoever is signed in: what they chose, else what their browser told, else universal time.
pub(super) async fn zone(server: &Server, visit: &Visit) -> Result<Zone> {
    let Some(own) = visit.account() else { return Ok(Zone::default()) };
    let chosen = server.read(move |view| Ok(dress::of(view, own)?.zone)).await?;
    Ok(Zone::named(&chosen).or_else(|| visit.zone.clone()).unwrap_or_default())
}

/// How they read.
fn reading(read: &dyn Read, own: AccountId, dress: &Dress) -> Result<Reading> {
    let habits = habit::of(read, own)?;
    let pictures = match habits.expand_media {
        ExpandMedia::Unmarked => Pictures::Unmarked,
        ExpandMedia::All => Pictures::All,
        ExpandMedia::None => Pictures::None,
    };
    Ok(Reading { opens_warnings: habits.expand_spoilers, pictures, keys_off: dress.keys_off })
}
