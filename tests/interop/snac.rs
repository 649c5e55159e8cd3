//! A snac that one has built oneself: started, filled with people, seen through its client API.

use crate::{
    binary::{ask, tail, wait_for},
    house::Person,
    matrix::{Outcome, until},
    web::form,
};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::Write,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// The server.
pub(crate) struct Snac {
    program: PathBuf,
    data: TempDir,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    child: Option<Child>,
    /// Its name and version.
    pub(crate) version: String,
}

impl Snac {
    /// Makes its directory, over plain http, and starts it.
    pub(crate) fn open(program: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let data = TempDir::new().expect("a directory");
        let mut snac = Snac { program: program.to_owned(), data, address, child: None, version: "snac".to_owned() };
        let about = Command::new(program).output().expect("snac starts");
        let about = String::from_utf8_lossy(&about.stdout).into_owned();
        snac.version = about.split(" - ").next().unwrap_or("snac").to_owned();
        // What it asks for: address, port, host, prefix, contact.
        snac.answers(&["init"], &[], &format!("\n{}\n{}\n\n\n", address.port(), snac.host()));
        let settings = snac.place().join("server.json");
        let mut known: Value = serde_json::from_slice(&fs::read(&settings).expect("settings")).expect("JSON");
        known["protocol"] = json!("http");
        known["dbglevel"] = json!(1);
        known["queue_retry_minutes"] = json!(1);
        fs::write(&settings, known.to_string()).expect("written");
        // It takes an emoji for one with a picture only if that lies at https; nothing listens there.
        let emoji = json!({ ":lab:": format!("https://{}/lab.png", snac.host()) });
        fs::write(snac.place().join("emojis.json"), emoji.to_string()).expect("written");
        snac
    }

    fn place(&self) -> PathBuf {
        self.data.path().join("snac")
    }

    /// Host with port.
    pub(crate) fn host(&self) -> String {
        format!("snac.localhost:{}", self.address.port())
    }

    fn answers(&self, before: &[&str], after: &[&str], input: &str) -> String {
        let mut running = Command::new(&self.program)
            .args(before)
            .arg(self.place())
            .args(after)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("snac starts");
        running.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
        let ended = running.wait_with_output().expect("it ends");
        String::from_utf8_lossy(&ended.stdout).into_owned()
    }

    /// One of its commands.
    pub(crate) fn command(&self, command: &str, arguments: &[&str]) -> String {
        self.answers(&[command], arguments, "")
    }

    /// Makes somebody; the password.
    pub(crate) fn adds(&self, name: &str) -> String {
        let said = self.command("adduser", &[name]);
        let password = said.lines().find_map(|line| line.strip_prefix("User password is "));
        password.unwrap_or_else(|| panic!("no password: {said}")).trim().to_owned()
    }

    /// Signs somebody in.
    pub(crate) fn person(&self, name: &str, password: &str) -> Person {
        let body = form(&[("login", name), ("passwd", password)]);
        let request = format!(
            "POST /oauth/x-snac-get-token HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host(),
            body.len()
        );
        let token = ask(self.address, request.as_bytes()).expect("an answer").text();
        assert!(!token.contains('<'), "no token: {token}");
        Person::with(name, &format!("http://{}/{name}", self.host()), &self.host(), self.address, token)
    }

    /// Starts it, and waits until it answers.
    pub(crate) fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.data.path().join("log")).expect("a log");
        let child = Command::new(&self.program)
            .arg("httpd")
            .arg(self.place())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("snac starts");
        self.child = Some(child);
        let request =
            format!("GET /.well-known/nodeinfo HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host());
        wait_for("snac to answer", || ask(self.address, request.as_bytes()).filter(|reply| reply.status == 200));
    }

    /// Stops it.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself; what counts is that it is gone.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Gives somebody the keys of somebody else, and forgets the document that shows the old ones. It must not run.
    pub(crate) fn gives_keys(&self, of: &str, to: &str) {
        assert!(self.child.is_none(), "it runs");
        let keys = |name: &str| self.place().join("user").join(name).join("key.json");
        fs::copy(keys(of), keys(to)).expect("keys");
        let uri = format!("http://{}/{to}", self.host());
        for directory in fs::read_dir(self.place().join("object")).expect("its objects") {
            for file in fs::read_dir(directory.expect("a directory").path()).expect("its objects") {
                let path = file.expect("a file").path();
                let is_it = path.extension().is_some_and(|kind| kind == "json") && {
                    let document: Value = serde_json::from_slice(&fs::read(&path).expect("an object")).expect("JSON");
                    document["id"] == uri.as_str()
                };
                if is_it {
                    fs::remove_file(&path).expect("removed");
                }
            }
        }
    }

    /// What its log says until now.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.data.path().join("log")).expect("its log")).into_owned()
    }

    /// Waits until its log says something.
    pub(crate) fn notes(&self, what: &str) -> Outcome {
        until(&format!("{what:?} in its log"), || Ok(self.said().contains(what).then_some(())))
    }

    /// The last lines of its log.
    pub(crate) fn log(&self) -> String {
        tail(&self.data.path().join("log"))
    }
}

impl Drop for Snac {
    fn drop(&mut self) {
        self.stop();
    }
}
