//! Adapter of the port `Media` on FFmpeg 5.1 and later, as child processes. Not trusted with more
//! than it needs: argument lists only, never a shell; no network protocols; demuxers that open
//! other files are refused before anything is decoded.
//!
//! Its crashes, memory and licence stay in another process. Each call writes beside its target and
//! renames at the end: invariant, a call that fails or is stopped leaves nothing behind.
//!
//! Reading order: [`runner`] (one child process), [`engine`] (settings and shared arguments),
//! then one file per group of calls.

mod alter;
mod encode;
mod engine;
mod frames;
mod hls;
mod probe;
mod runner;
mod staging;

pub use engine::{FfmpegMedia, FfmpegSettings};
