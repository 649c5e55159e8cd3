//! Tables taken along and brought: what is written here is read here, and an import survives a stop of the server.

use crate::{
    browser::{Browser, Form},
    call::id,
    lab::{World, comes},
    settings::signed_in,
    web::PATIENCE,
};
use dassie::reach::Target;
use serde_json::json;
use std::time::Duration;
use storage::{instance::Registrations, user::Role};
use tokio::net::TcpListener;

/// The page of an import once it is over.
async fn over(browser: &mut Browser, path: &str) -> String {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let page = browser.get(path).await.text();
        if page.contains(" · done") {
            return page;
        }
        assert!(tokio::time::Instant::now() < deadline, "the import does not end: {page}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Brings a table; the path of its import.
async fn brings(browser: &mut Browser, kind: &str, mode: &str, table: &[u8]) -> String {
    let form = Form::on(&browser.get("/settings/import").await, "/settings/import");
    let sent = browser.upload(&form.with("kind", kind).with("mode", mode), &[("file", table)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.header("location").expect("its page").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_that_is_taken_along_can_be_brought_by_somebody_else() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, ben, carl) = (home.person("ann").await, home.person("ben").await, home.person("carl").await);
    let bob = far.person("bob").await;
    let bob_here = ann.follows(&bob.handle()).await;
    let options = [("reblogs", "false"), ("notify", "true"), ("languages[]", "en"), ("languages[]", "de")];
    ann.asks("POST", &format!("/api/v1/accounts/{bob_here}/follow"), &options).await;
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", carl.id), &[]).await;
    let list = id(&ann.asks("POST", "/api/v1/lists", &[("title", "Rocks, \"large\"")]).await);
    ann.asks("POST", &format!("/api/v1/lists/{list}/accounts"), &[("account_ids[]", &bob_here)]).await;
    let status = id(&carl.writes("worth keeping", &[]).await);
    ann.asks("POST", &format!("/api/v1/statuses/{status}/bookmark"), &[]).await;
    ann.asks("POST", "/api/v1/domain_blocks", &[("domain", "bad.test")]).await;
    let mut of_ann = signed_in(&home, &ann).await;
    let mut tables = Vec::new();
    for kind in ["following", "lists", "bookmarks", "domain_blocks"] {
        let table = of_ann.get(&format!("/settings/export/{kind}.csv")).await;
        assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(table.header("content-disposition").is_some_and(|name| name.contains(&format!("{kind}.csv"))));
        tables.push((kind, table.body.clone()));
    }
    let text = String::from_utf8_lossy(&tables[0].1).into_owned();
    assert!(text.starts_with("Account address,Show boosts,Notify on new posts,Languages\n"), "{text}");
    assert!(
        text.contains("bob@far.test,false,true,\"en, de\"\n") && text.contains("carl@home.test,true,false,\n"),
        "{text}"
    );

    let mut of_ben = signed_in(&home, &ben).await;
    for (kind, table) in &tables {
        let path = brings(&mut of_ben, kind, "merge", table).await;
        let page = over(&mut of_ben, &path).await;
        assert!(!page.contains("refused"), "{kind}: {page}");
    }
    let relation = format!("/api/v1/accounts/relationships?id[]={bob_here}");
    let seen = ben.until(&relation, |seen| seen[0]["following"] == true).await;
    assert_eq!((&seen[0]["showing_reblogs"], &seen[0]["notifying"]), (&json!(false), &json!(true)), "{seen}");
    assert_eq!(seen[0]["languages"], json!(["en", "de"]));
    assert_eq!(id(&ben.asks("GET", "/api/v1/bookmarks", &[]).await[0]), status);
    assert_eq!(ben.asks("GET", "/api/v1/domain_blocks", &[]).await, json!(["bad.test"]));
    let lists = ben.asks("GET", "/api/v1/lists", &[]).await;
    assert_eq!(lists[0]["title"], "Rocks, \"large\"");
    let members = ben.asks("GET", &format!("/api/v1/lists/{}/accounts", id(&lists[0])), &[]).await;
    assert_eq!(members[0]["acct"], "bob@far.test");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_and_mutes_come_with_what_they_hide_and_replacing_removes_the_rest() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, ben, carl) = (home.person("ann").await, home.person("ben").await, home.person("carl").await);
    let bob = far.person("bob").await;
    ann.asks("POST", &format!("/api/v1/accounts/{}/mute", ben.id), &[]).await;
    ann.asks("POST", &format!("/api/v1/accounts/{}/block", carl.id), &[]).await;
    let mut browser = signed_in(&home, &ann).await;
    let taken = browser.get("/settings/export/mutes.csv").await.text();
    assert_eq!(taken, "Account address,Hide notifications\nben@home.test,true\n");
    assert_eq!(browser.get("/settings/export/blocks.csv").await.text(), "carl@home.test\n");
    let table = format!(
        "Account address,Hide notifications\n{},false\nghost@home.test,true\nno name,true\n",
        &bob.handle()[1..]
    );
    let path = brings(&mut browser, "mutes", "overwrite", table.as_bytes()).await;
    let page = over(&mut browser, &path).await;
    assert!(page.contains("1 row was taken") && page.contains("2 rows were refused"), "{page}");
    assert!(page.contains("1 entry that was not in the file was removed"), "{page}");
    assert!(page.contains("ghost@home.test") && page.contains("nobody, or nothing, of that name"), "{page}");
    assert!(page.contains("no name") && page.contains("That is no name or address"), "{page}");
    let mutes = ann.asks("GET", "/api/v1/mutes", &[]).await;
    assert_eq!(mutes.as_array().map(Vec::len), Some(1), "{mutes}");
    assert_eq!(mutes[0]["acct"], "bob@far.test");
    let path = brings(&mut browser, "blocks", "merge", b"ben@home.test\n").await;
    over(&mut browser, &path).await;
    assert_eq!(ann.asks("GET", "/api/v1/blocks", &[]).await.as_array().map(Vec::len), Some(2), "what was there stays");
    for (kind, table, why) in
        [("blocks", &b""[..], "Choose a file"), ("nothing", b"x", "kind is none"), ("blocks", b"\xff\xfe", "no table")]
    {
        let form = Form::on(&browser.get("/settings/import").await, "/settings/import");
        let refused = browser.upload(&form.with("kind", kind), &[("file", table)]).await;
        assert!(refused.status == 422 && refused.text().contains(why), "{kind}: {}", refused.text());
    }
    let mut other = signed_in(&home, &ben).await;
    assert_eq!(other.get(&path).await.status, 404, "somebody else's");
    assert_eq!(browser.get("/settings/export/secrets.csv").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_goes_on_after_a_stop_in_its_middle_and_tells_of_servers_that_are_silent() {
    let world = World::new();
    let (mut home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    for number in 0..16 {
        far.person(&format!("p{number}")).await;
    }
    // It takes connections and says nothing.
    let hole = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = hole.local_addr().expect("an address");
    world.names.map("hole.test", Target { address, plain: true });
    let line = |number: usize| format!("p{number}@far.test\n");
    let (first, then): (String, String) = ((0..8).map(line).collect(), (8..16).map(line).collect());
    let table = format!("Account address\n{first}x@hole.test\n{then}");
    let (token, mut browser) = {
        let ann = home.person("ann").await;
        (ann.token.clone(), signed_in(&home, &ann).await)
    };
    let path = brings(&mut browser, "following", "merge", table.as_bytes()).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !browser.get(&path).await.text().contains("8 of 17 rows") {
        assert!(tokio::time::Instant::now() < deadline, "the first rows are not taken");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    home.stop().await;
    drop(hole);
    home.start().await;
    browser.at_again(home.web());
    let page = over(&mut browser, &path).await;
    assert!(page.contains("16 rows were taken") && page.contains("1 row was refused"), "{page}");
    assert!(page.contains("x@hole.test") && page.contains("did not answer"), "{page}");
    let bearer = format!("Bearer {token}");
    comes("all that could be found are followed", async || {
        // What was on its way when it stopped comes once more.
        world.clock.advance(10_000);
        let reply = home.web().get("/api/v1/accounts/verify_credentials", &[("authorization", &bearer)]).await;
        (reply.json()["following_count"] == 16).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_an_old_account_follows_is_read_from_its_server_and_followed_here() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (ann, old) = (home.person("ann").await, far.person("old").await);
    let (bob, carol) = (far.person("bob").await, home.person("carol").await);
    old.follows("bob").await;
    old.follows(&carol.handle()).await;
    let mut browser = signed_in(&home, &ann).await;
    let form = Form::on(&browser.get("/settings/import").await, "/settings/import/account");
    for bad in ["", "ann", "ann@", "@home", "a b@far.test"] {
        let refused = browser.submit(&form.with("account", bad), &[]).await;
        assert!(refused.status == 422 && refused.text().contains("no handle"), "{bad}: {}", refused.text());
    }
    let asked = browser.submit(&form.with("account", &old.handle()), &[]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let page = loop {
        let page = browser.get("/settings/import").await.text();
        if page.contains("whom it follows is brought") && page.contains(" · done") {
            break page;
        }
        assert!(tokio::time::Instant::now() < deadline, "nothing comes of it: {page}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(page.contains("2 of 2 rows"), "{page}");
    for name in ["bob@far.test", "carol"] {
        let found = ann.asks("GET", &format!("/api/v1/accounts/lookup?acct={name}"), &[]).await;
        let id = id(&found);
        comes(&format!("{name} is followed"), async || {
            let seen = ann.asks("GET", &format!("/api/v1/accounts/relationships?id[]={id}"), &[]).await;
            (seen[0]["following"] == true).then_some(())
        })
        .await;
    }
    drop(bob);

    // Nothing comes of who hides it, lives here, or is not there; and that is said.
    assert_eq!(
        old.send("PATCH", "/api/v1/accounts/update_credentials", &[("hide_collections", "true")]).await.status,
        200
    );
    for (named, why) in
        [(old.handle(), "does not show"), (carol.handle(), "lives here"), ("x@far.test".into(), "nobody")]
    {
        assert_eq!(browser.submit(&form.with("account", &named), &[]).await.status, 303, "{named}");
        comes(why, async || {
            let known = home.server().read({
                let own = ann.id;
                move |view| dassie::transfer::source::find(view, own)
            });
            let known = known.await.expect("a read").expect("it was asked");
            (known.state != storage::follow_source::SourceState::Reading).then_some(())
        })
        .await;
        let page = browser.get("/settings/import").await.text();
        assert!(page.contains(why), "{named}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_step_of_people_is_the_owners_and_says_who_may_come() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (olga, ann) = (home.staff("olga", Role::Owner).await, home.person("ann").await);
    let bob = far.person("bob").await;
    let path = "/first-run/people";
    assert_eq!(signed_in(&home, &ann).await.get(path).await.status, 404, "of the owner alone");
    assert_eq!(home.web().get(path, &[]).await.status, 303);
    let mut browser = signed_in(&home, &olga).await;
    let page = browser.get(path).await;
    assert!(page.text().contains("value=\"invite\" checked") && page.text().contains("href=\"/home#status\">Later"));
    let form = Form::on(&page, path);
    let table = b"Account address\nbob@far.test\n";
    for (sign_ups, account, file) in
        [("everybody", "", &table[..]), ("open", "nobody", &table[..]), ("open", "", &b"\xff\xfe\x00"[..])]
    {
        let typed = form.with("sign_ups", sign_ups).with("account", account);
        let refused = browser.upload(&typed, &[("file", file)]).await;
        assert_eq!(refused.status, 422, "{sign_ups} {account}: {}", refused.text());
    }
    let settings =
        || async { home.server().read(|view| Ok(storage::instance::settings(view)?)).await.expect("settings") };
    assert_eq!(settings().await.registrations, Registrations::Closed, "all of it or nothing");
    let sent = browser.upload(&form.with("sign_ups", "approve").with("account", ""), &[("file", table)]).await;
    assert_eq!(sent.header("location"), Some("/home#status"), "{} {}", sent.status, sent.text());
    assert_eq!(settings().await.registrations, Registrations::Approve);
    let found = olga.finds(&bob.handle()).await;
    comes("bob is followed", async || {
        let seen = olga.asks("GET", &format!("/api/v1/accounts/relationships?id[]={found}"), &[]).await;
        (seen[0]["following"] == true).then_some(())
    })
    .await;
    assert!(browser.get(path).await.text().contains("value=\"approve\" checked"));
    let none: (&str, &[u8]) = ("file", b"");
    assert_eq!(browser.upload(&form.with("sign_ups", "closed").with("account", ""), &[none]).await.status, 303);
    let may = home.server().read({
        let olga = olga.id;
        move |view| dassie::user::invite::may_invite(view, olga)
    });
    assert!(!may.await.expect("a read"), "nobody comes, not by an invite either");
}
