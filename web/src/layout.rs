//! What every page has around it: head, skip links, header with the mark, the way to all pages for whoever is signed in,
//! banner of a lab, footer.
//!
//! Source: UX §3.1-3.2; WCAG 2.2 (2.4.1 skip link, 2.4.2 title, 3.1.1 language).

use crate::{
    accent::{self, Colour},
    assets,
    feed::Spelling,
    page::{installed, text::web_link},
    theme::Theme,
    words::Words,
    zone::Zone,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::{borrow::Cow, collections::BTreeMap};

/// The server whose page it is, and who looks.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// What the server calls itself.
    pub title: &'a str,
    /// The domain of its handles.
    pub domain: &'a str,
    /// Scheme and authority, without a slash at the end.
    pub origin: &'a str,
    /// Whether it serves a lab, whose posts are not real.
    pub lab: bool,
    /// Whoever runs it has said where it is, so that no page gives it another name.
    pub named: bool,
    /// The language of the page's own words.
    pub words: Words,
    /// The program's version.
    pub version: &'a str,
    /// Who is signed in.
    pub viewer: Option<Viewer<'a>>,
    /// The time in seconds since 1970, where times may be told as they pass; `None`: the page may be kept.
    pub now: Option<i64>,
    /// The zone in which times are told.
    pub zone: &'a Zone,
    /// Path and query of the page itself; empty where nothing leads back to it.
    pub at: &'a str,
    /// The message of what was just done.
    pub notice: Option<&'a str>,
    /// The accent colour that was chosen for this server.
    pub accent: Option<Colour>,
    /// Whoever looks has a slow or dear line: pictures are links, faces and previews are left out.
    pub light: bool,
    /// The colours that whoever looks has chosen.
    pub theme: Theme,
}

/// Who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// Their number.
    pub id: &'a str,
    /// Their name here.
    pub username: &'a str,
    /// The `authenticity_token` of their forms.
    pub form_token: &'a str,
    /// Notifications they have not seen, counted up to a bound.
    pub unread: u64,
    /// How they read.
    pub reading: Reading,
    /// They own the server.
    pub owns: bool,
    /// How what they send is stored at the moment.
    pub storing: Storing,
}

/// Where a page goes by itself. It has a link to there as well.
#[derive(Debug, Clone, Copy)]
pub enum GoesOn<'a> {
    /// For everybody.
    AtOnce(&'a str),
    /// Where scripts run; others may take longer to read it (WCAG 2.2.1).
    Later {
        /// After how many.
        seconds: u32,
        /// Where; the page itself, if it is empty.
        address: &'a str,
    },
}

impl GoesOn<'_> {
    /// The page itself, once what it waits for has most likely come.
    pub const AGAIN: GoesOn<'static> = GoesOn::Later { seconds: 2, address: "" };
}

/// How what somebody sends is stored at the moment; reading and searching work in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Storing {
    /// As always.
    #[default]
    Works,
    /// It takes noticeably longer than usual.
    Slow,
    /// The disk does not answer: it waits.
    Stalled,
    /// There is no room: only deleting works.
    Full,
    /// Not at all until the server is started anew.
    ReadOnly,
}

impl Storing {
    /// The messages of the banner: what is so, and what works meanwhile.
    fn banner(self) -> Option<(&'static str, &'static str)> {
        match self {
            Storing::Works => None,
            Storing::Slow => Some(("disk-slow-name", "disk-slow-says")),
            Storing::Stalled => Some(("disk-stalled-name", "disk-stalled-says")),
            Storing::Full => Some(("disk-full-name", "disk-full-says")),
            Storing::ReadOnly => Some(("read-only-name", "read-only-says")),
        }
    }
}

/// How somebody reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reading {
    /// What stands behind a warning is shown at once.
    pub opens_warnings: bool,
    /// Which pictures are shown at once.
    pub pictures: Pictures,
    /// Single keys do nothing.
    pub keys_off: bool,
}

/// Which pictures are shown at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pictures {
    /// Those that nobody marked as sensitive.
    #[default]
    Unmarked,
    /// All.
    All,
    /// None.
    None,
}

/// What the head of a page says beside its title.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    /// The title; the server's name is added.
    pub title: &'a str,
    /// One sentence for previews.
    pub description: Option<&'a str>,
    /// The one address of this page; with it come the OpenGraph properties.
    pub canonical: Option<&'a str>,
    /// What it is (Open Graph protocol, `og:type`): `website`, `profile` or `article`.
    pub kind: Option<&'static str>,
    /// A picture for previews, an absolute address.
    pub image: Option<&'a str>,
    /// The ActivityPub document of the same thing (ActivityPub §3.2).
    pub activity: Option<&'a str>,
    /// The same posts for feed readers are at this address with an ending.
    pub feeds: Option<&'a str>,
    /// Where other sites learn how to embed it (oEmbed §4).
    pub embed: Option<&'a str>,
    /// Where the page goes by itself.
    pub goes_on: Option<GoesOn<'a>>,
    /// The same as data for machines (JSON-LD), as [`data`] writes it.
    pub data: Option<&'a str>,
    /// Search engines are asked to leave it out.
    pub noindex: bool,
    /// It stands where people come in, who need no links to sign in or out beside it.
    pub entrance: bool,
    /// The script has something to do on it, also for guests.
    pub scripted: bool,
}

impl<'a> Site<'a> {
    /// A path of this server for an absolute address of it; the page then works under every name it is reached by. None
    /// where browsers would read what is left as an address of another server.
    #[must_use]
    pub fn path<'u>(&self, url: &'u str) -> Option<&'u str> {
        let rest = url.strip_prefix(self.origin)?;
        let path = rest.strip_prefix('/')?;
        let leads_away = path.starts_with(['/', '\\']) || path.contains(|c: char| c.is_ascii_control());
        (!leads_away).then_some(rest)
    }

    /// `@name@domain` of a client API `acct`, which has no domain for people here.
    #[must_use]
    pub fn handle(&self, acct: &str) -> String {
        if acct.contains('@') { format!("@{acct}") } else { format!("@{acct}@{}", self.domain) }
    }

    /// Whether it is a try-out that only its own machine can reach (DESIGN §8), and that may get a name.
    pub(crate) fn is_try_out(&self) -> bool {
        let host = self.origin.strip_prefix("http://").map(|rest| rest.split(':').next().unwrap_or_default());
        !self.lab && !self.named && host.is_some_and(|host| host == "localhost" || host.ends_with(".localhost"))
    }

    /// How whoever looks reads; guests as everybody does who has not chosen.
    pub(crate) fn reading(&self) -> Reading {
        self.viewer.map(|viewer| viewer.reading).unwrap_or_default()
    }

    /// A message without variables.
    #[must_use]
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.words.say(key)
    }

    /// A message about a number.
    #[must_use]
    pub fn t_count(&self, key: &str, count: u64) -> Cow<'static, str> {
        self.words.count(key, count)
    }

    /// A message with texts in it, for titles and attributes.
    #[must_use]
    pub fn t_with(&self, key: &str, texts: &[(&'static str, &str)]) -> Cow<'static, str> {
        self.words.with(key, texts)
    }

    /// A message with elements in it.
    #[must_use]
    pub fn t_around(&self, key: &str, elements: &[(&'static str, Markup)]) -> Markup {
        self.words.around(key, None, elements)
    }

    /// The fields that every form of whoever is signed in carries: its token, and where to go afterwards.
    #[must_use]
    pub fn form_fields(&self) -> Markup {
        html! {
            @if let Some(viewer) = self.viewer {
                input type="hidden" name="authenticity_token" value=(viewer.form_token);
            }
            @if !self.at.is_empty() { input type="hidden" name="return_to" value=(self.at); }
        }
    }
}

/// The id of the form that the small buttons of a page belong to: each is named for what it does, its value is to what.
pub(crate) const ACTS: &str = "acts";

/// A picture of the sprite that pages for people who are signed in begin with.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg class="i" aria-hidden="true" { use href={ "#i-" (name) } {} } }
}

/// Data as it may stand in a document: nothing in it can end the element it stands in.
#[must_use]
pub fn data(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A whole document around `body`, which stands inside `main`.
#[must_use]
pub fn document(site: &Site<'_>, head: &Head<'_>, body: &Markup) -> String {
    let inside = site.viewer.filter(|_| !head.entrance);
    let whole = html! {
        (DOCTYPE)
        html lang=(site.words.tag()) dir=[site.words.dir()]
            data-theme=[(site.theme != Theme::System).then(|| site.theme.word())] {
            (self::head(site, head, inside.is_some()))
            body class=[inside.map(|_| "inside")] data-own=[inside.map(|viewer| viewer.id)] data-done=[site.notice.map(|_| "1")]
                data-after=[later(head).map(|(seconds, _)| seconds)] data-to=[later(head).map(|(_, address)| address)]
                data-say=[inside.map(|_| script_words(site))] data-keys=[inside.filter(|viewer| viewer.reading.keys_off).map(|_| "off")] {
                a class="skip" href="#content" { (site.t("skip-to-content")) } " "
                @if inside.is_some() { a class="skip" href="#ways" { (site.t("skip-to-navigation")) } }
                (header(site, head.entrance))
                @if site.lab {
                    p class="lab" role="note" { strong { (site.t("lab-name")) } " " (site.t("lab-says")) }
                }
                @if site.is_try_out() { (try_out(site)) }
                @if let Some((name, says)) = site.viewer.and_then(|viewer| viewer.storing.banner()) {
                    p class="lab" role="note" { strong { (site.words.say(name)) } " " (site.words.say(says)) }
                }
                @match inside {
                    Some(viewer) => {
                        (PreEscaped(assets::ICONS))
                        form id=(ACTS) method="post" action="/act" { (site.form_fields()) }
                        div class="frame" {
                            (ways(site, viewer))
                            main id="content" tabindex="-1" { (notice(site)) (body) }
                        }
                    }
                    None => main id="content" tabindex="-1" { (body) },
                }
                (footer(site))
            }
        }
    };
    whole.into_string()
}

/// Only this machine can reach it; the owner is led to where it gets a name.
fn try_out(site: &Site<'_>) -> Markup {
    html! {
        p class="lab" role="note" {
            strong { (site.t("try-out-name")) } " " (site.t("try-out-says"))
            @if site.viewer.is_some_and(|viewer| viewer.owns) { " " a href="/settings/name" { (site.t("try-out-way")) } }
        }
    }
}

/// The words of what the script alone draws, as JSON.
fn script_words(site: &Site<'_>) -> String {
    const WORDS: [(&str, &str); 5] = [
        ("close", "script-close"),
        ("previous", "script-previous"),
        ("next", "script-next"),
        ("picture", "script-picture"),
        ("suggestions", "script-suggestions"),
    ];
    let said: BTreeMap<_, _> = WORDS.into_iter().map(|(name, key)| (name, site.words.say(key))).collect();
    serde_json::json!(said).to_string()
}

/// What was just done, in one sentence.
fn notice(site: &Site<'_>) -> Markup {
    html! {
        @if let Some(key) = site.notice.filter(|key| site.words.has(key)) {
            p class="notice" role="status" { (site.words.say(key)) }
        }
    }
}

fn head(site: &Site<'_>, head: &Head<'_>, inside: bool) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content=(site.theme.scheme());
            title {
                @if let Some(viewer) = site.viewer.filter(|viewer| viewer.unread > 0 && !head.entrance) { "(" (viewer.unread) ") " }
                (head.title)
                @if !head.title.is_empty() && head.title != site.title { " · " }
                @if head.title != site.title { (site.title) }
            }
            link rel="stylesheet" href=(assets::style_path_of(site.theme));
            @if let Some(accent) = site.accent { link rel="stylesheet" href=(accent::path(accent, site.theme)); }
            meta name="theme-color" content={ "#" (accent::bar(site.accent)) };
            @if inside || head.scripted || later(head).is_some() { script src=(assets::script_path()) defer {} }
            link rel="icon" href=(assets::ICON) type="image/svg+xml";
            link rel="manifest" href=(installed::PATH);
            link rel="apple-touch-icon" href=(assets::ICON_LARGE);
            link rel="icon" href=(assets::ICON_BITMAP) sizes="48x48" type="image/png";
            @if let Some(description) = head.description {
                meta name="description" content=(description);
            }
            @if let Some(GoesOn::AtOnce(address)) = head.goes_on {
                meta http-equiv="refresh" content={ "0; url=" (address) };
            }
            @if head.noindex {
                meta name="robots" content="noindex, noarchive";
            }
            @if let Some(canonical) = head.canonical.and_then(web_link) {
                link rel="canonical" href=(canonical);
                meta property="og:url" content=(canonical);
                meta property="og:site_name" content=(site.title);
                meta property="og:type" content=(head.kind.unwrap_or("website"));
                meta property="og:title" content=(head.title);
                @if let Some(description) = head.description {
                    meta property="og:description" content=(description);
                }
                @if let Some(image) = head.image {
                    meta property="og:image" content=(image);
                    meta name="twitter:card" content="summary";
                }
            }
            @if let Some(activity) = head.activity.and_then(web_link) {
                link rel="alternate" type="application/activity+json" href=(activity);
            }
            @if let Some(page) = head.feeds.and_then(web_link) {
                @for spelling in Spelling::ALL {
                    link rel="alternate" type=(spelling.kind()) href={ (page) (spelling.ending()) } title=(head.title);
                }
            }
            @if let Some(data) = head.data { script type="application/ld+json" { (PreEscaped(data)) } }
            @if let Some(embed) = head.embed.and_then(web_link) {
                link rel="alternate" type="application/json+oembed" href=(embed) title=(head.title);
            }
        }
    }
}

/// Where the script goes on, and after how many seconds.
fn later<'a>(head: &Head<'a>) -> Option<(u32, &'a str)> {
    match head.goes_on {
        Some(GoesOn::Later { seconds, address }) => Some((seconds, address)),
        Some(GoesOn::AtOnce(_)) | None => None,
    }
}

fn header(site: &Site<'_>, entrance: bool) -> Markup {
    html! {
        header class="top" {
            div class="wide row" {
                a class="brand" href="/" { (PreEscaped(assets::MARK)) bdi { (site.title) } } " "
                @if !entrance { (entries(site)) }
            }
        }
    }
}

/// Whose page it is, the way in and the way out.
fn entries(site: &Site<'_>) -> Markup {
    html! {
        nav aria-label=(site.t("nav-server")) {
            @match site.viewer {
                Some(viewer) => {
                    a href={ "/@" (viewer.username) } { "@" (viewer.username) } " "
                    form class="inline" method="post" action="/auth/sign_out" {
                        input type="hidden" name="authenticity_token" value=(viewer.form_token);
                        button class="quiet" type="submit" { (site.t("sign-out")) }
                    }
                }
                None => a href="/auth/sign_in" { (site.t("sign-in")) },
            }
        }
    }
}

/// Where whoever is signed in can go: path, icon, message; the first ones stay in reach of a thumb on a phone.
const WAYS: [(&str, &str, &str, Reach); 11] = [
    ("/home", "home", "nav-home", Reach::Thumb),
    ("/notifications", "bell", "nav-notifications", Reach::Thumb),
    ("/compose", "pen", "nav-compose", Reach::Thumb),
    ("/search", "search", "nav-search", Reach::Thumb),
    ("/messages", "mail", "nav-messages", Reach::Menu),
    ("/explore", "explore", "nav-explore", Reach::Menu),
    ("/bookmarks", "bookmark", "nav-bookmarks", Reach::Menu),
    ("/favourites", "star", "nav-favourites", Reach::Menu),
    ("/lists", "list", "nav-lists", Reach::Menu),
    ("/settings", "gear", "nav-settings", Reach::Menu),
    ("/menu", "menu", "nav-menu", Reach::Phone),
];

/// Where a way is shown: in a narrow window only the nearest stand in the bar, the rest on the page of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Thumb,
    Menu,
    Phone,
}

fn ways(site: &Site<'_>, viewer: Viewer<'_>) -> Markup {
    html! {
        nav id="ways" class="ways" tabindex="-1" aria-label=(site.t("nav-main")) {
            ul {
                @for (path, picture, key, reach) in WAYS {
                    li class=[match reach { Reach::Thumb => None, Reach::Menu => Some("menu"), Reach::Phone => Some("phone") }] {
                        (way(site, viewer, path, picture, key))
                    }
                }
            }
        }
    }
}

fn way(site: &Site<'_>, viewer: Viewer<'_>, path: &str, picture: &str, key: &str) -> Markup {
    let here = site.at.split(['?', '#']).next().unwrap_or_default();
    let inside = here == path || here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    html! {
        a href=(path) aria-current=[inside.then_some("page")] {
            (icon(picture))
            span { (site.words.say(key)) }
            @if path == "/notifications" && viewer.unread > 0 {
                span class="count" {
                    (viewer.unread)
                    span class="unseen" { " " (site.t("nav-unread")) }
                }
            }
        }
    }
}

/// All ways, as a page for narrow windows.
pub(crate) fn menu(site: &Site<'_>) -> Markup {
    html! {
        @if let Some(viewer) = site.viewer {
            ul class="all-ways" {
                @for (path, picture, key, _) in WAYS.iter().filter(|(.., reach)| *reach != Reach::Phone) {
                    li { (way(site, viewer, path, picture, key)) }
                }
            }
        }
    }
}

fn footer(site: &Site<'_>) -> Markup {
    html! {
        footer class="bottom" {
            div class="wide row" {
                p {
                    (site.t_around("footer-runs", &[("domain", html! { bdi { (site.domain) } }), ("version", html! { (site.version) })]))
                }
                nav aria-label=(site.t("nav-about")) {
                    a href="/about" { (site.t("about")) } " "
                    a href="/privacy-policy" { (site.t("privacy")) } " "
                    a href="/about#source" { (site.t("source-code")) } " "
                    a href="/language" { (site.t("language")) }
                    @if site.viewer.is_some() {
                        " " a href="/auth/edit" { (site.t("password")) } " "
                        a href="/settings/aliases" { (site.t("moving")) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Viewer<'static> = Viewer {
        id: "1",
        username: "ada",
        form_token: "t",
        unread: 0,
        reading: Reading { opens_warnings: false, pictures: Pictures::Unmarked, keys_off: false },
        owns: false,
        storing: Storing::Works,
    };

    fn site() -> Site<'static> {
        Site {
            title: "Rock <garden>",
            domain: "rock.test",
            origin: "https://rock.test",
            lab: true,
            named: false,
            words: Words::default(),
            version: "0.1.0",
            viewer: None,
            now: None,
            zone: Zone::UTC,
            at: "",
            notice: None,
            accent: None,
            light: false,
            theme: Theme::System,
        }
    }

    #[test]
    fn names_are_escaped_and_the_skip_link_has_a_target() {
        let head = Head { title: "A \"b\" & <c>", canonical: Some("https://rock.test/@a"), ..Head::default() };
        let page = document(&site(), &head, &html! { h1 { "x" } });
        assert!(page.contains("<title>A &quot;b&quot; &amp; &lt;c&gt; · Rock &lt;garden&gt;</title>"), "{page}");
        assert!(page.contains("href=\"#content\"") && page.contains("<main id=\"content\""));
        assert!(page.contains("property=\"og:title\" content=\"A &quot;b&quot; &amp; &lt;c&gt;\""));
        assert!(page.contains("class=\"lab\""));
    }

    #[test]
    fn whoever_is_signed_in_sees_all_ways_where_they_are_and_what_waits() {
        let viewer = Viewer { unread: 3, ..ADA };
        let site = Site { viewer: Some(viewer), at: "/notifications/mentions?x=1", ..site() };
        let page = document(&site, &Head { title: "x", ..Head::default() }, &html! { h1 { "x" } });
        assert!(page.contains("<a href=\"/notifications\" aria-current=\"page\">"), "{page}");
        assert_eq!(page.matches("aria-current").count(), 1);
        assert!(page.contains("<title>(3) x"), "{page}");
        for path in ["/home", "/compose", "/settings", "/lists"] {
            assert!(page.contains(&format!("<a href=\"{path}\">")), "{path}");
        }
    }

    #[test]
    fn a_try_out_leads_its_owner_alone_to_where_it_gets_a_name() {
        for owns in [true, false] {
            let viewer = Viewer { owns, ..ADA };
            let site = Site { viewer: Some(viewer), origin: "http://localhost:8080", lab: false, ..site() };
            let page = document(&site, &Head { title: "x", ..Head::default() }, &html! { h1 { "x" } });
            assert_eq!(page.contains("href=\"/settings/name\""), owns, "{page}");
            let page = document(&Site { named: true, ..site }, &Head::default(), &html! { h1 { "x" } });
            assert!(!page.contains("href=\"/settings/name\"") && !page.contains("class=\"lab\""), "{page}");
        }
    }

    #[test]
    fn whoever_is_signed_in_is_told_when_storing_waits_and_what_works_meanwhile() {
        let of = |storing, words| {
            let site = Site { viewer: Some(Viewer { storing, ..ADA }), lab: false, words, ..site() };
            document(&site, &Head { title: "x", ..Head::default() }, &html! { h1 { "x" } })
        };
        for tag in ["en", "de", "es", "ar"] {
            let words = Words::in_language(tag).expect("a catalogue");
            assert!(!of(Storing::Works, words).contains("role=\"note\""), "{tag}");
            for storing in [Storing::Slow, Storing::Stalled, Storing::Full, Storing::ReadOnly] {
                assert_eq!(of(storing, words).matches("role=\"note\"").count(), 1, "{tag} {storing:?}");
            }
        }
        for storing in [Storing::Slow, Storing::Stalled, Storing::Full, Storing::ReadOnly] {
            let page = of(storing, Words::default());
            assert!(page.contains("eading") && page.contains("searching"), "{storing:?}: {page}");
        }
    }

    #[test]
    fn a_page_in_arabic_says_which_way_it_is_read() {
        let site = Site { words: Words::in_language("ar").expect("a catalogue"), ..site() };
        let page = document(&site, &Head::default(), &html! { h1 { "x" } });
        assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"), "{page}");
    }

    #[test]
    fn only_messages_of_the_catalogue_are_shown_as_notices() {
        let site = Site { viewer: Some(ADA), notice: Some("You won"), ..site() };
        let page = document(&site, &Head::default(), &html! { h1 { "x" } });
        assert!(!page.contains("You won") && !page.contains("role=\"status\""), "{page}");
    }

    #[test]
    fn own_addresses_become_paths_and_others_do_not() {
        let site = site();
        assert_eq!(site.path("https://rock.test/@a"), Some("/@a"));
        for other in ["https://rock.test.evil/x", "https://rock.test", "http://rock.test/x", "/x"] {
            assert_eq!(site.path(other), None, "{other}");
        }
        assert_eq!((site.handle("a").as_str(), site.handle("b@far.test").as_str()), ("@a@rock.test", "@b@far.test"));
    }
}
