//! From a performance to a paid licence, with real media, files and keys: once over SQLite, once
//! over PostgreSQL when one is installed.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod house;
mod race;
mod told;
