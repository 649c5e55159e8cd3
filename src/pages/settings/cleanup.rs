//! Automatic deletion of one's old posts.

use super::{
    super::draw::{Found, draw},
    Outcome, answered, number, outcome,
};
use crate::{
    clock,
    error::{Error, Result},
    http::visit::{Form, Member, Visit},
    server::Server,
    status::cleanup,
};
use axum::{extract::State, response::Response};
use storage::{AccountId, cleanup::CleanupPolicy};
use web::page::settings::cleanup as page;

const PATH: &str = "/settings/cleanup";

/// What was typed: the policy, and the two numbers as they stood there.
#[derive(Clone)]
struct Typed {
    policy: CleanupPolicy,
    favourites: String,
    reblogs: String,
}

/// `GET /settings/cleanup`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None, None).await
}

/// `POST /settings/cleanup`: keeps it, or only says how many posts would go.
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, typed) = (form.account, typed(&form));
    let count = |field| number::<u32>(&form, field);
    let counts = count("min_favourites").and_then(|favourites| Ok((favourites, count("min_reblogs")?)));
    let policy =
        counts.map(|(min_favourites, min_reblogs)| CleanupPolicy { min_favourites, min_reblogs, ..typed.policy });
    let policy = match policy {
        Ok(policy) => policy,
        Err(Error::Invalid { why, .. }) => return drawn(&server, &form.visit, own, Some(typed), Some(why)).await,
        Err(error) => return Err(error),
    };
    let typed = Typed { policy, ..typed };
    if form.text("do") == "preview" {
        return drawn(&server, &form.visit, own, Some(typed), None).await;
    }
    let result = server.write(move |tx| cleanup::set(tx, own, policy)).await;
    match outcome(&server, PATH, "notice-saved", result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, own, Some(typed), Some(why)).await,
    }
}

fn typed(form: &Form) -> Typed {
    let on = |field: &str| form.params.bool(field) == Some(true);
    let policy = CleanupPolicy {
        enabled: on("enabled"),
        // None of those that can be chosen: the rule says so.
        age_days: form.text("age_days").parse().unwrap_or(0),
        keep_direct: on("keep_direct"),
        keep_pinned: on("keep_pinned"),
        keep_polls: on("keep_polls"),
        keep_media: on("keep_media"),
        keep_favourited: on("keep_favourited"),
        keep_bookmarked: on("keep_bookmarked"),
        min_favourites: None,
        min_reblogs: None,
    };
    Typed { policy, favourites: form.text("min_favourites").to_owned(), reblogs: form.text("min_reblogs").to_owned() }
}

/// The page with what is kept, or what was typed; and how many posts would go by it.
async fn drawn(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    typed: Option<Typed>,
    problem: Option<String>,
) -> Result<Response> {
    let (said, now) = (problem.clone(), server.now());
    let shown = draw(server, visit, move |context, site| {
        let known = cleanup::find(context.read, own)?;
        let number = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
        let kept = known.map(|known| known.policy).unwrap_or_default();
        let Typed { policy, favourites, reblogs } = typed.unwrap_or_else(|| Typed {
            policy: kept,
            favourites: number(kept.min_favourites),
            reblogs: number(kept.min_reblogs),
        });
        let countable = problem.is_none() && cleanup::AGES.contains(&policy.age_days);
        let shown = page::Cleanup {
            enabled: policy.enabled,
            age_days: policy.age_days,
            keep_direct: policy.keep_direct,
            keep_pinned: policy.keep_pinned,
            keep_polls: policy.keep_polls,
            keep_media: policy.keep_media,
            keep_favourited: policy.keep_favourited,
            keep_bookmarked: policy.keep_bookmarked,
            min_favourites: favourites,
            min_reblogs: reblogs,
            would_go: countable.then(|| cleanup::preview(context.read, own, &policy, now)).transpose()?,
            gone: known.map_or(0, |known| known.removed),
            passed_at: known.and_then(|known| known.passed_at).map(clock::iso),
            under_way: known.is_some_and(|known| known.behind.is_some()),
        };
        Ok(Found::Page(page::cleanup(site, &shown, problem.as_deref())))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
