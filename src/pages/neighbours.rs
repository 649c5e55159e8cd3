//! A page of a timeline with the addresses of the pages beside it.

use crate::{
    error::Result,
    http::Params,
    limits,
    timeline::{Page, Window},
};
use storage::{Bounds, Direction};

/// Which part of a timeline a page shows, and how to get to the parts beside it.
pub(super) struct Place {
    path: String,
    /// What is asked for.
    pub(super) window: Window,
}

/// A page with its neighbours, as addresses of this server.
pub(super) struct Placed {
    pub(super) page: Page,
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

impl Place {
    /// The place a request names with `max_id` or `min_id`.
    pub(super) fn of(params: &Params) -> Self {
        let (size, _) = limits::TIMELINE_PAGE;
        let paging = params.paging(size, size);
        let window = Window { bounds: paging.bounds(), direction: paging.direction(), limit: size };
        Place { path: params.uri().path().to_owned(), window }
    }

    /// Whether it is the beginning of the list.
    pub(super) fn is_first(&self) -> bool {
        self.window.bounds == Bounds::NONE
    }

    /// Reads the page, and looks whether there is more on either side.
    pub(super) fn read(&self, read: impl Fn(Window) -> Result<Page>) -> Result<Placed> {
        let page = read(self.window)?;
        let Some((newest, oldest)) = page.examined else { return Ok(Placed { page, newer: None, older: None }) };
        let below = Bounds { below: Some(oldest), above: None };
        let above = Bounds { below: None, above: Some(newest) };
        let older = is_more(&read, Window { bounds: below, direction: Direction::Descending, limit: 1 })?;
        let newer =
            !self.is_first() && is_more(&read, Window { bounds: above, direction: Direction::Ascending, limit: 1 })?;
        let path = &self.path;
        Ok(Placed {
            page,
            newer: newer.then(|| format!("{path}?min_id={newest}")),
            older: older.then(|| format!("{path}?max_id={oldest}")),
        })
    }
}

/// Whether `window` shows anything, or is too full of what is hidden to tell.
fn is_more(read: &impl Fn(Window) -> Result<Page>, window: Window) -> Result<bool> {
    let next = read(window)?;
    let (true, Some((newest, oldest))) = (next.statuses.is_empty(), next.examined) else {
        return Ok(!next.statuses.is_empty());
    };
    let bounds = match window.direction {
        Direction::Ascending => Bounds { below: None, above: Some(newest) },
        Direction::Descending => Bounds { below: Some(oldest), above: None },
    };
    Ok(read(Window { bounds, ..window })?.examined.is_some())
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
