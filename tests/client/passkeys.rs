//! Passkeys over the pages' own forms, with an authenticator of the tests': adding, signing in, taking away.

use crate::{
    browser::{Browser, Form},
    lab::{Instance, World},
    settings::{PASSWORD, signed_in},
    web::{Reply, Web},
};
use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use dassie::{config::Config, origin::Origin, reach::Reach, running::Parts, server::Server};
use std::sync::Arc;

const PATH: &str = "/settings/passkeys";

/// A device that knows its owner.
struct Device {
    pair: EcdsaKeyPair,
    credential: Vec<u8>,
    counter: u32,
}

impl Device {
    fn new(number: u8) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        Device { pair, credential: vec![number; 16], counter: 0 }
    }

    fn client_data(kind: &str, challenge: &str) -> String {
        format!(
            r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"https://home.test","crossOrigin":false}}"#
        )
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        [digest(&SHA256, b"home.test").as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// The fields of the form after the device has made a key.
    fn makes(&self, form: &Form, challenge: &str) -> Form {
        let point = self.pair.public_key().as_ref();
        let key = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], &point[1..33], &[0x22, 0x58, 32], &point[33..]];
        let data = [&self.head(0x45)[..], &[0; 16], &[0, 16], &self.credential, &key.concat()].concat();
        let size = u8::try_from(data.len()).expect("short");
        let attestation = [
            &[0xa3, 0x63][..],
            b"fmt",
            &[0x64],
            b"none",
            &[0x67],
            b"attStmt",
            &[0xa0, 0x68],
            b"authData",
            &[0x58, size],
        ];
        let attestation = [attestation.concat(), data].concat();
        form.with("client_data", &URL_SAFE_NO_PAD.encode(Self::client_data("create", challenge)))
            .with("attestation", &URL_SAFE_NO_PAD.encode(attestation))
    }

    /// The fields of the form after the device has signed.
    fn signs(&mut self, form: &Form, challenge: &str, user: &str) -> Form {
        self.counter += 1;
        let (client, data) = (Self::client_data("get", challenge), self.head(0x05));
        let text = [&data[..], digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &text).expect("signed");
        form.with("user", user)
            .with("credential", &URL_SAFE_NO_PAD.encode(&self.credential))
            .with("client_data", &URL_SAFE_NO_PAD.encode(client))
            .with("authenticator_data", &URL_SAFE_NO_PAD.encode(data))
            .with("signature", &URL_SAFE_NO_PAD.encode(signature))
    }
}

/// What is to be signed for the form of `page` that goes to `action`.
async fn challenge(browser: &mut Browser, page: &Reply, action: &str) -> (Form, serde_json::Value) {
    let form = Form::on(page, action);
    let asks = Form { action: format!("{action}/challenge"), ..form.clone() };
    let reply = browser.submit(&asks, &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(browser.submit(&asks.without("authenticity_token"), &[]).await.status, 403);
    assert_eq!(browser.submit(&asks, &[("sec-fetch-site", "cross-site")]).await.status, 403);
    (form, reply.json())
}

fn text(asked: &serde_json::Value, name: &str) -> String {
    crate::lab::text_of(asked, name)
}

/// Adds a passkey in a browser that is signed in; what the authenticator was told of whose it is.
async fn adds(browser: &mut Browser, device: &Device, name: &str) -> (Reply, String) {
    let page = browser.get(PATH).await;
    let (form, asked) = challenge(browser, &page, PATH).await;
    assert_eq!((text(&asked, "party"), text(&asked, "name")), ("home.test".to_owned(), "ann".to_owned()));
    let form = device.makes(&form, &text(&asked, "challenge")).with("name", name).with("password", PASSWORD);
    (browser.submit(&form, &[]).await, text(&asked, "user"))
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/home").await.status == 200
}

/// Signs in with a device: the answer, and the form it was asked with.
async fn enters(home: &Instance, browser: &mut Browser, device: &mut Device, user: &str) -> (Reply, Form) {
    let page = browser.get("/auth/sign_in?return_to=/settings").await;
    assert!(page.text().contains("data-passkey=\"/auth/passkey/challenge\" hidden"), "{}", page.text());
    let (form, asked) = challenge(browser, &page, "/auth/passkey").await;
    let form = device.signs(&form, &text(&asked, "challenge"), user);
    assert!(home.name == text(&asked, "party"));
    (browser.submit(&form, &[]).await, form)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_lets_in_once_for_each_challenge_and_nobody_else() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let mut device = Device::new(1);
    let user = {
        let ann = home.person("ann").await;
        let mut browser = signed_in(&home, &ann).await;
        let (added, user) = adds(&mut browser, &device, "My <phone>").await;
        let page = browser.led_by(&added).await;
        assert!(page.text().contains("My &lt;phone&gt;") && !page.text().contains("last used"), "{}", page.text());
        user
    };
    home.restart().await;
    let mut browser = Browser::at(home.web());
    let (open, form) = enters(&home, &mut browser, &mut device, &user).await;
    assert_eq!((open.status, open.header("location")), (303, Some("/settings")), "{}", open.text());
    assert!(is_in(&mut browser).await);
    assert!(browser.get(PATH).await.text().contains("last used"));
    // What was sent once is sent again: by the same browser, and by another.
    let mut thief = Browser::at(home.web());
    let page = thief.get("/auth/sign_in").await;
    let stolen = Form::on(&page, "/auth/passkey");
    let (_, token) = stolen.fields.iter().find(|(name, _)| name == "authenticity_token").expect("a token").clone();
    assert_eq!(browser.submit(&form, &[]).await.status, 422, "a challenge holds once");
    assert_eq!(thief.submit(&form.with("authenticity_token", &token), &[]).await.status, 422);
    assert!(!is_in(&mut thief).await);

    // A challenge that was given to another browser, or too long ago.
    let anew = page_of(&mut browser).await;
    let (_, asked) = challenge(&mut browser, &anew, "/auth/passkey").await;
    let others = device.signs(&stolen, &text(&asked, "challenge"), &user);
    assert_eq!(thief.submit(&others, &[]).await.status, 422, "it was given to another browser");
    let (form, asked) = challenge(&mut thief, &page, "/auth/passkey").await;
    world.clock.advance(5 * 60_000 + 1);
    let late = device.signs(&form, &text(&asked, "challenge"), &user);
    assert_eq!(thief.submit(&late, &[]).await.status, 422, "it took too long");

    // Another device, another person, a clone that counts less.
    let mut other = Device::new(1);
    other.counter = 100;
    assert_eq!(enters(&home, &mut thief, &mut other, &user).await.0.status, 422, "another key under the same name");
    assert_eq!(enters(&home, &mut thief, &mut Device::new(2), &user).await.0.status, 422, "an unknown key");
    let nobody = URL_SAFE_NO_PAD.encode(7_u64.to_be_bytes());
    assert_eq!(enters(&home, &mut thief, &mut device, &nobody).await.0.status, 422, "a key of somebody else");
    device.counter = 0;
    assert_eq!(enters(&home, &mut thief, &mut device, &user).await.0.status, 422, "a copy counts backwards");
    device.counter = 50;
    assert_eq!(enters(&home, &mut thief, &mut device, &user).await.0.status, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_comes_in_by_a_passkey_and_has_no_password_until_the_sheet_gives_one() {
    let scratch = tempfile::tempdir().expect("a directory");
    let origin = Origin::parse("https://home.test", None).expect("an origin");
    let parts = Parts::of_system(Reach::Lab(Arc::default()));
    let running = Server::start(Config::embedded(scratch.path(), Some(origin)), parts).await.expect("it starts");
    let link = running.owner_link.clone().expect("nobody owns it");
    let path = link.strip_prefix("https://home.test").expect("a path of it");
    let (web, mut device) = (Web::at(running.address), Device::new(1));
    let mut browser = Browser::at(web);
    let page = browser.get(path).await;
    let sheet = Form::on(&page, "/first-run").fields;
    let field = |name: &str| sheet.iter().find(|(known, _)| known == name).expect("a field").1.clone();
    let text_of_page = page.text();
    let (_, by_passkey) = text_of_page.split_once("data-passkey=\"/first-run/passkey/challenge\"").expect("a form");
    assert!(by_passkey.contains("name=\"attestation\""), "{by_passkey}");
    let asks =
        Form { action: "/first-run/passkey/challenge".to_owned(), fields: sheet.clone() }.with("username", "ann");
    assert_eq!(browser.submit(&asks.with("code", "wrong"), &[]).await.status, 404);
    let asked = browser.submit(&asks, &[]).await.json();
    let typed = Form { action: "/first-run".to_owned(), ..asks.clone() };
    let made = device.makes(&typed, &text(&asked, "challenge"));
    let another = browser.submit(&asks, &[]).await.json();
    let stolen = made.with("user", &text(&another, "user"));
    assert_eq!(browser.submit(&stolen, &[]).await.status, 422, "a challenge is for one number");
    let asked = browser.submit(&asks, &[]).await.json();
    let (challenge_text, user) = (text(&asked, "challenge"), text(&asked, "user"));
    let made = device.makes(&typed, &challenge_text).with("user", &user);
    let sent = browser.submit(&made, &[]).await;
    assert_eq!((sent.status, sent.header("location")), (303, Some("/first-run/people")), "{}", sent.text());
    assert!(is_in(&mut browser).await);

    // No password opens anything, not even an empty one; the passkey does, and so does the code of the sheet.
    let mut guest = Browser::at(web);
    for password in ["", "correct horse"] {
        let form = Form::on(&guest.get("/auth/sign_in").await, "/auth/sign_in");
        let refused = guest.submit(&form.with("login", "ann").with("password", password), &[]).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    }
    let page = guest.get("/auth/sign_in?return_to=/settings").await;
    let (form, asked) = challenge(&mut guest, &page, "/auth/passkey").await;
    let entered = guest.submit(&device.signs(&form, &text(&asked, "challenge"), &user), &[]).await;
    assert_eq!(entered.status, 303, "{}", entered.text());
    let form = Form::on(&guest.get("/auth/recovery").await, "/auth/recovery");
    let chosen = form.with("login", "ann").with("code", &field("recovery")).with("password", PASSWORD);
    assert_eq!(guest.submit(&chosen, &[]).await.status, 303);
    let form = Form::on(&guest.get("/auth/sign_in").await, "/auth/sign_in");
    let entered = guest.submit(&form.with("login", "ann").with("password", PASSWORD), &[]).await;
    assert_eq!(entered.status, 303, "{}", entered.text());
    running.stop().await.expect("it stops");
}

/// The page of signing in as a guest sees it, whoever is signed in.
async fn page_of(browser: &mut Browser) -> Reply {
    browser.forget();
    browser.get("/auth/sign_in").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passkeys_are_added_with_the_password_and_taken_away_at_once() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let mut browser = signed_in(&home, &ann).await;
    let mut device = Device::new(1);
    let page = browser.get(PATH).await;
    let (form, asked) = challenge(&mut browser, &page, PATH).await;
    let form = device.makes(&form, &text(&asked, "challenge")).with("name", "x").with("password", "wrong");
    let refused = browser.submit(&form, &[]).await;
    assert!(refused.status == 422 && refused.text().contains("value=\"x\""), "{}", refused.text());
    let form = form.with("password", PASSWORD);
    let made = browser.submit(&form, &[]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert_eq!(browser.submit(&form, &[]).await.status, 422, "a challenge holds once");
    let (again, user) = adds(&mut browser, &device, "y").await;
    assert!(again.status == 422 && again.text().contains("there already"), "{}", again.text());
    let (long, _) = adds(&mut browser, &Device::new(2), &"n".repeat(61)).await;
    assert_eq!(long.status, 422);
    for number in 2..=10 {
        assert_eq!(adds(&mut browser, &Device::new(number), "").await.0.status, 303, "{number}");
    }
    let (eleventh, _) = adds(&mut browser, &Device::new(11), "").await;
    assert!(eleventh.status == 422 && eleventh.text().contains("at most 10"), "{}", eleventh.text());

    let mut guest = Browser::at(home.web());
    assert_eq!(enters(&home, &mut guest, &mut device, &user).await.0.status, 303);
    let page = browser.get(PATH).await;
    let (_, word) = page.text().split_once("<bdi>x</bdi>").map(|(_, rest)| ((), rest.to_owned())).expect("it is there");
    let word = word.split("name=\"remove\" value=\"").nth(1).expect("a button").split('"').next().map(str::to_owned);
    let gone = Form::on(&page, PATH).with("remove", &word.expect("its name"));
    assert!(!browser.follow(&gone).await.text().contains("<bdi>x</bdi>"));
    assert_eq!(browser.submit(&gone, &[]).await.status, 303, "what is gone is gone");
    let mut guest = Browser::at(home.web());
    assert_eq!(enters(&home, &mut guest, &mut device, &user).await.0.status, 422);
    assert!(!is_in(&mut guest).await);
}
