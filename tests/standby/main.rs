//! A second machine: object stores.

mod s3;
