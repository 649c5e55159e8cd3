//! Lives here: what the client API and the pages take from people alike: parameters of a request turned into what rules
//! take, and what must be fetched before a rule runs.
//! May use: `http::value`, core rooms, `present`, `federation::fetch`, the server. Must never name: `api`, `pages`, `oauth`.
//! Must never name: tokens, cookies, HTML.
//! Invariants: nothing is written here but the file of an upload; what is not understood is refused by its field's name.

pub mod emoji;
pub mod filter;
pub mod media;
pub mod profile;
pub mod search;
pub mod status;
