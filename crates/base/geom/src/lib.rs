//! Geometry shared by capture and animate: the human skeleton, motion, marker trajectories.
//!
//! Conventions everywhere: metres, seconds, radians; right-handed, **Y up**, a person at rest faces
//! **+Z**, so +X is the person's left (glTF and VRM 1.0). Transforms are named
//! `target_from_source` and compose right to left.

mod human;
mod markers;
mod motion;

pub use glam;
pub use human::HumanBone;
pub use markers::MarkerTrajectories;
pub use motion::{Joint, Motion, MotionError, Skeleton};
