//! Dassie in the lab: the real binary, people on it, and what their apps do and see.

use crate::{
    binary::{self, Running, ask, command},
    matrix::{Outcome, until},
    sign_in::{self, Browser, fields_of},
    web::{Reply, form},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::Write,
    net::{SocketAddr, TcpListener},
    process::Stdio,
};
use tempfile::TempDir;

const BOUNDARY: &str = "of-the-lab";

/// The server.
pub(crate) struct House {
    data: TempDir,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    running: Option<Running>,
}

/// Somebody on it, seen through an app.
pub(crate) struct Person {
    /// The account's name.
    pub(crate) name: String,
    /// The account's id in the client API.
    pub(crate) id: String,
    /// The actor's id.
    pub(crate) uri: String,
    /// name@host.
    pub(crate) handle: String,
    /// Host with port of the server.
    pub(crate) host: String,
    token: String,
    address: SocketAddr,
}

fn password(name: &str) -> String {
    format!("correct horse {name}")
}

impl House {
    /// A fresh server; the first of the people owns it.
    pub(crate) fn open(people: &[&str]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let data = TempDir::new().expect("a directory");
        for (place, name) in people.iter().enumerate() {
            let role = if place == 0 { "owner" } else { "user" };
            let mut adding = command("redb", data.path())
                .args(["user", "add", name, "--email", &format!("{name}@example.org"), "--password-stdin"])
                .args(["--role", role, "--data"])
                .arg(data.path())
                .stdin(Stdio::piped())
                .spawn()
                .expect("the binary starts");
            adding.stdin.take().expect("a pipe").write_all(password(name).as_bytes()).expect("written");
            let added = adding.wait_with_output().expect("it ends");
            assert!(added.status.success(), "user add {name}: {}", String::from_utf8_lossy(&added.stderr));
        }
        let running = Some(binary::serve("redb", data.path(), address));
        House { data, address, running }
    }

    /// Host with port.
    pub(crate) fn host(&self) -> String {
        format!("localhost:{}", self.address.port())
    }

    /// Signs somebody in.
    pub(crate) fn person(&self, name: &str, scopes: &str) -> Person {
        let token = sign_in::token_for(self.address, &self.host(), name, &password(name), scopes);
        Person::with(name, &format!("http://{}/users/{name}", self.host()), &self.host(), self.address, token)
    }

    /// A browser in which somebody is signed in.
    fn browser(&self, name: &str) -> Browser {
        let mut browser = Browser { address: self.address, host: self.host(), cookies: BTreeMap::new() };
        let mut fields = fields_of(&browser.get("/auth/sign_in").text(), "/auth/sign_in");
        fields.extend([("login".to_owned(), name.to_owned()), ("password".to_owned(), password(name))]);
        let signed_in = browser.post_owned("/auth/sign_in", &fields);
        assert!(matches!(signed_in.status, 302 | 303), "sign-in: {} {}", signed_in.status, signed_in.text());
        browser
    }

    /// A page as somebody who is signed in sees it.
    pub(crate) fn page(&self, name: &str, path: &str) -> String {
        self.browser(name).get(path).text()
    }

    /// What somebody chooses in a form on a page of their settings, sent as a browser sends it.
    pub(crate) fn chooses(&self, name: &str, path: &str, chosen: &[(&str, &str)]) {
        let mut browser = self.browser(name);
        let mut fields = fields_of(&browser.get(path).text(), path);
        fields.extend(chosen.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let kept = browser.post_owned(path, &fields);
        assert_eq!(kept.status, 303, "{path}: {}", kept.text());
    }

    /// Somebody adds an emoji of the server's own by its page, sent as a browser sends it.
    pub(crate) fn adds_emoji(&self, name: &str, shortcode: &str, png: &[u8]) {
        const PAGE: &str = "/admin/emoji";
        let mut browser = self.browser(name);
        let mut fields = fields_of(&browser.get(PAGE).text(), PAGE);
        let typed = [("shortcode", shortcode), ("category", ""), ("do", "add")];
        fields.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let body = multipart(&fields, "image", png);
        let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "POST {PAGE} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept: text/html\r\nCookie: {}\r\n\
             Connection: close\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
            cookies.join("; "),
            body.len(),
            host = self.host(),
        );
        let added = ask(self.address, &[head.as_bytes(), &body].concat()).expect("an answer");
        assert_eq!(added.status, 303, "{PAGE}: {}", added.text());
    }

    /// A command on the running server.
    pub(crate) fn command(&self, arguments: &[&str]) -> Outcome {
        self.says(arguments).map(drop)
    }

    /// The same, and what it prints.
    pub(crate) fn says(&self, arguments: &[&str]) -> Outcome<String> {
        let ran = command("redb", self.data.path()).args(arguments).arg("--data").arg(self.data.path()).output();
        let ran = ran.map_err(|error| error.to_string())?;
        match ran.status.success() {
            true => Ok(String::from_utf8_lossy(&ran.stdout).into_owned()),
            false => Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr))),
        }
    }

    /// Stops it politely.
    pub(crate) fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    /// Starts it again.
    pub(crate) fn start(&mut self) {
        self.running = Some(binary::serve("redb", self.data.path(), self.address));
    }

    /// The last lines of its log.
    pub(crate) fn log(&self) -> String {
        binary::tail(&self.data.path().join("serve.log"))
    }
}

impl Person {
    /// Whoever a token is of.
    pub(crate) fn with(name: &str, uri: &str, host: &str, address: SocketAddr, token: String) -> Self {
        let (handle, host) = (format!("{name}@{host}"), host.to_owned());
        let mut person =
            Person { name: name.to_owned(), id: String::new(), uri: uri.to_owned(), handle, host, token, address };
        person.id = text(&person.get("/api/v1/accounts/verify_credentials").expect("the account"), "id");
        person
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Outcome<Reply> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.host,
            self.token,
            body.len()
        );
        ask(self.address, &[head.as_bytes(), body].concat()).ok_or_else(|| format!("{method} {path}: no answer"))
    }

    fn call(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        let reply = self.send(method, path, "application/x-www-form-urlencoded", form(fields).as_bytes())?;
        answered(method, path, &reply)
    }

    /// GET.
    pub(crate) fn get(&self, path: &str) -> Outcome<Value> {
        self.call("GET", path, &[])
    }

    /// POST.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        self.call("POST", path, fields)
    }

    /// PUT.
    pub(crate) fn put(&self, path: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        self.call("PUT", path, fields)
    }

    /// DELETE.
    pub(crate) fn delete(&self, path: &str) -> Outcome<Value> {
        self.call("DELETE", path, &[])
    }

    /// Wants to approve followers.
    pub(crate) fn locks_up(&self) -> Outcome {
        self.call("PATCH", "/api/v1/accounts/update_credentials", &[("locked", "true")]).map(drop)
    }

    /// What a GET answers, whatever it is.
    pub(crate) fn status_of(&self, path: &str) -> Outcome<Reply> {
        self.send("GET", path, "text/plain", b"")
    }

    /// Uploads a picture; its id.
    pub(crate) fn uploads(&self, png: &[u8], description: &str) -> Outcome<String> {
        let body = multipart(&[("description".to_owned(), description.to_owned())], "file", png);
        let reply = self.send("POST", "/api/v2/media", &format!("multipart/form-data; boundary={BOUNDARY}"), &body)?;
        let made = answered("POST", "/api/v2/media", &reply)?;
        let id = text(&made, "id");
        if made["url"].is_null() {
            let path = format!("/api/v1/media/{id}");
            until("the picture to be ready", || Ok((self.status_of(&path)?.status == 200).then_some(())))?;
        }
        Ok(id)
    }

    /// Posts something.
    pub(crate) fn posts(&self, status: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        self.post("/api/v1/statuses", &[&[("status", status)], fields].concat())
    }

    /// The account of an actor elsewhere.
    pub(crate) fn finds(&self, who: &str) -> Outcome<Value> {
        self.searches(who, "accounts")
    }

    /// The status of an id elsewhere.
    pub(crate) fn finds_status(&self, uri: &str) -> Outcome<Value> {
        self.searches(uri, "statuses")
    }

    fn searches(&self, what: &str, kind: &str) -> Outcome<Value> {
        let query = form(&[("q", what), ("resolve", "true"), ("type", kind)]);
        let found = self.get(&format!("/api/v2/search?{query}"))?;
        found[kind].get(0).cloned().ok_or_else(|| format!("{what} is not found: {found}"))
    }

    /// The relationship with an account.
    pub(crate) fn relationship(&self, account: &str) -> Outcome<Value> {
        Ok(self.get(&format!("/api/v1/accounts/relationships?id[]={account}"))?[0].clone())
    }

    /// Waits until the relationship with an account is as it should be.
    pub(crate) fn relates(&self, account: &str, what: &str, wanted: bool) -> Outcome {
        until(&format!("{what} to be {wanted} between {} and {account}", self.name), || {
            Ok((self.relationship(account)?[what] == wanted).then_some(()))
        })
    }

    /// Waits for a status with this uri at home.
    pub(crate) fn sees_at_home(&self, uri: &str) -> Outcome<Value> {
        self.waits_for("/api/v1/timelines/home?limit=40", uri, |found| found["uri"] == uri)
    }

    /// Waits for a notification about a status with this uri.
    pub(crate) fn is_told(&self, kind: &str, uri: &str) -> Outcome<Value> {
        let path = format!("/api/v1/notifications?limit=40&types[]={kind}");
        self.waits_for(&path, uri, |found| found["type"] == kind && found["status"]["uri"] == uri)
    }

    /// Waits for something in a list.
    pub(crate) fn waits_for(&self, path: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Outcome<Value> {
        until(&format!("{what} in {path}"), || {
            let list = self.get(path)?;
            Ok(list.as_array().and_then(|list| list.iter().find(|one| fits(one)).cloned()))
        })
    }

    /// Waits until something reads as it should.
    pub(crate) fn reads(&self, path: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Outcome<Value> {
        until(&format!("{what} of {path}"), || Ok(Some(self.get(path)?).filter(|found| fits(found))))
    }

    /// Waits until something is not there any more.
    pub(crate) fn misses(&self, path: &str) -> Outcome {
        let mut last = String::new();
        let gone = until(&format!("{path} to be gone"), || {
            let reply = self.status_of(path)?;
            last = reply.text();
            Ok(matches!(reply.status, 404 | 410).then_some(()))
        });
        gone.map_err(|why| format!("{why}: {last}"))
    }
}

/// The body of a form with a picture.
fn multipart(fields: &[(String, String)], picture: &str, png: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            .expect("a vector takes it");
    }
    write!(
        body,
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{picture}\"; filename=\"a.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .expect("a vector takes it");
    [body.as_slice(), png, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

fn answered(method: &str, path: &str, reply: &Reply) -> Outcome<Value> {
    match reply.status {
        200..=299 => Ok(reply.json()),
        status => Err(format!("{method} {path}: {status} {}", reply.text())),
    }
}

/// A text of a document; empty if there is none.
pub(crate) fn text(document: &Value, member: &str) -> String {
    document[member].as_str().unwrap_or_default().to_owned()
}

/// A picture.
pub(crate) fn two_pixels() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(2, 1).write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}
