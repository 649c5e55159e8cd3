//! From an event to frames, for everybody it concerns and who may see it: a few viewers at a time, so that no view lasts
//! long.

use super::{
    hub::{Directory, OfAccount},
    line::{Line, Wire},
    topic::{Names, Topic},
};
use crate::{
    error::{Error, Result},
    filter, limits, notification,
    origin::Origin,
    present::Context,
    timeline,
    visibility::{Sight, can_see},
};
use bytes::Bytes;
use serde::Serialize;
use std::sync::Arc;
use storage::{
    AccountId, Event, NotificationId, Read, RowId, StatusId, Timestamp,
    announcement::{ANNOUNCEMENTS, REACTIONS},
    conversation::{CONVERSATION_OF, CONVERSATIONS},
    list::LISTS_OF_MEMBER,
    relationship::FOLLOWS,
    status::{self, Status, Visibility},
    tag,
};

/// What a round of telling needs beside the view.
pub(super) struct Desk {
    pub(super) directory: Arc<Directory>,
    pub(super) origin: Origin,
    pub(super) now: Timestamp,
    pub(super) filters: filter::Cache,
}

/// How far a round has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Position {
    event: usize,
    /// Accounts of the directory that have been told of the event.
    accounts: usize,
    /// Public topics that have been told, and lines of the next one.
    topics: usize,
    lines: usize,
}

impl Desk {
    /// Tells of `events` from `at` on, until enough viewers have been looked at for one view; whether all is told.
    ///
    /// # Errors
    /// Storage errors; the event at `at` was told to some then.
    pub(super) fn advance(&self, read: &dyn Read, events: &[Event], at: &mut Position) -> Result<bool> {
        let mut left = limits::STREAM_VIEWERS_AT_ONCE;
        while let Some(event) = events.get(at.event) {
            if let Some(news) = News::of(self, read, event)? {
                let told = Telling { desk: self, read, news: &news, common: None, open: None };
                if !told.run(at, &mut left)? {
                    return Ok(false);
                }
            }
            *at = Position { event: at.event + 1, ..Position::default() };
        }
        Ok(true)
    }
}

/// Passes over the event at which a round failed.
pub(super) fn pass_over(at: &mut Position) {
    *at = Position { event: at.event + 1, ..Position::default() };
}

/// The event of a status that is new (client API, streaming#events).
const NEW_STATUS: &str = "update";

/// What happened, with the rows it is about.
enum News {
    Status {
        name: &'static str,
        status: Box<Status>,
        answers_other: bool,
    },
    Retracted {
        status: StatusId,
        author: AccountId,
        visibility: Visibility,
        local: bool,
        tags: Vec<String>,
        mentions: Vec<AccountId>,
    },
    Notification {
        id: NotificationId,
        account: AccountId,
    },
    FiltersChanged {
        account: AccountId,
    },
    /// What everybody here is told.
    Announced {
        said: Box<Said>,
    },
    NotificationsMerged {
        account: AccountId,
    },
}

impl News {
    /// `None` for what no stream tells of, or what is gone again.
    fn of(desk: &Desk, read: &dyn Read, event: &Event) -> Result<Option<News>> {
        Ok(match event {
            Event::StatusCreated { status, .. } => {
                News::status(read, NEW_STATUS, *status)?.filter(|news| news.is_fresh(desk.now))
            }
            Event::StatusUpdated { status, .. } => News::status(read, "status.update", *status)?,
            Event::StatusRetracted { status, account, visibility, local, tags, mentions } => Some(News::Retracted {
                status: *status,
                author: *account,
                visibility: *visibility,
                local: *local,
                tags: tags.iter().map(|name| tag::normalise(name)).collect(),
                mentions: mentions.clone(),
            }),
            Event::NotificationCreated { notification, account } => {
                Some(News::Notification { id: *notification, account: *account })
            }
            Event::FiltersChanged { account } => Some(News::FiltersChanged { account: *account }),
            Event::AnnouncementPublished { .. }
            | Event::AnnouncementReacted { .. }
            | Event::AnnouncementDeleted { .. } => {
                announced(desk, read, event)?.map(|said| News::Announced { said: Box::new(said) })
            }
            Event::NotificationsMerged { account } => Some(News::NotificationsMerged { account: *account }),
            _ => None,
        })
    }

    /// Whether it is told as new: what was posted long ago and is read only now is not.
    fn is_fresh(&self, now: Timestamp) -> bool {
        match self {
            News::Status { status, .. } => now.ms_since(status.created_at) < limits::STREAM_FRESH_MS,
            _ => true,
        }
    }

    fn status(read: &dyn Read, name: &'static str, id: StatusId) -> Result<Option<News>> {
        let Some(status) = status::find(read, id)? else { return Ok(None) };
        let to = status.reply.as_ref().and_then(|reply| reply.account);
        let answers_other = status.reply.is_some() && to != Some(status.account);
        Ok(Some(News::Status { name, status: Box::new(status), answers_other }))
    }
}

/// What is said of an announcement; nothing if it is gone again.
fn announced(desk: &Desk, read: &dyn Read, event: &Event) -> Result<Option<Said>> {
    let context = desk.context(read, None);
    Ok(match event {
        Event::AnnouncementPublished { announcement: id } => match ANNOUNCEMENTS.get(read, id)? {
            Some(row) => Some(Said::new("announcement", &context.announcement(*id, &row)?)?),
            None => None,
        },
        Event::AnnouncementReacted { announcement: id, name } if ANNOUNCEMENTS.contains(read, id)? => {
            let counted = REACTIONS.get(read, &(*id, name.clone()))?;
            let reaction = context.reaction_on_stream(*id, name, counted.as_ref())?;
            Some(Said::new("announcement.reaction", &reaction)?)
        }
        Event::AnnouncementDeleted { announcement: id } => Some(Said::plain("announcement.delete", id.to_string())),
        _ => None,
    })
}

/// One event being told.
struct Telling<'a> {
    desk: &'a Desk,
    read: &'a dyn Read,
    news: &'a News,
    /// As every viewer sees it who has no mark on it.
    common: Option<Said>,
    /// As it is shown on public streams, without anything of the viewer.
    open: Option<Said>,
}

impl<'a> Telling<'a> {
    fn run(mut self, at: &mut Position, left: &mut usize) -> Result<bool> {
        let directory = Arc::clone(&self.desk.directory);
        if let News::Notification { account, .. }
        | News::FiltersChanged { account }
        | News::NotificationsMerged { account } = self.news
        {
            *left = left.saturating_sub(1);
            if let Ok(found) = directory.accounts.binary_search_by_key(account, |of| of.account) {
                self.tell_account(&directory.accounts[found])?;
            }
            return Ok(true);
        }
        while let Some(of) = directory.accounts.get(at.accounts) {
            if *left == 0 {
                return Ok(false);
            }
            *left -= 1;
            at.accounts += 1;
            self.tell_own(of)?;
        }
        while let Some((topic, lines)) = directory.public.get(at.topics) {
            if self.belongs(topic)? {
                while let Some(line) = lines.get(at.lines) {
                    if *left == 0 {
                        return Ok(false);
                    }
                    *left -= 1;
                    at.lines += 1;
                    self.tell_public(topic, line)?;
                }
            }
            at.topics += 1;
            at.lines = 0;
        }
        Ok(true)
    }

    /// Tells the lines of an account that listen to its home timeline or one of its lists.
    fn tell_own(&mut self, of: &OfAccount) -> Result<()> {
        let (desk, read) = (self.desk, self.read);
        let mut own = None;
        let mut home = None;
        self.tell_conversation(of)?;
        for (topic, line) in &of.lines {
            let concerned = match topic {
                Topic::User(viewer) => match home {
                    Some(known) => known,
                    None => *home.insert(self.concerns_home(*viewer)?),
                },
                Topic::List(viewer, list) => self.concerns_list(*viewer, *list)?,
                _ => false,
            };
            if !concerned {
                continue;
            }
            let said = match self.news {
                News::Status { name, status, .. } => {
                    let context = desk.context(read, Some(of.account));
                    let common = own.is_none() && context.is_unmarked(status)?;
                    match if common { &mut self.common } else { &mut own } {
                        Some(said) => said,
                        none => none.insert(Said::new(name, &context.status(status)?.at_home())?),
                    }
                }
                News::Retracted { status, .. } => self.common.get_or_insert(Said::plain("delete", status.to_string())),
                News::Announced { said } => self.common.get_or_insert_with(|| said.again()),
                News::Notification { .. } | News::FiltersChanged { .. } | News::NotificationsMerged { .. } => {
                    return Ok(());
                }
            };
            line.send(said.frame(&topic.names(), line.wire)?);
        }
        Ok(())
    }

    /// Tells the lines of an account that listen to its conversations of one in which there is a new status.
    fn tell_conversation(&self, of: &OfAccount) -> Result<()> {
        let lines = || of.lines.iter().filter(|(topic, _)| matches!(topic, Topic::Direct(_)));
        let News::Status { name: NEW_STATUS, status, .. } = self.news else { return Ok(()) };
        if status.visibility != Visibility::Direct || lines().next().is_none() {
            return Ok(());
        }
        let viewer = of.account;
        let Some(id) = CONVERSATION_OF.get(self.read, &(viewer, status.id))? else { return Ok(()) };
        let Some(known) = CONVERSATIONS.get(self.read, &(viewer, id))? else { return Ok(()) };
        // As the list of conversations: nothing by people they avoid.
        if !Sight::new(self.read, Some(viewer)).lists(status)? {
            return Ok(());
        }
        let drawn = self.desk.context(self.read, Some(viewer)).conversation(id, &known, Some(status))?;
        let mut said = Said::new("conversation", &drawn)?;
        for (topic, line) in lines() {
            line.send(said.frame(&topic.names(), line.wire)?);
        }
        Ok(())
    }

    /// Whether the news belongs into the home timeline of `viewer`.
    fn concerns_home(&self, viewer: AccountId) -> Result<bool> {
        match self.news {
            News::Status { status, .. } => timeline::in_home(self.read, viewer, status),
            News::Announced { .. } => Ok(true),
            _ => self.may_have(viewer),
        }
    }

    /// Whether the news belongs into a list of `viewer`; never where it is somebody else's.
    fn concerns_list(&self, viewer: AccountId, list: RowId) -> Result<bool> {
        match self.news {
            News::Status { status, .. } => timeline::in_list(self.read, viewer, list, status),
            News::Retracted { author, .. } => {
                Ok(LISTS_OF_MEMBER.contains(self.read, &(viewer, *author, list))? && self.may_have(viewer)?)
            }
            _ => Ok(false),
        }
    }

    /// Whether `viewer` may have what was taken back before their eyes. Whoever does not follow any more keeps it until the
    /// next page is read.
    fn may_have(&self, viewer: AccountId) -> Result<bool> {
        let News::Retracted { author, mentions, .. } = self.news else { return Ok(false) };
        Ok(*author == viewer || mentions.contains(&viewer) || FOLLOWS.contains(self.read, &(viewer, *author))?)
    }

    /// Whether the news belongs on a public stream.
    fn belongs(&self, topic: &Topic) -> Result<bool> {
        Ok(match self.news {
            News::Status { status, answers_other, .. } => {
                status.visibility == Visibility::Public
                    && status.reblog_of.is_none()
                    // Whoever listens is somebody here, and looked at one by one.
                    && (status.local_only || can_see(self.read, None, status)?)
                    && match topic {
                        Topic::Public(public) => {
                            !answers_other && public.wants(status.local, !status.attachments.is_empty())
                        }
                        Topic::Tag { key, local, .. } => {
                            (status.local || !local) && status.tags.iter().any(|name| tag::normalise(name) == *key)
                        }
                        _ => false,
                    }
            }
            News::Retracted { visibility, local: written_here, tags, .. } => {
                *visibility == Visibility::Public
                    && match topic {
                        // It may have had media.
                        Topic::Public(public) => public.wants(*written_here, true),
                        Topic::Tag { key, local, .. } => (*written_here || !local) && tags.contains(key),
                        _ => false,
                    }
            }
            News::Notification { .. }
            | News::FiltersChanged { .. }
            | News::NotificationsMerged { .. }
            | News::Announced { .. } => false,
        })
    }

    fn tell_public(&mut self, topic: &Topic, line: &Line) -> Result<()> {
        let said = match self.news {
            News::Status { name, status, .. } => {
                let sight = Sight::new(self.read, Some(line.account));
                if !sight.lists(status)? || !sight.may_list(status)? {
                    return Ok(());
                }
                match &mut self.open {
                    Some(said) => said,
                    none => none.insert(Said::new(name, &self.desk.context(self.read, None).status(status)?)?),
                }
            }
            News::Retracted { status, .. } => self.open.get_or_insert(Said::plain("delete", status.to_string())),
            News::Notification { .. }
            | News::FiltersChanged { .. }
            | News::NotificationsMerged { .. }
            | News::Announced { .. } => return Ok(()),
        };
        line.send(said.frame(&topic.names(), line.wire)?);
        Ok(())
    }

    /// Tells an account what concerns it alone.
    fn tell_account(&self, of: &OfAccount) -> Result<()> {
        match self.news {
            News::Notification { id, .. } => self.notify(of, *id),
            News::FiltersChanged { .. } => {
                let mut said = Said { event: "filters_changed", payload: None, frames: Vec::new() };
                for (topic, line) in of.lines.iter().filter(|(topic, _)| matches!(topic, Topic::User(_))) {
                    line.send(said.frame(&topic.names(), line.wire)?);
                }
                Ok(())
            }
            News::NotificationsMerged { .. } => {
                let mut said = Said::plain("notifications_merged", "1".to_owned());
                for (topic, line) in of.lines.iter().filter(|(topic, line)| hears_notifications(topic, line)) {
                    line.send(said.frame(&topic.names(), line.wire)?);
                }
                Ok(())
            }
            News::Status { .. } | News::Retracted { .. } | News::Announced { .. } => Ok(()),
        }
    }

    fn notify(&self, of: &OfAccount, id: NotificationId) -> Result<()> {
        let row = match notification::show(self.read, of.account, id) {
            // Whoever listens has not asked for it by name.
            Ok(row) if row.kind.only_if_asked() => return Ok(()),
            Ok(row) => row,
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut said = None;
        for (topic, line) in of.lines.iter().filter(|(topic, line)| hears_notifications(topic, line)) {
            let said = match &mut said {
                Some(said) => said,
                none => none.insert(Said::new(
                    "notification",
                    &self.desk.context(self.read, Some(of.account)).notification(id, &row)?,
                )?),
            };
            line.send(said.frame(&topic.names(), line.wire)?);
        }
        Ok(())
    }
}

fn hears_notifications(topic: &Topic, line: &Line) -> bool {
    matches!(topic, Topic::Notifications(_)) || (matches!(topic, Topic::User(_)) && line.notifications)
}

impl Desk {
    fn context<'a>(&'a self, read: &'a dyn Read, viewer: Option<AccountId>) -> Context<'a> {
        Context::new(read, &self.origin, viewer).at(self.now).with_filters(&self.filters)
    }
}

/// An event as it is said, and the frames made of it so far.
struct Said {
    event: &'static str,
    /// Absent where an event says all.
    payload: Option<String>,
    frames: Vec<(String, Wire, Bytes)>,
}

/// A frame of a WebSocket (client API, streaming#websocket).
#[derive(Serialize)]
struct Message<'a> {
    stream: &'a Names<'a>,
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
}

impl Said {
    fn new<T: Serialize>(event: &'static str, entity: &T) -> Result<Said> {
        let payload = serde_json::to_string(entity).map_err(|error| unwritable(&error))?;
        Ok(Said::plain(event, payload))
    }

    /// The same, no frame of which is made yet.
    fn again(&self) -> Said {
        Said { event: self.event, payload: self.payload.clone(), frames: Vec::new() }
    }

    fn plain(event: &'static str, payload: String) -> Said {
        Said { event, payload: Some(payload), frames: Vec::new() }
    }

    /// The frame under these names; made once for each.
    fn frame(&mut self, names: &Names<'_>, wire: Wire) -> Result<Bytes> {
        let key = match wire {
            Wire::WebSocket => serde_json::to_string(names).map_err(|error| unwritable(&error))?,
            Wire::Sse => String::new(),
        };
        if let Some((_, _, made)) = self.frames.iter().find(|(known, on, _)| *known == key && *on == wire) {
            return Ok(made.clone());
        }
        let made = match wire {
            Wire::WebSocket => {
                let message = Message { stream: names, event: self.event, payload: self.payload.as_deref() };
                serde_json::to_vec(&message).map_err(|error| unwritable(&error))?
            }
            // JSON on one line; an id has no line breaks either.
            Wire::Sse => format!("event: {}\ndata: {}\n\n", self.event, self.payload.as_deref().unwrap_or("undefined"))
                .into_bytes(),
        };
        let made = Bytes::from(made);
        self.frames.push((key, wire, made.clone()));
        Ok(made)
    }
}

fn unwritable(error: &serde_json::Error) -> Error {
    Error::Bug(format!("a stream's frame is not writable as JSON: {error}"))
}
