//! Lives here: tools of every edge that speaks HTTP: accept loop, parameters, paging, rates, tokens, answers.
//! May use: hyper, axum, `Server`, the records of tokens and users in `storage`, the error page of `web`.
//! Must never name: a feature: no room, no `api`, `oauth`, `pages`, `federation`.
//! Invariants: every request is bounded in size, time and rate; every failure leaves through `answer`, without inner text.

pub mod answer;
pub mod auth;
pub mod barred;
pub mod body;
pub mod challenges;
pub mod connection;
pub mod drawn;
pub mod exchange;
pub mod file;
pub mod kind;
pub mod listen;
pub mod multipart;
pub mod negotiate;
pub mod paging;
pub mod params;
pub mod pieces;
pub mod proxy;
pub mod rate;
pub mod session;
pub(crate) mod starting;
pub(crate) mod typed;
pub mod uses;
pub mod value;
pub mod visit;

pub use answer::{Json, json};
pub use auth::{Scopes, Viewer};
pub use paging::Paging;
pub use params::{Params, WithFiles};
