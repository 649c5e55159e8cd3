//! Bounds of HTTP: connections, requests, bodies (SECURITY E1, D6, D7).

use super::PICTURE_BYTES_MAX;
use crate::clock::HOUR_MS;

/// Connections open at once; most systems allow a process 1 024 files and the store needs some.
pub const CONNECTIONS: usize = 900;
/// Connections open at once from one address (IPv6: one /64); proxies are exempt.
pub const CONNECTIONS_PER_CLIENT: usize = 128;
/// Addresses of `X-Forwarded-For` that are looked at, from the right.
pub const PROXIES_IN_A_ROW: usize = 8;
/// Addresses that speak for others without being believed and are counted apart.
pub const PROXIES_WATCHED: usize = 32;
/// How long it is counted how requests come, milliseconds.
pub const PROXIES_WATCHED_MS: i64 = HOUR_MS;
/// Requests after which a proxy is judged.
pub const PROXY_JUDGED_REQUESTS: u32 = 100;
/// Connections the system may hold before they are accepted.
pub const LISTEN_BACKLOG: u32 = 4096;
/// Time a connection has for its next request before it may be closed to make room for others, milliseconds.
pub const CONNECTION_GRACE_MS: u64 = 1_000;
/// While all places are taken: how often is looked whether one is free, milliseconds. Whoever comes meanwhile waits in the
/// system's queue.
pub const CONNECTION_LOOK_MS: u64 = 2;
/// Time each part of a start may take until whoever comes is turned away, milliseconds: most starts are over by then.
pub const STARTING_GRACE_MS: u64 = 1_000;
/// Connections answered at once while the server starts; others wait in the system's queue.
pub const STARTING_CONNECTIONS: usize = 64;
/// Of these from one address (IPv6: one /64); proxies are exempt.
pub const STARTING_PER_CLIENT: usize = 8;
/// Time somebody has then to ask, and to take the answer, seconds each.
pub const STARTING_SECONDS: u64 = 3;
/// Bytes that are read then of a request, before the answer and after it.
pub const STARTING_READ_BYTES: u64 = 16 * 1024;
/// When whoever came then is told to come again, seconds.
pub const STARTING_RETRY_SECONDS: u64 = 10;
/// Time to send the whole request head, seconds.
pub const HEAD_SECONDS: u64 = 10;
/// Time a connection may stand between two requests, or without taking any byte of an answer, seconds.
pub const IDLE_SECONDS: u64 = 60;
/// Header lines of a request.
pub const HEADERS: usize = 100;
/// Bytes of a request head.
pub const HEAD_BYTES: usize = 32 * 1024;
/// Time a body may take before its rate counts, seconds.
pub const BODY_GRACE_SECONDS: u64 = 10;
/// Bytes per second a body must bring on average after the grace.
pub const BODY_BYTES_PER_SECOND: u64 = 1024;
/// Time open requests get when the server stops, seconds.
pub const DRAIN_SECONDS: u64 = 8;
/// Time a request may take until its answer begins, seconds.
pub const REQUEST_SECONDS: u64 = 30;
/// Time an upload may take until its answer begins, seconds.
pub const UPLOAD_SECONDS: u64 = 300;
/// Bytes of a request body that carries no files; of the texts of one that does, together.
pub const BODY_BYTES: usize = 1024 * 1024;
/// Bytes of a multipart body with the pictures of a profile, which are held in memory.
pub const MULTIPART_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of an upload with all its fields: the picture and a little more.
pub const UPLOAD_BODY_BYTES: usize = PICTURE_BYTES_MAX + 2 * 1024 * 1024;
/// Bytes of a field of an upload that is no file.
pub const UPLOAD_FIELD_BYTES: u64 = 64 * 1024;
/// Bytes before a part of a multipart form, and of its head; they are held until they are whole.
pub const PART_HEAD_BYTES: usize = 64 * 1024;
/// Bytes of a file being received that are gathered before they are written.
pub const RECEIVED_STEP_BYTES: usize = 256 * 1024;
/// Bytes of a file read at a time while it is sent.
pub const SENT_STEP_BYTES: u64 = 128 * 1024;
/// Threads that may wait for files at once; each keeps at most a step of one in memory.
pub const FILES_AT_ONCE: usize = 32;
/// Bytes of a form on a page or of an OAuth request.
pub const FORM_BYTES: usize = 64 * 1024;
/// Longer texts of a form that an error page gives back.
pub const TYPED_TEXTS: usize = 8;
/// Bytes of them together.
pub const TYPED_TEXT_BYTES: usize = 64 * 1024;
/// Fields of a form, or values of a JSON body.
pub const FIELDS: usize = 2_000;
/// Brackets behind one form field, or levels of a JSON body.
pub const FIELD_DEPTH: usize = 8;
/// Bytes of the name of a form field.
pub const FIELD_NAME_BYTES: usize = 512;
/// Media ranges read from an `Accept` header.
pub const ACCEPT_RANGES: usize = 32;
/// Buckets of request rates that are remembered: so many that guard something, and so many others. Full ones are forgotten
/// first, then those that were used least.
pub const RATE_CLIENTS: usize = 50_000;
