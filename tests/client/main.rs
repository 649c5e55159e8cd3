//! The client API as programs see it: over real sockets, every answer held against the published schema.

#![allow(unreachable_pub, reason = "nothing outside of a test binary reaches anything in it")]

#[path = "../federation/lab.rs"]
#[expect(dead_code, reason = "federation uses more of it")]
mod lab;
#[path = "../e2e/web.rs"]
mod web;

#[path = "../foreign/mod.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod foreign;

mod browser;
mod call;
mod schema;
mod site;

mod announcements;
mod block_lists;
mod cards;
mod cleanup;
mod client_pages;
mod collections;
mod conversations;
mod data;
mod directory;
mod email;
mod emoji;
mod encodings;
mod endpoints;
mod entities;
mod errors;
mod feeds;
mod filters;
mod groups;
mod hiding;
mod instance;
mod invites;
mod letters;
mod lists;
mod local_only;
mod mail;
mod markdown;
mod media;
mod moderation;
mod moderation_pages;
mod moving;
mod oauth;
mod oembed;
mod paging;
mod passkeys;
mod pictures;
mod policies;
mod polls;
mod profile;
mod push;
mod quotes;
mod reactions;
mod recovery;
mod relationships;
mod requests;
mod scheduled;
mod search;
mod second_factor;
mod settings;
mod sign_up;
mod statuses;
mod streaming;
mod strikes;
mod tags;
mod transfer;
mod translations;
mod trends;
mod walk;
mod writing;
