//! In which order scenes are shot, what that costs, and how far from the best.
//!
//! [`talent`] is the pure problem of the literature (one row of scenes, wages paid from the first to
//! the last scene) with an exact solver. The board of a production (days, stages, windows, moves)
//! is not built yet.
//!
//! Invariant: every answer carries a proven lower bound, and nothing here reads a clock: time
//! limits come in as a callback, so the same input, seed and budget give the same answer.

pub mod talent;

mod rng;
