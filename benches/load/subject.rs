//! The server under load: the real binary in lab mode, and what the system says of its process.

use crate::http::{Answer, Connection};
use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use storage::{Options, Store};

const BINARY: &str = env!("CARGO_BIN_EXE_dassie");

/// A running server with its data in a scratch directory.
pub(crate) struct Subject {
    child: Child,
    pub(crate) host: String,
    pub(crate) started_in: Duration,
    /// Resident memory in MiB before anybody has come.
    pub(crate) idle_mib: f64,
    data: PathBuf,
    scratch: tempfile::TempDir,
}

/// What a process and its disk have used up to a moment.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) cpu: Duration,
    pub(crate) device_bytes: u64,
    pub(crate) at: Instant,
}

impl Subject {
    /// Makes the people, starts the server and waits until it is ready.
    pub(crate) async fn start(people: &[&str]) -> Self {
        // Beside the build, so that it lies on a disk and not in memory.
        let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a scratch directory");
        let data = scratch.path().join("data");
        let port = free_port();
        let host = format!("localhost:{port}");
        let started = Instant::now();
        let mut child = serve(&data, &host, &scratch.path().join("log"));
        wait_until_ready(&host, &mut child).await;
        let started_in = started.elapsed();
        let mut subject = Subject { child, host, started_in, idle_mib: 0.0, data, scratch };
        // Hashing a password takes 19 MiB in the server; that is not idling.
        subject.idle_mib = subject.resident_mib();
        for name in people {
            add_user(&subject.data, name);
        }
        subject
    }

    /// The same with what `fill` puts into its store before it goes on serving.
    pub(crate) async fn filled(people: &[&str], fill: impl FnOnce(&Store)) -> Self {
        let mut subject = Self::start(people).await;
        subject.end();
        let store = Store::open(Options::new(subject.data.join("store"))).expect("the store opens");
        fill(&store);
        store.close().expect("it closes");
        subject.child = serve(&subject.data, &subject.host, &subject.scratch.path().join("log"));
        wait_until_ready(&subject.host, &mut subject.child).await;
        subject
    }

    /// What it has logged of audiences: how many inboxes and how long it took, milliseconds.
    pub(crate) fn audiences(&self) -> Vec<(u64, u64)> {
        let log = fs::read_to_string(self.scratch.path().join("log")).unwrap_or_default();
        let lines = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.filter_map(|line| Some((line["inboxes"].as_u64()?, line["ms"].as_u64()?))).collect()
    }

    /// Runs its command line on it.
    pub(crate) fn command(&self, arguments: &[&str]) {
        let ended = Command::new(BINARY)
            .args(arguments)
            .arg("--data")
            .arg(&self.data)
            .stdout(Stdio::null())
            .status()
            .expect("the binary starts");
        assert!(ended.success(), "{arguments:?}");
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Processor time and device writes so far.
    pub(crate) fn usage(&self) -> Usage {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the process runs");
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks: u64 = [11, 12].into_iter().filter_map(|at| fields.get(at)?.parse::<u64>().ok()).sum();
        // A tick is a hundredth of a second on every Linux this runs on.
        Usage { cpu: Duration::from_millis(ticks * 10), device_bytes: device_bytes(&self.data), at: Instant::now() }
    }

    /// Resident memory in MiB.
    pub(crate) fn resident_mib(&self) -> f64 {
        self.memory_mib("VmRSS:")
    }

    /// The most it has been, in MiB.
    pub(crate) fn peak_mib(&self) -> f64 {
        self.memory_mib("VmHWM:")
    }

    fn memory_mib(&self, what: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process runs");
        let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
        let kib: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0.0);
        kib / 1024.0
    }

    /// Makes one more person.
    pub(crate) fn add_user(&self, name: &str) {
        add_user(&self.data, name);
    }

    /// Signs `name` in the way an app does and answers the token.
    pub(crate) async fn token(&self, name: &str) -> String {
        sign_in(&self.host, name).await
    }

    /// Signs `name` in on the page, and answers what its browser sends from then on.
    pub(crate) async fn session(&self, name: &str) -> String {
        let mut connection = Connection::open(&self.host).await.expect("it listens");
        let (path, mut cookies) = ("/auth/sign_in", Vec::new());
        let page = walk(&mut connection, "GET", path, &mut cookies, "").await.text();
        let (_, fields) = first_form(&page, name);
        let answer = walk(&mut connection, "POST", path, &mut cookies, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        cookies.join("; ")
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        self.end();
    }
}

/// Size of the binary in MB.
pub(crate) fn binary_mb() -> f64 {
    fs::metadata(BINARY).map_or(0.0, |file| file.len() as f64 / 1e6)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn serve(data: &Path, host: &str, log: &Path) -> Child {
    let log = fs::OpenOptions::new().create(true).append(true).open(log).expect("a file for the log");
    let origin = format!("http://{host}");
    let listen = host.replace("localhost", "127.0.0.1");
    Command::new(BINARY)
        .args(["serve", "--lab", "--listen", &listen, "--origin", &origin, "--data"])
        .arg(data)
        .env("DASSIE_LIMITS__RATES", "off")
        .env("DASSIE_LOG", "warn,dassie::jobs::expand=info")
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the binary starts")
}

async fn wait_until_ready(host: &str, child: &mut Child) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Ok(mut connection) = Connection::open(host).await
            && let Ok(answer) = connection.call("GET", "/readyz", &[], b"").await
            && answer.status == 200
        {
            return;
        }
        assert!(child.try_wait().ok().flatten().is_none(), "the server stopped");
        assert!(Instant::now() < deadline, "the server is not ready after 30 s");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn add_user(data: &Path, name: &str) {
    let mut child = Command::new(BINARY)
        .args(["user", "add", name, "--email", &format!("{name}@example.org"), "--password-stdin", "--data"])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{}", password(name)).expect("the password is read");
    drop(stdin);
    assert!(child.wait().expect("it ends").success(), "user add {name}");
}

fn password(name: &str) -> String {
    format!("correct horse {name}")
}

/// Bytes written to the block device that holds `path`.
fn device_bytes(path: &Path) -> u64 {
    const SECTOR: u64 = 512;
    let Ok(metadata) = fs::metadata(path) else { return 0 };
    let (major, minor) = (metadata.dev() >> 8 & 0xfff, metadata.dev() & 0xff);
    let table = fs::read_to_string("/proc/diskstats").unwrap_or_default();
    for line in table.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if fields.len() > 9 && fields[0] == major.to_string() && fields[1] == minor.to_string() {
            return fields[9].parse::<u64>().unwrap_or(0) * SECTOR;
        }
    }
    0
}

async fn sign_in(host: &str, name: &str) -> String {
    const CALLBACK: &str = "http://localhost/callback";
    let mut connection = Connection::open(host).await.expect("it listens");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("client_name=load&redirect_uris={CALLBACK}&scopes=read+write+follow");
    let app = connection.call("POST", "/api/v1/apps", &form, body.as_bytes()).await.expect("an app").json();
    let text = |key: &str| app[key].as_str().unwrap_or_default().to_owned();
    let (id, secret) = (text("client_id"), text("client_secret"));
    let mut path =
        format!("/oauth/authorize?response_type=code&client_id={id}&redirect_uri={CALLBACK}&scope=read+write+follow");
    let mut cookies: Vec<String> = Vec::new();
    let mut answer = walk(&mut connection, "GET", &path, &mut cookies, "").await;
    for _ in 0..8 {
        if let Some(location) = answer.header("location").map(str::to_owned) {
            if let Some((_, code)) = location.split_once("code=") {
                let code = code.split('&').next().unwrap_or_default();
                let body = format!(
                    "grant_type=authorization_code&code={code}&client_id={id}&client_secret={secret}\
                     &redirect_uri={CALLBACK}"
                );
                let token = connection.call("POST", "/oauth/token", &form, body.as_bytes()).await.expect("a token");
                return token.json()["access_token"].as_str().expect("a token").to_owned();
            }
            path = location.split_once(host).map_or(location.clone(), |(_, path)| path.to_owned());
            answer = walk(&mut connection, "GET", &path, &mut cookies, "").await;
            continue;
        }
        let page = answer.text();
        let (action, fields) = first_form(&page, name);
        let target = if action.is_empty() { path.clone() } else { action };
        answer = walk(&mut connection, "POST", &target, &mut cookies, &fields).await;
    }
    panic!("no code after eight steps: {}", answer.text());
}

async fn walk(connection: &mut Connection, method: &str, path: &str, cookies: &mut Vec<String>, body: &str) -> Answer {
    let jar = cookies.join("; ");
    let origin = "same-origin";
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("cookie", jar.as_str()), ("sec-fetch-site", origin)];
    let answer = connection.call(method, path, &headers, body.as_bytes()).await.expect("an answer");
    let fresh: Vec<String> =
        answer.headers("set-cookie").filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect();
    for cookie in fresh {
        let key = cookie.split('=').next().unwrap_or_default().to_owned();
        cookies.retain(|known| !known.starts_with(&format!("{key}=")));
        cookies.push(cookie);
    }
    answer
}

/// The action and the filled fields of the first form that posts.
fn first_form(page: &str, name: &str) -> (String, String) {
    let start = page.find("method=\"post\"").unwrap_or_else(|| panic!("a page without form: {page}"));
    let start = page[..start].rfind("<form").unwrap_or(0);
    let form = &page[start..page[start..].find("</form>").map_or(page.len(), |end| start + end)];
    let attribute = |tag: &str, key: &str| {
        let from = tag.find(&format!(" {key}=\""))? + key.len() + 3;
        Some(tag[from..].split('"').next()?.replace("&amp;", "&").replace("&quot;", "\""))
    };
    let head = form.split('>').next().unwrap_or_default();
    let mut fields = Vec::new();
    let mut pressed = false;
    for tag in form.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("button")) {
        let Some(key) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        if tag.starts_with("button") && std::mem::replace(&mut pressed, true) {
            continue;
        }
        let value = match kind.as_str() {
            "password" => password(name),
            "" | "text" | "email" if tag.starts_with("input") => name.to_owned(),
            _ => attribute(tag, "value").unwrap_or_default(),
        };
        fields.push(format!("{key}={}", encoded(&value)));
    }
    (attribute(head, "action").unwrap_or_default(), fields.join("&"))
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
