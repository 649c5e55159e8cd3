//! The home timeline: what an account and those it follows wrote, read from a ring in memory and, further down, from the
//! authors' own indexes (DESIGN §3: there are no durable home timelines); and what has a tag it follows, read from the
//! tags' timelines.
//!
//! A ring holds the newest ids of an account's home whatever they are; what does not belong there is passed over when
//! it is read, so that a block or a changed option counts at once.

use super::{
    merge::Merge,
    seen::Seen,
    window::{Choice, Filling, Page, Window},
};
use crate::{error::Result, limits, policy, tag, visibility::Sight};
use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use storage::{
    AccountId, Ahead, Bounds, Direction, Event, Lsn, Read, StatusId, Timestamp, View,
    conversation::CONVERSATION_OF,
    filtered::Treatment,
    list::{LIST_MEMBER_ROWS, LISTS, LISTS_MAX, LISTS_OF_MEMBER},
    notification::NotificationKind,
    relationship::{FOLLOWS, Follow},
    status::{Status, Visibility},
    tag::normalise,
};

/// The home timelines that are kept in memory; cheap to clone, all clones are the same.
///
/// Whoever holds the store calls [`Home::hear`] with the events of each durable transaction before it is answered, so
/// that everybody finds what they just posted.
#[derive(Clone)]
pub struct Home(Arc<Memory>);

struct Memory {
    rings: Mutex<Rings>,
    seen: Seen,
}

impl Default for Home {
    fn default() -> Self {
        Home::of_rings(limits::HOME_RING)
    }
}

impl Home {
    /// Rings of at most `newest` ids each.
    pub(super) fn of_rings(newest: usize) -> Self {
        let rings = Mutex::new(Rings { newest, ..Rings::default() });
        Home(Arc::new(Memory { rings, seen: Seen::default() }))
    }

    /// The home timeline of `viewer`.
    ///
    /// # Errors
    /// Storage errors.
    ///
    /// Source: client API, timelines#home.
    pub fn page(&self, view: &View<'_>, viewer: AccountId, window: Window) -> Result<Page> {
        self.page_of(view, view.lsn(), viewer, window)
    }

    /// The same at `now` without what stands among the messages, for pages: what is said to those named alone. What is for few
    /// and names none of them is in no conversation, and stays, unless the policy of `viewer` keeps it from them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn open_page(&self, view: &View<'_>, viewer: AccountId, now: Timestamp, window: Window) -> Result<Page> {
        self.page_where(view, view.lsn(), viewer, window, |status| {
            if status.visibility != Visibility::Direct {
                return Ok(true);
            }
            if status.account == viewer || CONVERSATION_OF.contains(view, &(viewer, status.id))? {
                return Ok(false);
            }
            let mention = NotificationKind::Mention;
            Ok(policy::treatment(view, now, viewer, mention, status.account, Some(status))? == Treatment::Accept)
        })
    }

    /// The same through a reader that sees everything up to `lsn`.
    pub(crate) fn page_of(&self, read: &dyn Read, lsn: Lsn, viewer: AccountId, window: Window) -> Result<Page> {
        self.page_where(read, lsn, viewer, window, |_| Ok(true))
    }

    fn page_where(
        &self,
        read: &dyn Read,
        lsn: Lsn,
        viewer: AccountId,
        window: Window,
        wanted: impl Fn(&Status) -> Result<bool>,
    ) -> Result<Page> {
        let found = self.rings().find(viewer, window);
        let start = match found {
            Some(start) => start,
            None => self.build(read, lsn, viewer, window)?,
        };
        let ahead = Ahead::new(read);
        let first = start.ids.iter().copied().take(window.limit);
        let new: Vec<StatusId> = first.filter(|id| !self.0.seen.knows(read, *id)).collect();
        if new.len() > 1 {
            ahead.sights(Some(viewer), &new)?;
        }
        let read: &dyn Read = &ahead;
        let sight = Sight::new(read, Some(viewer));
        let mut filling = Filling::new(read, &sight, Choice::Home, window).remembering(&self.0.seen);
        let (tags, followed) = (tag::followed(read, viewer)?, Arc::clone(&start.followed));
        let belongs = |status: &Status| {
            let is_here = followed.shows(viewer, status)
                || (has_one(status, &tags) && sight.lists(status)? && sight.may_list(status)?);
            Ok(is_here && wanted(status)?)
        };
        let mut people = People { read, viewer, direction: window.direction, start, merge: None };
        let mut tagged = Merge::of_tags(read, &tags, window.bounds, window.direction)?;
        let (mut one, mut other) = (people.next()?, tagged.next()?);
        while let Some(id) = first_of(window.direction, one, other) {
            if filling.look(id, belongs)?.is_break() {
                break;
            }
            if one == Some(id) {
                one = people.next()?;
            }
            while other == Some(id) {
                other = tagged.next()?;
            }
        }
        Ok(filling.finish())
    }

    /// The newest statuses of the home of `viewer`, as [`Home::open_page`] has them, that stand above `above`, newest first,
    /// at most `most` of them from at most `looks` pages of rows; and whether there may be more.
    ///
    /// # Errors
    /// Storage errors.
    pub fn newest(
        &self,
        view: &View<'_>,
        viewer: AccountId,
        now: Timestamp,
        above: Option<u64>,
        (most, looks): (usize, usize),
    ) -> Result<(Vec<Arc<Status>>, bool)> {
        let (mut found, mut below) = (Vec::new(), None);
        for _ in 0..looks {
            let window =
                Window { bounds: Bounds { below, above }, direction: Direction::Descending, limit: most - found.len() };
            let page = self.open_page(view, viewer, now, window)?;
            found.extend(page.statuses);
            match page.examined {
                None => return Ok((found, false)),
                Some((_, oldest)) if found.len() < most => below = Some(oldest),
                Some(_) => break,
            }
        }
        Ok((found, true))
    }

    /// Hears what a durable transaction changed; called in the order of transactions, never blocks for long.
    pub fn hear(&self, lsn: Lsn, events: &[Event]) {
        let mut rings = self.rings();
        rings.heard = lsn;
        for event in events {
            match event {
                Event::StatusCreated { status, account } => rings.change(*account, Change::Created(*status)),
                Event::StatusDeleted { status, account } => rings.change(*account, Change::Deleted(*status)),
                Event::FollowChanged { follower, .. } => rings.forget(*follower),
                Event::ListChanged { account } => rings.forget(*account),
                _ => {}
            }
        }
    }

    /// Reads the ring of `viewer` from the store and keeps it, unless something was missed.
    ///
    /// What is heard from `begin` on is added; what was heard before must be in the view, which may be older.
    fn build(&self, read: &dyn Read, lsn: Lsn, viewer: AccountId, window: Window) -> Result<Start> {
        let Begun { ticket, heard, newest } = self.rings().begin(viewer);
        let built = Ring::read(read, viewer, newest);
        let mut rings = self.rings();
        match built {
            Ok(ring) if lsn >= heard => {
                let start = ring.start(window);
                rings.install(viewer, ticket, ring);
                Ok(start)
            }
            Ok(ring) => {
                rings.give_up(viewer, ticket);
                Ok(ring.start(window))
            }
            Err(error) => {
                rings.give_up(viewer, ticket);
                Err(error)
            }
        }
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        // Nothing in here panics half-way through a change.
        self.0.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whichever comes first.
fn first_of(direction: Direction, one: Option<StatusId>, other: Option<StatusId>) -> Option<StatusId> {
    match (one, other, direction) {
        (Some(one), Some(other), Direction::Ascending) => Some(one.min(other)),
        (Some(one), Some(other), Direction::Descending) => Some(one.max(other)),
        (one, other, _) => one.or(other),
    }
}

/// Whether a status stands in the home timeline of whoever follows these tags: it is for everybody and no reblog.
fn has_one(status: &Status, tags: &[String]) -> bool {
    let public = status.visibility == Visibility::Public && status.reblog_of.is_none();
    public && !tags.is_empty() && status.tags.iter().any(|name| tags.contains(&normalise(name)))
}

/// The statuses of those followed: from the ring, then from their indexes.
struct People<'a> {
    read: &'a dyn Read,
    viewer: AccountId,
    direction: Direction,
    start: Start,
    merge: Option<Merge<'a>>,
}

impl People<'_> {
    fn next(&mut self) -> Result<Option<StatusId>> {
        if let Some(id) = self.start.ids.pop_front() {
            return Ok(Some(id));
        }
        if let Some(rest) = self.start.rest.take() {
            let authors = self.start.followed.authors(self.viewer);
            self.merge = Some(Merge::new(self.read, authors, rest, self.direction)?);
        }
        self.merge.as_mut().map_or(Ok(None), Merge::next)
    }
}

/// What a page begins with.
struct Start {
    /// Ids in the window, in its direction.
    ids: VecDeque<StatusId>,
    /// Where to go on in the authors' indexes; `None`: the ids were all there is.
    rest: Option<Bounds>,
    followed: Arc<Followed>,
}

/// Whom an account follows and what it wants to see of each.
pub(super) struct Followed(HashMap<AccountId, Options>);

struct Options {
    /// In an exclusive list: followed, but not shown at home.
    elsewhere: bool,
    reblogs: bool,
    languages: Vec<String>,
}

impl Followed {
    /// Of everybody `viewer` follows.
    pub(super) fn read(read: &dyn Read, viewer: AccountId) -> Result<Self> {
        let most = usize::try_from(limits::FOLLOWING_MAX).unwrap_or(usize::MAX);
        let rows = FOLLOWS.list(read, &viewer, Bounds::NONE, Direction::Ascending, most)?;
        Ok(Followed(rows.into_iter().map(|((_, target), follow)| (target, Options::of(follow))).collect()))
    }

    /// The same without members of exclusive lists: what is left for home.
    fn read_for_home(read: &dyn Read, viewer: AccountId) -> Result<Self> {
        let mut followed = Followed::read(read, viewer)?;
        for member in elsewhere(read, viewer)? {
            if let Some(options) = followed.0.get_mut(&member) {
                options.elsewhere = true;
            }
        }
        Ok(followed)
    }

    fn authors(&self, viewer: AccountId) -> impl Iterator<Item = AccountId> {
        self.0.keys().copied().filter(move |author| *author != viewer).chain([viewer])
    }

    /// Whether `status` stands in the home timeline of `viewer`, who may see it: one's own, and of those followed what
    /// is no answer to a stranger, no unwanted reblog, and in no unwanted language.
    pub(super) fn shows(&self, viewer: AccountId, status: &Status) -> bool {
        if status.account == viewer {
            return true;
        }
        let wanted = self.0.get(&status.account).is_some_and(|options| options.want(status));
        wanted && answered(viewer, status).is_none_or(|to| to.is_some_and(|to| self.0.contains_key(&to)))
    }
}

/// Members of exclusive lists of `viewer`: nothing they say or share comes home.
///
/// # Errors
/// Storage errors.
pub fn elsewhere(read: &dyn Read, viewer: AccountId) -> Result<BTreeSet<AccountId>> {
    let mut members = BTreeSet::new();
    for ((_, id), list) in LISTS.list(read, &viewer, Bounds::NONE, Direction::Ascending, LISTS_MAX)? {
        if list.exclusive {
            let most = limits::LIST_MEMBERS_MAX;
            let rows = LIST_MEMBER_ROWS.list(read, &id, Bounds::NONE, Direction::Ascending, most)?;
            members.extend(rows.into_iter().map(|(_, member)| member));
        }
    }
    Ok(members)
}

impl Options {
    fn of(follow: Follow) -> Self {
        Options { elsewhere: false, reblogs: follow.reblogs, languages: follow.languages }
    }

    /// Whether this is for home, no unwanted reblog and in no unwanted language.
    fn want(&self, status: &Status) -> bool {
        let language = status.language.as_ref().filter(|_| !self.languages.is_empty());
        !self.elsewhere
            && (status.reblog_of.is_none() || self.reblogs)
            && language.is_none_or(|language| self.languages.contains(language))
    }
}

/// Whom else a status answers: what is said to a stranger stays out of a home timeline. `None`: it answers nobody, its
/// own author, or the viewer; `Some(None)`: somebody unknown.
fn answered(viewer: AccountId, status: &Status) -> Option<Option<AccountId>> {
    let to = status.reply.as_ref()?.account;
    (to != Some(viewer) && to != Some(status.account)).then_some(to)
}

/// Whether the home timeline of `viewer` shows `status`: what a page of it would say of this one.
///
/// # Errors
/// Storage errors.
pub fn in_home(read: &dyn Read, viewer: AccountId, status: &Status) -> Result<bool> {
    let sight = Sight::new(read, Some(viewer));
    let by_people = of_followed(read, viewer, status)?
        && (status.account == viewer || !is_elsewhere(read, viewer, status.account)?);
    let belongs = by_people
        || (has_one(status, &tag::followed(read, viewer)?) && sight.lists(status)? && sight.may_list(status)?);
    Ok(belongs && sight.lists_at_home(status)?)
}

/// As `Followed::shows`, for one status and without exclusive lists.
pub(super) fn of_followed(read: &dyn Read, viewer: AccountId, status: &Status) -> Result<bool> {
    if status.account == viewer {
        return Ok(true);
    }
    let follow = |target: AccountId| FOLLOWS.get(read, &(viewer, target));
    if !follow(status.account)?.is_some_and(|follow| Options::of(follow).want(status)) {
        return Ok(false);
    }
    match answered(viewer, status) {
        None => Ok(true),
        Some(None) => Ok(false),
        Some(Some(to)) => Ok(follow(to)?.is_some()),
    }
}

/// Whether `viewer` has `author` in an exclusive list.
fn is_elsewhere(read: &dyn Read, viewer: AccountId, author: AccountId) -> Result<bool> {
    for ((_, _, id), ()) in
        LISTS_OF_MEMBER.list(read, &(viewer, author), Bounds::NONE, Direction::Ascending, LISTS_MAX)?
    {
        if LISTS.get(read, &(viewer, id))?.is_some_and(|list| list.exclusive) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The newest ids of one home timeline.
struct Ring {
    /// In ascending order, at most `newest`.
    ids: VecDeque<StatusId>,
    newest: usize,
    /// Every id above this is in the ring; 0: all are.
    floor: u64,
    followed: Arc<Followed>,
    /// When it was last read, in reads.
    used: u64,
}

impl Ring {
    fn read(read: &dyn Read, viewer: AccountId, newest: usize) -> Result<Self> {
        let followed = Followed::read_for_home(read, viewer)?;
        let mut merge = Merge::new(read, followed.authors(viewer), Bounds::NONE, Direction::Descending)?;
        let (mut ids, mut floor) = (VecDeque::with_capacity(newest + 1), 0);
        while let Some(id) = merge.next()? {
            if ids.len() == newest {
                floor = id.0;
                break;
            }
            ids.push_front(id);
        }
        Ok(Ring { ids, newest, floor, followed: Arc::new(followed), used: 0 })
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Created(id) if id.0 > self.floor => {
                let Err(place) = self.ids.binary_search(&id) else { return };
                self.ids.insert(place, id);
                if self.ids.len() > self.newest
                    && let Some(oldest) = self.ids.pop_front()
                {
                    self.floor = oldest.0;
                }
            }
            Change::Created(_) => {}
            Change::Deleted(id) => {
                if let Ok(place) = self.ids.binary_search(&id) {
                    self.ids.remove(place);
                }
            }
        }
    }

    fn start(&self, window: Window) -> Start {
        let Bounds { below, above } = window.bounds;
        let followed = Arc::clone(&self.followed);
        let lowest = above.unwrap_or(0);
        if window.direction == Direction::Ascending && lowest < self.floor {
            return Start { ids: VecDeque::new(), rest: Some(window.bounds), followed };
        }
        let from = self.ids.partition_point(|id| id.0 <= lowest && above.is_some());
        let until = below.map_or(self.ids.len(), |below| self.ids.partition_point(|id| id.0 < below));
        // The ring may begin above the window.
        let inside = self.ids.range(from.min(until)..until);
        let most = limits::SCAN_MAX;
        let (ids, rest) = match window.direction {
            Direction::Ascending => (inside.take(most).copied().collect(), None),
            Direction::Descending => {
                let next = below.map_or(self.floor.saturating_add(1), |below| below.min(self.floor.saturating_add(1)));
                let more = self.floor > 0 && lowest < self.floor;
                (inside.rev().take(most).copied().collect(), more.then_some(Bounds { below: Some(next), above }))
            }
        };
        Start { ids, rest, followed }
    }
}

#[derive(Clone, Copy)]
enum Change {
    Created(StatusId),
    Deleted(StatusId),
}

/// All rings.
#[derive(Default)]
struct Rings {
    ready: HashMap<AccountId, Ring>,
    /// Rings being read, with what happened meanwhile.
    building: HashMap<AccountId, Building>,
    /// Author → whose rings hold the author's statuses.
    readers: HashMap<AccountId, HashSet<AccountId>>,
    /// How many ids a ring holds.
    newest: usize,
    /// Counts reads, tickets, and followed accounts of all rings.
    reads: u64,
    tickets: u64,
    followed: usize,
    /// The last transaction heard of.
    heard: Lsn,
}

/// A ring that is being read.
struct Begun {
    ticket: u64,
    /// What the view must hold.
    heard: Lsn,
    newest: usize,
}

struct Building {
    ticket: u64,
    missed: Vec<(AccountId, Change)>,
}

impl Rings {
    fn find(&mut self, viewer: AccountId, window: Window) -> Option<Start> {
        self.reads += 1;
        let ring = self.ready.get_mut(&viewer)?;
        ring.used = self.reads;
        Some(ring.start(window))
    }

    fn change(&mut self, author: AccountId, change: Change) {
        for building in self.building.values_mut() {
            building.missed.push((author, change));
        }
        // A ring whose reading takes this long is given up; the next reader begins anew.
        self.building.retain(|_, building| building.missed.len() <= limits::HOME_RING);
        let Some(readers) = self.readers.get(&author) else { return };
        for viewer in readers {
            if let Some(ring) = self.ready.get_mut(viewer) {
                ring.apply(change);
            }
        }
    }

    fn begin(&mut self, viewer: AccountId) -> Begun {
        self.tickets += 1;
        self.building.insert(viewer, Building { ticket: self.tickets, missed: Vec::new() });
        Begun { ticket: self.tickets, heard: self.heard, newest: self.newest }
    }

    fn give_up(&mut self, viewer: AccountId, ticket: u64) {
        if self.building.get(&viewer).is_some_and(|building| building.ticket == ticket) {
            self.building.remove(&viewer);
        }
    }

    fn install(&mut self, viewer: AccountId, ticket: u64, mut ring: Ring) {
        // Another reader began later, or whom the viewer follows has changed since.
        let Some(building) = self.building.get(&viewer).filter(|building| building.ticket == ticket) else { return };
        for (author, change) in &building.missed {
            if *author == viewer || ring.followed.0.contains_key(author) {
                ring.apply(*change);
            }
        }
        self.building.remove(&viewer);
        self.drop_ring(viewer);
        self.followed += ring.followed.0.len() + 1;
        for author in ring.followed.authors(viewer) {
            self.readers.entry(author).or_default().insert(viewer);
        }
        ring.used = self.reads;
        self.ready.insert(viewer, ring);
        while self.ready.len() > 1 && (self.ready.len() > limits::HOME_RINGS || self.followed > limits::HOME_FOLLOWED) {
            let Some(oldest) = self.ready.iter().min_by_key(|(_, ring)| ring.used).map(|(viewer, _)| *viewer) else {
                break;
            };
            self.drop_ring(oldest);
        }
    }

    fn forget(&mut self, viewer: AccountId) {
        self.building.remove(&viewer);
        self.drop_ring(viewer);
    }

    fn drop_ring(&mut self, viewer: AccountId) {
        let Some(ring) = self.ready.remove(&viewer) else { return };
        self.followed -= ring.followed.0.len() + 1;
        for author in ring.followed.authors(viewer) {
            if let Some(readers) = self.readers.get_mut(&author) {
                readers.remove(&viewer);
                if readers.is_empty() {
                    self.readers.remove(&author);
                }
            }
        }
    }
}
