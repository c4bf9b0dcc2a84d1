//! Placeholder head; the crate's words and sources are written with its first code.
