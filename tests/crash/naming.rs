//! The first run as a newcomer has it: bare binary, one link, a name, an owner; and all of it there after `kill -9`.

use crate::{
    binary::{ask, command, tail, wait_for},
    sign_in::{Browser, fields_of},
    web::Reply,
};
use std::{
    collections::BTreeMap,
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// The process; ended when dropped.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself; what counts is that it is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the binary with nothing said but where it may listen, and where it cannot; its words go to `said`.
fn start(data: &Path, address: SocketAddr, busy: SocketAddr) -> Started {
    let log = File::options().create(true).append(true).open(said(data)).expect("a log");
    let child = Command::new(env!("CARGO_BIN_EXE_dassie"))
        .env_remove("DASSIE_DATA_DIR")
        .env("DASSIE_TLS__LISTEN", busy.to_string())
        .env("DASSIE_TLS__PLAIN_LISTEN", "off")
        .env("DASSIE_TLS__ACME_DIRECTORY", "https://localhost:1/directory")
        .args(["serve", "--lab", "--data"])
        .arg(data)
        .args(["--listen", &address.to_string()])
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log)
        .spawn()
        .expect("the binary starts");
    Started(child)
}

fn said(data: &Path) -> std::path::PathBuf {
    data.join("said.log")
}

fn browser(address: SocketAddr, host: &str) -> Browser {
    Browser { address, host: host.to_owned(), cookies: BTreeMap::new() }
}

/// Sends the form that goes to `action`, with what is typed into it.
fn send(browser: &mut Browser, page: &Reply, action: &str, typed: &[(&str, &str)]) -> Reply {
    let mut fields = fields_of(&page.text(), action);
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post_owned(action, &fields)
}

/// Whether the server answers as `host`.
fn answers_as(address: SocketAddr, host: &str) -> bool {
    let request = format!("GET /api/v1/instance HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    ask(address, request.as_bytes()).is_some_and(|reply| reply.status == 200 && reply.text().contains(host))
}

#[test]
fn server_gets_its_name_on_the_first_page_and_keeps_it_when_killed() {
    let data = TempDir::new().expect("a directory");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let busy = taken.local_addr().expect("an address");
    let running = start(data.path(), address, busy);
    let localhost = format!("localhost:{}", address.port());
    let link = wait_for("the link", || {
        let text = std::fs::read_to_string(said(data.path())).unwrap_or_default();
        let rest = text.split_once(&format!("http://{localhost}/first-run?code="))?.1;
        Some(rest.split_whitespace().next().expect("a code").to_owned())
    });
    let path = format!("/first-run?code={link}");
    let mut ada = browser(address, &localhost);
    let page = ada.get(&path);
    assert!(page.text().contains("What is this server called?"), "{}", page.text());

    // What is no name is refused with what was typed.
    let page = send(&mut ada, &page, "/first-run/name", &[("domain", "hill"), ("way", "proxy")]);
    assert_eq!(page.status, 422, "{}", page.text());
    assert!(page.text().contains("value=\"hill\"") && page.text().contains("no name that others could find"));

    // With TLS of its own the port is looked at, and nothing is changed where it cannot be had.
    let asked = send(&mut ada, &page, "/first-run/name", &[("domain", "hill.localhost.test"), ("way", "own")]);
    assert_eq!(asked.status, 303, "{}", asked.text());
    let page = wait_for("what was found", || Some(ada.get(&path)).filter(|page| !page.text().contains("Looking at")));
    assert!(
        page.text().contains("Not yet") && page.text().contains(&format!("Cannot listen on {busy}")),
        "{}",
        page.text()
    );
    assert!(page.text().contains("The certificate authority cannot be reached"), "{}", page.text());
    assert!(!page.text().contains("/first-run/name/take"));
    assert!(!data.path().join("dassie.toml").exists());
    let left = send(&mut ada, &page, "/first-run/name/leave", &[]);
    assert_eq!(left.status, 303);

    // Behind a proxy what cannot be told from here stands in nobody's way, least of all in a lab.
    let page = ada.get(&path);
    let asked = send(&mut ada, &page, "/first-run/name", &[("domain", "https://HILL.test/"), ("way", "proxy")]);
    assert_eq!(asked.status, 303, "{}", asked.text());
    let page = wait_for("what was found", || Some(ada.get(&path)).filter(|page| !page.text().contains("Looking at")));
    assert!(page.text().contains("hill.test leads nowhere yet"), "{}", page.text());
    let begun = send(&mut ada, &page, "/first-run/name/take", &[]);
    assert!(begun.text().contains(&format!("https://hill.test{path}")), "{}", begun.text());
    wait_for("the server to begin anew", || answers_as(address, "hill.test").then_some(()));
    assert_eq!(std::fs::read_to_string(data.path().join("dassie.toml")).expect("a file"), "domain = \"hill.test\"\n");

    // The same link goes on under the new name; https is the proxy's, which passes the origin on.
    let mut ada = browser(address, "hill.test");
    let page = ada.get(&path);
    assert!(page.text().contains("Make this server mine"), "{}", page.text());
    let typed = [("username", "ada"), ("email", ""), ("password", "correct horse battery")];
    let made = send(&mut ada, &page, "/first-run", &typed);
    assert_eq!(made.status, 303, "{}\n{}", made.text(), tail(&said(data.path())));
    assert!(ada.get("/@ada").text().contains("@ada@hill.test"));
    drop(running);

    let _again = start(data.path(), address, busy);
    wait_for("the server to be there again", || answers_as(address, "hill.test").then_some(()));
    assert_eq!(browser(address, "hill.test").get("/@ada").status, 200);
    assert_eq!(browser(address, "hill.test").get(&path).status, 404, "the link is gone");
}

#[test]
fn server_is_named_later_by_its_owner_and_what_was_written_leads_to_the_name() {
    let data = TempDir::new().expect("a directory");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let busy = taken.local_addr().expect("an address");
    let _running = start(data.path(), address, busy);
    let localhost = format!("localhost:{}", address.port());
    let code = wait_for("the link", || {
        let text = std::fs::read_to_string(said(data.path())).unwrap_or_default();
        let rest = text.split_once(&format!("http://{localhost}/first-run?code="))?.1;
        Some(rest.split_whitespace().next().expect("a code").to_owned())
    });
    let mut ada = browser(address, &localhost);
    // The port of TLS is held: the page says so, and proposes the way of a proxy.
    let page = ada.get(&format!("/first-run?code={code}")).text();
    assert!(page.contains(&format!("Port {} is held by another program", busy.port())), "{page}");
    assert!(page.contains("value=\"proxy\" checked"), "{page}");
    let page = ada.get(&format!("/first-run?step=you&code={code}"));
    let password = "correct horse battery";
    let typed = [("username", "ada"), ("email", ""), ("password", password)];
    assert_eq!(send(&mut ada, &page, "/first-run", &typed).status, 303);
    let page = ada.get("/compose");
    let posted = send(&mut ada, &page, "/compose", &[("status", "noon on the #rocks"), ("do", "post")]);
    let path = posted.header("location").unwrap_or_else(|| panic!("{}", posted.text())).to_owned();
    assert!(ada.get(&path).text().contains("#<span>rocks</span>"));
    let mut announce = command("redb", data.path());
    let told = announce.args(["announce", "Look at the #hyrax", "--data"]).arg(data.path()).output();
    let told = told.expect("the binary runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let page = ada.get("/home").text();
    assert!(page.contains(&format!("href=\"http://{localhost}/tags/hyrax\"")), "{page}");

    let page = ada.get("/settings/name");
    assert!(page.text().contains("What is this server called?"), "{}", page.text());
    let asked = send(&mut ada, &page, "/settings/name", &[("domain", "hill.test"), ("way", "proxy")]);
    assert_eq!(asked.status, 303, "{}", asked.text());
    let found = |ada: &mut Browser| Some(ada.get("/settings/name")).filter(|page| !page.text().contains("Looking at"));
    let page = wait_for("what was found", || found(&mut ada));
    let refused = send(&mut ada, &page, "/settings/name/take", &[("password", "wrong")]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let begun = send(&mut ada, &page, "/settings/name/take", &[("password", password)]);
    assert!(begun.text().contains("https://hill.test/home"), "{}", begun.text());
    wait_for("the server to begin anew", || answers_as(address, "hill.test").then_some(()));

    let mut guest = browser(address, "hill.test");
    let page = guest.get(&path).text();
    assert!(page.contains("noon on the") && !page.contains(&localhost), "{page}");
    let page = guest.get("/auth/sign_in?return_to=/settings/name");
    let entered = send(&mut guest, &page, "/auth/sign_in", &[("login", "ada"), ("password", password)]);
    assert_eq!(entered.status, 303, "{}\n{}", entered.text(), tail(&said(data.path())));
    let page = guest.get("/settings/name").text();
    assert!(page.contains("This server is called") && !page.contains("action=\"/settings/name\""), "{page}");
    let page = guest.get("/home").text();
    assert!(page.contains("href=\"https://hill.test/tags/hyrax\""), "what was announced, too: {page}");
}
