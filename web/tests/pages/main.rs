//! Every page with realistic and with hostile data: what the markup may never hold, and what it must. The pages are
//! left in `target/screens/gallery` to be looked at.

mod client;
mod entering;
mod inside;
mod lab;
mod posts;
mod settings;

use lab::{HOSTILE, account, ada, alone, answer, deep, instance, posts, signed_in, site, status};
use quick_xml::events::Event;
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use web::{
    assets,
    entity::{Account, DomainBlock, FeaturedTag, ServerText, Status, TermsOfService},
    feed::{Feed, Spelling},
    layout::Site,
    page::{
        Pager,
        about::{About, about, blocked},
        accessibility,
        document::{privacy_policy, terms_of_service},
        entrance::{self, Authorize, FirstRun, SignIn},
        failure::{Again, Failure, LONG_TEXTS, failure},
        featured::Featured,
        front::{Front, front},
        installed,
        interact::{Interact, interact, leads},
        leaving::leaving,
        moving::{self, Aliases, Migration, Named},
        profile::{Away, Profile, Said, Tab, profile},
        tag::{Tag, tag},
        thread::{Thread, thread},
    },
    words::Words,
};

/// All pages by name.
fn gallery(words: Words) -> Vec<(String, String)> {
    let (guest, member) = (Site { words, ..site() }, Site { words, ..signed_in() });
    let (posts, deep, instance, ada) = (posts(), deep(), instance(), ada());
    let pager = Pager { newer: Some("/?min_id=9"), older: Some("/?max_id=1") };
    let root = status(199, account("bob", Some("far.example"), "Bob"), "<p>Who knows a good rock?</p>");
    let middle = answer(
        200,
        199,
        ada.clone(),
        "<p>I do. It is warm until long after sunset, and from there you see the whole bay.</p>",
    );
    let scopes = ["read", "write", "follow", "push"].map(str::to_owned);
    let authorize = Authorize {
        token: "t",
        application: "Elk",
        website: Some("https://elk.example"),
        username: "ada",
        scopes: &scopes,
        hidden: vec![("client_id", "x\"y".to_owned())],
    };
    let profile_of = |account: &Account, tab| {
        profile(
            &guest,
            &Profile {
                account,
                pinned: &posts[..1],
                statuses: &posts[1..],
                tab,
                pager,
                featured: None,
                standing: None,
                away: None,
            },
        )
    };
    let text = ServerText {
        updated_at: "2026-01-01T00:00:00.000Z".to_owned(),
        content: "<h1>What we know</h1><p>Little.</p>".to_owned(),
    };
    let terms = TermsOfService {
        effective_date: "2026-02-01".to_owned(),
        effective: false,
        content: "<p>Be kind.</p>".to_owned(),
        succeeded_by: Some("2026-03-01".to_owned()),
    };
    let plain = account("carl", None, "");
    let mut pages = vec![
        (
            "front".to_owned(),
            front(&guest, &Front { instance: &instance, closed_message: None, statuses: &posts, pager, terms: true }),
        ),
        (
            "front-empty".to_owned(),
            front(
                &member,
                &Front {
                    instance: &instance,
                    closed_message: None,
                    statuses: &[],
                    pager: Pager::default(),
                    terms: false,
                },
            ),
        ),
        (
            "about".to_owned(),
            about(&guest, &About { instance: &instance, text: "<h1>Rocks</h1><p>Warm ones.</p>", terms: true }),
        ),
        ("privacy-policy".to_owned(), privacy_policy(&guest, &text)),
        ("accessibility".to_owned(), accessibility::statement(&guest, "ada@rock.test")),
        ("accessibility-nobody".to_owned(), accessibility::statement(&guest, "")),
        (
            "terms-of-service".to_owned(),
            terms_of_service(&guest, &terms, &["2026-02-01".to_owned(), "2025-01-01".to_owned()]),
        ),
        ("profile".to_owned(), profile_of(&ada, Tab::Posts)),
        (
            "profile-plain".to_owned(),
            profile(
                &guest,
                &Profile {
                    account: &plain,
                    pinned: &[],
                    statuses: &[],
                    tab: Tab::WithReplies,
                    pager: Pager::default(),
                    featured: None,
                    standing: None,
                    away: None,
                },
            ),
        ),
        ("profile-featured".to_owned(), recommends(&guest, "rocks")),
        ("interact-leads".to_owned(), leads(&guest, "far.example", "https://far.example/x?uri=1")),
        ("thread".to_owned(), thread(&guest, &Thread { ancestors: &[root], descendants: &deep, ..alone(&middle) })),
        ("poll".to_owned(), thread(&guest, &alone(&posts[1]))),
        ("tag".to_owned(), tag(&guest, &Tag { name: "größe", statuses: &posts[..2], pager, followed: None })),
        (
            "sign-in".to_owned(),
            entrance::document(
                &guest,
                "Sign in",
                &entrance::sign_in(
                    words,
                    &SignIn {
                        token: "t",
                        return_to: "/x?a=1&b=2",
                        login: "ada",
                        problem: Some("This name and password do not belong together."),
                        may_sign_up: true,
                    },
                ),
            ),
        ),
        ("authorize".to_owned(), entrance::document(&member, "Authorize", &entrance::authorize(words, &authorize))),
        ("code".to_owned(), entrance::document(&guest, "Code", &entrance::code(words, "7fK3q-Zb_1"))),
        ("denied".to_owned(), entrance::document(&guest, "Denied", &entrance::denied(words))),
        (
            "first-run".to_owned(),
            entrance::document(
                &guest,
                "First run",
                &entrance::first_run(
                    words,
                    &FirstRun {
                        token: "t",
                        code: "c",
                        domain: "rock.test",
                        username: "",
                        email: "",
                        recovery: "ABCD-EFGH-IJKL",
                        problem: None,
                    },
                ),
            ),
        ),
    ];
    pages.extend(moving_pages(&member, "vic@far.example", None));
    pages.extend(met_pages(&guest, "far.example"));
    pages.extend(inside::pages(&member, ""));
    pages.extend(entering::pages(&guest));
    pages.extend(entering::owned(&member));
    pages.extend(settings::strikes(&member));
    let settings = settings::pages(&member, "Granite").into_iter();
    pages.extend(settings.map(|(name, page)| (format!("settings-{name}"), page)));
    for code in [400, 401, 403, 404, 405, 409, 410, 413, 418, 421, 422, 429, 500, 503] {
        let kept: &[String] =
            if code == 503 { &["The text somebody had typed.".to_owned(), "More.".to_owned()] } else { &[] };
        let page = Failure {
            status: code,
            text: "The reason.",
            request_id: "00ff",
            retry_after_seconds: Some(90),
            reason: Some("failure-full"),
            kept,
            again: Some(if code < 500 { Again::Form("/settings/profile") } else { Again::Page("/home?a=1&b=2") }),
            session: false,
        };
        pages.push((format!("failure-{code}"), failure(&guest, &page)));
    }
    pages
}

/// A profile with what it recommends.
fn recommends(site: &Site<'_>, text: &str) -> String {
    let tag = FeaturedTag {
        id: "1".to_owned(),
        name: text.to_owned(),
        url: String::new(),
        statuses_count: "12".to_owned(),
        last_status_at: None,
    };
    let people = [Arc::new(account("bob", Some("far.example"), text).into())];
    let featured = Featured { tags: std::slice::from_ref(&tag), people: &people, collections: &[] };
    let page = Profile {
        account: &ada(),
        pinned: &[],
        statuses: &[],
        tab: Tab::Featured,
        pager: Pager::default(),
        featured: Some(featured),
        standing: None,
        away: None,
    };
    profile(site, &page)
}

/// Pages on which strangers and servers are met, with `text` wherever somebody's words stand.
fn met_pages(site: &Site<'_>, text: &str) -> Vec<(String, String)> {
    let (bob, said) = (account("bob", None, text), status(7, ada(), "<p>Warm.</p>"));
    let asked = Interact { uri: text, account: Some(&bob), status: None, typed: text, problem: Some(text) };
    let answered = Interact { account: None, status: Some(&said), ..asked };
    let block =
        DomainBlock { domain: text.to_owned(), digest: String::new(), severity: "suspend", comment: text.to_owned() };
    vec![
        ("interact".to_owned(), interact(site, &asked)),
        ("interact-post".to_owned(), interact(site, &answered)),
        ("leaving".to_owned(), leaving(site, &format!("https://far.example/{text}"))),
        ("blocked-servers".to_owned(), blocked(site, &[block], Some("/about/blocked?from=200"))),
    ]
}

/// The pages of moving, with `text` wherever somebody's words stand.
fn moving_pages(site: &Site<'_>, text: &str, problem: Option<&str>) -> Vec<(String, String)> {
    let named = [Named { uri: "https://far.example/users/vic", acct: Some(text) }, Named { uri: text, acct: None }];
    let aliases = Aliases { token: "t", named: &named, most: 20, typed: text, problem };
    let migration = Migration {
        token: "t",
        moved_to: None,
        wait_days: None,
        between_days: 30,
        followers: 1_234,
        typed: text,
        problem,
    };
    let moved = Migration { moved_to: Some(text), ..migration };
    let waits = Migration { wait_days: Some(1), problem: Some(text), ..migration };
    vec![
        ("aliases".to_owned(), moving::aliases(site, &aliases)),
        ("migration".to_owned(), moving::migration(site, &migration)),
        ("migration-moved".to_owned(), moving::migration(site, &moved)),
        ("migration-waits".to_owned(), moving::migration(site, &waits)),
    ]
}

/// The same pages where every text that came from somewhere is an attack.
fn hostile() -> Vec<(String, String)> {
    let evil = |text: &str| Account {
        display_name: text.to_owned(),
        acct: format!("{text}@evil.example"),
        username: text.to_owned(),
        note: String::new(),
        url: "javascript:alert(1)".to_owned(),
        uri: text.to_owned(),
        avatar_static: format!("https://rock.test.evil/{text}"),
        avatar_description: text.to_owned(),
        header_description: text.to_owned(),
        created_at: text.to_owned(),
        ..ada()
    };
    let mut status = Status {
        account: Arc::new(evil(HOSTILE).into()),
        spoiler_text: HOSTILE.to_owned(),
        language: Some(HOSTILE.to_owned()),
        url: Some("javascript:alert(1)".to_owned()),
        uri: HOSTILE.to_owned(),
        created_at: HOSTILE.to_owned(),
        edited_at: Some(HOSTILE.to_owned()),
        in_reply_to_id: Some("7".to_owned()),
        media_attachments: vec![
            lab::medium("image", "javascript:alert(1)", Some(HOSTILE)),
            lab::medium("image", HOSTILE, Some(HOSTILE)),
        ],
        ..status(1, ada(), "")
    };
    status.poll = posts()[1].poll.clone().map(|mut poll| {
        poll.options[0].title = HOSTILE.to_owned();
        poll
    });
    status.card = posts()[7].card.clone().map(|mut card| {
        card.title = HOSTILE.to_owned();
        card
    });
    let mut site = signed_in();
    site.title = HOSTILE;
    let mut instance = instance();
    instance.short_description = HOSTILE.to_owned();
    instance.rules[0].text = HOSTILE.to_owned();
    instance.email = HOSTILE.to_owned();
    let list = [status.clone()];
    let below = [Status { id: "2".to_owned(), ..status.clone() }];
    let above = [Status { id: "3".to_owned(), ..status.clone() }];
    let pager = Pager { newer: Some(HOSTILE), older: Some(HOSTILE) };
    let failed = Failure {
        status: 422,
        text: HOSTILE,
        request_id: HOSTILE,
        retry_after_seconds: None,
        reason: None,
        kept: &[HOSTILE.to_owned()],
        again: None,
        session: false,
    };
    let mut pages = moving_pages(&site, HOSTILE, Some(HOSTILE));
    pages.extend(met_pages(&site, HOSTILE));
    pages.push(("profile-featured".to_owned(), recommends(&site, HOSTILE)));
    pages.extend(inside::pages(&site, HOSTILE));
    pages.extend([
        (
            "front".to_owned(),
            front(
                &site,
                &Front { instance: &instance, closed_message: Some(HOSTILE), statuses: &list, pager, terms: true },
            ),
        ),
        ("about".to_owned(), about(&site, &About { instance: &instance, text: "", terms: true })),
        (
            "profile".to_owned(),
            profile(
                &site,
                &Profile {
                    account: &evil(HOSTILE),
                    pinned: &list,
                    statuses: &list,
                    tab: Tab::Posts,
                    pager,
                    featured: None,
                    standing: None,
                    away: None,
                },
            ),
        ),
        ("thread".to_owned(), thread(&site, &Thread { ancestors: &above, descendants: &below, ..alone(&status) })),
        ("tag".to_owned(), tag(&site, &Tag { name: HOSTILE, statuses: &list, pager, followed: Some(false) })),
        ("failure".to_owned(), failure(&site, &failed)),
    ]);
    pages
}

/// The tags of a page: name, and everything behind it up to the closing bracket outside quotes.
fn tags(page: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let inside = &rest[start + 1..];
        let mut quoted = false;
        let end = inside.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let end = end.unwrap_or(inside.len());
        let tag = &inside[..end];
        found.push(tag.split_once(|c: char| c.is_whitespace()).unwrap_or((tag, "")));
        rest = &inside[end..];
    }
    found
}

/// The value of an attribute of a tag.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = format!(" {attributes}").find(&format!(" {name}=\""))?;
    attributes[start + name.len() + 2..].split('"').next()
}

/// What is typed into a field for longer texts is given back by pages of failures, which know it by its name.
fn given_back(name: &str, tags: &[(&str, &str)]) {
    for (_, attributes) in tags.iter().filter(|(tag, _)| *tag == "textarea") {
        let Some(field) = attribute(attributes, "name") else { continue };
        let last = field.rsplit('[').map(|part| part.trim_end_matches(']')).find(|part| !part.is_empty());
        assert!(last.is_some_and(|last| LONG_TEXTS.contains(&last)), "{name}: {field} is none of failure::LONG_TEXTS");
    }
}

fn check(name: &str, page: &str, site: &Site<'_>) {
    let tags = tags(page);
    given_back(name, &tags);
    let mut ids = Vec::new();
    for (tag, attributes) in &tags {
        assert!(!["style", "iframe", "object", "embed", "base"].contains(tag), "{name}: <{tag}>");
        // The one script is a file of this program.
        let own = attribute(attributes, "src") == Some(assets::script_path()) && attributes.contains("defer");
        let data = *attributes == "type=\"application/ld+json\"";
        assert!(*tag != "script" || own || data, "{name}: <{tag} {attributes}>");
        // Attribute names only: what stands between quotes is text.
        let names: Vec<_> = attributes.split('"').step_by(2).flat_map(str::split_whitespace).collect();
        for given in names {
            assert!(!given.starts_with("style") && !given.starts_with("on"), "{name}: {given} in <{tag} {attributes}>");
        }
        for address in ["href", "src", "action"].iter().filter_map(|name| attribute(attributes, name)) {
            let scheme = address.split(['/', '?', '#', '&', '"']).next().unwrap_or_default().to_ascii_lowercase();
            assert!(!scheme.starts_with("javascript") && !scheme.starts_with("data"), "{name}: {address}");
        }
        if let Some(source) = attribute(attributes, "src") {
            assert!(source.starts_with('/') && !source.starts_with("//"), "{name}: loads {source}");
            let described = *tag == "img" && attributes.contains("alt=\"");
            assert!(described || *tag == "script", "{name}: {tag} without alt");
        }
        if *tag == "link" && attribute(attributes, "rel").is_some_and(|rel| rel != "canonical" && rel != "alternate") {
            let path = attribute(attributes, "href").expect("a link leads somewhere");
            assert!(assets::find(path).is_some() || path == installed::PATH, "{name}: {path} is no asset");
        }
        if let Some(id) = attribute(attributes, "id") {
            assert!(!ids.contains(&id), "{name}: id {id} twice");
            ids.push(id);
        }
    }
    for (tag, attributes) in &tags {
        // Boxes and buttons of a choice stand inside of their labels.
        let inside = attributes.contains("type=\"checkbox\"") || attributes.contains("type=\"radio\"");
        if ["input", "textarea", "select"].contains(tag) && !attributes.contains("type=\"hidden\"") && !inside {
            let id = attribute(attributes, "id").unwrap_or_else(|| panic!("{name}: <{tag} {attributes}> has no id"));
            assert!(page.contains(&format!("for=\"{id}\">")), "{name}: {id} has no label");
        }
        for reference in ["aria-labelledby", "aria-describedby"].iter().filter_map(|name| attribute(attributes, name)) {
            assert!(ids.contains(&reference), "{name}: {reference} is nowhere");
        }
    }
    assert_eq!(tags.iter().filter(|(tag, _)| *tag == "h1").count(), 1, "{name}: one first heading");
    assert_eq!(tags.iter().filter(|(tag, _)| *tag == "main").count(), 1, "{name}: one main");
    assert!(page.contains(&format!("<html lang=\"{}\"", site.words.tag())), "{name}");
}

#[test]
fn pages_hold_no_script_no_style_and_load_nothing_from_elsewhere() {
    for (name, page) in gallery(Words::default()) {
        check(&name, &page, &site());
    }
}

#[test]
fn whatever_comes_from_outside_stays_text() {
    for (name, page) in hostile() {
        check(&name, &page, &signed_in());
        assert!(!page.contains("<script>") && !page.contains("<img src=x"), "{name}: {page}");
        assert!(page.contains("&lt;script&gt;"), "{name} does not show the text at all");
    }
}

#[test]
fn the_reader_of_tags_would_see_an_attack() {
    let page = format!("<p title=\"a > b\">{HOSTILE}</p>");
    let found = tags(&page);
    assert!(
        found.iter().any(|(tag, _)| *tag == "script") && found.iter().any(|(_, rest)| rest.contains("style=")),
        "{found:?}"
    );
    assert_eq!(found[0], ("p", "title=\"a > b\""));
}

#[test]
fn remote_pictures_are_links_with_their_text() {
    let page = front(
        &site(),
        &Front {
            instance: &instance(),
            closed_message: None,
            statuses: &posts(),
            pager: Pager::default(),
            terms: false,
        },
    );
    assert!(page.contains("href=\"https://far.example/files/1.jpg\""), "the picture is a link");
    assert!(page.contains("Three dassies on a warm rock") && page.contains("Opens at <bdi>far.example</bdi>"));
    assert!(page.contains("<summary>Sensitive: 1 attachment</summary>"));
    assert!(page.contains("<span dir=\"auto\" lang=\"en\">Long talk about fsync and food</span>"));
    assert!(page.contains("lang=\"ar\"") && page.contains("<bdi>Ada of the Rocks</bdi> boosted"));
    assert!(page.contains("<progress max=\"100\" value=\"71\""), "12 of 17 votes");
    assert!(page.contains(
        "edited <a href=\"/@ada/102/history\" title=\"What this post was before\"><time datetime=\"2026-11-21T08:00:00.000Z\">21 November 2026, 08:00 UTC</time></a>"
    ));
    assert!(page.contains("Everybody, but quiet"));
}

#[test]
fn what_is_on_another_server_is_a_link_that_is_named_whole() {
    let page = leaving(&site(), "https://far.example/@bob?a=1&b=2");
    let link = "<a href=\"https://far.example/@bob?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer\" dir=\"ltr\">";
    assert!(page.contains(link) && page.contains("<bdi>far.example</bdi> shows it itself"), "{page}");
    assert!(page.contains("noindex") && !page.contains("http-equiv"), "{page}");
    let page = leaving(&site(), "javascript:alert(1)");
    assert!(!page.contains("href=\"javascript") && page.contains("javascript:alert(1)"), "{page}");
}

#[test]
fn threads_go_in_to_four_levels_and_then_name_whom_they_answer() {
    let root = status(200, account("bob", Some("far.example"), "Bob"), "<p>Root</p>");
    let page = thread(&site(), &Thread { descendants: &deep(), ..alone(&root) });
    let count = |class: &str| page.matches(&format!("class=\"below {class}\"")).count();
    assert_eq!(
        [count("level-1"), count("level-2"), count("level-3"), count("level-4"), count("level-5")],
        [2, 1, 1, 4, 0]
    );
    assert!(page.contains("Answers <bdi>dee</bdi>") && !page.contains("Answers <bdi>ada</bdi>"));
    assert!(page.contains(">8 replies in all</h2>"));
}

#[test]
fn threads_say_how_many_replies_others_count_that_are_not_here() {
    let root = status(200, ada(), "<p>Root</p>");
    let page = |missing| thread(&site(), &Thread { missing, ..alone(&root) });
    assert!(!page(0).contains("other servers"));
    assert!(page(1).contains("As other servers say, 1 more reply is not here."), "{}", page(1));
    assert!(page(7).contains("As other servers say, 7 more replies are not here."));
}

#[test]
fn profiles_name_their_document_and_say_how_to_follow() {
    let ada = ada();
    let shown = Profile {
        account: &ada,
        pinned: &[],
        statuses: &[],
        tab: Tab::WithReplies,
        pager: Pager::default(),
        featured: None,
        standing: None,
        away: None,
    };
    let page = profile(&site(), &shown);
    assert!(
        page.contains(
            "<link rel=\"alternate\" type=\"application/activity+json\" href=\"https://rock.test/users/ada\">"
        )
    );
    assert!(page.contains("<code>@ada@rock.test</code>") && page.contains("property=\"og:type\" content=\"profile\""));
    assert!(page.contains("<a href=\"/@ada/with_replies\" aria-current=\"page\">"));
    assert!(page.contains("rel=\"me nofollow noopener\"") && !page.contains("noindex"));
    let (_, data) = page.split_once("<script type=\"application/ld+json\">").expect("data for machines");
    let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().expect("an end")).expect("JSON");
    assert_eq!(
        (&data["@type"], &data["mainEntity"]["alternateName"]),
        (&"ProfilePage".into(), &"@ada@rock.test".into())
    );
    assert!(page.contains("name=\"uri\" value=\"https://rock.test/users/ada\"") && page.contains("/@ada/media\""));
    let closed = Account { show_media: Some(false), show_featured: Some(false), ..ada.clone() };
    let closed = profile(&site(), &Profile { account: &closed, ..shown });
    assert!(!closed.contains("/@ada/media\"") && !closed.contains("/@ada/featured\""), "{closed}");
    let hidden = Account { noindex: Some(true), ..ada.clone() };
    let page = profile(&site(), &Profile { account: &hidden, ..shown });
    assert!(page.contains("<meta name=\"robots\" content=\"noindex, noarchive\">") && !page.contains("ld+json"));
}

#[test]
fn numbers_of_an_account_elsewhere_name_who_says_them() {
    let bob = account("bob", Some("far.example"), "Bob");
    let page = |account: &Account, away: Option<Away>| {
        let (tab, pager) = (Tab::Posts, Pager::default());
        let page = Profile { account, pinned: &[], statuses: &[], tab, pager, featured: None, standing: None, away };
        profile(&site(), &page)
    };
    let of = |said: Said| page(&bob, Some(Away { said, recommends: false }));
    let all = of(Said { posts: true, followers: true, following: true });
    assert!(all.contains("These numbers are what <bdi>far.example</bdi> says.") && !all.contains("<dd title"), "{all}");
    let none = of(Said::default());
    assert!(none.contains("These numbers count only what is known here.") && !none.contains("<dd title"), "{none}");
    let mixed = of(Said { followers: true, ..Said::default() });
    assert!(mixed.contains("Some of these numbers are what <bdi>far.example</bdi> says"), "{mixed}");
    assert_eq!(mixed.matches("<dd title=\"known here\">").count(), 2, "{mixed}");
    assert_eq!(mixed.matches("<dd title=\"as far.example says\">").count(), 1, "{mixed}");
    let own = page(&ada(), None);
    assert!(!own.contains("known here") && own.contains("/@ada/featured\""), "{own}");
    assert!(!mixed.contains("/featured\""), "{mixed}");
    let tags = page(&bob, Some(Away { recommends: true, ..Away::default() }));
    assert!(tags.contains("/@bob@far.example/featured\""), "{tags}");
}

#[test]
fn a_warning_hides_its_text_from_previews_too() {
    let warned = Status { spoiler_text: "The end".to_owned(), ..status(5, ada(), "<p>The butler did it.</p>") };
    let page = thread(&site(), &alone(&warned));
    let (head, body) = page.split_once("</head>").expect("a head");
    assert!(head.contains("The end") && !head.contains("butler"), "{head}");
    assert!(body.contains("butler"));
}

#[test]
fn the_front_page_with_twenty_posts_stays_small() {
    let twenty: Vec<_> = posts().into_iter().cycle().take(20).collect();
    let page = front(
        &site(),
        &Front {
            instance: &instance(),
            closed_message: None,
            statuses: &twenty,
            pager: Pager::default(),
            terms: false,
        },
    );
    assert!(page.len() <= 60 * 1024, "{} bytes", page.len());
}

#[test]
fn the_gallery_is_written_to_be_looked_at() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screens/gallery");
    for path in [assets::style_path(), assets::AVATAR_MISSING, assets::HEADER_MISSING, assets::ICON] {
        let file = folder.join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().expect("inside the folder")).expect("a folder");
        fs::write(file, assets::find(path).expect("an asset").body).expect("written");
    }
    // What an older version drew is not looked at again.
    for old in fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()) {
        if old.extension().is_some_and(|ending| ending == "html") {
            fs::remove_file(old).expect("removed");
        }
    }
    let arabic = Words::in_language("ar").expect("a catalogue");
    for (words, ending) in [(Words::default(), "html"), (arabic, "ar.html")] {
        for (name, page) in gallery(words) {
            // Looked at as files: paths become relative.
            let page = staying(&page).replace("href=\"/", "href=\"./").replace("src=\"/", "src=\"./");
            let file = folder.join(format!("{name}.{ending}"));
            assert!(!file.exists(), "two pages are called {name}");
            fs::write(file, page).expect("written");
        }
    }
}

/// A page without what leads on at once, or nobody could look at it.
fn staying(page: &str) -> String {
    let Some((before, rest)) = page.split_once("<meta http-equiv=\"refresh\"") else { return page.to_owned() };
    let (_, behind) = rest.split_once('>').expect("a tag ends");
    format!("{before}{behind}")
}

/// Files of Rust below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// What draws pages is called by what draws the gallery, which stands above the tests of these files.
#[test]
fn every_function_that_draws_a_page_is_in_the_gallery() {
    // A document of JSON, a post alone for the script, and a part of forms.
    const NO_PAGES: [&str; 3] = ["manifest", "alone", "sheet"];
    let drawers =
        [include_str!("main.rs"), include_str!("inside.rs"), include_str!("entering.rs"), include_str!("settings.rs")]
            .map(|file| file.split("#[test]").next().unwrap_or_default())
            .concat();
    let calls: HashSet<&str> = drawers
        .split('(')
        .map(|before| before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .collect();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/page");
    let mut seen = 0;
    for file in sources(&folder) {
        let source = fs::read_to_string(&file).expect("readable");
        for function in source.split("\npub fn ").skip(1) {
            let (head, _) = function.split_once('{').unwrap_or((function, ""));
            let draws = ["-> String", "-> Markup"].iter().any(|gives| head.contains(gives));
            let name = head.split('(').next().unwrap_or_default();
            if draws && !NO_PAGES.contains(&name) {
                seen += 1;
                assert!(calls.contains(name), "{name} of {} is not in the gallery", file.display());
            }
        }
    }
    assert!(seen > 80, "only {seen} functions were found");
}

/// The texts of an XML document in the order in which they stand; fails if it is not well-formed.
fn texts(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut open, mut found, mut text) = (Vec::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml}")) {
            Event::Start(tag) => open.push(tag.name().as_ref().to_vec()),
            Event::End(tag) => {
                assert_eq!(open.pop().as_deref(), Some(tag.name().as_ref()));
                found.push(std::mem::take(&mut text));
            }
            Event::Text(piece) => text.push_str(&piece.decode().expect("UTF-8")),
            Event::GeneralRef(named) => match named.resolve_char_ref().expect("a character") {
                Some(char) => text.push(char),
                None => text.push_str(match named.as_ref() {
                    b"amp" => "&",
                    b"lt" => "<",
                    b"gt" => ">",
                    b"quot" => "\"",
                    b"apos" => "'",
                    other => panic!("{other:?} is no entity of XML"),
                }),
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} stays open");
    found
}

#[test]
fn feeds_are_well_formed_whatever_people_write_and_hide_what_is_warned_of() {
    let mut posts = posts();
    let mut hostile = status(7, account("eve", None, HOSTILE), &format!("<p>]]&gt;{HOSTILE}\u{0}\u{ffff}</p>"));
    hostile.spoiler_text = HOSTILE.to_owned();
    hostile.url = Some("javascript:alert(1)".to_owned());
    posts.push(hostile);
    let feed = Feed {
        title: HOSTILE,
        about: "about",
        page: "https://rock.test/@ada",
        address: "https://rock.test/@ada.rss",
        icon: Some("https://rock.test/a.png?x=1&y=2"),
        posts: &posts,
    };
    for spelling in [Spelling::Rss, Spelling::Atom] {
        let found = texts(&spelling.write(&feed));
        assert!(found.iter().any(|text| text == HOSTILE), "{spelling:?}: what was written is what is read");
        let warned = found.iter().filter(|text| text.contains("<hr>")).count();
        assert_eq!(warned, posts.iter().filter(|post| !post.spoiler_text.is_empty()).count(), "{spelling:?}");
    }
    let json: serde_json::Value = serde_json::from_str(&Spelling::Json.write(&feed)).expect("JSON");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(posts.len()));
}
