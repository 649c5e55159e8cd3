//! A small HTTP/1.1 client for tests: one connection a request, nothing followed, nothing hidden.

use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long a test waits for an answer before it calls it missing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// Where a test sends its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Web {
    address: SocketAddr,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Its status.
    pub(crate) status: u16,
    /// Header lines, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Its body, chunks put together.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {:?}", self.status, self.text()))
    }
}

impl Web {
    /// Requests go to this address.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Web { address }
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send("GET", path, headers, b"").await
    }

    /// Any request; `Host` and `Content-Length` are added unless given.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        let given = |name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if !given("host") {
            head.push_str(&format!("Host: {}\r\n", self.address));
        }
        if !given("content-length") && (method != "GET" || !body.is_empty()) {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let request = [head.as_bytes(), body].concat();
        let raw = self.raw(&request).await;
        parse(&raw).unwrap_or_else(|| panic!("{method} {path}: not an answer: {:?}", String::from_utf8_lossy(&raw)))
    }

    /// Sends bytes as they are and reads until the other side closes.
    pub(crate) async fn raw(&self, request: &[u8]) -> Vec<u8> {
        let (answer, closed) = self.raw_within(PATIENCE, request).await;
        assert!(closed, "no end of the answer in {PATIENCE:?}");
        answer
    }

    /// The same for a time: what has come by then, and whether the other side closed.
    pub(crate) async fn raw_within(&self, limit: Duration, request: &[u8]) -> (Vec<u8>, bool) {
        let mut answer = Vec::new();
        let exchange = async {
            let mut stream = TcpStream::connect(self.address).await.expect("the server listens");
            // A server may answer and close before it has read everything: the answer counts.
            let _ = stream.write_all(request).await;
            let _ = stream.read_to_end(&mut answer).await;
        };
        let closed = tokio::time::timeout(limit, exchange).await.is_ok();
        (answer, closed)
    }

    /// A connection to do as one likes with.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the server listens")
    }
}

/// Reads one answer of HTTP/1.1.
pub(crate) fn parse(raw: &[u8]) -> Option<Reply> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    if status < 200 {
        return parse(&raw[end + 4..]);
    }
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &raw[end + 4..];
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value.contains("chunked"));
    let body = if chunked { unchunk(rest)? } else { rest.to_vec() };
    Some(Reply { status, headers, body })
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// `name=value&…`, percent-encoded.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_and_interim_answers_skipped() {
        let raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n";
        let reply = parse(raw).expect("an answer");
        assert_eq!((reply.status, reply.text().as_str(), reply.header("x-a")), (200, "abcde", Some("b")));
    }
}
