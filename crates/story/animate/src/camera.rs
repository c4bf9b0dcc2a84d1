//! The camera of the preview: it frames the performer, follows gently and moves round slowly.
//!
//! Invariant: it never rolls, so the horizon is level; its path is smooth and a pure function of
//! the
//! motion. Source: pinhole projection.

use backlot_geom::glam::{DVec3, Vec2, Vec3, Vec4};

/// A pinhole camera in the world; clip-space w is the distance along the view axis, metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    pub eye_in_world_m: Vec3,
    pub right: Vec3,
    pub up: Vec3,
    pub forward: Vec3,
    /// Half the picture's height at distance 1.
    pub tan_half_height: f32,
    /// Width over height.
    pub aspect: f32,
}

impl Camera {
    /// A level camera looking from `eye` to `target`.
    pub fn looking_at(eye: Vec3, target: Vec3, height_rad: f32, aspect: f32) -> Self {
        let forward = (target - eye).try_normalize().unwrap_or(Vec3::NEG_Z);
        let right = forward.cross(Vec3::Y).try_normalize().unwrap_or(Vec3::X);
        let up = right.cross(forward);
        let tan_half_height = (0.5 * height_rad).tan();
        Self {
            eye_in_world_m: eye,
            right,
            up,
            forward,
            tan_half_height,
            aspect,
        }
    }

    pub fn clip_from_world(&self, point: Vec3) -> Vec4 {
        let local = point - self.eye_in_world_m;
        let x = local.dot(self.right) / (self.tan_half_height * self.aspect);
        let y = local.dot(self.up) / self.tan_half_height;
        let w = local.dot(self.forward);
        Vec4::new(x, y, w, w)
    }

    /// Direction through a place of the picture, `-1..1` right and up; along `forward` it has
    /// length 1.
    pub fn ray(&self, place: Vec2) -> Vec3 {
        self.forward
            + self.right * (place.x * self.tan_half_height * self.aspect)
            + self.up * (place.y * self.tan_half_height)
    }
}

/// Where the camera stands over time.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    /// Smoothed centre of the performer, one per picture.
    centre_in_world_m: Vec<Vec3>,
    facing_rad: f32,
    height_m: f32,
}

impl Path {
    /// `hips` one per picture; `facing` is the performer's heading as the take begins.
    pub fn new(hips: &[DVec3], facing: DVec3, height_m: f64, frame_rate_hz: f64) -> Self {
        let half = (0.6 * frame_rate_hz).round().max(1.0) as usize;
        let mut smooth: Vec<DVec3> = hips.to_vec();
        for _ in 0..2 {
            smooth = box_filter(&smooth, half);
        }
        Self {
            centre_in_world_m: smooth.iter().map(|point| point.as_vec3()).collect(),
            facing_rad: facing.x.atan2(facing.z) as f32,
            height_m: height_m as f32,
        }
    }

    pub fn camera(&self, picture: usize, secs: f32, aspect: f32) -> Camera {
        let centre = self.centre_in_world_m[picture.min(self.centre_in_world_m.len() - 1)];
        let size = self.height_m / 1.7;
        // Round the performer: a slow swing that never quite repeats.
        let swing = 0.50 * (secs * 0.23 + 0.55).sin() + 0.16 * (secs * 0.081).sin();
        let turn = self.facing_rad + swing;
        let distance =
            size * (4.15 + 0.30 * (secs * 0.17).sin()) * (1.5 / aspect.min(1.5)).max(1.0);
        let rise = size * (1.42 + 0.14 * (secs * 0.13 + 1.0).sin());
        let floor = Vec3::new(centre.x, 0.0, centre.z);
        let look = 0.5 * self.height_m + 0.35 * (centre.y - 0.55 * self.height_m);
        let target = floor + Vec3::Y * look;
        let eye = floor + Vec3::new(turn.sin() * distance, rise, turn.cos() * distance);
        Camera::looking_at(eye, target, 0.50, aspect)
    }

    pub fn facing_rad(&self) -> f32 {
        self.facing_rad
    }
}

fn box_filter(points: &[DVec3], half: usize) -> Vec<DVec3> {
    let mut sums = Vec::with_capacity(points.len() + 1);
    sums.push(DVec3::ZERO);
    for point in points {
        sums.push(sums[sums.len() - 1] + *point);
    }
    (0..points.len())
        .map(|index| {
            // The window shrinks evenly at both ends, so that it stays centred.
            let reach = half.min(index).min(points.len() - 1 - index);
            (sums[index + reach + 1] - sums[index - reach]) / (2 * reach + 1) as f64
        })
        .collect()
}
