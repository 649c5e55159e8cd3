//! `dassie state`: the state of the running server or standby, or that none runs.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
};
use crate::{
    clock::Clock,
    config::{Config, Flags},
    error::{Error, Result},
    http::starting::STARTING,
    limits, standby,
};
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Prints the state; fails if no server runs on this data directory.
pub(super) fn run(json: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let state = control::answer(&config, "state", &Request::State, |answer| match answer {
        Answer::State(state) => Some(state),
        _ => None,
    })?;
    let Some(state) = state else {
        if let Some(followed) = standby::looked_at(&config.data_dir, &Clock::System)? {
            if json {
                return say_json(&followed);
            }
            say(followed.to_string().trim_end());
            return Ok(());
        }
        let none = || format!("no server runs on {}", config.data_dir.display());
        return Err(Error::invalid("state", said_by_starting(config.listens_at()).unwrap_or_else(none)));
    };
    if json {
        return say_json(&state);
    }
    say(state.to_string().trim_end());
    Ok(())
}

/// What a server that is starting says where this one listens; `None` if there is none, or it speaks TLS.
fn said_by_starting(at: SocketAddr) -> Option<String> {
    let patience = Duration::from_secs(limits::STARTING_SECONDS);
    let asked = || {
        let mut stream = TcpStream::connect_timeout(&at, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(limits::STARTING_READ_BYTES).read_to_string(&mut answer)?;
        Ok::<_, io::Error>(answer)
    };
    // Where nobody answers nobody is starting.
    let answer = asked().ok()?;
    let (head, said) = answer.split_once("\r\n\r\n")?;
    (head.starts_with("HTTP/1.1 503 ") && said.starts_with(STARTING)).then(|| said.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{listen, starting};

    #[tokio::test]
    async fn a_server_that_is_starting_is_asked_where_it_listens() {
        let listener = listen::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("an address");
        let at = listener.local_addr().expect("it is bound");
        let asked = tokio::task::spawn_blocking(move || said_by_starting(at));
        let says = || Some(format!("{STARTING}: the log is replayed, 40 % done"));
        let said = starting::meanwhile(&listener, |_| false, says, asked).await.expect("it is asked");
        assert_eq!(said.as_deref(), Some("Dassie is starting: the log is replayed, 40 % done"));
        let asked = tokio::task::spawn_blocking(move || said_by_starting(at));
        let said = starting::meanwhile(&listener, |_| false, || None, asked).await.expect("it is asked");
        assert_eq!(said, None, "nothing is said where TLS is expected");
    }
}
