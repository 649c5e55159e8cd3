//! Translations: what is asked of the service that the administrator named, and what becomes of its answer.

use crate::{
    call::{call, id, stranger},
    lab::World,
};
use dassie::config::{Provider, Translation};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU16, AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A service that puts "in English" behind everything, and says what it likes besides.
#[derive(Default)]
struct Service {
    /// Requests for translations.
    asked: AtomicUsize,
    /// The status of its answers; 0: all is well.
    status: AtomicU16,
}

impl Service {
    /// The service, where it is, and what answers there until it is dropped.
    async fn start() -> (Arc<Service>, String, JoinSet<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let service = Arc::new(Service::default());
        let serving = Arc::clone(&service);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let serving = Arc::clone(&serving);
                connections.spawn(async move { serving.answer(stream).await });
            }
        });
        (service, url, tasks)
    }

    async fn answer(&self, mut stream: TcpStream) {
        let mut heard = Vec::new();
        let (head, body) = loop {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).await.expect("a request");
            assert!(count > 0, "half a request");
            heard.extend_from_slice(&piece[..count]);
            let text = String::from_utf8_lossy(&heard).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                break (head.to_owned(), body.to_owned());
            }
        };
        let said = if head.starts_with("GET /languages ") {
            json!([{ "code": "de", "name": "German", "targets": ["en", "de", "fr"] }, { "code": "en", "targets": ["de"] }])
        } else {
            assert!(head.starts_with("POST /translate "), "{head}");
            self.asked.fetch_add(1, Ordering::SeqCst);
            let asked: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!((&asked["source"], &asked["target"]), (&json!("de"), &json!("en")));
            assert_eq!((&asked["format"], &asked["api_key"]), (&json!("html"), &json!("a secret")));
            let texts = asked["q"].as_array().expect("texts").iter();
            let texts: Vec<_> =
                texts.map(|text| format!("{} in English<script>x</script>", text.as_str().expect("a text"))).collect();
            json!({ "translatedText": texts })
        };
        let status = match self.status.load(Ordering::SeqCst) {
            0 => 200,
            other => other,
        };
        let said = said.to_string();
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", said.len());
        stream.write_all(format!("{head}{said}").as_bytes()).await.expect("the server reads");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_are_translated_by_the_service_that_was_named() {
    let (service, url, _tasks) = Service::start().await;
    let key = "a secret".to_owned();
    let world = World::new();
    let named = Translation::new(Provider::LibreTranslate, url, Some(key));
    world.translation.set(named).expect("it was not set");
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    assert_eq!(stranger(&home, "/api/v2/instance").await["configuration"]["translation"]["enabled"], true);
    let languages = stranger(&home, "/api/v1/instance/translation_languages").await;
    assert_eq!(languages, json!({ "de": ["en", "fr"], "en": ["de"] }));

    let fields = [
        ("language", "de"),
        ("spoiler_text", "Achtung & mehr"),
        ("poll[options][]", "ja"),
        ("poll[options][]", "nein"),
        ("poll[expires_in]", "3600"),
    ];
    let status = id(&ben.writes("Guten Tag", &fields).await);
    let path = format!("/api/v1/statuses/{status}/translate");
    let translated = ann.asks("POST", &path, &[("lang", "en")]).await;
    assert_eq!(translated["content"], "<p>Guten Tag</p> in English", "sanitised like everything from elsewhere");
    assert_eq!(translated["spoiler_text"], "Achtung & mehr in English");
    assert_eq!(translated["poll"]["options"], json!([{ "title": "ja in English" }, { "title": "nein in English" }]));
    assert_eq!((&translated["language"], &translated["detected_source_language"]), (&json!("en"), &json!("de")));
    assert_eq!((&translated["provider"], &translated["media_attachments"]), (&json!("LibreTranslate"), &json!([])));
    assert_eq!(ben.asks("POST", &path, &[]).await, translated, "into the reader's language, and remembered");
    assert_eq!(service.asked.load(Ordering::SeqCst), 1);

    assert_eq!(ann.is_refused("POST", &path, &[("lang", "ja")]).await, 403, "not offered");
    let private = id(&ann.writes("Nur für wenige", &[("visibility", "private"), ("language", "de")]).await);
    assert_eq!(ann.is_refused("POST", &format!("/api/v1/statuses/{private}/translate"), &[]).await, 403);
    assert_eq!(ben.is_refused("POST", &format!("/api/v1/statuses/{private}/translate"), &[]).await, 404);
    assert_eq!(call(home.web(), None, "POST", &path, &[]).await.status, 401);
    let other = id(&ben.writes("Etwas anderes", &[("language", "de")]).await);
    let path = format!("/api/v1/statuses/{other}/translate");
    for (status, words) in [(429, "too many requests"), (456, "quota"), (500, "There was a problem")] {
        service.status.store(status, Ordering::SeqCst);
        let refused = call(home.web(), Some(&ann.token), "POST", &path, &[("lang", "en")]).await;
        assert_eq!(refused.status, 503, "{status}");
        assert!(refused.json()["error"].as_str().is_some_and(|said| said.contains(words)), "{}", refused.text());
    }
    service.status.store(0, Ordering::SeqCst);
    assert_eq!(ann.asks("POST", &path, &[("lang", "en")]).await["content"], "<p>Etwas anderes</p> in English");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_service_nothing_is_translated() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let status = id(&ann.writes("Guten Tag", &[("language", "de")]).await);
    assert_eq!(ann.is_refused("POST", &format!("/api/v1/statuses/{status}/translate"), &[("lang", "en")]).await, 404);
    assert_eq!(stranger(&home, "/api/v2/instance").await["configuration"]["translation"]["enabled"], false);
}
