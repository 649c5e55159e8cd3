//! All routes of this server, what kind each is, and the tasks that run beside them. One line for each area.

use crate::{
    api, backup, cli,
    error::Error,
    federation,
    http::{
        answer,
        kind::{Class, Kind},
        rate::Bucket,
    },
    jobs, oauth, operate, pages,
    server::Server,
    streaming,
};
use axum::Router;
use http::{Method, StatusCode};

/// Every route; what is not here is 404.
pub fn router(server: Server) -> Router {
    Router::new()
        .merge(federation::routes())
        .merge(oauth::routes())
        .merge(pages::routes())
        .merge(operate::routes())
        .merge(streaming::routes())
        .merge(api::accounts::routes())
        .merge(api::admin::routes())
        .merge(api::announcements::routes())
        .merge(api::apps::routes())
        .merge(api::blocks::routes())
        .merge(api::collections::routes())
        .merge(api::conversations::routes())
        .merge(api::custom_emojis::routes())
        .merge(api::directory::routes())
        .merge(api::domain_blocks::routes())
        .merge(api::endorsements::routes())
        .merge(api::filters::routes())
        .merge(api::follow_requests::routes())
        .merge(api::grouped_notifications::routes())
        .merge(api::instance::routes())
        .merge(api::interaction_policies::routes())
        .merge(api::interaction_requests::routes())
        .merge(api::interactions::routes())
        .merge(api::lists::routes())
        .merge(api::markers::routes())
        .merge(api::media::routes())
        .merge(api::mutes::routes())
        .merge(api::notification_requests::routes())
        .merge(api::notifications::routes())
        .merge(api::oembed::routes())
        .merge(api::polls::routes())
        .merge(api::preferences::routes())
        .merge(api::profile::routes())
        .merge(api::push::routes())
        .merge(api::quotes::routes())
        .merge(api::reactions::routes())
        .merge(api::relationships::routes())
        .merge(api::reports::routes())
        .merge(api::scheduled_statuses::routes())
        .merge(api::search::routes())
        .merge(api::statuses::routes())
        .merge(api::suggestions::routes())
        .merge(api::tags::routes())
        .merge(api::timelines::routes())
        .merge(api::translations::routes())
        .merge(api::trends::routes())
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async {
            answer::refuse(StatusCode::METHOD_NOT_ALLOWED, "This method is not allowed here")
        })
        .with_state(server)
}

/// Starts what runs beside requests.
pub fn start_tasks(server: &Server) {
    cli::control::listen(server);
    jobs::start(server);
    streaming::start(server);
    operate::start(server);
    backup::start(server);
}

/// The kind of a path: its bounds, the shape of its failures, who may call it, which bucket it empties.
#[must_use]
pub fn kind_of(method: &Method, path: &str) -> Kind {
    let plain = |class| Kind { class, cors: false, bucket: None };
    let open = |class| Kind { class, cors: true, bucket: None };
    let bucket = match (method, path) {
        (&Method::POST, "/api/v1/apps") => Some(Bucket::Application),
        (&Method::POST, "/api/v1/accounts" | "/auth/sign_up") => Some(Bucket::SignUp),
        (&Method::POST, "/api/v1/emails/confirmations") => Some(Bucket::Mail),
        (&Method::POST, "/api/v1/media" | "/api/v2/media") => Some(Bucket::Upload),
        (&Method::POST, path) if path.starts_with("/api/v1/statuses/") && path.ends_with("/translate") => {
            Some(Bucket::Translation)
        }
        (&Method::DELETE, path) if path.starts_with("/api/v1/statuses/") => Some(Bucket::Delete),
        (&Method::POST, path) if path.starts_with("/api/v1/statuses/") && path.ends_with("/unreblog") => {
            Some(Bucket::Delete)
        }
        _ => None,
    };
    let actor = |path: &str| path.starts_with("/users/") || path.starts_with("/ap/") || path == "/actor";
    match path {
        "/api/v1/media" | "/api/v2/media" => Kind { class: Class::Upload, cors: true, bucket },
        "/api/v1/accounts/update_credentials" | "/api/v1/profile" => open(Class::Pictures),
        _ if path.starts_with("/api/") => Kind { class: Class::Api, cors: true, bucket },
        "/compose" | "/settings/profile" | "/settings/import" | "/first-run/people" | "/admin/emoji" => {
            plain(Class::FileForm)
        }
        "/oauth/token" | "/oauth/revoke" | "/oauth/userinfo" => open(Class::Oauth),
        _ if path.starts_with("/.well-known/") || path.starts_with("/nodeinfo/") => open(Class::Discovery),
        // Web clients of other origins draw accounts too (client API, CORS).
        _ if path.starts_with("/avatars/") || path.starts_with("/headers/") => open(Class::Page),
        _ if path.starts_with("/media/") => open(Class::Page),
        "/healthz" | "/readyz" | "/readyz/self" | "/health" => plain(Class::Probe),
        "/inbox" => plain(Class::Federation),
        _ if actor(path) => plain(Class::Federation),
        _ if path.starts_with("/actor/") || path.starts_with("/emojis/") => plain(Class::Federation),
        _ => Kind { bucket, ..plain(Class::Page) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_from_the_path() {
        let kind = |method, path| kind_of(&method, path);
        assert_eq!(kind(Method::POST, "/api/v1/apps").bucket, Some(Bucket::Application));
        assert_eq!(kind(Method::DELETE, "/api/v1/statuses/1").bucket, Some(Bucket::Delete));
        assert_eq!(kind(Method::GET, "/api/v1/statuses/1").bucket, None);
        for path in ["/api/v1/accounts", "/auth/sign_up"] {
            assert_eq!(kind(Method::POST, path).bucket, Some(Bucket::SignUp), "{path}");
            assert_eq!(kind(Method::GET, path).bucket, None, "{path}");
        }
        assert!(kind(Method::POST, "/oauth/token").cors);
        assert!(!kind(Method::POST, "/oauth/authorize").cors);
        assert_eq!(kind(Method::GET, "/oauth/authorize").class, Class::Page);
        assert_eq!(kind(Method::POST, "/users/a/inbox").class, Class::Federation);
        assert_eq!(kind(Method::GET, "/emojis/dassie").class, Class::Federation);
        assert_eq!(kind(Method::POST, "/admin/emoji").class, Class::FileForm);
        assert_eq!(kind(Method::PATCH, "/api/v1/accounts/update_credentials").class, Class::Pictures);
        assert_eq!(kind(Method::PATCH, "/api/v1/profile").class, Class::Pictures);
        assert_eq!(kind(Method::POST, "/api/v1/statuses").class, Class::Api);
        assert_eq!(kind(Method::GET, "/@a/1").class, Class::Page);
        assert_eq!(kind(Method::GET, "/.well-known/webfinger").class, Class::Discovery);
        assert_eq!(kind(Method::GET, "/api").class, Class::Page);
    }
}
