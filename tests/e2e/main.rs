//! From outside: real sockets, whole instances, peers that are friendly or evil.

#[path = "../client/pictures.rs"]
#[expect(dead_code, reason = "the tests of the client API use more of it")]
mod made;

#[path = "../foreign/mod.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod foreign;

mod backlinks;
mod backups;
mod bad_input;
mod certificates;
mod clock;
mod day;
mod evil;
mod few;
mod groups;
mod heard;
mod instance;
mod late;
mod long;
mod may_wait;
mod moves;
#[path = "../federation/newcomer.rs"]
mod newcomer;
mod own_certificate;
mod peer;
mod pictures;
mod pins;
mod policies;
mod polls;
mod quotes;
mod read_only;
mod relays;
mod repeated;
mod room;
mod rot;
mod samples;
mod scene;
mod schema;
mod sign;
mod slow_disk;
mod starting;
mod strange_keys;
mod synchronization;
mod threads;
mod told;
mod tombstones;
mod turns;
mod unreachable;
mod waves;
mod web;
mod withheld;
