//! Public profiles. Peers get the actor from the same address (ActivityPub §3.2); of people of other servers guests are
//! told where they are.

use super::{
    draw::{Found, draw, draw_kept},
    feed,
    neighbours::{Place, Placed},
};
use crate::{
    account::{Handle, lookup, render},
    collection,
    error::{Error, Result},
    federation::collections,
    federation::documents,
    federation::fetch,
    http::{
        Params,
        exchange::Client,
        negotiate::{self, Shape},
        visit::{Member, Visit},
    },
    limits, list,
    present::{self, Context},
    relationship::{self, Rows},
    server::Server,
    tag,
    timeline::{self, Wanted, Window},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use std::sync::Arc;
use storage::{AccountId, Bounds, Direction, Read, account::Account, filter::FilterContext};
use web::{
    entity::{CollectionWithAccounts, FeaturedTag, List, Relationship, SharedAccount},
    layout::Site,
    page::{
        Pager,
        featured::Featured,
        people::{self, People},
        profile::{self, Away, Profile, Said, Standing, Tab},
    },
};

/// `GET /@NAME`
pub(super) async fn posts(
    State(server): State<Server>,
    visit: Visit,
    Path(name): Path<String>,
    from: Option<Client>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    if negotiate::shape(&headers) == Shape::Activity {
        return Ok(documents::account_answer(&server, name, &headers, params.uri(), from).await);
    }
    if let Some((name, spelling)) = feed::asked(&name) {
        return feed::of_account(&server, &visit, name, spelling).await;
    }
    show(&server, &visit, name, Tab::Posts, &params).await
}

/// `GET /@NAME/with_replies`
pub(super) async fn with_replies(
    State(server): State<Server>,
    visit: Visit,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    show(&server, &visit, name, Tab::WithReplies, &params).await
}

/// `GET /@NAME/media`
pub(super) async fn media(
    State(server): State<Server>,
    visit: Visit,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    show(&server, &visit, name, Tab::Media, &params).await
}

/// `GET /@NAME/featured`
pub(super) async fn featured(
    State(server): State<Server>,
    visit: Visit,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    show(&server, &visit, name, Tab::Featured, &params).await
}

/// Who follows somebody, or whom they follow.
type OfProfile = fn(&dyn Read, &Account, Option<AccountId>, Bounds, Direction, usize) -> Result<Rows>;

/// `GET /@NAME/followers`
pub(super) async fn followers(
    State(server): State<Server>,
    member: Member,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    listed(&server, &member, name, &params, (relationship::followers, "people-followers")).await
}

/// `GET /@NAME/following`
pub(super) async fn following(
    State(server): State<Server>,
    member: Member,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response> {
    listed(&server, &member, name, &params, (relationship::following, "people-following")).await
}

async fn listed(
    server: &Server,
    member: &Member,
    name: String,
    params: &Params,
    (rule, title): (OfProfile, &'static str),
) -> Result<Response> {
    let (own, place) = (member.account, Place::of(params).sized(limits::ACCOUNTS_PAGE));
    draw(server, &member.visit, move |context, site| {
        let owner = find(context, &name)?;
        let found = place.list(|Window { bounds, direction, limit }| {
            let rows = rule(context.read, &owner, Some(own), bounds, direction, limit)?;
            let (people, examined) = context.people(&rows)?;
            Ok((people, examined.map(|(newest, oldest)| (newest.0, oldest.0))))
        })?;
        let page = People { title, owner: &*context.account(owner.id)?, people: &found.rows, pager: found.pager() };
        Ok(Found::Page(people::people(site, &page)))
    })
    .await
}

async fn show(server: &Server, visit: &Visit, name: String, tab: Tab, params: &Params) -> Result<Response> {
    let place = Place::of(params);
    // Strangers set no work going.
    if visit.browser.is_some()
        && let Some(account) = known(server, &name).await?
    {
        fetch::profile::open(server, account).await?;
    }
    draw_kept(server, visit, move |context, site| match find(context, &name)? {
        account if account.is_local() || context.viewer.is_some() => shown(context, site, &account, tab, &place),
        account => Ok(Found::Elsewhere(render::page(context.origin, &account))),
    })
    .await
}

/// The account of another server that a path names, if it is known here.
async fn known(server: &Server, name: &str) -> Result<Option<AccountId>> {
    let origin = server.origin();
    let handle = Handle::parse(name, |domain| origin.is_own_domain(domain)).filter(|handle| handle.domain.is_some());
    let Some(handle) = handle else { return Ok(None) };
    server.read(move |view| Ok(lookup(view, &handle)?.map(|account| account.id))).await
}

/// The account a path names: `name`, or `name@domain`.
///
/// # Errors
/// `NotFound`; `Gone` for a suspended account of this server.
pub(super) fn find(context: &Context<'_>, name: &str) -> Result<Account> {
    let handle = Handle::parse(name, |domain| context.origin.is_own_domain(domain)).ok_or(Error::NotFound)?;
    match handle.domain {
        None => collections::require(context.read, &handle.username),
        Some(_) => {
            let account = lookup(context.read, &handle)?.filter(|account| account.suspended_at.is_none());
            account.ok_or(Error::NotFound)
        }
    }
}

fn shown(context: &Context<'_>, site: &Site<'_>, account: &Account, tab: Tab, place: &Place) -> Result<Found> {
    let is_shown = match tab {
        Tab::Posts | Tab::WithReplies => true,
        Tab::Media => account.show_media,
        Tab::Featured => account.show_featured && recommends(context.read, account)?,
    };
    if !is_shown {
        return Ok(Found::Elsewhere(format!("/@{}", account.acct())));
    }
    let wanted = Wanted {
        exclude_replies: tab == Tab::Posts || tab == Tab::Media && !account.show_media_replies,
        only_media: tab == Tab::Media,
        exclude_reblogs: tab == Tab::Media,
        ..Wanted::default()
    };
    let (read, viewer) = (context.read, context.viewer);
    let recommended = (tab == Tab::Featured).then(|| Recommended::find(context, account)).transpose()?;
    let placed = match tab {
        Tab::Featured => Placed::default(),
        _ => place.read(|window| timeline::account(read, viewer, account.id, &wanted, window))?,
    };
    let pinned = match tab {
        Tab::Posts if place.is_first() => {
            timeline::pinned(read, viewer, account.id, Window::newest(limits::PINNED_STATUSES_MAX))?.statuses
        }
        _ => Vec::new(),
    };
    let standing = viewer.map(|own| standing(context, own, account.id)).transpose()?;
    let page = Profile {
        account: &*context.account(account.id)?,
        pinned: &context.statuses(&pinned)?,
        statuses: &context.statuses_in(FilterContext::Account, &placed.page.statuses)?,
        tab,
        pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
        featured: recommended.as_ref().map(Recommended::shown),
        standing: standing.as_ref().map(|(relationship, lists)| Standing { relationship, lists }),
        away: away(read, account)?,
    };
    Ok(Found::Page(profile::profile(site, &page)))
}

/// Whether there may be something on the tab with what an account recommends: of people elsewhere only tags are known.
fn recommends(read: &dyn Read, account: &Account) -> Result<bool> {
    Ok(account.is_local() || !tag::featured(read, account.id)?.is_empty())
}

/// What is known of an account elsewhere.
fn away(read: &dyn Read, account: &Account) -> Result<Option<Away>> {
    if account.is_local() {
        return Ok(None);
    }
    let stated = account.stated;
    let said = Said {
        posts: stated.statuses.is_some(),
        followers: stated.followers.is_some(),
        following: stated.following.is_some(),
    };
    Ok(Some(Away { said, recommends: recommends(read, account)? }))
}

/// What somebody here recommends, as whoever looks may see it.
struct Recommended {
    tags: Vec<FeaturedTag>,
    people: Vec<Arc<SharedAccount>>,
    collections: Vec<CollectionWithAccounts>,
}

impl Recommended {
    /// All tags, the people last recommended, and all collections that others may find.
    fn find(context: &Context<'_>, owner: &Account) -> Result<Self> {
        let (read, viewer) = (context.read, context.viewer);
        let (most, order) = (limits::ACCOUNTS_PAGE, Direction::Descending);
        let rows = relationship::endorsements(read, owner, viewer, Bounds::NONE, order, most)?;
        let collections = collection::of_owner(read, viewer, owner.id)?;
        let collections = collections.iter().map(|(id, record)| context.collection_with_accounts(*id, record));
        Ok(Recommended {
            tags: tag::featured(read, owner.id)?.iter().map(|tag| context.featured_tag(tag)).collect(),
            people: context.people(&rows)?.0,
            collections: collections.collect::<Result<_>>()?,
        })
    }

    fn shown(&self) -> Featured<'_> {
        Featured { tags: &self.tags, people: &self.people, collections: &self.collections }
    }
}

/// How one stands to an account, and which of one's lists it is in.
fn standing(context: &Context<'_>, own: AccountId, other: AccountId) -> Result<(Relationship, Vec<(List, bool)>)> {
    let holding: Vec<_> = list::holding(context.read, own, other)?.into_iter().map(|(id, _)| id).collect();
    let all = list::all(context.read, own)?;
    let lists = all.iter().map(|row| (present::list(row), holding.contains(&row.0))).collect();
    Ok((context.relationship(own, other)?, lists))
}
