//! A page of a timeline with the addresses of the pages beside it.

use crate::{
    error::Result,
    http::Params,
    limits,
    timeline::{Page, Window},
};
use storage::{Bounds, Direction};
use web::page::Pager;

/// Which part of a timeline a page shows, and how to get to the parts beside it.
pub(super) struct Place {
    path: String,
    /// What the addresses of the pages beside it keep of the query; ends with `&` unless it is empty.
    kept: String,
    /// What is asked for.
    pub(super) window: Window,
}

/// A page of a timeline with its neighbours, as addresses of this server.
#[derive(Default)]
pub(super) struct Placed {
    pub(super) page: Page,
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

/// A page of any list by number with its neighbours, as addresses of this server.
pub(super) struct Listed<T> {
    pub(super) rows: Vec<T>,
    /// The newest row that was looked at.
    pub(super) newest: Option<u64>,
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

/// What a look at a part of a list gives: rows, and the newest and oldest that were looked at.
pub(super) type Part<T> = (Vec<T>, Option<(u64, u64)>);

impl Place {
    /// The place a request names with `max_id` or `min_id`.
    pub(super) fn of(params: &Params) -> Self {
        let (size, _) = limits::TIMELINE_PAGE;
        let paging = params.paging(size, size);
        let window = Window { bounds: paging.bounds(), direction: paging.direction(), limit: size };
        Place { path: params.uri().path().to_owned(), kept: String::new(), window }
    }

    /// The beginning of the list at a path.
    pub(super) fn at(path: &str) -> Self {
        Place { path: path.to_owned(), kept: String::new(), window: Window::newest(limits::TIMELINE_PAGE.0) }
    }

    /// The same with `query` in the addresses of the pages beside it.
    pub(super) fn keeping(self, query: &str) -> Self {
        Place { kept: format!("{query}&"), ..self }
    }

    /// Whether it is the beginning of the list.
    pub(super) fn is_first(&self) -> bool {
        self.window.bounds == Bounds::NONE
    }

    /// The same with pages of another size.
    pub(super) fn sized(self, limit: usize) -> Self {
        Place { window: Window { limit, ..self.window }, ..self }
    }

    /// Reads the page, and looks whether there is more on either side.
    pub(super) fn read(&self, read: impl Fn(Window) -> Result<Page>) -> Result<Placed> {
        let Listed { rows, newest, newer, older } =
            self.list(|window| read(window).map(|page| (page.statuses, page.examined)))?;
        // Only the newest row is asked for by anybody.
        Ok(Placed { page: Page { statuses: rows, examined: newest.map(|newest| (newest, newest)) }, newer, older })
    }

    /// The same of any list.
    pub(super) fn list<T>(&self, read: impl Fn(Window) -> Result<Part<T>>) -> Result<Listed<T>> {
        let (rows, examined) = read(self.window)?;
        let Some((newest, oldest)) = examined else {
            return Ok(Listed { rows, newest: None, newer: None, older: None });
        };
        let below = Bounds { below: Some(oldest), above: None };
        let above = Bounds { below: None, above: Some(newest) };
        let older = is_more(&read, Window { bounds: below, direction: Direction::Descending, limit: 1 })?;
        let newer =
            !self.is_first() && is_more(&read, Window { bounds: above, direction: Direction::Ascending, limit: 1 })?;
        let (path, kept) = (&self.path, &self.kept);
        Ok(Listed {
            rows,
            newest: Some(newest),
            newer: newer.then(|| format!("{path}?{kept}min_id={newest}")),
            older: older.then(|| format!("{path}?{kept}max_id={oldest}")),
        })
    }
}

impl<T> Listed<T> {
    /// The neighbours, for the page.
    pub(super) fn pager(&self) -> Pager<'_> {
        Pager { newer: self.newer.as_deref(), older: self.older.as_deref() }
    }
}

/// Whether `window` shows anything, or is too full of what is hidden to tell.
fn is_more<T>(read: &impl Fn(Window) -> Result<Part<T>>, window: Window) -> Result<bool> {
    let (rows, examined) = read(window)?;
    let (true, Some((newest, oldest))) = (rows.is_empty(), examined) else {
        return Ok(!rows.is_empty());
    };
    let bounds = match window.direction {
        Direction::Ascending => Bounds { below: None, above: Some(newest) },
        Direction::Descending => Bounds { below: Some(oldest), above: None },
    };
    Ok(read(Window { bounds, ..window })?.1.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of the ids 1 to 50 that shows nothing of itself but what it looked at.
    fn look(window: Window) -> Result<Page> {
        let ids = (1..=50).filter(|id| window.holds(*id));
        let ids: Vec<u64> = match window.direction {
            Direction::Ascending => ids.take(window.limit).collect(),
            Direction::Descending => ids.rev().take(window.limit).collect(),
        };
        Ok(Page { statuses: Vec::new(), examined: ids.iter().max().copied().zip(ids.iter().min().copied()) })
    }

    fn around(target: &str) -> (Option<String>, Option<String>) {
        let params = Params::of_query(&target.parse().expect("a target")).expect("within bounds");
        let placed = Place::of(&params).read(look).expect("nothing fails");
        (placed.newer, placed.older)
    }

    #[test]
    fn the_first_page_leads_down_and_the_last_one_up() {
        assert_eq!(around("/@a"), (None, Some("/@a?max_id=31".to_owned())));
        assert_eq!(around("/@a?max_id=31"), (Some("/@a?min_id=30".to_owned()), Some("/@a?max_id=11".to_owned())));
        assert_eq!(around("/@a?max_id=11"), (Some("/@a?min_id=10".to_owned()), None));
        assert_eq!(around("/@a?max_id=1"), (None, None));
        assert_eq!(around("/@a?min_id=30"), (None, Some("/@a?max_id=31".to_owned())));
    }

    #[test]
    fn a_larger_page_cannot_be_asked_for() {
        let params = Params::of_query(&"/?limit=4000".parse().expect("a target")).expect("within bounds");
        assert_eq!(Place::of(&params).window.limit, limits::TIMELINE_PAGE.0);
    }
}
