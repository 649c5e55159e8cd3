//! The real binary: started, asked, killed.

use crate::web::{Reply, parse};
use std::{
    fs::File,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long anything may take that must come.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A server that runs as a process of its own; killed when dropped.
pub(crate) struct Running {
    child: Child,
}

/// The binary with what every call of it needs.
pub(crate) fn command(engine: &str, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dassie"));
    command
        .env("DASSIE_STORAGE__ENGINE", engine)
        .env_remove("DASSIE_DATA_DIR")
        .current_dir(data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts serving and waits until it is ready.
pub(crate) fn serve(engine: &str, data: &Path, address: SocketAddr) -> Running {
    serve_with(engine, data, address, &[])
}

/// The same with more flags.
pub(crate) fn serve_with(engine: &str, data: &Path, address: SocketAddr, flags: &[&str]) -> Running {
    let log = File::options().create(true).append(true).open(data.join("serve.log")).expect("a log");
    let mut child = command(engine, data)
        .env("DASSIE_LIMITS__RATES", "off")
        .args(["serve", "--lab", "--data"])
        .arg(data)
        .args(["--listen", &address.to_string(), "--origin", &format!("http://localhost:{}", address.port())])
        .args(flags)
        .stdout(log.try_clone().expect("a log"))
        .stderr(log)
        .spawn()
        .expect("the binary starts");
    let ready = format!("GET /readyz HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", address.port());
    wait_for("the server to be ready", || {
        let ended = child.try_wait().expect("a child can be asked");
        assert!(ended.is_none(), "the server ended: {ended:?}\n{}", tail(&data.join("serve.log")));
        ask(address, ready.as_bytes()).filter(|reply| reply.status == 200)
    });
    Running { child }
}

impl Running {
    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// A polite end, which must come.
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "it can be told to stop");
        let ended = wait_for("the server to stop", || self.child.try_wait().expect("a child can be asked"));
        assert!(ended.success(), "it stops well: {ended}");
    }

    fn end(&mut self) {
        // It may have ended by itself; what counts is that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// One request over a blocking socket; `None` if there was no whole answer, as when the server dies in between.
pub(crate) fn ask(address: SocketAddr, request: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    stream.write_all(request).ok()?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).ok()?;
    let reply = parse(&raw)?;
    let length = reply.header("content-length").and_then(|length| length.parse().ok());
    length.is_none_or(|length: usize| length == reply.body.len()).then_some(reply)
}

/// Looks until there is something; fails after [`DEADLINE`].
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} for {what}");
        thread::park_timeout(Duration::from_millis(10));
    }
}

/// The last lines of a file, for whoever reads a failure.
pub(crate) fn tail(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
