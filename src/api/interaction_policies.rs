//! Who may do what with statuses: the policies of new ones (GoToSocial, interaction_policies).

use super::draw::draw;
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, value::Map},
    present::interaction::groups_named,
    server::Server,
};
use axum::{Router, extract::State, routing::get};
use storage::{
    interaction::{self, InteractionPolicy, Rule},
    quote::Groups,
    status::Visibility,
};
use web::entity::InteractionDefaults;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/interaction_policies/defaults", get(defaults).patch(change))
}

async fn defaults(State(server): State<Server>, viewer: Viewer) -> Result<Json<InteractionDefaults>> {
    viewer.require("read:accounts")?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.interaction_defaults(own)).await.map(Json)
}

/// A visibility that is left out goes back to what everybody may.
async fn change(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<InteractionDefaults>> {
    viewer.require("write:accounts")?;
    let own = viewer.account;
    let named = [
        ("public", Visibility::Public),
        ("unlisted", Visibility::Unlisted),
        ("private", Visibility::Private),
        ("direct", Visibility::Direct),
    ];
    let mut changed = Vec::with_capacity(named.len());
    for (name, visibility) in named {
        changed.push((visibility, policy(&params, name)?.unwrap_or_default()));
    }
    let rule = move |tx: &mut storage::Tx<'_>| {
        for (visibility, policy) in &changed {
            interaction::put_default(tx, own, *visibility, *policy);
        }
        Ok(())
    };
    server.write(rule).await?;
    draw(&server, Some(own), move |context| context.interaction_defaults(own)).await.map(Json)
}

/// The policy a request gives under `name`; a thing that is left out everybody may.
pub(super) fn policy(params: &Map, name: &'static str) -> Result<Option<InteractionPolicy>> {
    let Some(given) = params.map(name) else { return Ok(None) };
    let rule = |thing: &str| given.map(thing).map_or_else(|| Ok(Rule::default()), |part| rule(part, name));
    Ok(Some(InteractionPolicy {
        favourite: rule("can_favourite")?,
        reply: rule("can_reply")?,
        reblog: rule("can_reblog")?,
    }))
}

/// Who may do one thing; nobody said at all is everybody.
fn rule(part: &Map, name: &'static str) -> Result<Rule> {
    let groups = |words: [&'static str; 2]| -> Result<Option<Groups>> {
        let Some(word) = words.into_iter().find(|word| part.has(word)) else { return Ok(None) };
        let mut groups = Groups::NOBODY;
        for word in part.texts(word) {
            let unknown =
                || Error::invalid(name, "a group is not one of public, followers, following, mentioned, author, me");
            groups = groups.with(groups_named(word).ok_or_else(unknown)?);
        }
        Ok(Some(groups))
    };
    let automatic = groups(["automatic_approval", "always"])?;
    let manual = groups(["manual_approval", "with_approval"])?;
    Ok(match (automatic, manual) {
        (None, None) => Rule::default(),
        (automatic, manual) => Rule { automatic: automatic.unwrap_or_default(), manual: manual.unwrap_or_default() },
    })
}
