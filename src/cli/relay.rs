//! `dassie relay`: servers that pass on public posts of many others, in the running server or on its data directory.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
    store,
};
use crate::{
    clock::{self, Clock},
    config::Config,
    error::{Error, Result},
    limits,
    moderation::relay::{self as rules, NewRelay},
    server::Server,
};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use storage::{
    Read, RowId, Timestamp, Tx,
    limits::TAG_RELAYS_MAX,
    relay::{self, RelayKind, RelayState},
};

/// Servers that pass on public posts of many others.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Ask a relay to pass on to this server; again, with other filters.
    Add {
        /// Its inbox, as https://relay.example/inbox (Mastodon's kind), or its actor (LitePub's kind). With {tag} in it, as
        /// https://relay.example/tag/{tag}: of one for each hashtag, which is asked for those that people here follow.
        url: String,
        /// Take only posts with one of these hashtags.
        #[arg(long, value_delimiter = ',')]
        tags: Vec<String>,
        /// Take only posts in one of these languages, as "de,en".
        #[arg(long, value_delimiter = ',')]
        languages: Vec<String>,
        /// Ask for so many posts within an hour, at most.
        #[arg(long, default_value_t = limits::RELAY_PER_HOUR)]
        per_hour: u32,
        #[command(flatten)]
        place: super::Place,
    },
    /// The relays, and how things are with each.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: super::Place,
    },
    /// Leave a relay.
    Remove(Named),
    /// Take nothing from a relay and give it nothing.
    Pause(Named),
    /// Take from it and give to it again.
    Resume(Named),
}

#[derive(Args)]
pub(super) struct Named {
    /// Its address, as it was added.
    url: String,
    #[command(flatten)]
    place: super::Place,
}

/// What is wanted, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// To ask one.
    Add {
        /// Its address.
        url: String,
        /// Hashtags.
        tags: Vec<String>,
        /// Languages.
        languages: Vec<String>,
        /// Posts within an hour.
        per_hour: u32,
    },
    /// All of them.
    List,
    /// To leave one.
    Remove(String),
    /// To rest.
    Pause(String),
    /// To go on.
    Resume(String),
}

/// A relay as it is shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Shown {
    number: String,
    url: String,
    kind: String,
    state: String,
    since: Option<String>,
    paused_since: Option<String>,
    tags: Vec<String>,
    languages: Vec<String>,
    per_hour: u32,
    asked_this_hour: u32,
    /// Hashtags that people here follow, of a relay of tags.
    followed_tags: Vec<ShownTag>,
}

/// A hashtag that a relay of tags is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ShownTag {
    tag: String,
    url: String,
    state: String,
    since: Option<String>,
    came_today: u32,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// All relays.
    List(Vec<Shown>),
    /// It is done; what to print.
    Done(String),
}

/// Does what is asked of relays.
pub(super) fn run(command: Command) -> Result<()> {
    let (wanted, json, place) = match command {
        Command::Add { url, tags, languages, per_hour, place } => {
            (Wanted::Add { url, tags, languages, per_hour }, false, place)
        }
        Command::List { json, place } => (Wanted::List, json, place),
        Command::Remove(Named { url, place }) => (Wanted::Remove(url), false, place),
        Command::Pause(Named { url, place }) => (Wanted::Pause(url), false, place),
        Command::Resume(Named { url, place }) => (Wanted::Resume(url), false, place),
    };
    let config = Config::load(&place.flags())?;
    let said = control::answer(&config, "relay", &Request::Relay(wanted.clone()), |answer| match answer {
        Answer::Relay(said) => Some(*said),
        _ => None,
    })?;
    let said = match said {
        Some(said) => said,
        None => store::with_closed(&config, |store| match wanted {
            Wanted::List => store.read(|view| list(view, Clock::System.now())),
            wanted => store.write(move |tx| settle(tx, &wanted)),
        })?,
    };
    match said {
        Said::Done(said) => say(said),
        Said::List(shown) if json => say_json(&shown)?,
        Said::List(shown) if shown.is_empty() => say("no relays"),
        Said::List(shown) => shown.iter().for_each(|relay| say(relay.in_words())),
    }
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<Said> {
    let now = server.now();
    match wanted {
        Wanted::List => server.read(move |view| list(view, now)).await,
        wanted => server.write(move |tx| settle(tx, &wanted)).await,
    }
}

fn settle(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Said> {
    Ok(Said::Done(match wanted {
        Wanted::Add { url, tags, languages, per_hour } => {
            let new =
                NewRelay { url: url.clone(), tags: tags.clone(), languages: languages.clone(), per_hour: *per_hour };
            let id = rules::add(tx, &new)?;
            match RelayKind::of(url) {
                RelayKind::Tags => format!("relay {id}: {url} is asked for the hashtags that people here follow"),
                RelayKind::Mastodon | RelayKind::Litepub => {
                    format!("relay {id}: {url} is asked; `dassie relay list` says whether it agrees")
                }
            }
        }
        Wanted::Remove(url) => {
            rules::remove(tx, url)?;
            format!("{url} is left, and told so; what came by it stays until room is made")
        }
        Wanted::Pause(url) => match rules::pause(tx, url)? {
            true => format!("nothing is taken from {url} or given to it"),
            false => format!("{url} was paused already"),
        },
        Wanted::Resume(url) => match rules::resume(tx, url)? {
            true => format!("{url} passes on again"),
            false => format!("{url} was not paused"),
        },
        Wanted::List => return Err(Error::Bug("a list is no decision".to_owned())),
    }))
}

fn list(read: &dyn Read, now: Timestamp) -> Result<Said> {
    let mut shown = Vec::new();
    for (id, row) in relay::all(read)? {
        shown.push(Shown {
            number: id.to_string(),
            asked_this_hour: relay::taken(read, id, now)?.count,
            followed_tags: if row.kind == RelayKind::Tags { followed_tags(read, id, now)? } else { Vec::new() },
            kind: match row.kind {
                RelayKind::Mastodon => "mastodon",
                RelayKind::Litepub => "litepub",
                RelayKind::Tags => "tags",
            }
            .to_owned(),
            state: state(row.state).to_owned(),
            since: row.accepted_at.map(clock::iso),
            paused_since: row.paused_at.map(clock::iso),
            url: row.url,
            tags: row.tags,
            languages: row.languages,
            per_hour: row.per_hour,
        });
    }
    Ok(Said::List(shown))
}

fn followed_tags(read: &dyn Read, template: RowId, now: Timestamp) -> Result<Vec<ShownTag>> {
    let rows = relay::of_template(read, template)?.into_iter().map(|(_, row)| row);
    let shown = rows.map(|row| ShownTag {
        came_today: row.came_today(now),
        tag: row.tags.join(" "),
        state: state(row.state).to_owned(),
        since: row.accepted_at.map(clock::iso),
        url: row.url,
    });
    Ok(shown.collect())
}

fn state(state: RelayState) -> &'static str {
    match state {
        RelayState::Asked => "asked",
        RelayState::Accepted => "accepted",
        RelayState::Refused => "refused",
    }
}

impl Shown {
    fn in_words(&self) -> String {
        let Shown { url, kind, state, per_hour, asked_this_hour, followed_tags, .. } = self;
        let how = match kind.as_str() {
            "tags" => format!("{} of {TAG_RELAYS_MAX} hashtags", followed_tags.len()),
            _ => state.clone(),
        };
        let mut said = vec![format!("{url} ({kind}): {how}")];
        said.extend(self.since.iter().map(|since| format!("agreed {since}")));
        said.extend(self.paused_since.iter().map(|since| format!("paused since {since}")));
        for (name, filter) in [("tags", &self.tags), ("languages", &self.languages)] {
            said.extend((!filter.is_empty()).then(|| format!("{name} {}", filter.join(", "))));
        }
        said.push(format!("{asked_this_hour} of {per_hour} posts this hour"));
        let mut lines = vec![said.join("; ")];
        lines.extend(followed_tags.iter().map(ShownTag::in_words));
        lines.join("\n")
    }
}

impl ShownTag {
    fn in_words(&self) -> String {
        let ShownTag { tag, state, since, came_today, .. } = self;
        let since = since.as_ref().map(|since| format!(" {since}")).unwrap_or_default();
        format!("  #{tag}: {state}{since}; {came_today} posts today")
    }
}
