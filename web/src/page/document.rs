//! Long texts of the server: its privacy policy, its terms of service.

use super::text::date;
use crate::{
    entity::{ServerText, TermsOfService},
    layout::{self, Head, Site},
};
use maud::{Markup, PreEscaped, html};

/// The privacy policy.
#[must_use]
pub fn privacy_policy(site: &Site<'_>, text: &ServerText) -> String {
    let changed = date(site.words, &text.updated_at).unwrap_or_else(|| text.updated_at.clone());
    let note = site.t_with("document-changed", &[("date", &changed)]).into_owned();
    document(site, (&site.t("privacy-policy"), "/privacy-policy"), &[note], &text.content, &html! {})
}

/// The terms of service; `versions` are the days from which each version counts, the newest first.
#[must_use]
pub fn terms_of_service(site: &Site<'_>, terms: &TermsOfService, versions: &[String]) -> String {
    let day = |iso: &str| date(site.words, iso).unwrap_or_else(|| iso.to_owned());
    let said = |key: &str, iso: &str| site.words.with(key, &[("date", &day(iso))]).into_owned();
    let mut notes = vec![match terms.effective {
        true => said("document-since", &terms.effective_date),
        false => said("document-from", &terms.effective_date),
    }];
    notes.extend(terms.succeeded_by.as_deref().map(|next| said("document-next", next)));
    let others = html! {
        @if versions.len() > 1 {
            nav aria-labelledby="versions" {
                h2 id="versions" { (site.t("document-versions")) }
                ul {
                    @for from in versions {
                        li {
                            a href={ "/terms-of-service/" (from) } aria-current=[(*from == terms.effective_date).then_some("page")] {
                                time datetime=(from) { (day(from)) }
                            }
                        }
                    }
                }
            }
        }
    };
    document(site, (&site.t("terms-of-service"), "/terms-of-service"), &notes, &terms.content, &others)
}

/// `content` is sanitised HTML; its own headings stand below the page's. `after` stands behind it.
fn document(site: &Site<'_>, (title, path): (&str, &str), notes: &[String], content: &str, after: &Markup) -> String {
    let canonical = format!("{}{path}", site.origin);
    let head = Head { title, canonical: Some(&canonical), ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @for note in notes { p class="note" { (note) } }
            div class="content" dir="auto" { (PreEscaped(lowered(content))) }
            (after)
        }
    };
    layout::document(site, &head, &body)
}

/// Headings one level lower, so that a page has one of the first level (WCAG 2.2, 1.3.1). In sanitised HTML a `<` opens
/// nothing but elements.
pub(super) fn lowered(content: &str) -> String {
    let mut lowered = content.to_owned();
    for level in (1..=5).rev() {
        for (open, close) in [("<h", ">"), ("</h", ">")] {
            lowered = lowered.replace(&format!("{open}{level}{close}"), &format!("{open}{}{close}", level + 1));
        }
    }
    lowered
}

#[cfg(test)]
mod tests {
    use super::lowered;

    #[test]
    fn headings_stand_below_the_title() {
        assert_eq!(lowered("<h1>a</h1><h2>b</h2><h6>c</h6>"), "<h2>a</h2><h3>b</h3><h6>c</h6>");
    }
}
