//! A browser without JavaScript: cookies, and forms filled in as they stand on the page.

use crate::web::{Reply, Web, form};
use std::collections::BTreeMap;
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// A browser.
pub struct Browser {
    web: Web,
    cookies: BTreeMap<String, String>,
}

/// A form of a page: where it goes, and its hidden fields.
#[derive(Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The form of `page` that goes to `action`.
    pub fn on(page: &Reply, action: &str) -> Self {
        let text = page.text();
        let start =
            text.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form for {action}: {text}"));
        let inside = text[start..].split("</form>").next().unwrap_or_default();
        let hidden = inside.split("<input").filter(|input| input.contains("type=\"hidden\""));
        let fields = hidden.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect();
        Form { action: action.to_owned(), fields }
    }

    /// The same with a field filled in, whatever it held.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut form = self.without(name);
        form.fields.push((name.to_owned(), value.to_owned()));
        form
    }

    /// The same without a field.
    pub fn without(&self, name: &str) -> Self {
        let fields = self.fields.iter().filter(|(known, _)| known != name).cloned().collect();
        Form { action: self.action.clone(), fields }
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let start = tag.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {tag}")) + name.len() + 3;
    let value = tag[start..].split('"').next().unwrap_or_default();
    value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

impl Browser {
    pub fn at(web: Web) -> Self {
        Browser { web, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    /// Sends a form with headers of one's own.
    pub async fn submit(&mut self, form: &Form, headers: &[(&str, &str)]) -> Reply {
        self.submit_by("POST", form, headers).await
    }

    /// The same with another method, as a script would.
    pub async fn submit_by(&mut self, method: &str, form: &Form, headers: &[(&str, &str)]) -> Reply {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let headers = [&[("content-type", crate::call::FORM)], headers].concat();
        self.send(method, &form.action, &headers, &crate::web::form(&fields)).await
    }

    /// Sends a form with files, as browsers do where there is a field for them.
    pub async fn upload(&mut self, form: &Form, files: &[(&str, &[u8])]) -> Reply {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (kind, body) = (crate::pictures::form_type(), crate::pictures::form(&fields, files));
        self.send_bytes("POST", &form.action, &[("content-type", &kind)], &body).await
    }

    /// Sends a form that works and goes where it leads.
    pub async fn follow(&mut self, form: &Form) -> Reply {
        let reply = self.submit(form, &[]).await;
        self.led_by(&reply).await
    }

    /// Goes where an answer leads.
    pub async fn led_by(&mut self, reply: &Reply) -> Reply {
        assert_eq!(reply.status, 303, "{}", reply.text());
        let location = reply.header("location").expect("a redirect").to_owned();
        self.get(&location).await
    }

    /// Goes on at another address, as after a restart.
    pub fn at_again(&mut self, web: Web) {
        self.web = web;
    }

    async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.send_bytes(method, path, headers, body.as_bytes()).await
    }

    async fn send_bytes(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let cookies = self.cookies();
        let mut headers = headers.to_vec();
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        let reply = self.web.send(method, path, &headers, body).await;
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        reply
    }

    /// Asks for what goes on for as long as both sides want; the connection it comes on.
    pub async fn listens(&self, path: &str) -> TcpStream {
        let mut stream = self.web.connect().await;
        let head = format!("GET {path} HTTP/1.1\r\nHost: home.test\r\nCookie: {}\r\n\r\n", self.cookies());
        stream.write_all(head.as_bytes()).await.expect("the server reads");
        stream
    }

    fn cookies(&self) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    /// Forgets who is signed in.
    pub fn forget(&mut self) {
        self.cookies.clear();
    }
}

/// A path with parameters.
pub fn with(path: &str, parameters: &[(&str, &str)]) -> String {
    format!("{path}?{}", form(parameters))
}

/// A parameter of the address an answer redirects to.
pub fn redirected(reply: &Reply, parameter: &str) -> Option<String> {
    let location = reply.header("location").unwrap_or_else(|| panic!("no redirect: {} {}", reply.status, reply.text()));
    let query = location.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == parameter)
        .map(|(_, value)| value.into_owned())
}
