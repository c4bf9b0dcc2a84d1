//! The blob suite over a folder always, and over S3 when `BACKLOT_TEST_S3_ENDPOINT` is set.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod folder;
mod s3;
