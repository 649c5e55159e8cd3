//! The pages for people who are signed in, with `evil` wherever somebody's words stand; and what they must hold.

use super::{
    lab::{self, account, ada, answer, posts, signed_in, status},
    settings::STAFF,
};
use std::sync::Arc;
use web::{
    entity::{
        Announcement, Conversation, DassieStatus, GroupedNotifications, InteractionRequest, List, MediaAttachment,
        NotificationGroup, NotificationRequest, Poll, Relationship, Report as Told, Rule, ScheduledParams,
        ScheduledPoll, ScheduledStatus, Search as FoundEntity, SharedAccount, Status, StatusEdit, StatusEditPoll,
        StatusEditPollOption, StatusReaction, Suggestion, Tag as TagEntity,
    },
    layout::Site,
    page::{
        Pager,
        asked::asked,
        away::{Away, away},
        compose::{self, About, Bounds, Compose, Draft, Typed, TypedMedia},
        confirm::{self, Confirm, Person},
        explore::{Explore, explore},
        history::history,
        home::{self, Home, Step, home},
        language::language,
        listed::{Listed, listed, ticked},
        lists::{self, OneList},
        menu::menu,
        messages::{self as mail, Hit, Messages, Talk, messages},
        notifications::{self, Notifications, Requests, Tab},
        people::{self, People},
        profile::{self, Profile, Said, Standing, profile},
        report::{Report, report},
        scheduled::{Waiting, scheduled},
        search::{Kind, Saved, Search, search},
        settings::overview,
        tag,
        thread::thread,
    },
    words::Words,
};

/// A text: the hostile one, or `calm` where none is given.
fn text(evil: &str, calm: &str) -> String {
    if evil.is_empty() { calm.to_owned() } else { evil.to_owned() }
}

/// Somebody elsewhere.
fn bob(evil: &str) -> Arc<SharedAccount> {
    let mut bob = account("bob", Some("far.example"), &text(evil, "Bob"));
    if !evil.is_empty() {
        bob.acct = format!("{evil}@far.example");
        bob.url = "javascript:alert(1)".to_owned();
    }
    Arc::new(bob.into())
}

/// Posts as whoever is signed in sees them: marks, an open poll, a filter, one's own.
pub(super) fn seen(evil: &str) -> Vec<Status> {
    let mut all = posts();
    for (at, status) in all.iter_mut().enumerate() {
        status.favourited = Some(at % 2 == 0);
        status.reblogged = Some(at % 3 == 0);
        status.bookmarked = Some(at % 4 == 0);
        status.muted = Some(false);
    }
    all[1].poll = all[1].poll.clone().map(|poll| Poll { voted: Some(false), ..poll });
    let mut hostile = status(900, account("mallory", Some("far.example"), &text(evil, "Mallory")), "<p>Hm.</p>");
    hostile.spoiler_text = text(evil, "A warning");
    hostile.media_attachments = vec![lab::medium("image", "/x", Some(&text(evil, "Rocks")))];
    hostile.dassie = Some(DassieStatus { relay: Some(text(evil, "relay.example")) });
    all.push(hostile);
    all
}

fn typed(evil: &str) -> Typed {
    Typed {
        text: text(evil, "The rock was warm."),
        warning: text(evil, "Weather"),
        visibility: "private".to_owned(),
        media: vec![TypedMedia { id: "1".to_owned(), description: text(evil, "A rock"), focus: text(evil, "0,0") }],
        options: vec![text(evil, "Yes"), "No".to_owned()],
        lasts_s: 86_400,
        in_reply_to: "7".to_owned(),
        key: "k".to_owned(),
        draft: text(evil, "9"),
        scheduled_at: text(evil, "2027-01-01T10:00"),
        ..Typed::default()
    }
}

const BOUNDS: Bounds =
    Bounds { chars: 5_000, media: 4, upload_megabytes: 18, description_chars: 1_500, options: 4, option_chars: 50 };

fn writing(site: &Site<'_>, evil: &str) -> Vec<(String, String)> {
    let (typed, drafted) = (
        typed(evil),
        Draft {
            id: "9".to_owned(),
            text: text(evil, "Half a sentence"),
            kept_at: text(evil, "2026-11-03T21:47:28.000Z"),
        },
    );
    let parent = seen(evil).pop().expect("a post");
    let medium = MediaAttachment {
        preview_url: Some(format!("{}/headers/original/missing.png", lab::ORIGIN)),
        ..lab::medium("image", "x", None)
    };
    let about = [About::Reply(&parent), About::Quote(&parent)];
    let problem = text(evil, "status text has 5201 characters; at most 5000");
    let warnings = [text(evil, "Food")];
    let page = Compose {
        typed: &typed,
        media: std::slice::from_ref(&medium),
        about: &about[..1],
        preview: &["<p>The rock was warm.</p>".to_owned(), "<p>Until eight.</p>".to_owned()],
        problem: Some(&problem),
        meant: &["undescribed", "alone"],
        unkept: Some(&problem),
        warnings: &warnings,
        guessed: Some("en"),
        servers: Some(204),
        languages: &[],
        followers: 812,
        drafts: 2,
        bounds: BOUNDS,
    };
    let empty = Typed { lasts_s: 86_400, visibility: "public".to_owned(), key: "k".to_owned(), ..Typed::default() };
    let plain = Compose { typed: &empty, media: &[], about: &about[1..], preview: &[], problem: None, ..page };
    let asks = Confirm {
        title: "delete-title",
        says: "delete-says",
        about: Some(&parent),
        action: "/posts/7/delete",
        buttons: &[("delete", "act-delete"), ("redraft", "delete-redraft")],
    };
    let blocks =
        Person { title: "block-title", says: "block-says", account: &bob(evil), act: "block", button: "profile-block" };
    let rules = [Rule { id: "1".to_owned(), text: text(evil, "Be kind."), hint: String::new() }];
    let reported = Report {
        account: &bob(evil),
        statuses: std::slice::from_ref(&parent),
        chosen: &["900".to_owned()],
        rules: &rules,
        broken: &[rules[0].id.clone()],
        category: "spam",
        comment: &typed.text,
        problem: Some(&problem),
    };
    let later =
        Waiting { waiting: &[waiting(evil)], from: 20, later: Some("/scheduled?from=40"), problem: Some(&problem) };
    vec![
        ("compose".to_owned(), compose::compose(site, &page)),
        ("compose-empty".to_owned(), compose::compose(site, &plain)),
        ("drafts".to_owned(), compose::drafts(site, &[drafted])),
        ("scheduled".to_owned(), scheduled(site, &later)),
        ("scheduled-empty".to_owned(), scheduled(site, &Waiting { waiting: &[], from: 0, later: None, problem: None })),
        ("confirm-deletion".to_owned(), confirm::confirm(site, &asks)),
        ("confirm-block".to_owned(), confirm::person(site, &blocks)),
        ("report".to_owned(), report(site, &reported)),
    ]
}

/// A post that waits for its time.
fn waiting(evil: &str) -> ScheduledStatus {
    ScheduledStatus {
        id: "8".to_owned(),
        scheduled_at: text(evil, "2027-01-01T10:00:00.000Z"),
        params: ScheduledParams {
            text: text(evil, "The rock will be warm."),
            media_ids: None,
            sensitive: Some(false),
            spoiler_text: Some(text(evil, "Weather")),
            visibility: "private",
            language: None,
            poll: Some(ScheduledPoll {
                options: vec![text(evil, "Yes")],
                expires_in: 300,
                multiple: false,
                hide_totals: false,
            }),
            in_reply_to_id: None,
            quoted_status_id: None,
            quote_approval_policy: None,
            interaction_policy: None,
            application_id: 0,
            idempotency: None,
            local_only: None,
            content_type: "text/plain",
            scheduled_at: None,
            with_rate_limit: false,
        },
        media_attachments: vec![lab::medium("image", "/x", Some(&text(evil, "Rocks")))],
    }
}

/// What a post was, and what waits for its author's word.
fn around(site: &Site<'_>, evil: &str) -> Vec<(String, String)> {
    let post = seen(evil).pop().expect("a post");
    let version = |created_at: &str| StatusEdit {
        content: "<p>Hm.</p>".to_owned(),
        spoiler_text: text(evil, ""),
        sensitive: true,
        created_at: text(evil, created_at),
        account: bob(evil),
        poll: Some(StatusEditPoll { options: vec![StatusEditPollOption { title: text(evil, "Yes") }] }),
        media_attachments: vec![lab::medium("image", "/x", Some(&text(evil, "Rocks")))],
        emojis: Vec::new(),
    };
    let versions = [version("2026-11-04T21:47:28.000Z"), version("2026-11-03T21:47:28.000Z")];
    let request = |kind: &'static str, reply: Option<Status>| InteractionRequest {
        id: kind.len().to_string(),
        kind,
        created_at: text(evil, "2026-11-03T21:47:28.000Z"),
        account: bob(evil),
        status: post.clone(),
        reply,
        accepted_at: None,
        rejected_at: None,
        uri: None,
    };
    let requests = [request("reply", Some(post.clone())), request("reblog", None), request("favourite", None)];
    let reaction = |name: String, url: Option<&str>, me| StatusReaction {
        name,
        count: 3,
        me,
        url: url.map(str::to_owned),
        static_url: url.map(str::to_owned),
    };
    let reacted = Status {
        reactions: vec![
            reaction("🎉".to_owned(), None, true),
            reaction(text(evil, "cat@far.example"), Some("https://rock.test/media/cat.png"), false),
            reaction(text(evil, "dog@far.example"), Some("https://far.example/dog.png"), false),
        ],
        ..post.clone()
    };
    vec![
        ("history".to_owned(), history(site, &post, &versions, "/@mallory@far.example/900")),
        ("asked".to_owned(), asked(site, &requests, Pager::default())),
        ("reacted".to_owned(), thread(site, &lab::alone(&reacted))),
    ]
}

fn told(evil: &str) -> GroupedNotifications {
    let group = |kind: &'static str, status: Option<&str>| NotificationGroup {
        group_key: text(evil, kind),
        notifications_count: 3,
        kind,
        most_recent_notification_id: 12,
        page_min_id: "1".to_owned(),
        page_max_id: "2".to_owned(),
        latest_page_notification_at: text(evil, "2026-11-03T21:47:28.000Z"),
        sample_account_ids: vec![bob(evil).id.clone()],
        status_id: status.map(str::to_owned),
        report: None,
        collection: None,
        moderation_warning: None,
    };
    let kinds = [
        "mention",
        "status",
        "reblog",
        "favourite",
        "follow",
        "follow_request",
        "poll",
        "update",
        "quote",
        "quoted_update",
        "admin.sign_up",
        "moderation_warning",
        "added_to_collection",
    ];
    let report = Told {
        id: "7".to_owned(),
        action_taken: false,
        action_taken_at: None,
        category: "spam",
        comment: text(evil, "Look."),
        forwarded: false,
        created_at: String::new(),
        status_ids: Vec::new(),
        rule_ids: Vec::new(),
        collection_ids: Vec::new(),
        target_account: bob(evil),
    };
    let reported = NotificationGroup { report: Some(report), ..group("admin.report", None) };
    GroupedNotifications {
        accounts: vec![bob(evil)],
        statuses: vec![status(901, account("bob", Some("far.example"), &text(evil, "Bob")), "<p>Look.</p>")],
        notification_groups: kinds
            .into_iter()
            .map(|kind| group(kind, ["mention", "favourite", "quote"].contains(&kind).then_some("901")))
            .chain([reported])
            .collect(),
    }
}

const STEPS: [Step; 2] = [
    Step { done: true, what: "steps-mail", why: "steps-mail-why", page: None },
    Step { done: false, what: "steps-recovery", why: "steps-recovery-why", page: Some("/settings/recovery") },
];

fn reading(site: &Site<'_>, evil: &str) -> Vec<(String, String)> {
    let (statuses, groups) = (seen(evil), told(evil));
    let pager = Pager { newer: Some("/home?min_id=9"), older: Some("/home?max_id=1") };
    let list = List { id: "1".to_owned(), title: text(evil, "Geologists"), replies_policy: "list", exclusive: true };
    let announced = Announcement {
        id: "3".to_owned(),
        content: "<p>New rocks tomorrow.</p>".to_owned(),
        starts_at: None,
        ends_at: Some(text(evil, "2026-12-03T21:47:28.000Z")),
        all_day: false,
        published_at: String::new(),
        updated_at: String::new(),
        read: Some(false),
        mentions: Vec::new(),
        statuses: Vec::new(),
        tags: Vec::new(),
        emojis: Vec::new(),
        reactions: Vec::new(),
    };
    let first = Home {
        statuses: &statuses,
        first: true,
        lists: std::slice::from_ref(&list),
        announcements: std::slice::from_ref(&announced),
        shelf: false,
        read_upto: Some(104),
        read_at: Some("2026-11-03T21:47:28.000Z"),
        away: true,
        steps: Some(&STEPS),
        newest: Some(109),
        key: "k",
        visibility: "public",
        pager,
    };
    let request = NotificationRequest {
        id: "4".to_owned(),
        created_at: String::new(),
        updated_at: String::new(),
        notifications_count: "2".to_owned(),
        account: bob(evil),
        last_status: statuses.last().cloned(),
    };
    let talk = Conversation {
        id: "5".to_owned(),
        unread: true,
        accounts: vec![bob(evil)],
        last_status: statuses.last().cloned(),
    };
    let alone = Conversation { id: "6".to_owned(), unread: false, accounts: Vec::new(), last_status: None };
    let tags = [TagEntity {
        id: "1".to_owned(),
        name: text(evil, "größe"),
        url: String::new(),
        history: Vec::new(),
        following: None,
        featuring: None,
    }];
    let found = FoundEntity { accounts: vec![bob(evil)], statuses: statuses.clone(), hashtags: tags.to_vec() };
    let asked = text(evil, "warm rocks");
    let saved =
        Saved { id: "1".to_owned(), name: text(evil, "Rocks"), text: text(evil, "rocks in:home"), kind: String::new() };
    let all_messages = Messages { conversations: &[], pager, typed: &asked, found: None, problem: None };
    let hits = [Hit { status: statuses[0].clone(), path: "/messages/5?max_id=102".to_owned() }];
    let said = Talk {
        conversation: &talk,
        statuses: &statuses[..2],
        newest: true,
        pager,
        key: "k",
        typed: &asked,
        problem: Some(&asked),
    };
    let beside = home::Timeline {
        tab: home::Tab::Tags,
        title: "tags-timeline",
        says: "tags-timeline-says",
        lists: std::slice::from_ref(&list),
        statuses: &statuses,
        first: true,
        relays: None,
        pager,
    };
    let known = home::Timeline {
        tab: home::Tab::Known,
        title: "tab-known",
        says: "known-timeline-says",
        relays: Some(home::Relays::LeftOut),
        ..beside
    };
    let searched = Search {
        typed: &asked,
        kind: Kind::All,
        found: Some(&found),
        more: Some("/search?q=x&offset=20"),
        problem: Some(&asked),
        saved: std::slice::from_ref(&saved),
    };
    let members = [bob(evil)];
    let suggested = ["friends_of_friends", "featured", "most_followed"].map(|why| Suggestion {
        source: "global",
        sources: vec![why],
        account: bob(evil),
    });
    let one =
        OneList { list: &list, lists: std::slice::from_ref(&list), members: &members, statuses: &statuses, pager };
    let explored = Explore {
        followed: &tags,
        busy: &tags,
        people: &suggested,
        newcomers: &members,
        statuses: &statuses,
        pager,
        first: true,
    };
    vec![
        ("home".to_owned(), home(site, &first)),
        (
            "away".to_owned(),
            away(
                site,
                &Away {
                    since: Some("2026-11-03T21:47:28.000Z"),
                    statuses: &statuses,
                    more: true,
                    answers: &statuses,
                    newest: Some(109),
                },
            ),
        ),
        (
            "away-nothing".to_owned(),
            away(site, &Away { since: None, statuses: &[], more: false, answers: &[], newest: None }),
        ),
        ("home-empty".to_owned(), home(site, &Home { statuses: &[], pager: Pager::default(), ..first })),
        (
            "notifications".to_owned(),
            notifications::notifications(
                site,
                &Notifications {
                    tab: Tab::All,
                    groups: &groups,
                    read_upto: Some(3),
                    newest: Some(12),
                    waiting: &[],
                    pager,
                },
            ),
        ),
        (
            "notifications-waiting".to_owned(),
            notifications::notifications(
                site,
                &Notifications {
                    tab: Tab::Moderation,
                    groups: &groups,
                    read_upto: None,
                    newest: Some(12),
                    waiting: &[bob(evil).id.clone()],
                    pager,
                },
            ),
        ),
        ("requests".to_owned(), notifications::requests(site, &Requests { following: &members, filtered: &[request] })),
        ("follow-requests".to_owned(), notifications::follow_requests(site, &members, pager)),
        ("messages".to_owned(), messages(site, &Messages { conversations: &[talk.clone(), alone], ..all_messages })),
        (
            "messages-found".to_owned(),
            messages(site, &Messages { found: Some(&hits), problem: Some(&asked), ..all_messages }),
        ),
        ("talk".to_owned(), mail::talk(site, &said)),
        ("home-tags".to_owned(), home::timeline(site, &beside)),
        ("home-known".to_owned(), home::timeline(site, &known)),
        ("search-posts".to_owned(), search(site, &Search { kind: Kind::Posts, ..searched })),
        ("search".to_owned(), search(site, &searched)),
        ("search-empty".to_owned(), search(site, &Search { typed: &asked, found: None, ..searched })),
        ("explore".to_owned(), explore(site, &explored)),
        (
            "bookmarks".to_owned(),
            listed(
                site,
                &Listed { title: &asked, empty: "bookmarks-empty", path: "/bookmarks", statuses: &statuses, pager },
            ),
        ),
        (
            "bookmarks-ticked".to_owned(),
            ticked(
                site,
                &Listed { title: &asked, empty: "bookmarks-empty", path: "/bookmarks", statuses: &statuses, pager },
            ),
        ),
        ("lists".to_owned(), lists::lists(site, std::slice::from_ref(&list), &asked, Some(&asked))),
        ("list".to_owned(), lists::list(site, &one)),
        (
            "followers".to_owned(),
            people::people(site, &People { title: "people-followers", owner: &members[0], people: &members, pager }),
        ),
        ("followed-tags".to_owned(), tag::followed(site, &tags, pager)),
    ]
}

fn relationship() -> Relationship {
    Relationship {
        id: "3".to_owned(),
        following: true,
        showing_reblogs: true,
        notifying: false,
        languages: None,
        followed_by: true,
        blocking: false,
        blocked_by: false,
        muting: false,
        muting_notifications: false,
        muting_expires_at: None,
        requested: false,
        requested_by: true,
        domain_blocking: false,
        endorsed: false,
        note: String::new(),
    }
}

/// All of them by name.
pub(super) fn pages(site: &Site<'_>, evil: &str) -> Vec<(String, String)> {
    let list = List { id: "1".to_owned(), title: text(evil, "Geologists"), replies_policy: "list", exclusive: true };
    let (statuses, bob) = (seen(evil), bob(evil));
    let stands = Relationship { note: text(evil, "Met at the bay"), ..relationship() };
    let shown = Profile {
        account: &bob,
        pinned: &statuses[..1],
        statuses: &statuses[1..],
        tab: profile::Tab::Media,
        pager: Pager::default(),
        featured: None,
        standing: Some(Standing { relationship: &stands, lists: &[(list, true)] }),
        away: Some(profile::Away { said: Said { followers: true, ..Said::default() }, recommends: true }),
    };
    let mut pages = vec![("profile-inside".to_owned(), profile(site, &shown))];
    if evil.is_empty() {
        let server = confirm::Server { account: &bob, action: "/people/3/server", blocks: false };
        pages.push(("confirm-server".to_owned(), confirm::server(site, &server)));
        pages.push(("menu".to_owned(), menu(site)));
        pages.push(("settings".to_owned(), overview(site, None, STAFF)));
        pages.push(("language".to_owned(), language(site, "t", "/x?a=1&b=2")));
    }
    pages.extend(writing(site, evil));
    pages.extend(around(site, evil));
    pages.extend(reading(site, evil));
    pages
}

#[test]
fn home_with_twenty_posts_stays_small() {
    let mut twenty: Vec<_> = seen("").into_iter().cycle().take(20).collect();
    // A post stands on a page once.
    for (at, status) in twenty.iter_mut().enumerate() {
        status.id = (2_000 + at).to_string();
    }
    let page = home(
        &signed_in(),
        &Home {
            statuses: &twenty,
            first: true,
            lists: &[],
            announcements: &[],
            shelf: false,
            read_upto: None,
            read_at: None,
            away: false,
            steps: None,
            newest: None,
            key: "k",
            visibility: "public",
            pager: Pager::default(),
        },
    );
    println!("home with twenty posts: {} bytes", page.len());
    assert!(page.len() <= 60 * 1024, "{} bytes", page.len());
}

#[test]
fn what_is_kept_aside_says_how_much_of_it_there_is() {
    let (_, page) = pages(&signed_in(), "").into_iter().find(|(name, _)| name == "requests").expect("the page");
    assert!(page.contains(">2 notifications</p>"), "{page}");
    let silent = NotificationRequest {
        id: "4".to_owned(),
        created_at: String::new(),
        updated_at: String::new(),
        notifications_count: "1".to_owned(),
        account: bob(""),
        last_status: Some(status(5, account("bob", Some("far.example"), "Bob"), "")),
    };
    let page = notifications::requests(&signed_in(), &Requests { following: &[], filtered: &[silent] });
    assert!(page.contains(">1 notification</p>") && page.contains(">No words</a>"), "{page}");
    assert!(!page.contains(">your post<"), "it is not: {page}");
}

#[test]
fn where_counting_of_what_is_kept_aside_ends_it_is_said_to_be_at_least_so_many() {
    let of = |count: u64| {
        let request = NotificationRequest {
            id: "4".to_owned(),
            created_at: String::new(),
            updated_at: String::new(),
            notifications_count: count.to_string(),
            account: bob(""),
            last_status: None,
        };
        notifications::requests(&signed_in(), &Requests { following: &[], filtered: &[request] })
    };
    assert!(of(99).contains(">99 notifications</p>"));
    assert!(of(100).contains(">At least 100 notifications</p>"));
}

#[test]
fn what_was_done_is_taken_back_by_the_same_button() {
    let mut own = status(5, ada(), "<p>Mine.</p>");
    own.account = Arc::new(web::entity::Account { id: "3".to_owned(), ..ada() }.into());
    (own.favourited, own.pinned) = (Some(true), Some(true));
    let other = answer(6, 5, account("mallory", Some("far.example"), "Mallory"), "<p>Theirs.</p>");
    // Newest first, as a timeline is.
    let shown = [other, own];
    let page = home(
        &signed_in(),
        &Home {
            statuses: &shown,
            first: false,
            lists: &[],
            announcements: &[],
            shelf: false,
            read_upto: Some(5),
            read_at: None,
            away: false,
            steps: None,
            newest: Some(6),
            key: "k",
            visibility: "public",
            pager: Pager::default(),
        },
    );
    assert!(page.contains("name=\"unfavourite\" value=\"5\" aria-pressed=\"true\""), "{page}");
    assert!(
        page.contains("name=\"favourite\" value=\"6\" aria-pressed=\"false\"")
            && page.contains("name=\"unpin\" value=\"5\"")
    );
    assert!(page.contains("href=\"/compose?edit=5\"") && !page.contains("href=\"/compose?edit=6\""));
    assert!(page.contains("href=\"/@mallory@far.example/6\"") && page.contains("href=\"/report/7?post=6\""));
    assert_eq!(page.matches("class=\"read-line\"").count(), 1);
}

#[test]
fn people_who_are_named_are_met_here() {
    let mut named = status(5, ada(), "<p><a href=\"https://far.example/@bob\" class=\"mention\">@bob</a></p>");
    named.mentions = vec![web::entity::StatusMention {
        id: "9".to_owned(),
        username: "bob".to_owned(),
        url: "https://far.example/@bob".to_owned(),
        acct: "bob@far.example".to_owned(),
    }];
    let list = |site: &Site<'_>| {
        listed(
            site,
            &Listed {
                title: "x",
                empty: "bookmarks-empty",
                path: "/bookmarks",
                statuses: std::slice::from_ref(&named),
                pager: Pager::default(),
            },
        )
    };
    assert!(list(&signed_in()).contains("<a href=\"/@bob@far.example\" class=\"mention\">"));
    assert!(list(&lab::site()).contains("<a href=\"https://far.example/@bob\" class=\"mention\">"));
}

#[test]
fn a_profile_says_where_somebody_is_since_when() {
    let page = |account: &web::entity::Account| {
        let (pager, tab) = (Pager::default(), profile::Tab::Posts);
        let (featured, standing, away) = (None, None, None);
        profile(&signed_in(), &Profile { account, pinned: &[], statuses: &[], tab, pager, featured, standing, away })
    };
    let own = page(&ada());
    assert!(own.contains("Here since 2 April 2025."), "{own}");
    let far = page(&account("bob", Some("far.example"), "Bob"));
    assert!(far.contains("On <bdi>far.example</bdi> since 2 April 2025 at the latest."), "{far}");
    assert!(!far.contains("Here since"), "{far}");
}

#[test]
fn every_language_fills_every_page() {
    for (tag, _) in Words::choices().chain([("en-XA", "")]) {
        let site =
            Site { words: Words::in_language(tag).expect("a catalogue"), now: Some(1_795_000_000), ..signed_in() };
        for (name, page) in pages(&site, "") {
            assert!(page.contains(&format!("<html lang=\"{tag}\"")), "{name}");
        }
    }
}
