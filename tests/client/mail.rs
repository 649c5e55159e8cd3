//! A mail server for tests: takes letters on a loopback port and keeps them, and can be told to refuse some.

use dassie::config::{Mail, MailTls};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// Bytes that one sender may say.
const SAID_MAX: u64 = 64 * 1024;
/// How long a test waits for a letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server.
pub struct Office {
    port: u16,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    letters: Mutex<Vec<Letter>>,
    /// How many of the next letters are refused for now.
    refused: AtomicUsize,
    /// How many senders came.
    senders: AtomicUsize,
}

/// A letter that was taken.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whom the sender named.
    pub to: String,
    /// What it says, decoded.
    pub text: String,
}

impl Letter {
    /// The path of the link in it.
    pub fn link(&self) -> String {
        let at = self.text.find("https://home.test/").unwrap_or_else(|| panic!("no link in {}", self.text));
        let url = self.text[at..].split_whitespace().next().expect("a link");
        url.strip_prefix("https://home.test").expect("it begins so").to_owned()
    }
}

impl Office {
    #[expect(clippy::disallowed_methods, reason = "a mail server is no part of the server")]
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new(Kept::default());
        let to = Arc::clone(&kept);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                to.senders.fetch_add(1, Ordering::SeqCst);
                let to = Arc::clone(&to);
                // Whoever says nothing for long is left.
                tokio::spawn(async move { tokio::time::timeout(PATIENCE, converse(stream, &to)).await });
            }
        });
        Office { port, kept }
    }

    /// How an instance reaches it.
    pub fn settings(&self) -> Mail {
        Mail {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: MailTls::None,
            user: None,
            password: None,
            from: "noreply@home.test".to_owned(),
        }
    }

    /// Refuses the next letters for now.
    pub fn refuse(&self, letters: usize) {
        self.kept.refused.store(letters, Ordering::SeqCst);
    }

    /// How many senders came.
    pub fn senders(&self) -> usize {
        self.kept.senders.load(Ordering::SeqCst)
    }

    /// All letters so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.kept.letters.lock().expect("no test failed in here").clone()
    }

    /// Waits until so many letters came, and gives the last.
    pub async fn letter(&self, number: usize) -> Letter {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let letters = self.letters();
            if let Some(letter) = letters.get(number - 1) {
                return letter.clone();
            }
            assert!(Instant::now() < deadline, "letter {number} after {PATIENCE:?}: {letters:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn converse(stream: TcpStream, kept: &Kept) -> std::io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading.take(SAID_MAX)).lines();
    writing.write_all(b"220 office.test\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match command.as_str() {
            "EHLO" => b"250-office.test\r\n250 8BITMIME\r\n",
            "MAIL" => {
                let refused = kept.refused.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                if refused.is_ok() { b"451 come back later\r\n" } else { b"250 fine\r\n" }
            }
            "RCPT" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                if to.starts_with("nobody@") { b"550 no such person\r\n" } else { b"250 fine\r\n" }
            }
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                let letter = Letter { to: to.clone(), text: decoded(&text) };
                kept.letters.lock().expect("no test failed in here").push(letter);
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"500 what?\r\n",
        };
        writing.write_all(answer).await?;
    }
    Ok(())
}

/// Quoted-printable undone (RFC 2045 §6.7), as far as these letters need it.
fn decoded(text: &str) -> String {
    if !text.to_lowercase().contains("content-transfer-encoding: quoted-printable") {
        return text.to_owned();
    }
    text.replace("=\n", "").replace("=3D", "=").replace("=20\n", "\n")
}
