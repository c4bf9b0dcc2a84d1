//! Markers → motion of the 22-bone human, scaled to the performer.
//!
//! Words: a *centre* is a joint's centre of rotation; a segment is *held* when nothing measured it
//! and it keeps its rest pose relative to its parent; a *gap* is a run of frames without a
//! measurement between measured ones.
//! Invariant: any take with at least one visible marker gives a motion, and the report says which
//! of its bones were measured.
//! Sources: Davis et al., Hum. Mov. Sci. 10, 1991 (marker set); Harrington et al., J. Biomech. 40,
//! 2007 (hip centres); Horn 1987 (rigid segments).

mod anonymous;
mod bones;
mod centres;
mod cluster;
mod labels;
mod proportions;

use crate::rest::{human_skeleton, index_of};
use crate::spatial::make_continuous;
use backlot_geom::{HumanBone, MarkerTrajectories, Motion, Skeleton};
use bones::WorldTracks;
use glam::{DQuat, DVec3};
use serde::{Deserialize, Serialize};

/// How the motion was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SolveMethod {
    /// Known labels: rigid segments and joint centres.
    LabelledSegments,
    /// No known label: the root follows the cloud's middle, its heading the way it travels; no
    /// limb was measured.
    AnonymousCloud,
}

/// What the solver measured and what it assumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SolveReport {
    pub method: SolveMethod,
    /// Bones with at least one measured frame, in skeleton order.
    pub segments_solved: Vec<HumanBone>,
    /// Bones that keep their rest pose relative to their parent, in skeleton order.
    pub segments_held: Vec<HumanBone>,
    /// Labels of the file that named no known marker, in file order.
    pub labels_unmatched: Vec<String>,
    /// Runs of unmeasured frames that were bridged (or held at the ends), over all bones.
    pub gaps_filled: usize,
    /// Frames in those runs.
    pub gap_frames: usize,
    /// Estimated or assumed stature of the performer.
    pub stature_m: f64,
}

/// A solved take.
#[derive(Debug, Clone, PartialEq)]
pub struct SolvedTake {
    pub motion: Motion,
    pub report: SolveReport,
    pub warnings: Vec<String>,
}

/// Why markers cannot be solved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    #[error("the take has no marker; record or export it with 3D points")]
    NoMarkers,
    #[error("the take has no frame; export it again")]
    NoFrames,
    #[error("none of the {markers} markers is visible in any of the {frames} frames")]
    NothingVisible { markers: usize, frames: usize },
    #[error("{found} positions do not make whole frames of {markers} markers")]
    Shape { found: usize, markers: usize },
    #[error("the frame rate is not a positive number")]
    FrameRate,
}

/// Solves one performer.
///
/// # Errors
/// `SolveError` when there is no marker, no frame, or nothing visible.
pub fn from_markers(markers: &MarkerTrajectories) -> Result<SolvedTake, SolveError> {
    let columns = markers.labels.len();
    if columns == 0 {
        return Err(SolveError::NoMarkers);
    }
    let found = markers.point_in_world_m.len();
    if found == 0 {
        return Err(SolveError::NoFrames);
    }
    if !found.is_multiple_of(columns) {
        return Err(SolveError::Shape {
            found,
            markers: columns,
        });
    }
    if !(markers.frame_rate_hz.is_finite() && markers.frame_rate_hz > 0.0) {
        return Err(SolveError::FrameRate);
    }
    let clean = without_origin(markers);
    if !clean.point_in_world_m.iter().any(Option::is_some) {
        return Err(SolveError::NothingVisible {
            markers: columns,
            frames: markers.frames(),
        });
    }
    let matched = labels::match_labels(&clean.labels);
    let cloud = anonymous::follow(&clean);
    let mut warnings = Vec::new();
    let tracks = bones::measure(&clean, &matched, &cloud);
    let Some(tracks) = tracks else {
        let text = "the labels measure no body segment; only the root follows the cloud of markers";
        warnings.push(text.to_owned());
        return Ok(follow_only(&clean, &cloud, warnings));
    };
    Ok(assemble(&clean, tracks, matched.unmatched, warnings))
}

/// Exporters write lost markers as an exact 0 0 0; no real marker measures that.
fn without_origin(markers: &MarkerTrajectories) -> MarkerTrajectories {
    let seen = |point: &Option<DVec3>| {
        point.filter(|place| place.is_finite() && place.abs().max_element() > 1e-12)
    };
    MarkerTrajectories {
        labels: markers.labels.clone(),
        frame_rate_hz: markers.frame_rate_hz,
        point_in_world_m: markers.point_in_world_m.iter().map(seen).collect(),
    }
}

fn follow_only(
    markers: &MarkerTrajectories,
    cloud: &anonymous::Cloud,
    warnings: Vec<String>,
) -> SolvedTake {
    let skeleton = human_skeleton(cloud.scale);
    let joints = skeleton.joints.len();
    let mut rotations = vec![DQuat::IDENTITY; markers.frames() * joints];
    for (frame, heading) in cloud.heading_rad.iter().enumerate() {
        rotations[frame * joints] = DQuat::from_rotation_y(*heading);
    }
    make_continuous(&mut rotations, joints);
    let motion = Motion {
        skeleton,
        frame_rate_hz: markers.frame_rate_hz,
        root_in_world_m: cloud.hips_in_world_m.clone(),
        parent_from_joint: rotations,
    };
    let report = SolveReport {
        method: SolveMethod::AnonymousCloud,
        segments_solved: vec![HumanBone::Hips],
        segments_held: HumanBone::ALL[1..].to_vec(),
        labels_unmatched: markers.labels.clone(),
        gaps_filled: cloud.gaps_filled,
        gap_frames: cloud.gap_frames,
        stature_m: crate::rest::STATURE_M * cloud.scale,
    };
    SolvedTake {
        motion,
        report,
        warnings,
    }
}

/// World rotations with gaps → local rotations without.
fn assemble(
    markers: &MarkerTrajectories,
    mut tracks: WorldTracks,
    labels_unmatched: Vec<String>,
    mut warnings: Vec<String>,
) -> SolvedTake {
    let frames = markers.frames();
    let mut report = SolveReport {
        method: SolveMethod::LabelledSegments,
        segments_solved: Vec::new(),
        segments_held: Vec::new(),
        labels_unmatched,
        gaps_filled: 0,
        gap_frames: 0,
        stature_m: tracks.stature_m,
    };
    for bone in HumanBone::ALL {
        let track = &mut tracks.world_from_bone[index_of(bone)];
        if track.iter().all(Option::is_none) {
            report.segments_held.push(bone);
            continue;
        }
        if bone == HumanBone::Hips && tracks.hips_assumed {
            report.segments_held.push(bone);
        } else {
            report.segments_solved.push(bone);
        }
        let (runs, missing) = bones::bridge(track, |a, b, t| {
            let b = if a.dot(b) < 0.0 { -b } else { b };
            a.slerp(b, t).normalize()
        });
        report.gaps_filled += runs;
        report.gap_frames += missing;
    }
    bones::bridge(&mut tracks.hips_in_world_m, |a, b, t| a.lerp(b, t));
    let local = locals(&tracks, &tracks.skeleton, frames);
    if !report.segments_solved.contains(&HumanBone::Hips) {
        warnings.push("the pelvis was not measured; it stands below what was".to_owned());
    }
    let root_in_world_m = tracks
        .hips_in_world_m
        .iter()
        .map(|p| p.unwrap_or_default())
        .collect();
    let motion = Motion {
        skeleton: tracks.skeleton,
        frame_rate_hz: markers.frame_rate_hz,
        root_in_world_m,
        parent_from_joint: local,
    };
    SolvedTake {
        motion,
        report,
        warnings,
    }
}

fn locals(tracks: &WorldTracks, skeleton: &Skeleton, frames: usize) -> Vec<DQuat> {
    let joints = skeleton.joints.len();
    let mut local = Vec::with_capacity(frames * joints);
    let mut world = vec![DQuat::IDENTITY; joints];
    for frame in 0..frames {
        for (index, joint) in skeleton.joints.iter().enumerate() {
            let parent = joint.parent.map_or(DQuat::IDENTITY, |parent| world[parent]);
            world[index] = tracks.world_from_bone[index][frame].unwrap_or(parent);
            local.push((parent.inverse() * world[index]).normalize());
        }
    }
    make_continuous(&mut local, joints);
    local
}
