//! What is longer than a row of the store has room for: it is cut, not dropped.

use crate::scene::{CONTEXT, Scene, note};
use dassie::limits;
use serde_json::{Value, json};

const FAY: &str = "https://friend.test/users/fay";
const ARTICLE: &str = "https://friend.test/articles/1";
const PAGE: &str = "https://friend.test/an-article";

/// So many numbered paragraphs of two kilobytes.
fn paragraphs(count: usize) -> String {
    (1..=count).map(|number| format!("<p>{number} {}</p>", "word ".repeat(400).trim_end())).collect()
}

/// A post by fay that mentions alice.
fn for_alice(scene: &Scene, id: &str, extra: &Value) -> Value {
    let tag = json!([{"type": "Mention", "href": scene.alice.uri, "name": "@alice@local.test"}]);
    let mut post = note(id, FAY, json!({"to": [scene.alice.uri, format!("{CONTEXT}#Public")], "tag": tag}));
    for (name, value) in extra.as_object().expect("members") {
        post[name] = value.clone();
    }
    post
}

async fn says(scene: &Scene, kind: &str, object: Value) {
    let id = format!("{}#{kind}", object["id"].as_str().expect("an id"));
    scene.sends(FAY, json!({"id": id, "type": kind, "object": object})).await;
    scene.is_quiet().await;
}

/// A status that is here.
async fn shown(scene: &Scene, id: &str) -> Value {
    let found = scene.alice.search("statuses", id, false).await;
    found.into_iter().next().unwrap_or_else(|| panic!("{id} is not here"))
}

fn is_cut(content: &Value, from: &str, without: &str) {
    let content = content.as_str().expect("HTML");
    assert!(content.len() > limits::STATUS_BYTES_MAX - 4_096, "{} bytes are left", content.len());
    assert!(content.len() <= limits::STATUS_BYTES_MAX);
    assert!(content.starts_with(from) && !content.contains(without), "{}", &content[..200]);
    assert!(content.ends_with(&format!("{PAGE}</a></p>")), "{}", &content[content.len() - 200..]);
    assert_eq!(content.matches("<p>").count(), content.matches("</p>").count());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_article_is_kept_as_far_as_there_is_room_and_leads_to_its_page() {
    let scene = Scene::start(&["friend.test"]).await;
    scene.serve_actor(FAY, json!({}));
    let article = |id: &str, content: String| {
        for_alice(&scene, id, &json!({"type": "Article", "name": "Long", "content": content, "url": PAGE}))
    };
    let title = "<p><strong>Long</strong></p>";
    says(&scene, "Create", article(ARTICLE, paragraphs(60))).await;
    is_cut(&shown(&scene, ARTICLE).await["content"], title, "<p>60 ");
    says(&scene, "Update", article(ARTICLE, format!("<p>anew</p>{}", paragraphs(70)))).await;
    let edited = shown(&scene, ARTICLE).await;
    is_cut(&edited["content"], title, "<p>60 ");
    assert!(edited["content"].as_str().is_some_and(|content| content.contains("<p>anew</p>")));
    let other = "https://friend.test/articles/2";
    scene.serve_note(other, FAY, json!({"content": paragraphs(60), "url": PAGE}));
    scene.found(other).await;
    is_cut(&shown(&scene, other).await["content"], "<p>1 word", "<p>60 ");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_descriptions_of_many_pictures_are_cut_and_a_short_text_beside_them_is_not() {
    let scene = Scene::start(&["friend.test"]).await;
    scene.serve_actor(FAY, json!({}));
    let described = "seen ".repeat(1_900);
    let picture = |number: u32| {
        let url = format!("https://friend.test/pictures/{number}.png");
        json!({"type": "Document", "mediaType": "image/png", "url": url, "name": described})
    };
    let pictures: Vec<Value> = (1..=8).map(picture).collect();
    let id = "https://friend.test/notes/1";
    says(&scene, "Create", for_alice(&scene, id, &json!({"attachment": pictures}))).await;
    let status = shown(&scene, id).await;
    assert_eq!(status["content"], "<p>words</p>");
    let kept = status["media_attachments"][0]["description"].as_str().expect("a description").len();
    assert!((4_000..described.len()).contains(&kept), "{kept}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_much_of_themselves_is_heard() {
    let scene = Scene::start(&["friend.test"]).await;
    let field = |number: u32| json!({"type": "PropertyValue", "name": format!("{number}"), "value": "v".repeat(2_000)});
    let fields: Vec<Value> = (1..=50).map(field).collect();
    scene.serve_actor(FAY, json!({"summary": paragraphs(9), "attachment": fields}));
    let id = "https://friend.test/notes/1";
    says(&scene, "Create", for_alice(&scene, id, &json!({}))).await;
    let account = &shown(&scene, id).await["account"];
    assert!(account["note"].as_str().is_some_and(|note| note.starts_with("<p>1 word")), "{account}");
    let kept = account["fields"].as_array().map_or(0, Vec::len);
    assert!((1..50).contains(&kept), "{kept}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}
