//! Settings with nothing but forms: what is chosen holds for apps and pages alike.

use crate::{
    browser::{Browser, Form},
    call::{call, id},
    lab::{Instance, Person, World},
    pictures::jpeg,
};
use dassie::user::hash_password;
use serde_json::json;
use storage::user::{self, Role, User};

pub(crate) const PASSWORD: &str = "correct horse";

/// A browser in which `who` is signed in.
pub(crate) async fn signed_in(home: &Instance, who: &Person<'_>) -> Browser {
    let (account, hash) = (who.id, hash_password(PASSWORD, [7; 16]).expect("a hash"));
    let rule = move |tx: &mut storage::Tx<'_>| {
        let user = user::find(tx, account)?.expect("a user");
        Ok(user::put(tx, &User { password_hash: hash.clone(), ..user })?)
    };
    home.server().write(rule).await.expect("a password");
    let mut browser = Browser::at(home.web());
    let sent = browser.get("/settings").await;
    let page = browser.led_by(&sent).await;
    let form = Form::on(&page, "/auth/sign_in").with("login", &who.name).with("password", PASSWORD);
    let page = browser.follow(&form).await;
    assert!(page.status == 200 && page.text().contains("<h1>Settings"), "{}", page.text());
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_settings_is_for_members_and_its_forms_carry_their_token() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let overview = browser.get("/settings").await.text();
    let sections = ["profile", "posting", "reading", "tags", "filters", "blocks", "mutes", "domains", "access"];
    let more =
        ["second_factor", "recovery", "email", "passkeys", "import", "delete", "invites", "cleanup", "notifications"];
    for section in sections.into_iter().chain(more) {
        let path = format!("/settings/{section}");
        assert!(overview.contains(&format!("href=\"{path}\"")), "{path} is not to be found");
        let guest = home.web().get(&path, &[]).await;
        assert!(guest.status == 303 && guest.header("location").is_some_and(|to| to.starts_with("/auth/sign_in")));
        let page = browser.get(&path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, Some("private, no-store")), "{path}");
        let action = if section == "filters" { "/settings/filters/new" } else { &path };
        let page = if section == "filters" { browser.get(action).await } else { page };
        let form = Form::on(&page, action);
        for bad in [form.without("authenticity_token"), form.with("authenticity_token", "x")] {
            assert_eq!(browser.submit(&bad, &[]).await.status, 403, "{path}");
        }
        assert_eq!(browser.submit(&form, &[("sec-fetch-site", "cross-site")]).await.status, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_is_written_by_a_form_and_what_is_refused_comes_back_as_typed() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/profile").await;
    let form = Form::on(&page, "/settings/profile")
        .with("display_name", "Ann of the rocks")
        .with("note", "Sits in the sun.\r\nWrites.")
        .with("fields_attributes[0][name]", "pronouns")
        .with("fields_attributes[0][value]", "she")
        .with("fields_attributes[1][name]", "")
        .with("fields_attributes[1][value]", "")
        .with("locked", "true")
        .with("show_media", "true")
        .with("avatar_description", "a rock")
        .with("attribution_domains", "one.test\r\ntwo.test")
        .with("do", "save");
    let no_file: (&str, &[u8]) = ("header", b"");
    let saved = browser.upload(&form, &[("avatar", &jpeg(64, 64, 3)), no_file]).await;
    let page = browser.led_by(&saved).await;
    assert!(page.text().contains("Saved."), "{}", page.text());
    let me = ann.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(
        (&me["display_name"], &me["source"]["note"]),
        (&json!("Ann of the rocks"), &json!("Sits in the sun.\nWrites."))
    );
    assert_eq!((&me["locked"], &me["discoverable"]), (&json!(true), &json!(false)), "what is not ticked is not so");
    assert_eq!(me["source"]["fields"].as_array().map(Vec::len), Some(1));
    assert_eq!(me["source"]["attribution_domains"], json!(["one.test", "two.test"]));
    assert_eq!(me["avatar_description"], "a rock");
    assert!(!me["avatar"].as_str().expect("an address").contains("missing"), "{me}");
    assert!(me["header"].as_str().expect("an address").contains("missing"), "no file is no picture");

    let refused = browser.submit(&form.with("display_name", &"x".repeat(61)).with("note", "typed anew"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("at most 60"), "{}", refused.text());
    assert!(refused.text().contains("typed anew") && refused.text().contains(&"x".repeat(61)), "{}", refused.text());
    let refused = browser.upload(&form, &[("avatar", b"<svg/>")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(ann.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await["display_name"], "Ann of the rocks");
    let page = browser.follow(&form.with("do", "remove-avatar")).await;
    assert!(!page.text().contains("remove-avatar"), "there is none any more: {}", page.text());
    assert!(ann.asks("GET", "/api/v1/profile", &[]).await["avatar"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_notifications_come_is_chosen_by_a_form_and_holds_for_apps() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/notifications").await;
    assert!(page.text().contains("href=\"/notifications/requests\""), "{}", page.text());
    assert!(page.text().contains("This server sends no letters"), "{}", page.text());
    let rules = ["not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts", "bots"];
    let form = rules.iter().fold(Form::on(&page, "/settings/notifications"), |form, rule| {
        form.with(&format!("for_{rule}"), if *rule == "not_following" { "filter" } else { "accept" })
    });
    let page = browser.follow(&form.with("for_bots", "drop")).await;
    assert!(page.text().contains("<option value=\"drop\" selected>"), "{}", page.text());
    let policy = ann.asks("GET", "/api/v2/notifications/policy", &[]).await;
    assert_eq!((&policy["for_not_following"], &policy["for_bots"]), (&json!("filter"), &json!("drop")), "{policy}");
    assert_eq!((&policy["for_new_accounts"], &policy["for_private_mentions"]), (&json!("accept"), &json!("accept")));
    ben.writes("hello @ann", &[]).await;
    let page = browser.get("/settings/notifications").await.text();
    assert!(page.contains("1 person waits"), "{page}");
    let refused = browser.submit(&form.with("for_bots", "eat"), &[]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(ann.asks("GET", "/api/v2/notifications/policy", &[]).await["for_bots"], "drop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choices_of_posting_and_reading_hold_for_apps_and_pages() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/posting").await;
    let form = Form::on(&page, "/settings/posting")
        .with("visibility", "unlisted")
        .with("language", "de")
        .with("sensitive", "true")
        .with("repliers", "followers")
        .with("quoters", "nobody");
    let page = browser.follow(&form).await;
    assert!(page.text().contains("<option value=\"followers\" selected>"), "{}", page.text());
    let chosen = ann.asks("GET", "/api/v1/preferences", &[]).await;
    assert_eq!(chosen["posting:default:visibility"], "unlisted");
    assert_eq!(
        (&chosen["posting:default:language"], &chosen["posting:default:sensitive"]),
        (&json!("de"), &json!(true))
    );
    let me = ann.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(me["source"]["quote_policy"], "nobody");
    let posted = ann.writes("whoever may quote this", &[]).await;
    assert_eq!((&posted["visibility"], &posted["language"]), (&json!("unlisted"), &json!("de")));
    let seen = ben.asks("GET", &format!("/api/v1/statuses/{}", id(&posted)), &[]).await;
    assert_eq!(seen["quote_approval"]["current_user"], "denied", "{seen}");
    assert_eq!(
        ben.is_refused("POST", "/api/v1/statuses", &[("status", "why"), ("in_reply_to_id", &id(&posted))]).await,
        403,
        "only followers may reply"
    );
    assert_eq!(browser.submit(&form.with("quoters", "everything"), &[]).await.status, 422);
    assert_eq!(browser.submit(&form.with("visibility", "direct"), &[]).await.status, 422);

    let warned = ben.writes("the butler", &[("spoiler_text", "the end of a book")]).await;
    let path = format!("/@ben/{}", id(&warned));
    assert!(browser.get(&path).await.text().contains("<details><summary><span dir=\"auto\""));
    let page = browser.get("/settings/reading").await;
    let form = Form::on(&page, "/settings/reading")
        .with("language", "de")
        .with("expand_media", "hide_all")
        .with("expand_spoilers", "true");
    let page = browser.follow(&form).await;
    assert!(page.text().contains("<html lang=\"de\"") && page.text().contains("<h1>Aussehen"), "{}", page.text());
    let chosen = ann.asks("GET", "/api/v1/preferences", &[]).await;
    assert_eq!(chosen["reading:expand:media"], "hide_all");
    assert_eq!(chosen["reading:expand:spoilers"], true);
    assert!(browser.get(&path).await.text().contains("<details open><summary><span dir=\"auto\""));
    for (field, value) in [("language", "tlh"), ("expand_media", "some")] {
        assert_eq!(browser.submit(&form.with(field, value), &[]).await.status, 422, "{field}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_other_servers_hear_is_chosen_and_off_at_first() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let checked = |page: &str, name: &str| page.contains(&format!("name=\"{name}\" value=\"true\" checked"));
    let likes = browser.get("/settings/posting").await;
    assert!(!checked(&likes.text(), "likes_with_emoji") && likes.text().contains("likes_with_emoji"));
    let form = Form::on(&likes, "/settings/posting").with("visibility", "public").with("quoters", "public");
    let page = browser.follow(&form.with("likes_with_emoji", "true")).await.text();
    assert!(checked(&page, "likes_with_emoji"), "{page}");
    let blocks = browser.get("/settings/blocks").await;
    assert!(!checked(&blocks.text(), "tells_blocks") && blocks.text().contains("tells_blocks"));
    let tell = Form::on(&blocks, "/settings/blocks").with("do", "tell");
    let page = browser.follow(&tell.with("tells_blocks", "true")).await.text();
    assert!(checked(&page, "tells_blocks"), "{page}");
    // One choice leaves the other as it is; a box without its tick is not sent.
    assert!(checked(&browser.get("/settings/posting").await.text(), "likes_with_emoji"));
    assert!(!checked(&browser.follow(&form).await.text(), "likes_with_emoji"));
    assert!(checked(&browser.get("/settings/blocks").await.text(), "tells_blocks"));
    assert!(!checked(&browser.follow(&tell).await.text(), "tells_blocks"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsers_and_apps_are_listed_and_lose_access_at_once() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let (mut browser, mut other, mut third) =
        (signed_in(&home, &ann).await, signed_in(&home, &ann).await, signed_in(&home, &ann).await);
    let page = browser.get("/settings/access").await;
    let text = page.text();
    assert_eq!(text.matches("name=\"session\"").count(), 2, "all but this one: {text}");
    assert!(text.contains("tests") && text.contains("<code>write</code>"), "{text}");
    let form = Form::on(&page, "/settings/access");
    let button = |text: &str, name: &str| {
        let at = text.find(&format!("name=\"{name}\" value=\"")).expect("a button") + name.len() + 15;
        text[at..].split('"').next().expect("a value").to_owned()
    };
    assert_eq!(
        home.web().get("/api/v1/accounts/verify_credentials", &[("authorization", "Bearer token-of-ann")]).await.status,
        200
    );
    let page = browser.follow(&form.with("token", &button(&text, "token"))).await;
    assert!(page.text().contains("No app has access"), "{}", page.text());
    let gone = call(home.web(), Some(&ann.token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(gone.status, 401);
    browser.follow(&form.with("session", &button(&text, "session"))).await;
    let left = [other.get("/settings").await.status, third.get("/settings").await.status];
    assert!(left.contains(&200) && left.contains(&303), "one of them: {left:?}");
    browser.follow(&form.with("session", "0000000000000000")).await;
    let page = browser.follow(&form.with("others", "end")).await;
    assert!(!page.text().contains("name=\"session\""), "{}", page.text());
    assert_eq!([other.get("/settings").await.status, third.get("/settings").await.status], [303, 303]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_and_servers_are_blocked_and_muted_by_name_and_the_way_back_stands_beside() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, ben, bob) = (home.person("ann").await, home.person("ben").await, far.person("bob").await);
    let mut browser = signed_in(&home, &ann).await;
    for (section, acct, list) in [("blocks", "ben", "/api/v1/blocks"), ("mutes", "@bob@far.test", "/api/v1/mutes")] {
        let path = format!("/settings/{section}");
        let form = Form::on(&browser.get(&path).await, &path);
        for (typed, why) in
            [("nobody", "Nobody is called"), ("no handle", "is no handle"), ("x@nowhere.test", "perhaps later")]
        {
            let refused = browser.submit(&form.with("acct", typed), &[]).await;
            assert!(refused.status == 422 && refused.text().contains(why), "{typed}: {}", refused.text());
        }
        let page =
            browser.follow(&form.with("acct", acct).with("duration", "3600").with("notifications", "true")).await;
        let there = ann.asks("GET", list, &[]).await;
        let who = id(&there[0]);
        assert!(page.text().contains(&format!("name=\"remove\" value=\"{who}\"")), "{}", page.text());
        if section == "mutes" {
            assert!(there[0]["mute_expires_at"].is_string() && page.text().contains("until"), "{there}");
        }
        let page = browser.follow(&form.with("remove", &who)).await;
        assert!(!page.text().contains("name=\"remove\""), "{}", page.text());
        assert_eq!(ann.asks("GET", list, &[]).await, json!([]));
    }
    assert!(!bob.handle().is_empty() && !ben.handle().is_empty());
    let form = Form::on(&browser.get("/settings/domains").await, "/settings/domains");
    let refused = browser.submit(&form.with("domain", "no domain"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("value=\"no domain\""), "{}", refused.text());
    let page = browser.follow(&form.with("domain", "BAD.test")).await;
    assert!(page.text().contains("name=\"remove\" value=\"bad.test\""), "{}", page.text());
    assert_eq!(ann.asks("GET", "/api/v1/domain_blocks", &[]).await, json!(["bad.test"]));
    browser.follow(&form.with("remove", "bad.test")).await;
    assert_eq!(ann.asks("GET", "/api/v1/domain_blocks", &[]).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_are_tried_kept_changed_and_removed_by_their_form() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
    for text in ["cats everywhere", "a dog", "concatenate", "nothing at all"] {
        ben.writes(text, &[]).await;
    }
    ann.writes("my own cats", &[]).await;
    ann.until("/api/v1/timelines/home", |home| home.as_array().is_some_and(|home| home.len() == 5)).await;
    let mut browser = signed_in(&home, &ann).await;
    let new = "/settings/filters/new";
    let form = Form::on(&browser.get(new).await, new)
        .with("title", "animals")
        .with("context[]", "home")
        .with("filter_action", "hide")
        .with("expires_in", "86400")
        .with("keywords_attributes[0][keyword]", "Cats")
        .with("keywords_attributes[0][whole_word]", "true")
        .with("keywords_attributes[1][keyword]", "dog")
        .with("keywords_attributes[1][whole_word]", "true")
        .with("keywords_attributes[2][keyword]", " ")
        .with("do", "try");
    let tried = browser.submit(&form, &[]).await;
    assert!(tried.status == 200 && tried.text().contains("find 2 of the last 5 posts"), "{}", tried.text());
    assert!(tried.text().contains("value=\"animals\""), "what was typed stays");
    let wider = form.with("keywords_attributes[0][keyword]", "cat").with("keywords_attributes[0][whole_word]", "false");
    assert!(browser.submit(&wider, &[]).await.text().contains("find 3 of the last 5 posts"));
    assert_eq!(ann.asks("GET", "/api/v2/filters", &[]).await, json!([]), "trying keeps nothing");
    let refused = browser.submit(&form.with("do", "save").without("context[]"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("value=\"Cats\""), "{}", refused.text());
    let page = browser.follow(&form.with("do", "save")).await;
    assert!(page.text().contains("animals"), "{}", page.text());
    let kept = ann.asks("GET", "/api/v2/filters", &[]).await;
    assert_eq!((&kept[0]["filter_action"], kept[0]["expires_at"].is_string()), (&json!("hide"), true));
    assert_eq!(kept[0]["keywords"].as_array().map(Vec::len), Some(2));

    let path = format!("/settings/filters/{}", id(&kept[0]));
    let page = browser.get(&path).await;
    let (cats, dog) = (id(&kept[0]["keywords"][0]), id(&kept[0]["keywords"][1]));
    let form = Form::on(&page, &path)
        .with("title", "felines")
        .with("context[]", "public")
        .with("filter_action", "warn")
        .with("expires_in", "keep")
        .with("keywords_attributes[0][id]", &cats)
        .with("keywords_attributes[0][keyword]", "lynx")
        .with("keywords_attributes[1][id]", &dog)
        .with("keywords_attributes[1][keyword]", "")
        .with("do", "save");
    browser.follow(&form).await;
    let changed = ann.asks("GET", "/api/v2/filters", &[]).await;
    assert_eq!((&changed[0]["title"], &changed[0]["context"]), (&json!("felines"), &json!(["public"])));
    assert_eq!(changed[0]["expires_at"], kept[0]["expires_at"], "as it was");
    assert_eq!(changed[0]["keywords"].as_array().map(Vec::len), Some(1));
    assert_eq!(changed[0]["keywords"][0]["keyword"], "lynx");
    let mut of_ben = signed_in(&home, &ben).await;
    assert_eq!(of_ben.get(&path).await.status, 404, "somebody else's");
    browser.follow(&form.with("do", "delete")).await;
    assert_eq!(ann.asks("GET", "/api/v2/filters", &[]).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_are_followed_and_shown_by_forms() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let form = Form::on(&browser.get("/settings/tags").await, "/settings/tags");
    browser.follow(&form.with("follow", "#Rocks")).await;
    browser.follow(&form.with("feature", "Sun")).await;
    assert_eq!(
        ann.asks("GET", "/api/v1/followed_tags", &[]).await[0]["name"].as_str().map(str::to_lowercase),
        Some("rocks".to_owned())
    );
    assert_eq!(
        ann.asks("GET", "/api/v1/featured_tags", &[]).await[0]["name"].as_str().map(str::to_lowercase),
        Some("sun".to_owned())
    );
    let refused = browser.submit(&form.with("follow", "two words"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("That is no tag"), "{}", refused.text());
    browser.follow(&form.with("unfollow", "rocks")).await;
    browser.follow(&form.with("unfeature", "sun")).await;
    assert_eq!(ann.asks("GET", "/api/v1/followed_tags", &[]).await, json!([]));
    assert_eq!(ann.asks("GET", "/api/v1/featured_tags", &[]).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_deleted_by_its_owner_with_the_password_and_everybody_hears() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, bob) = (home.person("ann").await, far.person("bob").await);
    let owner = home.user("ruth", Role::Owner, &["read", "write"]).await;
    let ann_at_far = bob.follows(&ann.handle()).await;
    ann.writes("a last word", &[]).await;
    bob.sees_at_home("a last word").await;
    let mut browser = signed_in(&home, &ann).await;
    let page = browser.get("/settings/delete").await;
    assert!(page.text().contains("cannot be undone") && page.text().contains("@ann"), "{}", page.text());
    let form = Form::on(&page, "/settings/delete");
    let refused = browser.submit(&form.with("password", "wrong horse"), &[]).await;
    assert!(refused.status == 422 && refused.text().contains("not your password"), "{}", refused.text());
    let page = browser.follow(&form.with("password", PASSWORD)).await;
    assert_eq!(page.status, 200, "the front page: {}", page.text());
    assert_eq!(browser.get("/settings").await.status, 303, "nobody is signed in any more");
    let refused = call(home.web(), Some(&ann.token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    assert_eq!(refused.status, 401);
    let mut again = Browser::at(home.web());
    let sign_in = Form::on(&again.get("/auth/sign_in").await, "/auth/sign_in");
    let refused = again.submit(&sign_in.with("login", "ann").with("password", PASSWORD), &[]).await;
    assert_ne!(refused.status, 303, "the account is gone");
    assert!([404, 410].contains(&home.web().get("/@ann", &[]).await.status));
    bob.until("/api/v1/timelines/home", |home| !home.to_string().contains("a last word")).await;
    bob.until(&format!("/api/v1/accounts/relationships?id[]={ann_at_far}"), |seen| seen[0]["following"] != true).await;

    let mut of_ruth = signed_in(&home, &owner).await;
    let page = of_ruth.get("/settings/delete").await;
    assert!(page.text().contains("You own this server") && !page.text().contains("type=\"password\""));
    let form = Form::on(&of_ruth.get("/settings/tags").await, "/settings/tags");
    let forced = Form { action: "/settings/delete".to_owned(), ..form }.with("password", PASSWORD);
    let refused = of_ruth.submit(&forced, &[]).await;
    assert!(refused.status == 422 && refused.text().contains("cannot leave it"), "{}", refused.text());
    assert_eq!(of_ruth.get("/settings").await.status, 200);
}
