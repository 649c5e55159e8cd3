//! A real S3 server: moto, where it is installed; skipped with a word where it is not.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

/// A server with an empty bucket, ended when dropped.
pub(crate) struct Moto {
    child: Child,
    address: SocketAddr,
}

impl Moto {
    /// Starts one; `None` with a word if moto is not installed.
    pub(crate) fn start(bucket: &str) -> Option<Moto> {
        let program = std::env::var("MOTO_SERVER").unwrap_or_else(|_| "moto_server".to_owned());
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let mut moto = Moto::spawn(&program)?;
            // Somebody else may have taken the port since it was free: then it ends, and another one is tried.
            while matches!(moto.child.try_wait(), Ok(None)) {
                if moto.answers(&format!("PUT /{bucket} HTTP/1.1\r\n")) {
                    return Some(moto);
                }
                assert!(Instant::now() < deadline, "moto did not answer in a minute");
                std::thread::park_timeout(Duration::from_millis(50));
            }
            assert!(Instant::now() < deadline, "moto ends whenever it is started");
        }
    }

    fn spawn(program: &str) -> Option<Moto> {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let started = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &address.port().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Ok(child) => Some(Moto { child, address }),
            Err(error) => {
                println!("skipped: {program} cannot be started ({error}); install it with pip install 'moto[server]'");
                None
            }
        }
    }

    fn answers(&self, line: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let keys = "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, \
                    SignedHeaders=host, Signature=0\r\n";
        let request = format!("{line}Host: {}\r\n{keys}Content-Length: 0\r\nConnection: close\r\n\r\n", self.address);
        let mut answer = String::new();
        let asked = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
        asked.is_ok() && answer.starts_with("HTTP/1.1 200")
    }

    /// The place that names a part of its bucket.
    pub(crate) fn place(&self, bucket: &str, prefix: &str) -> String {
        format!("s3://{bucket}/{prefix}?endpoint=http://{}&region=us-east-1", self.address)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It may have ended by itself; what counts is that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

mod real_server {
    use super::*;
    use dassie::s3::{Credentials, S3};
    use std::path::Path;
    use storage::{
        Options, Store, Tx,
        backup::{
            Backup, Begin, Begun, Candidacy, Claim, Follower, Keep, Moment, Progress, Repository, Restore, Secret,
            Shipper,
            target::{OBJECT_BYTES_MAX, Target},
        },
        instance,
    };

    fn credentials() -> Credentials {
        Credentials { key_id: "test".into(), secret: "test".into() }
    }

    fn open(moto: &Moto, prefix: &str) -> S3 {
        S3::open(&moto.place("backups", prefix), &credentials()).expect("a place")
    }

    fn go_on(_: Progress) -> bool {
        true
    }

    #[test]
    fn objects_go_in_and_come_back_and_are_listed_and_removed() {
        let Some(moto) = Moto::start("backups") else { return };
        let (s3, beside) = (open(&moto, "one/part"), open(&moto, "one"));
        assert_eq!((s3.get("a/b").expect("asked"), s3.size("a/b").expect("asked")), (None, None));
        s3.remove("a/b").expect("what is not there is no error");
        let large: Vec<u8> = (0..OBJECT_BYTES_MAX).map(|at| (at * 31 % 251) as u8).collect();
        for (name, content) in
            [("a/b", &b"first"[..]), ("a/b", b"second"), ("a/empty", b""), ("ab", b"x"), ("large", &large)]
        {
            s3.put(name, content).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(s3.get(name).expect("read").is_some_and(|there| there == content), "{name}");
            assert_eq!(s3.size(name).expect("asked"), Some(content.len() as u64), "{name}");
        }
        let too_large = s3.put("larger", &[&large[..], b"x"].concat()).expect_err("refused").to_string();
        assert!(too_large.contains(&OBJECT_BYTES_MAX.to_string()), "{too_large}");
        // More than one page of a listing, which has a thousand names.
        for at in 0..1100 {
            s3.put(&format!("many/{at:05}"), b"").expect("stored");
        }
        let names = |s3: &S3, prefix: &str| -> Vec<_> {
            s3.list(prefix).expect("listed").into_iter().map(|object| (object.name, object.bytes)).collect()
        };
        assert_eq!(names(&s3, "a/"), [("a/b".to_owned(), 6), ("a/empty".to_owned(), 0)]);
        let many = names(&s3, "many/");
        assert!(many.len() == 1100 && many.is_sorted() && many[1099].0 == "many/01099");
        assert!(
            names(&beside, "part/a/").iter().any(|(name, _)| name == "part/a/b"),
            "names are those below the prefix"
        );
        s3.remove("a/b").expect("removed");
        assert_eq!(s3.get("a/b").expect("asked"), None);
    }

    #[test]
    fn a_store_is_backed_up_shipped_followed_and_restored_through_it() {
        let Some(moto) = Moto::start("backups") else { return };
        let dir = tempfile::tempdir().expect("a directory");
        let target: Arc<dyn Target> = Arc::new(open(&moto, "home"));
        let secret = Secret::Key([7; 32]);
        let store = Store::open(Options::new(dir.path().join("primary/store"))).expect("opens");
        let settle = |title: &'static str| {
            let write = move |tx: &mut Tx<'_>| -> Result<(), storage::Error> {
                let mut settings = instance::settings(tx)?;
                settings.title = title.to_owned();
                instance::put_settings(tx, &settings);
                Ok(())
            };
            store.write(write).expect("written");
        };
        settle("one");
        let keep = Keep { last: 3, days: 0 };
        let backup =
            Backup { store: &store, beside: None, keep, begin: Begin::WhereItEnded, program: "test", tell: &go_on };
        backup.run(Arc::clone(&target), Some(&secret)).expect("a backup");
        let repository = || Repository::open(Arc::clone(&target), Some(&secret)).expect("opens").expect("is there");
        settle("two");
        let Begun::Ready(mut shipper) = Shipper::begin(repository(), &store).expect("begins") else {
            panic!("a backup is there");
        };
        shipper.round(&store, &go_on).expect("shipped");
        let standby = Options::new(dir.path().join("standby/store"));
        Follower::set_up(&repository(), &standby, &dir.path().join("standby"), &go_on).expect("set up");
        let mut follower = Follower::open(repository(), standby).expect("opens");
        settle("three");
        shipper.round(&store, &go_on).expect("shipped");
        follower.step().expect("followed");
        let title =
            |store: &Store| store.read(|view| Ok::<_, storage::Error>(instance::settings(view)?.title)).expect("read");
        assert_eq!(title(follower.store()), "three");
        let claims = repository();
        let mut candidacy = Candidacy::above(&claims.claims().expect("read"), 5, Duration::ZERO);
        claims.put_claim(&candidacy.claim).expect("stored");
        assert!(candidacy.stored(Duration::ZERO));
        assert!(claims.claims().expect("read").contains(&Claim { epoch: 1, holder: 5 }));
        let restored = Options::new(dir.path().join("restored/store"));
        let to: &Path = &dir.path().join("restored");
        let repository = repository();
        let data_dir = Some(to);
        Restore { repository: &repository, moment: Moment::Newest, options: restored.clone(), data_dir, tell: &go_on }
            .run()
            .expect("restored");
        assert_eq!(title(&Store::open(restored).expect("opens")), "three");
    }
}
