//! A web site that is no peer: pages as a test wants them, each request counted.

use crate::lab::World;
use dassie::reach::Target;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// What is answered.
#[derive(Clone)]
pub enum Says {
    /// These header lines and this body, with 200.
    Body(&'static str, Vec<u8>),
    /// The same piece again and again, without an end.
    Endless(&'static str, &'static str),
    /// 302 to an address.
    Redirect(&'static str),
}

/// A page of HTML.
pub fn html(text: &str) -> Says {
    Says::Body("Content-Type: text/html; charset=utf-8", text.as_bytes().to_vec())
}

/// The site; it closes when dropped.
pub struct Site {
    hits: Arc<Mutex<HashMap<String, usize>>>,
    _tasks: JoinSet<()>,
}

impl Site {
    /// Opens `https://NAME` with its pages by path; all others are 404.
    pub async fn open(world: &World, name: &str, pages: Vec<(&'static str, Says)>) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        world.names.map(name, Target { address: listener.local_addr().expect("an address"), plain: true });
        let hits: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let (counted, pages) = (Arc::clone(&hits), Arc::new(pages));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (counted, pages) = (Arc::clone(&counted), Arc::clone(&pages));
                // Whoever reads no further closes: that ends the answer.
                connections.spawn(async move { answer(stream, &counted, &pages).await });
            }
        });
        Site { hits, _tasks: tasks }
    }

    /// How often a path was asked for.
    pub fn hits(&self, path: &str) -> usize {
        self.hits.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied().unwrap_or(0)
    }
}

async fn answer(
    mut stream: TcpStream,
    hits: &Mutex<HashMap<String, usize>>,
    pages: &[(&'static str, Says)],
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    *hits.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()).or_default() += 1;
    let close = "Connection: close\r\n";
    match pages.iter().find(|(known, _)| *known == path).map(|(_, says)| says) {
        Some(Says::Body(lines, body)) => {
            let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\n{close}Content-Length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body).await?;
        }
        Some(Says::Endless(lines, piece)) => {
            stream.write_all(format!("HTTP/1.1 200 OK\r\n{lines}\r\n{close}\r\n").as_bytes()).await?;
            loop {
                stream.write_all(piece.as_bytes()).await?;
            }
        }
        Some(Says::Redirect(to)) => {
            let head = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\n{close}Content-Length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
        }
        None => {
            stream.write_all(format!("HTTP/1.1 404 Not Found\r\n{close}Content-Length: 0\r\n\r\n").as_bytes()).await?;
        }
    }
    stream.shutdown().await
}
