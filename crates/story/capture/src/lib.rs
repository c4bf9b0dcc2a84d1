//! Capture: recorded performances in, one performer's motion out.
//!
//! Words: a *take* is one recording; *markers* are labelled points of an optical system; a *solve*
//! turns markers into joint rotations; a *performance* is a piece we generate ourselves.
//! Invariants: everything that leaves this crate is in metres, Y up, right-handed (backlot-geom);
//! untrusted bytes never panic and never reserve memory by a count they merely claim.
//! Reading order: `take` (the front door), `bvh`, `c3d`, `solve`, `procedural`.

pub mod bvh;
pub mod c3d;
pub mod procedural;
mod rest;
pub mod solve;
mod spatial;
pub mod take;

pub use rest::human_skeleton;
pub use take::{Take, TakeError, read_take};
