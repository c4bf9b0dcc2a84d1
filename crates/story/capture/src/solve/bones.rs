//! Segment directions → world rotations of the 22 bones, with gaps left open.
//!
//! Invariant: a bone's rotation carries its rest direction exactly onto the measured direction; the
//! turn about that direction comes from a second measured direction.

use super::anonymous::Cloud;
use super::centres::{Body, Side, Spots, Track, Turns, body, or, zip};
use super::labels::Matched;
use super::proportions::{Lengths, distance, fit, pair, stature_m};
use crate::rest::index_of;
use crate::spatial::{arc, heading_rad, rotation_between};
use backlot_geom::{HumanBone, MarkerTrajectories, Skeleton};
use glam::{DQuat, DVec3};

/// World rotations per bone (skeleton order) and frame; `None` where not measured.
pub(super) struct WorldTracks {
    pub skeleton: Skeleton,
    pub world_from_bone: Vec<Turns>,
    pub hips_in_world_m: Track,
    pub stature_m: f64,
    /// The pelvis was not measured; its turn is a guess from the trunk or the cloud.
    pub hips_assumed: bool,
}

/// `None` when the known labels measure no bone.
pub(super) fn measure(
    markers: &MarkerTrajectories,
    matched: &Matched,
    cloud: &Cloud,
) -> Option<WorldTracks> {
    let spots = Spots::new(markers, matched);
    let body = body(&spots);
    let frames = spots.frames;
    let middle = |a: &Track, b: &Track| zip(a, b, |a, b| (a + b) / 2.0);
    let hips = middle(&body.sides[0].hip, &body.sides[1].hip);
    let shoulders = middle(&body.sides[0].shoulder, &body.sides[1].shoulder);
    let (skeleton, scale) = fit(&lengths(&body, &hips, &shoulders), cloud.scale);
    let mut tracks = WorldTracks {
        skeleton,
        world_from_bone: vec![vec![None; frames]; HumanBone::ALL.len()],
        hips_in_world_m: vec![None; frames],
        stature_m: stature_m(scale),
        hips_assumed: false,
    };
    trunk(&mut tracks, &body, &hips, &shoulders);
    for side in &body.sides {
        leg(&mut tracks, &body, side);
        arm(&mut tracks, &body, side, &shoulders);
    }
    let measured = tracks.world_from_bone.iter().flatten().any(Option::is_some);
    if !measured {
        return None;
    }
    root(&mut tracks, &body, &hips, &shoulders, cloud);
    Some(tracks)
}

fn lengths(body: &Body, hips: &Track, shoulders: &Track) -> Lengths {
    let [left, right] = &body.sides;
    Lengths {
        thigh: pair(
            distance(&left.hip, &left.knee),
            distance(&right.hip, &right.knee),
        ),
        shank: pair(
            distance(&left.knee, &left.ankle),
            distance(&right.knee, &right.ankle),
        ),
        upper_arm: pair(
            distance(&left.shoulder, &left.elbow),
            distance(&right.shoulder, &right.elbow),
        ),
        forearm: pair(
            distance(&left.elbow, &left.wrist),
            distance(&right.elbow, &right.wrist),
        ),
        hip_to_hip: distance(&left.hip, &right.hip),
        shoulder_to_shoulder: distance(&left.shoulder, &right.shoulder),
        trunk: distance(hips, shoulders),
    }
}

fn set(tracks: &mut WorldTracks, bone: HumanBone, frame: usize, turn: Option<DQuat>) {
    tracks.world_from_bone[index_of(bone)][frame] = turn.filter(|turn| turn.is_finite());
}

fn trunk(tracks: &mut WorldTracks, body: &Body, hips: &Track, shoulders: &Track) {
    use HumanBone as B;
    for f in 0..hips.len() {
        let (pelvis, thorax, head) = (body.pelvis[f], body.thorax[f], body.head[f]);
        set(tracks, B::Hips, f, pelvis);
        set(tracks, B::UpperChest, f, thorax);
        set(tracks, B::Head, f, head);
        let halfway = |a: DQuat, b: DQuat| {
            let b = if a.dot(b) < 0.0 { -b } else { b };
            a.slerp(b, 0.5).normalize()
        };
        set(
            tracks,
            B::Neck,
            f,
            thorax.zip(head).map(|(thorax, head)| halfway(thorax, head)),
        );
        let between = match (pelvis, thorax) {
            (Some(pelvis), Some(thorax)) => Some(halfway(pelvis, thorax)),
            (one, None) | (None, one) => one,
        };
        let spine = between
            .zip(hips[f].zip(shoulders[f]))
            .and_then(|(between, (low, high))| {
                rotation_between(DVec3::Y, DVec3::Z, high - low, between * DVec3::Z)
            });
        set(tracks, B::Spine, f, spine);
        set(tracks, B::Chest, f, spine);
    }
}

fn leg(tracks: &mut WorldTracks, body: &Body, side: &Side) {
    use HumanBone as B;
    let (upper, lower, foot) = match side.sign > 0.0 {
        true => (B::LeftUpperLeg, B::LeftLowerLeg, B::LeftFoot),
        false => (B::RightUpperLeg, B::RightLowerLeg, B::RightFoot),
    };
    let toes = if side.sign > 0.0 {
        B::LeftToes
    } else {
        B::RightToes
    };
    let toe_at_rest = tracks.skeleton.joints[index_of(toes)].offset_in_parent_m;
    for f in 0..side.hip.len() {
        let axis = side.knee_axis[f].or_else(|| body.pelvis[f].map(|turn| turn * DVec3::X));
        let bone = |from: Option<DVec3>, to: Option<DVec3>| {
            rotation_between(DVec3::NEG_Y, DVec3::X, to? - from?, axis?)
        };
        set(tracks, upper, f, bone(side.hip[f], side.knee[f]));
        set(tracks, lower, f, bone(side.knee[f], side.ankle[f]));
        let up = side.knee[f]
            .zip(side.ankle[f])
            .map(|(knee, ankle)| knee - ankle);
        let along = |from: Option<DVec3>, rest: DVec3| {
            rotation_between(rest, DVec3::Y, side.toe[f]? - from?, up?)
        };
        let turn = along(side.heel[f], DVec3::Z).or_else(|| along(side.ankle[f], toe_at_rest));
        set(tracks, foot, f, turn);
    }
}

fn arm(tracks: &mut WorldTracks, body: &Body, side: &Side, shoulders: &Track) {
    use HumanBone as B;
    let [collar, upper, lower, hand] = match side.sign > 0.0 {
        true => [
            B::LeftShoulder,
            B::LeftUpperArm,
            B::LeftLowerArm,
            B::LeftHand,
        ],
        false => [
            B::RightShoulder,
            B::RightUpperArm,
            B::RightLowerArm,
            B::RightHand,
        ],
    };
    let out = DVec3::X * side.sign;
    // Elbow flexion axis of the resting arm: the forearm swings towards +Z.
    let flexion_at_rest = DVec3::NEG_Y * side.sign;
    for (f, middle) in shoulders.iter().enumerate() {
        let thorax = body.thorax[f];
        let swing =
            |direction: DVec3| thorax.map(|thorax| thorax * arc(out, thorax.inverse() * direction));
        let from_middle = side.shoulder[f]
            .zip(*middle)
            .map(|(end, middle)| end - middle);
        set(tracks, collar, f, from_middle.and_then(swing));
        let arm = side.shoulder[f]
            .zip(side.elbow[f])
            .map(|(from, to)| to - from);
        let forearm = side.elbow[f].zip(side.wrist[f]).map(|(from, to)| to - from);
        let seen = arm
            .zip(forearm)
            .and_then(|(arm, forearm)| Some(arm.try_normalize()?.cross(forearm.try_normalize()?)));
        let guess = arm
            .and_then(swing)
            .map(|turn| turn * flexion_at_rest * 0.15);
        let flexion = match (seen, guess) {
            (Some(seen), Some(guess)) => Some(seen + guess),
            (seen, guess) => seen.or(guess),
        };
        let turned = |direction: Option<DVec3>, hint_at_rest: DVec3, hint: Option<DVec3>| {
            rotation_between(out, hint_at_rest, direction?, hint?)
        };
        let swung = arm.map(|arm| swing(arm).unwrap_or_else(|| arc(out, arm)));
        let upper_turn = turned(arm, flexion_at_rest, flexion).or(swung);
        set(tracks, upper, f, upper_turn);
        let thumb = side.thumbward[f];
        let after = |parent: Option<DQuat>, direction: Option<DVec3>| {
            let parent = parent.unwrap_or_default();
            direction.map(|to| parent * arc(out, parent.inverse() * to))
        };
        let lower_turn = turned(forearm, DVec3::Z, thumb).or_else(|| after(upper_turn, forearm));
        set(tracks, lower, f, lower_turn);
        let palm = side.wrist[f]
            .zip(side.finger[f])
            .map(|(from, to)| to - from);
        set(
            tracks,
            hand,
            f,
            turned(palm, DVec3::Z, thumb).or_else(|| after(lower_turn, palm)),
        );
    }
}

/// Path of the hips: below the pelvis' own marks, else below the shoulders, else in the cloud.
fn root(tracks: &mut WorldTracks, body: &Body, hips: &Track, shoulders: &Track, cloud: &Cloud) {
    let hips_turns = index_of(HumanBone::Hips);
    tracks.hips_assumed = tracks.world_from_bone[hips_turns]
        .iter()
        .all(Option::is_none);
    let offset = |bone: HumanBone| tracks.skeleton.joints[index_of(bone)].offset_in_parent_m;
    let leg_root = DVec3::Y * offset(HumanBone::LeftUpperLeg).y;
    let chest = offset(HumanBone::Spine) + offset(HumanBone::Chest) + offset(HumanBone::UpperChest);
    let neck_base = chest + DVec3::Y * offset(HumanBone::LeftShoulder).y;
    for (f, middle) in hips.iter().enumerate() {
        if tracks.hips_assumed {
            let heading = body.thorax[f]
                .or(body.head[f])
                .map_or(cloud.heading_rad[f], heading_rad);
            tracks.world_from_bone[hips_turns][f] = Some(DQuat::from_rotation_y(heading));
        }
        let turn = tracks.world_from_bone[hips_turns][f].unwrap_or_default();
        tracks.hips_in_world_m[f] = middle.map(|middle| middle - turn * leg_root);
    }
    let by_pelvis = tracks.hips_in_world_m.iter().any(Option::is_some);
    let spine = &tracks.world_from_bone[index_of(HumanBone::Spine)];
    let by_trunk: Track = (0..hips.len())
        .map(|f| {
            let turn = spine[f].or(body.thorax[f]).unwrap_or_default();
            Some(shoulders[f]? - turn * neck_base)
        })
        .collect();
    if by_pelvis {
        return;
    }
    let by_cloud: Track = cloud.hips_in_world_m.iter().copied().map(Some).collect();
    let measured = by_trunk.iter().any(Option::is_some);
    tracks.hips_in_world_m = if measured {
        by_trunk
    } else {
        or(by_trunk, &by_cloud)
    };
}

/// Fills the gaps of a track: between two values by `blend`, at the ends by holding. Returns the
/// count of runs and of frames filled. A track without any value stays empty.
pub(super) fn bridge<T: Copy>(
    track: &mut [Option<T>],
    blend: impl Fn(T, T, f64) -> T,
) -> (usize, usize) {
    let (mut runs, mut filled) = (0, 0);
    let known: Vec<usize> = (0..track.len()).filter(|f| track[*f].is_some()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return (0, 0);
    };
    for (from, to, source) in [(0, *first, *first), (*last + 1, track.len(), *last)] {
        if from < to {
            let held = track[source];
            track[from..to].fill(held);
            runs += 1;
            filled += to - from;
        }
    }
    for pair in known.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        if to - from < 2 {
            continue;
        }
        if let (Some(a), Some(b)) = (track[from], track[to]) {
            for (k, missing) in track[from + 1..to].iter_mut().enumerate() {
                *missing = Some(blend(a, b, (k + 1) as f64 / (to - from) as f64));
            }
        }
        runs += 1;
        filled += to - from - 1;
    }
    (runs, filled)
}
