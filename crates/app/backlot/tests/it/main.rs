//! The built binary, used as people use it: command line, server, browser, and kill -9.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod browser;
mod cli;
mod crash;
mod full_disk;
mod support;
