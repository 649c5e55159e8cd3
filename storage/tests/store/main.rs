//! The store from outside: properties against a model, power cuts, failing disks, damaged files.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test; its place is what one wants to see")]

mod backups;
mod bases;
mod basics;
mod crash;
mod damage;
mod engines;
mod faults;
mod hostile_sled;
mod kept;
mod left_behind;
mod model;
mod probe;
mod search;
mod shrink;
mod standby;
mod support;
