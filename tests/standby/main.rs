//! A second machine: object stores, and the real binary as primary and standby.

mod by_hand;
mod s3;
mod takeover;
