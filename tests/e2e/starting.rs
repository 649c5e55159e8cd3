//! Whoever comes while a server opens its store is told so, and finds it at the same address afterwards.

use crate::{instance::START, web::Web};
use dassie::{
    clock::{Clock, ManualClock},
    config::Config,
    origin::Origin,
    reach::Reach,
    running::Parts,
    server::Server,
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, mpsc},
};
use storage::{Sizes, vfs::SimulatedDisk};
use tempfile::TempDir;
use tokio::net::TcpSocket;

const HOST: &str = "starting.test";

/// An address that nobody else is given as long as the socket is there: it has the address and does not listen, beside which
/// the system lets one listen that is as willing to share (socket(7), `SO_REUSEADDR`), as the server's is.
fn kept() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("it may be shared");
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("an address");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

#[tokio::test]
async fn whoever_comes_while_the_store_is_opened_is_told_and_is_served_there_afterwards() {
    let data = TempDir::new().expect("a directory");
    let origin = Origin::parse(&format!("https://{HOST}"), None).expect("a lab name");
    let (kept, address) = kept();
    let mut config = Config::embedded(data.path(), Some(origin));
    config.listen = address;
    config.rates = false;
    let disk = SimulatedDisk::new();
    // Until `go_on` is dropped, also by a test that fails, no file is synced and so no store is open.
    let (go_on, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    disk.on_sync(Arc::new(move |_: &Path| {
        let told = held.lock().expect("nobody failed").recv();
        assert!(told.is_err(), "nothing is sent");
    }));
    let parts = Parts {
        clock: Clock::Manual(ManualClock::new(START)),
        disk: Arc::new(disk),
        sizes: Sizes::small(),
        ..Parts::of_system(Reach::lab())
    };
    let web = Web::at(address);
    let comes = async {
        // Somebody who asks nothing keeps nobody else waiting.
        let silent = web.connect().await;
        let get = web.get("/readyz", &[("Host", HOST)]).await;
        let post = web.send("POST", "/inbox", &[("Host", HOST)], &[b' '; 8_000]).await;
        drop((silent, go_on));
        [get, post]
    };
    let (running, told) = tokio::join!(Server::start(config, parts), comes);
    let running = running.expect("it starts");
    drop(kept);
    for reply in told {
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("10")), "{}", reply.text());
        assert_eq!(reply.header("connection"), Some("close"));
        assert_eq!(reply.text(), "Dassie is starting: the store is opened\n");
    }
    assert_eq!(running.address, address);
    let reply = web.get("/readyz", &[("Host", HOST)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    running.stop().await.expect("it stops");
}
