//! Lists of servers to block, and topics, in the first run: what they would do is told before anything is done, and a list
//! is applied whole although the server is stopped in its middle.

use crate::{
    browser::{Browser, Form},
    lab::{World, comes},
    settings::signed_in,
    web::Reply,
};
use dassie::{
    limits,
    moderation::domain::{self, Terms},
};
use storage::{
    Bounds, Direction,
    moderation::{AUDIT, DOMAIN_BLOCKS, DomainBlock, Severity},
    user::Role,
};

const PEOPLE: &str = "/first-run/people";
const BLOCKS: &str = "/first-run/blocks";
const LIST: &[u8] = b"#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
    far.test,suspend,FALSE,FALSE,spam,FALSE\nworse.test,suspend,TRUE,TRUE,hate,TRUE\ndull.test,silence,FALSE,FALSE,,FALSE\n\
    h*n.test,suspend,FALSE,FALSE,,FALSE\n";

/// Sends the step of people with a list.
async fn brings(browser: &mut Browser, typed: &[(&str, &str)], list: &[u8]) -> Reply {
    let mut form = Form::on(&browser.get(PEOPLE).await, PEOPLE).with("sign_ups", "closed");
    for (name, value) in typed {
        form.fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    browser.upload(&form, &[("blocks_file", list)]).await
}

async fn blocks(home: &crate::lab::Instance) -> Vec<DomainBlock> {
    let look = |view: &storage::View<'_>| {
        let most = limits::BLOCK_LIST_ROWS;
        let rows = DOMAIN_BLOCKS.list(view, &(), Bounds::NONE, Direction::Ascending, most)?;
        Ok(rows.into_iter().map(|(_, block)| block).collect::<Vec<_>>())
    };
    home.server().read(look).await.expect("a read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_looked_at_before_it_blocks_and_topics_are_followed() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let olga = home.staff("olga", Role::Owner).await;
    let bob = far.person("bob").await;
    olga.follows(&bob.handle()).await;
    let ann = home.person("ann").await;
    assert_eq!(signed_in(&home, &ann).await.get(BLOCKS).await.status, 404, "of the owner alone");
    let mut browser = signed_in(&home, &olga).await;
    assert_eq!(browser.get(BLOCKS).await.header("location"), Some(PEOPLE), "no list came yet");

    let large = vec![b'a'; limits::BLOCK_LIST_BYTES + 1];
    for (typed, list, why) in [
        (&[("blocks", "none")][..], LIST, "Say how much"),
        (&[("blocks", "light")][..], &b""[..], "Bring a list"),
        (&[("blocks", "light")][..], &b"com\n"[..], "names no server"),
        (&[("blocks", "light")][..], &large[..], "bytes; at most"),
        (&[("blocks", "light"), ("topics", "a-b")][..], LIST, "is no hashtag"),
    ] {
        let refused = brings(&mut browser, typed, list).await;
        assert!(refused.status == 422 && refused.text().contains(why), "{why}: {} {}", refused.status, refused.text());
    }
    assert_eq!(browser.get(BLOCKS).await.header("location"), Some(PEOPLE), "all of it or nothing");

    let typed = [("blocks", "light"), ("topic[]", "art"), ("topic[]", "cats"), ("topics", "#Rocks, art")];
    let sent = brings(&mut browser, &typed, LIST).await;
    assert_eq!((sent.status, sent.header("location")), (303, Some(BLOCKS)), "{}", sent.text());
    let followed = olga.asks("GET", "/api/v1/followed_tags", &[]).await;
    let mut names: Vec<_> =
        followed.as_array().expect("a list").iter().map(|tag| tag["name"].as_str().unwrap_or_default()).collect();
    names.sort_unstable();
    assert_eq!(names, ["art", "cats", "rocks"]);
    let page = browser.get(BLOCKS).await;
    let text = page.text();
    for said in ["2 servers", "3 servers", "1 line cannot be read", "On 1 of them people live", "far.test", "1 person"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(blocks(&home).await.is_empty(), "nothing is blocked before it is said");

    let form = Form::on(&page, BLOCKS).with("decision", "apply").with("strength", "careful");
    let sent = browser.submit(&form.with("spare[]", "far.test"), &[]).await;
    assert_eq!((sent.status, sent.header("location")), (303, Some("/home#status")), "{}", sent.text());
    comes("the list is applied", async || (blocks(&home).await.len() == 2).then_some(())).await;
    let all = blocks(&home).await;
    let (dull, worse) = (&all[0], &all[1]);
    assert_eq!((dull.domain.as_str(), dull.severity), ("dull.test", Severity::Silence));
    assert_eq!((worse.domain.as_str(), worse.severity), ("worse.test", Severity::Suspend));
    assert!(worse.reject_media && worse.reject_reports && worse.obfuscate && worse.public_comment == "hate");
    assert!(worse.private_comment.ends_with(", careful"), "{worse:?}");
    assert_eq!(browser.submit(&form, &[]).await.status, 404, "it is decided once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_servers_own_list_is_asked_for_and_can_be_left_alone() {
    let world = World::new();
    let (home, far) = (world.instance("home.test").await, world.instance("far.test").await);
    let (olga, fay) = (home.staff("olga", Role::Owner).await, far.staff("fay", Role::Owner).await);
    let by = fay.id;
    let rule = move |tx: &mut storage::Tx<'_>| {
        let suspended = Terms { severity: Some(Severity::Suspend), ..Terms::default() };
        domain::block(tx, by, "bad.test", &suspended)?;
        domain::block(tx, by, "dull.test", &Terms::default()).map(drop)
    };
    far.server().write(rule).await.expect("blocked");
    let mut browser = signed_in(&home, &olga).await;
    let typed = |server| [("blocks", "light"), ("blocks_server", server)];
    let sent = brings(&mut browser, &typed("far.test"), b"").await;
    assert_eq!(sent.header("location"), Some(BLOCKS), "{}", sent.text());
    let looked = async |browser: &mut Browser, said: &str| {
        let deadline = tokio::time::Instant::now() + crate::web::PATIENCE;
        loop {
            let page = browser.get(BLOCKS).await;
            if page.text().contains(said) {
                return page;
            }
            assert!(tokio::time::Instant::now() < deadline, "no {said}: {}", page.text());
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let page = looked(&mut browser, "1 server").await;
    assert!(page.text().contains("2 servers") && page.text().contains("Nobody whom you follow"), "{}", page.text());
    let form = Form::on(&page, BLOCKS).with("decision", "forget");
    assert_eq!(browser.submit(&form, &[]).await.header("location"), Some("/home#status"));
    assert!(blocks(&home).await.is_empty());
    assert_eq!(browser.get(BLOCKS).await.header("location"), Some(PEOPLE), "it is forgotten");
    // What is no list, and this server itself.
    for (server, why) in [("home.test", "is this server"), ("no name", "is no name of a server")] {
        let sent = brings(&mut browser, &typed(server), b"").await;
        match sent.status {
            422 => assert!(sent.text().contains(why), "{}", sent.text()),
            _ => drop(looked(&mut browser, why).await),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_applied_once_and_whole_after_a_stop_in_its_middle() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let olga = home.staff("olga", Role::Owner).await;
    let mut browser = signed_in(&home, &olga).await;
    const MANY: usize = 2_000;
    let list: String = (0..MANY).map(|number| format!("d{number:04}.test\n")).collect();
    let sent = brings(&mut browser, &[("blocks", "light")], list.as_bytes()).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let form = Form::on(&browser.get(BLOCKS).await, BLOCKS).with("decision", "apply").with("strength", "light");
    assert_eq!(browser.submit(&form, &[]).await.status, 303);
    comes("some are blocked", async || (!blocks(&home).await.is_empty()).then_some(())).await;
    drop(olga);
    home.stop().await;
    home.start().await;
    comes("all are blocked", async || (blocks(&home).await.len() == MANY).then_some(())).await;
    let deeds = home
        .server()
        .read(|view| Ok(AUDIT.list(view, &(), Bounds::NONE, Direction::Ascending, limits::BLOCK_LIST_ROWS)?.len()));
    assert_eq!(deeds.await.expect("a read"), MANY, "each once");
}
