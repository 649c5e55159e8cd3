//! Which domains another server blocks, as it tells everybody (client API, instance#domain_blocks).

use super::{finger, refuse_suspended, schemes};
use crate::{
    error::{Error, Result},
    federation::{address::Authority, client::AnswerLimits},
    limits,
    server::Server,
};
use bytes::Bytes;
use http::StatusCode;

/// What the server of `domain` answers, at most `limits::BLOCK_LIST_ANSWER_BYTES`; not read yet.
///
/// # Errors
/// `Invalid` for this server itself, and for one that does not show its list; `Remote` if it does not answer;
/// `Busy` if it may not be asked yet.
pub async fn published(server: &Server, domain: &str) -> Result<Bytes> {
    let refuse = |why: String| Error::invalid("block_list", why);
    if server.origin().is_own_domain(domain) {
        return Err(refuse(format!("{domain} is this server")));
    }
    refuse_suspended(server, domain).await?;
    let no_address = || refuse(format!("{domain} is no name of a server"));
    let authority = Authority::parse(domain).ok_or_else(no_address)?;
    let url = finger::at(&authority, "/api/v1/instance/domain_blocks", schemes(server))?;
    let _place = super::brought(server, authority.as_str(), url.as_str()).await?;
    let hosts = &server.outside().hosts;
    hosts.refuse_quiet(authority.as_str(), server.now())?;
    let bounds = AnswerLimits::bytes(limits::BLOCK_LIST_ANSWER_BYTES);
    let answer = server.client().get(&url, "application/json", bounds, server).await?;
    hosts.heed(authority.as_str(), &answer, server.now(), server.random());
    match answer.status {
        StatusCode::OK => Ok(answer.body),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE => {
            Err(refuse(format!("{domain} does not show which servers it blocks")))
        }
        status => Err(Error::remote(domain, format!("answered {status}"))),
    }
}
