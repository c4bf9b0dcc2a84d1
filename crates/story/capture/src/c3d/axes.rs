//! Unit, up axis, and which points are positions at all.
//!
//! POINT:UNITS and POINT:Y_SCREEN decide when they are there; otherwise head and feet markers, then
//! the custom of the format (millimetres, Z up).

use super::data::Points;
use super::params::Parameters;
use super::{Layout, ModelOutput};
use crate::bvh::{AxisInFile, LengthUnit};
use crate::spatial::median;
use backlot_geom::MarkerTrajectories;
use glam::DVec3;
use std::collections::BTreeMap;

pub(super) struct Placed {
    pub markers: MarkerTrajectories,
    pub outputs: Vec<ModelOutput>,
    pub unit: LengthUnit,
    pub up: AxisInFile,
}

pub(super) fn place(
    points: Points,
    parameters: &Parameters,
    layout: &Layout,
    warnings: &mut Vec<String>,
) -> Placed {
    let kinds = output_kinds(parameters);
    let markers: Vec<usize> = (0..points.labels.len())
        .filter(|k| !kinds.contains_key(&points.labels[*k]))
        .collect();
    let unit = unit(&points, &markers, parameters, warnings);
    let up = up_axis(&points, &markers, parameters, warnings);
    let world_from_file = up.world_from_file();
    let columns = points.labels.len();
    let mut placed = Vec::with_capacity(layout.frames * markers.len());
    for frame in points.values.chunks_exact(columns.max(1)) {
        for column in &markers {
            placed.push(frame[*column].map(|place| world_from_file * place * unit.metres()));
        }
    }
    let outputs = (0..columns).filter_map(|column| {
        let label = &points.labels[column];
        Some(ModelOutput {
            label: label.clone(),
            kind: (*kinds.get(label)?).to_owned(),
            values: points
                .values
                .iter()
                .skip(column)
                .step_by(columns)
                .copied()
                .collect(),
        })
    });
    let outputs = outputs.collect();
    let labels = markers
        .iter()
        .map(|column| points.labels[*column].clone())
        .collect();
    let frame_rate_hz = layout.frame_rate_hz;
    let markers = MarkerTrajectories {
        labels,
        frame_rate_hz,
        point_in_world_m: placed,
    };
    Placed {
        markers,
        outputs,
        unit,
        up,
    }
}

/// Labels that POINT:ANGLES … list as outputs of a model.
fn output_kinds(parameters: &Parameters) -> BTreeMap<String, &'static str> {
    let mut kinds = BTreeMap::new();
    for kind in [
        "ANGLES",
        "FORCES",
        "MOMENTS",
        "POWERS",
        "SCALARS",
        "REACTIONS",
    ] {
        for label in parameters.texts("POINT", kind) {
            kinds.insert(label, kind);
        }
    }
    kinds
}

fn unit(
    points: &Points,
    markers: &[usize],
    parameters: &Parameters,
    warnings: &mut Vec<String>,
) -> LengthUnit {
    let text = parameters
        .text("POINT", "UNITS")
        .unwrap_or_default()
        .to_lowercase();
    match text.as_str() {
        "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" => {
            return LengthUnit::Millimetre;
        }
        "cm" | "centimeter" | "centimeters" | "centimetre" | "centimetres" => {
            return LengthUnit::Centimetre;
        }
        "m" | "meter" | "meters" | "metre" | "metres" => return LengthUnit::Metre,
        "in" | "inch" | "inches" | "\"" => return LengthUnit::Inch,
        "ft" | "foot" | "feet" => return LengthUnit::Foot,
        _ => {}
    }
    let spread = spread(points, markers);
    let unit = match spread {
        Some(spread) if spread < 4.0 => LengthUnit::Metre,
        Some(spread) if spread < 400.0 => LengthUnit::Centimetre,
        _ => LengthUnit::Millimetre,
    };
    warnings.push(format!(
        "POINT:UNITS is `{text}`; {unit:?} was assumed from the size"
    ));
    unit
}

/// Median over frames of the largest extent of the cloud, file units.
fn spread(points: &Points, markers: &[usize]) -> Option<f64> {
    let extents: Vec<f64> = sampled(points)
        .filter_map(|frame| {
            let seen = || markers.iter().filter_map(|column| frame[*column]);
            let low = seen().reduce(DVec3::min)?;
            let high = seen().reduce(DVec3::max)?;
            Some((high - low).max_element())
        })
        .filter(|extent| *extent > 0.0)
        .collect();
    median(&extents)
}

fn sampled(points: &Points) -> impl Iterator<Item = &[Option<DVec3>]> {
    let columns = points.labels.len().max(1);
    let step = (points.values.len() / columns).div_ceil(64).max(1);
    points.values.chunks_exact(columns).step_by(step)
}

fn up_axis(
    points: &Points,
    markers: &[usize],
    parameters: &Parameters,
    warnings: &mut Vec<String>,
) -> AxisInFile {
    let by_body = body_axis(points, markers);
    let screen = parameters.text("POINT", "Y_SCREEN").unwrap_or_default();
    if let Some(axis) = named_axis(&screen) {
        if by_body.is_some_and(|body| body != axis) {
            let text = "POINT:Y_SCREEN names another up axis than head over feet suggest";
            warnings.push(format!("{text}; `{screen}` was used"));
        }
        return axis;
    }
    if let Some(axis) = by_body {
        return axis;
    }
    warnings.push("the file names no up axis; Z was taken as up".to_owned());
    AxisInFile::PlusZ
}

fn named_axis(text: &str) -> Option<AxisInFile> {
    match text.trim().to_ascii_uppercase().as_str() {
        "+X" | "X" => Some(AxisInFile::PlusX),
        "-X" => Some(AxisInFile::MinusX),
        "+Y" | "Y" => Some(AxisInFile::PlusY),
        "-Y" => Some(AxisInFile::MinusY),
        "+Z" | "Z" => Some(AxisInFile::PlusZ),
        "-Z" => Some(AxisInFile::MinusZ),
        _ => None,
    }
}

/// Feet to upper body, when labels tell and the take keeps one posture.
fn body_axis(points: &Points, markers: &[usize]) -> Option<AxisInFile> {
    const HIGH: [&str; 10] = [
        "LFHD", "RFHD", "LBHD", "RBHD", "C7", "CLAV", "LSHO", "RSHO", "STRN", "HEADTOP",
    ];
    const LOW: [&str; 8] = [
        "LANK", "RANK", "LHEE", "RHEE", "LTOE", "RTOE", "LTIB", "RTIB",
    ];
    let columns = |names: &[&str]| -> Vec<usize> {
        let known = |column: &&usize| {
            let label = points.labels[**column].to_ascii_uppercase();
            let bare = label.rsplit(':').next().unwrap_or_default();
            names.contains(&bare)
        };
        markers.iter().filter(known).copied().collect()
    };
    let (high, low) = (columns(&HIGH), columns(&LOW));
    let mean = |frame: &[Option<DVec3>], columns: &[usize]| {
        let seen: Vec<DVec3> = columns.iter().filter_map(|column| frame[*column]).collect();
        (!seen.is_empty()).then(|| seen.iter().sum::<DVec3>() / seen.len() as f64)
    };
    let ways: Vec<DVec3> = sampled(points)
        .filter_map(|frame| (mean(frame, &high)? - mean(frame, &low)?).try_normalize())
        .collect();
    let way = ways.iter().sum::<DVec3>() / ways.len().max(1) as f64;
    (way.length() > 0.85).then(|| AxisInFile::nearest(way))?
}
