//! The web server in process, on a real store, real files and a real ledger in a temporary folder.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop there"
)]

mod accounts;
mod common;
mod contract;
mod events;
mod files;
mod licences;
mod pages;
mod problems;
mod roles;
mod uploads;
mod views;
