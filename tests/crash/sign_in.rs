//! Signing in as apps do: register, the sign-in and approval pages without JavaScript, the code, the token.

use crate::{
    binary::ask,
    web::{Reply, form},
};
use std::{collections::BTreeMap, net::SocketAddr};

const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// A token for everything that people do, got with name and password.
pub(crate) fn token(address: SocketAddr, host: &str, login: &str, password: &str) -> String {
    token_for(address, host, login, password, "read write follow")
}

/// The same for scopes that one names.
pub(crate) fn token_for(address: SocketAddr, host: &str, login: &str, password: &str, scopes: &str) -> String {
    let mut browser = Browser { address, host: host.to_owned(), cookies: BTreeMap::new() };
    let app =
        browser.post("/api/v1/apps", &[("client_name", "drill"), ("redirect_uris", OUT_OF_BAND), ("scopes", scopes)]);
    assert_eq!(app.status, 200, "apps: {}", app.text());
    let app = app.json();
    let (id, secret) = (app["client_id"].as_str().expect("an id"), app["client_secret"].as_str().expect("a secret"));
    let query = form(&[("response_type", "code"), ("client_id", id), ("redirect_uri", OUT_OF_BAND), ("scope", scopes)]);
    let authorize = format!("/oauth/authorize?{query}");
    let page = browser.get(&authorize);
    assert_eq!(page.status, 200, "authorize: {}", page.text());
    let mut fields = fields_of(&page.text(), "/auth/sign_in");
    fields.push(("login".to_owned(), login.to_owned()));
    fields.push(("password".to_owned(), password.to_owned()));
    let signed_in = browser.post_owned("/auth/sign_in", &fields);
    assert!(matches!(signed_in.status, 302 | 303), "sign-in: {} {}", signed_in.status, signed_in.text());
    let page = browser.get(signed_in.header("location").unwrap_or(&authorize));
    let mut fields = fields_of(&page.text(), "/oauth/authorize");
    fields.push(("decision".to_owned(), "approve".to_owned()));
    let approved = browser.post_owned("/oauth/authorize", &fields);
    let to = approved.header("location").unwrap_or_else(|| panic!("approval: {} {}", approved.status, approved.text()));
    let query = to.split_once('?').expect("a code").1.to_owned();
    let code =
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let token = browser.post(
        "/oauth/token",
        &[
            ("grant_type", "authorization_code"),
            ("client_id", id),
            ("client_secret", secret),
            ("redirect_uri", OUT_OF_BAND),
            ("code", &code),
        ],
    );
    assert_eq!(token.status, 200, "token: {}", token.text());
    token.json()["access_token"].as_str().expect("a token").to_owned()
}

/// A browser that keeps cookies and runs no scripts.
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    pub(crate) host: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, "")
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send("POST", path, &form(fields))
    }

    pub(crate) fn post_owned(&mut self, path: &str, fields: &[(String, String)]) -> Reply {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(path, &fields)
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept: text/html\r\nCookie: {}\r\n\
             Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len(),
            host = self.host,
        );
        let reply = ask(self.address, request.as_bytes()).unwrap_or_else(|| panic!("{method} {path}: no answer"));
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }
}

/// The hidden fields of the form that goes to `action`.
pub(crate) fn fields_of(page: &str, action: &str) -> Vec<(String, String)> {
    let start = page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form to {action}: {page}"));
    let form = &page[start..];
    let form = &form[..form.find("</form>").unwrap_or(form.len())];
    form.split("<input")
        .filter(|input| input.contains("type=\"hidden\""))
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    let value = rest.split_once('"')?.0;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_fields_of_the_right_form_are_found() {
        let page = r#"<form action="/a"><input type="hidden" name="x" value="1"></form><form method="post" action="/b"><input type="hidden" name="y" value="a&amp;b"><input name="z"></form>"#;
        assert_eq!(fields_of(page, "/b"), [("y".to_owned(), "a&b".to_owned())]);
    }
}
