//! What a word that somebody has begun to type may become: people, hashtags, emoji; for the script of the composer.

use crate::{
    emoji::{
        self,
        own::{self, Own},
    },
    error::Result,
    http::{Json, Params, answer, visit::Member},
    intake::search::{Asked, Kind, search},
    limits,
    server::Server,
    timeline::Window,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header::CACHE_CONTROL};
use serde::Serialize;
use storage::{Bounds, Direction};

/// What may stand there instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Completion {
    /// What is put in.
    text: String,
    /// What it is, for people.
    name: String,
    /// The path of its picture, which stands still, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
}

/// `GET /complete?q=@ad`, `#ev`, `:smi`
pub(super) async fn complete(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let typed = params.str("q").unwrap_or_default().trim();
    let most = limits::COMPLETIONS_SHOWN;
    let asked = |kind, text: &str| Asked {
        text: text.to_owned(),
        kind,
        resolve: false,
        following: false,
        account: None,
        window: Window { bounds: Bounds::NONE, direction: Direction::Descending, limit: most },
        offset: 0,
    };
    let found: Vec<Completion> = match typed.split_at_checked(1) {
        Some(("@", name)) if !name.is_empty() => {
            let found = search(&server, Some(member.account), asked(Kind::Accounts, name)).await?;
            let shown = found.accounts.iter().map(|account| Completion {
                text: format!("@{}", account.acct),
                name: if account.display_name.is_empty() { &account.username } else { &account.display_name }.clone(),
                picture: None,
            });
            shown.collect()
        }
        Some(("#", name)) if !name.is_empty() => {
            let found = search(&server, Some(member.account), asked(Kind::Hashtags, name)).await?;
            let tags = found.hashtags.iter();
            let shown =
                tags.map(|tag| Completion { text: format!("#{}", tag.name), name: tag.name.clone(), picture: None });
            shown.collect()
        }
        Some((":", name)) if !name.is_empty() => {
            let mut found = own_emoji(&server, name.to_owned(), most).await?;
            let others = emoji::named(name, most);
            // Half of the room is for either, and what the other does not need.
            found.truncate((most / 2).max(most.saturating_sub(others.len())));
            let room = most.saturating_sub(found.len());
            found.extend(others.into_iter().take(room).map(|(text, name)| Completion {
                text: text.to_owned(),
                name: name.to_owned(),
                picture: None,
            }));
            found
        }
        _ => Vec::new(),
    };
    let mut response = Json(found).into_response();
    if typed.starts_with(':') {
        // The same for everybody, until another one is made here, which may show a little later.
        response.headers_mut().insert(CACHE_CONTROL, EMOJI_KEPT);
    } else {
        answer::uncached(response.headers_mut());
    }
    Ok(response)
}

/// How long a browser keeps what emoji are called: a minute.
const EMOJI_KEPT: HeaderValue = HeaderValue::from_static("private, max-age=60");

/// Emoji of this server's own whose shortcode begins so, or holds it.
async fn own_emoji(server: &Server, begun: String, most: usize) -> Result<Vec<Completion>> {
    let completion = |(shortcode, emoji): Own| Completion {
        text: format!(":{shortcode}:"),
        picture: Some(emoji.still.unwrap_or(emoji.file).path()),
        name: shortcode,
    };
    server.read(move |view| Ok(own::begun(view, &begun, most)?.into_iter().map(completion).collect())).await
}
