//! A long text posted as a thread: each part answers the one before and is a commit of its own; one key posts each once.

use super::{
    Said, refusal,
    send::{alone, go_on, keep_on, meant, new_status, number, stored, written},
    show,
};
use crate::{
    draft,
    error::{Error, Result},
    http::{
        answer,
        visit::{Form, Visit, gone},
    },
    intake::status::compose_text,
    limits,
    media::Wanted,
    server::Server,
    status::{self, Composed, Created, NewStatus},
    text::{Cut, count_chars, split},
};
use axum::response::Response;
use storage::{RowId, StatusId, Tx, account};
use web::page::compose::Typed;

/// Stands between the key of a form and the number of a part.
const PART: char = '~';

/// The parts of what was typed; `None`: it is to be one post.
///
/// # Errors
/// `Invalid` where it cannot be a thread.
pub(super) fn parts(visit: &Visit, typed: &Typed) -> Result<Option<Vec<String>>> {
    let cut = match typed.split.as_str() {
        "needed" => Cut::Needed,
        "blank" => Cut::BlankLines,
        _ => return Ok(None),
    };
    if !typed.edits.is_empty() || typed.text.trim().is_empty() {
        return Ok(None);
    }
    let room = limits::STATUS_CHARS_MAX.saturating_sub(count_chars(&typed.warning));
    let refused = || {
        let why = visit.words.count("compose-thread-long", limits::THREAD_PARTS_MAX as u64);
        Error::invalid("split", why.into_owned())
    };
    let parts = split(&typed.text, cut, room, limits::THREAD_PARTS_MAX).ok_or_else(refused)?;
    if parts.len() > 1 && !typed.scheduled_at.is_empty() {
        return Err(Error::invalid("split", visit.words.say("compose-thread-later").into_owned()));
    }
    Ok(Some(parts))
}

/// Posts the parts one after another. If one cannot be posted, the form comes back with what is left, to go on behind the
/// last that was.
pub(super) async fn publish(server: &Server, form: &Form, typed: &Typed, parts: &[String]) -> Result<Response> {
    let mut composed = Vec::with_capacity(parts.len());
    for part in parts {
        composed.push(compose_text(server, part, &typed.warning, written(&form.params)?).await?);
    }
    if let Some(said) = alone(form, typed, composed.iter().map(|(part, _)| part)) {
        return go_on(server, form, typed.clone(), said).await;
    }
    let mut first: Option<(StatusId, String)> = None;
    let mut above = number(&typed.in_reply_to).map(StatusId);
    for (at, part) in composed.into_iter().enumerate() {
        match post(server, form, typed, part, (at, above)).await {
            Ok((id, name)) => {
                above = Some(id);
                first.get_or_insert((id, name));
            }
            Err(error) if at == 0 => return Err(error),
            Err(error) => return stopped(server, form, typed, parts, (at, above), error).await,
        }
    }
    let (own, known, key) = (form.account, number(&typed.draft).map(RowId), form_of(&typed.key).to_owned());
    stored(server, move |tx: &mut Tx<'_>| draft::posted(tx, own, known, &key)).await?;
    let (id, name) = first.ok_or_else(|| Error::Bug("a thread of no parts was posted".to_owned()))?;
    gone(server, &format!("/@{name}/{id}"), "notice-thread-posted")
}

/// Posts one part: what is beside the text goes with the first. Its number and the name of its author.
async fn post(
    server: &Server,
    form: &Form,
    typed: &Typed,
    composed: (Composed, String),
    (at, above): (usize, Option<StatusId>),
) -> Result<(StatusId, String)> {
    let new = new_status(server, form, typed, composed).await?;
    let new = NewStatus { in_reply_to: above, idempotency_key: Some(key_of(&typed.key, at)), ..new };
    let new = match at {
        0 => new,
        _ => NewStatus { media: Wanted::default(), poll: None, quoted: None, ..new },
    };
    let rule = move |tx: &mut Tx<'_>| {
        let name = account::find(tx, new.author)?.map(|account| account.username).unwrap_or_default();
        match status::create(tx, &new)? {
            Created::Fresh(status) | Created::Repeated(status) => Ok((status.id, name)),
            Created::Scheduled(..) => Err(Error::Conflict),
        }
    };
    stored(server, rule).await
}

/// The key of a part: a form that was sent in the midst of a thread goes on counting where it stopped.
fn key_of(key: &str, at: usize) -> String {
    let (bare, first) = begun(key).unwrap_or((key, 0));
    match first.saturating_add(at) {
        0 => key.to_owned(),
        number => format!("{bare}{PART}{number}"),
    }
}

/// The key of the form itself, which stays the same however far its thread has come.
pub(super) fn form_of(key: &str) -> &str {
    begun(key).map_or(key, |(bare, _)| bare)
}

fn begun(key: &str) -> Option<(&str, usize)> {
    let (bare, number) = key.rsplit_once(PART)?;
    Some((bare, number.parse().ok()?))
}

/// The form and its draft hold what is left from here on.
async fn stopped(
    server: &Server,
    form: &Form,
    typed: &Typed,
    parts: &[String],
    (at, above): (usize, Option<StatusId>),
    error: Error,
) -> Result<Response> {
    let count = |number: usize| number.to_string();
    let told =
        form.visit.words.with("compose-thread-stopped", &[("posted", &count(at)), ("parts", &count(parts.len()))]);
    let refusal = refusal(&form.visit, error)?;
    let mut left = Typed {
        text: parts.get(at..).unwrap_or_default().join("\n\n"),
        in_reply_to: above.map(|id| id.to_string()).unwrap_or_default(),
        key: key_of(&typed.key, at),
        media: Vec::new(),
        options: Vec::new(),
        quoted: String::new(),
        ..typed.clone()
    };
    let unkept = keep_on(server, form, &mut left).await?;
    let (text, problem) = (left.text.clone(), format!("{told} {}", refusal.says));
    let said = Said { problem: Some(problem), unkept, meant: meant(form), ..Said::default() };
    let Ok(page) = show(server, &form.visit, left, said).await else {
        return Ok(answer::keeping(server, form.visit.words, &text));
    };
    Ok(refusal.answer(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_parts_go_on_where_a_form_stopped() {
        assert_eq!([key_of("k", 0), key_of("k", 1), key_of("k", 2)], ["k", "k~1", "k~2"]);
        assert_eq!([key_of("k~2", 0), key_of("k~2", 3), key_of("k~x", 1)], ["k~2", "k~5", "k~x~1"]);
        assert_eq!([form_of("k"), form_of("k~2"), form_of("k~x")], ["k", "k", "k~x"]);
    }
}
