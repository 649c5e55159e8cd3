//! Emoji of this server's own: added by those who look after it, named in texts, put on posts, brought from elsewhere, gone.

use crate::{
    announcements::announce,
    browser::{Browser, Form},
    call::{call, escaped, id, stranger},
    lab::{Instance, Person, World, comes, text_of},
    pictures::{gif, png, size},
    settings::signed_in,
    web::Reply,
};
use dassie::limits;
use serde_json::{Value, json};
use storage::user::Role;

const PAGE: &str = "/admin/emoji";
const LIST: &str = "/api/v1/custom_emojis";

/// The form that adds one, filled in.
fn adding(page: &Reply, shortcode: &str) -> Form {
    Form::on(page, PAGE).with("shortcode", shortcode).with("category", "rocks").with("do", "add")
}

/// Adds an emoji by its page.
async fn adds(desk: &mut Browser, shortcode: &str, picture: &[u8]) {
    let page = desk.get(PAGE).await;
    let sent = desk.upload(&adding(&page, shortcode), &[("image", picture)]).await;
    let page = desk.led_by(&sent).await.text();
    assert!(page.contains("The emoji is added.") && page.contains(&format!(":{shortcode}:")), "{page}");
}

/// Says of an emoji by its page what is ticked.
async fn says(desk: &mut Browser, shortcode: &str, ticks: &[&str]) {
    let path = format!("{PAGE}/{shortcode}");
    let form = Form::on(&desk.get(&path).await, &path).with("category", "rocks").with("do", "save");
    let form = ticks.iter().fold(form, |form, tick| form.with(tick, "true"));
    assert!(desk.follow(&form).await.text().contains("Saved."));
}

/// A file of this server by its whole address.
async fn file(home: &Instance, url: &Value) -> Reply {
    let url = url.as_str().unwrap_or_else(|| panic!("no address: {url}"));
    let path = url.strip_prefix(&format!("https://{}", home.name)).unwrap_or_else(|| panic!("elsewhere: {url}"));
    home.web().get(path, &[]).await
}

impl Person<'_> {
    async fn emojis_of(&self, path: &str) -> Value {
        self.asks("GET", path, &[]).await["emojis"].clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emoji_is_listed_and_drawn_wherever_it_is_named_until_it_is_disabled() {
    let home = World::new().instance("home.test").await;
    let (ada, ann, ben) = (home.staff("ada", Role::Admin).await, home.person("ann").await, home.person("ben").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    assert_eq!(stranger(&home, LIST).await, json!([]));
    let early = id(&ann.writes("early :dassie:", &[]).await);
    let mut desk = signed_in(&home, &ada).await;
    assert!(desk.get("/settings").await.text().contains(&format!("href=\"{PAGE}\"")));
    adds(&mut desk, "dassie", &gif(3, 40, 30)).await;

    let list = stranger(&home, LIST).await;
    let emoji = list[0].clone();
    assert_eq!((&emoji["shortcode"], &emoji["category"]), (&json!("dassie"), &json!("rocks")));
    assert_eq!((list.as_array().map(Vec::len), &emoji["visible_in_picker"]), (Some(1), &json!(true)));
    let (moving, still) = (file(&home, &emoji["url"]).await, file(&home, &emoji["static_url"]).await);
    assert_eq!((moving.header("content-type"), still.header("content-type")), (Some("image/gif"), Some("image/png")));
    assert_eq!((size(&moving.body), size(&still.body)), ((40, 30), (40, 30)));

    let only = json!([emoji]);
    let early = format!("/api/v1/statuses/{early}");
    assert_eq!(ben.emojis_of(&early).await, only, "also what was written before");
    let status = ann.writes("warm :dassie: :dassie: :nothing:", &[("spoiler_text", "a :dassie:")]).await;
    assert_eq!(status["emojis"], only);
    let options = [("poll[options][]", ":dassie:"), ("poll[options][]", "none"), ("poll[expires_in]", "3600")];
    let asked = ann.writes("which?", &options).await;
    assert_eq!((&asked["poll"]["emojis"], &asked["emojis"]), (&only, &only));
    let me = ann.asks("PATCH", "/api/v1/accounts/update_credentials", &[("display_name", "Ann :dassie:")]).await;
    assert_eq!(me["emojis"], only);
    announce(&home, "look: :dassie:", None, None).await;
    assert_eq!(ben.asks("GET", "/api/v1/announcements", &[]).await[0]["emojis"], only);
    let at_home = || async { ben.asks("GET", "/api/v1/timelines/home", &[]).await[1].clone() };
    let seen = at_home().await;
    assert_eq!((&seen["emojis"], &seen["account"]["emojis"]), (&only, &only));
    let post = format!("/@ann/{}", id(&status));
    let path = text_of(&emoji, "static_url").replace("https://home.test", "");
    assert!(home.web().get(&post, &[]).await.text().contains(&format!("<img class=\"emoji\" src=\"{path}\"")));
    let begun = desk.get("/complete?q=:DAS").await.json();
    assert_eq!(begun[0], json!({ "text": ":dassie:", "name": "dassie", "picture": path }));

    says(&mut desk, "dassie", &["in_picker"]).await;
    let seen = at_home().await;
    assert_eq!((&seen["emojis"], &seen["account"]["emojis"]), (&json!([]), &json!([])), "disabled");
    assert_eq!((ben.emojis_of(&early).await, stranger(&home, LIST).await), (json!([]), json!([])));
    assert!(!home.web().get(&post, &[]).await.text().contains("<img class=\"emoji\""));
    says(&mut desk, "dassie", &["enabled"]).await;
    assert_eq!(at_home().await["emojis"][0]["visible_in_picker"], false);
    assert_eq!(stranger(&home, LIST).await, json!([]), "pickers do not show it");
    assert_eq!(desk.get("/complete?q=:dassi").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_emoji_takes_its_picture_along_and_every_deed_is_in_the_log() {
    let home = World::new().instance("home.test").await;
    let ada = home.staff("ada", Role::Admin).await;
    let mut desk = signed_in(&home, &ada).await;
    adds(&mut desk, "dassie", &gif(2, 20, 20)).await;
    let status = format!("/api/v1/statuses/{}", id(&ada.writes(":dassie:", &[]).await));
    assert_eq!((ada.emojis_of(&status).await.as_array().map(Vec::len), home.files()), (Some(1), 2));
    says(&mut desk, "dassie", &["in_picker"]).await;
    says(&mut desk, "dassie", &["in_picker", "enabled"]).await;
    let path = format!("{PAGE}/dassie/delete");
    let question = desk.get(&path).await;
    assert!(question.text().contains("Remove this emoji?"), "{}", question.text());
    let form = Form::on(&question, &path).with("do", "remove");
    assert!(desk.follow(&form).await.text().contains("The emoji is removed."));
    assert_eq!(ada.emojis_of(&status).await, json!([]));
    for gone in [format!("{PAGE}/dassie"), path] {
        assert_eq!(desk.get(&gone).await.status, 404, "{gone}");
    }
    comes("its files are removed", async || (home.files() == 0).then_some(())).await;
    let log = ada.asks("GET", "/api/v1/admin/audit_log", &[]).await;
    let deeds: Vec<&str> = log.as_array().into_iter().flatten().filter_map(|row| row["action"].as_str()).collect();
    let expected = ["destroy", "enable", "disable", "create"].map(|deed| format!("{deed}_custom_emoji"));
    assert_eq!(deeds, expected, "{log}");
    adds(&mut desk, "dassie", &png(20, 20, 1)).await;
    assert_eq!(ada.emojis_of(&status).await.as_array().map(Vec::len), Some(1), "its name is free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_administrators_make_emoji_and_what_is_none_is_refused_by_name() {
    let home = World::new().instance("home.test").await;
    let (ada, mo, ann) =
        (home.staff("ada", Role::Admin).await, home.staff("mo", Role::Moderator).await, home.person("ann").await);
    let mut desk = signed_in(&home, &ada).await;
    adds(&mut desk, "dassie", &png(20, 20, 1)).await;
    let guest = home.web().get(PAGE, &[]).await;
    assert!(guest.status == 303 && guest.header("location").is_some_and(|to| to.starts_with("/auth/sign_in")));
    for person in [&mo, &ann] {
        let mut browser = signed_in(&home, person).await;
        assert!(!browser.get("/settings").await.text().contains(PAGE));
        for path in [PAGE.to_owned(), format!("{PAGE}/dassie"), format!("{PAGE}/dassie/delete")] {
            assert_eq!(browser.get(&path).await.status, 403, "{path}");
            let form = Form::on(&browser.get("/settings/profile").await, "/settings/profile");
            let forged = Form { action: path.clone(), ..form }.with("shortcode", "mine").with("do", "remove");
            assert_eq!(browser.submit(&forged, &[]).await.status, 403, "{path}");
        }
    }
    let page = desk.get(PAGE).await;
    let form = adding(&page, "rock");
    assert_eq!(desk.upload(&form.with("authenticity_token", "x"), &[("image", &png(8, 8, 1))]).await.status, 403);
    let mut large = png(8, 8, 1);
    large.resize(limits::EMOJI_BYTES_MAX + 1, 0);
    let side = limits::EMOJI_MOVING_SIDE_MAX + 1;
    for (shortcode, picture, says) in [
        ("dassie", png(8, 8, 1), "There is an emoji of this name."),
        ("a-b", png(8, 8, 1), "A name has 2 to 100 letters"),
        ("x", png(8, 8, 1), "A name has 2 to 100 letters"),
        ("rock", Vec::new(), "Choose a file first."),
        ("rock", b"<svg onload=alert(1)>".to_vec(), "Such files are not taken"),
        ("rock", large, "The file is too large: 262145 bytes; at most 262144."),
        ("rock", gif(2, side, 2), "at most 512 pixels on each side; this one has 513 by 2"),
    ] {
        let refused = desk.upload(&form.with("shortcode", shortcode), &[("image", &picture)]).await;
        assert_eq!((refused.status, refused.text().contains(says)), (422, true), "{says}: {}", refused.text());
        assert!(refused.text().contains(&format!("value=\"{shortcode}\"")), "what was typed comes back");
    }
    let sent = desk.upload(&form.with("shortcode", ":colons:"), &[("image", &png(8, 8, 1))]).await;
    assert_eq!(sent.status, 303, "colons around a name are no part of it");
    let codes: Vec<String> =
        stranger(&home, LIST).await.as_array().into_iter().flatten().map(|one| text_of(one, "shortcode")).collect();
    assert_eq!(codes, ["colons", "dassie"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_react_with_emoji_of_this_server_as_long_as_they_are_enabled() {
    let home = World::new().instance("home.test").await;
    let (ada, ann, ben) = (home.staff("ada", Role::Admin).await, home.person("ann").await, home.person("ben").await);
    let mut desk = signed_in(&home, &ada).await;
    adds(&mut desk, "dassie", &gif(2, 20, 20)).await;
    let emoji = stranger(&home, LIST).await[0].clone();
    let status = id(&ann.writes("a warm rock", &[]).await);
    let path = |typed: &str| format!("/api/v1/pleroma/statuses/{status}/reactions/{}", escaped(typed));
    let reacted = ben.asks("PUT", &path(":dassie:"), &[]).await;
    let first = |me: bool| json!([{ "name": "dassie", "count": 1, "me": me, "url": emoji["url"], "static_url": emoji["static_url"] }]);
    assert_eq!(reacted["reactions"], first(true));
    assert_eq!(reacted["pleroma"]["emoji_reactions"][0]["url"], emoji["url"]);
    assert_eq!(ben.asks("PUT", &path("dassie"), &[]).await["reactions"], first(true), "once a person");
    let one = stranger(&home, &path("dassie")).await;
    assert_eq!((&one[0]["url"], one[0]["accounts"].as_array().map(Vec::len)), (&emoji["url"], Some(1)));
    let (bearer, asked) = (format!("Bearer {}", ann.token), "/api/v1/notifications?types[]=pleroma:emoji_reaction");
    let told = home.web().get(asked, &[("authorization", bearer.as_str())]).await.json();
    assert_eq!((&told[0]["emoji"], &told[0]["emoji_url"]), (&json!("dassie"), &emoji["url"]));
    let number = announce(&home, "Hooray", None, None).await;
    let reaction = format!("/api/v1/announcements/{number}/reactions");
    assert_eq!(ann.asks("PUT", &format!("{reaction}/dassie"), &[]).await, json!({}));
    let seen = ben.asks("GET", "/api/v1/announcements", &[]).await[0]["reactions"].clone();
    assert_eq!(seen, first(false));

    says(&mut desk, "dassie", &["in_picker"]).await;
    assert_eq!(ann.is_refused("PUT", &path("dassie"), &[]).await, 422, "nobody joins any more");
    assert_eq!(ben.is_refused("PUT", &format!("{reaction}/dassie"), &[]).await, 422);
    let shown = ann.asks("GET", &format!("/api/v1/statuses/{status}"), &[]).await["reactions"].clone();
    assert_eq!(shown, json!([{ "name": "dassie", "count": 1, "me": false }]), "its name stands there");
    assert!(ben.asks("DELETE", &path("dassie"), &[]).await.get("reactions").is_none(), "taking it back works");
    assert_eq!(ann.asks("DELETE", &format!("{reaction}/dassie"), &[]).await, json!({}));
    let again = call(home.web(), Some(&ben.token), "PUT", &path("dassie"), &[]).await;
    assert_eq!(again.status, 422, "{}", again.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emoji_of_another_server_is_brought_here_from_a_post_or_by_its_name() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (olga, zoe) = (home.staff("olga", Role::Owner).await, far.staff("zoe", Role::Admin).await);
    let mut there = signed_in(&far, &zoe).await;
    adds(&mut there, "blob", &gif(2, 24, 24)).await;
    adds(&mut there, "tea", &png(24, 24, 1)).await;
    olga.follows(&zoe.handle()).await;
    zoe.posts("a :blob: and :tea:", &[]).await;
    let seen = olga.sees_at_home("a :blob:").await;
    let mut desk = signed_in(&home, &olga).await;
    let path = format!("{PAGE}?post={}", text_of(&seen, "id"));
    assert!(desk.get("/home").await.text().contains(&format!("href=\"{path}\"")), "the post leads there");
    let page = desk.get(&path).await;
    assert!(page.text().contains(":blob:") && page.text().contains("far.test"), "{}", page.text());
    let form = Form::on(&page, PAGE).with("do", "bring");
    let from_post = form.with("shortcode", "blob").with("domain", "far.test").with("post", &text_of(&seen, "id"));
    assert!(desk.follow(&from_post).await.text().contains("The emoji is added."));
    let again = desk.submit(&from_post, &[]).await;
    assert_eq!((again.status, again.text().contains("There is an emoji of this name.")), (422, true));
    assert!(desk.get(&path).await.text().contains("There is one of this name here."));

    let page = desk.get(PAGE).await;
    let by_name = |code: &str, domain: &str| {
        Form::on(&page, PAGE).with("do", "bring").with("shortcode", code).with("domain", domain)
    };
    for (code, domain) in [("nothing", "far.test"), ("tea", "near.test"), ("tea", "")] {
        let refused = desk.submit(&by_name(code, domain), &[]).await;
        let says = "No emoji of that name is known here of that server.";
        assert_eq!((refused.status, refused.text().contains(says)), (422, true), "{code} {domain}");
    }
    assert!(desk.follow(&by_name(":tea:", "FAR.test")).await.text().contains("The emoji is added."));
    let list = stranger(&home, LIST).await;
    let codes: Vec<String> = list.as_array().into_iter().flatten().map(|one| text_of(one, "shortcode")).collect();
    assert_eq!(codes, ["blob", "tea"]);
    assert_eq!(size(&file(&home, &list[0]["url"]).await.body), (24, 24));
    let own = olga.writes("now ours :blob:", &[]).await;
    assert_eq!(own["emojis"], json!([list[0]]));
    let log = olga.asks("GET", "/api/v1/admin/audit_log", &[]).await;
    assert_eq!((&log[0]["action"], &log[0]["reason"]), (&json!("create_custom_emoji"), &json!("far.test")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emoji_of_this_server_leave_room_for_those_of_everybody_when_one_is_typed() {
    let home = World::new().instance("home.test").await;
    let ada = home.staff("ada", Role::Admin).await;
    let mut desk = signed_in(&home, &ada).await;
    let own: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(|end| format!("hearty_{end}")).into();
    for (number, shortcode) in (1..).zip(&own) {
        adds(&mut desk, shortcode, &png(20, 20, number)).await;
    }
    let own: Vec<String> = own.iter().map(|shortcode| format!(":{shortcode}:")).collect();
    let begun = desk.get("/complete?q=:heart").await.json();
    let texts: Vec<String> = begun.as_array().into_iter().flatten().map(|one| text_of(one, "text")).collect();
    assert_eq!(texts.len(), limits::COMPLETIONS_SHOWN, "{begun}");
    assert_eq!((&texts[..3], texts[3].as_str()), (&own[..3], "\u{2764}\u{fe0f}"), "{begun}");
    let begun = desk.get("/complete?q=:hearty").await.json();
    let texts: Vec<String> = begun.as_array().into_iter().flatten().map(|one| text_of(one, "text")).collect();
    assert_eq!(texts, own, "where no other fits");
}
