//! What is owed for accounts here that are suspended, or gone, by the time it is sent.

use super::{Scene, newcomer::new_user, peer::Mood, until};
use dassie::{moderation, server::Server, user};
use storage::{
    AccountId, ActivityId, Digest,
    account::{self, ACCOUNTS, Account, SigningKeys},
    audience::{self, Audience, Stage},
    delivery::{self, Built, Memory, Priority, Sender},
    undelivered::{self, Reason},
    user::Role,
};

/// Somebody here.
async fn person(server: &Server, name: &str, keys: &SigningKeys) -> AccountId {
    let new = new_user(name, Role::User, keys.clone());
    server.write(move |tx| user::create(tx, &new)).await.unwrap()
}

/// Owes `friend` that `sender` does this about `object`.
async fn says(server: &Server, number: u64, sender: AccountId, said: (&str, &str, Memory), friend: AccountId) {
    let (kind, object, memory) = said;
    let uri = format!("https://here.test/activities/{number}");
    let built = Built {
        bytes: format!("{{\"id\":\"{uri}\",\"type\":\"{kind}\"}}").into_bytes(),
        uri,
        object: Digest::of(object),
        sender: Sender::Account(sender),
        priority: Priority::Public,
        audience: Audience { accounts: vec![friend], ..Audience::default() },
    };
    let rule = move |tx: &mut storage::Tx<'_>| {
        let id = ActivityId(number);
        let step = audience::gather(tx, id, &built.audience, Stage::Accounts(0))?.unwrap_or_default();
        audience::store(tx, id, &built, memory, &step)?;
        Ok(())
    };
    server.write(rule).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_whoever_is_suspended_or_gone_by_then_a_peer_that_returns_gets_only_what_takes_back() {
    let scene = Scene::start("down.test", Mood::Failing(503)).await;
    let (server, down, clock) = (&scene.running.server, &scene.peer, &scene.clock);
    let keys = server.make_keys().await.unwrap();
    let (bad, gone) = (person(server, "bad", &keys).await, person(server, "gone", &keys).await);
    let told = [
        (bad, ("Create", "one", Memory::Audience)),
        (bad, ("Create", "two", Memory::Audience)),
        (bad, ("Update", "two", Memory::Audience)),
        (bad, ("Like", "three", Memory::Nothing)),
        (bad, ("Undo", "four", Memory::Nothing)),
        (bad, ("Delete", "two", Memory::End)),
        (gone, ("Create", "five", Memory::Audience)),
        (gone, ("Delete", "six", Memory::End)),
        (bad, ("Update", "bad", Memory::Nothing)),
    ];
    for (number, (sender, said)) in (1..).zip(told) {
        says(server, number, sender, said, scene.friend).await;
    }
    let owed = || {
        let peer = server.store().read(|view| storage::peer::find(view, "down.test")).unwrap();
        peer.map_or(0, |peer| peer.owed)
    };
    until("all of it is owed", || owed() == 9).await;
    clock.advance(1);
    let rule = move |tx: &mut storage::Tx<'_>| {
        let suspended_at = Some(tx.now());
        let row = ACCOUNTS.get(tx, &bad)?.unwrap();
        account::put(tx, &Account { suspended_at, ..row })?;
        moderation::leave(tx, gone)
    };
    server.write(rule).await.unwrap();
    until("its Delete is owed, too", || owed() == 10).await;
    down.set(Mood::Well);
    let mut minutes = 0;
    until("nothing is owed", || {
        if minutes < 400 {
            clock.advance(60_000);
            minutes += 1;
        }
        let unfinished = server.store().read(|view| delivery::unfinished(view, None, 1)).unwrap();
        owed() == 0 && unfinished.is_empty()
    })
    .await;
    let mut received = down.received();
    received.sort();
    let taking_back = [5, 6].map(|number| format!("https://here.test/activities/{number}"));
    assert_eq!(received[..2], taking_back);
    assert_eq!(received[2..], ["https://here.test/users/gone#delete".to_owned()]);
    for number in [1, 7] {
        let ended = server.store().read(|view| undelivered::of(view, ActivityId(number))).unwrap();
        let reasons: Vec<_> = ended.told.iter().map(|one| one.reason).collect();
        assert_eq!(reasons, [Reason::NoKey], "{number}");
    }
    scene.running.stop().await.unwrap();
}
