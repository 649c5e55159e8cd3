//! Rows of jobs, inbound activities and deliveries on a real store: order, bounds, and what a restart finds.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test; its place is what one wants to see")]

mod deliveries;
mod inbound;
mod jobs;
mod lab;
