//! What capture promises, checked on built files, generated motion and, where it is present,
//! recorded data (`../shared/data/capture` beside the checkout).

mod bvh;
mod c3d;
mod c3d_build;
mod data;
mod performance;
mod solve;
mod take;
