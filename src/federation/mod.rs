//! Lives here: the wire: foreign bytes to trusted typed values, and our values to bytes others understand.
//! May use: core rooms, `http`, `text`, the one outbound client (`client`).
//! Must never name: `api`, `pages`, `oauth`, entities of the client API.
//! Invariants: nothing is believed that `trust` or a signature does not cover; everything from outside is bounded.

pub mod activity;
pub mod address;
pub mod client;
pub mod collections;
pub mod documents;
pub mod fetch;
pub mod forwarded;
mod hint;
pub mod inbox;
pub mod json;
pub mod nodeinfo;
pub mod object;
pub mod outward;
mod repetition;
pub mod scheme;
pub mod shelf;
pub mod signature;
mod signer;
pub mod status_collections;
pub mod synchronization;
pub mod trust;
pub mod unheeded;
pub mod webfinger;

use crate::server::Server;
use axum::Router;

/// The routes of this edge.
pub fn routes() -> Router<Server> {
    Router::new().merge(documents::routes()).merge(inbox::routes()).merge(nodeinfo::routes()).merge(webfinger::routes())
}
