//! Accounts of other servers that nothing names go, and are met anew.

use crate::lab::{Instance, World, comes};
use storage::{AccountId, Bounds, Direction, Timestamp, account::ACCOUNTS, retention};

/// Less than an hour: a clock that jumps further is doubted.
const STEP_MS: i64 = 25 * 60_000;

/// The accounts known to a server, without a look at any of them: that would keep them.
async fn known(instance: &Instance) -> Vec<AccountId> {
    let list = |view: &storage::View<'_>| Ok(ACCOUNTS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?);
    let rows = instance.server().read(list).await.expect("read");
    rows.into_iter().map(|(id, _)| id).collect()
}

/// Moves the clock on, and waits until the server has looked at it.
pub(crate) async fn later(world: &World, instance: &Instance) {
    world.clock.advance(STEP_MS);
    let now = instance.server().now();
    comes("the room is measured", async || {
        world.clock.advance(10_001);
        (instance.server().room().measured_at() >= Some(now)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_only_passed_by_is_forgotten_and_met_anew() {
    let world = World::new();
    let (here, there) = (world.instance("here.test").await, world.instance("there.test").await);
    let alice = here.person("alice").await;
    let (bob, carol) = (there.person("bob").await, there.person("carol").await);
    let (passer, muted) = (alice.finds(&bob.handle()).await, alice.finds(&carol.handle()).await);
    alice.post(&format!("/api/v1/accounts/{muted}/mute"), &[]).await;
    let id = |text: &str| text.parse::<AccountId>().expect("a number");
    here.server()
        .write(|tx| {
            retention::put_days(tx, 1);
            Ok(())
        })
        .await
        .expect("set");
    let begun: Timestamp = here.server().now();
    let mut there_still = known(&here).await;
    while there_still.contains(&id(&passer)) {
        assert!(here.server().now().ms_since(begun) < 4 * 24 * 60 * 60_000, "bob is forgotten: {there_still:?}");
        later(&world, &here).await;
        there_still = known(&here).await;
    }
    assert!(here.server().now().ms_since(begun) > 24 * 60 * 60_000, "not within a day");
    assert!(there_still.contains(&id(&muted)) && there_still.contains(&alice.id), "{there_still:?}");
    assert_eq!(alice.status_of(&format!("/api/v1/accounts/{passer}")).await, 404);
    let again = alice.follows(&bob.handle()).await;
    assert_ne!(again, passer);
    bob.posts("we have met before", &[]).await;
    alice.sees_at_home("we have met before").await;
}
