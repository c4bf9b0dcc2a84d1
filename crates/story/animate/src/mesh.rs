//! A skinned triangle mesh with vertex colours, and its morph targets.
//!
//! Invariant: all per-vertex lists have one length; weights of a vertex sum to exactly 255; an
//! unused slot has joint 0 and weight 0; joints index [`backlot_geom::HumanBone::ALL`].

use backlot_geom::glam::Vec3;

use crate::expression::Expression;

/// Positions in metres in T-pose, world frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SkinnedMesh {
    pub position_m: Vec<Vec3>,
    pub normal: Vec<Vec3>,
    /// Linear RGB, 0 to 1.
    pub color_linear: Vec<[f32; 3]>,
    pub joints: Vec<[u8; 4]>,
    /// Of 255, largest first.
    pub weights: Vec<[u8; 4]>,
    /// Counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
}

/// Position deltas of one expression, one per vertex, metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Morph {
    pub expression: Expression,
    pub delta_m: Vec<Vec3>,
}

impl SkinnedMesh {
    pub fn vertices(&self) -> usize {
        self.position_m.len()
    }

    pub(crate) fn scale(&mut self, factor: f32) {
        for point in &mut self.position_m {
            *point *= factor;
        }
    }
}
