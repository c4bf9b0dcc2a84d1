//! The engine on real files: what it makes, what it refuses, and whether copies are found again.
//!
//! Skips with one line where the programs or the development data are absent.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod bad_input;
mod common;
mod copies;
mod make;
mod pdq;
