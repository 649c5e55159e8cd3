//! What every page has around it: head, skip link, header with the mark, banner of a lab, footer.
//!
//! Source: UX §3.1-3.2; WCAG 2.2 (2.4.1 skip link, 2.4.2 title, 3.1.1 language).

use crate::{assets, page::text::web_link};
use maud::{DOCTYPE, Markup, PreEscaped, html};

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
    /// The language of the page's own words.
    pub lang: &'a str,
    /// The program's version.
    pub version: &'a str,
    /// Who is signed in.
    pub viewer: Option<Viewer<'a>>,
}

/// Who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// Their name here.
    pub username: &'a str,
    /// The `authenticity_token` of their forms.
    pub form_token: &'a str,
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
    /// Where other sites learn how to embed it (oEmbed §4).
    pub embed: Option<&'a str>,
    /// Where the page goes by itself, after how many seconds; an empty address is the page itself.
    pub goes_on: Option<(u32, &'a str)>,
    /// Search engines are asked to leave it out.
    pub noindex: bool,
    /// It stands where people come in, who need no links to sign in or out beside it.
    pub entrance: bool,
}

impl<'a> Site<'a> {
    /// A path of this server for an absolute address of it; the page then works under every name it is reached by.
    #[must_use]
    pub fn path<'u>(&self, url: &'u str) -> Option<&'u str> {
        url.strip_prefix(self.origin).filter(|rest| rest.starts_with('/'))
    }

    /// `@name@domain` of a client API `acct`, which has no domain for people here.
    #[must_use]
    pub fn handle(&self, acct: &str) -> String {
        if acct.contains('@') { format!("@{acct}") } else { format!("@{acct}@{}", self.domain) }
    }
}

/// A whole document around `body`, which stands inside `main`.
#[must_use]
pub fn document(site: &Site<'_>, head: &Head<'_>, body: &Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang=(site.lang) {
            (self::head(site, head))
            body {
                a class="skip" href="#content" { "Skip to content" }
                (header(site, head.entrance))
                @if site.lab {
                    p class="lab" role="note" { strong { "Lab." } " A place for trying things out: nothing here is real." }
                }
                main id="content" tabindex="-1" { (body) }
                (footer(site))
            }
        }
    };
    whole.into_string()
}

fn head(site: &Site<'_>, head: &Head<'_>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title {
                (head.title)
                @if !head.title.is_empty() && head.title != site.title { " · " }
                @if head.title != site.title { (site.title) }
            }
            link rel="stylesheet" href=(assets::style_path());
            link rel="icon" href=(assets::ICON) type="image/svg+xml";
            link rel="icon" href=(assets::ICON_BITMAP) sizes="48x48" type="image/png";
            @if let Some(description) = head.description {
                meta name="description" content=(description);
            }
            @if let Some((seconds, address)) = head.goes_on {
                meta http-equiv="refresh" content={ (seconds) @if !address.is_empty() { "; url=" (address) } };
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
            @if let Some(embed) = head.embed.and_then(web_link) {
                link rel="alternate" type="application/json+oembed" href=(embed) title=(head.title);
            }
        }
    }
}

fn header(site: &Site<'_>, entrance: bool) -> Markup {
    html! {
        header class="top" {
            div class="wide row" {
                a class="brand" href="/" { (PreEscaped(assets::MARK)) bdi { (site.title) } }
                @if !entrance { (navigation(site)) }
            }
        }
    }
}

fn navigation(site: &Site<'_>) -> Markup {
    html! {
        nav aria-label="This server" {
            @match site.viewer {
                Some(viewer) => {
                    a href={ "/@" (viewer.username) } { "@" (viewer.username) }
                    form class="inline" method="post" action="/auth/sign_out" {
                        input type="hidden" name="authenticity_token" value=(viewer.form_token);
                        button class="quiet" type="submit" { "Sign out" }
                    }
                }
                None => a href="/auth/sign_in" { "Sign in" },
            }
        }
    }
}

fn footer(site: &Site<'_>) -> Markup {
    html! {
        footer class="bottom" {
            div class="wide row" {
                p { bdi { (site.domain) } " runs Dassie " (site.version) ", free software." }
                nav aria-label="About" {
                    a href="/about" { "About" }
                    a href="/privacy-policy" { "Privacy" }
                    a href="/about#source" { "Source code" }
                    @if site.viewer.is_some() {
                        a href="/auth/edit" { "Password" }
                        a href="/settings/aliases" { "Moving" }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Site<'_> = Site {
        title: "Rock <garden>",
        domain: "rock.test",
        origin: "https://rock.test",
        lab: true,
        lang: "en",
        version: "0.1.0",
        viewer: None,
    };

    #[test]
    fn names_are_escaped_and_the_skip_link_has_a_target() {
        let head = Head { title: "A \"b\" & <c>", canonical: Some("https://rock.test/@a"), ..Head::default() };
        let page = document(&SITE, &head, &html! { h1 { "x" } });
        assert!(page.contains("<title>A &quot;b&quot; &amp; &lt;c&gt; · Rock &lt;garden&gt;</title>"), "{page}");
        assert!(page.contains("href=\"#content\"") && page.contains("<main id=\"content\""));
        assert!(page.contains("property=\"og:title\" content=\"A &quot;b&quot; &amp; &lt;c&gt;\""));
        assert!(page.contains("class=\"lab\""));
    }

    #[test]
    fn own_addresses_become_paths_and_others_do_not() {
        assert_eq!(SITE.path("https://rock.test/@a"), Some("/@a"));
        for other in ["https://rock.test.evil/x", "https://rock.test", "http://rock.test/x", "/x"] {
            assert_eq!(SITE.path(other), None, "{other}");
        }
        assert_eq!((SITE.handle("a").as_str(), SITE.handle("b@far.test").as_str()), ("@a@rock.test", "@b@far.test"));
    }
}
