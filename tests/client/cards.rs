//! Previews of links (client API, PreviewCard): pages that are good, pages that are not, and how often they are asked.

use crate::{
    call::{id, ids, stranger},
    lab::{Instance, Person, World},
    pictures,
    site::{Says, Site, html},
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::{
    io::Write,
    time::{Duration, Instant},
};
use storage::{Bounds, Direction, card, job, user::Role};

fn path(status: &str) -> String {
    format!("/api/v1/statuses/{status}")
}

/// Waits until no link is to be looked at any more.
async fn idle(home: &Instance) {
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        let left = home.server().read(|view| {
            let jobs = job::JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            Ok(jobs.iter().filter(|(_, job)| matches!(job.kind, job::JobKind::LinkCard { .. })).count())
        });
        if left.await.expect("a read") == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "links are still to be looked at");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The preview of a status once its link has been looked at.
async fn card_of(person: &Person<'_>, status: &str) -> Value {
    idle(person.home).await;
    person.asks("GET", &path(status), &[]).await["card"].clone()
}

/// How many pages are remembered.
async fn remembered(home: &Instance) -> usize {
    let rows = |view: &storage::View<'_>| {
        let cards = card::CARDS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?.len();
        let links = card::STATUSES_OF_CARD.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?.len();
        assert_eq!(cards == 0, links == 0, "a preview that nobody shows, or one that is shown and not there");
        Ok(cards)
    };
    home.server().read(rows).await.expect("a read")
}

const STORY: &str = "<html lang=en-GB><title>no</title><meta property=og:title content='Dassies &amp; rocks'>\
    <meta property=og:description content='They   bark.'><meta property=og:site_name content='The News'>\
    <meta property=og:image content=/rock.png><meta property=og:image:width content=640>\
    <meta property=og:image:height content=360><meta property=og:image:alt content='A rock'>\
    <meta name=author content=Ann><meta property=article:published_time content='2025-12-31T23:00:00Z'>\
    <meta name=fediverse:creator content='@ann@home.test'><link rel=canonical href='/story'>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_shown_with_what_its_page_says() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let picture = Says::Body("Content-Type: image/png", pictures::png(64, 36, 1));
    let site = Site::open(&world, "news.test", vec![("/story?from=x", html(STORY)), ("/rock.png", picture)]).await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let posted = ben.writes("@ann #rocks read https://news.test/story?from=x#part and https://news.test/2", &[]).await;
    let card = card_of(&ben, &id(&posted)).await;
    let image = card["image"].as_str().expect("a picture").to_owned();
    let expected = json!({
        "url": "https://news.test/story", "title": "Dassies & rocks", "description": "They bark.", "type": "link",
        "author_name": "Ann", "author_url": "", "provider_name": "The News", "provider_url": "", "html": "",
        "authors": [{ "name": "Ann", "url": "", "account": null }], "width": 640, "height": 360, "image": image,
        "image_description": "A rock", "embed_url": "", "blurhash": null, "language": "en",
        "published_at": "2025-12-31T23:00:00.000Z",
    });
    assert_eq!(card, expected);
    let shown = image.strip_prefix("https://home.test").expect("it is shown through this server");
    assert_eq!(home.web().get(shown, &[]).await.status, 200);
    assert_eq!((site.hits("/story?from=x"), site.hits("/2")), (1, 0), "only the first link");

    let open = [
        posted.clone(),
        stranger(&home, &path(&id(&posted))).await,
        stranger(&home, "/api/v1/timelines/public").await[0].clone(),
    ];
    assert_eq!([&open[1]["card"], &open[2]["card"]], [&expected, &expected]);
    let page = home.web().get(&format!("/@ben/{}", id(&posted)), &[("accept", "text/html")]).await;
    assert!(page.text().contains("Dassies &amp; rocks"), "{}", page.text());

    // The account that the page names is its author once it says so, too.
    let fields = [("attribution_domains[]", "news.test")];
    ann.asks("PATCH", "/api/v1/accounts/update_credentials", &fields).await;
    world.clock.advance(dassie::limits::CARD_FRESH_MS);
    let again = id(&ben.writes("https://news.test/story?from=x", &[]).await);
    let author = card_of(&ben, &again).await["authors"][0].clone();
    assert_eq!((&author["name"], &author["account"]["acct"]), (&json!("ann"), &json!("ann")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_a_picture_says_so_by_oembed() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let page = "<title>no</title><link rel=alternate type=application/json+oembed href='/oembed?u=1&amp;f=json'>";
    let said = json!({"type": "photo", "title": "A rock", "url": "https://pics.test/rock.png", "width": 64, "height": 36,
        "author_name": "Ann", "author_url": "https://pics.test/ann", "provider_name": "Pics", "provider_url": "/"});
    let said = Says::Body("Content-Type: application/json", said.to_string().into_bytes());
    let site = Site::open(&world, "pics.test", vec![("/1", html(page)), ("/oembed?u=1&f=json", said)]).await;
    let ben = home.person("ben").await;
    let card = card_of(&ben, &id(&ben.writes("https://pics.test/1", &[]).await)).await;
    assert_eq!((&card["type"], &card["title"], &card["width"]), (&json!("photo"), &json!("A rock"), &json!(64)));
    assert_eq!(card["authors"], json!([{ "name": "Ann", "url": "https://pics.test/ann", "account": null }]));
    assert_eq!(card["provider_url"], "https://pics.test/");
    for picture in ["image", "embed_url"] {
        assert!(card[picture].as_str().is_some_and(|url| url.starts_with("https://home.test/media/remote/")), "{card}");
    }
    assert_eq!((site.hits("/1"), site.hits("/oembed?u=1&f=json")), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_asked_once_a_day_however_many_statuses_link_to_it() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let site = Site::open(&world, "news.test", vec![("/story", html(STORY))]).await;
    let ben = home.person("ben").await;
    let mut posted = Vec::new();
    for number in 0..20 {
        posted.push(id(&ben.writes(&format!("{number} https://news.test/story"), &[]).await));
    }
    for status in &posted {
        assert_eq!(card_of(&ben, status).await["title"], "Dassies & rocks");
    }
    assert_eq!((site.hits("/story"), remembered(&home).await), (1, 1));
    for _ in 0..3 {
        let status = id(&ben.writes("https://news.test/gone", &[]).await);
        assert_eq!(card_of(&ben, &status).await, Value::Null);
    }
    assert_eq!(site.hits("/gone"), 1, "a failure is remembered, too");
    world.clock.advance(dassie::limits::CARD_FRESH_MS);
    for link in ["https://news.test/gone", "https://news.test/story"] {
        ben.writes(link, &[]).await;
    }
    idle(&home).await;
    assert_eq!((site.hits("/gone"), site.hits("/story")), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_changes_the_preview_and_it_goes_with_its_last_status() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let other = html("<title>Another</title>");
    let _site = Site::open(&world, "news.test", vec![("/story", html(STORY)), ("/other", other)]).await;
    let ben = home.person("ben").await;
    let first = id(&ben.writes("https://news.test/story", &[]).await);
    let second = id(&ben.writes("https://news.test/story too", &[]).await);
    assert_eq!(card_of(&ben, &first).await["title"], "Dassies & rocks");
    world.clock.advance(1_000);
    ben.asks("PUT", &path(&first), &[("status", "https://news.test/other")]).await;
    assert_eq!(card_of(&ben, &first).await["title"], "Another");
    assert_eq!(remembered(&home).await, 2);
    world.clock.advance(1_000);
    ben.asks("PUT", &path(&first), &[("status", "no link")]).await;
    assert_eq!(card_of(&ben, &first).await, Value::Null);
    assert_eq!(remembered(&home).await, 1);
    ben.asks("DELETE", &path(&second), &[]).await;
    idle(&home).await;
    assert_eq!(remembered(&home).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_pages_do_no_harm() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 50_000_000]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    let title = format!("<title>{}", "long ".repeat(2_000_000));
    let evil = "<title>Ok</title><link rel=canonical href='javascript:alert(1)'><meta property=og:image content='javascript:x'>\
        <meta property=og:url content='https://bank.test/'><link rel=alternate type=application/json+oembed href='file:///x'>";
    let site = Site::open(
        &world,
        "evil.test",
        vec![
            ("/endless", Says::Endless("Content-Type: text/html", "<p>more and more</p>")),
            ("/bomb", Says::Body("Content-Type: text/html\r\nContent-Encoding: gzip", bomb)),
            ("/loop", Says::Redirect("https://evil.test/loop")),
            ("/inside", Says::Redirect("http://127.0.0.1:1/")),
            ("/martian", Says::Body("Content-Type: text/html; charset=martian", b"<title>x</title>".to_vec())),
            ("/latin", Says::Body("Content-Type: text/html; charset=iso-8859-1", b"<title>caf\xe9</title>".to_vec())),
            ("/film", Says::Endless("Content-Type: video/mp4", "<title>x</title>")),
            ("/long", html(&title)),
            ("/evil", html(evil)),
        ],
    )
    .await;
    let ben = home.person("ben").await;
    let mut shown = Vec::new();
    for page in ["endless", "bomb", "loop", "inside", "martian", "latin", "film", "long", "evil"] {
        let status = id(&ben.writes(&format!("https://evil.test/{page}"), &[]).await);
        let card = card_of(&ben, &status).await;
        if !card.is_null() {
            shown.push((page, card));
        }
    }
    let names: Vec<_> = shown.iter().map(|(page, _)| *page).collect();
    assert_eq!(names, ["latin", "long", "evil"]);
    assert_eq!(shown[0].1["title"], "café");
    assert_eq!(
        shown[1].1["title"].as_str().map(|title| title.chars().count()),
        Some(299),
        "cut, and no space at its end"
    );
    let card = &shown[2].1;
    assert_eq!(
        (&card["url"], &card["image"], &card["title"]),
        (&json!("https://evil.test/evil"), &Value::Null, &json!("Ok"))
    );
    assert_eq!(site.hits("/loop"), dassie::limits::REDIRECTS_MAX + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_asked_for() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let site = Site::open(&world, "news.test", vec![("/story", html(STORY))]).await;
    let (ada, ben) = (home.staff("ada", Role::Owner).await, home.person("ben").await);
    let direct = id(&ben.writes("@ada https://news.test/story", &[("visibility", "direct")]).await);
    assert_eq!(card_of(&ben, &direct).await, Value::Null);
    let own = id(&ben.writes("https://home.test/@ada", &[]).await);
    assert_eq!(card_of(&ben, &own).await, Value::Null);
    ada.asks("POST", "/api/v1/admin/domain_blocks", &[("domain", "news.test"), ("severity", "suspend")]).await;
    let blocked = id(&ben.writes("https://news.test/story", &[]).await);
    assert_eq!(card_of(&ben, &blocked).await, Value::Null);
    assert_eq!(site.hits("/story"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_do_not_all_come_to_a_page_at_once() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let site = Site::open(&world, "news.test", vec![("/story", html(STORY))]).await;
    let (ben, cat) = (home.person("ben").await, away.person("cat").await);
    cat.follows(&ben.handle()).await;
    ben.writes("have a look at https://news.test/story", &[]).await;
    idle(&home).await;
    let seen = cat.sees_at_home("have a look").await;
    assert_eq!((&seen["card"], site.hits("/story")), (&Value::Null, 1));
    world.clock.advance(60_000);
    assert_eq!(card_of(&cat, &id(&seen)).await["title"], "Dassies & rocks");
    assert_eq!(site.hits("/story"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_timeline_of_a_page_shows_public_statuses_of_those_who_want_to_be_found() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let pages = vec![("/story", html(STORY)), ("/story?from=x", html(STORY))];
    let _site = Site::open(&world, "news.test", pages).await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let found = |value: &'static str| [("discoverable", value)];
    for (person, value) in [(&ann, "true"), (&ben, "true"), (&cat, "false")] {
        person.asks("PATCH", "/api/v1/accounts/update_credentials", &found(value)).await;
    }
    let timeline = "/api/v1/timelines/link?url=https%3A%2F%2Fnews.test%2Fstory";
    assert_eq!(ids(&stranger(&home, timeline).await), Vec::<String>::new());
    assert_eq!(ann.is_refused("GET", "/api/v1/timelines/link", &[]).await, 422);
    let first = id(&ann.writes("https://news.test/story", &[]).await);
    let second = id(&ben.writes("https://news.test/story?from=x", &[]).await);
    ben.writes("https://news.test/story", &[("visibility", "unlisted")]).await;
    cat.writes("https://news.test/story", &[]).await;
    idle(&home).await;
    assert_eq!(ids(&stranger(&home, timeline).await), [second.clone(), first.clone()]);
    assert_eq!(ids(&stranger(&home, &format!("{timeline}&limit=1")).await), std::slice::from_ref(&second));
    assert_eq!(ids(&stranger(&home, &format!("{timeline}&max_id={second}")).await), std::slice::from_ref(&first));
    cat.asks("POST", &format!("/api/v1/accounts/{}/block", ben.id), &[]).await;
    assert_eq!(ids(&cat.asks("GET", timeline, &[]).await), [first]);
}
