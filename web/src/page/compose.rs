//! Writing a post: one form with all there is to say of it. Each of its buttons sends the whole form, so nothing typed is
//! lost, whatever comes of it.

use super::{
    entrance::refusal,
    field::{by_enter, check, options},
    person,
    post::{self, Look},
};
use crate::{
    entity::{Language, MediaAttachment, Status},
    layout::{self, Head, Site, icon},
    words::plain,
};
use maud::{Markup, PreEscaped, html};

/// What somebody typed, as they typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The text.
    pub text: String,
    /// The warning.
    pub warning: String,
    /// Pictures are hidden at first.
    pub sensitive: bool,
    /// Who may see it: a visibility of the client API, or `local`.
    pub visibility: String,
    /// Who may quote it: `public`, `followers` or `nobody`.
    pub quote_policy: String,
    /// Who may answer it: empty for whoever sees it, `followers`, `following`, `mentioned`, or `ask` for whoever its author
    /// agrees to.
    pub may_reply: String,
    /// Its language; [`GUESS`]: the one its text looks like.
    pub language: String,
    /// When to post it, as a field for date and time says it, where whoever writes is.
    pub scheduled_at: String,
    /// Its pictures.
    pub media: Vec<TypedMedia>,
    /// Answers of a poll; empty ones count as none.
    pub options: Vec<String>,
    /// How long the poll lasts, seconds.
    pub lasts_s: i64,
    /// Several answers may be chosen.
    pub multiple: bool,
    /// Votes are shown at the end.
    pub hide_totals: bool,
    /// How a long text becomes a thread: empty for not at all, `needed` or `blank`.
    pub split: String,
    /// How the text is written, a MIME type; empty for as it is read.
    pub content_type: String,
    /// The post it answers.
    pub in_reply_to: String,
    /// The post it quotes.
    pub quoted: String,
    /// The post it replaces.
    pub edits: String,
    /// The draft it was kept as.
    pub draft: String,
    /// Sent twice, it posts once.
    pub key: String,
}

/// Stands for the language that a text looks like.
pub const GUESS: &str = "guess";

/// What somebody typed about a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedMedia {
    /// Its number.
    pub id: String,
    /// What is to be seen on it.
    pub description: String,
    /// The point to keep in view, two numbers from -1 to 1.
    pub focus: String,
}

/// What a post is about.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    /// It answers this.
    Reply(&'a Status),
    /// It quotes this.
    Quote(&'a Status),
}

/// Bounds that the form tells.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Characters of text and warning.
    pub chars: usize,
    /// Pictures of one post.
    pub media: usize,
    /// How large the files of one form may be together, in millions of bytes.
    pub upload_megabytes: u64,
    /// Characters of a description.
    pub description_chars: usize,
    /// Answers of a poll.
    pub options: usize,
    /// Characters of an answer.
    pub option_chars: usize,
}

/// The form.
#[derive(Debug, Clone, Copy)]
pub struct Compose<'a> {
    /// What was typed.
    pub typed: &'a Typed,
    /// The pictures it names that are there.
    pub media: &'a [MediaAttachment],
    /// What it is about.
    pub about: &'a [About<'a>],
    /// How it would look: sanitised HTML, of a thread each part; empty: nobody asked.
    pub preview: &'a [String],
    /// Why it was not posted.
    pub problem: Option<&'a str>,
    /// Fields that say, once it is sent again, that what was asked about is meant so.
    pub meant: &'a [&'static str],
    /// Why it was not kept as a draft, where it should have been.
    pub unkept: Option<&'a str>,
    /// Warnings that whoever writes used before.
    pub warnings: &'a [String],
    /// The language the text looks like, if it can be told.
    pub guessed: Option<&'a str>,
    /// On how many other servers those are who follow whoever writes, if they were counted.
    pub servers: Option<u64>,
    /// Languages to choose from.
    pub languages: &'a [Language],
    /// How many follow whoever writes.
    pub followers: u64,
    /// How many drafts wait.
    pub drafts: u64,
    /// The bounds.
    pub bounds: Bounds,
}

/// Who may see a post: value and message.
const AUDIENCES: [(&str, &str); 5] = [
    ("public", "compose-public"),
    ("unlisted", "compose-unlisted"),
    ("private", "compose-private"),
    ("direct", "compose-direct"),
    ("local", "compose-local"),
];
const QUOTERS: [(&str, &str); 3] = [
    ("public", "compose-quote-everybody"),
    ("followers", "compose-quote-followers"),
    ("nobody", "compose-quote-nobody"),
];
const REPLIERS: [(&str, &str); 5] = [
    ("", "compose-reply-everybody"),
    ("followers", "compose-reply-followers"),
    ("following", "compose-reply-following"),
    ("ask", "compose-reply-ask"),
    ("mentioned", "compose-reply-mentioned"),
];
/// How a text is written.
const KINDS: [(&str, &str); 2] = [("text/plain", "compose-kind-plain"), ("text/markdown", "compose-kind-markdown")];
/// What becomes of a text that is long.
const SPLITS: [(&str, &str); 3] =
    [("", "compose-split-not"), ("needed", "compose-split-needed"), ("blank", "compose-split-blank")];
/// How long a poll may last: seconds and message, the shortest first.
pub const LASTING: [(i64, &str); 6] = [
    (300, "lasts-5-minutes"),
    (3_600, "lasts-1-hour"),
    (21_600, "lasts-6-hours"),
    (86_400, "lasts-1-day"),
    (259_200, "lasts-3-days"),
    (604_800, "lasts-7-days"),
];

/// The page of the form.
#[must_use]
pub fn compose(site: &Site<'_>, page: &Compose<'_>) -> String {
    let typed = page.typed;
    let title = if typed.edits.is_empty() { site.t("nav-compose") } else { site.t("compose-edit") };
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            div class="row" {
                h1 { (title) }
                @if page.drafts > 0 { a href="/drafts" { (site.t_count("compose-drafts", page.drafts)) } }
            }
            (refusal(site, page.problem))
            @if let Some(why) = page.unkept {
                p class="notice" role="status" { (site.t_around("compose-unkept", &[("why", html! { (site.words.refusal(why)) })])) }
            }
            @for about in page.about { (shown(site, *about)) }
            (form(site, page))
            @if !page.preview.is_empty() { (previewed(site, page)) }
        }
    };
    layout::document(site, &head, &body)
}

/// What the post is about, above the form.
fn shown(site: &Site<'_>, about: About<'_>) -> Markup {
    let (key, status) = match about {
        About::Reply(status) => ("compose-answers", status),
        About::Quote(status) => ("compose-quotes", status),
    };
    html! {
        section class="about-post" {
            h2 class="small" { (site.words.around(key, None, &[("name", html! { bdi { (person::name(&status.account)) } })])) }
            (post::article(&Site { viewer: None, ..*site }, status, Look::Listed, None))
        }
    }
}

fn form(site: &Site<'_>, page: &Compose<'_>) -> Markup {
    let (typed, bounds) = (page.typed, page.bounds);
    html! {
        form class="compose sheet" method="post" action="/compose" enctype="multipart/form-data" {
            (site.form_fields())
            (by_enter("preview", &site.t("compose-preview")))
            (hidden(typed))
            @for name in page.meant { input type="hidden" name=(name) value="true"; }
            p {
                label for="spoiler_text" { (site.t("compose-warning")) }
                input id="spoiler_text" name="spoiler_text" value=(typed.warning) dir="auto" aria-describedby="warning-note"
                    list=[(!page.warnings.is_empty()).then_some("warnings")];
                @if !page.warnings.is_empty() {
                    datalist id="warnings" { @for warning in page.warnings { option value=(warning) {} } }
                }
                span class="note" id="warning-note" { (site.t("compose-warning-hint")) }
            }
            p {
                label for="status" { (site.t("compose-text")) }
                textarea id="status" name="status" rows="8" dir="auto" autofocus aria-describedby="status-note" data-chars=(bounds.chars)
                    data-camel=(site.t_with("compose-camel", &[("tag", "%")])) {
                    (in_box(&typed.text))
                }
                span class="note" id="status-note" { (site.t_count("compose-chars", bounds.chars as u64)) }
            }
            (pictures(site, page))
            @if typed.media.is_empty() { (poll(site, typed, bounds)) }
            p {
                label for="visibility" { (site.t("compose-visibility")) }
                select id="visibility" name="visibility" aria-describedby="reach" disabled[!typed.edits.is_empty()] {
                    (options(site, &AUDIENCES, &typed.visibility))
                }
            }
            (reaches(site, page))
            (further(site, page))
            p class="acts" {
                button type="submit" name="do" value="post" {
                    (site.t(match (typed.edits.is_empty(), typed.scheduled_at.is_empty()) {
                        (false, _) => "compose-save",
                        (true, true) => "compose-post",
                        (true, false) => "compose-schedule",
                    }))
                }
                button class="second" type="submit" name="do" value="preview" { (site.t("compose-preview")) }
                @if typed.edits.is_empty() {
                    button class="second" type="submit" name="do" value="draft" { (site.t("compose-keep")) }
                }
            }
        }
    }
}

/// A text as it stands in a box: the parser of HTML drops one line break at the beginning (HTML §13.1.2.5).
pub(super) fn in_box(text: &str) -> Markup {
    html! { @if text.starts_with('\n') { "\n" } (text) }
}

fn hidden(typed: &Typed) -> Markup {
    let none = String::new();
    html! {
        @for (name, value) in [
            ("in_reply_to_id", &typed.in_reply_to),
            ("quoted_status_id", &typed.quoted),
            ("edits", &typed.edits),
            ("draft", &typed.draft),
            ("key", &typed.key),
            // How a post is written that stands is no choice any more.
            ("content_type", if typed.edits.is_empty() { &none } else { &typed.content_type }),
        ] {
            @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
        }
    }
}

/// A choice among a few; one that cannot be changed any more is told all the same.
fn choice(site: &Site<'_>, name: &str, among: &[(&str, &'static str)], chosen: &str, open: bool) -> Markup {
    html! {
        select id=(name) name=(name) disabled[!open] { (options(site, among, chosen)) }
    }
}

/// Who gets it, for each choice: where the style sheet can look at the choice it shows the line of that alone, elsewhere each
/// stands behind its name, so that none says what is not so. What cannot be changed any more has one line.
fn reaches(site: &Site<'_>, page: &Compose<'_>) -> Markup {
    let typed = page.typed;
    let told = AUDIENCES.iter().filter(|(value, _)| typed.edits.is_empty() || *value == typed.visibility);
    html! {
        div class="reach note" id="reach" {
            @for (value, key) in told {
                p class={ "to-" (value) } { b { (site.words.say(key)) ": " } (reach(site, page, value)) }
            }
        }
    }
}

/// The message of who may see a post, by the value of the form.
pub(super) fn audience(value: &str) -> &'static str {
    AUDIENCES.iter().find(|(known, _)| *known == value).map_or(AUDIENCES[0].1, |(_, key)| *key)
}

/// Who gets it, in numbers.
fn reach(site: &Site<'_>, page: &Compose<'_>, visibility: &str) -> Markup {
    let key = match visibility {
        "unlisted" => "reach-unlisted",
        "private" => "reach-private",
        "direct" => "reach-direct",
        "local" => "reach-local",
        _ => "reach-public",
    };
    // What stays here, or goes to those named alone, does not go where followers are.
    let elsewhere = matches!(visibility, "" | "public" | "unlisted" | "private");
    html! {
        (site.words.around(key, Some(page.followers), &[]))
        @if let Some(servers) = page.servers.filter(|servers| elsewhere && *servers > 0) {
            " " (site.t_count("reach-servers", servers))
        }
    }
}

fn pictures(site: &Site<'_>, page: &Compose<'_>) -> Markup {
    let (typed, bounds) = (page.typed, page.bounds);
    html! {
        @if !page.media.is_empty() {
            ul class="attached" {
                @for (at, medium) in page.media.iter().enumerate() {
                    @if let Some(said) = typed.media.iter().find(|said| said.id == medium.id) {
                        li { (picture(site, at, medium, said, bounds)) }
                    }
                }
            }
        }
        @if typed.media.len() < bounds.media && typed.options.iter().all(String::is_empty) {
            p class="attach" {
                label for="file" { (site.t(if typed.media.is_empty() { "compose-picture" } else { "compose-another-picture" })) }
                input id="file" name="file" type="file" accept="image/*" multiple aria-describedby="file-note";
                span class="note" id="file-note" { (site.t_count("compose-pictures-hint", bounds.upload_megabytes)) }
                button class="second" type="submit" name="do" value="attach" { (site.t("compose-attach")) }
            }
        }
    }
}

fn picture(site: &Site<'_>, at: usize, medium: &MediaAttachment, said: &TypedMedia, bounds: Bounds) -> Markup {
    let field = |name: &str| format!("media_attributes[{at}][{name}]");
    let shown = medium.preview_url.as_deref().or(medium.url.as_deref()).and_then(|url| site.path(url));
    html! {
        input type="hidden" name="media_ids[]" value=(medium.id);
        input type="hidden" name=(field("id")) value=(medium.id);
        @match shown {
            Some(path) => img src=(path) alt=(said.description) loading="lazy";,
            None => p class="note" { (site.t("compose-picture-waits")) },
        }
        p {
            label for={ "description-" (at) } { (site.t("compose-description")) }
            textarea id={ "description-" (at) } name=(field("description")) rows="3" dir="auto"
                maxlength=(bounds.description_chars) aria-describedby={ "description-note-" (at) } { (said.description) }
            span class="note" id={ "description-note-" (at) } { (site.t("compose-description-hint")) }
        }
        details {
            summary { (site.t("compose-focus")) }
            p {
                label for={ "focus-" (at) } { (site.t("compose-focus-label")) }
                (focus(site, at, &field("focus"), &said.focus))
            }
        }
        p { button class="second" type="submit" name="remove" value=(medium.id) { (site.t("compose-remove-picture")) } }
    }
}

/// Nine places of a picture to keep in view when it is cut.
fn focus(site: &Site<'_>, at: usize, name: &str, chosen: &str) -> Markup {
    const PLACES: [(&str, &str); 9] = [
        ("0,0", "focus-middle"),
        ("0,0.8", "focus-top"),
        ("0,-0.8", "focus-bottom"),
        ("-0.8,0", "focus-left"),
        ("0.8,0", "focus-right"),
        ("-0.8,0.8", "focus-top-left"),
        ("0.8,0.8", "focus-top-right"),
        ("-0.8,-0.8", "focus-bottom-left"),
        ("0.8,-0.8", "focus-bottom-right"),
    ];
    let known = chosen.is_empty() || PLACES.iter().any(|(value, _)| *value == chosen);
    html! {
        select id={ "focus-" (at) } name=(name) {
            @if !known { option value=(chosen) selected { (chosen) } }
            @for (value, key) in PLACES { option value=(value) selected[value == chosen] { (site.words.say(key)) } }
        }
    }
}

fn poll(site: &Site<'_>, typed: &Typed, bounds: Bounds) -> Markup {
    let open = typed.options.iter().any(|option| !option.is_empty());
    html! {
        details class="part" open[open] {
            summary { (site.t("poll")) }
            fieldset {
                legend { (site.t("compose-options")) }
                @for at in 0..bounds.options {
                    p {
                        label for={ "option-" (at) } { (site.t_count("compose-option", at as u64 + 1)) }
                        input id={ "option-" (at) } name="poll[options][]" dir="auto" maxlength=(bounds.option_chars)
                            value=(typed.options.get(at).map(String::as_str).unwrap_or_default());
                    }
                }
            }
            p {
                label for="lasts" { (site.t("compose-lasts")) }
                select id="lasts" name="poll[expires_in]" {
                    @for (seconds, key) in LASTING {
                        option value=(seconds) selected[seconds == typed.lasts_s] { (site.words.say(key)) }
                    }
                }
            }
            (check(&site.t("compose-multiple"), "poll[multiple]", typed.multiple))
            (check(&site.t("compose-hide-totals"), "poll[hide_totals]", typed.hide_totals))
        }
    }
}

/// What is wanted less often.
fn further(site: &Site<'_>, page: &Compose<'_>) -> Markup {
    let typed = page.typed;
    let long = typed.text.chars().count() > page.bounds.chars;
    html! {
        details class="part" open[!typed.scheduled_at.is_empty() || !typed.split.is_empty() || long] {
            summary { (site.t("compose-further")) }
            @if typed.edits.is_empty() {
                p {
                    label for="split" { (site.t("compose-split")) }
                    select id="split" name="split" aria-describedby="split-note" { (options(site, &SPLITS, &typed.split)) }
                    span class="note" id="split-note" { (site.t("compose-split-hint")) }
                }
            }
            (check(&site.t("compose-sensitive"), "sensitive", typed.sensitive))
            @if typed.edits.is_empty() {
                p {
                    label for="content_type" { (site.t("compose-kind")) }
                    (choice(site, "content_type", &KINDS, &typed.content_type, true))
                }
            }
            p {
                label for="language-of-post" { (site.t("language")) }
                select id="language-of-post" name="language" {
                    option value=(GUESS) selected[typed.language == GUESS] { (site.t("compose-language-guess")) }
                    option value="" selected[typed.language.is_empty()] { (site.t("compose-language-unsaid")) }
                    @for language in page.languages {
                        option value=(language.code) selected[language.code == typed.language] { (language.name) }
                    }
                }
            }
            p {
                label for="may_reply" { (site.t("compose-may-reply")) }
                (choice(site, "may_reply", &REPLIERS, &typed.may_reply, true))
            }
            p {
                label for="quote_approval_policy" { (site.t("compose-may-quote")) }
                (choice(site, "quote_approval_policy", &QUOTERS, &typed.quote_policy, true))
            }
            @if typed.edits.is_empty() {
                p {
                    label for="scheduled_at" { (site.t("compose-when")) }
                    input id="scheduled_at" name="scheduled_at" type="datetime-local" value=(typed.scheduled_at)
                        aria-describedby="when-note";
                    span class="note" id="when-note" { (site.t_with("compose-when-hint", &[("zone", site.zone.name())])) }
                }
                p { a href="/scheduled" { (site.t("scheduled")) } }
            }
        }
    }
}

fn previewed(site: &Site<'_>, page: &Compose<'_>) -> Markup {
    let parts = page.preview.len();
    html! {
        section class="previews" aria-labelledby="preview" {
            h2 id="preview" { (site.t("compose-preview")) }
            @for (at, content) in page.preview.iter().enumerate() {
                div class="post preview" {
                    @if parts > 1 { p class="above" { (place(site, at + 1, parts)) } }
                    (part(page.typed, content))
                }
            }
            @for tag in run_together(&page.typed.text) {
                p class="small" { (site.t_around("compose-camel", &[("tag", html! { bdi { (tag) } })])) }
            }
            @if let Some(language) = guessed(page) {
                p class="small soft" { (site.t_around("compose-language-guessed", &[("language", html! { (language) })])) }
            }
            p class="small soft" { (reach(site, page, &page.typed.visibility)) }
        }
    }
}

/// The name of the language that the text looks like, where that is to be guessed.
fn guessed<'a>(page: &Compose<'a>) -> Option<&'a str> {
    let code = page.guessed.filter(|_| page.typed.language == GUESS)?;
    page.languages.iter().find(|language| language.code == code).map(|language| language.name)
}

/// Characters of a tag that are likely several words.
const LONG_TAG_CHARS: usize = 12;
/// Tags of one text that something is said of.
const TAGS_TOLD: usize = 3;

/// Long tags without any capital: whoever listens hears them as one word. Of letters that know no capitals nothing is
/// said.
fn run_together(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(at) = rest.find('#') {
        before = rest[..at].chars().next_back().unwrap_or(before);
        let word = &rest[at + 1..];
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
        let tag = &word[..end];
        let small = tag.chars().all(|c| !c.is_uppercase()) && tag.chars().any(char::is_lowercase);
        let long = tag.chars().count() >= LONG_TAG_CHARS && !tag.contains('_');
        if small
            && long
            && !before.is_alphanumeric()
            && before != '/'
            && before != '&'
            && !found.contains(&&rest[at..at + 1 + end])
        {
            found.push(&rest[at..at + 1 + end]);
        }
        if found.len() == TAGS_TOLD {
            break;
        }
        before = tag.chars().next_back().unwrap_or('#');
        rest = &word[end..];
    }
    found
}

/// Which part of a thread something is.
pub(super) fn place(site: &Site<'_>, at: usize, parts: usize) -> Markup {
    html! {
        span class="badge" {
            span aria-hidden="true" { (at) "/" (parts) }
            span class="unseen" {
                (site.t_with("thread-part", &[("part", &at.to_string()), ("parts", &parts.to_string())]))
            }
        }
    }
}

fn part(typed: &Typed, content: &str) -> Markup {
    let body = html! { div class="content" dir="auto" { (PreEscaped(content)) } };
    html! {
        @if typed.warning.trim().is_empty() || typed.text.trim().is_empty() {
            (body)
        } @else {
            details open {
                summary { span dir="auto" { (typed.warning) } }
                (body)
            }
        }
    }
}

/// Where the wizard ends: home, with the cursor in the box (HTML §7.4.6.4 focuses what a fragment names).
pub const BEGIN: &str = "/home#status";

/// The box above a timeline: text, audience, and the way to everything else; nothing typed there is lost on the way.
pub(super) fn quick(site: &Site<'_>, key: &str, visibility: &str) -> Markup {
    html! {
        form class="compose quick sheet" method="post" action="/compose" enctype="multipart/form-data" {
            (site.form_fields())
            input type="hidden" name="key" value=(key);
            p {
                label for="status" { (site.t("compose-text")) }
                textarea id="status" name="status" rows="3" dir="auto" {}
            }
            div class="row" {
                p {
                    label class="unseen" for="visibility" { (site.t("compose-visibility")) }
                    (choice(site, "visibility", &AUDIENCES, visibility, true))
                }
                p class="acts" {
                    button class="second" type="submit" name="do" value="open" { (site.t("compose-more")) } " "
                    button type="submit" name="do" value="post" { (icon("pen")) (site.t("compose-post")) }
                }
            }
        }
    }
}

/// A draft in the list of them.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its number.
    pub id: String,
    /// Its text, or its warning.
    pub text: String,
    /// When it was kept.
    pub kept_at: String,
}

/// The list of drafts.
#[must_use]
pub fn drafts(site: &Site<'_>, drafts: &[Draft]) -> String {
    let title = site.t("drafts");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @if drafts.is_empty() { p class="empty sheet" { (site.t("drafts-empty")) } }
            ul class="posts" {
                @for draft in drafts {
                    li class="post" {
                        p dir="auto" { (super::text::excerpt(&plain(&draft.text).into_string(), 240)) }
                        p class="foot" { (super::text::moment(site, &draft.kept_at)) }
                        form class="acts" method="post" action={ "/drafts/" (draft.id) "/delete" } {
                            (site.form_fields())
                            a class="button" href={ "/compose?draft=" (draft.id) } { (site.t("drafts-open")) }
                            button class="second" type="submit" { (site.t("act-delete")) }
                        }
                    }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tags_without_capitals_are_told_once() {
        let text = "#eveningsunonrock (#eveningsunonrock) #EveningSunOnRock #rock #evening_sun_on_rock #晩の太陽の上の岩の上の太陽";
        assert_eq!(run_together(text), ["#eveningsunonrock"]);
        assert_eq!(run_together("see https://a.test/#averylongplace and a#averylongplace"), Vec::<&str>::new());
        assert_eq!(run_together("#averylongtagone\n#averylongtagtwo"), ["#averylongtagone", "#averylongtagtwo"]);
        assert_eq!(run_together("#"), Vec::<&str>::new());
    }
}
