//! The real binary twice: a server that is killed under load, and a standby that takes over.

use std::{
    fs::File,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

const DEADLINE: Duration = Duration::from_secs(120);

/// A process that is killed when dropped.
pub(crate) struct Process(Child);

impl Process {
    /// `kill -9`.
    fn kill(&mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("ended");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; what counts is that it is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dassie"));
    command.env_remove("DASSIE_DATA_DIR").env("DASSIE_LIMITS__RATES", "off").stdin(Stdio::null()).current_dir(data);
    command
}

/// Starts `dassie ARGUMENTS --data DATA`, with its words in a file.
pub(crate) fn start(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Process {
    let log = File::options().create(true).append(true).open(data.join("words.log")).expect("a log");
    let mut command = command(data);
    command.envs(environment.iter().copied()).args(arguments).arg("--data").arg(data);
    command.stdout(log.try_clone().expect("a log")).stderr(log);
    if arguments[0] != "serve" {
        command.env_remove("DASSIE_LIMITS__RATES");
    }
    Process(command.spawn().expect("the binary starts"))
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = command(data);
    command.env_remove("DASSIE_LIMITS__RATES").args(arguments).arg("--data").arg(data);
    command.output().expect("the binary runs")
}

fn serve(data: &Path, address: SocketAddr) -> Process {
    serve_with(data, address, &[])
}

/// The same with more in its environment.
pub(crate) fn serve_with(data: &Path, address: SocketAddr, environment: &[(&str, &str)]) -> Process {
    let origin = format!("http://localhost:{}", address.port());
    start(data, &["serve", "--lab", "--listen", &address.to_string(), "--origin", &origin], environment)
}

fn words(data: &Path) -> String {
    std::fs::read_to_string(data.join("words.log")).unwrap_or_default()
}

pub(crate) fn wait_for<T>(what: &str, data: &Path, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} for {what}\n{}", words(data));
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

fn ask(address: SocketAddr, method: &str, path: &str, form: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
        address.port(),
        form.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}

pub(crate) fn ready(data: &Path, address: SocketAddr) {
    wait_for("the server to be ready", data, || {
        ask(address, "GET", "/readyz", "").filter(|(status, _)| *status == 200)
    });
}

/// An application that the server has acknowledged, and when.
pub(crate) struct Acknowledged {
    id: String,
    secret: String,
    at: Instant,
}

pub(crate) fn register(address: SocketAddr, number: usize) -> Option<Acknowledged> {
    let form = format!("client_name=app{number}&redirect_uris=urn:ietf:wg:oauth:2.0:oob&scopes=read");
    let (_, body) = ask(address, "POST", "/api/v1/apps", &form).filter(|(status, _)| *status == 200)?;
    let document: serde_json::Value = serde_json::from_str(&body).ok()?;
    let text = |key: &str| document[key].as_str().map(str::to_owned);
    Some(Acknowledged { id: text("client_id")?, secret: text("client_secret")?, at: Instant::now() })
}

/// Whether the server knows an application.
pub(crate) fn knows(address: SocketAddr, application: &Acknowledged) -> bool {
    let Acknowledged { id, secret, .. } = application;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=read");
    ask(address, "POST", "/oauth/token", &form).is_some_and(|(status, _)| status == 200)
}

fn state(data: &Path) -> serde_json::Value {
    let output = run(data, &["state", "--json"]);
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[test]
fn a_killed_server_is_taken_over_from_and_stays_out() {
    let dir = tempfile::tempdir().expect("a directory");
    let [primary, standby, target] = ["primary", "standby", "target"].map(|name| dir.path().join(name));
    for made in [&primary, &standby] {
        std::fs::create_dir(made).expect("made");
    }
    let place = target.to_string_lossy().into_owned();
    std::fs::write(primary.join("dassie.toml"), format!("[backup]\nto = {place:?}\n")).expect("written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut server = serve(&primary, address);
    ready(&primary, address);
    wait_for("the first backup", &primary, || target.join("point").read_dir().ok()?.next()?.ok());

    let mut follower = start(&standby, &["standby", &place], &[]);
    wait_for("the server to know of the standby", &standby, || {
        state(&standby)["known_there"].as_bool().filter(|it| *it)
    });
    assert!(state(&primary)["shipping"]["standby"].as_bool().is_some_and(|it| it), "{}", state(&primary));
    let refused = run(&standby, &["serve", "--lab", "--origin", "http://localhost:1"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("follows"), "{refused:?}");

    // Load, with the standby killed in the middle of it, and then the server.
    let mut acknowledged = Vec::new();
    let (begun, mut again) = (Instant::now(), false);
    while begun.elapsed() < Duration::from_secs(15) {
        acknowledged.extend(register(address, acknowledged.len()));
        if begun.elapsed() > Duration::from_secs(5) && !std::mem::replace(&mut again, true) {
            follower.kill();
            follower = start(&standby, &["standby", &place], &[]);
        }
    }
    server.kill();
    let killed = Instant::now();
    follower.kill();

    let promoted = run(&standby, &["promote"]);
    let took = killed.elapsed();
    assert!(promoted.status.success(), "{promoted:?}\n{}", words(&standby));
    let _new = serve(&standby, address);
    ready(&standby, address);
    println!("from the kill to the new server's first answer: {:.1} s", killed.elapsed().as_secs_f64());
    println!("of it the promotion: {:.1} s", took.as_secs_f64());

    let lost: Vec<_> = acknowledged.iter().filter(|application| !knows(address, application)).collect();
    let oldest = lost.first().map_or(Duration::ZERO, |application| killed - application.at);
    let (all, gone) = (acknowledged.len(), lost.len());
    println!("acknowledged {all}, not shipped when it was killed {gone}, recovery point {:.2} s", oldest.as_secs_f64());
    // The pause between two rounds is 2 s; the rest is for two rounds into a directory.
    assert!(
        all > gone && oldest <= Duration::from_secs(5),
        "{gone} of {all} lost, the oldest {oldest:?} before the end"
    );
    let from = all - gone;
    assert!(
        acknowledged[..from].iter().all(|application| knows(address, application)),
        "what is lost is the end alone"
    );
    assert!(register(address, all).is_some(), "it is served and written to");

    // The old one comes back.
    let again = run(&primary, &["serve", "--lab", "--listen", "127.0.0.1:0", "--origin", "http://localhost:2"]);
    let why = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && why.contains("another machine has taken over"), "{why}");
    // Nor does it add to the backups of the new one, for which it would be the newest.
    let points = || std::fs::read_dir(target.join("point")).expect("a directory").count();
    let before = points();
    let again = run(&primary, &["backup", "now"]);
    let why = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && why.contains("another machine has taken over"), "{why}");
    assert_eq!(points(), before);
}

#[test]
fn backups_are_said_to_be_gone_only_beside_a_server_that_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let refused = |arguments: &[&str]| {
        let output = run(dir.path(), arguments);
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let why = refused(&["promote", "--backups-are-gone"]);
    assert!(why.contains("--old-server-is-gone"), "{why}");
    let why = refused(&["promote", "--old-server-is-gone", "--backups-are-gone"]);
    assert!(why.contains("follows nobody"), "{why}");
}
