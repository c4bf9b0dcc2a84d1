//! Animate, seen from outside: files that other programs open, motion that keeps its meaning,
//! pictures with known pixels.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod clips;
mod figures;
mod names;
mod pictures;
mod retargets;
mod takes;
