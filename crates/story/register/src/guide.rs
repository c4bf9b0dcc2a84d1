//! `VERIFY.md`: the same text in every package of this version, in Chinese and English.
//!
//! Its commands use only bash, coreutils, sed, grep and OpenSSL 3; a test runs them.

/// Never edited once packages exist; a changed text needs a new package version.
pub const VERIFY_MD: &str = include_str!("VERIFY.md");
