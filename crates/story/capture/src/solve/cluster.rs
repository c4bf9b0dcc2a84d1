//! A rigid group of markers: its shape, its pose in each frame, and markers it can replace.

use crate::spatial::rigid_fit;
use glam::{DQuat, DVec3};

/// Frames looked at when the shape is learnt.
const LEARN_FRAMES_MAX: usize = 200;
/// A marker farther from its place in the shape than this is a wrong label in that frame.
const STRAY_MAX_M: f64 = 0.08;

/// The shape of a group: positions in the frame of one recorded moment; `None` where the marker
/// was never seen together with three others.
pub(super) struct Cluster {
    pub shape_m: Vec<Option<DVec3>>,
}

impl Cluster {
    /// Learns the shape from `tracks`, one per marker, each with one entry per frame. `None` when
    /// no frame shows three of them.
    pub fn learn(tracks: &[Vec<Option<DVec3>>]) -> Option<Self> {
        let frames = tracks.first()?.len();
        let visible = |f: usize| tracks.iter().filter(|track| track[f].is_some()).count();
        let reference = (0..frames).max_by_key(|f| (visible(*f), usize::MAX - f))?;
        if visible(reference) < 3 {
            return None;
        }
        let mut shape_m: Vec<Option<DVec3>> = tracks.iter().map(|track| track[reference]).collect();
        let step = frames.div_ceil(LEARN_FRAMES_MAX).max(1);
        for _round in 0..2 {
            let mut samples: Vec<Vec<DVec3>> = vec![Vec::new(); tracks.len()];
            for frame in (0..frames).step_by(step) {
                let seen: Vec<Option<DVec3>> = tracks.iter().map(|track| track[frame]).collect();
                let Some((rotation, shift)) = fit(&shape_m, &seen) else {
                    continue;
                };
                for (sample, place) in samples.iter_mut().zip(&seen) {
                    sample.extend(place.map(|place| rotation.inverse() * (place - shift)));
                }
            }
            for (place, sample) in shape_m.iter_mut().zip(&samples) {
                if let Some(middle) = middle(sample) {
                    *place = Some(middle);
                }
            }
        }
        Some(Self { shape_m })
    }

    /// `world_from_shape` of one frame; `None` below three visible markers.
    pub fn pose(&self, seen: &[Option<DVec3>]) -> Option<(DQuat, DVec3)> {
        let (rotation, shift) = fit(&self.shape_m, seen)?;
        let stray = |place: &Option<DVec3>, shape: &Option<DVec3>| match (place, shape) {
            (Some(place), Some(shape)) => (*place - (rotation * *shape + shift)).length(),
            _ => 0.0,
        };
        let strays: Vec<f64> = seen
            .iter()
            .zip(&self.shape_m)
            .map(|(p, s)| stray(p, s))
            .collect();
        let (worst, distance) =
            strays
                .iter()
                .copied()
                .enumerate()
                .fold(
                    (0, 0.0),
                    |best, (k, d)| if d > best.1 { (k, d) } else { best },
                );
        let visible = seen.iter().flatten().count();
        if distance > STRAY_MAX_M && visible > 3 {
            let mut fewer = seen.to_vec();
            fewer[worst] = None;
            return fit(&self.shape_m, &fewer);
        }
        Some((rotation, shift))
    }
}

fn fit(shape: &[Option<DVec3>], seen: &[Option<DVec3>]) -> Option<(DQuat, DVec3)> {
    let mut source = Vec::with_capacity(shape.len());
    let mut target = Vec::with_capacity(shape.len());
    for (shape, seen) in shape.iter().zip(seen) {
        if let (Some(shape), Some(seen)) = (shape, seen) {
            source.push(*shape);
            target.push(*seen);
        }
    }
    rigid_fit(&source, &target)
}

fn middle(points: &[DVec3]) -> Option<DVec3> {
    let axis = |axis: usize| {
        let values: Vec<f64> = points.iter().map(|place| place[axis]).collect();
        crate::spatial::median(&values)
    };
    Some(DVec3::new(axis(0)?, axis(1)?, axis(2)?))
}
