//! Emoji of this server's own: all of them, adding one, bringing one here from another server, changing one.

use super::{page, save};
use crate::{
    entity::CustomEmoji,
    layout::{self, Head, Site},
    page::{
        entrance::refusal,
        field::{Line, line, tick},
        text::moment,
    },
};
use maud::{Markup, html};

/// Where they are looked after.
pub const PATH: &str = "/admin/emoji";

/// How much each field takes.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Characters of a shortcode.
    pub shortcode: usize,
    /// Characters of a category.
    pub category: usize,
    /// Bytes of a picture.
    pub picture: usize,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Row {
    /// The emoji.
    pub emoji: CustomEmoji,
    /// It may be used.
    pub enabled: bool,
}

/// One of another server.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// The emoji.
    pub emoji: CustomEmoji,
    /// Its server.
    pub domain: String,
    /// There is one of this name here.
    pub taken: bool,
}

/// A post whose emoji may be brought here.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// Its number.
    pub id: &'a str,
    /// Emoji of other servers on it.
    pub found: &'a [Elsewhere],
}

/// What was typed and comes back.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The shortcode.
    pub shortcode: String,
    /// The category.
    pub category: String,
    /// The server an emoji is to be brought from.
    pub domain: String,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct All<'a> {
    /// Those of this page, in the order of their shortcodes.
    pub rows: &'a [Row],
    /// How many there are.
    pub count: u64,
    /// The page is not the first.
    pub goes_on: bool,
    /// Where the next page begins: behind this shortcode.
    pub after: Option<&'a str>,
    /// Categories there are.
    pub categories: &'a [String],
    /// A post whose emoji may be brought here.
    pub post: Option<Post<'a>>,
    /// What was typed.
    pub typed: &'a Typed,
    /// How much each field takes.
    pub bounds: Bounds,
    /// Why something was refused.
    pub problem: Option<&'a str>,
}

/// All of them.
#[must_use]
pub fn all(site: &Site<'_>, shown: &All<'_>) -> String {
    let body = html! {
        p { (site.t("emoji-says")) }
        @if let Some(post) = shown.post { (on_post(site, post)) }
        section {
            h2 { (site.t("emoji-add-title")) }
            (add(site, shown))
        }
        section {
            h2 { (site.t("emoji-bring-title")) }
            (bring(site, shown))
        }
        section {
            h2 { (site.t_count("emoji-count", shown.count)) }
            @if shown.rows.is_empty() {
                p class="empty sheet" { (site.t("emoji-none")) }
            } @else {
                ul class="rows" { @for row in shown.rows { li { (listed(site, row)) } } }
            }
            @if shown.goes_on || shown.after.is_some() {
                nav class="pager" aria-label=(site.t("emoji-further")) {
                    @if shown.goes_on { a href=(PATH) rel="prev" { (site.t("emoji-first")) } }
                    @if let Some(after) = shown.after {
                        a class="older" href={ (PATH) "?after=" (after) } rel="next" { (site.t("emoji-further")) }
                    }
                }
            }
        }
    };
    page(site, "settings-emoji", shown.problem, &body)
}

fn add(site: &Site<'_>, shown: &All<'_>) -> Markup {
    let kib = (shown.bounds.picture / 1024).to_string();
    html! {
        form class="sheet" method="post" action=(PATH) enctype="multipart/form-data" {
            (site.form_fields())
            p {
                label for="image" { (site.t("emoji-picture")) }
                input id="image" name="image" type="file" accept="image/png,image/gif,image/webp,image/jpeg" required
                    aria-describedby="image-note";
                span class="note" id="image-note" { (site.t_with("emoji-picture-hint", &[("size", kib.as_str())])) }
            }
            (line(site, Line {
                name: "shortcode", label: "emoji-name", value: &shown.typed.shortcode, note: Some("emoji-name-hint"),
                example: Some("dassie"), most: Some(shown.bounds.shortcode), technical: true, required: true,
            }))
            p {
                label for="category" { (site.t("emoji-category")) }
                input id="category" name="category" value=(shown.typed.category) maxlength=(shown.bounds.category) dir="auto"
                    autocomplete="off" list="categories" aria-describedby="category-note";
                span class="note" id="category-note" { (site.t("emoji-category-hint")) }
                datalist id="categories" { @for category in shown.categories { option value=(category) {} } }
            }
            p class="acts" { button type="submit" name="do" value="add" { (site.t("emoji-add")) } }
        }
    }
}

fn bring(site: &Site<'_>, shown: &All<'_>) -> Markup {
    html! {
        p { (site.t("emoji-bring-says")) }
        form class="sheet" method="post" action=(PATH) {
            (site.form_fields())
            p {
                label for="theirs" { (site.t("emoji-name")) }
                input id="theirs" name="shortcode" value=(shown.typed.shortcode) autocapitalize="none" spellcheck="false"
                    autocomplete="off" required;
            }
            (line(site, Line {
                name: "domain", label: "emoji-domain", value: &shown.typed.domain, example: Some("far.example"),
                technical: true, required: true, ..Line::default()
            }))
            p class="acts" { button class="second" type="submit" name="do" value="bring" { (site.t("emoji-bring")) } }
        }
    }
}

/// What may be brought from a post, a form each.
fn on_post(site: &Site<'_>, post: Post<'_>) -> Markup {
    html! {
        section {
            h2 { (site.t("emoji-on-post")) }
            @if post.found.is_empty() { p class="empty sheet" { (site.t("emoji-on-post-none")) } }
            ul class="rows" {
                @for one in post.found {
                    li {
                        div {
                            (picture(site, &one.emoji)) " "
                            code { bdi { ":" (one.emoji.shortcode) ":" } } " "
                            span class="note" { bdi { (one.domain) } }
                        }
                        @if one.taken {
                            span class="note" { (site.t("emoji-taken")) }
                        } @else {
                            form method="post" action=(PATH) {
                                (site.form_fields())
                                input type="hidden" name="post" value=(post.id);
                                input type="hidden" name="shortcode" value=(one.emoji.shortcode);
                                input type="hidden" name="domain" value=(one.domain);
                                button class="second" type="submit" name="do" value="bring" {
                                    (site.t("emoji-bring")) span class="unseen" { " " bdi { ":" (one.emoji.shortcode) ":" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn listed(site: &Site<'_>, row: &Row) -> Markup {
    let emoji = &row.emoji;
    html! {
        div {
            (picture(site, emoji)) " "
            a href={ (PATH) "/" (emoji.shortcode) } { code { bdi { ":" (emoji.shortcode) ":" } } }
            @if let Some(category) = &emoji.category { " " span class="note" { bdi { (category) } } }
            @if !emoji.visible_in_picker { " " span class="badge" { (site.t("emoji-hidden")) } }
            @if !row.enabled { " " span class="badge" { (site.t("emoji-disabled")) } }
        }
    }
}

/// As it stands still, large enough to be looked at.
fn picture(site: &Site<'_>, emoji: &CustomEmoji) -> Markup {
    let named = format!(":{}:", emoji.shortcode);
    html! {
        @if let Some(path) = site.path(&emoji.static_url) {
            img class="emoji large" src=(path) alt=(named) width="40" height="40" loading="lazy" decoding="async";
        }
    }
}

/// One emoji, to be changed.
#[derive(Debug, Clone, Copy)]
pub struct One<'a> {
    /// The emoji.
    pub row: &'a Row,
    /// When it was made.
    pub made: &'a str,
    /// Categories there are.
    pub categories: &'a [String],
    /// How much each field takes.
    pub bounds: Bounds,
    /// Why something was refused.
    pub problem: Option<&'a str>,
}

/// The page of one.
#[must_use]
pub fn one(site: &Site<'_>, shown: &One<'_>) -> String {
    let emoji = &shown.row.emoji;
    let (title, path) = (format!(":{}:", emoji.shortcode), format!("{PATH}/{}", emoji.shortcode));
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let category = emoji.category.as_deref().unwrap_or_default();
    let body = html! {
        div class="narrow" {
            p class="small" { a href=(PATH) { (site.t("emoji-back")) } }
            h1 { bdi { (title) } }
            (refusal(site, shown.problem))
            p {
                // It moves only for whoever wants to see that.
                @match site.path(&emoji.url).filter(|_| emoji.url != emoji.static_url) {
                    Some(path) => a href=(path) { (picture(site, emoji)) },
                    None => (picture(site, emoji)),
                }
            }
            p class="note" { (site.t_around("emoji-made", &[("time", moment(site, shown.made))])) }
            form class="sheet" method="post" action=(path) {
                (site.form_fields())
                p {
                    label for="category" { (site.t("emoji-category")) }
                    input id="category" name="category" value=(category) maxlength=(shown.bounds.category) dir="auto"
                        autocomplete="off" list="categories";
                    datalist id="categories" { @for category in shown.categories { option value=(category) {} } }
                }
                (tick(site, "in_picker", "emoji-in-picker", Some("emoji-in-picker-hint"), emoji.visible_in_picker))
                (tick(site, "enabled", "emoji-enabled", Some("emoji-enabled-hint"), shown.row.enabled))
                (save(site))
            }
            p class="acts" { a class="button second" href={ (path) "/delete" } { (site.t("emoji-remove")) } }
        }
    };
    layout::document(site, &head, &body)
}
