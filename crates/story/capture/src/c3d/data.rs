//! The data section: points and analog samples, frame by frame.
//!
//! Source: C3D User Guide, "The 3D/analog data section". The caller has checked that every frame of
//! the layout is inside the file.

use super::bytes::{Processor, Reader};
use super::params::Parameters;
use super::{AnalogChannel, Layout, Storage};
use glam::DVec3;
use std::collections::BTreeSet;

/// Points in the file's own unit and axes.
pub(super) struct Points {
    pub labels: Vec<String>,
    /// `frames × labels`, frame-major.
    pub values: Vec<Option<DVec3>>,
}

pub(super) fn points(
    reader: &Reader<'_>,
    layout: &Layout,
    parameters: &Parameters,
    warnings: &mut Vec<String>,
) -> Points {
    let labels = labels(layout.points, parameters, warnings);
    let mut values = Vec::new();
    let width = layout.width();
    for frame in frames(reader, layout) {
        for point in frame[..layout.points * 4 * width].chunks_exact(4 * width) {
            values.push(match layout.storage {
                Storage::Integer => integer_point(reader.processor, point, layout.scale),
                Storage::Real => real_point(reader.processor, point),
            });
        }
    }
    Points { labels, values }
}

fn frames<'a>(reader: &Reader<'a>, layout: &Layout) -> std::slice::ChunksExact<'a, u8> {
    let bytes = layout.frame_bytes();
    let end = layout.data + layout.frames * bytes;
    reader.bytes[layout.data..end].chunks_exact(bytes.max(1))
}

fn integer_point(processor: Processor, point: &[u8], scale: f64) -> Option<DVec3> {
    let word = |k: usize| {
        processor
            .u16([point[2 * k], point[2 * k + 1]])
            .cast_signed()
    };
    // Word 4: camera mask (7 bits) and residual; negative marks an invalid point.
    if word(3) < 0 {
        return None;
    }
    Some(DVec3::new(f64::from(word(0)), f64::from(word(1)), f64::from(word(2))) * scale)
}

fn real_point(processor: Processor, point: &[u8]) -> Option<DVec3> {
    let real = |k: usize| {
        let at = 4 * k;
        f64::from(processor.f32([point[at], point[at + 1], point[at + 2], point[at + 3]]))
    };
    // Fourth value: the same word as an integer, written as a float. NaN marks a lost point too.
    let residual = real(3);
    if residual.is_nan() || residual < 0.0 {
        return None;
    }
    let place = DVec3::new(real(0), real(1), real(2));
    // A kilometre in millimetres; beyond stands only damage.
    (place.is_finite() && place.abs().max_element() <= 1e6).then_some(place)
}

/// POINT:LABELS, LABELS2 …, made unique and complete.
fn labels(points: usize, parameters: &Parameters, warnings: &mut Vec<String>) -> Vec<String> {
    let mut given = parameters.texts("POINT", "LABELS");
    if given.len() < points && points > 0 {
        warnings.push(format!("{} of {points} points have a label", given.len()));
    }
    given.resize(points, String::new());
    let mut seen = BTreeSet::new();
    let mut renamed = 0;
    for (index, label) in given.iter_mut().enumerate() {
        if label.is_empty() {
            *label = format!("*{}", index + 1);
        }
        if !seen.insert(label.clone()) {
            let again = (2..)
                .map(|k| format!("{label}_{k}"))
                .find(|name| !seen.contains(name));
            *label = again.unwrap_or_default();
            seen.insert(label.clone());
            renamed += 1;
        }
    }
    if renamed > 0 {
        warnings.push(format!("{renamed} labels stood twice and were numbered"));
    }
    given
}

/// Analog channels: (raw − offset) × scale × general scale.
pub(super) fn analog(
    reader: &Reader<'_>,
    layout: &Layout,
    parameters: &Parameters,
) -> Vec<AnalogChannel> {
    let format = parameters.text("ANALOG", "FORMAT").unwrap_or_default();
    let unsigned = format.eq_ignore_ascii_case("UNSIGNED");
    let general = parameters
        .numbers("ANALOG", "GEN_SCALE")
        .first()
        .copied()
        .unwrap_or(1.0);
    let scales = parameters.numbers("ANALOG", "SCALE");
    let offsets = match unsigned {
        true => parameters.counts("ANALOG", "OFFSET"),
        false => parameters.numbers("ANALOG", "OFFSET"),
    };
    let labels = parameters.texts("ANALOG", "LABELS");
    let units = parameters.texts("ANALOG", "UNITS");
    let given = |texts: &[String], k: usize| texts.get(k).cloned().unwrap_or_default();
    let mut channels: Vec<AnalogChannel> = (0..layout.analog_channels)
        .map(|k| AnalogChannel {
            label: Some(given(&labels, k))
                .filter(|label| !label.is_empty())
                .unwrap_or_else(|| format!("analog {}", k + 1)),
            unit: given(&units, k),
            sample_rate_hz: layout.frame_rate_hz * layout.analog_per_frame as f64,
            samples: Vec::new(),
        })
        .collect();
    let width = layout.width();
    for frame in frames(reader, layout) {
        let samples = frame[layout.points * 4 * width..].chunks_exact(width);
        for (k, raw) in samples.enumerate() {
            let raw = match (layout.storage, unsigned) {
                (Storage::Real, _) => {
                    f64::from(reader.processor.f32([raw[0], raw[1], raw[2], raw[3]]))
                }
                (Storage::Integer, true) => f64::from(reader.processor.u16([raw[0], raw[1]])),
                (Storage::Integer, false) => {
                    f64::from(reader.processor.u16([raw[0], raw[1]]).cast_signed())
                }
            };
            let channel = k % layout.analog_channels;
            let offset = offsets.get(channel).copied().unwrap_or(0.0);
            let scale = scales.get(channel).copied().unwrap_or(1.0);
            channels[channel]
                .samples
                .push(((raw - offset) * scale * general) as f32);
        }
    }
    channels
}
