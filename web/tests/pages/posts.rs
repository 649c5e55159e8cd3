//! What posts hold beside their words: emoji, covered pictures, descriptions, deep threads, who gets them.

use super::lab::{account, ada, alone, answer, medium, signed_in, site, status};
use web::{
    entity::{
        CustomEmoji, DassieStatus, Filter, FilterResult, Poll, PollOption, Quote, QuotedPage, ShownStatus, Status,
        StatusMarks, StatusMention, WrittenStatus, write_page,
    },
    layout::Site,
    page::{
        Pager,
        listed::{Listed, listed},
        report::{Report, report},
        thread::{Thread, thread},
    },
};

fn list(site: &Site<'_>, statuses: &[Status]) -> String {
    listed(
        site,
        &Listed { title: "x", empty: "bookmarks-empty", path: "/bookmarks", statuses, pager: Pager::default() },
    )
}

fn cat() -> CustomEmoji {
    CustomEmoji {
        shortcode: "cat".to_owned(),
        url: "https://rock.test/media/cat.gif".to_owned(),
        static_url: "https://rock.test/media/cat.png".to_owned(),
        visible_in_picker: false,
        category: None,
    }
}

/// A poll that is over, without answers.
fn closed_poll() -> Poll {
    Poll {
        id: "1".to_owned(),
        expires_at: None,
        expired: true,
        multiple: false,
        votes_count: 0,
        voters_count: None,
        options: Vec::new(),
        emojis: Vec::new(),
        voted: None,
        own_votes: None,
    }
}

#[test]
fn emoji_are_drawn_in_names_texts_warnings_and_polls_and_are_words_where_the_line_is_slow() {
    let mut bob = account("bob", Some("far.example"), "Bob :cat:");
    bob.emojis = vec![cat()];
    let options = vec![PollOption { title: "Yes :cat:".to_owned(), votes_count: Some(0) }];
    let poll = Poll { options, emojis: vec![cat()], ..closed_poll() };
    let post = Status {
        spoiler_text: "Hm :cat:".to_owned(),
        emojis: vec![cat()],
        poll: Some(poll),
        ..status(5, bob, "<p>A :cat: and a <code>:cat:</code></p>")
    };
    let drawn = list(&signed_in(), std::slice::from_ref(&post));
    assert_eq!(drawn.matches("<img class=\"emoji\" src=\"/media/cat.png\" alt=\":cat:\"").count(), 4, "{drawn}");
    assert!(drawn.contains("<code>:cat:</code>") && !drawn.contains("cat.gif"));
    let slow = list(&Site { light: true, ..signed_in() }, &[post]);
    assert!(!slow.contains("class=\"emoji\"") && slow.contains("Bob :cat:") && slow.contains("A :cat: and"), "{slow}");
}

#[test]
fn a_poll_says_on_which_day_it_closed_also_within_the_first_week() {
    let poll = Poll {
        expires_at: Some("2026-12-01T12:00:00.000Z".to_owned()),
        options: vec![PollOption { title: "Yes".to_owned(), votes_count: Some(0) }],
        ..closed_poll()
    };
    let post = Status { poll: Some(poll), ..status(5, ada(), "<p>Warm?</p>") };
    // Two days after it closed.
    let drawn = list(&Site { now: Some(1_796_299_200), ..signed_in() }, &[post]);
    assert!(drawn.contains("closed on <time datetime=\"2026-12-01T12:00:00.000Z\">1 December 2026, 12:00"), "{drawn}");
}

#[test]
fn an_answer_without_words_is_called_by_its_number() {
    let option = |title: &str| PollOption { title: title.to_owned(), votes_count: Some(1) };
    for voted in [Some(false), Some(true)] {
        let poll = Poll {
            expired: false,
            votes_count: 3,
            voters_count: Some(3),
            options: vec![option("Yes"), option(" "), option("")],
            voted,
            ..closed_poll()
        };
        let drawn = list(&signed_in(), &[Status { poll: Some(poll), ..status(5, ada(), "<p>Warm?</p>") }]);
        for said in [">Yes</span>", ">Answer 2</span>", ">Answer 3</span>"] {
            assert!(drawn.contains(said), "{voted:?} {said}: {drawn}");
        }
    }
}

fn relayed(relay: Option<&str>) -> Status {
    let dassie = DassieStatus { relay: relay.map(str::to_owned) };
    Status { dassie: Some(dassie), ..status(6, account("bob", Some("far.example"), "Bob"), "<p>Rain</p>") }
}

#[test]
fn a_post_says_which_relay_it_came_through_and_is_no_boost() {
    let drawn = list(&signed_in(), &[relayed(Some("relay.example"))]);
    assert!(drawn.contains("<span>through <bdi>relay.example</bdi></span>"), "{drawn}");
    assert!(!drawn.contains("boosted") && !drawn.contains("class=\"above\""), "{drawn}");
    assert!(list(&signed_in(), &[relayed(None)]).contains("<span>through a relay</span>"));
    let home = list(&signed_in(), &[relayed(Some("relay.example")).at_home()]);
    assert!(!home.contains("relay"), "{home}");
}

#[test]
fn what_is_written_once_says_so_but_at_home() {
    let written = |post: &Status| std::sync::Arc::new(WrittenStatus::new(post).expect("it says nothing of a viewer"));
    let read = |page: Vec<ShownStatus>| -> serde_json::Value {
        serde_json::from_slice(&write_page(&page, 0).expect("JSON")).expect("JSON")
    };
    let (post, plain) = (relayed(Some("relay.example")), status(7, ada(), "<p>,\"dassie\":{}</p>"));
    let page = || {
        let shared = Some(written(&post));
        vec![
            ShownStatus::Written { status: written(&post), shared: None, marks: StatusMarks::default() },
            ShownStatus::Written { status: written(&plain), shared, marks: StatusMarks::default() },
            ShownStatus::Drawn(Box::new(post.clone())),
        ]
    };
    let all = read(page());
    let told = serde_json::json!({"relay": "relay.example"});
    assert_eq!((&all[0]["dassie"], &all[1]["reblog"]["dassie"], &all[2]["dassie"]), (&told, &told, &told));
    assert!(all[1].get("dassie").is_none());
    let home = read(page().into_iter().map(ShownStatus::at_home).collect());
    assert_eq!(
        (&home[0]["id"], &home[1]["reblog"]["id"], &home[1]["content"]),
        (&all[0]["id"], &all[1]["reblog"]["id"], &all[1]["content"])
    );
    assert!([&home[0], &home[1], &home[1]["reblog"], &home[2]].iter().all(|post| post.get("dassie").is_none()));
}

/// A post that quotes without a word of whom it quotes.
fn unasked(id: &str, acct: &str, url: &str) -> Status {
    let unasked = Some(QuotedPage { id: id.to_owned(), acct: acct.to_owned(), url: url.to_owned() });
    let content = "<p>So</p><span class=\"quote-inline\">RE: <a href=\"https://far.example/notes/8\">x</a></span>";
    let quote = Some(Quote::Whole { state: "pending", quoted_status: None, unasked });
    Status { quote, ..status(9, account("bob", Some("far.example"), "Bob"), content) }
}

#[test]
fn what_is_quoted_without_asking_is_a_link_here_or_at_its_origin_and_only_to_the_web() {
    let words = "<p>Quotes a post; its author was not asked, or has not agreed.</p>";
    let (far, hidden) = ("https://far.example/notes/8", "A quoted post that cannot be shown.");
    let way = |href: &str| format!("<a href=\"{href}\">The quoted post</a>");
    let outside = format!("<a href=\"{far}\" rel=\"nofollow noopener noreferrer\">The quoted post</a>");
    for (site, post, way) in [
        (signed_in(), unasked("8", "cyd@far.example", far), way("/@cyd@far.example/8")),
        (site(), unasked("8", "cyd@far.example", far), outside.clone()),
        (signed_in(), unasked("", "", far), outside),
        (site(), unasked("8", "ada", "https://rock.test/@ada/8"), way("/@ada/8")),
    ] {
        let drawn = list(&site, std::slice::from_ref(&post));
        assert!(drawn.contains(words) && drawn.contains(&way) && !drawn.contains(hidden), "{way}: {drawn}");
        assert!(drawn.contains("class=\"content quotes\""), "the link in its words is a second one: {drawn}");
    }
    for away in ["//evil.example/", "/\\evil.example/", "/\t/evil.example/"] {
        assert_eq!(site().path(&format!("https://rock.test{away}")), None, "{away:?}");
    }
    for odd in ["javascript:alert(1)", "ap://did:key:x/notes/8", ""] {
        let drawn = list(&signed_in(), &[unasked("", "", odd)]);
        assert!(
            drawn.contains(hidden) && !drawn.contains(words) && !drawn.contains("The quoted post"),
            "{odd}: {drawn}"
        );
        assert!(drawn.contains("class=\"content\"") && !drawn.contains("javascript"), "{odd}: {drawn}");
    }
    let written = serde_json::to_value(unasked("8", "cyd@far.example", far).quote).expect("JSON");
    assert_eq!(written, serde_json::json!({"state": "pending", "quoted_status": null}), "apps see nothing of it");
}

#[test]
fn a_quote_whose_author_has_not_answered_says_so_and_one_that_was_refused_does_not() {
    let (waits, hidden) = ("A quoted post; its author has not agreed yet.", "A quoted post that cannot be shown.");
    let content = "<span class=\"quote-inline\">RE: <a href=\"https://far.example/notes/8\">x</a></span><p>So</p>";
    let states = [("pending", waits, hidden), ("rejected", hidden, waits), ("revoked", hidden, waits)];
    for (state, said, unsaid) in states {
        let quote = Some(Quote::Whole { state, quoted_status: None, unasked: None });
        let drawn = list(&signed_in(), &[Status { quote, ..status(9, ada(), content) }]);
        assert!(drawn.contains(said) && !drawn.contains(unsaid), "{state}: {drawn}");
        // Its own words are the way there.
        assert!(drawn.contains("class=\"content\""), "{state}: {drawn}");
    }
}

#[test]
fn a_quoted_post_tells_of_its_pictures_and_its_poll_also_where_it_has_no_words() {
    let picture = medium("image", "https://rock.test/headers/original/missing.png", None);
    let drawn = |quoted: Status| {
        let quote = Quote::Whole { state: "accepted", quoted_status: Some(Box::new(quoted)), unasked: None };
        let page = list(&signed_in(), &[Status { quote: Some(quote), ..status(9, ada(), "<p>So</p>") }]);
        page.split_once("class=\"quote\"").expect("a quote").1.to_owned()
    };
    let silent = drawn(Status { media_attachments: vec![picture.clone(), picture.clone()], ..status(8, ada(), "") });
    assert!(silent.contains(">2 pictures</p>") && !silent.contains("class=\"content\""), "{silent}");
    let asked =
        Status { media_attachments: vec![picture], poll: Some(closed_poll()), ..status(8, ada(), "<p>Warm?</p>") };
    let asked = drawn(asked);
    assert!(asked.contains("Warm?") && asked.contains(">1 picture · Poll</p>"), "{asked}");
    let plain = drawn(status(8, ada(), "<p>Warm</p>"));
    assert!(plain.contains("Warm") && !plain.contains("picture<") && !plain.contains(">Poll"), "{plain}");
}

#[test]
fn a_post_to_report_that_has_no_words_is_told_by_its_pictures() {
    let picture = medium("image", "https://rock.test/headers/original/missing.png", None);
    let bob = account("bob", Some("far.example"), "Bob");
    let silent = Status { media_attachments: vec![picture], ..status(8, bob.clone(), "") };
    let page = Report {
        account: &bob,
        statuses: &[silent, status(9, bob.clone(), "<p>Warm</p>")],
        chosen: &[],
        rules: &[],
        broken: &[],
        category: "spam",
        comment: "",
        problem: None,
    };
    let page = report(&signed_in(), &page);
    assert!(page.contains(">No words<span class=\"note\">") && page.contains(" · 1 picture</span>"), "{page}");
    assert!(page.contains(">Warm<span class=\"note\">") && page.matches("picture</span>").count() == 1, "{page}");
}

fn blurred(status: Status) -> Status {
    let filter = Filter {
        id: "1".to_owned(),
        title: "Spiders".to_owned(),
        context: vec!["home"],
        expires_at: None,
        filter_action: "blur",
        keywords: None,
        statuses: None,
    };
    Status { filtered: Some(vec![FilterResult { filter, keyword_matches: None, status_matches: None }]), ..status }
}

#[test]
fn a_filter_that_covers_pictures_leaves_the_words_and_says_what_is_to_be_seen() {
    let picture = medium("image", "https://rock.test/headers/original/missing.png", Some("A spider in its web"));
    let post = Status { media_attachments: vec![picture], ..status(5, ada(), "<p>Look at this.</p>") };
    let open = list(&signed_in(), std::slice::from_ref(&post));
    assert!(!open.contains("Filtered:") && open.contains(">ALT</summary>"), "{open}");
    let fold = "<details><summary>Filtered: <bdi>Spiders</bdi></summary><ul class=\"media\">";
    for warning in ["", "Animals"] {
        let post = blurred(Status { spoiler_text: warning.to_owned(), ..post.clone() });
        let page = list(&signed_in(), &[post]);
        let at = page.find(fold).unwrap_or_else(|| panic!("{warning}: {page}"));
        let (before, behind) = page.split_at(at);
        assert!(
            before.contains("Look at this.")
                && before.contains(">Description: </span><span dir=\"auto\">A spider in its web</span></p>"),
            "{page}"
        );
        assert!(behind.contains("missing.png"), "{page}");
    }
}

#[test]
fn what_is_too_deep_goes_on_at_the_reply_it_follows() {
    let root = status(200, account("bob", Some("far.example"), "Bob"), "<p>Root</p>");
    let chain: Vec<Status> = (1..=7)
        .map(|step| answer(200 + step, 199 + step, account("cyd", Some("far.example"), "Cyd"), "<p>So</p>"))
        .collect();
    let page = thread(&signed_in(), &Thread { descendants: &chain, hidden: 2, ..alone(&root) });
    let way =
        "<li class=\"further level-4\"><a href=\"/@cyd@far.example/204#replies\">Continue this thread (3 replies)</a>";
    assert!(page.contains(way) && !page.contains("id=\"post-205\""), "{page}");
    assert!(
        page.contains("<details open><summary>6 replies</summary>") && page.contains(">7 replies in all</h2>"),
        "{page}"
    );
    assert!(page.contains("Your filters hide 2 posts of this thread."));
    // A guest has no page here of what others wrote elsewhere.
    let page = thread(&site(), &Thread { descendants: &chain, ..alone(&root) });
    assert!(page.contains("id=\"post-207\"") && !page.contains("further"), "{page}");
}

#[test]
fn a_post_in_a_list_says_whom_it_answers() {
    let bob = account("bob", Some("far.example"), "Bob");
    let named = StatusMention {
        id: bob.id.clone(),
        username: bob.username.clone(),
        url: bob.url.clone(),
        acct: bob.acct.clone(),
    };
    let to = |id: &str| Status {
        in_reply_to_id: Some("4".to_owned()),
        in_reply_to_account_id: Some(id.to_owned()),
        mentions: vec![named.clone()],
        ..status(5, ada(), "<p>So it is.</p>")
    };
    let drawn = list(&signed_in(), &[to(&bob.id)]);
    assert!(drawn.contains("Answers <bdi>@bob@far.example</bdi>"), "{drawn}");
    assert!(!list(&signed_in(), &[to(&ada().id)]).contains("Answers"), "oneself is not named");
    assert!(!list(&signed_in(), &[status(5, ada(), "<p>So it is.</p>")]).contains("Answers"));
}
