//! A whole server on `localhost`, as the browser sees it.

use crate::{made, visitor::Visitor};
use dassie::{
    config::Config,
    reach::{Lab, Reach},
    running::{Parts, Running},
    server::Server,
};
use serde_json::Value;
use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The password of the owner.
pub(crate) const PASSWORD: &str = "a rock in the evening sun";

/// A running server; it ends with its runtime, before its data go: fields are dropped in this order.
pub(crate) struct House {
    _runtime: Runtime,
    running: Running,
    data: TempDir,
}

impl House {
    /// A server nobody owns yet.
    pub(crate) fn open() -> Self {
        Self::reaching(Arc::default())
    }

    /// The same among others that `lab` knows.
    pub(crate) fn reaching(lab: Arc<Lab>) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let data = TempDir::new().expect("a directory");
        let mut config = Config::embedded(data.path(), None);
        // One address looks at everything many times.
        config.rates = false;
        let running = runtime.block_on(Server::start(config, Parts::of_system(Reach::Lab(lab)))).expect("it starts");
        House { _runtime: runtime, running, data }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        self.running.server.origin().url(path)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.running.address
    }

    /// The time there, in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.running.server.now().0
    }

    /// A place for files that nobody keeps; its data, too.
    pub(crate) fn scratch(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Makes another person here, by the command line, with the password of the owner.
    pub(crate) fn takes_in(&self, name: &str) {
        let mut adding = Command::new(env!("CARGO_BIN_EXE_dassie"))
            .args(["user", "add", name, "--email", &format!("{name}@rock.test"), "--password-stdin", "--data"])
            .arg(self.scratch())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        adding.stdin.take().expect("a pipe").write_all(PASSWORD.as_bytes()).expect("written");
        let added = adding.wait_with_output().expect("it ends");
        assert!(added.status.success(), "user add: {}", String::from_utf8_lossy(&added.stderr));
    }

    /// The one-time link.
    pub(crate) fn owner_link(&self) -> String {
        self.running.owner_link.clone().expect("nobody owns it yet")
    }

    /// A form sent by a program; without a token where none is needed.
    pub(crate) fn post(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Value {
        let mut program = Visitor::new(self.running.address);
        if !token.is_empty() {
            return program.call("POST", path, token, fields);
        }
        let answer = program.post(path, fields);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        serde_json::from_str(&answer.body).expect("JSON")
    }

    /// A picture sent by a program: the id it gets.
    pub(crate) fn upload(&self, token: &str, picture: &[u8], description: &str) -> String {
        let body = made::form(&[("description", description)], &[("file", picture)]);
        let mut program = Visitor::new(self.running.address);
        let answer = program.send_bytes("POST", "/api/v1/media", token, &made::form_type(), &body);
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// A change sent by a program.
    pub(crate) fn patch(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Value {
        Visitor::new(self.running.address).call("PATCH", path, token, fields)
    }
}
