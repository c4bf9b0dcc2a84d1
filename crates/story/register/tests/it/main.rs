//! Tests of the register crate: published vectors, the C2SP formats, every-byte damage, properties.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod claims;
mod formats;
mod packages;
mod properties;
mod sample;
mod vectors;
