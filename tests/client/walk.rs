//! Every row of the list of endpoints, called as a program would: without a token, with one for something else, and with
//! the right one on things that are there; what it answers is held against the published schema where that says
//! something. Rows that other suites call are in `ELSEWHERE`.

use crate::{
    call::{FORM, checked, id, raw},
    endpoints::{Listed, listed},
    lab::{Instance, Person, World},
    pictures,
    schema::{SCHEMA, is_entity},
    web::{Reply, form},
};
use dassie::{
    announcement::{self, NewAnnouncement},
    status::Composed,
};
use serde_json::json;
use std::collections::BTreeSet;
use storage::user::Role;

/// How a row is called: `METHOD /path` as the list has it, then fields, where they are needed, and what answers. Words in
/// braces stand for things made for this call alone (`Walk::make`).
struct Row {
    /// As the list has it.
    name: &'static str,
    /// The path to ask for, where the list's says too little.
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// The entity that the schema has no path for.
    entity: &'static str,
}

const fn row(name: &'static str, path: &'static str) -> Row {
    Row { name, path, fields: &[], entity: "" }
}

const fn with(name: &'static str, path: &'static str, fields: &'static [(&'static str, &'static str)]) -> Row {
    Row { name, path, fields, entity: "" }
}

impl Row {
    const fn is(self, entity: &'static str) -> Row {
        Row { entity, ..self }
    }
}

/// The rows that a token opens, and those that are open to everybody and answer JSON.
const ROWS: &[Row] = &[
    row("GET /api/v1/accounts", "/api/v1/accounts?id[]={other}"),
    row("GET /api/v1/accounts/:id", "/api/v1/accounts/{other}"),
    row("POST /api/v1/accounts/:id/block", "/api/v1/accounts/{somebody}/block"),
    row("POST /api/v1/accounts/:id/endorse", "/api/v1/accounts/{followed}/endorse"),
    row("GET /api/v1/accounts/:id/endorsements", "/api/v1/accounts/{me}/endorsements"),
    row("GET /api/v1/accounts/:id/featured_tags", "/api/v1/accounts/{me}/featured_tags"),
    row("POST /api/v1/accounts/:id/follow", "/api/v1/accounts/{somebody}/follow"),
    row("GET /api/v1/accounts/:id/followers", "/api/v1/accounts/{me}/followers"),
    row("GET /api/v1/accounts/:id/following", "/api/v1/accounts/{me}/following"),
    row("GET /api/v1/accounts/:id/lists", "/api/v1/accounts/{other}/lists"),
    row("POST /api/v1/accounts/:id/mute", "/api/v1/accounts/{somebody}/mute"),
    with("POST /api/v1/accounts/:id/note", "/api/v1/accounts/{other}/note", &[("comment", "met at the fair")]),
    row("POST /api/v1/accounts/:id/pin", "/api/v1/accounts/{followed}/pin"),
    row("POST /api/v1/accounts/:id/remove_from_followers", "/api/v1/accounts/{other}/remove_from_followers"),
    row("GET /api/v1/accounts/:id/statuses", "/api/v1/accounts/{other}/statuses"),
    row("POST /api/v1/accounts/:id/unblock", "/api/v1/accounts/{somebody}/unblock"),
    row("POST /api/v1/accounts/:id/unendorse", "/api/v1/accounts/{followed}/unendorse"),
    row("POST /api/v1/accounts/:id/unfollow", "/api/v1/accounts/{somebody}/unfollow"),
    row("POST /api/v1/accounts/:id/unmute", "/api/v1/accounts/{somebody}/unmute"),
    row("POST /api/v1/accounts/:id/unpin", "/api/v1/accounts/{followed}/unpin"),
    row("GET /api/v1/accounts/familiar_followers", "/api/v1/accounts/familiar_followers?id[]={other}"),
    row("GET /api/v1/accounts/lookup", "/api/v1/accounts/lookup?acct=ben"),
    row("GET /api/v1/accounts/relationships", "/api/v1/accounts/relationships?id[]={other}"),
    row("GET /api/v1/accounts/search", "/api/v1/accounts/search?q=ben"),
    with("PATCH /api/v1/accounts/update_credentials", "/api/v1/accounts/update_credentials", &[("note", "walks")]),
    row("GET /api/v1/accounts/verify_credentials", "/api/v1/accounts/verify_credentials"),
    row("GET /api/v1/admin/accounts", "/api/v1/admin/accounts").is("AdminAccount[]"),
    row("GET /api/v1/admin/accounts/:id", "/api/v1/admin/accounts/{other}").is("AdminAccount"),
    row("DELETE /api/v1/admin/accounts/:id", "/api/v1/admin/accounts/{suspended}").is("AdminAccount"),
    with("POST /api/v1/admin/accounts/:id/action", "/api/v1/admin/accounts/{somebody}/action", &[("type", "silence")]),
    row("POST /api/v1/admin/accounts/:id/approve", "/api/v1/admin/accounts/{pending}/approve").is("AdminAccount"),
    row("POST /api/v1/admin/accounts/:id/enable", "/api/v1/admin/accounts/{somebody}/enable").is("AdminAccount"),
    row("POST /api/v1/admin/accounts/:id/reject", "/api/v1/admin/accounts/{pending}/reject").is("AdminAccount"),
    row("POST /api/v1/admin/accounts/:id/unsensitive", "/api/v1/admin/accounts/{somebody}/unsensitive")
        .is("AdminAccount"),
    row("POST /api/v1/admin/accounts/:id/unsilence", "/api/v1/admin/accounts/{somebody}/unsilence").is("AdminAccount"),
    row("POST /api/v1/admin/accounts/:id/unsuspend", "/api/v1/admin/accounts/{suspended}/unsuspend").is("AdminAccount"),
    row("GET /api/v2/admin/accounts", "/api/v2/admin/accounts").is("AdminAccount[]"),
    row("GET /api/v1/admin/domain_allows", "/api/v1/admin/domain_allows").is("AdminDomainAllow[]"),
    with("POST /api/v1/admin/domain_allows", "/api/v1/admin/domain_allows", &[("domain", "{domain}")])
        .is("AdminDomainAllow"),
    row("DELETE /api/v1/admin/domain_allows/:id", "/api/v1/admin/domain_allows/{allow}").is("AdminDomainAllow"),
    row("GET /api/v1/admin/domain_allows/:id", "/api/v1/admin/domain_allows/{allow}").is("AdminDomainAllow"),
    row("GET /api/v1/admin/domain_blocks", "/api/v1/admin/domain_blocks").is("AdminDomainBlock[]"),
    with("POST /api/v1/admin/domain_blocks", "/api/v1/admin/domain_blocks", &[("domain", "{domain}")])
        .is("AdminDomainBlock"),
    row("DELETE /api/v1/admin/domain_blocks/:id", "/api/v1/admin/domain_blocks/{domain_block}"),
    row("GET /api/v1/admin/domain_blocks/:id", "/api/v1/admin/domain_blocks/{domain_block}").is("AdminDomainBlock"),
    with(
        "PUT /api/v1/admin/domain_blocks/:id",
        "/api/v1/admin/domain_blocks/{domain_block}",
        &[("severity", "suspend")],
    )
    .is("AdminDomainBlock"),
    row("GET /api/v1/admin/reports", "/api/v1/admin/reports").is("AdminReport[]"),
    row("GET /api/v1/admin/reports/:id", "/api/v1/admin/reports/{report}").is("AdminReport"),
    with("PUT /api/v1/admin/reports/:id", "/api/v1/admin/reports/{report}", &[("category", "spam")]).is("AdminReport"),
    row("POST /api/v1/admin/reports/:id/assign_to_self", "/api/v1/admin/reports/{report}/assign_to_self")
        .is("AdminReport"),
    row("POST /api/v1/admin/reports/:id/reopen", "/api/v1/admin/reports/{report}/reopen").is("AdminReport"),
    row("POST /api/v1/admin/reports/:id/resolve", "/api/v1/admin/reports/{report}/resolve").is("AdminReport"),
    row("POST /api/v1/admin/reports/:id/unassign", "/api/v1/admin/reports/{report}/unassign").is("AdminReport"),
    row("GET /api/v1/announcements", "/api/v1/announcements"),
    row("POST /api/v1/announcements/:id/dismiss", "/api/v1/announcements/{announcement}/dismiss"),
    row(
        "DELETE /api/v1/announcements/:id/reactions/:name",
        "/api/v1/announcements/{announcement}/reactions/%F0%9F%90%BE",
    ),
    row("PUT /api/v1/announcements/:id/reactions/:name", "/api/v1/announcements/{announcement}/reactions/%F0%9F%90%BE"),
    with(
        "POST /api/v1/apps",
        "/api/v1/apps",
        &[("client_name", "walk"), ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob")],
    ),
    row("GET /api/v1/apps/verify_credentials", "/api/v1/apps/verify_credentials"),
    row("GET /api/v1/blocks", "/api/v1/blocks"),
    row("GET /api/v1/bookmarks", "/api/v1/bookmarks"),
    row("GET /api/v1/conversations", "/api/v1/conversations"),
    row("DELETE /api/v1/conversations/:id", "/api/v1/conversations/{conversation}"),
    row("POST /api/v1/conversations/:id/read", "/api/v1/conversations/{conversation}/read"),
    row("POST /api/v1/conversations/:id/unread", "/api/v1/conversations/{conversation}/unread").is("Conversation"),
    row("GET /api/v1/custom_emojis", "/api/v1/custom_emojis"),
    row("GET /api/v1/directory", "/api/v1/directory"),
    row("DELETE /api/v1/domain_blocks", "/api/v1/domain_blocks?domain=some.test"),
    row("GET /api/v1/domain_blocks", "/api/v1/domain_blocks"),
    with("POST /api/v1/domain_blocks", "/api/v1/domain_blocks", &[("domain", "{domain}")]),
    row("GET /api/v1/endorsements", "/api/v1/endorsements"),
    row("GET /api/v1/favourites", "/api/v1/favourites"),
    row("GET /api/v1/featured_tags", "/api/v1/featured_tags"),
    with("POST /api/v1/featured_tags", "/api/v1/featured_tags", &[("name", "{tag}")]),
    row("DELETE /api/v1/featured_tags/:id", "/api/v1/featured_tags/{featured_tag}"),
    row("GET /api/v1/featured_tags/suggestions", "/api/v1/featured_tags/suggestions"),
    row("GET /api/v1/filters", "/api/v1/filters"),
    with("POST /api/v1/filters", "/api/v1/filters", &[("phrase", "dull"), ("context[]", "home")]),
    row("DELETE /api/v1/filters/:id", "/api/v1/filters/{keyword}"),
    row("GET /api/v1/filters/:id", "/api/v1/filters/{keyword}"),
    with("PUT /api/v1/filters/:id", "/api/v1/filters/{keyword}", &[("phrase", "duller"), ("context[]", "home")]),
    row("GET /api/v2/filters", "/api/v2/filters"),
    with("POST /api/v2/filters", "/api/v2/filters", &[("title", "dull"), ("context[]", "home")]),
    row("GET /api/v2/filters/:filter_id/keywords", "/api/v2/filters/{filter}/keywords"),
    with("POST /api/v2/filters/:filter_id/keywords", "/api/v2/filters/{filter}/keywords", &[("keyword", "more")]),
    row("GET /api/v2/filters/:filter_id/statuses", "/api/v2/filters/{filter}/statuses"),
    with(
        "POST /api/v2/filters/:filter_id/statuses",
        "/api/v2/filters/{filter}/statuses",
        &[("status_id", "{their_status}")],
    ),
    row("DELETE /api/v2/filters/:id", "/api/v2/filters/{filter}"),
    row("GET /api/v2/filters/:id", "/api/v2/filters/{filter}"),
    with("PUT /api/v2/filters/:id", "/api/v2/filters/{filter}", &[("title", "duller")]),
    row("DELETE /api/v2/filters/keywords/:id", "/api/v2/filters/keywords/{keyword}"),
    row("GET /api/v2/filters/keywords/:id", "/api/v2/filters/keywords/{keyword}"),
    with("PUT /api/v2/filters/keywords/:id", "/api/v2/filters/keywords/{keyword}", &[("keyword", "other")]),
    row("DELETE /api/v2/filters/statuses/:id", "/api/v2/filters/statuses/{filter_status}"),
    row("GET /api/v2/filters/statuses/:id", "/api/v2/filters/statuses/{filter_status}"),
    row("GET /api/v1/follow_requests", "/api/v1/follow_requests"),
    row("POST /api/v1/follow_requests/:account_id/authorize", "/api/v1/follow_requests/{asking}/authorize"),
    row("POST /api/v1/follow_requests/:account_id/reject", "/api/v1/follow_requests/{asking}/reject"),
    row("GET /api/v1/followed_tags", "/api/v1/followed_tags"),
    row("GET /api/v2/notifications", "/api/v2/notifications"),
    row("GET /api/v2/notifications/:group_key", "/api/v2/notifications/{group}"),
    row("GET /api/v2/notifications/:group_key/accounts", "/api/v2/notifications/{group}/accounts"),
    row("POST /api/v2/notifications/:group_key/dismiss", "/api/v2/notifications/{group}/dismiss"),
    row("GET /api/v2/notifications/unread_count", "/api/v2/notifications/unread_count"),
    row("GET /api/v1/instance", "/api/v1/instance"),
    row("GET /api/v1/instance/activity", "/api/v1/instance/activity"),
    row("GET /api/v1/instance/domain_blocks", "/api/v1/instance/domain_blocks"),
    row("GET /api/v1/instance/extended_description", "/api/v1/instance/extended_description"),
    row("GET /api/v1/instance/languages", "/api/v1/instance/languages"),
    row("GET /api/v1/instance/peers", "/api/v1/instance/peers"),
    row("GET /api/v1/instance/privacy_policy", "/api/v1/instance/privacy_policy"),
    row("GET /api/v1/instance/rules", "/api/v1/instance/rules"),
    row("GET /api/v1/instance/translation_languages", "/api/v1/instance/translation_languages"),
    row("GET /api/v1/peers/search", "/api/v1/peers/search?q=some"),
    row("GET /api/v2/instance", "/api/v2/instance"),
    row("GET /api/v1/lists", "/api/v1/lists"),
    with("POST /api/v1/lists", "/api/v1/lists", &[("title", "friends")]),
    row("DELETE /api/v1/lists/:id", "/api/v1/lists/{list}"),
    row("GET /api/v1/lists/:id", "/api/v1/lists/{list}"),
    with("PUT /api/v1/lists/:id", "/api/v1/lists/{list}", &[("title", "old friends")]),
    row("DELETE /api/v1/lists/:id/accounts", "/api/v1/lists/{list}/accounts?account_ids[]={followed}"),
    row("GET /api/v1/lists/:id/accounts", "/api/v1/lists/{list}/accounts"),
    with("POST /api/v1/lists/:id/accounts", "/api/v1/lists/{list}/accounts", &[("account_ids[]", "{followed}")]),
    row("GET /api/v1/markers", "/api/v1/markers?timeline[]=home"),
    with("POST /api/v1/markers", "/api/v1/markers", &[("home[last_read_id]", "{status}")]),
    row("POST /api/v1/media", "/api/v1/media"),
    row("DELETE /api/v1/media/:id", "/api/v1/media/{media}"),
    row("GET /api/v1/media/:id", "/api/v1/media/{media}"),
    with("PUT /api/v1/media/:id", "/api/v1/media/{media}", &[("description", "stripes")]),
    row("POST /api/v2/media", "/api/v2/media"),
    row("GET /api/v1/mutes", "/api/v1/mutes"),
    row("GET /api/v1/notifications", "/api/v1/notifications"),
    row("GET /api/v1/notifications/:id", "/api/v1/notifications/{notification}"),
    row("POST /api/v1/notifications/:id/dismiss", "/api/v1/notifications/{notification}/dismiss"),
    row("DELETE /api/v1/notifications/destroy_multiple", "/api/v1/notifications/destroy_multiple?ids[]={notification}"),
    row("GET /api/v1/notifications/policy", "/api/v1/notifications/policy").is("V1NotificationPolicy"),
    with("PUT /api/v1/notifications/policy", "/api/v1/notifications/policy", &[("filter_not_following", "false")])
        .is("V1NotificationPolicy"),
    row("GET /api/v1/notifications/requests", "/api/v1/notifications/requests"),
    row("GET /api/v1/notifications/requests/:id", "/api/v1/notifications/requests/{request}"),
    row("POST /api/v1/notifications/requests/:id/accept", "/api/v1/notifications/requests/{request}/accept"),
    row("POST /api/v1/notifications/requests/:id/dismiss", "/api/v1/notifications/requests/{request}/dismiss"),
    with(
        "POST /api/v1/notifications/requests/accept",
        "/api/v1/notifications/requests/accept",
        &[("id[]", "{request}")],
    ),
    with(
        "POST /api/v1/notifications/requests/dismiss",
        "/api/v1/notifications/requests/dismiss",
        &[("id[]", "{request}")],
    ),
    row("GET /api/v1/notifications/requests/merged", "/api/v1/notifications/requests/merged"),
    row("GET /api/v1/notifications/unread_count", "/api/v1/notifications/unread_count"),
    row("GET /api/v2/notifications/policy", "/api/v2/notifications/policy"),
    with("PATCH /api/v2/notifications/policy", "/api/v2/notifications/policy", &[("for_new_accounts", "accept")]),
    row("POST /api/v1/notifications/clear", "/api/v1/notifications/clear"),
    row("GET /.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server"),
    row("GET /oauth/userinfo", "/oauth/userinfo"),
    row("POST /oauth/userinfo", "/oauth/userinfo"),
    row("GET /api/oembed", "/api/oembed?url={status_url}"),
    row("GET /api/v1/polls/:id", "/api/v1/polls/{poll}"),
    with("POST /api/v1/polls/:id/votes", "/api/v1/polls/{poll}/votes", &[("choices[]", "0")]),
    row("GET /api/v1/preferences", "/api/v1/preferences"),
    row("GET /api/v1/profile", "/api/v1/profile"),
    with("PATCH /api/v1/profile", "/api/v1/profile", &[("note", "walks on")]),
    row("DELETE /api/v1/profile/avatar", "/api/v1/profile/avatar"),
    row("DELETE /api/v1/profile/header", "/api/v1/profile/header"),
    with("POST /api/v1/push/subscription", "/api/v1/push/subscription", SUBSCRIPTION),
    row("GET /api/v1/push/subscription", "/api/v1/push/subscription"),
    with("PUT /api/v1/push/subscription", "/api/v1/push/subscription", &[("data[alerts][mention]", "true")]),
    row("DELETE /api/v1/push/subscription", "/api/v1/push/subscription"),
    with("POST /api/v1/reports", "/api/v1/reports", &[("account_id", "{other}")]),
    row("GET /api/v1/scheduled_statuses", "/api/v1/scheduled_statuses"),
    row("DELETE /api/v1/scheduled_statuses/:id", "/api/v1/scheduled_statuses/{scheduled}"),
    row("GET /api/v1/scheduled_statuses/:id", "/api/v1/scheduled_statuses/{scheduled}"),
    with(
        "PUT /api/v1/scheduled_statuses/:id",
        "/api/v1/scheduled_statuses/{scheduled}",
        &[("scheduled_at", "2040-01-02T00:00:00Z")],
    ),
    row("GET /api/v2/search", "/api/v2/search?q=ben"),
    row("GET /api/v1/statuses", "/api/v1/statuses?id[]={status}"),
    with("POST /api/v1/statuses", "/api/v1/statuses", &[("status", "a step")]),
    row("DELETE /api/v1/statuses/:id", "/api/v1/statuses/{status}"),
    row("GET /api/v1/statuses/:id", "/api/v1/statuses/{status}"),
    with("PUT /api/v1/statuses/:id", "/api/v1/statuses/{status}", &[("status", "another step")]),
    row("POST /api/v1/statuses/:id/bookmark", "/api/v1/statuses/{their_status}/bookmark"),
    row("GET /api/v1/statuses/:id/context", "/api/v1/statuses/{status}/context"),
    row("POST /api/v1/statuses/:id/favourite", "/api/v1/statuses/{their_status}/favourite"),
    row("GET /api/v1/statuses/:id/favourited_by", "/api/v1/statuses/{status}/favourited_by"),
    row("GET /api/v1/statuses/:id/history", "/api/v1/statuses/{status}/history"),
    with(
        "PUT /api/v1/statuses/:id/interaction_policy",
        "/api/v1/statuses/{status}/interaction_policy",
        &[("quote_approval_policy", "nobody")],
    ),
    row("POST /api/v1/statuses/:id/mute", "/api/v1/statuses/{status}/mute"),
    row("POST /api/v1/statuses/:id/pin", "/api/v1/statuses/{unpinned}/pin"),
    row("GET /api/v1/statuses/:id/quotes", "/api/v1/statuses/{status}/quotes"),
    row("POST /api/v1/statuses/:id/quotes/:quoting_status_id/revoke", "/api/v1/statuses/{quoted}/revoke"),
    row("POST /api/v1/statuses/:id/reblog", "/api/v1/statuses/{their_status}/reblog"),
    row("GET /api/v1/statuses/:id/reblogged_by", "/api/v1/statuses/{status}/reblogged_by"),
    row("GET /api/v1/statuses/:id/source", "/api/v1/statuses/{status}/source"),
    row("POST /api/v1/statuses/:id/unbookmark", "/api/v1/statuses/{their_status}/unbookmark"),
    row("POST /api/v1/statuses/:id/unfavourite", "/api/v1/statuses/{their_status}/unfavourite"),
    row("POST /api/v1/statuses/:id/unmute", "/api/v1/statuses/{status}/unmute"),
    row("POST /api/v1/statuses/:id/unpin", "/api/v1/statuses/{status}/unpin"),
    row("POST /api/v1/statuses/:id/unreblog", "/api/v1/statuses/{their_status}/unreblog"),
    row("GET /api/v1/suggestions", "/api/v1/suggestions"),
    row("DELETE /api/v1/suggestions/:account_id", "/api/v1/suggestions/{somebody}"),
    row("GET /api/v2/suggestions", "/api/v2/suggestions"),
    row("POST /api/v1/tags/:id/feature", "/api/v1/tags/{tag}/feature"),
    row("POST /api/v1/tags/:id/unfeature", "/api/v1/tags/{tag}/unfeature"),
    row("GET /api/v1/tags/:name", "/api/v1/tags/{tag}"),
    row("POST /api/v1/tags/:name/follow", "/api/v1/tags/{tag}/follow"),
    row("POST /api/v1/tags/:name/unfollow", "/api/v1/tags/{tag}/unfollow"),
    row("GET /api/v1/timelines/home", "/api/v1/timelines/home"),
    row("GET /api/v1/timelines/link", "/api/v1/timelines/link?url=https://far.test/"),
    row("GET /api/v1/timelines/list/:list_id", "/api/v1/timelines/list/{list}"),
    row("GET /api/v1/timelines/public", "/api/v1/timelines/public"),
    row("GET /api/v1/timelines/tag/:hashtag", "/api/v1/timelines/tag/{tag}"),
    row("GET /api/v1/trends/links", "/api/v1/trends/links"),
    row("GET /api/v1/trends/statuses", "/api/v1/trends/statuses"),
    row("GET /api/v1/trends/tags", "/api/v1/trends/tags"),
];

/// Rows that answer no JSON, or need a browser, a mail or what an operator sets: why, or which test calls them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("POST /api/v1/accounts", "tests/client/sign_up.rs"),
    ("GET /api/v1/emails/check_confirmation", "tests/client/sign_up.rs"),
    ("POST /api/v1/emails/confirmations", "tests/client/sign_up.rs"),
    ("GET /.well-known/change-password", "a redirect: tests/client/sign_up.rs"),
    ("GET /.well-known/host-meta", "tests/client/instance.rs"),
    ("GET /.well-known/nodeinfo", "tests/client/instance.rs"),
    ("GET /.well-known/webfinger", "tests/client/instance.rs"),
    ("GET /nodeinfo/2.0", "tests/client/instance.rs"),
    ("GET /health", "plain text: tests/client/instance.rs"),
    ("GET /api/v1/instance/terms_of_service", "404 until they are set: tests/client/instance.rs"),
    ("GET /api/v1/instance/terms_of_service/:date", "404 until they are set: tests/client/instance.rs"),
    ("DELETE /oauth/authorize", "tests/client/oauth.rs"),
    ("GET /oauth/authorize", "tests/client/oauth.rs"),
    ("POST /oauth/authorize", "tests/client/oauth.rs"),
    ("POST /oauth/revoke", "tests/client/oauth.rs"),
    ("POST /oauth/token", "tests/client/oauth.rs"),
    ("POST /api/v1/statuses/:id/translate", "404 without a provider: tests/client/translations.rs"),
    ("GET /api/v1/streaming", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/direct", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/hashtag", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/hashtag/local", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/health", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/list", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/public", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/public/local", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/public/remote", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/user", "tests/client/streaming.rs"),
    ("GET /api/v1/streaming/user/notification", "tests/client/streaming.rs"),
];

/// Rows whose answers the published schema describes.
const HELD: usize = 175;

/// A key on the curve (RFC 8291 §5) and sixteen bytes.
const SUBSCRIPTION: &[(&str, &str)] = &[
    ("subscription[endpoint]", "https://push.test/here"),
    (
        "subscription[keys][p256dh]",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    ),
    ("subscription[keys][auth]", "BTBZMqHH6r4Tts7J_aSIgg"),
];

/// Who walks, and what is made on the way.
struct Walk<'a> {
    home: &'a Instance,
    /// Who has every scope and looks after the server.
    ann: Person<'a>,
    ben: Person<'a>,
    made: u32,
}

impl<'a> Walk<'a> {
    async fn begin(home: &'a Instance) -> Walk<'a> {
        let every = ["read", "write", "follow", "push", "profile", "admin:read", "admin:write"];
        let (ann, ben) = (home.user("ann", Role::Owner, &every).await, home.person("ben").await);
        ann.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
        ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
        Walk { home, ann, ben, made: 0 }
    }

    /// Replaces the words in braces.
    async fn filled(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        while let Some((before, rest)) = text.split_once('{') {
            let (word, after) = rest.split_once('}').expect("a closing brace");
            let thing = self.make(word).await;
            text = format!("{before}{thing}{after}");
        }
        text
    }

    async fn stranger(&mut self) -> Person<'a> {
        self.made += 1;
        self.home.person(&format!("p{}", self.made)).await
    }

    /// Something that is there for this call alone.
    async fn make(&mut self, word: &str) -> String {
        self.made += 1;
        let number = self.made;
        let (ann, ben) = (&self.ann, &self.ben);
        match word {
            "me" => ann.id.to_string(),
            "other" | "followed" => {
                ann.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
                ben.id.to_string()
            }
            "somebody" => self.stranger().await.id.to_string(),
            "suspended" => {
                let somebody = self.stranger().await;
                let path = format!("/api/v1/admin/accounts/{}/action", somebody.id);
                self.ann.asks("POST", &path, &[("type", "suspend")]).await;
                somebody.id.to_string()
            }
            "pending" => self.pending().await,
            "domain" => format!("d{number}.test"),
            "allow" | "domain_block" => {
                let path = if word == "allow" { "domain_allows" } else { "domain_blocks" };
                let domain = format!("d{number}.test");
                id(&ann.asks("POST", &format!("/api/v1/admin/{path}"), &[("domain", &domain)]).await)
            }
            "report" => id(&ben.asks("POST", "/api/v1/reports", &[("account_id", &ann.id.to_string())]).await),
            "status" | "unpinned" => id(&ann.writes("#walk a status", &[]).await),
            "status_url" => ann.writes("a status to embed", &[]).await["url"].as_str().expect("a url").to_owned(),
            "their_status" => id(&ben.writes("theirs", &[]).await),
            "quoted" => {
                let quoted = id(&ann.writes("to be quoted", &[]).await);
                let quoting = id(&ben.writes("look", &[("quoted_status_id", &quoted)]).await);
                format!("{quoted}/quotes/{quoting}")
            }
            "poll" => {
                let fields = [("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "3600")];
                crate::lab::text_of(&ben.writes("which?", &fields).await["poll"], "id")
            }
            "tag" => format!("tag{number}"),
            "featured_tag" => {
                let name = format!("tag{number}");
                id(&ann.asks("POST", "/api/v1/featured_tags", &[("name", &name)]).await)
            }
            "list" => id(&ann.asks("POST", "/api/v1/lists", &[("title", "a list")]).await),
            "filter" | "keyword" | "filter_status" => self.filter(word).await,
            "media" => self.upload("/api/v1/media").await.json()["id"].as_str().expect("an id").to_owned(),
            "notification" | "group" => {
                let status = id(&ann.writes("to be liked", &[]).await);
                ben.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
                let told = ann.is_told("favourite").await;
                let name = if word == "group" { "group_key" } else { "id" };
                told[name].as_str().expect("a text").to_owned()
            }
            "conversation" => {
                ben.writes(&format!("@ann psst {number}"), &[("visibility", "direct")]).await;
                id(&ann.asks("GET", "/api/v1/conversations", &[]).await[0])
            }
            "asking" => {
                ann.asks("PATCH", "/api/v1/accounts/update_credentials", &[("locked", "true")]).await;
                let asking = self.stranger().await;
                asking.asks("POST", &format!("/api/v1/accounts/{}/follow", self.ann.id), &[]).await;
                asking.id.to_string()
            }
            "request" => {
                ann.asks("PATCH", "/api/v2/notifications/policy", &[("for_not_following", "filter")]).await;
                let stranger = self.stranger().await;
                stranger.writes("@ann hello there", &[]).await;
                id(&self.ann.asks("GET", "/api/v1/notifications/requests", &[]).await[0])
            }
            "announcement" => {
                let text = format!("Tea at five, {number}");
                let composed = Composed { content: format!("<p>{text}</p>"), text, ..Composed::default() };
                let new = NewAnnouncement { composed, starts_at: None, ends_at: None, all_day: false };
                let made = self.home.server().write(move |tx| announcement::create(tx, &new)).await.expect("written");
                let path = format!("/api/v1/announcements/{made}/reactions/%F0%9F%90%BE");
                self.ben.asks("PUT", &path, &[]).await;
                self.ann.asks("PUT", &path, &[]).await;
                made.to_string()
            }
            "scheduled" => id(&ann.writes("later", &[("scheduled_at", "2040-01-01T00:00:00Z")]).await),
            other => panic!("nothing is known of {other}"),
        }
    }

    /// Somebody who signed up and waits to be let in.
    async fn pending(&mut self) -> String {
        crate::sign_up::set(self.home, &[("registrations", "approve")]).await;
        let name = format!("pending{}", self.made);
        let email = format!("{name}@mail.test");
        let fields = [
            ("username", name.as_str()),
            ("email", &email),
            ("password", "correct horse battery"),
            ("agreement", "true"),
            ("locale", "en"),
        ];
        self.ann.asks("POST", "/api/v1/accounts", &fields).await;
        let waiting = self.ann.asks("GET", "/api/v2/admin/accounts?status=pending", &[]).await;
        id(&waiting[0])
    }

    async fn filter(&self, word: &str) -> String {
        let fields = [("title", "f"), ("context[]", "home"), ("keywords_attributes[][keyword]", "dull")];
        let filter = self.ann.asks("POST", "/api/v2/filters", &fields).await;
        match word {
            "filter" => id(&filter),
            "keyword" => id(&filter["keywords"][0]),
            _ => {
                let status = id(&self.ben.writes("dull", &[]).await);
                let path = format!("/api/v2/filters/{}/statuses", id(&filter));
                id(&self.ann.asks("POST", &path, &[("status_id", &status)]).await)
            }
        }
    }

    async fn upload(&self, path: &str) -> Reply {
        let picture = pictures::png(20, 10, 1);
        let bearer = format!("Bearer {}", self.ann.token);
        let kind = pictures::form_type();
        let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
        self.home.web().send("POST", path, &headers, &pictures::form(&[], &[("file", &picture)])).await
    }

    /// Calls a row with the right token; the path that was asked for, and the answer.
    async fn call(&mut self, method: &str, row: &Row) -> (String, Reply) {
        let path = self.filled(row.path).await;
        if method == "POST" && ["/api/v1/media", "/api/v2/media"].contains(&row.path) {
            let reply = self.upload(&path).await;
            return (path, reply);
        }
        let mut fields = Vec::new();
        for (name, value) in row.fields {
            fields.push((*name, self.filled(value).await));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let kind = if fields.is_empty() { "" } else { FORM };
        let reply = raw(self.home.web(), Some(&self.ann.token), method, &path, kind, &form(&fields)).await;
        (path, reply)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_of_the_list_answers_what_its_schema_says() {
    let home = World::new().instance("home.test").await;
    let mut walk = Walk::begin(&home).await;
    let (mut wrong, mut by_schema) = (Vec::new(), 0);
    for row in ROWS {
        let (method, _) = row.name.split_once(' ').expect("a method");
        let (path, reply) = walk.call(method, row).await;
        if reply.status != 200 {
            wrong.push(format!("{}: {} {}", row.name, reply.status, reply.text()));
            continue;
        }
        // Where the schema has no path, a row with an entity says what it answers.
        if row.entity.is_empty() {
            by_schema += usize::from(checked(method, &path, &reply, true));
        } else {
            by_schema += 1;
            is_entity(row.entity, &reply.json());
        }
    }
    println!("{} of {} rows answer, {by_schema} held against a schema", ROWS.len() - wrong.len(), ROWS.len());
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    assert!(SCHEMA.is_none() || by_schema >= HELD, "{by_schema} rows held against a schema; {HELD} were before");
    let Some(listed) = listed() else { return };
    let called: BTreeSet<&str> =
        ROWS.iter().map(|row| row.name).chain(ELSEWHERE.iter().map(|(name, _)| *name)).collect();
    let left: Vec<&String> =
        listed.iter().map(|row| &row.name).filter(|name| !called.contains(name.as_str())).collect();
    assert!(left.is_empty(), "rows that nobody calls: {left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_of_the_list_asks_for_its_scope() {
    let Some(listed) = listed() else { return };
    let home = World::new().instance("home.test").await;
    let mut walk = Walk::begin(&home).await;
    let narrow = home.user("narrow", Role::Owner, &["push"]).await;
    let other = home.user("other", Role::Owner, &["profile"]).await;
    let outside = json!("This action is outside the authorized scopes");
    let (mut wrong, mut guarded) = (Vec::new(), 0);
    for Listed { name, scope, .. } in &listed {
        let Some(row) = ROWS.iter().find(|row| row.name == name) else { continue };
        let (method, _) = name.split_once(' ').expect("a method");
        let path = walk.filled(row.path).await;
        let nobody = raw(home.web(), None, method, &path, "", "").await;
        // The list calls some routes readable by everybody "public", and names the scope a token needs all the same.
        if scope.starts_with("public") {
            if [401, 403].contains(&nobody.status) {
                wrong.push(format!("{name} refuses strangers: {} {}", nobody.status, nobody.text()));
            }
            continue;
        }
        guarded += 1;
        // Accounts are shown to everybody here, as Mastodon does.
        let open = ["GET /api/v1/accounts/lookup"].contains(&name.as_str());
        if nobody.status != 401 && !open {
            wrong.push(format!("{name} without a token: {} {}", nobody.status, nobody.text()));
        }
        if ["user token", "app"].contains(&scope.as_str()) {
            continue;
        }
        let token = if scope == "push" { &other.token } else { &narrow.token };
        let refused = raw(home.web(), Some(token), method, &path, "", "").await;
        if (refused.status, &refused.json()["error"]) != (403, &outside) {
            wrong.push(format!("{name} with another scope than {scope}: {} {}", refused.status, refused.text()));
        }
    }
    println!("{guarded} rows ask for a token");
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}
