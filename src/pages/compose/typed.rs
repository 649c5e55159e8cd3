//! What the form carries: read from its fields, kept as a draft, taken from a draft.

use crate::{http::value::Map, limits, poll::NewPoll, text::count_chars};
use storage::Timestamp;
use storage::draft::{Draft, DraftMedia};
use web::page::compose::{GUESS, Typed, TypedMedia};

/// How long a poll lasts unless something else is chosen, seconds.
pub(super) const LASTS_S: i64 = 86_400;

/// What was typed into the fields. Lists are cut at what one post may have.
pub(super) fn read(params: &Map) -> Typed {
    let text = |key: &str| params.str(key).unwrap_or_default().to_owned();
    let line = |key: &str| params.str(key).unwrap_or_default().trim().to_owned();
    let said = params.maps("media_attributes");
    let media =
        params.texts("media_ids").into_iter().filter(|id| !id.is_empty()).take(limits::ATTACHED_MAX).map(|id| {
            let said = said.iter().find(|said| said.str("id") == Some(id));
            let of = |key: &str| said.and_then(|said| said.str(key)).unwrap_or_default().to_owned();
            TypedMedia { id: id.to_owned(), description: of("description"), focus: of("focus") }
        });
    let poll = params.map("poll");
    let flag = |map: Option<&Map>, key: &str| map.and_then(|map| map.bool(key)).unwrap_or(false);
    let options =
        poll.map(|poll| poll.texts("options")).unwrap_or_default().into_iter().map(|one| one.trim().to_owned());
    Typed {
        text: newlines(&text("status")),
        warning: line("spoiler_text"),
        sensitive: flag(Some(params), "sensitive"),
        visibility: line("visibility"),
        quote_policy: line("quote_approval_policy"),
        may_reply: line("may_reply"),
        language: line("language"),
        scheduled_at: line("scheduled_at"),
        media: media.collect(),
        options: options.take(limits::OWN_POLL_OPTIONS_MAX).collect(),
        lasts_s: poll.and_then(|poll| poll.int("expires_in")).unwrap_or(LASTS_S),
        multiple: flag(poll, "multiple"),
        hide_totals: flag(poll, "hide_totals"),
        split: line("split"),
        content_type: line("content_type"),
        in_reply_to: line("in_reply_to_id"),
        quoted: line("quoted_status_id"),
        edits: line("edits"),
        draft: line("draft"),
        key: line("key"),
    }
}

/// A message to people, as handles with a blank behind each, that goes on from the message `last`.
pub(in crate::pages) fn message(to: &str, text: &str, last: &str) -> Typed {
    // As a field it may have come without the blank at its end.
    let to = to.split_whitespace().map(|handle| format!("{handle} ")).collect::<String>();
    Typed {
        text: newlines(&format!("{to}{text}")),
        visibility: "direct".to_owned(),
        language: GUESS.to_owned(),
        lasts_s: LASTS_S,
        in_reply_to: last.to_owned(),
        ..Typed::default()
    }
}

/// Forms send the ends of lines as two characters (HTML §4.10.22.7), which count as one.
fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The poll that was typed; none if no answer was.
pub(super) fn poll(typed: &Typed) -> Option<NewPoll> {
    let options: Vec<_> = typed.options.iter().filter(|option| !option.is_empty()).cloned().collect();
    (!options.is_empty()).then(|| NewPoll {
        options,
        multiple: typed.multiple,
        hide_totals: typed.hide_totals,
        lasts_ms: typed.lasts_s.saturating_mul(1_000),
    })
}

/// Whether anything was typed or brought that would be missed.
pub(super) fn is_begun(typed: &Typed) -> bool {
    let texts = [&typed.text, &typed.warning].into_iter().chain(&typed.options);
    !typed.media.is_empty() || texts.into_iter().any(|text| !text.trim().is_empty())
}

/// What was typed, to be kept.
pub(super) fn draft(typed: &Typed) -> Draft {
    let media = typed.media.iter().cloned();
    Draft {
        kept_at: Timestamp(0),
        text: typed.text.clone(),
        warning: typed.warning.clone(),
        sensitive: typed.sensitive,
        visibility: typed.visibility.clone(),
        quote_policy: typed.quote_policy.clone(),
        may_reply: typed.may_reply.clone(),
        language: typed.language.clone(),
        scheduled_at: typed.scheduled_at.clone(),
        media: media.map(|one| DraftMedia { id: one.id, description: one.description, focus: one.focus }).collect(),
        options: typed.options.clone(),
        lasts_s: typed.lasts_s,
        multiple: typed.multiple,
        hide_totals: typed.hide_totals,
        in_reply_to: typed.in_reply_to.clone(),
        quoted: typed.quoted.clone(),
        content_type: typed.content_type.clone(),
        split: typed.split.clone(),
    }
}

/// What was kept, to be typed on.
pub(super) fn of_draft(id: &str, draft: Draft) -> Typed {
    let media = draft.media.into_iter();
    let long = count_chars(&draft.text) > limits::STATUS_CHARS_MAX;
    Typed {
        // What is too long for one post can only be a thread.
        split: if long && draft.split.is_empty() { "needed".to_owned() } else { draft.split },
        content_type: draft.content_type,
        text: draft.text,
        warning: draft.warning,
        sensitive: draft.sensitive,
        visibility: draft.visibility,
        quote_policy: draft.quote_policy,
        may_reply: draft.may_reply,
        language: draft.language,
        scheduled_at: draft.scheduled_at,
        media: media.map(|one| TypedMedia { id: one.id, description: one.description, focus: one.focus }).collect(),
        options: draft.options,
        lasts_s: draft.lasts_s,
        multiple: draft.multiple,
        hide_totals: draft.hide_totals,
        in_reply_to: draft.in_reply_to,
        quoted: draft.quoted,
        draft: id.to_owned(),
        ..Typed::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Params;

    fn typed(query: &str) -> Typed {
        read(&Params::of_query(&format!("/?{query}").parse().expect("a target")).expect("within bounds"))
    }

    #[test]
    fn pictures_come_with_what_is_said_of_them_and_no_more_than_fit() {
        let ids: String = (1..=9).map(|id| format!("media_ids[]={id}&")).collect();
        let query = format!("{ids}media_attributes[0][id]=2&media_attributes[0][description]=A+rock");
        let media = typed(&query).media;
        assert_eq!(media.len(), limits::ATTACHED_MAX);
        assert_eq!((media[1].id.as_str(), media[1].description.as_str()), ("2", "A rock"));
        assert_eq!(media[0].description, "");
    }

    #[test]
    fn empty_answers_make_no_poll() {
        assert_eq!(poll(&typed("poll[options][]=&poll[options][]=+&poll[expires_in]=300")), None);
        let made =
            poll(&typed("poll[options][]=a&poll[options][]=&poll[options][]=b&poll[expires_in]=300")).expect("a poll");
        assert_eq!((made.options, made.lasts_ms), (vec!["a".to_owned(), "b".to_owned()], 300_000));
    }

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        let before = typed(
            "status=a%0D%0Ab&spoiler_text=w&visibility=private&language=de&media_ids[]=4&poll[options][]=x&\
             in_reply_to_id=5&quoted_status_id=6&scheduled_at=2027-01-01T10:00&may_reply=followers&sensitive=true&\
             content_type=text/markdown&split=blank",
        );
        assert_eq!(before.text, "a\nb");
        let after = of_draft("7", draft(&before));
        assert_eq!(after, Typed { draft: "7".to_owned(), ..before });
    }
}
