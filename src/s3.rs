//! An object store that speaks S3 as a place of backups. Put, get, size, list and remove alone, each whole; no conditions.

use crate::{
    error::{Error, Result},
    federation::client::chosen::{Bounds, Chosen, NoAnswer, Unanswered},
    limits,
};
use bytes::Bytes;
use futures_util::TryStreamExt;
use http_body_util::{BodyExt, Full};
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
    },
    path::Path,
};
use std::{fmt, future::Future, io, net::IpAddr, pin::Pin, sync::Arc, time::Duration};
use storage::backup::target::{OBJECT_BYTES_MAX, Object, Target};
use tokio::runtime::Runtime;
use url::{Host, Url};

/// The key id and the secret of an account.
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: String,
}

impl Credentials {
    /// From the environment.
    ///
    /// # Errors
    /// `Invalid` naming the variable that is not set.
    pub fn of_environment() -> Result<Self> {
        let read = |name: &'static str| {
            let why = || Error::invalid("backup.to", format!("{name} is not set in the environment; s3:// needs it"));
            std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or_else(why)
        };
        Ok(Credentials { key_id: read("AWS_ACCESS_KEY_ID")?, secret: read("AWS_SECRET_ACCESS_KEY")? })
    }
}

/// A bucket, or a part of one.
pub struct S3 {
    store: AmazonS3,
    prefix: String,
    words: String,
    /// Everything runs on it; always there until dropped.
    runtime: Option<Runtime>,
}

impl S3 {
    /// The place that `s3://BUCKET/PREFIX?endpoint=URL&region=NAME&ca=FILE` names; the answers of a server are believed
    /// over https, and over plain http on this machine alone.
    ///
    /// # Errors
    /// `Invalid` naming what is wrong in the URL.
    pub fn open(text: &str, credentials: &Credentials) -> Result<S3> {
        let place = Place::parse(text)?;
        let chosen = Arc::new(Chosen::new(place.ca_pem)?);
        let backoff = BackoffConfig {
            init_backoff: Duration::from_millis(limits::S3_BACKOFF_MS),
            max_backoff: Duration::from_millis(limits::S3_BACKOFF_MAX_MS),
            base: 2.0,
        };
        let retry_timeout = Duration::from_millis(limits::S3_RETRY_MS);
        let retry = RetryConfig { backoff, max_retries: limits::S3_RETRIES, retry_timeout };
        let store = AmazonS3Builder::new()
            .with_bucket_name(&place.bucket)
            .with_region(&place.region)
            .with_endpoint(place.endpoint.as_str().trim_end_matches('/'))
            .with_access_key_id(&credentials.key_id)
            .with_secret_access_key(&credentials.secret)
            .with_virtual_hosted_style_request(false)
            .with_allow_http(true)
            // `POST ?delete` is not known everywhere: Google's S3 and Alibaba's OSS refuse it.
            .with_disable_bulk_delete(true)
            .with_retry(retry)
            .with_http_connector(Connector(chosen))
            .build()
            .map_err(|error| Error::invalid("backup.to", chain(&error)))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::invalid("backup.to", format!("cannot start: {error}")))?;
        let host = place.endpoint.host_str().unwrap_or_default();
        let words = format!("s3://{}/{} at {host}", place.bucket, place.prefix);
        Ok(S3 { store, prefix: place.prefix, words, runtime: Some(runtime) })
    }

    /// Whether `text` names a place, without keys and without going there.
    ///
    /// # Errors
    /// `Invalid` naming what is wrong in the URL.
    pub fn refuse_ill_named(text: &str) -> Result<()> {
        Place::parse(text).map(drop)
    }

    fn path(&self, name: &str) -> storage::Result<Path> {
        let whole = if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) };
        Path::parse(&whole).map_err(|error| failed("name", &whole, &error))
    }

    fn wait<T>(&self, work: impl Future<Output = storage::Result<T>>) -> storage::Result<T> {
        let Some(runtime) = &self.runtime else { return Err(storage::Error::Unavailable) };
        runtime.block_on(work)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        // Waiting for it would be an error where the last owner is a task.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Target for S3 {
    fn put(&self, name: &str, content: &[u8]) -> storage::Result<()> {
        if content.len() > OBJECT_BYTES_MAX {
            return Err(storage::Error::TooLarge { what: "an object", size: content.len(), limit: OBJECT_BYTES_MAX });
        }
        let (path, content) = (self.path(name)?, Bytes::copy_from_slice(content));
        self.wait(async {
            let put = self.store.put(&path, content.into()).await;
            put.map(|_| ()).map_err(|error| failed("write", name, &error))
        })
    }

    fn get(&self, name: &str) -> storage::Result<Option<Vec<u8>>> {
        let path = self.path(name)?;
        self.wait(async {
            let got = match self.store.get(&path).await {
                Ok(got) => got.bytes().await,
                Err(error) => Err(error),
            };
            match got {
                Ok(bytes) if bytes.len() > OBJECT_BYTES_MAX => Err(too_large(name)),
                Ok(bytes) => Ok(Some(bytes.to_vec())),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) if is_too_large(&error) => Err(too_large(name)),
                Err(error) => Err(failed("read", name, &error)),
            }
        })
    }

    fn size(&self, name: &str) -> storage::Result<Option<u64>> {
        let path = self.path(name)?;
        self.wait(async {
            match self.store.head(&path).await {
                Ok(meta) => Ok(Some(meta.size)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(failed("look at", name, &error)),
            }
        })
    }

    fn list(&self, prefix: &str) -> storage::Result<Vec<Object>> {
        let below = self.path(prefix.trim_end_matches('/'))?;
        let own = if self.prefix.is_empty() { 0 } else { self.prefix.len() + 1 };
        self.wait(async {
            let mut listed = self.store.list(Some(&below));
            let mut found = Vec::new();
            while let Some(meta) = listed.try_next().await.map_err(|error| failed("list", prefix, &error))? {
                let Some(name) = meta.location.as_ref().get(own..) else { continue };
                if found.len() >= limits::S3_LISTED_MAX {
                    let limit = limits::S3_LISTED_MAX;
                    return Err(storage::Error::TooLarge { what: "a listing", size: found.len() + 1, limit });
                }
                found.push(Object { name: name.to_owned(), bytes: meta.size });
            }
            found.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(found)
        })
    }

    fn remove(&self, name: &str) -> storage::Result<()> {
        let path = self.path(name)?;
        self.wait(async {
            match self.store.delete(&path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(failed("remove", name, &error)),
            }
        })
    }

    fn describe(&self) -> String {
        self.words.clone()
    }
}

fn too_large(name: &str) -> storage::Error {
    storage::Error::corrupt(name, "its size", format!("more than {OBJECT_BYTES_MAX} bytes"))
}

fn failed(what: &str, name: &str, error: &(dyn std::error::Error + 'static)) -> storage::Error {
    storage::Error::io(format!("{what} {name}"), io::Error::other(chain(error)))
}

/// What went wrong with what lies behind it, which is where a certificate is named.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        below = error.source();
    }
    words.chars().take(limits::S3_WORDS_MAX).collect()
}

fn is_too_large(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut below = Some(error);
    while let Some(error) = below {
        if error.downcast_ref::<Unanswered>().is_some_and(|unanswered| unanswered.kind == NoAnswer::TooLarge) {
            return true;
        }
        below = error.source();
    }
    false
}

/// What the URL says.
struct Place {
    bucket: String,
    prefix: String,
    endpoint: Url,
    region: String,
    ca_pem: Option<String>,
}

impl Place {
    fn parse(text: &str) -> Result<Place> {
        let refuse = |why: String| Error::invalid("backup.to", format!("{text:?}: {why}"));
        let url = Url::parse(text).map_err(|error| refuse(error.to_string()))?;
        if url.scheme() != "s3" || !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME, keys in the environment".into()));
        }
        let named = |part: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
        };
        let bucket =
            url.host_str().filter(|bucket| named(bucket)).ok_or_else(|| refuse("no name of a bucket".into()))?;
        let prefix = url.path().trim_matches('/').to_owned();
        if !prefix.is_empty() && (!prefix.split('/').all(named) || prefix.len() > limits::S3_PREFIX_BYTES_MAX) {
            return Err(refuse("the prefix may have letters, digits, '.', '-', '_' and '/' alone".into()));
        }
        let (mut endpoint, mut region, mut ca_pem) = (None, "us-east-1".to_owned(), None);
        for (key, value) in url.query_pairs() {
            match &*key {
                "endpoint" => {
                    endpoint = Some(Url::parse(&value).map_err(|error| refuse(format!("endpoint: {error}")))?);
                }
                "region" => region = value.into_owned(),
                "ca" => {
                    let read = std::fs::read_to_string(&*value);
                    ca_pem = Some(read.map_err(|error| refuse(format!("cannot read {value}: {error}")))?);
                }
                other => return Err(refuse(format!("{other:?} is none of endpoint, region, ca"))),
            }
        }
        let amazon = || Url::parse(&format!("https://s3.{region}.amazonaws.com"));
        let endpoint = endpoint.map_or_else(amazon, Ok).map_err(|error| refuse(format!("region: {error}")))?;
        let here = match endpoint.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            None => false,
        };
        match endpoint.scheme() {
            "https" => {}
            "http" if here => {}
            "http" => return Err(refuse("the endpoint must be https; plain http is for this machine alone".into())),
            other => return Err(refuse(format!("the endpoint's scheme is {other:?}; https"))),
        }
        Ok(Place { bucket: bucket.to_owned(), prefix, endpoint, region, ca_pem })
    }
}

/// Hands requests to the outbound client.
#[derive(Debug)]
struct Connector(Arc<Chosen>);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Asking(Arc::clone(&self.0))))
    }
}

#[derive(Debug)]
struct Asking(Arc<Chosen>);

impl HttpService for Asking {
    // By hand what the attribute `async_trait` would write.
    fn call<'a, 'out>(
        &'a self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<HttpResponse, HttpError>> + Send + 'out>>
    where
        'a: 'out,
        Self: 'out,
    {
        Box::pin(async move {
            let sent_ms = request.body().content_length() as u64 / limits::S3_BYTES_PER_MS;
            let head = Duration::from_millis(limits::S3_PATIENCE_MS + sent_ms);
            let whole = head + Duration::from_millis(ANSWER_MAX as u64 / limits::S3_BYTES_PER_MS);
            let answered = self.0.exchange(request, Bounds { body_max_bytes: ANSWER_MAX, head, whole }).await;
            let response = answered.map_err(|unanswered| HttpError::new(kind(unanswered.kind), unanswered))?;
            let whole = |body: Bytes| HttpResponseBody::new(Full::new(body).map_err(|never| match never {}));
            Ok(response.map(whole))
        })
    }
}

/// An object, or a page of a listing.
const ANSWER_MAX: usize = OBJECT_BYTES_MAX;

fn kind(why: NoAnswer) -> HttpErrorKind {
    match why {
        NoAnswer::Connect => HttpErrorKind::Connect,
        NoAnswer::Broken => HttpErrorKind::Request,
        NoAnswer::TooSlow => HttpErrorKind::Timeout,
        NoAnswer::TooLarge => HttpErrorKind::Decode,
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").field("place", &self.words).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };

    #[test]
    fn a_removal_is_asked_for_in_the_way_that_every_server_knows() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            let (mut head, mut byte) = (Vec::<u8>::new(), [0_u8]);
            while !head.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).expect("a request");
                head.push(byte[0]);
            }
            stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").expect("answered");
            String::from_utf8_lossy(&head).into_owned()
        });
        let credentials = Credentials { key_id: "the-id".into(), secret: "the-secret".into() };
        let s3 = S3::open(&format!("s3://mine/a?endpoint={endpoint}"), &credentials).expect("valid");
        let removed = s3.remove("log/one");
        let asked = server.join().expect("asked");
        assert!(asked.starts_with("DELETE /mine/a/log/one "), "{asked}");
        removed.expect("removed");
    }

    #[test]
    fn a_place_names_bucket_prefix_endpoint_and_region() {
        let place = Place::parse("s3://mine/a/b?endpoint=https://s3.example:3900&region=garage").expect("valid");
        assert_eq!((place.bucket.as_str(), place.prefix.as_str(), place.region.as_str()), ("mine", "a/b", "garage"));
        assert_eq!(place.endpoint.as_str(), "https://s3.example:3900/");
        let amazon = Place::parse("s3://mine?region=eu-north-1").expect("valid");
        assert_eq!(amazon.endpoint.as_str(), "https://s3.eu-north-1.amazonaws.com/");
        assert!(Place::parse("s3://mine?endpoint=http://127.0.0.1:9000").is_ok());
        assert!(Place::parse("s3://mine?endpoint=http://localhost:9000").is_ok());
    }

    #[test]
    fn what_is_no_place_is_refused_in_words() {
        let refused = |text: &str| Place::parse(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused("s3://mine?endpoint=http://10.0.0.7:9000").contains("must be https"));
        assert!(refused("s3://mine?endpoint=ftp://host").contains("scheme"));
        assert!(refused("s3://mine?zone=x").contains("none of endpoint, region, ca"));
        assert!(refused("s3://key:secret@mine").contains("keys in the environment"));
        assert!(refused("s3://mine/a/../b%2f").contains("prefix"));
        assert!(refused("s3:///a").contains("bucket"));
        assert!(refused("s3://mine?ca=/nowhere.pem").contains("cannot read"));
    }

    #[test]
    fn the_words_for_a_place_hold_no_secret() {
        let credentials = Credentials { key_id: "the-id".into(), secret: "the-secret".into() };
        let s3 = S3::open("s3://mine/a?endpoint=http://127.0.0.1:1", &credentials).expect("valid");
        assert_eq!(s3.describe(), "s3://mine/a at 127.0.0.1");
        assert!(!format!("{s3:?}").contains("the-secret"));
        let why = s3.get("x").expect_err("nobody is there").to_string();
        assert!(why.contains("cannot reach 127.0.0.1 port 1"), "{why}");
    }
}
