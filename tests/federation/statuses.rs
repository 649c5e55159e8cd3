//! Statuses across instances: who gets them, what comes back, how they change and go.

use crate::{
    lab::{Instance, World, comes, shown, text_of},
    threads::resolved,
};
use dassie::federation::activity::Received;
use serde_json::{Value, json};
use storage::{
    Bounds, Direction, StatusId,
    delivery::unfinished,
    inbound::INBOUND,
    job::{JOBS, JobClass},
    status,
};

#[tokio::test(flavor = "multi_thread")]
async fn post_reaches_a_follower_whose_reply_comes_back() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;

    let id = alice.posts("Hello from the rock, #Sunset", &[("spoiler_text", "weather"), ("language", "en")]).await;
    let seen = bob.sees_at_home("Hello from the rock").await;
    assert_eq!(seen["account"]["acct"], "alice@a.test");
    assert_eq!(seen["spoiler_text"], "weather");
    assert_eq!(seen["sensitive"], true);
    assert_eq!(seen["language"], "en");
    assert_eq!(seen["visibility"], "public");
    assert_eq!(seen["tags"][0]["name"].as_str().map(str::to_lowercase).as_deref(), Some("sunset"));
    assert_eq!(seen["uri"], format!("https://a.test/users/alice/statuses/{id}"));

    let at_b = text_of(&seen, "id");
    bob.posts("@alice@a.test a warm one", &[("in_reply_to_id", &at_b)]).await;
    let told = alice.is_told("mention").await;
    assert_eq!(told["account"]["acct"], "bob@b.test");
    assert_eq!(told["status"]["in_reply_to_id"], id);
    let context = alice.get(&format!("/api/v1/statuses/{id}/context")).await;
    assert!(shown(&context["descendants"], "a warm one").is_some(), "{context}");
}

#[tokio::test(flavor = "multi_thread")]
async fn favourite_and_reblog_are_told_counted_and_undone() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, a.person("carol").await);
    bob.follows(&alice.handle()).await;
    carol.follows(&bob.handle()).await;
    let id = alice.posts("A dassie sits in the sun", &[]).await;
    let at_b = text_of(&bob.sees_at_home("A dassie sits").await, "id");

    bob.post(&format!("/api/v1/statuses/{at_b}/favourite"), &[]).await;
    bob.post(&format!("/api/v1/statuses/{at_b}/reblog"), &[]).await;
    assert_eq!(alice.is_told("favourite").await["status"]["id"], id);
    assert_eq!(alice.is_told("reblog").await["status"]["id"], id);
    let path = format!("/api/v1/statuses/{id}");
    alice.until(&path, |status| status["favourites_count"] == 1 && status["reblogs_count"] == 1).await;
    let home = carol
        .until("/api/v1/timelines/home", |home| {
            home.as_array().is_some_and(|list| list.iter().any(|status| status["reblog"]["id"] == id))
        })
        .await;
    assert_eq!(home[0]["account"]["acct"], "bob@b.test");

    bob.post(&format!("/api/v1/statuses/{at_b}/unfavourite"), &[]).await;
    bob.post(&format!("/api/v1/statuses/{at_b}/unreblog"), &[]).await;
    alice.until(&path, |status| status["favourites_count"] == 0 && status["reblogs_count"] == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edit_and_deletion_follow_the_post() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let id = alice.posts("first words", &[]).await;
    let at_b = text_of(&bob.sees_at_home("first words").await, "id");

    world.clock.advance(60_000);
    let edited = alice.send("PUT", &format!("/api/v1/statuses/{id}"), &[("status", "better words")]).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let path = format!("/api/v1/statuses/{at_b}");
    let changed = bob
        .until(&path, |status| status["content"].as_str().is_some_and(|content| content.contains("better words")))
        .await;
    assert!(changed["edited_at"].is_string(), "{changed}");
    let history = bob.get(&format!("{path}/history")).await;
    assert_eq!(history.as_array().map(Vec::len), Some(2), "{history}");

    let deleted = alice.send("DELETE", &format!("/api/v1/statuses/{id}"), &[]).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert_eq!(deleted.json()["text"], "better words");
    bob.until("/api/v1/timelines/home", |home| shown(home, "better words").is_none()).await;
    assert_eq!(bob.status_of(&path).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_edited_for_followers_does_not_go_to_who_is_none_any_more_and_its_end_does() {
    let world = World::new();
    let (a, b, c, d) = (
        world.instance("a.test").await,
        world.instance("b.test").await,
        world.instance("c.test").await,
        world.instance("d.test").await,
    );
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    let (carol, dan) = (c.person("carol").await, d.person("dan").await);
    bob.follows(&alice.handle()).await;
    carol.follows(&alice.handle()).await;
    // He knows her, so that her word is no stranger's.
    dan.follows(&alice.handle()).await;
    for other in [&carol, &dan] {
        let id = alice.finds(&other.handle()).await;
        alice.until(&format!("/api/v1/accounts/relationships?id[]={id}"), |seen| seen[0]["followed_by"] == true).await;
    }
    let poll = [
        ("visibility", "private"),
        ("poll[options][]", "yes"),
        ("poll[options][]", "no"),
        ("poll[expires_in]", "86400"),
    ];
    let id = alice.posts("dear @dan@d.test, the first words", &poll).await;
    let [at_b, at_c, at_d] = [
        text_of(&bob.sees_at_home("the first words").await, "id"),
        text_of(&carol.sees_at_home("the first words").await, "id"),
        text_of(&dan.sees_at_home("the first words").await, "id"),
    ];
    carol.post(&format!("/api/v1/polls/{at_c}/votes"), &[("choices[]", "0")]).await;
    let votes = |status: &Value| status["poll"]["options"][0]["votes_count"].clone();
    alice.until(&format!("/api/v1/statuses/{id}"), |status| votes(status) == 1).await;
    for other in [&carol, &dan] {
        let gone = alice.finds(&other.handle()).await;
        alice.post(&format!("/api/v1/accounts/{gone}/remove_from_followers"), &[]).await;
    }
    world.clock.advance(60_000);
    let edit = [&[("status", "dear @dan@d.test, the new words")], &poll[1..]].concat();
    assert_eq!(alice.send("PUT", &format!("/api/v1/statuses/{id}"), &edit).await.status, 200);
    let new = |status: &Value| status["content"].as_str().is_some_and(|text| text.contains("the new words"));
    bob.until(&format!("/api/v1/statuses/{at_b}"), new).await;
    dan.until(&format!("/api/v1/statuses/{at_d}"), new).await;
    // Votes are told with the words.
    bob.post(&format!("/api/v1/polls/{at_b}/votes"), &[("choices[]", "0")]).await;
    alice.until(&format!("/api/v1/statuses/{id}"), |status| votes(status) == 2).await;
    world.clock.advance(3 * 60_000);
    dan.until(&format!("/api/v1/statuses/{at_d}"), |status| votes(status) == 2).await;

    has_told_all(&a).await;
    // What reached c before this has had its turn.
    alice.posts("@carol@c.test a word for everybody", &[]).await;
    carol.is_told("mention").await;
    let at_c = StatusId(at_c.parse().expect("a number"));
    let kept = async || {
        let row = c.server().read(move |view| Ok(status::find(view, at_c)?)).await.expect("read");
        row.map(|row| row.content)
    };
    let content = kept().await.expect("it is there");
    assert!(content.contains("the first words"), "{content}");
    assert_eq!(alice.send("DELETE", &format!("/api/v1/statuses/{id}"), &[]).await.status, 200);
    comes("who got it hears of its end", async || kept().await.is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn private_and_direct_statuses_reach_only_whom_they_are_for() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    bob.follows(&alice.handle()).await;
    // Carol is known to alice's server but does not follow.
    alice.finds(&carol.handle()).await;
    let open = [("for_private_mentions", "accept")];
    assert_eq!(carol.send("PATCH", "/api/v2/notifications/policy", &open).await.status, 200);

    let private = alice.posts("for followers only", &[("visibility", "private")]).await;
    let direct = alice.posts("@carol@c.test for you alone", &[("visibility", "direct")]).await;
    assert_eq!(bob.sees_at_home("for followers only").await["visibility"], "private");
    let told = carol.is_told("mention").await;
    assert_eq!(told["status"]["visibility"], "direct");

    // What was public comes after both, so that both have had their time.
    alice.posts("for everybody", &[]).await;
    let home = bob.until("/api/v1/timelines/home", |home| shown(home, "for everybody").is_some()).await;
    assert!(shown(&home, "for you alone").is_none(), "{home}");
    for id in [&private, &direct] {
        let accept = [("accept", "application/activity+json")];
        let anonymous = a.web().get(&format!("/users/alice/statuses/{id}"), &accept).await;
        assert_eq!(anonymous.status, 404, "{}", anonymous.text());
        let page = a.web().get(&format!("/api/v1/statuses/{id}"), &[]).await;
        assert_eq!(page.status, 404, "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_here_is_found_behind_any_number_of_others_that_a_note_names() {
    const BOB: &str = "https://b.test/users/bob";
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    alice.follows(&bob.handle()).await;
    let create = |number: usize, others: usize| {
        let others = (0..others).map(|one| format!("https://c.test/users/x{one}"));
        let people: Vec<String> = others.chain(["https://a.test/users/alice".to_owned()]).collect();
        let tags: Vec<_> = people.iter().map(|href| json!({"type": "Mention", "href": href})).collect();
        let id = format!("{BOB}/statuses/{number}");
        let note = json!({
            "id": id,
            "type": "Note",
            "attributedTo": BOB,
            "content": format!("<p>to all of you {number}</p>"),
            "to": people,
            "tag": tags,
        });
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{id}/activity"),
            "type": "Create",
            "actor": BOB,
            "to": people,
            "object": note,
        })
    };
    for (number, others) in [(1, 99), (2, 100), (3, 900)] {
        assert_eq!(a.receives(BOB, create(number, others)).await, Received::Done);
        let text = format!("to all of you {number}");
        alice.until("/api/v1/notifications?types[]=mention", |list| list.to_string().contains(&text)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_of_many_links_is_told_without_what_would_make_it_too_large() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let links: Vec<String> = (0..80).map(|number| format!("https://c.test/{number}/{}", "long-".repeat(22))).collect();
    let text = format!("What I read: {}", links.join(" "));
    let id = alice.posts(&text, &[("language", "en")]).await;
    let accept = [("host", "a.test"), ("accept", "application/activity+json")];
    let note = a.web().get(&format!("/users/alice/statuses/{id}"), &accept).await;
    let twice = note.json()["contentMap"]["en"].as_str().map_or(0, |content| 2 * content.len());
    assert!(twice > 60 * 1024, "{twice}: it does not fit in both places");
    let seen = bob.sees_at_home("What I read").await;
    assert!(text_of(&seen, "content").contains("c.test/79/"), "{seen}");
    let changed = text.replace("What I read", "What I like");
    let path = format!("/api/v1/statuses/{id}");
    let edited = alice.send("PUT", &path, &[("status", changed.as_str()), ("language", "en")]).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    bob.sees_at_home("What I like").await;
}

/// Waits until everybody was sent what is to be told from here.
async fn has_told_all(from: &Instance) {
    comes("everybody has what they are to get", async || {
        let told = from.server().read(|view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            let waits = jobs.iter().any(|(_, job)| job.kind.class() == JobClass::Distribute);
            Ok(!waits && unfinished(view, None, 1)?.is_empty())
        });
        told.await.expect("read").then_some(())
    })
    .await;
}

/// What an instance has of the status of another with this id, once it has carried out all that it received.
async fn kept(at: &Instance, uri: &str) -> Option<String> {
    comes("all that came is carried out", async || {
        let look = |view: &storage::View<'_>| Ok(INBOUND.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?);
        at.server().read(look).await.expect("read").is_empty().then_some(())
    })
    .await;
    let uri = uri.to_owned();
    let row = at.server().read(move |view| Ok(status::find_by_uri(view, &uri)?)).await.expect("read");
    row.map(|row| row.content)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_somebody_of_the_same_server_reaches_the_servers_that_show_the_thread() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (ann, bob, zoe) = (a.person("ann").await, a.person("bob").await, a.person("zoe").await);
    let (carol, dan) = (b.person("carol").await, c.person("dan").await);
    for follower in [&carol, &dan] {
        follower.follows(&ann.handle()).await;
    }
    let blocked = bob.send("POST", "/api/v1/domain_blocks", &[("domain", "c.test")]).await;
    assert_eq!(blocked.status, 200, "{}", blocked.text());
    let asked = ann.posts("Who has a kettle?", &[]).await;
    for follower in [&carol, &dan] {
        follower.sees_at_home("Who has a kettle?").await;
    }
    // Nobody follows those who answer; and nobody opens the thread, which would be read then.
    let reply = ("in_reply_to_id", asked.as_str());
    let uri = |who: &str, id: &str| format!("https://a.test/users/{who}/statuses/{id}");
    let quiet = uri("bob", &bob.posts("Only for few", &[reply, ("visibility", "private")]).await);
    let id = bob.posts("I have one", &[reply]).await;
    let answer = uri("bob", &id);
    let unlisted = uri("zoe", &zoe.posts("So do I", &[reply, ("visibility", "unlisted")]).await);
    has_told_all(&a).await;
    for (at, uri, wanted) in
        [(&b, &quiet, false), (&b, &answer, true), (&b, &unlisted, true), (&c, &unlisted, true), (&c, &answer, false)]
    {
        assert_eq!(kept(at, uri).await.is_some(), wanted, "{uri} at {}", at.name);
    }

    world.clock.advance(60_000);
    let path = format!("/api/v1/statuses/{id}");
    assert_eq!(bob.send("PUT", &path, &[("status", "I have two")]).await.status, 200);
    has_told_all(&a).await;
    assert_eq!(kept(&b, &answer).await.as_deref(), Some("<p>I have two</p>"));
    assert_eq!(bob.send("DELETE", &path, &[]).await.status, 200);
    has_told_all(&a).await;
    assert_eq!(kept(&b, &answer).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_deletions_reach_servers_that_only_a_search_or_a_boost_brought_the_post_to() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (ann, bob) = (a.person("ann").await, a.person("bob").await);
    let (carol, dan) = (b.person("carol").await, c.person("dan").await);
    dan.follows(&bob.handle()).await;
    // Nobody elsewhere follows ann.
    let id = ann.posts("first words", &[]).await;
    let (path, uri) = (format!("/api/v1/statuses/{id}"), format!("https://a.test/users/ann/statuses/{id}"));
    let at_b = resolved(&carol, &uri).await;
    carol.post(&format!("/api/v1/statuses/{at_b}/favourite"), &[]).await;
    ann.is_told("favourite").await;
    bob.post(&format!("{path}/reblog"), &[]).await;
    comes("the boost brings it", async || kept(&c, &uri).await).await;

    world.clock.advance(60_000);
    assert_eq!(ann.send("PUT", &path, &[("status", "better words")]).await.status, 200);
    has_told_all(&a).await;
    assert_eq!(kept(&b, &uri).await.as_deref(), Some("<p>better words</p>"));

    assert_eq!(ann.send("DELETE", &path, &[]).await.status, 200);
    for at in [&b, &c] {
        let gone = async || kept(at, &uri).await.is_none().then_some(());
        comes(&format!("it is gone at {}", at.name), gone).await;
    }
    dan.until("/api/v1/timelines/home", |home| *home == json!([])).await;
}
