//! Pages of lists: `max_id`, `since_id`, `min_id`, `limit`, and the `Link` header (client API, pagination; RFC 8288).

use crate::{
    http::{answer, value::Map},
    origin::Origin,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header::LINK};
use serde::Serialize;
use storage::{Bounds, Direction};

/// Which part of a list is asked for. Bounds are exclusive and may be combined.
#[derive(Debug, Clone)]
pub struct Paging {
    /// Only older than this.
    pub max_id: Option<u64>,
    /// Only newer than this; the newest of them.
    pub since_id: Option<u64>,
    /// Only newer than this; the ones right above it.
    pub min_id: Option<u64>,
    /// How many, clamped to the route's maximum.
    pub limit: usize,
    /// How many to skip, on routes that page by offset.
    pub offset: usize,
    path: String,
    kept: String,
}

/// The first and last cursor of a page: the highest and the lowest that were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursors {
    /// For `prev`: the newest.
    pub newest: u64,
    /// For `next`: the oldest, also if it was hidden by a filter.
    pub oldest: u64,
}

impl Paging {
    pub(crate) fn new(params: &Map, uri: &Uri, default: usize, max: usize) -> Self {
        let limit = match params.int("limit") {
            Some(limit) => usize::try_from(limit).unwrap_or(0).clamp(1, max),
            None => default,
        };
        let kept: Vec<_> = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| {
                let name = pair.split('=').next().unwrap_or_default();
                !matches!(name, "" | "max_id" | "since_id" | "min_id" | "access_token" | "bearer_token")
            })
            .collect();
        Paging {
            max_id: params.id("max_id"),
            since_id: params.id("since_id"),
            min_id: params.id("min_id"),
            limit,
            offset: params.int("offset").and_then(|offset| offset.try_into().ok()).unwrap_or(0),
            path: uri.path().to_owned(),
            kept: kept.join("&"),
        }
    }

    /// The bounds of the scan.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds { below: self.max_id, above: self.since_id.max(self.min_id) }
    }

    /// The direction of the scan: upwards from `min_id`, else downwards from the newest.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.min_id.is_some() { Direction::Ascending } else { Direction::Descending }
    }

    /// Turns rows found in `direction` into the order of answers: newest first.
    #[must_use]
    pub fn newest_first<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.direction() == Direction::Ascending {
            rows.reverse();
        }
        rows
    }

    /// The `Link` header of a page; `None` for an empty page.
    #[must_use]
    pub fn link(&self, origin: &Origin, cursors: Option<Cursors>) -> Option<HeaderValue> {
        let Cursors { newest, oldest } = cursors?;
        let base = origin.url(&self.path);
        let kept = if self.kept.is_empty() { String::new() } else { format!("{}&", self.kept) };
        let text =
            format!("<{base}?{kept}max_id={oldest}>; rel=\"next\", <{base}?{kept}min_id={newest}>; rel=\"prev\"");
        // The query came through a parsed URI, so it holds header-safe bytes only; else better no link than a broken one.
        HeaderValue::try_from(text).ok()
    }

    /// A page of entities as an answer.
    pub fn answer<T: Serialize>(&self, origin: &Origin, items: &[T], cursors: Option<Cursors>) -> Response {
        self.answer_with(origin, answer::json(&items), cursors)
    }

    /// The same of entities already written, or otherwise made an answer.
    pub fn answer_with(&self, origin: &Origin, items: impl IntoResponse, cursors: Option<Cursors>) -> Response {
        let mut response = items.into_response();
        if let Some(link) = self.link(origin, cursors) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }

    /// A page of a list that is paged by offset, with the `Link` header to its neighbours; `more`: others come behind it.
    pub fn answer_by_offset(&self, origin: &Origin, page: impl IntoResponse, more: bool) -> Response {
        let base = origin.url(&self.path);
        let kept = self.kept.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("offset="));
        let kept: String = kept.map(|pair| format!("{pair}&")).collect();
        let mut links = Vec::new();
        if more {
            links.push(format!("<{base}?{kept}offset={}>; rel=\"next\"", self.offset.saturating_add(self.limit)));
        }
        if self.offset > 0 {
            links.push(format!("<{base}?{kept}offset={}>; rel=\"prev\"", self.offset.saturating_sub(self.limit)));
        }
        let mut response = page.into_response();
        // The query came through a parsed URI, as above.
        if let Some(link) = HeaderValue::try_from(links.join(", ")).ok().filter(|_| !links.is_empty()) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

impl Cursors {
    /// The cursors of rows in any order; `None` if there are none.
    #[must_use]
    pub fn of(ids: impl IntoIterator<Item = u64>) -> Option<Self> {
        ids.into_iter().fold(None, |found: Option<Cursors>, id| {
            Some(found.map_or(Cursors { newest: id, oldest: id }, |c| Cursors {
                newest: c.newest.max(id),
                oldest: c.oldest.min(id),
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Params;

    fn paging(target: &str) -> Paging {
        Params::of_query(&target.parse().expect("a target")).expect("within bounds").paging(20, 40)
    }

    #[test]
    fn limits_are_clamped_not_refused() {
        for (query, limit) in
            [("", 20), ("?limit=0", 1), ("?limit=-3", 1), ("?limit=40", 40), ("?limit=41", 40), ("?limit=x", 20)]
        {
            assert_eq!(paging(&format!("/api{query}")).limit, limit, "{query}");
        }
    }

    #[test]
    fn links_keep_other_parameters_but_never_the_token() {
        let origin = Origin::parse("https://a.test", None).expect("valid");
        let paging = paging("/api/v1/timelines/home?limit=2&access_token=secret&only_media=true&types[]=a&max_id=9");
        let link = paging.link(&origin, Cursors::of([7, 5, 6])).expect("a page");
        assert_eq!(
            link,
            "<https://a.test/api/v1/timelines/home?limit=2&only_media=true&types[]=a&max_id=5>; rel=\"next\", \
             <https://a.test/api/v1/timelines/home?limit=2&only_media=true&types[]=a&min_id=7>; rel=\"prev\""
        );
        assert!(paging.link(&origin, Cursors::of([])).is_none());
    }

    #[test]
    fn min_id_scans_upwards_and_is_turned_round() {
        let paging = paging("/x?min_id=5&max_id=9");
        assert_eq!(paging.direction(), Direction::Ascending);
        assert_eq!(paging.bounds(), Bounds { below: Some(9), above: Some(5) });
        assert_eq!(paging.newest_first(vec![6, 7, 8]), [8, 7, 6]);
    }
}
