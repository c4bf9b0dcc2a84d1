//! Labelled marker paths, as optical systems and C3D files give them.

use glam::DVec3;
use serde::{Deserialize, Serialize};

/// Marker positions over time; a marker that was not seen is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkerTrajectories {
    pub labels: Vec<String>,
    pub frame_rate_hz: f64,
    /// `frames × labels`, frame-major, metres, Y up.
    pub point_in_world_m: Vec<Option<DVec3>>,
}

impl MarkerTrajectories {
    pub fn frames(&self) -> usize {
        if self.labels.is_empty() {
            0
        } else {
            self.point_in_world_m.len() / self.labels.len()
        }
    }

    pub fn frame(&self, frame: usize) -> &[Option<DVec3>] {
        let markers = self.labels.len();
        &self.point_in_world_m[frame * markers..(frame + 1) * markers]
    }
}
