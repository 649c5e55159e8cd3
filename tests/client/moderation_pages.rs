//! The pages on which moderators let people in and work through reports, with nothing but forms.

use crate::{
    browser::Form,
    call::id,
    lab::{Instance, Person, World},
    settings::signed_in,
    sign_up::{PASSWORD, app_token, fields, made, set, sign_in},
};
use serde_json::json;
use storage::user::Role;

/// Somebody signs up and waits, as nobody sends letters here: their number.
async fn waits(home: &Instance, name: &str, reason: &str) -> String {
    set(home, &[("registrations", "approve")]).await;
    let (app, email) = (app_token(home).await, format!("{name}@mail.test"));
    let mut sent = fields(name, &email);
    sent.push(("reason", reason));
    made(home, &app, &sent).await;
    let holder = name.to_owned();
    let id = home.server().read(move |view| Ok(storage::account::holder_of(view, &holder)?)).await.expect("a read");
    id.expect("there is one").to_string()
}

/// A report about somebody and what they wrote: its page.
async fn reported(by: &Person<'_>, whom: &Person<'_>, post: &str) -> String {
    let target = whom.id.to_string();
    let sent = [
        ("account_id", target.as_str()),
        ("status_ids[]", post),
        ("category", "spam"),
        ("comment", "please <i>look</i>"),
    ];
    format!("/moderation/reports/{}", id(&by.asks("POST", "/api/v1/reports", &sent).await))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_those_who_wait_says_why_they_come_and_lets_them_in() {
    let home = World::new().instance("home.test").await;
    let (mo, ann) = (home.staff("mo", Role::Moderator).await, home.person("ann").await);
    let id = waits(&home, "dave", "I like <b>tea</b>").await;
    mo.is_told("admin.sign_up").await;
    let mut desk = signed_in(&home, &mo).await;
    let told = desk.get("/notifications/moderation").await.text();
    assert!(told.contains("href=\"/moderation/waiting\"") && !told.contains("href=\"/@dave\""), "{told}");
    let settings = desk.get("/settings").await.text();
    assert!(settings.contains("href=\"/moderation/waiting\"") && settings.contains("1 person waits"), "{settings}");
    let page = desk.get("/moderation/waiting").await;
    for part in ["@dave@home.test", "dave@mail.test", "I like &lt;b&gt;tea&lt;/b&gt;"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }

    // Whoever does not look after the server gets no page, and what they send does nothing.
    let mut member = signed_in(&home, &ann).await;
    let reject = format!("/moderation/waiting/{id}/reject");
    for path in ["/moderation/waiting", &reject, "/moderation/reports"] {
        assert_eq!(member.get(path).await.status, 403, "{path}");
    }
    assert!(!member.get("/settings").await.text().contains("/moderation/"));
    let own = Form::on(&member.get("/settings/invites").await, "/settings/invites").with("approve", &id);
    for action in ["/moderation/waiting", &reject] {
        let forged = Form { action: action.to_owned(), ..own.clone() };
        assert_eq!(member.submit(&forged, &[]).await.status, 403, "{action}");
    }

    let approve = Form::on(&page, "/moderation/waiting").with("approve", &id);
    assert_eq!(desk.submit(&approve.with("authenticity_token", "x"), &[]).await.status, 403);
    assert_eq!(desk.submit(&approve, &[("origin", "https://evil.test")]).await.status, 403);
    assert_eq!(sign_in(&home, "dave", PASSWORD).await.1.status, 422, "nobody has let them in");
    let done = desk.follow(&approve).await;
    assert!(done.text().contains("Nobody waits to be let in"), "{}", done.text());
    assert_eq!(sign_in(&home, "dave", PASSWORD).await.1.status, 303);
    assert_eq!(desk.submit(&approve, &[]).await.status, 422, "they are in already");
    assert_eq!(desk.get(&reject).await.status, 404);
    assert!(desk.get("/notifications/moderation").await.text().contains("href=\"/@dave\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_turned_away_by_the_page_is_gone_once_that_was_asked() {
    let home = World::new().instance("home.test").await;
    let mo = home.staff("mo", Role::Moderator).await;
    let id = waits(&home, "dave", "I like tea").await;
    let mut desk = signed_in(&home, &mo).await;
    let path = format!("/moderation/waiting/{id}/reject");
    assert!(desk.get("/moderation/waiting").await.text().contains(&format!("href=\"{path}\"")));
    let question = desk.get(&path).await;
    assert!(question.status == 200 && question.text().contains("I like tea"), "{}", question.text());
    assert!(desk.get("/moderation/waiting").await.text().contains("dave"), "asking does nothing");
    let done = desk.follow(&Form::on(&question, &path)).await.text();
    assert!(done.contains("Turned away.") && done.contains("Nobody waits to be let in"), "{done}");
    assert_eq!(sign_in(&home, "dave", PASSWORD).await.1.status, 422);
    assert_eq!(desk.get(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_read_with_its_post_closed_and_opened_again() {
    let home = World::new().instance("home.test").await;
    let (ann, bad, mo) = (home.person("ann").await, home.person("bad").await, home.staff("mo", Role::Moderator).await);
    let post = id(&bad.writes("an unkind word", &[]).await);
    let path = reported(&ann, &bad, &post).await;
    mo.is_told("admin.report").await;
    bad.asks("DELETE", &format!("/api/v1/statuses/{post}"), &[]).await;
    let mut desk = signed_in(&home, &mo).await;
    let link = format!("href=\"{path}\"");
    assert!(desk.get("/notifications/moderation").await.text().contains(&link));
    assert!(desk.get("/settings").await.text().contains("1 is open"));
    let list = desk.get("/moderation/reports").await.text();
    for part in [link.as_str(), "Report about @bad@home.test", "href=\"/@ann\"", "It is spam"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let page = desk.get(&path).await;
    for part in [
        "href=\"/@bad\"",
        "href=\"/@ann\"",
        "It is spam",
        "please &lt;i&gt;look&lt;/i&gt;",
        "an unkind word",
        "deleted since",
        "It waits to be looked at.",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }

    // Neither whoever reported nor whom it is about may read or do anything of this.
    for who in [&ann, &bad] {
        let mut member = signed_in(&home, who).await;
        let ask = format!("{path}/silence");
        for shut in [&path, &ask] {
            assert_eq!(member.get(shut).await.status, 403, "{shut}");
        }
        let own = Form::on(&member.get("/settings/invites").await, "/settings/invites").with("do", "resolve");
        for action in [&path, &ask] {
            let forged = Form { action: action.clone(), ..own.clone() };
            assert_eq!(member.submit(&forged, &[]).await.status, 403, "{action}");
        }
    }

    let form = Form::on(&page, &path);
    assert_eq!(desk.submit(&form.with("do", "resolve").with("authenticity_token", "x"), &[]).await.status, 403);
    let taken = desk.follow(&form.with("do", "assign")).await.text();
    assert!(taken.contains("looks after it.") && taken.contains("value=\"unassign\""), "{taken}");
    let closed = desk.follow(&form.with("do", "resolve")).await.text();
    assert!(closed.contains("Closed by") && closed.contains("value=\"reopen\""), "{closed}");
    assert!(desk.get("/moderation/reports").await.text().contains("There is no report."));
    assert!(desk.get("/moderation/reports?resolved=true").await.text().contains(&link));
    let open = desk.follow(&form.with("do", "reopen")).await.text();
    assert!(open.contains("It waits to be looked at."), "{open}");
    assert!(desk.get("/moderation/reports").await.text().contains(&link));
    assert_eq!(desk.get("/moderation/reports/1").await.status, 404);
    assert_eq!(desk.get(&format!("{path}/eat")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_report_is_about_is_limited_or_suspended_by_its_page_and_back() {
    let home = World::new().instance("home.test").await;
    let (ann, bad, mo) = (home.person("ann").await, home.person("bad").await, home.staff("mo", Role::Moderator).await);
    let post = id(&bad.writes("an unkind word", &[]).await);
    let path = reported(&ann, &bad, &post).await;
    let mut desk = signed_in(&home, &mo).await;
    let ask = format!("{path}/silence");
    assert!(desk.get(&path).await.text().contains(&format!("href=\"{ask}\"")));
    let question = desk.get(&ask).await;
    assert!(question.text().contains("Limit @bad@home.test?"), "{}", question.text());
    let form = Form::on(&question, &ask);
    let long = "x".repeat(1_001);
    let refused = desk.submit(&form.with("text", &long), &[]).await;
    assert!(refused.status == 422 && refused.text().contains(&long), "{}", refused.text());
    let account = format!("/api/v1/admin/accounts/{}", bad.id);
    assert_eq!(mo.asks("GET", &account, &[]).await["silenced"], false, "nothing was done");
    let page = desk.follow(&form.with("text", "Goats are people, too.")).await;
    assert!(page.text().contains("This account is limited.") && page.text().contains("Closed by"), "{}", page.text());
    assert_eq!(mo.asks("GET", &account, &[]).await["silenced"], true);
    let told = bad.asks("GET", "/api/v1/notifications?types[]=moderation_warning", &[]).await;
    let warning = &told[0]["moderation_warning"];
    assert_eq!((&warning["text"], &warning["status_ids"]), (&json!("Goats are people, too."), &json!([post])));
    let page = desk.follow(&Form::on(&page, &path).with("do", "unsilence")).await;
    assert!(!page.text().contains("This account is limited."), "{}", page.text());
    assert_eq!(mo.asks("GET", &account, &[]).await["silenced"], false);

    let ask = format!("{path}/suspend");
    let question = desk.get(&ask).await;
    let page = desk.follow(&Form::on(&question, &ask)).await;
    assert!(page.text().contains("This account is suspended."), "{}", page.text());
    assert_eq!(bad.is_refused("GET", "/api/v1/timelines/home", &[]).await, 403, "at once");
    desk.follow(&Form::on(&page, &path).with("do", "unsuspend")).await;
    bad.asks("GET", "/api/v1/timelines/home", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_acts_on_equals_betters_or_themselves_by_the_page_of_a_report() {
    let home = World::new().instance("home.test").await;
    let (ann, olga) = (home.person("ann").await, home.staff("olga", Role::Owner).await);
    let (mo, moll) = (home.staff("mo", Role::Moderator).await, home.staff("moll", Role::Moderator).await);
    let mut desk = signed_in(&home, &mo).await;
    for whom in [&olga, &moll, &mo] {
        let path = reported(&ann, whom, "1").await;
        let page = desk.get(&path).await;
        assert!(page.text().contains("You may not act on this account."), "{}: {}", whom.name, page.text());
        let form = Form::on(&page, &path);
        for deed in ["silence", "suspend"] {
            let action = format!("{path}/{deed}");
            assert!(!page.text().contains(&action), "{}: {deed}", whom.name);
            assert_eq!(desk.get(&action).await.status, 403, "{}: {deed}", whom.name);
            let sent = Form { action, ..form.clone() };
            assert_eq!(desk.submit(&sent, &[]).await.status, 403, "{}: {deed}", whom.name);
            let back = form.with("do", &format!("un{deed}"));
            assert_eq!(desk.submit(&back, &[]).await.status, 422, "{}: un{deed}", whom.name);
        }
        let seen = olga.asks("GET", &format!("/api/v1/admin/accounts/{}", whom.id), &[]).await;
        assert_eq!((&seen["silenced"], &seen["suspended"]), (&json!(false), &json!(false)), "{}", whom.name);
    }
    let path = reported(&ann, &moll, "1").await;
    let mut above = signed_in(&home, &olga).await;
    assert!(above.get(&path).await.text().contains(&format!("href=\"{path}/suspend\"")), "whoever stands above may");
}
