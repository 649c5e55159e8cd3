//! From outside: real sockets, whole instances, peers that are friendly or evil.

#![allow(dead_code, reason = "the harness offers more than each suite takes")]

mod bad_input;
mod certificates;
mod instance;
mod peer;
mod samples;
mod schema;
mod sign;
mod web;
