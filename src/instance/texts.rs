//! Long texts of this server in Markdown: what it is, its privacy policy, its terms of service with their history.

use crate::{
    error::{Error, Result},
    limits,
    text::markdown,
};
use std::sync::{Mutex, PoisonError};
use storage::{
    Digest, Read, Timestamp, Tx,
    text::{self, Text, TextKind},
};

/// What is true of the program, for servers whose administrator wrote nothing else.
const PRIVACY: &str = include_str!("privacy.md");
/// When that was last changed: 2026-11-29.
const PRIVACY_SET_AT: Timestamp = Timestamp(1_795_910_400_000);

/// A version of the terms of service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The day from which they count.
    pub from: Timestamp,
    /// What they say.
    pub text: Text,
    /// When the next version begins to count.
    pub succeeded_by: Option<Timestamp>,
}

/// The HTML of a text of this server, in which `%{domain}` stands for the domain of its handles.
///
/// Texts are long and anybody may ask for them: the last ones drawn are kept.
#[must_use]
pub fn html(text: &str, domain: &str) -> String {
    static DRAWN: Mutex<Vec<(Digest, String)>> = Mutex::new(Vec::new());
    let drawn = || DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    let key = Digest::of(&format!("{domain}\0{text}"));
    if let Some((_, html)) = drawn().iter().find(|(of, _)| *of == key) {
        return html.clone();
    }
    let html = markdown::html(&text.replace("%{domain}", domain));
    let mut drawn = drawn();
    if drawn.len() >= limits::TEXTS_DRAWN_KEPT {
        drawn.clear();
    }
    drawn.push((key, html.clone()));
    html
}

/// What this server is, if somebody wrote it down.
///
/// # Errors
/// Storage errors.
pub fn about(read: &dyn Read) -> Result<Option<Text>> {
    Ok(text::find(read, TextKind::About)?)
}

/// The privacy policy: as written down, or what is true of the program.
///
/// # Errors
/// Storage errors.
pub fn privacy(read: &dyn Read) -> Result<Text> {
    let default = || Text { markdown: PRIVACY.to_owned(), set_at: PRIVACY_SET_AT };
    Ok(text::find(read, TextKind::Privacy)?.unwrap_or_else(default))
}

/// The terms of service that count now; before any do, the first to come.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, instance#terms_of_service.
pub fn terms(read: &dyn Read, now: Timestamp) -> Result<Option<Terms>> {
    let mut all = versions(read)?;
    let at = all.iter().rposition(|terms| terms.from <= now).unwrap_or(0);
    Ok((at < all.len()).then(|| all.swap_remove(at)))
}

/// The terms of service that count from this day on.
///
/// # Errors
/// `NotFound` if none begin there.
pub fn terms_from(read: &dyn Read, from: Timestamp) -> Result<Terms> {
    versions(read)?.into_iter().find(|terms| terms.from == from).ok_or(Error::NotFound)
}

/// All versions of the terms of service, the oldest first.
///
/// # Errors
/// Storage errors.
pub fn versions(read: &dyn Read) -> Result<Vec<Terms>> {
    let rows = text::versions(read, TextKind::Terms, limits::TERMS_VERSIONS_MAX)?;
    let next: Vec<_> = rows.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]).collect();
    let terms = rows.into_iter().zip(next).map(|((from, text), succeeded_by)| Terms { from, text, succeeded_by });
    Ok(terms.collect())
}

/// Writes a text down; an empty one removes it. Terms of service count from a day on, of which there are at most
/// `limits::TERMS_VERSIONS_MAX`; the other texts count at once.
///
/// # Errors
/// `Invalid` above `limits::TEXT_BYTES_MAX`, for a day where none belongs and none where one does, or for too many
/// versions.
pub fn set(tx: &mut Tx<'_>, kind: TextKind, from: Option<Timestamp>, markdown: &str) -> Result<()> {
    let markdown = markdown.trim();
    if markdown.len() > limits::TEXT_BYTES_MAX {
        let why = format!("the text has {} bytes; at most {}", markdown.len(), limits::TEXT_BYTES_MAX);
        return Err(Error::invalid("text", why));
    }
    if markdown.contains('\0') {
        return Err(Error::invalid("text", "the text holds a NUL character"));
    }
    let from = match (kind, from) {
        (TextKind::Terms, Some(from)) => from,
        (TextKind::Terms, None) => return Err(Error::invalid("from", "terms of service need a day to count from")),
        (TextKind::About | TextKind::Privacy, None) => Timestamp(0),
        (TextKind::About | TextKind::Privacy, Some(_)) => {
            return Err(Error::invalid("from", "only terms of service count from a day on"));
        }
    };
    if kind == TextKind::Terms && !markdown.is_empty() && text::find_from(tx, kind, from)?.is_none() {
        let known = text::versions(tx, kind, limits::TERMS_VERSIONS_MAX)?.len();
        if known >= limits::TERMS_VERSIONS_MAX {
            let why = format!("there are {known} versions already; at most {}", limits::TERMS_VERSIONS_MAX);
            return Err(Error::invalid("terms", why));
        }
    }
    text::put(tx, kind, from, markdown);
    Ok(())
}
