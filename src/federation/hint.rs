//! What an activity says of whom it may concern here, looked at before anybody is asked about it: nobody shall make this
//! server ask third ones about what it would drop (SECURITY B5, B7). Only a hint: what is kept, the rules of the core
//! decide.

use super::{
    activity,
    object::{Note, Quote, read},
};
use crate::{error::Result, limits, origin::Origin, server::Server, status as statuses};
use serde_json::Value;
use storage::{
    Read, account,
    quote::{self, QuoteState},
    relationship,
};

/// An activity as somebody else brings it.
#[derive(Clone, Copy)]
pub(super) struct Brought<'a> {
    /// Who brings it.
    pub(super) signer: &'a str,
    /// Whose it is said to be.
    pub(super) actor: &'a str,
    /// The name of the account whose own inbox it came to; empty for the shared inbox.
    pub(super) inbox: &'a str,
    /// What it says.
    pub(super) activity: &'a Value,
}

/// What an activity leads to. Any of it is enough.
#[derive(Default)]
struct Leads {
    /// Accounts that somebody here may follow.
    authors: Vec<String>,
    /// Statuses that may stand here.
    statuses: Vec<String>,
    /// People who may be here.
    people: Vec<String>,
    /// An account that may be known.
    account: Option<String>,
    /// The account here whose inbox it came to, if it names no addressee.
    inbox: Option<String>,
}

/// Whether a Create, Update or Announce, or the Delete of an account, may concern somebody here: it is by somebody who is
/// followed, speaks of, answers or shares a status that stands here, quotes one of ours, or is for somebody here; or it is
/// about the account of somebody known.
///
/// # Errors
/// Storage errors.
pub(super) async fn may_concern(server: &Server, brought: Brought<'_>) -> Result<bool> {
    let (origin, leads) = (server.origin().clone(), leads(server.origin(), brought));
    server.read(move |view| is_one_here(view, &origin, &leads)).await
}

/// Whether the status at `uri` is `actor`'s and everybody is told of it by its origin, or `uri` is the stamp of a quote that
/// stands here.
///
/// # Errors
/// Storage errors.
pub(super) async fn may_be_seen_to_go(server: &Server, actor: &str, uri: &str) -> Result<bool> {
    let (actor, uri) = (actor.to_owned(), uri.to_owned());
    let look = move |view: &dyn Read| -> Result<bool> {
        let Some(by) = account::find_by_uri(view, &actor)? else { return Ok(false) };
        if let Some(known) = storage::status::find_by_uri(view, &uri)? {
            return Ok(known.account == by.id && activity::is_told_to_all(&known));
        }
        let stamped = quote::find_by_stamp(view, &uri)?;
        Ok(stamped.is_some_and(|(_, quote)| quote.author == Some(by.id) && quote.state == QuoteState::Accepted))
    };
    server.read(move |view| look(view)).await
}

fn leads(origin: &Origin, brought: Brought<'_>) -> Leads {
    let Brought { signer, actor, inbox, activity } = brought;
    let mut leads = Leads { authors: vec![actor.to_owned()], ..Leads::default() };
    let things = read::list(activity.get("object"));
    if read::first_type(activity) == "Announce" {
        // What a group tells has what it is about inside.
        let inside =
            |thing: &Value| [read::id(Some(thing)), read::id(thing.get("object"))].map(|id| id.map(str::to_owned));
        leads.statuses = things.iter().take(limits::SHARED_MAX).flat_map(inside).flatten().collect();
        return leads;
    }
    leads.statuses.extend(read::id(activity.get("object")).map(str::to_owned));
    leads.account = read::id(activity.get("object")).filter(|object| *object == actor).map(str::to_owned);
    let mut named = addressees(activity);
    match things.first() {
        Some(document @ Value::Object(_)) => {
            named.extend(addressees(document));
            if let Ok(note) = Note::read(document) {
                let quoted = match note.quote {
                    Some(Quote::Native { uri, .. } | Quote::Legacy { uri }) => {
                        Some(uri).filter(|uri| origin.is_own(uri))
                    }
                    Some(Quote::Removed) | None => None,
                };
                leads.statuses.extend(note.in_reply_to.into_iter().chain(quoted));
            }
        }
        // A bare id says nothing: whom somebody here follows brings it for a reason.
        _ => leads.authors.push(signer.to_owned()),
    }
    let alone = named.is_empty() && !inbox.is_empty();
    leads.inbox = alone.then(|| inbox.to_owned());
    leads.people = named.into_iter().filter(|uri| origin.is_own(uri)).collect();
    leads
}

fn addressees(document: &Value) -> Vec<String> {
    let of = |name: &str| read::ids(document.get(name), limits::RECIPIENTS_MAX);
    ["to", "cc", "audience"].into_iter().flat_map(of).collect()
}

fn is_one_here(view: &dyn Read, origin: &Origin, leads: &Leads) -> Result<bool> {
    for author in &leads.authors {
        if let Some(author) = account::find_by_uri(view, author)?
            && relationship::has_followers(view, author.id)?
        {
            return Ok(true);
        }
    }
    for status in &leads.statuses {
        if statuses::find_by_uri(view, origin, status)?.is_some() {
            return Ok(true);
        }
    }
    for person in &leads.people {
        if activity::known_account(view, origin, person)?.is_some() {
            return Ok(true);
        }
    }
    if let Some(account) = &leads.account
        && account::find_by_uri(view, account)?.is_some()
    {
        return Ok(true);
    }
    match &leads.inbox {
        Some(name) => Ok(account::find_by_name(view, name, None)?.is_some()),
        None => Ok(false),
    }
}
