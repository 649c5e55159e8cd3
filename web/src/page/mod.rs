//! Lives here: pages, drawn from client entities and plain texts. May use: maud, `entity`, `layout`, `assets`.
//! Must never name: I/O of any kind, `storage`, HTTP.
//! Must never name: another origin in anything that loads by itself.
//! Invariants: everything from outside is escaped by maud; every page works without JavaScript; what the program says
//! itself comes from the catalogues of `words`.
//!
//! To add a page: a file here with a struct of what it shows and one function `(&Site, &Page) -> String` that ends in
//! `layout::document`; its sentences in every catalogue; its handler in `src/pages`, which says there how it is reached.

pub mod about;
pub mod accessibility;
mod acts;
pub mod asked;
pub mod away;
pub mod block_list;
pub mod compose;
pub mod confirm;
pub mod disputes;
pub mod document;
pub mod embed;
mod emoji;
pub mod entrance;
pub mod explore;
pub mod failure;
pub mod featured;
mod field;
pub mod front;
pub mod history;
pub mod home;
pub mod installed;
pub mod interact;
pub mod kept;
pub mod language;
pub mod leaving;
pub mod listed;
pub mod lists;
mod media;
pub mod menu;
pub mod messages;
pub mod moderation;
pub mod moving;
pub mod naming;
pub mod notifications;
mod pager;
pub mod people;
pub mod people_step;
mod person;
mod post;
pub mod profile;
pub mod recovery;
pub mod report;
pub mod scheduled;
mod scope;
pub mod search;
pub mod second_step;
pub mod settings;
pub mod sign_up;
pub mod tag;
pub(crate) mod text;
pub mod thread;

pub use maud::Markup;
pub use pager::Pager;
