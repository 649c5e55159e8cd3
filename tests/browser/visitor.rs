//! Somebody with a browser that keeps cookies and sends forms, over plain sockets.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A visitor with its cookies.
pub(crate) struct Visitor {
    address: SocketAddr,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The values of a header, however often it is there.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    /// A header that must be there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    /// The value of a hidden field of its form.
    pub(crate) fn hidden(&self, name: &str) -> &str {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        rest.split('"').next().unwrap_or_default()
    }

    /// A text between two others.
    pub(crate) fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) = self.body.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.body));
        rest.split(after).next().unwrap_or_default()
    }
}

impl Visitor {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Visitor { address, host: format!("localhost:{}", address.port()), cookies: BTreeMap::new() }
    }

    /// Keeps a cookie, as the script of a page does.
    pub(crate) fn keep(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Looks at a page, or whatever else `path` is.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.get_as(path, "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    /// The same with another `Accept`.
    pub(crate) fn get_as(&mut self, path: &str, accept: &str) -> Answer {
        self.send("GET", path, &[("Accept", accept)], "")
    }

    /// Sends a form.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, &[("Accept", "text/html"), ("Content-Type", FORM)], &urlencoded(fields))
    }

    /// Sends a form of another encoding, with a file perhaps.
    pub(crate) fn send_form(&mut self, path: &str, kind: &str, body: &[u8]) -> Answer {
        self.exchange("POST", path, &[("Accept", "text/html"), ("Content-Type", kind)], body)
    }

    /// Sends a form as a page of another site does.
    pub(crate) fn send_from(&mut self, origin: &str, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[("Accept", "text/html"), ("Content-Type", FORM), ("Origin", origin)], body)
    }

    /// Sends a form as the script of a page does.
    pub(crate) fn send_in_place(&mut self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[("Accept", "text/html"), ("Content-Type", FORM), ("X-In-Place", "1")], body)
    }

    /// Looks at a page with languages one would rather read.
    pub(crate) fn get_in(&mut self, path: &str, languages: &str) -> Answer {
        self.send("GET", path, &[("Accept", "text/html"), ("Accept-Language", languages)], "")
    }

    /// The same for whoever has it already, under this tag.
    pub(crate) fn get_knowing(&mut self, path: &str, tag: &str) -> Answer {
        self.send("GET", path, &[("Accept", "text/css,*/*;q=0.1"), ("If-None-Match", tag)], "")
    }

    /// Looks at a page over a line that is slow or dear.
    pub(crate) fn get_saving(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("Accept", "text/html"), ("Save-Data", "on")], "")
    }

    /// Calls the client API as an application.
    pub(crate) fn call(&mut self, method: &str, path: &str, token: &str, fields: &[(&str, &str)]) -> serde_json::Value {
        let answer = self.calls(method, path, token, fields);
        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The same, whatever the answer is.
    pub(crate) fn calls(&mut self, method: &str, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(method, path, &[("Authorization", &bearer), ("Content-Type", FORM)], &urlencoded(fields))
    }

    /// Sends what another server would.
    pub(crate) fn delivers(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.exchange("POST", path, headers, body)
    }

    /// A call with any body.
    pub(crate) fn send_bytes(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        kind: &str,
        body: &[u8],
    ) -> serde_json::Value {
        let bearer = format!("Bearer {token}");
        let answer = self.exchange(method, path, &[("Authorization", &bearer), ("Content-Type", kind)], body);
        assert_eq!(answer.status, 200, "{method} {path}: {answer:?}");
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.exchange(method, path, headers, body.as_bytes())
    }

    fn exchange(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut socket = TcpStream::connect(self.address).expect("the server listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\nCookie: {}\r\n",
            self.host,
            body.len(),
            cookies.join("; ")
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        socket.write_all(&[request.as_bytes(), body].concat()).expect("the request is sent");
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).expect("the answer is read");
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        for cookie in answer.all("set-cookie") {
            if let Some((name, value)) = cookie.split(';').next().unwrap_or_default().split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Fields as a browser sends them (WHATWG URL, urlencoded serializing).
pub(crate) fn urlencoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
