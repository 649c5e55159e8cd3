//! From a handler to `present` and back: reading the store and drawing in one go, off the async workers.

use crate::{
    error::{Error, Result},
    present::Context,
    server::Server,
};
use storage::{AccountId, View};

/// Reads and draws for `viewer` on one consistent view.
pub(super) async fn draw<T, F>(server: &Server, viewer: Option<AccountId>, draw: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Context<'_>) -> Result<T> + Send + 'static,
{
    let (origin, now) = (server.origin().clone(), server.now());
    let (filters, trends, kept) = (server.filters().clone(), server.trends().clone(), server.kept().clone());
    let look = move |view: &View<'_>| {
        let context = Context::new(view, &origin, viewer).at(now).with_filters(&filters).with_trends(&trends);
        draw(&context.with_kept(&kept))
    };
    server.read(look).await
}

/// An id of a path. What cannot be one is unknown, not malformed.
pub(super) fn id<I: From<u64>>(text: &str) -> Result<I> {
    text.parse::<u64>().map(I::from).map_err(|_| Error::NotFound)
}
