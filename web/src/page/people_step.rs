//! The first run's third step: people one knows from elsewhere, and who may come here. All of it can wait.

use super::entrance::problem;
use crate::layout::{self, Head, Site};
use maud::html;

/// What stands on the page.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Other servers can be reached: it is no try-out.
    pub federates: bool,
    /// The account elsewhere, as typed.
    pub account: &'a str,
    /// Who may come: `closed`, `invite`, `approve` or `open`.
    pub sign_ups: &'a str,
    /// Rows a table may have.
    pub rows_max: u64,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

const SIGN_UPS: [(&str, &str, &str); 4] = [
    ("closed", "people-closed", "people-closed-hint"),
    ("invite", "people-invite", "people-invite-hint"),
    ("approve", "people-approve", "people-approve-hint"),
    ("open", "people-open", "people-open-hint"),
];

/// The page.
#[must_use]
pub fn people_step(site: &Site<'_>, shown: &People<'_>) -> String {
    let title = site.t("people-title");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.t("people-step-says")) }
            (problem(shown.problem))
            form class="sheet" method="post" action="/first-run/people" enctype="multipart/form-data" {
                (site.form_fields())
                @if shown.federates {
                    h2 { (site.t("people-follow")) }
                    p {
                        label for="account" { (site.t("people-old-account")) }
                        input id="account" name="account" value=(shown.account) placeholder="name@example.org"
                            autocapitalize="none" autocomplete="off" spellcheck="false" aria-describedby="account-note";
                        span class="note" id="account-note" { (site.t("people-old-account-hint")) }
                    }
                    p {
                        label for="file" { (site.t("people-file")) }
                        input id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="file-note";
                        span class="note" id="file-note" { (site.t_count("transfer-file-hint", shown.rows_max)) }
                    }
                } @else { p { (site.t("people-try-out")) } }
                fieldset {
                    legend { (site.t("people-who-comes")) }
                    @for (value, label, hint) in SIGN_UPS {
                        p {
                            label class="check" for={ "sign-ups-" (value) } {
                                input id={ "sign-ups-" (value) } type="radio" name="sign_ups" value=(value)
                                    checked[value == shown.sign_ups];
                                span { (site.words.say(label)) }
                            }
                            span class="note" { (site.words.say(hint)) }
                        }
                    }
                }
                p class="acts" {
                    button type="submit" { (site.t("people-go-on")) }
                    a class="button second later" href="/home" { (site.t("people-later")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}
