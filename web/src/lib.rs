//! Dassie's outward shapes: client JSON entities, and HTML pages drawn from them. Pure functions.
//!
//! Lives here: entities, pages, the layout, the words of pages, the style sheet and pictures they need.
//! May use: serde, maud, fluent, jiff. Must never name: storage, HTTP, files, sockets.
//! Invariants: whatever is not already sanitised HTML is escaped; a page shows nothing an entity does not hold.

pub mod accent;
pub mod assets;
pub mod entity;
pub mod feed;
pub mod layout;
pub mod page;
pub mod theme;
pub mod words;
pub mod zone;
