//! A cloud of markers without known names: where it is and which way it travels.
//!
//! The middle is the per-axis median of the visible markers, smoothed over a third of a second, so
//! single ghosts and blinking markers do not pull it. Heading follows travel; a cloud that stays is
//! turned so that its longest horizontal axis lies left to right.

use crate::rest::{HIPS_HEIGHT_M, STATURE_M};
use crate::spatial::median;
use backlot_geom::MarkerTrajectories;
use glam::{DVec2, DVec3};
use std::f64::consts::{PI, TAU};

/// Travel that shows a direction, metres.
const TRAVEL_MIN_M: f64 = 0.25;

/// One entry per frame.
pub(super) struct Cloud {
    pub hips_in_world_m: Vec<DVec3>,
    pub heading_rad: Vec<f64>,
    /// Of the rest skeleton.
    pub scale: f64,
    pub gaps_filled: usize,
    pub gap_frames: usize,
}

pub(super) fn follow(markers: &MarkerTrajectories) -> Cloud {
    let frames = markers.frames();
    let mut middle: Vec<Option<DVec3>> = (0..frames).map(|f| middle_of(markers.frame(f))).collect();
    let (gaps_filled, gap_frames) = super::bones::bridge(&mut middle, |a, b, t| a.lerp(b, t));
    let middle: Vec<DVec3> = middle.into_iter().map(Option::unwrap_or_default).collect();
    let reach = (markers.frame_rate_hz / 6.0).round().clamp(0.0, 5_000.0) as usize;
    let middle = smooth(&middle, reach);
    let (scale, floor) = size(markers);
    let mean_height = middle.iter().map(|place| place.y).sum::<f64>() / frames.max(1) as f64;
    let hips_in_world_m = middle
        .iter()
        .map(|place| {
            // Legs are not measured, so only a rise is followed; a sink would push the feet down.
            let sway = (place.y - mean_height).clamp(0.0, 0.5);
            DVec3::new(place.x, floor + HIPS_HEIGHT_M * scale + sway, place.z)
        })
        .collect();
    let heading_rad = headings(markers, &middle);
    Cloud {
        hips_in_world_m,
        heading_rad,
        scale,
        gaps_filled,
        gap_frames,
    }
}

fn middle_of(points: &[Option<DVec3>]) -> Option<DVec3> {
    let axis = |axis: usize| {
        let values: Vec<f64> = points.iter().flatten().map(|place| place[axis]).collect();
        median(&values)
    };
    Some(DVec3::new(axis(0)?, axis(1)?, axis(2)?))
}

/// Running mean over `reach` frames to both sides (fewer at the ends).
fn smooth(path: &[DVec3], reach: usize) -> Vec<DVec3> {
    let mut sums = vec![DVec3::ZERO];
    let mut sum = DVec3::ZERO;
    for place in path {
        sum += *place;
        sums.push(sum);
    }
    (0..path.len())
        .map(|k| {
            let side = reach.min(k).min(path.len() - 1 - k);
            (sums[k + side + 1] - sums[k - side]) / (2 * side + 1) as f64
        })
        .collect()
}

/// Scale of the body and height of the floor, from the vertical extent of a typical frame.
fn size(markers: &MarkerTrajectories) -> (f64, f64) {
    let step = markers.frames().div_ceil(256).max(1);
    let mut highs = Vec::new();
    let mut lows = Vec::new();
    for frame in (0..markers.frames()).step_by(step) {
        let heights: Vec<f64> = markers.frame(frame).iter().flatten().map(|p| p.y).collect();
        if heights.len() >= 4 {
            highs.push(heights.iter().copied().fold(f64::MIN, f64::max));
            lows.push(heights.iter().copied().fold(f64::MAX, f64::min));
        }
    }
    let (Some(high), Some(low)) = (median(&highs), median(&lows)) else {
        return (1.0, 0.0);
    };
    let stature = high - low;
    if (1.45..=2.2).contains(&stature) {
        (stature / STATURE_M, low)
    } else {
        (1.0, low)
    }
}

fn headings(markers: &MarkerTrajectories, middle: &[DVec3]) -> Vec<f64> {
    let reach = (markers.frame_rate_hz * 0.75).round().clamp(1.0, 20_000.0) as usize;
    let mut headings: Vec<Option<f64>> = (0..middle.len())
        .map(|k| {
            let (from, to) = (k.saturating_sub(reach), (k + reach).min(middle.len() - 1));
            let travel = middle[to] - middle[from];
            (travel.x.hypot(travel.z) > TRAVEL_MIN_M).then(|| travel.x.atan2(travel.z))
        })
        .collect();
    if headings.iter().all(Option::is_none) {
        let still = facing_of_shape(markers);
        return vec![still; middle.len()];
    }
    super::bones::bridge(&mut headings, |a, b, t| {
        let turn = (b - a + PI).rem_euclid(TAU) - PI;
        a + turn * t
    });
    headings
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}

/// Across the longest horizontal axis of the cloud, towards +Z.
fn facing_of_shape(markers: &MarkerTrajectories) -> f64 {
    let step = markers.frames().div_ceil(64).max(1);
    let (mut xx, mut xz, mut zz) = (0.0, 0.0, 0.0);
    for frame in (0..markers.frames()).step_by(step) {
        let points = markers.frame(frame);
        let Some(middle) = middle_of(points) else {
            continue;
        };
        for place in points.iter().flatten() {
            let arm = DVec2::new(place.x - middle.x, place.z - middle.z);
            xx += arm.x * arm.x;
            xz += arm.x * arm.y;
            zz += arm.y * arm.y;
        }
    }
    let across = 0.5 * (2.0 * xz).atan2(xx - zz);
    let ahead = DVec2::new(-across.sin(), across.cos());
    let ahead = if ahead.y < 0.0 { -ahead } else { ahead };
    ahead.x.atan2(ahead.y)
}
