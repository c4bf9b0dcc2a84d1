//! From a performance to a paid licence, with real media, files and keys: once over SQLite, once
//! over PostgreSQL when one is installed.

mod house;
mod race;
mod told;
