//! Notifications: which come, which are kept aside, which are dropped; and what there is by mail.

use super::{page, save};
use crate::{entity::NotificationPolicy, layout::Site, page::field::options};
use maud::{Markup, html};

const TREATMENTS: [(&str, &str); 3] =
    [("accept", "notify-accept"), ("filter", "notify-filter"), ("drop", "notify-drop")];

/// The page; `email` is where letters go, if the server sends any and there is an address.
#[must_use]
pub fn notifications(
    site: &Site<'_>,
    policy: &NotificationPolicy,
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
