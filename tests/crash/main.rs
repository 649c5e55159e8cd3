//! The binary is killed under load, again and again, on both engines: nothing it acknowledged may be lost. Not one
//! post that was answered 200, not one activity that was answered 202, not one delivery that was owed.
//!
//! `DASSIE_CRASH_ROUNDS` sets the rounds an engine (8 without it). The moments of the kills come from a fixed seed,
//! printed; what the machine makes of them differs from run to run.

#![allow(dead_code, reason = "the harness of the e2e suite offers more than this one takes")]

#[path = "../e2e/certificates.rs"]
mod certificates;
#[path = "../client/pictures.rs"]
mod made;
#[path = "../e2e/peer.rs"]
mod peer;
#[path = "../e2e/sign.rs"]
mod sign;
#[path = "../e2e/web.rs"]
mod web;

mod binary;
mod block_lists;
mod load;
mod look;
mod naming;
mod pictures;
mod second_factor;
mod sign_in;
mod world;

use std::time::Duration;
use world::World;

/// Where the moments of the kills come from.
const SEED: u64 = 0x5eed_da55_1e00_0008;

#[test]
fn redb_loses_nothing_acknowledged_when_killed() {
    drill("redb");
}

#[test]
fn sled_loses_nothing_acknowledged_when_killed() {
    drill("sled");
}

fn drill(engine: &'static str) {
    let rounds = std::env::var("DASSIE_CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8u32);
    println!("crash drill: {engine}, {rounds} rounds, seed {SEED:#x}");
    let mut random = Random(SEED ^ u64::from(engine.len() as u32 * 7 + u32::from(engine.as_bytes()[0])));
    let mut world = World::new(engine);
    world.settle();
    let mut loaded = 0;
    for round in 0..rounds {
        let running = world.serve();
        let after = Duration::from_millis(200 + random.below(1_500));
        let done = load::until_killed(&world, round, running, || load::pass(after));
        if round % 2 == 0 {
            // Every second time the check does the recovery, otherwise the server itself.
            world.check();
        }
        let running = world.serve();
        look::at_everything(&world, &done);
        println!(
            "{engine} round {round}: killed after {after:?}; {} posts, {} activities, all there; {} deliveries",
            done.posts.len(),
            done.activities.len(),
            world.deliveries()
        );
        loaded += u32::from(!done.posts.is_empty() && !done.activities.is_empty());
        world.keep(done);
        running.kill();
    }
    assert!(loaded * 2 > rounds, "only {loaded} of {rounds} rounds had load to be killed under");
    let running = world.serve();
    look::at_everything(&world, &world.all());
    look::for_repeats(&world);
    world.check();
    running.stop();
    world.check();
    repair_and_kill(&world, &mut random);
}

/// A repair that is killed again and again comes to its end, and all is there again.
fn repair_and_kill(world: &World, random: &mut Random) {
    let removed = world.damage();
    assert!(removed > 100, "only {removed} rows to miss");
    let mut kills = 0;
    while !world.repair_for(Duration::from_millis(20 + random.below(80) + 100 * kills)) {
        kills += 1;
    }
    println!("{removed} index rows removed; the repair was killed {kills} times and ended well");
    world.check();
    let running = world.serve();
    look::at_everything(world, &world.all());
    running.stop();
}

/// A small generator (xorshift*), for moments and nothing secret.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % bound
    }
}
