//! Monitor: does this film show something of ours, and which seconds?
//!
//! | word | meaning |
//! |---|---|
//! | *sampling* | grey pictures of [`SAMPLE_SIDE`]² at [`SAMPLE_FPS`], the only input |
//! | *look* | 256-bit hash of one picture (PDQ's method): what it shows |
//! | *motion* | where and how much the picture changed in a quarter second |
//! | *fingerprint* | looks and motions of a library title, small enough to keep for ever |
//! | *query* | the same of a suspect copy, denser and with mirrored and bar-stripped views |
//! | *diagonal* | a straight relation of copy time and library time: `copy = a·library + b` |
//!
//! Invariant: one picture never decides. A match needs many pictures that agree along one diagonal
//! AND differ from each other, or motion that agrees; a still that lasts counts once.
//!
//! Sources: PDQ as published by Facebook ("The TMK+PDQF Video-Hashing Algorithm and the PDQ
//! Image-Hashing Algorithm", 2019); Hough voting over time as in Joly et al. 2007.
//!
//! Reading order: [`pdq`], [`views`], [`motion`], [`fingerprint`], [`query`], `align`,
//! [`verdict`].

mod align;
pub mod fingerprint;
pub mod motion;
pub mod pdq;
pub mod query;
pub mod verdict;
pub mod views;

pub use fingerprint::{DecodeError, Fingerprint, FingerprintBuilder};
pub use query::{Query, QueryBuilder};
pub use verdict::{Edits, Hit, Segment, Verdict, compare, search};

/// Pictures per second the builders are fed with.
pub const SAMPLE_FPS: u32 = 8;
/// Width and height of those pictures.
pub const SAMPLE_SIDE: u32 = 128;
