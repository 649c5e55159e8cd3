//! Notifications that this browser shows also while no page is open.

use super::page;
use crate::layout::Site;
use maud::html;

/// What is told to this browser.
#[derive(Debug, Clone, Copy)]
pub struct Push<'a> {
    /// The key by which push services know this server, base64url.
    pub key: &'a str,
    /// This browser is told.
    pub subscribed: bool,
    /// What it may be told of, by the name in the client API, and whether it is.
    pub alerts: &'a [(&'static str, bool)],
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// The page. To begin needs the script, because only a script can ask the browser; all else does not.
#[must_use]
pub fn push(site: &Site<'_>, shown: &Push<'_>) -> String {
    let body = html! {
        form id="push" class="sheet" method="post" action="/settings/push" data-key=(shown.key) {
            (site.form_fields())
            p { (site.t(if shown.subscribed { "push-on" } else { "push-off" })) }
            @if !shown.subscribed {
                p class="problem" id="push-needs" { (site.t("push-needs")) }
                p class="problem" id="push-refused" role="alert" hidden { (site.t("push-refused")) }
                @for name in ["endpoint", "p256dh", "auth"] { input type="hidden" name=(name) value=""; }
            }
            fieldset {
                legend { (site.t("push-what")) }
                @for (name, on) in shown.alerts {
                    label class="check" {
                        input type="checkbox" name="alerts[]" value=(name) checked[*on];
                        span { (site.words.say(label(name))) }
                    }
                }
            }
            p class="acts" {
                @if shown.subscribed {
                    button type="submit" name="do" value="save" { (site.t("save")) }
                    button class="second" type="submit" name="do" value="test" { (site.t("push-test")) }
                    button class="second" type="submit" name="do" value="remove" { (site.t("push-stop")) }
                } @else {
                    button type="submit" name="do" value="subscribe" hidden { (site.t("push-start")) }
                }
            }
            p class="note" { (site.t("push-hint")) }
        }
    };
    page(site, "settings-push", shown.problem, &body)
}

/// What a kind of notification is called here.
fn label(name: &str) -> &'static str {
    const LABELS: [(&str, &str); 8] = [
        ("follow", "push-follow"),
        ("follow_request", "push-follow-request"),
        ("favourite", "push-favourite"),
        ("reblog", "push-reblog"),
        ("quote", "push-quote"),
        ("poll", "push-poll"),
        ("status", "push-status"),
        ("update", "push-update"),
    ];
    LABELS.iter().find(|(known, _)| *known == name).map_or("push-mention", |(_, key)| *key)
}
