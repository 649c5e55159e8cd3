//! Writing and what becomes of it with nothing but forms: several pictures, drafts by themselves, later, edits, approval,
//! quotes, who liked it.

use crate::{
    browser::{Browser, Form, with},
    call::id,
    lab::World,
    pictures::jpeg,
    settings::signed_in,
    web::Reply,
};
use serde_json::Value;

const TEXT: &str = "Der Felsen ist noch lange warm, nachdem die Sonne hinter den Hügeln untergegangen ist, und wir \
                    sitzen dort, bis die Sterne über dem Tal stehen.";

/// The form of the composer.
async fn form(browser: &mut Browser) -> Form {
    Form::on(&browser.get("/compose").await, "/compose").with("visibility", "public")
}

/// What stands behind `before` up to a quote.
fn between(page: &Reply, before: &str) -> String {
    let text = page.text();
    let (_, behind) = text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}"));
    behind.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_posted_yet_is_a_draft_and_goes_with_its_post() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let written = form(&mut browser).await.with("status", TEXT);
    let (one, two) = (jpeg(32, 16, 1), jpeg(32, 16, 2));
    let attached = browser.upload(&written.with("do", "attach"), &[("file", &one[..]), ("file", &two[..])]).await;
    assert_eq!(attached.text().matches("name=\"media_ids[]\"").count(), 2, "{}", attached.text());
    let draft = between(&attached, "name=\"draft\" value=\"");
    assert!(browser.get("/drafts").await.text().contains("Der Felsen"), "the browser may close now");
    // The same draft, however often the form is sent.
    let again = Form::on(&attached, "/compose").with("status", TEXT);
    let again = again.with("visibility", "public").with("language", "guess").with("content_type", "text/markdown");
    let looked = browser.submit(&again.with("do", "preview"), &[]).await;
    assert_eq!(between(&looked, "name=\"draft\" value=\""), draft);
    assert!(looked.text().contains("looks like this language: German"), "{}", looked.text());
    assert!(looked.text().contains("value=\"text/markdown\" selected"), "{}", looked.text());
    assert_eq!(browser.get("/drafts").await.text().matches("/compose?draft=").count(), 1);
    let five = [one.as_slice(); 5].map(|bytes| ("file", bytes));
    let refused = browser.upload(&written.with("do", "attach"), &five).await;
    assert!(refused.status == 422 && refused.text().contains("At most 4 pictures"), "{}", refused.text());
    assert!(refused.text().contains("über dem Tal stehen.</textarea>"), "the words are kept");

    let many = again.with("status", &TEXT.replace("noch lange", "*noch lange*")).with("undescribed", "true");
    let posted = browser.submit(&many.with("do", "post"), &[]).await;
    assert_eq!(posted.status, 303, "{}", posted.text());
    let number = posted.header("location").and_then(|path| path.rsplit('/').next()).expect("its page").to_owned();
    let shown = ann.asks("GET", &format!("/api/v1/statuses/{number}"), &[]).await;
    assert_eq!(shown["language"], "de", "{shown}");
    assert!(shown["content"].as_str().is_some_and(|html| html.contains("<em>noch lange</em>")), "{shown}");
    assert_eq!(shown["media_attachments"].as_array().map(Vec::len), Some(2));
    assert!(!browser.get("/drafts").await.text().contains(&format!("draft={draft}")), "what is posted is no draft");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_waits_is_moved_and_becomes_a_draft_again() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let later = form(&mut browser).await.with("status", "Good morning").with("spoiler_text", "Early");
    let later = later.with("scheduled_at", "2026-01-02T12:00").with("do", "post").with("may_reply", "ask");
    let page = browser.follow(&later).await;
    assert!(
        page.text().contains("<h1>Scheduled posts</h1>") && page.text().contains("Good morning"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("value=\"2026-01-02T12:00\"") && page.text().contains("2 January 2026, 12:00 UTC"));
    let action = format!("/scheduled/{}", between(&page, "action=\"/scheduled/"));
    let one = Form::on(&page, &action);
    let refused = browser.submit(&one.with("scheduled_at", "2025-01-01T12:00"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("at least five minutes from now"), "{}", refused.text());
    let page = browser.follow(&one.with("scheduled_at", "2026-01-03T08:30")).await;
    assert!(page.text().contains("value=\"2026-01-03T08:30\""), "{}", page.text());
    let waiting = ann.asks("GET", "/api/v1/scheduled_statuses", &[]).await;
    assert_eq!(waiting[0]["scheduled_at"], "2026-01-03T08:30:00.000Z", "{waiting}");
    assert_eq!(home.web().get("/scheduled", &[]).await.status, 303, "it is nobody else's");

    let draft = browser.follow(&one.with("do", "draft")).await;
    assert!(draft.text().contains("Good morning</textarea>") && draft.text().contains("value=\"Early\""));
    assert!(draft.text().contains("value=\"ask\" selected"), "{}", draft.text());
    assert_eq!(ann.asks("GET", "/api/v1/scheduled_statuses", &[]).await, Value::Array(Vec::new()));
    let again = browser.follow(&later.with("key", "another")).await;
    let action = format!("/scheduled/{}", between(&again, "action=\"/scheduled/"));
    let gone = browser.follow(&Form::on(&again, &action).with("do", "cancel")).await;
    assert!(gone.text().contains("Nothing waits for its time."), "{}", gone.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_waits_for_a_word_on_a_page_and_an_edit_leaves_who_may_reply() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    let asks = form(&mut browser).await.with("status", "Talk to me").with("may_reply", "ask").with("do", "post");
    let asks = asks.with("quote_approval_policy", "nobody");
    let posted = browser.submit(&asks, &[]).await;
    let path = posted.header("location").expect("its page").to_owned();
    let number = path.rsplit('/').next().expect("a number").to_owned();
    let (yes, no) = (
        ben.writes("Yes?", &[("in_reply_to_id", &number)]).await,
        ben.writes("No?", &[("in_reply_to_id", &number)]).await,
    );
    let page = browser.get("/interaction_requests").await;
    assert!(page.text().contains("Yes?") && page.text().contains("No?"), "{}", page.text());
    assert!(browser.get("/notifications/requests").await.text().contains("href=\"/interaction_requests\""));
    let text = page.text();
    let requests: Vec<_> =
        text.split("name=\"allow\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(requests.len(), 2, "{text}");
    // The newest comes first.
    browser.follow(&Form::on(&page, "/act").with("refuse", requests[0])).await;
    let left = browser.follow(&Form::on(&page, "/act").with("allow", requests[1])).await;
    assert!(left.text().contains("Nothing waits for your word."), "{}", left.text());
    let thread = ann.asks("GET", &format!("/api/v1/statuses/{number}/context"), &[]).await;
    let shown: Vec<_> = thread["descendants"].as_array().expect("a list").iter().map(id).collect();
    assert_eq!(shown, [id(&yes)], "{no}");

    world.clock.advance(1_000);
    let page = browser.get(&format!("/compose?edit={number}")).await;
    assert!(page.text().contains("value=\"ask\" selected") && page.text().contains("value=\"nobody\" selected"));
    let edit = Form::on(&page, "/compose").with("status", "Talk to me, :cat: or not").with("do", "post");
    let edit = edit.with("may_reply", "ask").with("quote_approval_policy", "nobody");
    let page = browser.follow(&edit).await;
    assert!(page.text().contains(&format!("href=\"{path}/history\"")), "{}", page.text());
    let seen = ann.asks("GET", &format!("/api/v1/statuses/{number}"), &[]).await;
    assert_eq!(seen["interaction_policy"]["can_reply"]["manual_approval"], serde_json::json!(["public"]), "{seen}");
    let history = home.web().get(&format!("{path}/history"), &[]).await;
    let (now, before) = (history.text().find("or not"), history.text().find("Talk to me<"));
    assert!(history.status == 200 && now.zip(before).is_some_and(|(now, before)| now < before), "{}", history.text());
    let few = ann.writes("for followers", &[("visibility", "private")]).await;
    for what in ["history", "boosts", "favourites"] {
        let hidden = home.web().get(&format!("/@ann/{}/{what}", id(&few)), &[]).await;
        assert_eq!(hidden.status, 404, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_liked_a_post_is_told_reactions_are_given_and_a_quote_is_taken_back() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let post = id(&ann.writes("Warm stones", &[]).await);
    for what in ["favourite", "reblog"] {
        ben.asks("POST", &format!("/api/v1/statuses/{post}/{what}"), &[]).await;
    }
    let mut browser = signed_in(&home, &ann).await;
    let path = format!("/@ann/{post}");
    let page = browser.get(&path).await;
    for who in ["boosts", "favourites"] {
        let to = format!("{path}/{who}");
        assert!(page.text().contains(&format!("href=\"{to}\"")), "{}", page.text());
        assert!(home.web().get(&to, &[]).await.text().contains("@ben@home.test"));
    }
    let action = format!("/posts/{post}/react");
    let reacted = browser.follow(&Form::on(&page, &action).with("react", "🎉")).await;
    assert!(reacted.text().contains("name=\"unreact\" value=\"🎉\" aria-pressed=\"true\""), "{}", reacted.text());
    let refused = browser.submit(&Form::on(&page, &action).with("react", "no emoji"), &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let without = browser.follow(&Form::on(&reacted, &action).with("unreact", "🎉")).await;
    assert!(!without.text().contains("name=\"unreact\""), "{}", without.text());

    let quoting = id(&ben.writes("Look", &[("quoted_status_id", &post)]).await);
    let page = browser.get(&format!("/@ben/{quoting}")).await;
    let ask = format!("/posts/{quoting}/quote");
    assert!(page.text().contains(&format!("href=\"{ask}\"")) && page.text().contains("Warm stones"), "{}", page.text());
    let asked = browser.get(&ask).await;
    browser.follow(&Form::on(&asked, &ask).with("do", "revoke")).await;
    let page = browser.get(&format!("/@ben/{quoting}")).await;
    assert!(!page.text().contains(&ask) && page.text().contains("quoted post that cannot be shown"), "{}", page.text());
    let mut other = signed_in(&home, &ben).await;
    assert_eq!(other.get(&ask).await.status, 404, "only whose post it is");
    assert_eq!(other.get(&with("/compose", &[("text", "x")])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_edits_a_poll_finds_what_is_left_of_it_and_how_it_counts() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let asked = [
        ("poll[options][]", "yes"),
        ("poll[options][]", "no"),
        ("poll[expires_in]", "604800"),
        ("poll[hide_totals]", "true"),
    ];
    let number = id(&ann.writes("What do you say?", &asked).await);
    world.clock.advance(5 * 86_400_000);
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get(&format!("/compose?edit={number}")).await;
    // Two days are left.
    assert!(page.text().contains("value=\"259200\" selected"), "{}", page.text());
    assert!(page.text().contains("name=\"poll[hide_totals]\" value=\"true\" checked"), "{}", page.text());
}
