//! Rigid body frames (pelvis, thorax, head) and joint centres of every frame, from markers.
//!
//! Body frames: X left, Y up, Z ahead of the segment. Sources: Harrington et al., J. Biomech. 40,
//! 2007 (hip centres from pelvis width and depth); Davis et al., Hum. Mov. Sci. 10, 1991 (offsets
//! from lateral markers).

use super::cluster::Cluster;
use super::labels::{Matched, Spot};
use crate::spatial::{basis, median};
use backlot_geom::MarkerTrajectories;
use glam::{DMat3, DQuat, DVec3};
use std::collections::BTreeMap;

pub(super) type Track = Vec<Option<DVec3>>;
pub(super) type Turns = Vec<Option<DQuat>>;

/// Lateral marker to joint centre, metres: half the joint's width and the marker's radius.
const KNEE_OFFSET_M: f64 = 0.055;
const ANKLE_OFFSET_M: f64 = 0.045;
const ELBOW_OFFSET_M: f64 = 0.040;
/// Acromion marker down to the shoulder's centre.
const SHOULDER_DROP_M: f64 = 0.045;

/// One side of the body; spots not in the file are all `None`.
pub(super) struct Side {
    /// +1 left, −1 right.
    pub sign: f64,
    pub hip: Track,
    pub knee: Track,
    pub ankle: Track,
    pub heel: Track,
    pub toe: Track,
    pub shoulder: Track,
    pub elbow: Track,
    pub wrist: Track,
    pub finger: Track,
    /// Little-finger side to thumb side of the wrist.
    pub thumbward: Track,
    /// Left-pointing axis of the knee.
    pub knee_axis: Track,
}

/// Everything measured, per frame.
pub(super) struct Body {
    pub pelvis: Turns,
    pub thorax: Turns,
    pub head: Turns,
    /// Left, right.
    pub sides: [Side; 2],
}

/// Tracks by spot.
pub(super) struct Spots {
    tracks: BTreeMap<Spot, Track>,
    pub frames: usize,
}

impl Spots {
    pub fn new(markers: &MarkerTrajectories, matched: &Matched) -> Self {
        let columns = markers.labels.len();
        let column = |at: usize| {
            markers
                .point_in_world_m
                .iter()
                .skip(at)
                .step_by(columns)
                .copied()
                .collect::<Track>()
        };
        let tracks = matched
            .columns
            .iter()
            .map(|(spot, at)| (*spot, column(*at)))
            .collect();
        Self {
            tracks,
            frames: markers.frames(),
        }
    }

    fn get(&self, spot: &str) -> Track {
        self.tracks
            .get(spot)
            .cloned()
            .unwrap_or_else(|| vec![None; self.frames])
    }

    fn sided(&self, sign: f64, stem: &str) -> Track {
        self.get(&format!("{}{stem}", if sign > 0.0 { "L" } else { "R" }))
    }
}

pub(super) fn zip(a: &Track, b: &Track, join: impl Fn(DVec3, DVec3) -> DVec3) -> Track {
    a.iter()
        .zip(b)
        .map(|(a, b)| Some(join((*a)?, (*b)?)))
        .collect()
}

pub(super) fn or(first: Track, second: &Track) -> Track {
    first
        .into_iter()
        .zip(second)
        .map(|(first, second)| first.or(*second))
        .collect()
}

fn mid(a: &Track, b: &Track) -> Track {
    zip(a, b, |a, b| (a + b) / 2.0)
}

/// A rigid group with its anatomical axes.
struct Segment {
    turns: Turns,
    /// Poses of the shape, `world_from_shape`.
    poses: Vec<Option<(DQuat, DVec3)>>,
    shape: BTreeMap<Spot, DVec3>,
    shape_from_segment: DMat3,
}

/// Which spots lie where in a segment.
struct Anatomy {
    spots: &'static [Spot],
    left: &'static [(Spot, Spot)],
    front: &'static [Spot],
    back: &'static [Spot],
    top: &'static [Spot],
    bottom: &'static [Spot],
}

const PELVIS: Anatomy = Anatomy {
    spots: &["LASI", "RASI", "LPSI", "RPSI", "SACR"],
    left: &[("LASI", "RASI"), ("LPSI", "RPSI")],
    front: &["LASI", "RASI"],
    back: &["LPSI", "RPSI", "SACR"],
    top: &[],
    bottom: &[],
};
const THORAX: Anatomy = Anatomy {
    spots: &["C7", "T10", "CLAV", "STRN"],
    left: &[],
    front: &["CLAV", "STRN"],
    back: &["C7", "T10"],
    top: &["C7", "CLAV"],
    bottom: &["T10", "STRN"],
};
const HEAD: Anatomy = Anatomy {
    spots: &["LFHD", "RFHD", "LBHD", "RBHD"],
    left: &[("LFHD", "RFHD"), ("LBHD", "RBHD")],
    front: &["LFHD", "RFHD"],
    back: &["LBHD", "RBHD"],
    top: &[],
    bottom: &[],
};

fn segment(spots: &Spots, anatomy: &Anatomy) -> Option<Segment> {
    let tracks: Vec<Track> = anatomy.spots.iter().map(|spot| spots.get(spot)).collect();
    let cluster = Cluster::learn(&tracks)?;
    let shape: BTreeMap<Spot, DVec3> = anatomy
        .spots
        .iter()
        .zip(&cluster.shape_m)
        .filter_map(|(spot, place)| Some((*spot, (*place)?)))
        .collect();
    let mean = |names: &[Spot]| {
        let seen: Vec<DVec3> = names
            .iter()
            .filter_map(|name| shape.get(name))
            .copied()
            .collect();
        (!seen.is_empty()).then(|| seen.iter().sum::<DVec3>() / seen.len() as f64)
    };
    let left: DVec3 = anatomy
        .left
        .iter()
        .filter_map(|(left, right)| Some(*shape.get(left)? - *shape.get(right)?))
        .sum();
    let ahead = mean(anatomy.front)
        .zip(mean(anatomy.back))
        .map(|(front, back)| front - back)?;
    let axes = match mean(anatomy.top).zip(mean(anatomy.bottom)) {
        // Y first, then Z in their plane.
        Some((top, bottom)) => basis(top - bottom, ahead)
            .map(|m| DMat3::from_cols(m.x_axis.cross(m.y_axis), m.x_axis, m.y_axis)),
        // X first, then Z in their plane; Y = Z × X.
        None => basis(left, ahead)
            .map(|m| DMat3::from_cols(m.x_axis, m.y_axis.cross(m.x_axis), m.y_axis)),
    }?;
    let poses: Vec<Option<(DQuat, DVec3)>> = (0..spots.frames)
        .map(|frame| {
            let seen: Vec<Option<DVec3>> = tracks.iter().map(|track| track[frame]).collect();
            cluster.pose(&seen)
        })
        .collect();
    let shape_from_segment = DQuat::from_mat3(&axes);
    let turns = poses
        .iter()
        .map(|pose| pose.map(|(rotation, _)| (rotation * shape_from_segment).normalize()))
        .collect();
    Some(Segment {
        turns,
        poses,
        shape,
        shape_from_segment: axes,
    })
}

/// Measured or, failing that, absent.
pub(super) fn body(spots: &Spots) -> Body {
    let none: Turns = vec![None; spots.frames];
    let pelvis = segment(spots, &PELVIS);
    let thorax = segment(spots, &THORAX).map_or_else(|| none.clone(), |segment| segment.turns);
    let head = segment(spots, &HEAD).map_or_else(|| none.clone(), |segment| segment.turns);
    let hips = pelvis.as_ref().and_then(hip_centres);
    let pelvis = pelvis.map_or(none, |segment| segment.turns);
    let sides = [1.0, -1.0].map(|sign| {
        let from_pelvis = hips
            .as_ref()
            .map(|[left, right]| if sign > 0.0 { left } else { right });
        side(spots, sign, from_pelvis, &pelvis, &thorax)
    });
    let mut body = Body {
        pelvis,
        thorax,
        head,
        sides,
    };
    from_centres(spots, &mut body);
    level(&mut body.pelvis, 20.0);
    level(&mut body.head, 25.0);
    body
}

/// Harrington 2007, equations from pelvis width and depth, in the pelvis frame from the middle of
/// the ASIS markers.
fn hip_centres(pelvis: &Segment) -> Option<[Track; 2]> {
    let at = |spot: &str| pelvis.shape.get(spot).copied();
    let (left, right) = (at("LASI")?, at("RASI")?);
    let back = match (at("LPSI"), at("RPSI"), at("SACR")) {
        (Some(left), Some(right), _) => (left + right) / 2.0,
        (_, _, Some(middle)) => middle,
        (Some(one), ..) | (_, Some(one), _) => one,
        _ => return None,
    };
    let front = (left + right) / 2.0;
    let (width, depth) = (left.distance(right), front.distance(back));
    let centre = |sign: f64| {
        let in_pelvis = DVec3::new(
            sign * (0.33 * width + 0.0073),
            -0.30 * width - 0.0109,
            -0.24 * depth - 0.0099,
        );
        let in_shape = front + pelvis.shape_from_segment * in_pelvis;
        pelvis
            .poses
            .iter()
            .map(|pose| pose.map(|(turn, shift)| turn * in_shape + shift))
            .collect()
    };
    Some([centre(1.0), centre(-1.0)])
}

fn side(spots: &Spots, sign: f64, hip: Option<&Track>, pelvis: &Turns, thorax: &Turns) -> Side {
    let get = |stem: &str| spots.sided(sign, stem);
    let hip = match hip {
        Some(hip) => or(get("HJC"), hip),
        None => get("HJC"),
    };
    let knee_lateral = get("KNE");
    let ankle_lateral = get("ANK");
    let (knee_out, ankle_out) = (
        or(get("KJC"), &knee_lateral),
        or(get("AJC"), &ankle_lateral),
    );
    let knee_axis = knee_axes(&hip, &knee_out, &ankle_out, pelvis);
    let shifted = |lateral: &Track, upper: &Track, distance: f64| -> Track {
        (0..spots.frames)
            .map(|f| {
                let (place, from, axis) = (lateral[f]?, upper[f], knee_axis[f]);
                let Some(axis) = axis else { return Some(place) };
                let along = from.and_then(|from| (place - from).try_normalize());
                let along = along.unwrap_or(DVec3::NEG_Y);
                let across = (axis - along * axis.dot(along)).try_normalize()?;
                Some(place - across * (sign * distance))
            })
            .collect()
    };
    let knee = or(get("KJC"), &mid(&knee_lateral, &get("KNM")));
    let knee = or(knee, &shifted(&knee_lateral, &hip, KNEE_OFFSET_M));
    let ankle = or(get("AJC"), &mid(&ankle_lateral, &get("ANM")));
    let ankle = or(ankle, &shifted(&ankle_lateral, &knee, ANKLE_OFFSET_M));
    let acromion = get("SHO");
    let drop = |f: usize| thorax[f].map_or(DVec3::NEG_Y, |turn| turn * DVec3::NEG_Y);
    let dropped = (0..spots.frames)
        .map(|f| Some(acromion[f]? + drop(f) * SHOULDER_DROP_M))
        .collect();
    let shoulder = or(get("SJC"), &dropped);
    let (thumb, little) = (get("WRA"), get("WRB"));
    let wrist = or(get("WJC"), &mid(&thumb, &little));
    let wrist = or(or(or(wrist, &get("WRI")), &thumb), &little);
    let elbow = or(get("EJC"), &mid(&get("ELB"), &get("ELM")));
    let elbow = or(elbow, &elbows(&shoulder, &get("ELB"), &wrist, sign));
    let toe = or(or(get("TOE"), &mid(&get("MT1"), &get("MT5"))), &get("MT5"));
    Side {
        sign,
        hip,
        knee,
        ankle,
        heel: get("HEE"),
        toe,
        shoulder,
        elbow,
        wrist,
        finger: or(get("FIN"), &get("HANDC")),
        thumbward: zip(&thumb, &little, |thumb, little| thumb - little),
        knee_axis,
    }
}

/// Left-pointing flexion axis: the pelvis' own axis for a straight leg, the normal of thigh and
/// shank for a bent one, blended between 12° and 37° of flexion.
fn knee_axes(hip: &Track, knee: &Track, ankle: &Track, pelvis: &Turns) -> Track {
    (0..hip.len())
        .map(|f| {
            let across = pelvis[f].map(|turn| turn * DVec3::X);
            let bent = || {
                let thigh = (knee[f]? - hip[f]?).try_normalize()?;
                let shank = (ankle[f]? - knee[f]?).try_normalize()?;
                Some(thigh.cross(shank))
            };
            let Some(normal) = bent() else { return across };
            let sine = normal.length();
            let Some(across) = across else {
                return (sine > 0.2).then(|| normal / sine);
            };
            if sine < 0.2 || normal.dot(across) < 0.0 {
                return Some(across);
            }
            let t = ((sine - 0.2) / 0.4).clamp(0.0, 1.0);
            let weight = t * t * (3.0 - 2.0 * t);
            (across * (1.0 - weight) + normal / sine * weight).try_normalize()
        })
        .collect()
}

/// Elbow centre beside the lateral marker, along the flexion axis; the shift fades out as the arm
/// straightens, where the axis cannot be seen.
fn elbows(shoulder: &Track, lateral: &Track, wrist: &Track, sign: f64) -> Track {
    (0..lateral.len())
        .map(|f| {
            let place = lateral[f]?;
            let normal = || {
                let upper = (place - shoulder[f]?).try_normalize()?;
                let fore = (wrist[f]? - place).try_normalize()?;
                Some(upper.cross(fore))
            };
            let Some(normal) = normal() else {
                return Some(place);
            };
            let sine = normal.length();
            Some(place + normal * (sign * ELBOW_OFFSET_M / sine.max(0.35)))
        })
        .collect()
}

/// Pelvis and thorax from joint centres where no rigid group was seen.
fn from_centres(spots: &Spots, body: &mut Body) {
    let [left, right] = &body.sides;
    let neck = or(spots.get("NECKC"), &mid(&left.shoulder, &right.shoulder));
    let waist = or(mid(&left.hip, &right.hip), &spots.get("PELVC"));
    let upright = |left: DVec3, up: DVec3| {
        let m = basis(left, up)?;
        let axes = DMat3::from_cols(m.x_axis, m.y_axis, m.x_axis.cross(m.y_axis));
        Some(DQuat::from_mat3(&axes).normalize())
    };
    for f in 0..spots.frames {
        let trunk = neck[f].zip(waist[f]).map(|(neck, waist)| neck - waist);
        if body.pelvis[f].is_none()
            && let (Some(l), Some(r)) = (left.hip[f], right.hip[f])
        {
            body.pelvis[f] = upright(l - r, trunk.unwrap_or(DVec3::Y));
        }
        if body.thorax[f].is_none()
            && let (Some(l), Some(r)) = (left.shoulder[f], right.shoulder[f])
        {
            body.thorax[f] = upright(l - r, trunk.unwrap_or(DVec3::Y));
        }
    }
}

/// Takes the mounting tilt out: the median pitch over the take, at most `limit_deg`, is called
/// level. The front of a pelvis or a head band is seldom exactly as high as its back.
fn level(turns: &mut Turns, limit_deg: f64) {
    let pitch: Vec<f64> = turns
        .iter()
        .flatten()
        .map(|turn| (*turn * DVec3::Z).y.clamp(-1.0, 1.0).asin())
        .collect();
    let Some(tilt) = median(&pitch).filter(|tilt| tilt.abs() < 1.0) else {
        return;
    };
    let limit = limit_deg.to_radians();
    let correction = DQuat::from_rotation_x(tilt.clamp(-limit, limit));
    for turn in turns.iter_mut().flatten() {
        *turn = (*turn * correction).normalize();
    }
}
