//! A home page of posts by many authors of other servers.

use crate::{
    Stretch, closed_loop,
    http::{self, Connection},
    inbound::befriend,
    peer::{self, Peer},
    subject::Subject,
    wait_for,
};
use serde_json::Value;

const AUTHORS: usize = 20;

/// A home page of posts as they are: each by another author of another server, with pictures, emoji, tags, a mention and a
/// link, whose preview is there where its page has been read by then.
pub(crate) async fn authors(subject: &Subject) {
    let token = subject.token("load0").await;
    let (peer, origin) = (Peer::start().await, format!("http://{}", subject.host));
    let mut connection = Connection::open(&subject.host).await.expect("it listens");
    for number in 0..AUTHORS {
        let actor = peer.actor(&format!("s{number}.localhost"), "author");
        befriend(subject, &token, &peer, &actor).await;
        let note = peer.signed_post(&subject.host, "/inbox", &actor, &peer::rich_note(&actor, number, &origin));
        assert_eq!(connection.send(&note).await.expect("an answer").status, 202, "it is taken");
    }
    let path = "/api/v1/timelines/home?limit=20";
    let whole = |page: &Value| page.as_array().is_some_and(|page| page.len() == AUTHORS);
    wait_for(subject, &token, path, whole).await;
    let bearer = format!("Bearer {token}");
    let request = http::request(&subject.host, "GET", path, &[("authorization", &bearer)], b"");
    let answer = connection.send(&request).await.expect("an answer");
    let (bytes, cards) = (answer.text().len(), answer.text().matches("\"card\":{").count());
    let stretch = Stretch::begin(subject);
    let count = closed_loop(&subject.host, 16, move |_| request.clone()).await;
    stretch.report(subject, &format!("home, {AUTHORS} authors, {} KB", bytes / 1000), count, "<= 0.1 ms");
    println!("previews on that page      {cards:8}");
}
