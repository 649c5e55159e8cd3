//! Announcements and suggestions as the client API shows them (client API, Announcement, Reaction, Suggestion).

use super::Context;
use crate::{
    account::render,
    announcement, clock,
    error::Result,
    limits,
    status::{self, tag_page},
    suggestion::{Source, Suggestion as Suggested},
    text::{EntityKind, entities, normalise_hashtag},
    visibility::can_see,
};
use storage::{
    RowId, account,
    announcement::{Announcement as Record, Reactions},
};
use web::entity::{Announcement, AnnouncementStatus, Reaction, StatusMention, StatusTag, Suggestion};

impl Context<'_> {
    /// An announcement that is shown; with a viewer also what it is to them.
    ///
    /// # Errors
    /// Storage errors.
    pub fn announcement(&self, id: RowId, row: &Record) -> Result<Announcement> {
        let published = row.published_at.unwrap_or(row.created_at);
        let read = self.viewer.map(|viewer| announcement::is_dismissed(self.read, viewer, id)).transpose()?;
        let mut reactions = Vec::new();
        for (name, counted) in announcement::reactions(self.read, id)? {
            let me = self.viewer.map(|viewer| announcement::has_reacted(self.read, viewer, id, &name)).transpose()?;
            reactions.push(self.announcement_reaction(name, counted.count, me)?);
        }
        Ok(Announcement {
            id: id.to_string(),
            content: row.content.clone(),
            starts_at: row.starts_at.map(clock::iso),
            ends_at: row.ends_at.map(clock::iso),
            all_day: row.all_day,
            published_at: clock::iso(published),
            updated_at: clock::iso(published),
            read,
            mentions: self.announced_people(row)?,
            statuses: self.announced_statuses(row)?,
            tags: row.tags.iter().map(|name| self.announced_tag(name)).collect(),
            emojis: self.own_emojis(&[&row.content])?,
            reactions,
        })
    }

    /// How many react to an announcement with `name`, as streams say it.
    ///
    /// # Errors
    /// Storage errors.
    pub fn reaction_on_stream(&self, id: RowId, name: &str, counted: Option<&Reactions>) -> Result<Reaction> {
        let count = counted.map_or(0, |counted| counted.count);
        let reaction = self.announcement_reaction(name.to_owned(), count, None)?;
        Ok(Reaction { announcement_id: Some(id.to_string()), ..reaction })
    }

    fn announcement_reaction(&self, name: String, count: u64, me: Option<bool>) -> Result<Reaction> {
        let picture = self.reacted_with(&name, None)?;
        let (url, static_url) = picture.map(|picture| (picture.url, picture.static_url)).unzip();
        Ok(Reaction { name, count, me, url, static_url, announcement_id: None })
    }

    /// Somebody to follow.
    ///
    /// # Errors
    /// Storage errors.
    pub fn suggestion(&self, found: &Suggested) -> Result<Suggestion> {
        let sources: Vec<_> = found.sources.iter().map(|source| source_name(*source)).collect();
        let source = match found.sources.first() {
            Some(Source::FriendsOfFriends) => "past_interactions",
            Some(Source::Featured) => "staff",
            Some(Source::MostFollowed) | None => "global",
        };
        Ok(Suggestion { source, sources, account: self.account(found.account)? })
    }

    fn announced_people(&self, row: &Record) -> Result<Vec<StatusMention>> {
        let mut people = Vec::with_capacity(row.mentions.len());
        for id in &row.mentions {
            let Some(account) = account::find(self.read, *id)?.filter(|found| found.suspended_at.is_none()) else {
                continue;
            };
            let url = render::page(self.origin, &account);
            people.push(StatusMention { id: id.to_string(), acct: account.acct(), username: account.username, url });
        }
        Ok(people)
    }

    /// Public statuses that the text links to, as far as they are known here.
    fn announced_statuses(&self, row: &Record) -> Result<Vec<AnnouncementStatus>> {
        let mut statuses = Vec::new();
        let found = entities(&row.text);
        let links = found.iter().filter(|entity| entity.kind == EntityKind::Link);
        for link in links.take(limits::ANNOUNCEMENT_LINKS_MAX) {
            let url = &row.text[link.range.clone()];
            let Some(status) = status::find_by_uri(self.read, self.origin, url)? else { continue };
            if can_see(self.read, None, &status)? {
                statuses.push(AnnouncementStatus { id: status.id.to_string(), url: url.to_owned() });
            }
        }
        Ok(statuses)
    }

    fn announced_tag(&self, name: &str) -> StatusTag {
        StatusTag { name: normalise_hashtag(name), url: tag_page(self.origin, name) }
    }
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::FriendsOfFriends => "friends_of_friends",
        Source::Featured => "featured",
        Source::MostFollowed => "most_followed",
    }
}
