//! What somebody recommends on their profile: tags, people, collections of people.

use super::{person, search::url_query};
use crate::{
    entity::{CollectionWithAccounts, FeaturedTag, SharedAccount},
    layout::Site,
};
use maud::{Markup, html};
use std::sync::Arc;

/// What is recommended.
#[derive(Debug, Clone, Copy)]
pub struct Featured<'a> {
    /// Tags, with how often their owner used them.
    pub tags: &'a [FeaturedTag],
    /// People.
    pub people: &'a [Arc<SharedAccount>],
    /// Collections; of each, its owner is the first of its accounts.
    pub collections: &'a [CollectionWithAccounts],
}

/// All of it; in words if there is nothing.
pub(super) fn featured(site: &Site<'_>, page: &Featured<'_>) -> Markup {
    html! {
        @if page.tags.is_empty() && page.people.is_empty() && page.collections.is_empty() {
            p class="empty sheet" { (site.t("featured-empty")) }
        }
        @if !page.tags.is_empty() {
            h2 { (site.t("tab-tags")) }
            ul class="cloud" {
                @for tag in page.tags {
                    li {
                        a href={ "/tags/" (url_query(&tag.name)) } { "#" bdi { (tag.name) } }
                        @if let Some(count) = tag.statuses_count.parse().ok().filter(|count| *count > 0) {
                            span class="note" { (site.t_count("away-posts", count)) }
                        }
                    }
                }
            }
        }
        @if !page.people.is_empty() {
            h2 { (site.t("featured-people")) }
            (cards(site, page.people))
        }
        @for shown in page.collections {
            section class="part" aria-labelledby={ "collection-" (shown.collection.id) } {
                h2 id={ "collection-" (shown.collection.id) } dir="auto" { (shown.collection.name) }
                @if !shown.collection.description.is_empty() { p dir="auto" { (shown.collection.description) } }
                @let members = shown.accounts.get(1..).unwrap_or_default();
                @if shown.collection.sensitive {
                    details { summary { (site.t("featured-sensitive")) } (cards(site, members)) }
                } @else {
                    (cards(site, members))
                }
            }
        }
    }
}

fn cards(site: &Site<'_>, people: &[Arc<SharedAccount>]) -> Markup {
    html! {
        ul class="posts" { @for account in people { li class="sheet" { (person::card(site, account, None)) } } }
    }
}
