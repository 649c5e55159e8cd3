//! What makes a client of the pages: words given back, threads in one, boosts in one, slow lines.

use super::{
    check,
    lab::{HOSTILE, account, ada, alone, answer, posts, signed_in, site, status},
};
use std::sync::Arc;
use web::{
    entity::Status,
    layout::Site,
    page::{
        Pager,
        compose::{Typed, TypedMedia},
        home::{Home, home},
        kept::kept,
        thread::{Order, Thread, thread},
    },
};

fn at_home(site: &Site<'_>, statuses: &[Status]) -> String {
    let page = Home {
        statuses,
        first: true,
        lists: &[],
        announcements: &[],
        shelf: false,
        read_upto: Some(904),
        read_at: None,
        away: false,
        steps: None,
        newest: None,
        key: "k",
        visibility: "public",
        pager: Pager::default(),
    };
    home(site, &page)
}

#[test]
fn words_are_given_back_whatever_they_are() {
    let typed = Typed {
        text: format!("\n{HOSTILE}"),
        warning: HOSTILE.to_owned(),
        options: vec![HOSTILE.to_owned()],
        media: vec![TypedMedia { id: "1".to_owned(), description: HOSTILE.to_owned(), focus: String::new() }],
        key: HOSTILE.to_owned(),
        ..Typed::default()
    };
    let page = kept(&site(), &typed);
    check("kept", &page, &site());
    assert!(!page.contains("<script>") && page.contains(">\n\n&quot;&gt;&lt;script&gt;"), "{page}");
    assert!(page.contains("target=\"_blank\" rel=\"noopener\""), "{page}");
}

#[test]
fn what_an_author_says_in_several_posts_is_joined_before_what_others_answer() {
    let root = status(200, ada(), "<p>One</p>");
    let by = |name: &str| account(name, None, name);
    let below = [
        answer(201, 200, by("bob"), "<p>Hm</p>"),
        answer(202, 200, ada(), "<p>Two</p>"),
        answer(203, 202, by("bob"), "<p>Oh</p>"),
        answer(204, 202, ada(), "<p>Three</p>"),
        answer(205, 201, ada(), "<p>To bob</p>"),
    ];
    let page = thread(&site(), &Thread { descendants: &below, ..alone(&root) });
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}: {page}"));
    let order = [
        "Part 1 of 3",
        "<p>One",
        "Part 2 of 3",
        "<p>Two",
        "Part 3 of 3",
        "<p>Three",
        ">3 replies in all</h2>",
        "<p>Hm",
    ];
    assert!(order.map(place).is_sorted(), "{page}");
    assert_eq!(page.matches("class=\"turn\"").count(), 3);
    assert!(page.contains("class=\"below level-2\"") && !page.contains("level-3"), "{page}");
    // From the last part, the others stand above.
    let parts = [root.clone(), below[1].clone()];
    let page = thread(&site(), &Thread { ancestors: &parts, ..alone(&below[3]) });
    assert_eq!(page.matches("class=\"turn\"").count(), 3, "{page}");
    let alone = thread(&site(), &Thread { descendants: &below[..1], ..alone(&root) });
    assert!(!alone.contains("class=\"turn\""), "one post is no thread: {alone}");
}

#[test]
fn what_several_people_boosted_is_shown_once_with_their_names() {
    let original = status(100, ada(), "<p>Warm</p>");
    let boost = |id: u64, name: &str| Status {
        reblog: Some(Box::new(original.clone())),
        ..status(id, account(name, None, name), "")
    };
    let other = status(905, account("zoe", None, "zoe"), "<p>Cold</p>");
    let all = [boost(909, "bob"), boost(908, "cy"), boost(907, HOSTILE), other, boost(903, "dee")];
    let once = |count: usize| at_home(&signed_in(), &all[..count]);
    assert!(once(1).contains("<bdi>bob</bdi> boosted"));
    assert!(once(2).contains("<bdi>bob</bdi> and <bdi>cy</bdi> boosted"), "{}", once(2));
    assert!(once(3).contains("<bdi>cy</bdi> and 1 other boosted"), "{}", once(3));
    let page = at_home(&signed_in(), &all);
    assert!(page.contains("<bdi>bob</bdi>, <bdi>cy</bdi> and 2 others boosted"), "{page}");
    assert_eq!((page.matches("<article").count(), page.matches("<p>Warm").count()), (2, 1), "{page}");
    check("home", &page, &signed_in());
}

#[test]
fn slow_lines_load_no_pictures() {
    let slow = Site { light: true, ..signed_in() };
    for site in [slow, Site { viewer: None, ..slow }] {
        let page = at_home(&site, &posts());
        check("slow", &page, &site);
        assert!(!page.contains("<img") && page.contains("Load picture") && page.contains("data-picture"), "{page}");
    }
    assert!(at_home(&signed_in(), &posts()).contains("<img"));
    let shared = Status { account: Arc::new(ada().into()), ..posts()[0].clone() };
    assert!(!at_home(&slow, &[shared]).contains("avatar"));
}

#[test]
fn replies_of_people_one_follows_come_first_with_what_answers_them() {
    let reply = |id, to, who: &str| answer(id, to, account(who, None, who), &format!("<p>number {id}</p>"));
    let below = [reply(2, 1, "stranger"), reply(3, 2, "friend"), reply(4, 1, "friend"), reply(5, 4, "stranger")];
    let root = status(1, ada(), "<p>root</p>");
    let followed = [below[1].account.id.clone()];
    let order = |order| {
        let page = thread(
            &signed_in(),
            &Thread { descendants: &below, order: Some(order), followed: &followed, ..alone(&root) },
        );
        let at = |id: usize| page.find(&format!("number {id}")).expect("it is there");
        let mut ids = [2, 3, 4, 5];
        ids.sort_by_key(|id| at(*id));
        ids
    };
    assert_eq!(order(Order::Oldest), [2, 3, 4, 5]);
    assert_eq!(order(Order::Followed), [4, 5, 2, 3]);
}

#[test]
fn boosts_can_stand_apart_above_the_rest() {
    let boosted = Status { reblog: Some(Box::new(status(100, ada(), "<p>Warm</p>"))), ..status(909, ada(), "") };
    let all = [boosted, status(905, ada(), "<p>Cold</p>")];
    let page = Home {
        statuses: &all,
        first: true,
        lists: &[],
        announcements: &[],
        shelf: true,
        read_upto: None,
        read_at: None,
        away: false,
        steps: None,
        newest: None,
        key: "k",
        visibility: "public",
        pager: Pager::default(),
    };
    let apart = home(&signed_in(), &page);
    check("home-shelf", &apart, &signed_in());
    let (shelf, rest) = apart.split_once("</details>").expect("a shelf");
    let place = |text: &str, inside: &str| inside.contains(text);
    assert!(place("1 boosted post", shelf) && place("Warm", shelf) && !place("Cold", shelf), "{apart}");
    assert!(place("Cold", rest), "{apart}");
    let among = home(&signed_in(), &Home { shelf: false, ..page });
    assert!(!among.contains("part shelf") && among.contains("?boosts=shelf"), "{among}");
}
