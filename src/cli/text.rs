//! `dassie text`: the long texts of this server: what it is, its privacy policy, its terms of service.

use super::{
    control::{self, Request},
    out::say,
};
use crate::{
    clock,
    config::{Config, Flags},
    error::{Error, Result},
    instance::texts,
    limits,
    server::Server,
};
use clap::{Args, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::{io::Read, path::PathBuf};
use storage::{
    Timestamp, Tx,
    text::{self, TextKind},
};

/// Texts.
#[derive(Subcommand)]
pub(super) enum Texts {
    /// Print a text as it is written down.
    Show {
        /// Which one.
        kind: Kind,
        /// Terms of service: those that count from this day on [default: those that count now].
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<String>,
        #[command(flatten)]
        place: super::Place,
    },
    /// Write a text down, in Markdown; an empty one removes it.
    Set(Set),
}

#[derive(Args)]
pub(super) struct Set {
    /// Which one.
    kind: Kind,
    /// Where it stands [default: standard input].
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Terms of service: the day from which they count [default: today].
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    #[command(flatten)]
    place: super::Place,
}

/// A text as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// What this server is.
    About,
    /// The privacy policy.
    Privacy,
    /// The terms of service.
    Terms,
}

impl Kind {
    fn stored(self) -> TextKind {
        match self {
            Kind::About => TextKind::About,
            Kind::Privacy => TextKind::Privacy,
            Kind::Terms => TextKind::Terms,
        }
    }
}

/// What is wanted, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wanted {
    kind: Kind,
    from: Option<String>,
    /// What to set; `None`: it is to be shown.
    markdown: Option<String>,
}

/// Shows or sets a text, in the running server or, if none runs, in the store itself.
pub(super) fn run(texts: Texts) -> Result<()> {
    let (wanted, flags): (_, Flags) = match texts {
        Texts::Show { kind, from, place } => (Wanted { kind, from, markdown: None }, place.flags()),
        Texts::Set(Set { kind, file, from, place }) => {
            (Wanted { kind, from, markdown: Some(read(file)?) }, place.flags())
        }
    };
    let config = Config::load(&flags)?;
    let request = Request::Text(wanted.clone());
    say(control::carried_out(&config, "text", &request, move |tx| settle(tx, &wanted))?);
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
    server.write(move |tx| settle(tx, &wanted)).await
}

fn read(file: Option<PathBuf>) -> Result<String> {
    let failed = |error: std::io::Error| Error::invalid("file", format!("cannot read the text: {error}"));
    let bound = limits::TEXT_BYTES_MAX as u64 + 1;
    let mut text = String::new();
    match file {
        Some(path) => std::fs::File::open(path).map_err(failed)?.take(bound).read_to_string(&mut text),
        None => std::io::stdin().take(bound).read_to_string(&mut text),
    }
    .map_err(failed)?;
    Ok(text)
}

fn settle(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<String> {
    let kind = wanted.kind.stored();
    let day = |text: &String| {
        let why = || Error::invalid("from", format!("{text:?} is not a day like 2026-12-01"));
        clock::parse_day(text).ok_or_else(why)
    };
    let from = wanted.from.as_ref().map(day).transpose()?;
    let Some(markdown) = &wanted.markdown else {
        let found = match (kind, from) {
            (TextKind::Terms, Some(from)) => text::find_from(tx, kind, from)?,
            (TextKind::Terms, None) => texts::terms(tx, tx.now())?.map(|terms| terms.text),
            (TextKind::About, _) => texts::about(tx)?,
            (TextKind::Privacy, _) => Some(texts::privacy(tx)?),
        };
        return found.map(|text| text.markdown).ok_or_else(|| Error::invalid("text", "nothing is written down"));
    };
    let today = || clock::parse_day(&clock::iso_date(tx.now())).unwrap_or(Timestamp(0));
    let from = if kind == TextKind::Terms { Some(from.unwrap_or_else(today)) } else { from };
    texts::set(tx, kind, from, markdown)?;
    let when = from.map(|from| format!(" from {} on", clock::iso_date(from))).unwrap_or_default();
    let deed = if markdown.trim().is_empty() { "removed" } else { "written down" };
    Ok(format!("the text is {deed}{when}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn texts_are_written_down_shown_and_removed() {
        let lab = Lab::new();
        let ask = |kind, from: Option<&str>, markdown: Option<&str>| {
            let wanted = Wanted { kind, from: from.map(str::to_owned), markdown: markdown.map(str::to_owned) };
            lab.write(move |tx| settle(tx, &wanted)).map_err(|error| error.to_string())
        };
        assert!(ask(Kind::About, None, None).is_err(), "nothing is written down");
        assert!(ask(Kind::Privacy, None, None).expect("the default").contains("%{domain}"));
        assert_eq!(ask(Kind::About, None, Some("# Rocks\n")).expect("set"), "the text is written down");
        assert_eq!(ask(Kind::About, None, None).expect("shown"), "# Rocks");
        let said = ask(Kind::Terms, Some("2030-01-31"), Some("Be kind.")).expect("set");
        assert_eq!(said, "the text is written down from 2030-01-31 on");
        assert_eq!(ask(Kind::Terms, None, None).expect("the first to come"), "Be kind.");
        for bad in ["tomorrow", "2030-02-30", "2030-1-1"] {
            assert!(ask(Kind::Terms, Some(bad), Some("x")).expect_err("no day").contains(bad), "{bad}");
        }
        assert!(ask(Kind::About, Some("2030-01-31"), Some("x")).is_err(), "only terms have days");
        let long = "x".repeat(limits::TEXT_BYTES_MAX + 1);
        assert!(ask(Kind::About, None, Some(&long)).expect_err("too long").contains("at most 60000"));
        assert!(ask(Kind::Terms, Some("2030-01-31"), Some("")).expect("removed").contains("removed"));
        assert!(ask(Kind::Terms, None, None).is_err());
    }
}
