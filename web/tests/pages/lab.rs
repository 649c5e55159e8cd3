//! People and posts as they really come: long names, other directions of writing, warnings, polls, deep threads.

use std::sync::Arc;
use web::{
    entity::{
        Account, AccountLimits, AccountRole, FeatureApproval, Field, InteractionPolicy, InteractionRules,
        MediaAttachment, MediaLimits, Poll, PollLimits, PollOption, PreviewCard, Quote, Rule, Status, StatusLimits,
        V1Configuration, V1Instance, V1Stats, V1Urls,
    },
    layout::{Reading, Site, Viewer},
    page::thread::Thread,
    words::Words,
    zone::Zone,
};

pub(super) const ORIGIN: &str = "https://rock.test";
pub(super) const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='alert(2)' style=\"color:red\">";

pub(super) fn site() -> Site<'static> {
    Site {
        title: "Sunny Rock",
        domain: "rock.test",
        origin: ORIGIN,
        lab: false,
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
        theme: web::theme::Theme::System,
    }
}

/// A post by itself, as a thread.
pub(super) fn alone(status: &Status) -> Thread<'_> {
    Thread {
        status,
        ancestors: &[],
        descendants: &[],
        missing: 0,
        hidden: 0,
        order: None,
        followed: &[],
        trail: &[],
        more: None,
        start: None,
    }
}

pub(super) fn signed_in() -> Site<'static> {
    Site {
        lab: true,
        viewer: Some(Viewer {
            id: "3",
            username: "ada",
            form_token: "token",
            unread: 2,
            reading: Reading::default(),
            owns: true,
            storing: web::layout::Storing::Works,
        }),
        at: "/home",
        ..site()
    }
}

pub(super) fn account(username: &str, domain: Option<&str>, display_name: &str) -> Account {
    let origin = domain.map_or_else(|| ORIGIN.to_owned(), |domain| format!("https://{domain}"));
    let picture = |kind: &str| match domain {
        None => format!("{ORIGIN}/{kind}s/original/missing.png"),
        Some(_) => format!("{origin}/files/{kind}.png"),
    };
    Account {
        id: number_of(username).to_string(),
        username: username.to_owned(),
        acct: domain.map_or_else(|| username.to_owned(), |domain| format!("{username}@{domain}")),
        display_name: display_name.to_owned(),
        locked: false,
        bot: false,
        discoverable: Some(true),
        indexable: true,
        group: false,
        created_at: "2025-04-02T00:00:00.000Z".to_owned(),
        note: "<p>Sits in the sun. Writes about small animals, large rocks and <a href=\"https://rock.test/tags/databases\" class=\"mention hashtag\" rel=\"tag\">#<span>databases</span></a>.</p>".to_owned(),
        url: format!("{origin}/@{username}"),
        uri: format!("{origin}/users/{username}"),
        avatar: picture("avatar"),
        avatar_static: picture("avatar"),
        avatar_description: "A dassie before the evening sun".to_owned(),
        header: picture("header"),
        header_static: picture("header"),
        header_description: String::new(),
        followers_count: 1_234,
        following_count: 321,
        statuses_count: 4_567,
        last_status_at: Some("2026-11-20".to_owned()),
        hide_collections: Some(false),
        show_media: Some(true),
        show_media_replies: Some(true),
        show_featured: Some(true),
        feature_approval: FeatureApproval { automatic: Vec::new(), manual: Vec::new(), current_user: "denied" },
        noindex: domain.is_none().then_some(false),
        emojis: Vec::new(),
        roles: Vec::new(),
        fields: Vec::new(),
        moved: None,
        suspended: None,
        limited: None,
        memorial: None,
    }
}

/// Whom a page is about has a number of their own; otherwise it is enough that names of one length share one.
fn number_of(username: &str) -> usize {
    if username == "bob" { 30 } else { username.len() }
}

pub(super) fn ada() -> Account {
    Account {
        roles: vec![AccountRole { id: "3".to_owned(), name: "Owner".to_owned(), color: String::new() }],
        fields: vec![
            field("Pronouns", "she/her", None),
            field(
                "Site",
                "<a href=\"https://ada.example/\" rel=\"me nofollow noopener\">ada.example</a>",
                Some("2026-01-09T10:00:00.000Z"),
            ),
            field("العنوان", "مرحبا بالعالم", None),
        ],
        ..account("ada", None, "Ada of the Rocks")
    }
}

fn field(name: &str, value: &str, verified_at: Option<&str>) -> Field {
    Field { name: name.to_owned(), value: value.to_owned(), verified_at: verified_at.map(str::to_owned) }
}

pub(super) fn status(id: u64, account: Account, content: &str) -> Status {
    Status {
        id: id.to_string(),
        created_at: format!("2026-11-{:02}T18:05:00.000Z", id % 27 + 1),
        in_reply_to_id: None,
        in_reply_to_account_id: None,
        sensitive: false,
        spoiler_text: String::new(),
        visibility: "public",
        language: Some("en".to_owned()),
        uri: format!("{}/statuses/{id}", account.uri),
        url: Some(format!("{}/{id}", account.url)),
        replies_count: id % 4,
        reblogs_count: 12,
        favourites_count: 1_048,
        quotes_count: 0,
        edited_at: None,
        favourited: None,
        reblogged: None,
        muted: None,
        bookmarked: None,
        pinned: None,
        filtered: None,
        content: content.to_owned(),
        text: None,
        reblog: None,
        application: None,
        account: Arc::new(account.into()),
        media_attachments: Vec::new(),
        mentions: Vec::new(),
        tags: Vec::new(),
        emojis: Vec::new(),
        card: None,
        poll: None,
        quote: None,
        quote_approval: None,
        interaction_policy: open_to_all(),
        content_type: None,
        local_only: false,
        reactions: Vec::new(),
        pleroma: None,
        dassie: None,
    }
}

/// Everybody may do everything.
fn open_to_all() -> InteractionPolicy {
    let rules = || InteractionRules {
        automatic_approval: vec!["public"],
        manual_approval: Vec::new(),
        always: vec!["public"],
        with_approval: Vec::new(),
    };
    InteractionPolicy { can_favourite: rules(), can_reply: rules(), can_reblog: rules() }
}

pub(super) fn answer(id: u64, to: u64, account: Account, content: &str) -> Status {
    Status { in_reply_to_id: Some(to.to_string()), ..status(id, account, content) }
}

pub(super) fn medium(kind: &'static str, url: &str, description: Option<&str>) -> MediaAttachment {
    MediaAttachment {
        id: "1".to_owned(),
        kind,
        url: Some(url.to_owned()),
        preview_url: None,
        remote_url: None,
        text_url: None,
        meta: None,
        description: description.map(str::to_owned),
        blurhash: None,
    }
}

/// One post of every kind.
pub(super) fn posts() -> Vec<Status> {
    let bob = || account("bob", Some("far.example"), "Bob");
    let long = account(
        "a_very_long_username_indeed",
        Some("a-rather-long-domain-name.of-some-distant.example"),
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 🪨🌄 and friends",
    );
    let noor = account("noor", Some("mashriq.example"), "نور الدين");
    let poll = Poll {
        id: "1".to_owned(),
        expires_at: Some("2026-12-01T12:00:00.000Z".to_owned()),
        expired: false,
        multiple: false,
        votes_count: 17,
        voters_count: Some(17),
        options: [
            ("In the morning sun", 4),
            ("In the evening sun", 12),
            ("Under the rock, thank you very much, it is raining", 1),
        ]
        .map(|(title, votes)| PollOption { title: title.to_owned(), votes_count: Some(votes) })
        .to_vec(),
        emojis: Vec::new(),
        voted: None,
        own_votes: None,
    };
    vec![
        status(
            101,
            ada(),
            "<p>The log is the truth; everything else is a view of it.</p><p>Now for a long sit in the sun with <a href=\"https://far.example/@bob\" class=\"u-url mention\">@<span>bob</span></a>. <a href=\"https://rock.test/tags/Dassie\" class=\"mention hashtag\" rel=\"tag\">#<span>Dassie</span></a></p>",
        ),
        Status {
            edited_at: Some("2026-11-21T08:00:00.000Z".to_owned()),
            poll: Some(poll),
            ..status(102, ada(), "<p>When do you sit?</p>")
        },
        Status {
            spoiler_text: "Long talk about fsync and food".to_owned(),
            sensitive: true,
            media_attachments: vec![medium(
                "image",
                "https://rock.test/headers/original/missing.png",
                Some("Hills before the sun"),
            )],
            ..status(103, ada(), "<p>It is only durable once it is durable.</p>")
        },
        Status {
            media_attachments: vec![
                medium(
                    "image",
                    "https://far.example/files/1.jpg",
                    Some(
                        "Three dassies on a warm rock; the one in the middle yawns and shows its surprisingly long teeth.",
                    ),
                ),
                medium("video", "https://far.example/files/2.mp4", None),
            ],
            reblog: None,
            ..status(104, ada(), "<p>Two pictures from elsewhere.</p>")
        },
        Status {
            reblog: Some(Box::new(status(
                99,
                long,
                "<p>https://example.org/a/very/long/address/that/does/not/break/anywhere/because/it/has/no/spaces/in/it/at/all/whatsoever</p>",
            ))),
            content: String::new(),
            ..status(105, ada(), "")
        },
        Status {
            language: Some("ar".to_owned()),
            ..status(106, noor, "<p>صباح الخير! هذا منشور من اليمين إلى اليسار مع كلمة English في الوسط.</p>")
        },
        Status {
            media_attachments: vec![medium(
                "image",
                "https://rock.test/headers/original/missing.png",
                Some("Hills before the sun"),
            )],
            visibility: "unlisted",
            ..status(107, ada(), "<p>A picture of our own.</p>")
        },
        Status {
            card: Some(card()),
            quote: Some(Quote::Whole {
                state: "accepted",
                quoted_status: Some(Box::new(status(98, bob(), "<p>Rocks are underrated.</p>"))),
                unasked: None,
            }),
            ..status(108, ada(), "<p>Yes!</p>")
        },
        Status {
            sensitive: true,
            media_attachments: vec![medium("audio", "https://far.example/files/3.ogg", Some("Dassies barking"))],
            ..status(
                109,
                bob(),
                "<p><a href=\"https://example.org/x\" rel=\"nofollow noopener noreferrer\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.org/some/</span><span class=\"invisible\">thing/long</span></a></p>",
            )
        },
    ]
}

fn card() -> PreviewCard {
    PreviewCard {
        url: "https://en.example.org/wiki/Rock_hyrax".to_owned(),
        title: "Rock hyrax".to_owned(),
        description: "The rock hyrax, also called dassie, is a medium-sized terrestrial mammal.".to_owned(),
        kind: "link",
        author_name: String::new(),
        author_url: String::new(),
        provider_name: "The Encyclopedia".to_owned(),
        provider_url: String::new(),
        authors: Vec::new(),
        html: HOSTILE.to_owned(),
        width: 0,
        height: 0,
        image: None,
        image_description: String::new(),
        embed_url: String::new(),
        blurhash: None,
        language: None,
        published_at: None,
    }
}

/// Answers seven deep, and beside each other.
pub(super) fn deep() -> Vec<Status> {
    let people = ["ada", "bob", "cyd", "dee", "eli", "fay", "gus"];
    let mut found: Vec<Status> = (0..7)
        .map(|step| {
            let name = people[step as usize];
            answer(
                201 + step,
                200 + step,
                account(name, Some("far.example"), name),
                "<p>And then? It goes on, one step further in each time.</p>",
            )
        })
        .collect();
    found.push(answer(220, 200, ada(), "<p>Another answer to the first.</p>"));
    found
}

pub(super) fn instance() -> V1Instance {
    let rule = |id: &str, text: &str| Rule { id: id.to_owned(), text: text.to_owned(), hint: String::new() };
    V1Instance {
        uri: "rock.test".to_owned(),
        title: "Sunny Rock".to_owned(),
        short_description: "A quiet place for people who like databases, evening sun and small animals.".to_owned(),
        description: String::new(),
        email: "ada@rock.test".to_owned(),
        version: "4.5.0 (compatible; Dassie 0.1.0)".to_owned(),
        urls: V1Urls { streaming_api: "wss://rock.test".to_owned() },
        stats: V1Stats { user_count: 12, status_count: 34_567, domain_count: 890 },
        thumbnail: None,
        languages: vec!["en".to_owned()],
        registrations: false,
        approval_required: false,
        invites_enabled: false,
        configuration: V1Configuration {
            accounts: AccountLimits {
                max_featured_tags: 0,
                max_pinned_statuses: 5,
                max_profile_fields: 6,
                profile_field_name_limit: 255,
                profile_field_value_limit: 255,
                max_display_name_length: 60,
                max_note_length: 1000,
            },
            statuses: StatusLimits {
                max_characters: 5000,
                max_media_attachments: 0,
                characters_reserved_per_url: 23,
                supported_mime_types: Vec::new(),
            },
            media_attachments: MediaLimits {
                supported_mime_types: Vec::new(),
                description_limit: 0,
                image_size_limit: 0,
                image_matrix_limit: 0,
                video_size_limit: 0,
                video_frame_rate_limit: 0,
                video_matrix_limit: 0,
            },
            polls: PollLimits { max_options: 0, max_characters_per_option: 0, min_expiration: 0, max_expiration: 0 },
        },
        contact_account: Some(Arc::new(ada().into())),
        rules: vec![
            rule("1", "Be kind."),
            rule("2", "Say where a picture comes from, and describe it for those who cannot see it."),
        ],
        max_toot_chars: 5000,
    }
}
