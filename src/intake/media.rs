//! A picture that somebody sends, and what they say of it (client API, media).

use crate::{
    error::{Error, Result},
    events::Published,
    http::value::Map,
    media::{self, Upload, Words, picture},
    server::Server,
};
use std::time::Duration;
use storage::{
    AccountId, Event, MediaId,
    blob::Incoming,
    media::{Media, MediaState},
};
use tokio::sync::broadcast::{self, error::RecvError};

/// What a request says of a picture.
///
/// # Errors
/// `Invalid` for a focus that is none.
pub fn words(params: &Map) -> Result<Words> {
    let focus = params.str("focus").map(str::trim).filter(|text| !text.is_empty()).map(focus).transpose()?;
    Ok(Words { description: params.str("description").map(str::to_owned), focus })
}

/// `x,y`, each from -1 to 1; beyond that is the edge.
fn focus(text: &str) -> Result<(i32, i32)> {
    let part = |text: &str| text.trim().parse::<f64>().ok().filter(|part| part.is_finite());
    let thousandths = |part: f64| (part.clamp(-1.0, 1.0) * 1000.0).round() as i32;
    match text.split_once(',').map(|(x, y)| (part(x), part(y))) {
        Some((Some(x), Some(y))) => Ok((thousandths(x), thousandths(y))),
        _ => Err(Error::invalid("focus", "focus is not two numbers with a comma between them")),
    }
}

/// Makes the file durable, then the row that names it.
///
/// # Errors
/// `Invalid` for no file and for what is no picture; storage errors.
pub async fn accept(server: &Server, account: AccountId, file: Option<(u64, Incoming)>, words: Words) -> Result<Media> {
    let Some((number, incoming)) = file.filter(|(_, incoming)| incoming.bytes() > 0) else {
        return Err(Error::invalid("file", "File can't be blank"));
    };
    let received = server.on_disk(move || checked(incoming)).await?;
    let upload = Upload { account, number, words };
    let media = server.write(move |tx| media::accept(tx, &upload)).await;
    drop(received);
    if let Err(Error::Invalid { .. }) = &media {
        let files = server.files().clone();
        server.on_disk(move || Ok(files.forget_received(number)?)).await?;
    }
    media
}

/// Whether the first bytes are those of a picture; then the file is made durable.
fn checked(incoming: Incoming) -> Result<storage::blob::Received> {
    picture::require_kind(&incoming.head(16)?)?;
    Ok(incoming.finish()?)
}

/// Waits until an upload is processed, at most `ms`; whether it is.
pub async fn ended(server: &Server, mut events: broadcast::Receiver<Published>, media: MediaId, ms: u64) -> bool {
    let processed = async {
        loop {
            match events.recv().await {
                Ok(published) => {
                    if published.events.contains(&Event::MediaProcessed { media }) {
                        return true;
                    }
                }
                // What was missed may have been this one.
                Err(RecvError::Lagged(_)) => {
                    let look = server.read(move |view| Ok(storage::media::find(view, media)?)).await;
                    if !matches!(look, Ok(Some(Media { state: MediaState::Waiting(_), .. }))) {
                        return true;
                    }
                }
                Err(RecvError::Closed) => return false,
            }
        }
    };
    tokio::time::timeout(Duration::from_millis(ms), processed).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn focus_is_read_and_kept_inside() {
        assert_eq!(focus("0.5,-0.25").expect("readable"), (500, -250));
        assert_eq!(focus(" -3 , 1.0001 ").expect("readable"), (-1000, 1000));
        for bad in ["", "1", "a,b", "nan,0", "inf,0", "1,2,3"] {
            assert!(focus(bad).is_err(), "{bad}");
        }
    }
}
