//! What is attached to a post: pictures and files, polls, previews of links.
//!
//! A page loads nothing from other servers: their pictures come through this one, and what this one does not show (films,
//! sounds) is a link that says what is to be seen.

use super::{
    emoji,
    text::{exact, excerpt, host, moment, web_link},
};
use crate::{
    entity::{MediaAttachment, Poll, PollOption, PreviewCard},
    layout::Site,
    words::plain,
};
use maud::{Markup, html};

/// Characters of a description that stand before a fold; the whole of it is behind.
const BEFORE_CHARS: usize = 200;

/// The attachments; behind a fold if something stands on one, with their descriptions before it, so that nobody has to
/// open what they only want to know of.
pub(super) fn attachments(site: &Site<'_>, media: &[MediaAttachment], fold: Option<&Markup>) -> Markup {
    let list = html! {
        ul class="media" {
            @for medium in media { li { (attachment(site, medium)) } }
        }
    };
    html! {
        @if !media.is_empty() {
            @if let Some(says) = fold {
                @for text in media.iter().filter_map(description) {
                    p class="small described" {
                        span class="soft" { (site.t("media-description")) ": " }
                        span dir="auto" { (excerpt(&plain(text).into_string(), BEFORE_CHARS)) }
                    }
                }
                details {
                    summary { (says) }
                    (list)
                }
            } @else {
                (list)
            }
        }
    }
}

/// What is to be seen or heard, if somebody said so.
fn description(medium: &MediaAttachment) -> Option<&str> {
    medium.description.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn attachment(site: &Site<'_>, medium: &MediaAttachment) -> Markup {
    let description = description(medium);
    let own = medium.url.as_deref().and_then(|url| site.path(url));
    let preview = medium.preview_url.as_deref().and_then(|url| site.path(url));
    if let (Some(own), "image" | "gifv", Some(preview)) = (own, medium.kind, preview.or(own)) {
        if site.light {
            return to_load(site, medium, preview, description);
        }
        let size = medium.meta.as_ref().and_then(|meta| meta.small.as_ref().or(meta.original.as_ref()));
        return html! {
            a href=(own) data-picture {
                img src=(preview) alt=(description.unwrap_or(&site.t("media-undescribed")))
                    width=[size.map(|size| size.width)] height=[size.map(|size| size.height)] loading="lazy" decoding="async";
            }
            @if let Some(text) = description {
                details class="described" {
                    summary title=(site.t("media-description")) { "ALT" }
                    p class="small" dir="auto" { (text) }
                }
            }
        };
    }
    let Some(url) = own.or_else(|| {
        medium.remote_url.as_deref().and_then(web_link).or_else(|| medium.url.as_deref().and_then(web_link))
    }) else {
        return html! { span class="file" { span class="what" { (site.t(kind(medium.kind))) } (alt(site, description)) } };
    };
    html! {
        a class="file" href=(url) rel="nofollow noopener noreferrer" {
            span class="what" { (site.t(kind(medium.kind))) }
            (alt(site, description))
            @if own.is_none() {
                span class="from" { (site.t_around("media-opens-at", &[("host", html! { bdi { (host(url)) } })])) }
            }
        }
    }
}

/// A picture as a link that says how much there is to load, for slow lines; it leads to the smaller one.
fn to_load(site: &Site<'_>, medium: &MediaAttachment, preview: &str, description: Option<&str>) -> Markup {
    let known = medium.meta.as_ref().and_then(|meta| meta.small.as_ref().or(meta.original.as_ref()));
    let kilobytes = known.and_then(|size| size.bytes).map(|bytes| bytes.div_ceil(1_000));
    html! {
        a class="file" href=(preview) data-picture data-alt=(description.unwrap_or(&site.t("media-undescribed"))) {
            span class="what" {
                @match kilobytes {
                    Some(kilobytes) => (site.t_count("media-load-size", kilobytes)),
                    None => (site.t("media-load")),
                }
            }
            (alt(site, description))
        }
    }
}

fn alt(site: &Site<'_>, description: Option<&str>) -> Markup {
    html! {
        @match description {
            Some(text) => span class="alt" dir="auto" { (text) },
            None => span class="from" { (site.t("media-without-description")) },
        }
    }
}

fn kind(kind: &str) -> &'static str {
    match kind {
        "image" => "media-picture",
        "gifv" => "media-moving-picture",
        "video" => "media-film",
        "audio" => "media-sound",
        _ => "media-file",
    }
}

/// A poll: with its answers as far as they are counted, and as a form for whoever may still vote.
pub(super) fn poll(site: &Site<'_>, poll: &Poll) -> Markup {
    let open = site.viewer.is_some() && !poll.expired && poll.voted == Some(false);
    html! {
        div class="poll" {
            @if open { (ballot(site, poll)) } @else { (results(site, poll)) }
            p class="small soft" {
                (site.t_count("poll-votes", poll.votes_count))
                @if poll.multiple && !open { " · " (site.t("poll-multiple")) }
                @match poll.expires_at.as_deref() {
                    Some(at) if poll.expired => { " · " (site.t_around("poll-closed-on", &[("time", exact(site, at))])) },
                    Some(at) => { " · " (site.t_around("poll-open-until", &[("time", moment(site, at))])) },
                    None if poll.expired => { " · " (site.t("poll-closed")) },
                    None => {},
                }
            }
        }
    }
}

/// The words of an answer; other servers send some that have none, which are called by their number.
fn answer(site: &Site<'_>, poll: &Poll, at: usize, option: &PollOption) -> Markup {
    if option.title.trim().is_empty() {
        return html! { (site.t_count("compose-option", at as u64 + 1)) };
    }
    emoji::in_text(site, &option.title, &poll.emojis)
}

fn results(site: &Site<'_>, poll: &Poll) -> Markup {
    let total: u64 = match poll.voters_count.filter(|_| poll.multiple) {
        Some(voters) => voters,
        None => poll.options.iter().filter_map(|option| option.votes_count).fold(0, u64::saturating_add),
    };
    let chosen = |at: usize| poll.own_votes.iter().flatten().any(|own| usize::try_from(*own) == Ok(at));
    html! {
        ul aria-label=(site.t("poll")) {
            @for (at, option) in poll.options.iter().enumerate() {
                li {
                    span class="option" {
                        span dir="auto" { (answer(site, poll, at, option)) @if chosen(at) { " " span class="badge" { (site.t("poll-own-vote")) } } }
                        @if let Some(votes) = option.votes_count {
                            span class="share" { (share(votes, total)) " %" }
                        }
                    }
                    @if let Some(votes) = option.votes_count {
                        progress max="100" value=(share(votes, total)) aria-hidden="true" {}
                    }
                }
            }
        }
    }
}

fn ballot(site: &Site<'_>, poll: &Poll) -> Markup {
    html! {
        form class="ballot" method="post" action={ "/vote/" (poll.id) } {
            (site.form_fields())
            fieldset {
                legend { (site.t(if poll.multiple { "poll-choose-several" } else { "poll-choose-one" })) }
                @for (at, option) in poll.options.iter().enumerate() {
                    label class="check" {
                        input type=(if poll.multiple { "checkbox" } else { "radio" }) name="choices[]" value=(at);
                        span dir="auto" { (answer(site, poll, at, option)) }
                    }
                }
            }
            button class="second" type="submit" { (site.t("poll-vote")) }
        }
    }
}

fn share(votes: u64, total: u64) -> u64 {
    let hundredfold = u128::from(votes) * 100;
    let rounded = (hundredfold + u128::from(total) / 2).checked_div(u128::from(total)).unwrap_or(0);
    u64::try_from(rounded.min(100)).unwrap_or(100)
}

/// The preview of a link, without its picture.
pub(super) fn card(card: &PreviewCard) -> Markup {
    html! {
        @if let Some(url) = web_link(&card.url) {
            a class="file" href=(url) rel="nofollow noopener noreferrer" {
                span class="what" dir="auto" { (if card.title.is_empty() { url } else { &card.title }) }
                @if !card.description.is_empty() { span class="alt" dir="auto" { (card.description) } }
                span class="from" { bdi { (if card.provider_name.is_empty() { host(url) } else { &card.provider_name }) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_percents_and_never_more_than_all() {
        assert_eq!(
            [share(1, 3), share(2, 3), share(0, 0), share(5, 0), share(9, 3), share(u64::MAX, u64::MAX)],
            [33, 67, 0, 0, 100, 100]
        );
    }
}
