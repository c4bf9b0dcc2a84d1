//! The character with its motion: one GLB that plays anywhere glTF 2.0 does.
//!
//! Invariant: one key per frame; neighbouring rotations lie on one hemisphere, so that linear
//! interpolation never takes the long way. Source: glTF 2.0, 3.11 (animations).

use backlot_geom::glam::DQuat;
use backlot_geom::{HumanBone, Motion};
use serde_json::{Value, json};

use crate::character::Character;
use crate::expression::{Expression, blink_at};
use crate::glb::{self, FACE_NODE, Packer};

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ClipError {
    #[error("the motion has {joints} joints, the character 22; retarget the motion first")]
    NotRetargeted { joints: usize },
    #[error("the motion has no frame")]
    NoFrames,
}

/// Character and motion as GLB, with the VRM extension and a blink track.
///
/// `motion` must be on the character's own 22 bones (see [`crate::retarget()`]).
///
/// # Errors
/// A motion that is not on the character's bones, or has no frame.
pub fn write_clip(character: &Character, motion: &Motion) -> Result<Vec<u8>, ClipError> {
    let joints = motion.skeleton.joints.len();
    if joints != HumanBone::ALL.len() {
        return Err(ClipError::NotRetargeted { joints });
    }
    if motion.frames() == 0 {
        return Err(ClipError::NoFrames);
    }
    let mut packer = Packer::default();
    let mut document = glb::character_document(character, &mut packer);
    document["animations"] = json!([animation(character, motion, &mut packer)]);
    Ok(packer.finish(document))
}

fn animation(character: &Character, motion: &Motion, packer: &mut Packer) -> Value {
    let frames = motion.frames();
    let times: Vec<[f32; 1]> = (0..frames)
        .map(|frame| [(frame as f64 / motion.frame_rate_hz) as f32])
        .collect();
    let input = packer.floats(&times, None, true);
    let mut samplers = Vec::new();
    let mut channels = Vec::new();
    let mut track = |output: usize, node: usize, path: &str| {
        channels.push(json!({
            "sampler": samplers.len(), "target": {"node": node, "path": path}
        }));
        samplers.push(json!({"input": input, "interpolation": "LINEAR", "output": output}));
    };
    let path: Vec<[f32; 3]> = motion
        .root_in_world_m
        .iter()
        .map(|point| point.as_vec3().to_array())
        .collect();
    track(packer.floats(&path, None, false), 0, "translation");
    for joint in 0..HumanBone::ALL.len() {
        track(
            packer.floats(&rotations(motion, joint), None, false),
            joint,
            "rotation",
        );
    }
    let weights: Vec<[f32; 1]> = (0..frames)
        .flat_map(|frame| {
            let closed = blink_at(frame as f64 / motion.frame_rate_hz, character.settings.seed);
            Expression::ALL.map(|e| [if e == Expression::Blink { closed } else { 0.0 }])
        })
        .collect();
    track(packer.floats(&weights, None, false), FACE_NODE, "weights");
    json!({"name": "performance", "samplers": samplers, "channels": channels})
}

fn rotations(motion: &Motion, joint: usize) -> Vec<[f32; 4]> {
    let mut last = DQuat::IDENTITY;
    (0..motion.frames())
        .map(|frame| {
            let turn = motion.frame(frame)[joint].normalize();
            last = if last.dot(turn) < 0.0 { -turn } else { turn };
            let unit = last.as_quat().normalize();
            unit.to_array()
        })
        .collect()
}
