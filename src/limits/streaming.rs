//! Bounds of streams and of push messages (SECURITY E1).

/// Transactions of events kept for a slow listener; behind that it is told to read the rows.
pub const EVENTS_KEPT: usize = 1024;
/// Streams open at once; beyond it the next one is told to come back.
pub const STREAMS: usize = 16_384;
/// Streams open at once of one account: several apps, each with several columns.
pub const STREAMS_PER_ACCOUNT: usize = 100;
/// Streams one connection listens to.
pub const STREAM_TOPICS: usize = 64;
/// Frames that wait for one listener; whoever lets more gather is dropped.
pub const STREAM_QUEUE: usize = 64;
/// When a stream that found no place may try again, seconds.
pub const STREAM_RETRY_SECONDS: u64 = 30;
/// Viewers looked at in one view: some 10 µs each.
pub const STREAM_VIEWERS_AT_ONCE: usize = 1_000;
/// Events told in one round.
pub const STREAM_EVENTS_AT_ONCE: usize = 64;
/// Time between comments that keep a line of server-sent events alive, seconds.
pub const STREAM_THUMP_SECONDS: u64 = 15;
/// Time between pings on a WebSocket, seconds; one that answers none of two is gone.
pub const STREAM_PING_SECONDS: u64 = 30;
/// Time to say goodbye on a WebSocket, seconds.
pub const STREAM_CLOSE_SECONDS: u64 = 2;
/// Bytes of a command on a WebSocket.
pub const STREAM_COMMAND_BYTES: usize = 4 * 1024;
/// Bytes read from a WebSocket at once: commands are short and many sockets are open.
pub const STREAM_READ_BYTES: usize = 1024;
/// Bytes of frames on a WebSocket that the system has not taken yet.
pub const STREAM_WRITE_BYTES: usize = 1024 * 1024;
/// Bytes of a push service's address.
pub const PUSH_ENDPOINT_BYTES: usize = 2048;
/// How long a push message is worth telling, seconds; push services keep it as long (RFC 8030 §5.2).
pub const PUSH_HOLDS_SECONDS: i64 = 2 * 24 * 3600;
