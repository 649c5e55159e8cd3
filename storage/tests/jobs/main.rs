//! Rows of jobs, inbound activities and deliveries on a real store: order, bounds, and what a restart finds.
#![allow(clippy::unwrap_used)]

mod deliveries;
mod inbound;
mod jobs;
mod lab;
