//! `dassie announce`: what everybody here is told.

use super::{
    control::{self, Request},
    out::say,
};
use crate::{
    announcement::{self, NewAnnouncement},
    clock::{self, DAY_MS},
    config::Config,
    error::{Error, Result},
    server::Server,
    status,
};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use storage::{RowId, Timestamp, status::ContentType};

/// Tell everybody here something, or see what is told.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Announce {
    #[command(subcommand)]
    command: Option<Listed>,
    /// What to tell: plain text; mentions, hashtags and links become such.
    text: Option<String>,
    /// From when on it is shown: a day, or a moment like "2026-12-01 09:00", UTC [default: now].
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// When it goes: a day (its end), or a moment [default: when it is removed].
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(flatten)]
    place: super::Place,
}

#[derive(Subcommand)]
enum Listed {
    /// What is told, and what is going to be.
    List {
        #[command(flatten)]
        place: super::Place,
    },
    /// Take an announcement back.
    Remove {
        /// Its number.
        id: u64,
        #[command(flatten)]
        place: super::Place,
    },
}

/// What is wanted, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// A new one.
    New {
        /// What to tell.
        text: String,
        /// From when on.
        from: Option<String>,
        /// When it goes.
        until: Option<String>,
    },
    /// All of them.
    List,
    /// To take one back.
    Remove {
        /// Its number.
        id: u64,
    },
}

/// Asks the running server: it composes the text, and tells those who listen.
pub(super) fn run(announce: Announce) -> Result<()> {
    let (wanted, place) = match announce.command {
        Some(Listed::List { place }) => (Wanted::List, place),
        Some(Listed::Remove { id, place }) => (Wanted::Remove { id }, place),
        None => {
            let text = announce.text.ok_or_else(|| Error::invalid("text", "say what to tell, or list, or remove"))?;
            (Wanted::New { text, from: announce.from, until: announce.until }, announce.place)
        }
    };
    let config = Config::load(&place.flags())?;
    let said = control::done(&config, "announcement", &Request::Announce(wanted))?;
    let none = || Error::invalid("announcement", "no server runs on this data directory, and only it tells people");
    say(said.ok_or_else(none)?);
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
    match wanted {
        Wanted::New { text, from, until } => {
            let times = times(from.as_deref(), until.as_deref())?;
            let origin = server.origin().clone();
            let composed = server.read(move |view| status::compose(view, &origin, &text, ContentType::Plain)).await?;
            let new = NewAnnouncement { composed, ..times };
            let id = server.write(move |tx| announcement::create(tx, &new)).await?;
            Ok(format!("announcement {id}"))
        }
        Wanted::List => {
            let rows = server.read(|view| announcement::all(view)).await?;
            let lines = rows.iter().map(|(id, row)| {
                let until = row.ends_at.map(|end| format!(" until {}", clock::iso(end))).unwrap_or_default();
                let since = match (row.published_at, row.starts_at) {
                    (Some(since), _) => format!("shown since {}", clock::iso(since)),
                    (None, start) => format!("shown from {} on", start.map(clock::iso).unwrap_or_default()),
                };
                format!("{id}  {since}{until}  {}", row.text.replace('\n', " "))
            });
            let lines: Vec<_> = lines.collect();
            Ok(if lines.is_empty() { "nothing is announced".to_owned() } else { lines.join("\n") })
        }
        Wanted::Remove { id } => {
            let removed = server.write(move |tx| announcement::remove(tx, RowId(id))).await;
            removed.map_err(|error| match error {
                Error::NotFound => Error::invalid("id", format!("there is no announcement {id}")),
                other => other,
            })?;
            Ok(format!("announcement {id} is taken back"))
        }
    }
}

/// The times as typed, without a text. A day ends with its last millisecond.
fn times(from: Option<&str>, until: Option<&str>) -> Result<NewAnnouncement> {
    let starts = from.map(|text| moment("from", text)).transpose()?;
    let ends = until.map(|text| moment("until", text)).transpose()?;
    let end = |(time, is_day): (Timestamp, bool)| if is_day { time.plus_ms(DAY_MS - 1) } else { time };
    Ok(NewAnnouncement {
        composed: status::Composed::default(),
        starts_at: starts.map(|(time, _)| time),
        ends_at: ends.map(end),
        all_day: starts.is_some() && starts.into_iter().chain(ends).all(|(_, is_day)| is_day),
    })
}

/// A moment as typed, and whether it is a day.
fn moment(field: &'static str, text: &str) -> Result<(Timestamp, bool)> {
    if let Some(day) = clock::parse_day(text) {
        return Ok((day, true));
    }
    let why = || Error::invalid(field, format!("{text:?} is neither a day like 2026-12-01 nor a moment"));
    Ok((clock::parse_moment(text).ok_or_else(why)?, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_last_until_their_end() {
        let days = times(Some("2026-12-01"), Some("2026-12-01")).expect("days");
        assert!(days.all_day);
        let lasts = days.ends_at.zip(days.starts_at).map(|(end, start)| end.ms_since(start));
        assert_eq!(lasts, Some(DAY_MS - 1));
        let mixed = times(Some("2026-12-01"), Some("2026-12-02 12:00")).expect("times");
        assert!(!mixed.all_day && mixed.ends_at.is_some());
        assert!(times(Some("soon"), None).is_err() && times(None, Some("2026-13-01")).is_err());
        assert!(!times(None, None).expect("none").all_day);
    }
}
