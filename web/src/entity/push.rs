//! Push subscriptions (client API, WebPushSubscription).

use serde::Serialize;
use std::collections::BTreeMap;

/// Where a program wants to be woken, and for what.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, WebPushSubscription")]
pub struct WebPushSubscription {
    pub id: String,
    pub endpoint: String,
    pub standard: bool,
    pub alerts: BTreeMap<&'static str, bool>,
    pub policy: &'static str,
    pub server_key: String,
}
