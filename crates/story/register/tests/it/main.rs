//! Tests of the register crate: published vectors, the C2SP formats, every-byte damage, properties.

mod claims;
mod formats;
mod packages;
mod properties;
mod sample;
mod vectors;
