//! From outside: real sockets, whole instances, peers that are friendly or evil.

mod bad_input;
mod certificates;
mod instance;
mod moves;
mod peer;
mod pins;
mod quotes;
mod samples;
mod scene;
mod schema;
mod sign;
mod slow_disk;
mod web;
