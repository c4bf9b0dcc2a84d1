//! Master: what a finished film is made of, checked and written without touching a file.
//!
//! | word | meaning |
//! |---|---|
//! | *probe* | what the media engine says about a file, typed, never believed blindly |
//! | *master* | a file that plays from its first frame to its last and is of sane size |
//! | *digests* | SHA-256, SM3 and BLAKE3 of the same bytes, taken in one pass |
//! | *track* | timed text in one language: cues with a start, an end and text |
//! | *rendition* | one stream of a package: a picture, a sound or a subtitle track |
//!
//! Invariant: every reader here takes untrusted bytes, is bounded, and answers with a value or a
//! named refusal that says where. Languages come from people (BCP 47), never from a file's tag.
//!
//! Reading order: [`probe`], [`digest`], [`language`], [`webvtt`], [`subtitles`], [`boxes`],
//! [`hls`].

pub mod boxes;
pub mod digest;
pub mod hls;
pub mod language;
pub mod probe;
pub mod subtitles;
pub mod webvtt;

pub use digest::{DigestTee, Digests};
pub use language::{LanguageError, LanguageTag};
pub use probe::{AudioStream, MasterRefusal, Probe, ProbeError, Rational, VideoStream};
