//! Lives here: timelines: home, public, tag, list, and an account's statuses, as windows on rows ordered by id.
//! May use: relationship, account, visibility, the lowest rooms, `storage`.
//! Must never name: statuses' rules, HTTP, ActivityPub, edges, the server.
//! Invariants: nothing is shown that `visibility` hides; a page looks at no more than `limits::SCAN_MAX` rows and says how
//! far it looked; the author's index is the truth, what is kept in memory can be dropped at any moment.

mod account;
mod direct;
mod home;
mod link;
mod list;
mod merge;
mod public;
mod seen;
mod tag;
mod window;

pub use account::{Wanted, account, pinned};
pub use direct::{conversation, direct};
pub use home::{Home, elsewhere, in_home};
pub use link::link;
pub use list::{in_list, list};
pub use public::{Listed, Origins, Relayed, public};
pub use tag::{Tags, followed_tags, tag};
pub use window::{Page, Window};

#[cfg(test)]
mod tests;
