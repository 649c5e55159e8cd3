//! One of each shape that peers send, written here; the documents of other projects are read by `tests/`.

use super::*;
use crate::{federation::address::Schemes, foreign::samples};
use serde_json::json;

fn note(extra: &Value) -> Note {
    let mut document = json!({
        "type": "Note", "id": "https://a.test/n", "attributedTo": "https://a.test/u", "content": "<p>x</p>",
        "to": PUBLIC, "published": "2026-01-01T00:00:00Z",
    });
    for (name, value) in extra.as_object().expect("an object") {
        document[name] = value.clone();
    }
    Note::read(&document).expect("a note")
}

fn actor(extra: &Value) -> Result<Actor, Unusable> {
    let mut document = json!({
        "type": "Person", "id": "https://a.test/u", "inbox": "https://a.test/u/inbox", "preferredUsername": "ann",
        "publicKey": {"id": "https://a.test/u#main-key", "owner": "https://a.test/u", "publicKeyPem": "pem"},
    });
    for (name, value) in extra.as_object().expect("an object") {
        document[name] = value.clone();
    }
    Actor::read(&document, Schemes::Https)
}

#[test]
fn times_of_every_spelling() {
    for (text, ms) in [
        ("2026-01-01T00:00:00Z", 1_767_225_600_000),
        ("2026-01-01T00:00:00.123456789Z", 1_767_225_600_123),
        ("2026-01-01T01:00:00+01:00", 1_767_225_600_000),
        ("2026-01-01T01:00:00+0100", 1_767_225_600_000),
        ("2026-01-01T00:00:00", 1_767_225_600_000),
        ("2026-01-01", 1_767_225_600_000),
        ("2026-01-01 00:00:00Z", 1_767_225_600_000),
    ] {
        assert_eq!(read::time(Some(&json!(text))), Some(storage::Timestamp(ms)), "{text}");
    }
    for bad in [
        json!("yesterday"),
        json!(""),
        json!(5),
        json!(null),
        json!("2026-13-01T00:00:00Z"),
        json!("2026-01-01T00:00:00+99:99"),
    ] {
        assert_eq!(read::time(Some(&bad)), None, "{bad}");
    }
}

#[test]
fn single_values_lists_nulls_and_objects_read_alike() {
    let scalars = note(
        &json!({"cc": "https://b.test/u", "tag": {"type": "Hashtag", "name": "cats"}, "inReplyTo": "https://b.test/n",
        "attachment": {"type": "Document", "url": "https://a.test/a.png"}}),
    );
    let lists = note(
        &json!({"cc": ["https://b.test/u"], "tag": [{"type": ["Hashtag"], "name": "#cats"}], "to": [PUBLIC],
        "inReplyTo": [{"id": "https://b.test/n"}], "attachment": [{"type": "Document", "url": ["https://a.test/a.png"]}]}),
    );
    assert_eq!(scalars, lists);
    assert_eq!(scalars.in_reply_to.as_deref(), Some("https://b.test/n"));
    let nulls = note(&json!({"summary": null, "inReplyTo": null, "tag": null, "attachment": null, "contentMap": null,
        "replies": null, "url": null, "updated": null, "sensitive": null, "source": null, "cc": null}));
    assert_eq!(nulls, note(&json!({})));
}

#[test]
fn audiences() {
    let of = |extra| note(&extra).audience(Some("https://a.test/u/followers"));
    for public in [PUBLIC, "as:Public", "Public"] {
        assert_eq!(of(json!({"to": public})), Audience::Public);
        assert_eq!(of(json!({"to": ["https://a.test/u/followers"], "cc": [public]})), Audience::Unlisted);
    }
    assert_eq!(of(json!({"to": "https://a.test/u/followers"})), Audience::Followers);
    assert_eq!(of(json!({"to": ["https://b.test/u"]})), Audience::Direct);
    assert_eq!(of(json!({"to": null, "bto": [PUBLIC], "bcc": [PUBLIC]})), Audience::Direct);
}

#[test]
fn content_and_language_of_every_spelling() {
    let of = |extra| {
        let note = note(&extra);
        (note.content_html, note.language)
    };
    let english = ("<p>x</p>".to_owned(), Some("en".to_owned()));
    assert_eq!(of(json!({"contentMap": {"de": "<p>y</p>", "en": "<p>x</p>"}})), english);
    assert_eq!(of(json!({"content": null, "contentMap": {"en": "<p>x</p>"}})), english);
    assert_eq!(of(json!({"content": {"@value": "<p>x</p>", "@language": "en"}})), english);
    assert_eq!(of(json!({"content": {"en": "<p>x</p>"}})), english);
    assert_eq!(of(json!({"language": {"identifier": "en"}})), english);
    assert_eq!(of(json!({"contentMap": {"und": "<p>x</p>"}})).1, None);
    assert_eq!(of(json!({"content": "a\u{0}b"})).0, "ab");
}

#[test]
fn links_are_chosen_by_type() {
    let url = json!([{"type": "Link", "href": "threads://x"}, {"type": "Link", "mediaType": "video/mp4", "href": "https://a.test/v.mp4"},
        {"type": "Link", "mediaType": "text/html", "href": "https://a.test/page"}]);
    assert_eq!(note(&json!({"url": url})).url.as_deref(), Some("https://a.test/page"));
    assert_eq!(note(&json!({"url": "javascript:alert(1)"})).url, None);
    assert_eq!(note(&json!({"url": "https://u:p@a.test/"})).url, None);
}

#[test]
fn attachments_of_all_shapes() {
    let all = note(&json!({"attachment": [
        {"type": "Image", "url": [{"type": "Link", "href": "https://a.test/a.webp", "mediaType": "image/webp", "width": 640}], "summary": "alt"},
        {"type": "Link", "href": "https://a.test/page"}, "https://a.test/b.jpg",
        {"type": "Document", "url": "javascript:alert(1)", "mediaType": "image/png"}, {"type": "PropertyValue", "name": "x", "value": "y"},
        {"type": "Document", "mediaType": "video/mp4", "url": "https://a.test/v", "name": "film", "focalPoint": [5, -0.5], "blurhash": "U"},
    ]})).attachments;
    let kinds: Vec<_> = all.iter().map(|one| (one.kind, one.url.as_str())).collect();
    assert_eq!(
        kinds,
        [
            (AttachmentKind::Image, "https://a.test/a.webp"),
            (AttachmentKind::Image, "https://a.test/b.jpg"),
            (AttachmentKind::Video, "https://a.test/v")
        ]
    );
    assert_eq!((all[0].description.as_deref(), all[0].width), (Some("alt"), Some(640)));
    assert_eq!((all[2].focus, all[2].blurhash.as_deref()), (Some((1.0, -0.5)), Some("U")));
}

#[test]
fn tags_mentions_and_emoji() {
    let it = note(&json!({"tag": [
        {"type": "Mention", "href": "https://b.test/u"}, {"type": "Mention", "name": "@bob@b.test"}, {"type": "Mention"},
        {"type": "Hashtag", "name": "#Ünïcode"}, {"type": "Hashtag", "name": "two words"}, {"type": "Hashtag"},
        {"type": "Emoji", "name": ":blob_cat:", "id": null, "icon": {"type": "Image", "url": "https://a.test/e.png"}},
        {"type": "Emoji", "name": ":<script>:", "icon": {"url": "https://a.test/e.png"}}, {"type": "Emoji", "name": ":x:"}, 5, null,
    ]}));
    assert_eq!(it.mentions.len(), 2);
    assert_eq!(it.hashtags, ["Ünïcode"]);
    assert_eq!(it.emojis.iter().map(|emoji| emoji.shortcode.as_str()).collect::<Vec<_>>(), ["blob_cat"]);
}

#[test]
fn quotes_in_five_spellings() {
    let uri = "https://b.test/q".to_owned();
    let legacy = Some(Quote::Legacy { uri: uri.clone() });
    for extra in [
        json!({"_misskey_quote": uri}),
        json!({"quoteUrl": uri}),
        json!({"quoteUri": uri}),
        json!({"tag": {"type": "Link", "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": uri}}),
    ] {
        assert_eq!(note(&extra).quote, legacy, "{extra}");
    }
    let native = json!({"quote": {"id": uri}, "quoteUrl": "https://c.test/", "quoteAuthorization": "https://b.test/s"});
    assert_eq!(note(&native).quote, Some(Quote::Native { uri, authorization: Some("https://b.test/s".to_owned()) }));
    let policy = json!({"interactionPolicy": {"canQuote": {"automaticApproval": PUBLIC, "manualApproval": ["https://a.test/f"]}}});
    let approval = Approval { automatic: vec![PUBLIC.to_owned()], manual: vec!["https://a.test/f".to_owned()] };
    assert_eq!(note(&policy).approval, Some(approval.clone()));
    let older =
        json!({"interactionPolicy": {"canQuote": {"always": [PUBLIC], "approvalRequired": "https://a.test/f"}}});
    assert_eq!(note(&older).approval, Some(approval), "GoToSocial's names before 0.20");
    assert_eq!(note(&json!({"interactionPolicy": {"canLike": {}}})).approval, None);
    let many = json!({"interactionPolicy": {"canQuote": {"automaticApproval": (0..500).map(|at| format!("https://a.test/{at}")).collect::<Vec<_>>()}}});
    assert!(note(&many).approval.is_some_and(|approval| approval.automatic.len() == 16));
    assert_eq!(note(&json!({"quote": {"type": "Tombstone"}})).quote, Some(Quote::Removed));
    assert_eq!(note(&json!({"tag": {"type": "Link", "href": "https://b.test/"}})).quote, None);
}

#[test]
fn policies_of_gotosocial_in_both_spellings() {
    let Some(samples) = samples() else { return };
    let sample = |name: &str| {
        let text = std::fs::read(samples.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        Note::read(&serde_json::from_slice::<Value>(&text).expect("a document")).expect("a note")
    };
    let (note, both) = (sample("gotosocial-note-policy.json"), sample("gotosocial-note.json"));
    let all = vec![PUBLIC.to_owned()];
    assert_eq!(note.policy.like, Some(Approval { automatic: all.clone(), manual: Vec::new() }));
    let reply = note.policy.reply.expect("who may answer");
    assert_eq!((reply.automatic.len(), &reply.manual), (4, &all));
    assert_eq!(note.policy.announce.expect("who may share").manual, all);
    assert_eq!(both.policy.reply, Some(Approval { automatic: all, manual: Vec::new() }));
    for nothing in [json!({}), json!({"canLike": null}), json!({"canLike": {}, "canSneeze": {"always": PUBLIC}})] {
        let stated = Note::read(&json!({"type": "Note", "interactionPolicy": nothing})).expect("a note").policy;
        assert_eq!(stated, Policy::default(), "{nothing}");
    }
}

#[test]
fn polls_and_votes() {
    let question = note(&json!({"type": "Question", "endTime": "2026-01-02T00:00:00Z", "votersCount": 3,
        "anyOf": [{"type": "Note", "name": "a", "replies": {"totalItems": 2}}, {"name": "b"}]}));
    let poll = question.poll.expect("a poll");
    assert!(poll.multiple && !poll.closed && poll.voters == Some(3) && poll.options[0].votes == 2);
    assert!(note(&json!({"name": "a", "content": null, "inReplyTo": "https://b.test/q"})).is_vote());
    assert!(!note(&json!({"name": "a", "inReplyTo": "https://b.test/q"})).is_vote());
    assert!(note(&json!({"name": "a", "content": "<br>", "inReplyTo": "https://b.test/q"})).is_vote());
    let nameless = Note::read(&json!({"type": "Note", "name": "a", "inReplyTo": "https://b.test/q"})).expect("a vote");
    assert!(nameless.is_vote() && nameless.id.is_none());
}

#[test]
fn a_poll_ends_when_it_says_that_it_was_or_will_be_closed() {
    let ending = |end_time: Value, closed: Value| {
        let question = json!({"type": "Question", "oneOf": [{"name": "a"}], "endTime": end_time, "closed": closed});
        let poll = note(&question).poll.expect("a poll");
        (poll.ends.map(|at| at.0), poll.closed)
    };
    let (earlier, later) = ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00.000000Z");
    let first = Some(1_767_312_000_000);
    // Pleroma and Akkoma: the end of the poll stands in `closed` alone, also before it.
    assert_eq!(ending(Value::Null, json!(earlier)), (first, false));
    // Mastodon: the same time twice, once it is over.
    assert_eq!(ending(json!(earlier), json!(earlier)), (first, false));
    assert_eq!(ending(json!(later), json!(earlier)), (first, false));
    assert_eq!(ending(json!(earlier), json!(later)), (first, false));
    assert_eq!(ending(json!(earlier), json!(true)), (first, true));
    for open in [json!(false), json!("false"), Value::Null] {
        assert_eq!(ending(json!(earlier), open), (first, false));
    }
    assert_eq!(ending(Value::Null, json!("some day")), (None, true));
}

#[test]
fn other_kinds_become_readable() {
    let page = note(&json!({"type": "Page", "name": "T <i>", "content": "<p>body</p>", "summary": "not a warning",
        "attachment": [{"type": "Link", "href": "https://c.test/x?a=1&b=2"}]}));
    assert_eq!(
        page.content_html,
        "<p><strong>T &lt;i&gt;</strong></p><p><a href=\"https://c.test/x?a=1&amp;b=2\">https://c.test/x?a=1&amp;b=2</a></p><p>body</p>"
    );
    assert_eq!(page.spoiler_text, "");
    let video = note(
        &json!({"type": "Video", "name": "V", "mediaType": "text/markdown", "content": "a < b\n\nc", "icon": [{"url": "https://a.test/i.jpg"}],
        "attributedTo": [{"type": "Group", "id": "https://a.test/c"}, {"type": "Person", "id": "https://a.test/p"}],
        "url": [{"mediaType": "text/html", "href": "https://a.test/w"}, {"mediaType": "video/mp4", "href": "https://a.test/v.mp4"}]}),
    );
    assert_eq!(video.attributed_to.as_deref(), Some("https://a.test/p"));
    assert!(video.content_html.ends_with("<p>a &lt; b</p><p>c</p>"), "{}", video.content_html);
    assert_eq!(video.attachments[0].preview_url.as_deref(), Some("https://a.test/i.jpg"));
    let event = note(
        &json!({"type": "Event", "name": "E", "startTime": "2026-01-02T20:00:00+01:00", "endTime": "2026-01-02T23:30:00+01:00",
            "location": {"type": "Place", "name": "Here", "address": {"streetAddress": "1 A St", "addressLocality": "B"}}}),
    );
    let facts = "2026-01-02 19:00 UTC – 2026-01-02 22:30 UTC<br />Here, 1 A St, B";
    assert!(event.content_html.contains(facts), "{}", event.content_html);
    let event = note(&json!({"type": "Event", "name": "E", "startTime": "soon", "location": "There"}));
    assert!(event.content_html.contains("soon<br />There"), "{}", event.content_html);
    let picture =
        note(&json!({"type": "Page", "name": "T", "attachment": [{"type": "Link", "href": "https://c.test/x.png"}]}));
    assert_eq!(picture.content_html, "<p><strong>T</strong></p><p>x</p>", "it is shown and needs no link");
    assert_eq!(picture.attachments[0].url, "https://c.test/x.png");
    let article = note(&json!({"type": "Article", "name": "A", "image": "https://a.test/feature.jpg?size=1"}));
    assert_eq!(article.attachments[0].url, "https://a.test/feature.jpg?size=1");
    let sound = note(&json!({"type": "Audio", "name": "S", "url": [
        {"type": "Link", "mimeType": "audio/ogg", "href": "https://a.test/listen?id=1"},
        {"type": "Link", "mimeType": "text/html", "href": "https://a.test/tracks/1"}]}));
    assert_eq!(sound.url.as_deref(), Some("https://a.test/tracks/1"));
    assert_eq!(sound.attachments[0].url, "https://a.test/listen?id=1");
    assert_eq!(kind(&json!({"type": ["https://schema.org/x", "Note"]})), Kind::Note);
    assert_eq!(kind(&json!({"type": "ChatMessage"})), Kind::Unknown("ChatMessage".to_owned()));
    assert_eq!(kind(&json!([])), Kind::Unknown(String::new()));
}

#[test]
fn actors_of_every_shape() {
    let full = actor(&json!({
        "type": ["Person", "x:Cat"], "webfinger": "ann@handle.test", "endpoints": {"sharedInbox": "https://a.test/inbox"},
        "publicKey": [{"id": "https://a.test/u#k1", "owner": "https://a.test/u", "publicKeyPem": "p1"},
            {"id": "https://a.test/u#k2", "owner": {"id": "https://a.test/u"}, "publicKeyPem": "p2"}],
        "assertionMethod": {"type": "Multikey", "id": "https://a.test/u#ed", "controller": "https://a.test/u", "publicKeyMultibase": "z6Mk"},
        "icon": [{"type": "Image", "url": "https://a.test/1.png"}, {"type": "Image", "url": "https://a.test/2.png"}], "image": "https://a.test/h.png",
        "attachment": [{"type": "PropertyValue", "name": "web", "value": "<a href='x'>"}, {"type": "Other"}],
        "alsoKnownAs": "https://b.test/u", "movedTo": {"id": "https://b.test/u"}, "url": [{"type": "Link", "href": "https://a.test/@ann"}],
        "attributionDomains": ["Blog.test."], "published": "2020-01-01", "manuallyApprovesFollowers": true, "name": null,
    })).expect("an actor");
    assert_eq!(
        full.keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(),
        ["https://a.test/u#k1", "https://a.test/u#k2", "https://a.test/u#ed"]
    );
    assert_eq!(
        full.key("https://a.test/u#ed").map(|key| &key.material),
        Some(&KeyMaterial::Multibase("z6Mk".to_owned()))
    );
    assert_eq!(full.proof_keys, ["https://a.test/u#ed"]);
    assert_eq!(full.icon.expect("an icon").url, "https://a.test/1.png");
    assert_eq!(full.image.expect("a header").url, "https://a.test/h.png");
    assert_eq!(
        (full.also_known_as.as_slice(), full.moved_to.as_deref()),
        (&["https://b.test/u".to_owned()][..], Some("https://b.test/u"))
    );
    assert_eq!(
        (full.url.as_deref(), full.attribution_domains.as_slice()),
        (Some("https://a.test/@ann"), &["blog.test".to_owned()][..])
    );
    assert!(full.fields.len() == 1 && full.manually_approves_followers && full.published.is_some());
    assert_eq!(full.shared_inbox.as_deref(), Some("https://a.test/inbox"));
}

#[test]
fn a_picture_of_an_actor_is_read_whatever_type_it_says_to_be() {
    let long = "x".repeat(3_000);
    for (kind, read) in [
        (json!(null), None),
        (json!(["image/png"]), None),
        (json!({}), None),
        (json!(7), None),
        (json!("text/html"), Some("text/html")),
        (json!(long), Some(&long[..100])),
    ] {
        let picture = json!({"type": "Image", "mediaType": kind, "url": "https://a.test/1"});
        let icon = actor(&json!({ "icon": picture })).expect("an actor").icon.expect("an icon");
        assert_eq!((icon.url.as_str(), icon.kind), ("https://a.test/1", AttachmentKind::Image), "{kind}");
        assert_eq!(icon.media_type.as_deref(), read, "{kind}");
    }
}

#[test]
fn what_an_actor_says_of_other_servers_is_not_taken() {
    assert!(actor(&json!({"inbox": "https://evil.test/inbox"})).is_err());
    assert!(actor(&json!({"inbox": "http://a.test/inbox"})).is_err());
    let it = actor(
        &json!({"endpoints": {"sharedInbox": "https://b.test/inbox"}, "url": "https://www.a.test/@ann", "followers": "https://b.test/f"}),
    );
    let it = it.expect("an actor");
    assert_eq!((it.shared_inbox, it.url, it.followers), (None, None, None));
    assert_eq!(
        actor(&json!({"preferredUsername": null, "webfinger": "acct:ann@a.test"})).expect("an actor").username,
        "ann"
    );
    assert!(actor(&json!({"preferredUsername": "a b"})).is_err());
    assert!(actor(&json!({"type": "Note"})).is_err());
    assert_eq!(
        actor(&json!({"name": "é".repeat(5_000)})).expect("an actor").name.chars().count(),
        limits::NAME_MAX_CHARS
    );
}

use crate::limits;

#[test]
fn activities_of_every_shape() {
    let of = |extra: Value| {
        let mut document = json!({"@context": [AS_NAMESPACE, {}], "id": "https://a.test/1", "type": "Like", "actor": "https://a.test/u", "object": "https://b.test/n"});
        for (name, value) in extra.as_object().expect("an object") {
            document[name] = value.clone();
        }
        let read = Activity::read(&document);
        let taken = Activity::read_around(&document).map(|mut activity| {
            activity.take_objects(document);
            activity
        });
        assert_eq!(read, taken);
        read
    };
    let like = of(json!({"actor": [{"id": "https://a.test/u"}], "type": ["Like", "x:Y"], "_misskey_reaction": "🙂"}))
        .expect("a Like");
    assert_eq!(
        (like.kind, like.actor.as_str(), like.content.as_deref()),
        (Some(ActivityKind::Like), "https://a.test/u", Some("🙂"))
    );
    assert_eq!(like.object(), Some(&Thing::Uri("https://b.test/n".to_owned())));
    let votes =
        of(json!({"type": "Create", "object": [{"type": "Note", "id": "https://a.test/v1"}, {"type": "Note"}, 7]}))
            .expect("a Create");
    assert_eq!(votes.objects.len(), 2);
    assert_eq!(of(json!({"type": "Listen"})).expect("unknown is an activity").kind, None);
    for bad in [
        json!({"@context": null}),
        json!({"@context": {"@vocab": AS_NAMESPACE}}),
        json!({"type": null}),
        json!({"actor": null}),
        json!({"actor": ["https://a.test/u", "https://b.test/u"]}),
    ] {
        assert!(of(bad.clone()).is_err(), "{bad}");
    }
    for name in ["Create", "Move", "QuoteRequest", "EmojiReact"] {
        assert_eq!(ActivityKind::from_name(name).map(ActivityKind::name), Some(name));
    }
    let mut blind = json!({"bto": 1, "bcc": 2, "to": 3, "object": {"bto": 1, "x": 2}});
    strip_blind(&mut blind);
    assert_eq!(blind, json!({"to": 3, "object": {"x": 2}}));
}

#[test]
fn collections_and_pages() {
    let page = Collection::read(
        &json!({"type": "OrderedCollectionPage", "orderedItems": ["https://a.test/1", {"id": "https://a.test/2"}],
        "next": "https://a.test/o?page=2", "partOf": {"id": "https://a.test/o"}}),
    )
    .expect("a page");
    assert_eq!(
        page.items.iter().map(Thing::id).collect::<Vec<_>>(),
        [Some("https://a.test/1"), Some("https://a.test/2")]
    );
    assert!(page.is_page && page.part_of.as_deref() == Some("https://a.test/o"));
    let inline = Collection::read(
        &json!({"type": "Collection", "totalItems": 2.0, "first": {"type": "CollectionPage", "items": "https://a.test/1"}}),
    );
    assert_eq!(inline.expect("a collection").total_items, Some(2));
    assert!(Collection::read(&json!({"type": "Note"})).is_err());
}

#[test]
fn lists_are_cut_at_their_bounds() {
    let many: Vec<String> = (0..5_000).map(|n| format!("https://b.test/{n}")).collect();
    let it = note(&json!({"to": many, "attachment": many}));
    assert_eq!((it.to.len(), it.attachments.len()), (limits::RECIPIENTS_MAX, limits::ATTACHMENTS_MAX));
    let tags: Vec<Value> =
        (0..5_000).map(|n| json!({"type": "Mention", "href": format!("https://b.test/{n}")})).collect();
    assert_eq!(note(&json!({"tag": tags})).mentions.len(), limits::DOCUMENT_TAGS_MAX);
}

#[test]
fn only_the_two_types_of_a_response_count() {
    for good in [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        "application/ld+json; charset=utf-8; profile=\"https://x.test https://www.w3.org/ns/activitystreams\"",
    ] {
        assert!(is_activity_type(good), "{good}");
    }
    for bad in [
        "",
        "application/json",
        "application/ld+json",
        "text/html",
        "application/ld+json; profile=\"https://x.test\"",
        "image/png",
    ] {
        assert!(!is_activity_type(bad), "{bad}");
    }
}

/// Every document of other projects is read as what it is: none panics, and what peers really send is usable.
#[test]
fn documents_of_other_projects_are_read() {
    let Some(samples) = samples() else { return };
    let files = std::fs::read_dir(&samples).expect("a directory");
    let (mut read, mut unusable) = (0, Vec::new());
    for file in files {
        let path = file.expect("a directory entry").path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // One is a template.
        let text = std::fs::read_to_string(&path).expect("a sample").replace("{{DOMAIN}}", "mastodon.test");
        let document = crate::federation::json::parse(text.as_bytes()).unwrap_or_else(|why| panic!("{name}: {why}"));
        let outcome = match kind(&document) {
            Kind::Actor => Actor::read(&document, Schemes::Lab).map(drop),
            Kind::Note => Note::read(&document).map(drop),
            Kind::Activity => Activity::read_inner(&document).map(|activity| {
                for thing in activity.objects.iter().filter_map(Thing::inline) {
                    // Whatever is inside is read as well; it may be anything.
                    let _ = (Note::read(thing), Activity::read_inner(thing), Actor::read(thing, Schemes::Lab));
                }
            }),
            Kind::Collection => Collection::read(&document).map(drop),
            Kind::Tombstone | Kind::Unknown(_) => Ok(()),
        };
        match outcome {
            Ok(()) => read += 1,
            Err(why) => unusable.push((name, why.0)),
        }
    }
    println!("documents: {read} read, {} unusable: {unusable:?}", unusable.len());
    unusable.sort();
    // A foreign inbox; ids and actors that are no http ids (a converter's, off no wire); a key's stub without inbox.
    let expected = [
        "bridgyfed-actor-2.json",
        "bridgyfed-announce.json",
        "bridgyfed-like.json",
        "edge-actor-foreign-inbox.json",
        "gotosocial-key-stub-2.json",
        "gotosocial-key-stub.json",
    ];
    assert_eq!(unusable.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), expected, "{unusable:?}");
    assert!(read > 250, "{read}");
}

#[test]
fn a_report_says_why_in_either_place() {
    for (name, said) in [("content", "too loud"), ("summary", "spam")] {
        let mut flag = json!({"type": "Flag", "actor": "https://a.test/u", "object": "https://b.test/u"});
        flag[name] = json!(said);
        let read = Activity::read_inner(&flag).expect("an activity");
        assert_eq!(read.content.as_deref(), Some(said));
    }
    let like =
        json!({"type": "Like", "actor": "https://a.test/u", "object": "https://b.test/n", "summary": "no emoji"});
    assert_eq!(Activity::read_inner(&like).expect("an activity").content, None);
}
