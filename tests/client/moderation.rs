//! Reports, acting on accounts and blocking domains through the client API: who may, what it answers, what it does.

use crate::{
    browser::{Browser, Form},
    call::{call, escaped, id, ids, raw, stranger},
    lab::{Instance, Person, World},
    schema::is_entity,
};
use dassie::user::hash_password;
use serde_json::{Value, json};
use storage::{instance, user, user::Role};

/// A time that measurements are asked for.
const DAYS: &str = "start_at=2026-01-01&end_at=2026-01-03";

/// Every route of the admin API, with the scope it asks for.
fn admin_routes(account: &str, report: &str, block: &str, allow: &str) -> Vec<(&'static str, String, &'static str)> {
    let account = |act: &str| format!("/api/v1/admin/accounts/{account}{act}");
    let report = |act: &str| format!("/api/v1/admin/reports/{report}{act}");
    let block = || format!("/api/v1/admin/domain_blocks/{block}");
    let (accounts, write_accounts) = ("admin:read:accounts", "admin:write:accounts");
    let (reports, write_reports) = ("admin:read:reports", "admin:write:reports");
    let (blocks, write_blocks) = ("admin:read:domain_blocks", "admin:write:domain_blocks");
    let allow = || format!("/api/v1/admin/domain_allows/{allow}");
    let (allows, write_allows) = ("admin:read:domain_allows", "admin:write:domain_allows");
    vec![
        ("GET", "/api/v1/admin/accounts".to_owned(), accounts),
        ("GET", "/api/v2/admin/accounts".to_owned(), accounts),
        ("GET", account(""), accounts),
        ("POST", account("/action?type=none"), write_accounts),
        ("POST", account("/enable"), write_accounts),
        ("POST", account("/unsilence"), write_accounts),
        ("POST", account("/unsuspend"), write_accounts),
        ("POST", account("/unsensitive"), write_accounts),
        ("GET", "/api/v1/admin/reports".to_owned(), reports),
        ("GET", report(""), reports),
        ("PUT", report("?category=spam"), write_reports),
        ("POST", report("/assign_to_self"), write_reports),
        ("POST", report("/unassign"), write_reports),
        ("POST", report("/resolve"), write_reports),
        ("POST", report("/reopen"), write_reports),
        ("GET", "/api/v1/admin/audit_log".to_owned(), "admin:read"),
        ("GET", "/api/v1/admin/domain_blocks".to_owned(), blocks),
        ("POST", "/api/v1/admin/domain_blocks?domain=other.test".to_owned(), write_blocks),
        ("GET", block(), blocks),
        ("PUT", format!("{}?severity=noop", block()), write_blocks),
        ("DELETE", block(), write_blocks),
        ("POST", format!("/api/v1/admin/measures?{DAYS}"), "admin:read"),
        ("POST", format!("/api/v1/admin/dimensions?{DAYS}"), "admin:read"),
        ("POST", format!("/api/v1/admin/retention?{DAYS}&frequency=day"), "admin:read"),
        ("GET", "/api/v1/admin/domain_allows".to_owned(), allows),
        ("POST", "/api/v1/admin/domain_allows?domain=other.test".to_owned(), write_allows),
        ("GET", allow(), allows),
        ("DELETE", allow(), write_allows),
        ("GET", "/api/v1/admin/email_domain_blocks".to_owned(), "admin:read:email_domain_blocks"),
        ("POST", "/api/v1/admin/email_domain_blocks?domain=m.test".to_owned(), "admin:write:email_domain_blocks"),
        ("GET", "/api/v1/admin/ip_blocks".to_owned(), "admin:read:ip_blocks"),
        ("POST", "/api/v1/admin/ip_blocks?ip=192.0.2.1&severity=no_access".to_owned(), "admin:write:ip_blocks"),
        ("GET", "/api/v1/admin/canonical_email_blocks".to_owned(), "admin:read:canonical_email_blocks"),
        ("POST", "/api/v1/admin/canonical_email_blocks/test?email=a@b".to_owned(), "admin:read:canonical_email_blocks"),
        ("POST", "/api/v1/admin/canonical_email_blocks?email=a@b".to_owned(), "admin:write:canonical_email_blocks"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_admin_route_asks_for_its_scope_and_for_the_role() {
    let home = World::new().instance("home.test").await;
    let (ann, olga) = (home.person("ann").await, home.staff("olga", Role::Owner).await);
    let report = id(&ann.asks("POST", "/api/v1/reports", &[("account_id", &olga.id.to_string())]).await);
    let block = id(&olga.asks("POST", "/api/v1/admin/domain_blocks", &[("domain", "far.test")]).await);
    let allow = id(&olga.asks("POST", "/api/v1/admin/domain_allows", &[("domain", "near.test")]).await);
    let curious = home.user("curious", Role::User, &["read", "write", "admin:read", "admin:write"]).await;
    let narrow = home.user("narrow", Role::Owner, &["read", "write", "follow"]).await;
    let routes = admin_routes(&ann.id.to_string(), &report, &block, &allow);
    for (method, path, _) in &routes {
        assert_eq!(raw(home.web(), None, method, path, "", "").await.status, 401, "{method} {path}: nobody");
        let refused = call(home.web(), Some(&narrow.token), method, path, &[]).await;
        assert_eq!(refused.status, 403, "{method} {path}: an owner's token without the scope");
        assert_eq!(refused.json()["error"], "This action is outside the authorized scopes");
        let refused = call(home.web(), Some(&curious.token), method, path, &[]).await;
        assert_eq!(refused.status, 403, "{method} {path}: the scope without the role: {}", refused.text());
        assert_eq!(refused.json()["error"], "This action is not allowed");
    }
    for (number, (method, path, scope)) in routes.iter().enumerate() {
        let exact = home.user(&format!("exact{number}"), Role::Admin, &[scope]).await;
        let answer = call(home.web(), Some(&exact.token), method, path, &[]).await;
        assert_eq!(answer.status, 200, "{method} {path} with {scope}: {}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_keeps_what_it_speaks_of_and_is_worked_through() {
    let home = World::new().instance("home.test").await;
    let write = |tx: &mut storage::Tx<'_>| {
        let rules = vec!["be kind".to_owned(), "no spam".to_owned()];
        instance::put_settings(tx, &instance::Settings { rules, ..instance::settings(tx)? });
        Ok(())
    };
    home.server().write(write).await.expect("rules");
    let (ann, bad, mo) = (home.person("ann").await, home.person("bad").await, home.staff("mo", Role::Moderator).await);
    let wrote = id(&bad.writes("an unkind word", &[]).await);
    let secret = id(&bad.writes("not for ann", &[("visibility", "direct")]).await);
    let of_ann = id(&ann.writes("mine", &[]).await);
    let target = bad.id.to_string();
    let fields = [
        ("account_id", target.as_str()),
        ("status_ids[]", &wrote),
        ("status_ids[]", &wrote),
        ("status_ids[]", &secret),
        ("status_ids[]", &of_ann),
        ("comment", "please look"),
        ("rule_ids[]", "1"),
        ("rule_ids[]", "7"),
        ("forward", "true"),
    ];
    let made = ann.asks("POST", "/api/v1/reports", &fields).await;
    assert_eq!((&made["category"], &made["forwarded"]), (&json!("violation"), &json!(false)), "{made}");
    assert_eq!((&made["status_ids"], &made["rule_ids"]), (&json!([wrote]), &json!(["1"])), "{made}");
    let told = mo.is_told("admin.report").await;
    assert_eq!((&told["report"]["id"], &told["account"]["username"]), (&made["id"], &json!("ann")), "{told}");
    is_entity("Notification", &told);
    assert!(!bad.get("/api/v1/notifications").await.to_string().contains("admin.report"));

    bad.asks("DELETE", &format!("/api/v1/statuses/{wrote}"), &[]).await;
    let path = format!("/api/v1/admin/reports/{}", id(&made));
    let read = mo.asks("GET", &path, &[]).await;
    is_entity("AdminReport", &read);
    assert!(read["statuses"][0]["content"].as_str().is_some_and(|text| text.contains("an unkind word")), "{read}");
    assert_eq!((&read["rules"][0]["text"], &read["action_taken"]), (&json!("be kind"), &json!(false)));
    let mine = mo.asks("POST", &format!("{path}/assign_to_self"), &[]).await;
    assert_eq!(mine["assigned_account"]["username"], "mo");
    let list = format!("/api/v1/admin/reports?target_account_id={target}");
    assert_eq!(ids(&mo.asks("GET", &list, &[]).await), [id(&made)]);
    let act = format!("/api/v1/admin/accounts/{target}/action");
    mo.asks("POST", &act, &[("type", "silence"), ("report_id", &id(&made)), ("text", "was unkind")]).await;
    let closed = mo.asks("GET", &path, &[]).await;
    assert_eq!((&closed["action_taken"], &closed["target_account"]["silenced"]), (&json!(true), &json!(true)));
    assert_eq!(mo.asks("GET", &list, &[]).await, json!([]));
    assert_eq!(ids(&mo.asks("GET", &format!("{list}&resolved=true"), &[]).await), [id(&made)]);
    let log = mo.asks("GET", "/api/v1/admin/audit_log", &[]).await;
    let rows = log.as_array().expect("a list").iter();
    let rows: Vec<_> = rows.map(|row| (row["action"].as_str(), row["reason"].as_str())).collect();
    let expected = [("resolve_report", ""), ("silence", "was unkind"), ("assign_report", "")];
    assert_eq!(rows, expected.map(|(action, why)| (Some(action), Some(why))), "newest first");
    for (fields, status) in [
        (vec![("account_id", "1")], 404),
        (vec![("comment", "x")], 422),
        (vec![("account_id", target.as_str()), ("category", "rude")], 422),
    ] {
        assert_eq!(ann.is_refused("POST", "/api/v1/reports", &fields).await, status, "{fields:?}");
    }
}

async fn set_password(home: &Instance, person: &Person<'_>, password: &str) {
    let (account, hash) = (person.id, hash_password(password, [3; 16]).expect("hashed"));
    let write = move |tx: &mut storage::Tx<'_>| {
        let user = user::find(tx, account)?.expect("they sign in here");
        Ok(user::put(tx, &user::User { password_hash: hash.clone(), ..user })?)
    };
    home.server().write(write).await.expect("a password");
}

/// What the page of signing in answers.
async fn signs_in(home: &Instance, name: &str, password: &str) -> (u16, String) {
    let mut browser = Browser::at(home.web());
    let page = browser.get("/auth/sign_in").await;
    let filled = Form::on(&page, "/auth/sign_in").with("login", name).with("password", password);
    let reply = browser.submit(&filled, &[]).await;
    (reply.status, reply.text())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_disabled_or_suspended_is_out_at_once_and_told_so() {
    let home = World::new().instance("home.test").await;
    let (bad, mo) = (home.person("bad").await, home.staff("mo", Role::Moderator).await);
    set_password(&home, &bad, "correct horse").await;
    let act = format!("/api/v1/admin/accounts/{}/action", bad.id);
    let back = |what: &str| format!("/api/v1/admin/accounts/{}/{what}", bad.id);
    for (kind, undo, says) in
        [("disable", "enable", "You may not sign in"), ("suspend", "unsuspend", "Your account is suspended")]
    {
        let mut browser = Browser::at(home.web());
        let page = browser.get("/auth/sign_in").await;
        let filled = Form::on(&page, "/auth/sign_in").with("login", "bad").with("password", "correct horse");
        assert!((302..304).contains(&browser.submit(&filled, &[]).await.status), "signed in before");
        assert!(browser.get("/home").await.text().contains("/auth/sign_out"), "the session holds");
        // Also remembered for a minute, so that forgetting it is seen.
        bad.asks("GET", "/api/v1/accounts/verify_credentials", &[]).await;

        mo.asks("POST", &act, &[("type", kind)]).await;
        let refused = call(home.web(), Some(&bad.token), "GET", "/api/v1/timelines/home", &[]).await;
        assert_eq!(refused.status, 403, "{kind}");
        assert_eq!(refused.json()["error"], "Your login is currently disabled");
        assert!(!browser.get("/home").await.text().contains("/auth/sign_out"), "{kind}: the session is over");
        let page = browser.get("/auth/sign_in").await;
        let filled = Form::on(&page, "/auth/sign_in").with("login", "bad").with("password", "correct horse");
        let judged = browser.follow(&filled).await;
        assert!(
            judged.text().contains("You cannot use your account") && judged.text().contains(says),
            "{}",
            judged.text()
        );
        assert!(
            browser.get("/home").await.header("location").is_some_and(|to| to.starts_with("/auth/sign_in")),
            "{kind}"
        );
        let (status, page) = signs_in(&home, "bad", "wrong horse").await;
        assert!(status == 422 && !page.contains(says), "{kind}: told only to whoever knows the password");

        let drawn = mo.asks("POST", &back(undo), &[]).await;
        is_entity("AdminAccount", &drawn);
        assert_eq!((&drawn["disabled"], &drawn["suspended"]), (&json!(false), &json!(false)), "{drawn}");
        bad.asks("GET", "/api/v1/timelines/home", &[]).await;
        assert!((302..304).contains(&signs_in(&home, "bad", "correct horse").await.0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silenced_account_is_met_by_its_followers_only() {
    let home = World::new().instance("home.test").await;
    let (fan, ben) = (home.person("fan").await, home.person("ben").await);
    let (loud, mo) = (home.person("loudmouth").await, home.staff("mo", Role::Moderator).await);
    fan.asks("POST", &format!("/api/v1/accounts/{}/follow", loud.id), &[]).await;
    loud.writes("LOUD #noise", &[]).await;
    mo.asks("POST", &format!("/api/v1/admin/accounts/{}/action", loud.id), &[("type", "silence")]).await;
    let places = ["/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/noise"];
    for path in places {
        assert_eq!(ben.asks("GET", path, &[]).await, json!([]), "{path} to a stranger");
        assert_eq!(stranger(&home, path).await, json!([]), "{path} to nobody");
        for person in [&fan, &loud] {
            assert_eq!(ids(&person.asks("GET", path, &[]).await).len(), 1, "{path} to {}", person.name);
        }
    }
    assert_eq!(ben.asks("GET", "/api/v1/accounts/search?q=loud", &[]).await, json!([]));
    assert_eq!(ids(&fan.asks("GET", "/api/v1/accounts/search?q=loud", &[]).await).len(), 1);
    let named = ben.asks("GET", "/api/v1/accounts/search?q=loudmouth", &[]).await;
    assert_eq!(named[0]["limited"], true, "whoever names it whole finds it, marked");
    let statuses = format!("/api/v1/accounts/{}/statuses", loud.id);
    assert_eq!(ids(&ben.asks("GET", &statuses, &[]).await).len(), 1, "its own page shows it");
    mo.asks("POST", &format!("/api/v1/admin/accounts/{}/unsilence", loud.id), &[]).await;
    assert_eq!(ids(&stranger(&home, "/api/v1/timelines/public").await).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_listed_by_parts_of_their_names_without_accents_and_case() {
    let home = World::new().instance("home.test").await;
    let (ann, mo) = (home.person("ann").await, home.staff("mo", Role::Moderator).await);
    ann.asks("PATCH", "/api/v1/accounts/update_credentials", &[("display_name", "In \u{c4}lvsborg")]).await;
    for version in ["v1", "v2"] {
        let listed =
            async |query: String| ids(&mo.asks("GET", &format!("/api/{version}/admin/accounts?{query}"), &[]).await);
        for text in ["alvsborg", "ALVS", "\u{e4}lvsborg", "a\u{308}lvsborg"] {
            assert_eq!(
                listed(format!("display_name={}", escaped(text))).await,
                [ann.id.to_string()],
                "{version} {text}"
            );
        }
        assert_eq!(listed("display_name=olvsborg".to_owned()).await, [""; 0]);
        assert_eq!(listed(format!("username={}", escaped("\u{c1}N"))).await, [ann.id.to_string()]);
        assert_eq!(listed("username=nn".to_owned()).await, [""; 0], "the beginning");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn domain_blocks_are_made_changed_shown_and_lifted() {
    let home = World::new().instance("home.test").await;
    let ada = home.staff("ada", Role::Admin).await;
    let path = "/api/v1/admin/domain_blocks";
    let fields = [
        ("domain", " Bücher.Test. "),
        ("severity", "suspend"),
        ("public_comment", "spam"),
        ("private_comment", "see mail"),
        ("obfuscate", "true"),
    ];
    let made = ada.asks("POST", path, &fields).await;
    is_entity("AdminDomainBlock", &made);
    assert_eq!((&made["domain"], &made["severity"]), (&json!("xn--bcher-kva.test"), &json!("suspend")));
    let shown = stranger(&home, "/api/v1/instance/domain_blocks").await;
    assert_eq!(shown[0]["domain"], "xn--*********.test", "a quarter is shown on either side");
    assert!(!shown.to_string().contains("bcher-kva") && !shown.to_string().contains("see mail"), "{shown}");
    assert_eq!((&shown[0]["comment"], &shown[0]["digest"]), (&json!("spam"), &made["digest"]));
    let one = format!("{path}/{}", id(&made));
    let changed = ada.asks("PUT", &one, &[("severity", "noop"), ("obfuscate", "false"), ("reject_media", "1")]).await;
    assert_eq!((&changed["severity"], &changed["reject_media"]), (&json!("noop"), &json!(true)));
    assert_eq!(changed["public_comment"], "spam", "what is not named stays");
    assert_eq!(stranger(&home, "/api/v1/instance/domain_blocks").await, json!([]), "what does nothing is not shown");
    assert_eq!(ids(&ada.asks("GET", path, &[]).await), [id(&made)]);
    for (fields, status) in [
        (vec![("domain", "xn--bcher-kva.test")], 422),
        (vec![("domain", "home.test")], 422),
        (vec![("domain", "not a domain")], 422),
        (vec![("severity", "suspend")], 422),
        (vec![("domain", "x.test"), ("severity", "gone")], 422),
    ] {
        assert_eq!(ada.is_refused("POST", path, &fields).await, status, "{fields:?}");
    }
    ada.asks("DELETE", &one, &[]).await;
    assert_eq!(ada.is_refused("GET", &one, &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_outlive_a_restart() {
    let mut home = World::new().instance("home.test").await;
    let (bad, block) = {
        let (bad, ada) = (home.person("bad").await, home.staff("ada", Role::Admin).await);
        ada.asks("POST", &format!("/api/v1/admin/accounts/{}/action", bad.id), &[("type", "suspend")]).await;
        let block = ada.asks("POST", "/api/v1/admin/domain_blocks", &[("domain", "far.test")]).await;
        (bad.token.clone(), block)
    };
    home.restart().await;
    let refused = call(home.web(), Some(&bad), "GET", "/api/v1/timelines/home", &[]).await;
    assert_eq!(refused.status, 403);
    let token = Some("token-of-ada");
    let blocks = call(home.web(), token, "GET", "/api/v1/admin/domain_blocks", &[]).await;
    assert_eq!(blocks.json(), json!([block]));
    let log = call(home.web(), token, "GET", "/api/v1/admin/audit_log?limit=1", &[]).await;
    assert_eq!(log.json()[0]["action"], "block_domain");
    assert!(log.header("link").is_some_and(|link| link.contains("rel=\"next\"")), "{:?}", log.headers);
}

/// The number of a key in what `measures` or a row in what `dimensions` answered.
fn of_key<'a>(list: &'a Value, key: &str) -> &'a Value {
    let rows = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    rows.iter().find(|row| row["key"] == key).unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_say_what_was_counted_and_nothing_of_what_was_not() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (ann, ben, mo) = (home.person("ann").await, home.person("ben").await, home.staff("mo", Role::Moderator).await);
    let far = away.person("far").await;
    let far_here = ann.finds(&far.handle()).await;
    let status = id(&ann.writes("one", &[]).await);
    ben.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
    world.clock.advance(24 * 60 * 60 * 1000);
    ben.writes("again", &[]).await;
    let report = id(&ann.asks("POST", "/api/v1/reports", &[("account_id", &far_here)]).await);
    mo.asks("POST", &format!("/api/v1/admin/reports/{report}/resolve"), &[]).await;

    let keys = "active_users new_users interactions opened_reports resolved_reports instance_accounts instance_reports \
                tag_uses nothing";
    let keys: Vec<_> = keys.split(' ').map(|key| format!("keys[]={key}")).collect();
    let more = "instance_accounts[domain]=away.test&instance_reports[domain]=away.test";
    let path = format!("/api/v1/admin/measures?{DAYS}&{}&{more}", keys.join("&"));
    let measures = mo.asks("POST", &path, &[]).await;
    let sums = |key: &str| {
        let row = of_key(&measures, key);
        let days: Vec<_> = row["data"].as_array().expect("days").iter().map(|day| day["value"].clone()).collect();
        (row["total"].clone(), days)
    };
    let expect = |total: &str, days: [&str; 3]| (json!(total), days.map(Value::from).to_vec());
    // Whoever reports is not counted as active, nor whoever looks after it: they only signed in with a token before.
    assert_eq!(sums("active_users"), expect("2", ["2", "1", "0"]));
    assert_eq!(sums("new_users"), expect("3", ["3", "0", "0"]));
    assert_eq!(sums("interactions"), expect("1", ["1", "0", "0"]));
    assert_eq!(sums("opened_reports"), expect("1", ["0", "1", "0"]));
    assert_eq!(sums("resolved_reports"), expect("1", ["0", "1", "0"]));
    assert_eq!(sums("instance_accounts").0, "1");
    assert_eq!(sums("instance_reports"), expect("1", ["0", "1", "0"]));
    assert_eq!(of_key(&measures, "opened_reports")["previous_total"], "0");
    assert_eq!(of_key(&measures, "opened_reports")["data"][0]["date"], "2026-01-01T00:00:00.000Z");
    assert_eq!((of_key(&measures, "tag_uses"), of_key(&measures, "nothing")), (&Value::Null, &Value::Null));
    measures.as_array().expect("a list").iter().for_each(|measure| is_entity("AdminMeasure", measure));
    let past = "/api/v1/admin/measures?start_at=2025-12-01&end_at=2025-12-31&keys[]=active_users&keys[]=new_users";
    let past = mo.asks("POST", past, &[]).await;
    assert_eq!((past.as_array().map(Vec::len), &past[0]["key"]), (Some(1), &json!("new_users")), "not known any more");

    let dimensions = "keys[]=languages&keys[]=sources&keys[]=software_versions&keys[]=space_usage&keys[]=servers";
    let dimensions = mo.asks("POST", &format!("/api/v1/admin/dimensions?{DAYS}&{dimensions}"), &[]).await;
    dimensions.as_array().expect("a list").iter().for_each(|dimension| is_entity("AdminDimension", dimension));
    let expected = json!([{ "key": "en", "human_key": "English", "value": "2" }]);
    assert_eq!(of_key(&dimensions, "languages")["data"], expected);
    assert_eq!(of_key(&dimensions, "sources")["data"][0]["value"], "3");
    assert_eq!(of_key(&dimensions, "software_versions")["data"][1]["value"], "redb");
    assert_eq!(of_key(&dimensions, "servers"), &Value::Null);

    let cohorts = mo.asks("POST", &format!("/api/v1/admin/retention?{DAYS}&frequency=day"), &[]).await;
    cohorts.as_array().expect("a list").iter().for_each(|cohort| is_entity("AdminCohort", cohort));
    let first: Vec<_> = cohorts[0]["data"].as_array().expect("days").iter().map(|day| day["value"].clone()).collect();
    assert_eq!((first, cohorts.as_array().map(Vec::len)), (["3", "1", "0"].map(Value::from).to_vec(), Some(3)));
    let months = "/api/v1/admin/retention?start_at=2025-11-20&end_at=2026-01-20&frequency=month";
    let months = mo.asks("POST", months, &[]).await;
    let periods: Vec<_> = months.as_array().expect("a list").iter().map(|cohort| cohort["period"].clone()).collect();
    let starts = ["2025-11", "2025-12", "2026-01"].map(|month| Value::from(format!("{month}-01T00:00:00.000Z")));
    assert_eq!(periods, starts);
    for (path, more) in [
        ("measures", "start_at=2026-01-03&end_at=2026-01-01"),
        ("measures", "start_at=2020-01-01&end_at=2026-01-01"),
        ("measures", "end_at=2026-01-01"),
        ("dimensions", "start_at=x&end_at=2026-01-01"),
        ("retention", "start_at=2020-01-01&end_at=2026-01-01&frequency=day"),
        ("retention", "start_at=2026-01-01&end_at=2026-01-01&frequency=year"),
    ] {
        assert_eq!(mo.is_refused("POST", &format!("/api/v1/admin/{path}?{more}"), &[]).await, 422, "{path} {more}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_is_given_and_taken_while_the_server_runs_and_somebody_always_owns_it() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let looks = async || call(home.web(), Some(&ann.token), "GET", "/api/v1/accounts/verify_credentials", &[]).await;
    let role = async || looks().await.json()["role"]["name"].as_str().unwrap_or_default().to_owned();
    let before = role().await;
    for (wanted, now) in [("owner", "@ann is owner now, no longer user"), ("owner", "@ann is owner already")] {
        let (done, said) = home.command(&["user", "role", "ann", wanted]);
        assert!(done && said.contains(now), "{said}");
    }
    assert_ne!(role().await, before);
    let (done, said) = home.command(&["user", "role", "ann", "moderator"]);
    assert!(!done && said.contains("make somebody else an owner first"), "{said}");
    home.person("ben").await;
    assert!(home.command(&["user", "role", "ben", "owner"]).0);
    let (done, said) = home.command(&["user", "role", "ann", "user"]);
    assert!(done && said.contains("no longer owner"), "{said}");
    assert_eq!(role().await, before);
    assert!(!home.command(&["user", "role", "nobody", "admin"]).0);
}
