//! What somebody wrote while their session ended: given back on a page that needs neither the store nor a session, with
//! the way to sign in and go on from here.

use super::compose::{Typed, in_box};
use crate::layout::{self, Head, Site};
use maud::{Markup, html};

/// The page; everything typed stands in it, to be sent again once whoever wrote it has signed in.
#[must_use]
pub fn kept(site: &Site<'_>, typed: &Typed) -> String {
    let title = site.t("kept-title");
    let head = Head { title: &title, noindex: true, entrance: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p class="lead" { (site.t("kept-says")) }
            p {
                a class="button" href="/auth/sign_in?return_to=/compose" target="_blank" rel="noopener" { (site.t("kept-sign-in")) }
            }
            form class="compose sheet" method="post" action="/compose" enctype="multipart/form-data" {
                (unseen(typed))
                @if !typed.warning.is_empty() {
                    p {
                        label for="spoiler_text" { (site.t("compose-warning")) }
                        input id="spoiler_text" name="spoiler_text" value=(typed.warning) dir="auto";
                    }
                }
                p {
                    label for="status" { (site.t("failure-kept")) }
                    textarea id="status" name="status" rows="8" dir="auto" { (in_box(&typed.text)) }
                }
                p class="acts" { button type="submit" name="do" value="open" { (site.t("kept-go-on")) } }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// All that is not text.
fn unseen(typed: &Typed) -> Markup {
    let said = |on: bool| if on { "true".to_owned() } else { String::new() };
    let fields = [
        ("sensitive", said(typed.sensitive)),
        ("visibility", typed.visibility.clone()),
        ("quote_approval_policy", typed.quote_policy.clone()),
        ("may_reply", typed.may_reply.clone()),
        ("language", typed.language.clone()),
        ("scheduled_at", typed.scheduled_at.clone()),
        ("split", typed.split.clone()),
        ("content_type", typed.content_type.clone()),
        ("poll[expires_in]", typed.lasts_s.to_string()),
        ("poll[multiple]", said(typed.multiple)),
        ("poll[hide_totals]", said(typed.hide_totals)),
        ("in_reply_to_id", typed.in_reply_to.clone()),
        ("quoted_status_id", typed.quoted.clone()),
        ("edits", typed.edits.clone()),
        ("draft", typed.draft.clone()),
        ("key", typed.key.clone()),
    ];
    let hidden = |name: &str, value: &str| html! { input type="hidden" name=(name) value=(value); };
    html! {
        @for (name, value) in &fields { @if !value.is_empty() { (hidden(name, value)) } }
        @for option in &typed.options { (hidden("poll[options][]", option)) }
        @for (at, medium) in typed.media.iter().enumerate() {
            (hidden("media_ids[]", &medium.id))
            (hidden(&format!("media_attributes[{at}][id]"), &medium.id))
            (hidden(&format!("media_attributes[{at}][description]"), &medium.description))
            (hidden(&format!("media_attributes[{at}][focus]"), &medium.focus))
        }
    }
}
