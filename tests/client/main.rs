//! The client API as programs see it: over real sockets, every answer held against the published schema.

#![allow(unreachable_pub, reason = "nothing outside of a test binary reaches anything in it")]

#[path = "../federation/lab.rs"]
#[expect(dead_code, reason = "federation uses more of it")]
mod lab;
#[path = "../e2e/web.rs"]
mod web;

mod browser;
mod call;
mod schema;

mod conversations;
mod encodings;
mod endpoints;
mod entities;
mod errors;
mod filters;
mod groups;
mod lists;
mod media;
mod moderation;
mod oauth;
mod oembed;
mod paging;
mod pictures;
mod polls;
mod push;
mod quotes;
mod relationships;
mod search;
mod statuses;
mod streaming;
mod tags;
