//! A second machine: object stores, and the real binary as primary and standby.

mod s3;
mod takeover;
