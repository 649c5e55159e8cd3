//! An instance that eve leads to addresses of its own machine, wherever an address may stand in what she says. Outside
//! of a lab no test can be asked for her key, so it is known beforehand.

use super::EVE;
use crate::{
    instance::{START, User, until},
    scene::{CONTEXT, note},
    sign::{SigningKey, http_date},
    web::Web,
};
use dassie::{
    account::accept::{self, RemoteAccount, RemoteKey},
    clock::{Clock, ManualClock},
    config::Config,
    origin::Origin,
    reach,
    running::{Parts, Running},
    server::Server,
};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{Bounds, Direction, account::Image, inbound::INBOUND, job::JOBS};
use tempfile::TempDir;

/// A name that labs take, too.
const HOST: &str = "inward.test";

/// `https://inward.test` with alice.
pub(super) struct Inward {
    running: Running,
    clock: Arc<ManualClock>,
    web: Web,
    alice: User,
    key: SigningKey,
    _data: TempDir,
}

impl Inward {
    /// One that reaches whom `reach` allows.
    pub(super) async fn start(reach: reach::Reach) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let origin = Origin::parse(&format!("https://{HOST}"), None).expect("a name");
        let clock = ManualClock::new(START);
        let mut parts = Parts::of_system(reach);
        parts.clock = Clock::Manual(clock.clone());
        let mut config = Config::embedded(data.path(), Some(origin));
        config.rates = false;
        let running = Server::start(config, parts).await.expect("it starts");
        let alice = User::on(&running, HOST, "alice").await;
        let web = Web::at(running.address);
        Inward { running, clock, web, alice, key: SigningKey::generate(), _data: data }
    }

    pub(super) async fn stop(self) {
        self.running.stop().await.expect("it stops");
    }

    /// Eve names `base` wherever an address may stand, and alice looks at all of it; the number tells what she says
    /// from what she said before.
    pub(super) async fn is_led_to(&self, base: &str, number: usize) {
        self.describes_eve(base).await;
        let id = format!("https://evil.test/notes/{number}");
        let to = json!([format!("{CONTEXT}#Public"), self.alice.uri]);
        let leading = json!({
            "to": to, "content": format!("<p>:in: have a look <a href=\"{base}/page\">there</a></p>"),
            "inReplyTo": format!("{base}/parent"), "quote": format!("{base}/quoted"),
            "attachment": [{"type": "Image", "mediaType": "image/png", "url": format!("{base}/picture.png")}],
            "tag": [{"type": "Emoji", "name": ":in:", "icon": {"type": "Image", "url": format!("{base}/emoji.png")}}],
        });
        let create = json!({"@context": CONTEXT, "id": format!("{id}/activity"), "type": "Create", "actor": EVE,
            "to": to, "object": note(&id, EVE, leading)});
        assert_eq!(self.post(&format!("{EVE}#main-key"), &create).await, 202, "{base}");
        let found = until(|| async { self.alice.search("statuses", &id, false).await.into_iter().next() });
        let shown = found.await.unwrap_or_else(|| panic!("{base}: the note did not come"));
        for url in [&shown["media_attachments"][0]["url"], &shown["emojis"][0]["url"], &shown["account"]["avatar"]] {
            let path = url.as_str().and_then(|url| url.strip_prefix("https://inward.test"));
            let path = path.unwrap_or_else(|| panic!("{base}: no address of ours: {url}"));
            assert_ne!(self.web.get(path, &[("Host", HOST)]).await.status, 200, "{base}");
        }
        let searched = self.alice.search("statuses", &format!("{base}/searched"), true).await;
        assert_eq!(searched, Vec::<Value>::new(), "{base}");
        let stranger = format!("{base}/stranger");
        let follow = json!({"@context": CONTEXT, "id": format!("{stranger}#follow"), "type": "Follow",
            "actor": stranger, "object": self.alice.uri});
        assert_ne!(self.post(&format!("{stranger}#main-key"), &follow).await, 202, "a key of {base}");
        // Links of other servers are looked at within a minute.
        self.clock.advance(60_000);
        self.has_tried_everything().await;
    }

    /// Eve as her server would describe her, with an avatar below `base`.
    async fn describes_eve(&self, base: &str) {
        let key = RemoteKey { key_id: format!("{EVE}#main-key"), material: self.key.public_pem().to_owned() };
        let eve = RemoteAccount {
            avatar: Some(Image { url: format!("{base}/avatar.png"), description: String::new() }),
            keys: vec![key],
            ..RemoteAccount::bare(EVE, "eve", "evil.test")
        };
        self.running.server.write(move |tx| accept::accept(tx, &eve)).await.expect("she is known");
    }

    /// The status of an activity put into the shared inbox, signed in the name of `key_id`.
    async fn post(&self, key_id: &str, activity: &Value) -> u16 {
        let body = activity.to_string();
        let date = http_date(self.running.server.now().0);
        let headers = self.key.post(key_id, HOST, "/inbox", &date, body.as_bytes());
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.web.send("POST", "/inbox", &headers, body.as_bytes()).await.status
    }

    /// Waits until each activity was received, and each job was tried at least once.
    async fn has_tried_everything(&self) {
        let tried = until(|| async {
            let left = self.running.server.read(|view| {
                let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
                let untried = jobs.iter().any(|(_, job)| job.attempts == 0);
                Ok(untried || !INBOUND.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?.is_empty())
            });
            left.await.ok().filter(|left| !left)
        });
        assert!(tried.await.is_some(), "jobs or activities are left");
    }
}
