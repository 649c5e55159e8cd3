//! Lives here: pages, drawn from client entities and plain texts. May use: maud, `entity`, `layout`, `assets`.
//! Must never name: I/O of any kind, `storage`, HTTP.
//! Must never name: another origin in anything that loads by itself; there is no media proxy yet, so remote pictures
//! are links.
//! Invariants: everything from outside is escaped by maud; every page works without JavaScript.

pub mod about;
pub mod document;
pub mod embed;
pub mod entrance;
pub mod failure;
pub mod front;
mod media;
pub mod moving;
pub mod naming;
mod pager;
mod person;
mod post;
pub mod profile;
mod scope;
pub mod sign_up;
pub mod tag;
pub(crate) mod text;
pub mod thread;

pub use maud::Markup;
pub use pager::Pager;
