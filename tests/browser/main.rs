//! Pages in a real browser: a real server whose owner comes by the one-time link, lets an application in and posts; each
//! page is then looked at narrow and wide, light and dark. Pictures are left in `target/screens`.
//!
//! Needs `DASSIE_BROWSER` set and a Chromium; says so and skips otherwise. What it checks without a browser, it always
//! checks.

mod accent;
mod chromium;
mod driven;
mod foreign;
mod house;
mod inside;
mod installed;
mod journey;
mod kept;
mod keyboard;
mod light;
#[path = "../client/pictures.rs"]
#[expect(dead_code, reason = "the tests of the client API use more of it")]
mod made;
mod member;
mod narrow;
mod passkeys;
mod script;
#[path = "../e2e/sign.rs"]
mod sign;
mod templates;
mod threads;
mod visitor;
mod walk;
mod wizard;

use chromium::{Chromium, View};
use dassie::{
    config::Config,
    reach::Reach,
    running::{Parts, Running},
    server::Server,
};
use std::{env, fs, path::PathBuf, sync::Arc};
use storage::vfs::{RealDisk, Vfs};
use tokio::runtime::Runtime;
use visitor::{Visitor, urlencoded};

const VIEWS: [View; 4] = [
    View { width: 390, height: 844, dark: false },
    View { width: 390, height: 844, dark: true },
    View { width: 1280, height: 900, dark: false },
    View { width: 1280, height: 900, dark: true },
];
const PASSWORD: &str = "sit in the evening sun";
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// A page to look at: its name, its address, what must stand on it.
struct Sight {
    name: &'static str,
    url: String,
    texts: Vec<&'static str>,
}

/// A server with a person on it, and the pages it shows.
struct Stage {
    running: Running,
    sights: Vec<Sight>,
    _scratch: tempfile::TempDir,
}

/// Where pictures go; nothing in there is kept.
fn screens() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screens")
}

fn start(runtime: &Runtime) -> (Running, tempfile::TempDir) {
    start_on(runtime, Arc::new(RealDisk))
}

/// The same with its store on another disk.
fn start_on(runtime: &Runtime, disk: Arc<dyn Vfs>) -> (Running, tempfile::TempDir) {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    let mut config = Config::embedded(scratch.path(), None);
    // One address looks at everything many times.
    config.rates = false;
    let mut parts = Parts::of_system(Reach::lab());
    parts.disk = disk;
    let running = runtime.block_on(Server::start(config, parts));
    (running.expect("the server starts"), scratch)
}

/// Comes in by the one-time link, lets an application in, and posts with it; every step by what the pages offer.
fn set_the_stage(runtime: &Runtime) -> Stage {
    let (running, scratch) = start(runtime);
    let origin = running.server.origin().as_str().to_owned();
    let mut ada = Visitor::new(running.address);
    let link = running.owner_link.clone().expect("there is no owner yet");
    let path = link.strip_prefix(&origin).expect("the link leads here");
    let naming = ada.get(path);
    private_page(&naming, 200, "What is this server called?");
    save("naming", &origin, &naming.body);
    let (_, rest) = naming.body.split_once("href=\"/first-run?step=you").expect("one may go on without a name");
    let rest = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
    let form = ada.get(&format!("/first-run?step=you{rest}"));
    private_page(&form, 200, "Make this server mine");
    save("first-run", &origin, &form.body);
    let fields = [
        ("authenticity_token", form.hidden("authenticity_token")),
        ("code", form.hidden("code")),
        ("username", "ada"),
        ("email", ""),
        ("password", PASSWORD),
    ];
    let made = ada.post("/first-run", &fields);
    assert_eq!((made.status, made.header("location")), (303, "/first-run/people"), "{made:?}");
    let people = ada.get("/first-run/people");
    assert!(
        people.status == 200 && people.body.contains("class=\"button second later\" href=\"/home#status\""),
        "{people:?}"
    );
    save("people", &origin, &people.body);
    let front = ada.get("/");
    assert_eq!((front.status, front.header("location")), (303, "/home"), "{front:?}");
    let front = ada.get("/home");
    assert!(front.body.contains("href=\"/@ada\"") && front.body.contains("Sign out"), "{}", front.body);
    assert_eq!(front.header("cache-control"), "private, no-store");

    let (token, approval, code) = let_in(&mut ada);
    save("authorize", &origin, &approval);
    save("code", &origin, &code);
    let public =
        post(&mut ada, &token, &[("status", "The log is the truth; everything else is a view of it. #Dassie")]);
    post(&mut ada, &token, &[("status", "It warms from below, too."), ("in_reply_to_id", &public)]);
    let warned = [("status", "It is only durable once it is durable."), ("spoiler_text", "Talk about fsync")];
    post(&mut ada, &token, &warned);
    post(&mut ada, &token, &[("status", "صباح الخير يا صخرة"), ("language", "ar")]);
    let private = post(&mut ada, &token, &[("status", "For followers only"), ("visibility", "private")]);
    let deleted = post(&mut ada, &token, &[("status", "Not for long")]);
    ada.call("POST", &format!("/api/v1/statuses/{public}/pin"), &token, &[]);
    ada.call("DELETE", &format!("/api/v1/statuses/{deleted}"), &token, &[]);
    check_answers(&running, &mut ada, [&public, &private, &deleted]);

    let at = |path: &str| format!("{origin}{path}");
    let kept = |name: &str| format!("file://{}", screens().join(format!("{name}.html")).display());
    let sight = |name, url, texts: &[&'static str]| Sight { name, url, texts: texts.to_vec() };
    let sights = vec![
        sight(
            "front",
            at("/"),
            &["The log is the truth", "Talk about fsync", "صباح الخير", "to follow from your own server", "Sign in"],
        ),
        sight("about", at("/about"), &["Rules", "GNU Affero General Public License"]),
        sight("profile", at("/@ada"), &["Pinned", "Posts and replies", "To follow, put", "The log is the truth"]),
        sight(
            "status",
            at(&format!("/@ada/{public}")),
            &["The log is the truth", "It warms from below", "Part 2 of 2"],
        ),
        sight("tag", at("/tags/dassie"), &["The log is the truth"]),
        sight("sign-in", at("/auth/sign_in"), &["Username or e-mail address", "Password"]),
        sight("not-found", at("/@nobody"), &["Nothing here", "Front page"]),
        sight("gone", at(&format!("/@ada/{deleted}")), &["It was here once"]),
        // Behind cookies, which a command line cannot set: the pages as the server sent them.
        sight("naming", kept("naming"), &["What is this server called?", "Look whether it works"]),
        sight("first-run", kept("first-run"), &["Make this server mine"]),
        sight("authorize", kept("authorize"), &["Photographs", "Authorize", "Deny"]),
        sight("code", kept("code"), &["Copy this code"]),
    ];
    Stage { running, sights, _scratch: scratch }
}

/// The whole way of an application without a redirect target; the token, and the pages on the way.
fn let_in(ada: &mut Visitor) -> (String, String, String) {
    let scopes = "read write follow";
    let application = ada.post(
        "/api/v1/apps",
        &[
            ("client_name", "Photographs"),
            ("redirect_uris", OUT_OF_BAND),
            ("scopes", scopes),
            ("website", "https://photographs.test"),
        ],
    );
    let application: serde_json::Value = serde_json::from_str(&application.body).expect("an application");
    let text = |name: &str| application[name].as_str().unwrap_or_else(|| panic!("no {name}")).to_owned();
    let (id, secret) = (text("client_id"), text("client_secret"));
    let asked = [("response_type", "code"), ("client_id", &id), ("redirect_uri", OUT_OF_BAND), ("scope", scopes)];
    let approval = ada.get(&format!("/oauth/authorize?{}", urlencoded(&asked)));
    private_page(&approval, 200, "Photographs");
    let token = approval.hidden("authenticity_token").to_owned();
    let mut fields = asked.to_vec();
    fields.extend([("authenticity_token", token.as_str()), ("decision", "approve")]);
    let sent = ada.post("/oauth/authorize", &fields);
    assert!((302..=303).contains(&sent.status), "{sent:?}");
    let target = sent.header("location");
    let path = target.split_once("/oauth/").map(|(_, rest)| format!("/oauth/{rest}")).expect("the code is shown here");
    let page = ada.get(&path);
    private_page(&page, 200, "Copy this code");
    let code = page.between("class=\"oauth-code\" value=\"", "\"").to_owned();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("redirect_uri", OUT_OF_BAND),
        ("code", &code),
    ];
    let token = ada.post("/oauth/token", &fields);
    let token: serde_json::Value = serde_json::from_str(&token.body).expect("a token");
    (token["access_token"].as_str().expect("a token").to_owned(), approval.body, page.body)
}

fn post(ada: &mut Visitor, token: &str, fields: &[(&str, &str)]) -> String {
    let status = ada.call("POST", "/api/v1/statuses", token, fields);
    status["id"].as_str().expect("an id").to_owned()
}

/// A page of secrets: right status, text, and headers.
fn private_page(answer: &visitor::Answer, status: u16, text: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body.contains(text), "no {text} in {}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    strict(answer);
}

/// The policy of every page: nothing inline, nothing from elsewhere (SECURITY C2).
fn strict(answer: &visitor::Answer) {
    let policy = answer.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(rule), "{rule} is not in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("https:;"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

/// What peers, guests, and the author get from the same addresses.
fn check_answers(running: &Running, ada: &mut Visitor, [public, private, deleted]: [&str; 3]) {
    let mut guest = Visitor::new(running.address);
    let page = |id: &str| format!("/@ada/{id}");
    for path in
        ["/", "/about", "/@ada", "/@ADA", "/@ada/with_replies", "/tags/dassie", "/tags/nothing", page(public).as_str()]
    {
        let answer = guest.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert!(answer.header("vary").contains("Accept") && answer.header("vary").contains("Cookie"), "{path}");
        assert!(answer.body.contains("Lab.") && !answer.body.contains("For followers only"), "{path}");
        strict(&answer);
    }
    let gone = [
        ("/nothing", 404),
        ("/@nobody", 404),
        ("/@ada/1", 404),
        ("/@ada/x", 404),
        ("/@bob@far.test", 404),
        ("/assets/style.css", 404),
    ];
    for (path, status) in gone.map(|(path, status)| (path.to_owned(), status)).into_iter().chain([
        (page(private), 404),
        (page(deleted), 410),
        (format!("/@nobody/{public}"), 404),
    ]) {
        let answer = guest.get(&path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains("<h1>") && answer.body.contains("Request <code>"), "{path}: {}", answer.body);
        strict(&answer);
    }
    let sign_in = "href=\"/auth/sign_in\"";
    assert!(guest.get("/nothing").body.contains(sign_in));
    assert!(!ada.get("/nothing").body.contains(sign_in), "she is signed in");
    let own = ada.get(&page(private));
    assert!(own.status == 200 && own.body.contains("For followers only"), "authors see their own: {own:?}");
    assert_eq!(own.header("cache-control"), "private, no-store");

    for (path, kind) in [("/@ada".to_owned(), "Person"), (page(public), "Note")] {
        let answer = guest.get_as(&path, "application/activity+json");
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with("application/activity+json"), "{path}");
        assert!(answer.all("vary").iter().any(|vary| vary.contains("Accept")), "{path}");
        let document: serde_json::Value = serde_json::from_str(&answer.body).expect("a document");
        assert_eq!(document["type"], kind, "{path}");
        let html = guest.get(&path).body;
        let id = document["id"].as_str().expect("an id");
        assert!(html.contains(&format!("type=\"application/activity+json\" href=\"{id}\"")), "{path} names {id}");
    }
    let hidden = guest.get_as(&page(private), "application/activity+json");
    assert_eq!(hidden.status, 404);

    let style = guest.get("/").between("<link rel=\"stylesheet\" href=\"", "\"").to_owned();
    let answer = guest.get(&style);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    for path in ["/favicon.svg", "/favicon.ico", "/avatars/original/missing.png", "/headers/original/missing.png"] {
        assert_eq!(guest.get(path).status, 200, "{path}");
    }
}

/// Keeps a page as a file that loads its style from the server.
fn save(name: &str, origin: &str, page: &str) {
    fs::create_dir_all(screens()).expect("a folder");
    let page = page.replace("href=\"/", &format!("href=\"{origin}/")).replace("src=\"/", &format!("src=\"{origin}/"));
    fs::write(screens().join(format!("{name}.html")), page).expect("written");
}

/// The browser, if it is wanted; in CI it must be there when it is wanted.
fn browser() -> Option<Chromium> {
    let wanted = env::var_os("DASSIE_BROWSER").is_some();
    let found = Chromium::find().filter(|_| wanted);
    if found.is_none() {
        assert!(!(wanted && env::var("CI").as_deref() == Ok("true")), "DASSIE_BROWSER is set and there is no Chromium");
        println!("browser: absent, skipped");
    }
    found
}

#[test]
fn pages_are_right_for_guests_peers_authors_and_a_real_browser() {
    let runtime = Runtime::new().expect("a runtime");
    let stage = set_the_stage(&runtime);
    if let Some(chromium) = browser() {
        for sight in &stage.sights {
            for view in VIEWS {
                look(&chromium, sight, view);
            }
        }
        println!("browser: {} pages in {} views, pictures in target/screens", stage.sights.len(), VIEWS.len());
    }
    runtime.block_on(stage.running.stop()).expect("it stops");
}

fn look(chromium: &Chromium, sight: &Sight, view: View) {
    let Sight { name, url, texts } = sight;
    let shade = if view.dark { "dark" } else { "light" };
    let seen = chromium.look(url, view, &screens().join(format!("{name}-{}-{shade}.png", view.width)));
    for text in texts {
        assert!(seen.dom.contains(text), "{name}: no {text} in {}", seen.dom);
    }
    assert_eq!(seen.size, (view.width, view.height), "{name}");
    // The browser itself remarks on the status of a page that says 404 or 410; nothing else may be remarked on.
    // A page that was kept as a file may not read the manifest.
    let remark = |line: &&String| {
        let of_status = line.contains("Failed to load resource") && line.contains(url.as_str());
        !of_status && !(line.contains("/manifest.webmanifest' from origin 'null'"))
    };
    let complaints: Vec<_> = seen.complaints.iter().filter(remark).collect();
    assert!(complaints.is_empty(), "{name}: {complaints:#?}");
}
