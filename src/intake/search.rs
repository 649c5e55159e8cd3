//! Search: what is asked for, and finding it: accounts, hashtags, statuses, and whatever an address leads to (client API,
//! search).

use crate::{
    account::{self, Handle, search::Query},
    error::{Error, Result},
    federation::fetch::{self, Resolved},
    limits,
    present::Context,
    search,
    server::Server,
    status,
    timeline::Window,
    visibility::{Sight, may_meet},
};
use std::cmp::Reverse;
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, View,
    search::Index,
    status::TAG_TIMELINE,
    tag::{self, FEATURED_TAGS, TAG_FOLLOWS},
};
use web::entity::Search;

/// Which kinds of results are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Every kind.
    All,
    /// People.
    Accounts,
    /// Hashtags.
    Hashtags,
    /// Statuses.
    Statuses,
}

impl Kind {
    fn has(self, kind: Kind) -> bool {
        self == Kind::All || self == kind
    }
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Words, a handle, a hashtag, or an address.
    pub text: String,
    /// Which kinds of results.
    pub kind: Kind,
    /// Other servers may be asked for what an address or a handle names; only for whoever is signed in.
    pub resolve: bool,
    /// Only accounts that one follows.
    pub following: bool,
    /// Only statuses of this account.
    pub account: Option<AccountId>,
    /// Which part of the statuses, and how many of each kind.
    pub window: Window,
    /// How many to skip.
    pub offset: usize,
}

/// What is found for `own`; nothing for a text longer than `limits::SEARCH_TEXT_BYTES_MAX`.
///
/// # Errors
/// Storage errors; those of the index only where nothing but statuses is asked for.
pub async fn search(server: &Server, own: Option<AccountId>, asked: Asked) -> Result<Search> {
    search_telling(server, own, asked).await.map(|(found, _)| found)
}

/// The same, with the host of the server that had to be asked for it and gave no answer that can be used.
///
/// # Errors
/// As [`search()`].
pub async fn search_telling(server: &Server, own: Option<AccountId>, asked: Asked) -> Result<(Search, Option<String>)> {
    let Asked { text, kind, .. } = asked;
    if text.len() > limits::SEARCH_TEXT_BYTES_MAX {
        return Ok((Search::default(), None));
    }
    if is_address(&text) {
        if asked.offset > 0 {
            return Ok((Search::default(), None));
        }
        let (found, silent) = if asked.resolve { resolved(server, &text).await } else { (None, None) };
        let answer = draw(server, own, move |context| at_address(context, own, &text, found, kind)).await?;
        return Ok((answer, silent));
    }
    let (mut called, mut silent) = (None, None);
    if asked.resolve && kind.has(Kind::Accounts) && asked.offset == 0 {
        (called, silent) = resolve_handle(server, &text).await?;
    }
    let searcher = own.filter(|_| kind.has(Kind::Statuses));
    let Asked { account, window, offset, following, .. } = asked;
    let typed = text.clone();
    let query = Query { text: called.unwrap_or(text), viewer: own, following, offset, limit: window.limit };
    let index = server.search().clone();
    let answer = draw(server, own, move |context| {
        let mut answer = by_words(context, &query, kind)?;
        if let Some(viewer) = searcher {
            let (text, zone) = (typed, search::zone_of(context.read, viewer)?);
            let wanted = search::Search { text, viewer, account, window, offset, zone };
            answer.statuses = statuses_of(context, &index, &wanted, kind)?;
        }
        Ok(answer)
    });
    Ok((answer.await?, silent))
}

/// Reads and draws for `viewer` on one consistent view.
async fn draw<F>(server: &Server, viewer: Option<AccountId>, draw: F) -> Result<Search>
where
    F: FnOnce(&Context<'_>) -> Result<Search> + Send + 'static,
{
    let (origin, now) = (server.origin().clone(), server.now());
    let (filters, trends) = (server.filters().clone(), server.trends().clone());
    let look = move |view: &View<'_>| {
        draw(&Context::new(view, &origin, viewer).at(now).with_filters(&filters).with_trends(&trends))
    };
    server.read(look).await
}

fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// What stands at an address, asked for at its server, or the host that gave no answer. Whatever else goes wrong there is an
/// empty result.
async fn resolved(server: &Server, uri: &str) -> (Option<Resolved>, Option<String>) {
    match fetch::resolve_uri(server, uri).await {
        Ok(found) => (Some(found), None),
        Err(error) => {
            tracing::debug!(%error, "an address could not be resolved");
            (None, silent(error))
        }
    }
}

/// Makes a whole handle known if its server knows it: how whoever is called so calls themselves, which may be another handle,
/// and the host that gave no answer, which is no failure of a search.
///
/// # Errors
/// Storage errors.
pub async fn resolve_handle(server: &Server, text: &str) -> Result<(Option<String>, Option<String>)> {
    let origin = server.origin();
    let handle = Handle::parse(text, |domain| origin.is_own_domain(domain));
    let Some(Handle { username, domain: Some(domain) }) = handle else { return Ok((None, None)) };
    match fetch::resolve_handle(server, &username, &domain).await {
        Ok(id) => Ok((server.read(move |view| account::called(view, id)).await?, None)),
        Err(error) => {
            tracing::debug!(%domain, %error, "a handle could not be resolved");
            Ok((None, silent(error)))
        }
    }
}

/// The host of another server that did not give what was needed.
fn silent(error: Error) -> Option<String> {
    match error {
        // What is none is said in brackets.
        Error::Remote { host, .. } => Some(host).filter(|host| !host.starts_with('(')),
        _ => None,
    }
}

/// The status or account at an address: as just resolved, or as known here.
fn at_address(
    context: &Context<'_>,
    viewer: Option<AccountId>,
    uri: &str,
    found: Option<Resolved>,
    kind: Kind,
) -> Result<Search> {
    let mut answer = Search::default();
    let found = match found {
        Some(found) => Some(found),
        None => known_at(context, uri)?,
    };
    match found {
        Some(Resolved::Status(id)) if kind.has(Kind::Statuses) => match status::require(context.read, viewer, id) {
            Ok(status) => answer.statuses.push(context.status(&status)?),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        },
        Some(Resolved::Account(id)) if kind.has(Kind::Accounts) => {
            let shown = storage::account::find(context.read, id)?.is_some_and(|found| found.suspended_at.is_none());
            if shown {
                answer.accounts.push(context.account(id)?);
            }
        }
        _ => {}
    }
    Ok(answer)
}

fn known_at(context: &Context<'_>, uri: &str) -> Result<Option<Resolved>> {
    if let Some(status) = status::find_by_uri(context.read, context.origin, uri)? {
        return Ok(Some(Resolved::Status(status.id)));
    }
    let account = match context.origin.path_of(uri) {
        Some(path) => {
            let name = path.strip_prefix("/@").or_else(|| path.strip_prefix("/users/"));
            name.map(|name| storage::account::find_by_name(context.read, name, None)).transpose()?.flatten()
        }
        None => storage::account::find_by_uri(context.read, uri)?,
    };
    Ok(account.map(|account| Resolved::Account(account.id)))
}

fn by_words(context: &Context<'_>, query: &Query, kind: Kind) -> Result<Search> {
    let mut answer = Search::default();
    if kind.has(Kind::Accounts) && !query.text.starts_with('#') {
        let origin = context.origin;
        for found in account::search::search(context.read, query, |domain| origin.is_own_domain(domain))? {
            answer.accounts.push(context.account(found.id)?);
        }
    }
    if kind.has(Kind::Hashtags) && !query.text.starts_with('@') {
        answer.hashtags = tags(context.read, query)?.iter().map(|tag| context.tag(tag)).collect::<Result<_>>()?;
    }
    Ok(answer)
}

/// What the full-text index finds. While it does not work that is an error for whoever wants statuses only; whoever
/// wants everything gets the rest.
fn statuses_of(
    context: &Context<'_>,
    index: &Index,
    wanted: &search::Search,
    kind: Kind,
) -> Result<Vec<web::entity::Status>> {
    let found = match search::statuses(context.read, index, wanted, |domain| context.origin.is_own_domain(domain)) {
        Err(Error::Storage(error)) if kind == Kind::All => {
            tracing::warn!(%error, "statuses could not be searched");
            Vec::new()
        }
        found => found?,
    };
    found.iter().map(|status| context.status(status)).collect()
}

/// Hashtags that begin so, of those `limits` say how many are looked at, fewer for a guest: for each of them
/// `limits::SEARCHED_TAG_STATUSES` statuses at most are read, 4 000 in all and 1 000 for a guest.
///
/// # Errors
/// Storage errors.
pub fn tags(read: &dyn Read, query: &Query) -> Result<Vec<tag::Tag>> {
    let name = query.text.strip_prefix('#').unwrap_or(&query.text);
    if name.is_empty() || name.len() > limits::TAG_BYTES_MAX || name.contains(char::is_whitespace) {
        return Ok(Vec::new());
    }
    let key = crate::text::normalise_hashtag(name);
    let most = if query.viewer.is_some() { limits::SEARCHED_TAGS_MAX } else { limits::SEARCHED_TAGS_GUEST_MAX };
    let found = tag::search_by_prefix(read, &key, most)?;
    let own = |viewer: AccountId, tag: &tag::Tag| -> Result<bool> {
        let at = (viewer, tag::normalise(&tag.name));
        Ok(TAG_FOLLOWS.contains(read, &at)? || FEATURED_TAGS.contains(read, &at)?)
    };
    let sight = Sight::new(read, query.viewer);
    let mut ranked = Vec::new();
    for tag in found {
        let newest = newest_with(read, &sight, &tag)?;
        let is_own = query.viewer.map_or(Ok(false), |viewer| own(viewer, &tag))?;
        if is_own || newest.is_some() {
            ranked.push(((tag::normalise(&tag.name) != key, !is_own, Reverse(newest)), tag));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, tag)| tag).skip(query.offset).take(query.limit).collect())
}

/// The newest status with a hashtag that the searcher may come across in lists, among the newest that there are: a hashtag
/// that only stands in what is hidden from them is as if it had never been.
fn newest_with(read: &dyn Read, sight: &Sight<'_>, tag: &tag::Tag) -> Result<Option<StatusId>> {
    let (name, most) = (tag::normalise(&tag.name), limits::SEARCHED_TAG_STATUSES);
    for ((_, id), _) in TAG_TIMELINE.list(read, &name, Bounds::NONE, Direction::Descending, most)? {
        let Some(status) = storage::status::find(read, id)? else { continue };
        if sight.lists(&status)? && may_meet(read, sight.viewer(), status.account)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::{Lab, plain};
    use storage::status::{Status, insert};

    #[test]
    fn guests_have_fewer_hashtags_looked_at_than_members() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        let numbers: Vec<usize> = (0..=limits::SEARCHED_TAGS_GUEST_MAX).collect();
        for part in numbers.chunks(40) {
            let names: Vec<String> = part.iter().map(|number| format!("tea{number:03}")).collect();
            let written = lab.write(move |tx| {
                let (id, at) = (tx.next_id(), tx.now());
                Ok(insert(tx, &Status { tags: names.clone(), ..plain(id, ann, at) })?)
            });
            written.expect("stored");
        }
        let found = |viewer: Option<AccountId>| {
            let query = Query { text: "tea".to_owned(), viewer, following: false, offset: 0, limit: usize::MAX };
            lab.read(|read| tags(read, &query)).len()
        };
        assert_eq!(found(None), limits::SEARCHED_TAGS_GUEST_MAX);
        assert_eq!(found(Some(ann)), limits::SEARCHED_TAGS_GUEST_MAX + 1);
    }
}
