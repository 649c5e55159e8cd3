//! Notifications: which come, which are kept aside, which are dropped; and what there is by mail.

use super::{page, save};
use crate::{entity::NotificationPolicy, layout::Site, page::field::options};
use maud::{Markup, html};

const TREATMENTS: [(&str, &str); 3] =
    [("accept", "notify-accept"), ("filter", "notify-filter"), ("drop", "notify-drop")];

/// When no device is woken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet<'a> {
    /// From when on, as a field for a time says it (HTML §2.3.4); empty: there are no such hours.
    pub from: &'a str,
    /// Until when.
    pub until: &'a str,
    /// The zone they were said in.
    pub zone: &'a str,
}

/// The page; `email` is where letters go, if the server sends any and there is an address.
#[must_use]
pub fn notifications(
    site: &Site<'_>,
    policy: &NotificationPolicy,
    quiet: &Quiet<'_>,
    email: Option<&str>,
    problem: Option<&str>,
) -> String {
    let rules = [
        ("for_not_following", "notify-not-following", "notify-not-following-hint", policy.for_not_following),
        ("for_not_followers", "notify-not-followers", "notify-not-followers-hint", policy.for_not_followers),
        ("for_new_accounts", "notify-new-accounts", "notify-new-accounts-hint", policy.for_new_accounts),
        ("for_private_mentions", "notify-private", "notify-private-hint", policy.for_private_mentions),
        ("for_limited_accounts", "notify-limited", "notify-limited-hint", policy.for_limited_accounts),
        ("for_bots", "notify-bots", "notify-bots-hint", policy.for_bots),
    ];
    let waiting = policy.summary.pending_requests_count;
    let body = html! {
        p { (site.t("notify-says")) }
        form class="sheet" method="post" action="/settings/notifications" {
            (site.form_fields())
            @for (name, label, hint, chosen) in rules { (rule(site, name, label, hint, chosen)) }
            (save(site))
        }
        p {
            a href="/notifications/requests" { (site.t("filtered-notifications")) }
            " · " (site.t_count("notify-waiting", waiting))
        }
        (hours(site, quiet))
        section {
            h2 { (site.t("notify-mail")) }
            @match email {
                Some(address) => p { (site.t_around("notify-mail-says", &[("address", html! { bdi { (address) } })])) },
                None => p { (site.t("notify-no-mail")) },
            }
        }
    };
    page(site, "settings-notifications", problem, &body)
}

/// The form of quiet hours; it has its own button, as they are no rule about people.
fn hours(site: &Site<'_>, quiet: &Quiet<'_>) -> Markup {
    let field = |name: &str, key: &'static str, value: &str| {
        html! {
            p {
                label for=(name) { (site.words.say(key)) }
                input id=(name) name=(name) type="time" value=(value) aria-describedby="quiet-note";
            }
        }
    };
    let zone = if quiet.from.is_empty() { site.zone.name() } else { quiet.zone };
    html! {
        section {
            h2 id="quiet" { (site.t("quiet-title")) }
            form class="sheet" method="post" action="/settings/notifications" {
                (site.form_fields())
                p id="quiet-note" { (site.t_with("quiet-says", &[("zone", zone)])) }
                div class="pair" {
                    (field("from", "quiet-from", quiet.from))
                    (field("until", "quiet-until", quiet.until))
                }
                p class="acts" {
                    button type="submit" name="do" value="quiet" { (site.t("save")) }
                    @if !quiet.from.is_empty() {
                        button class="second" type="submit" name="do" value="loud" { (site.t("quiet-end")) }
                    }
                }
            }
        }
    }
}

fn rule(site: &Site<'_>, name: &str, label: &'static str, hint: &'static str, chosen: &str) -> Markup {
    let note = format!("{name}-note");
    html! {
        p {
            label for=(name) { (site.words.say(label)) }
            select id=(name) name=(name) aria-describedby=(note) { (options(site, &TREATMENTS, chosen)) }
            span class="note" id=(note) { (site.words.say(hint)) }
        }
    }
}
