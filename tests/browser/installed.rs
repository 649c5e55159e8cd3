//! The pages as a program of a device: manifest, sharing, and notifications while no page is open.

use crate::{driven::Driven, house::House, inside::Inside, visitor::Visitor, walk::settle};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use storage::{AccountId, account, oauth::TOKENS, push};

#[test]
fn the_manifest_names_what_is_there() {
    let mut inside = Inside::open();
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    let page = guest.get("/");
    assert!(page.body.contains("<link rel=\"manifest\" href=\"/manifest.webmanifest\">"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("manifest-src 'self'"));
    let answer = guest.get_in("/manifest.webmanifest", "de");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/manifest+json"));
    let manifest: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((&manifest["lang"], &manifest["display"]), (&Value::from("de"), &Value::from("standalone")));
    let icons = manifest["icons"].as_array().expect("icons");
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
    for icon in icons {
        let found = guest.get(icon["src"].as_str().expect("a path"));
        assert_eq!((found.status, found.header("content-type")), (200, icon["type"].as_str().expect("a type")));
    }
    let shared = "/compose?title=Rocks&text=Warm+ones&url=https%3A%2F%2Frock.example%2F";
    let form = inside.ada.get(shared);
    assert!(form.body.contains("Rocks\n\nWarm ones\n\nhttps://rock.example/</textarea>"), "{}", form.body);
    let form = inside
        .ada
        .get("/compose?title=Rocks&text=Rocks+https%3A%2F%2Frock.example%2F&url=https%3A%2F%2Frock.example%2F");
    assert!(form.body.contains("Rocks\n\nRocks https://rock.example/</textarea>"), "nothing twice: {}", form.body);
    inside.close();
}

#[test]
fn buttons_that_share_lead_to_the_form_and_robots_are_told_what_to_leave_alone() {
    let mut inside = Inside::open();
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    let led = guest.get("/share?text=Warm+ones&visibility=direct&url=https%3A%2F%2Frock.example%2F");
    let there = "/compose?text=Warm+ones&url=https%3A%2F%2Frock.example%2F";
    assert_eq!((led.status, led.header("location")), (303, there), "{led:?}");
    let form = inside.ada.get(there);
    assert!(form.body.contains("Warm ones\n\nhttps://rock.example/</textarea>"), "{}", form.body);
    let robots = guest.get("/robots.txt");
    assert_eq!((robots.status, robots.header("content-type")), (200, "text/plain; charset=utf-8"), "{robots:?}");
    for told in ["User-agent: *\n", "Disallow: /media/remote/\n", "Disallow: /interact\n"] {
        assert!(robots.body.contains(told), "{told}: {}", robots.body);
    }
    inside.close();
}

/// The tokens by which browsers of ada are woken.
fn woken(inside: &Inside) -> usize {
    inside.look(|view| {
        let own: AccountId = account::find_by_name(view, "ada", None)?.expect("ada").id;
        let tokens = push::of_account(view, own)?;
        for token in &tokens {
            assert!(TOKENS.get(view, token)?.is_some_and(|token| token.scopes == ["push"]));
        }
        Ok(tokens.len())
    })
}

#[test]
fn a_browser_is_subscribed_once_a_session_and_no_longer_than_it_lasts() {
    let mut inside = Inside::open();
    let page = inside.ada.get("/settings/push");
    assert!(
        page.body.contains("To begin, scripts must be allowed") && page.body.contains("value=\"subscribe\" hidden")
    );
    let key = PrivateKey::generate(&ECDH_P256).expect("a key").compute_public_key().expect("a point");
    let (key, auth) = (URL_SAFE_NO_PAD.encode(key.as_ref()), URL_SAFE_NO_PAD.encode([7; 16]));
    let fields = |endpoint: &'static str| {
        vec![
            ("do", "subscribe".to_owned()),
            ("endpoint", endpoint.to_owned()),
            ("p256dh", key.clone()),
            ("auth", auth.clone()),
            ("alerts[]", "mention".to_owned()),
            ("alerts[]", "follow".to_owned()),
        ]
    };
    let send = |inside: &mut Inside, fields: &[(&str, String)]| {
        let given: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        inside.send("/settings/push", "/settings/push", &given)
    };
    assert_eq!(send(&mut inside, &fields("javascript:alert(1)")).status, 422);
    assert_eq!(send(&mut inside, &[("do", "subscribe".to_owned())]).status, 422);
    assert_eq!(woken(&inside), 0);
    for endpoint in ["https://push.example/1", "https://push.example/2"] {
        assert_eq!(send(&mut inside, &fields(endpoint)).status, 303, "{endpoint}");
        assert_eq!(woken(&inside), 1);
    }
    let page = inside.ada.get("/settings/push");
    let mention = "name=\"alerts[]\" value=\"mention\" checked";
    assert!(page.body.contains(mention) && page.body.contains("value=\"poll\"><span>"), "{}", page.body);
    assert!(inside.ada.get("/settings/access").body.contains("Notifications in a browser"), "it can be seen and ended");
    assert_eq!(send(&mut inside, &[("do", "save".to_owned()), ("alerts[]", "poll".to_owned())]).status, 303);
    let page = inside.ada.get("/settings/push");
    assert!(!page.body.contains(mention) && page.body.contains("value=\"poll\" checked"), "{}", page.body);
    assert_eq!(send(&mut inside, &[("do", "remove".to_owned())]).status, 303);
    assert_eq!(woken(&inside), 0);
    assert_eq!(send(&mut inside, &[("do", "save".to_owned())]).status, 404, "there is none to change");

    assert_eq!(send(&mut inside, &fields("https://push.example/3")).status, 303);
    let token = inside.ada.get("/home").hidden("authenticity_token").to_owned();
    assert_eq!(inside.ada.post("/auth/sign_out", &[("authenticity_token", &token)]).status, 303);
    assert_eq!(woken(&inside), 1, "it is found out with the next message");
    inside.change(move |tx| {
        let own = account::find_by_name(tx, "ada", None)?.expect("ada").id;
        for token in push::of_account(tx, own)? {
            assert!(dassie::push::outlived(tx, token)?);
        }
        Ok(())
    });
    assert_eq!(woken(&inside), 0);
    inside.close();
}

#[test]
fn the_worker_shows_what_is_pushed_under_the_strict_policy() {
    let Some(chromium) = crate::browser() else { return };
    let mut browser = Driven::start(chromium.program());
    browser.scripts(true);
    let house = House::open();
    settle(&house, &mut browser);
    browser.allow_notifications(house.url("/").trim_end_matches('/'));
    browser.open(&house.url("/settings/push"));
    browser.comes("!document.querySelector('[value=subscribe]').hidden");
    // There is no push service in reach: the browser's part is played, the page's and the server's are not.
    let key = PrivateKey::generate(&ECDH_P256).expect("a key").compute_public_key().expect("a point");
    browser.evaluate(&format!(
        "PushManager.prototype.subscribe = async (options) => ({{ toJSON: () => ({{ endpoint: 'https://push.example/' + \
         options.applicationServerKey.length, keys: {{ p256dh: '{}', auth: '{}' }} }}) }}); 1",
        URL_SAFE_NO_PAD.encode(key.as_ref()),
        URL_SAFE_NO_PAD.encode([7; 16]),
    ));
    browser.follow("[value=subscribe]");
    assert!(browser.text().contains("This browser shows notifications"), "{}", browser.text());
    browser.comes_promised("navigator.serviceWorker.ready.then((ready) => ready.active?.state === 'activated')");
    browser.deliver_until(
        house.url("/").trim_end_matches('/'),
        r#"{"title":"Bo mentioned you","body":"Warm stones","notification_id":"7"}"#,
        "navigator.serviceWorker.ready.then((ready) => ready.getNotifications()).then((shown) => \
         shown.length === 1 && shown[0].title === 'Bo mentioned you' && shown[0].body === 'Warm stones')",
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
    browser.follow("[value=remove]");
    assert!(browser.text().contains("This browser shows no more notifications"), "{}", browser.text());
}
